/* Tests of clients as tables: keys, cards, phones, rights, lists. */
#include "error.h"
#include "store_fixture.h"
#include <string.h>

typedef SvStoreFixture F;

static const char card[] =
    "{\"id\":7,\"name\":\"ТОО «Степь»\",\"timezone\":\"Asia/Almaty\",\"language\":\"ru\","
    "\"contacts\":[{\"name\":\"Айгуль\",\"phone\":\"+7 (701) 555-01-02\",\"phones\":[\"8 727 258 10 10 доб. "
    "214\"]}],"
    "\"managers\":[{\"name\":\"Ким\",\"phone\":\"+7 702 000 00 01\"}]}";

static void test_put(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id, again;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_client_put(db, "k", "Имя", card, &id, &error));
    g_assert_true(sv_client_put(db, "k", NULL, NULL, &again, &error));
    g_assert_cmpint(id, ==, again);
    g_autoptr(SvClient) c = sv_client_find(db, "k", &error);
    g_assert_cmpstr(c->name, ==, "Имя");
    g_assert_cmpint(c->revision, ==, 1); /* nothing changed */
    g_assert_true(sv_client_put(db, "k", "Другое", NULL, &again, &error));
    g_autoptr(SvClient) d = sv_client_get(db, id, &error);
    g_assert_cmpint(d->revision, ==, 2);
    g_assert_cmpstr(d->card, ==, card);
    static const char *const bad[] = {"", "[]", "{", "7", "\"x\""};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) wrong = NULL;
        g_assert_false(sv_client_put(db, "k2", NULL, bad[i], &again, &wrong));
        g_assert_error(wrong, SV_ERROR, SV_ERROR_INPUT);
    }
    g_assert_cmpint(sv_clients_count(db, &error), ==, 1);
    g_assert_null(sv_client_find(db, "k2", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    sv_pool_write_done(f->pool, db, TRUE, NULL);
    g_autoptr(SvHistory) h = sv_history_new();
    sv_client_load_card(d, h, NULL);
    g_assert_cmpstr(h->client_name, ==, "ТОО «Степь»");
    g_assert_cmpuint(h->people->len, ==, 2);
}

static guint n_by_phone(SvDb *db, const char *number)
{
    g_autoptr(GArray) ids = sv_clients_by_phone(db, number, NULL);
    return ids->len;
}

static void test_phones(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_client_put(db, "k", NULL, card, &id, &error));
    g_assert_cmpuint(n_by_phone(db, "87015550102"), ==, 1);
    g_assert_cmpuint(n_by_phone(db, "tel:+7-701-555-01-02"), ==, 1);
    g_assert_cmpuint(n_by_phone(db, "(727) 258-10-10"), ==, 1);
    g_assert_cmpuint(n_by_phone(db, "+77020000001"), ==, 0); /* ours: it would name every client of his */
    g_assert_true(sv_clients_index_phones(db, &error));
    g_assert_cmpuint(n_by_phone(db, "87015550102"), ==, 1);
    g_assert_true(sv_client_put(db, "k", NULL, "{\"contacts\":[]}", &id, &error));
    g_assert_cmpuint(n_by_phone(db, "87015550102"), ==, 0);
    sv_pool_write_done(f->pool, db, TRUE, NULL);
}

static void test_phone_keys(void)
{
    static const struct {
        const char *number, *key;
    } cases[] = {{"+7 701 721-44-08", "7017214408"}, {"8(701)7214408", "7017214408"},
        {"258-10-10", "2581010"}, {"+7 727 258 10 10 ext 3", "7272581010"},
        {"+7\xC2\xA0"
         "701\xE2\x80\x91"
         "7214408",
            "7017214408"},
        {"101", NULL}, {"", NULL}, {"нет", NULL}, {"\xE2", NULL}, {"\xC2", NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *key = sv_phone_key(cases[i].number);
        g_assert_cmpstr(key, ==, cases[i].key);
    }
    g_assert_null(sv_phone_key(NULL));
}

static gint64 rights(SvDb *db)
{
    gint64 n = 0;
    sv_sql_get_one(sv_db_sql(db, "SELECT rights FROM clock", NULL), 0, &n, NULL);
    return n;
}

static void test_rights(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_db_script(db,
        "INSERT INTO team(id,name) VALUES(5,'север');"
        "INSERT INTO account(id,login,name,role,password,created) VALUES(9,'anna','Анна','manager','x',0);",
        &error));
    g_assert_true(sv_client_put(db, "k", "Клиент", NULL, &id, &error));
    gint64 before = rights(db);
    g_assert_true(sv_client_assign(db, id, 9, -1, &error));
    g_assert_true(sv_client_assign(db, id, -1, 5, &error));
    g_assert_true(sv_client_set_reader(db, id, 9, TRUE, &error));
    g_assert_cmpint(rights(db), ==, before + 3);
    g_autoptr(SvClientLine) line = sv_client_line(db, id, &error);
    g_assert_cmpstr(line->owner, ==, "anna");
    g_assert_cmpstr(line->team, ==, "север");
    g_autoptr(GPtrArray) readers = sv_client_readers(db, id, &error);
    g_assert_cmpuint(readers->len, ==, 1);
    g_assert_true(sv_client_set_reader(db, id, 9, FALSE, &error));
    g_assert_true(sv_client_assign(db, id, 0, 0, &error));
    g_autoptr(GPtrArray) found = sv_clients_list(db, "КЛИ", 0, 10, &error);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpstr(((SvClientLine *)found->pdata[0])->owner, ==, "");
    g_autoptr(GPtrArray) none = sv_clients_list(db, "нет", 0, 10, &error);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_false(sv_client_assign(db, id + 1, 9, -1, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    sv_pool_write_done(f->pool, db, FALSE, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/store/client/put", F, NULL, sv_store_fixture_set_up, test_put, sv_store_fixture_tear_down);
    g_test_add(
        "/store/client/phones", F, NULL, sv_store_fixture_set_up, test_phones, sv_store_fixture_tear_down);
    g_test_add(
        "/store/client/rights", F, NULL, sv_store_fixture_set_up, test_rights, sv_store_fixture_tear_down);
    g_test_add_func("/store/client/phone-keys", test_phone_keys);
    return g_test_run();
}
