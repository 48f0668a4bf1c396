/* Tables of phrases (data/message/): found whole, at the start of a text or at any word of it, in one
 * pass. */
#pragma once
#include <glib.h>

typedef struct SvPhrases SvPhrases;

/* The phrases of a table; `classes` (NULL at the end) gives each class its number. Never freed: call once. */
const SvPhrases *sv_phrases_load(const char *file, const char *const *classes);

/* Appends the text in the form in which phrases are compared: lower case, ё as е, every dash a hyphen, every
 * space a space, invisible characters dropped. */
void sv_phrases_fold(const char *text, gsize len, GString *out);

/* All below take folded text and a set of classes (1 << class) and return the class of the longest phrase
 * found, -1 when there is none. */
int sv_phrases_whole(const SvPhrases *phrases, guint classes, const char *text, gsize len);
/* At the start; *matched (may be NULL) is the length of the phrase. */
int sv_phrases_start(const SvPhrases *phrases, guint classes, const char *text, gsize len, gsize *matched);
/* At the start of any word; *at (may be NULL) is where it stands. */
int sv_phrases_any(const SvPhrases *phrases, guint classes, const char *text, gsize len, gsize *at);
/* The classes (1 << class) of all phrases that stand at the start of any word: many questions in one pass. */
guint sv_phrases_which(const SvPhrases *phrases, guint classes, const char *text, gsize len);
