/* What readers say to the desk: marks of tasks, feedback, visits. See desk.h. */
#include "work.h"
#include "error.h"
#include "since.h"
#include <string.h>

#define COMMENT_MOST 2000
#define CHANGES_MOST 30
#define VISIT_S 1800 /* looks within half an hour are one visit */

/* ── writing ── */

typedef gboolean (*Change)(SvDb *db, const SvAsk *ask, gconstpointer what, GError **error);

/* One write transaction: the change, and the client's new revision. */
static gboolean change(
    SvDesk *desk, const SvAsk *ask, Change run, gconstpointer what, gboolean touch, GError **error)
{
    SvDb *db = sv_pool_write(desk->pool, error);
    if (!db)
        return FALSE;
    gboolean done = run(db, ask, what, error) && (!touch || sv_client_touch(db, ask->client, error));
    return sv_pool_write_done(desk->pool, db, done, error) && done;
}

typedef struct {
    const char *task, *state;
} MarkWanted;

static gboolean write_mark(SvDb *db, const SvAsk *ask, gconstpointer what, GError **error)
{
    const MarkWanted *mark = what;
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO task_mark(client_id,task,state,account_id,at) VALUES(?,?,?,?,?) ON "
        "CONFLICT(client_id,task) DO "
        "UPDATE SET state=excluded.state, account_id=excluded.account_id, at=excluded.at",
        error);
    sv_sql_int(sql, 1, ask->client);
    sv_sql_text(sql, 2, mark->task);
    sv_sql_text(sql, 3, mark->state);
    sv_sql_int(sql, 4, ask->who->account);
    sv_sql_int(sql, 5, ask->now);
    return sv_sql_run(sql, error);
}

/* Is it a task of the reader's own document? */
static gboolean knows_task(SvDesk *desk, const SvAsk *ask, const char *task, GError **error)
{
    SvWanted wanted = {"tasks", NULL, SV_DAY_NONE, SV_DAY_NONE};
    g_autoptr(SvDocument) document = sv_desk_summary(desk, ask, &wanted, error);
    g_autoptr(cJSON) json = document ? cJSON_Parse(document->json) : NULL;
    const cJSON *item;
    if (!document)
        return FALSE;
    cJSON_ArrayForEach(
        item, sv_json_array(json, "tasks")) if (g_strcmp0(sv_json_string(item, "id"), task) == 0) return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such task");
    return FALSE;
}

gboolean sv_desk_mark_task(
    SvDesk *desk, const SvAsk *ask, const char *task, const char *state, GError **error)
{
    static const char *const states[] = {"done", "taken", "dropped", "open", NULL};
    MarkWanted mark = {task, state};
    if (!state || !g_strv_contains(states, state)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a task is marked done, taken, dropped or open");
        return FALSE;
    }
    return knows_task(desk, ask, task, error) && change(desk, ask, write_mark, &mark, TRUE, error);
}

typedef struct {
    const char *kind, *format, *message, *quote, *comment;
} Said;

static gboolean write_feedback(SvDb *db, const SvAsk *ask, gconstpointer what, GError **error)
{
    const Said *said = what;
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO feedback(client_id,account_id,kind,format,message_id,quote,comment,at) "
        "VALUES(?1,?2,?3,?4,"
        "(SELECT min(id) FROM message WHERE client_id=?1 AND external=?5),?6,?7,?8)",
        error);
    sv_sql_int(sql, 1, ask->client);
    sv_sql_int(sql, 2, ask->who->account);
    sv_sql_text(sql, 3, said->kind);
    sv_sql_text(sql, 4, said->format);
    sv_sql_text(sql, 5, said->message);
    sv_sql_text(sql, 6, said->quote ? said->quote : "");
    sv_sql_text(sql, 7, said->comment ? said->comment : "");
    sv_sql_int(sql, 8, ask->now);
    return sv_sql_run(sql, error);
}

/* The message is in the reader's view, and the quote (when there is one) is verbatim in it. */
static gboolean check_quote(SvDesk *desk, const SvAsk *ask, const Said *said, GError **error)
{
    g_auto(SvOpened) opened = {0};
    if (!sv_desk_open_client(desk, ask, TRUE, &opened, error))
        return FALSE;
    int at = said->message ? sv_knowledge_find(opened.view->reading, said->message) : -1;
    if (at < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such message");
        return FALSE;
    }
    const SvMessage *m = opened.view->reading->history->messages->pdata[at];
    if (said->quote && *said->quote && !(m->text.bytes && strstr(m->text.bytes, said->quote))) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the quote is not in that message");
        return FALSE;
    }
    return TRUE;
}

gboolean sv_desk_feedback(SvDesk *desk, const SvAsk *ask, const char *kind, const char *format,
    const char *message, const char *quote, const char *comment, GError **error)
{
    static const char *const kinds[] = {"useful", "missing", "wrong", NULL};
    Said said = {kind, format, message, quote, comment};
    gboolean useful = g_strcmp0(kind, "useful") == 0;
    if (!kind || !g_strv_contains(kinds, kind) || !format || !sv_formats_has(desk->formats, format)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
            "feedback is useful, missing or wrong, about one of the formats");
        return FALSE;
    }
    if (comment && (strlen(comment) > COMMENT_MOST || !g_utf8_validate(comment, -1, NULL))) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "the comment is longer than %d bytes or no text", COMMENT_MOST);
        return FALSE;
    }
    if (useful || (g_strcmp0(kind, "missing") == 0 && !message)) {
        g_autoptr(SvClient) client = sv_access_client(ask->db, ask->who, ask->client, error);
        return client && change(desk, ask, write_feedback, &said, FALSE, error);
    }
    return check_quote(desk, ask, &said, error) && change(desk, ask, write_feedback, &said, TRUE, error);
}

/* ── since the last visit ── */

static gboolean write_visit(SvDb *db, const SvAsk *ask, gconstpointer what, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO visit(account_id,client_id,at,last) VALUES(?1,?2,0,?3) ON "
        "CONFLICT(account_id,client_id) DO "
        "UPDATE SET at=CASE WHEN ?3-last>?4 THEN last ELSE at END, last=?3",
        error);
    sv_sql_int(sql, 1, ask->who->account);
    sv_sql_int(sql, 2, ask->client);
    sv_sql_int(sql, 3, ask->now);
    sv_sql_int(sql, 4, VISIT_S);
    return sv_sql_run(sql, error);
}

/* When the visit before this one was: looks within half an hour belong to this one. */
gboolean sv_desk_visited(const SvAsk *ask, gint64 *since, GError **error)
{
    SvSql *sql = sv_db_sql(ask->db,
        "SELECT CASE WHEN ?3-last>?4 THEN last ELSE at END FROM visit WHERE account_id=?1 AND client_id=?2",
        error);
    sv_sql_int(sql, 1, ask->who->account);
    sv_sql_int(sql, 2, ask->client);
    sv_sql_int(sql, 3, ask->now);
    sv_sql_int(sql, 4, VISIT_S);
    return sv_sql_get_one(sql, 0, since, error);
}

cJSON *sv_desk_changes_json(
    const SvOpened *opened, const char *language, gint64 since, guint most, guint *messages)
{
    const SvHistory *history = opened->view->reading->history;
    SvLang lang = g_strcmp0(language ? language : history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    cJSON *list = cJSON_CreateArray();
    *messages = 0;
    for (guint i = 0; i < history->messages->len; i++)
        *messages += ((const SvMessage *)history->messages->pdata[i])->at.unix_s > since;
    g_autoptr(GPtrArray) changes =
        sv_summary_changes(opened->digest, lang, sv_time_from_unix(since, history->zone), most);
    for (guint i = 0; i < changes->len; i++) {
        const SvChange *c = changes->pdata[i];
        cJSON *object = cJSON_CreateObject();
        sv_json_add(object, "kind", c->kind);
        sv_json_add(object, "text", c->text);
        sv_json_add(object, "old", c->old);
        sv_json_add(object, "new", c->new_);
        sv_json_add_moment(object, "at", &c->at);
        cJSON *sources = cJSON_AddArrayToObject(object, "sources");
        for (guint k = 0; k < c->sources->len; k++) {
            const SvQuote *q = c->sources->pdata[k];
            cJSON_AddItemToArray(sources, sv_desk_source_json(history, q->message, q->quote));
        }
        cJSON_AddItemToArray(list, object);
    }
    return list;
}

char *sv_desk_since(SvDesk *desk, const SvAsk *ask, const char *language, gboolean note, GError **error)
{
    g_auto(SvOpened) opened = {0};
    gint64 since = 0;
    guint messages = 0;
    if (!sv_desk_open_client(desk, ask, FALSE, &opened, error) || !sv_desk_visited(ask, &since, error))
        return NULL;
    const SvHistory *history = opened.view->reading->history;
    g_autoptr(cJSON) document = cJSON_CreateObject();
    sv_json_add_unix(document, "since", since, history->zone);
    cJSON *changes =
        since ? sv_desk_changes_json(&opened, language, since, CHANGES_MOST, &messages) : cJSON_CreateArray();
    cJSON_AddNumberToObject(document, "messages", messages);
    cJSON_AddItemToObject(document, "changes", changes);
    if (note && !change(desk, ask, write_visit, NULL, FALSE, error))
        return NULL;
    return sv_json_done(g_steal_pointer(&document));
}
