/* Answers: a status, headers and bytes in the form that the library sends, counted.
 *
 * The library's response is made once, with the answer; giving it to a request adds a reference and copies
 * nothing. The bytes belong to the response: an answer may be dropped while it is still being sent. A
 * conditional answer keeps a twin of status 304 with the same headers. Its length field says how long the
 * whole would be, as HTTP allows; no byte of it is sent. */
#include "http_parts.h"
#include <string.h>

#define QUIET (15 * G_USEC_PER_SEC)             /* a stream says something at least so often */
#define NO_HURRY (10 * G_TIME_SPAN_MILLISECOND) /* and is not asked more often */

static SvAnswer *wrap(int status, const char *type, struct MHD_Response *response)
{
    SvAnswer *answer = g_new0(SvAnswer, 1);
    answer->refs = 1;
    answer->status = status;
    answer->response = response;
    answer->bytes = "";
    if (type)
        MHD_add_response_header(response, "Content-Type", type);
    return answer;
}

SvAnswer *sv_answer_take(int status, const char *type, char *bytes, gsize len)
{
    SvAnswer *answer =
        wrap(status, type, MHD_create_response_from_buffer_with_free_callback_cls(len, bytes, g_free, bytes));
    answer->bytes = bytes ? bytes : "";
    answer->len = len;
    return answer;
}

SvAnswer *sv_answer_new(int status, const char *type, const char *bytes, gsize len)
{
    char *copy = g_malloc(len + 1);
    memcpy(copy, bytes ? bytes : "", len);
    copy[len] = '\0';
    return sv_answer_take(status, type, copy, len);
}

void sv_answer_header(SvAnswer *answer, const char *name, const char *value)
{
    MHD_add_response_header(answer->response, name, value);
}

SvAnswer *sv_answer_ref(SvAnswer *answer)
{
    g_atomic_int_inc(&answer->refs);
    return answer;
}

void sv_answer_unref(SvAnswer *answer)
{
    if (!answer || !g_atomic_int_dec_and_test(&answer->refs))
        return;
    MHD_destroy_response(answer->response);
    sv_answer_unref(answer->twin);
    g_free(answer);
}

int sv_answer_status(const SvAnswer *answer)
{
    return answer->status;
}

const char *sv_answer_bytes(const SvAnswer *answer, gsize *len)
{
    *len = answer->len;
    return answer->bytes;
}

const char *sv_answer_get_header(const SvAnswer *answer, const char *name)
{
    return MHD_get_response_header(answer->response, name);
}

/* ── conditional ── */

/* Does a list of tags ("a", W/"b") or "*" name the tag? Compared without W/, as it must be for If-None-Match.
 */
static gboolean names_tag(const char *list, const char *tag)
{
    if (g_str_has_prefix(tag, "W/"))
        tag += 2;
    gsize len = strlen(tag);
    for (const char *p = list; *p;) {
        if (*p == ' ' || *p == '\t' || *p == ',') {
            p++;
            continue;
        }
        if (*p == '*')
            return TRUE;
        if (p[0] == 'W' && p[1] == '/')
            p += 2;
        const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
        if (!end)
            return FALSE;
        end++;
        if ((gsize)(end - p) == len && memcmp(p, tag, len) == 0)
            return TRUE;
        p = end;
    }
    return FALSE;
}

static enum MHD_Result copy_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    if (g_ascii_strcasecmp(name, "Content-Type") != 0)
        MHD_add_response_header(data, name, value);
    return MHD_YES;
}

static SvAnswer *twin_of(SvAnswer *answer)
{
    SvAnswer *twin = g_atomic_pointer_get(&answer->twin);
    if (twin)
        return twin;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->len, (void *)answer->bytes, MHD_RESPMEM_PERSISTENT);
    MHD_get_response_headers(answer->response, copy_header, response);
    twin = wrap(304, NULL, response);
    if (g_atomic_pointer_compare_and_exchange(&answer->twin, NULL, twin))
        return twin;
    sv_answer_unref(twin);
    return g_atomic_pointer_get(&answer->twin);
}

SvAnswer *sv_answer_conditional(const SvHttpRequest *request, SvAnswer *answer)
{
    if (answer->status != 200 || answer->stream || strcmp(sv_request_method(request), "GET") != 0)
        return answer;
    const char *asked = sv_request_header(request, "If-None-Match");
    const char *tag = asked ? sv_answer_get_header(answer, "ETag") : NULL;
    if (!tag || !names_tag(asked, tag))
        return answer;
    SvAnswer *twin = sv_answer_ref(twin_of(answer));
    sv_answer_unref(answer);
    return twin;
}

/* ── server-sent events ── */

static ssize_t send_text(SvStream *stream, char *out, size_t max)
{
    gsize n = MIN(max, stream->len - stream->at);
    memcpy(out, stream->text + stream->at, n);
    stream->at += n;
    if (stream->at == stream->len)
        g_clear_pointer(&stream->text, g_free);
    return (ssize_t)n;
}

static void say(SvStream *stream, char *text, gint64 now)
{
    stream->text = text;
    stream->at = 0;
    stream->len = strlen(text);
    stream->spoken = now;
}

/* Asks for the next piece and says when to ask again. */
static void ask(SvStream *stream, gint64 now)
{
    int wait_ms = -1;
    char *text = stream->next(stream->data, &wait_ms);
    stream->ended = wait_ms < 0;
    stream->due = now + MAX((gint64)wait_ms * G_TIME_SPAN_MILLISECOND, NO_HURRY);
    if (text && *text)
        say(stream, text, now);
    else
        g_free(text);
}

static ssize_t read_stream(void *data, uint64_t position, char *out, size_t max)
{
    SvStream *stream = data;
    SvCrowd *crowd = sv_server_crowd(stream->peer->server);
    if (stream->text)
        return send_text(stream, out, max);
    gint64 now = g_get_monotonic_time();
    if (!stream->ended && !sv_crowd_closing(crowd) && now >= stream->due)
        ask(stream, now);
    if (stream->text)
        return send_text(stream, out, max);
    if (stream->ended || sv_crowd_closing(crowd))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (now - stream->spoken >= QUIET) {
        say(stream, g_strdup(":\n\n"), now); /* finds out, too, whether anybody is there */
        return send_text(stream, out, max);
    }
    sv_crowd_sleep(crowd, stream->peer, MIN(stream->due, stream->spoken + QUIET));
    return 0;
}

static void free_stream(void *data)
{
    SvStream *stream = data;
    if (stream->free_data)
        stream->free_data(stream->data);
    g_free(stream->text);
    g_free(stream);
}

SvAnswer *sv_answer_events(SvEvents next, gpointer data, GDestroyNotify free_data)
{
    SvStream *stream = g_new0(SvStream, 1);
    stream->next = next;
    stream->data = data;
    stream->free_data = free_data;
    stream->spoken = g_get_monotonic_time();
    SvAnswer *answer = wrap(200, "text/event-stream",
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, stream, free_stream));
    answer->stream = stream;
    sv_answer_header(answer, "Cache-Control", "no-store");
    sv_answer_header(answer, "X-Accel-Buffering", "no");
    return answer;
}
