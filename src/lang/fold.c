/* Folding without an allocation: see fold.h.
 *
 * ASCII and the two-byte Cyrillic of Russian are folded by arithmetic, everything else asks GLib. */
#include "fold.h"
#include <string.h>
#include "utf8.h"

/* Lower case of U+0400…U+045F with ё→е. */
static gunichar fold_russian(gunichar c)
{
    if (c >= 0x430)
        return c == 0x451 ? 0x435 : c;
    if (c >= 0x410)
        return c + 0x20;
    return c == 0x401 ? 0x435 : c + 0x50;
}

static gunichar fold_one(gunichar c)
{
    if (c < 0x80)
        return (gunichar)g_ascii_tolower((gchar)c);
    if (c >= 0x400 && c < 0x460)
        return fold_russian(c);
    if (c == 0x2019 || c == 0x2BC)
        return '\'';
    return g_unichar_tolower(c);
}

/* Is it one of а…я? */
static inline gboolean is_small(const char *p)
{
    guchar a = (guchar)p[0], b = (guchar)p[1];
    return (a == 0xD0 && b >= 0xB0 && b < 0xC0) || (a == 0xD1 && b >= 0x80 && b < 0x90);
}

gsize sv_fold_into(const char *text, gsize len, char *buf, gsize size)
{
    const char *p = text, *end = text + len;
    gsize o = 0;
    while (p < end) {
        guint n;
        if (end - p > 1 && o + 7 <= size && is_small(p)) { /* nearly all there is */
            memcpy(buf + o, p, 2);
            p += 2;
            o += 2;
            continue;
        }
        gunichar c = sv_utf8_get(p, end, &n);
        p += n;
        if (c == 0x301 || c == 0xAD)
            continue;
        if (o + 7 > size)
            return 0;
        o += sv_utf8_put(fold_one(c), buf + o);
    }
    if (o >= size)
        return 0;
    buf[o] = 0;
    return o;
}

gboolean sv_starts_upper(const char *text, gsize len)
{
    if (len == 0)
        return FALSE;
    guint n;
    gunichar c = sv_utf8_get(text, text + len, &n);
    if (c < 0x80)
        return g_ascii_isupper((gchar)c);
    return c >= 0x400 && c < 0x460 ? c < 0x430 : g_unichar_isupper(c);
}

gboolean sv_starts_lower(const char *text, gsize len)
{
    if (len == 0)
        return FALSE;
    guint n;
    gunichar c = sv_utf8_get(text, text + len, &n);
    if (c < 0x80)
        return g_ascii_islower((gchar)c);
    return c >= 0x400 && c < 0x460 ? c >= 0x430 : g_unichar_islower(c);
}
