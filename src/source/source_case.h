/* For tests: reads a fixture with one source and writes what came of it as lines of text, to be compared with
 * the file FIXTURE.want beside it. SV_CASE_WRITE=1 in the environment writes the .want files anew: read the
 * difference before believing it. */
#pragma once
#include "intake.h"
#include <math.h>
#include <string.h>

static inline char *case_escape(const char *text)
{
    g_autofree char *copy = g_strdup(text ? text : "");
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    return g_strjoinv("⏎", lines);
}

static inline void case_dump_address(GString *out, const char *label, const SvAddress *a)
{
    g_string_append_printf(out, "%s%s", label, a->name ? a->name : "-");
    if (a->address)
        g_string_append_printf(out, " <%s>", a->address);
    if (a->side)
        g_string_append_printf(out, " (%s)", sv_side_name(a->side));
}

static inline void case_dump_flags(GString *out, guint flags)
{
    static const char *const names[] = {"system", "auto", "bulk", "media", "deleted", "edited",
        "no-transcript", "forwarded", "cut", "outgoing", "incoming"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (flags & (1u << i))
            g_string_append_printf(out, " +%s", names[i]);
}

static inline void case_dump_message(GString *out, const SvMessage *m)
{
    g_autofree char *at = sv_time_format(m->at), *body = case_escape(m->body.bytes);
    g_string_append_printf(out, "%s %s", at, sv_channel_name(m->channel));
    case_dump_flags(out, m->flags);
    case_dump_address(out, " | ", m->from);
    g_string_append_printf(out, " | %s\n", body);
    /* A hash says nothing to a reader; other ids do. */
    const char *dash = strlen(m->id) >= 25 ? strchr(m->id, ':') : NULL;
    g_string_append_printf(out, "  id %.*s", dash ? (int)(dash - m->id) : 200, m->id);
    if (m->conversation)
        g_string_append_printf(out, " in %s", m->conversation);
    if (m->in_reply_to)
        g_string_append_printf(out, " answers %s", m->in_reply_to);
    if (m->duration_s >= 0)
        g_string_append_printf(out, " %g s", m->duration_s);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < m->to->len; i++)
        case_dump_address(out, i ? ", " : "  to ", g_ptr_array_index(m->to, i));
    for (guint i = 0; i < m->cc->len; i++)
        case_dump_address(out, "  cc ", g_ptr_array_index(m->cc, i));
    if (m->to->len || m->cc->len)
        g_string_append_c(out, '\n');
    for (guint i = 0; i < m->attachments->len; i++)
        g_string_append_printf(out, "  file %s\n", (const char *)g_ptr_array_index(m->attachments, i));
    for (guint i = 0; m->turns && i < m->turns->len; i++) {
        const SvTurn *t = &g_array_index(m->turns, SvTurn, i);
        g_string_append_printf(out, "  turn %d at %g: %.*s\n", t->speaker, t->start_s,
            (int)(t->span.to - t->span.from), m->body.bytes + t->span.from);
    }
    if (m->deal) {
        g_autofree char *amount =
            isnan(m->deal->amount) ? g_strdup("-") : g_strdup_printf("%.2f", m->deal->amount);
        g_string_append_printf(out, "  deal %s «%s» %s %s %s «%s»\n", m->deal->deal_id, m->deal->title,
            m->deal->stage, amount, m->deal->currency, m->deal->amount_text);
    }
}

static inline void case_dump_person(GString *out, const SvPerson *p)
{
    g_string_append_printf(
        out, "person %s %s (%s) %s", p->id, p->name, sv_side_name(p->side), p->role ? p->role : "-");
    GPtrArray *const lists[] = {p->emails, p->phones, p->aliases};
    for (guint k = 0; k < 3; k++)
        for (guint i = 0; i < lists[k]->len; i++)
            g_string_append_printf(out, " %s", (const char *)g_ptr_array_index(lists[k], i));
    g_string_append_c(out, '\n');
}

static inline char *case_dump(const SvHistory *h, const SvReport *report, const char *drop)
{
    GString *out = g_string_new(NULL);
    if (h->has_card)
        g_string_append_printf(out, "client %s, language %s, zone %s\n", h->client_name, h->language,
            h->zone ? g_time_zone_get_identifier(h->zone) : "-");
    for (guint i = 0; i < h->people->len; i++)
        case_dump_person(out, g_ptr_array_index(h->people, i));
    for (guint i = 0; i < h->messages->len; i++)
        case_dump_message(out, g_ptr_array_index(h->messages, i));
    for (guint i = 0; i < report->problems->len; i++) {
        g_autofree char *text = sv_problem_format(g_ptr_array_index(report->problems, i));
        g_string_append_printf(out, "problem %s\n", text);
    }
    for (guint i = 0; i < report->notes->len; i++)
        g_string_append_printf(out, "note %s\n", (const char *)g_ptr_array_index(report->notes, i));
    g_autofree char *all = g_string_free(out, FALSE);
    g_auto(GStrv) parts = g_strsplit(all, drop, -1);
    return g_strjoinv("", parts);
}

static inline char *case_read_file(const char *path, gsize *len)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_file_get_contents(path, &text, len, &error);
    g_assert_no_error(error);
    return text;
}

/* What must hold of everything that a source made, however hostile the input. */
static inline void case_check(const SvHistory *h)
{
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(h->messages, i);
        g_assert_true(m->id && *m->id && m->from && m->file && m->body.bytes);
        g_assert_true(g_utf8_validate(m->body.bytes, (gssize)m->body.len, NULL));
        g_assert_true(g_utf8_validate(m->id, -1, NULL));
        g_assert_true(!m->from->name || g_utf8_validate(m->from->name, -1, NULL));
        g_assert_cmpuint(m->body.len, <=, 1u << 20);
        for (guint k = 0; m->turns && k < m->turns->len; k++) {
            const SvTurn *t = &g_array_index(m->turns, SvTurn, k);
            g_assert_true(
                t->span.from < t->span.to && t->span.to <= m->body.len && t->speaker < (int)m->to->len);
        }
    }
}

static inline void case_run_one(const SvSource *source, const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL),
                    *want_path = g_strconcat(path, ".want", NULL);
    g_autofree char *mapping_path = g_strconcat(path, ".mapping", NULL), *mapping = NULL,
                    *drop = g_strconcat(folder, "/", NULL);
    gsize len;
    g_autofree char *bytes = case_read_file(path, &len);
    if (g_file_test(mapping_path, G_FILE_TEST_EXISTS))
        mapping = case_read_file(mapping_path, NULL);
    SvInput input = {.name = path, .bytes = bytes, .len = len, .folder = "folder", .mapping = mapping};
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GError) error = NULL;
    if (source != &sv_source_card)
        history->zone = sv_zone_parse("+05:00");
    g_assert_cmpint(source->probe(&input), >=, 50);
    gboolean ok = source->read(&input, history, report, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    case_check(history);
    g_autofree char *got = case_dump(history, report, drop);
    if (g_getenv("SV_CASE_WRITE"))
        g_file_set_contents(want_path, got, -1, NULL);
    g_autofree char *want = case_read_file(want_path, NULL);
    g_test_message("%s", path);
    g_assert_cmpstr(got, ==, want);
}

static inline gboolean case_is_fixture(const char *file)
{
    return !g_str_has_suffix(file, ".want") && !g_str_has_suffix(file, ".mapping") &&
           !g_str_has_suffix(file, "README.md") && !g_str_has_suffix(file, "expect.tsv");
}

/* Every fixture of tests/fixtures/KIND. */
static inline void case_run(const SvSource *source, const char *kind)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", kind, NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    guint n = 0;
    for (const char *file; (file = g_dir_read_name(dir));)
        if (case_is_fixture(file)) {
            case_run_one(source, folder, file);
            n++;
        }
    g_dir_close(dir);
    g_assert_cmpuint(n, >, 0);
}

/* "MESSAGES PROBLEMS" or "fail CODE" of a hostile input. */
static inline char *case_outcome(const SvSource *source, const char *path)
{
    gsize len;
    g_autofree char *bytes = case_read_file(path, &len);
    SvInput input = {.name = path, .bytes = bytes, .len = len, .folder = "folder"};
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GError) error = NULL;
    int sure = source->probe(&input);
    g_assert_true(sure >= 0 && sure <= 100);
    gboolean ok = source->read(&input, history, report, &error);
    g_assert_true(ok == (error == NULL));
    case_check(history);
    if (ok)
        return g_strdup_printf("%u\t%u", history->messages->len + history->people->len, report->n_problems);
    g_assert_true(error->domain == SV_ERROR && g_str_has_prefix(error->message, path));
    return g_strdup_printf("fail\t%s", sv_error_info((SvErrorCode)error->code)->name);
}

static inline int case_by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every file of tests/fixtures/broken/KIND against its line "FILE <TAB> MESSAGES <TAB> PROBLEMS" or
 * "FILE <TAB> fail <TAB> ERROR" of expect.tsv there. */
static inline void case_run_broken(const SvSource *source, const char *kind)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "broken", kind, NULL);
    g_autofree char *expect_path = g_build_filename(folder, "expect.tsv", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    g_autoptr(GPtrArray) got = g_ptr_array_new_with_free_func(g_free);
    for (const char *file; (file = g_dir_read_name(dir));) {
        if (!case_is_fixture(file))
            continue;
        g_autofree char *path = g_build_filename(folder, file, NULL), *outcome = case_outcome(source, path);
        g_ptr_array_add(got, g_strdup_printf("%s\t%s", file, outcome));
    }
    g_dir_close(dir);
    g_ptr_array_sort(got, case_by_text);
    g_ptr_array_add(got, NULL);
    g_assert_cmpuint(got->len, >, 10);
    g_autofree char *lines = g_strjoinv("\n", (char **)got->pdata), *text = g_strconcat(lines, "\n", NULL);
    if (g_getenv("SV_CASE_WRITE"))
        g_file_set_contents(expect_path, text, -1, NULL);
    g_autofree char *want = case_read_file(expect_path, NULL);
    g_assert_cmpstr(text, ==, want);
}
