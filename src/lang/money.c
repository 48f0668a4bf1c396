/* Sums, percentages and quantities: see money.h.
 *
 * At every number (number.c) what stands before and after it decides: a currency makes it money, a per cent
 * sign a percentage, a word it counts a quantity; large numbers with a scale or with thousands apart are
 * money of an unsaid currency. Ranges take the scale and currency of their second half («10–12 млн»).
 *
 * Not amounts: dates, times, telephones, codes («D-101», «№ 12», «договор 45»), addresses, versions; and
 * ordinals. Does not convert currencies and does not decide what an amount is for. */
#include "money.h"
#include <math.h>
#include <string.h>
#include "number.h"

enum { MAX_AMOUNTS = 20000, RUB = 1, KZT, USD, EUR, GBP };

static const char *const codes[] = {"", "RUB", "KZT", "USD", "EUR", "GBP"};

typedef struct {
    const SvScan *s;
    SvLang lang;
    guint floor; /* tokens before it belong to the amount before */
} Ctx;

static int sign_currency(const SvScan *s, guint i)
{
    if (!sv_scan_mark(s, i, 0))
        return 0;
    switch (s->tok[i].x) {
    case 0x20BD:
        return RUB;
    case 0x20B8:
        return KZT;
    case '$':
        return USD;
    case 0x20AC:
        return EUR;
    case 0xA3:
        return GBP;
    default:
        return 0;
    }
}

/* A currency at token k: its number and the token past it; «р.» takes its dot. */
static int currency_at(const SvScan *s, guint k, guint *end)
{
    int sign = sign_currency(s, k);
    if (sign) {
        *end = k + 1;
        return sign;
    }
    gint32 v = sv_scan_word(s, k, SV_WORD_CURRENCY);
    if (v == SV_SCAN_NONE || s->tok[k].line)
        return 0;
    *end = k + 1;
    if (sv_scan_mark(s, k + 1, '.') && sv_scan_glued(s, k + 1) && s->tok[k].to - s->tok[k].from <= 6 &&
        !(k + 2 < s->n ? s->tok[k + 2].capital || s->tok[k + 2].line : TRUE))
        *end = k + 2;
    else if (sv_scan_mark(s, k + 1, '.') && sv_scan_glued(s, k + 1) && s->tok[k].to - s->tok[k].from == 2)
        *end = k + 2;
    return v;
}

/* A currency before the number: "$15k", "EUR 3.4m", "£1,460". */
static int currency_before(const Ctx *c, guint i, guint *begin)
{
    *begin = i;
    if (i == 0 || i - 1 < c->floor)
        return 0;
    int sign = sign_currency(c->s, i - 1);
    if (sign == USD || sign == EUR || sign == GBP || (sign && sv_scan_glued(c->s, i))) {
        *begin = i - 1;
        return sign;
    }
    const SvTok *t = &c->s->tok[i - 1];
    gint32 v = sv_scan_word(c->s, i - 1, SV_WORD_CURRENCY);
    if (v != SV_SCAN_NONE && t->to - t->from == 3 && t->capital && g_ascii_isalpha(c->s->text[t->from])) {
        *begin = i - 1;
        return v;
    }
    return 0;
}

static gboolean mark_is(const SvScan *s, guint i, const char *set)
{
    return sv_scan_mark(s, i, 0) && s->tok[i].x < 0x80 && strchr(set, (int)s->tok[i].x);
}

/* Do the tokens around figures make them a code, a date, a time, a telephone? */
static gboolean is_code(const Ctx *c, guint i, const SvNumber *n)
{
    const SvScan *s = c->s;
    guint k = n->end;
    if (i > 0 && sv_scan_glued(s, i)) {
        const SvTok *t = &s->tok[i - 1];
        if (t->type != SV_TOK_MARK)
            return TRUE;
        if (mark_is(s, i - 1, "/.:#@_+=*&?"))
            return TRUE;
        if (sv_scan_dash(s, i - 1) && i > 1 && sv_scan_glued(s, i - 1) && i > c->floor)
            return s->tok[i - 2].type == SV_TOK_WORD || sv_scan_digits(s, i - 2);
    }
    if (i > 0 && (sv_scan_mark(s, i - 1, 0x2116) || sv_scan_mark(s, i - 1, '+') || mark_is(s, i - 1, "#")))
        return TRUE;
    if (k >= s->n || !sv_scan_glued(s, k))
        return FALSE;
    if (mark_is(s, k, ":/.@_") && sv_scan_glued(s, k + 1) && k + 1 < s->n &&
        s->tok[k + 1].type != SV_TOK_MARK)
        return !(s->tok[k].x == '/' && s->tok[k + 1].type == SV_TOK_WORD);
    if (sv_scan_dash(s, k) && sv_scan_digits(s, k + 1) && sv_scan_glued(s, k + 1) && sv_scan_dash(s, k + 2) &&
        sv_scan_glued(s, k + 2))
        return TRUE; /* 2025-12-20, 12-34-56 */
    return FALSE;
}

/* «договор 45», «счёт № 12», "clause 9.2": what only a currency can turn into money. */
static gboolean code_before(const Ctx *c, guint i)
{
    guint p = i - 1;
    if (i == 0)
        return FALSE;
    if (sv_scan_mark(c->s, p, '.') && sv_scan_glued(c->s, p) && p > 0)
        p--;
    return sv_scan_is(c->s, p, SV_WORD_AMOUNT_CODE);
}

static gboolean percent_at(const SvScan *s, guint k, guint *end)
{
    if (sv_scan_mark(s, k, '%')) {
        *end = k + 1;
        return TRUE;
    }
    if (k < s->n && s->tok[k].line)
        return FALSE;
    if (sv_scan_is(s, k, SV_WORD_PERCENT)) {
        *end = k + 1 + (sv_scan_is(s, k + 1, SV_WORD_POINT) && !g_ascii_isalpha(s->text[s->tok[k].from]));
        return TRUE;
    }
    if (sv_scan_is(s, k, SV_WORD_PER) && sv_scan_is(s, k + 1, SV_WORD_CENT)) {
        *end = k + 2;
        return TRUE;
    }
    return FALSE;
}

static gboolean adjective(const SvScan *s, guint k)
{
    static const char *const endings[] = {
        "ых", "их", "ого", "его", "ые", "ие", "ный", "ной", "ная", "ную", "ой", "ый"};
    const SvTok *t = &s->tok[k];
    for (guint e = 0; e < G_N_ELEMENTS(endings); e++) {
        gsize n = strlen(endings[e]);
        if (t->to - t->from > n + 4 && !memcmp(s->text + t->to - n, endings[e], n))
            return TRUE;
    }
    return FALSE;
}

/* «615 000 держим»: no counted word. */
static gboolean verb_like(const SvScan *s, guint k)
{
    static const char *const endings[] = {"им", "ем", "ет", "ит", "ют", "ят", "ть", "ся"};
    const SvTok *t = &s->tok[k];
    for (guint e = 0; e < G_N_ELEMENTS(endings); e++)
        if (t->to - t->from > 6 && !memcmp(s->text + t->to - 4, endings[e], 4))
            return TRUE;
    return FALSE;
}

/* The counted word after a number, an adjective before it allowed: «6 двухпроцессорных узлов». */
static gboolean unit_at(const Ctx *c, guint k, guint *unit)
{
    const SvScan *s = c->s;
    for (guint n = 0; n < 2; n++, k++) {
        if (k >= s->n || s->tok[k].type != SV_TOK_WORD || s->tok[k].line)
            return FALSE;
        if (sv_scan_is(s, k, SV_WORD_NO_UNIT) || sv_scan_is(s, k, SV_WORD_MONTH) ||
            sv_scan_is(s, k, SV_WORD_WEEKDAY) || sv_scan_is(s, k, SV_WORD_RELDAY) ||
            sv_scan_is(s, k, SV_WORD_MERIDIEM) || sv_scan_is(s, k, SV_WORD_MERIDIEM_RU) ||
            sv_scan_is(s, k, SV_WORD_OCLOCK) || sv_scan_is(s, k, SV_WORD_UNIT) ||
            sv_scan_is(s, k, SV_WORD_SUFFIX_EN))
            return FALSE;
        if ((sv_scan_is(s, k, SV_WORD_MONTH_SHORT) && s->tok[k].capital))
            return FALSE;
        gboolean more = k + 1 < s->n && s->tok[k + 1].type == SV_TOK_WORD && !s->tok[k + 1].line &&
                        !sv_scan_is(s, k + 1, SV_WORD_NO_UNIT);
        if (n == 0 && more && adjective(s, k))
            continue;
        *unit = k;
        return TRUE;
    }
    return FALSE;
}

/* Is the number a duration told from now («через две недели») or an hour («в 10 часов»)? */
static gboolean is_time(const Ctx *c, guint i, guint unit)
{
    gint32 period = sv_scan_word(c->s, unit, SV_WORD_PERIOD);
    if (period == SV_SCAN_NONE)
        return FALSE;
    guint p = i - 1;
    if (i > 0 && sv_scan_is(c->s, p, SV_WORD_APPROX))
        p--;
    if (period == 6 && sv_scan_digits(c->s, i) == 4)
        return TRUE;
    if (period == 7 && i > 0 && (sv_scan_is(c->s, p, SV_WORD_AT) || sv_scan_is(c->s, p, SV_WORD_BY_DAT)))
        return TRUE;
    return (i > 0 && (sv_scan_is(c->s, p, SV_WORD_THROUGH_TIME) || sv_scan_is(c->s, p, SV_WORD_WITHIN))) ||
           sv_scan_is(c->s, unit + 1, SV_WORD_AGO);
}

/* A dash or a word between the halves of a range: the token after it, else k. */
static guint range_mark(const Ctx *c, guint begin, guint k)
{
    if (sv_scan_dash(c->s, k))
        return k + 1;
    gboolean opened = begin > 0 && sv_scan_is(c->s, begin - 1, SV_WORD_FROM);
    if (sv_scan_is(c->s, k, SV_WORD_UP_TO) &&
        (opened || g_ascii_tolower(c->s->text[c->s->tok[k].from]) == 't')) {
        if (sv_scan_is(c->s, k, SV_WORD_AND) &&
            !(opened && g_ascii_tolower(c->s->text[c->s->tok[begin - 1].from]) == 'b'))
            return k;
        return k + 1;
    }
    return k;
}

/* The second half of a range; the first takes its scale when it has none and is the smaller one. */
static void take_range(const Ctx *c, guint begin, SvNumber *n, double *to)
{
    SvNumber second;
    *to = n->value;
    guint k = range_mark(c, begin, n->end);
    if (k == n->end || k >= c->s->n || c->s->tok[k].line)
        return;
    if (sign_currency(c->s, k))
        k++;
    if (!sv_number_read(c->s, k, c->lang, &second) || n->vague)
        return;
    double first = n->value;
    if (!n->scale && second.scale)
        first *= pow(10, second.scale);
    if (first >= second.value || first <= 0 || second.value / first > 1000)
        return;
    guint end = second.end;
    *n = second;
    n->value = first;
    n->end = end;
    *to = second.value;
}

/* Pence and kopecks: 15.2p is 0.152 pounds. */
static gboolean coins(const Ctx *c, const SvNumber *n, SvAmount *m, guint *end)
{
    gint32 v = sv_scan_word(c->s, n->end, SV_WORD_COIN);
    if (v == SV_SCAN_NONE || c->s->tok[n->end].line)
        return FALSE;
    const SvTok *t = &c->s->tok[n->end];
    if (t->to - t->from == 1 && (!t->glued || n->words || c->lang != SV_LANG_EN))
        return FALSE;
    m->value /= 100;
    m->value_to /= 100;
    g_strlcpy(m->currency, codes[v], sizeof m->currency);
    *end = n->end + 1;
    return TRUE;
}

/* «5 рублей 50 копеек», "five pounds fifty" without its second half is left as it is. */
static void take_coins_after(const Ctx *c, SvAmount *m, guint *end)
{
    SvNumber part;
    if (m->value != m->value_to || !sv_number_read(c->s, *end, c->lang, &part) || part.value >= 100 ||
        !sv_scan_is(c->s, part.end, SV_WORD_COIN))
        return;
    m->value += part.value / 100;
    m->value_to = m->value;
    *end = part.end + 1;
}

static gboolean read_money(const Ctx *c, SvNumber *n, guint i, guint *begin, SvAmount *m, guint *end)
{
    int before = currency_before(c, i, begin), after;
    guint after_end = n->end;
    SvNumber plain = *n;
    after = currency_at(c->s, n->end, &after_end);
    /* "€3.4 m", «15 к €» */
    gint32 letter = !after && before && !n->scale ? sv_scan_word(c->s, n->end, SV_WORD_LETTER) : SV_SCAN_NONE;
    if (letter != SV_SCAN_NONE && letter == 6 && !c->s->tok[n->end].line) {
        plain.value *= pow(10, letter);
        m->value *= pow(10, letter);
        m->value_to *= pow(10, letter);
        after_end = n->end + 1;
    }
    m->kind = SV_AMOUNT_MONEY;
    if (coins(c, n, m, end))
        return TRUE;
    if (!before && !after)
        return FALSE;
    if (before && after && before != after)
        after_end = n->end;
    g_strlcpy(m->currency, codes[before ? before : after], sizeof m->currency);
    *end = after || letter == 6 ? after_end : n->end;
    take_coins_after(c, m, end);
    return TRUE;
}

/* Money without a currency: with a scale, with thousands apart, or large in words. */
static gboolean bare_money(const SvNumber *n)
{
    if (n->vague && !n->scale)
        return FALSE;
    return n->scale >= 3 || (n->grouped && n->value >= 1000) || (n->words && n->value >= 1000) ||
           n->thousands;
}

static gboolean read_amount(const Ctx *c, guint i, SvAmount *m, guint *begin, guint *end)
{
    SvNumber n;
    SvOrdinal ordinal;
    if (sv_ordinal_read(c->s, i, &ordinal) || !sv_number_read(c->s, i, c->lang, &n) || is_code(c, i, &n))
        return FALSE;
    gboolean slang = n.slang;
    double to;
    SvNumber single = n;
    take_range(c, i, &n, &to);
    if (is_code(c, i, &n)) {
        n = single;
        to = n.value;
    }
    *m = (SvAmount){.value = n.value, .value_to = to};
    *begin = i;
    slang |= n.slang;
    if (percent_at(c->s, n.end, end)) {
        m->kind = SV_AMOUNT_PERCENT;
        return TRUE;
    }
    if (read_money(c, &n, i, begin, m, end))
        return TRUE;
    if (code_before(c, i))
        return FALSE;
    *end = n.end;
    guint unit = 0;
    gboolean counted =
        unit_at(c, n.end, &unit) && !(sv_scan_glued(c->s, n.end) && c->s->tok[n.end].type == SV_TOK_WORD);
    m->kind = SV_AMOUNT_MONEY;
    if (slang)
        return n.value >= 1 && n.scale > 0 && !counted;
    if (bare_money(&n) && (!counted || n.thousands || verb_like(c->s, unit)))
        return TRUE;
    m->kind = SV_AMOUNT_QUANTITY;
    gboolean article = n.words && !n.scale && (n.value <= 1 || n.vague);
    if (!counted || article || is_time(c, i, unit))
        return FALSE;
    m->unit = (SvSpan){c->s->tok[unit].from, c->s->tok[unit].to};
    *end = unit + 1;
    return TRUE;
}

/* Tokens that a date takes up here: 20.12.2025, «20 декабря 2025 года», a time. 0 when there is none. */
static guint skip_date(const SvScan *s, guint i)
{
    if (!sv_scan_digits(s, i))
        return 0;
    guint k = i + 1;
    if (sv_scan_digits(s, i) <= 2 && s->tok[i].x <= 31 && k < s->n && !s->tok[k].line &&
        !sv_scan_glued(s, k) &&
        (sv_scan_is(s, k, SV_WORD_MONTH) ||
            (sv_scan_is(s, k, SV_WORD_MONTH_SHORT) &&
                (s->tok[k].capital || !g_ascii_isalpha(s->text[s->tok[k].from]))))) {
        k++;
        k += sv_scan_mark(s, k, ',');
        if (sv_scan_digits(s, k) == 4 && s->tok[k].x >= 1950 && s->tok[k].x < 2100)
            return k + 1;
        return i + 2;
    }
    gunichar m = sv_scan_mark(s, k, 0) && sv_scan_glued(s, k) ? s->tok[k].x : 0;
    if (!m || !sv_scan_digits(s, k + 1) || !sv_scan_glued(s, k + 1))
        return 0;
    gboolean third = sv_scan_mark(s, k + 2, m) && sv_scan_glued(s, k + 2) && sv_scan_digits(s, k + 3) &&
                     sv_scan_glued(s, k + 3);
    if ((m == '.' || m == '/' || m == '-' || m == ':') && third && sv_scan_digits(s, k + 1) <= 2)
        return k + 4;
    if (m == ':' || m == '/')
        return k + 2;
    /* 20.12 without what makes it an amount */
    if (m == '.' && sv_scan_digits(s, i) == 2 && sv_scan_digits(s, k + 1) == 2 && s->tok[i].x <= 31 &&
        s->tok[k + 1].x >= 1 && s->tok[k + 1].x <= 12) {
        guint end;
        if (!currency_at(s, k + 2, &end) && !sv_scan_is(s, k + 2, SV_WORD_SCALE) &&
            !percent_at(s, k + 2, &end) && !sv_scan_is(s, k + 2, SV_WORD_UNIT_AFTER) &&
            !(i > 0 && sign_currency(s, i - 1)))
            return k + 2;
    }
    return 0;
}

/* A telephone: "+7 701 123 45 67", «8 (727) 350-18-60», six groups of digits. 0 when it is none. */
static guint skip_phone(const SvScan *s, guint i)
{
    gboolean plus = i > 0 && sv_scan_mark(s, i - 1, '+');
    guint k = i, digits = 0, groups = 0, marks = 0;
    if (!plus && !(sv_scan_digits(s, i) == 1 && (s->tok[i].x == 8 || s->tok[i].x == 7)) &&
        !(sv_scan_digits(s, i) >= 3 && sv_scan_dash(s, i + 1)) &&
        !(sv_scan_digits(s, i) >= 4 && s->text[s->tok[i].from] == '0') && sv_scan_digits(s, i) < 10)
        return 0;
    for (; k < s->n && digits < 20; k++) {
        if (k > i && s->tok[k].line)
            break;
        if (sv_scan_digits(s, k)) {
            digits += sv_scan_digits(s, k);
            groups++;
        } else if (mark_is(s, k, "()-") || sv_scan_dash(s, k)) {
            marks++;
        } else {
            break;
        }
    }
    if (plus ? digits >= 9
             : digits >= 10 && (marks || groups == 1 || s->tok[i].x == 8 || s->text[s->tok[i].from] == '0'))
        return k;
    return !plus && digits >= 6 && digits <= 7 && marks >= 2 ? k : 0;
}

void sv_amounts_find_in(const SvScan *scan, SvLang lang, GArray *out)
{
    if (!(scan->hints & SV_HINT_AMOUNT))
        return;
    Ctx c = {scan, lang, 0};
    guint first = out->len;
    for (guint i = 0; i < scan->n && out->len - first < MAX_AMOUNTS;) {
        SvAmount m;
        guint begin, end, skip;
        if (!(scan->tok[i].hints & SV_HINT_FIRST)) {
            i++;
            continue;
        }
        if ((skip = skip_date(scan, i)) || (skip = skip_phone(scan, i))) {
            i = c.floor = skip;
            continue;
        }
        SvOrdinal ordinal;
        if (sv_ordinal_read(scan, i, &ordinal)) {
            i = c.floor = ordinal.end;
            continue;
        }
        if (read_amount(&c, i, &m, &begin, &end)) {
            m.span = (SvSpan){scan->tok[begin].from, scan->tok[end - 1].to};
            g_array_append_val(out, m);
            i = c.floor = end;
            continue;
        }
        SvNumber n;
        gboolean number = sv_number_read(scan, i, lang, &n);
        i = number ? n.end : i + 1;
        if (number)
            c.floor = i;
    }
}

void sv_amounts_find(const char *text, gsize len, SvLang lang, GArray *out)
{
    g_auto(SvScan) scan;
    sv_scan_init(&scan, text, len);
    sv_amounts_find_in(&scan, lang, out);
}

static void append_grouped(GString *s, double value, guint decimals, SvLang lang)
{
    char digits[64];
    g_snprintf(digits, sizeof digits, "%.*f", (int)decimals, value);
    char *dot = strpbrk(digits, ".,");
    gsize whole = dot ? (gsize)(dot - digits) : strlen(digits);
    for (gsize i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0 && whole > (lang == SV_LANG_RU ? 3u : 3u))
            g_string_append(s, lang == SV_LANG_RU ? "\xC2\xA0" : ",");
        g_string_append_c(s, digits[i]);
    }
    if (dot) {
        g_string_append_c(s, lang == SV_LANG_RU ? ',' : '.');
        g_string_append(s, dot + 1);
    }
}

/* Decimals that a value needs, at most `most`. */
static guint needed_decimals(double value, guint most)
{
    for (guint d = 0; d < most; d++) {
        double scaled = value * pow(10, d);
        if (fabs(scaled - round(scaled)) < 1e-6 * MAX(1, fabs(scaled)) * 1e-3)
            return d;
    }
    return most;
}

char *sv_amount_format(double value, const char *currency, SvLang lang)
{
    static const char *const signs[] = {"", "₽", "₸", "$", "€", "£"};
    const char *sign = currency ? currency : "";
    gboolean negative = value < 0;
    if (!isfinite(value) || fabs(value) > 1e15)
        return g_strdup("");
    value = fabs(value);
    for (guint i = 1; i < G_N_ELEMENTS(codes); i++)
        if (currency && !strcmp(currency, codes[i]))
            sign = signs[i];
    GString *s = g_string_new(negative ? "-" : NULL);
    if (lang == SV_LANG_EN && *sign)
        g_string_append(s, sign);
    if (lang == SV_LANG_EN && strlen(sign) == 3 && g_ascii_isalpha(*sign))
        g_string_append_c(s, ' ');
    double million = value / 1e6;
    guint short_decimals = needed_decimals(million, 4);
    if (value >= 1e8 && short_decimals <= 2) {
        append_grouped(s, million, short_decimals, lang);
        g_string_append(s, lang == SV_LANG_RU ? "\xC2\xA0млн" : "m");
    } else {
        guint decimals = needed_decimals(value, 3);
        append_grouped(s, value, decimals == 1 ? 2 : decimals, lang);
    }
    if (lang == SV_LANG_RU && *sign)
        g_string_append_printf(s, "\xC2\xA0%s", sign);
    return g_string_free(s, FALSE);
}
