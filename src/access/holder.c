/* Teams, labels and who holds them: see account.h. */
#include "account.h"
#include "error.h"
#include "session.h"
#include <string.h>

#define NAME_LONGEST 100

void sv_named_free(SvNamed *named)
{
    if (!named)
        return;
    g_free(named->name);
    g_free(named);
}

/* The name without spaces around it; new; NULL when it is none. */
static char *name_of(const char *name, GError **error)
{
    if (name && strlen(name) <= NAME_LONGEST * 4 && g_utf8_validate(name, -1, NULL)) {
        g_autofree char *trimmed = g_strstrip(g_strdup(name));
        glong n = g_utf8_strlen(trimmed, -1);
        if (n >= 1 && n <= NAME_LONGEST)
            return g_steal_pointer(&trimmed);
    }
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a name has 1 to %d characters", NAME_LONGEST);
    return NULL;
}

static gboolean id_of(SvSql *sql, const char *name, gint64 *id, GError **error)
{
    sv_sql_text(sql, 1, name);
    return sv_sql_get_one(sql, 0, id, error);
}

gint64 sv_team_put(SvDb *db, const char *name, GError **error)
{
    gint64 id = 0;
    g_autofree char *trimmed = name_of(name, error);
    if (!trimmed || !id_of(sv_db_sql(db, "SELECT id FROM team WHERE name=?", error), trimmed, &id, error))
        return 0;
    if (id == 0)
        id_of(sv_db_sql(db, "INSERT INTO team(name) VALUES(?) RETURNING id", error), trimmed, &id, error);
    return id;
}

gint64 sv_label_put(SvDb *db, const char *name, GError **error)
{
    gint64 id = 0;
    g_autofree char *trimmed = name_of(name, error);
    if (!trimmed || !id_of(sv_db_sql(db, "SELECT id FROM label WHERE name=?", error), trimmed, &id, error))
        return 0;
    if (id == 0)
        id_of(sv_db_sql(db, "INSERT INTO label(name) VALUES(?) RETURNING id", error), trimmed, &id, error);
    return id;
}

gint64 sv_label_find(SvDb *db, const char *name, GError **error)
{
    gint64 id = 0;
    g_autofree char *trimmed = name_of(name, error);
    if (!trimmed || !id_of(sv_db_sql(db, "SELECT id FROM label WHERE name=?", error), trimmed, &id, error))
        return 0;
    if (id == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no label “%s”", trimmed);
    return id;
}

static GPtrArray *list(SvSql *sql, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)sv_named_free);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvNamed *named = g_new0(SvNamed, 1);
        named->id = sv_sql_get_int(sql, 0);
        named->name = g_strdup(sv_sql_get_text(sql, 1));
        g_ptr_array_add(all, named);
    }
    return got < 0 ? NULL : g_steal_pointer(&all);
}

GPtrArray *sv_teams_list(SvDb *db, GError **error)
{
    return list(sv_db_sql(db, "SELECT id,name FROM team ORDER BY name", error), error);
}

GPtrArray *sv_labels_list(SvDb *db, GError **error)
{
    return list(sv_db_sql(db, "SELECT id,name FROM label ORDER BY name", error), error);
}

static void bind_holder(SvSql *sql, gint64 label, gint64 account, gint64 team)
{
    sv_sql_int(sql, 1, label);
    if (account)
        sv_sql_int(sql, 2, account);
    if (team)
        sv_sql_int(sql, 3, team);
}

gboolean sv_label_hold(SvDb *db, gint64 label, gint64 account, gint64 team, gboolean holds, GError **error)
{
    if ((account == 0) == (team == 0)) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUG, "a label is held by an account or by a team");
        return FALSE;
    }
    SvSql *drop =
        sv_db_sql(db, "DELETE FROM label_holder WHERE label_id=? AND (account_id=? OR team_id=?)", error);
    bind_holder(drop, label, account, team);
    if (!sv_sql_run(drop, error))
        return FALSE;
    if (holds) {
        SvSql *hold =
            sv_db_sql(db, "INSERT INTO label_holder(label_id,account_id,team_id) VALUES(?,?,?)", error);
        bind_holder(hold, label, account, team);
        if (!sv_sql_run(hold, error))
            return FALSE;
    }
    return sv_rights_touch(db, error);
}

GPtrArray *sv_label_holders(SvDb *db, gint64 label, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    SvSql *sql = sv_db_sql(db,
        "SELECT a.login, t.name FROM label_holder h LEFT JOIN account a ON a.id=h.account_id"
        " LEFT JOIN team t ON t.id=h.team_id WHERE h.label_id=? ORDER BY a.login, t.name", error);
    sv_sql_int(sql, 1, label);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        g_ptr_array_add(names, sv_sql_is_null(sql, 0) ? g_strconcat("team ", sv_sql_get_text(sql, 1), NULL)
                                                      : g_strdup(sv_sql_get_text(sql, 0)));
    return got < 0 ? NULL : g_steal_pointer(&names);
}
