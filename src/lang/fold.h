/* The folded key of a word in a buffer of the caller. */
#pragma once
#include <glib.h>

/* What sv_utf8_fold makes of text, NUL-terminated in buf; its length, or 0 when it does not fit. Stress
 * accents and soft hyphens are left out, typographic apostrophes become '. */
gsize sv_fold_into(const char *text, gsize len, char *buf, gsize size);
/* Is the letter at the start of the text a capital one? Lower-case? Digits and marks are neither. */
gboolean sv_starts_upper(const char *text, gsize len);
gboolean sv_starts_lower(const char *text, gsize len);
