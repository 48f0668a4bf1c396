/* Dates read from tables of cases (tests/fixtures/dates), from hostile texts, and the speed of a text without
 * any. */
#include <string.h>
#include "date.h"
#include "money.h"

static const char *const grains[] = {"day", "week", "month", "quarter", "year", "season"};
static const char *const roles[] = {"point", "deadline", "start", "interval", "repeated"};

static char *describe(const char *text, const SvDateMention *m)
{
    g_autofree char *from = sv_day_format(m->from), *to = sv_day_format(m->to);
    return g_strdup_printf("%.*s|%s|%s|%s|%s|%d", (int)(m->whole.to - m->whole.from), text + m->whole.from,
        from, to, grains[m->grain], roles[m->role], m->minute);
}

static void check_line(const char *file, guint line, char **cell, SvLang lang)
{
    SvTime at;
    g_assert_true(sv_time_parse(cell[0], NULL, &at));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    sv_dates_find(cell[1], strlen(cell[1]), at, lang, found);
    GString *got = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        g_autofree char *one = describe(cell[1], &g_array_index(found, SvDateMention, i));
        g_string_append_printf(got, "%s%s", i ? "\t" : "", one);
    }
    g_autofree char *want = g_strjoinv("\t", cell + 2), *have = g_string_free(got, FALSE);
    if (strcmp(want, have)) {
        g_test_message("%s:%u: %s: want [%s], got [%s]", file, line, cell[1], want, have);
        g_test_fail();
    }
}

static void test_table(gconstpointer data)
{
    const char *name = data;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "dates", name, NULL),
                    *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0;
    for (guint i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        g_auto(GStrv) cell = g_strsplit(lines[i], "\t", -1);
        g_assert_cmpuint(g_strv_length(cell), >=, 2);
        check_line(name, i + 1, cell, *name == 'e' ? SV_LANG_EN : SV_LANG_RU);
        n++;
    }
    g_assert_cmpuint(n, >=, 100);
}

static void check_order(const GArray *found, gsize len)
{
    guint32 last = 0;
    for (guint i = 0; i < found->len; i++) {
        const SvDateMention *m = &g_array_index(found, SvDateMention, i);
        g_assert_cmpuint(m->whole.from, >=, last);
        g_assert_cmpuint(m->whole.from, <=, m->span.from);
        g_assert_cmpuint(m->span.from, <, m->span.to);
        g_assert_cmpuint(m->span.to, <=, len);
        g_assert_cmpint(m->from, <=, m->to);
        last = m->span.to;
    }
}

/* Every beginning of a text full of dates: no cut may break the order of mentions. */
static void test_cut(void)
{
    const char *text = "\xD0\xB4\xD0\xBE 20.12.2025, \xD1\x87\xD0\xB5\xD1\x80\xD0\xB5\xD0\xB7 2 "
                       "\xD0\xBD\xD0\xB5\xD0\xB4\xD0\xB5\xD0\xBB\xD0\xB8; "
                       "by Friday 7 November at 10:00, 14\xE2\x80\x93"
                       "15.11, next week, \xFF\xD0 the 18th - 19th of May 2026, Q3 Q Q1, 1.1.1.1, COB";
    SvTime at = {1762336800, 0};
    for (gsize n = 0; n <= strlen(text); n++) {
        g_autofree char *copy = g_memdup2(text, n ? n : 1);
        for (guint lang = 0; lang < 2; lang++) {
            g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
            sv_dates_find(copy, n, at, lang, found);
            check_order(found, n);
        }
    }
}

/* The turns of a call, scanned together, hold the dates that each holds alone. */
static void test_part(void)
{
    static const char *const turns[] = {"Maria: send it by Friday 7 November.", "the 18th", "14 or 15", "",
        "week at 10:00, 20.12", "until the end of May", "two", "days ago we met", "20.12.2025"};
    g_autoptr(GString) text = g_string_new(NULL);
    SvSpan spans[G_N_ELEMENTS(turns)];
    SvTime at = {1762336800, 0};
    for (guint t = 0; t < G_N_ELEMENTS(turns); t++) {
        spans[t].from = (guint32)text->len;
        g_string_append(text, turns[t]);
        spans[t].to = (guint32)text->len;
        g_string_append_c(text, ' ');
    }
    g_auto(SvScan) scan;
    sv_scan_init(&scan, text->str, text->len);
    for (guint t = 0; t < G_N_ELEMENTS(turns); t++) {
        g_autoptr(GArray) alone = g_array_new(FALSE, FALSE, sizeof(SvDateMention)),
                          together = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
        SvScan part;
        sv_dates_find(turns[t], strlen(turns[t]), at, SV_LANG_EN, alone);
        sv_scan_part(&scan, spans[t], &part);
        sv_dates_find_in(&part, at, SV_LANG_EN, together);
        g_assert_cmpuint(alone->len, ==, together->len);
        for (guint i = 0; i < alone->len; i++) {
            const SvDateMention *a = &g_array_index(alone, SvDateMention, i),
                                *b = &g_array_index(together, SvDateMention, i);
            g_assert_cmpuint(a->span.from + spans[t].from, ==, b->span.from);
            g_assert_cmpuint(a->whole.to + spans[t].from, ==, b->whole.to);
            g_assert_true(a->from == b->from && a->to == b->to && a->role == b->role);
        }
    }
}

static void test_broken(void)
{
    g_autofree char *folder =
        g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "broken", "dates", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    SvTime at = {1762336800, 0};
    const char *name;
    guint n = 0;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
        gsize len;
        g_assert_true(g_file_get_contents(path, &text, &len, NULL));
        for (guint lang = 0; lang < 2; lang++) {
            g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention)),
                              sums = g_array_new(FALSE, FALSE, sizeof(SvAmount));
            sv_dates_find(text, len, at, lang, found);
            check_order(found, len);
            sv_amounts_find(text, len, lang, sums);
            guint32 last = 0;
            for (guint i = 0; i < sums->len; i++) {
                SvAmount *m = &g_array_index(sums, SvAmount, i);
                g_assert_cmpuint(m->span.from, >=, last);
                g_assert_cmpuint(m->span.to, <=, len);
                last = m->span.to;
            }
        }
        n++;
    }
    g_assert_cmpuint(n, >=, 10);
}

static void test_repeats(void)
{
    static const char *const parts[] = {"20.", "1-", "the ", "end of ", "\xD0\xB4\xD0\xBE ", "first week of ",
        "COB ", "1 to ", "next ", "two ", "May "};
    SvTime at = {1762336800, 0};
    for (guint p = 0; p < G_N_ELEMENTS(parts); p++) {
        GString *s = g_string_new(NULL);
        while (s->len < 100000)
            g_string_append(s, parts[p]);
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
        gint64 start = g_get_monotonic_time();
        sv_dates_find(s->str, s->len, at, SV_LANG_EN, found);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 2000000);
        check_order(found, s->len);
        g_string_free(s, TRUE);
    }
}

static void test_speed(void)
{
    GString *s = g_string_new(NULL);
    while (s->len < 1 << 20)
        g_string_append(s, "\xD0\x9F\xD0\xBE\xD1\x81\xD1\x82\xD0\xB0\xD0\xB2\xD0\xBA\xD0\xB0 "
                           "\xD0\xBE\xD0\xB1\xD0\xBE\xD1\x80\xD1\x83\xD0\xB4\xD0\xBE\xD0\xB2\xD0\xB0\xD0\xBD"
                           "\xD0\xB8\xD1\x8F, plain words of a letter. ");
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    SvTime at = {1762336800, 0};
    gint64 start = g_get_monotonic_time();
    sv_dates_find(s->str, s->len, at, SV_LANG_RU, found);
    gint64 took = g_get_monotonic_time() - start;
    g_test_message("1 MB without dates: %d us", (int)took);
    g_assert_cmpuint(found->len, ==, 0);
    g_assert_cmpint(took, <, 400000); /* ten times the aim: other work shares the machine */
    g_string_free(s, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/date/ru", "ru.tsv", test_table);
    g_test_add_data_func("/date/en", "en.tsv", test_table);
    g_test_add_func("/date/cut", test_cut);
    g_test_add_func("/date/part", test_part);
    g_test_add_func("/date/broken", test_broken);
    g_test_add_func("/date/repeats", test_repeats);
    g_test_add_func("/date/speed", test_speed);
    return g_test_run();
}
