/* UTF-8 helpers: see utf8.h. */
#include "utf8.h"
#include <string.h>

gunichar sv_utf8_get_rare(const char *p, const char *end, guint *n_bytes)
{
    gunichar u = g_utf8_get_char_validated(p, end - p);
    if (u == (gunichar)-1 || u == (gunichar)-2) {
        *n_bytes = 1;
        return 0xFFFD;
    }
    *n_bytes = (guint)g_utf8_skip[(guchar)*p];
    return u;
}

const char *sv_utf8_valid_to(const char *p, const char *end)
{
    static const guchar pair_bytes[8] = {0xD0, 0x80, 0xD0, 0x80, 0xD0, 0x80, 0xD0, 0x80},
                        mask_bytes[8] = {0xFE, 0xC0, 0xFE, 0xC0, 0xFE, 0xC0, 0xFE, 0xC0};
    guint64 pair, pair_mask;
    memcpy(&pair, pair_bytes, 8);
    memcpy(&pair_mask, mask_bytes, 8);
    while (p < end) {
        guint64 eight;
        while (end - p >= 8) {
            memcpy(&eight, p, 8);
            /* all ASCII, none of them NUL */
            if ((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u)
                break;
            p += 8;
        }
        /* words of Russian: letters of two bytes each, four at once where there are as many */
        while (end - p >= 8) {
            memcpy(&eight, p, 8);
            if ((eight & pair_mask) != pair)
                break;
            p += 8;
        }
        while (end - p >= 2 && ((guchar)*p == 0xD0 || (guchar)*p == 0xD1) && ((guchar)p[1] & 0xC0) == 0x80)
            p += 2;
        if (p >= end)
            break;
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        if (c == 0 || (c == 0xFFFD && n == 1))
            break;
        p += n;
    }
    return p;
}

char *sv_utf8_clean(const char *text, gsize len)
{
    if (!memchr(text, '\r', len) && sv_utf8_valid_to(text, text + len) == text + len) {
        char *copy = g_malloc(len + 1); /* nearly every text is clean */
        memcpy(copy, text, len);
        copy[len] = 0;
        return copy;
    }
    GString *s = g_string_sized_new(len + 1);
    const char *p = text, *end = text + len;
    while (p < end) {
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        if (c == '\r') {
            if (p + 1 >= end || p[1] != '\n')
                g_string_append_c(s, '\n');
        } else if (c == 0 || c == 0xFFFD) {
            g_string_append(s, "\xEF\xBF\xBD");
        } else {
            g_string_append_len(s, p, n);
        }
        p += n;
    }
    return g_string_free(s, FALSE);
}

char *sv_utf8_fold(const char *text, gssize len)
{
    gsize n = len < 0 ? strlen(text) : (gsize)len;
    char *out = g_malloc(n + 1), *o = out;
    const char *p = text, *end = text + n;
    while (p < end) {
        guchar c = (guchar)*p;
        if (c < 0x80) {
            *o++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            p++;
            continue;
        }
        if (end - p >= 8 && sv_utf8_small_four(p)) {
            memcpy(o, p, 8);
            o += 8;
            p += 8;
            continue;
        }
        guint k;
        gunichar u = sv_utf8_get(p, end, &k);
        if (u >= 0x410 && u <= 0x44F) { /* nearly every letter that is not ASCII */
            o += sv_utf8_put(u < 0x430 ? u + 0x20 : u, o);
        } else if (u == 0xFFFD) {
            memcpy(o, p, k);
            o += k;
        } else {
            gunichar l = u == 0x401 || u == 0x451 ? 0x435 : g_unichar_tolower(u);
            char buf[6];
            gint m = g_unichar_to_utf8(l, buf);
            if ((guint)m > k) { /* would grow: keep as it is */
                memcpy(buf, p, k);
                m = (gint)k;
            }
            memcpy(o, buf, (gsize)m);
            o += m;
        }
        p += k;
    }
    *o = 0;
    return out;
}

gboolean sv_utf8_is_word(gunichar c)
{
    return c < 0x80 ? g_ascii_isalnum((gchar)c) : g_unichar_isalnum(c);
}

gsize sv_utf8_floor(const char *text, gsize at)
{
    while (at > 0 && ((guchar)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

gboolean sv_utf8_has_cyrillic(const char *text, gsize len)
{
    for (gsize i = 0; i + 1 < len; i++)
        if ((guchar)text[i] >= 0xD0 && (guchar)text[i] <= 0xD3)
            return TRUE;
    return FALSE;
}
