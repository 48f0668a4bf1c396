/* Login and logout: see session.h; the throttle's rule stands in throttle.h.
 *
 * A login that nobody has costs what a wrong password costs, and says the same. The password is hashed
 * without a connection in hand; that the account is still as it was is looked at again in the transaction
 * that makes the session. */
#include "account.h"
#include "error.h"
#include "guard.h"
#include "password.h"
#include "utf8.h"
#include <string.h>

#define AGENT_LONGEST 200u

typedef struct {
    gint64 id;
    char *stored; /* the hash; NULL: nobody, or somebody who is disabled */
} Claim;

static void claim_clear(Claim *claim)
{
    g_free(claim->stored);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

static gboolean read_claim(SvPool *pool, const char *login, Claim *claim, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    if (!db)
        return FALSE;
    SvSql *sql = sv_db_sql(db, "SELECT id,password FROM account WHERE login=? AND disabled=0", error);
    sv_sql_text(sql, 1, login);
    int got = sv_sql_next(sql, error);
    if (got > 0) {
        claim->id = sv_sql_get_int(sql, 0);
        claim->stored = g_strdup(sv_sql_get_text(sql, 1));
        sv_sql_done(sql);
    }
    sv_pool_read_done(pool, db);
    return got >= 0;
}

static gboolean refuse(GError **error)
{
    g_set_error(error, SV_ERROR, SV_ERROR_FORBIDDEN, "the login or the password is wrong");
    return FALSE;
}

static gboolean is_as_it_was(SvDb *db, const Claim *claim, GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT 1 FROM account WHERE id=? AND password=? AND disabled=0", error);
    gint64 same = 0;
    sv_sql_int(sql, 1, claim->id);
    sv_sql_text(sql, 2, claim->stored);
    if (!sv_sql_get_one(sql, 0, &same, error))
        return FALSE;
    return same ? TRUE : refuse(error);
}

static gboolean insert_session(
    SvDb *db, gint64 account, const char *token, const char *agent, gint64 now, GError **error)
{
    guint8 digest[SV_SECRET_DIGEST];
    char csrf[SV_SECRET_LEN + 1];
    g_autofree char *clean = sv_utf8_clean(agent ? agent : "", strnlen(agent ? agent : "", AGENT_LONGEST));
    sv_secret_digest(token, "", digest);
    sv_secret_make(csrf);
    SvSql *sql = sv_db_sql(
        db, "INSERT INTO session(hash,account_id,csrf,created,seen,agent) VALUES(?,?,?,?,?,?)", error);
    sv_sql_blob(sql, 1, digest, sizeof digest);
    sv_sql_int(sql, 2, account);
    sv_sql_text(sql, 3, csrf);
    sv_sql_int(sql, 4, now);
    sv_sql_int(sql, 5, now);
    sv_sql_text(sql, 6, clean);
    return sv_sql_run(sql, error);
}

static char *open_session(SvGuard *guard, const Claim *claim, const char *agent, GError **error)
{
    char token[SV_SECRET_LEN + 1];
    sv_secret_make(token);
    SvDb *db = sv_pool_write(guard->pool, error);
    if (!db)
        return NULL;
    gboolean made = is_as_it_was(db, claim, error) &&
        insert_session(db, claim->id, token, agent, guard->now(), error);
    if (!sv_pool_write_done(guard->pool, db, made, made ? error : NULL) || !made)
        return NULL;
    return g_strdup(token);
}

static char *try_login(SvGuard *guard, const char *login, const char *password, const char *agent,
    gboolean *failed, GError **error)
{
    g_auto(Claim) claim = {0};
    if (!read_claim(guard->pool, login, &claim, error))
        return NULL;
    switch (sv_password_verify(claim.stored, password)) {
    case SV_PASSWORD_RIGHT:
        return open_session(guard, &claim, agent, error);
    case SV_PASSWORD_BUSY:
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "many people are logging in; try again in a moment");
        return NULL;
    default:
        *failed = TRUE;
        refuse(error);
        return NULL;
    }
}

char *sv_guard_login(SvGuard *guard, const char *login, const char *password, const char *address,
    const char *agent, GError **error)
{
    g_auto(SvTry) try = {0};
    gboolean failed = FALSE;
    if (!login || !password || !g_utf8_validate(login, -1, NULL)) {
        refuse(error);
        return NULL;
    }
    g_autofree char *composed = g_utf8_normalize(login, -1, G_NORMALIZE_NFC);
    g_autofree char *key = sv_utf8_fold(g_strstrip(composed), -1);
    if (!sv_throttle_begin(guard->throttle, address, key, guard->now(), &try)) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "too many failed logins; try again in 15 minutes");
        return NULL;
    }
    char *token = try_login(guard, key, password, agent, &failed, error);
    if (!failed)
        sv_throttle_take_back(guard->throttle, &try, token != NULL);
    return token;
}

gboolean sv_guard_logout(SvGuard *guard, const char *token, GError **error)
{
    guint8 digest[SV_SECRET_DIGEST];
    if (!sv_secret_digest(token, "", digest))
        return TRUE;
    SvDb *db = sv_pool_write(guard->pool, error);
    if (!db)
        return FALSE;
    SvSql *sql = sv_db_sql(db, "DELETE FROM session WHERE hash=?", error);
    sv_sql_blob(sql, 1, digest, sizeof digest);
    gboolean done = sv_sql_run(sql, error) && (sv_db_changes(db) == 0 || sv_rights_touch(db, error));
    if (!sv_pool_write_done(guard->pool, db, done, done ? error : NULL))
        return FALSE;
    if (done)
        sv_guard_forget(guard, digest);
    return done;
}
