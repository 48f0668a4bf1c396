/* Tests of requests made of their parts: targets, queries, cookies, forms, files, conditional answers;
 * hostile ones from tests/fixtures/broken/http_target and http_form. */
#include "http_parts.h"
#include <string.h>

static SvHttpRequest *get(const char *url)
{
    return sv_request_make("GET", url, NULL, NULL, 0);
}

static void test_path(void)
{
    static const char *const cases[][2] = {
        {"/", "/"},
        {"/api/v1/clients/7", "/api/v1/clients/7"},
        {"/%D0%B0/b%20c", "/а/b c"},
        {"/а", "/а"},
        {"/%2541", "/%41"},
        {"/a+b", "/a+b"},
        {"/100%", "/100%"},
        {"/x?y", "/x"},
        {"http://host/x?y", "/x"},
        {"HTTPS://host:1/x", "/x"},
        {"/...", "/..."},
        {"/.well-known/x", "/.well-known/x"},
        {"", NULL},
        {"*", NULL},
        {"x", NULL},
        {"http://host", NULL},
        {"/a/..", NULL},
        {"/../a", NULL},
        {"/%2e%2e/a", NULL},
        {"/a/./b", NULL},
        {"/a%2f..", NULL},
        {"/a%00", NULL},
        {"/a%1f", NULL},
        {"/%FF", NULL},
        {"/\xff", NULL},
        {"/a b", NULL},
        {"/a#b", NULL},
        {"/?q=%FF", NULL},
        {"/?q=%00", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SvHttpRequest) request = get(cases[i][0]);
        g_assert_cmpstr(request ? sv_request_path(request) : NULL, ==, cases[i][1]);
    }
    g_autofree char *tail = g_strnfill(3000, 'x'), *url = g_strconcat("/", tail, "?a=", tail, NULL);
    g_autoptr(SvHttpRequest) longer = get(url);
    g_assert_cmpuint(strlen(sv_request_path(longer)), ==, 3001);
    g_assert_cmpstr(sv_request_query(longer, "a"), ==, tail);
}

static void test_query(void)
{
    g_autoptr(SvHttpRequest) request = get("/?a=1&b=%D0%B0+x%2B&a=2&c&=5&d=&&e=x=y");
    g_assert_cmpstr(sv_request_query(request, "a"), ==, "1");
    g_assert_cmpstr(sv_request_query(request, "b"), ==, "а x+");
    g_assert_cmpstr(sv_request_query(request, "c"), ==, "");
    g_assert_cmpstr(sv_request_query(request, ""), ==, "5");
    g_assert_cmpstr(sv_request_query(request, "d"), ==, "");
    g_assert_cmpstr(sv_request_query(request, "e"), ==, "x=y");
    g_assert_null(sv_request_query(request, "A"));
    const char *name, *value;
    g_assert_true(sv_request_query_at(request, 2, &name, &value));
    g_assert_cmpstr(name, ==, "a");
    g_assert_cmpstr(value, ==, "2");
    g_assert_false(sv_request_query_at(request, 7, &name, &value));
}

static void test_cookies(void)
{
    const char *headers[] = {"host", "x", "COOKIE", "a=1; sid=\"q w\" ;b = 2;c;d=;  =5; a=9", NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("HEAD", "/", headers, NULL, 0);
    g_assert_cmpstr(sv_request_method(request), ==, "GET");
    g_assert_cmpstr(sv_request_header(request, "Host"), ==, "x");
    g_assert_cmpstr(sv_request_cookie(request, "a"), ==, "1");
    g_assert_cmpstr(sv_request_cookie(request, "sid"), ==, "q w");
    g_assert_cmpstr(sv_request_cookie(request, "b"), ==, "2");
    g_assert_cmpstr(sv_request_cookie(request, "d"), ==, "");
    g_assert_null(sv_request_cookie(request, "c"));
    g_assert_null(sv_request_cookie(request, ""));
    g_assert_cmpstr(sv_request_peer(request), ==, "127.0.0.1");
    g_assert_false(sv_request_secure(request));
    g_autoptr(SvHttpRequest) none = get("/");
    g_assert_null(sv_request_cookie(none, "a"));
}

static void test_proxy(void)
{
    const char *headers[] = {"X-Forwarded-For", "6.6.6.6, 10.1.2.3", "X-Forwarded-Proto", "https", NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("GET", "/", headers, NULL, 0);
    g_assert_cmpstr(sv_request_peer(request), ==, "127.0.0.1");
    g_assert_false(sv_request_secure(request));
    g_autoptr(SvHttpRequest) trusting = sv_request_make("GET", "/", headers, NULL, 0);
    trusting->trust_proxy = TRUE;
    g_assert_cmpstr(sv_request_peer(trusting), ==, "10.1.2.3");
    g_assert_true(sv_request_secure(trusting));
    const char *nonsense[] = {"X-Forwarded-For", "10.1.2.3, <script>", NULL};
    g_autoptr(SvHttpRequest) odd = sv_request_make("GET", "/", nonsense, NULL, 0);
    odd->trust_proxy = TRUE;
    g_assert_cmpstr(sv_request_peer(odd), ==, "127.0.0.1");
}

static SvHttpRequest *post(const char *type, const char *body, gsize len)
{
    const char *headers[] = {"Content-Type", type, NULL};
    return sv_request_make("POST", "/", headers, body, len);
}

static void test_urlencoded(void)
{
    const char body[] = "name=%D0%90%D0%BD%D1%8F&x=1+2&bad=%FF&y=3";
    g_autoptr(SvHttpRequest) request =
        post("application/x-www-form-urlencoded; charset=utf-8", body, sizeof body - 1);
    g_assert_cmpstr(sv_request_field(request, "name"), ==, "Аня");
    g_assert_cmpstr(sv_request_field(request, "x"), ==, "1 2");
    g_assert_cmpstr(sv_request_field(request, "y"), ==, "3");
    g_assert_null(sv_request_field(request, "bad"));
    const char *name, *bytes;
    gsize len;
    g_assert_false(sv_request_file(request, 0, &name, &bytes, &len));
    g_assert_cmpmem(sv_request_body(request, &len), len, body, sizeof body - 1);
    g_autoptr(SvHttpRequest) json = post("application/json", "{\"name\":1}", 10);
    g_assert_null(sv_request_field(json, "name"));
}

#define PART(headers, content) "--b 1\r\nContent-Disposition: form-data; " headers "\r\n\r\n" content "\r\n"

static void test_multipart(void)
{
    static const char body[] =
        "preamble\r\n" PART("name=\"csrf\"", "токен") PART("name=\"empty\"; filename=\"\"", "")
            PART("name=\"files\"; filename=\"dir/переписка \\\"1\\\".eml\"\r\nContent-Type: message/rfc822",
                "From: a\r\n\r\n\0--b 2\r\n") PART("name=note", "")
                PART("filename=\"C:\\mail\\x%22.zip\"; name=\"files\"", "PK")
                    PART("name=\"files\"; filename=\"_.txt\"; filename*=UTF-8''%D0%B0.txt",
                        "") "--b 1--\r\nepilogue";
    g_autoptr(SvHttpRequest) request =
        post("Multipart/Form-Data; charset=x; boundary=\"b 1\"", body, sizeof body - 1);
    g_assert_cmpstr(sv_request_field(request, "csrf"), ==, "токен");
    g_assert_cmpstr(sv_request_field(request, "note"), ==, "");
    g_assert_null(sv_request_field(request, "files"));
    g_assert_null(sv_request_field(request, "empty"));
    const char *name, *bytes;
    gsize len;
    g_assert_true(sv_request_file(request, 0, &name, &bytes, &len));
    g_assert_cmpstr(name, ==, "переписка \"1\".eml");
    g_assert_cmpmem(bytes, len, "From: a\r\n\r\n\0--b 2\r\n", 19);
    g_assert_true(sv_request_file(request, 1, &name, &bytes, &len));
    g_assert_cmpstr(name, ==, "x\".zip");
    g_assert_cmpmem(bytes, len, "PK", 2);
    g_assert_true(sv_request_file(request, 2, &name, &bytes, &len));
    g_assert_cmpstr(name, ==, "а.txt");
    g_assert_cmpuint(len, ==, 0);
    g_assert_false(sv_request_file(request, 3, &name, &bytes, &len));
}

/* ── conditional answers ── */

static void check_conditional(const char *asked, gboolean is_304)
{
    g_autoptr(SvAnswer) whole = sv_answer_new(200, "text/plain", "hello", 5);
    sv_answer_header(whole, "ETag", "\"v1\"");
    sv_answer_header(whole, "Vary", "Cookie");
    const char *headers[] = {"If-None-Match", asked, NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("GET", "/", asked ? headers : NULL, NULL, 0);
    g_autoptr(SvAnswer) answer = sv_answer_conditional(request, sv_answer_ref(whole));
    g_assert_cmpint(sv_answer_status(answer), ==, is_304 ? 304 : 200);
    g_assert_cmpstr(sv_answer_get_header(answer, "ETag"), ==, "\"v1\"");
    g_assert_cmpstr(sv_answer_get_header(answer, "Vary"), ==, "Cookie");
    gsize len;
    sv_answer_bytes(answer, &len);
    g_assert_cmpuint(len, ==, is_304 ? 0 : 5);
    g_autoptr(SvAnswer) again = sv_answer_conditional(request, sv_answer_ref(whole));
    g_assert_true(again == answer);
}

static void test_conditional(void)
{
    check_conditional(NULL, FALSE);
    check_conditional("\"v1\"", TRUE);
    check_conditional("W/\"v1\"", TRUE);
    check_conditional("\"v0\", \"v1\"", TRUE);
    check_conditional("*", TRUE);
    check_conditional("\"v2\"", FALSE);
    check_conditional("v1", FALSE);
    check_conditional("\"v1", FALSE);
    check_conditional("\"xv1\"", FALSE);
    g_autoptr(SvAnswer) missing = sv_answer_new(404, "text/plain", "no", 2);
    sv_answer_header(missing, "X-A", "a\r\nX-B: c");
    g_assert_null(sv_answer_get_header(missing, "X-A"));
    const char *headers[] = {"If-None-Match", "*", NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("GET", "/", headers, NULL, 0);
    g_autoptr(SvAnswer) answer = sv_answer_conditional(request, sv_answer_ref(missing));
    g_assert_true(answer == missing);
}

/* ── hostile ── */

typedef void (*Try)(const char *bytes, gsize len);

static guint each_broken(const char *kind, Try run)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "broken", kind, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    guint n = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
        gsize len;
        g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
        g_autofree char *exact = g_memdup2(bytes, MAX(len, 1)); /* no NUL behind it */
        run(exact, len);
        n++;
    }
    return n;
}

static void try_target(const char *bytes, gsize len)
{
    const char *newline = memchr(bytes, '\n', len);
    g_autofree char *target = g_strndup(bytes, newline ? (gsize)(newline - bytes) : len);
    const char *rest = newline ? newline + 1 : bytes + len, *end = bytes + len;
    newline = memchr(rest, '\n', (gsize)(end - rest));
    g_autofree char *cookie = g_strndup(rest, (gsize)((newline ? newline : end) - rest));
    rest = newline ? newline + 1 : end;
    const char *headers[] = {"Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded", NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("POST", target, headers, rest, (gsize)(end - rest));
    if (!request)
        request = sv_request_make("POST", "/", headers, rest, (gsize)(end - rest));
    g_assert_true(g_utf8_validate(sv_request_path(request), -1, NULL));
    g_assert_null(strstr(sv_request_path(request), "/../"));
    const char *name, *value;
    for (guint i = 0; sv_request_query_at(request, i, &name, &value); i++)
        g_assert_true(i < SV_HTTP_PAIRS && g_utf8_validate(value, -1, NULL));
    sv_request_cookie(request, "sid");
    sv_request_field(request, "a");
    for (guint i = 0; request->cookies.list && i < request->cookies.list->len; i++)
        g_assert_true(g_utf8_validate(g_array_index(request->cookies.list, SvPair, i).value, -1, NULL));
}

static void try_form(const char *bytes, gsize len)
{
    const char *newline = memchr(bytes, '\n', len), *end = bytes + len;
    g_autofree char *type = g_strndup(bytes, newline ? (gsize)(newline - bytes) : len);
    const char *body = newline ? newline + 1 : end;
    g_autoptr(GPtrArray) parts = sv_form_parse(type, body, (gsize)(end - body));
    g_assert_cmpuint(parts->len, <=, SV_HTTP_PARTS);
    for (guint i = 0; i < parts->len; i++) {
        const SvPart *part = parts->pdata[i];
        g_assert_true(g_utf8_validate(part->name, -1, NULL));
        g_assert_true(!part->value || g_utf8_validate(part->value, -1, NULL));
        g_assert_true(!part->file || (g_utf8_validate(part->file, -1, NULL) && !strpbrk(part->file, "/\\")));
        g_assert_true(part->bytes >= body && part->bytes + part->len <= end);
    }
}

static void test_broken(void)
{
    g_assert_cmpuint(each_broken("http_target", try_target), >=, 14);
    g_assert_cmpuint(each_broken("http_form", try_form), >=, 16);
}

/* Twice the input must not cost four times. */
static void test_cost(void)
{
    g_autoptr(GString) body = g_string_new(NULL);
    for (guint i = 0; i < 400000; i++)
        g_string_append(body, "\r\n--X");
    gint64 begun = g_get_monotonic_time();
    g_autoptr(GPtrArray) parts = sv_form_parse("multipart/form-data; boundary=XY", body->str, body->len);
    g_autoptr(GPtrArray) more = sv_form_parse("multipart/form-data; boundary=X", body->str, body->len);
    g_assert_cmpuint(parts->len + more->len, ==, 0);
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 0; i < 20 * SV_HTTP_PARTS; i++)
        g_string_append(many, PART("name=\"a\"", "1"));
    g_autoptr(GPtrArray) most = sv_form_parse("multipart/form-data; boundary=\"b 1\"", many->str, many->len);
    g_assert_cmpuint(most->len, ==, SV_HTTP_PARTS);
    g_autofree char *semicolons = g_strnfill(1 << 20, ';');
    SvPairs pairs = {0};
    sv_pairs_parse_cookies(&pairs, semicolons);
    sv_pairs_clear(&pairs);
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 2 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/path", test_path);
    g_test_add_func("/http/query", test_query);
    g_test_add_func("/http/cookies", test_cookies);
    g_test_add_func("/http/proxy", test_proxy);
    g_test_add_func("/http/urlencoded", test_urlencoded);
    g_test_add_func("/http/multipart", test_multipart);
    g_test_add_func("/http/conditional", test_conditional);
    g_test_add_func("/http/broken", test_broken);
    g_test_add_func("/http/cost", test_cost);
    return g_test_run();
}
