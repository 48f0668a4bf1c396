/* The interface over a small world, by requests made by hand: rights, forms, idempotence, tags, the
 * description. Needs the models of $SVODKA_DATA. */
#include "resources.h"
#include "folder_fixture.h"
#include "account.h"
#include "client_store.h"
#include "error.h"
#include "match.h"
#include <locale.h>
#include <string.h>

#define PASSWORD "сосна-утюг-7 лун"

static SvEngine *engine;
static SvFormats *formats;
static const SvRoute *const tables[] = {sv_api_routes, NULL};

typedef struct {
    char *dir;
    SvApp app;
    gint64 client, anna, oleg, root;
    char *annas, *olegs, *roots; /* tokens of programs */
} World;

static gint64 noon(void)
{
    return 1764585600; /* 2025-12-01T10:40:00Z */
}

static const SvJobKind no_kinds[] = {{NULL, NULL}};

static void add_people(World *w, SvDb *db)
{
    g_autoptr(GError) error = NULL;
    sv_account_add(db, "anna", "Анна", SV_ROLE_MANAGER, NULL, PASSWORD, &w->anna, &error);
    sv_account_add(db, "oleg", "Олег", SV_ROLE_MANAGER, NULL, PASSWORD, &w->oleg, &error);
    sv_account_add(db, "root", "Root", SV_ROLE_ADMIN, NULL, PASSWORD, &w->root, &error);
    g_assert_no_error(error);
    sv_client_put(db, "nasos", "ТОО «Насос»", NULL, &w->client, &error);
    sv_client_assign(db, w->client, w->anna, 0, &error);
    w->annas = sv_token_new(db, w->anna, "t", SV_SCOPE_READ | SV_SCOPE_WRITE, 0, &error);
    w->olegs = sv_token_new(db, w->oleg, "t", SV_SCOPE_READ | SV_SCOPE_WRITE, 0, &error);
    w->roots = sv_token_new(db, w->root, "t", SV_SCOPE_READ | SV_SCOPE_WRITE | SV_SCOPE_ADMIN, 0, &error);
    g_assert_no_error(error);
}

static void set_up(World *w, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    w->dir = g_dir_make_tmp("svodka-api-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(w->dir, "t.db", NULL);
    SvApp *app = &w->app;
    *app = (SvApp){.pool = sv_pool_open(file, &error), .engine = engine, .formats = formats, .now = noon};
    g_assert_no_error(error);
    app->audit = sv_audit_open(app->pool, &error);
    g_assert_no_error(error);
    app->guard = sv_guard_new(app->pool);
    app->desk = sv_desk_open(app->pool, engine, formats, 0);
    app->workers = sv_workers_new(app->pool, no_kinds, app, 0);
    SvDb *db = sv_pool_write(app->pool, &error);
    add_people(w, db);
    g_assert_true(sv_pool_write_done(app->pool, db, TRUE, &error));
}

static void tear_down(World *w, gconstpointer unused)
{
    sv_workers_free(w->app.workers);
    sv_guard_free(w->app.guard);
    sv_desk_close(w->app.desk);
    sv_audit_close(w->app.audit);
    sv_pool_close(w->app.pool);
    sv_folder_remove(w->dir);
    g_free(w->dir);
    g_free(w->annas);
    g_free(w->olegs);
    g_free(w->roots);
}

/* ── requests ── */

static SvAnswer *ask_with(
    World *w, const char *method, const char *url, const char *const *headers, const char *body)
{
    g_autoptr(SvHttpRequest) request = sv_request_make(method, url, headers, body, body ? strlen(body) : 0);
    g_assert_nonnull(request);
    return sv_dispatch(&w->app, tables, request);
}

static SvAnswer *ask(World *w, const char *method, const char *url, const char *token, const char *body)
{
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
    const char *headers[] = {"Authorization", bearer, NULL};
    return ask_with(w, method, url, token ? headers : NULL, body);
}

static int status_of(World *w, const char *method, const char *url, const char *token, const char *body)
{
    g_autoptr(SvAnswer) answer = ask(w, method, url, token, body);
    return sv_answer_status(answer);
}

static cJSON *json_of(const SvAnswer *answer)
{
    gsize len;
    const char *bytes = sv_answer_bytes(answer, &len);
    cJSON *document = cJSON_ParseWithLength(bytes, len);
    g_assert_nonnull(document);
    return document;
}

/* A path of the template with ids that the world has. */
static char *fill(const World *w, const SvRoute *route)
{
    g_autoptr(GString) path = g_string_new(route->path);
    g_autofree char *client = g_strdup_printf("%" G_GINT64_FORMAT, w->client);
    g_string_replace(path, "{client}", client, 0);
    g_string_replace(path, "{format}", "brief", 0);
    g_string_replace(path, "{message}", "m1", 0);
    g_string_replace(path, "{task}", "0000000000000000", 0);
    g_string_replace(path, "{number}", "+77017214408", 0);
    g_string_replace(path, "{id}", "1", 0);
    g_assert_null(strchr(path->str, '{'));
    if (route->query && strstr(route->query, "q:"))
        g_string_append(path, "?q=a");
    return g_string_free(g_steal_pointer(&path), FALSE);
}

static gboolean has_body(const SvRoute *route)
{
    return strcmp(route->method, "GET") != 0;
}

/* ── who may ── */

static void test_strangers(World *w, gconstpointer unused)
{
    for (const SvRoute *route = sv_api_routes; route->method; route++) {
        g_autofree char *path = fill(w, route);
        if (route->flags & SV_ROUTE_PUBLIC)
            continue;
        g_autoptr(SvAnswer) answer = ask(w, route->method, path, NULL, has_body(route) ? "{}" : NULL);
        g_assert_cmpint(sv_answer_status(answer), ==, 401);
        g_autoptr(cJSON) problem = json_of(answer);
        g_assert_cmpstr(sv_json_string(problem, "type"), ==, "urn:svodka:problem:unauthorized");
        g_assert_cmpint(
            status_of(w, route->method, path, "svodka_0000000000000000000000000000000000000000000", NULL), ==,
            401);
    }
}

static void test_foreign_client(World *w, gconstpointer unused)
{
    for (const SvRoute *route = sv_api_routes; route->method; route++) {
        if (!(route->flags & SV_ROUTE_CLIENT) || (route->flags & SV_ROUTE_ADMIN))
            continue;
        g_autofree char *path = fill(w, route);
        g_autofree char *absent = g_strdup(path);
        g_autoptr(SvAnswer) foreign = ask(w, route->method, path, w->olegs, has_body(route) ? "{}" : NULL);
        g_assert_cmpint(sv_answer_status(foreign), ==, 404);
        char *number = strstr(absent, "/clients/") + 9;
        *number = '9'; /* client 1 → 9: there is none */
        g_autoptr(SvAnswer) none = ask(w, route->method, absent, w->olegs, has_body(route) ? "{}" : NULL);
        g_autoptr(cJSON) a = json_of(foreign);
        g_autoptr(cJSON) b = json_of(none);
        cJSON_DeleteItemFromObject(a, "instance");
        cJSON_DeleteItemFromObject(b, "instance");
        g_assert_true(cJSON_Compare(a, b, TRUE));
    }
}

static void test_admins(World *w, gconstpointer unused)
{
    for (const SvRoute *route = sv_api_routes; route->method; route++) {
        if (!(route->flags & SV_ROUTE_ADMIN))
            continue;
        g_autofree char *path = fill(w, route);
        g_assert_cmpint(status_of(w, route->method, path, w->annas, has_body(route) ? "{}" : NULL), ==, 403);
    }
}

static void test_everything_answers(World *w, gconstpointer unused)
{
    for (const SvRoute *route = sv_api_routes; route->method; route++) {
        if (strcmp(route->path, "/api/v1/erase") == 0)
            continue;
        g_autofree char *path = fill(w, route);
        g_autoptr(SvAnswer) answer = ask(w, route->method, path, w->roots, has_body(route) ? "{}" : NULL);
        g_assert_cmpint(sv_answer_status(answer), <, 500);
        g_assert_cmpint(sv_answer_status(answer), !=, 405);
        if (strcmp(route->method, "GET") == 0 && !strstr(route->path, "/sources/"))
            g_assert_cmpint(sv_answer_status(answer), ==, 200);
        g_assert_cmpstr(sv_answer_get_header(answer, "X-Content-Type-Options"), ==, "nosniff");
        g_assert_true(
            g_str_has_prefix(sv_answer_get_header(answer, "Content-Security-Policy"), "default-src 'none'"));
    }
}

static void test_paths(World *w, gconstpointer unused)
{
    g_assert_cmpint(status_of(w, "GET", "/api/v1/nothing", w->roots, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/", w->roots, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/0", w->roots, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1x", w->roots, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/99999999999999999999", w->roots, NULL), ==, 404);
    g_autoptr(SvAnswer) answer = ask(w, "DELETE", "/api/v1/clients", w->roots, NULL);
    g_assert_cmpint(sv_answer_status(answer), ==, 405);
    g_assert_cmpstr(sv_answer_get_header(answer, "Allow"), ==, "GET, HEAD, POST");
    g_assert_cmpint(status_of(w, "HEAD", "/api/v1/session", w->roots, NULL), ==, 200);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients?limit=0", w->roots, NULL), ==, 400);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients?limit=7&find=x", w->roots, NULL), ==, 200);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1/search", w->roots, NULL), ==, 400);
    g_auto(SvMatch) match = {0};
    sv_match_find(tables, "GET", "/api/v1/clients/7/sources/a/b@c", &match);
    g_assert_cmpint(match.client, ==, 7);
    g_assert_cmpstr(match.parameters[1], ==, "a/b@c");
}

/* ── sessions ── */

static char *cookie_of(const SvAnswer *answer)
{
    const char *header = sv_answer_get_header(answer, "Set-Cookie");
    g_assert_nonnull(header);
    g_assert_nonnull(strstr(header, "HttpOnly; SameSite=Lax"));
    return g_strndup(header, strcspn(header, ";"));
}

static void test_session(World *w, gconstpointer unused)
{
    g_assert_cmpint(
        status_of(w, "POST", "/api/v1/session", NULL, "{\"login\":\"anna\",\"password\":\"wrong one\"}"), ==,
        403);
    g_autoptr(SvAnswer) in =
        ask(w, "POST", "/api/v1/session", NULL, "{\"login\":\"anna\",\"password\":\"" PASSWORD "\"}");
    g_assert_cmpint(sv_answer_status(in), ==, 200);
    g_autofree char *cookie = cookie_of(in);
    g_autoptr(cJSON) me = json_of(in);
    const char *csrf = sv_json_string(me, "csrf"), *path = "/api/v1/clients/1/messages";
    const char *body =
        "{\"id\":\"m1\",\"channel\":\"note\",\"at\":\"2025-11-01T10:00:00+05:00\",\"text\":\"Ждём.\"}";
    const char *bare[] = {"Cookie", cookie, NULL}, *right[] = {"Cookie", cookie, "X-CSRF-Token", csrf, NULL};
    const char *wrong[] = {
        "Cookie", cookie, "X-CSRF-Token", "0000000000000000000000000000000000000000000", NULL};
    const char *elsewhere[] = {"Cookie", cookie, "X-CSRF-Token", csrf, "Sec-Fetch-Site", "cross-site", NULL};
    const char *origin[] = {
        "Cookie", cookie, "X-CSRF-Token", csrf, "Origin", "https://a.example", "Host", "b:80", NULL};
    const char *const *refused[] = {bare, wrong, elsewhere, origin};
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(SvAnswer) answer = ask_with(w, "POST", path, refused[i], body);
        g_assert_cmpint(sv_answer_status(answer), ==, 403);
    }
    g_autoptr(SvAnswer) done = ask_with(w, "POST", path, right, body);
    g_assert_cmpint(sv_answer_status(done), ==, 200);
    g_autoptr(SvAnswer) out = ask_with(w, "DELETE", "/api/v1/session", right, NULL);
    g_assert_cmpint(sv_answer_status(out), ==, 204);
    g_autoptr(SvAnswer) after = ask_with(w, "GET", "/api/v1/session", bare, NULL);
    g_assert_cmpint(sv_answer_status(after), ==, 401);
}

static void test_first(World *w, gconstpointer unused)
{
    w->app.first_code = (char *)"abcd-efgh-jkmn";
    const char *right = "{\"code\":\"abcd-efgh-jkmn\",\"login\":\"x\",\"password\":\"" PASSWORD "\"}";
    g_assert_cmpint(
        status_of(w, "POST", "/api/v1/first", NULL, "{\"code\":\"abcd\",\"login\":\"x\"}"), ==, 403);
    g_assert_cmpint(status_of(w, "POST", "/api/v1/first", NULL, right), ==, 409); /* there are accounts */
    w->app.first_code = NULL;
    g_assert_cmpint(status_of(w, "POST", "/api/v1/first", NULL, right), ==, 403);
}

/* ── messages and summaries ── */

#define NOTE(id, text)                                                                                       \
    "{\"id\":\"" id "\",\"channel\":\"note\",\"at\":\"2025-11-01T10:00:00+05:00\",\"from\":{\"name\":"       \
                    "\"Анна\"},\"text\":\"" text "\"}"

static void check_counts(World *w, const char *body, int added, int changed, int same, int refused)
{
    g_autoptr(SvAnswer) answer = ask(w, "POST", "/api/v1/clients/1/messages", w->annas, body);
    g_assert_cmpint(sv_answer_status(answer), ==, 200);
    g_autoptr(cJSON) document = json_of(answer);
    g_assert_cmpint((int)sv_json_number(document, "added", -1), ==, added);
    g_assert_cmpint((int)sv_json_number(document, "changed", -1), ==, changed);
    g_assert_cmpint((int)sv_json_number(document, "same", -1), ==, same);
    g_assert_cmpint((int)sv_json_number(document, "refused", -1), ==, refused);
}

static void test_messages(World *w, gconstpointer unused)
{
    const char *batch = "[" NOTE("n1", "Пришлём договор до 10 декабря.") "," NOTE(
        "n2", "Бюджет утверждён.") ",{\"id\":\"n3\"},7]";
    check_counts(w, batch, 2, 0, 0, 2);
    check_counts(w, batch, 0, 0, 2, 2);
    check_counts(w, NOTE("n2", "Бюджет урезали."), 0, 1, 0, 0);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1/sources/n2", w->annas, NULL), ==, 200);
    g_assert_cmpint(status_of(w, "DELETE", "/api/v1/clients/1/messages/n2", w->annas, NULL), ==, 204);
    g_assert_cmpint(status_of(w, "DELETE", "/api/v1/clients/1/messages/n2", w->annas, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1/sources/n2", w->annas, NULL), ==, 404);
    g_assert_cmpint(status_of(w, "POST", "/api/v1/clients/1/messages", w->annas, "{"), ==, 422);
}

/* Labels: who does not hold one neither sees the message nor writes over it. */
static void test_labels(World *w, gconstpointer unused)
{
    g_autoptr(SvAnswer) made = ask(w, "POST", "/api/v1/labels", w->roots, "{\"name\":\"legal\"}");
    g_assert_cmpint(sv_answer_status(made), ==, 201);
    check_counts(w, NOTE("n1", "Акционеры продают завод."), 1, 0, 0, 0);
    g_assert_cmpint(
        status_of(w, "PUT", "/api/v1/clients/1/labels/n1", w->annas, "{\"labels\":[\"legal\"]}"), ==, 422);
    g_assert_cmpint(
        status_of(w, "PUT", "/api/v1/clients/1/labels/n1", w->roots, "{\"labels\":[\"legal\"]}"), ==, 204);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1/sources/n1", w->annas, NULL), ==, 404);
    check_counts(w, NOTE("n1", "Другое."), 0, 0, 0, 1);
    g_assert_cmpint(status_of(w, "DELETE", "/api/v1/clients/1/messages/n1", w->annas, NULL), ==, 404);
}

static void test_tags(World *w, gconstpointer unused)
{
    const char *path = "/api/v1/clients/1/summaries/brief";
    g_autofree char *bearer = g_strconcat("Bearer ", w->annas, NULL);
    check_counts(w, NOTE("n1", "Пришлём договор до 10 декабря."), 1, 0, 0, 0);
    g_autoptr(SvAnswer) first = ask(w, "GET", path, w->annas, NULL);
    g_autoptr(SvAnswer) second = ask(w, "GET", path, w->annas, NULL);
    g_assert_true(first == second); /* the very same answer is given again */
    g_assert_cmpstr(sv_answer_get_header(first, "Cache-Control"), ==, "private, no-cache");
    const char *headers[] = {
        "Authorization", bearer, "If-None-Match", sv_answer_get_header(first, "ETag"), NULL};
    g_autoptr(SvAnswer) same = ask_with(w, "GET", path, headers, NULL);
    g_assert_cmpint(sv_answer_status(same), ==, 304);
    check_counts(w, NOTE("n1", "Пришлём договор до 20 декабря."), 0, 1, 0, 0);
    g_autoptr(SvAnswer) changed = ask_with(w, "GET", path, headers, NULL);
    g_assert_cmpint(sv_answer_status(changed), ==, 200);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1/summaries/none", w->annas, NULL), ==, 404);
}

static void test_audit(World *w, gconstpointer unused)
{
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1", w->olegs, NULL), ==, 404);
    g_assert_cmpint(
        status_of(w, "GET", "/api/v1/clients/1/search?q=%D1%81%D0%BD%D0%BE%D1%81", w->annas, NULL), ==, 200);
    g_autoptr(SvAnswer) answer = ask(w, "GET", "/api/v1/audit", w->roots, NULL);
    gsize len;
    const char *lines = sv_answer_bytes(answer, &len);
    g_assert_nonnull(strstr(lines, "\"card.read\""));
    g_assert_nonnull(strstr(lines, "404"));
    g_assert_nonnull(strstr(lines, "\"search\""));
    g_assert_null(strstr(lines, "снос"));
    g_autoptr(SvAnswer) check = ask(w, "GET", "/api/v1/audit/check", w->roots, NULL);
    g_autoptr(cJSON) document = json_of(check);
    g_assert_true(cJSON_IsTrue(cJSON_GetObjectItem(document, "holds")));
}

static void test_people(World *w, gconstpointer unused)
{
    const char *user =
        "{\"login\":\"eva\",\"role\":\"head\",\"team\":\"север\",\"password\":\"" PASSWORD "\"}";
    g_assert_cmpint(status_of(w, "POST", "/api/v1/users", w->roots, user), ==, 201);
    g_assert_cmpint(status_of(w, "POST", "/api/v1/users", w->roots, user), ==, 409);
    g_assert_cmpint(status_of(w, "PATCH", "/api/v1/users/4", w->roots, "{\"disabled\":true}"), ==, 204);
    g_assert_cmpint(status_of(w, "PATCH", "/api/v1/users/44", w->roots, "{\"disabled\":true}"), ==, 404);
    g_assert_cmpint(
        status_of(w, "PATCH", "/api/v1/clients/1", w->roots, "{\"readers\":[\"oleg\"]}"), ==, 204);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1", w->olegs, NULL), ==, 200);
    g_assert_cmpint(status_of(w, "PATCH", "/api/v1/clients/1", w->roots, "{\"readers\":[]}"), ==, 204);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/1", w->olegs, NULL), ==, 404);
    g_assert_cmpint(
        status_of(w, "POST", "/api/v1/clients", w->roots, "{\"external\":\"n2\",\"owner\":\"oleg\"}"), ==,
        201);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/2", w->olegs, NULL), ==, 200);
    g_assert_cmpint(status_of(w, "POST", "/api/v1/erase", w->roots, "{\"client\":2}"), ==, 200);
    g_assert_cmpint(status_of(w, "GET", "/api/v1/clients/2", w->olegs, NULL), ==, 404);
}

/* What is remembered of a reader ends with the commit that changes it, whoever commits. */
static void test_rights_at_once(World *w, gconstpointer unused)
{
    const char *path = "/api/v1/clients/1/summaries/brief";
    g_autoptr(GError) error = NULL;
    g_autoptr(SvDb) other = sv_db_open(sv_pool_where(w->app.pool), TRUE, &error);
    g_assert_no_error(error);
    for (int i = 0; i < 20; i++) {
        g_assert_cmpint(status_of(w, "GET", path, w->annas, NULL), ==, 200);
        g_assert_cmpint(status_of(w, "GET", path, w->annas, NULL), ==, 200);
        g_assert_true(sv_client_assign(other, w->client, 0, -1, &error));
        g_assert_cmpint(status_of(w, "GET", path, w->annas, NULL), ==, 404);
        g_assert_true(sv_client_assign(other, w->client, w->anna, -1, &error));
    }
    g_assert_cmpint(status_of(w, "GET", path, w->annas, NULL), ==, 200);
    g_autofree char *bearer = g_strconcat("svodka=", w->annas, NULL);
    const char *headers[] = {"Cookie", bearer, NULL}; /* a token is no session */
    g_autoptr(SvAnswer) answer = ask_with(w, "GET", path, headers, NULL);
    g_assert_cmpint(sv_answer_status(answer), ==, 401);
    g_assert_true(sv_account_set_disabled(other, w->anna, TRUE, &error));
    g_assert_cmpint(status_of(w, "GET", path, w->annas, NULL), ==, 401);
}

static void test_files(World *w, gconstpointer unused)
{
    g_autofree char *bearer = g_strconcat("Bearer ", w->roots, NULL);
    const char *headers[] = {
        "Authorization", bearer, "Content-Type", "multipart/form-data; boundary=x", NULL};
    const char *body =
        "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"notes.csv\"\r\n\r\n"
        "id,created_at,author,text\n1,2025-11-01T10:00:00+05:00,Анна,Пришлём договор до 10 декабря.\n"
        "\r\n--x--\r\n";
    g_autoptr(SvAnswer) tried = ask_with(w, "POST", "/api/v1/try", headers, body);
    g_assert_cmpint(sv_answer_status(tried), ==, 200);
    g_autoptr(cJSON) document = json_of(tried);
    g_assert_cmpint(cJSON_GetArraySize(sv_json_array(document, "summaries")), >, 2);
    g_autoptr(SvAnswer) imported = ask_with(w, "POST", "/api/v1/imports?client=nasos", headers, body);
    g_assert_cmpint(sv_answer_status(imported), ==, 200);
    g_autoptr(cJSON) counts = json_of(imported);
    g_assert_cmpint((int)sv_json_number(counts, "added", 0), ==, 1);
    g_assert_cmpint((int)sv_json_number(counts, "client", 0), ==, 1);
}

/* ── the description ── */

/* Every "$ref" below leads somewhere; without recursion. */
static void check_references(cJSON *root)
{
    g_autoptr(GPtrArray) todo = g_ptr_array_new();
    g_ptr_array_add(todo, root);
    const cJSON *schemas = sv_json_object(sv_json_object(root, "components"), "schemas");
    while (todo->len) {
        cJSON *node = g_ptr_array_steal_index_fast(todo, todo->len - 1);
        for (cJSON *child = node->child; child; child = child->next) {
            g_ptr_array_add(todo, child);
            if (!child->string || strcmp(child->string, "$ref") != 0)
                continue;
            g_assert_true(g_str_has_prefix(child->valuestring, "#/components/schemas/"));
            const char *name = child->valuestring + strlen("#/components/schemas/");
            if (!cJSON_HasObjectItem(schemas, name))
                g_error("there is no schema %s", name);
        }
    }
}

static void test_openapi(void)
{
    g_autofree char *text = sv_openapi(tables);
    g_autoptr(cJSON) document = cJSON_Parse(text);
    const cJSON *paths = sv_json_object(document, "paths");
    for (const SvRoute *route = sv_api_routes; route->method; route++) {
        g_autofree char *method = g_ascii_strdown(route->method, -1);
        g_assert_nonnull(sv_json_object(sv_json_object(paths, route->path), method));
        g_assert_true(
            !(route->flags & SV_ROUTE_CLIENT) || route->action); /* whoever looks at a client is on record */
        g_assert_true(!(route->flags & SV_ROUTE_WRITE) || route->action);
        g_assert_true((strcmp(route->method, "GET") == 0) != ((route->flags & SV_ROUTE_WRITE) != 0));
    }
    check_references(document);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    setlocale(LC_CTYPE, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    sv_password_cost(1, 8 << 10);
    engine = sv_engine_open(g_getenv("SVODKA_DATA"), &error);
    g_assert_no_error(error);
    formats = sv_formats_open(NULL, &error);
    g_assert_no_error(error);
    static const struct {
        const char *name;
        void (*run)(World *w, gconstpointer unused);
    } tests[] = {{"strangers", test_strangers}, {"foreign-client", test_foreign_client},
        {"admins", test_admins}, {"everything-answers", test_everything_answers}, {"paths", test_paths},
        {"session", test_session}, {"first", test_first}, {"messages", test_messages},
        {"labels", test_labels}, {"tags", test_tags}, {"audit", test_audit}, {"people", test_people},
        {"rights-at-once", test_rights_at_once}, {"files", test_files}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/api/", tests[i].name, NULL);
        g_test_add(path, World, NULL, set_up, tests[i].run, tear_down);
    }
    g_test_add_func("/api/openapi", test_openapi);
    int failed = g_test_run();
    sv_formats_close(formats);
    sv_engine_close(engine);
    return failed;
}
