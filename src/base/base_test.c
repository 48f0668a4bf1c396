/* Civil time, UTF-8, errors, reports and JSON helpers. */
#include "error.h"
#include "json.h"
#include "moment.h"
#include "report.h"
#include "sv_limits.h"
#include "table.h"
#include "utf8.h"
#include <string.h>

static void test_civil_round_trip(void)
{
    for (SvDay day = -800000; day < 2900000; day += 97) {
        int y, m, d;
        sv_day_to_civil(day, &y, &m, &d);
        if (y >= 1 && y <= 9999)
            g_assert_cmpint(sv_day_from_civil(y, m, d), ==, day);
    }
    g_assert_cmpint(sv_day_from_civil(1970, 1, 1), ==, 0);
    g_assert_cmpint(sv_day_weekday(sv_day_from_civil(2026, 11, 24)), ==, 1);
    g_assert_cmpint(sv_day_from_civil(2025, 2, 29), ==, SV_DAY_NONE);
    g_assert_cmpint(sv_day_from_civil(2024, 2, 29), !=, SV_DAY_NONE);
    g_assert_cmpint(sv_day_from_civil(2024, 13, 1), ==, SV_DAY_NONE);
}

static void test_parse_time(void)
{
    static const struct {
        const char *text, *out; /* NULL: refused */
    } cases[] = {
        {"2025-11-03T10:15:20+05:00", "2025-11-03T10:15:20+05:00"},
        {"2025-11-03T10:15Z", "2025-11-03T10:15:00+00:00"},
        {"2025-11-03 10:15:20.123456 -0330", "2025-11-03T10:15:20-03:30"},
        {"2025-11-03", "2025-11-03T00:00:00+05:00"},
        {"2025-11-03T10:15", "2025-11-03T10:15:00+05:00"},
        {"2025-02-30", NULL},
        {"2025-11-03T25:15Z", NULL},
        {"2025-11-03T10:15+99:00", NULL},
        {"3 ноября", NULL},
        {"2025-11-03T10:15 tomorrow", NULL},
        {"", NULL},
    };
    g_autoptr(GTimeZone) zone = sv_zone_parse("+05:00");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SvTime t = {7, 7};
        gboolean good = sv_time_parse(cases[i].text, zone, &t);
        g_assert_cmpint(good, ==, cases[i].out != NULL);
        if (!good) {
            g_assert_cmpint(t.unix_s, ==, 7); /* untouched */
            continue;
        }
        g_autofree char *out = sv_time_format(t);
        g_assert_cmpstr(out, ==, cases[i].out);
    }
}

static void test_zones(void)
{
    g_autoptr(GTimeZone) moscow = sv_zone_parse("Europe/Moscow");
    SvTime t;
    g_assert_nonnull(moscow);
    g_assert_true(sv_time_from_civil(moscow, 2025, 7, 1, 12, 0, 0, &t));
    g_assert_cmpint(t.offset_s, ==, 3 * 3600);
    g_assert_cmpint(sv_time_minute(t), ==, 720);
    g_assert_null(sv_zone_parse("Nowhere/Atall"));
    g_assert_null(sv_zone_parse(""));
}

static void test_fold(void)
{
    static const struct {
        const char *in, *out;
    } cases[] = {{"ЁЖ", "еж"}, {"Қазақ", "қазақ"}, {"Foo BAR-1", "foo bar-1"}, {"İ", "İ"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases) - 1; i++) {
        g_autofree char *out = sv_utf8_fold(cases[i].in, -1);
        g_assert_cmpstr(out, ==, cases[i].out);
    }
    g_autofree char *broken = sv_utf8_fold("a\xff\xd0", 3);
    g_assert_cmpint(strlen(broken), ==, 3);
    g_autofree char *grown = sv_utf8_fold("İ", -1); /* never longer than the input */
    g_assert_cmpint(strlen(grown), <=, strlen("İ"));
}

static void test_clean(void)
{
    g_autofree char *out = sv_utf8_clean("a\r\nb\rc\0d\xff", 9);
    g_assert_true(g_utf8_validate(out, -1, NULL));
    g_assert_cmpstr(out, ==, "a\nb\nc\xEF\xBF\xBD" "d\xEF\xBF\xBD");
}

static void test_errors(void)
{
    for (int i = 0; i < SV_ERROR_N; i++) {
        g_assert_nonnull(sv_error_info(i)->name);
        for (int k = 0; k < i; k++)
            g_assert_cmpint(sv_error_info(i)->exit_code, !=, sv_error_info(k)->exit_code);
    }
    g_autoptr(GError) e = g_error_new(SV_ERROR, SV_ERROR_LIMIT, "too large");
    g_assert_cmpint(sv_error_exit_code(e), ==, 6);
    g_assert_cmpint(sv_error_exit_code(NULL), ==, 0);
}

static void test_report(void)
{
    g_autoptr(SvReport) r = sv_report_new();
    for (guint i = 0; i < SV_MAX_PROBLEMS + 5; i++)
        sv_report_add(r, SV_ERROR_INPUT, "a.zip/b.txt", "line 3", "no date", "Add one");
    g_assert_cmpint(r->n_problems, ==, SV_MAX_PROBLEMS + 5);
    g_assert_cmpint(r->problems->len, ==, SV_MAX_PROBLEMS);
    g_autofree char *line = sv_problem_format(g_ptr_array_index(r->problems, 0));
    g_assert_cmpstr(line, ==, "a.zip/b.txt: line 3: no date. Add one");
}

static void test_json(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) doc =
        sv_json_parse("\xEF\xBB\xBF{\"a\": \"x\", \"n\": \"12.5\", \"l\": []}", 35, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sv_json_string(doc, "a"), ==, "x");
    g_assert_null(sv_json_string(doc, "n2"));
    g_assert_cmpfloat(sv_json_number(doc, "n", 0), ==, 12.5);
    g_assert_cmpfloat(sv_json_number(doc, "a", -1), ==, -1);
    g_assert_nonnull(sv_json_array(doc, "l"));
    g_assert_null(sv_json_object(doc, "l"));
    g_assert_null(sv_json_parse("{\"a\": ", 6, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
}

static void add_row(const SvTableRow *row, gpointer told)
{
    g_string_append_printf(told, "%u:%u", row->line, row->n);
    for (guint i = 0; i < SV_TABLE_FIELDS; i++)
        g_string_append_printf(told, "|%s", row->field[i]);
    g_string_append_c(told, '\n');
}

static void test_table(void)
{
    static const char text[] = "# c\ta\n\na\t b \nx\n\t\n1\t2\t3\t4\t5\t6\t7\nlast\tline";
    g_autoptr(GString) told = g_string_new(NULL);
    sv_table_read(text, strlen(text), add_row, told);
    g_assert_cmpstr(told->str, ==,
        "3:2|a| b ||||\n4:1|x|||||\n5:2||||||\n6:6|1|2|3|4|5|6\t7\n7:2|last|line||||\n");
    g_string_truncate(told, 0);
    sv_table_read("", 0, add_row, told);
    g_assert_cmpstr(told->str, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/civil-round-trip", test_civil_round_trip);
    g_test_add_func("/base/parse-time", test_parse_time);
    g_test_add_func("/base/zones", test_zones);
    g_test_add_func("/base/fold", test_fold);
    g_test_add_func("/base/clean", test_clean);
    g_test_add_func("/base/errors", test_errors);
    g_test_add_func("/base/report", test_report);
    g_test_add_func("/base/json", test_json);
    g_test_add_func("/base/table", test_table);
    return g_test_run();
}
