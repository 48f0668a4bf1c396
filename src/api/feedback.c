/* What readers say of summaries: said by them; listed, judged and exported by administrators. Of messages
 * with labels an administrator gets only those whose labels he holds. */
#include "resources.h"
#include "client_store.h"
#include "error.h"
#include "feedback_store.h"
#include "moment.h"

#define EXPORT_MOST 100000u

SvAnswer *sv_api_say(SvCall *call, GError **error)
{
    const char *kind = NULL, *format = NULL, *message = NULL, *quote = NULL, *comment = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_text(body, "kind", 20, &kind, error) ||
        !sv_call_text(body, "format", 64, &format, error) ||
        !sv_call_text(body, "message", 500, &message, error) ||
        !sv_call_text(body, "quote", 5000, &quote, error) ||
        !sv_call_text(body, "comment", 2000, &comment, error) ||
        !sv_desk_feedback(call->app->desk, &call->ask, kind, format, message, quote, comment, error))
        return NULL;
    sv_call_note(call, "%s", kind);
    return sv_reply_nothing();
}

/* ── the list ── */

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text && *text)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_said(cJSON *one, const SvFeedback *f)
{
    g_autofree char *at = sv_time_format(sv_time_from_unix(f->at, NULL));
    cJSON_AddNumberToObject(one, "id", (double)f->id);
    add_text(one, "by", f->by);
    cJSON_AddStringToObject(one, "kind", f->kind);
    cJSON_AddStringToObject(one, "format", f->format);
    add_text(one, "message", f->external);
    cJSON_AddStringToObject(one, "quote", f->quote);
    cJSON_AddStringToObject(one, "comment", f->comment);
    cJSON_AddStringToObject(one, "state", f->state);
    cJSON_AddStringToObject(one, "at", at);
}

/* The name is looked up once for those that stand together. */
static gboolean add_client(cJSON *one, SvDb *db, const SvFeedback *f, SvClient **last, GError **error)
{
    if (!*last || (*last)->id != f->client) {
        g_clear_pointer(last, sv_client_free);
        if (!(*last = sv_client_get(db, f->client, error)))
            return FALSE;
    }
    cJSON *client = cJSON_AddObjectToObject(one, "client");
    cJSON_AddNumberToObject(client, "id", (double)f->client);
    cJSON_AddStringToObject(client, "name", *(*last)->name ? (*last)->name : f->client_key);
    return TRUE;
}

SvAnswer *sv_api_feedback(SvCall *call, GError **error)
{
    SvFeedbackFilter filter = {.state = sv_request_query(call->request, "state")};
    g_autoptr(GPtrArray) said =
        sv_feedback_list(call->db, &filter, (guint)sv_call_number(call, "limit", 100), error);
    if (!said)
        return NULL;
    g_autoptr(SvClient) last = NULL;
    g_autoptr(cJSON) document = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(document, "feedback");
    for (guint i = 0; i < said->len; i++) {
        const SvFeedback *f = said->pdata[i];
        if (!sv_access_covers(call->who->labels, f->labels))
            continue;
        cJSON *one = cJSON_CreateObject();
        cJSON_AddItemToArray(list, one);
        if (!add_client(one, call->db, f, &last, error))
            return NULL;
        add_said(one, f);
    }
    return sv_reply_document(200, g_steal_pointer(&document));
}

SvAnswer *sv_api_export_feedback(SvCall *call, GError **error)
{
    SvFeedbackFilter filter = {0};
    g_autoptr(GPtrArray) said = sv_feedback_list(call->db, &filter, EXPORT_MOST, error);
    if (!said)
        return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < said->len; i++) {
        const SvFeedback *f = said->pdata[i];
        if (!sv_access_covers(call->who->labels, f->labels))
            continue;
        g_autoptr(cJSON) one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "client", f->client_key);
        add_said(one, f);
        char *line = cJSON_PrintUnformatted(one);
        g_string_append(out, line);
        g_string_append_c(out, '\n');
        cJSON_free(line);
    }
    return sv_answer_new(200, "application/jsonl", out->str, out->len);
}

/* ── judging ── */

typedef struct {
    gint64 id;
    const char *state;
} Judgement;

static gboolean judge(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    const Judgement *j = data;
    g_autoptr(SvFeedback) f = sv_feedback_get(db, j->id, error);
    if (f && !sv_access_covers(call->who->labels, f->labels)) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such feedback");
        return FALSE;
    }
    return f && sv_feedback_set_state(db, j->id, j->state, error) && sv_client_touch(db, f->client, error);
}

SvAnswer *sv_api_judge(SvCall *call, GError **error)
{
    Judgement j = {0};
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_path_id(call, 0, "feedback", &j.id, error) ||
        !sv_call_text(body, "state", 20, &j.state, error) || !sv_call_write(call, judge, &j, error))
        return NULL;
    sv_call_note(call, "%" G_GINT64_FORMAT " %s", j.id, j.state);
    return sv_reply_nothing();
}
