/* Passwords, PINs and door codes; birth dates; private telephones. All of them are known by a label only.
 *
 * A password is the next piece without white space after "password:" or, without a colon, the first piece
 * within six words that no dictionary word looks like: with a digit in it. A PIN is three to eight digits. A
 * birth date needs its year. */
#include "find.h"
#include <string.h>

/* Bytes from word i to the next white space, without closing punctuation. */
static SvSpan piece_at(const SvScan *s, guint i)
{
    SvSpan span = {s->words[i].from, s->words[i].from};
    while (span.to < s->len && !g_ascii_isspace(s->text[span.to]) && (guchar)s->text[span.to] != 0xC2)
        span.to++;
    while (span.to > span.from + 1 && strchr(".,;:)\"", s->text[span.to - 1]))
        span.to--;
    return span;
}

static gboolean has_digit(const SvScan *s, SvSpan span)
{
    for (guint32 i = span.from; i < span.to; i++)
        if (g_ascii_isdigit(s->text[i]))
            return TRUE;
    return FALSE;
}

static void add_span(GArray *out, SvSpan span, SvPiiKind kind)
{
    SvPii hit = {span, kind};
    g_array_append_val(out, hit);
}

static guint skip_label(const SvScan *s, guint i, guint64 bits)
{
    while (sv_scan_has(s, i + 1, bits))
        i++;
    return i;
}

/* The value after a label at word i. */
static void find_password(const SvScan *s, guint i, GArray *out)
{
    gboolean told = FALSE;
    for (guint j = i + 1, k = 0; j < s->n && k < 6; j++) {
        const SvWord *w = &s->words[j];
        if (w->kind == SV_WORD_LINE) {
            if (!told)
                return;
            continue;
        }
        if (w->kind == SV_WORD_MARK && (w->mark == ':' || w->mark == '=')) {
            told = TRUE;
            continue;
        }
        if (w->kind == SV_WORD_MARK && w->mark == '[')
            return; /* masked already */
        if (w->kind == SV_WORD_MARK && !w->spaced && w->mark != '"' && w->mark != 0xAB && w->mark != '-')
            return;
        if (w->kind == SV_WORD_MARK &&
            (w->mark == '-' || w->mark == 0x2014 || w->mark == 0x2013 || w->mark == '"' || w->mark == 0xAB))
            continue;
        SvSpan span = piece_at(s, j);
        if (told || (has_digit(s, span) && span.to - span.from >= 4)) {
            add_span(out, span, SV_PII_SECRET);
            return;
        }
        k++;
        while (j + 1 < s->n && s->words[j + 1].from < span.to)
            j++;
    }
}

static void find_pin(const SvScan *s, guint i, GArray *out)
{
    for (guint j = i + 1, k = 0; j < s->n && k < 6 && s->words[j].kind != SV_WORD_LINE; j++) {
        const SvWord *w = &s->words[j];
        if (w->bits & SV_BIT(UNIT))
            return;
        SvSpan span = piece_at(s, j);
        if (w->kind != SV_WORD_LETTERS && has_digit(s, span) && span.to - span.from >= 3 &&
            span.to - span.from <= 12 && !sv_scan_has(s, j + 1, SV_BIT(UNIT))) {
            add_span(out, span, SV_PII_SECRET);
            return;
        }
        k += w->kind <= SV_WORD_MIXED;
    }
}

static gboolean is_year(const SvScan *s, guint i)
{
    char d[5];
    return sv_digits_of(s, i, d, 4) == 4 && (d[0] == '1' ? d[1] == '9' : d[0] == '2' && d[1] == '0');
}

/* One past the last word of a date that begins at word i (12.03.1984, 12/03/84, 12 марта 1984, March 12,
 * 1984); 0 when none does. `sure`: right after the label, where a year or a day alone will do. */
static guint date_end(const SvScan *s, guint i, gboolean sure)
{
    char d[5];
    guint n = sv_digits_of(s, i, d, 4);
    if (n == 4 && is_year(s, i)) {
        if (sv_scan_is_mark(s, i + 1, '-') && sv_digits_of(s, i + 2, d, 2) &&
            sv_scan_is_mark(s, i + 3, '-') && sv_digits_of(s, i + 4, d, 2))
            return i + 5;
        return sure ? i + 1 : 0;
    }
    if ((n == 1 || n == 2) && s->words[i + 1 < s->n ? i + 1 : i].kind == SV_WORD_MARK &&
        sv_digits_of(s, i + 2, d, 2) && sv_scan_kind(s, i + 3) == SV_WORD_MARK &&
        sv_digits_of(s, i + 4, d, 4))
        return i + 5;
    guint j = i + 1;
    if (n == 0 && sv_scan_has(s, i, SV_BIT(MONTH))) {
        if (!sv_digits_of(s, j, d, 2))
            return 0;
    } else if (n == 1 || n == 2) {
        if (!sv_scan_has(s, j, SV_BIT(MONTH)))
            return 0;
    } else {
        return 0;
    }
    guint k = sv_scan_is_mark(s, j + 1, ',') ? j + 2 : j + 1;
    if (is_year(s, k))
        return k + 1;
    return sure ? j + 1 : 0;
}

static void find_birth(const SvScan *s, guint i, GArray *out)
{
    i = skip_label(s, i, SV_BIT(BIRTH));
    for (guint j = i + 1, k = 0; j < s->n && k < 6; j++) {
        if (s->words[j].kind == SV_WORD_LINE)
            break;
        guint end = date_end(s, j, k <= 1);
        if (end) {
            sv_pii_add(s, out, j, end - 1, SV_PII_BIRTH);
            return;
        }
        k += s->words[j].kind <= SV_WORD_MIXED;
    }
    /* «12.03.1984 г.р.», «1979 года рождения» */
    while (i > 0 && (s->words[i].bits & SV_BIT(BIRTH) || s->words[i].kind == SV_WORD_MARK))
        i--;
    for (guint j = i > 5 ? i - 4 : 0; j <= i; j++) {
        guint end = date_end(s, j, j == i);
        if (end && end <= i + 1) {
            sv_pii_add(s, out, j, end - 1, SV_PII_BIRTH);
            return;
        }
    }
}

void sv_find_secrets(const SvScan *s, GArray *out)
{
    for (guint i = 0; i < s->n; i++) {
        guint64 bits = s->words[i].bits;
        if (!(bits & (SV_BIT(PASSWORD) | SV_BIT(PIN) | SV_BIT(BIRTH))))
            continue;
        if (bits & SV_BIT(PASSWORD))
            find_password(s, i = skip_label(s, i, SV_BIT(PASSWORD)), out);
        else if (bits & SV_BIT(PIN))
            find_pin(s, i = skip_label(s, i, SV_BIT(PIN)), out);
        else {
            find_birth(s, i, out);
            i = skip_label(s, i, SV_BIT(BIRTH));
        }
    }
}

static gboolean is_known_phone(const SvHistory *h, const char *d, guint n)
{
    for (guint i = 0; h && i < h->people->len; i++) {
        const SvPerson *p = g_ptr_array_index(h->people, i);
        for (guint k = 0; p->in_card && k < p->phones->len; k++) {
            const char *phone = g_ptr_array_index(p->phones, k);
            gsize m = strlen(phone);
            if (m >= 9 && n >= 9 && memcmp(phone + m - 9, d + n - 9, 9) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

void sv_find_phones(const SvScan *s, const SvHistory *h, GArray *out)
{
    for (guint i = 0; i < s->n; i++) {
        if (!(s->words[i].bits & SV_BIT(PHONE_PRIVATE)))
            continue;
        i = skip_label(s, i, SV_BIT(PHONE_PRIVATE));
        char d[32];
        guint n = 0, first = 0, last = 0;
        for (guint j = i + 1; j < s->n && j < i + 24 && s->words[j].kind != SV_WORD_LINE; j++) {
            const SvWord *w = &s->words[j];
            guint k = w->kind == SV_WORD_DIGITS ? sv_digits_of(s, j, d + n, 16) : 0;
            if (k && n + k <= 15) {
                n += k;
                first = first ? first : j;
                last = j;
            } else if (n && (w->kind != SV_WORD_MARK || !strchr("-().", (int)(w->mark & 0x7F)))) {
                break;
            }
        }
        if (n < 9 || n > 15 || is_known_phone(h, d, n))
            continue;
        if (first > 0 && sv_scan_is_mark(s, first - 1, '+'))
            first--;
        sv_pii_add(s, out, first, last, SV_PII_PHONE);
        i = last;
    }
}
