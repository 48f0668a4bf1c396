/* A server for tests and measurements of the net folder alone: fixed answers, an echo, a stream, a slow
 * handler.
 *
 *   hello_server [PORT [THREADS [REQUEST_S]]]   prints its port and serves until its standard input ends
 *
 * /hello answers 6 KiB, always the same; /big 8 MiB; /echo what was sent; /count the server's counts; /ticks
 * a stream of events. */
#include "http.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELLO (6u << 10)
#define BIG (8u << 20)

typedef struct {
    SvAnswer *hello, *big;
    SvHttpServer *server;
} Hello;

static SvAnswer *fixed(const char *type, gsize len)
{
    char *bytes = g_malloc(len);
    memset(bytes, 'h', len);
    SvAnswer *answer = sv_answer_take(200, type, bytes, len);
    sv_answer_header(answer, "ETag", "\"hello-1\"");
    sv_answer_header(answer, "Cache-Control", "no-cache");
    return answer;
}

static char *next_tick(gpointer data, int *wait_ms)
{
    guint *n = data;
    *wait_ms = *n < 20 ? 50 : -1;
    return g_strdup_printf("data: %u\n\n", (*n)++);
}

static SvAnswer *counts(const Hello *hello)
{
    SvHttpCounts c;
    sv_http_counts(hello->server, &c);
    char *text = g_strdup_printf("{\"requests\":%" G_GUINT64_FORMAT ",\"closed_slow\":%" G_GUINT64_FORMAT
                                 ",\"open\":%u}\n",
        c.requests, c.closed_slow, c.open);
    return sv_answer_take(200, "application/json", text, strlen(text));
}

static SvAnswer *answer(SvHttpRequest *request, gpointer data)
{
    const Hello *hello = data;
    const char *path = sv_request_path(request);
    if (strcmp(path, "/hello") == 0)
        return sv_answer_conditional(request, sv_answer_ref(hello->hello));
    if (strcmp(path, "/big") == 0)
        return sv_answer_ref(hello->big);
    if (strcmp(path, "/count") == 0)
        return counts(hello);
    if (strcmp(path, "/ticks") == 0)
        return sv_answer_events(next_tick, g_new0(guint, 1), g_free);
    if (strcmp(path, "/echo") != 0)
        return sv_answer_new(404, "text/plain", "no such page\n", 13);
    gsize len;
    const char *body = sv_request_body(request, &len);
    return sv_answer_new(200, "application/octet-stream", body, len);
}

int main(int argc, char **argv)
{
    Hello hello = {.hello = fixed("text/html; charset=utf-8", HELLO), .big = fixed("text/plain", BIG)};
    SvHttpOptions options = {.address = "127.0.0.1", .max_body = 1u << 20};
    if (argc > 1)
        options.port = (guint)g_ascii_strtoull(argv[1], NULL, 10);
    if (argc > 2)
        options.threads = (guint)g_ascii_strtoull(argv[2], NULL, 10);
    if (argc > 3)
        options.request_s = (guint)g_ascii_strtoull(argv[3], NULL, 10);
    g_autoptr(GError) error = NULL;
    hello.server = sv_http_open(&options, answer, &hello, &error);
    if (!hello.server) {
        fprintf(stderr, "hello_server: %s\n", error->message);
        return 1;
    }
    printf("%u\n", sv_http_port(hello.server));
    fflush(stdout);
    for (char byte; read(STDIN_FILENO, &byte, 1) > 0;)
        continue;
    sv_http_close(hello.server);
    sv_answer_unref(hello.hello);
    sv_answer_unref(hello.big);
    return 0;
}
