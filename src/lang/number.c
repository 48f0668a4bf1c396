/* Numbers in figures and words: see number.h.
 *
 * Words add up by their rank: hundreds, tens, units inside a group, groups multiplied by their scale («двести
 * тысяч пятьсот»). A group without a scale before a group of hundreds is how people say thousands of money
 * («тридцать шестьсот»). Figures may have their thousands apart by spaces, dots or commas; which of them is
 * the decimal mark follows from the digits after it and the language.
 *
 * Does not say what a number counts, and reads no telephone numbers: the callers look around it. */
#include "number.h"
#include <math.h>

enum { MAX_SCALE = 9 };

typedef struct {
    double total, group; /* finished scales; what is being added up */
    guint rank;          /* lowest rank in the group: 1000 none yet, 100, 10, 1 */
    double last_scale;
    gboolean any;
} Sum;

static guint figure_at(const SvScan *s, guint i)
{
    return sv_scan_digits(s, i);
}

/* A hyphen inside "twenty-five". */
static gboolean joined(const SvScan *s, guint k)
{
    return sv_scan_mark(s, k, '-') && sv_scan_glued(s, k) && sv_scan_glued(s, k + 1);
}

/* Thousands apart by a space: 1–3 digits, then groups of exactly three. Returns the token past the last. */
static guint read_spaced(const SvScan *s, guint i, double *value)
{
    guint k = i + 1;
    *value = s->tok[i].x;
    if (figure_at(s, i) > 3 || s->tok[i].x == 0)
        return k;
    while (figure_at(s, k) == 3 && !sv_scan_glued(s, k) && !s->tok[k].line && k - i < 5 &&
           s->tok[k].from - s->tok[k - 1].to <= 3) {
        *value = *value * 1000 + s->tok[k].x;
        k++;
    }
    return k;
}

/* Is token i a decimal or thousands mark between two figures, all glued? */
static gunichar inner_mark(const SvScan *s, guint i)
{
    if (!sv_scan_mark(s, i, 0) || !sv_scan_glued(s, i) || !figure_at(s, i + 1) || !sv_scan_glued(s, i + 1))
        return 0;
    gunichar c = s->tok[i].x;
    return c == '.' || c == ',' ? c : 0;
}

static double fraction(const SvScan *s, guint i)
{
    return s->tok[i].x / pow(10, MIN(figure_at(s, i), 9u));
}

/* Marks between figures: groups of three are thousands, anything else decimals. `money_ahead` lets a single
 * group of three after a Russian dot or comma count as thousands (20.000 руб). */
static gboolean read_marked(const SvScan *s, guint i, SvLang lang, SvNumber *out)
{
    guint k = i + 1, groups = 0;
    gunichar mark = inner_mark(s, k);
    double value = s->tok[i].x;
    while (inner_mark(s, k) == mark && figure_at(s, k + 1) == 3) {
        value = value * 1000 + s->tok[k + 1].x;
        groups++;
        k += 2;
    }
    gboolean thousands = groups > 1 || (groups == 1 && figure_at(s, i) <= 3 && s->tok[i].x > 0 &&
        (lang == SV_LANG_EN ? mark == ',' : mark == '.' || figure_at(s, k - 1) == 3));
    if (groups == 1 && mark == '.' && lang == SV_LANG_EN)
        thousands = FALSE;
    gboolean scaled = sv_scan_is(s, k, SV_WORD_SCALE);
    if (groups == 1 && thousands && scaled)
        thousands = FALSE;
    if (!thousands) {
        out->value = s->tok[i].x + fraction(s, i + 2);
        out->decimals = (guint8)MIN(figure_at(s, i + 2), 9u);
        out->end = i + 3;
        return inner_mark(s, i + 3) == 0 || inner_mark(s, i + 3) == ',';
    }
    gunichar other = inner_mark(s, k);
    if (other && other != mark && figure_at(s, k + 1) <= 2) {
        value += fraction(s, k + 1);
        out->decimals = (guint8)figure_at(s, k + 1);
        k += 2;
    }
    out->value = value;
    out->grouped = TRUE;
    out->end = k;
    return inner_mark(s, k) == 0;
}

static gboolean read_figures(const SvScan *s, guint i, SvLang lang, SvNumber *out)
{
    if (!figure_at(s, i) || figure_at(s, i) > 15)
        return FALSE;
    if (figure_at(s, i) > 9) { /* x is cut at ten digits: read the text */
        out->value = g_ascii_strtod(s->text + s->tok[i].from, NULL);
        out->end = i + 1;
        return TRUE;
    }
    if (inner_mark(s, i + 1))
        return read_marked(s, i, lang, out);
    out->end = read_spaced(s, i, &out->value);
    out->grouped = out->end > i + 1;
    if (joined(s, out->end) && sv_scan_is(s, out->end + 1, SV_WORD_SUFFIX_CARD))
        out->end += 2; /* «25-ти» */
    if (out->grouped && inner_mark(s, out->end) && figure_at(s, out->end + 1) <= 2) {
        out->value += fraction(s, out->end + 1);
        out->decimals = (guint8)figure_at(s, out->end + 1);
        out->end += 2;
    }
    return TRUE;
}

/* Adds one number word to the group; FALSE when it does not fit after what was said. */
static gboolean sum_word(Sum *sum, const SvScan *s, guint i)
{
    gint32 v;
    if ((v = sv_scan_word(s, i, SV_WORD_HUNDRED)) != SV_SCAN_NONE && sum->rank > 100) {
        sum->group += v;
        sum->rank = 100;
        return TRUE;
    }
    if ((v = sv_scan_word(s, i, SV_WORD_TEN)) != SV_SCAN_NONE && sum->rank > 10) {
        sum->group += v;
        sum->rank = 10;
        return TRUE;
    }
    v = sv_scan_word(s, i, SV_WORD_UNIT);
    if (v != SV_SCAN_NONE && sum->rank > 1 && (v < 10 || sum->rank > 10) && (v > 0 || !sum->any)) {
        sum->group += v;
        sum->rank = 1;
        return TRUE;
    }
    return FALSE;
}

static gint32 scale_at(const SvScan *s, guint i)
{
    gint32 v = sv_scan_word(s, i, SV_WORD_SCALE);
    return v != SV_SCAN_NONE ? v : 0;
}

/* «тридцать шестьсот»: a group below a thousand, then one with hundreds, neither with a scale. */
static guint read_implied(const SvScan *s, guint k, Sum *sum, SvNumber *out)
{
    Sum next = {.rank = 1000};
    guint j = k;
    while (sum_word(&next, s, j))
        j++;
    if (j == k || next.group < 100 || sum->group < 1 || sum->group >= 1000 || scale_at(s, j) ||
        sum->total > 0)
        return k;
    sum->group = sum->group * 1000 + next.group;
    out->thousands = TRUE;
    return j;
}

/* A part that is said as a fraction before a scale: «и шесть миллиона», «с половиной», "and a half". */
static guint read_part(const SvScan *s, guint k, Sum *sum)
{
    guint j = k;
    if (!sv_scan_is(s, j, SV_WORD_AND) && !sv_scan_is(s, j, SV_WORD_WITH))
        return k;
    j++;
    if (sv_scan_is(s, j, SV_WORD_A))
        j++;
    if (sv_scan_is(s, j, SV_WORD_HALFWORD)) {
        sum->group += 0.5;
        return j + 1;
    }
    gint32 v = sv_scan_word(s, k + 1, SV_WORD_UNIT);
    gboolean last = k + 2 >= s->n || sv_scan_mark(s, k + 2, 0);
    if (v > 0 && v < 10 && sv_scan_is(s, k, SV_WORD_AND) &&
        (scale_at(s, k + 2) >= 6 || (last && sum->group >= 20 && !sum->last_scale))) {
        sum->group += v / 10.0;
        return k + 2;
    }
    return k;
}

/* English "hundred", "dozen" after a group, with the "and" that follows it. */
static guint read_times(const SvScan *s, guint k, Sum *sum)
{
    gint32 times = sv_scan_word(s, k, SV_WORD_TIMES);
    if (times == SV_SCAN_NONE || sum->group <= 0 || sum->group >= 100)
        return k;
    sum->group *= times;
    sum->rank = 100;
    k++;
    Sum probe = {.rank = 100};
    if (times == 100 && sv_scan_is(s, k, SV_WORD_AND) && sum_word(&probe, s, k + 1))
        k++;
    return k;
}

static guint read_scale(const SvScan *s, guint k, Sum *sum, SvNumber *out)
{
    gint32 scale = scale_at(s, k);
    if (!scale || (sum->last_scale && pow(10, scale) >= sum->last_scale))
        return k;
    double factor = pow(10, scale);
    sum->total += (sum->group ? sum->group : 1) * factor;
    sum->group = 0;
    sum->rank = 1000;
    sum->last_scale = factor;
    out->scale = MAX(out->scale, (guint8)scale);
    k++;
    if (sv_scan_mark(s, k, '.') && sv_scan_glued(s, k) && s->tok[k - 1].to - s->tok[k - 1].from <= 6 &&
        k + 1 < s->n && !s->tok[k + 1].capital && !s->tok[k + 1].line)
        k++; /* «тыс.» */
    return k;
}

static gboolean read_words(const SvScan *s, guint i, SvNumber *out)
{
    Sum sum = {.rank = 1000};
    guint k = i;
    while (k < s->n && k - i < 24) {
        if (k > i && s->tok[k].line)
            break;
        if (sum_word(&sum, s, k)) {
            sum.any = TRUE;
            k++;
            if (joined(s, k) && sum.rank == 10 && sv_scan_is(s, k + 1, SV_WORD_UNIT))
                k++;
            continue;
        }
        if (!sum.any)
            break;
        guint next = read_times(s, k, &sum);
        if (next == k && sum.rank < 1000)
            next = read_part(s, k, &sum);
        if (next == k)
            next = read_scale(s, k, &sum, out);
        if (next == k && !sum.last_scale)
            next = read_implied(s, k, &sum, out);
        if (next == k && sum.last_scale && sum.rank == 1000 && sv_scan_is(s, k, SV_WORD_AND)) {
            Sum probe = {.rank = 1000};
            next = sum_word(&probe, s, k + 1) && !sv_scan_is(s, k + 2, SV_WORD_SCALE) &&
                           g_ascii_isalpha(s->text[s->tok[k].from])
                       ? k + 1
                       : k;
        }
        if (next == k)
            break;
        k = next;
    }
    if (!sum.any)
        return FALSE;
    out->value = sum.total + sum.group;
    out->end = k;
    out->words = TRUE;
    return TRUE;
}

/* «полтора», «полмиллиона», "half a million", "a hundred", «пара тысяч», bare «миллион». */
static gboolean read_special(const SvScan *s, guint i, SvNumber *out)
{
    guint k = i;
    gboolean article = sv_scan_is(s, k, SV_WORD_A);
    out->words = TRUE;
    if (sv_scan_is(s, i, SV_WORD_HALF)) {
        out->value = 1.5;
        out->end = i + 1;
        return TRUE;
    }
    gint32 v = sv_scan_word(s, i, SV_WORD_HALFSCALE);
    if (v != SV_SCAN_NONE) {
        out->value = 0.5 * pow(10, v);
        out->scale = (guint8)v;
        out->end = i + 1;
        return TRUE;
    }
    if (sv_scan_is(s, i, SV_WORD_HALFWORD)) {
        k = i + 1;
        if (sv_scan_is(s, k, SV_WORD_A) || joined(s, k))
            k++;
        if (!scale_at(s, k) && !sv_scan_is(s, k, SV_WORD_SLANG))
            return FALSE;
        out->value = 0.5;
        out->end = k;
        return TRUE;
    }
    k += article;
    if (sv_scan_is(s, k, SV_WORD_COUPLE) || sv_scan_is(s, k, SV_WORD_FEW)) {
        out->value = sv_scan_is(s, k, SV_WORD_COUPLE) ? 2 : 3;
        out->vague = TRUE;
        out->end = k + 1 + sv_scan_is(s, k + 1, SV_WORD_OF);
        return TRUE;
    }
    if (article && sv_scan_is(s, k, SV_WORD_TIMES)) {
        Sum sum = {.rank = 1000, .group = 1};
        out->end = read_times(s, k, &sum);
        out->value = sum.group;
        return TRUE;
    }
    if (scale_at(s, k) || (article && sv_scan_is(s, k, SV_WORD_SLANG))) {
        if ((scale_at(s, k) && s->tok[k].to - s->tok[k].from < 7) ||
            (i > 0 && sv_scan_is(s, i - 1, SV_WORD_PER))) /* a bare «млн», «тыс» is part of something else */
            return FALSE;
        gint32 v10 = scale_at(s, k) ? scale_at(s, k) : sv_scan_word(s, k, SV_WORD_SLANG) % 100;
        out->value = pow(10, v10);
        out->scale = (guint8)v10;
        out->slang = !scale_at(s, k);
        out->end = k + 1;
        SvNumber rest = {0};
        if (!out->slang && read_words(s, out->end, &rest) && rest.value < out->value) { /* «тысяча двести» */
            out->value += rest.value;
            out->end = rest.end;
        }
        return TRUE;
    }
    return FALSE;
}

/* The scale after figures or a special word: «млн», "k" glued, «лимона». */
static void finish_scale(const SvScan *s, SvNumber *out)
{
    guint k = out->end;
    Sum sum = {.group = out->value, .rank = 1000};
    guint part = out->scale ? k : read_part(s, k, &sum);
    if (part != k && scale_at(s, part)) {
        out->value = sum.group;
        k = out->end = part;
    }
    gint32 v;
    if ((v = scale_at(s, k)) && !out->scale && !(k < s->n && s->tok[k].line)) {
        sum = (Sum){.group = out->value, .rank = 1000};
        out->end = read_scale(s, k, &sum, out);
        out->value = sum.total;
        SvNumber rest = {0};
        /* «5 млн 300 тысяч»: a smaller scale, or words, may follow */
        if (figure_at(s, out->end) && figure_at(s, out->end) <= 3 && scale_at(s, out->end + 1) &&
            scale_at(s, out->end + 1) < v) {
            out->value += s->tok[out->end].x * pow(10, scale_at(s, out->end + 1));
            out->end += 2;
        } else if (out->words && read_words(s, out->end, &rest) && rest.value < pow(10, v)) {
            out->value += rest.value;
            out->end = rest.end;
        }
        return;
    }
    v = sv_scan_word(s, k, SV_WORD_SLANG);
    if (v > 100)
        v = sv_scan_is(s, k + 1, SV_WORD_CURRENCY) ? v - 100 : SV_SCAN_NONE;
    if (v != SV_SCAN_NONE && !s->tok[k].line) {
        out->value *= pow(10, v);
        out->scale = (guint8)v;
        out->slang = TRUE;
        out->end = k + 1;
        return;
    }
    v = sv_scan_word(s, k, SV_WORD_LETTER);
    if (v != SV_SCAN_NONE && figure_at(s, k - 1) &&
        (sv_scan_glued(s, k) || (s->tok[k].from - s->tok[k - 1].to == 1 && !out->words &&
                                    sv_scan_is(s, k + 1, SV_WORD_CURRENCY)))) {
        out->value *= pow(10, v);
        out->scale = (guint8)v;
        out->slang = TRUE;
        out->end = k + 1;
    }
}

gboolean sv_number_read(const SvScan *scan, guint i, SvLang lang, SvNumber *out)
{
    *out = (SvNumber){0};
    if (i >= scan->n || scan->tok[i].type == SV_TOK_MARK ||
        (scan->tok[i].type == SV_TOK_WORD && !scan->tok[i].x))
        return FALSE;
    if (scan->tok[i].type == SV_TOK_FIGURE ? !read_figures(scan, i, lang, out)
                                           : !read_words(scan, i, out) && !read_special(scan, i, out))
        return FALSE;
    if (!(out->words && out->scale) && out->end < scan->n)
        finish_scale(scan, out);
    return out->end > i;
}

/* "25-го", "25го", "18th". */
static gboolean read_suffix(const SvScan *s, guint i, SvOrdinal *out)
{
    guint k = i + 1;
    if (joined(s, k))
        k++;
    if (!figure_at(s, i) || figure_at(s, i) > 4 || !sv_scan_glued(s, k))
        return FALSE;
    static const struct {
        SvWordKind kind;
        SvOrdinalForm form;
    } forms[] = {{SV_WORD_SUFFIX_GEN, SV_ORDINAL_GEN}, {SV_WORD_SUFFIX_NEUT, SV_ORDINAL_NEUT},
        {SV_WORD_SUFFIX_DAT, SV_ORDINAL_DAT}, {SV_WORD_SUFFIX_LOC, SV_ORDINAL_LOC},
        {SV_WORD_SUFFIX_ORD, SV_ORDINAL_OTHER}, {SV_WORD_SUFFIX_EN, SV_ORDINAL_EN}};
    for (guint f = 0; f < G_N_ELEMENTS(forms); f++) {
        if (sv_scan_is(s, k, forms[f].kind) &&
            (k > i + 1 || forms[f].form == SV_ORDINAL_EN || forms[f].form == SV_ORDINAL_GEN)) {
            *out = (SvOrdinal){(int)s->tok[i].x, forms[f].form, k + 1, FALSE};
            return TRUE;
        }
    }
    return FALSE;
}

gboolean sv_ordinal_read(const SvScan *scan, guint i, SvOrdinal *out)
{
    if (figure_at(scan, i))
        return read_suffix(scan, i, out);
    static const struct {
        SvWordKind kind;
        SvOrdinalForm form;
    } forms[] = {{SV_WORD_ORD_GEN, SV_ORDINAL_GEN}, {SV_WORD_ORD_NEUT, SV_ORDINAL_NEUT},
        {SV_WORD_ORD_DAT, SV_ORDINAL_DAT}, {SV_WORD_ORD_LOC, SV_ORDINAL_LOC},
        {SV_WORD_ORD, SV_ORDINAL_OTHER}};
    guint k = i;
    gint32 ten = sv_scan_word(scan, i, SV_WORD_TEN);
    if (ten != SV_SCAN_NONE) {
        k++;
        if (joined(scan, k))
            k++;
    }
    for (guint f = 0; f < G_N_ELEMENTS(forms); f++) {
        gint32 v = sv_scan_word(scan, k, forms[f].kind);
        if (v == SV_SCAN_NONE || (ten != SV_SCAN_NONE && v > 9))
            continue;
        gboolean english = g_ascii_isalpha(scan->text[scan->tok[k].from]);
        *out = (SvOrdinal){v + MAX(ten, 0), english ? SV_ORDINAL_EN : forms[f].form, k + 1, TRUE};
        return TRUE;
    }
    return FALSE;
}

void sv_numbers_find(const char *text, gsize len, SvLang lang, GArray *out)
{
    g_auto(SvScan) scan;
    sv_scan_init(&scan, text, len);
    for (guint i = 0; i < scan.n;) {
        SvNumber number;
        SvOrdinal ordinal;
        SvNumberMention m = {0};
        guint end = 0;
        if (sv_ordinal_read(&scan, i, &ordinal)) {
            m.value = ordinal.value;
            m.ordinal = TRUE;
            end = ordinal.end;
        } else if (sv_number_read(&scan, i, lang, &number)) {
            m.value = number.value;
            end = number.end;
        }
        if (!end) {
            i++;
            continue;
        }
        m.span = (SvSpan){scan.tok[i].from, scan.tok[end - 1].to};
        g_array_append_val(out, m);
        i = end;
    }
}
