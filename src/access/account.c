/* Accounts: see account.h. Every change moves the clock of rights in the same transaction.
 *
 * What it keeps true: there is always an administrator who can log in; a password is nowhere but in its hash;
 * a changed password and a disabled account have no session left. */
#include "account.h"
#include "error.h"
#include "password.h"
#include "session.h"
#include "utf8.h"
#include <string.h>

#define LOGIN_LONGEST 64
#define NAME_LONGEST 200

static const char *const role_names[SV_ROLE_N] = {"manager", "support", "head", "director", "admin"};

const char *sv_role_name(SvRole role)
{
    return role_names[role < SV_ROLE_N ? role : SV_ROLE_MANAGER];
}

gboolean sv_role_find(const char *name, SvRole *out)
{
    for (int i = 0; name && i < SV_ROLE_N; i++) {
        if (strcmp(name, role_names[i]) != 0)
            continue;
        *out = (SvRole)i;
        return TRUE;
    }
    return FALSE;
}

void sv_account_free(SvAccount *account)
{
    if (!account)
        return;
    g_free(account->login);
    g_free(account->name);
    g_free(account->language);
    g_free(account);
}

/* Columns of every query below. */
#define COLUMNS "id,login,name,role,team_id,language,disabled,created"

/* NULL for a role that this program does not know: better nobody than somebody with other rights. */
static SvAccount *from_row(SvSql *sql)
{
    SvRole role;
    if (!sv_role_find(sv_sql_get_text(sql, 3), &role))
        return NULL;
    SvAccount *a = g_new0(SvAccount, 1);
    a->id = sv_sql_get_int(sql, 0);
    a->login = g_strdup(sv_sql_get_text(sql, 1));
    a->name = g_strdup(sv_sql_get_text(sql, 2));
    a->role = role;
    a->team = sv_sql_get_int(sql, 4);
    a->language = g_strdup(sv_sql_get_text(sql, 5));
    a->disabled = sv_sql_get_int(sql, 6) != 0;
    a->created = sv_sql_get_int(sql, 7);
    return a;
}

static SvAccount *one(SvSql *sql, GError **error)
{
    int got = sv_sql_next(sql, error);
    if (got < 0)
        return NULL;
    SvAccount *account = got ? from_row(sql) : NULL;
    sv_sql_done(sql);
    if (!account)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such user");
    return account;
}

SvAccount *sv_account_get(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT " COLUMNS " FROM account WHERE id=?", error);
    sv_sql_int(sql, 1, id);
    return one(sql, error);
}

static gboolean is_login_char(gunichar c)
{
    return g_unichar_isalnum(c) || (c < 0x80 && strchr("._-@+", (int)c));
}

/* The login as it is stored; new; NULL when it is none. */
static char *login_key(const char *login)
{
    if (!login || strlen(login) > LOGIN_LONGEST * 4 || !g_utf8_validate(login, -1, NULL))
        return NULL;
    g_autofree char *trimmed = g_strstrip(g_utf8_normalize(login, -1, G_NORMALIZE_NFC));
    glong n = g_utf8_strlen(trimmed, -1);
    if (n < 1 || n > LOGIN_LONGEST)
        return NULL;
    for (const char *p = trimmed; *p; p = g_utf8_next_char(p))
        if (!is_login_char(g_utf8_get_char(p)))
            return NULL;
    return sv_utf8_fold(trimmed, -1);
}

SvAccount *sv_account_find(SvDb *db, const char *login, GError **error)
{
    g_autofree char *key = login_key(login);
    SvSql *sql = sv_db_sql(db, "SELECT " COLUMNS " FROM account WHERE login=?", error);
    sv_sql_text(sql, 1, key);
    return one(sql, error);
}

GPtrArray *sv_accounts_list(SvDb *db, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sv_account_free);
    SvSql *sql = sv_db_sql(db, "SELECT " COLUMNS " FROM account ORDER BY login", error);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvAccount *account = from_row(sql);
        if (account)
            g_ptr_array_add(list, account);
    }
    return got < 0 ? NULL : g_steal_pointer(&list);
}

gint64 sv_accounts_count(SvDb *db, GError **error)
{
    gint64 n = -1;
    sv_sql_get_one(sv_db_sql(db, "SELECT count(*) FROM account", error), 0, &n, error);
    return n;
}

/* *team: id of the named team, 0 when no name is given. */
static gboolean team_of(SvDb *db, const char *name, gint64 *team, GError **error)
{
    *team = 0;
    return !name || !*name || (*team = sv_team_put(db, name, error)) > 0;
}

static void bind_id(SvSql *sql, int parameter, gint64 id)
{
    if (id > 0)
        sv_sql_int(sql, parameter, id);
    else
        sv_sql_null(sql, parameter);
}

static gboolean check_new(SvDb *db, const char *key, const char *name, GError **error)
{
    gint64 taken = 0;
    if (!key) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
            "a login has 1 to 64 letters, digits and . _ - @ + and no spaces");
        return FALSE;
    }
    if (name && (!g_utf8_validate(name, -1, NULL) || g_utf8_strlen(name, -1) > NAME_LONGEST)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a name has at most %d characters", NAME_LONGEST);
        return FALSE;
    }
    SvSql *sql = sv_db_sql(db, "SELECT id FROM account WHERE login=?", error);
    sv_sql_text(sql, 1, key);
    if (!sv_sql_get_one(sql, 0, &taken, error))
        return FALSE;
    if (taken)
        g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT, "there is a user “%s” already", key);
    return !taken;
}

gboolean sv_account_add(SvDb *db, const char *login, const char *name, SvRole role, const char *team,
    const char *password, gint64 *id, GError **error)
{
    gint64 team_id = 0, added = 0;
    g_autofree char *key = login_key(login);
    if (!check_new(db, key, name, error) || !sv_password_check(password, key, name, error))
        return FALSE;
    g_autofree char *stored = sv_password_hash(password, error);
    if (!stored || !team_of(db, team, &team_id, error))
        return FALSE;
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO account(login,name,role,team_id,password,created) VALUES(?,?,?,?,?,?) RETURNING id",
        error);
    sv_sql_text(sql, 1, key);
    sv_sql_text(sql, 2, name && *name ? name : login);
    sv_sql_text(sql, 3, sv_role_name(role));
    bind_id(sql, 4, team_id);
    sv_sql_text(sql, 5, stored);
    sv_sql_int(sql, 6, g_get_real_time() / G_USEC_PER_SEC);
    if (!sv_sql_get_one(sql, 0, &added, error) || !sv_rights_touch(db, error))
        return FALSE;
    if (id)
        *id = added;
    return TRUE;
}

/* After an update of one account. */
static gboolean ended_well(SvDb *db, SvSql *sql, GError **error)
{
    if (!sv_sql_run(sql, error))
        return FALSE;
    if (sv_db_changes(db) == 1)
        return sv_rights_touch(db, error);
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such user");
    return FALSE;
}

static gboolean end_sessions(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM session WHERE account_id=?", error);
    sv_sql_int(sql, 1, id);
    return sv_sql_run(sql, error);
}

static gboolean end_tokens(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM api_token WHERE account_id=?", error);
    sv_sql_int(sql, 1, id);
    return sv_sql_run(sql, error);
}

gboolean sv_account_set_password(SvDb *db, gint64 id, const char *password, GError **error)
{
    g_autoptr(SvAccount) account = sv_account_get(db, id, error);
    if (!account || !sv_password_check(password, account->login, account->name, error))
        return FALSE;
    g_autofree char *stored = sv_password_hash(password, error);
    if (!stored || !end_sessions(db, id, error))
        return FALSE;
    SvSql *sql = sv_db_sql(db, "UPDATE account SET password=? WHERE id=?", error);
    sv_sql_text(sql, 1, stored);
    sv_sql_int(sql, 2, id);
    return ended_well(db, sql, error);
}

/* Is there an administrator besides this account? */
static gboolean others_administer(SvDb *db, gint64 id, GError **error)
{
    gint64 n = 0;
    SvSql *sql =
        sv_db_sql(db, "SELECT count(*) FROM account WHERE role='admin' AND disabled=0 AND id<>?", error);
    sv_sql_int(sql, 1, id);
    if (!sv_sql_get_one(sql, 0, &n, error))
        return FALSE;
    if (n == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT,
            "this is the last administrator; make somebody else an administrator first");
    return n > 0;
}

gboolean sv_account_set_role(SvDb *db, gint64 id, SvRole role, const char *team, GError **error)
{
    gint64 team_id = 0;
    g_autoptr(SvAccount) account = sv_account_get(db, id, error);
    if (!account || !team_of(db, team, &team_id, error))
        return FALSE;
    if (account->role == SV_ROLE_ADMIN && role != SV_ROLE_ADMIN && !account->disabled &&
        !others_administer(db, id, error))
        return FALSE;
    SvSql *sql = sv_db_sql(db, "UPDATE account SET role=?,team_id=? WHERE id=?", error);
    sv_sql_text(sql, 1, sv_role_name(role));
    bind_id(sql, 2, team ? team_id : account->team);
    sv_sql_int(sql, 3, id);
    return ended_well(db, sql, error);
}

gboolean sv_account_set_language(SvDb *db, gint64 id, const char *language, GError **error)
{
    if (g_strcmp0(language, "ru") != 0 && g_strcmp0(language, "en") != 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the language is ru or en");
        return FALSE;
    }
    SvSql *sql = sv_db_sql(db, "UPDATE account SET language=? WHERE id=?", error);
    sv_sql_text(sql, 1, language);
    sv_sql_int(sql, 2, id);
    return ended_well(db, sql, error);
}

gboolean sv_account_set_disabled(SvDb *db, gint64 id, gboolean disabled, GError **error)
{
    g_autoptr(SvAccount) account = sv_account_get(db, id, error);
    if (!account)
        return FALSE;
    if (disabled && account->role == SV_ROLE_ADMIN && !account->disabled && !others_administer(db, id, error))
        return FALSE;
    if (disabled && (!end_sessions(db, id, error) || !end_tokens(db, id, error)))
        return FALSE;
    SvSql *sql = sv_db_sql(db, "UPDATE account SET disabled=? WHERE id=?", error);
    sv_sql_int(sql, 1, disabled ? 1 : 0);
    sv_sql_int(sql, 2, id);
    return ended_well(db, sql, error);
}
