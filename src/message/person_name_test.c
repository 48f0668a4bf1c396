/* Names and phones compared: table of tests/fixtures/names. */
#include <string.h>
#include "people.h"
#include "person_name.h"

static gboolean same(const char *a, const char *b)
{
    SvNameToken x[SV_NAME_TOKENS], y[SV_NAME_TOKENS];
    guint n = sv_name_tokens(a, strlen(a), x), m = sv_name_tokens(b, strlen(b), y);
    return sv_name_same(x, n, y, m);
}

static void test_table(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "names", "names.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0;
    for (char **l = lines; *l; l++) {
        g_auto(GStrv) f = g_strsplit(*l, "\t", -1);
        if (g_strv_length(f) != 3)
            continue;
        gboolean want = strcmp(f[0], "same") == 0;
        n++;
        if (same(f[1], f[2]) != want || same(f[2], f[1]) != want) {
            g_test_message("not %s: %s", f[0], *l);
            g_test_fail();
        }
    }
    g_assert_cmpuint(n, >=, 30);
}

static void test_hostile(void)
{
    static const char *const names[] = {"", " ", "....", "\xff\xfe", "a.b.c.d.e.f.g.h.i.j.k.l", "ъъъъ ььь",
        "'-'-'", "Очень Много Слов В Этом Имени Больше Чем Помещается Сюда"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        for (guint j = 0; j < G_N_ELEMENTS(names); j++)
            g_assert_cmpint(same(names[i], names[j]), ==, same(names[j], names[i]));
    g_autofree char *longest = g_strnfill(100000, 'x');
    g_assert_false(same(longest, "x"));
}

static void test_phones(void)
{
    static const char *const rows[][2] = {{"8 (701) 721-44-08", "+77017214408"},
        {"+7 701 721 44 08", "+77017214408"}, {"77017214408", "+77017214408"},
        {"912 555-01-31", "+79125550131"}, {"+7 (843) 200-61-14, доб. 203", "+78432006114"},
        {"+44 7700 900142", "+447700900142"}, {"0044 7700 900142", "+447700900142"},
        {"07700 900142", "07700900142"}, {"user1007", NULL}, {"12345", NULL}, {"a@b.ru", NULL}, {"", NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = sv_phone_normalise(rows[i][0]);
        g_assert_cmpstr(got, ==, rows[i][1]);
    }
}

static void test_domains(void)
{
    g_assert_true(sv_domain_is_public("gmail.com"));
    g_assert_true(sv_domain_is_public("mail.ru"));
    g_assert_false(sv_domain_is_public("mail.ru.example"));
    g_assert_false(sv_domain_is_public("lunnyles.ru"));
    g_assert_cmpstr(sv_domain_of("a@b.ru"), ==, "b.ru");
    g_assert_null(sv_domain_of("@b.ru"));
    g_assert_null(sv_domain_of("user7"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/person-name/table", test_table);
    g_test_add_func("/person-name/hostile", test_hostile);
    g_test_add_func("/people/phones", test_phones);
    g_test_add_func("/people/domains", test_domains);
    return g_test_run();
}
