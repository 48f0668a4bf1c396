/* Numbers made of digits: cards, ИИН, ИНН, СНИЛС, accounts, passports, American numbers.
 *
 * From every group of digits the groups that follow it (a space, a dot or a dash between) are joined one by
 * one, up to twenty digits; at each join the number is judged by its length, its shape (sizes of the groups),
 * its check digit and the nearest label before it. A label makes shape and check digit unnecessary; without
 * one both must be right. A label of business (order, invoice, part number) or of a telephone nearer than any
 * other label frees the number, unless it is a full card in fours.
 *
 * Keeps true: linear, since a number has at most twenty groups. Does not know what a company's own accounts
 * are: every account is masked. */
#include "find.h"
#include "checks.h"
#include <string.h>

#define MAX_DIGITS 20u

typedef struct {
    guint first, last; /* words */
    guint n, groups;
    char d[MAX_DIGITS + 12];
    guint8 size[MAX_DIGITS + 1];
    gboolean dashes; /* only dashes between the first groups */
} Number;

typedef struct {
    SvClass label;
    gboolean found;
    guint distance; /* words between */
    guint at;
} Label;

/* Letters that stand for digits in hasty or hidden spelling. */
static char digit_like(gunichar u)
{
    switch (u) {
    case 'O':
    case 'o':
    case 0x41E:
    case 0x43E:
        return '0';
    case 'l':
    case 'I':
    case '|':
        return '1';
    case 0x417:
    case 0x437:
        return '3';
    default:
        return 0;
    }
}

guint sv_digits_of(const SvScan *s, guint i, char *d, guint room)
{
    if (i >= s->n || s->words[i].kind == SV_WORD_LETTERS || s->words[i].kind > SV_WORD_MIXED)
        return 0;
    const SvWord *w = &s->words[i];
    guint n = 0, k;
    if (w->kind == SV_WORD_DIGITS) {
        n = w->to - w->from;
        if (n > room)
            return 0;
        memcpy(d, s->text + w->from, n);
        return n;
    }
    for (const char *p = s->text + w->from, *end = s->text + w->to; p < end; p += k) {
        k = 1;
        char c = *p;
        if (c < '0' || c > '9') {
            c = digit_like(w->kind == SV_WORD_MIXED ? g_utf8_get_char(p) : 0);
            k = (guint)g_utf8_skip[(guchar)*p];
        }
        if (!c || n == room)
            return 0;
        d[n++] = c;
    }
    return n;
}

guint sv_digits_next(const SvScan *s, guint i)
{
    guint j = i + 1;
    if (j < s->n && s->words[j].kind == SV_WORD_MARK) {
        guint16 m = s->words[j].mark;
        if (m != '-' && m != '.' && m != 0x2011 && m != 0x2013 && m != 0x2014 && m != '_' && m != 0xB7)
            return 0;
        j++;
    }
    if (j >= s->n || s->words[j].kind == SV_WORD_LETTERS || s->words[j].kind > SV_WORD_MIXED)
        return 0;
    return s->words[j].from - s->words[i].to <= 6 ? j : 0;
}

static const guint64 label_bits = SV_BIT(PASSPORT) | SV_BIT(IIN) | SV_BIT(BIN) | SV_BIT(INN) | SV_BIT(SNILS) |
                                  SV_BIT(NID) | SV_BIT(CARD) | SV_BIT(ACCOUNT) | SV_BIT(ACCOUNT_NO) |
                                  SV_BIT(LICENCE) | SV_BIT(BIZ) | SV_BIT(PHONE) | SV_BIT(BIK);

static Label label_of(guint64 bits, guint at, guint distance)
{
    Label l = {.found = TRUE, .distance = distance, .at = at};
    static const SvClass order[] = {SV_CLASS_LICENCE, SV_CLASS_PASSPORT, SV_CLASS_SNILS, SV_CLASS_IIN,
        SV_CLASS_BIN, SV_CLASS_INN, SV_CLASS_NID, SV_CLASS_CARD, SV_CLASS_ACCOUNT_NO, SV_CLASS_ACCOUNT,
        SV_CLASS_BIK, SV_CLASS_PHONE, SV_CLASS_BIZ};
    for (guint i = 0; i < G_N_ELEMENTS(order); i++)
        if (bits >> order[i] & 1) {
            l.label = order[i];
            break;
        }
    return l;
}

/* The nearest label before a word, kept while the words go by: at most 14 words back, no empty line between.
 */
typedef struct {
    Label label;
    guint seen;  /* words before it are accounted for */
    guint lines; /* line breaks in a row */
} Behind;

static Label label_before(const SvScan *s, guint i, Behind *b)
{
    for (; b->seen < i; b->seen++) {
        const SvWord *w = &s->words[b->seen];
        guint64 bits = w->bits & label_bits;
        if (w->bits & SV_BIT(PASSPORT_NOT))
            bits &= ~(SV_BIT(PASSPORT) | SV_BIT(LICENCE));
        b->lines = w->kind == SV_WORD_LINE ? b->lines + 1 : 0;
        if (bits)
            b->label = label_of(bits, b->seen, 0);
        else if (b->lines > 1)
            b->label.found = FALSE;
        else
            b->label.distance += w->kind <= SV_WORD_MIXED && !(w->bits & SV_BIT(NUMBER));
    }
    Label l = b->label;
    l.found = l.found && l.distance < 14;
    return l;
}

/* A label right after word `last`. */
static Label label_after(const SvScan *s, guint last)
{
    for (guint j = last + 1; j < s->n && j <= last + 3 && s->words[j].kind != SV_WORD_LINE; j++)
        if (s->words[j].bits & label_bits & ~(SV_BIT(BIZ) | SV_BIT(PHONE) | SV_BIT(ACCOUNT)))
            return label_of(s->words[j].bits & label_bits, j, 1);
    return (Label){0};
}

static gboolean sizes_are(const Number *c, const char *shape)
{
    if (strlen(shape) != c->groups)
        return FALSE;
    for (guint i = 0; i < c->groups; i++)
        if (c->size[i] != shape[i] - '0' && !(shape[i] == ':' && c->size[i] == 10))
            return FALSE;
    return TRUE;
}

static gboolean is_uniform(const Number *c)
{
    for (guint i = 1; i < c->groups; i++)
        if (c->size[i] != c->size[0])
            return FALSE;
    return TRUE;
}

static gboolean is_card_prefix(const char *d)
{
    return (d[0] >= '2' && d[0] <= '6') || strncmp(d, "8600", 4) == 0 || strncmp(d, "9860", 4) == 0;
}

static gboolean is_years(const Number *c)
{
    for (guint i = 0; i + 3 < c->n; i += 4)
        if (strncmp(c->d + i, "19", 2) != 0 && strncmp(c->d + i, "20", 2) != 0)
            return FALSE;
    return TRUE;
}

/* Does a label right before say that it is a number of business or a telephone? */
static gboolean is_business(const Label *l)
{
    return l->found && ((l->label == SV_CLASS_BIZ && l->distance == 0) ||
                           (l->label == SV_CLASS_PHONE && l->distance < 3));
}

static gboolean is_card(const Number *c, const Label *l)
{
    if (c->n < 15 || c->n > 19)
        return FALSE;
    gboolean luhn = sv_check_luhn(c->d, c->n);
    if (c->n == 16 && sizes_are(c, "4444") && is_card_prefix(c->d))
        return luhn || !is_years(c);
    if (l->found && l->label == SV_CLASS_CARD && l->distance < 8)
        return c->n >= 15 && c->n <= 19 && (luhn || c->n == 16);
    if (!luhn || is_business(l))
        return FALSE;
    if (c->n == 15)
        return c->d[0] == '3' && (c->d[1] == '4' || c->d[1] == '7') &&
               (c->groups == 1 || sizes_are(c, "465"));
    if (c->n == 19)
        return is_card_prefix(c->d) && (c->groups == 1 || sizes_are(c, "44443"));
    return c->n == 16 && is_card_prefix(c->d) && (is_uniform(c) || sizes_are(c, "6:")) && !is_years(c);
}

static gboolean is_account(const Number *c, const Label *l, const SvScan *s)
{
    if (c->n != 20)
        return FALSE;
    gboolean own = strncmp(c->d, "40", 2) == 0 || strncmp(c->d, "30", 2) == 0 || strncmp(c->d, "42", 2) == 0;
    if (c->groups == 1 && own)
        return TRUE;
    if (l->found && (l->label == SV_CLASS_ACCOUNT || l->label == SV_CLASS_ACCOUNT_NO))
        return TRUE;
    if (own && (strstr("810 643 398 840 978 156", (char[]){c->d[5], c->d[6], c->d[7], 0})))
        return TRUE;
    for (guint j = c->last + 1; j < s->n && j < c->last + 8; j++) {
        char bik[10];
        if (sv_digits_of(s, j, bik, 9) == 9 && bik[0] == '0' && bik[1] == '4')
            return sv_check_account(c->d, bik);
    }
    return FALSE;
}

/* 12 digits: ИИН or БИН of Kazakhstan, ИНН of a Russian person. */
static gboolean is_twelve(const Number *c, const Label *l, SvPiiKind *kind)
{
    if (c->n != 12)
        return FALSE;
    gboolean labelled = l->found &&
                        (l->label == SV_CLASS_IIN || l->label == SV_CLASS_BIN || l->label == SV_CLASS_INN ||
                            l->label == SV_CLASS_NID) &&
                        l->distance < 8;
    gboolean company = sv_check_bin_company(c->d) && !sv_check_iin_person(c->d);
    *kind = labelled && l->label == SV_CLASS_INN ? SV_PII_TAX_ID : SV_PII_NATIONAL_ID;
    if (labelled)
        return !(l->label == SV_CLASS_BIN && company);
    if (is_business(l))
        return FALSE;
    gboolean whole = c->groups == 1 || sizes_are(c, "66");
    if (sv_check_iin(c->d) && sv_check_iin_person(c->d) && (whole || is_uniform(c)))
        return TRUE;
    if (company && sv_check_iin(c->d) && c->groups == 1)
        return TRUE;
    *kind = SV_PII_TAX_ID;
    return sv_check_inn12(c->d) && (whole || sizes_are(c, "444") || sizes_are(c, "222222"));
}

static gboolean is_snils(const Number *c, const Label *l)
{
    if (c->n != 11)
        return FALSE;
    if (l->found && l->label == SV_CLASS_SNILS && l->distance < 10)
        return TRUE;
    if (is_business(l))
        return FALSE;
    if (sizes_are(c, "3332"))
        return c->dashes || sv_check_snils(c->d);
    return c->groups == 1 && c->d[0] != '7' && c->d[0] != '8' && sv_check_snils(c->d);
}

/* Series and number, or nine digits, near «паспорт», «уд. личности», passport. */
static gboolean is_passport(const Number *c, const Label *l)
{
    if (!l->found || l->label != SV_CLASS_PASSPORT)
        return FALSE;
    if (c->n == 10)
        return sizes_are(c, "46") || sizes_are(c, "226") || c->groups == 1 || (l->distance < 4 && !c->dashes);
    if (c->n == 9)
        return c->groups == 1 || sizes_are(c, "27") || sizes_are(c, "333");
    if (c->n == 8 || c->n == 7)
        return c->groups == 1 && l->distance < 4;
    return FALSE;
}

/* Half of a number after «серия» or «номер» while a label of a document stands before. */
static gboolean is_document_part(const SvScan *s, const Number *c, const Label *l)
{
    if (!l->found || (l->label != SV_CLASS_PASSPORT && l->label != SV_CLASS_LICENCE) || c->first == 0)
        return FALSE;
    guint j = c->first - 1;
    while (j > 0 && s->words[j].kind == SV_WORD_MARK && (s->words[j].mark == '.' || s->words[j].mark == ':'))
        j--;
    if (c->n == 4 && (c->groups == 1 || sizes_are(c, "22")))
        return sv_scan_has(s, j, SV_BIT(SERIES));
    return c->n == 6 && c->groups == 1 &&
           (sv_scan_has(s, j, SV_BIT(NUMBER)) || sv_scan_is_mark(s, j, 0x2116));
}

static gboolean is_ssn(const Number *c, const Label *l)
{
    if (c->n != 9 || is_business(l))
        return FALSE;
    if (l->found && l->label == SV_CLASS_NID && l->distance < 6)
        return TRUE;
    return sizes_are(c, "324") && c->dashes && c->d[0] != '9' && strncmp(c->d, "000", 3) != 0 &&
           strncmp(c->d, "666", 3) != 0;
}

static gboolean judge(const SvScan *s, const Number *c, const Label *l, SvPiiKind *kind)
{
    gboolean account_no =
        l->found && l->label == SV_CLASS_ACCOUNT_NO && l->distance < 5 && c->n >= 6 && c->n <= 18;
    gboolean id = l->found && l->label == SV_CLASS_NID && l->distance < 5 && c->n >= 8 && c->n <= 14;
    if (is_account(c, l, s) || account_no)
        *kind = SV_PII_ACCOUNT;
    else if (is_card(c, l))
        *kind = SV_PII_CARD;
    else if (is_twelve(c, l, kind))
        return TRUE;
    else if (is_snils(c, l))
        *kind = SV_PII_SNILS;
    else if (is_passport(c, l) || (is_document_part(s, c, l) && l->label == SV_CLASS_PASSPORT))
        *kind = SV_PII_PASSPORT;
    else if (l->found && l->label == SV_CLASS_LICENCE &&
             ((c->n == 10 && l->distance < 8) || is_document_part(s, c, l)))
        *kind = SV_PII_DOCUMENT;
    else if (is_ssn(c, l) || id)
        *kind = SV_PII_NATIONAL_ID;
    else
        return FALSE;
    return TRUE;
}

/* Does the number go on or mean money: a sign of currency before, a unit after, a code around? */
static gboolean is_amount(const SvScan *s, guint first, guint last)
{
    if (first > 0 && s->words[first - 1].kind == SV_WORD_MARK) {
        guint16 m = s->words[first - 1].mark;
        if (m == '$' || m == 0x20AC || m == 0xA3 || m == 0x20B8 || m == 0x20BD)
            return TRUE;
    }
    if (sv_scan_is_mark(s, last + 1, 0x20B8) || sv_scan_is_mark(s, last + 1, 0x20BD) ||
        sv_scan_is_mark(s, last + 1, '$') || sv_scan_is_mark(s, last + 1, 0x20AC) ||
        sv_scan_is_mark(s, last + 1, '%'))
        return TRUE;
    return sv_scan_has(s, last + 1, SV_BIT(UNIT));
}

/* Is the group the tail of a code or a telephone: "MV-25-3318", "+7 701 …"? */
static gboolean is_tail(const SvScan *s, guint i)
{
    if (i == 0 || s->words[i].spaced)
        return FALSE;
    const SvWord *p = &s->words[i - 1];
    if (p->kind != SV_WORD_MARK)
        return FALSE;
    if (p->mark == '+')
        return TRUE;
    return i >= 2 && !p->spaced && p->mark == '-' && s->words[i - 2].kind <= SV_WORD_MIXED;
}

/* Lengths of which something can be said without a label before. */
static gboolean is_telling_length(guint n)
{
    return (n >= 9 && n <= 12) || n == 15 || n == 16 || n >= 19;
}

static void skip_number(const SvScan *s, guint *i)
{
    char d[MAX_DIGITS + 1];
    guint n = sv_digits_of(s, *i, d, MAX_DIGITS);
    for (guint j = sv_digits_next(s, *i); j && n < 11; j = sv_digits_next(s, j)) {
        n += sv_digits_of(s, j, d, MAX_DIGITS);
        *i = j;
    }
}

void sv_find_numbers(const SvScan *s, GArray *out)
{
    Behind behind = {0};
    for (guint i = 0; i < s->n; i++) {
        Number c = {.first = i, .dashes = TRUE};
        char group[MAX_DIGITS + 1];
        if (s->words[i].kind != SV_WORD_DIGITS && s->words[i].kind != SV_WORD_MIXED)
            continue;
        if (i > 0 && sv_scan_is_mark(s, i - 1, '+')) {
            skip_number(s, &i);
            continue;
        }
        if (is_tail(s, i))
            continue;
        Label before = label_before(s, i, &behind);
        guint end = 0;
        SvPiiKind kind = SV_PII_CARD, best = SV_PII_CARD;
        for (guint j = i; (j || !c.groups) && c.groups < MAX_DIGITS; j = sv_digits_next(s, j)) {
            guint n = sv_digits_of(s, j, group, MAX_DIGITS);
            if (!n || c.n + n > MAX_DIGITS)
                break;
            memcpy(c.d + c.n, group, n);
            if (c.groups && s->words[j - 1].kind != SV_WORD_MARK && c.groups < 3)
                c.dashes = FALSE;
            c.size[c.groups++] = (guint8)n;
            c.n += n;
            c.last = j;
            if (c.n < 6 && !(c.n == 4 && before.found))
                continue;
            if (!before.found && !is_telling_length(c.n))
                continue;
            Label l = before.found ? before : label_after(s, j);
            if (judge(s, &c, &l, &kind) && (!is_amount(s, i, j) || c.groups == 1 || sizes_are(&c, "4444"))) {
                end = j + 1;
                best = kind;
            }
        }
        if (end) {
            sv_pii_add(s, out, i, end - 1, best);
            i = end - 1;
        }
    }
}
