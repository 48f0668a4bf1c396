/* Dates that count from the day of writing: «завтра», «на следующей неделе», «до конца месяца», «через две
 * недели», «в течение десяти рабочих дней», "within 5 business days", quarters, halves, years and seasons. */
#include "date_parse.h"
#include <string.h>

/* «завтра», «послезавтра», "the day after tomorrow", "tomorrow week". */
static gboolean relday(const SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 n = sv_d_val(c, i, SV_WORD_RELDAY);
    guint begin = i, end = i + 1;
    if (n == SV_SCAN_NONE && sv_d_val(c, i, SV_WORD_PERIOD) == 1 && sv_d_is(c, i + 1, SV_WORD_AFTER)) {
        n = sv_d_val(c, i + 2, SV_WORD_RELDAY);
        if (n != 1)
            return FALSE;
        n = 2;
        end = i + 3;
    }
    if (n == SV_SCAN_NONE)
        return FALSE;
    if (n == 1 && sv_d_val(c, end, SV_WORD_PERIOD) == 2 && g_ascii_isalpha(c->s->text[c->s->tok[end].from])) {
        n = 8;
        end++;
    }
    end += sv_d_val(c, end, SV_WORD_PERIOD) == 1 && n != 8; /* «завтрашний день» */
    *out = sv_d_bit(begin, end, c->today + n, c->today + n, SV_GRAIN_DAY);
    out->relative = TRUE;
    /* «завтра или послезавтра» */
    gint32 m = sv_d_is(c, end, SV_WORD_OR) || sv_scan_dash(c->s, end) ? sv_d_val(c, end + 1, SV_WORD_RELDAY)
                                                                      : SV_SCAN_NONE;
    if (m != SV_SCAN_NONE && m > n) {
        out->to = c->today + m;
        out->end = end + 2;
        out->vague = TRUE;
    }
    return TRUE;
}

/* -1, 0, 1 for last, this, next at token i; FALSE when it is none of them. */
static gboolean direction(const SvDateCtx *c, guint i, int *n)
{
    if (sv_d_is(c, i, SV_WORD_NEXT))
        *n = 1;
    else if (sv_d_is(c, i, SV_WORD_LAST))
        *n = -1;
    else if (sv_d_is(c, i, SV_WORD_THIS) || sv_d_is(c, i, SV_WORD_NEAREST))
        *n = 0;
    else
        return FALSE;
    return TRUE;
}

static gboolean directed_weekday(const SvDateCtx *c, guint i, int n, SvDateBit *out)
{
    gint32 w = sv_d_val(c, i + 1, SV_WORD_WEEKDAY);
    if (w == SV_SCAN_NONE && c->s->tok[i].type == SV_TOK_WORD && i + 1 < c->s->n && c->s->tok[i + 1].capital)
        w = sv_d_val(c, i + 1, SV_WORD_WEEKDAY_SHORT);
    if (w == SV_SCAN_NONE)
        return FALSE;
    SvDay day = n > 0 ? sv_d_monday(c, 1) + w : sv_d_weekday(c, w, n < 0);
    *out = sv_d_bit(i, i + 2, day, day, SV_GRAIN_DAY);
    out->relative = TRUE;
    return TRUE;
}

/* «в следующий четверг, 12 ноября»: the date behind the weekday tells the day. */
static void take_date_behind(SvDateCtx *c, guint i, SvDateBit *out)
{
    SvDateBit dated;
    guint k = i + 2;
    k += sv_scan_mark(c->s, k, ',');
    k += sv_d_is(c, k, SV_WORD_THE);
    int keep = c->weekday;
    c->weekday = sv_day_weekday(out->from);
    if (k < c->s->n && !c->s->tok[k].line &&
        (sv_d_figures(c, k, &dated) || sv_d_day_month(c, k, &dated) || sv_d_ordinal(c, k, &dated)) &&
        dated.from == dated.to) {
        *out = dated;
        out->begin = out->whole_begin = i;
    }
    c->weekday = keep;
}

static gboolean directed(SvDateCtx *c, guint i, SvDateBit *out)
{
    int n;
    if (!direction(c, i, &n)) {
        /* «на той неделе» looks ahead, with a past verb back */
        if (!sv_d_is(c, i, SV_WORD_THAT) || sv_d_val(c, i + 1, SV_WORD_PERIOD) != 2)
            return FALSE;
        n = sv_d_past(c, i, i + 2) ? -1 : 1;
    }
    if (directed_weekday(c, i, n, out)) {
        take_date_behind(c, i, out);
        return TRUE;
    }
    *out = sv_d_bit(i, i + 2, 0, 0, SV_GRAIN_DAY);
    gint32 period = sv_d_val(c, i + 1, SV_WORD_PERIOD), month = sv_d_val(c, i + 1, SV_WORD_MONTH);
    gint32 season = sv_d_val(c, i + 1, SV_WORD_SEASON);
    if (sv_d_is(c, i, SV_WORD_NEAREST) && period == 1) {
        *out = sv_d_bit(i, i + 2, c->today, c->today + 3, SV_GRAIN_DAY);
        return out->relative = out->vague = TRUE;
    }
    if (period == 1) /* «этот день» is no date; "next day" is tomorrow */
        return n == 1 && g_ascii_isalpha(c->s->text[c->s->tok[i].from]) && !sv_d_is(c, i - 1, SV_WORD_THE)
                   ? sv_d_period(c, 1, 1, out)
                   : FALSE;
    if (period == 7 || period == 8)
        return FALSE;
    if (period != SV_SCAN_NONE) {
        /* «на следующей неделе, в четверг» */
        guint k = i + 2 + sv_scan_mark(c->s, i + 2, ',');
        gboolean prep = sv_d_is(c, k, SV_WORD_AT) || sv_d_is(c, k, SV_WORD_ON);
        gint32 day = period == 2 && (prep || k == i + 2) && !(k < c->s->n && c->s->tok[k].line)
                         ? sv_d_val(c, k + prep, SV_WORD_WEEKDAY)
                         : SV_SCAN_NONE;
        if (day != SV_SCAN_NONE && !sv_scan_digits(c->s, k + prep + 1)) {
            *out = sv_d_bit(i, k + prep + 1, sv_d_monday(c, n) + day, sv_d_monday(c, n) + day, SV_GRAIN_DAY);
            return out->relative = TRUE;
        }
        return sv_d_period(c, period, n, out);
    }
    if (month != SV_SCAN_NONE) {
        int year = sv_d_year_of_month(c, month, n < 0);
        if (n > 0 && month <= c->month && year <= c->year)
            year = c->year + 1;
        sv_d_month_bit(year, month, out);
        return out->relative = TRUE;
    }
    if (season != SV_SCAN_NONE) {
        sv_d_season_bit(c, season, n ? c->year + n : 0, FALSE, out);
        return out->relative = TRUE;
    }
    if (n == 0 && g_ascii_isalpha(c->s->text[c->s->tok[i].from]) && sv_d_is(c, i + 1, SV_WORD_DAYPART)) {
        out->from = out->to = c->today;
        return out->relative = TRUE;
    }
    return FALSE;
}

/* "Q3", «3 квартал», «третий квартал», «I квартал» (Latin), "H1", «второе полугодие»; then a year. */
static gboolean quarter(SvDateCtx *c, guint i, SvDateBit *out)
{
    SvOrdinal o;
    guint end = 0, year_end;
    int n = 0, year = 0, halves = 0;
    const SvScan *s = c->s;
    if (s->tok[i].type == SV_TOK_WORD && s->tok[i].to - s->tok[i].from == 1 &&
        sv_scan_digits(s, i + 1) == 1 && sv_scan_glued(s, i + 1)) {
        char letter = g_ascii_toupper(s->text[s->tok[i].from]);
        n = (int)s->tok[i + 1].x;
        halves = letter == 'H';
        end = letter == 'Q' || (letter == 'H' && s->tok[i].capital) ? i + 2 : 0;
    } else {
        guint k = i + 1;
        if (sv_ordinal_read(s, i, &o)) {
            n = o.value;
            k = o.end;
        } else {
            n = sv_d_figure(c, i, 1);
        }
        gint32 period = n > 0 ? sv_d_val(c, k, SV_WORD_PERIOD) : SV_SCAN_NONE;
        if (period == 4 || period == 5) {
            halves = period == 5;
            end = k + 1;
            end += sv_scan_mark(s, end, '.') && s->tok[k].to - s->tok[k].from <= 4;
        }
    }
    if (!end || n < 1 || n > (halves ? 2 : 4) ||
        (i > 0 && sv_scan_glued(s, i) && s->tok[i - 1].type == SV_TOK_WORD))
        return FALSE;
    if (sv_d_year(c, end, TRUE, &year, &year_end))
        end = year_end;
    int unit = halves ? 6 : 3;
    *out = sv_d_bit(i, end, 0, 0, SV_GRAIN_QUARTER);
    out->relative = !year;
    gboolean past = sv_d_past(c, i, end);
    if (!year)
        year = sv_d_year_of_month(c, n * unit, past) +
               (!past && n * unit < c->month && sv_d_year_of_month(c, n * unit, past) == c->year);
    sv_d_month_bit(year, n * unit, out);
    out->from = sv_day_from_civil(year, n * unit - unit + 1, 1);
    out->grain = SV_GRAIN_QUARTER;
    return out->from != SV_DAY_NONE;
}

/* What an edge may stand before. */
static gboolean period_after(SvDateCtx *c, guint k, SvDateBit *out)
{
    k += sv_d_is(c, k, SV_WORD_OF);
    k += sv_scan_mark(c->s, k, '-') && sv_scan_glued(c->s, k); /* mid-March */
    guint the = sv_d_is(c, k, SV_WORD_THE) || sv_d_is(c, k, SV_WORD_A);
    k += the;
    if (k >= c->s->n)
        return FALSE;
    if (directed(c, k, out) || sv_d_month(c, k, out) || quarter(c, k, out))
        return TRUE;
    guint end;
    int year;
    if (sv_d_year(c, k, FALSE, &year, &end) ||
        (sv_scan_digits(c->s, k) == 4 && sv_d_year(c, k, TRUE, &year, &end))) {
        *out =
            sv_d_bit(k, end, sv_day_from_civil(year, 1, 1), sv_day_from_civil(year, 12, 31), SV_GRAIN_YEAR);
        return TRUE;
    }
    gint32 period = sv_d_val(c, k, SV_WORD_PERIOD), season = sv_d_val(c, k, SV_WORD_SEASON);
    *out = sv_d_bit(k, k + 1, 0, 0, SV_GRAIN_DAY);
    if (period >= 1 && period <= 6 && period != 1)
        return sv_d_period(c, period, 0, out);
    if (period == 1) {
        out->from = out->to = c->today;
        out->relative = TRUE;
        out->minute = 18 * 60;
        return TRUE;
    }
    if (season != SV_SCAN_NONE) {
        sv_d_season_bit(c, season, 0, sv_d_past(c, k, k + 1), out);
        return out->relative = TRUE;
    }
    return FALSE;
}

static gboolean edge(SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 which = sv_d_val(c, i, SV_WORD_EDGE);
    if (which == SV_SCAN_NONE)
        return FALSE;
    if (!period_after(c, i + 1, out)) {
        guint p = i - 1; /* "month end" is read at "month" */
        (void)p;
        return FALSE;
    }
    if (out->grain == SV_GRAIN_DAY && out->minute < 0)
        return FALSE;
    out->begin = out->whole_begin = i;
    sv_d_edge(out, which);
    return TRUE;
}

/* How many and of what: «две недели», «десяти рабочих дней», "5 business days", «неделю». */
static gboolean amount_of_time(
    const SvDateCtx *c, guint i, double *n, gint32 *period, gboolean *working, gboolean *vague, guint *end)
{
    SvNumber number = {0};
    guint k = i;
    *n = 1;
    *vague = FALSE;
    k += (sv_d_is(c, k, SV_WORD_THE) && (sv_d_is(c, k + 1, SV_WORD_UNIT) || sv_scan_digits(c->s, k + 1))) ||
         sv_d_is(c, k, SV_WORD_APPROX);
    if (sv_number_read(c->s, k, c->lang, &number) && number.value > 0 && number.value <= 1000) {
        *n = number.value;
        *vague = number.vague;
        k = number.end;
        if (sv_scan_dash(c->s, k) && sv_number_read(c->s, k + 1, c->lang, &number) && number.value <= 1000) {
            *n = number.value;
            *vague = TRUE;
            k = number.end;
        }
    } else if (sv_d_is(c, k, SV_WORD_A)) {
        k++;
    }
    *working = sv_d_is(c, k, SV_WORD_WORKING);
    k += *working || sv_d_is(c, k, SV_WORD_CALENDAR);
    *period = sv_d_val(c, k, SV_WORD_PERIOD);
    if (*period == SV_SCAN_NONE)
        return FALSE;
    *end = k + 1;
    if (*end < c->s->n && sv_scan_mark(c->s, *end, '\'') && sv_scan_glued(c->s, *end))
        *end += 1 + (*end + 1 < c->s->n && c->s->tok[*end + 1].glued &&
                        c->s->tok[*end + 1].to - c->s->tok[*end + 1].from == 1);
    return TRUE;
}

static gboolean add_time(
    const SvDateCtx *c, double n, gint32 period, gboolean working, int sign, SvDateBit *out)
{
    int whole = (int)(n * sign);
    switch (period) {
    case 1:
        out->from = out->to =
            working && sign > 0 ? sv_day_add_working(c->country, c->today, (int)n) : c->today + whole;
        return TRUE;
    case 2:
    case 9:
        out->from = out->to = c->today + (int)(n * sign * (period == 9 ? 14 : 7));
        return TRUE;
    case 3:
    case 4:
        n *= period == 4 ? 3 : 1;
        whole = (int)(n * sign);
        out->from = out->to = sv_day_add_months(c->today, whole) + (n > ABS(whole) ? sign * 15 : 0);
        return TRUE;
    case 5:
        out->from = out->to = sv_day_add_months(c->today, 6 * whole);
        return TRUE;
    case 6:
        out->from = out->to = sv_day_add_months(c->today, (int)(n * 12) * sign);
        return n <= 50;
    case 7:
    case 8:
    case 12: {
        int minute = sv_time_minute(c->at) + (int)(n * (period == 7 ? 60 : period == 12 ? 30 : 1)) * sign;
        out->from = out->to = c->today + (minute >= 0 ? minute / 1440 : -1);
        out->minute = (gint16)((minute % 1440 + 1440) % 1440);
        return n <= 72;
    }
    default:
        return FALSE;
    }
}

/* «через две недели», "in a fortnight", «в течение 10 рабочих дней», "within a week", "3 days ago", «неделю
 * назад», "two weeks from now", «недели через две». */
static gboolean distance(SvDateCtx *c, guint i, SvDateBit *out)
{
    double n;
    gint32 period;
    gboolean working, vague, within = FALSE, in = FALSE, english = c->lang == SV_LANG_EN;
    guint end, k = i;
    if (sv_d_is(c, i, SV_WORD_WITHIN) && !(i > 0 && sv_scan_glued(c->s, i))) {
        within = TRUE;
        k = i + 1;
    } else if (sv_d_is(c, i, SV_WORD_THROUGH_TIME)) {
        in = TRUE;
        k = i + 1;
    } else if (sv_d_val(c, i, SV_WORD_PERIOD) >= 1 &&
               sv_d_is(c, i + 1, SV_WORD_THROUGH_TIME)) { /* «недели через две» */
        SvNumber number;
        if (!sv_number_read(c->s, i + 2, c->lang, &number) || number.value > 1000 ||
            sv_d_is(c, number.end, SV_WORD_PERIOD))
            return FALSE;
        *out = sv_d_bit(i, number.end, 0, 0, SV_GRAIN_DAY);
        out->relative = out->vague = TRUE;
        return add_time(c, number.value, sv_d_val(c, i, SV_WORD_PERIOD), FALSE, 1, out);
    }
    if (!amount_of_time(c, k, &n, &period, &working, &vague, &end))
        return FALSE;
    int sign = 1;
    if (!within && !in) {
        if (sv_d_is(c, end, SV_WORD_AGO))
            sign = -1;
        else if (!(sv_d_is(c, end, SV_WORD_SINCE) &&
                     (sv_d_val(c, end + 1, SV_WORD_RELDAY) == 0 ||
                         (english && end + 1 < c->s->n &&
                             c->s->tok[end + 1].to - c->s->tok[end + 1].from == 3 &&
                             !g_ascii_strncasecmp(c->s->text + c->s->tok[end + 1].from, "now", 3)))))
            return FALSE;
        end += sign < 0 ? 1 : 2;
    }
    *out = sv_d_bit(i, end, 0, 0, SV_GRAIN_DAY);
    out->relative = TRUE;
    out->vague = vague;
    if (english && end < c->s->n && in && c->s->tok[end].to - c->s->tok[end].from == 4 &&
        !g_ascii_strncasecmp(c->s->text + c->s->tok[end].from, "time", 4))
        out->end++;
    if (!add_time(c, n, period, working, sign, out))
        return FALSE;
    if (within) {
        out->from = c->today;
        out->role = SV_DATE_DEADLINE;
    }
    out->fixed = within || in;
    return TRUE;
}

/* A year alone: «2025 год», «в двадцать шестом году», "in 2026". */
static gboolean year_alone(SvDateCtx *c, guint i, SvDateBit *out)
{
    guint end;
    int year;
    if (i > 0 && sv_scan_glued(c->s, i) && !sv_scan_mark(c->s, i - 1, '(') &&
        !sv_scan_mark(c->s, i - 1, 0xAB))
        return FALSE;
    gboolean prep = i > 0 && (sv_d_is(c, i - 1, SV_WORD_AT) || sv_d_is(c, i - 1, SV_WORD_SINCE) ||
                                 sv_d_is(c, i - 1, SV_WORD_BY));
    if (!sv_d_year(c, i, FALSE, &year, &end) &&
        !(prep && sv_scan_digits(c->s, i) == 4 && sv_d_year(c, i, TRUE, &year, &end) &&
            sv_d_ends(c, end, TRUE)))
        return FALSE;
    *out = sv_d_bit(i, end, sv_day_from_civil(year, 1, 1), sv_day_from_civil(year, 12, 31), SV_GRAIN_YEAR);
    return TRUE;
}

static gboolean season(SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 which = sv_d_val(c, i, SV_WORD_SEASON);
    guint end = i + 1, year_end;
    int year = 0;
    const SvTok *t = &c->s->tok[i];
    if (which == SV_SCAN_NONE)
        return FALSE;
    gboolean cyrillic = !g_ascii_isalpha(c->s->text[t->from]);
    /* «лет» counts years; "spring", "fall" are other things; a season is said «летом», «к лету», "in
     * summer" */
    gboolean instrumental = cyrillic && (t->to - t->from) >= 8 && (!memcmp(c->s->text + t->to - 4, "ом", 4) ||
        !memcmp(c->s->text + t->to - 4, "ой", 4) || !memcmp(c->s->text + t->to - 4, "ью", 4));
    gboolean prep = i > 0 && (sv_d_is(c, i - 1, SV_WORD_BY) || sv_d_is(c, i - 1, SV_WORD_BY_DAT) ||
                                 sv_d_is(c, i - 1, SV_WORD_SINCE) || sv_d_is(c, i - 1, SV_WORD_EDGE) ||
                                 sv_d_is(c, i - 1, SV_WORD_BEFORE) || sv_d_is(c, i - 1, SV_WORD_AT) ||
                                 sv_d_is(c, i - 1, SV_WORD_ON) || sv_d_is(c, i - 1, SV_WORD_OF) ||
                                 (sv_d_is(c, i - 1, SV_WORD_THE) && i > 1 &&
                                     (sv_d_is(c, i - 2, SV_WORD_AT) || sv_d_is(c, i - 2, SV_WORD_BY))));
    if (!instrumental && !prep)
        return FALSE;
    if (sv_d_year(c, end, TRUE, &year, &year_end))
        end = year_end;
    *out = sv_d_bit(i, end, 0, 0, SV_GRAIN_SEASON);
    sv_d_season_bit(c, which, year, sv_d_past(c, i, end), out);
    out->relative = !year;
    return out->from != SV_DAY_NONE;
}

/* "first week of December", «вторая неделя января», "the week of 10 November", "week commencing 3 May". */
static gboolean week_of(SvDateCtx *c, guint i, SvDateBit *out)
{
    SvOrdinal o = {0};
    guint k = i;
    gboolean last = sv_d_is(c, i, SV_WORD_LAST) && g_ascii_isalpha(c->s->text[c->s->tok[i].from]);
    gboolean nth = last || sv_ordinal_read(c->s, i, &o);
    if (nth)
        k = last ? i + 1 : o.end;
    if (sv_d_val(c, k, SV_WORD_PERIOD) != 2)
        return FALSE;
    k++;
    gboolean of = sv_d_is(c, k, SV_WORD_OF) || sv_d_is(c, k, SV_WORD_WEEK_OF);
    k += of;
    k += sv_d_is(c, k, SV_WORD_THE);
    if (!nth && !of)
        return FALSE;
    if (!nth) {
        if (k >= c->s->n || c->s->tok[k].line ||
            !(sv_d_figures(c, k, out) || sv_d_day_month(c, k, out) || sv_d_ordinal(c, k, out)))
            return FALSE;
        out->from -= sv_day_weekday(out->from);
        out->to = out->from + 4;
    } else {
        int n = last || o.value == 99 ? 9 : o.value, y, m, d;
        if (n > 5 && n != 9)
            return FALSE;
        if (!sv_d_month(c, k, out) &&
            !(sv_d_is(c, k, SV_WORD_MONTH_SHORT) && sv_d_month_name(c, k, TRUE) &&
                (sv_d_month_bit(sv_d_year_of_month(c, sv_d_month_name(c, k, TRUE), FALSE),
                     sv_d_month_name(c, k, TRUE), out),
                    out->end = k + 1, TRUE)))
            return FALSE;
        sv_day_to_civil(out->from, &y, &m, &d);
        SvDay monday = out->from + (7 - sv_day_weekday(out->from)) % 7;
        SvDay friday = n == 9 ? out->to - (sv_day_weekday(out->to) + 3) % 7 : monday + 7 * (n - 1) + 4;
        out->from = friday - 4;
        out->to = friday;
    }
    out->begin = out->whole_begin = i;
    out->grain = SV_GRAIN_WEEK;
    out->edge = TRUE;
    return TRUE;
}

/* "month end", "week's end"; «на выходных», "at the weekend". */
static gboolean period_alone(SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 period = sv_d_val(c, i, SV_WORD_PERIOD);
    if ((period == 3 || period == 4 || period == 2 || period == 6) && sv_d_val(c, i + 1, SV_WORD_EDGE) == 3 &&
        sv_scan_glued(c->s, i + 1) == FALSE && g_ascii_isalpha(c->s->text[c->s->tok[i].from])) {
        *out = sv_d_bit(i, i + 2, 0, 0, SV_GRAIN_DAY);
        if (!sv_d_period(c, period, 0, out))
            return FALSE;
        sv_d_edge(out, 3);
        return TRUE;
    }
    guint p = i - 1;
    if (period == 2 && i > 0 && sv_d_is(c, p, SV_WORD_ON) &&
        !memcmp(c->s->text + c->s->tok[i].to - 2, "е", 2)) { /* «на неделе» */
        *out = sv_d_bit(i, i + 1, 0, 0, SV_GRAIN_WEEK);
        return out->vague = sv_d_period(c, 2, 0, out);
    }
    if (period != 10)
        return FALSE;
    if (i > 1 && sv_d_is(c, p, SV_WORD_THE))
        p--;
    gboolean prep =
        i > 0 && (sv_d_is(c, p, SV_WORD_ON) || sv_d_is(c, p, SV_WORD_AFTER) || sv_d_is(c, p, SV_WORD_BY) ||
                     sv_d_is(c, p, SV_WORD_BY_DAT) || sv_d_is(c, p, SV_WORD_AT) ||
                     sv_d_is(c, p, SV_WORD_OVER) || sv_d_is(c, p, SV_WORD_BEFORE));
    if (!prep)
        return FALSE;
    *out = sv_d_bit(i, i + 1, 0, 0, SV_GRAIN_DAY);
    if (!sv_d_period(c, 10, sv_d_past(c, i, i + 1) ? -1 : 0, out))
        return FALSE;
    if (sv_d_is(c, p, SV_WORD_AFTER)) {
        out->from = out->to = sv_day_working(c->country, out->to + 1, 1);
    } else if (sv_d_is(c, p, SV_WORD_BY) || sv_d_is(c, p, SV_WORD_BEFORE)) {
        out->from = out->to = out->from - 1;
    }
    return TRUE;
}

gboolean sv_d_relative(SvDateCtx *c, guint i, SvDateBit *out)
{
    if (sv_d_is(c, i, SV_WORD_DAYS_SOON) && i > 0 && sv_d_is(c, i - 1, SV_WORD_ON)) {
        *out = sv_d_bit(i, i + 1, c->today, c->today + 3, SV_GRAIN_DAY);
        return out->relative = out->vague = TRUE;
    }
    return week_of(c, i, out) || relday(c, i, out) || edge(c, i, out) || distance(c, i, out) ||
           directed(c, i, out) || quarter(c, i, out) || season(c, i, out) || year_alone(c, i, out) ||
           period_alone(c, i, out);
}
