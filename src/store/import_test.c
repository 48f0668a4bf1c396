/* Tests of the import: one client, again, edits, equal keys, a whole CRM as folder and table, what is
 * refused. */
#include "error.h"
#include "import.h"
#include "store_fixture.h"
#include <glib/gstdio.h>
#include <string.h>

typedef SvStoreFixture F;

static char *write_file(F *f, const char *name, const char *text)
{
    char *path = g_build_filename(f->dir, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void write_note(F *f, const char *name, const char *text)
{
    g_autofree char *all = g_strconcat("id,created_at,author,text\n", text, NULL);
    g_free(write_file(f, name, all));
}

static SvImported import_one(F *f, const char *key, const char *name, gint64 *client)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvReport) report = sv_report_new();
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    SvImported done = {0};
    g_assert_true(sv_import_client(
        f->pool, key, (const char *const[]){path, NULL}, NULL, report, &done, client, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(report->n_problems, ==, 0);
    return done;
}

static gint64 ask(F *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_assert_true(sv_sql_get_one(sv_db_sql(db, sql, &error), -1, &n, &error));
    sv_pool_read_done(f->pool, db);
    return n;
}

static void test_again(F *f, gconstpointer data)
{
    gint64 client, other;
    write_note(
        f, "in/notes.csv", "1,2025-03-01 10:00,Ким,Привезли щебень\n2,2025-03-02 10:00,Ким,Ждём песок\n");
    SvImported done = import_one(f, NULL, "in", &client);
    g_assert_cmpuint(done.added, ==, 2);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client WHERE external='in' AND revision=2"), ==, 1);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM job WHERE kind='read'"), ==, 1);
    done = import_one(f, NULL, "in", &other);
    g_assert_cmpint(client, ==, other);
    g_assert_cmpuint(done.same, ==, 2);
    g_assert_cmpuint(done.added + done.changed, ==, 0);
    g_assert_cmpint(ask(f, "SELECT revision FROM client"), ==, 2); /* what rests on it stays valid */
    write_note(
        f, "in/notes.csv", "1,2025-03-01 10:00,Ким,Привезли гравий\n2,2025-03-02 10:00,Ким,Ждём песок\n");
    done = import_one(f, NULL, "in", &other);
    g_assert_cmpuint(done.changed, ==, 1);
    g_assert_cmpuint(done.same, ==, 1);
}

static void test_equal_keys(F *f, gconstpointer data)
{
    gint64 client;
    write_note(f, "in/notes.csv",
        "1,2025-03-01 10:00,Ким,Первая\n1,2025-03-02 10:00,Ким,Вторая\n1,2025-03-01 10:00,Ким,Первая\n");
    g_free(write_file(f, "in/deals.csv",
        "id,changed_at,deal_id,title,stage,amount,currency,author,reason\n"
        "1,2025-03-03 10:00,D1,Песок,КП,100,KZT,Ким,\n"));
    for (guint i = 0; i < 2; i++) {
        SvImported done = import_one(f, "k", "in", &client);
        g_assert_cmpuint(done.added, ==, (i ? 0u : 3u));
        g_assert_cmpint(ask(f, "SELECT count(*) FROM message"), ==, 3);
    }
}

static void test_card(F *f, gconstpointer data)
{
    gint64 client;
    g_free(write_file(f, "in/client.json",
        "{\"id\":\"A-7\",\"name\":\"Степь\",\"timezone\":\"+05:00\",\"contacts\":[{\"name\":\"Айгуль\","
        "\"phone\":\"+77015550102\"}]}"));
    write_note(f, "in/notes.csv", "1,2025-03-01 10:00,Ким,Первая\n");
    import_one(f, NULL, "in", &client);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client WHERE external='A-7' AND name='Степь'"), ==, 1);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM phone WHERE number='7015550102'"), ==, 1);
    /* files without a card take the zone of the known one */
    write_note(f, "later.csv", "2,2025-03-01 10:00,Ким,Вторая\n");
    import_one(f, "A-7", "later.csv", &client);
    g_assert_cmpint(ask(f, "SELECT count(DISTINCT at) FROM message"), ==, 1);
}

static void test_folder_of_clients(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvReport) report = sv_report_new();
    SvImported done = {0};
    write_note(f, "crm/Альфа/notes.csv", "1,2025-03-01 10:00,Ким,Первая\n");
    write_note(f, "crm/Бета/notes.csv", "1,2025-03-01 10:00,Ким,Вторая\n");
    g_free(write_file(f, "crm/Гамма/what.txt", "ни на что не похоже"));
    g_free(write_file(f, "crm/stray.txt", "лежит не там"));
    g_autofree char *crm = g_build_filename(f->dir, "crm", NULL);
    g_assert_true(sv_import_crm(f->pool, crm, NULL, NULL, NULL, report, &done, &error));
    g_assert_cmpuint(done.clients, ==, 2);
    g_assert_cmpuint(done.added, ==, 2);
    g_assert_cmpuint(report->n_problems, ==, 2);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client WHERE external IN ('Альфа','Бета')"), ==, 2);
}

static void test_table_of_clients(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvReport) report = sv_report_new();
    SvImported done = {0};
    write_note(f, "crm/a.csv", "1,2025-03-01 10:00,Ким,Первая\n");
    g_free(write_file(f, "secret.csv", "id,created_at,author,text\n1,2025-03-01,x,чужое\n"));
    g_autofree char *table = write_file(f, "crm/clients.csv",
        "Код;Клиент;Ответственный;Команда;Файлы\n10;Альфа;anna;;a.csv\n11;Бета;;;../"
        "secret.csv\n;;;;\n12;Гамма;;;/etc/hosts\n");
    g_assert_true(sv_import_crm(f->pool, table, NULL, NULL, NULL, report, &done, &error));
    g_assert_cmpuint(done.clients, ==, 3);
    g_assert_cmpuint(done.added, ==, 1);         /* nothing from outside the table's folder */
    g_assert_cmpuint(report->n_problems, ==, 4); /* two paths, an empty row, an unknown owner */
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client WHERE external='12' AND name='Гамма'"), ==, 1);
}

static gboolean stop(guint done, guint total, gpointer data)
{
    return done < 1;
}

static void test_refused(F *f, gconstpointer data)
{
    g_autoptr(SvReport) report = sv_report_new();
    SvImported done = {0};
    g_autofree char *none = g_build_filename(f->dir, "nothing", NULL);
    g_autofree char *odd = write_file(f, "odd.csv", "a,b\n1,2\n");
    const char *const paths[] = {none, odd};
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(sv_import_crm(f->pool, paths[i], NULL, NULL, NULL, report, &done, &error));
        g_assert_error(error, SV_ERROR, (i ? SV_ERROR_INPUT : SV_ERROR_NOT_FOUND));
    }
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client"), ==, 0);
    write_note(f, "crm/a/notes.csv", "1,2025-03-01 10:00,Ким,Первая\n");
    write_note(f, "crm/b/notes.csv", "1,2025-03-01 10:00,Ким,Вторая\n");
    g_autofree char *crm = g_build_filename(f->dir, "crm", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(sv_import_crm(f->pool, crm, NULL, stop, NULL, report, &done, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_BUSY);
    g_assert_cmpint(ask(f, "SELECT count(*) FROM client"), ==, 1); /* what was accepted stays */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(F *, gconstpointer);
    } tests[] = {{"/store/import/again", test_again}, {"/store/import/equal-keys", test_equal_keys},
        {"/store/import/card", test_card}, {"/store/import/folder-of-clients", test_folder_of_clients},
        {"/store/import/table-of-clients", test_table_of_clients}, {"/store/import/refused", test_refused}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, F, NULL, sv_store_fixture_set_up, tests[i].run, sv_store_fixture_tear_down);
    return g_test_run();
}
