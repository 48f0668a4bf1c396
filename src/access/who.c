/* A user with rights: see session.h and who.h.
 *
 * The account and its labels are two reads; the clock of rights, read before and after, says whether they
 * are of one moment. */
#include "who.h"
#include "error.h"
#include <string.h>

#define TRIES 5

SvWho *sv_who_ref(SvWho *who)
{
    g_atomic_ref_count_inc(&who->count);
    return who;
}

void sv_who_unref(SvWho *who)
{
    if (!who || !g_atomic_ref_count_dec(&who->count))
        return;
    g_free(who->login);
    g_free(who->name);
    g_free(who->language);
    g_free(who->labels);
    g_free(who->csrf);
    g_free(who);
}

gint64 sv_rights_clock(SvDb *db)
{
    gint64 clock = -1;
    sv_sql_get_one(sv_db_sql(db, "SELECT rights FROM clock WHERE id=1", NULL), -1, &clock, NULL);
    return clock;
}

gboolean sv_rights_touch(SvDb *db, GError **error)
{
    return sv_sql_run(sv_db_sql(db, "UPDATE clock SET rights=rights+1 WHERE id=1", error), error);
}

static char *labels_of(SvDb *db, gint64 account, gint64 team, GError **error)
{
    g_autoptr(GString) labels = g_string_new(NULL);
    SvSql *sql = sv_db_sql(db,
        "SELECT label_id FROM label_holder WHERE account_id=? UNION "
        "SELECT label_id FROM label_holder WHERE team_id=? ORDER BY label_id", error);
    sv_sql_int(sql, 1, account);
    sv_sql_int(sql, 2, team);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        g_string_append_printf(
            labels, "%s%" G_GINT64_FORMAT " ", labels->len ? "" : " ", sv_sql_get_int(sql, 0));
    return got < 0 ? NULL : g_string_free(g_steal_pointer(&labels), FALSE);
}

static guint scopes_of(SvRole role)
{
    return SV_SCOPE_READ | SV_SCOPE_WRITE | (role == SV_ROLE_ADMIN ? SV_SCOPE_ADMIN : 0u);
}

static SvWho *load_once(SvDb *db, gint64 id, guint scopes, const char *csrf, GError **error)
{
    g_autoptr(SvAccount) account = sv_account_get(db, id, error);
    if (!account)
        return NULL;
    if (account->disabled) {
        g_set_error(error, SV_ERROR, SV_ERROR_FORBIDDEN, "this user is disabled");
        return NULL;
    }
    char *labels = labels_of(db, id, account->team, error);
    if (!labels)
        return NULL;
    SvWho *who = g_new0(SvWho, 1);
    g_atomic_ref_count_init(&who->count);
    who->account = id;
    who->login = g_steal_pointer(&account->login);
    who->name = g_steal_pointer(&account->name);
    who->language = g_steal_pointer(&account->language);
    who->role = account->role;
    who->team = account->team;
    who->labels = labels;
    who->scopes = scopes ? scopes & scopes_of(account->role) : scopes_of(account->role);
    who->csrf = g_strdup(csrf);
    return who;
}

SvWho *sv_who_load(SvDb *db, gint64 account, guint scopes, const char *csrf, GError **error)
{
    for (int i = 0; i < TRIES; i++) {
        gint64 before = sv_rights_clock(db);
        g_autoptr(SvWho) who = before < 0 ? NULL : load_once(db, account, scopes, csrf, error);
        if (!who)
            break;
        who->rights_clock = before;
        if (sv_rights_clock(db) == before)
            return g_steal_pointer(&who);
    }
    if (error && !*error)
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "rights are being changed; try again");
    return NULL;
}

SvWho *sv_who_of_account(SvDb *db, gint64 account, GError **error)
{
    return sv_who_load(db, account, 0, NULL, error);
}
