/* Parameters of Content-Type and Content-Disposition values: see mail_header.h.
 *
 * How it works: the value is read once into a list of pieces (section number, text, "percent-encoded" mark);
 * the pieces of one name are joined in the order of their numbers, decoded as RFC 2231 when marked, and what
 * is left of RFC 2047 in the result is decoded then. A marked value is preferred to a plain one.
 *
 * It keeps true: at most MAX_PIECES pieces, linear time. It does not split paths: see letter_body.c. */
#include "mail_header.h"
#include "charset.h"
#include "sv_limits.h"
#include <string.h>

#define MAX_PIECES 200u

typedef struct {
    int section; /* -1: the name stood alone */
    gboolean encoded;
    char *text;
    gsize len;
} Piece;

static void piece_clear(gpointer data)
{
    g_free(((Piece *)data)->text);
}

/* A quoted string or a token; moves on behind it. */
static GString *take_value(const char **at, const char *end)
{
    const char *p = *at;
    GString *s = g_string_new(NULL);
    if (p < end && *p == '"') {
        for (p++; p < end && *p != '"'; p++) {
            /* A backslash before a letter is a Windows path, not an escape. */
            if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
                p++;
            if (*p != '\r' && *p != '\n')
                g_string_append_c(s, *p);
        }
        p += p < end;
    }
    for (; p < end && *p != ';'; p++)
        if (*p != '\r' && *p != '\n')
            g_string_append_c(s, *p);
    while (s->len > 0 && g_ascii_isspace(s->str[s->len - 1]))
        g_string_truncate(s, s->len - 1);
    *at = p;
    return s;
}

/* "filename*1*" against "filename": fills section and mark. */
static gboolean name_matches(const char *p, gsize len, const char *name, Piece *piece)
{
    gsize n = strlen(name);
    piece->section = -1;
    piece->encoded = FALSE;
    if (len < n || g_ascii_strncasecmp(p, name, n) != 0)
        return FALSE;
    p += n;
    len -= n;
    if (len > 1 && *p == '*' && g_ascii_isdigit(p[1])) {
        piece->section = 0;
        for (p++, len--; len > 0 && g_ascii_isdigit(*p); p++, len--)
            piece->section = MIN(piece->section * 10 + (*p - '0'), 100000);
    }
    if (len > 0 && *p == '*') {
        piece->encoded = TRUE;
        len--;
    }
    return len == 0;
}

static int by_section(gconstpointer a, gconstpointer b)
{
    return ((const Piece *)a)->section - ((const Piece *)b)->section;
}

static GArray *collect(const char *raw, gsize len, const char *name)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    g_array_set_clear_func(pieces, piece_clear);
    const char *p = raw, *end = raw + len;
    while (p < end && *p != ';')
        p++;
    while (p < end && pieces->len < MAX_PIECES) {
        while (p < end && (*p == ';' || g_ascii_isspace(*p)))
            p++;
        const char *from = p;
        while (p < end && *p != '=' && *p != ';')
            p++;
        const char *to = p;
        while (to > from && g_ascii_isspace(to[-1]))
            to--;
        if (p >= end || *p != '=')
            continue;
        p++;
        while (p < end && g_ascii_isspace(*p))
            p++;
        GString *value = take_value(&p, end);
        Piece piece;
        if (!name_matches(from, (gsize)(to - from), name, &piece)) {
            g_string_free(value, TRUE);
            continue;
        }
        piece.len = value->len;
        piece.text = g_string_free(value, FALSE);
        g_array_append_val(pieces, piece);
    }
    return pieces;
}

static gsize unescape(const char *from, gsize len, GString *out)
{
    gsize n = 0;
    for (gsize i = 0; i < len; i++) {
        if (from[i] == '%' && i + 2 < len && g_ascii_isxdigit(from[i + 1]) && g_ascii_isxdigit(from[i + 2])) {
            g_string_append_c(
                out, (char)(g_ascii_xdigit_value(from[i + 1]) << 4 | g_ascii_xdigit_value(from[i + 2])));
            i += 2;
            n++;
        } else {
            g_string_append_c(out, from[i]);
        }
    }
    return n;
}

/* The joined bytes of marked or numbered pieces; `charset` gets the name before the first apostrophe. */
static GString *join(const GArray *pieces, gboolean encoded_only, char charset[64])
{
    GString *bytes = g_string_new(NULL);
    gboolean first = TRUE;
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        if (piece->section < 0 && encoded_only && !piece->encoded)
            continue;
        const char *text = piece->text;
        gsize len = piece->len;
        const char *one = first && piece->encoded ? memchr(text, '\'', len) : NULL;
        const char *two = one ? memchr(one + 1, '\'', len - (gsize)(one + 1 - text)) : NULL;
        if (two && one - text < 63) {
            memcpy(charset, text, (gsize)(one - text));
            charset[one - text] = 0;
            len -= (gsize)(two + 1 - text);
            text = two + 1;
        }
        first = FALSE;
        if (piece->encoded)
            unescape(text, len, bytes);
        else
            g_string_append_len(bytes, text, (gssize)len);
        if (piece->section < 0)
            break;
    }
    return bytes;
}

char *sv_mail_header_param(const char *raw, gsize len, const char *name)
{
    g_autoptr(GArray) pieces = collect(raw, MIN(len, SV_MAX_HEADERS), name);
    if (pieces->len == 0)
        return NULL;
    gboolean marked = FALSE;
    for (guint i = 0; i < pieces->len; i++)
        marked |= g_array_index(pieces, Piece, i).encoded || g_array_index(pieces, Piece, i).section >= 0;
    g_array_sort(pieces, by_section);
    char charset[64] = "";
    g_autoptr(GString) bytes = join(pieces, marked, charset);
    if (*charset) {
        g_autofree char *text = sv_charset_to_utf8(bytes->str, bytes->len, charset);
        return sv_mail_header_decode(text, strlen(text));
    }
    if (!marked && strstr(bytes->str, "%D") && !strchr(bytes->str, ' ')) {
        /* Web programs send a name as it stands in an address. */
        g_autoptr(GString) plain = g_string_new(NULL);
        if (unescape(bytes->str, bytes->len, plain) > 1 && g_utf8_validate_len(plain->str, plain->len, NULL))
            return sv_mail_header_decode(plain->str, plain->len);
    }
    return sv_mail_header_decode(bytes->str, bytes->len);
}

char *sv_mail_header_token(const char *raw, gsize len)
{
    const char *stop = memchr(raw, ';', len), *end = stop ? stop : raw + len;
    GString *s = g_string_new(NULL);
    for (const char *p = raw; p < end && s->len < 200; p++)
        if ((guchar)*p > ' ' && (guchar)*p < 0x7F)
            g_string_append_c(s, g_ascii_tolower(*p));
    return g_string_free(s, FALSE);
}
