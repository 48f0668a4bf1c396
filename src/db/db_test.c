/* Tests of the door to SQL: statements, transactions, migrations, backup, scrubbing, damage. */
#include "db.h"
#include "folder_fixture.h"
#include "error.h"
#include <string.h>

typedef struct {
    char *dir, *file;
} Place;

static void setup(Place *p, gconstpointer data)
{
    p->dir = g_dir_make_tmp("svodka-db-XXXXXX", NULL);
    p->file = g_build_filename(p->dir, "t.db", NULL);
}

static void teardown(Place *p, gconstpointer data)
{
    sv_folder_remove(p->dir);
    g_free(p->dir);
    g_free(p->file);
}

static void add_team(SvDb *db, const char *name, GError **error)
{
    SvSql *sql = sv_db_sql(db, "INSERT INTO team(name) VALUES(?)", error);
    sv_sql_text(sql, 1, name);
    sv_sql_run(sql, error);
}

static gint64 count(SvDb *db)
{
    gint64 n = -1;
    g_autoptr(GError) error = NULL;
    sv_sql_get_one(sv_db_sql(db, "SELECT count(*) FROM team", &error), 0, &n, &error);
    g_assert_no_error(error);
    return n;
}

static void test_statements(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvDb) db = sv_db_open(p->file, FALSE, &error);
    g_assert_no_error(error);
    g_assert_true(sv_db_script(db, "CREATE TABLE t(i, r, s, b, n)", &error));
    SvSql *sql = sv_db_sql(db, "INSERT INTO t VALUES(?,?,?,?,?)", &error);
    sv_sql_int(sql, 1, G_MININT64);
    sv_sql_real(sql, 2, 0.5);
    sv_sql_text(sql, 3, "Алфавит'; DROP TABLE t; --");
    sv_sql_blob(sql, 4, "a\0b", 3);
    sv_sql_text(sql, 5, NULL);
    g_assert_true(sv_sql_run(sql, &error));
    sql = sv_db_sql(db, "SELECT i,r,s,b,n FROM t", &error);
    g_assert_cmpint(sv_sql_next(sql, &error), ==, 1);
    gsize len;
    g_assert_cmpint(sv_sql_get_int(sql, 0), ==, G_MININT64);
    g_assert_cmpfloat(sv_sql_get_real(sql, 1), ==, 0.5);
    g_assert_cmpstr(sv_sql_get_text(sql, 2), ==, "Алфавит'; DROP TABLE t; --");
    g_assert_cmpmem(sv_sql_get_blob(sql, 3, &len), 3, "a\0b", 3);
    g_assert_cmpuint(len, ==, 3);
    g_assert_true(sv_sql_is_null(sql, 4));
    g_assert_cmpint(sv_sql_next(sql, &error), ==, 0);
    g_assert_false(sv_sql_run(sv_db_sql(db, "SELECT nothing FROM nowhere", &error), &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_BUG);
}

static void test_transactions(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvPool) pool = sv_pool_open(p->file, &error);
    g_assert_no_error(error);
    SvDb *w = sv_pool_write(pool, &error);
    add_team(w, "a", &error);
    SvDb *r = sv_pool_read(pool, &error);
    g_assert_cmpint(count(r), ==, 0); /* not committed yet */
    g_assert_true(sv_pool_write_done(pool, w, TRUE, &error));
    g_assert_cmpint(count(r), ==, 1);
    w = sv_pool_write(pool, &error);
    add_team(w, "b", &error);
    g_assert_true(sv_pool_write_done(pool, w, FALSE, &error));
    g_assert_cmpint(count(r), ==, 1);
    w = sv_pool_write(pool, &error);
    add_team(w, "a", &error);
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    sv_pool_write_done(pool, w, FALSE, NULL);
    sv_pool_read_done(pool, r);
}

static void test_migrations(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    {
        g_autoptr(SvPool) pool = sv_pool_open(p->file, &error);
        g_assert_no_error(error);
        SvDb *w = sv_pool_write(pool, &error);
        add_team(w, "stays", &error);
        g_assert_true(sv_db_rebuild_derived(w, &error));
        g_assert_true(sv_pool_write_done(pool, w, TRUE, &error));
    }
    {
        g_autoptr(SvPool) again = sv_pool_open(p->file, &error);
        g_assert_no_error(error);
        SvDb *w = sv_pool_write(again, &error);
        g_assert_cmpint(count(w), ==, 1);
        g_assert_true(sv_db_script(w, "UPDATE meta SET value='9999' WHERE key='schema'", &error));
        g_assert_true(sv_pool_write_done(again, w, TRUE, &error));
    }
    g_assert_null(sv_pool_open(p->file, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

static void test_foreign_file(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_file_set_contents(p->file,
        "this is no database, but a text that is long enough to look like a file of some kind", -1, NULL);
    g_assert_null(sv_pool_open(p->file, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    g_clear_error(&error);
    g_assert_null(sv_db_open("/nonexistent/x.db", TRUE, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
}

static gboolean holds(const char *file, const char *what)
{
    g_autofree char *bytes = NULL;
    gsize len;
    return g_file_get_contents(file, &bytes, &len, NULL) && memmem(bytes, len, what, strlen(what));
}

static void test_scrub(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvPool) pool = sv_pool_open(p->file, &error);
    g_autofree char *log = g_strconcat(p->file, "-wal", NULL);
    g_autofree char *copy = g_strconcat(p->file, ".copy", NULL);
    SvDb *w = sv_pool_write(pool, &error);
    for (int i = 0; i < 200; i++) {
        g_autofree char *name = g_strdup_printf("canarybird %d", i);
        add_team(w, name, &error);
    }
    g_assert_true(sv_pool_write_done(pool, w, TRUE, &error));
    g_assert_true(sv_pool_backup(pool, copy, &error));
    g_assert_true(holds(copy, "canarybird"));
    w = sv_pool_write(pool, &error);
    g_assert_true(sv_db_script(w, "DELETE FROM team", &error));
    g_assert_true(sv_pool_write_done(pool, w, TRUE, &error));
    g_assert_true(sv_pool_scrub(pool, &error));
    g_assert_no_error(error);
    g_assert_false(holds(p->file, "canarybird"));
    g_assert_false(holds(log, "canarybird"));
    g_autoptr(SvDb) restored = sv_db_open(copy, TRUE, &error);
    g_assert_true(sv_db_check(restored, &error));
    g_assert_cmpint(count(restored), ==, 200);
}

/* The stamp changes with every commit, of another connection too, and with nothing else. */
static void test_stamp(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvPool) pool = sv_pool_open(place->file, &error);
    g_assert_no_error(error);
    SvStamp before, after;
    g_assert_true(sv_pool_stamp(pool, &before));
    SvDb *reader = sv_pool_read(pool, &error);
    gint64 n;
    g_assert_true(sv_sql_get_one(sv_db_sql(reader, "SELECT count(*) FROM team", &error), 0, &n, &error));
    g_assert_true(sv_pool_stamp(pool, &after));
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
    SvDb *db = sv_pool_write(pool, &error);
    g_assert_true(sv_sql_run(sv_db_sql(db, "INSERT INTO team(name) VALUES('a')", &error), &error));
    g_assert_true(sv_pool_stamp(pool, &after));
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after); /* not committed yet */
    g_assert_true(sv_pool_write_done(pool, db, FALSE, &error));
    g_assert_true(sv_pool_stamp(pool, &after));
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
    for (int i = 0; i < 100; i++) {
        g_autoptr(SvDb) other = sv_db_open(place->file, TRUE, &error);
        SvSql *sql = sv_db_sql(other, "UPDATE clock SET rights=rights+1", &error);
        g_assert_true(sv_sql_run(sql, &error));
        g_assert_true(sv_pool_stamp(pool, &after));
        g_assert_cmpint(memcmp(&before, &after, sizeof after), !=, 0);
        before = after;
    }
    g_assert_true(sv_pool_scrub(pool, &error));
    db = sv_pool_write(pool, &error);
    g_assert_true(sv_sql_run(sv_db_sql(db, "UPDATE clock SET rights=rights+1", &error), &error));
    g_assert_true(sv_pool_write_done(pool, db, TRUE, &error));
    g_assert_true(sv_pool_stamp(pool, &after));
    g_assert_cmpint(memcmp(&before, &after, sizeof after), !=, 0);
    sv_pool_read_done(pool, reader);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/db/statements", Place, NULL, setup, test_statements, teardown);
    g_test_add("/db/transactions", Place, NULL, setup, test_transactions, teardown);
    g_test_add("/db/migrations", Place, NULL, setup, test_migrations, teardown);
    g_test_add("/db/foreign_file", Place, NULL, setup, test_foreign_file, teardown);
    g_test_add("/db/stamp", Place, NULL, setup, test_stamp, teardown);
    g_test_add("/db/scrub", Place, NULL, setup, test_scrub, teardown);
    return g_test_run();
}
