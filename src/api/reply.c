/* Bodies in, documents and problems out: see reply.h. */
#include "reply.h"
#include "error.h"
#include "utf8.h"
#include <math.h>
#include <string.h>

/* ── answers ── */

void sv_answer_protect(SvAnswer *answer)
{
    static const char *const headers[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
                                    "data:; connect-src 'self'; "
                                    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
                                    "manifest-src 'self'; worker-src 'self'"},
        {"Cache-Control", "no-store"},
    };
    if (sv_answer_get_header(answer, "Permissions-Policy"))
        return; /* a shared one, protected before */
    for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
        if (!sv_answer_get_header(answer, headers[i][0]))
            sv_answer_header(answer, headers[i][0], headers[i][1]);
}

SvAnswer *sv_reply_json(int status, char *json)
{
    return json ? sv_answer_take(status, SV_TYPE_JSON, json, strlen(json)) : NULL;
}

SvAnswer *sv_reply_document(int status, cJSON *document)
{
    char *printed = cJSON_PrintUnformatted(document);
    SvAnswer *answer = sv_answer_new(status, SV_TYPE_JSON, printed, strlen(printed));
    cJSON_free(printed);
    cJSON_Delete(document);
    return answer;
}

SvAnswer *sv_reply_nothing(void)
{
    return sv_answer_new(204, NULL, "", 0);
}

SvAnswer *sv_problem_of(
    int status, const char *name, const char *title, const char *detail, const char *instance)
{
    g_autoptr(cJSON) document = cJSON_CreateObject();
    g_autofree char *type = g_strconcat("urn:svodka:problem:", name, NULL);
    cJSON_AddStringToObject(document, "type", type);
    cJSON_AddStringToObject(document, "title", title);
    cJSON_AddNumberToObject(document, "status", status);
    if (detail)
        cJSON_AddStringToObject(document, "detail", detail);
    if (instance)
        cJSON_AddStringToObject(document, "instance", instance);
    char *printed = cJSON_PrintUnformatted(document);
    SvAnswer *answer = sv_answer_new(status, SV_TYPE_PROBLEM, printed, strlen(printed));
    cJSON_free(printed);
    return answer;
}

SvAnswer *sv_problem(const GError *error, const char *instance)
{
    gboolean ours = error && error->domain == SV_ERROR;
    const SvErrorInfo *info = sv_error_info(ours ? (SvErrorCode)error->code : SV_ERROR_BUG);
    /* what happened inside is for the log of the machine, not for the one who asks */
    gboolean inside = info->http_status == 500;
    SvAnswer *answer = sv_problem_of(
        info->http_status, info->name, info->help, inside || !ours ? NULL : error->message, instance);
    if (info->retry && info->http_status == 503)
        sv_answer_header(answer, "Retry-After", "1");
    return answer;
}

/* ── the call ── */

static gboolean refuse(GError **error, const char *text)
{
    g_set_error_literal(error, SV_ERROR, SV_ERROR_INPUT, text);
    return FALSE;
}

cJSON *sv_call_body(const SvCall *call, GError **error)
{
    gsize len;
    const char *body = sv_request_body(call->request, &len);
    g_autoptr(GError) wrong = NULL;
    if (!g_utf8_validate(body, (gssize)len, NULL)) { /* also refuses NUL */
        refuse(error, "the body is no UTF-8 text");
        return NULL;
    }
    cJSON *document = sv_json_parse(body, len, &wrong);
    if (!document)
        refuse(error, "the body is no JSON document");
    return document;
}

cJSON *sv_call_object(const SvCall *call, GError **error)
{
    g_autoptr(cJSON) document = sv_call_body(call, error);
    if (!document)
        return NULL;
    if (!cJSON_IsObject(document)) {
        refuse(error, "the body is no JSON object");
        return NULL;
    }
    return g_steal_pointer(&document);
}

gboolean sv_call_text(const cJSON *object, const char *name, gsize most, const char **out, GError **error)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    *out = NULL;
    if (!item || cJSON_IsNull(item))
        return TRUE;
    if (cJSON_IsString(item) && (gsize)g_utf8_strlen(item->valuestring, -1) <= most) {
        *out = item->valuestring;
        return TRUE;
    }
    g_set_error(
        error, SV_ERROR, SV_ERROR_INPUT, "“%s” must be a string of at most %u characters", name, (guint)most);
    return FALSE;
}

gboolean sv_call_id(const cJSON *object, const char *name, gint64 otherwise, gint64 *out, GError **error)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    *out = otherwise;
    if (!item)
        return TRUE;
    *out = 0;
    if (cJSON_IsNull(item))
        return TRUE;
    if (cJSON_IsNumber(item) && item->valuedouble >= 1 && item->valuedouble < 9e15 &&
        floor(item->valuedouble) == item->valuedouble) {
        *out = (gint64)item->valuedouble;
        return TRUE;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“%s” must be an id or null", name);
    return FALSE;
}

gint64 sv_call_number(const SvCall *call, const char *name, gint64 otherwise)
{
    const char *value = sv_request_query(call->request, name);
    return value ? g_ascii_strtoll(value, NULL, 10) : otherwise;
}

gboolean sv_call_truth(const SvCall *call, const char *name)
{
    return g_strcmp0(sv_request_query(call->request, name), "true") == 0;
}

gboolean sv_call_path_id(const SvCall *call, guint n, const char *what, gint64 *out, GError **error)
{
    if (g_ascii_string_to_signed(call->parameters[n], 10, 1, G_MAXINT64 / 2, out, NULL))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such %s", what);
    return FALSE;
}

void sv_call_note(SvCall *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_free(call->detail);
    call->detail = g_strdup_vprintf(format, args);
    va_end(args);
}

gboolean sv_call_write(SvCall *call, SvChange change, gpointer data, GError **error)
{
    SvDb *db = sv_pool_write(call->app->pool, error);
    if (!db)
        return FALSE;
    gboolean done = change(db, call, data, error);
    return sv_pool_write_done(call->app->pool, db, done, done ? error : NULL) && done;
}
