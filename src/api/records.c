/* The record of deeds, and erasure, for administrators. */
#include "resources.h"
#include "erase.h"
#include "error.h"
#include "moment.h"
#include <string.h>

/* The beginning of a day in UTC; 0 when it is not asked for. */
static gint64 begin_of(const SvCall *call, const char *name)
{
    SvDay day;
    const char *text = sv_request_query(call->request, name);
    return text && sv_day_parse(text, &day) ? (gint64)day * 86400 : 0;
}

SvAnswer *sv_api_audit_export(SvCall *call, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    if (!sv_audit_flush(call->app->audit, error) ||
        !sv_audit_export(call->db, begin_of(call, "since"), begin_of(call, "until"),
            sv_call_number(call, "client", 0), out, error))
        return NULL;
    return sv_answer_new(200, "application/jsonl", out->str, out->len);
}

/* A chain that does not hold is the answer, not a failure. */
SvAnswer *sv_api_audit_verify(SvCall *call, GError **error)
{
    g_autoptr(GError) broken = NULL;
    g_autofree char *head = NULL;
    gint64 entries = 0;
    if (!sv_audit_flush(call->app->audit, error))
        return NULL;
    gboolean holds =
        sv_audit_verify(call->db, sv_request_query(call->request, "head"), &entries, &head, &broken);
    if (!holds && !g_error_matches(broken, SV_ERROR, SV_ERROR_CONFLICT)) {
        g_propagate_error(error, g_steal_pointer(&broken));
        return NULL;
    }
    cJSON *document = cJSON_CreateObject();
    cJSON_AddBoolToObject(document, "holds", holds);
    cJSON_AddNumberToObject(document, "entries", (double)entries);
    cJSON_AddStringToObject(document, "head", head ? head : "");
    if (broken)
        cJSON_AddStringToObject(document, "problem", broken->message);
    else
        cJSON_AddNullToObject(document, "problem");
    return sv_reply_document(200, document);
}

/* ── erasure ── */

static gboolean erase(
    SvPool *pool, gint64 client, const char *message, const char *person, SvErased *out, GError **error)
{
    if (message)
        return sv_erase_message(pool, client, message, out, error);
    return person ? sv_erase_person(pool, client, person, out, error)
                  : sv_erase_client(pool, client, out, error);
}

SvAnswer *sv_api_erase(SvCall *call, GError **error)
{
    const char *message = NULL, *person = NULL;
    gint64 client = 0;
    SvErased erased = {0};
    g_autoptr(GError) later = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_id(body, "client", 0, &client, error) ||
        !sv_call_text(body, "message", 500, &message, error) ||
        !sv_call_text(body, "person", 300, &person, error))
        return NULL;
    if (!client || (message && person)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "“client” is needed, and at most one of “message” and “person”");
        return NULL;
    }
    if (!sv_access_may_open(call->db, call->who, client, error))
        return NULL;
    call->ask.client = client;
    /* a reader of ours would keep the log from being emptied */
    sv_pool_read_done(call->app->pool, g_steal_pointer(&call->db));
    gboolean done = erase(call->app->pool, client, message, person, &erased, &later);
    gboolean busy = g_error_matches(later, SV_ERROR, SV_ERROR_BUSY);
    if (!done && !busy) {
        g_propagate_error(error, g_steal_pointer(&later));
        return NULL;
    }
    sv_desk_forget(call->app->desk, client);
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
    sv_call_note(call, "%s: %" G_GINT64_FORMAT " messages",
        message  ? "message"
        : person ? "person"
                 : "client",
        erased.messages);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "clients", (double)erased.clients);
    cJSON_AddNumberToObject(document, "messages", (double)erased.messages);
    cJSON_AddNumberToObject(document, "feedback", (double)erased.feedback);
    cJSON_AddNumberToObject(document, "views", (double)erased.views);
    cJSON_AddBoolToObject(document, "scrubbed", !busy);
    return sv_reply_document(200, document);
}
