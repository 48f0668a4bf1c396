/* Rows of feedback: see feedback_store.h.
 *
 * One statement for every filter: what is not asked for is bound to null. It reads and judges; the desk
 * writes (card/desk_say.c), erasure deletes (erase_rows.c). */
#include "feedback_store.h"
#include "error.h"

void sv_feedback_free(SvFeedback *f)
{
    if (!f)
        return;
    g_free(f->client_key);
    g_free(f->by);
    g_free(f->kind);
    g_free(f->format);
    g_free(f->external);
    g_free(f->labels);
    g_free(f->quote);
    g_free(f->comment);
    g_free(f->state);
    g_free(f);
}

static gboolean check_word(const char *word, const char *const *known, const char *message, GError **error)
{
    if (!word || g_strv_contains(known, word))
        return TRUE;
    g_set_error_literal(error, SV_ERROR, SV_ERROR_INPUT, message);
    return FALSE;
}

static SvFeedback *feedback_of_row(SvSql *sql)
{
    SvFeedback *f = g_new0(SvFeedback, 1);
    f->id = sv_sql_get_int(sql, 0);
    f->client = sv_sql_get_int(sql, 1);
    f->client_key = g_strdup(sv_sql_get_text(sql, 2));
    f->message = sv_sql_get_int(sql, 3);
    f->at = sv_sql_get_int(sql, 4);
    char **texts[] = {
        &f->by, &f->kind, &f->format, &f->external, &f->labels, &f->quote, &f->comment, &f->state};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(sv_sql_get_text(sql, 5 + i));
    return f;
}

#define ROW                                                                                                  \
    "SELECT f.id, f.client_id, c.external, coalesce(f.message_id,0), f.at, coalesce(a.login,''), f.kind, "   \
    "f.format, "                                                                                             \
    "coalesce(m.external,''), coalesce(m.labels,''), f.quote, f.comment, f.state FROM feedback f "           \
    "JOIN client c ON c.id=f.client_id LEFT JOIN account a ON a.id=f.account_id "                            \
    "LEFT JOIN message m ON m.id=f.message_id "

static const char *const states[] = {"new", "accepted", "dismissed", NULL};
static const char no_state[] = "a state of feedback is new, accepted or dismissed";

SvFeedback *sv_feedback_get(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, ROW "WHERE f.id=?", error);
    sv_sql_int(sql, 1, id);
    int got = sv_sql_next(sql, error);
    if (got == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such feedback");
    if (got <= 0)
        return NULL;
    SvFeedback *f = feedback_of_row(sql);
    sv_sql_done(sql);
    return f;
}

gboolean sv_feedback_set_state(SvDb *db, gint64 id, const char *state, GError **error)
{
    if (!check_word(state ? state : "", states, no_state, error))
        return FALSE;
    SvSql *sql = sv_db_sql(db, "UPDATE feedback SET state=?2 WHERE id=?1", error);
    sv_sql_int(sql, 1, id);
    sv_sql_text(sql, 2, state);
    if (!sv_sql_run(sql, error))
        return FALSE;
    if (sv_db_changes(db) > 0)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such feedback");
    return FALSE;
}

GPtrArray *sv_feedback_list(SvDb *db, const SvFeedbackFilter *filter, guint most, GError **error)
{
    static const char *const kinds[] = {"useful", "missing", "wrong", NULL};
    if (!check_word(filter->kind, kinds, "a kind of feedback is useful, missing or wrong", error) ||
        !check_word(filter->state, states, no_state, error))
        return NULL;
    SvSql *sql = sv_db_sql(db,
        ROW
        "WHERE (?1 IS NULL OR f.kind=?1) AND (?2 IS NULL OR f.state=?2) "
        "AND (?3=0 OR f.client_id=?3) AND (?4=0 OR f.state<>'dismissed') ORDER BY f.client_id, f.id LIMIT ?5",
        error);
    if (!sql)
        return NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)sv_feedback_free);
    int got;
    sv_sql_text(sql, 1, filter->kind);
    sv_sql_text(sql, 2, filter->state);
    sv_sql_int(sql, 3, filter->client);
    sv_sql_int(sql, 4, filter->not_dismissed);
    sv_sql_int(sql, 5, most);
    while ((got = sv_sql_next(sql, error)) > 0)
        g_ptr_array_add(all, feedback_of_row(sql));
    return got < 0 ? NULL : g_steal_pointer(&all);
}

gint64 sv_feedback_message(SvDb *db, gint64 client, const char *external)
{
    gint64 id = 0;
    SvSql *sql = sv_db_sql(db, "SELECT min(id) FROM message WHERE client_id=? AND external=?", NULL);
    if (!sql)
        return 0;
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, external);
    return sv_sql_get_one(sql, 0, &id, NULL) ? id : 0;
}
