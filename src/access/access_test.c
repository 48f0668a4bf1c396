/* Tests of the choke point: the list of clients and the question about one agree for random worlds;
 * audiences; order; a hundred thousand clients. */
#include "access_fixture.h"
#include "error.h"
#include <string.h>

static void test_covers(void)
{
    static const struct {
        const char *audience, *labels;
        gboolean covers;
    } rows[] = {
        {"", "", TRUE},
        {" 3 17 ", "", TRUE},
        {" 3 17 ", " 3 ", TRUE},
        {" 3 17 ", " 17 ", TRUE},
        {" 3 17 ", " 3 17 ", TRUE},
        {"", " 3 ", FALSE},
        {" 3 17 ", " 7 ", FALSE},
        {" 3 17 ", " 1 ", FALSE},
        {" 3 17 ", " 3 4 17 ", FALSE},
        {" 3 17 ", " 3 17 18 ", FALSE},
        {" 33 ", " 3 ", FALSE},
        {" 3 ", " 33 ", FALSE},
        {" 3 ", "3", FALSE},
        {" 3 ", " x ", FALSE},
        {" 3 ", " -3 ", FALSE},
        {" 3 ", " 3 x", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(sv_access_covers(rows[i].audience, rows[i].labels), ==, rows[i].covers);
}

static void add_message(SvPlace *p, int client, const char *key, int at, const char *labels)
{
    sv_place_do(p,
        "INSERT INTO message(client_id,external,channel,at,labels,body,digest,revision)"
        " VALUES(%d,'%s','email',%d,'%s','b','d',1)", client, key, at, labels);
}

static void test_audience(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 anna = sv_place_account(p, "anna", SV_ROLE_ADMIN, NULL);
    sv_place_do(p, "INSERT INTO label VALUES(3,'a'),(17,'b'),(21,'c'),(9,'d');"
        "INSERT INTO label_holder(label_id,account_id) VALUES(3,%d),(21,%d),(9,%d);"
        "INSERT INTO client(id,external,created) VALUES(1,'x',0),(2,'y',0)", (int)anna, (int)anna, (int)anna);
    add_message(p, 1, "m1", 10, "");
    add_message(p, 1, "m2", 11, " 3 17 ");
    add_message(p, 1, "m3", 12, " 21 ");
    add_message(p, 1, "m4", 13, " 3 21 ");
    add_message(p, 2, "m5", 13, " 9 ");
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) who = sv_who_of_account(db, anna, &error);
    g_autofree char *one = sv_access_audience(db, who, 1, &error);
    g_autofree char *two = sv_access_audience(db, who, 2, &error);
    g_autofree char *none = sv_access_audience(db, who, 3, &error);
    g_assert_cmpstr(one, ==, " 3 21 "); /* 17 is not held, whatever the role; 9 does not occur */
    g_assert_cmpstr(two, ==, " 9 ");
    g_assert_cmpstr(none, ==, "");
    sv_pool_read_done(p->pool, db);
}

/* What the rule says, written once more and plainly. */
static gboolean may(const SvAccount *a, int owner, int owner_team, int team, gboolean given)
{
    if (a->role == SV_ROLE_SUPPORT || a->role == SV_ROLE_DIRECTOR || a->role == SV_ROLE_ADMIN)
        return TRUE;
    if (owner == a->id || given)
        return TRUE;
    return a->role == SV_ROLE_HEAD && a->team && (team == a->team || owner_team == a->team);
}

#define WORLD_CLIENTS 40
#define WORLD_ACCOUNTS 10

static void random_world(SvPlace *p, GRand *rand, int owner[], int team[], gboolean given[][WORLD_ACCOUNTS + 1])
{
    g_autoptr(GString) sql = g_string_new("DELETE FROM client_reader; DELETE FROM client;");
    for (int a = 1; a <= WORLD_ACCOUNTS; a++) {
        int t = g_rand_int_range(rand, 0, 4);
        g_string_append_printf(sql, "UPDATE account SET role='%s',team_id=%s%d%s WHERE id=%d;",
            sv_role_name((SvRole)g_rand_int_range(rand, 0, SV_ROLE_N)), t ? "" : "nullif(0,", t, t ? "" : ")", a);
    }
    for (int c = 1; c <= WORLD_CLIENTS; c++) {
        owner[c] = g_rand_int_range(rand, 0, WORLD_ACCOUNTS + 1);
        team[c] = g_rand_int_range(rand, 0, 4);
        g_string_append_printf(sql,
            "INSERT INTO client(id,external,name,name_key,newest,owner_id,team_id,created)"
            " VALUES(%d,'c%d','Фирма %d','фирма %d',%d,nullif(%d,0),nullif(%d,0),0);", c, c, c, c,
            g_rand_int_range(rand, 0, 20), owner[c], team[c]);
        for (int a = 1; a <= WORLD_ACCOUNTS; a++)
            if ((given[c][a] = g_rand_int_range(rand, 0, 12) == 0))
                g_string_append_printf(sql, "INSERT INTO client_reader VALUES(%d,%d);", c, a);
    }
    sv_place_do(p, "%s UPDATE clock SET rights=rights+1", sql->str);
}

static gboolean contains(const GArray *ids, gint64 id)
{
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, gint64, i) == id)
            return TRUE;
    return FALSE;
}

/* Pages of seven put together are the list in one. */
static void check_pages(SvDb *db, const SvWho *who, const GArray *all)
{
    guint n = 0;
    for (guint offset = 0; offset <= all->len; offset += 7) {
        g_autoptr(GArray) page = sv_access_clients(db, who, NULL, offset, 7, NULL);
        for (guint i = 0; i < page->len; i++)
            g_assert_cmpint(g_array_index(page, gint64, i), ==, g_array_index(all, gint64, n++));
    }
    g_assert_cmpuint(n, ==, all->len);
}

static void test_worlds(SvPlace *p, gconstpointer data)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4711);
    int owner[WORLD_CLIENTS + 1], team[WORLD_CLIENTS + 1];
    gboolean given[WORLD_CLIENTS + 1][WORLD_ACCOUNTS + 1];
    sv_place_do(p, "INSERT INTO team VALUES(1,'a'),(2,'b'),(3,'c')");
    for (int a = 1; a <= WORLD_ACCOUNTS; a++) {
        g_autofree char *name = g_strdup_printf("u%d", a);
        g_assert_cmpint(sv_place_account(p, name, SV_ROLE_MANAGER, NULL), ==, a);
    }
    SvDb *db = sv_pool_read(p->pool, NULL);
    for (int world = 0; world < 30; world++) {
        random_world(p, rand, owner, team, given);
        for (int a = 1; a <= WORLD_ACCOUNTS; a++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(SvAccount) account = sv_account_get(db, a, &error);
            g_autoptr(SvWho) who = sv_who_of_account(db, a, &error);
            g_autoptr(GArray) ids = sv_access_clients(db, who, NULL, 0, 1000, &error);
            g_assert_no_error(error);
            for (int c = 1; c <= WORLD_CLIENTS; c++) {
                g_autoptr(SvAccount) boss = owner[c] ? sv_account_get(db, owner[c], &error) : NULL;
                gboolean should = may(account, owner[c], boss ? (int)boss->team : 0, team[c], given[c][a]);
                g_assert_cmpint(sv_access_may_open(db, who, c, NULL), ==, should);
                g_assert_cmpint(contains(ids, c), ==, should);
            }
            check_pages(db, who, ids);
        }
    }
    sv_pool_read_done(p->pool, db);
}

static void test_client(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 anna = sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    gint64 oleg = sv_place_account(p, "oleg", SV_ROLE_MANAGER, NULL);
    sv_place_do(p, "INSERT INTO client(id,external,name,owner_id,created) VALUES(5,'x','Фирма',%d,0)", (int)anna);
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) a = sv_who_of_account(db, anna, &error);
    g_autoptr(SvWho) o = sv_who_of_account(db, oleg, &error);
    g_autoptr(SvClient) client = sv_access_client(db, a, 5, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(client->name, ==, "Фирма");
    g_autoptr(GError) hidden = NULL, absent = NULL;
    g_assert_null(sv_access_client(db, o, 5, &hidden));
    g_assert_null(sv_access_client(db, o, 6, &absent));
    g_assert_error(hidden, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_assert_cmpstr(hidden->message, ==, absent->message);
    sv_pool_read_done(p->pool, db);
}

static void test_order(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 boss = sv_place_account(p, "boss", SV_ROLE_DIRECTOR, NULL);
    sv_place_do(p,
        "INSERT INTO client(id,external,name_key,newest,created) VALUES(1,'a','тоо \"кедр\"',50,0),"
        "(2,'b','ао ель',90,0),(3,'c','кедр и сыновья',70,0),(4,'d','',0,0)");
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) who = sv_who_of_account(db, boss, &error);
    g_autoptr(GArray) all = sv_access_clients(db, who, "  ", 0, 10, &error);
    static const gint64 order[] = {2, 3, 1, 4};
    g_assert_cmpmem(all->data, all->len * sizeof(gint64), order, sizeof order);
    g_autoptr(GArray) found = sv_access_clients(db, who, " КЕДР", 0, 10, &error);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpint(g_array_index(found, gint64, 0), ==, 3);
    g_autoptr(GArray) none = sv_access_clients(db, who, "%' OR 1=1 --", 0, 10, &error);
    g_assert_cmpuint(none->len, ==, 0);
    sv_pool_read_done(p->pool, db);
}

static void time_list(SvDb *db, const SvWho *who, const char *find, guint offset, guint expect)
{
    g_autoptr(GArray) warm = sv_access_clients(db, who, find, offset, 50, NULL);
    gint64 start = g_get_monotonic_time();
    g_autoptr(GArray) ids = sv_access_clients(db, who, find, offset, 50, NULL);
    double ms = (double)(g_get_monotonic_time() - start) / 1000;
    g_test_message("%s, find %s, from %u: %u clients in %.2f ms", who->login, find ? find : "-", offset, ids->len, ms);
    g_assert_cmpuint(ids->len, ==, expect);
    g_assert_cmpfloat(ms, <, 200);
}

static void test_many(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 boss = sv_place_account(p, "director", SV_ROLE_DIRECTOR, NULL);
    gint64 all = sv_place_account(p, "owner-of-all", SV_ROLE_MANAGER, NULL);
    gint64 some = sv_place_account(p, "owner-of-some", SV_ROLE_MANAGER, "Юг");
    gint64 head = sv_place_account(p, "head", SV_ROLE_HEAD, "Юг");
    sv_place_do(p,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000)"
        " INSERT INTO client(id,external,name,name_key,newest,card,owner_id,created)"
        " SELECT i,'k'||i,'Фирма '||i,'фирма '||i,abs(random())%%1000000000,'{\"name\":\"'||hex(zeroblob(300))||'\"}',"
        " CASE WHEN i%%10=0 THEN %d ELSE %d END,0 FROM n;"
        "INSERT INTO client_reader SELECT i*100+1,%d FROM (SELECT id AS i FROM client WHERE id<=300)",
        (int)some, (int)all, (int)some);
    SvDb *db = sv_pool_read(p->pool, &error);
    gint64 ids[] = {boss, all, some, head};
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(SvWho) who = sv_who_of_account(db, ids[i], &error);
        time_list(db, who, NULL, 0, 50);
        time_list(db, who, NULL, 5000, 50);
        time_list(db, who, "ФИРМА 7", 0, 50);
        time_list(db, who, "нет такой", 0, 0);
    }
    sv_pool_read_done(p->pool, db);
}

#define PLACE(path, run) g_test_add(path, SvPlace, NULL, sv_place_set_up, run, sv_place_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/access/covers", test_covers);
    PLACE("/access/audience", test_audience);
    PLACE("/access/worlds", test_worlds);
    PLACE("/access/client", test_client);
    PLACE("/access/order", test_order);
    PLACE("/access/many", test_many);
    return g_test_run();
}
