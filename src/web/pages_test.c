/* Every page of the route table through the dispatcher: the first account, a history imported by the form,
 * each page filled by the real desk, forms, what is refused. Nothing is listened on. */
#include "account.h"
#include "folder_fixture.h"
#include "error.h"
#include "web.h"
#include "json.h"
#include <locale.h>
#include <sodium.h>
#include <string.h>

#define NOW 1773822600 /* 2026-03-18T08:30:00Z */

static const SvRoute *const TABLES[] = {sv_api_routes, sv_web_routes, NULL};
static SvEngine *engine;
static SvFormats *formats;

typedef struct {
    SvApp app;
    char *folder;
    char *cookie; /* "svodka=…" of the administrator */
    char *csrf;
} World;

static gint64 now(void)
{
    return NOW;
}

static SvAnswer *ask(World *w, const char *method, const char *url, const char *type, const char *body,
    gsize len, const char *extra)
{
    const char *headers[16] = {"Host", "localhost", "Cookie", w->cookie ? w->cookie : "", NULL};
    guint n = w->cookie ? 4 : 2;
    if (type) {
        headers[n++] = "Content-Type";
        headers[n++] = type;
    }
    if (extra) {
        headers[n++] = extra;
        headers[n++] = "true";
    }
    headers[n] = NULL;
    g_autoptr(SvHttpRequest) request = sv_request_make(method, url, headers, body ? body : "", len);
    g_assert_nonnull(request);
    return sv_dispatch(&w->app, TABLES, request);
}

static SvAnswer *get(World *w, const char *url)
{
    return ask(w, "GET", url, NULL, NULL, 0, NULL);
}

static SvAnswer *post(World *w, const char *url, const char *form)
{
    g_autofree char *whole = g_strdup_printf("%s%scsrf=%s", form, *form ? "&" : "", w->csrf ? w->csrf : "");
    return ask(w, "POST", url, "application/x-www-form-urlencoded", whole, strlen(whole), NULL);
}

static char *text_of(SvAnswer *answer, int status)
{
    gsize len;
    const char *bytes = sv_answer_bytes(answer, &len);
    char *text = g_strndup(bytes, len);
    if (sv_answer_status(answer) != status)
        g_error("%d instead of %d: %s", sv_answer_status(answer), status, text);
    sv_answer_unref(answer);
    return text;
}

static char *between(const char *text, const char *before, char end)
{
    const char *from = strstr(text, before);
    g_assert_nonnull(from);
    from += strlen(before);
    return g_strndup(from, strchr(from, end) - from);
}

static void take_session(World *w, SvAnswer *answer)
{
    g_assert_cmpint(sv_answer_status(answer), ==, 303);
    const char *set = sv_answer_get_header(answer, "Set-Cookie");
    g_assert_nonnull(set);
    g_assert_nonnull(strstr(set, "HttpOnly"));
    w->cookie = g_strndup(set, strcspn(set, ";"));
    sv_answer_unref(answer);
    g_autofree char *help = text_of(get(w, "/help"), 200);
    w->csrf = between(help, "name=\"csrf\" value=\"", '"');
}

static const char HISTORY[] =
    "From: Maria <maria@nasos.example>\r\nTo: Olga <olga@liniya.example>\r\nDate: Tue, 10 Mar 2026 10:00:00 "
    "+0500\r\n"
    "Message-ID: <one@nasos.example>\r\nSubject: Offer\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Olga, please send us the offer for two pumps by March 13. Our budget is 3 000 000 KZT.\r\n"
    "<script>alert(1)</script>\r\n";

static char *multipart(const World *w, const char *file, const char *more, gsize *len)
{
    char *body = g_strdup_printf("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n%s"
                                 "--b\r\nContent-Disposition: form-data; name=\"files\"; "
                                 "filename=\"mail.eml\"\r\nContent-Type: message/rfc822\r\n\r\n"
                                 "%s\r\n--b--\r\n",
        w->csrf, more, file);
    *len = strlen(body);
    return body;
}

static void import(World *w)
{
    gsize len;
    g_autofree char *body =
        multipart(w, HISTORY, "--b\r\nContent-Disposition: form-data; name=\"client\"\r\n\r\npump\r\n", &len);
    g_autofree char *page =
        text_of(ask(w, "POST", "/admin/import", "multipart/form-data; boundary=b", body, len, NULL), 200);
    g_assert_nonnull(strstr(page, "href=\"/clients/1\""));
}

static void setup(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    w->folder = g_dir_make_tmp("svodka-pages-XXXXXX", NULL);
    g_autofree char *where = g_build_filename(w->folder, "svodka.db", NULL);
    w->app = (SvApp){.engine = engine,
        .formats = formats,
        .started = NOW,
        .now = now,
        .error_page = sv_page_error,
        .first_code = g_strdup("secret-code")};
    w->app.pool = sv_pool_open(where, &error);
    g_assert_no_error(error);
    w->app.guard = sv_guard_new(w->app.pool);
    w->app.audit = sv_audit_open(w->app.pool, &error);
    g_assert_no_error(error);
    w->app.desk = sv_desk_open(w->app.pool, engine, formats, 0);
    sv_guard_set_clock(w->app.guard, now);
    take_session(w, ask(w, "POST", "/begin", "application/x-www-form-urlencoded",
                        "code=secret-code&login=olga&name=Olga+B&password=blue-horse-42", 62, NULL));
    import(w);
}

static void teardown(World *w, gconstpointer data)
{
    sv_trials_close();
    sv_desk_close(w->app.desk);
    sv_audit_close(w->app.audit);
    sv_guard_free(w->app.guard);
    sv_pool_close(w->app.pool);
    sv_folder_remove(w->folder);
    g_free(w->folder);
    g_free(w->cookie);
    g_free(w->csrf);
    g_free(w->app.first_code);
}

static char *url_of(const char *path)
{
    g_autoptr(GString) url = g_string_new(path);
    g_string_replace(url, "{client}", "1", 0);
    g_string_replace(url, "{format}", "brief", 0);
    g_string_replace(url, "{file}", "app.css", 0);
    if (g_str_has_suffix(path, "/source"))
        g_string_append(url, "?id=one%40nasos.example");
    if (g_str_has_suffix(path, "/search"))
        g_string_append(url, "?q=pumps");
    return g_string_free(g_steal_pointer(&url), FALSE);
}

static void check_page(const char *url, SvAnswer *answer)
{
    gsize len;
    const char *bytes = sv_answer_bytes(answer, &len), *type = sv_answer_get_header(answer, "Content-Type");
    if (sv_answer_status(answer) >= 400)
        g_error("%s: %d %.*s", url, sv_answer_status(answer), (int)len, bytes);
    g_assert_nonnull(sv_answer_get_header(answer, "Content-Security-Policy"));
    if (type && g_str_has_prefix(type, "text/html")) {
        g_assert_null(g_strstr_len(bytes, (gssize)len, "<script>"));
        g_assert_null(g_strstr_len(bytes, (gssize)len, " style="));
    }
    sv_answer_unref(answer);
}

static void test_every_page(World *w, gconstpointer data)
{
    for (const SvRoute *route = sv_web_routes; route->path; route++) {
        if (strcmp(route->method, "GET") != 0 || strstr(route->path, "{trial}"))
            continue;
        g_autofree char *url = url_of(route->path);
        check_page(url, get(w, url));
        check_page(url, ask(w, "GET", url, NULL, NULL, 0, "HX-Request"));
    }
}

static void test_strangers(World *w, gconstpointer data)
{
    World stranger = *w;
    stranger.cookie = NULL;
    for (const SvRoute *route = sv_web_routes; route->path; route++) {
        if (route->flags & SV_ROUTE_PUBLIC)
            continue;
        g_autofree char *url = url_of(route->path);
        g_autoptr(SvAnswer) answer = ask(&stranger, route->method, url, NULL, NULL, 0, NULL);
        int status = sv_answer_status(answer);
        if (status != 303 && status != 401)
            g_error("%s %s: %d without a session", route->method, url, status);
    }
}

/* A form without the session's token changes nothing. */
static void test_forms_need_the_token(World *w, gconstpointer data)
{
    World forger = *w;
    forger.csrf = (char *)"0123456789";
    for (const SvRoute *route = sv_web_routes; route->path; route++) {
        if (strcmp(route->method, "POST") != 0 || (route->flags & SV_ROUTE_PUBLIC))
            continue;
        g_autofree char *url = url_of(route->path);
        g_autoptr(SvAnswer) answer = post(&forger, url, "do=add&kind=useful");
        g_assert_cmpint(sv_answer_status(answer), ==, 403);
    }
}

static void test_card(World *w, gconstpointer data)
{
    g_autofree char *card = text_of(get(w, "/clients/1"), 200);
    g_assert_nonnull(strstr(card, "id=\"summary\""));
    g_assert_nonnull(strstr(card, "id=\"coverage\""));
    g_assert_nonnull(strstr(card, "/clients/1/source?id="));
    g_autofree char *again = text_of(get(w, "/clients/1"), 200);
    g_assert_nonnull(strstr(again, "hx-get=\"/clients/1/summaries/"));
    g_autofree char *source = text_of(get(w, "/clients/1/source?id=one%40nasos.example"), 200);
    g_assert_nonnull(strstr(source, "&lt;script&gt;alert(1)"));
    g_autofree char *none = text_of(get(w, "/clients/999"), 404);
    g_assert_nonnull(strstr(none, "<h1>"));
    g_autofree char *wrong = text_of(get(w, "/clients/1?format=no-such"), 404);
    g_autofree char *lost = text_of(get(w, "/nowhere"), 404);
    g_assert_nonnull(strstr(lost, "<h1>"));
}

static void test_tasks_and_feedback(World *w, gconstpointer data)
{
    g_autofree char *json = text_of(get(w, "/clients/1/tasks/json"), 200);
    g_autoptr(cJSON) document = cJSON_Parse(json);
    const cJSON *task = cJSON_GetArrayItem(sv_json_array(document, "tasks"), 0);
    g_autofree char *csv = text_of(get(w, "/clients/1/tasks/csv"), 200);
    g_assert_true(g_str_has_prefix(csv, "\xEF\xBB\xBF"));
    if (task) {
        g_autofree char *id = g_uri_escape_string(sv_json_string(task, "id"), NULL, FALSE);
        g_autofree char *form = g_strdup_printf("task=%s&state=taken", id);
        g_autofree char *to = text_of(post(w, "/clients/1/tasks", form), 303);
        g_autofree char *after = text_of(get(w, "/clients/1/tasks/json"), 200);
        g_assert_nonnull(strstr(after, "taken"));
    }
    g_autofree char *useful = text_of(post(w, "/clients/1/feedback", "kind=useful&format=brief"), 303);
    g_autofree char *missing =
        text_of(post(w, "/clients/1/feedback",
                    "kind=missing&format=brief&message=one%40nasos.example&comment=budget"),
            303);
    g_autofree char *list = text_of(get(w, "/admin/feedback"), 200);
    g_assert_nonnull(strstr(list, "budget"));
    g_autofree char *odd = text_of(post(w, "/clients/1/feedback", "kind=nonsense&format=brief"), 422);
}

static void test_review(World *w, gconstpointer data)
{
    static const char *const KINDS[] = {"pdf", "docx", "md"};
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        g_autofree char *form = g_strdup_printf(
            "as=%s&from=2026-01-01&to=2026-03-31%s", KINDS[i], i == 2 ? "&text=%23+Mine%0A-+one" : "");
        g_autoptr(SvAnswer) answer = post(w, "/clients/1/review", form);
        gsize len;
        const char *bytes = sv_answer_bytes(answer, &len);
        g_assert_cmpint(sv_answer_status(answer), ==, 200);
        g_assert_nonnull(strstr(sv_answer_get_header(answer, "Content-Disposition"), KINDS[i]));
        if (i == 2)
            g_assert_nonnull(g_strstr_len(bytes, (gssize)len, "# Mine"));
    }
    g_autofree char *odd = text_of(post(w, "/clients/1/review", "as=exe&text=x"), 422);
}

static void test_try(World *w, gconstpointer data)
{
    gsize len;
    g_autofree char *body = multipart(w, HISTORY, "", &len);
    g_autoptr(SvAnswer) begun = ask(w, "POST", "/try", "multipart/form-data; boundary=b", body, len, NULL);
    g_assert_cmpint(sv_answer_status(begun), ==, 303);
    const char *path = sv_answer_get_header(begun, "Location");
    g_autofree char *page = NULL;
    for (guint i = 0; i < 600 && !(page && strstr(page, "id=\"summary\"")); i++) {
        g_free(page);
        g_usleep(20000);
        page = text_of(get(w, path), 200);
    }
    g_assert_nonnull(strstr(page, "id=\"summary\""));
    g_autofree char *url = g_strconcat(path, "/source?id=one%40nasos.example", NULL);
    g_autofree char *source = text_of(get(w, url), 200);
    g_assert_nonnull(strstr(source, "budget"));
    g_autofree char *keep = g_strconcat(path, "/keep", NULL), *kept = NULL;
    kept = text_of(post(w, keep, "name=Tried"), 303);
    g_autofree char *gone = text_of(get(w, path), 404);
    g_autofree char *clients = text_of(get(w, "/clients?find=Tried"), 200);
    g_assert_nonnull(strstr(clients, "Tried"));
    g_autofree char *nothing = text_of(post(w, "/try", ""), 422);
}

static void test_users(World *w, gconstpointer data)
{
    g_autofree char *added = text_of(
        post(w, "/admin/users", "do=add&login=petr&name=Petr&role=manager&team=North&password=green-boat-7"),
        303);
    g_autofree char *weak = text_of(post(w, "/admin/users", "do=add&login=x&role=manager&password=1"), 422);
    g_assert_nonnull(strstr(weak, "class=\"problem\""));
    g_autofree char *list = text_of(get(w, "/admin/users"), 200);
    g_assert_nonnull(strstr(list, "petr"));
    g_autofree char *label = text_of(post(w, "/admin/labels", "do=add&name=legal"), 303);
    g_autofree char *given = text_of(post(w, "/admin/labels", "do=give&label=1&to=a2"), 303);
    g_autofree char *labels = text_of(get(w, "/admin/labels"), 200);
    g_assert_nonnull(strstr(labels, "Petr"));
    World petr = *w;
    take_session(&petr, ask(&(World){.app = w->app}, "POST", "/login", "application/x-www-form-urlencoded",
                            "login=petr&password=green-boat-7&back=//evil.example", 52, NULL));
    g_autofree char *admin = text_of(get(&petr, "/admin/users"), 403);
    g_autofree char *others = text_of(get(&petr, "/clients/1"), 404);
    g_autofree char *off = text_of(post(w, "/admin/users", "do=disable&id=2"), 303);
    g_autofree char *out = text_of(get(&petr, "/today"), 303);
    g_free(petr.cookie);
    g_free(petr.csrf);
}

static void test_coming_and_going(World *w, gconstpointer data)
{
    World nobody = {.app = w->app};
    g_autofree char *wrong = text_of(ask(&nobody, "POST", "/login", "application/x-www-form-urlencoded",
                                         "login=olga&password=no", 22, NULL),
        403);
    g_assert_nonnull(strstr(wrong, "role=\"alert\""));
    g_autofree char *second = text_of(ask(&nobody, "POST", "/begin", "application/x-www-form-urlencoded",
                                          "code=secret-code&login=eve&password=blue-horse-43", 49, NULL),
        409);
    g_autofree char *key = text_of(get(w, "/session/key"), 200), *same = text_of(get(w, "/session/key"), 200);
    g_assert_cmpstr(key, ==, same);
    g_autofree char *english = text_of(post(w, "/settings", "language=en&back=/help"), 303);
    g_autofree char *help = text_of(get(w, "/help"), 200);
    g_assert_nonnull(strstr(help, "What to rely on"));
    g_autofree char *out = text_of(post(w, "/logout", ""), 303);
    g_autofree char *after = text_of(get(w, "/today"), 303);
    g_autoptr(SvAnswer) worker = get(w, "/worker.js");
    g_assert_nonnull(strstr(sv_answer_get_header(worker, "Content-Security-Policy"), "connect-src 'self'"));
    g_autofree char *no_key = text_of(get(w, "/session/key"), 401);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(World *, gconstpointer);
    } TESTS[] = {{"every-page", test_every_page}, {"strangers", test_strangers},
        {"token", test_forms_need_the_token}, {"card", test_card},
        {"tasks-and-feedback", test_tasks_and_feedback}, {"review", test_review}, {"try", test_try},
        {"users", test_users}, {"coming-and-going", test_coming_and_going}};
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(sodium_init(), >=, 0);
    engine = sv_engine_open(g_getenv("SVODKA_DATA"), &error);
    g_assert_no_error(error);
    formats = sv_formats_open(NULL, &error);
    g_assert_no_error(error);
    sv_password_cost(1, 8 << 10);
    for (guint i = 0; i < G_N_ELEMENTS(TESTS); i++) {
        g_autofree char *path = g_strconcat("/pages/", TESTS[i].name, NULL);
        g_test_add(path, World, NULL, setup, TESTS[i].run, teardown);
    }
    int status = g_test_run();
    sv_formats_close(formats);
    sv_engine_close(engine);
    return status;
}
