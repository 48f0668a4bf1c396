/* Dates of letters: see mail_header.h.
 *
 * How it works: the value is cut into words; each word is told by its shape (clock, year, day, month name,
 * offset, zone name), so that the order of RFC 5322, of asctime and of hand-made dates is all the same. ISO
 * 8601 is tried first.
 *
 * It keeps true: a day that does not exist is no date. It does not guess between day and month written as
 * numbers: only day.month.year with dots and ISO order are read. */
#include "mail_header.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    int year, month, day, hour, minute, second;
    gboolean has_clock, has_zone, pm, has_half;
    int offset_s;
} Fields;

static const struct {
    const char *name;
    int minutes;
} zones[] = {
    {"Z", 0},
    {"UT", 0},
    {"UTC", 0},
    {"GMT", 0},
    {"WET", 0},
    {"BST", 60},
    {"CET", 60},
    {"MET", 60},
    {"CEST", 120},
    {"EET", 120},
    {"EEST", 180},
    {"MSK", 180},
    {"MSD", 240},
    {"SAMT", 240},
    {"AZT", 240},
    {"GET", 240},
    {"YEKT", 300},
    {"UZT", 300},
    {"ALMT", 300},
    {"AQTT", 300},
    {"OMST", 360},
    {"KGT", 360},
    {"NOVT", 420},
    {"KRAT", 420},
    {"IRKT", 480},
    {"YAKT", 540},
    {"VLAT", 600},
    {"MAGT", 660},
    {"PETT", 720},
    {"EST", -300},
    {"EDT", -240},
    {"CST", -360},
    {"CDT", -300},
    {"MST", -420},
    {"MDT", -360},
    {"PST", -480},
    {"PDT", -420},
    {"IST", 330},
    {"JST", 540},
};

/* The first three letters are enough for English, and for Russian and its short forms. */
static const char *const months[][2] = {
    {"jan", "янв"}, {"feb", "фев"}, {"mar", "мар"}, {"apr", "апр"}, {"may", "мая"}, {"jun", "июн"},
    {"jul", "июл"}, {"aug", "авг"}, {"sep", "сен"}, {"oct", "окт"}, {"nov", "ноя"}, {"dec", "дек"},
};

static gboolean take_month(const char *word, Fields *f)
{
    if ((guchar)*word < 0x80) { /* English: three letters */
        for (int i = 0; i < 12; i++)
            if (g_ascii_strncasecmp(word, months[i][0], 3) == 0) {
                f->month = i + 1;
                return TRUE;
            }
        return FALSE;
    }
    g_autofree char *lower = g_utf8_strdown(word, -1);
    for (int i = 0; i < 12; i++) {
        if (!g_str_has_prefix(lower, months[i][0]) && !g_str_has_prefix(lower, months[i][1]))
            continue;
        f->month = i + 1;
        return TRUE;
    }
    if (g_str_has_prefix(lower, "май")) {
        f->month = 5;
        return TRUE;
    }
    return FALSE;
}

/* One digit or two; FALSE when there is none. */
static gboolean take_two(const char **p, int *out)
{
    if (!g_ascii_isdigit(**p))
        return FALSE;
    *out = *(*p)++ - '0';
    if (g_ascii_isdigit(**p))
        *out = *out * 10 + (*(*p)++ - '0');
    return TRUE;
}

/* "10:15", "10:15:20", "10:15:20.123", also "10.15.20" behind a known date. */
static gboolean take_clock(const char *word, Fields *f)
{
    int h, m, s = 0;
    const char *p = word;
    if (f->has_clock || !take_two(&p, &h) || *p++ != ':' || !take_two(&p, &m))
        return FALSE;
    if (*p++ == ':')
        take_two(&p, &s);
    f->hour = h;
    f->minute = m;
    f->second = CLAMP(s, 0, 59);
    f->has_clock = TRUE;
    return TRUE;
}

/* "+0300", "-03:00", "+5". */
static gboolean take_offset(const char *word, Fields *f)
{
    int sign = *word == '+' ? 1 : *word == '-' ? -1 : 0, digits = 0, value = 0;
    if (!sign)
        return FALSE;
    for (const char *p = word + 1; *p; p++) {
        if (*p == ':' && digits > 0)
            continue;
        if (!g_ascii_isdigit(*p) || ++digits > 4)
            return FALSE;
        value = value * 10 + (*p - '0');
    }
    if (digits == 0)
        return FALSE;
    if (digits <= 2)
        value *= 100;
    if (value / 100 > 18 || value % 100 > 59)
        return FALSE;
    f->offset_s = sign * (value / 100 * 3600 + value % 100 * 60);
    f->has_zone = TRUE;
    return TRUE;
}

static gboolean take_zone(const char *word, Fields *f)
{
    if (!g_ascii_isalpha(*word))
        return FALSE;
    if ((g_str_has_prefix(word, "GMT") || g_str_has_prefix(word, "UTC")) && take_offset(word + 3, f))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
        if (g_ascii_strcasecmp(word, zones[i].name) != 0)
            continue;
        f->offset_s = zones[i].minutes * 60;
        f->has_zone = TRUE;
        return TRUE;
    }
    return FALSE;
}

/* Two digits: RFC 5322 §4.3 puts 00 … 49 into this century; three digits are years since 1900. */
static int full_year(int value, gsize digits)
{
    if (digits == 4)
        return value;
    if (digits == 3)
        return value + 1900;
    return value < 50 ? value + 2000 : value + 1900;
}

static void take_number(const char *word, Fields *f)
{
    gsize digits = strspn(word, "0123456789");
    int value = (int)g_ascii_strtoll(word, NULL, 10);
    if (digits == 0 || digits > 4)
        return;
    if (digits <= 2 && f->day == 0) {
        f->day = value;
        const char *rest = word + digits; /* "03-Nov-25" */
        if (*rest == '-' && take_month(rest + 1, f) && (rest = strchr(rest + 1, '-')))
            f->year = full_year((int)g_ascii_strtoll(rest + 1, NULL, 10), strspn(rest + 1, "0123456789"));
        int d, m, y, n = 0;
        if (word[digits] == '.' && sscanf(word, "%2d.%2d.%4d%n", &d, &m, &y, &n) == 3 && n > 0) {
            f->month = m;
            f->year = full_year(y, strspn(strrchr(word, '.') + 1, "0123456789"));
        }
    } else if (f->year == 0 && digits >= 2) {
        f->year = full_year(value, digits);
    }
}

static void take_word(const char *word, Fields *f)
{
    if (g_ascii_strcasecmp(word, "PM") == 0 || g_ascii_strcasecmp(word, "AM") == 0) {
        f->has_half = TRUE;
        f->pm = g_ascii_toupper(*word) == 'P';
        return;
    }
    if (take_clock(word, f))
        return;
    if (f->has_clock && !f->has_zone && (take_offset(word, f) || take_zone(word, f)))
        return;
    if (g_ascii_isdigit(*word))
        take_number(word, f);
    else if (f->month == 0)
        take_month(word, f);
}

static gboolean build(const Fields *f, GTimeZone *zone, SvTime *out)
{
    SvTime t;
    int hour = f->hour;
    if (f->has_half && hour <= 12)
        hour = hour % 12 + (f->pm ? 12 : 0);
    if (f->year < 1971 || f->year > 2199 || hour > 23)
        return FALSE;
    if (!sv_time_from_civil(
            f->has_zone ? NULL : zone, f->year, f->month, f->day, hour, f->minute, f->second, &t))
        return FALSE;
    if (f->has_zone) {
        t.unix_s -= f->offset_s;
        t.offset_s = f->offset_s;
    }
    *out = t;
    return TRUE;
}

gboolean sv_mail_date_parse(const char *raw, gsize len, GTimeZone *zone, SvTime *out)
{
    g_autofree char *text = sv_mail_header_decode(raw, MIN(len, 200u));
    SvTime iso;
    if (g_ascii_isdigit(*text) && sv_time_parse(text, zone, &iso)) {
        int year, month, day;
        sv_day_to_civil(sv_time_day(iso), &year, &month, &day);
        if (year < 1971 || year > 2199)
            return FALSE;
        *out = iso;
        return TRUE;
    }
    Fields f = {0};
    gboolean brackets = strpbrk(text, "()") != NULL;
    for (char *p = text; *p;) {
        char *word = p + strspn(p, " ,\t");
        p = word + strcspn(word, " ,\t");
        if (*p)
            *p++ = 0;
        if (brackets)
            g_strstrip(g_strdelimit(word, "()", ' '));
        if (*word)
            take_word(word, &f);
    }
    return build(&f, zone, out);
}
