/* UTF-8 helpers that language code and parsers share. */
#pragma once
#include <glib.h>

/* A newly allocated valid copy: ill-formed bytes and NUL become U+FFFD, CRLF and CR become LF. */
char *sv_utf8_clean(const char *text, gsize len);

/* Lower case with ё→е for Russian, Kazakh and Latin letters, byte length kept or shrunk never grown; newly
 * allocated. Other characters stay. The common key for comparing words. */
char *sv_utf8_fold(const char *text, gssize len);

/* The code point at p (p < end) and its length in bytes; an ill-formed byte counts as one U+FFFD. */
gunichar sv_utf8_get(const char *p, const char *end, guint *n_bytes);

/* Is it a letter or digit (any script)? */
gboolean sv_utf8_is_word(gunichar c);

/* Moves `at` back to the start of the character it stands in. */
gsize sv_utf8_floor(const char *text, gsize at);

/* Does it hold Cyrillic letters? */
gboolean sv_utf8_has_cyrillic(const char *text, gsize len);
