/* HTML to text: pairs of files in tests/fixtures/html, hidden text, hostile trees. */
#include "html_text.h"
#include "html_style.h"
#include "mail_fixture.h"
#include "sv_limits.h"
#include <string.h>

static void test_pairs(void)
{
    g_autoptr(GPtrArray) names = sv_fixture_list("html", ".html");
    g_assert_cmpuint(names->len, >, 15);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(GBytes) bytes = sv_fixture_load(name);
        gsize len;
        const char *html = g_bytes_get_data(bytes, &len);
        g_autofree char *made = sv_html_to_text(html ? html : "", len, "utf-8");
        g_autofree char *stem = g_strndup(name, strlen(name) - 5);
        g_autofree char *expected = g_strconcat(stem, ".txt", NULL);
        sv_fixture_compare(expected, made);
        g_assert_null(strstr(made, "секрет"));
        g_assert_true(g_utf8_validate(made, -1, NULL));
    }
}

static void test_charset(void)
{
    const char *html = "<meta charset='windows-1251'><p>\xCF\xF0\xE8\xE2\xE5\xF2</p>";
    g_autofree char *meta = sv_html_to_text(html, strlen(html), NULL);
    g_assert_cmpstr(meta, ==, "Привет");
    g_autofree char *declared = sv_html_to_text(html, strlen(html), "windows-1251");
    g_assert_cmpstr(declared, ==, "Привет");
}

static void test_colours(void)
{
    g_assert_cmpint(sv_html_colour("#fff", 4), ==, 0xFFFFFF);
    g_assert_cmpint(sv_html_colour("#0857A6", 7), ==, 0x0857A6);
    g_assert_cmpint(sv_html_colour("rgb(255, 255, 255)", 18), ==, 0xFFFFFF);
    g_assert_cmpint(sv_html_colour("white !important", 16), ==, 0xFFFFFF);
    g_assert_cmpint(sv_html_colour("nonsense", 8), ==, SV_COLOUR_UNKNOWN);
    g_assert_true(sv_html_colour_hides(0xFFFFFF, SV_COLOUR_UNSET));
    g_assert_false(sv_html_colour_hides(0xFFFFFF, 0x336699));
    g_assert_false(sv_html_colour_hides(0xFFFFFF, SV_COLOUR_UNKNOWN));
    g_assert_true(sv_html_colour_hides(0x336699, 0x336699));
}

/* Trees made to be slow or deep: bounded time, valid text. */
static void test_cost(void)
{
    static const char *const bombs[] = {"<div>", "<i><p>", "<table><tr><td>", "<blockquote>x", "<ul><li>a",
        "</b></i>", "<!--", "<a href='", "&#", "&amp;&lt", "<p style='color:#fff;font-size:0'>", "<td>x</td>",
        "<br>", "<style>.a{", "<pre>\n\n\n", "<select><option>", "<![CDATA[", "<p class='a b c d e'>",
        "<b></i>", "<blockquote>-- forwarded message --</blockquote>"};
    for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
        g_autoptr(GString) html = g_string_new(NULL);
        while (html->len < 1u << 20)
            g_string_append(html, bombs[i]);
        gint64 start = g_get_monotonic_time();
        g_autofree char *text = sv_html_to_text(html->str, html->len, "utf-8");
        double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
        g_test_message("%s: %.3f s, %zu bytes", bombs[i], seconds, strlen(text));
        g_assert_cmpfloat(seconds, <, 2.0);
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}

static void test_long(void)
{
    g_autoptr(GString) html = g_string_new("<p>");
    while (html->len < 3u << 20)
        g_string_append(html, "слово ");
    g_autofree char *text = sv_html_to_text(html->str, html->len, "utf-8");
    g_assert_cmpuint(strlen(text), >, SV_MAX_MESSAGE_TEXT);
    g_assert_cmpuint(strlen(text), <, SV_MAX_MESSAGE_TEXT + (64u << 10));
}

static void test_broken(void)
{
    g_autoptr(GPtrArray) names = sv_fixture_list("broken/html", "");
    g_assert_cmpuint(names->len, >=, 10);
    for (guint i = 0; i < names->len; i++) {
        g_autoptr(GBytes) bytes = sv_fixture_load(g_ptr_array_index(names, i));
        gsize len;
        const char *html = g_bytes_get_data(bytes, &len);
        g_autofree char *text = sv_html_to_text(html ? html : "", len, NULL);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_cmpuint(strlen(text), <=, 4 * len + 16);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html_text/pairs", test_pairs);
    g_test_add_func("/html_text/charset", test_charset);
    g_test_add_func("/html_text/colours", test_colours);
    g_test_add_func("/html_text/cost", test_cost);
    g_test_add_func("/html_text/long", test_long);
    g_test_add_func("/html_text/broken", test_broken);
    return g_test_run();
}
