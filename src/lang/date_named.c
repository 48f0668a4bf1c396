/* Named days: «Новый год», «майские», «праздники», Christmas, Easter, Nauryz, "COB", "EOD", "EOM".
 *
 * «До» and "before" such a day mean the day before it, «после» the first working day after the days off
 * around it. */
#include "date_parse.h"

enum {
    NAMED_NEW_YEAR = 1,
    NAMED_MAY,
    NAMED_HOLIDAYS,
    NAMED_CHRISTMAS,
    NAMED_EASTER,
    NAMED_NAURYZ,
    NAMED_HOLIDAY,
    NAMED_WINTER = 10
};

static gboolean ahead_of(const SvDateCtx *c, guint i, SvWordKind kind)
{
    guint p = i - 1;
    if (i > 0 && (sv_d_is(c, p, SV_WORD_THE) || sv_d_is(c, p, SV_WORD_THIS)))
        p--;
    return i > 0 && p < c->s->n && sv_d_is(c, p, kind);
}

/* The year in which month/day is nearest, looking ahead unless the clause is past. */
static SvDay nearest(const SvDateCtx *c, int month, int day, gboolean past)
{
    SvDay at = sv_day_from_civil(c->year, month, day);
    if (past && at > c->today)
        at = sv_day_from_civil(c->year - 1, month, day);
    else if (!past && at + 14 < c->today)
        at = sv_day_from_civil(c->year + 1, month, day);
    return at;
}

/* The next public holiday at or after `day` with the days off around it. */
static gboolean holidays_from(const SvDateCtx *c, SvDay day, SvDay *from, SvDay *to)
{
    guint n = 0;
    while (!sv_day_holiday(c->country, day) && n++ < 120)
        day++;
    if (!sv_day_holiday(c->country, day))
        return FALSE;
    *from = day;
    while (sv_day_off(c->country, *from - 1) && *from > c->today - 14)
        (*from)--;
    *to = day;
    for (n = 0; n < 20 && sv_day_off(c->country, *to + 1); n++)
        (*to)++;
    return TRUE;
}

/* «Праздники» are at least three days off together; where there are none soon, the next one day. */
static gboolean next_holidays(const SvDateCtx *c, gboolean many, SvDay *from, SvDay *to)
{
    if (!holidays_from(c, c->today, from, to))
        return FALSE;
    SvDay first_from = *from, first_to = *to;
    for (guint n = 0; many && n < 4 && *to - *from < 2; n++)
        if (!holidays_from(c, *to + 1, from, to) || *from > c->today + 75)
            break;
    if (many && *to - *from >= 2 && *from <= c->today + 75)
        return TRUE;
    *from = first_from;
    *to = first_to;
    return TRUE;
}

static gboolean holiday_span(const SvDateCtx *c, guint i, int name, SvDay *from, SvDay *to)
{
    gboolean past = sv_d_past(c, i, i + 1);
    switch (name) {
    case NAMED_MAY:
        *from = nearest(c, 5, 1, past);
        *to = *from + 8;
        break;
    case NAMED_HOLIDAYS:
        return next_holidays(c, TRUE, from, to);
    case NAMED_HOLIDAY:
        return next_holidays(c, FALSE, from, to);
    case NAMED_NEW_YEAR:
    case NAMED_WINTER:
        *from = *to = sv_day_from_civil(c->year + (c->month > 1 || c->day > 12), 1, 1);
        break;
    case NAMED_CHRISTMAS: /* the Russian one is meant only where no Latin letter says else */
        *from = nearest(c, 12, 25, past);
        *to = *from + 1;
        break;
    case NAMED_EASTER:
        *from = sv_day_easter(c->year);
        if (!past && *from + 14 < c->today)
            *from = sv_day_easter(c->year + 1);
        *to = *from + 1;
        break;
    default:
        *from = nearest(c, 3, 21, past);
        *to = *from + 2;
    }
    return *from != SV_DAY_NONE;
}

static gboolean finish(const SvDateCtx *c, guint i, guint end, SvDay from, SvDay to, SvDateBit *out)
{
    *out = sv_d_bit(i, end, from, to, SV_GRAIN_DAY);
    out->relative = TRUE;
    if (ahead_of(c, i, SV_WORD_AFTER)) {
        while (sv_day_off(c->country, to + 1) && to < from + 20)
            to++;
        out->from = out->to = to + 1;
        out->role = SV_DATE_START;
    } else if (ahead_of(c, i, SV_WORD_BY) || ahead_of(c, i, SV_WORD_BY_DAT) ||
               ahead_of(c, i, SV_WORD_BEFORE)) {
        out->from = out->to = from - 1;
        out->role = SV_DATE_DEADLINE;
    } else {
        return TRUE;
    }
    out->holiday = out->edge = TRUE;
    return TRUE;
}

/* «до/к/после/с Нового года», "New Year". Without such a preposition it is a wish. */
static gboolean new_year(const SvDateCtx *c, guint i, SvDateBit *out)
{
    if (!sv_d_is(c, i, SV_WORD_NEW) || sv_d_val(c, i + 1, SV_WORD_PERIOD) != 6)
        return FALSE;
    SvDay day = sv_day_from_civil(c->year + (c->month > 1 || c->day > 10), 1, 1);
    if (day == SV_DAY_NONE)
        return FALSE;
    guint end = i + 2;
    if (sv_scan_mark(c->s, end, '\'') || sv_scan_mark(c->s, end, 0x2019))
        end += sv_scan_glued(c->s, end + 1) ? 2 : 1;
    if (ahead_of(c, i, SV_WORD_SINCE) || ahead_of(c, i, SV_WORD_AT) || ahead_of(c, i, SV_WORD_ON)) {
        *out = sv_d_bit(i, end, day, day, SV_GRAIN_DAY);
        return out->relative = TRUE;
    }
    return (ahead_of(c, i, SV_WORD_AFTER) || ahead_of(c, i, SV_WORD_BY) || ahead_of(c, i, SV_WORD_BY_DAT) ||
               ahead_of(c, i, SV_WORD_BEFORE)) &&
           finish(c, i, end, day, day, out);
}

/* "COB Friday", "EOD", "EOM", "close of business" is said with them. */
static gboolean end_of_day(SvDateCtx *c, guint i, SvDateBit *out)
{
    gint32 minute = sv_d_val(c, i, SV_WORD_DAYEND);
    if (minute != SV_SCAN_NONE) {
        guint k = i + 1;
        k += sv_d_is(c, k, SV_WORD_ON);
        gboolean again = sv_d_is(c, k, SV_WORD_DAYEND); /* "EOD EOD EOD …": one is enough, and no recursion */
        if (k < c->s->n && !again && !c->s->tok[k].line && sv_d_read(c, k, out)) {
            out->begin = out->whole_begin = i;
        } else {
            *out = sv_d_bit(i, i + 1, c->today, c->today, SV_GRAIN_DAY);
            out->relative = TRUE;
        }
        out->minute = (gint16)minute;
        out->role = SV_DATE_DEADLINE;
        return TRUE;
    }
    int period = sv_d_is(c, i, SV_WORD_WEEKEND_END) ? 2 : sv_d_is(c, i, SV_WORD_MONTH_END) ? 3 : 0;
    if (!period)
        return FALSE;
    *out = sv_d_bit(i, i + 1, 0, 0, SV_GRAIN_DAY);
    if (!sv_d_period(c, period, 0, out))
        return FALSE;
    sv_d_edge(out, 3);
    out->role = SV_DATE_DEADLINE;
    return TRUE;
}

static gboolean token_ends(const SvDateCtx *c, guint i, const char *const *endings)
{
    if (i >= c->s->n || c->s->tok[i].type != SV_TOK_WORD || c->s->tok[i].line)
        return FALSE;
    const SvTok *t = &c->s->tok[i];
    for (; *endings; endings++) {
        gsize n = strlen(*endings);
        if (t->to - t->from > n && memcmp(c->s->text + t->to - n, *endings, n) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Does the adjective at i only describe the noun behind it: «к новогодним подаркам», «до майских скидок»? */
static gboolean describes_noun(const SvDateCtx *c, guint i)
{
    static const char *const dative[] = {"им", NULL}, *const dative_noun[] = {"ам", "ям", NULL};
    static const char *const genitive[] = {"их", NULL}, *const genitive_noun[] = {
                                                            "ов", "ев", "ей", "ок", "ек", NULL};
    return (token_ends(c, i, dative) && token_ends(c, i + 1, dative_noun)) ||
           (token_ends(c, i, genitive) && token_ends(c, i + 1, genitive_noun));
}

gboolean sv_d_named(SvDateCtx *c, guint i, SvDateBit *out)
{
    if (new_year(c, i, out) || end_of_day(c, i, out))
        return TRUE;
    SvDay from, to;
    if (sv_d_is(c, i, SV_WORD_BOXING) && sv_d_val(c, i + 1, SV_WORD_PERIOD) == 1) {
        from = nearest(c, 12, 26, sv_d_past(c, i, i + 2));
        *out = sv_d_bit(i, i + 2, from, from, SV_GRAIN_DAY);
        return out->relative = TRUE;
    }
    gint32 name = sv_d_val(c, i, SV_WORD_NAMED);
    if (name == SV_SCAN_NONE || !holiday_span(c, i, name, &from, &to))
        return FALSE;
    guint end = i + 1;
    gboolean adjective = name == NAMED_MAY || name == NAMED_WINTER;
    if (adjective && sv_d_val(c, end, SV_WORD_NAMED) != NAMED_HOLIDAYS && describes_noun(c, i))
        return FALSE;
    if (adjective)
        end += sv_d_val(c, end, SV_WORD_NAMED) == NAMED_HOLIDAYS;
    gboolean prep = ahead_of(c, i, SV_WORD_AFTER) || ahead_of(c, i, SV_WORD_BY) ||
                    ahead_of(c, i, SV_WORD_BY_DAT) || ahead_of(c, i, SV_WORD_BEFORE) ||
                    ahead_of(c, i, SV_WORD_ON) || ahead_of(c, i, SV_WORD_AT) ||
                    ahead_of(c, i, SV_WORD_OVER) || ahead_of(c, i, SV_WORD_SINCE);
    if (!prep) /* «с праздником», "happy holidays" */
        return FALSE;
    gboolean wish = (name == NAMED_HOLIDAYS || name == NAMED_HOLIDAY || name == NAMED_NEW_YEAR) &&
                    ahead_of(c, i, SV_WORD_SINCE);
    return !wish && finish(c, i, end, from, to, out);
}
