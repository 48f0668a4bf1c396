/* A client's card: what is new, the summary, tasks, people, charts; and the pieces that open from it: another
 * format, a source, a search, what is missing.
 *
 * The summary is shown by itself to who was not here for over a week; others see what is new first and open
 * it with a click. */
#include "pages.h"
#include "error.h"
#include <string.h>

#define AWAY_S (7 * 24 * 3600)
#define HITS_MOST 30
#define MESSAGES_MOST 20
#define QUERY_MOST 200

/* A summary under a name; NULL with an error. */
static cJSON *add_summary(SvPage *page, const char *name, const char *format, GError **error)
{
    SvCall *call = page->call;
    SvWanted wanted = {format, page->language, SV_DAY_NONE, SV_DAY_NONE};
    g_autoptr(SvDocument) document = sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
    cJSON *json = document ? sv_json_parse(document->json, document->len, error) : NULL;
    if (json)
        cJSON_AddItemToObject(page->model, name, json);
    return json;
}

static gboolean was_away(const SvCall *call, const cJSON *card)
{
    const char *visit = sv_json_string(card, "last_visit");
    SvTime at;
    return !visit || !sv_time_parse(visit, NULL, &at) || call->ask.now - at.unix_s > AWAY_S;
}

/* Tasks stand beside the summary unless it is about them. */
static gboolean add_tasks(SvPage *page, const char *shown, GError **error)
{
    if (shown && strcmp(shown, "tasks") == 0)
        return TRUE;
    cJSON *tasks = add_summary(page, "tasks", "tasks", error);
    if (!tasks)
        return FALSE;
    sv_view_tasks(&page->view, tasks);
    return TRUE;
}

static gboolean add_charts(SvPage *page, GError **error)
{
    g_autofree char *json = sv_desk_activity(page->call->app->desk, &page->call->ask, error);
    g_autoptr(cJSON) activity = json ? sv_json_parse(json, strlen(json), error) : NULL;
    if (!activity)
        return FALSE;
    cJSON *charts = sv_view_charts(&page->view, activity);
    if (charts)
        cJSON_AddItemToObject(page->model, "charts", charts);
    return TRUE;
}

/* What has a page of its own is no tab. */
static void drop_formats(cJSON *formats)
{
    static const char *const OWN[] = {"popup", "review", "report", NULL};
    cJSON *format = formats ? formats->child : NULL;
    while (format) {
        cJSON *next = format->next;
        const char *id = sv_json_string(format, "id");
        if (id && g_strv_contains(OWN, id))
            cJSON_Delete(cJSON_DetachItemViaPointer(formats, format));
        format = next;
    }
}

SvAnswer *sv_page_card(SvCall *call, GError **error)
{
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "nav.clients");
    SvDesk *desk = call->app->desk;
    const char *wanted = sv_request_query(call->request, "format");
    /* for the road: with its summary, and not a visit */
    gboolean kept = sv_request_query(call->request, "keep") != NULL;
    sv_page_client(page);
    cJSON *card = sv_page_add(page, "card", sv_desk_card(desk, &call->ask, error), error);
    if (!card)
        return NULL;
    drop_formats(cJSON_GetObjectItemCaseSensitive(card, "formats"));
    cJSON *since =
        sv_page_add(page, "since", sv_desk_since(desk, &call->ask, page->language, !kept, error), error);
    if (!since)
        return NULL;
    sv_view_since(&page->view, since);
    const char *proposed = sv_json_string(card, "proposed");
    gboolean show = (wanted && *wanted) || kept || was_away(call, card);
    const char *format = wanted && *wanted ? wanted : proposed ? proposed : "brief";
    sv_page_title(page, sv_json_string(card, "name"));
    sv_page_string(page, "format", format);
    if (show) {
        cJSON *summary = add_summary(page, "summary", format, error);
        if (!summary)
            return NULL;
        sv_view_summary(&page->view, summary);
        sv_view_formats(cJSON_GetObjectItemCaseSensitive(card, "formats"), format);
        sv_page_true(page, "show");
    }
    if (!add_tasks(page, show ? format : NULL, error) || !add_charts(page, error))
        return NULL;
    call->detail = g_strdup(show ? format : "new");
    return sv_page_answer(g_steal_pointer(&page), "card", 200, error);
}

/* Another format in the place of the summary; numbers of sources go on from where the card's own may end. */
SvAnswer *sv_page_summary(SvCall *call, GError **error)
{
    const char *format = call->parameters[1];
    if (!sv_page_wants_part(call)) {
        g_autofree char *escaped = g_uri_escape_string(format, NULL, FALSE);
        g_autofree char *path =
            g_strdup_printf("/clients/%" G_GINT64_FORMAT "?format=%s", call->ask.client, escaped);
        return sv_page_go(call, path);
    }
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "nav.clients");
    sv_page_client(page);
    sv_page_string(page, "format", format);
    cJSON *summary = add_summary(page, "summary", format, error);
    if (!summary)
        return NULL;
    sv_view_summary(&page->view, summary);
    call->detail = g_strdup_printf("%s %s", format, page->language);
    return sv_page_answer(g_steal_pointer(&page), "summary", 200, error);
}

SvAnswer *sv_page_source(SvCall *call, GError **error)
{
    const char *id = sv_request_query(call->request, "id");
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "title.original");
    sv_page_client(page);
    cJSON *source =
        sv_page_add(page, "source", sv_desk_source(call->app->desk, &call->ask, id ? id : "", error), error);
    if (!source)
        return NULL;
    return sv_page_answer(
        g_steal_pointer(&page), sv_page_wants_part(call) ? "source" : "source_page", 200, error);
}

SvAnswer *sv_page_search(SvCall *call, GError **error)
{
    const char *query = sv_request_query(call->request, "q");
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "search.title");
    sv_page_client(page);
    gboolean asks = query && *query && strlen(query) <= QUERY_MOST * 4;
    if (asks) {
        cJSON *search = sv_page_add(
            page, "search", sv_desk_search(call->app->desk, &call->ask, query, HITS_MOST, error), error);
        if (!search)
            return NULL;
        sv_view_search(&page->view, search);
    }
    return sv_page_answer(
        g_steal_pointer(&page), sv_page_wants_part(call) ? "search" : "search_page", 200, error);
}

/* The messages to choose the missing one from; with `before` only the next ones. */
SvAnswer *sv_page_missing(SvCall *call, GError **error)
{
    gint64 before = sv_page_query_number(call, "before", 0, 0, G_MAXINT64);
    const char *format = sv_request_query(call->request, "format");
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "missing.title");
    sv_page_client(page);
    sv_page_string(page, "format", format && *format ? format : "brief");
    cJSON *messages = sv_page_add(
        page, "messages", sv_desk_messages(call->app->desk, &call->ask, before, MESSAGES_MOST, error), error);
    if (!messages)
        return NULL;
    if (!sv_page_wants_part(call))
        return sv_page_answer(g_steal_pointer(&page), "missing_page", 200, error);
    if (before == 0)
        return sv_page_answer(g_steal_pointer(&page), "missing", 200, error);
    /* the rows alone look for their list one step further out */
    cJSON *rows = cJSON_DetachItemFromObjectCaseSensitive(page->model, "messages"), *child;
    while ((child = rows->child)) {
        cJSON_DetachItemViaPointer(rows, child);
        cJSON_AddItemToObject(page->model, child->string, child);
    }
    cJSON_Delete(rows);
    return sv_page_answer(g_steal_pointer(&page), "missing_rows", 200, error);
}

SvAnswer *sv_page_do_feedback(SvCall *call, GError **error)
{
    const char *kind = sv_page_field(call, "kind"), *format = sv_page_field(call, "format");
    const char *message = sv_request_field(call->request, "message"),
               *quote = sv_request_field(call->request, "quote");
    if (!sv_desk_feedback(call->app->desk, &call->ask, kind, format, message && *message ? message : NULL,
            quote && *quote ? quote : NULL, sv_page_field(call, "comment"), error))
        return NULL;
    call->detail = g_strdup_printf("%.16s %.16s", kind, format);
    if (!sv_page_wants_part(call)) {
        g_autofree char *path = g_strdup_printf("/clients/%" G_GINT64_FORMAT, call->ask.client);
        return sv_page_go(call, path);
    }
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "nav.clients");
    sv_page_string(page, "kind", kind);
    return sv_page_answer(g_steal_pointer(&page), "said", 200, error);
}
