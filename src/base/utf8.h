/* UTF-8 helpers that language code and parsers share. */
#pragma once
#include <glib.h>
#include <string.h>

/* A newly allocated valid copy: ill-formed bytes and NUL become U+FFFD, CRLF and CR become LF. */
char *sv_utf8_clean(const char *text, gsize len);

/* Lower case with ё→е for Russian, Kazakh and Latin letters, byte length kept or shrunk never grown; newly
 * allocated. Other characters stay. The common key for comparing words. */
char *sv_utf8_fold(const char *text, gssize len);

/* The same as sv_utf8_get, for what that does not know at once. */
gunichar sv_utf8_get_rare(const char *p, const char *end, guint *n_bytes);

/* The code point at p (p < end) and its length in bytes; an ill-formed byte counts as one U+FFFD. */
static inline gunichar sv_utf8_get(const char *p, const char *end, guint *n_bytes)
{
    guchar c = (guchar)*p;
    if (c < 0x80) {
        *n_bytes = 1;
        return c;
    }
    if (c >= 0xC2 && c < 0xE0 && end - p > 1 && ((guchar)p[1] & 0xC0) == 0x80) {
        *n_bytes = 2;
        return (gunichar)(c & 0x1F) << 6 | ((guchar)p[1] & 0x3F);
    }
    return sv_utf8_get_rare(p, end, n_bytes);
}

/* Do four small Russian letters (а … я) stand in the eight bytes at p? Most words of most texts are made of
 * them, and they can be passed over or copied at once. */
static inline gboolean sv_utf8_small_four(const char *p)
{
    guint64 eight;
    memcpy(&eight, p, 8);
    eight = GUINT64_FROM_LE(eight);
    /* D0 B0 … D0 BF and D1 80 … D1 8F: a lead byte of D1 is worth 30 in the high half of what follows */
    return (eight & 0xF0FEF0FEF0FEF0FEu) + (eight & 0x0001000100010001u) * 0x3000u == 0xB0D0B0D0B0D0B0D0u;
}

/* Writes a code point; returns how many bytes (at most six, as g_unichar_to_utf8). */
static inline guint sv_utf8_put(gunichar c, char *out)
{
    if (c < 0x80) {
        *out = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    return (guint)g_unichar_to_utf8(c, out);
}

/* The first byte from p on that is NUL or no well-formed UTF-8; `end` when there is none. */
const char *sv_utf8_valid_to(const char *p, const char *end);

/* Is it a letter or digit (any script)? */
gboolean sv_utf8_is_word(gunichar c);

/* Moves `at` back to the start of the character it stands in. */
gsize sv_utf8_floor(const char *text, gsize at);

/* Does it hold Cyrillic letters? */
gboolean sv_utf8_has_cyrillic(const char *text, gsize len);
