/* The desk: see desk.h. Opening, the choke point, summaries. */
#include "work.h"
#include "error.h"
#include "notes.h"
#include "render.h"
#include <string.h>

#define CACHE_BYTES (64u << 20)
#define VIEWS_MOST 256

SvDesk *sv_desk_open(SvPool *pool, const SvEngine *engine, const SvFormats *formats, gsize cache_bytes)
{
    SvDesk *desk = g_new0(SvDesk, 1);
    desk->pool = pool;
    desk->engine = engine;
    desk->formats = formats;
    desk->views = sv_views_new(pool, engine, VIEWS_MOST);
    desk->documents = sv_documents_new(cache_bytes ? cache_bytes : CACHE_BYTES);
    return desk;
}

void sv_desk_close(SvDesk *desk)
{
    if (!desk)
        return;
    sv_documents_free(desk->documents);
    sv_views_free(desk->views);
    g_free(desk);
}

void sv_desk_forget(SvDesk *desk, gint64 client)
{
    sv_views_drop(desk->views, client);
    sv_documents_drop(desk->documents);
}

void sv_opened_clear(SvOpened *opened)
{
    g_clear_pointer(&opened->audience, g_free);
    g_clear_pointer(&opened->view, sv_view_unref);
}

gboolean sv_desk_open_other(
    SvDesk *desk, const SvAsk *ask, gint64 client, gboolean fresh, SvOpened *out, GError **error)
{
    g_auto(SvOpened) opened = {0};
    gint64 revision = 0;
    if (!sv_access_open(ask->db, ask->who, client, &revision, error) ||
        !(opened.audience =
                sv_views_audience(desk->views, ask->db, client, revision, ask->who->labels, error)) ||
        !(opened.view = sv_views_get(desk->views, ask->db, client, revision, opened.audience, fresh, error)))
        return FALSE;
    opened.digest = sv_knowledge_digest(opened.view->reading, desk->engine, ask->now);
    *out = opened;
    opened = (SvOpened){0};
    return TRUE;
}

gboolean sv_desk_open_client(SvDesk *desk, const SvAsk *ask, gboolean fresh, SvOpened *out, GError **error)
{
    return sv_desk_open_other(desk, ask, ask->client, fresh, out, error);
}

/* ── summaries ── */

static SvLang language_of(const char *wanted, const SvHistory *history)
{
    const char *language = wanted ? wanted : history->language;
    return g_strcmp0(language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
}

/* What readers said of tasks stands beside what the messages say. */
static void add_marks(const SvView *view, SvSummary *summary)
{
    for (guint i = 0; i < summary->tasks->len; i++) {
        SvTask *task = summary->tasks->pdata[i];
        const SvMark *mark = g_hash_table_lookup(view->marks, task->id);
        if (!mark || strcmp(mark->state, "open") == 0)
            continue;
        task->mark = g_strdup(mark->state);
        task->mark_by = g_strdup(mark->by);
        task->mark_at = sv_time_from_unix(mark->at, view->reading->history->zone);
        if (strcmp(mark->state, "done") == 0)
            task->state = SV_TASK_DONE;
        else if (strcmp(mark->state, "dropped") == 0)
            task->state = SV_TASK_CANCELLED;
    }
}

/* Pins as facts of the history: what must be told. */
static GArray *pins_of(const SvView *view)
{
    GArray *pins = g_array_new(FALSE, FALSE, sizeof(SvWishPin));
    for (guint i = 0; i < view->pins->len; i++) {
        const SvPin *pin = view->pins->pdata[i];
        int message = sv_knowledge_find(view->reading, pin->message);
        SvWishPin wish = {(guint)message, pin->quote};
        if (message >= 0)
            g_array_append_val(pins, wish);
    }
    return pins;
}

static SvDocument *make_summary(
    SvDesk *desk, const SvOpened *opened, const SvWanted *wanted, SvLang language, GError **error)
{
    const SvView *view = opened->view;
    g_autoptr(GArray) pins = pins_of(view);
    SvWish wish = {.from = wanted->from, .to = wanted->to, .pins = pins};
    g_autoptr(SvSummary) summary =
        sv_summary_make(opened->digest, desk->formats, wanted->format, language, &wish);
    if (!summary) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no format “%s”", wanted->format);
        return NULL;
    }
    summary->coverage.hidden = view->hidden;
    summary->coverage.pending = view->pending;
    add_marks(view, summary);
    return sv_document_new(sv_render_json(summary, view->reading->history));
}

/* All that a summary is made from, so that another of any of it is another key. */
static char *summary_key(const SvDesk *desk, const SvAsk *ask, const SvView *view, const SvWanted *wanted)
{
    const SvHistory *history = view->reading->history;
    SvDay day = sv_time_day(sv_time_from_unix(ask->now, history->zone));
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%s:%u:%u:%s:%s:%d:%d:%d:%d", view->reading->serial,
        view->said, view->hidden, view->pending, wanted->format,
        sv_formats_digest(desk->formats, wanted->format), language_of(wanted->language, history), day,
        wanted->from, wanted->to);
}

/* What is kept for a reader whose right was asked for just now: no question to the database. */
static SvDocument *find_kept(SvDesk *desk, const SvAsk *ask, const SvWanted *wanted)
{
    if (!ask->revision || !sv_formats_has(desk->formats, wanted->format))
        return NULL;
    g_autofree char *audience =
        sv_views_audience(desk->views, ask->db, ask->client, ask->revision, ask->who->labels, NULL);
    g_autoptr(SvView) view =
        audience ? sv_views_peek(desk->views, ask->client, audience, ask->revision) : NULL;
    g_autofree char *key = view ? summary_key(desk, ask, view, wanted) : NULL;
    return key ? sv_documents_find(desk->documents, key) : NULL;
}

SvDocument *sv_desk_summary(SvDesk *desk, const SvAsk *ask, const SvWanted *wanted, GError **error)
{
    g_auto(SvOpened) opened = {0};
    SvDocument *document = find_kept(desk, ask, wanted);
    if (document)
        return document;
    if (!sv_desk_open_client(desk, ask, FALSE, &opened, error))
        return NULL;
    if (!sv_formats_has(desk->formats, wanted->format)) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such format");
        return NULL;
    }
    g_autofree char *key = summary_key(desk, ask, opened.view, wanted);
    document = sv_documents_claim(desk->documents, key);
    if (document)
        return document;
    SvLang language = language_of(wanted->language, opened.view->reading->history);
    document = make_summary(desk, &opened, wanted, language, error);
    sv_documents_made(desk->documents, key, document);
    return document;
}

/* ── reading ahead ── */

/* Audiences that have been asked for before, and the one of those who hold no label. */
static GPtrArray *kept_audiences(SvDb *db, gint64 client, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    SvSql *sql = sv_db_sql(db, "SELECT audience FROM view WHERE client_id=? AND audience<>''", error);
    int got;
    sv_sql_int(sql, 1, client);
    while ((got = sv_sql_next(sql, error)) > 0)
        g_ptr_array_add(all, g_strdup(sv_sql_get_text(sql, 0)));
    g_ptr_array_add(all, g_strdup(""));
    return got < 0 ? NULL : g_steal_pointer(&all);
}

static gboolean read_all(SvDesk *desk, SvDb *db, gint64 id, GError **error)
{
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    g_autoptr(GPtrArray) audiences = client ? kept_audiences(db, id, error) : NULL;
    if (!audiences)
        return FALSE;
    for (guint i = 0; i < audiences->len; i++) {
        g_autoptr(SvView) view =
            sv_views_get(desk->views, db, id, client->revision, audiences->pdata[i], TRUE, error);
        if (!view)
            return FALSE;
    }
    return TRUE;
}

gboolean sv_desk_read(SvDesk *desk, gint64 client, GError **error)
{
    g_autoptr(GError) failed = NULL;
    SvDb *db = sv_pool_read(desk->pool, error);
    if (!db)
        return FALSE;
    gboolean done = read_all(desk, db, client, &failed);
    sv_pool_read_done(desk->pool, db);
    if (!done && g_error_matches(failed, SV_ERROR, SV_ERROR_NOT_FOUND))
        return TRUE; /* erased in the meantime */
    if (!done)
        g_propagate_error(error, g_steal_pointer(&failed));
    return done;
}

/* ── JSON ── */

void sv_json_add_moment(cJSON *object, const char *name, const SvTime *at)
{
    sv_json_add_taken(object, name, at ? sv_time_format(*at) : NULL);
}

void sv_json_add_unix(cJSON *object, const char *name, gint64 at, GTimeZone *zone)
{
    SvTime t = sv_time_from_unix(at, zone);
    sv_json_add_moment(object, name, at ? &t : NULL);
}

void sv_json_add_client(cJSON *object, const char *name, const SvClient *client)
{
    cJSON *own = cJSON_AddObjectToObject(object, name);
    cJSON_AddNumberToObject(own, "id", (double)client->id);
    sv_json_add(own, "name", *client->name ? client->name : client->external);
}

char *sv_json_done(cJSON *document)
{
    char *printed = cJSON_PrintUnformatted(document);
    char *copy = g_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(document);
    return copy;
}

cJSON *sv_desk_source_json(const SvHistory *history, guint message, const char *quote)
{
    const SvMessage *m = history->messages->pdata[message];
    SvQuote q = {message, (char *)quote};
    cJSON *source = cJSON_CreateObject();
    sv_json_add(source, "channel", sv_channel_name(m->channel));
    sv_json_add(source, "id", m->id ? m->id : "");
    sv_json_add_moment(source, "at", &m->at);
    sv_json_add(source, "author", sv_notes_author(history, &q));
    sv_json_add(source, "quote", quote);
    return source;
}
