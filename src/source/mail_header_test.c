/* Header values: the tables of tests/fixtures/header, and what no table can hold. */
#include "mail_header.h"
#include "mail_fixture.h"
#include "sv_limits.h"
#include <string.h>

static void check(const char *raw, const char *made, const char *expected)
{
    if (g_strcmp0(made, expected) == 0)
        return;
    g_test_message("%s: expected \"%s\", made \"%s\"", raw, expected, made ? made : "(none)");
    g_test_fail();
}

static void test_words(void)
{
    g_autoptr(GPtrArray) rows = sv_fixture_rows("header/words.tsv");
    g_assert_cmpuint(rows->len, >, 20);
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        gsize len;
        g_autofree char *raw = sv_fixture_unescape(row[0], &len);
        g_autofree char *made = sv_mail_header_decode(raw, len);
        check(row[0], made, row[1] ? row[1] : "");
    }
}

static void test_addresses(void)
{
    g_autoptr(GPtrArray) rows = sv_fixture_rows("header/addresses.tsv");
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        gsize len;
        g_autofree char *raw = sv_fixture_unescape(row[0], &len);
        g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
        sv_mail_header_addresses(raw, len, out);
        g_autoptr(GString) made = g_string_new(NULL);
        for (guint k = 0; k < out->len; k++) {
            const SvAddress *a = g_ptr_array_index(out, k);
            g_string_append_printf(made, "%s%s%s<%s>", k ? "|" : "", a->name ? a->name : "",
                a->name ? " " : "", a->address ? a->address : "");
        }
        check(row[0], made->str, row[1]);
    }
}

static void test_params(void)
{
    g_autoptr(GPtrArray) rows = sv_fixture_rows("header/params.tsv");
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        gsize len;
        g_autofree char *raw = sv_fixture_unescape(row[0], &len);
        g_autofree char *made = sv_mail_header_param(raw, len, row[1]);
        check(row[0], made ? made : "-", row[2]);
    }
}

static void test_dates(void)
{
    g_autoptr(GPtrArray) rows = sv_fixture_rows("header/dates.tsv");
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("+06:00");
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        gsize len;
        g_autofree char *raw = sv_fixture_unescape(row[0], &len);
        SvTime t = {-1, 0};
        gboolean found = sv_mail_date_parse(raw, len, zone, &t);
        g_autofree char *made = found ? sv_time_format(t) : g_strdup("-");
        check(row[0], made, row[1]);
        if (!found)
            g_assert_cmpint(t.unix_s, ==, -1);
    }
}

static void test_fields(void)
{
    const char *text = "From: a@a.example\r\nSubject: one\r\n two\r\nX-Empty:\r\n\r\nbody: no field\r\n";
    const char *at = text, *end = text + strlen(text);
    SvMailField field;
    g_assert_true(sv_mail_field_next(&at, end, &field));
    g_assert_true(sv_mail_field_is(&field, "from"));
    g_assert_true(sv_mail_field_next(&at, end, &field));
    g_assert_cmpmem(field.value, field.len, " one\r\n two\r\n", 12);
    g_assert_true(sv_mail_field_next(&at, end, &field));
    g_assert_true(sv_mail_field_is(&field, "X-Empty"));
    g_assert_false(sv_mail_field_next(&at, end, &field));
    g_assert_true(g_str_has_prefix(at, "body:"));
}

static void test_no_empty_line(void)
{
    const char *text =
        "From: a@a.example\nSubject: x\nbroken fold\nTo: b@b.example\nText starts here\nand goes on\n";
    const char *at = text, *end = text + strlen(text);
    SvMailField field;
    for (int i = 0; i < 3; i++)
        g_assert_true(sv_mail_field_next(&at, end, &field));
    g_assert_true(sv_mail_field_is(&field, "To"));
    g_assert_false(sv_mail_field_next(&at, end, &field));
    g_assert_true(g_str_has_prefix(at, "Text starts"));
}

/* As many addresses as the limit says, however many are given; and in linear time. */
static void test_many_addresses(void)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    while (raw->len < SV_MAX_HEADERS)
        g_string_append(raw, "\"Имя\" <a@b.example>, (c (d), ");
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
    sv_mail_header_addresses(raw->str, raw->len, out);
    g_assert_cmpuint(out->len, <=, SV_MAX_ADDRESSES);
}

static void test_cost(void)
{
    static const char *const bombs[] = {
        "=?a?q?", "=?utf-8?B?", "?=", "=?", "\"(", "<", "=?utf-8?Q?=D0?= ", "a:b;", "\n ", "=?=?", "(((("};
    gint64 start = g_get_monotonic_time();
    for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
        g_autoptr(GString) raw = g_string_new(NULL);
        while (raw->len < SV_MAX_HEADERS)
            g_string_append(raw, bombs[i]);
        g_autofree char *text = sv_mail_header_decode(raw->str, raw->len);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
        sv_mail_header_addresses(raw->str, raw->len, out);
        g_autofree char *param = sv_mail_header_param(raw->str, raw->len, "name");
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 4 * G_USEC_PER_SEC);
}

static void test_broken(void)
{
    g_autoptr(GPtrArray) names = sv_fixture_list("broken/header", "");
    g_assert_cmpuint(names->len, >=, 10);
    for (guint i = 0; i < names->len; i++) {
        g_autoptr(GBytes) bytes = sv_fixture_load(g_ptr_array_index(names, i));
        gsize len;
        const char *raw = g_bytes_get_data(bytes, &len);
        raw = raw ? raw : "";
        g_autofree char *text = sv_mail_header_decode(raw, len),
                        *param = sv_mail_header_param(raw, len, "filename");
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_true(!param || g_utf8_validate(param, -1, NULL));
        for (const char *p = text; *p; p++)
            g_assert_cmpuint((guchar)*p, >=, ' ');
        g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
        sv_mail_header_addresses(raw, len, out);
        g_assert_cmpuint(out->len, <=, SV_MAX_ADDRESSES);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail_header/words", test_words);
    g_test_add_func("/mail_header/addresses", test_addresses);
    g_test_add_func("/mail_header/params", test_params);
    g_test_add_func("/mail_header/dates", test_dates);
    g_test_add_func("/mail_header/fields", test_fields);
    g_test_add_func("/mail_header/no_empty_line", test_no_empty_line);
    g_test_add_func("/mail_header/many_addresses", test_many_addresses);
    g_test_add_func("/mail_header/cost", test_cost);
    g_test_add_func("/mail_header/broken", test_broken);
    return g_test_run();
}
