/* Tests of the command line as a user meets it: the program is run, its output and exit code are looked at.
 * SVODKA_PROGRAM names it. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    int code;
    char *out, *err;
} Result;

static void result_clear(Result *r)
{
    g_free(r->out);
    g_free(r->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

/* Runs "svodka ARGUMENTS" (parted by spaces) with text as standard input. */
static Result run(const char *arguments, const char *input)
{
    g_autofree char *line = g_strdup_printf("svodka %s", arguments);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_free(argv[0]);
    argv[0] = g_strdup(g_getenv("SVODKA_PROGRAM"));
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) process = g_subprocess_newv((const char *const *)argv,
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
        &error);
    g_assert_no_error(error);
    Result r = {0};
    g_assert_true(g_subprocess_communicate_utf8(process, input ? input : "", NULL, &r.out, &r.err, &error));
    g_assert_no_error(error);
    g_assert_true(g_subprocess_get_if_exited(process));
    r.code = g_subprocess_get_exit_status(process);
    return r;
}

static void test_usage(void)
{
    static const struct {
        const char *arguments;
        int code;
        const char *out, *err; /* must be in it; NULL: must be empty */
    } rows[] = {
        {"--version", 0, "svodka ", NULL},
        {"--help", 0, "summarize", NULL},
        {"help summarize", 0, "--as-of", NULL},
        {"summarise x", 2, NULL, "did you mean “summarize”"},
        {"sum", 2, NULL, "did you mean “summarize”"},
        {"docter", 2, NULL, "did you mean “doctor”"},
        {"xyzzyplugh", 2, NULL, "there is no command"},
        {"summarize --help", 0, "Examples:", NULL},
        {"summarize", 2, NULL, "name at least one PATH"},
        {"summarize x --format breif", 2, NULL, "choose one of brief"},
        {"summarize x --format all --json", 2, NULL, "--json takes one --format"},
        {"summarize x --md --json", 2, NULL, "choose one of"},
        {"summarize x --as-of tomorrow", 2, NULL, "--as-of"},
        {"summarize x --lang kk", 2, NULL, "--lang is"},
        {"summarize x --mapping /no/such/file", 5, NULL, "--mapping"},
        {"summarize x --data /no/such/folder", 8, NULL, "no such folder"},
        {"summarize --wrong", 2, NULL, "--wrong"},
        {"inspect", 2, NULL, "name a stage"},
        {"inspect --help", 0, "Stages:", NULL},
        {"inspect datse", 2, NULL, "choose one of messages"},
        {"inspect dates --at noon", 2, NULL, "--at"},
        {"inspect dates --channel fax", 2, NULL, "fax"},
        {"inspect dates --side them", 2, NULL, "--side"},
        {"inspect messages", 2, NULL, "name at least one"},
        {"inspect people --card /no/such/card", 5, NULL, "/no/such/card"},
        {"doctor now", 2, NULL, "takes no arguments"},
        {"doctor --help", 0, "Example:", NULL},
        {"user", 2, NULL, "say what to do: list, add"},
        {"user add", 2, NULL, "add LOGIN"},
        {"user add anna --role king", 2, NULL, "is no role"},
        {"user list --db /no/such/base.db", 5, NULL, "there is no such database"},
        {"team add", 2, NULL, "team add NAME"},
        {"label hold x y z", 2, NULL, "label hold LABEL"},
        {"audit", 2, NULL, "verify or export"},
        {"audit verify --db /no/such/base.db", 5, NULL, "there is no such database"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Result) r = run(rows[i].arguments, NULL);
        g_test_message("svodka %s → %d\n%s%s", rows[i].arguments, r.code, r.out, r.err);
        g_assert_cmpint(r.code, ==, rows[i].code);
        g_assert_true(rows[i].out ? strstr(r.out, rows[i].out) != NULL : !*r.out);
        g_assert_true(rows[i].err ? strstr(r.err, rows[i].err) != NULL : !*r.err);
    }
}

/* Help fits 80 columns. */
static void test_help_width(void)
{
    static const char *const pages[] = {"--help", "summarize --help", "inspect --help", "doctor --help",
        "user --help", "team --help", "label --help", "audit --help"};
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_auto(Result) r = run(pages[i], NULL);
        g_auto(GStrv) lines = g_strsplit(r.out, "\n", -1);
        for (char **line = lines; *line; line++)
            g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 80);
    }
}

static void test_missing_path(void)
{
    g_auto(Result) r = run("summarize /no/such/path --format brief", NULL);
    g_assert_cmpint(r.code, !=, 0);
    g_assert_cmpstr(r.out, ==, "");
    g_assert_nonnull(strstr(r.err, "/no/such/path"));
}

/* Two lines in, two JSON lines out. */
static void test_inspect_lines(void)
{
    g_auto(Result) r = run("inspect sentences --channel email", "Первое. Второе.\n\n");
    g_assert_cmpint(r.code, ==, 0);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(r.out), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2);
    g_assert_nonnull(strstr(lines[0], "\"Первое.\""));
    g_assert_cmpstr(lines[1], ==, "{\"sentences\":[]}");
}

static void test_inspect_never_unmasks(void)
{
    g_auto(Result) r = run("inspect mask", "карта 4111 1111 1111 1111, пароль: sunrise-42\n");
    g_assert_cmpint(r.code, ==, 0);
    g_assert_null(strstr(r.out, "4111 1111"));
    g_assert_nonnull(strstr(r.out, "\"card\""));
}

static void test_summarize(void)
{
    g_autofree char *dir = g_dir_make_tmp("svodka-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "one.eml", NULL);
    g_autofree char *page = g_build_filename(dir, "page.html", NULL);
    g_assert_true(g_file_set_contents(path,
        "From: Vera Lim <vera@kaskad.example>\nTo: Oleg Yunusov <oleg@lumen.example>\n"
        "Date: Tue, 10 Jun 2025 10:00:00 +0500\nMessage-ID: <one@kaskad.example>\nSubject: Lamps\n"
        "Content-Type: text/plain; charset=utf-8\n\nOleg, please send us the offer for 240 lamps by 20 "
        "June.\n",
        -1, NULL));
    g_autofree char *json =
        g_strdup_printf("summarize %s --format tasks --as-of 2025-06-16T09:00 --json", path);
    g_auto(Result) first = run(json, NULL);
    g_auto(Result) second = run(json, NULL);
    g_assert_cmpint(first.code, ==, 0);
    g_assert_cmpstr(first.out, ==, second.out);
    g_assert_nonnull(strstr(first.out, "\"format\":\t\"tasks\""));
    g_autofree char *html = g_strdup_printf("summarize %s --as-of 2025-06-16T09:00 -o %s", path, page);
    g_auto(Result) written = run(html, NULL);
    g_assert_cmpint(written.code, ==, 0);
    g_assert_cmpstr(written.out, ==, "");
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(page, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, "<!doctype html>"));
    g_remove(page);
    g_remove(path);
    g_rmdir(dir);
}

static void test_doctor(void)
{
    g_auto(Result) r = run("doctor --json", NULL);
    g_assert_nonnull(strstr(r.out, "\"checks\""));
    g_assert_true(r.code == 0 || r.code == 8);
    g_assert_true((strstr(r.out, "\"failed\"") != NULL) == (r.code == 8));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/usage", test_usage);
    g_test_add_func("/cli/help-width", test_help_width);
    g_test_add_func("/cli/missing-path", test_missing_path);
    g_test_add_func("/cli/inspect/lines", test_inspect_lines);
    g_test_add_func("/cli/inspect/mask", test_inspect_never_unmasks);
    g_test_add_func("/cli/summarize", test_summarize);
    g_test_add_func("/cli/doctor", test_doctor);
    return g_test_run();
}
