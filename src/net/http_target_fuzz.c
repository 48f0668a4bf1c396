/* Fuzz target: a request target, a cookie header and an urlencoded body, a line each (the body is the rest).
 */
#include "http_parts.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *take_line(const char **at, const char *end)
{
    const char *newline = memchr(*at, '\n', (gsize)(end - *at));
    char *line = g_strndup(*at, (gsize)((newline ? newline : end) - *at));
    *at = newline ? newline + 1 : end;
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *end = at + size;
    g_autofree char *target = take_line(&at, end), *cookie = take_line(&at, end);
    const char *headers[] = {
        "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded", "If-None-Match", cookie, NULL};
    g_autoptr(SvHttpRequest) request = sv_request_make("GET", target, headers, at, (gsize)(end - at));
    if (!request)
        request = sv_request_make("GET", "/", headers, at, (gsize)(end - at));
    const char *path = sv_request_path(request);
    g_assert(path[0] == '/' && g_utf8_validate(path, -1, NULL) && !strstr(path, "/../"));
    const char *name, *value;
    for (guint i = 0; sv_request_query_at(request, i, &name, &value); i++)
        g_assert(g_utf8_validate(name, -1, NULL) && g_utf8_validate(value, -1, NULL));
    const char *known[] = {sv_request_cookie(request, "sid"), sv_request_field(request, "a")};
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert(!known[i] || g_utf8_validate(known[i], -1, NULL));
    SvAnswer *answer = sv_answer_new(200, "text/plain", "x", 1);
    sv_answer_header(answer, "ETag", "\"a\"");
    sv_answer_unref(sv_answer_conditional(request, answer));
    return 0;
}
