/* Numbers with letters in them, and numbers said in words: IBAN, National Insurance, licences, foreign
 * passports, «номер карты сорок четыре ноль ноль …», and what stands beside a card (expiry, CVV, holder).
 *
 * An IBAN is known by its country's length or its remainder 97, a National Insurance number by its shape, the
 * others by a label before them. Cyrillic letters that look like Latin ones are read as Latin. */
#include "find.h"
#include "checks.h"
#include <string.h>

#define IBAN_MAX 34u

/* A Latin capital or digit for a character; 0 for others. */
static char canonical(gunichar u)
{
    static const gunichar cyrillic[] = {
        0x410, 0x412, 0x415, 0x41A, 0x41C, 0x41D, 0x41E, 0x420, 0x421, 0x422, 0x425, 0x417};
    static const char latin[] = "ABEKMHOPCTXZ";
    if (u < 0x80)
        return g_ascii_isalnum((char)u) ? g_ascii_toupper((char)u) : 0;
    u = g_unichar_toupper(u);
    for (guint i = 0; i < G_N_ELEMENTS(cyrillic); i++)
        if (cyrillic[i] == u)
            return latin[i];
    return 0;
}

/* Adds word i to a canonical code; 0 when it does not fit or holds other characters. */
static guint append_code(const SvScan *s, guint i, char *out, guint n, guint room)
{
    const SvWord *w = &s->words[i];
    for (const char *p = s->text + w->from, *end = s->text + w->to; p < end;) {
        guint k;
        gunichar u = (guchar)*p < 0x80 ? (k = 1, (guchar)*p)
                                       : (k = (guint)g_utf8_skip[(guchar)*p], g_utf8_get_char(p));
        char c = canonical(u);
        if (!c || n >= room)
            return 0;
        out[n++] = c;
        p += k;
    }
    return n;
}

/* The next word of a code: a space or a dash between; 0 when there is none. */
static guint next_part(const SvScan *s, guint i)
{
    guint j = i + 1;
    if (sv_scan_is_mark(s, j, '-') || sv_scan_is_mark(s, j, 0x2011) || sv_scan_is_mark(s, j, '.'))
        j++;
    if (j >= s->n || s->words[j].kind > SV_WORD_MIXED)
        return 0;
    return s->words[j].from - s->words[i].to <= 3 ? j : 0;
}

static guint count_digits(const char *c, guint n)
{
    guint k = 0;
    for (guint i = 0; i < n; i++)
        k += g_ascii_isdigit(c[i]);
    return k;
}

/* Does an IBAN begin at word i, and with which word does it end? */
static gboolean find_iban(const SvScan *s, guint i, guint *last)
{
    char c[IBAN_MAX + 1];
    if (s->words[i].kind == SV_WORD_DIGITS ||
        (s->words[i].kind == SV_WORD_LETTERS && s->words[i].to - s->words[i].from > 4))
        return FALSE;
    if (s->words[i].kind == SV_WORD_LETTERS) { /* digits follow the letters of a code, others are a word */
        guint next = next_part(s, i);
        if (!next || s->words[next].kind == SV_WORD_LETTERS)
            return FALSE;
    }
    guint n = append_code(s, i, c, 0, IBAN_MAX);
    if (n < 2 || !g_ascii_isalpha(c[0]) || !g_ascii_isalpha(c[1]) || (n > 2 && !g_ascii_isdigit(c[2])) ||
        (n > 3 && !g_ascii_isdigit(c[3])) || (s->words[i].kind == SV_WORD_LETTERS && n != 2))
        return FALSE;
    guint want = sv_iban_length(c);
    gboolean words = FALSE; /* a part in small letters: an ordinary word */
    for (guint j = i;;) {
        gboolean checked = n >= 15 && sv_check_iban(c, n) && g_ascii_isdigit(c[2]);
        words |= s->words[j].kind == SV_WORD_LETTERS && !s->words[j].upper;
        if ((want && n == want && (!words || checked) && count_digits(c, n) >= 8 && g_ascii_isdigit(c[2]) &&
                g_ascii_isdigit(c[3])) ||
            (!want && checked && !words && count_digits(c, n) >= 8)) {
            *last = j;
            return TRUE;
        }
        j = next_part(s, j);
        if (!j || s->words[j].bits & (SV_BIT(IIN) | SV_BIT(CARD)))
            return FALSE;
        n = append_code(s, j, c, n, IBAN_MAX);
        if (!n || !g_ascii_isdigit(c[2]) || (n > 3 && !g_ascii_isdigit(c[3])))
            return FALSE;
    }
    return FALSE;
}

/* Two letters, six digits, a letter A to D; contiguous or in pairs. */
static gboolean find_ni(const SvScan *s, guint i, guint *last)
{
    char c[12];
    guint n = append_code(s, i, c, 0, 9);
    if (n != 2 && n != 9 && n != 4 && n != 8)
        return FALSE;
    if (!g_ascii_isalpha(c[0]) || !g_ascii_isalpha(c[1]) || strchr("DFIQUV", c[0]) || strchr("DFIQUVO", c[1]))
        return FALSE;
    guint j = i;
    while (n < 9) {
        j = next_part(s, j);
        if (!j || !(n = append_code(s, j, c, n, 9)) || !g_ascii_isdigit(c[2]))
            return FALSE;
    }
    for (guint k = 2; k < 8; k++)
        if (!g_ascii_isdigit(c[k]))
            return FALSE;
    if (c[8] < 'A' || c[8] > 'D')
        return FALSE;
    *last = j;
    gboolean near_biz = sv_scan_near(s, i, SV_BIT(BIZ), 3, 0);
    return !near_biz || sv_scan_near(s, i, SV_BIT(NID), 4, 0);
}

/* A code with at least `least` digits within eight words after a label: "driving licence BRERE 803147 C97YN".
 */
static gboolean find_labelled(const SvScan *s, guint label, guint least, guint *first, guint *last)
{
    for (guint j = label + 1, k = 0; j < s->n && k < 8; j++) {
        const SvWord *w = &s->words[j];
        if (w->kind == SV_WORD_LINE && (k || sv_scan_kind(s, j + 1) == SV_WORD_LINE))
            return FALSE;
        if (w->kind > SV_WORD_MIXED)
            continue;
        k++;
        guint next = next_part(s, j);
        gboolean begins =
            w->kind == SV_WORD_MIXED || w->kind == SV_WORD_DIGITS ||
            (w->upper && w->to - w->from <= 10 && next && sv_scan_kind(s, next) != SV_WORD_LETTERS);
        if (!begins)
            continue;
        char c[24];
        guint n = 0, digits = 0, end = 0;
        for (guint p = j; p; p = next_part(s, p)) {
            if (s->words[p].kind == SV_WORD_LETTERS && !s->words[p].upper)
                break;
            guint m = append_code(s, p, c, n, 20);
            if (!m)
                break;
            n = m;
            if (s->words[p].kind != SV_WORD_LETTERS || s->words[p].to - s->words[p].from == 1)
                end = p;
        }
        digits = count_digits(c, n);
        if (n < 6 || digits < least || digits == n)
            continue; /* pure digits are judged in digits.c */
        *first = j;
        *last = end;
        return TRUE;
    }
    return FALSE;
}

static const guint64 spoken_bits = SV_BIT(CARD) | SV_BIT(IIN) | SV_BIT(SNILS) | SV_BIT(PASSPORT) |
                                   SV_BIT(ACCOUNT_NO) | SV_BIT(CVV) | SV_BIT(PIN) | SV_BIT(NID) | SV_BIT(INN);

static SvPiiKind spoken_kind(guint64 bits)
{
    if (bits & (SV_BIT(CVV) | SV_BIT(CARD)))
        return SV_PII_CARD;
    if (bits & SV_BIT(PIN))
        return SV_PII_SECRET;
    if (bits & SV_BIT(SNILS))
        return SV_PII_SNILS;
    if (bits & SV_BIT(PASSPORT))
        return SV_PII_PASSPORT;
    if (bits & SV_BIT(INN))
        return SV_PII_TAX_ID;
    return bits & SV_BIT(ACCOUNT_NO) ? SV_PII_ACCOUNT : SV_PII_NATIONAL_ID;
}

/* Number words after a label; short codes need three, others five. */
static gboolean find_spoken(const SvScan *s, guint label, guint *first, guint *last)
{
    guint64 bits = s->words[label].bits;
    guint least = bits & (SV_BIT(CVV) | SV_BIT(PIN)) ? 3 : 5, words = 0, numbers = 0, i = label + 1;
    for (guint k = 0; i < s->n && k < 8 && !(s->words[i].bits & SV_BIT(DIGIT_WORD)); i++) {
        if (s->words[i].kind == SV_WORD_LINE)
            return FALSE;
        k += s->words[i].kind <= SV_WORD_MIXED;
    }
    if (!sv_scan_has(s, i, SV_BIT(DIGIT_WORD)))
        return FALSE;
    *first = *last = i;
    for (; i < s->n && words < 60; i++) {
        const SvWord *w = &s->words[i];
        if (w->kind == SV_WORD_LINE)
            break;
        if (w->bits & SV_BIT(DIGIT_WORD) || w->kind == SV_WORD_DIGITS) {
            words++;
            numbers += (w->bits & SV_BIT(DIGIT_WORD)) != 0;
            *last = i;
        } else if (w->kind == SV_WORD_MARK ? (w->mark != ',' && w->mark != '-' && w->mark != '.')
                                           : !(w->bits & SV_BIT(FILLER))) {
            break;
        }
    }
    return numbers >= least && !sv_scan_has(s, *last + 1, SV_BIT(UNIT));
}

/* "09/27" at word i: month, slash, year. */
static gboolean is_expiry(const SvScan *s, guint i)
{
    char month[3], year[5];
    guint a = sv_digits_of(s, i, month, 2);
    if (!a || !sv_scan_is_mark(s, i + 1, '/') || sv_scan_is_mark(s, i + 3, '/'))
        return FALSE;
    guint b = sv_digits_of(s, i + 2, year, 4);
    guint m = a == 2 ? (guint)(month[0] - '0') * 10 + (guint)(month[1] - '0') : (guint)(month[0] - '0');
    return (b == 2 || b == 4) && m >= 1 && m <= 12;
}

/* One to three capitalised words from word i («M Hollowdene», «IVAN PETROV»); index of the last, 0 when none.
 */
static guint name_end(const SvScan *s, guint i)
{
    guint last = 0;
    for (guint k = 0; k < 3 && i < s->n && s->words[i].kind == SV_WORD_LETTERS && s->words[i].capital; k++) {
        last = i++;
        if (sv_scan_is_mark(s, i, '.') && s->words[last].to - s->words[last].from <= 2)
            i++;
    }
    return last;
}

/* Expiry, CVV and holder within twelve words after (four before) a masked card. */
static void find_beside_card(const SvScan *s, guint first, guint last, GArray *out)
{
    char d[5];
    guint from = first > 12 ? first - 12 : 0, to = MIN(s->n, last + 32);
    for (guint i = from; i < to; i++) {
        if (i >= first && i <= last)
            continue;
        guint end = 0;
        if (is_expiry(s, i))
            end = i + 2;
        else if (s->words[i].bits & (SV_BIT(CVV) | SV_BIT(EXPIRY)))
            for (guint j = i + 1; j < i + 5 && j < s->n && !end; j++) {
                guint n = sv_digits_of(s, j, d, 4);
                if (n >= 3 || (n && s->words[i].bits & SV_BIT(EXPIRY)))
                    end = is_expiry(s, j)                                                  ? j + 2
                          : sv_scan_is_mark(s, j + 1, '.') && sv_digits_of(s, j + 2, d, 4) ? j + 2
                                                                                           : j;
            }
        else if (s->words[i].bits & SV_BIT(HOLDER)) {
            guint j = i + 1;
            while (
                sv_scan_has(s, j, SV_BIT(HOLDER)) || sv_scan_is_mark(s, j, ':') || sv_scan_is_mark(s, j, '-'))
                j++;
            end = name_end(s, j);
        }
        if (end) {
            sv_pii_add(s, out, i, end, SV_PII_CARD);
            i = end;
        }
    }
}

static void find_beside_cards(const SvScan *s, GArray *out)
{
    guint n = out->len, at = 0;
    for (guint k = 0; k < n; k++) {
        SvPii hit = g_array_index(out, SvPii, k);
        if (hit.kind != SV_PII_CARD)
            continue;
        /* hits of digits.c come in order: one walk over the words serves them all */
        while (at < s->n && s->words[at].from < hit.span.from)
            at++;
        guint last = at;
        while (last + 1 < s->n && s->words[last + 1].to <= hit.span.to)
            last++;
        find_beside_card(s, at, last, out);
    }
}

void sv_find_codes(const SvScan *s, GArray *out)
{
    find_beside_cards(s, out);
    for (guint i = 0; i < s->n; i++) {
        const SvWord *w = &s->words[i];
        guint first = i, last;
        if (w->kind > SV_WORD_MIXED)
            continue;
        if (w->kind == SV_WORD_MIXED || (w->kind == SV_WORD_LETTERS && w->to - w->from <= 4)) {
            if (find_iban(s, i, &last)) {
                sv_pii_add(s, out, i, last, SV_PII_ACCOUNT);
                i = last;
                continue;
            }
            if (find_ni(s, i, &last)) {
                sv_pii_add(s, out, i, last, SV_PII_NATIONAL_ID);
                i = last;
                continue;
            }
        }
        if (!(w->bits & (spoken_bits | SV_BIT(LICENCE))) || (w->bits & SV_BIT(PASSPORT_NOT)))
            continue;
        if (w->bits & (SV_BIT(LICENCE) | SV_BIT(PASSPORT) | SV_BIT(NID)) &&
            find_labelled(s, i, 5, &first, &last))
            sv_pii_add(s, out, first, last,
                w->bits & SV_BIT(PASSPORT) && !(w->bits & SV_BIT(LICENCE)) ? SV_PII_PASSPORT
                : w->bits & SV_BIT(LICENCE)                                ? SV_PII_DOCUMENT
                                                                           : SV_PII_NATIONAL_ID);
        else if (w->bits & spoken_bits && find_spoken(s, i, &first, &last))
            sv_pii_add(s, out, first, last, spoken_kind(w->bits));
    }
}
