/* What an administrator sees of the whole: health, imports, feedback, the record of deeds. */
#include "pages.h"
#include "account.h"
#include "error.h"
#include "import.h"
#include "resources.h"
#include "web_words.h"
#include <glib/gstdio.h>
#include <string.h>

#define PROBLEMS_SHOWN 50
#define ENTRIES_SHOWN 200
#define AUDIT_DAYS 30

static SvPage *new_page(SvCall *call, const char *part)
{
    SvPage *page = sv_page_new(call, "admin", "nav.admin");
    sv_page_string(page, "part", part);
    return page;
}

static void add_figure(cJSON *figures, const char *name, double value)
{
    cJSON *figure = cJSON_CreateObject();
    cJSON_AddStringToObject(figure, "name", name);
    cJSON_AddNumberToObject(figure, "value", value);
    cJSON_AddItemToArray(figures, figure);
}

SvAnswer *sv_page_admin(SvCall *call, GError **error)
{
    gint64 clients = sv_clients_count(call->db, error);
    gint64 accounts = clients < 0 ? -1 : sv_accounts_count(call->db, error);
    gint64 jobs = accounts < 0 ? -1 : sv_jobs_waiting(call->db, error);
    if (jobs < 0)
        return NULL;
    SvPage *page = new_page(call, "health");
    cJSON *health = cJSON_AddObjectToObject(page->model, "health"),
          *figures = cJSON_AddArrayToObject(health, "figures");
    add_figure(figures, "clients", (double)clients);
    add_figure(figures, "accounts", (double)accounts);
    add_figure(figures, "jobs", (double)jobs);
    if (call->app->http) {
        SvHttpCounts counts;
        sv_http_counts(call->app->http, &counts);
        add_figure(figures, "requests", (double)counts.requests);
        add_figure(figures, "errors", (double)counts.errors);
        add_figure(figures, "connections", counts.open);
        add_figure(figures, "closed_slow", (double)counts.closed_slow);
    }
    add_figure(figures, "hours", (double)((call->ask.now - call->app->started) / 3600));
    cJSON *version = cJSON_CreateObject();
    cJSON_AddStringToObject(version, "name", "version");
    cJSON_AddStringToObject(version, "value", SV_VERSION);
    cJSON_AddItemToArray(figures, version);
    return sv_page_answer(page, "admin_health", 200, error);
}

SvAnswer *sv_page_import(SvCall *call, GError **error)
{
    return sv_page_answer(new_page(call, "import"), "admin_import", 200, error);
}

static SvAnswer *answer_imported(SvPage *page, cJSON *imported, GError **error)
{
    cJSON_AddItemToObject(page->model, "imported", imported);
    return sv_page_answer(page, "admin_import", 200, error);
}

static cJSON *document_of(const SvImported *done, gint64 client, const SvReport *report)
{
    cJSON *imported = cJSON_CreateObject();
    cJSON_AddNumberToObject(imported, "clients", done->clients);
    cJSON_AddNumberToObject(imported, "added", done->added);
    cJSON_AddNumberToObject(imported, "changed", done->changed);
    cJSON_AddNumberToObject(imported, "same", done->same);
    cJSON_AddNumberToObject(imported, "client", (double)client);
    cJSON *problems = cJSON_AddArrayToObject(imported, "problems");
    for (guint i = 0; i < report->problems->len && i < PROBLEMS_SHOWN; i++) {
        g_autofree char *line = sv_problem_format(report->problems->pdata[i]);
        cJSON_AddItemToArray(problems, cJSON_CreateString(line));
    }
    return imported;
}

/* A whole CRM comes as one archive: the import walks it by itself, from a file that only we can read. */
static gboolean import_crm(SvCall *call, SvReport *report, SvImported *done, GError **error)
{
    const char *name, *bytes;
    gsize len;
    if (!sv_request_file(call->request, 0, &name, &bytes, &len)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "no file was sent");
        return FALSE;
    }
    g_autofree char *folder = g_dir_make_tmp("svodka-XXXXXX", NULL);
    if (!folder) {
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "no folder could be made for the upload");
        return FALSE;
    }
    g_autofree char *path =
        g_build_filename(folder, g_str_has_suffix(name, ".csv") ? "clients.csv" : "crm.zip", NULL);
    gboolean written =
        g_file_set_contents_full(path, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, error);
    gboolean imported =
        written && sv_import_crm(call->app->pool, path, NULL, NULL, NULL, report, done, error);
    g_unlink(path);
    g_rmdir(folder);
    return imported;
}

static gboolean import_one(SvCall *call, SvReport *report, SvImported *done, gint64 *client, GError **error)
{
    g_autoptr(SvHistory) history = sv_history_new();
    const char *key = sv_page_field(call, "client"), *name = NULL, *bytes;
    gsize len;
    if (!sv_files_read(call, history, report, error))
        return FALSE;
    sv_request_file(call->request, 0, &name, &bytes, &len);
    const char *known = history->client_name && *history->client_name ? history->client_name : name;
    return sv_import_history(call->app->pool, *key ? key : known, NULL, history, done, client, error);
}

SvAnswer *sv_page_do_import(SvCall *call, GError **error)
{
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GError) failed = NULL;
    SvImported done = {0};
    gint64 client = 0;
    gboolean crm = strcmp(sv_page_field(call, "what"), "crm") == 0;
    gboolean imported =
        crm ? import_crm(call, report, &done, &failed) : import_one(call, report, &done, &client, &failed);
    SvPage *page = new_page(call, "import");
    if (!imported) {
        sv_page_string(page, "problem", failed ? failed->message : "");
        return sv_page_answer(page, "admin_import", 422, error);
    }
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
    call->detail = g_strdup_printf("%u clients, %u messages", done.clients, done.added);
    return answer_imported(page, document_of(&done, client, report), error);
}

/* The documents of the interface, as a page needs them. */
static cJSON *ask_interface(SvCall *call, SvHandler *handler, GError **error)
{
    g_autoptr(SvAnswer) answer = handler(call, error);
    if (!answer)
        return NULL;
    gsize len;
    const char *bytes = sv_answer_bytes(answer, &len);
    return sv_json_parse(bytes, len, error);
}

static void count_kind(cJSON *counts, const char *kind, const char *name_field)
{
    cJSON *item;
    cJSON_ArrayForEach(item, counts)
    {
        if (g_strcmp0(sv_json_string(item, name_field), kind) != 0)
            continue;
        cJSON *n = cJSON_GetObjectItemCaseSensitive(item, "n");
        cJSON_SetNumberValue(n, n->valuedouble + 1);
        return;
    }
}

static cJSON *format_row(cJSON *rows, const char *format)
{
    cJSON *row;
    cJSON_ArrayForEach(row, rows)
    {
        if (g_strcmp0(sv_json_string(row, "format"), format) == 0)
            return row;
    }
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "format", format);
    cJSON_AddNumberToObject(row, "useful", 0);
    cJSON_AddNumberToObject(row, "missing", 0);
    cJSON_AddNumberToObject(row, "wrong", 0);
    cJSON_AddItemToArray(rows, row);
    return row;
}

/* How many of each kind, and by format. */
static void analyse(SvPage *page, cJSON *list)
{
    static const char *const KINDS[] = {"useful", "missing", "wrong"};
    cJSON *kinds = cJSON_AddArrayToObject(page->model, "kinds"),
          *rows = cJSON_AddArrayToObject(page->model, "by_format");
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "kind", KINDS[i]);
        cJSON_AddNumberToObject(item, "n", 0);
        cJSON_AddItemToArray(kinds, item);
    }
    cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *kind = sv_json_string(item, "kind"), *format = sv_json_string(item, "format");
        const cJSON *client = sv_json_object(item, "client");
        g_autofree char *base = sv_view_base(client);
        if (base)
            cJSON_AddStringToObject(item, "base", base);
        count_kind(kinds, kind, "kind");
        cJSON *row = format_row(rows, format ? format : "");
        cJSON *n = kind ? cJSON_GetObjectItemCaseSensitive(row, kind) : NULL;
        if (cJSON_IsNumber(n))
            cJSON_SetNumberValue(n, n->valuedouble + 1);
    }
}

SvAnswer *sv_page_feedback(SvCall *call, GError **error)
{
    g_autoptr(cJSON) document = ask_interface(call, sv_api_feedback, error);
    if (!document)
        return NULL;
    SvPage *page = new_page(call, "feedback");
    cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(document, "feedback");
    list = list ? list : cJSON_CreateArray();
    cJSON_AddItemToObject(page->model, "feedback", list);
    analyse(page, list);
    return sv_page_answer(page, "admin_feedback", 200, error);
}

/* Lines of the export, newest first. */
static void add_entries(SvPage *page, const char *lines)
{
    g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
    cJSON *entries = cJSON_AddArrayToObject(page->model, "entries");
    guint shown = 0;
    for (guint n = g_strv_length(each); n > 0 && shown < ENTRIES_SHOWN; n--) {
        cJSON *entry = *each[n - 1] ? cJSON_Parse(each[n - 1]) : NULL;
        if (!entry)
            continue;
        if (sv_json_number(entry, "status", 0) >= 400)
            cJSON_AddTrueToObject(entry, "denied");
        cJSON_AddItemToArray(entries, entry);
        shown++;
    }
}

static void add_names(SvPage *page, const GPtrArray *accounts)
{
    cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(page->model, "entries"))
    {
        gint64 id = (gint64)sv_json_number(entry, "account", 0);
        const char *login = "";
        for (guint i = 0; i < accounts->len && id; i++)
            if (((const SvAccount *)accounts->pdata[i])->id == id)
                login = ((const SvAccount *)accounts->pdata[i])->login;
        cJSON_AddStringToObject(entry, "who", login);
    }
}

static void add_chain(SvPage *page)
{
    g_autoptr(GError) broken = NULL;
    g_autofree char *head = NULL;
    gint64 entries = 0;
    gboolean holds = sv_audit_verify(page->call->db, NULL, &entries, &head, &broken);
    cJSON *chain = cJSON_AddObjectToObject(page->model, "chain");
    cJSON_AddBoolToObject(chain, "holds", holds);
    cJSON_AddNumberToObject(chain, "entries", (double)entries);
    cJSON_AddStringToObject(chain, "head", head ? head : "");
    cJSON_AddStringToObject(chain, "why", broken ? broken->message : "");
}

SvAnswer *sv_page_audit(SvCall *call, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    gint64 since = call->ask.now - AUDIT_DAYS * 24 * 3600;
    if (!sv_audit_flush(call->app->audit, error) || !sv_audit_export(call->db, since, 0, 0, lines, error))
        return NULL;
    g_autoptr(GPtrArray) accounts = sv_accounts_list(call->db, error);
    if (!accounts)
        return NULL;
    SvPage *page = new_page(call, "audit");
    add_entries(page, lines->str);
    add_names(page, accounts);
    add_chain(page);
    return sv_page_answer(page, "admin_audit", 200, error);
}
