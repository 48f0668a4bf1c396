/* Inside of the date reader: what its files share. Not a door: only date*.c include it. */
#pragma once
#include "calendar.h"
#include "date.h"
#include "number.h"

typedef struct {
    const SvScan *s;
    SvTime at;
    SvDay today;
    SvLang lang;
    SvCountry country;
    int year, month, day; /* of today */
    int weekday;          /* 0 … 6: the day searched must be one, -1: any */
    SvDay month_said;     /* first day of a month named earlier in the sentence, SV_DAY_NONE */
} SvDateCtx;

/* A date read, not yet with its preposition. */
typedef struct {
    guint begin, end; /* tokens */
    SvDay from, to;
    SvGrain grain;
    gboolean relative, vague;
    gboolean edge;     /* part of a period («конец мая»): prepositions leave its days as they are */
    gboolean fixed;    /* its role is known by its words («в течение недели») */
    gboolean holiday;  /* "before Christmas": the day before */
    gboolean month_grain_day; /* day of a month whose name was not said */
    SvDateRole role;
    gint16 minute;
    guint whole_begin; /* token of a preposition that belongs to it, or begin */
} SvDateBit;

static inline gboolean sv_d_is(const SvDateCtx *c, guint i, SvWordKind kind)
{
    return sv_scan_is(c->s, i, kind);
}
static inline gint32 sv_d_val(const SvDateCtx *c, guint i, SvWordKind kind)
{
    return sv_scan_word(c->s, i, kind);
}
/* A figure of 1…max digits: its value, else -1. */
static inline int sv_d_figure(const SvDateCtx *c, guint i, guint max)
{
    guint digits = sv_scan_digits(c->s, i);
    return digits && digits <= max ? (int)c->s->tok[i].x : -1;
}
/* May a date begin at the token? Of words that mean nothing only "Q3" may. */
static inline gboolean sv_d_may_begin(const SvTok *t)
{
    return (t->hints & SV_HINT_FIRST) || (t->type == SV_TOK_WORD && t->to - t->from == 1);
}
/* A one-day bit. */
SvDateBit sv_d_bit(guint begin, guint end, SvDay from, SvDay to, SvGrain grain);

/* date.c: what surrounds a date. */
/* Is there a verb in the past in the clause around tokens begin…end? */
gboolean sv_d_past(const SvDateCtx *c, guint begin, guint end);
/* May a bare ordinal or hour end here, or does a noun follow that it counts («второго этажа»)? */
gboolean sv_d_ends(const SvDateCtx *c, guint i, gboolean strict);
/* Any date at token i, without its preposition. */
gboolean sv_d_read(SvDateCtx *c, guint i, SvDateBit *out);

/* date_year.c: filling in what was not said. */
SvDay sv_d_day_of(const SvDateCtx *c, int month, int day, gboolean past);
SvDay sv_d_day_in_month(const SvDateCtx *c, int day, gboolean past);
int sv_d_year_of_month(const SvDateCtx *c, int month, gboolean past);
SvDay sv_d_weekday(const SvDateCtx *c, int weekday, gboolean past);
/* Monday of the week `n` weeks on; Friday of it; the span of a period `n` of its kind on. */
SvDay sv_d_monday(const SvDateCtx *c, int n);
gboolean sv_d_period(const SvDateCtx *c, int period, int n, SvDateBit *out);
void sv_d_month_bit(int year, int month, SvDateBit *out);
void sv_d_quarter_bit(int year, int quarter, SvDateBit *out);
void sv_d_season_bit(const SvDateCtx *c, int season, int year, gboolean past, SvDateBit *out);
/* Narrows a bit to its beginning (1), middle (2), end (3). */
void sv_d_edge(SvDateBit *bit, int edge);
/* A year at token i: "2025 года", «двадцать шестого года», "'26". */
gboolean sv_d_year(const SvDateCtx *c, guint i, gboolean after_month, int *year, guint *end);

/* The rest: one file a family. Each reads at token i, FALSE when it is none. */
gboolean sv_d_figures(SvDateCtx *c, guint i, SvDateBit *out);    /* date_figures.c */
gboolean sv_d_day_month(SvDateCtx *c, guint i, SvDateBit *out);  /* date_days.c */
gboolean sv_d_ordinal(SvDateCtx *c, guint i, SvDateBit *out);
gboolean sv_d_month(SvDateCtx *c, guint i, SvDateBit *out);
gboolean sv_d_weekdays(SvDateCtx *c, guint i, SvDateBit *out);
int sv_d_month_name(const SvDateCtx *c, guint i, gboolean beside);
gboolean sv_d_relative(SvDateCtx *c, guint i, SvDateBit *out);   /* date_relative.c */
gboolean sv_d_named(SvDateCtx *c, guint i, SvDateBit *out);      /* date_named.c */
gboolean sv_d_clock(
    const SvDateCtx *c, guint i, gint16 *minute, guint *end, gboolean *strong); /* date_clock.c */
void sv_d_tail(const SvDateCtx *c, SvDateBit *bit);
gboolean sv_d_clock_alone(const SvDateCtx *c, guint i, SvDateBit *out);
