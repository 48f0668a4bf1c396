/* Text of unknown or declared charset to UTF-8. */
#pragma once
#include <glib.h>

/* Converts from `charset` (aliases such as "cp1251", "x-cp1251", "koi8-r", "cp866", "unicode-1-1-utf-8"
 * known); what cannot be converted becomes U+FFFD. A wrong or missing charset is guessed. Newly allocated. */
char *sv_charset_to_utf8(const char *bytes, gsize len, const char *charset);
/* UTF-8 (with or without BOM), UTF-16 LE/BE, windows-1251, KOI8-R, CP866 by BOM, validity and letter
 * statistics. A static string. */
const char *sv_charset_guess(const char *bytes, gsize len);
