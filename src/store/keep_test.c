/* Tests of backup and restore: what comes back, what is refused, what was erased stays erased. */
#include "keep.h"
#include "erased.h"
#include "error.h"
#include "store_fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define F SvStoreFixture

static void put(F *f, SvPool *pool, const char *client, const char *id, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = sv_store_fixture_note(id, "2025-03-01", text);
    gint64 c;
    SvDb *db = sv_pool_write(pool, &error);
    g_assert_true(sv_client_put(db, client, NULL, NULL, &c, &error));
    sv_message_put(db, c, m, 0, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sv_pool_write_done(pool, db, TRUE, &error));
}

static gint64 messages(SvPool *pool)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;
    SvDb *db = sv_pool_read(pool, &error);
    sv_sql_get_one(sv_db_sql(db, "SELECT count(*) FROM message", &error), -1, &n, &error);
    g_assert_no_error(error);
    sv_pool_read_done(pool, db);
    return n;
}

static char *beside(F *f, const char *name)
{
    return g_build_filename(f->dir, name, NULL);
}

static void reopen(F *f)
{
    g_autoptr(GError) error = NULL;
    f->pool = sv_pool_open(f->file, &error);
    g_assert_no_error(error);
}

static gboolean holds(const char *file, const char *text)
{
    g_autofree char *bytes = NULL;
    gsize len;
    return g_file_get_contents(file, &bytes, &len, NULL) && memmem(bytes, len, text, strlen(text));
}

static void test_round(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = beside(f, "b.db"), *other = beside(f, "new.db");
    put(f, f->pool, "k1", "a", "первое");
    put(f, f->pool, "k1", "b", "второе");
    g_assert_true(sv_store_backup(f->pool, copy, FALSE, &error));
    struct stat st;
    g_assert_cmpint(stat(copy, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 077, ==, 0);
    g_assert_false(sv_store_backup(f->pool, copy, FALSE, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    put(f, f->pool, "k1", "c", "третье");
    /* in use: refused, and nothing is changed */
    g_assert_false(sv_store_restore(copy, f->file, TRUE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_BUSY);
    g_clear_error(&error);
    g_assert_cmpint(messages(f->pool), ==, 3);
    sv_pool_close(f->pool);
    g_assert_false(sv_store_restore(copy, f->file, FALSE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(sv_store_restore(copy, f->file, TRUE, NULL, &error));
    g_assert_no_error(error);
    reopen(f);
    g_assert_cmpint(messages(f->pool), ==, 2);
    /* to a place where there is none, from a database that is in use */
    put(f, f->pool, "k1", "d", "четвёртое");
    g_assert_true(sv_store_restore(f->file, other, FALSE, NULL, &error));
    g_assert_no_error(error);
    g_autoptr(SvPool) pool = sv_pool_open(other, &error);
    g_assert_cmpint(messages(pool), ==, 3);
    g_assert_true(sv_store_backup(f->pool, copy, TRUE, &error));
}

static void test_refused(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bad = beside(f, "bad.db"), *to = beside(f, "to.db"), *damaged = beside(f, "damaged.db");
    g_file_set_contents(
        bad, "no database at all, but long enough to look like a file of some kind", -1, NULL);
    static const char *const none = "/nonexistent/backup.db";
    g_assert_false(sv_store_restore(none, to, FALSE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(sv_store_restore(bad, to, FALSE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    g_clear_error(&error);
    g_file_set_contents(bad, "", 0, NULL); /* an empty database, but none of ours */
    g_assert_false(sv_store_restore(bad, to, FALSE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    g_clear_error(&error);
    for (int i = 0; i < 200; i++) {
        g_autofree char *id = g_strdup_printf("m%d", i);
        put(f, f->pool, "k1", id, "текст, которого довольно много, чтобы страниц было несколько");
    }
    g_assert_true(sv_store_backup(f->pool, damaged, FALSE, &error));
    g_autofree char *bytes = NULL;
    gsize len;
    g_file_get_contents(damaged, &bytes, &len, NULL);
    memset(bytes + len / 2, 0xA5, 6000);
    g_file_set_contents(damaged, bytes, (gssize)len, NULL);
    g_assert_false(sv_store_restore(damaged, to, FALSE, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_IO);
    g_clear_error(&error);
    g_assert_false(g_file_test(to, G_FILE_TEST_EXISTS));
    g_assert_false(sv_store_backup(f->pool, "/nonexistent/x.db", FALSE, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
}

static void test_erased(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = beside(f, "b.db"), *list = sv_erased_path(f->file);
    put(f, f->pool, "k1", "a", "Лиловый слон");
    put(f, f->pool, "k2", "b", "Зелёный заяц");
    put(f, f->pool, "k2", "c", "Остаётся");
    g_assert_true(sv_store_backup(f->pool, copy, FALSE, &error));
    g_assert_true(sv_erase_client(f->pool, 1, NULL, &error));
    g_assert_true(sv_erase_message(f->pool, 2, "b", NULL, &error));
    sv_pool_close(f->pool);
    SvErased erased = {0};
    g_assert_true(holds(copy, "Лиловый слон"));
    g_assert_true(sv_store_restore(copy, f->file, TRUE, &erased, &error));
    g_assert_no_error(error);
    g_assert_cmpint(erased.clients, ==, 1);
    g_assert_cmpint(erased.messages, ==, 2);
    g_assert_false(holds(f->file, "Лиловый слон"));
    g_assert_false(holds(f->file, "Зелёный заяц"));
    g_assert_true(holds(f->file, "Остаётся"));
    g_assert_true(holds(copy, "Лиловый слон")); /* the backup itself is not touched */
    g_assert_true(g_file_test(list, G_FILE_TEST_EXISTS));
    reopen(f);
    g_assert_cmpint(messages(f->pool), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(F *, gconstpointer);
    } tests[] = {{"/keep/round", test_round}, {"/keep/refused", test_refused}, {"/keep/erased", test_erased}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, F, NULL, sv_store_fixture_set_up, tests[i].run, sv_store_fixture_tear_down);
    return g_test_run();
}
