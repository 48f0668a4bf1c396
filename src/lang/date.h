/* Dates and times in a text, resolved against the moment it was written. */
#pragma once
#include "span.h"
#include "moment.h"
#include "scan.h"
#include "language.h"

typedef enum {
    SV_GRAIN_DAY,
    SV_GRAIN_WEEK,
    SV_GRAIN_MONTH,
    SV_GRAIN_QUARTER,
    SV_GRAIN_YEAR,
    SV_GRAIN_SEASON
} SvGrain;
typedef enum {
    SV_DATE_POINT,
    SV_DATE_DEADLINE /* до, к, by */,
    SV_DATE_START /* с, from */,
    SV_DATE_INTERVAL,
    SV_DATE_REPEATED
} SvDateRole;

typedef struct {
    SvSpan span;       /* the words that name it, without the preposition */
    SvSpan whole;      /* with the preposition ("до пятницы", "by 5 May") */
    SvDay from, to;    /* first and last day; of a deadline `to` is the day it is due */
    SvGrain grain;
    SvDateRole role;
    gint16 minute;     /* minutes since midnight when an hour is said, else -1 */
    gboolean relative; /* needs the message's date ("завтра", "в пятницу"); false for "20 декабря 2025" */
    gboolean vague;    /* «на днях», «в конце лета», «через пару недель» */
} SvDateMention;

/* Adds SvDateMention for every date in the text, in order, not overlapping. `at` is the moment of writing. A
 * missing year is the one that lies nearest ahead (for past tense around it: behind); a bare weekday looks
 * forward unless the verb is past. Times that are none (версия 2.1, 3/4 дюйма, 10.12 мм) are left alone. */
void sv_dates_find(const char *text, gsize len, SvTime at, SvLang lang, GArray *out);
/* The same in a text that was scanned. */
void sv_dates_find_in(const SvScan *scan, SvTime at, SvLang lang, GArray *out);
