/* What the readers of dates and money make of a line: a tool for developers.
 *
 * Reads lines "dates<TAB>MOMENT<TAB>ru|en<TAB>TEXT" or "money<TAB>ru|en<TAB>TEXT" (\n in a text is written
 * "\n") and prints, for each, its mentions on one line, fields apart by "|", mentions by tabs.
 * tools/check_dates.py drives it. */
#include <stdio.h>
#include <string.h>
#include "date.h"
#include "money.h"

static const char *const grains[] = {"day", "week", "month", "quarter", "year", "season"};
static const char *const roles[] = {"point", "deadline", "start", "interval", "repeated"};

static void print_dates(const char *text, const char *at, const char *lang)
{
    SvTime time;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    if (!sv_time_parse(at, NULL, &time))
        return;
    sv_dates_find(text, strlen(text), time, *lang == 'e' ? SV_LANG_EN : SV_LANG_RU, found);
    for (guint i = 0; i < found->len; i++) {
        SvDateMention *m = &g_array_index(found, SvDateMention, i);
        g_autofree char *from = sv_day_format(m->from), *to = sv_day_format(m->to);
        printf("%s%.*s|%s|%s|%s|%s|%d%s", i ? "\t" : "", (int)(m->whole.to - m->whole.from),
            text + m->whole.from, from, to, grains[m->grain], roles[m->role], m->minute,
            m->vague ? "|vague" : "");
    }
}

static void print_money(const char *text, const char *lang)
{
    static const char *const kinds[] = {"money", "percent", "quantity"};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    sv_amounts_find(text, strlen(text), *lang == 'e' ? SV_LANG_EN : SV_LANG_RU, found);
    for (guint i = 0; i < found->len; i++) {
        SvAmount *m = &g_array_index(found, SvAmount, i);
        printf("%s%.*s|%s|%.10g|%.10g|%s|%.*s", i ? "\t" : "", (int)(m->span.to - m->span.from),
            text + m->span.from, kinds[m->kind], m->value, m->value_to, m->currency,
            (int)(m->unit.to - m->unit.from), text + m->unit.from);
    }
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        g_strchomp(line);
        g_auto(GStrv) cell = g_strsplit(line, "\t", 4);
        guint n = g_strv_length(cell);
        g_autofree char *text = n > 2 ? g_strcompress(cell[n - 1]) : NULL;
        if (n == 4 && !strcmp(cell[0], "dates"))
            print_dates(text, cell[1], cell[2]);
        else if (n == 3 && !strcmp(cell[0], "money"))
            print_money(text, cell[1]);
        putchar('\n');
    }
    free(line);
    return 0;
}
