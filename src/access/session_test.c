/* Tests of sessions, tokens and the throttle: who is known, for how long, and that a right that was taken is
 * gone with the next call. */
#include "access_fixture.h"
#include "error.h"
#include "session.h"
#include "throttle.h"
#include <math.h>
#include <string.h>

static gint64 pretended = 1000000;

static gint64 pretend(void)
{
    return pretended;
}

static SvGuard *guard_of(SvPlace *p)
{
    SvGuard *guard = sv_guard_new(p->pool);
    pretended = 1000000;
    sv_guard_set_clock(guard, pretend);
    return guard;
}

static char *login(SvGuard *guard, const char *name)
{
    g_autoptr(GError) error = NULL;
    char *token = sv_guard_login(guard, name, SV_PLACE_PASSWORD, "10.0.0.1", "Browser/1", &error);
    g_assert_no_error(error);
    return token;
}

static void test_session(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id = sv_place_account(p, "anna", SV_ROLE_MANAGER, "Север");
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *token = login(guard, " ANNA ");
    g_assert_cmpuint(strlen(token), ==, 43);
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) who = sv_guard_session(guard, db, token);
    g_assert_nonnull(who);
    g_assert_cmpint(who->account, ==, id);
    g_assert_cmpuint(who->scopes, ==, SV_SCOPE_READ | SV_SCOPE_WRITE);
    g_assert_cmpuint(strlen(who->csrf), ==, 43);
    g_assert_cmpstr(who->csrf, !=, token);
    g_autoptr(SvWho) again = sv_guard_session(guard, db, token);
    g_assert_true(who == again);
    g_autofree char *other = g_strdup(token);
    other[5] = other[5] == 'a' ? 'b' : 'a';
    g_assert_null(sv_guard_session(guard, db, other));
    static const char *const bad[] = {NULL, "", "x", "../../../../../../../../../../../../../../../etc", "' OR 1=1 --"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(sv_guard_session(guard, db, bad[i]));
    g_assert_null(sv_guard_token(guard, db, token));
    g_assert_true(sv_guard_logout(guard, token, &error));
    g_assert_null(sv_guard_session(guard, db, token));
    sv_pool_read_done(p->pool, db);
}

/* The token is in no file, its digest is. */
static void test_only_digest(SvPlace *p, gconstpointer data)
{
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *token = login(guard, "anna");
    g_autofree char *log = g_strconcat(p->file, "-wal", NULL);
    const char *files[] = {p->file, log};
    for (int i = 0; i < 2; i++) {
        g_autofree char *bytes = NULL;
        gsize len = 0;
        g_assert_true(g_file_get_contents(files[i], &bytes, &len, NULL));
        g_assert_null(memmem(bytes, len, token, strlen(token)));
        g_assert_null(memmem(bytes, len, SV_PLACE_PASSWORD, strlen(SV_PLACE_PASSWORD)));
    }
}

static void test_ends(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autofree char *idle = login(guard, "anna");
    g_autofree char *busy = login(guard, "anna");
    for (int hour = 0; hour < 30 * 24 - 1; hour += 11) {
        pretended += 11 * 3600;
        g_autoptr(SvWho) who = sv_guard_session(guard, db, busy);
        g_assert_true((who != NULL) == (pretended - 1000000 < 30 * 24 * 3600));
        if (hour == 0)
            g_assert_true(sv_guard_flush(guard, &error));
        if (hour == 11)
            g_assert_null(sv_guard_session(guard, db, idle)); /* 22 hours */
    }
    pretended = 1000000 + 31 * 24 * 3600;
    g_assert_null(sv_guard_session(guard, db, busy));
    g_assert_true(sv_guard_flush(guard, &error));
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM session"), ==, 0);
    pretended = 1000000; /* clocks jump: what ended stays so */
    g_assert_null(sv_guard_session(guard, db, busy));
    sv_pool_read_done(p->pool, db);
}

/* A request writes nothing; a flush writes the use down, so that another guard knows. */
static void test_no_write(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *token = login(guard, "anna");
    SvDb *db = sv_pool_read(p->pool, &error);
    pretended += 10 * 3600;
    g_autoptr(SvWho) who = sv_guard_session(guard, db, token);
    g_assert_nonnull(who);
    g_assert_cmpint(sv_place_ask(p, "SELECT seen FROM session"), ==, 1000000);
    g_assert_true(sv_guard_flush(guard, &error));
    g_assert_cmpint(sv_place_ask(p, "SELECT seen FROM session"), ==, pretended);
    pretended += 10 * 3600;
    g_autoptr(SvGuard) node = sv_guard_new(p->pool);
    sv_guard_set_clock(node, pretend);
    g_autoptr(SvWho) elsewhere = sv_guard_session(node, db, token);
    g_assert_nonnull(elsewhere);
    sv_pool_read_done(p->pool, db);
}

typedef gboolean (*Change)(SvDb *db, gint64 account, GError **error);

static gboolean disable(SvDb *db, gint64 account, GError **error)
{
    return sv_account_set_disabled(db, account, TRUE, error);
}

static gboolean new_password(SvDb *db, gint64 account, GError **error)
{
    return sv_account_set_password(db, account, "another four odd words", error);
}

static void test_ended_by(SvPlace *p, gconstpointer data)
{
    static const Change changes[] = {disable, new_password};
    g_autoptr(GError) error = NULL;
    gint64 id = sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    SvDb *db = sv_pool_read(p->pool, &error);
    for (guint i = G_N_ELEMENTS(changes); i-- > 0;) {
        g_autofree char *token = sv_guard_login(
            guard, "anna", i ? SV_PLACE_PASSWORD : "another four odd words", "10.0.0.1", NULL, &error);
        g_assert_no_error(error);
        g_autoptr(SvWho) before = sv_guard_session(guard, db, token);
        g_assert_nonnull(before);
        SvDb *w = sv_pool_write(p->pool, &error);
        g_assert_true(changes[i](w, id, &error));
        g_assert_true(sv_pool_write_done(p->pool, w, TRUE, &error));
        g_assert_null(sv_guard_session(guard, db, token));
    }
    g_assert_null(sv_guard_login(guard, "anna", "another four odd words", "10.0.0.1", NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_FORBIDDEN); /* disabled */
    sv_pool_read_done(p->pool, db);
}

static void test_rights_change(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id = sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *token = login(guard, "anna");
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) before = sv_guard_session(guard, db, token);
    g_assert_cmpint(before->role, ==, SV_ROLE_MANAGER);
    g_assert_cmpstr(before->labels, ==, "");
    SvDb *w = sv_pool_write(p->pool, &error);
    gint64 label = sv_label_put(w, "legal", &error);
    g_assert_true(sv_label_hold(w, label, id, 0, TRUE, &error));
    g_assert_true(sv_account_set_role(w, id, SV_ROLE_ADMIN, NULL, &error));
    g_autoptr(SvWho) uncommitted = sv_guard_session(guard, db, token);
    g_assert_cmpint(uncommitted->role, ==, SV_ROLE_MANAGER);
    g_assert_true(sv_pool_write_done(p->pool, w, TRUE, &error));
    g_autoptr(SvWho) after = sv_guard_session(guard, db, token);
    g_assert_cmpint(after->role, ==, SV_ROLE_ADMIN);
    g_assert_cmpstr(after->labels, !=, "");
    g_assert_cmpstr(after->csrf, ==, before->csrf);
    g_assert_cmpuint(after->scopes & SV_SCOPE_ADMIN, !=, 0);
    sv_pool_read_done(p->pool, db);
}

static void test_tokens(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 id = sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    SvDb *w = sv_pool_write(p->pool, &error);
    g_autofree char *reads = sv_token_new(w, id, "crm", SV_SCOPE_READ, 0, &error);
    g_autofree char *brief = sv_token_new(w, id, "brief", 3, pretended + 100, &error);
    g_assert_no_error(error);
    g_assert_null(sv_token_new(w, id, "admin", SV_SCOPE_ADMIN, 0, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_FORBIDDEN);
    g_clear_error(&error);
    g_assert_null(sv_token_new(w, id, "", SV_SCOPE_READ, 0, NULL));
    g_assert_null(sv_token_new(w, id, "x", 0, 0, NULL));
    g_assert_true(sv_pool_write_done(p->pool, w, TRUE, &error));
    SvDb *db = sv_pool_read(p->pool, &error);
    g_autoptr(SvWho) who = sv_guard_token(guard, db, reads);
    g_assert_cmpuint(who->scopes, ==, SV_SCOPE_READ);
    g_assert_null(who->csrf);
    g_assert_false(sv_access_may_write(who));
    g_assert_null(sv_guard_session(guard, db, reads));
    g_autoptr(SvWho) other = sv_guard_token(guard, db, brief);
    g_assert_true(sv_access_may_write(other));
    pretended += 100;
    g_assert_null(sv_guard_token(guard, db, brief));
    g_assert_true(sv_guard_flush(guard, &error));
    g_autoptr(GPtrArray) left = sv_tokens_list(db, id, &error);
    g_assert_cmpuint(left->len, ==, 1);
    w = sv_pool_write(p->pool, &error);
    g_assert_true(sv_token_drop(w, ((SvApiToken *)left->pdata[0])->id, &error));
    g_assert_false(sv_token_drop(w, 999, NULL));
    g_assert_true(sv_pool_write_done(p->pool, w, TRUE, &error));
    g_assert_null(sv_guard_token(guard, db, reads));
    guint scopes;
    g_assert_true(sv_scopes_parse("read, admin", &scopes) && scopes == 5);
    g_assert_false(sv_scopes_parse("read root", &scopes));
    g_assert_false(sv_scopes_parse("", &scopes));
    sv_pool_read_done(p->pool, db);
}

/* ── races: rights are taken while others ask ── */

typedef struct {
    SvPlace *place;
    SvGuard *guard;
    char *token;
    gint stop, gone; /* gone: the revocation has returned */
    gint allowed_after;
} Race;

static gpointer ask_on(gpointer data)
{
    Race *race = data;
    SvDb *db = sv_pool_read(race->place->pool, NULL);
    while (!g_atomic_int_get(&race->stop)) {
        gint gone = g_atomic_int_get(&race->gone);
        g_autoptr(SvWho) who = sv_guard_session(race->guard, db, race->token);
        if (gone && who)
            g_atomic_int_inc(&race->allowed_after);
        if (gone)
            break;
    }
    sv_pool_read_done(race->place->pool, db);
    return NULL;
}

static void test_revocation_races(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    for (int i = 0; i < 150; i++) {
        Race race = {.place = p, .guard = guard, .token = login(guard, "anna")};
        GThread *threads[3];
        for (int t = 0; t < 3; t++)
            threads[t] = g_thread_new("ask", ask_on, &race);
        if (i % 2)
            g_usleep((gulong)g_random_int_range(0, 300));
        if (i % 3)
            g_assert_true(sv_guard_logout(guard, race.token, &error));
        else
            sv_place_do(p, "DELETE FROM session; UPDATE clock SET rights=rights+1"); /* as another node does */
        g_atomic_int_set(&race.gone, 1);
        for (int t = 0; t < 3; t++)
            g_thread_join(threads[t]);
        g_assert_cmpint(race.allowed_after, ==, 0);
        g_free(race.token);
    }
}

/* ── login ── */

static void fail_login(SvGuard *guard, const char *name, const char *address, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sv_guard_login(guard, name, "not the password", address, NULL, &error));
    g_assert_error(error, SV_ERROR, code);
}

static void test_throttled_login(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    sv_place_account(p, "oleg", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *home = login(guard, "anna"); /* from 10.0.0.1 */
    for (int i = 0; i < 10; i++)
        fail_login(guard, "Anna", "192.0.2.1", SV_ERROR_FORBIDDEN);
    fail_login(guard, "anna", "192.0.2.1", SV_ERROR_BUSY);
    fail_login(guard, "anna", "192.0.2.2", SV_ERROR_BUSY); /* the name, from anywhere */
    fail_login(guard, "oleg", "192.0.2.1", SV_ERROR_BUSY); /* the address, for any name */
    g_autofree char *victim = login(guard, "anna");
    g_autofree char *other = sv_guard_login(guard, "oleg", SV_PLACE_PASSWORD, "192.0.2.9", NULL, &error);
    g_assert_nonnull(other);
    g_assert_null(sv_guard_login(guard, "anna", SV_PLACE_PASSWORD, "192.0.2.1", NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_BUSY); /* even with the right one: the count would tell it apart */
    g_clear_error(&error);
    pretended += 15 * 60;
    g_autofree char *later = sv_guard_login(guard, "anna", SV_PLACE_PASSWORD, "192.0.2.1", NULL, &error);
    g_assert_nonnull(later);
    fail_login(guard, "nobody", "192.0.2.44", SV_ERROR_FORBIDDEN);
}

static void test_throttle(void)
{
    SvThrottle *t = sv_throttle_new();
    for (int i = 0; i < 25; i++) { /* one household of IPv6 addresses, names that vary */
        g_auto(SvTry) try = {0};
        g_autofree char *address = g_strdup_printf("2001:db8:0:1::%x", i);
        g_autofree char *name = g_strdup_printf("user%d", i);
        g_assert_cmpint(sv_throttle_begin(t, address, name, 100 + i, &try), ==, i < 10);
    }
    g_auto(SvTry) mapped = {0}, plain = {0}, next = {0}, none = {0};
    for (int i = 0; i < 5; i++) {
        g_auto(SvTry) a = {0}, b = {0};
        g_assert_true(sv_throttle_begin(t, "::ffff:192.0.2.7", "m", 200, &a));
        g_assert_true(sv_throttle_begin(t, "192.0.2.7", "n", 200, &b));
    }
    g_assert_false(sv_throttle_begin(t, "192.0.2.7", "k", 200, &plain));
    g_assert_true(sv_throttle_begin(t, "192.0.2.7", "k", 200 + 900, &mapped)); /* the window has passed */
    g_assert_true(sv_throttle_begin(t, NULL, "k", 1200, &none));
    sv_throttle_take_back(t, &none, FALSE);
    for (int i = 0; i < 30; i++) { /* successes do not fill the count */
        g_auto(SvTry) try = {0};
        g_assert_true(sv_throttle_begin(t, "198.51.100.1", "z", 3000, &try));
        sv_throttle_take_back(t, &try, i > 0);
    }
    g_assert_true(sv_throttle_begin(t, "198.51.100.1", "z", 3000, &next));
    g_assert_true(next.acquainted);
    sv_throttle_free(t);
}

/* A flood of addresses and names does not take the memory. */
static void test_throttle_bounded(void)
{
    SvThrottle *t = sv_throttle_new();
    for (guint i = 0; i < 150000; i++) {
        g_auto(SvTry) try = {0};
        g_autofree char *address = g_strdup_printf("10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255, i & 255);
        g_autofree char *name = g_strdup_printf("n%u", i);
        g_assert_true(sv_throttle_begin(t, address, name, 100, &try));
        if (i % 2)
            sv_throttle_take_back(t, &try, TRUE);
    }
    sv_throttle_free(t);
}

/* Nobody's name takes as long as a name that somebody has (|t| of Welch below 4.5 for a small sample). */
static void test_same_time(SvPlace *p, gconstpointer data)
{
    sv_password_cost(1, 1 << 20);
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    double sum[2] = {0}, squares[2] = {0};
    const int n = g_test_slow() ? 5000 : 300;
    for (int i = 0; i < 2 * n; i++) {
        g_autofree char *address = g_strdup_printf("10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        pretended += 90;
        gint64 start = g_get_monotonic_time();
        fail_login(guard, i % 2 ? "anna" : "none", address, SV_ERROR_FORBIDDEN);
        double us = (double)(g_get_monotonic_time() - start);
        sum[i % 2] += log(us);
        squares[i % 2] += log(us) * log(us);
    }
    double mean[2], variance[2];
    for (int k = 0; k < 2; k++) {
        mean[k] = sum[k] / n;
        variance[k] = squares[k] / n - mean[k] * mean[k];
    }
    double t = (mean[1] - mean[0]) / sqrt((variance[0] + variance[1]) / n);
    g_test_message("n %d, geometric means %.1f and %.1f us, Welch t %.2f", n, exp(mean[0]), exp(mean[1]), t);
    g_assert_cmpfloat(fabs(exp(mean[1]) / exp(mean[0]) - 1), <, 0.1);
    sv_password_cost(1, 8 << 10);
}

/* How long a request takes to be known: printed; a bound that only a write or a look-up would break. */
static void test_speed(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_autoptr(SvGuard) guard = guard_of(p);
    g_autofree char *token = login(guard, "anna");
    SvDb *db = sv_pool_read(p->pool, &error);
    const int n = 20000;
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < n; i++) {
        g_autoptr(SvWho) who = sv_guard_session(guard, db, token);
        g_assert_nonnull(who);
    }
    double us = (double)(g_get_monotonic_time() - start) / n;
    g_test_message("%.2f us a session", us);
    g_assert_cmpfloat(us, <, 100);
    sv_pool_read_done(p->pool, db);
}

#define PLACE(path, run) g_test_add(path, SvPlace, NULL, sv_place_set_up, run, sv_place_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE("/session/session", test_session);
    PLACE("/session/only_digest", test_only_digest);
    PLACE("/session/ends", test_ends);
    PLACE("/session/no_write", test_no_write);
    PLACE("/session/ended_by", test_ended_by);
    PLACE("/session/rights_change", test_rights_change);
    PLACE("/session/tokens", test_tokens);
    PLACE("/session/revocation_races", test_revocation_races);
    PLACE("/session/throttled_login", test_throttled_login);
    g_test_add_func("/session/throttle", test_throttle);
    g_test_add_func("/session/throttle_bounded", test_throttle_bounded);
    PLACE("/session/same_time", test_same_time);
    PLACE("/session/speed", test_speed);
    return g_test_run();
}
