/* Names and values: parameters of a query, fields of an urlencoded form, cookies.
 *
 * The text is copied once, cut and decoded in place; names and values point into the copy. The number of
 * pairs is bounded (SV_HTTP_PAIRS), what lies beyond is marked as bad and left out, as is what is no UTF-8
 * once decoded. No list is made for an empty text. Cookies are not decoded: their makers choose an encoding.
 */
#include "http_parts.h"
#include "utf8.h"

gsize sv_percent_decode(char *text, gsize len, gboolean plus)
{
    char *out = text;
    for (gsize i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%' && len - i > 2 && g_ascii_isxdigit(text[i + 1]) && g_ascii_isxdigit(text[i + 2])) {
            c = (char)(g_ascii_xdigit_value(text[i + 1]) << 4 | g_ascii_xdigit_value(text[i + 2]));
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        *out++ = c;
    }
    return (gsize)(out - text);
}

static void start(SvPairs *pairs, const char *text, gsize len)
{
    sv_pairs_clear(pairs);
    pairs->text = g_malloc(len + 1);
    memcpy(pairs->text, text, len);
    pairs->text[len] = '\0';
    pairs->list = g_array_new(FALSE, FALSE, sizeof(SvPair));
}

static gboolean add(SvPairs *pairs, const char *name, const char *value)
{
    if (pairs->list->len >= SV_HTTP_PAIRS) {
        pairs->bad = TRUE;
        return FALSE;
    }
    SvPair pair = {name, value};
    g_array_append_val(pairs->list, pair);
    return TRUE;
}

/* Decodes from…to, which a NUL may be put behind; FALSE when it is no text. */
static gboolean decode(char *from, char *to)
{
    gsize len = sv_percent_decode(from, (gsize)(to - from), TRUE);
    from[len] = '\0';
    return sv_utf8_valid_to(from, from + len) == from + len;
}

void sv_pairs_parse_query(SvPairs *pairs, const char *text, gsize len)
{
    if (len == 0) {
        sv_pairs_clear(pairs);
        return;
    }
    start(pairs, text, len);
    char *end = pairs->text + len;
    for (char *at = pairs->text; at < end;) {
        char *stop = memchr(at, '&', (gsize)(end - at));
        if (!stop)
            stop = end;
        char *equals = memchr(at, '=', (gsize)(stop - at));
        char *name_end = equals ? equals : stop;
        char *value = equals ? equals + 1 : stop;
        if (stop > at) {
            gboolean good = decode(value, stop);
            good = decode(at, name_end) && good;
            if (!good)
                pairs->bad = TRUE;
            else if (!add(pairs, at, value))
                return;
        }
        at = stop + 1;
    }
}

void sv_pairs_parse_cookies(SvPairs *pairs, const char *header)
{
    gsize len = strlen(header);
    start(pairs, header, len);
    char *end = pairs->text + len;
    for (char *at = pairs->text; at < end;) {
        char *stop = memchr(at, ';', (gsize)(end - at));
        if (!stop)
            stop = end;
        *stop = '\0';
        char *equals = memchr(at, '=', (gsize)(stop - at));
        if (equals) {
            *equals = '\0';
            char *name = g_strstrip(at), *value = g_strstrip(equals + 1);
            gsize n = strlen(value);
            if (n > 1 && value[0] == '"' && value[n - 1] == '"') {
                value[n - 1] = '\0';
                value++;
            }
            if (!g_utf8_validate(name, -1, NULL) || !g_utf8_validate(value, -1, NULL))
                pairs->bad = TRUE;
            else if (*name && !add(pairs, name, value))
                return;
        }
        at = stop + 1;
    }
}

const char *sv_pairs_find(const SvPairs *pairs, const char *name)
{
    for (guint i = 0; pairs->list && i < pairs->list->len; i++) {
        const SvPair *pair = &g_array_index(pairs->list, SvPair, i);
        if (strcmp(pair->name, name) == 0)
            return pair->value;
    }
    return NULL;
}

void sv_pairs_clear(SvPairs *pairs)
{
    if (pairs->list)
        g_array_unref(pairs->list);
    g_free(pairs->text);
    *pairs = (SvPairs){0};
}
