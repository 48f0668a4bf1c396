/* Tasks of a client: marking one, and all of them as a file for other programs. */
#include "pages.h"
#include "deliver.h"
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
    call->ask.revision = 0; /* the mark made another one: nothing kept before it answers */
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
    g_autoptr(GBytes) bytes = document ? sv_deliver_tasks_csv(document, error) : NULL;
    if (!bytes)
        return NULL;
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    return answer_file(g_memdup2(data, len), len, "text/csv; charset=utf-8", "tasks.csv");
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
