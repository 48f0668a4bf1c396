/* Charsets: texts of tests/fixtures/charset there and back, by name, by a wrong name and by guess. */
#include "charset.h"
#include "mail_fixture.h"
#include <string.h>

static void check(const char *what, const char *made, const char *expected)
{
    if (strcmp(made, expected) == 0)
        return;
    g_test_message("%s: expected \"%s\", made \"%s\"", what, expected, made);
    g_test_fail();
}

static void each_text(gboolean named)
{
    g_autoptr(GPtrArray) rows = sv_fixture_rows("charset/texts.txt");
    g_assert_cmpuint(rows->len, >, 5);
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        g_auto(GStrv) charsets = g_strsplit(row[0], " ", -1);
        for (char **c = charsets; *c; c++) {
            gsize len;
            g_autofree char *bytes = g_convert(row[1], -1, *c, "UTF-8", NULL, &len, NULL);
            g_assert_nonnull(bytes);
            g_autofree char *made = sv_charset_to_utf8(bytes, len, named ? *c : NULL);
            check(*c, made, row[1]);
        }
    }
}

static void test_named(void)
{
    each_text(TRUE);
}

static void test_guessed(void)
{
    each_text(FALSE);
}

static void test_aliases(void)
{
    static const char *const names[][2] = {{"cp1251", "\xCF\xF0\xE8\xE2\xE5\xF2"},
        {"X-CP1251", "\xCF\xF0\xE8\xE2\xE5\xF2"}, {"win-1251", "\xCF\xF0\xE8\xE2\xE5\xF2"},
        {"KOI8-R", "\xF0\xD2\xC9\xD7\xC5\xD4"}, {"koi8r", "\xF0\xD2\xC9\xD7\xC5\xD4"},
        {"cp866", "\x8F\xE0\xA8\xA2\xA5\xE2"}, {"IBM866", "\x8F\xE0\xA8\xA2\xA5\xE2"},
        {"x-mac-cyrillic", "\x8F\xF0\xE8\xE2\xE5\xF2"}, {"unicode-1-1-utf-8", "Привет"}, {"utf8", "Привет"},
        {"UTF-8", "\xEF\xBB\xBFПривет"}, {"iso-8859-5", "\xBF\xE0\xD8\xD2\xD5\xE2"},
        {"koi8-u", "\xF0\xD2\xC9\xD7\xC5\xD4"}, {"utf-7", "+BB8EQAQ4BDIENQRC-"}};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *made = sv_charset_to_utf8(names[i][1], strlen(names[i][1]), names[i][0]);
        check(names[i][0], made, "Привет");
    }
}

static void test_wrong_name(void)
{
    const char *text = "Добрый день, высылаем договор и счёт на оплату";
    static const char *const pairs[][2] = {{"windows-1251", "utf-8"}, {"windows-1251", "us-ascii"},
        {"windows-1251", "iso-8859-1"}, {"utf-8", "windows-1251"}, {"utf-8", "koi8-r"},
        {"koi8-r", "windows-1251"}, {"windows-1251", "koi8-r"}, {"utf-8", "nonsense"},
        {"windows-1251", "nonsense"}, {"windows-1251", "//TRANSLIT"}, {"koi8-r", "ISO-2022-CN-EXT"}};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        gsize len;
        g_autofree char *bytes = g_convert(text, -1, pairs[i][0], "UTF-8", NULL, &len, NULL);
        g_autofree char *made = sv_charset_to_utf8(bytes, len, pairs[i][1]);
        g_autofree char *what = g_strdup_printf("%s as %s", pairs[i][0], pairs[i][1]);
        check(what, made, text);
    }
}

static void test_broken(void)
{
    g_autofree char *one = sv_charset_to_utf8("Итог: \xFF 100", strlen("Итог: \xFF 100"), "utf-8");
    check("one bad byte", one, "Итог: \xEF\xBF\xBD 100");
    g_autofree char *cut = sv_charset_to_utf8("Итого\xD0", strlen("Итого\xD0"), "utf-8");
    check("cut letter", cut, "Итого\xEF\xBF\xBD");
    g_autofree char *nul = sv_charset_to_utf8("a\0b", 3, "utf-8");
    check("NUL", nul, "a\xEF\xBF\xBD""b");
    g_autofree char *nothing = sv_charset_to_utf8("", 0, NULL);
    check("nothing", nothing, "");
    g_autofree char *half = sv_charset_to_utf8("\xFF\xFE\x1F\x04\xD8", 5, "utf-16");
    check("half a character", half, "П\xEF\xBF\xBD");
    g_autofree char *undefined = sv_charset_to_utf8("\xCF\xF0\x98", 3, "windows-1251");
    check("undefined byte", undefined, "Пр\xEF\xBF\xBD");
}

static void test_guess_names(void)
{
    g_assert_cmpstr(sv_charset_guess("hello", 5), ==, "UTF-8");
    g_assert_cmpstr(sv_charset_guess("\xEF\xBB\xBFx", 4), ==, "UTF-8");
    g_assert_cmpstr(sv_charset_guess("\xFF\xFEx\0", 4), ==, "UTF-16LE");
    g_assert_cmpstr(sv_charset_guess("\0h\0e\0l\0l\0o", 10), ==, "UTF-16BE");
    g_assert_cmpstr(sv_charset_guess("", 0), ==, "UTF-8");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charset/named", test_named);
    g_test_add_func("/charset/guessed", test_guessed);
    g_test_add_func("/charset/aliases", test_aliases);
    g_test_add_func("/charset/wrong_name", test_wrong_name);
    g_test_add_func("/charset/broken", test_broken);
    g_test_add_func("/charset/guess_names", test_guess_names);
    return g_test_run();
}
