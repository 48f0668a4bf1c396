/* Header fields and RFC 2047 words: see mail_header.h.
 *
 * How it works: the value is unfolded once, brought to UTF-8 when it holds raw 8-bit bytes of another
 * charset, and read from left to right. An encoded word yields bytes; they wait in `pending` while words of
 * the same charset follow, so that a letter split between two words becomes whole before it is converted.
 *
 * It keeps true: linear time, no length is trusted, the result is valid UTF-8 without control characters.
 * It does not check that a word is legal: spaces inside, missing padding and words glued to text are
 * accepted, because mail programs write them. */
#include "mail_header.h"
#include "charset.h"
#include "sv_limits.h"
#include "utf8.h"
#include <string.h>

#define MAX_WORD 4096 /* bytes of one encoded word; the standard says 75 */

/* The length of a field name at p, 0 when the line is no field; *colon is set. */
static gsize name_length(const char *p, const char *end, const char **colon)
{
    const char *q = p;
    while (q < end && *q > ' ' && *q < 0x7F && *q != ':')
        q++;
    gsize n = (gsize)(q - p);
    while (q < end && (*q == ' ' || *q == '\t'))
        q++;
    *colon = q;
    return q < end && *q == ':' ? n : 0;
}

/* Does the header go on behind a line that is no field? Separator lines may stand in it, and programs that
 * fold without indent write such lines: then another field follows. */
static gboolean goes_on(const char *line, const char *next, const char *end)
{
    const char *colon;
    if ((end - line > 5 && memcmp(line, "From ", 5) == 0) ||
        (end - line > 6 && memcmp(line, ">From ", 6) == 0))
        return TRUE;
    return name_length(next, MIN(end, next + 80), &colon) > 0;
}

gboolean sv_mail_field_next(const char **at, const char *end, SvMailField *field)
{
    const char *p = *at;
    while (p < end) {
        if (*p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n')) {
            *at = p + (*p == '\r' ? 2 : 1);
            return FALSE;
        }
        const char *line = p, *colon, *eol = memchr(p, '\n', (gsize)(end - p));
        p = eol ? eol + 1 : end;
        while (p < end &&
               (*p == ' ' || *p == '\t')) { /* a line that begins with a space goes on with the field */
            const char *more = memchr(p, '\n', (gsize)(end - p));
            p = more ? more + 1 : end;
        }
        gsize n = name_length(line, eol ? eol : end, &colon);
        if (n == 0 && goes_on(line, p, end))
            continue;
        *at = n > 0 ? p : line;
        *field = (SvMailField){line, n, colon + 1, n > 0 ? (gsize)(p - colon - 1) : 0};
        return n > 0;
    }
    *at = end;
    return FALSE;
}

gboolean sv_mail_field_is(const SvMailField *field, const char *name)
{
    return strlen(name) == field->name_len && g_ascii_strncasecmp(field->name, name, field->name_len) == 0;
}

typedef struct {
    const char *charset, *text;
    gsize charset_len, text_len;
    char encoding; /* 'B' or 'Q' */
} Word;

/* The end of the text of a Q word: "?=" may also stand for a "?" before "=D0". */
static const char *word_end(const char *p, const char *stop, gboolean q)
{
    const char *found = NULL;
    for (; p + 1 < stop; p++) {
        if (*p == '=' && p[1] == '?' && (found || (p + 2 < stop && p[2] != '=')))
            break; /* the next word begins */
        if (*p != '?' || p[1] != '=')
            continue;
        if (!q || p + 3 >= stop || !g_ascii_isxdigit(p[2]) || !g_ascii_isxdigit(p[3]))
            return p;
        if (!found)
            found = p;
    }
    return found;
}

/* Reads an encoded word at p; the byte behind it, or NULL when there is none. */
static const char *take_word(const char *p, const char *end, Word *word)
{
    if (end - p < 8 || p[0] != '=' || p[1] != '?')
        return NULL;
    const char *stop = end - p > MAX_WORD ? p + MAX_WORD : end, *c = p + 2;
    while (c < stop && (g_ascii_isalnum(*c) || (*c && strchr("-_.:+()*", *c))))
        c++;
    if (c >= stop || *c != '?' || c == p + 2 || stop - c < 4 || c[2] != '?')
        return NULL;
    word->charset = p + 2;
    word->charset_len = (gsize)(c - word->charset);
    const char *language = memchr(word->charset, '*', word->charset_len);
    if (language)
        word->charset_len = (gsize)(language - word->charset);
    word->encoding = g_ascii_toupper(c[1]);
    if (word->encoding != 'B' && word->encoding != 'Q')
        return NULL;
    word->text = c + 3;
    const char *close = word_end(word->text, stop, word->encoding == 'Q');
    if (!close)
        return NULL;
    word->text_len = (gsize)(close - word->text);
    return close + 2;
}

static void decode_q(const Word *word, GString *out)
{
    const char *p = word->text, *end = p + word->text_len;
    gsize n = out->len;
    g_string_set_size(out, n + word->text_len);
    for (; p < end; p++) {
        if (*p == '=' && end - p > 2 && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
            out->str[n++] = (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]));
            p += 2;
        } else {
            out->str[n++] = *p == '_' ? ' ' : *p;
        }
    }
    g_string_truncate(out, n);
}

static void decode_b(const Word *word, GString *out)
{
    guint32 bits = 0;
    int n = 0;
    gsize to = out->len;
    g_string_set_size(out, to + word->text_len);
    for (gsize i = 0; i < word->text_len; i++) {
        char c = word->text[i];
        int v = c >= 'A' && c <= 'Z' ? c - 'A'
            : c >= 'a' && c <= 'z' ? c - 'a' + 26
            : c >= '0' && c <= '9' ? c - '0' + 52
            : c == '+' || c == '-' ? 62
            : c == '/' || c == '_' ? 63
            : -1;
        if (c == '=') /* padding inside: two streams were glued */
            n = 0;
        if (v < 0)
            continue;
        bits = bits << 6 | (guint32)v;
        n += 6;
        if (n >= 8) {
            n -= 8;
            out->str[to++] = (char)(bits >> n & 0xFF);
        }
    }
    g_string_truncate(out, to);
}

typedef struct {
    GString *out, *pending;
    char charset[64];
} Decoder;

static void flush(Decoder *d)
{
    if (d->pending->len == 0)
        return;
    g_autofree char *text = sv_charset_to_utf8(d->pending->str, d->pending->len, d->charset);
    g_string_append(d->out, text);
    g_string_truncate(d->pending, 0);
}

static void add_word(Decoder *d, const Word *word)
{
    char name[64];
    gsize n = MIN(word->charset_len, sizeof name - 1);
    memcpy(name, word->charset, n);
    name[n] = 0;
    if (g_ascii_strcasecmp(name, d->charset) != 0) {
        flush(d);
        g_strlcpy(d->charset, name, sizeof d->charset);
    }
    if (word->encoding == 'B')
        decode_b(word, d->pending);
    else
        decode_q(word, d->pending);
}

/* Control characters go, tabs become spaces, ends are trimmed; in place. */
static char *tidy(GString *s)
{
    char *from = s->str, *to = s->str, *end = s->str + s->len;
    while (from < end) {
        guchar c = (guchar)*from;
        if (c == '\t' || c == '\n' || c == '\r') {
            *to++ = ' ';
            from++;
        } else if (c < 0x20 || c == 0x7F) {
            from++;
        } else if (c == 0xC2 && (guchar)from[1] < 0xA0) {
            from += 2;
        } else {
            *to++ = *from++;
        }
    }
    *to = 0;
    return g_strstrip(g_string_free(s, FALSE));
}

/* Line ends with the space behind them become one space. */
static GString *unfold(const char *raw, gsize len)
{
    GString *s = g_string_sized_new(len + 1);
    const char *p = raw, *end = raw + len;
    while (p < end) {
        const char *eol = memchr(p, '\n', (gsize)(end - p));
        const char *stop = eol ? eol : end;
        const char *cut = stop > p && stop[-1] == '\r' ? stop - 1 : stop;
        while (p < cut) { /* a NUL is no text in any charset */
            const char *nul = memchr(p, 0, (gsize)(cut - p)), *to = nul ? nul : cut;
            g_string_append_len(s, p, to - p);
            p = to + 1;
        }
        p = eol ? eol + 1 : end;
        if (eol && p < end && (*p == ' ' || *p == '\t')) {
            g_string_append_c(s, ' ');
            while (p < end && (*p == ' ' || *p == '\t'))
                p++;
        }
    }
    return s;
}

/* The value between spaces, where it is printable ASCII of one line with nothing encoded; NULL where it is
 * not. */
static char *plain_value(const char *raw, gsize len)
{
    for (; len > 0 && g_ascii_isspace(*raw); len--)
        raw++;
    while (len > 0 && g_ascii_isspace(raw[len - 1]))
        len--;
    for (gsize i = 0; i < len; i++)
        if ((guchar)raw[i] < ' ' || (guchar)raw[i] >= 0x7F || (raw[i] == '=' && i + 1 < len && raw[i + 1] == '?'))
            return NULL;
    return g_strndup(raw, len);
}

char *sv_mail_header_decode(const char *raw, gsize len)
{
    char *plain = len <= SV_MAX_HEADERS ? plain_value(raw, len) : NULL;
    if (plain)
        return plain;
    g_autoptr(GString) line = unfold(raw, MIN(len, SV_MAX_HEADERS));
    g_autofree char *utf8 = sv_utf8_valid_to(line->str, line->str + line->len) == line->str + line->len
        ? NULL : sv_charset_to_utf8(line->str, line->len, NULL);
    const char *p = utf8 ? utf8 : line->str, *end = p + (utf8 ? strlen(utf8) : line->len);
    g_autoptr(GString) pending = g_string_new(NULL);
    Decoder d = {g_string_sized_new(line->len + 1), pending, ""};
    if (!g_strstr_len(p, end - p, "=?")) { /* nothing is encoded: most values */
        g_string_append_len(d.out, p, end - p);
        p = end;
    }
    while (p < end) {
        const char *from = p;
        while (p < end && *p == ' ')
            p++;
        Word word;
        const char *next = p < end ? take_word(p, end, &word) : NULL;
        if (next) { /* space between two words belongs to their folding */
            if (pending->len == 0)
                g_string_append_len(d.out, from, p - from);
            add_word(&d, &word);
            p = next;
            continue;
        }
        flush(&d);
        if (p < end)
            p++;
        while (p < end && *p != ' ' && *p != '=')
            p++;
        g_string_append_len(d.out, from, p - from);
    }
    flush(&d);
    return tidy(d.out);
}
