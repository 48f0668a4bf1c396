/* paths: folders, archives, limits, order, and hostile archives. */
#include "source_case.h"
#include "sv_limits.h"
#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHAT "03.02.2025, 09:15 - Олег: да\n13.02.2025, 09:16 - Вера: нет\n"
#define NOTES "id,created_at,author,text\nn1,2025-02-03 10:00,Вера,звонок\n"
#define CARD "{\"name\":\"ТОО\",\"timezone\":\"+05:00\",\"contacts\":[{\"name\":\"Олег\"}],\"managers\":[]}"

typedef struct {
    char *folder;
    SvHistory *history;
    SvReport *report;
    GError *error;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    f->folder = g_dir_make_tmp("svodka-paths-XXXXXX", NULL);
    f->history = sv_history_new();
    f->report = sv_report_new();
}

static void remove_all(const char *folder)
{
    g_autoptr(GPtrArray) todo = g_ptr_array_new_with_free_func(g_free),
                         done = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(todo, g_strdup(folder));
    while (todo->len) {
        char *path = g_ptr_array_steal_index(todo, todo->len - 1);
        g_ptr_array_add(done, path);
        GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
        for (const char *name; dir && (name = g_dir_read_name(dir));)
            g_ptr_array_add(todo, g_build_filename(path, name, NULL));
        if (dir)
            g_dir_close(dir);
    }
    for (guint i = done->len; i > 0; i--)
        g_remove(g_ptr_array_index(done, i - 1));
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    remove_all(f->folder);
    g_free(f->folder);
    sv_history_free(f->history);
    sv_report_free(f->report);
    g_clear_error(&f->error);
}

static char *put(Fixture *f, const char *name, const char *bytes, gssize len)
{
    char *path = g_build_filename(f->folder, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    g_assert_true(g_file_set_contents(path, bytes, len, NULL));
    return path;
}

/* An archive in memory: pairs of name and content, NULL at the end. */
static GBytes *make_archive(gboolean zip, const char *const *pairs, gsize *lens)
{
    gsize size = 64u << 20, used = 0;
    g_autofree char *buffer = g_malloc(size);
    setlocale(LC_CTYPE, "C.UTF-8"); /* for writing names; reading must do without */
    struct archive *a = archive_write_new();
    if (zip) {
        archive_write_set_format_zip(a);
    } else {
        archive_write_set_format_pax_restricted(a);
        archive_write_add_filter_gzip(a);
    }
    archive_write_set_options(a, "hdrcharset=UTF-8");
    archive_write_open_memory(a, buffer, size, &used);
    for (guint i = 0; pairs[i]; i += 2) {
        gsize n = lens ? lens[i / 2] : strlen(pairs[i + 1]);
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname_utf8(entry, pairs[i]);
        archive_entry_set_size(entry, (la_int64_t)n);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        g_assert_cmpint(archive_write_header(a, entry), >=, ARCHIVE_WARN);
        archive_write_data(a, pairs[i + 1], n);
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    setlocale(LC_CTYPE, "C");
    return g_bytes_new(buffer, used);
}

static char *put_archive(Fixture *f, const char *name, gboolean zip, const char *const *pairs, gsize *lens)
{
    g_autoptr(GBytes) bytes = make_archive(zip, pairs, lens);
    return put(f, name, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
}

static gboolean read_one(Fixture *f, const char *path)
{
    const char *const paths[] = {path, NULL};
    return sv_source_read_paths(paths, NULL, NULL, f->history, f->report, &f->error);
}

static const SvProblem *problem(const Fixture *f, guint i)
{
    g_assert_cmpuint(f->report->problems->len, >, i);
    return g_ptr_array_index(f->report->problems, i);
}

static gboolean has_note(const Fixture *f, const char *part)
{
    for (guint i = 0; i < f->report->notes->len; i++)
        if (strstr(g_ptr_array_index(f->report->notes, i), part))
            return TRUE;
    return FALSE;
}

static void test_folder(Fixture *f, gconstpointer unused)
{
    g_free(put(f, "b/chat.txt", CHAT, -1));
    g_free(put(f, "b/notes.csv", NOTES, -1));
    g_free(put(f, "z-last/client.json", CARD, -1));
    g_free(put(f, "b/photo.jpg", "\xFF\xD8", 2));
    g_free(put(f, "b/.hidden.txt", CHAT, -1));
    g_free(put(f, "b/blob", "\0\1\2\3\4\5\6\7\0\0\1\2\0\0\0\0\0\0\0\0", 20));
    g_free(put(f, "b/empty.txt", "", 0));
    g_free(put(f, "b/letter.txt", "просто текст\nбез вида\n", -1));
    g_autofree char *link = g_build_filename(f->folder, "b", "link.txt", NULL);
    g_autofree char *pipe = g_build_filename(f->folder, "b", "pipe.txt", NULL);
    g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_true(read_one(f, f->folder));
    g_assert_cmpuint(f->history->messages->len, ==, 3);
    g_assert_cmpstr(f->history->client_name, ==, "ТОО");
    const SvMessage *first = g_ptr_array_index(f->history->messages, 0);
    g_assert_cmpint(first->at.offset_s, ==, 5 * 3600); /* the card came first */
    g_assert_cmpuint(f->report->n_problems, ==, 1);
    g_assert_true(g_str_has_suffix(problem(f, 0)->file, "/b/letter.txt"));
    g_assert_cmpstr(problem(f, 0)->reason, ==, "not a known format");
    g_assert_nonnull(problem(f, 0)->remedy);
    g_assert_true(has_note(f, "2 pictures"));
    g_assert_true(has_note(f, "2 hidden"));
    g_assert_true(has_note(f, "1 links"));
    g_assert_true(has_note(f, "1 empty"));
}

static char *ids(const SvHistory *h)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < h->messages->len; i++)
        g_string_append_printf(s, "%s ", ((const SvMessage *)g_ptr_array_index(h->messages, i))->id);
    return g_string_free(s, FALSE);
}

static void test_order(Fixture *f, gconstpointer unused)
{
    g_autofree char *a = put(f, "a.txt", CHAT, -1), *b = put(f, "b.csv", NOTES, -1);
    const char *const there[] = {a, b, f->folder, NULL}, *const back[] = {f->folder, b, a, a, NULL};
    g_autoptr(SvHistory) other = sv_history_new();
    g_assert_true(sv_source_read_paths(there, NULL, NULL, f->history, f->report, NULL));
    g_assert_true(sv_source_read_paths(back, NULL, NULL, other, f->report, NULL));
    g_autofree char *x = ids(f->history), *y = ids(other);
    g_assert_cmpuint(other->messages->len, ==, 3);
    g_assert_cmpstr(x, ==, y);
}

static void test_archive(Fixture *f, gconstpointer unused)
{
    const char *const inner[] = {"чат/_chat.txt", CHAT, "__MACOSX/._x.txt", "x", NULL};
    g_autoptr(GBytes) zip = make_archive(TRUE, inner, NULL);
    gsize lens[] = {g_bytes_get_size(zip), strlen(NOTES), 8, 11, 3};
    const char *const outer[] = {"inside.zip", g_bytes_get_data(zip, NULL), "../../../заметки.csv", NOTES,
        "photo.heic", "xxxxxxxx", "странное.txt", "some words\n", "doc.docx", "PK\3", NULL};
    for (int zip_too = 0; zip_too < 2; zip_too++)
        g_free(put_archive(f, zip_too ? "a.zip" : "b.tar.gz", zip_too, outer, lens));
    g_autofree char *a = g_build_filename(f->folder, "a.zip", NULL);
    g_assert_true(read_one(f, a));
    g_assert_cmpuint(f->history->messages->len, ==, 3);
    const SvMessage *chat = g_ptr_array_index(f->history->messages, 0),
                    *note = g_ptr_array_index(f->history->messages, 2);
    g_assert_true(g_str_has_suffix(chat->file, "a.zip/inside.zip/чат/_chat.txt"));
    g_assert_cmpstr(chat->conversation, ==, "whatsapp:чат");
    g_assert_true(g_str_has_suffix(note->file, "a.zip/заметки.csv"));
    g_assert_true(g_str_has_suffix(problem(f, 0)->file, "a.zip/странное.txt"));
    g_assert_true(has_note(f, "2 pictures"));
    g_autofree char *b = g_build_filename(f->folder, "b.tar.gz", NULL);
    g_autoptr(SvHistory) other = sv_history_new();
    const char *const paths[] = {b, NULL};
    g_assert_true(sv_source_read_paths(paths, NULL, NULL, other, f->report, NULL));
    g_assert_cmpuint(other->messages->len, ==, 3);
}

static void test_nesting(Fixture *f, gconstpointer unused)
{
    const char *const chat[] = {"chat.txt", CHAT, NULL};
    GBytes *bytes = make_archive(TRUE, chat, NULL);
    for (int i = 1; i <= 3; i++) {
        gsize lens[] = {g_bytes_get_size(bytes)};
        const char *const pair[] = {"in.zip", g_bytes_get_data(bytes, NULL), NULL};
        GBytes *outer = make_archive(TRUE, pair, lens);
        g_bytes_unref(bytes);
        bytes = outer;
        g_autofree char *path =
            put(f, "deep.zip", g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
        g_autoptr(SvHistory) h = sv_history_new();
        const char *const paths[] = {path, NULL};
        gboolean ok = sv_source_read_paths(paths, NULL, NULL, h, f->report, NULL);
        g_assert_cmpint(ok, ==, i <= (int)SV_MAX_ARCHIVE_DEPTH);
    }
    g_bytes_unref(bytes);
    g_assert_cmpint(problem(f, 0)->code, ==, SV_ERROR_LIMIT);
}

static void test_bomb(Fixture *f, gconstpointer unused)
{
    gsize n = 48u << 20, lens[] = {n, strlen(CHAT)};
    g_autofree char *zeros = g_malloc0(n);
    const char *const pairs[] = {"zeros.txt", zeros, "chat.txt", CHAT, NULL};
    g_autofree char *path = put_archive(f, "bomb.zip", TRUE, pairs, lens);
    g_assert_false(read_one(f, path));
    g_assert_cmpint(problem(f, 0)->code, ==, SV_ERROR_LIMIT);
    g_assert_error(f->error, SV_ERROR, SV_ERROR_LIMIT);
}

static void test_depth(Fixture *f, gconstpointer unused)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (guint i = 0; i < SV_MAX_DEPTH + 3; i++)
        g_string_append(deep, "d/");
    g_string_append(deep, "chat.txt");
    g_free(put(f, deep->str, CHAT, -1));
    g_free(put(f, "notes.csv", NOTES, -1));
    g_assert_true(read_one(f, f->folder));
    g_assert_cmpuint(f->history->messages->len, ==, 1);
    g_assert_cmpint(problem(f, 0)->code, ==, SV_ERROR_LIMIT);
}

static void test_nothing(Fixture *f, gconstpointer unused)
{
    g_assert_false(read_one(f, "/no/such/path"));
    g_assert_error(f->error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&f->error);
    g_autofree char *text = put(f, "x.html", "<html><body>да</body></html>", -1);
    g_assert_false(read_one(f, text));
    g_assert_error(f->error, SV_ERROR, SV_ERROR_INPUT);
    g_assert_nonnull(strstr(f->error->message, "machine-readable JSON"));
    g_clear_error(&f->error);
    g_autofree char *empty = put(f, "empty/a.eml", "", 0);
    g_assert_false(read_one(f, empty));
    g_assert_error(f->error, SV_ERROR, SV_ERROR_INPUT);
    g_assert_nonnull(strstr(f->error->message, "a.eml: the file is empty"));
    g_clear_error(&f->error);
    g_autofree char *folder = g_path_get_dirname(empty);
    g_assert_false(read_one(f, folder));
    g_assert_true(g_str_has_prefix(f->error->message, folder));
}

static void test_card(Fixture *f, gconstpointer unused)
{
    g_autofree char *card = put(f, "card/client.json", CARD, -1), *chat = put(f, "in/chat.txt", CHAT, -1);
    g_free(put(f, "in/client.json", "{\"name\":\"Другая\",\"contacts\":[]}", -1));
    g_autofree char *in = g_build_filename(f->folder, "in", NULL);
    const char *const paths[] = {in, NULL};
    g_assert_true(sv_source_read_paths(paths, card, NULL, f->history, f->report, &f->error));
    g_assert_cmpstr(f->history->client_name, ==, "ТОО");
    g_assert_cmpuint(f->report->n_problems, ==, 0);
    g_assert_false(sv_source_read_paths(paths, chat, NULL, f->history, f->report, &f->error));
    g_assert_error(f->error, SV_ERROR, SV_ERROR_INPUT);
}

static void test_maildir_names(Fixture *f, gconstpointer unused)
{
    g_free(put(f, ".Sent/cur/1.host:2,S", CHAT, -1));
    g_free(put(f, ".cache/chat.txt", CHAT, -1));
    g_assert_true(read_one(f, f->folder));
    g_assert_cmpuint(f->history->messages->len, ==, 2);
}

static void test_broken(Fixture *f, gconstpointer unused)
{
    g_autofree char *folder =
        g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "broken", "archive", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    guint n = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!case_is_fixture(name))
            continue;
        g_autoptr(SvHistory) h = sv_history_new();
        g_autoptr(SvReport) report = sv_report_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        const char *const paths[] = {path, NULL};
        gboolean ok = sv_source_read_paths(paths, NULL, NULL, h, report, &error);
        case_check(h);
        g_test_message("%s: %u messages, %u problems", name, h->messages->len, report->n_problems);
        g_assert_true(ok == (error == NULL));
        /* Whatever is wrong is said. */
        g_assert_true(!ok || report->n_problems > 0 || g_str_has_prefix(name, "fine-"));
        g_assert_true(!g_str_has_prefix(name, "fine-") || h->messages->len > 0);
        n++;
    }
    g_dir_close(dir);
    g_assert_cmpuint(n, >, 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *name;
        void (*run)(Fixture *, gconstpointer);
    } tests[] = {{"/source/paths/folder", test_folder}, {"/source/paths/order", test_order},
        {"/source/paths/archive", test_archive}, {"/source/paths/nesting", test_nesting},
        {"/source/paths/bomb", test_bomb}, {"/source/paths/depth", test_depth},
        {"/source/paths/nothing", test_nothing}, {"/source/paths/card", test_card},
        {"/source/paths/maildir", test_maildir_names}, {"/source/paths/broken", test_broken}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
