/* Times of day: «в 10:00», «после шести», «к 12», "by 5pm", "noon", «до обеда», "half eight".
 *
 * An hour from one to seven said without morning or evening is one of the working day: 13:00 to 19:00. A bare
 * hour is read only where nothing follows that it could count. */
#include "date_parse.h"

static gint16 working_hour(int hour, int minute)
{
    if (hour >= 1 && hour <= 7)
        hour += 12;
    return (gint16)(hour * 60 + minute);
}

/* What follows an hour: «часов», «утра», "pm", "o'clock". */
static guint hour_suffix(const SvDateCtx *c, guint k, int hour, int minute, gint16 *out, gboolean *strong)
{
    gint32 m;
    if (sv_d_val(c, k, SV_WORD_PERIOD) == 7 && c->s->tok[k].to - c->s->tok[k].from > 2) {
        *strong = TRUE;
        k++;
    } else if (k < c->s->n && c->s->tok[k].type == SV_TOK_WORD && c->s->tok[k].to - c->s->tok[k].from == 2 &&
               sv_d_is(c, k, SV_WORD_CLOCK)) {
        *strong = TRUE;
        k++;
        k += sv_scan_mark(c->s, k, '.') && sv_scan_glued(c->s, k);
    } else if ((sv_scan_mark(c->s, k + 1, '\'') || sv_scan_mark(c->s, k + 1, 0x2019)) &&
               sv_d_is(c, k + 2, SV_WORD_CLOCK)) {
        *strong = TRUE;
        k += 3;
    }
    if ((m = sv_d_val(c, k, SV_WORD_MERIDIEM)) != SV_SCAN_NONE) {
        *strong = TRUE;
        *out = (gint16)(hour % 12 * 60 + minute + m);
        return k + 1;
    }
    if ((m = sv_d_val(c, k, SV_WORD_MERIDIEM_RU)) != SV_SCAN_NONE ||
        (m = sv_d_val(c, k, SV_WORD_DAYPART)) == 1080) {
        *strong = TRUE;
        *out = (gint16)(hour <= 12 && m ? hour % 12 * 60 + minute + 720 : hour * 60 + minute);
        return k + 1;
    }
    *out = *strong && c->lang == SV_LANG_RU ? working_hour(hour, minute) : working_hour(hour, minute);
    return k;
}

static gboolean figures(const SvDateCtx *c, guint i, gint16 *minute, guint *end, gboolean *strong)
{
    const SvScan *s = c->s;
    int hour = sv_d_figure(c, i, 2);
    if (hour < 0 || hour > 24)
        return FALSE;
    gboolean colon = sv_scan_mark(s, i + 1, ':'), dot = sv_scan_mark(s, i + 1, '.') || sv_scan_dash(s, i + 1);
    if ((colon || dot) && sv_scan_glued(s, i + 1) && sv_scan_glued(s, i + 2) &&
        sv_scan_digits(s, i + 2) == 2 && s->tok[i + 2].x < 60) {
        int mi = (int)s->tok[i + 2].x;
        guint after = i + 3;
        if (dot &&
            (mi % 15 || sv_scan_mark(s, after, '%') || sv_d_is(c, after, SV_WORD_UNIT_AFTER) ||
                sv_d_is(c, after, SV_WORD_CURRENCY) || sv_d_is(c, after, SV_WORD_SCALE) ||
                (sv_scan_mark(s, after, 0) && !sv_scan_mark(s, after, '.') && !sv_scan_mark(s, after, ','))))
            return FALSE;
        if (sv_scan_digits(s, after) && sv_scan_glued(s, after))
            return FALSE;
        *strong = TRUE;
        if (colon && sv_scan_mark(s, after, ':') && sv_scan_digits(s, after + 1) == 2)
            after += 2;
        gboolean marked = FALSE;
        *end = hour_suffix(c, after, hour, mi, minute, &marked);
        if (!marked)
            *minute = (gint16)(hour * 60 + mi);
        return *minute <= 1440;
    }
    if ((colon || dot) && sv_scan_glued(s, i + 1) && sv_scan_digits(s, i + 2) && sv_scan_glued(s, i + 2))
        return FALSE;
    *end = hour_suffix(c, i + 1, hour, 0, minute, strong);
    return *minute <= 1440;
}

/* "half eight", "half past eight", "quarter to five". */
static gboolean british(const SvDateCtx *c, guint i, gint16 *minute, guint *end)
{
    int part = sv_d_is(c, i, SV_WORD_HALFWORD) ? 30 : sv_d_val(c, i, SV_WORD_PERIOD) == 4 ? 15 : 0;
    guint k = i + 1;
    if (!part || !g_ascii_isalpha(c->s->text[c->s->tok[i].from]))
        return FALSE;
    gboolean to = sv_d_is(c, k, SV_WORD_TO) && part == 15;
    gboolean past = sv_d_is(c, k, SV_WORD_LAST);
    k += to || past;
    gint32 hour = sv_d_val(c, k, SV_WORD_UNIT);
    if (hour == SV_SCAN_NONE)
        hour = sv_d_figure(c, k, 2);
    if (hour < 1 || hour > 12 || (part == 15 && !to && !past) || !sv_d_ends(c, k + 1, FALSE))
        return FALSE;
    *minute = (gint16)(working_hour(hour, 0) + (to ? -part : part));
    *end = k + 1;
    return TRUE;
}

static gboolean words(const SvDateCtx *c, guint i, gint16 *minute, guint *end, gboolean *strong)
{
    gint32 hour = sv_d_val(c, i, SV_WORD_UNIT), ten = sv_d_val(c, i, SV_WORD_TEN);
    guint k = i + 1;
    if (ten == 20) {
        gint32 unit = sv_d_val(c, k, SV_WORD_UNIT);
        hour = 20 + (unit > 0 && unit < 5 ? unit : 0);
        k += unit > 0 && unit < 5;
    }
    if (hour == SV_SCAN_NONE || hour < 1 || hour > 24)
        return FALSE;
    gint32 mi = sv_d_val(c, k, SV_WORD_TEN), low = 0;
    if (mi == SV_SCAN_NONE && (mi = sv_d_val(c, k, SV_WORD_UNIT)) != 15)
        mi = 0;
    if (mi >= 60)
        return FALSE;
    if (mi) {
        k++;
        low = mi >= 20 ? sv_d_val(c, k, SV_WORD_UNIT) : 0;
        low = low > 0 && low < 10 ? low : 0;
        k += low > 0;
    }
    *end = hour_suffix(c, k, hour, mi + low, minute, strong);
    return *minute <= 1440;
}

gboolean sv_d_clock(const SvDateCtx *c, guint i, gint16 *minute, guint *end, gboolean *strong)
{
    *strong = FALSE;
    if (i >= c->s->n)
        return FALSE;
    gint32 part = sv_d_val(c, i, SV_WORD_DAYPART);
    if (part == 720 || part == 1440) {
        *minute = (gint16)part;
        *end = i + 1;
        return *strong = TRUE;
    }
    if (british(c, i, minute, end))
        return *strong = TRUE;
    return figures(c, i, minute, end, strong) || words(c, i, minute, end, strong);
}

static gboolean time_prep(const SvDateCtx *c, guint i)
{
    return sv_d_is(c, i, SV_WORD_AT) || sv_d_is(c, i, SV_WORD_BY) || sv_d_is(c, i, SV_WORD_BY_DAT) ||
           sv_d_is(c, i, SV_WORD_AFTER) || sv_d_is(c, i, SV_WORD_SINCE) || sv_d_is(c, i, SV_WORD_BEFORE) ||
           sv_d_is(c, i, SV_WORD_ON) || sv_d_is(c, i, SV_WORD_APPROX);
}

/* A second time after one: «с 10:00 до 13:00», "10:00 to 13:00". */
static guint skip_range(const SvDateCtx *c, guint k)
{
    gint16 minute;
    guint end;
    gboolean strong;
    if ((sv_scan_dash(c->s, k) || sv_d_is(c, k, SV_WORD_TO) || sv_d_is(c, k, SV_WORD_BY)) &&
        sv_d_clock(c, k + 1, &minute, &end, &strong) && (strong || sv_d_ends(c, end, TRUE)))
        return end;
    return k;
}

/* The time after a date: «завтра в 10:00», "Friday by noon", «28-го до обеда», «в среду утром». */
void sv_d_tail(const SvDateCtx *c, SvDateBit *bit)
{
    guint k = bit->end, end;
    gint16 minute;
    gboolean strong;
    if (bit->grain != SV_GRAIN_DAY || bit->minute >= 0)
        return;
    gboolean part = sv_d_is(c, k, SV_WORD_DAYPART) && !c->s->tok[k].line;
    if (part && sv_d_val(c, k, SV_WORD_DAYPART) != 720 && sv_d_val(c, k, SV_WORD_DAYPART) != 1440)
        bit->end = ++k;
    k += sv_scan_mark(c->s, k, ',');
    gboolean prep = time_prep(c, k);
    k += prep;
    k += prep && sv_d_is(c, k, SV_WORD_THE);
    if (k >= c->s->n || c->s->tok[k].line)
        return;
    gint32 daypart = sv_d_val(c, k, SV_WORD_DAYPART);
    if (prep && daypart != SV_SCAN_NONE && !sv_d_is(c, k - 1, SV_WORD_SINCE) &&
        !(sv_d_is(c, k - 1, SV_WORD_AT) && daypart != 720)) {
        bit->minute = (gint16)(daypart == 540 ? 12 * 60 : daypart);
        bit->end = k + 1;
        return;
    }
    if (!sv_d_clock(c, k, &minute, &end, &strong) || !(strong || (prep && sv_d_ends(c, end, TRUE))))
        return;
    if (!prep && !strong)
        return;
    bit->minute = minute;
    bit->end = skip_range(c, end);
}

/* A time without a date: today's. */
gboolean sv_d_clock_alone(const SvDateCtx *c, guint i, SvDateBit *out)
{
    gint16 minute;
    guint end;
    gboolean strong;
    if (i == 0 || !time_prep(c, i - 1) || sv_scan_glued(c->s, i)) {
        /* "10:00" needs its colon */
        if (!(sv_scan_digits(c->s, i) == 2 && sv_scan_mark(c->s, i + 1, ':') && sv_scan_glued(c->s, i + 1) &&
                sv_d_clock(c, i, &minute, &end, &strong)) ||
            (i > 0 && sv_scan_glued(c->s, i) && !sv_scan_mark(c->s, i - 1, '(')))
            return FALSE;
    } else {
        gint32 daypart = sv_d_val(c, i, SV_WORD_DAYPART);
        gboolean towards = sv_d_is(c, i - 1, SV_WORD_BY) || sv_d_is(c, i - 1, SV_WORD_BY_DAT) ||
                           sv_d_is(c, i - 1, SV_WORD_AFTER) || sv_d_is(c, i - 1, SV_WORD_BEFORE);
        if (daypart != SV_SCAN_NONE && towards) {
            minute = (gint16)(daypart == 540 ? 12 * 60 : daypart);
            end = i + 1;
        } else {
            if (!sv_d_clock(c, i, &minute, &end, &strong))
                return FALSE;
            gboolean word = c->s->tok[i].type == SV_TOK_WORD;
            gboolean said =
                (towards || sv_d_is(c, i - 1, SV_WORD_AT)) && sv_d_ends(c, end, TRUE) &&
                (word || sv_d_is(c, i - 1, SV_WORD_BY_DAT) || (end >= c->s->n || sv_scan_mark(c->s, end, 0)));
            if (!strong &&
                (!said || (i > 1 && (sv_d_is(c, i - 2, SV_WORD_FROM_OT) || sv_scan_digits(c->s, i - 2)))))
                return FALSE;
            if (strong && sv_d_is(c, i - 1, SV_WORD_ON))
                return FALSE; /* «на 10 часов»: how long */
            if (strong && !sv_d_is(c, i - 1, SV_WORD_AT) && sv_d_val(c, end - 1, SV_WORD_PERIOD) == 7 &&
                sv_d_is(c, i - 1, SV_WORD_APPROX))
                return FALSE;
        }
    }
    /* "by noon Tuesday", «к утру вторника», "at 10 on Friday" */
    guint k = end + (sv_d_is(c, end, SV_WORD_AT) || sv_d_is(c, end, SV_WORD_ON));
    SvDateCtx copy = *c;
    if (k < c->s->n && !c->s->tok[k].line && sv_d_read(&copy, k, out) && out->grain == SV_GRAIN_DAY &&
        out->minute < 0 && out->role == SV_DATE_POINT) {
        out->begin = out->whole_begin = i;
        out->minute = minute;
        return TRUE;
    }
    *out = sv_d_bit(i, skip_range(c, end), c->today, c->today, SV_GRAIN_DAY);
    out->relative = TRUE;
    out->minute = minute;
    return TRUE;
}
