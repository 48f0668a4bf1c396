/* Amounts read from tables of cases (tests/fixtures/money), from hostile texts, and written back. */
#include <string.h>
#include "money.h"

static const char *const kinds[] = {"money", "percent", "quantity"};

static void check_line(const char *file, guint line, char **cell, SvLang lang)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    sv_amounts_find(cell[0], strlen(cell[0]), lang, found);
    GString *got = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        SvAmount *m = &g_array_index(found, SvAmount, i);
        g_string_append_printf(got, "%s%.*s|%s|%.10g|%.10g|%s|%.*s", i ? "\t" : "",
            (int)(m->span.to - m->span.from), cell[0] + m->span.from, kinds[m->kind], m->value, m->value_to,
            m->currency, (int)(m->unit.to - m->unit.from), cell[0] + m->unit.from);
    }
    g_autofree char *want = g_strjoinv("\t", cell + 1), *have = g_string_free(got, FALSE);
    if (strcmp(want, have)) {
        g_test_message("%s:%u: %s: want [%s], got [%s]", file, line, cell[0], want, have);
        g_test_fail();
    }
}

static void test_table(gconstpointer data)
{
    const char *name = data;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "money", name, NULL),
                    *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        g_auto(GStrv) cell = g_strsplit(lines[i], "\t", -1);
        check_line(name, i + 1, cell, *name == 'e' ? SV_LANG_EN : SV_LANG_RU);
    }
}

static void test_format(void)
{
    static const struct {
        double value;
        const char *currency, *want;
        SvLang lang;
    } cases[] = {{6600000, "KZT", "6\u00A0600\u00A0000\u00A0₸", SV_LANG_RU},
        {1460, "GBP", "£1,460", SV_LANG_EN}, {112600000, "KZT", "112,6\u00A0млн\u00A0₸", SV_LANG_RU},
        {0.152, "GBP", "£0.152", SV_LANG_EN}, {900, "", "900", SV_LANG_RU},
        {1250.5, "RUB", "1\u00A0250,50\u00A0₽", SV_LANG_RU}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = sv_amount_format(cases[i].value, cases[i].currency, cases[i].lang);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void test_hostile(void)
{
    static const char *const parts[] = {
        "1 000 ", "1.", "two ", "million ", "$", "1-", "from 1 to ", "half a ", "\xD0\xB8 ", "9", "1,000,"};
    for (guint p = 0; p < G_N_ELEMENTS(parts); p++) {
        GString *s = g_string_new(NULL);
        while (s->len < 100000)
            g_string_append(s, parts[p]);
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvAmount));
        gint64 start = g_get_monotonic_time();
        sv_amounts_find(s->str, s->len, SV_LANG_EN, found);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 2000000);
        guint32 last = 0;
        for (guint i = 0; i < found->len; i++) {
            SvAmount *m = &g_array_index(found, SvAmount, i);
            g_assert_cmpuint(m->span.from, >=, last);
            g_assert_cmpuint(m->span.to, <=, s->len);
            last = m->span.to;
        }
        g_string_free(s, TRUE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/money/ru", "ru.tsv", test_table);
    g_test_add_data_func("/money/en", "en.tsv", test_table);
    g_test_add_func("/money/format", test_format);
    g_test_add_func("/money/hostile", test_hostile);
    return g_test_run();
}
