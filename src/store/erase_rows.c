/* Taking rows away: see erase_rows.h.
 *
 * Deleting a client or a message takes along what refers to it by its foreign keys. What does not refer by a
 * key is taken here: marks of tasks, which are known by the key of their first source, jobs and views. */
#include "erase_rows.h"
#include "job.h"
#include <string.h>

void sv_erase_row_free(gpointer row)
{
    SvEraseRow *r = row;
    g_free(r->external);
    g_free(r->channel);
    g_free(r);
}

char *sv_erase_mark_of_message(const char *external, const char *channel)
{
    return g_strdup_printf("%s %s", channel, external);
}

char *sv_erase_mark_of_feedback(gint64 at, gint64 account)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, at, account);
}

GPtrArray *sv_erase_list(SvDb *db, gint64 client, const char *external, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(sv_erase_row_free);
    SvSql *sql = sv_db_sql(db,
        "SELECT id,external,channel FROM message WHERE client_id=?1 AND (?2 IS NULL OR external=?2) "
        "ORDER BY external,channel",
        error);
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, external);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvEraseRow *row = g_new0(SvEraseRow, 1);
        row->id = sv_sql_get_int(sql, 0);
        row->external = g_strdup(sv_sql_get_text(sql, 1));
        row->channel = g_strdup(sv_sql_get_text(sql, 2));
        g_ptr_array_add(rows, row);
    }
    return got < 0 ? NULL : g_steal_pointer(&rows);
}

/* Runs a statement about one number; *touched (may be NULL) grows by the rows that it changed. */
static gboolean run(SvSql *sql, SvDb *db, gint64 id, gint64 *touched, GError **error)
{
    sv_sql_int(sql, 1, id);
    if (!sv_sql_run(sql, error))
        return FALSE;
    if (touched)
        *touched += sv_db_changes(db);
    return TRUE;
}

gboolean sv_erase_ask_scrub(SvDb *db, GError **error)
{
    return sv_job_put(db, "scrub", 0, 0, error);
}

gboolean sv_erase_rows_of_client(SvDb *db, gint64 client, SvErased *out, GError **error)
{
    return run(sv_db_sql(db, "DELETE FROM feedback WHERE client_id=?", error), db, client, &out->feedback,
               error) &&
           run(sv_db_sql(db, "DELETE FROM view WHERE client_id=?", error), db, client, &out->views, error) &&
           run(sv_db_sql(db, "DELETE FROM message WHERE client_id=?", error), db, client, &out->messages,
               error) &&
           run(sv_db_sql(db, "DELETE FROM job WHERE subject=? AND kind<>'scrub'", error), db, client, NULL,
               error) &&
           run(sv_db_sql(db, "DELETE FROM client WHERE id=?", error), db, client, &out->clients, error) &&
           sv_sql_run(sv_db_sql(db, "UPDATE clock SET rights=rights+1", error), error);
}

/* A mark of a task names the message that the task rests on. */
static gboolean erase_marks(SvDb *db, gint64 client, const char *external, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM task_mark WHERE client_id=? AND instr(task,?)>0", error);
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, external);
    return sv_sql_run(sql, error);
}

gboolean sv_erase_rows(SvDb *db, gint64 client, const GPtrArray *rows, SvErased *out, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const SvEraseRow *row = rows->pdata[i];
        if (!run(sv_db_sql(db, "DELETE FROM feedback WHERE message_id=?", error), db, row->id, &out->feedback,
                error) ||
            !run(
                sv_db_sql(db, "DELETE FROM message WHERE id=?", error), db, row->id, &out->messages, error) ||
            !erase_marks(db, client, row->external, error))
            return FALSE;
    }
    return TRUE;
}

gboolean sv_erase_changed(SvDb *db, gint64 client, SvErased *out, GError **error)
{
    return run(sv_db_sql(db, "DELETE FROM view WHERE client_id=?", error), db, client, &out->views, error) &&
           sv_client_touch(db, client, error) && sv_job_put(db, "read", client, 0, error);
}
