/* Tests of the server over sockets: requests of tests/fixtures/http/requests.tsv whole and byte by byte,
 * keep-alive, bodies, limits of time and size, HEAD and 304, streams, closing. */
#include "http.h"
#include "error.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_BODY (100u << 10)

typedef struct {
    SvHttpServer *server;
    SvAnswer *hello;
    gint streams; /* whose data is not freed yet */
} World;

static char *tick(gpointer data, int *wait_ms)
{
    guint *n = data;
    *wait_ms = *n < 5 ? 20 : -1;
    return *n < 6 ? g_strdup_printf("data: %u\n\n", (*n)++) : NULL;
}

static char *silence(gpointer data, int *wait_ms)
{
    *wait_ms = 60000;
    return NULL;
}

static World *counted;

static void free_stream(gpointer data)
{
    g_atomic_int_add(&counted->streams, -1);
    g_free(data);
}

static SvAnswer *stream(World *world, SvEvents next)
{
    g_atomic_int_inc(&world->streams);
    return sv_answer_events(next, g_new0(guint, 1), free_stream);
}

static SvAnswer *answer(SvHttpRequest *request, gpointer data)
{
    World *world = data;
    const char *path = sv_request_path(request);
    gsize len;
    const char *body = sv_request_body(request, &len);
    if (strcmp(path, "/hello") == 0)
        return sv_answer_conditional(request, sv_answer_ref(world->hello));
    if (strcmp(path, "/echo") == 0)
        return sv_answer_new(200, "text/plain", body, len);
    if (strcmp(path, "/look") == 0) {
        const char *cookie = sv_request_cookie(request, "sid"), *field = sv_request_field(request, "f");
        char *text =
            g_strdup_printf("%s %s %s %s %s", sv_request_method(request), sv_request_query(request, "q"),
                cookie ? cookie : "-", field ? field : "-", sv_request_peer(request));
        return sv_answer_take(200, "text/plain", text, strlen(text));
    }
    if (strcmp(path, "/ticks") == 0)
        return stream(world, tick);
    if (strcmp(path, "/silence") == 0)
        return stream(world, silence);
    if (strcmp(path, "/work") == 0) {
        g_usleep(300 * 1000);
        return sv_answer_new(200, "text/plain", "done", 4);
    }
    return sv_answer_new(404, "text/plain", "no", 2);
}

static void setup(World *world, gconstpointer data)
{
    counted = world;
    world->hello = sv_answer_new(200, "text/plain", "hello", 5);
    sv_answer_header(world->hello, "ETag", "\"1\"");
    SvHttpOptions options = {
        .address = "127.0.0.1", .max_body = MAX_BODY, .request_s = 1, .trust_proxy = TRUE};
    g_autoptr(GError) error = NULL;
    world->server = sv_http_open(&options, answer, world, &error);
    g_assert_no_error(error);
}

static void teardown(World *world, gconstpointer data)
{
    sv_http_close(world->server);
    sv_answer_unref(world->hello);
    g_assert_cmpint(g_atomic_int_get(&world->streams), ==, 0);
}

/* ── a peer ── */

static int go_in(const World *world)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((guint16)sv_http_port(world->server))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int peer = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = 5};
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    g_assert_cmpint(connect(peer, (struct sockaddr *)&to, sizeof to), ==, 0);
    return peer;
}

static void say(int peer, const char *bytes, gsize len)
{
    while (len > 0) {
        gssize n = send(peer, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes += n;
        len -= (gsize)n;
    }
}

/* Reads until the server closes; NULL when it does not within the patience. */
static char *hear_all(int peer)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    char piece[4096];
    gssize n;
    while ((n = recv(peer, piece, sizeof piece, 0)) > 0)
        g_string_append_len(heard, piece, n);
    return n == 0 || heard->len ? g_string_free(g_steal_pointer(&heard), FALSE) : NULL;
}

/* Reads one answer with a length (or none, for HEAD and 304); whole, with its head. */
static char *hear_one(int peer, gboolean no_body)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    char byte;
    while (!strstr(heard->str, "\r\n\r\n") && recv(peer, &byte, 1, 0) == 1)
        g_string_append_c(heard, byte);
    const char *length = strstr(heard->str, "Content-Length: ");
    guint64 n = length && !no_body ? g_ascii_strtoull(length + 16, NULL, 10) : 0;
    while (n-- > 0 && recv(peer, &byte, 1, 0) == 1)
        g_string_append_c(heard, byte);
    return g_string_free(g_steal_pointer(&heard), FALSE);
}

static char *body_of(const char *heard)
{
    const char *body = strstr(heard, "\r\n\r\n");
    return g_strdup(body ? body + 4 : "");
}

static char *ask(const World *world, const char *request)
{
    int peer = go_in(world);
    say(peer, request, strlen(request));
    char *heard = hear_one(peer, FALSE);
    close(peer);
    return heard;
}

static int status_of(const char *heard)
{
    return heard && g_str_has_prefix(heard, "HTTP/1.1 ") ? (int)g_ascii_strtoll(heard + 9, NULL, 10) : 0;
}

/* ── the table ── */

static GString *unescape(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++) {
        if (*text != '\\') {
            g_string_append_c(out, *text);
            continue;
        }
        text++;
        if (*text == 'x') {
            g_string_append_c(
                out, (char)(g_ascii_xdigit_value(text[1]) << 4 | g_ascii_xdigit_value(text[2])));
            text += 2;
        } else {
            g_string_append_c(out, *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text == 't' ? '\t' : '\0');
        }
    }
    return out;
}

static void check_row(const World *world, char **cells, gboolean slowly)
{
    g_autoptr(GString) request = unescape(cells[2]);
    int peer = go_in(world), wanted = atoi(cells[0]);
    gboolean refused = wanted == 0 || (wanted >= 400 && wanted != 404);
    for (gsize i = 0; i < request->len; i += slowly ? 1 : request->len)
        say(peer, request->str + i, slowly ? 1 : request->len);
    g_autofree char *heard = refused ? hear_all(peer) : hear_one(peer, strstr(cells[2], "HEAD ") == cells[2]);
    if (status_of(heard) != wanted) {
        g_test_message("%s: %d for %d: %s", cells[1], status_of(heard), wanted, heard ? heard : "not closed");
        g_test_fail();
    }
    close(peer);
}

static void test_table(World *world, gconstpointer slowly)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests", "fixtures", "http", "requests.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0;
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 3);
        if (**line == '#' || g_strv_length(cells) != 3)
            continue;
        check_row(world, cells, GPOINTER_TO_INT(slowly));
        n++;
    }
    g_assert_cmpuint(n, >, 70);
    SvHttpCounts counts;
    sv_http_counts(world->server, &counts);
    g_assert_cmpuint(counts.refused, >, 45);
}

/* ── ordinary life ── */

static void test_keep_alive(World *world, gconstpointer data)
{
    int peer = go_in(world);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *request = g_strdup_printf(
            "POST /look?q=%%D0%%B0%u HTTP/1.1\r\nHost: x\r\nCookie: a=1; sid=s%u\r\n"
            "X-Forwarded-For: 10.0.0.%u\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 5\r\n\r\nf=%%4%u",
            i, i, i, i);
        g_autofree char *wanted = g_strdup_printf("POST а%u s%u %c 10.0.0.%u", i, i, (int)('@' + i), i);
        say(peer, request, strlen(request));
        g_autofree char *heard = hear_one(peer, FALSE), *body = body_of(heard);
        g_assert_cmpstr(body, ==, wanted);
    }
    static const char two[] =
        "GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    say(peer, two, sizeof two - 1);
    g_autofree char *first = hear_one(peer, FALSE), *second = hear_one(peer, FALSE);
    g_assert_cmpint(status_of(first), ==, 200);
    g_assert_cmpint(status_of(second), ==, 404);
    close(peer);
}

static void test_head_and_304(World *world, gconstpointer data)
{
    int peer = go_in(world);
    static const char head[] = "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    static const char same[] = "GET /hello HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"1\"\r\n\r\n";
    static const char other[] = "GET /hello HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"2\"\r\n\r\n";
    for (guint i = 0; i < 2; i++) {
        say(peer, head, sizeof head - 1);
        g_autofree char *first = hear_one(peer, TRUE);
        g_assert_cmpint(status_of(first), ==, 200);
        g_assert_nonnull(strstr(first, "Content-Length: 5\r\n"));
        say(peer, same, sizeof same - 1);
        g_autofree char *second = hear_one(peer, TRUE);
        g_assert_cmpint(status_of(second), ==, 304);
        g_assert_nonnull(strstr(second, "ETag: \"1\"\r\n"));
        say(peer, other, sizeof other - 1);
        g_autofree char *third = hear_one(peer, FALSE);
        g_assert_cmpint(status_of(third), ==, 200);
        g_assert_true(g_str_has_suffix(third, "\r\n\r\nhello"));
    }
    close(peer);
}

static void check_body(World *world, gsize len, int wanted)
{
    g_autofree char *body = g_strnfill(len, 'b');
    g_autofree char *head =
        g_strdup_printf("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n", len);
    int peer = go_in(world);
    say(peer, head, strlen(head));
    say(peer, body, len);
    g_autofree char *heard = hear_one(peer, FALSE), *echo = body_of(heard);
    g_assert_cmpint(status_of(heard), ==, wanted);
    if (wanted == 200)
        g_assert_cmpstr(echo, ==, body);
    else
        g_assert_nonnull(strstr(heard, "Connection: close\r\n"));
    close(peer);
}

static void test_bodies(World *world, gconstpointer data)
{
    check_body(world, 1, 200);
    check_body(world, 20000, 200);
    check_body(world, MAX_BODY, 200);
    check_body(world, MAX_BODY + 1, 413);
    check_body(world, 5u << 20, 413); /* passed over, so that the peer reads why */
}

/* Headers of every size up to the limit are read, also when they come in pieces; beyond, 431 or 414. */
static void test_headers(World *world, gconstpointer data)
{
    for (gsize size = 50; size < 60000; size = size * 3 / 2) {
        g_autofree char *value = g_strnfill(size, 'v');
        g_autofree char *request =
            g_strdup_printf("GET /hello HTTP/1.1\r\nHost: x\r\nX-A: b\r\nX-V: %s\r\nX-B: c\r\n\r\n", value);
        int peer = go_in(world);
        for (gsize at = 0, len = strlen(request); at < len; at += 1000)
            say(peer, request + at, MIN(1000, len - at));
        g_autofree char *heard = hear_one(peer, FALSE);
        g_assert_cmpint(status_of(heard), ==, size < 12000 ? 200 : status_of(heard) == 200 ? 200 : 431);
        g_assert_true(size < 20000 || status_of(heard) == 431);
        close(peer);
    }
    g_autofree char *path = g_strnfill(40000, 'p');
    g_autofree char *request = g_strdup_printf("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    g_autofree char *heard = ask(world, request);
    g_assert_cmpint(status_of(heard), ==, 414);
}

/* ── time ── */

static void check_closed(World *world, const char *begin, double from_s, double to_s)
{
    int peer = go_in(world);
    gint64 begun = g_get_monotonic_time();
    say(peer, begin, strlen(begin));
    g_autofree char *heard = hear_all(peer);
    g_assert_cmpstr(heard, ==, "");
    double seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
    g_assert_cmpfloat(seconds, >, from_s);
    g_assert_cmpfloat(seconds, <, to_s);
    close(peer);
}

static void test_deadline(World *world, gconstpointer data)
{
    check_closed(world, "", 0.9, 3);
    check_closed(world, "GET /hello HTTP/1.1\r\nHost:", 0.9, 3);
    check_closed(world, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", 0.9, 3);
    SvHttpCounts counts;
    sv_http_counts(world->server, &counts);
    g_assert_cmpuint(counts.closed_slow, ==, 3);
}

/* Nobody else's business: one thread's worth of peers that say nothing, several times over. */
static void test_crowd(World *world, gconstpointer data)
{
    int crowd[1500];
    for (guint i = 0; i < G_N_ELEMENTS(crowd); i++) {
        crowd[i] = go_in(world);
        if (i % 3)
            say(crowd[i], "GET /hello HTTP/1.1\r\n", 21);
    }
    for (guint i = 0; i < 20; i++) {
        gint64 begun = g_get_monotonic_time();
        g_autofree char *heard = ask(world, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        g_assert_cmpint(status_of(heard), ==, 200);
        g_assert_cmpint(g_get_monotonic_time() - begun, <, 2 * G_USEC_PER_SEC);
    }
    for (guint i = 0; i < G_N_ELEMENTS(crowd); i++)
        close(crowd[i]);
}

/* ── streams ── */

static void test_stream(World *world, gconstpointer data)
{
    int peer = go_in(world);
    gint64 begun = g_get_monotonic_time();
    say(peer, "GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n", 32);
    say(peer, "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 51);
    g_autofree char *heard = hear_all(peer);
    g_assert_nonnull(strstr(heard, "Content-Type: text/event-stream\r\n"));
    g_assert_nonnull(strstr(heard, "data: 0\n\n"));
    g_assert_nonnull(strstr(heard, "data: 5\n\n"));
    g_assert_null(strstr(heard, "data: 6\n\n"));
    g_assert_true(g_str_has_suffix(heard, "hello")); /* the connection went on */
    g_assert_cmpint(g_get_monotonic_time() - begun, >=, 100 * 1000);
    close(peer);
}

/* Many streams wait at once; half of the connections at most are streams. */
static void test_streams(World *world, gconstpointer data)
{
    guint cores = g_get_num_processors(), most = MAX(4, cores * 3 / 2) * 120 / 2, begun = 0, refused = 0;
    most = MIN(most, 900);
    g_autofree int *peers = g_new(int, most + 10);
    for (guint i = 0; i < most + 10; i++) {
        peers[i] = go_in(world);
        say(peers[i], "GET /silence HTTP/1.1\r\nHost: x\r\n\r\n", 34);
        g_autofree char *heard = hear_one(peers[i], TRUE);
        begun += status_of(heard) == 200 ? 1 : 0;
        refused += status_of(heard) == 503 ? 1 : 0;
    }
    g_assert_cmpuint(begun + refused, ==, most + 10);
    g_assert_cmpuint(begun, >=, most);
    g_autofree char *heard = ask(world, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    g_assert_cmpint(status_of(heard), ==, 200);
    for (guint i = 0; i < most; i++)
        close(peers[i]);
    /* the rest is open when the server closes: it must end them, not wait for them */
}

/* ── the end ── */

static gpointer ask_for_work(gpointer world)
{
    return ask(world, "GET /work HTTP/1.1\r\nHost: x\r\n\r\n");
}

static void test_close(World *world, gconstpointer data)
{
    int idle = go_in(world), silent = go_in(world);
    say(silent, "GET /silence HTTP/1.1\r\nHost: x\r\n\r\n", 34);
    g_autofree char *begun = hear_one(silent, TRUE);
    g_assert_cmpint(status_of(begun), ==, 200);
    GThread *worker = g_thread_new("ask", ask_for_work, world);
    g_usleep(100 * 1000);
    gint64 start = g_get_monotonic_time();
    sv_http_close(world->server);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    world->server = NULL;
    g_autofree char *heard = g_thread_join(worker);
    g_assert_true(g_str_has_suffix(heard, "done"));
    g_autofree char *nothing = hear_all(idle), *end = hear_all(silent);
    g_assert_cmpstr(nothing, ==, "");
    g_assert_cmpstr(end, ==, "0\r\n\r\n");
    close(idle);
    close(silent);
}

static void test_open_errors(World *world, gconstpointer data)
{
    SvHttpOptions taken = {.address = "127.0.0.1", .port = sv_http_port(world->server)};
    g_autoptr(GError) error = NULL;
    g_assert_null(sv_http_open(&taken, answer, world, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    g_clear_error(&error);
    SvHttpOptions nowhere = {.address = "no such host"};
    g_assert_null(sv_http_open(&nowhere, answer, world, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_USAGE);
    g_clear_error(&error);
    SvHttpOptions six = {.address = "::1"};
    g_autoptr(SvHttpServer) server = sv_http_open(&six, answer, world, &error);
    g_assert_true(server || g_error_matches(error, SV_ERROR, SV_ERROR_IO)); /* a machine without IPv6 */
}

/* The peers of the tests need files, too. */
static void raise_files(void)
{
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    raise_files();
    g_test_init(&argc, &argv, NULL);
#define ADD(path, data, function) g_test_add(path, World, data, setup, function, teardown)
    ADD("/http_server/table", GINT_TO_POINTER(FALSE), test_table);
    ADD("/http_server/table_slowly", GINT_TO_POINTER(TRUE), test_table);
    ADD("/http_server/keep_alive", NULL, test_keep_alive);
    ADD("/http_server/head_and_304", NULL, test_head_and_304);
    ADD("/http_server/bodies", NULL, test_bodies);
    ADD("/http_server/headers", NULL, test_headers);
    ADD("/http_server/deadline", NULL, test_deadline);
    ADD("/http_server/crowd", NULL, test_crowd);
    ADD("/http_server/stream", NULL, test_stream);
    ADD("/http_server/streams", NULL, test_streams);
    ADD("/http_server/close", NULL, test_close);
    ADD("/http_server/open_errors", NULL, test_open_errors);
    return g_test_run();
}
