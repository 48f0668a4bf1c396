/* Working days and public holidays: see calendar.h.
 *
 * The data files are read once into small arrays; a day is looked up by a walk over a few dozen rules, which
 * is rare enough (only sentences that speak of working days or holidays). Years without moved days in the
 * data follow the fixed rules only. */
#include "calendar.h"
#include <stdio.h>
#include <string.h>
#include "lists.h"

typedef enum { RULE_FIXED, RULE_DATE, RULE_WORK, RULE_EASTER, RULE_MONDAY } RuleKind;
typedef struct {
    RuleKind kind;
    int month, day; /* RULE_FIXED; RULE_MONDAY: which Monday, 0 the last */
    SvDay at;       /* RULE_DATE, RULE_WORK; RULE_EASTER: days from Easter */
} Rule;

enum { MAX_RULES = 256, MAX_SEARCH = 40, MAX_WORKING = 1000 };
static struct {
    Rule rule[MAX_RULES];
    guint n;
} calendars[SV_COUNTRY_N];

static void add_rule(const SvListLine *line, gpointer user)
{
    guint country = GPOINTER_TO_UINT(user);
    const char *kind = line->field[0], *value = line->field[1];
    Rule rule = {0};
    gboolean good = FALSE;
    if (!strcmp(kind, "fixed")) {
        rule.kind = RULE_FIXED;
        good = sscanf(value, "%d-%d", &rule.month, &rule.day) == 2;
    } else if (!strcmp(kind, "monday")) {
        rule.kind = RULE_MONDAY;
        good = sscanf(value, "%d-%d", &rule.month, &rule.day) == 2;
    } else if (!strcmp(kind, "date") || !strcmp(kind, "work")) {
        rule.kind = *kind == 'd' ? RULE_DATE : RULE_WORK;
        good = sv_day_parse(value, &rule.at);
    } else if (!strcmp(kind, "easter")) {
        rule.kind = RULE_EASTER;
        good = sscanf(value, "%d", &rule.at) == 1;
    }
    if (!good || calendars[country].n == MAX_RULES) {
        g_warning("data/lang/holidays: line %u is no rule", line->line);
        return;
    }
    calendars[country].rule[calendars[country].n++] = rule;
}

static void load(void)
{
    static gsize once;
    if (!g_once_init_enter(&once))
        return;
    sv_list_visit("holidays_ru.tsv", add_rule, GUINT_TO_POINTER(SV_COUNTRY_RU));
    sv_list_visit("holidays_kz.tsv", add_rule, GUINT_TO_POINTER(SV_COUNTRY_KZ));
    sv_list_visit("holidays_gb.tsv", add_rule, GUINT_TO_POINTER(SV_COUNTRY_GB));
    g_once_init_leave(&once, 1);
}

SvCountry sv_country_guess(SvLang lang, gint32 offset_s)
{
    if (lang == SV_LANG_EN)
        return SV_COUNTRY_GB;
    return offset_s == 5 * 3600 || offset_s == 6 * 3600 ? SV_COUNTRY_KZ : SV_COUNTRY_RU;
}

SvDay sv_day_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return sv_day_from_civil(year, n / 31, n % 31 + 1);
}

static gboolean rule_holds(const Rule *rule, SvDay day, int year, int month, int dom)
{
    switch (rule->kind) {
    case RULE_FIXED:
        return rule->month == month && rule->day == dom;
    case RULE_EASTER:
        return day == sv_day_easter(year) + rule->at;
    case RULE_MONDAY:
        if (rule->month != month || sv_day_weekday(day) != 0)
            return FALSE;
        return rule->day ? (dom - 1) / 7 + 1 == rule->day : dom + 7 > sv_days_in_month(year, month);
    default:
        return rule->at == day;
    }
}

/* 1 a holiday, -1 a weekend day that is worked, 0 neither. */
static int day_rule(SvCountry country, SvDay day)
{
    load();
    int y, m, d;
    sv_day_to_civil(day, &y, &m, &d);
    for (guint i = 0; i < calendars[country].n; i++)
        if (rule_holds(&calendars[country].rule[i], day, y, m, d))
            return calendars[country].rule[i].kind == RULE_WORK ? -1 : 1;
    return 0;
}

gboolean sv_day_holiday(SvCountry country, SvDay day)
{
    return day_rule(country, day) > 0;
}

gboolean sv_day_off(SvCountry country, SvDay day)
{
    int rule = day_rule(country, day);
    return rule > 0 || (rule == 0 && sv_day_weekday(day) >= 5);
}

SvDay sv_day_working(SvCountry country, SvDay day, int step)
{
    for (guint i = 0; i < MAX_SEARCH && sv_day_off(country, day); i++)
        day += step;
    return day;
}

SvDay sv_day_add_working(SvCountry country, SvDay day, int n)
{
    n = CLAMP(n, 0, MAX_WORKING);
    while (n > 0) {
        day++;
        if (!sv_day_off(country, day))
            n--;
    }
    return day;
}

SvDay sv_day_add_months(SvDay day, int n)
{
    int y, m, d;
    sv_day_to_civil(day, &y, &m, &d);
    int month = y * 12 + (m - 1) + n;
    y = month / 12;
    m = month % 12 + 1;
    SvDay out = sv_day_from_civil(y, m, MIN(d, sv_days_in_month(y, m)));
    return out == SV_DAY_NONE ? day : out;
}
