/* Tests of accounts, passwords, teams and labels. */
#include "access_fixture.h"
#include "error.h"
#include "password.h"
#include <string.h>

static void test_password_rules(void)
{
    static const struct {
        const char *password;
        gboolean good;
    } rows[] = {
        {"", FALSE},
        {"short7!", FALSE},
        {"сосна7", FALSE}, /* 12 bytes, 6 characters */
        {"password", FALSE},
        {"Password1!", FALSE},
        {"P@ssw0rd2024", FALSE},
        {"passwordpassword", FALSE},
        {"Пароль2025", FALSE},
        {"ЙЦУКЕНГШ", FALSE},
        {"lkjhgfdsa", FALSE},
        {"qwertyuiop", FALSE},
        {"87654321", FALSE},
        {"12.04.1985", FALSE},
        {"1q2w3e4r5t", FALSE},
        {"aaaaaaaaaaab", FALSE},
        {"annalim1985", FALSE}, /* the login */
        {"Лимонова77", FALSE},  /* of the name */
        {"with\ttabulator", FALSE},
        {"bad\xff" "bytes and more", FALSE},
        {"сосна-утюг", TRUE},
        {"correct horse battery", TRUE},
        {"zebra7Quilt", TRUE},
        {"мой кот любит сметану", TRUE},
        {"483920174836", TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        gboolean good = sv_password_check(rows[i].password, "annalim", "Анна Лимонова", &error);
        g_test_message("row %u: %s", i, error ? error->message : "good");
        g_assert_cmpint(good, ==, rows[i].good);
        if (!good)
            g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
        if (!good && strlen(rows[i].password) > 8)
            g_assert_null(strstr(error->message, rows[i].password));
    }
    g_autofree char *long_one = g_strnfill(257, 'x');
    g_assert_false(sv_password_check(long_one, "a", NULL, NULL));
    g_autoptr(GString) longest = g_string_new(NULL);
    for (int i = 0; i < 64; i++)
        g_string_append(longest, "ёжик");
    g_assert_true(sv_password_check(longest->str, "a", NULL, NULL)); /* 256 characters, 512 bytes */
}

static void test_hashes(void)
{
    sv_password_cost(1, 8 << 10);
    g_autofree char *a = sv_password_hash("ёж в тумане", NULL);
    g_autofree char *b = sv_password_hash("ёж в тумане", NULL);
    g_assert_true(g_str_has_prefix(a, "$argon2id$"));
    g_assert_cmpstr(a, !=, b);
    g_assert_cmpint(sv_password_verify(a, "ёж в тумане"), ==, SV_PASSWORD_RIGHT);
    g_assert_cmpint(sv_password_verify(a, "е\xcc\x88ж в тумане"), ==, SV_PASSWORD_RIGHT); /* ё of two characters */
    g_assert_cmpint(sv_password_verify(a, "еж в тумане"), ==, SV_PASSWORD_WRONG);
    g_assert_cmpint(sv_password_verify(NULL, "ёж в тумане"), ==, SV_PASSWORD_WRONG);
    g_assert_cmpint(sv_password_verify("rubbish", "ёж в тумане"), ==, SV_PASSWORD_WRONG);
    g_assert_cmpint(sv_password_verify(a, "bad\xff"), ==, SV_PASSWORD_WRONG);
}

static gpointer hash_one(gpointer data)
{
    return GINT_TO_POINTER(sv_password_verify(NULL, "whatever it is") + 1);
}

/* Forty at once: some are hashed, the rest told to come again; nobody waits for ever. */
static void test_turns(void)
{
    GThread *threads[40];
    int busy = 0;
    sv_password_cost(1, 8 << 20);
    for (int i = 0; i < 40; i++)
        threads[i] = g_thread_new("hash", hash_one, NULL);
    for (int i = 0; i < 40; i++)
        busy += GPOINTER_TO_INT(g_thread_join(threads[i])) == SV_PASSWORD_BUSY + 1;
    g_assert_cmpint(busy, <=, 30);
    g_assert_cmpint(sv_password_verify(NULL, "after that"), ==, SV_PASSWORD_WRONG);
    sv_password_cost(1, 8 << 10);
}

static void test_accounts(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id = 0, boss = sv_place_account(p, "boss", SV_ROLE_ADMIN, NULL);
    SvDb *db = sv_pool_write(p->pool, &error);
    gint64 clock = sv_rights_clock(db);
    g_assert_true(sv_account_add(db, " Анна.Lim@x ", "Анна", SV_ROLE_HEAD, "Юг", SV_PLACE_PASSWORD, &id, &error));
    g_assert_cmpint(sv_rights_clock(db), ==, clock + 1);
    g_autoptr(SvAccount) anna = sv_account_find(db, "аННА.lim@X", &error);
    g_assert_no_error(error);
    g_assert_cmpint(anna->id, ==, id);
    g_assert_cmpstr(anna->name, ==, "Анна");
    g_assert_cmpint(anna->role, ==, SV_ROLE_HEAD);
    g_assert_cmpint(anna->team, ==, sv_team_put(db, "Юг", &error));
    g_assert_cmpstr(anna->language, ==, "ru");
    g_assert_false(sv_account_add(db, "анна.lim@x", "", SV_ROLE_HEAD, NULL, SV_PLACE_PASSWORD, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    static const char *const bad[] = {"", " ", "two words", "a\nb", "x'; --", "\xff", NULL};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(sv_account_add(db, bad[i], "", SV_ROLE_HEAD, NULL, SV_PLACE_PASSWORD, NULL, &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
        g_clear_error(&error);
    }
    g_assert_true(sv_account_set_role(db, id, SV_ROLE_MANAGER, NULL, &error));
    g_autoptr(SvAccount) kept = sv_account_get(db, id, &error);
    g_assert_cmpint(kept->team, ==, anna->team); /* NULL leaves it */
    g_assert_true(sv_account_set_role(db, id, SV_ROLE_MANAGER, "", &error));
    g_autoptr(SvAccount) free_one = sv_account_get(db, id, &error);
    g_assert_cmpint(free_one->team, ==, 0);
    g_assert_true(sv_account_set_language(db, id, "en", &error));
    g_assert_false(sv_account_set_language(db, id, "kk", &error));
    g_clear_error(&error);
    g_assert_false(sv_account_set_role(db, boss, SV_ROLE_HEAD, NULL, &error)); /* the last administrator */
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(sv_account_set_disabled(db, boss, TRUE, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(sv_account_set_role(db, id, SV_ROLE_ADMIN, NULL, &error));
    g_assert_true(sv_account_set_disabled(db, boss, TRUE, &error));
    g_assert_false(sv_account_set_password(db, 999, SV_PLACE_PASSWORD, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autoptr(GPtrArray) all = sv_accounts_list(db, &error);
    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpint(sv_accounts_count(db, &error), ==, 2);
    g_assert_true(sv_pool_write_done(p->pool, db, TRUE, &error));
}

static void test_labels(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 anna = sv_place_account(p, "anna", SV_ROLE_MANAGER, "Север");
    gint64 oleg = sv_place_account(p, "oleg", SV_ROLE_MANAGER, NULL);
    SvDb *db = sv_pool_write(p->pool, &error);
    gint64 north = sv_team_put(db, "Север", &error), legal = sv_label_put(db, "legal", &error);
    gint64 board = sv_label_put(db, " board ", &error);
    g_assert_cmpint(sv_label_put(db, "board", &error), ==, board);
    g_assert_cmpint(sv_label_find(db, "board", &error), ==, board);
    g_assert_cmpint(sv_label_find(db, "none", &error), ==, 0);
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(sv_label_hold(db, legal, oleg, 0, TRUE, &error));
    g_assert_true(sv_label_hold(db, legal, oleg, 0, TRUE, &error)); /* twice is once */
    g_assert_true(sv_label_hold(db, board, 0, north, TRUE, &error));
    g_assert_true(sv_label_hold(db, board, anna, 0, TRUE, &error)); /* by herself and by her team */
    g_assert_false(sv_label_hold(db, board, anna, north, TRUE, NULL));
    g_assert_false(sv_label_hold(db, board, 0, 0, TRUE, NULL));
    g_autoptr(GPtrArray) holders = sv_label_holders(db, board, &error);
    g_assert_cmpuint(holders->len, ==, 2);
    g_assert_cmpstr(holders->pdata[0], ==, "team Север");
    g_assert_cmpstr(holders->pdata[1], ==, "anna");
    g_autoptr(SvWho) a = sv_who_of_account(db, anna, &error);
    g_autoptr(SvWho) o = sv_who_of_account(db, oleg, &error);
    g_autofree char *boards = g_strdup_printf(" %d ", (int)board);
    g_autofree char *legals = g_strdup_printf(" %d ", (int)legal);
    g_assert_cmpstr(a->labels, ==, boards);
    g_assert_cmpstr(o->labels, ==, legals);
    g_assert_true(sv_label_hold(db, legal, oleg, 0, FALSE, &error));
    g_autoptr(SvWho) now = sv_who_of_account(db, oleg, &error);
    g_assert_cmpstr(now->labels, ==, "");
    g_assert_cmpint(now->rights_clock, >, o->rights_clock);
    g_assert_true(sv_pool_write_done(p->pool, db, TRUE, &error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/account/password/rules", test_password_rules);
    g_test_add_func("/account/password/hashes", test_hashes);
    g_test_add_func("/account/password/turns", test_turns);
    g_test_add("/account/accounts", SvPlace, NULL, sv_place_set_up, test_accounts, sv_place_tear_down);
    g_test_add("/account/labels", SvPlace, NULL, sv_place_set_up, test_labels, sv_place_tear_down);
    return g_test_run();
}
