/* Moments and civil days. (Named so because time.h is the C library's.)
 *
 * A moment (SvTime) keeps the offset it was written with, so that "tomorrow" is the writer's tomorrow. A
 * civil day (SvDay) is a number of days since 1970-01-01 in the proleptic Gregorian calendar; years 1 to
 * 9999. Day arithmetic: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#pragma once
#include <glib.h>

typedef struct {
    gint64 unix_s;   /* seconds since 1970-01-01T00:00:00Z */
    gint32 offset_s; /* local time minus UTC, seconds */
} SvTime;

typedef gint32 SvDay;
#define SV_DAY_NONE G_MININT32

/* The day of a civil date; SV_DAY_NONE when there is no such date. Months and days count from 1. */
SvDay sv_day_from_civil(int year, int month, int day);
void sv_day_to_civil(SvDay day, int *year, int *month, int *day_of_month);
/* 0 Monday … 6 Sunday. */
int sv_day_weekday(SvDay day);
int sv_days_in_month(int year, int month);

/* The civil day of a moment at its own offset. */
SvDay sv_time_day(SvTime t);
/* Minutes since local midnight, 0 … 1439. */
int sv_time_minute(SvTime t);

/* Parses ISO 8601: "2025-11-03", "2025-11-03T10:15", with seconds, fraction, "Z", "+05:00", "+0500"; a space
 * may stand for "T". Without an offset `zone` is used (NULL: UTC). TRUE on success, *out untouched else. */
gboolean sv_time_parse(const char *text, GTimeZone *zone, SvTime *out);
/* "2025-11-03T10:15:20+05:00", newly allocated. */
char *sv_time_format(SvTime t);
/* Parses "2025-11-03". */
gboolean sv_day_parse(const char *text, SvDay *out);
/* "2025-11-03", newly allocated. */
char *sv_day_format(SvDay day);

/* A moment from wall-clock fields in a zone (NULL: UTC); FALSE when there is no such date or time. A time
 * inside a DST gap moves forward. */
gboolean sv_time_from_civil(GTimeZone *zone, int year, int month, int day, int hour, int minute, int second,
    SvTime *out);
/* A Unix time seen in a zone (NULL: UTC). */
SvTime sv_time_from_unix(gint64 unix_s, GTimeZone *zone);

/* "+05:00", "Z" or an IANA name → zone; NULL when unknown. */
GTimeZone *sv_zone_parse(const char *name);
