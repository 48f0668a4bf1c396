/* Words, numbers, codes and marks of a text: see sentence.h.
 *
 * A hand scan: every byte is looked at once or twice. Keeps true: tokens are in order, do not overlap, are
 * not empty, and together with the spaces between them cover from…to. */
#include "sentence.h"
#include <string.h>
#include "sentence_parts.h"
#include "utf8.h"

typedef enum { CH_SPACE, CH_LATIN, CH_CYRILLIC, CH_DIGIT, CH_MARK } CharKind;

static CharKind rare_kind_at(const char *text, gsize at, gsize to, gsize *n)
{
    gsize space = sv_space_len(text + at, to - at);
    if (space) {
        *n = space;
        return CH_SPACE;
    }
    guint k;
    gunichar u = sv_utf8_get(text + at, text + to, &k);
    *n = k;
    if (u == 0x301 || u == 0xAD)
        return CH_CYRILLIC; /* a stress mark or a soft hyphen inside a word */
    if (g_unichar_isspace(u))
        return CH_SPACE;
    return g_unichar_isalpha(u) ? CH_LATIN : CH_MARK;
}

static inline CharKind kind_at(const char *text, gsize at, gsize to, gsize *n)
{
    guchar c = (guchar)text[at];
    *n = 1;
    if (c < 0x80) {
        if (g_ascii_isalpha((gchar)c))
            return CH_LATIN;
        if (g_ascii_isdigit((gchar)c))
            return CH_DIGIT;
        return g_ascii_isspace((gchar)c) ? CH_SPACE : CH_MARK;
    }
    if (c >= 0xD0 && c <= 0xD3 && at + 1 < to && ((guchar)text[at + 1] & 0xC0) == 0x80) {
        *n = 2;
        return CH_CYRILLIC;
    }
    return rare_kind_at(text, at, to, n);
}

static gboolean is_wordly(CharKind k)
{
    return k == CH_LATIN || k == CH_CYRILLIC || k == CH_DIGIT;
}

typedef struct {
    gsize end;
    guint letters_after_digits;
    gboolean cyrillic, latin, digit, hyphen, first_digit;
} Run;

/* Bytes of the mark that may join two parts of a word: hyphen, apostrophe; 0 when there is none. */
static gsize joiner_len(const char *text, gsize at, gsize to)
{
    if (text[at] == '-' || text[at] == '\'')
        return 1;
    if (to - at >= 3 && (memcmp(text + at, "’", 3) == 0 || memcmp(text + at, "‑", 3) == 0))
        return 3;
    return 0;
}

static Run read_run(const char *text, gsize from, gsize to)
{
    Run r = {.end = from};
    gsize n;
    while (r.end < to) {
        CharKind k = kind_at(text, r.end, to, &n);
        if (k == CH_CYRILLIC) { /* what most characters are */
            r.cyrillic = TRUE;
            r.letters_after_digits++;
            r.end += n;
            continue;
        }
        if (is_wordly(k)) {
            r.first_digit |= r.end == from && k == CH_DIGIT;
            r.latin |= k == CH_LATIN;
            r.digit |= k == CH_DIGIT;
            r.letters_after_digits = k == CH_DIGIT ? 0 : r.letters_after_digits + 1;
            r.end += n;
            continue;
        }
        gsize joiner = r.end > from ? joiner_len(text, r.end, to) : 0;
        if (!joiner || r.end + joiner >= to)
            break;
        CharKind next = kind_at(text, r.end + joiner, to, &n);
        gboolean only_digits = r.first_digit && !r.cyrillic && !r.latin;
        if (!is_wordly(next) || (only_digits && next == CH_DIGIT)) /* 10-15 is a range */
            break;
        r.hyphen = TRUE;
        r.end += joiner;
    }
    return r;
}

/* 12.12.2025, 6,6, 10:30 */
static gsize extend_number(const char *text, gsize end, gsize to)
{
    while (end + 1 < to && strchr(".,:", text[end]) && text[end] && g_ascii_isdigit(text[end + 1])) {
        end++;
        while (end < to && g_ascii_isdigit(text[end]))
            end++;
    }
    return end;
}

/* Past an address, path or file name that goes on after the run; `end` itself when none does. */
static gsize extend_code(const char *text, gsize end, gsize to)
{
    gboolean code =
        to - end > 2 && (text[end] == '@' || text[end] == '_' || memcmp(text + end, "://", 3) == 0);
    if (!code && (end + 1 >= to || text[end] != '.' || !g_ascii_isalnum(text[end + 1])))
        return end;
    gsize at = end, n;
    while (at < to) {
        CharKind k = kind_at(text, at, to, &n);
        if (k == CH_SPACE || (k == CH_MARK && !strchr(".@/_:-?=&%#+~", text[at])))
            break;
        at += n;
    }
    while (at > end && strchr(".:-?&", text[at - 1]))
        at--;
    return at;
}

static SvTokenKind run_kind(const Run *r)
{
    if (r->first_digit && (r->letters_after_digits == 0 || r->letters_after_digits <= 3) &&
        !(r->latin && r->cyrillic))
        return SV_TOKEN_NUMBER;
    if (r->cyrillic && !(r->digit && r->hyphen && !r->first_digit))
        return SV_TOKEN_RUSSIAN;
    if (r->digit)
        return SV_TOKEN_CODE;
    return SV_TOKEN_LATIN;
}

static SvToken read_word(const char *text, gsize from, gsize to)
{
    Run r = read_run(text, from, to);
    SvTokenKind kind = run_kind(&r);
    gsize end = r.end;
    if (kind == SV_TOKEN_NUMBER && !r.latin && !r.cyrillic) {
        end = extend_number(text, end, to);
    } else if (end < to && (r.latin || r.digit) && !r.cyrillic) {
        gsize code = extend_code(text, end, to);
        if (code > end)
            kind = SV_TOKEN_CODE;
        end = code;
    }
    return (SvToken){{(guint32)from, (guint32)end}, kind};
}

static gsize mark_end(const char *text, gsize from, gsize to, gsize n)
{
    gsize emoji = sv_emoji_len(text + from, to - from);
    if (emoji)
        return from + emoji;
    gsize end = from + n;
    while (end + n <= to && memcmp(text + from, text + end, n) == 0)
        end += n;
    return end;
}

void sv_tokens_split(const char *text, gsize from, gsize to, GArray *out)
{
    SvToken batch[64];
    guint held = 0;
    gsize at = from, n;
    while (at < to) {
        CharKind k = kind_at(text, at, to, &n);
        if (k == CH_SPACE) {
            at += n;
            continue;
        }
        SvToken token = {{(guint32)at, 0}, SV_TOKEN_MARK};
        if (is_wordly(k))
            token = read_word(text, at, to);
        else
            token.span.to = (guint32)mark_end(text, at, to, n);
        batch[held++] = token;
        at = token.span.to;
        if (held == G_N_ELEMENTS(batch)) {
            g_array_append_vals(out, batch, held);
            held = 0;
        }
    }
    g_array_append_vals(out, batch, held);
}
