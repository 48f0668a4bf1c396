/* Try it: files of any client's history, a summary in seconds, nothing kept unless asked. See trial.h. */
#include "pages.h"
#include "error.h"
#include "import.h"
#include "resources.h"
#include "trial.h"
#include "web_words.h"
#include <string.h>

#define PROBLEMS_SHOWN 20

SvAnswer *sv_page_try(SvCall *call, GError **error)
{
    return sv_page_answer(sv_page_new(call, "try", "try.title"), "try", 200, error);
}

static SvAnswer *answer_problem(SvCall *call, const char *word, int status, GError **error)
{
    SvPage *page = sv_page_new(call, "try", "try.title");
    sv_page_string(page, "problem", sv_web_word(page->reading.language, word));
    return sv_page_answer(page, "try", status, error);
}

static guint count_files(const SvCall *call)
{
    const char *name, *bytes;
    gsize len;
    guint n = 0;
    while (sv_request_file(call->request, n, &name, &bytes, &len))
        n++;
    return n;
}

/* The script of the page sends with progress and goes on by itself; others are sent on. */
static SvAnswer *go_on(SvCall *call, const char *path)
{
    if (!sv_request_header(call->request, "X-Progress"))
        return sv_page_go(call, path);
    SvAnswer *answer = sv_answer_new(200, "text/plain; charset=utf-8", "", 0);
    sv_answer_header(answer, "X-Next", path);
    return answer;
}

SvAnswer *sv_page_do_try(SvCall *call, GError **error)
{
    g_autoptr(SvHistory) raw = sv_history_new();
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(SvReport) again = sv_report_new();
    guint files = count_files(call);
    if (!files)
        return answer_problem(call, "try.no_files", 422, error);
    if (!sv_files_read(call, raw, report, NULL) || !raw->messages->len)
        return answer_problem(call, "try.no_messages", 422, error);
    /* once more: what is kept is taken as it came, what is shown is finished and masked */
    sv_files_read(call, history, again, NULL);
    SvLang language = strcmp(sv_page_language(call), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    g_autoptr(SvTrial) trial = sv_trial_new(call->who->account, g_steal_pointer(&raw),
        g_steal_pointer(&history), g_steal_pointer(&report), files, call->app->engine, call->app->formats,
        language, call->ask.now, NULL);
    if (!trial)
        return answer_problem(call, "try.busy", 503, error);
    g_autofree char *path = g_strconcat("/try/", sv_trial_name(trial), NULL);
    return go_on(call, path);
}

static SvTrial *find_trial(SvCall *call, GError **error)
{
    SvTrial *trial = sv_trial_find(call->parameters[0], call->who->account, call->ask.now);
    if (!trial)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such trial, or its time is over");
    return trial;
}

static void set_base(SvPage *page, const SvTrial *trial)
{
    g_autofree char *base = g_strconcat("/try/", sv_trial_name(trial), NULL);
    sv_page_string(page, "base", base);
    cJSON_DeleteItemFromObjectCaseSensitive(page->model, "may_write"); /* no feedback on what is not kept */
}

static void add_problems(cJSON *shown, const SvReport *report)
{
    cJSON *problems = cJSON_AddArrayToObject(shown, "problems");
    for (guint i = 0; i < report->problems->len && i < PROBLEMS_SHOWN; i++) {
        g_autofree char *line = sv_problem_format(report->problems->pdata[i]);
        cJSON_AddItemToArray(problems, cJSON_CreateString(line));
    }
    cJSON_AddNumberToObject(shown, "n_problems", report->n_problems);
}

static void add_formats(SvPage *page, cJSON *shown, const char *chosen)
{
    const SvFormats *formats = page->call->app->formats;
    static const char *const NAMES[] = {"brief", "sections", "timeline", "tasks", "handover", "status"};
    cJSON *list = cJSON_AddArrayToObject(shown, "formats");
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (!sv_formats_has(formats, NAMES[i]))
            continue;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "id", NAMES[i]);
        cJSON_AddStringToObject(item, "title", sv_formats_title(formats, NAMES[i], page->reading.language));
        cJSON_AddItemToArray(list, item);
    }
    sv_view_formats(list, chosen);
}

static gboolean add_ready(SvPage *page, cJSON *shown, const SvTrial *trial, GError **error)
{
    const char *wanted = sv_request_query(page->call->request, "format");
    const char *format = wanted && *wanted ? wanted : "brief";
    cJSON *summary = sv_page_add(page, "summary", sv_trial_summary(trial, format, error), error);
    if (!summary)
        return FALSE;
    sv_view_summary(&page->view, summary);
    const char *client = sv_trial_history(trial)->client_name;
    g_autofree char *seconds = g_strdup_printf("%.1f", sv_trial_seconds(trial));
    if (page->reading.language == SV_LANG_RU)
        g_strdelimit(seconds, ".", ',');
    cJSON_AddTrueToObject(shown, "ready");
    cJSON_AddStringToObject(
        shown, "name", client && *client ? client : sv_web_word(page->reading.language, "none.client"));
    cJSON_AddNumberToObject(shown, "messages", sv_trial_history(trial)->messages->len);
    cJSON_AddStringToObject(shown, "seconds", seconds);
    cJSON_AddNumberToObject(shown, "minutes", sv_trial_minutes_left(trial, page->call->ask.now));
    cJSON_AddBoolToObject(shown, "may_keep", sv_access_is_admin(page->call->who));
    add_problems(shown, sv_trial_report(trial));
    add_formats(page, shown, format);
    return TRUE;
}

SvAnswer *sv_page_trial(SvCall *call, GError **error)
{
    g_autoptr(SvTrial) trial = find_trial(call, error);
    if (!trial)
        return NULL;
    g_autoptr(SvPage) page = sv_page_new(call, "try", "try.title");
    const char *stage;
    guint percent;
    SvTrialState state = sv_trial_state(trial, &stage, &percent);
    set_base(page, trial);
    cJSON *shown = cJSON_AddObjectToObject(page->model, "trial");
    if (state == SV_TRIAL_RUNNING) {
        cJSON_AddTrueToObject(shown, "running");
        cJSON_AddStringToObject(shown, "stage", stage);
        cJSON_AddNumberToObject(shown, "percent", percent);
        cJSON_AddNumberToObject(shown, "files", sv_trial_files(trial));
        cJSON_AddNumberToObject(shown, "messages", sv_trial_raw(trial)->messages->len);
    } else if (state == SV_TRIAL_FAILED) {
        cJSON_AddTrueToObject(shown, "failed");
        sv_page_string(page, "problem", sv_web_word(page->reading.language, "try.failed"));
    } else if (!add_ready(page, shown, trial, error)) {
        return NULL;
    }
    return sv_page_answer(
        g_steal_pointer(&page), sv_page_wants_part(call) ? "trial_state" : "trial", 200, error);
}

SvAnswer *sv_page_trial_source(SvCall *call, GError **error)
{
    const char *id = sv_request_query(call->request, "id"), *stage;
    guint percent;
    g_autoptr(SvTrial) trial = find_trial(call, error);
    if (!trial)
        return NULL;
    gboolean ready = sv_trial_state(trial, &stage, &percent) == SV_TRIAL_READY;
    cJSON *source = ready && id ? sv_trial_source(trial, id) : NULL;
    if (!source) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such message");
        return NULL;
    }
    g_autoptr(SvPage) page = sv_page_new(call, "try", "title.original");
    set_base(page, trial);
    cJSON_AddItemToObject(page->model, "source", source);
    return sv_page_answer(
        g_steal_pointer(&page), sv_page_wants_part(call) ? "source" : "source_page", 200, error);
}

/* Kept as a client under its own name; only administrators make clients. */
SvAnswer *sv_page_do_keep(SvCall *call, GError **error)
{
    const char *name = sv_page_field(call, "name"), *stage;
    guint percent;
    g_autoptr(SvTrial) trial = find_trial(call, error);
    if (!trial)
        return NULL;
    if (!sv_access_is_admin(call->who) || sv_trial_state(trial, &stage, &percent) != SV_TRIAL_READY ||
        !*name) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_FORBIDDEN, "only administrators keep what was tried, when it is read");
        return NULL;
    }
    SvImported imported = {0};
    gint64 client = 0;
    if (!sv_import_history(call->app->pool, name, name, sv_trial_raw(trial), &imported, &client, error))
        return NULL;
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
    sv_trial_forget(trial);
    call->detail = g_strdup_printf("%u messages", imported.added);
    g_autofree char *path = g_strdup_printf("/clients/%" G_GINT64_FORMAT, client);
    return sv_page_go(call, path);
}

SvAnswer *sv_page_do_forget(SvCall *call, GError **error)
{
    g_autoptr(SvTrial) trial = find_trial(call, error);
    if (!trial)
        return NULL;
    sv_trial_forget(trial);
    return sv_page_go(call, "/try");
}
