/* Summaries in every format, and what is cut out of them: tasks, timeline; the report on many clients.
 *
 * A kept document of the desk keeps the answer that was made of it: the next request gives the same bytes,
 * headers and ETag away without a copy. */
#include "resources.h"
#include "deliver.h"
#include "error.h"
#include <string.h>

/* ── the answer that a document keeps ── */

static SvAnswer *answer_of(SvDocument *document)
{
    SvAnswer *answer = g_atomic_pointer_get(&document->attached);
    if (answer)
        return sv_answer_ref(answer);
    SvAnswer *made = sv_answer_new(200, SV_TYPE_JSON, document->json, document->len);
    sv_answer_header(made, "ETag", document->etag);
    sv_answer_header(made, "Cache-Control", "private, no-cache");
    sv_answer_protect(made);
    document->attached_free = (GDestroyNotify)sv_answer_unref;
    if (!g_atomic_pointer_compare_and_exchange(&document->attached, NULL, made))
        sv_answer_unref(made);
    return sv_answer_ref(g_atomic_pointer_get(&document->attached));
}

static SvDay day_of(const SvCall *call, const char *name)
{
    SvDay day = SV_DAY_NONE;
    const char *text = sv_request_query(call->request, name);
    if (text)
        sv_day_parse(text, &day);
    return day;
}

static SvDocument *find_document(SvCall *call, const char *format, GError **error)
{
    SvWanted wanted = {
        format, sv_request_query(call->request, "language"), day_of(call, "from"), day_of(call, "to")};
    return sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
}

/* ── other forms ── */

static SvAnswer *answer_file(const char *name, const char *ending, const char *type, GBytes *bytes)
{
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    SvAnswer *answer = sv_answer_new(200, type, data, len);
    g_autofree char *value = g_strdup_printf("attachment; filename=\"%s.%s\"", name, ending);
    sv_answer_header(answer, "Content-Disposition", value);
    g_bytes_unref(bytes);
    return answer;
}

static GBytes *make_markdown(const cJSON *document, const char *title, GError **error)
{
    char *text = sv_deliver_markdown(document, title);
    return g_bytes_new_take(text, strlen(text));
}

static GBytes *make_csv(const cJSON *document, const char *title, GError **error)
{
    return sv_deliver_tasks_csv(document, error);
}

static const struct {
    const char *name, *type;
    GBytes *(*make)(const cJSON *document, const char *title, GError **error);
} forms[] = {
    {"md", "text/markdown; charset=utf-8", make_markdown},
    {"pdf", "application/pdf", sv_deliver_pdf},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", sv_deliver_docx},
    {"csv", "text/csv; charset=utf-8", make_csv},
};

static SvAnswer *answer_as(const char *as, const char *name, const char *json, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (strcmp(forms[i].name, as) != 0)
            continue;
        g_autoptr(cJSON) document = cJSON_Parse(json);
        GBytes *bytes = forms[i].make(document, NULL, error);
        return bytes ? answer_file(name, as, forms[i].type, bytes) : NULL;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "there is no such form");
    return NULL;
}

SvAnswer *sv_api_summary(SvCall *call, GError **error)
{
    const char *format = call->parameters[1], *as = sv_request_query(call->request, "as");
    g_autoptr(SvDocument) document = find_document(call, format, error);
    if (!document)
        return NULL;
    call->detail = g_strdup(format);
    return !as || strcmp(as, "json") == 0 ? answer_of(document)
                                          : answer_as(as, format, document->json, error);
}

/* One list of the document of a format, under its name. */
static SvAnswer *answer_part(SvCall *call, const char *format, GError **error)
{
    g_autoptr(SvDocument) document = find_document(call, format, error);
    g_autoptr(cJSON) json = document ? cJSON_Parse(document->json) : NULL;
    if (!document)
        return NULL;
    cJSON *part = cJSON_CreateObject();
    cJSON_AddItemToObject(part, format, cJSON_DetachItemFromObject(json, format));
    cJSON_AddItemToObject(part, "coverage", cJSON_DetachItemFromObject(json, "coverage"));
    return sv_reply_document(200, part);
}

SvAnswer *sv_api_timeline(SvCall *call, GError **error)
{
    return answer_part(call, "timeline", error);
}

SvAnswer *sv_api_tasks(SvCall *call, GError **error)
{
    const char *as = sv_request_query(call->request, "as");
    if (g_strcmp0(as, "csv") != 0)
        return answer_part(call, "tasks", error);
    g_autoptr(SvDocument) document = find_document(call, "tasks", error);
    return document ? answer_as("csv", "tasks", document->json, error) : NULL;
}

SvAnswer *sv_api_report(SvCall *call, GError **error)
{
    const char *as = sv_request_query(call->request, "as");
    g_autofree char *json = sv_desk_report(call->app->desk, &call->ask,
        (guint)sv_call_number(call, "top", 10), sv_request_query(call->request, "language"), error);
    if (!json)
        return NULL;
    return !as || strcmp(as, "json") == 0 ? sv_reply_json(200, g_steal_pointer(&json))
                                          : answer_as(as, "report", json, error);
}

SvAnswer *sv_api_formats(SvCall *call, GError **error)
{
    static const char *const occasions[] = {
        "card", "call", "meeting", "handover", "report", "return", "file"};
    SvLang lang = g_strcmp0(sv_request_query(call->request, "language"), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    cJSON *document = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(document, "formats");
    for (const char *const *name = sv_formats_names(call->app->formats); *name; name++) {
        cJSON *one = cJSON_CreateObject(), *suits = cJSON_CreateArray();
        cJSON_AddStringToObject(one, "id", *name);
        cJSON_AddStringToObject(one, "title", sv_formats_title(call->app->formats, *name, lang));
        for (guint i = 0; i < G_N_ELEMENTS(occasions); i++)
            if (sv_formats_suits(call->app->formats, *name, occasions[i]))
                cJSON_AddItemToArray(suits, cJSON_CreateString(occasions[i]));
        cJSON_AddItemToObject(one, "for", suits);
        cJSON_AddItemToArray(list, one);
    }
    return sv_reply_document(200, document);
}
