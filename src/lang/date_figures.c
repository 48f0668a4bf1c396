/* Dates in figures: 20.12, 20.12.2025, 20/12, 2025-12-20, ranges 14-15.11 and 20.12–25.12 (the second half is
 * joined in date.c). Versions, fractions, measures, clauses, addresses and numbers of more than three parts
 * are none. */
#include "date_parse.h"

/* Are tokens i, i+1, i+2 a figure, this mark and a figure without spaces? */
static gboolean pair(const SvScan *s, guint i, gunichar mark)
{
    return sv_scan_digits(s, i) && sv_scan_mark(s, i + 1, mark) && sv_scan_glued(s, i + 1) &&
           sv_scan_digits(s, i + 2) && sv_scan_glued(s, i + 2);
}

/* Does the figure before or after make it a version, a fraction, an address? */
static gboolean is_part(const SvDateCtx *c, guint begin, guint end)
{
    const SvScan *s = c->s;
    if (begin > 0 && sv_scan_glued(s, begin)) {
        if (s->tok[begin - 1].type == SV_TOK_WORD)
            return TRUE;
        gunichar m = s->tok[begin - 1].x;
        if (s->tok[begin - 1].type == SV_TOK_MARK &&
            (m == '.' || m == ',' || m == '/' || m == '$' || m == 0xA3 || m == 0x20AC || m == '#' ||
                m == 0x2116 || m == '+' || m == ':'))
            return TRUE;
        if (sv_scan_dash(s, begin - 1) && begin > 1 && sv_scan_glued(s, begin - 1) &&
            s->tok[begin - 2].type == SV_TOK_WORD)
            return TRUE;
    }
    if (begin > 0 && (sv_d_is(c, begin - 1, SV_WORD_CODE_BEFORE) || sv_scan_mark(s, begin - 1, 0x2116) ||
            (sv_scan_mark(s, begin - 1, '.') && begin > 1 && sv_d_is(c, begin - 2, SV_WORD_CODE_BEFORE))))
        return TRUE;
    if (end >= s->n)
        return FALSE;
    if (sv_scan_mark(s, end, 0)) {
        gunichar m = s->tok[end].x;
        if (m == '%' || m == 0x20BD || m == 0x20B8 || m == 0x20AC || m == '$' || m == 0xB0)
            return TRUE;
        if ((m == '.' || m == ',' || m == '/' || m == ':') && sv_scan_glued(s, end) &&
            sv_scan_digits(s, end + 1) && sv_scan_glued(s, end + 1))
            return m != ':';
        return FALSE;
    }
    if (s->tok[end].type == SV_TOK_WORD && s->tok[end].glued)
        return TRUE;
    return !s->tok[end].line && sv_d_is(c, end, SV_WORD_UNIT_AFTER) &&
           !(s->tok[end].to - s->tok[end].from <= 2 &&
               (sv_d_is(c, end, SV_WORD_AT) || sv_d_is(c, end, SV_WORD_FOLLOW)));
}

static gboolean full_year(const SvScan *s, guint i, int *year)
{
    guint n = sv_scan_digits(s, i);
    int v = n ? (int)s->tok[i].x : 0;
    if (n == 2 && v >= 10 && v <= 69)
        *year = 2000 + v;
    else if (n == 4 && v >= 1950 && v <= 2099)
        *year = v;
    else
        return FALSE;
    return TRUE;
}

static gboolean iso(const SvDateCtx *c, guint i, SvDateBit *out)
{
    const SvScan *s = c->s;
    gunichar mark = sv_scan_mark(s, i + 1, '.') ? '.' : sv_scan_mark(s, i + 1, '/') ? '/' : '-';
    if (sv_scan_digits(s, i) != 4 || !pair(s, i, mark) || !pair(s, i + 2, mark) ||
        sv_scan_digits(s, i + 2) != 2 || sv_scan_digits(s, i + 4) != 2 ||
        (i > 0 && sv_scan_glued(s, i) && s->tok[i - 1].type == SV_TOK_WORD))
        return FALSE;
    int year = (int)s->tok[i].x;
    SvDay day = year < 1950 || year > 2099
                    ? SV_DAY_NONE
                    : sv_day_from_civil(year, (int)s->tok[i + 2].x, (int)s->tok[i + 4].x);
    if (day == SV_DAY_NONE || (sv_scan_dash(s, i + 5) && sv_scan_glued(s, i + 5) && sv_scan_digits(s, i + 6)))
        return FALSE;
    guint end = i + 5;
    *out = sv_d_bit(i, end, day, day, SV_GRAIN_DAY);
    /* 2025-12-20T10:00 is one thing */
    if (end + 1 < s->n && s->tok[end].glued && s->tok[end].type == SV_TOK_WORD &&
        s->tok[end].to - s->tok[end].from == 1 && sv_scan_digits(s, end + 1) == 2)
        out->end = end + 1;
    return TRUE;
}

/* Is something beside it that speaks of dates: a preposition or a weekday? */
static gboolean has_neighbour(const SvDateCtx *c, guint i)
{
    guint p = i - 1;
    return i > 0 &&
           ((sv_scan_mark(c->s, p, '(') && sv_scan_mark(c->s, i + 3, ')')) || sv_d_is(c, p, SV_WORD_BY) ||
               sv_d_is(c, p, SV_WORD_BY_DAT) || sv_d_is(c, p, SV_WORD_SINCE) || sv_d_is(c, p, SV_WORD_ON) ||
               sv_d_is(c, p, SV_WORD_WEEKDAY) || sv_d_is(c, p, SV_WORD_WEEKDAY_SHORT) ||
               sv_d_is(c, p, SV_WORD_AFTER));
}

/* Day and month of "20.12", "20/12", US "12/20"; FALSE when the figures cannot be one. */
static gboolean day_and_month(
    const SvDateCtx *c, guint i, gunichar mark, gboolean has_year, int *day, int *month)
{
    const SvScan *s = c->s;
    guint nd = sv_scan_digits(s, i), nm = sv_scan_digits(s, i + 2);
    if (nd > 2 || nm > 2)
        return FALSE;
    *day = (int)s->tok[i].x;
    *month = (int)s->tok[i + 2].x;
    if (mark == '/' && c->lang == SV_LANG_EN && *month > 12 && *day <= 12) {
        int swap = *day;
        *day = *month;
        *month = swap;
    }
    if (*day < 1 || *day > 31 || *month < 1 || *month > 12)
        return FALSE;
    if (has_year)
        return TRUE;
    if (mark == '.')
        return nm == 2 && (nd == 2 || s->tok[i + 2].x > 0);
    if (*day == 24 && *month == 7)
        return FALSE; /* round the clock */
    if (c->lang == SV_LANG_RU)
        return nd == 2 && nm == 2 && (*day > 12 || has_neighbour(c, i));
    return (nd == 2 && nm == 2) || *day > 12 || has_neighbour(c, i);
}

gboolean sv_d_figures(SvDateCtx *c, guint i, SvDateBit *out)
{
    const SvScan *s = c->s;
    if (!sv_scan_digits(s, i))
        return FALSE;
    if (iso(c, i, out))
        return TRUE;
    guint first = i;
    int day0 = 0;
    /* 14-15.11 */
    if (sv_scan_digits(s, i) <= 2 && sv_scan_dash(s, i + 1) && sv_scan_glued(s, i + 1) &&
        sv_scan_digits(s, i + 2) && pair(s, i + 2, '.')) {
        day0 = (int)s->tok[i].x;
        i += 2;
    }
    gunichar mark = pair(s, i, '.') ? '.' : pair(s, i, '/') ? '/' : pair(s, i, '-') ? '-' : 0;
    int day, month, year = 0;
    if (!mark || (mark == '/' && sv_d_is(c, i + 3, SV_WORD_MONTH)))
        return FALSE;
    gboolean has_year = pair(s, i + 2, mark) && full_year(s, i + 4, &year);
    guint end = has_year ? i + 5 : i + 3;
    if ((mark == '-' && !(has_year && sv_scan_digits(s, i + 4) == 4)) ||
        !day_and_month(c, i, mark, has_year, &day, &month) || is_part(c, first, end))
        return FALSE;
    if (mark == '.' && !has_year && sv_scan_dash(s, end) && sv_scan_glued(s, end) &&
        sv_scan_digits(s, end + 1) && !pair(s, end + 1, '.'))
        return FALSE; /* a telephone number */
    gboolean from_ot = i > 0 && sv_d_is(c, i - 1, SV_WORD_FROM_OT);
    SvDay at = has_year ? sv_day_from_civil(year, month, day)
                        : sv_d_day_of(c, month, day, from_ot || sv_d_past(c, first, end));
    if (at == SV_DAY_NONE)
        return FALSE;
    SvDay from = at;
    if (day0 > 0 && day0 < day)
        from = at - (day - day0);
    guint year_end;
    int said;
    if (!has_year && sv_d_year(c, end, TRUE, &said, &year_end) &&
        sv_day_from_civil(said, month, day) != SV_DAY_NONE && !s->tok[end].line) {
        at = from = sv_day_from_civil(said, month, day);
        end = year_end;
    }
    *out = sv_d_bit(first, end, from, at, SV_GRAIN_DAY);
    if (from != at) {
        out->role = SV_DATE_INTERVAL;
        out->fixed = TRUE;
    }
    /* "20.12.2025 г." */
    if (has_year && end < s->n && s->tok[end].type == SV_TOK_WORD && sv_d_val(c, end, SV_WORD_PERIOD) == 6)
        out->end = end + 1;
    return TRUE;
}
