/* Moments and civil days: see moment.h. */
#include "moment.h"
#include <string.h>

SvDay sv_day_from_civil(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > sv_days_in_month(year, month))
        return SV_DAY_NONE;
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void sv_day_to_civil(SvDay day, int *year, int *month, int *day_of_month)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *day_of_month = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

int sv_day_weekday(SvDay day)
{
    int w = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

int sv_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static gint64 floor_div(gint64 a, gint64 b)
{
    return a / b - (a % b < 0);
}

SvDay sv_time_day(SvTime t)
{
    return (SvDay)floor_div(t.unix_s + t.offset_s, 86400);
}

int sv_time_minute(SvTime t)
{
    gint64 local = t.unix_s + t.offset_s;
    return (int)((local - floor_div(local, 86400) * 86400) / 60);
}

/* Reads exactly `n` digits at *p and moves on; FALSE when there are fewer. */
static gboolean take_digits(const char **p, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit((*p)[i]))
            return FALSE;
        v = v * 10 + ((*p)[i] - '0');
    }
    *p += n;
    *out = v;
    return TRUE;
}

static gboolean take_civil(const char **p, int *y, int *m, int *d)
{
    if (!take_digits(p, 4, y) || **p != '-')
        return FALSE;
    (*p)++;
    if (!take_digits(p, 2, m) || **p != '-')
        return FALSE;
    (*p)++;
    return take_digits(p, 2, d);
}

static gboolean take_clock(const char **p, int *h, int *mi, int *s)
{
    if (!take_digits(p, 2, h) || **p != ':')
        return FALSE;
    (*p)++;
    if (!take_digits(p, 2, mi))
        return FALSE;
    *s = 0;
    if (**p == ':') {
        (*p)++;
        if (!take_digits(p, 2, s))
            return FALSE;
        if (**p == '.' || **p == ',')
            for ((*p)++; g_ascii_isdigit(**p);)
                (*p)++;
    }
    return TRUE;
}

/* An offset at the end: nothing, "Z", "+05:00", "+0500", "+05". */
static gboolean take_offset(const char *p, gboolean *has, int *offset_s)
{
    *has = FALSE;
    if (!*p)
        return TRUE;
    *has = TRUE;
    *offset_s = 0;
    if ((*p == 'Z' || *p == 'z') && !p[1])
        return TRUE;
    int sign = *p == '+' ? 1 : *p == '-' ? -1 : 0, h = 0, m = 0;
    p++;
    if (!sign || !take_digits(&p, 2, &h))
        return FALSE;
    if (*p == ':')
        p++;
    if (*p && !take_digits(&p, 2, &m))
        return FALSE;
    if (*p || h > 18 || m > 59)
        return FALSE;
    *offset_s = sign * (h * 3600 + m * 60);
    return TRUE;
}

gboolean sv_time_parse(const char *text, GTimeZone *zone, SvTime *out)
{
    int y, mo, d, h = 0, mi = 0, s = 0, offset = 0;
    gboolean has = FALSE;
    const char *p = text;
    if (!p || !take_civil(&p, &y, &mo, &d))
        return FALSE;
    if (*p == 'T' || *p == 't' || *p == ' ') {
        p++;
        if (!take_clock(&p, &h, &mi, &s))
            return FALSE;
        while (*p == ' ')
            p++;
    }
    if (!take_offset(p, &has, &offset))
        return FALSE;
    if (!has)
        return sv_time_from_civil(zone, y, mo, d, h, mi, s, out);
    SvDay day = sv_day_from_civil(y, mo, d);
    if (day == SV_DAY_NONE || h > 24 || mi > 59 || s > 60)
        return FALSE;
    out->unix_s = (gint64)day * 86400 + h * 3600 + mi * 60 + s - offset;
    out->offset_s = offset;
    return TRUE;
}

char *sv_time_format(SvTime t)
{
    int y, m, d, o = ABS(t.offset_s) / 60;
    sv_day_to_civil(sv_time_day(t), &y, &m, &d);
    int minute = sv_time_minute(t);
    gint64 local = t.unix_s + t.offset_s;
    int second = (int)(local - floor_div(local, 60) * 60);
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", y, m, d, minute / 60, minute % 60,
        second, t.offset_s < 0 ? '-' : '+', o / 60, o % 60);
}

gboolean sv_day_parse(const char *text, SvDay *out)
{
    int y, m, d;
    const char *p = text;
    if (!p || !take_civil(&p, &y, &m, &d) || *p)
        return FALSE;
    SvDay day = sv_day_from_civil(y, m, d);
    if (day == SV_DAY_NONE)
        return FALSE;
    *out = day;
    return TRUE;
}

char *sv_day_format(SvDay day)
{
    int y, m, d;
    sv_day_to_civil(day, &y, &m, &d);
    return g_strdup_printf("%04d-%02d-%02d", y, m, d);
}

gboolean sv_time_from_civil(GTimeZone *zone, int year, int month, int day, int hour, int minute, int second,
    SvTime *out)
{
    SvDay civil = sv_day_from_civil(year, month, day);
    if (civil == SV_DAY_NONE || hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return FALSE;
    gint64 local = (gint64)civil * 86400 + hour * 3600 + minute * 60 + second;
    gint32 offset = 0;
    if (zone) {
        gint64 adjusted = local;
        int interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &adjusted);
        offset = g_time_zone_get_offset(zone, interval);
    }
    out->unix_s = local - offset;
    out->offset_s = offset;
    return TRUE;
}

SvTime sv_time_from_unix(gint64 unix_s, GTimeZone *zone)
{
    SvTime t = {unix_s, 0};
    if (zone) {
        int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, unix_s);
        t.offset_s = interval >= 0 ? g_time_zone_get_offset(zone, interval) : 0;
    }
    return t;
}

GTimeZone *sv_zone_parse(const char *name)
{
    if (!name || !*name || strlen(name) > 64)
        return NULL;
    return g_time_zone_new_identifier(name);
}
