/* Lists of clients for commands on the machine itself: see client_store.h. */
#include "client_store.h"
#include "error.h"
#include "utf8.h"
#include <string.h>

void sv_client_line_free(SvClientLine *line)
{
    if (!line)
        return;
    g_free(line->external);
    g_free(line->name);
    g_free(line->owner);
    g_free(line->team);
    g_free(line);
}

/* The database folds only Latin letters. */
static gboolean is_found(const char *text, const char *folded)
{
    g_autofree char *own = sv_utf8_fold(text ? text : "", -1);
    return strstr(own, folded) != NULL;
}

static SvClientLine *take_line(SvSql *sql)
{
    SvClientLine *line = g_new0(SvClientLine, 1);
    line->id = sv_sql_get_int(sql, 0);
    line->external = g_strdup(sv_sql_get_text(sql, 1));
    line->name = g_strdup(sv_sql_get_text(sql, 2));
    line->owner = g_strdup(sv_sql_get_text(sql, 3));
    line->team = g_strdup(sv_sql_get_text(sql, 4));
    return line;
}

static gboolean count_messages(SvDb *db, SvClientLine *line, GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT count(*),max(at) FROM message WHERE client_id=?", error);
    sv_sql_int(sql, 1, line->id);
    int got = sv_sql_next(sql, error);
    if (got < 0)
        return FALSE;
    line->messages = got ? (guint)sv_sql_get_int(sql, 0) : 0;
    line->newest = got ? sv_sql_get_int(sql, 1) : 0;
    sv_sql_done(sql);
    return TRUE;
}

SvClientLine *sv_client_line(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT c.id,external,c.name,coalesce(login,''),coalesce(t.name,'') FROM client c "
        "LEFT JOIN account a ON a.id=owner_id LEFT JOIN team t ON t.id=c.team_id WHERE c.id=?",
        error);
    sv_sql_int(sql, 1, id);
    int got = sv_sql_next(sql, error);
    g_autoptr(SvClientLine) line = got > 0 ? take_line(sql) : NULL;
    sv_sql_done(sql);
    if (!got)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such client");
    return line && count_messages(db, line, error) ? g_steal_pointer(&line) : NULL;
}

GPtrArray *sv_clients_list(SvDb *db, const char *find, guint offset, guint most, GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)sv_client_line_free);
    g_autofree char *folded = sv_utf8_fold(find ? find : "", -1);
    SvSql *sql = sv_db_sql(db,
        "SELECT c.id,external,c.name,coalesce(login,''),coalesce(t.name,'') FROM client c "
        "LEFT JOIN account a ON a.id=owner_id LEFT JOIN team t ON t.id=c.team_id ORDER BY c.name,c.id",
        error);
    int got = 0;
    while (lines->len < most && (got = sv_sql_next(sql, error)) > 0) {
        if (*folded && !is_found(sv_sql_get_text(sql, 2), folded) &&
            !is_found(sv_sql_get_text(sql, 1), folded))
            continue;
        if (offset)
            offset--;
        else
            g_ptr_array_add(lines, take_line(sql));
    }
    sv_sql_done(sql);
    if (got < 0)
        return NULL;
    for (guint i = 0; i < lines->len; i++)
        if (!count_messages(db, lines->pdata[i], error))
            return NULL;
    return g_steal_pointer(&lines);
}

GPtrArray *sv_client_readers(SvDb *db, gint64 id, GError **error)
{
    g_autoptr(GPtrArray) logins = g_ptr_array_new_with_free_func(g_free);
    SvSql *sql = sv_db_sql(db,
        "SELECT login FROM client_reader JOIN account ON account.id=account_id WHERE client_id=? ORDER BY "
        "login",
        error);
    sv_sql_int(sql, 1, id);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        g_ptr_array_add(logins, g_strdup(sv_sql_get_text(sql, 0)));
    return got < 0 ? NULL : g_steal_pointer(&logins);
}

static gint64 find_id(SvSql *sql, const char *name, GError **error)
{
    gint64 id = 0;
    sv_sql_text(sql, 1, name);
    return sv_sql_get_one(sql, 0, &id, error) ? id : -1;
}

gint64 sv_client_find_account(SvDb *db, const char *login, GError **error)
{
    return find_id(sv_db_sql(db, "SELECT id FROM account WHERE login=?", error), login, error);
}

gint64 sv_client_find_team(SvDb *db, const char *name, GError **error)
{
    return find_id(sv_db_sql(db, "SELECT id FROM team WHERE name=?", error), name, error);
}
