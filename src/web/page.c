/* What all pages share: see page.h.
 *
 * Keeps true: every page carries the policy; none is kept by a cache; an address to go to is a path of ours.
 */
#include "page.h"
#include "access.h"
#include "error.h"
#include "web_words.h"
#include <string.h>

const char *sv_page_language(const SvCall *call)
{
    if (call->who && call->who->language && *call->who->language)
        return strcmp(call->who->language, "en") == 0 ? "en" : "ru";
    const char *wanted = sv_request_header(call->request, "Accept-Language");
    const char *english = wanted ? strstr(wanted, "en") : NULL;
    const char *russian = wanted ? strstr(wanted, "ru") : NULL;
    return english && (!russian || english < russian) ? "en" : "ru";
}

static void add_reader(SvPage *page, const SvWho *who)
{
    if (!who) {
        cJSON_AddNullToObject(page->model, "me");
        return;
    }
    cJSON *me = cJSON_AddObjectToObject(page->model, "me");
    cJSON_AddStringToObject(me, "name", who->name && *who->name ? who->name : who->login);
    cJSON_AddStringToObject(me, "role", sv_role_name(who->role));
    cJSON_AddBoolToObject(me, "admin", sv_access_is_admin(who));
    sv_page_number(page, "account", (double)who->account);
    sv_page_string(page, "csrf", who->csrf);
    if (sv_access_may_write(who))
        sv_page_true(page, "may_write");
}

SvPage *sv_page_new(SvCall *call, const char *name, const char *title)
{
    SvPage *page = g_new0(SvPage, 1);
    page->call = call;
    page->model = cJSON_CreateObject();
    page->language = sv_page_language(call);
    SvLang language = strcmp(page->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    SvDay today = sv_time_day(sv_time_from_unix(call->ask.now, zone));
    page->view = (SvView){language, today, 0};
    page->reading = (SvTemplateReader){language, today, g_steal_pointer(&zone), call->ask.now};
    const char *theme = sv_request_cookie(call->request, "theme");
    gboolean known = theme && (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0);
    sv_page_string(page, "lang", page->language);
    sv_page_string(page, "theme", known ? theme : "");
    sv_page_string(page, "version", sv_site_version());
    sv_page_string(page, "page", name);
    sv_page_string(page, "title", sv_web_word(language, title));
    sv_page_string(page, "path", sv_request_path(call->request));
    if (call->app->title)
        sv_page_string(page, "company", call->app->title);
    add_reader(page, call->who);
    return page;
}

void sv_page_free(SvPage *page)
{
    cJSON_Delete(page->model);
    if (page->reading.zone)
        g_time_zone_unref(page->reading.zone);
    g_free(page);
}

cJSON *sv_page_add(SvPage *page, const char *name, char *json, GError **error)
{
    g_autofree char *text = json;
    cJSON *value = text ? sv_json_parse(text, strlen(text), error) : NULL;
    if (value)
        cJSON_AddItemToObject(page->model, name, value);
    return value;
}

void sv_page_string(SvPage *page, const char *name, const char *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(page->model, name);
    cJSON_AddStringToObject(page->model, name, value ? value : "");
}

void sv_page_number(SvPage *page, const char *name, double value)
{
    cJSON_AddNumberToObject(page->model, name, value);
}

void sv_page_true(SvPage *page, const char *name)
{
    cJSON_AddTrueToObject(page->model, name);
}

void sv_page_client(SvPage *page)
{
    g_autofree char *base = g_strdup_printf("/clients/%" G_GINT64_FORMAT, page->call->ask.client);
    sv_page_string(page, "base", base);
}

void sv_page_title(SvPage *page, const char *title)
{
    if (title && *title)
        sv_page_string(page, "title", title);
}

static void add_headers(SvAnswer *answer)
{
    sv_answer_header(answer, "Content-Security-Policy", SV_SITE_POLICY);
    sv_answer_header(answer, "Cache-Control", "no-store");
    sv_answer_header(answer, "Vary", "HX-Request, Cookie");
    sv_answer_header(answer, "X-Content-Type-Options", "nosniff");
    sv_answer_header(answer, "Referrer-Policy", "no-referrer");
    sv_answer_header(answer, "Cross-Origin-Opener-Policy", "same-origin");
}

SvAnswer *sv_page_answer(SvPage *page, const char *template, int status, GError **error)
{
    gsize len = 0;
    char *html = sv_templates_render(sv_site_templates(), template, page->model, &page->reading, &len, error);
    sv_page_free(page);
    if (!html)
        return NULL;
    SvAnswer *answer = sv_answer_take(status, "text/html; charset=utf-8", html, len);
    add_headers(answer);
    return answer;
}

gboolean sv_page_wants_part(const SvCall *call)
{
    const char *header = sv_request_header(call->request, "HX-Request");
    return header && strcmp(header, "true") == 0;
}

SvAnswer *sv_page_go(const SvCall *call, const char *path)
{
    gboolean part = sv_page_wants_part(call);
    SvAnswer *answer = sv_answer_new(part ? 200 : 303, "text/plain; charset=utf-8", "", 0);
    sv_answer_header(answer, part ? "HX-Redirect" : "Location", path);
    add_headers(answer);
    return answer;
}

static gint64 within(const char *text, gint64 otherwise, gint64 least, gint64 most)
{
    gint64 value = 0;
    if (!text || !*text || !g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL))
        return otherwise;
    return CLAMP(value, least, most);
}

gint64 sv_page_query_number(const SvCall *call, const char *name, gint64 otherwise, gint64 least, gint64 most)
{
    return within(sv_request_query(call->request, name), otherwise, least, most);
}

gint64 sv_page_field_number(const SvCall *call, const char *name, gint64 otherwise, gint64 least, gint64 most)
{
    return within(sv_request_field(call->request, name), otherwise, least, most);
}

const char *sv_page_field(const SvCall *call, const char *name)
{
    const char *value = sv_request_field(call->request, name);
    return value ? value : "";
}

const char *sv_page_back(const char *path, const char *otherwise)
{
    if (!path || path[0] != '/' || path[1] == '/' || path[1] == '\\' || strlen(path) > 500)
        return otherwise;
    for (const char *p = path; *p; p++)
        if ((guchar)*p <= ' ' || *p == '\\' || (guchar)*p >= 0x7F)
            return otherwise;
    return path;
}

/* The API's errors are codes; people get words for them. A message of ours that helps is told, never one of a
 * broken invariant. */
static gboolean may_tell(const GError *error)
{
    return error->domain == SV_ERROR && (error->code == SV_ERROR_INPUT || error->code == SV_ERROR_CONFLICT ||
                                            error->code == SV_ERROR_LIMIT || error->code == SV_ERROR_BUSY);
}

SvAnswer *sv_page_error(gpointer data, const GError *error)
{
    SvCall *call = data;
    int code = error->domain == SV_ERROR && error->code >= 0 && error->code < SV_ERROR_N ? error->code
                                                                                         : SV_ERROR_BUG;
    const SvErrorInfo *info = sv_error_info(code);
    g_autofree char *key = g_strconcat("problem.", info->name, NULL);
    SvPage *page = sv_page_new(call, "problem", key);
    sv_page_string(page, "name", info->name);
    if (may_tell(error))
        sv_page_string(page, "detail", error->message);
    SvAnswer *answer =
        sv_page_answer(page, sv_page_wants_part(call) ? "problem_part" : "problem", info->http_status, NULL);
    return answer ? answer : sv_answer_new(500, "text/plain; charset=utf-8", "", 0);
}

gboolean sv_page_write(SvCall *call, SvPageWrite write, GError **error)
{
    SvDb *db = sv_pool_write(call->app->pool, error);
    if (!db)
        return FALSE;
    gboolean done = write(db, call, error);
    return sv_pool_write_done(call->app->pool, db, done, done ? error : NULL) && done;
}
