/* Dates by name: «20 декабря», "December 20th", "the 18th", «двадцатого», months, weekdays, and days of one
 * month said together («3–5 июля», «14 или 15», "10 to 12 March"). */
#include "date_parse.h"
#include <string.h>

/* A day number at token i: a figure, "20th", «20-го», «двадцатого». Its value, 0 when it is none. */
static int day_number(const SvDateCtx *c, guint i, guint *end, gboolean *ordinal)
{
    SvOrdinal o;
    *ordinal = FALSE;
    if (sv_ordinal_read(c->s, i, &o)) {
        *ordinal = TRUE;
        *end = o.end;
        return o.value >= 1 && o.value <= 31 && o.form != SV_ORDINAL_LOC ? o.value : 0;
    }
    int v = sv_d_figure(c, i, 2);
    *end = i + 1;
    if (v < 0 && c->lang == SV_LANG_EN && i < c->s->n &&
        g_ascii_isalpha(c->s->text[c->s->tok[i].from])) { /* "fourteen April" */
        gint32 ten = sv_d_val(c, i, SV_WORD_TEN), unit = sv_d_val(c, i + (ten > 0), SV_WORD_UNIT);
        gboolean both = ten > 0 && unit > 0 && unit < 10;
        *end = i + 1 + both;
        v = ten > 0 ? ten + (both ? unit : 0) : unit;
        if (!sv_d_is(c, *end, SV_WORD_MONTH))
            return 0;
    }
    return v >= 1 && v <= 31 ? v : 0;
}

/* The weekday said after a date («четырнадцатое, пятница») helps to find its month or year. */
static int weekday_after(const SvDateCtx *c, guint k)
{
    k += sv_scan_mark(c->s, k, ',') || sv_scan_mark(c->s, k, '(');
    gint32 day = sv_d_val(c, k, SV_WORD_WEEKDAY);
    return c->weekday >= 0 ? c->weekday : day == SV_SCAN_NONE || c->s->tok[k].line ? -1 : day;
}

static gboolean connector(const SvDateCtx *c, guint i, gboolean *either)
{
    *either = sv_d_is(c, i, SV_WORD_OR) || sv_d_is(c, i, SV_WORD_AND);
    *either |= sv_scan_mark(c->s, i, '+') || (sv_scan_mark(c->s, i, '/') && sv_scan_glued(c->s, i));
    return *either || sv_scan_dash(c->s, i) || sv_d_is(c, i, SV_WORD_PO) || sv_d_is(c, i, SV_WORD_TO);
}

/* A month name at token i, else 0. Short and shy names count only `beside` another part of a date. */
int sv_d_month_name(const SvDateCtx *c, guint i, gboolean beside)
{
    gint32 v = sv_d_val(c, i, SV_WORD_MONTH);
    if (v == SV_SCAN_NONE) {
        v = sv_d_val(c, i, SV_WORD_MONTH_SHORT);
        if (v == SV_SCAN_NONE || !beside)
            return 0;
        return v;
    }
    if (beside || !sv_d_is(c, i, SV_WORD_MONTH_SHY))
        return v;
    if (!c->s->tok[i].capital)
        return 0;
    guint p = i - 1;
    return i > 0 && (sv_d_is(c, p, SV_WORD_AT) || sv_d_is(c, p, SV_WORD_BY) || sv_d_is(c, p, SV_WORD_OF) ||
                        sv_d_is(c, p, SV_WORD_SINCE) || sv_d_is(c, p, SV_WORD_TO) ||
                        sv_d_is(c, p, SV_WORD_BEFORE) || sv_d_is(c, p, SV_WORD_AFTER) ||
                        sv_d_is(c, p, SV_WORD_NEXT) || sv_d_is(c, p, SV_WORD_LAST) ||
                        sv_d_is(c, p, SV_WORD_THIS) || sv_d_is(c, p, SV_WORD_EDGE) ||
                        sv_d_is(c, p, SV_WORD_WITHIN) || sv_scan_dash(c->s, p))
               ? v
               : 0;
}

/* After a month: its dot, then a year. */
static guint after_month(const SvDateCtx *c, guint k, int *year)
{
    guint end;
    *year = 0;
    if (sv_d_is(c, k - 1, SV_WORD_MONTH_SHORT) && sv_scan_mark(c->s, k, '.') && sv_scan_glued(c->s, k) &&
        !(k + 1 < c->s->n && (c->s->tok[k + 1].capital || c->s->tok[k + 1].line)))
        k++;
    guint comma = k + (sv_scan_mark(c->s, k, ',') && sv_scan_digits(c->s, k + 1) == 4);
    if (sv_d_year(c, comma, TRUE, year, &end))
        return end;
    /* "1 Nov 25 – 31 Oct 26" */
    if (c->lang == SV_LANG_EN && sv_scan_digits(c->s, k) == 2 && k >= 2 && sv_scan_digits(c->s, k - 2) &&
        !sv_scan_glued(c->s, k) && !c->s->tok[k].line && ABS((int)c->s->tok[k].x + 2000 - c->year) <= 3 &&
        !sv_d_month_name(c, k + 1, TRUE) && !sv_scan_mark(c->s, k + 1, ':') &&
        (k + 1 >= c->s->n || c->s->tok[k + 1].type == SV_TOK_MARK)) {
        *year = 2000 + (int)c->s->tok[k].x;
        return k + 1;
    }
    return k;
}

/* Days d1…d2 (d1 0: one) of a month that may have its year. */
static gboolean make_days(
    const SvDateCtx *c, guint begin, guint end, int d1, int d2, int month, int year, SvDateBit *out)
{
    gboolean past =
        !year && (sv_d_past(c, begin, end) || (begin > 0 && sv_d_is(c, begin - 1, SV_WORD_FROM_OT)));
    SvDateCtx with = *c;
    with.weekday = weekday_after(c, end);
    SvDay to = year ? sv_day_from_civil(year, month, d2) : sv_d_day_of(&with, month, d2, past);
    if (to == SV_DAY_NONE)
        return FALSE;
    SvDay from = d1 > 0 && d1 < d2 ? to - (d2 - d1) : to;
    *out = sv_d_bit(begin, end, from, to, SV_GRAIN_DAY);
    return TRUE;
}

/* "December 20(th)(, 2025)", "March the third", "December 3-5". */
static gboolean month_first(SvDateCtx *c, guint i, SvDateBit *out)
{
    int month = sv_d_month_name(c, i, TRUE);
    if (!month || !g_ascii_isalpha(c->s->text[c->s->tok[i].from]) || !c->s->tok[i].capital)
        return FALSE;
    guint k = i + 1, end, end2;
    gboolean ordinal, either;
    k += sv_scan_mark(c->s, k, '.') && sv_scan_glued(c->s, k) && sv_d_is(c, i, SV_WORD_MONTH_SHORT);
    k += sv_d_is(c, k, SV_WORD_THE);
    int d1 = day_number(c, k, &end, &ordinal), d2 = 0;
    if (!d1 || c->s->tok[k].line || sv_scan_mark(c->s, end, ':') || sv_scan_mark(c->s, end, '%'))
        return FALSE;
    if (connector(c, end, &either) && (d2 = day_number(c, end + 1, &end2, &ordinal)) > d1 &&
        !sv_d_month_name(c, end2, TRUE))
        end = end2;
    else
        d2 = 0;
    guint comma = end + sv_scan_mark(c->s, end, ',');
    int year = 0;
    if (sv_scan_digits(c->s, comma) == 4 && sv_d_year(c, comma, TRUE, &year, &end2))
        end = end2;
    if (!make_days(c, i, end, d2 ? d1 : 0, d2 ? d2 : d1, month, year, out))
        return FALSE;
    if (d2) {
        out->role = SV_DATE_INTERVAL;
        out->fixed = TRUE;
    }
    return TRUE;
}

/* «20 декабря», "20th of December", «3–5 июля», «14 или 15 ноября», «с 4 по 17 августа». */
gboolean sv_d_day_month(SvDateCtx *c, guint i, SvDateBit *out)
{
    guint end, end2;
    gboolean ordinal, ordinal2, either = FALSE;
    if (month_first(c, i, out))
        return TRUE;
    guint k = i;
    int d1 = day_number(c, k, &end, &ordinal), d2 = 0, year;
    if (!d1 || (i > 0 && sv_scan_glued(c->s, i) &&
                   (c->s->tok[i - 1].type == SV_TOK_WORD || sv_scan_mark(c->s, i - 1, '.') ||
                       sv_scan_mark(c->s, i - 1, ',') || sv_scan_mark(c->s, i - 1, '/'))))
        return FALSE;
    if (connector(c, end, &either) && (d2 = day_number(c, end + 1, &end2, &ordinal2)) > 0)
        end = end2;
    guint m = end + sv_d_is(c, end, SV_WORD_OF);
    m += sv_scan_mark(c->s, m, '-') && sv_scan_glued(c->s, m); /* 20-Dec */
    int month = m < c->s->n && c->s->tok[m].line ? 0 : sv_d_month_name(c, m, TRUE);
    if (month) {
        end = after_month(c, m + 1, &year);
        if (!make_days(c, i, end, d2 ? d1 : 0, d2 ? d2 : d1, month, year, out))
            return FALSE;
        if (out->from != out->to) {
            out->role = either ? SV_DATE_POINT : SV_DATE_INTERVAL;
            out->fixed = !either;
            out->vague = either;
        }
        return TRUE;
    }
    /* «14-го или 15-го», «с 20 по 25-е»: no month said */
    if (!d2 || d2 <= d1 || !(ordinal2 || sv_d_is(c, end, SV_WORD_NUMBER)) || !sv_d_ends(c, end, FALSE))
        return FALSE;
    SvDay to = sv_d_day_in_month(c, d2, sv_d_past(c, i, end));
    if (to == SV_DAY_NONE)
        return FALSE;
    *out = sv_d_bit(i, end + sv_d_is(c, end, SV_WORD_NUMBER), to - (d2 - d1), to, SV_GRAIN_DAY);
    out->relative = TRUE;
    out->role = either ? SV_DATE_POINT : SV_DATE_INTERVAL;
    out->fixed = !either;
    out->vague = either;
    return TRUE;
}

static gboolean prep_before(const SvDateCtx *c, guint i)
{
    guint p = i - 1;
    return i > 0 &&
           (sv_d_is(c, p, SV_WORD_BY) || sv_d_is(c, p, SV_WORD_BY_DAT) || sv_d_is(c, p, SV_WORD_SINCE) ||
               sv_d_is(c, p, SV_WORD_ON) || sv_d_is(c, p, SV_WORD_AFTER) || sv_d_is(c, p, SV_WORD_PO) ||
               sv_d_is(c, p, SV_WORD_NUMBER) || sv_d_is(c, p, SV_WORD_AT) || sv_d_is(c, p, SV_WORD_BEFORE) ||
               sv_d_is(c, p, SV_WORD_LATER));
}

static gboolean ordinal_alone(const SvDateCtx *c, guint i, const SvOrdinal *o)
{
    gboolean strict = o->words && o->value <= 10 && !prep_before(c, i);
    switch (o->form) {
    case SV_ORDINAL_GEN:
        return sv_d_ends(c, o->end, strict);
    case SV_ORDINAL_NEUT:
        /* «первое, второе» counts, «и третье прошу внести» too; «двадцать пятое докладываю» is a day */
        if (o->words && o->value < 11 && c->weekday < 0)
            return FALSE;
        return sv_d_ends(c, o->end, strict) &&
               !(strict && (o->end >= c->s->n || c->s->tok[o->end].type != SV_TOK_WORD ||
                               sv_d_is(c, o->end, SV_WORD_AND) || sv_d_is(c, o->end, SV_WORD_OR)));
    case SV_ORDINAL_DAT:
        return (c->weekday >= 0 || (i > 0 && sv_d_is(c, i - 1, SV_WORD_BY_DAT))) &&
               sv_d_ends(c, o->end, strict);
    case SV_ORDINAL_EN:
        if (c->weekday >= 0)
            return TRUE;
        if ((i == 0 || c->s->tok[i].line) && (!o->words || o->value > 20))
            return sv_d_ends(c, o->end, TRUE);
        return i > 0 && (sv_d_is(c, i - 1, SV_WORD_THE) || (!o->words && prep_before(c, i))) &&
               sv_d_ends(c, o->end, TRUE);
    default:
        return FALSE;
    }
}

/* A day of a month that is not named: «двадцатого», «20-е», «20 числа», "the 18th". */
gboolean sv_d_ordinal(SvDateCtx *c, guint i, SvDateBit *out)
{
    SvOrdinal o = {0};
    guint end;
    if (sv_ordinal_read(c->s, i, &o)) {
        end = o.end;
        gboolean number = sv_d_is(c, end, SV_WORD_NUMBER) && o.form != SV_ORDINAL_EN;
        if (!number && (i > 0 && sv_scan_glued(c->s, i) && !sv_scan_mark(c->s, i - 1, '(')))
            return FALSE;
        if (!number && !ordinal_alone(c, i, &o))
            return FALSE;
        end += number;
    } else {
        o.value = sv_d_figure(c, i, 2);
        end = i + 2;
        if (o.value < 1 || !sv_d_is(c, i + 1, SV_WORD_NUMBER))
            return FALSE;
    }
    int keep = c->weekday;
    c->weekday = weekday_after(c, end);
    gboolean past =
        sv_d_past(c, i, end) || (i > 0 && sv_d_is(c, i - 1, SV_WORD_FROM_OT)); /* «письмо от 10-го» */
    SvDay day = sv_d_day_in_month(c, o.value, past);
    c->weekday = keep;
    if (day == SV_DAY_NONE)
        return FALSE;
    *out = sv_d_bit(i, end, day, day, SV_GRAIN_DAY);
    out->relative = TRUE;
    out->month_grain_day = TRUE;
    return TRUE;
}

gboolean sv_d_month(SvDateCtx *c, guint i, SvDateBit *out)
{
    guint p = i - 1;
    gboolean beside =
        i > 0 &&
        (sv_d_is(c, p, SV_WORD_EDGE) ||
            (!sv_d_is(c, i, SV_WORD_MONTH_SHY) &&
                (sv_d_is(c, p, SV_WORD_BY) || sv_d_is(c, p, SV_WORD_OF) || sv_d_is(c, p, SV_WORD_TO) ||
                    sv_d_is(c, p, SV_WORD_AT) || sv_d_is(c, p, SV_WORD_SINCE))));
    int month = sv_d_month_name(c, i, beside && c->s->tok[i].capital), year;
    if (!month) /* "Nov 2025", «дек. 2025» */
        month = sv_d_month_name(c, i, sv_scan_digits(c->s, i + 1 + sv_scan_mark(c->s, i + 1, '.')) == 4);
    if (!month)
        return FALSE;
    guint end = after_month(c, i + 1, &year);
    gboolean past = sv_d_past(c, i, end);
    *out = sv_d_bit(i, end, 0, 0, SV_GRAIN_MONTH);
    int this_year, shift = sv_d_is(c, end, SV_WORD_NEXT) ? 1 : sv_d_is(c, end, SV_WORD_LAST) ? -1 : 0;
    if (!year && (shift || sv_d_is(c, end, SV_WORD_THIS)) && sv_d_val(c, end + 1, SV_WORD_PERIOD) == 6) {
        year = c->year + shift; /* «сентября следующего года», "October next year" */
        out->end = end + 2;
    }
    this_year = year ? year : sv_d_year_of_month(c, month, past);
    if (!year && this_year == c->year && month < c->month && i > 0 &&
        (sv_d_is(c, p, SV_WORD_BY_DAT) || sv_d_is(c, p, SV_WORD_BY)))
        this_year++; /* a term lies ahead */
    sv_d_month_bit(this_year, month, out);
    out->relative = !year;
    return out->from != SV_DAY_NONE;
}

/* "every Tuesday", «по вторникам», «каждую пятницу»: the next one. */
static gboolean repeated(SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 w = sv_d_val(c, i, SV_WORD_WEEKDAYS);
    guint end = i + 1, begin = i;
    if (w == SV_SCAN_NONE) {
        if (!sv_d_is(c, i, SV_WORD_EVERY) || (w = sv_d_val(c, i + 1, SV_WORD_WEEKDAY)) == SV_SCAN_NONE)
            return FALSE;
        end = i + 2;
        begin = i;
    }
    SvDay day = sv_d_weekday(c, w, FALSE);
    *out = sv_d_bit(begin, end, day, day, SV_GRAIN_DAY);
    out->relative = TRUE;
    out->role = SV_DATE_REPEATED;
    out->fixed = TRUE;
    return TRUE;
}

static int weekday_name(const SvDateCtx *c, guint i)
{
    gint32 v = sv_d_val(c, i, SV_WORD_WEEKDAY);
    if (v == SV_SCAN_NONE) {
        v = sv_d_val(c, i, SV_WORD_WEEKDAY_SHORT);
        if (v == SV_SCAN_NONE)
            return -1;
        gboolean next_figure =
            sv_scan_digits(c->s, i + 1) || (sv_scan_mark(c->s, i + 1, ',') && sv_scan_digits(c->s, i + 2));
        gboolean english = g_ascii_isalpha(c->s->text[c->s->tok[i].from]);
        if (!next_figure && !(c->s->tok[i].capital && english && v < 5) && !(prep_before(c, i) && !english))
            return -1;
        return v;
    }
    /* «среда» is also an environment: needs a preposition or a date */
    if (v == 2 && !g_ascii_isalpha(c->s->text[c->s->tok[i].from]) && !prep_before(c, i) &&
        !sv_scan_digits(c->s, i + 1) &&
        (!(i + 1 >= c->s->n || sv_scan_mark(c->s, i + 1, 0)) ||
            !memcmp(c->s->text + c->s->tok[i].to - 2, "е", 2)))
        return i > 0 && (sv_d_is(c, i - 1, SV_WORD_THIS) || sv_d_is(c, i - 1, SV_WORD_NEXT) ||
                            sv_d_is(c, i - 1, SV_WORD_LAST) || sv_d_is(c, i - 1, SV_WORD_NEAREST) ||
                            sv_d_is(c, i - 1, SV_WORD_OR))
                   ? v
                   : -1;
    return v;
}

/* A date right after a weekday («в среду, 12-го», "Friday 7 November"): it is the date, the weekday helps to
 * find it. */
static gboolean weekday_with_date(SvDateCtx *c, guint i, int weekday, SvDateBit *out)
{
    guint k = i + 1;
    k += sv_scan_mark(c->s, k, '.') && sv_scan_glued(c->s, k) && sv_d_is(c, i, SV_WORD_WEEKDAY_SHORT);
    k += sv_scan_mark(c->s, k, ',') || sv_scan_mark(c->s, k, '(');
    k += sv_d_is(c, k, SV_WORD_THE);
    if (k < c->s->n && c->s->tok[k].line)
        return FALSE;
    int before = c->weekday;
    c->weekday = weekday;
    gboolean found = sv_d_figures(c, k, out) || sv_d_day_month(c, k, out) || sv_d_ordinal(c, k, out);
    c->weekday = before;
    if (!found || out->from != out->to)
        return FALSE;
    out->begin = out->whole_begin = i;
    out->end += sv_scan_mark(c->s, out->end, ')') && sv_scan_mark(c->s, k - 1, '(');
    return TRUE;
}

/* "Friday week", "Thursday next week", «в четверг на следующей неделе», «на следующей неделе в четверг». */
static gboolean weekday_of_week(const SvDateCtx *c, guint i, int weekday, SvDateBit *out)
{
    guint k = i + 1;
    if (sv_d_val(c, k, SV_WORD_PERIOD) == 2 && g_ascii_isalpha(c->s->text[c->s->tok[k].from])) {
        SvDay day = sv_d_weekday(c, weekday, FALSE) + 7;
        *out = sv_d_bit(i, k + 1, day, day, SV_GRAIN_DAY);
        return out->relative = TRUE;
    }
    k += sv_scan_mark(c->s, k, ',');
    k += sv_d_is(c, k, SV_WORD_ON) || sv_d_is(c, k, SV_WORD_OF);
    int n = sv_d_is(c, k, SV_WORD_NEXT) || sv_d_is(c, k, SV_WORD_THAT) ? 1
            : sv_d_is(c, k, SV_WORD_THIS)                              ? 0
            : sv_d_is(c, k, SV_WORD_LAST)                              ? -1
                                                                       : 9;
    if (n == 9 || sv_d_val(c, k + 1, SV_WORD_PERIOD) != 2)
        return FALSE;
    SvDay day = sv_d_monday(c, n) + weekday;
    *out = sv_d_bit(i, k + 2, day, day, SV_GRAIN_DAY);
    return out->relative = TRUE;
}

gboolean sv_d_weekdays(SvDateCtx *c, guint i, SvDateBit *out)
{
    if (repeated(c, i, out))
        return TRUE;
    int weekday = weekday_name(c, i);
    if (weekday < 0)
        return FALSE;
    if (weekday_with_date(c, i, weekday, out) || weekday_of_week(c, i, weekday, out))
        return TRUE;
    guint p = i - 1;
    gboolean ahead = i > 0 && (sv_d_is(c, p, SV_WORD_BY) || sv_d_is(c, p, SV_WORD_BY_DAT) ||
                                  (sv_d_is(c, p, SV_WORD_ON) && !sv_d_is(c, p, SV_WORD_AT)));
    SvDay day = sv_d_weekday(c, weekday, !ahead && sv_d_past(c, i, i + 1));
    *out = sv_d_bit(i, i + 1, day, day, SV_GRAIN_DAY);
    out->relative = TRUE;
    return TRUE;
}
