/* Dates and amounts of tables.
 *
 * Dates: by their separators; of two readings with slashes the day stands first unless the column proves the
 * other. Amounts: the last of comma and point is the decimal sign when one or two digits follow it, or when
 * it cannot divide thousands; every other one divides thousands. Does not: read words ("30 млн"). */
#include "table_value.h"
#include "utf8.h"
#include <math.h>
#include <string.h>

static gboolean take_number(const char **p, int max, int *value, int *digits)
{
    int v = 0, n = 0;
    while (n < max && g_ascii_isdigit((*p)[n]))
        v = v * 10 + ((*p)[n++] - '0');
    *p += n;
    *value = v;
    *digits = n;
    return n > 0;
}

/* Three numbers divided by one of "./-"; *p stands behind them. */
static gboolean take_date(const char **p, int *v, int *digits, char *separator)
{
    for (int i = 0; i < 3; i++) {
        if (!take_number(p, 4, &v[i], &digits[i]))
            return FALSE;
        if (i == 2)
            return TRUE;
        if (!**p || !strchr("./-", **p) || (i && **p != *separator))
            return FALSE;
        *separator = *(*p)++;
    }
    return FALSE;
}

void sv_date_order_count(SvDateOrder *order, const char *text)
{
    int v[3], digits[3];
    char separator = 0;
    const char *p = text;
    while (*p == ' ')
        p++;
    if (!take_date(&p, v, digits, &separator) || separator != '/' || digits[0] > 2)
        return;
    order->day_first += v[0] > 12;
    order->month_first += v[1] > 12;
}

/* "10:15[:20[.5]] [AM|PM]" or nothing. */
static gboolean take_clock(const char *p, int *h, int *m, int *s)
{
    int digits;
    *h = *m = *s = 0;
    while (*p == ' ' || *p == ',' || *p == 'T')
        p++;
    if (!*p)
        return TRUE;
    if (!take_number(&p, 2, h, &digits) || *p++ != ':' || !take_number(&p, 2, m, &digits) || digits != 2)
        return FALSE;
    if (*p == ':' && (p++, !take_number(&p, 2, s, &digits)))
        return FALSE;
    if (*p == '.')
        for (p++; g_ascii_isdigit(*p);)
            p++;
    while (*p == ' ')
        p++;
    if (g_ascii_strcasecmp(p, "AM") == 0 || g_ascii_strcasecmp(p, "PM") == 0) {
        if (*h < 1 || *h > 12)
            return FALSE;
        *h = *h % 12 + ((*p == 'P' || *p == 'p') ? 12 : 0);
        return TRUE;
    }
    return !*p;
}

static gboolean unix_time(const char *text, GTimeZone *zone, SvTime *out)
{
    gsize n = strlen(text);
    if ((n != 10 && n != 13) || strspn(text, "0123456789") != n)
        return FALSE;
    gint64 t = g_ascii_strtoll(text, NULL, 10);
    *out = sv_time_from_unix(n == 13 ? t / 1000 : t, zone);
    return TRUE;
}

gboolean sv_table_time(const char *text, const SvDateOrder *order, GTimeZone *zone, SvTime *out)
{
    g_autofree char *plain = g_strdup(text);
    char *space;
    while ((space = strstr(plain, "\xC2\xA0")))
        memmove((*space = ' ', space + 1), space + 2, strlen(space + 2) + 1);
    while ((space = strstr(plain, "\xE2\x80\xAF")))
        memmove((*space = ' ', space + 1), space + 3, strlen(space + 3) + 1);
    g_strstrip(plain);
    if (!*plain || strlen(plain) > 64)
        return FALSE;
    if (sv_time_parse(plain, zone, out) || unix_time(plain, zone, out))
        return TRUE;
    int v[3], digits[3], h, m, s;
    char separator = 0;
    const char *p = plain;
    if (!take_date(&p, v, digits, &separator) || !take_clock(p, &h, &m, &s))
        return FALSE;
    if (digits[0] == 4)
        return sv_time_from_civil(zone, v[0], v[1], v[2], h, m, s, out);
    if (digits[2] != 4 && digits[2] != 2)
        return FALSE;
    int year = digits[2] == 2 ? 2000 + v[2] : v[2];
    gboolean us = separator == '/' && v[0] <= 12 && (v[1] > 12 || (order->month_first && !order->day_first));
    return sv_time_from_civil(zone, year, us ? v[0] : v[1], us ? v[1] : v[0], h, m, s, out);
}

static gboolean is_space(gunichar c)
{
    return c == ' ' || c == 0xA0 || c == 0x202F || c == 0x2009 || c == '\'' || c == 0x2019;
}

/* Digits and separators without spaces; returns what follows. */
static const char *gather(const char *text, char *out, gsize size)
{
    const char *p = text, *end = text + strlen(text);
    gsize n = 0;
    while (p < end && n + 1 < size) {
        guint k;
        gunichar c = sv_utf8_get(p, end, &k);
        if (c < 0x80 && (g_ascii_isdigit((char)c) || ((c == ',' || c == '.') && n) || (c == '-' && !n)))
            out[n++] = (char)c;
        else if (!is_space(c))
            break;
        p += k;
    }
    while (n && (out[n - 1] == ',' || out[n - 1] == '.'))
        n--;
    out[n] = 0;
    return p;
}

double sv_table_amount(const char *text, const char **tail)
{
    char raw[64], plain[64];
    const char *p = text;
    /* "₸ 100", "$5": a sign before the number. */
    guint k;
    for (const char *end = text + strlen(text); p < end; p += k) {
        gunichar c = sv_utf8_get(p, end, &k);
        if (!is_space(c) && g_unichar_type(c) != G_UNICODE_CURRENCY_SYMBOL)
            break;
    }
    const char *rest = gather(p, raw, sizeof raw);
    if (tail)
        *tail = p > text && !*rest ? text : rest;
    const char *comma = strrchr(raw, ','), *point = strrchr(raw, '.'), *last = MAX(comma, point);
    if (comma && point)
        last = comma > point ? comma : point;
    gboolean once = last && strchr(raw, *last) == last;
    gsize after = last ? strlen(last + 1) : 0;
    gboolean decimal = last && once && (after != 3 || last - raw > 3 || *raw == '0');
    gsize n = 0;
    for (const char *q = raw; *q; q++)
        if (*q == ',' || *q == '.') {
            if (q == last && decimal)
                plain[n++] = '.';
        } else {
            plain[n++] = *q;
        }
    plain[n] = 0;
    if (!n || !strpbrk(plain, "0123456789"))
        return NAN;
    char *end;
    double value = g_ascii_strtod(plain, &end);
    return *end || !isfinite(value) ? NAN : value;
}
