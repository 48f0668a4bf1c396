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

/* One letter as text; `pad` puts a field before the others that is too long for the splitter of plain
 * letters, so that GMime splits the letter. */
static char *read_one(const GString *letter, gboolean pad)
{
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GString) text = g_string_new(NULL);
    if (pad) {
        g_autofree char *long_value = g_strnfill(17000, 'x');
        g_string_append_printf(text, "X-Pad: %s\n", long_value);
    }
    g_string_append_len(text, letter->str, (gssize)letter->len);
    read_bytes(&sv_source_eml, text->str, text->len, "one", history, report);
    if (history->messages->len == 0)
        return g_strdup("");
    return sv_fixture_message(g_ptr_array_index(history->messages, 0));
}

static void damage(GRand *dice, GString *letter)
{
    static const char bytes[] = "\n\n\r--=;:\" abA/\t\\(<b";
    gsize at = (gsize)g_rand_int_range(dice, 60, (gint32)letter->len);
    gssize gone = g_rand_int_range(dice, 1, 30);
    switch (g_rand_int_range(dice, 0, 4)) {
    case 0:
        letter->str[at] = bytes[g_rand_int_range(dice, 0, sizeof bytes - 1)];
        break;
    case 1:
        g_string_insert_c(letter, (gssize)at, bytes[g_rand_int_range(dice, 0, sizeof bytes - 1)]);
        break;
    case 2:
        g_string_erase(letter, (gssize)at, MIN(gone, (gssize)(letter->len - at)));
        break;
    default: { /* a piece of the letter again, at another place */
        gsize from = (gsize)g_rand_int_range(dice, 60, (gint32)letter->len);
        g_autofree char *piece = g_strndup(letter->str + from, MIN(40, letter->len - from));
        g_string_insert(letter, (gssize)at, piece);
    }
    }
}

/* Both splitters make the same of a letter, whole or damaged. */
static void test_splitters(void)
{
    static const char *const letters[] = {
        "From: a@a.example\nTo: b@b.example\nDate: Mon, 03 Nov 2025 10:00:00 +0300\nMessage-ID: <1@a>\n"
        "Content-Type: multipart/mixed;\n boundary=\"=_a\"\n\npreface\n--=_a\n"
        "Content-Type: multipart/alternative; boundary=b-1\n\n--b-1\nContent-Type: text/plain\n\nplain\n\n"
        "--b-1\nContent-Type: text/html; charset=utf-8\n\n<p>rich</p>\n--b-1--\nbetween\n--=_a\n"
        "Content-Type: application/pdf; name=\"x.pdf\"\nContent-Disposition: attachment;\n"
        " filename=\"x.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n--=_a--\nafter\n",
        "From: a@a.example\r\nTo: b@b.example\r\nDate: Mon, 03 Nov 2025 10:00:00 +0300\r\n"
        "Message-ID: <1@a>\r\n"
        "Content-Type: multipart/related; type=\"text/html\"; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/html\r\n\r\nhtml\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
        "Content-ID: <a>\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n-- \r\n--c\r\n\r\n--b--\r\n",
        "From: a@a.example\nTo: b@b.example\nDate: Mon, 03 Nov 2025 10:00:00 +0300\nMessage-ID: <1@a>\n"
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain\n\nreport\n--b\n"
        "Content-Type: message/rfc822\n\nFrom: c@c.example\n\ninner\n--b--\n",
    };
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++)
        for (guint k = 0; k < 700; k++) {
            g_autoptr(GString) letter = g_string_new(letters[i]);
            for (guint n = k % 4; n > 0; n--)
                damage(dice, letter);
            g_autofree char *ours = read_one(letter, FALSE), *theirs = read_one(letter, TRUE);
            if (strcmp(ours, theirs) != 0)
                g_test_message("%s", letter->str);
            g_assert_cmpstr(ours, ==, theirs);
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
    g_test_add_func("/letter/splitters", test_splitters);
    return g_test_run();
}
