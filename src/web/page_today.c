/* Pages about many clients: today, the list, the report; and the call, where a number becomes a client. */
#include "pages.h"
#include "error.h"
#include <string.h>

#define LIST_MOST 50
#define REPORT_MOST 50
#define REPORT_TOP 10

SvAnswer *sv_page_today(SvCall *call, GError **error)
{
    g_autoptr(SvPage) page = sv_page_new(call, "today", "today.title");
    cJSON *today =
        sv_page_add(page, "today", sv_desk_today(call->app->desk, &call->ask, page->language, error), error);
    if (!today)
        return NULL;
    sv_view_today(&page->view, today);
    return sv_page_answer(g_steal_pointer(&page), "today", 200, error);
}

SvAnswer *sv_page_clients(SvCall *call, GError **error)
{
    const char *find = sv_request_query(call->request, "find");
    guint from = (guint)sv_page_query_number(call, "from", 0, 0, G_MAXINT32);
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "clients.title");
    cJSON *list = sv_page_add(page, "list",
        sv_desk_clients(call->app->desk, &call->ask, find && *find ? find : NULL, from, LIST_MOST, error),
        error);
    if (!list)
        return NULL;
    sv_view_clients(list);
    gboolean more = sv_request_query(call->request, "more") != NULL;
    if (more && sv_page_wants_part(call)) {
        cJSON_DeleteItemFromObjectCaseSensitive(page->model, "clients");
        cJSON *rows = cJSON_DetachItemFromObjectCaseSensitive(list, "clients");
        cJSON *next = cJSON_DetachItemFromObjectCaseSensitive(list, "next");
        cJSON_AddItemToObject(page->model, "clients", rows ? rows : cJSON_CreateArray());
        cJSON_AddItemToObject(page->model, "next", next ? next : cJSON_CreateNull());
        sv_page_string(page, "find", find);
        return sv_page_answer(g_steal_pointer(&page), "clients_rows", 200, error);
    }
    return sv_page_answer(
        g_steal_pointer(&page), sv_page_wants_part(call) ? "clients_list" : "clients", 200, error);
}

SvAnswer *sv_page_report(SvCall *call, GError **error)
{
    guint top = (guint)sv_page_query_number(call, "top", REPORT_TOP, 1, REPORT_MOST);
    g_autoptr(SvPage) page = sv_page_new(call, "report", "nav.report");
    cJSON *report = sv_page_add(
        page, "report", sv_desk_report(call->app->desk, &call->ask, top, page->language, error), error);
    if (!report)
        return NULL;
    sv_view_report(&page->view, report);
    sv_page_number(page, "top", top);
    sv_page_number(page, "n_clients", cJSON_GetArraySize(sv_json_array(report, "clients")));
    return sv_page_answer(g_steal_pointer(&page), "report", 200, error);
}

/* The popup's own lines; "any" when there is at least one; its client's address; other clients with the
 * number. */
static void prepare_popup(SvPage *page, cJSON *popup)
{
    cJSON *summary = cJSON_GetObjectItemCaseSensitive(popup, "summary"), *section, *other;
    const cJSON *client = sv_json_object(popup, "client");
    g_autofree char *base = sv_view_base(client);
    sv_view_summary(&page->view, summary);
    cJSON_ArrayForEach(section, sv_json_array(summary, "sections"))
    {
        const cJSON *statements = sv_json_array(section, "statements");
        if (statements && statements->child && !cJSON_HasObjectItem(summary, "any"))
            cJSON_AddTrueToObject(summary, "any");
    }
    sv_page_string(page, "base", base);
    cJSON *others = cJSON_AddArrayToObject(popup, "others");
    cJSON_ArrayForEach(other, sv_json_array(popup, "clients"))
    {
        g_autofree char *its = sv_view_base(other);
        if (!its || g_strcmp0(its, base) == 0)
            continue;
        cJSON *copy = cJSON_Duplicate(other, TRUE);
        cJSON_AddStringToObject(copy, "base", its);
        cJSON_AddItemToArray(others, copy);
    }
}

SvAnswer *sv_page_call(SvCall *call, GError **error)
{
    const char *number = sv_request_query(call->request, "number");
    g_autoptr(SvPage) page = sv_page_new(call, "call", "nav.call");
    sv_page_string(page, "number", number);
    if (number && *number) {
        g_autoptr(GError) failed = NULL;
        g_autofree char *json = sv_desk_by_phone(call->app->desk, &call->ask, number, &failed);
        if (!json && !g_error_matches(failed, SV_ERROR, SV_ERROR_NOT_FOUND) &&
            !g_error_matches(failed, SV_ERROR, SV_ERROR_INPUT)) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        g_autoptr(cJSON) popup = json ? sv_json_parse(json, strlen(json), error) : NULL;
        if (json && !popup)
            return NULL;
        if (sv_json_object(popup, "client")) {
            prepare_popup(page, popup);
            cJSON_AddItemToObject(page->model, "popup", g_steal_pointer(&popup));
        } else {
            sv_page_true(page, "unknown");
        }
    }
    return sv_page_answer(g_steal_pointer(&page), "call", 200, error);
}

SvAnswer *sv_page_call_client(SvCall *call, GError **error)
{
    g_autoptr(SvPage) page = sv_page_new(call, "call", "nav.call");
    SvWanted wanted = {"popup", page->language, SV_DAY_NONE, SV_DAY_NONE};
    g_autoptr(SvDocument) document = sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
    g_autoptr(cJSON) summary = document ? sv_json_parse(document->json, document->len, error) : NULL;
    if (!summary)
        return NULL;
    cJSON *popup = cJSON_AddObjectToObject(page->model, "popup"),
          *client = cJSON_AddObjectToObject(popup, "client");
    const char *name = sv_json_string(summary, "client");
    cJSON_AddNumberToObject(client, "id", (double)call->ask.client);
    cJSON_AddStringToObject(client, "name", name ? name : "");
    sv_page_title(page, name);
    cJSON_AddItemToObject(popup, "summary", g_steal_pointer(&summary));
    prepare_popup(page, popup);
    return sv_page_answer(g_steal_pointer(&page), "call", 200, error);
}
