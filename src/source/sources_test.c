/* sources: each fixture is claimed by the source it belongs to; large input stays within limits and time. */
#include "source_case.h"
#include "sv_limits.h"

static void check_kind(const char *kind, const SvSource *want)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", kind, NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *file; (file = g_dir_read_name(dir));) {
        if (!case_is_fixture(file))
            continue;
        g_autofree char *path = g_build_filename(folder, file, NULL),
                        *mapping_path = g_strconcat(path, ".mapping", NULL);
        g_autofree char *mapping = NULL;
        g_file_get_contents(mapping_path, &mapping, NULL, NULL);
        gsize len;
        g_autofree char *bytes = case_read_file(path, &len);
        SvInput input = {.name = path, .bytes = bytes, .len = len, .folder = "", .mapping = mapping};
        const SvSource *found = sv_source_find(&input);
        g_test_message("%s", path);
        g_assert_cmpstr(found ? found->name : "none", ==, want->name);
    }
    g_dir_close(dir);
}

static void test_find(void)
{
    check_kind("whatsapp", &sv_source_whatsapp);
    check_kind("telegram", &sv_source_telegram);
    check_kind("transcript", &sv_source_transcript);
    check_kind("subtitles", &sv_source_subtitles);
    check_kind("table", &sv_source_table);
    check_kind("card", &sv_source_card);
}

static void test_none(void)
{
    static const char *const texts[] = {"", " ", "просто письмо\nдругу\n", "{}", "[]", "{\"a\":1}",
        "a,b\n1,2\n", "\xFF\xFE", "12.03.2025 - список дел\n13.03.2025 - ещё\n", "Итого: 5\n", "null",
        "\"x\""};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        SvInput input = {.name = "x", .bytes = texts[i], .len = strlen(texts[i]), .folder = ""};
        const SvSource *found = sv_source_find(&input);
        g_assert_cmpstr(found ? found->name : "none", ==, "none");
    }
}

/* Reads generated text; returns the seconds it took. */
static double read_text(const SvSource *source, const GString *text, SvHistory *history, SvReport *report)
{
    SvInput input = {.name = "2025-11-03_101520", .bytes = text->str, .len = text->len, .folder = ""};
    g_autoptr(GError) error = NULL;
    gint64 from = g_get_monotonic_time();
    gboolean ok = source->read(&input, history, report, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    case_check(history);
    return (double)(g_get_monotonic_time() - from) / 1e6;
}

static void test_long_message(void)
{
    g_autoptr(GString) chat = g_string_new("03.02.2025, 09:15 - Олег: ");
    g_autoptr(GString) telegram =
        g_string_new("{\"type\":\"x\",\"id\":1,\"messages\":[{\"id\":1,\"type\":\"message\","
                     "\"date\":\"2025-02-03T09:15:00\",\"text\":\"");
    g_autoptr(GString) lines = g_string_new("1\n00:00:01,000 --> 00:00:02,000\n");
    for (guint i = 0; i < SV_MAX_MESSAGE_TEXT; i++) {
        g_string_append(chat, "ы");
        g_string_append(telegram, "ы");
        g_string_append(lines, "ы");
    }
    g_string_append(telegram, "\"}]}");
    const SvSource *const sources[] = {&sv_source_whatsapp, &sv_source_telegram, &sv_source_subtitles};
    const GString *const texts[] = {chat, telegram, lines};
    for (guint i = 0; i < 3; i++) {
        g_autoptr(SvHistory) history = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        read_text(sources[i], texts[i], history, report);
        const SvMessage *m = g_ptr_array_index(history->messages, 0);
        g_assert_true(m->flags & SV_MESSAGE_CUT);
        g_assert_cmpuint(m->body.len, <=, SV_MAX_MESSAGE_TEXT);
        g_assert_cmpuint(report->n_problems, ==, 1);
    }
}

/* Twice the text, about twice the time: nothing scans back. */
static void test_linear(void)
{
    static const struct { const SvSource *source; const char *head, *row; } cases[] = {
        {&sv_source_table, "id,created_at,author,text\n", "\"a,2025-02-03,\"b,\"c\n"},
        {&sv_source_table, "id,created_at,author,text\n7,2025-02-03,b,c\n", "\"a\n"},
        {&sv_source_whatsapp, "03.02.2025, 09:15 - A: b\n", "[[[<<<<: : \n"},
        {&sv_source_whatsapp, "", "03.02.2025, 09:15 - A: b\n"},
        {&sv_source_subtitles, "", "1\n00:00:01,000 --> 00:00:02,000\nA: b <v <i\n"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(cases[i].head);
        for (guint n = 0; n < 60000; n++)
            g_string_append(text, cases[i].row);
        g_autoptr(SvHistory) history = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        double seconds = read_text(cases[i].source, text, history, report);
        g_test_message(
            "%s %u: %.2f s, %u messages", cases[i].source->name, i, seconds, history->messages->len);
        g_assert_cmpfloat(seconds, <, 15);
    }
}

static void test_same_ids(void)
{
    static const char first[] =
        "03.02.2025, 09:15 - A: да\n13.02.2025, 09:16 - B: нет\n13.02.2025, 09:16 - B: нет\n";
    g_autoptr(GString) shorter = g_string_new(first), longer = g_string_new(first);
    g_string_append(longer, "14.02.2025, 09:16 - B: ещё\n");
    g_autoptr(SvHistory) a = sv_history_new(), b = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    b->zone = sv_zone_parse("+05:00");
    read_text(&sv_source_whatsapp, shorter, a, report);
    read_text(&sv_source_whatsapp, longer, b, report);
    g_assert_cmpuint(b->messages->len, ==, 4);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpstr(((const SvMessage *)g_ptr_array_index(a->messages, i))->id, ==,
            ((const SvMessage *)g_ptr_array_index(b->messages, i))->id);
    g_assert_cmpstr(((const SvMessage *)g_ptr_array_index(a->messages, 1))->id, !=,
        ((const SvMessage *)g_ptr_array_index(a->messages, 2))->id);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source/sources/find", test_find);
    g_test_add_func("/source/sources/none", test_none);
    g_test_add_func("/source/sources/long-message", test_long_message);
    g_test_add_func("/source/sources/linear", test_linear);
    g_test_add_func("/source/sources/same-ids", test_same_ids);
    return g_test_run();
}
