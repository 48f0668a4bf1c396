/* Feedback as a list: see feedback_list.h. */
#include "feedback_list.h"
#include "client_store.h"
#include "error.h"
#include "work.h"
#include <string.h>

#define COLUMNS                                                                                                       \
    "SELECT f.id,f.client_id,coalesce(nullif(c.name,''),c.external),c.external,coalesce(a.name,''),f.kind,f.format,"    \
    "m.external,f.quote,f.comment,f.state,f.at,coalesce(m.labels,'') FROM feedback f JOIN client c ON c.id=f.client_id " \
    "LEFT JOIN account a ON a.id=f.account_id LEFT JOIN message m ON m.id=f.message_id "

/* The current row; NULL when it is about a message that the reader may not open. */
static cJSON *row_json(SvSql *sql, const SvWho *who, gboolean for_eval)
{
    if (!sv_access_covers(who->labels, sv_sql_get_text(sql, 12)))
        return NULL;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddNumberToObject(row, "id", (double)sv_sql_get_int(sql, 0));
    if (for_eval) {
        sv_json_add(row, "client", sv_sql_get_text(sql, 3));
    } else {
        cJSON *client = cJSON_AddObjectToObject(row, "client");
        cJSON_AddNumberToObject(client, "id", (double)sv_sql_get_int(sql, 1));
        sv_json_add(client, "name", sv_sql_get_text(sql, 2));
        sv_json_add(row, "by", *sv_sql_get_text(sql, 4) ? sv_sql_get_text(sql, 4) : NULL);
    }
    sv_json_add(row, "kind", sv_sql_get_text(sql, 5));
    sv_json_add(row, "format", sv_sql_get_text(sql, 6));
    sv_json_add(row, "message", sv_sql_get_text(sql, 7));
    sv_json_add(row, "quote", sv_sql_get_text(sql, 8));
    sv_json_add(row, "comment", sv_sql_get_text(sql, 9));
    sv_json_add(row, "state", sv_sql_get_text(sql, 10));
    sv_json_add_unix(row, "at", sv_sql_get_int(sql, 11), NULL);
    return row;
}

char *sv_feedback_list(SvDb *db, const SvWho *who, const char *state, guint most, GError **error)
{
    SvSql *sql = sv_db_sql(db, COLUMNS "WHERE ?1 IS NULL OR f.state=?1 ORDER BY f.id DESC", error);
    g_autoptr(cJSON) document = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(document, "feedback");
    int got = 0;
    sv_sql_text(sql, 1, state);
    for (guint n = 0; n < most && (got = sv_sql_next(sql, error)) > 0;) {
        cJSON *row = row_json(sql, who, FALSE);
        n += row != NULL;
        if (row)
            cJSON_AddItemToArray(list, row);
    }
    sv_sql_done(sql);
    return got < 0 ? NULL : sv_json_done(g_steal_pointer(&document));
}

gboolean sv_feedback_export(SvDb *db, const SvWho *who, GString *out, GError **error)
{
    SvSql *sql = sv_db_sql(db, COLUMNS "ORDER BY f.id", error);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        cJSON *row = row_json(sql, who, TRUE);
        if (!row)
            continue;
        g_autofree char *line = sv_json_done(row);
        g_string_append(out, line);
        g_string_append_c(out, '\n');
    }
    return got == 0;
}

/* The client of what was said; 0 when there is none for this reader, -1 on error. */
static gint64 find_client(SvDb *db, const SvWho *who, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT f.client_id,coalesce(m.labels,'') FROM feedback f LEFT JOIN message m ON m.id=f.message_id WHERE f.id=?",
        error);
    sv_sql_int(sql, 1, id);
    int got = sv_sql_next(sql, error);
    if (got <= 0)
        return got;
    gint64 client = sv_access_covers(who->labels, sv_sql_get_text(sql, 1)) ? sv_sql_get_int(sql, 0) : 0;
    sv_sql_done(sql);
    return client;
}

gboolean sv_feedback_judge(SvDb *db, const SvWho *who, gint64 id, const char *state, GError **error)
{
    static const char *const states[] = {"new", "accepted", "dismissed", NULL};
    if (!state || !g_strv_contains(states, state)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "feedback is new, accepted or dismissed");
        return FALSE;
    }
    gint64 client = find_client(db, who, id, error);
    if (client == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such feedback");
    if (client <= 0)
        return FALSE;
    SvSql *sql = sv_db_sql(db, "UPDATE feedback SET state=?2 WHERE id=?1", error);
    sv_sql_int(sql, 1, id);
    sv_sql_text(sql, 2, state);
    return sv_sql_run(sql, error) && sv_client_touch(db, client, error);
}
