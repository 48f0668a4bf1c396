/* Dates: what was not said. The year of a day, the month of a "20th", the week of a Friday.
 *
 * A date without a year is sought from sixty days back to ten months ahead, with a verb in the past around it
 * the latest one that has passed. A working week ends on Friday. */
#include "date_parse.h"
#include <string.h>

enum { BACK_DAYS = 60, BACK_MONTHS = 2, PAST_DAYS = 190, PAST_MONTHS = 5 };

SvDateBit sv_d_bit(guint begin, guint end, SvDay from, SvDay to, SvGrain grain)
{
    return (SvDateBit){.begin = begin,
        .end = end,
        .from = from,
        .to = to,
        .grain = grain,
        .minute = -1,
        .whole_begin = begin};
}

static gboolean fits_weekday(const SvDateCtx *c, SvDay day)
{
    return c->weekday < 0 || sv_day_weekday(day) == c->weekday;
}

SvDay sv_d_day_of(const SvDateCtx *c, int month, int day, gboolean past)
{
    SvDay best = SV_DAY_NONE;
    if (past) { /* a verb in the past half a year away from the day says nothing about it */
        SvDay last = sv_day_from_civil(c->year, month, day);
        if (last == SV_DAY_NONE || last > c->today)
            last = sv_day_from_civil(c->year - 1, month, day);
        past = last != SV_DAY_NONE && c->today - last <= PAST_DAYS;
    }
    for (int y = c->year - 1; y <= c->year + 1; y++) {
        SvDay at = sv_day_from_civil(y, month, day);
        if (at == SV_DAY_NONE)
            continue;
        if (past ? at <= c->today : at >= c->today - BACK_DAYS && best == SV_DAY_NONE)
            best = at;
    }
    for (int y = c->year - 1;
         c->weekday >= 0 && best != SV_DAY_NONE && !fits_weekday(c, best) && y <= c->year + 1; y++) {
        SvDay at = sv_day_from_civil(y, month, day);
        if (at != SV_DAY_NONE && fits_weekday(c, at) && ABS(at - c->today) < 300)
            return at;
    }
    if (best == SV_DAY_NONE && month == 2 && day == 29)
        for (int y = c->year; y <= c->year + 8 && best == SV_DAY_NONE; y++)
            best = sv_day_from_civil(y, 2, 29);
    return best;
}

SvDay sv_d_day_in_month(const SvDateCtx *c, int day, gboolean past)
{
    if (day < 1 || day > 31)
        return SV_DAY_NONE;
    if (c->month_said != SV_DAY_NONE) {
        int y, m, d;
        sv_day_to_civil(c->month_said, &y, &m, &d);
        SvDay at = sv_day_from_civil(y, m, day);
        if (at != SV_DAY_NONE)
            return at;
    }
    SvDay first = SV_DAY_NONE;
    for (int n = 0; n < 7; n++) {
        int month = c->year * 12 + c->month - 1 + (past ? -n : n);
        SvDay at = sv_day_from_civil(month / 12, month % 12 + 1, day);
        if (at == SV_DAY_NONE || (past ? at > c->today : at < c->today))
            continue;
        if (first == SV_DAY_NONE)
            first = at;
        if (fits_weekday(c, at))
            return at;
    }
    return first;
}

int sv_d_year_of_month(const SvDateCtx *c, int month, gboolean past)
{
    int now = c->year * 12 + c->month - 1;
    for (int y = c->year - 1; y <= c->year + 1; y++) {
        int then = y * 12 + month - 1;
        if (past && then <= now && then >= now - PAST_MONTHS)
            return y;
    }
    for (int y = c->year - 1; y <= c->year + 1; y++) {
        int then = y * 12 + month - 1;
        if (then >= now - BACK_MONTHS && then < now + 12 - BACK_MONTHS)
            return y;
    }
    return c->year;
}

SvDay sv_d_weekday(const SvDateCtx *c, int weekday, gboolean past)
{
    int now = sv_day_weekday(c->today);
    int ahead = (weekday - now + 7) % 7;
    if (past)
        return c->today - (ahead ? 7 - ahead : 7);
    return c->today + (ahead ? ahead : 7);
}

SvDay sv_d_monday(const SvDateCtx *c, int n)
{
    return c->today - sv_day_weekday(c->today) + 7 * n;
}

void sv_d_month_bit(int year, int month, SvDateBit *out)
{
    out->from = sv_day_from_civil(year, month, 1);
    out->to = out->from == SV_DAY_NONE ? SV_DAY_NONE : out->from + sv_days_in_month(year, month) - 1;
    out->grain = SV_GRAIN_MONTH;
}

void sv_d_quarter_bit(int year, int quarter, SvDateBit *out)
{
    sv_d_month_bit(year, quarter * 3, out);
    out->from = sv_day_from_civil(year, quarter * 3 - 2, 1);
    out->grain = SV_GRAIN_QUARTER;
}

/* Winter begins in December of the year before `year`; year 0: the nearest one. */
void sv_d_season_bit(const SvDateCtx *c, int season, int year, gboolean past, SvDateBit *out)
{
    int first = season == 1 ? 12 : season * 3 - 3, y = year;
    if (!y) {
        int now = c->year * 12 + c->month - 1, start = c->year * 12 + first - 1;
        if (past)
            start -= start > now ? 12 : 0;
        else if (start - 12 + 2 >= now - 1) /* still running, or just over */
            start -= 12;
        else if (start + 2 < now - 1)
            start += 12;
        y = start / 12;
    } else if (season == 1) {
        y--;
    }
    out->from = sv_day_from_civil(y, first, 1);
    out->to = out->from == SV_DAY_NONE ? SV_DAY_NONE : sv_day_add_months(out->from, 3) - 1;
    out->grain = SV_GRAIN_SEASON;
}

gboolean sv_d_period(const SvDateCtx *c, int period, int n, SvDateBit *out)
{
    int month = c->year * 12 + c->month - 1 + n;
    int quarter = c->year * 4 + (c->month - 1) / 3 + n;
    int half = c->year * 2 + (c->month > 6) + n;
    out->relative = TRUE;
    switch (period) {
    case 1:
        out->from = out->to = c->today + n;
        return TRUE;
    case 2:
        out->from = n == 0 ? c->today : sv_d_monday(c, n);
        out->to = MAX(sv_d_monday(c, n) + (n == 0 && sv_day_weekday(c->today) > 4 ? 6 : 4), out->from);
        out->grain = SV_GRAIN_WEEK;
        return TRUE;
    case 3:
        sv_d_month_bit(month / 12, month % 12 + 1, out);
        return out->from != SV_DAY_NONE;
    case 4:
        sv_d_quarter_bit(quarter / 4, quarter % 4 + 1, out);
        return out->from != SV_DAY_NONE;
    case 5:
        out->from = sv_day_from_civil(half / 2, half % 2 ? 7 : 1, 1);
        out->to = sv_day_from_civil(half / 2, half % 2 ? 12 : 6, half % 2 ? 31 : 30);
        out->grain = SV_GRAIN_QUARTER;
        return out->from != SV_DAY_NONE;
    case 6:
        out->from = sv_day_from_civil(c->year + n, 1, 1);
        out->to = sv_day_from_civil(c->year + n, 12, 31);
        out->grain = SV_GRAIN_YEAR;
        return out->from != SV_DAY_NONE && out->to != SV_DAY_NONE;
    case 10:
        out->from = sv_d_monday(c, n) + 5;
        out->to = out->from + 1;
        return TRUE;
    default:
        return FALSE;
    }
}

void sv_d_edge(SvDateBit *bit, int edge)
{
    int days = bit->to - bit->from + 1;
    bit->edge = TRUE;
    if (bit->grain == SV_GRAIN_DAY)
        return;
    if (bit->grain == SV_GRAIN_WEEK) {
        SvDay friday = bit->to;
        bit->from = edge == 1 ? friday - 4 : edge == 2 ? friday - 2 : friday;
        bit->to = edge == 1 ? friday - 3 : edge == 2 ? friday - 2 : friday;
        return;
    }
    int third = days / 3;
    bit->vague = TRUE;
    if (edge == 1) {
        bit->to = bit->from + third - 1;
    } else if (edge == 2) {
        bit->from = bit->to = bit->from + (days - 1) / 2 - (days == 31);
    } else {
        bit->from = bit->to - third + 1;
        bit->vague = FALSE;
    }
}

static gboolean year_word(const SvDateCtx *c, guint i, guint *end)
{
    if (sv_d_val(c, i, SV_WORD_PERIOD) == 6) {
        *end = i + 1;
        return TRUE;
    }
    if (i < c->s->n && c->s->tok[i].type == SV_TOK_WORD && c->s->tok[i].to - c->s->tok[i].from <= 4 &&
        sv_scan_mark(c->s, i + 1, '.') && (!memcmp(c->s->text + c->s->tok[i].from, "г", 2)) &&
        (c->s->tok[i].to - c->s->tok[i].from == 2)) {
        *end = i + 2;
        return TRUE;
    }
    if (i < c->s->n && c->s->tok[i].type == SV_TOK_WORD && c->s->tok[i].to - c->s->tok[i].from == 2 &&
        !memcmp(c->s->text + c->s->tok[i].from, "г", 2)) {
        *end = i + 1;
        return TRUE;
    }
    return FALSE;
}

gboolean sv_d_year(const SvDateCtx *c, guint i, gboolean after_month, int *year, guint *end)
{
    guint k = i, after;
    SvOrdinal o;
    int four = sv_scan_digits(c->s, i) == 4 ? (int)c->s->tok[i].x : 0;
    if (after_month && (sv_scan_mark(c->s, i, '\'') || sv_scan_mark(c->s, i, 0x2019)) &&
        sv_scan_digits(c->s, i + 1) == 2) {
        *year = 2000 + (int)c->s->tok[i + 1].x;
        *end = i + 2;
        return TRUE;
    }
    if (four >= 1990 && four <= 2099 &&
        !(sv_scan_mark(c->s, i + 1, '-') && sv_scan_digits(c->s, i + 2) && sv_scan_glued(c->s, i + 2))) {
        k = i + 1;
        if (sv_scan_mark(c->s, k, '-') && sv_scan_glued(c->s, k) &&
            c->s->tok[k + 1 < c->s->n ? k + 1 : k].type == SV_TOK_WORD &&
            (sv_d_is(c, k + 1, SV_WORD_SUFFIX_GEN) || sv_d_is(c, k + 1, SV_WORD_SUFFIX_LOC)))
            k += 2;
        gboolean word = year_word(c, k, &after);
        *end = word ? after : k;
        *year = four;
        return word || after_month;
    }
    if (sv_scan_digits(c->s, i) == 2 && year_word(c, i + 1, &after) && c->s->tok[i].x >= 10 &&
        c->s->tok[i].x <= 40 && after_month) {
        *year = 2000 + (int)c->s->tok[i].x;
        *end = after;
        return TRUE;
    }
    /* «две тысячи двадцать шестого» */
    if (sv_d_val(c, i, SV_WORD_UNIT) == 2 && sv_d_val(c, i + 1, SV_WORD_SCALE) == 3)
        k = i + 2;
    if (!sv_ordinal_read(c->s, k, &o) || o.value < 10 || o.value > 40 ||
        (o.form != SV_ORDINAL_GEN && o.form != SV_ORDINAL_LOC))
        return FALSE;
    gboolean word = year_word(c, o.end, &after);
    if (!word && k == i && !(after_month && o.words))
        return FALSE;
    *year = 2000 + o.value;
    *end = word ? after : o.end;
    return TRUE;
}
