/* Letters and mailboxes: files of tests/fixtures/mail against what they must become; broken and hostile
 * ones. */
#include "letter.h"
#include "mail_fixture.h"
#include "sv_limits.h"
#include <string.h>

static gboolean read_bytes(const SvSource *source, const char *bytes, gsize len, const char *name,
    SvHistory *history, SvReport *report)
{
    SvInput input = {.name = name, .bytes = bytes ? bytes : "", .len = len, .folder = ""};
    g_autoptr(GError) error = NULL;
    gboolean ok = source->read(&input, history, report, &error);
    g_assert_true(ok == (error == NULL));
    return ok;
}

static int probe(const SvSource *source, const char *bytes, gsize len)
{
    SvInput input = {.name = "x", .bytes = bytes ? bytes : "", .len = len, .folder = ""};
    return source->probe(&input);
}

static void check_all(const char *suffix, const SvSource *mine, const SvSource *other)
{
    g_autoptr(GPtrArray) names = sv_fixture_list("mail", suffix);
    g_assert_cmpuint(names->len, >=, 7);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(GBytes) bytes = sv_fixture_load(name);
        gsize len;
        const char *data = g_bytes_get_data(bytes, &len);
        g_test_message("%s", name);
        g_assert_cmpint(probe(mine, data, len), >=, 70);
        g_assert_cmpint(probe(other, data, len), <, probe(mine, data, len));
        g_autoptr(SvHistory) history = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        g_assert_true(read_bytes(mine, data, len, name, history, report));
        g_autoptr(GString) made = g_string_new(NULL);
        for (guint k = 0; k < history->messages->len; k++) {
            g_autofree char *text = sv_fixture_message(g_ptr_array_index(history->messages, k));
            g_string_append_printf(made, "%s----\n", text);
        }
        for (guint k = 0; k < report->problems->len; k++) {
            g_autofree char *text = sv_problem_format(g_ptr_array_index(report->problems, k));
            g_string_append_printf(made, "problem: %s\n", text);
        }
        g_autofree char *expected = g_strconcat(name, ".txt", NULL);
        sv_fixture_compare(expected, made->str);
    }
}

static void test_letters(void)
{
    check_all(".eml", &sv_source_eml, &sv_source_mbox);
}

static void test_mailboxes(void)
{
    check_all(".mbox", &sv_source_mbox, &sv_source_eml);
}

static void test_foreign(void)
{
    static const char *const texts[] = {"", "Заметка: позвонить\nСрок: завтра\n",
        "id,created_at,author,text\n1,2,3,4\n", "{\"From\": \"x\", \"To\": \"y\"}",
        "[03.11.2025, 10:00:00] A: b\n", "From the desk of X\n\nHello\n",
        "1\n00:00:01,000 --> 00:00:02,000\nx\n", "Name: value\nOther: value\n\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_cmpint(probe(&sv_source_eml, texts[i], strlen(texts[i])), ==, 0);
        g_assert_cmpint(probe(&sv_source_mbox, texts[i], strlen(texts[i])), ==, 0);
    }
}

static void check_history(const SvHistory *history)
{
    for (guint i = 0; i < history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(history->messages, i);
        g_assert_true(m->id && *m->id && g_utf8_validate(m->id, -1, NULL));
        g_assert_true(m->body.bytes && g_utf8_validate(m->body.bytes, (gssize)m->body.len, NULL));
        g_assert_cmpuint(m->body.len, <=, SV_MAX_MESSAGE_TEXT);
        g_assert_null(strchr(m->body.bytes, '\r'));
        g_assert_true(!m->subject || g_utf8_validate(m->subject, -1, NULL));
        g_assert_true(m->file && m->from);
        for (guint k = 0; k < m->attachments->len; k++)
            g_assert_null(strpbrk(g_ptr_array_index(m->attachments, k), "/\\\n"));
    }
}

static void broken(const char *folder, const SvSource *source)
{
    g_autoptr(GPtrArray) names = sv_fixture_list(folder, "");
    g_assert_cmpuint(names->len, >=, 10);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autoptr(GBytes) bytes = sv_fixture_load(name);
        gsize len;
        const char *data = g_bytes_get_data(bytes, &len);
        g_autoptr(SvHistory) history = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        gboolean ok = read_bytes(source, data, len, name, history, report);
        g_test_message("%s: %s, %u letters, %u problems", name, ok ? "read" : "refused",
            history->messages->len, report->n_problems);
        check_history(history);
    }
}

static void test_broken_letters(void)
{
    broken("broken/eml", &sv_source_eml);
}

static void test_broken_mailboxes(void)
{
    broken("broken/mbox", &sv_source_mbox);
}

/* What is cut, left out or refused is told, and the rest is read. */
static void test_limits(void)
{
    static const char head[] =
        "From: a@a.example\nTo: b@b.example\nDate: Mon, 03 Nov 2025 10:00:00 +0300\nMessage-ID: <1@a>\n";
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GString) text = g_string_new(head);
    g_string_append(text, "Content-Type: text/plain; charset=utf-8\n\n");
    while (text->len < 3u << 20)
        g_string_append(text, "длинное письмо ");
    g_assert_true(read_bytes(&sv_source_eml, text->str, text->len, "long", history, report));
    const SvMessage *m = g_ptr_array_index(history->messages, 0);
    g_assert_true(m->flags & SV_MESSAGE_CUT);
    g_assert_cmpuint(report->n_problems, ==, 1);

    g_autoptr(GString) parts = g_string_new(head);
    g_string_append(parts, "Content-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 0; i < 300000; i++)
        g_string_append(parts, "--b\n\nx\n");
    g_assert_true(read_bytes(&sv_source_eml, parts->str, parts->len, "parts", history, report));
    g_assert_cmpuint(report->n_problems, ==, 2);

    g_autoptr(GString) fields = g_string_new(head);
    while (fields->len < SV_MAX_HEADERS * 2)
        g_string_append(fields, "X-Flood: =?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaa?=\n");
    g_string_append(fields, "\nthe body\n");
    g_assert_true(read_bytes(&sv_source_eml, fields->str, fields->len, "fields", history, report));
    g_assert_cmpuint(report->n_problems, ==, 3);
    m = g_ptr_array_index(history->messages, 2);
    g_assert_cmpstr(m->body.bytes, ==, "the body");
    check_history(history);
}

/* Text that repeats a piece up to a megabyte is read in bounded time. */
static void test_cost(void)
{
    static const char *const bombs[] = {"--b\n", "From x\n\n", "From a@a 10:00:00\nFrom: x\n\n", ">From \n",
        "\n\n", "--b\nContent-Type: multipart/mixed; boundary=b\n\n", "Content-Type: message/rfc822\n\n",
        "=\n", "From a@a 10:00:00\nContent-Length: 99\nX: y\n\n",
        "--b\nContent-Type: text/html\n\n<blockquote>\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
        g_autoptr(GString) text = g_string_new(
            "From a@a 10:00:00\nFrom: a@a.example\nContent-Type: multipart/alternative; boundary=b\n\n");
        while (text->len < 1u << 20)
            g_string_append(text, bombs[i]);
        g_autoptr(SvHistory) history = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        gint64 start = g_get_monotonic_time();
        read_bytes(&sv_source_mbox, text->str, text->len, "bomb", history, report);
        double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
        g_test_message("%zu: %.3f s, %u letters", i, seconds, history->messages->len);
        g_assert_cmpfloat(seconds, <, 3.0);
        check_history(history);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/letters", test_letters);
    g_test_add_func("/letter/mailboxes", test_mailboxes);
    g_test_add_func("/letter/foreign", test_foreign);
    g_test_add_func("/letter/broken_letters", test_broken_letters);
    g_test_add_func("/letter/broken_mailboxes", test_broken_mailboxes);
    g_test_add_func("/letter/limits", test_limits);
    g_test_add_func("/letter/cost", test_cost);
    return g_test_run();
}
