/* Tasks of a client: marking one, and all of them as a file for other programs.
 *
 * Keeps true: a cell of the CSV is never taken for a formula by a table program. */
#include "pages.h"
#include "error.h"
#include <string.h>

static cJSON *load_tasks(SvCall *call, GError **error)
{
    SvWanted wanted = {"tasks", sv_page_language(call), SV_DAY_NONE, SV_DAY_NONE};
    g_autoptr(SvDocument) document = sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
    return document ? sv_json_parse(document->json, document->len, error) : NULL;
}

static cJSON *take_task(cJSON *document, const char *id)
{
    cJSON *tasks = cJSON_GetObjectItemCaseSensitive(document, "tasks"), *task;
    cJSON_ArrayForEach(task, tasks)
    {
        const char *its = sv_json_string(task, "id");
        if (its && strcmp(its, id) == 0)
            return cJSON_DetachItemViaPointer(tasks, task);
    }
    return NULL;
}

SvAnswer *sv_page_do_task(SvCall *call, GError **error)
{
    const char *id = sv_page_field(call, "task"), *state = sv_page_field(call, "state");
    if (!sv_desk_mark_task(call->app->desk, &call->ask, id, state, error))
        return NULL;
    call->detail = g_strdup_printf("%.16s", state);
    g_autofree char *path = g_strdup_printf("/clients/%" G_GINT64_FORMAT, call->ask.client);
    if (!sv_page_wants_part(call))
        return sv_page_go(call, path);
    g_autoptr(cJSON) document = load_tasks(call, error);
    if (!document)
        return NULL;
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "nav.clients");
    sv_page_client(page);
    cJSON *task = take_task(document, id), *child;
    if (!task)
        return sv_page_go(call, path);
    sv_view_task(&page->view, task);
    while ((child = task->child)) {
        cJSON_DetachItemViaPointer(task, child);
        cJSON_AddItemToObject(page->model, child->string, child);
    }
    cJSON_Delete(task);
    return sv_page_answer(g_steal_pointer(&page), "task", 200, error);
}

/* RFC 4180; a cell that begins like a formula is made text. */
static void add_cell(GString *out, const char *text, gboolean last)
{
    g_string_append_c(out, '"');
    if (text && *text && strchr("=+-@\t\r", *text))
        g_string_append_c(out, '\'');
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append(out, last ? "\"\r\n" : "\",");
}

static void add_row(GString *out, const cJSON *task)
{
    const cJSON *source = cJSON_GetArrayItem(sv_json_array(task, "sources"), 0);
    add_cell(out, sv_json_string(task, "text"), FALSE);
    add_cell(out, sv_json_string(task, "side"), FALSE);
    add_cell(out, sv_json_string(task, "assignee"), FALSE);
    add_cell(out, sv_json_string(task, "due"), FALSE);
    add_cell(out, sv_json_string(task, "state"), FALSE);
    add_cell(out, sv_json_string(sv_json_object(task, "mark"), "state"), FALSE);
    add_cell(out, sv_json_string(source, "channel"), FALSE);
    add_cell(out, sv_json_string(source, "at"), FALSE);
    add_cell(out, sv_json_string(source, "author"), FALSE);
    add_cell(out, sv_json_string(source, "quote"), TRUE);
}

static SvAnswer *answer_file(char *bytes, gsize len, const char *type, const char *name)
{
    SvAnswer *answer = sv_answer_take(200, type, bytes, len);
    g_autofree char *value = g_strdup_printf("attachment; filename=\"%s\"", name);
    sv_answer_header(answer, "Content-Disposition", value);
    sv_answer_header(answer, "Cache-Control", "no-store");
    sv_answer_header(answer, "X-Content-Type-Options", "nosniff");
    return answer;
}

SvAnswer *sv_page_tasks_csv(SvCall *call, GError **error)
{
    g_autoptr(cJSON) document = load_tasks(call, error);
    if (!document)
        return NULL;
    GString *out = g_string_new("\xEF\xBB\xBF" "text,side,assignee,due,state,mark,channel,at,author,quote\r\n");
    const cJSON *task;
    cJSON_ArrayForEach(task, sv_json_array(document, "tasks"))
        add_row(out, task);
    gsize len = out->len;
    return answer_file(g_string_free(out, FALSE), len, "text/csv; charset=utf-8", "tasks.csv");
}

SvAnswer *sv_page_tasks_json(SvCall *call, GError **error)
{
    g_autoptr(cJSON) document = load_tasks(call, error);
    if (!document)
        return NULL;
    g_autoptr(cJSON) out = cJSON_CreateObject();
    cJSON *tasks = cJSON_DetachItemFromObjectCaseSensitive(document, "tasks");
    cJSON *client = cJSON_DetachItemFromObjectCaseSensitive(document, "client");
    cJSON *as_of = cJSON_DetachItemFromObjectCaseSensitive(document, "as_of");
    cJSON_AddItemToObject(out, "client", client ? client : cJSON_CreateNull());
    cJSON_AddItemToObject(out, "as_of", as_of ? as_of : cJSON_CreateNull());
    cJSON_AddItemToObject(out, "tasks", tasks ? tasks : cJSON_CreateArray());
    char *text = cJSON_Print(out);
    return answer_file(text, strlen(text), "application/json", "tasks.json");
}
