/* A client's messages: the list, a batch that is accepted, one that is deleted or labelled, the original.
 *
 * A batch is one transaction: what is answered added, changed or same is durable. The same message again
 * changes nothing. A key that a message has which the caller may not see is refused: nothing is written over
 * unseen. */
#include "resources.h"
#include "client_store.h"
#include "error.h"
#include "labels.h"
#include "message_store.h"
#include <string.h>

#define BATCH_MOST 5000
#define PAGE 50

SvAnswer *sv_api_messages(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_messages(call->app->desk, &call->ask, sv_call_number(call, "before", 0),
                                  (guint)sv_call_number(call, "limit", PAGE), error));
}

SvAnswer *sv_api_source(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_source(call->app->desk, &call->ask, call->parameters[1], error));
}

/* ── labels ── */

/* Names → " 3 17 "; only administrators give labels that they do not hold. NULL without an error: none were
 * named. */
static gboolean read_labels(SvDb *db, const SvCall *call, const cJSON *list, char **out, GError **error)
{
    const cJSON *item;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    *out = NULL;
    if (!list)
        return TRUE;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > 50) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“labels” is a list of names");
        return FALSE;
    }
    cJSON_ArrayForEach(item, list)
    {
        gint64 id = cJSON_IsString(item) ? sv_label_find(db, item->valuestring, NULL) : 0;
        g_autofree char *one = sv_labels_format(&id, id > 0);
        if (id <= 0 || (!sv_access_is_admin(call->who) && !sv_access_covers(call->who->labels, one))) {
            g_set_error(
                error, SV_ERROR, SV_ERROR_INPUT, "there is no such label, or it is not yours to give");
            return FALSE;
        }
        g_array_append_val(ids, id);
    }
    *out = sv_labels_format((const gint64 *)(const void *)ids->data, ids->len);
    return TRUE;
}

/* Keys of the client's messages that the caller may not see; NULL when there are none. */
static gboolean load_unseen(SvDb *db, const SvCall *call, GHashTable **out, GError **error)
{
    g_autoptr(GPtrArray) sets = sv_messages_label_sets(db, call->ask.client, error);
    gboolean all = TRUE;
    if (!sets)
        return FALSE;
    for (guint i = 0; i < sets->len; i++)
        all &= sv_access_covers(call->who->labels, sets->pdata[i]);
    if (all)
        return TRUE;
    g_autoptr(GPtrArray) list = sv_messages_list(db, call->ask.client, error);
    if (!list)
        return FALSE;
    *out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < list->len; i++) {
        const SvStored *stored = list->pdata[i];
        if (!sv_access_covers(call->who->labels, stored->labels))
            g_hash_table_add(*out, g_strdup(stored->external));
    }
    return TRUE;
}

/* ── a batch ── */

typedef struct {
    const cJSON *body;
    cJSON *results;
    GTimeZone *zone;
    GHashTable *unseen;
    guint counts[3]; /* by SvPut */
    guint refused;
} Batch;

static void add_result(Batch *batch, const char *id, const char *result, const char *reason)
{
    cJSON *one = cJSON_CreateObject();
    if (id)
        cJSON_AddStringToObject(one, "id", id);
    else
        cJSON_AddNullToObject(one, "id");
    cJSON_AddStringToObject(one, "result", result);
    if (reason)
        cJSON_AddStringToObject(one, "reason", reason);
    else
        cJSON_AddNullToObject(one, "reason");
    cJSON_AddItemToArray(batch->results, one);
    batch->refused += reason != NULL;
}

/* FALSE when the store fails; what is wrong with the message is its result. */
static gboolean put_one(SvDb *db, SvCall *call, Batch *batch, const cJSON *item, GError **error)
{
    static const char *const names[] = {"added", "changed", "same"};
    g_autoptr(GError) wrong = NULL;
    g_autofree char *labels = NULL;
    SvPut put = SV_PUT_SAME;
    g_autoptr(SvMessage) m = sv_message_of_json(item, batch->zone, &wrong);
    const char *id = m ? m->id : cJSON_IsObject(item) ? sv_json_string(item, "id") : NULL;
    if (!m || !read_labels(db, call, cJSON_GetObjectItemCaseSensitive(item, "labels"), &labels, &wrong)) {
        add_result(batch, id, "refused", wrong->message);
        return TRUE;
    }
    if (batch->unseen && g_hash_table_contains(batch->unseen, m->id)) {
        add_result(batch, id, "refused", "this key cannot be written");
        return TRUE;
    }
    if (!sv_message_put(db, call->ask.client, m, 0, labels, &put, NULL, error))
        return FALSE;
    batch->counts[put]++;
    add_result(batch, id, names[put], NULL);
    return TRUE;
}

static gboolean read_later(SvDb *db, SvCall *call, GError **error)
{
    return sv_client_touch(db, call->ask.client, error) &&
           sv_job_put(db, "read", call->ask.client, call->ask.now, error);
}

static gboolean put_batch(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    Batch *batch = data;
    const cJSON *item;
    g_autoptr(SvClient) client = sv_client_get(db, call->ask.client, error);
    if (!client || !load_unseen(db, call, &batch->unseen, error))
        return FALSE;
    g_autoptr(SvHistory) card = sv_history_new();
    sv_client_load_card(client, card, NULL);
    batch->zone = card->zone;
    if (cJSON_IsObject(batch->body)) {
        if (!put_one(db, call, batch, batch->body, error))
            return FALSE;
    } else {
        cJSON_ArrayForEach(item, batch->body) if (!put_one(db, call, batch, item, error)) return FALSE;
    }
    return !(batch->counts[SV_PUT_ADDED] + batch->counts[SV_PUT_CHANGED]) || read_later(db, call, error);
}

static void wake(const SvCall *call)
{
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
}

static SvAnswer *answer_batch(Batch *batch)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "added", batch->counts[SV_PUT_ADDED]);
    cJSON_AddNumberToObject(document, "changed", batch->counts[SV_PUT_CHANGED]);
    cJSON_AddNumberToObject(document, "same", batch->counts[SV_PUT_SAME]);
    cJSON_AddNumberToObject(document, "refused", batch->refused);
    cJSON_AddItemToObject(document, "results", g_steal_pointer(&batch->results));
    return sv_reply_document(200, document);
}

SvAnswer *sv_api_put_messages(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_body(call, error);
    if (!body)
        return NULL;
    if ((!cJSON_IsArray(body) && !cJSON_IsObject(body)) || cJSON_GetArraySize(body) > BATCH_MOST) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "the body is a message or a list of at most %d", BATCH_MOST);
        return NULL;
    }
    g_autoptr(cJSON) results = cJSON_CreateArray();
    Batch batch = {.body = body, .results = results};
    gboolean done = sv_call_write(call, put_batch, &batch, error);
    g_clear_pointer(&batch.unseen, g_hash_table_unref);
    if (!done)
        return NULL;
    results = NULL;
    wake(call);
    sv_call_note(call, "%u added, %u changed, %u same, %u refused", batch.counts[0], batch.counts[1],
        batch.counts[2], batch.refused);
    return answer_batch(&batch);
}

/* ── one message ── */

/* The stored parts of a key that the caller may see; SV_ERROR_NOT_FOUND when there are none, or one that he
 * may not. */
static GArray *find_parts(SvDb *db, const SvCall *call, const char *external, GError **error)
{
    g_autoptr(GPtrArray) list = sv_messages_list(db, call->ask.client, error);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean seen = TRUE;
    if (!list)
        return NULL;
    for (guint i = 0; i < list->len; i++) {
        const SvStored *stored = list->pdata[i];
        if (strcmp(stored->external, external) != 0)
            continue;
        seen &= sv_access_covers(call->who->labels, stored->labels);
        g_array_append_val(ids, stored->id);
    }
    if (ids->len && seen)
        return g_steal_pointer(&ids);
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such message");
    return NULL;
}

static gboolean delete_message(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    const char *external = call->parameters[1];
    g_autoptr(GArray) ids = find_parts(db, call, external, error);
    return ids && sv_message_delete(db, call->ask.client, external, error) && read_later(db, call, error);
}

SvAnswer *sv_api_delete_message(SvCall *call, GError **error)
{
    if (!sv_call_write(call, delete_message, NULL, error))
        return NULL;
    wake(call);
    return sv_reply_nothing();
}

static gboolean label_message(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    g_autofree char *labels = NULL;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(data, "labels");
    g_autoptr(GArray) ids = find_parts(db, call, call->parameters[1], error);
    if (!ids || !read_labels(db, call, list, &labels, error))
        return FALSE;
    if (!labels) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“labels” is a list of names");
        return FALSE;
    }
    for (guint i = 0; i < ids->len; i++)
        if (!sv_message_set_labels(db, call->ask.client, g_array_index(ids, gint64, i), labels, error))
            return FALSE;
    return read_later(db, call, error);
}

SvAnswer *sv_api_label_message(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_write(call, label_message, body, error))
        return NULL;
    wake(call);
    return sv_reply_nothing();
}
