/* Words by which messages are found: lemmas of masked text. Query and index are cut by the same rule. */
#pragma once
#include "message.h"
#include "morph.h"

typedef struct SvWords SvWords;
/* Opens the morphology (morph.bin) of the data folder. SV_ERROR_SETUP when it is missing or damaged. */
SvWords *sv_words_open(const char *data_dir, GError **error);
/* The same over a morphology that is open already; borrowed. */
SvWords *sv_words_new(const SvMorph *morph);
void sv_words_free(SvWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWords, sv_words_free)
/* All below are safe from many threads. */

/* The lemmas of a text (char *), in order of first appearance, each once. Of a query: give these to
 * sv_messages_search. */
GPtrArray *sv_words_read(const SvWords *words, const char *text, gsize len);
/* The terms of lemmas parted by spaces, by which the index holds them. */
GPtrArray *sv_words_cut(const char *lemmas);
/* What the message is found by, "lemma lemma …": subject, own text, passed-on text, deal. Masked first; "" when
 * the message is privileged. Newly allocated. */
char *sv_words_of_message(const SvWords *words, const SvMessage *message);
