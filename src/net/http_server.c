/* The server: libmicrohttpd's callbacks between a connection and the handler. See http.h.
 *
 * The way of a request: at its first line (on_target) the target is copied and read; with its headers
 * (on_request, first call) it is checked and its length is known; its body is gathered; at its end the
 * handler is asked and the answer queued, a counted reference to a response that is ready. What belongs to a
 * connection is one allocation that serves all its requests.
 *
 * The library bounds request line and headers (SV_HTTP_MEMORY; 431 or 414). A body that is too large is
 * passed over and then refused, so that the peer reads why; one that is larger by far is refused at once. All
 * bodies at one time are bounded together. TLS is the business of a proxy. */
#include "http_parts.h"
#include "error.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_A_THREAD 120u /* the library stalls at 128 */
#define BACKLOG 4096
#define PASS_OVER (16u << 20) /* bytes of a refused body that are read before the refusal */
#define BODY_START (64u << 10)
#define PATIENCE (10 * G_USEC_PER_SEC) /* for running requests when the server closes */

typedef enum {
    REFUSAL_400,
    REFUSAL_411,
    REFUSAL_413,
    REFUSAL_503,
    REFUSAL_505,
    REFUSAL_N,
} Refusal;

struct SvHttpServer {
    struct MHD_Daemon *daemon;
    SvCrowd *crowd;
    SvHttpHandler handler;
    gpointer data;
    SvHttpOptions options;
    guint port;
    int listener;
    SvAnswer *refusals[REFUSAL_N];
    _Atomic gsize held; /* bytes of all bodies */
    _Atomic guint64 requests, errors, refused;
};

SvCrowd *sv_server_crowd(struct SvHttpServer *server)
{
    return server->crowd;
}

/* ── refusals ── */

static const struct {
    int status;
    const char *title;
} refusal_texts[REFUSAL_N] = {
    [REFUSAL_400] = {400, "Bad Request"},
    [REFUSAL_411] = {411, "Length Required"},
    [REFUSAL_413] = {413, "Content Too Large"},
    [REFUSAL_503] = {503, "Service Unavailable"},
    [REFUSAL_505] = {505, "HTTP Version Not Supported"},
};

static void make_refusals(SvHttpServer *server)
{
    for (guint i = 0; i < REFUSAL_N; i++) {
        char *text = g_strdup_printf("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}\n",
            refusal_texts[i].title, refusal_texts[i].status);
        server->refusals[i] =
            sv_answer_take(refusal_texts[i].status, "application/problem+json", text, strlen(text));
        sv_answer_header(server->refusals[i], "Connection", "close");
        if (refusal_texts[i].status == 503)
            sv_answer_header(server->refusals[i], "Retry-After", "5");
    }
}

static enum MHD_Result queue(SvPeer *peer, SvAnswer *answer)
{
    SvHttpServer *server = peer->server;
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    if (answer->status >= 500)
        atomic_fetch_add_explicit(&server->errors, 1, memory_order_relaxed);
    sv_peer_now(peer, answer->stream ? SV_PEER_STREAM : SV_PEER_ANSWERING);
    return MHD_queue_response(peer->connection, (unsigned)answer->status, answer->response);
}

static enum MHD_Result refuse(SvPeer *peer, int status)
{
    atomic_fetch_add_explicit(&peer->server->refused, 1, memory_order_relaxed);
    Refusal which = 0;
    while (refusal_texts[which].status != status && which + 1 < REFUSAL_N)
        which++;
    return queue(peer, peer->server->refusals[which]);
}

/* ── a request ── */

static void *on_target(void *data, const char *target, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    SvPeer *peer = info->socket_context;
    sv_peer_now(peer, SV_PEER_WAITING);
    peer->request.raw_target = target;
    peer->request.raw_end = target ? target + strlen(target) : NULL;
    sv_request_set_target(&peer->request, target);
    return peer;
}

/* The library unescapes target and parameters before they can be looked at; we do it ourselves. */
static size_t keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

/* With the headers: refuses, or makes ready for the body. */
static enum MHD_Result begin(SvPeer *peer, const char *method, const char *version)
{
    SvHttpRequest *request = &peer->request;
    request->begun = TRUE;
    request->method = method;
    guint64 length;
    int status = sv_request_check(request, version, &length);
    if (status)
        return refuse(peer, status);
    gsize most = peer->server->options.max_body;
    if (length > most) {
        if (length > (guint64)most + PASS_OVER || sv_request_header(request, "Expect"))
            return refuse(peer, 413);
        request->refused = 413;
    } else if (length) {
        request->body = g_byte_array_sized_new((guint)MIN(length + 1, BODY_START));
    }
    return MHD_YES;
}

static void drop_body(SvPeer *peer)
{
    if (peer->request.body) {
        atomic_fetch_sub_explicit(&peer->server->held, peer->request.body->len, memory_order_relaxed);
        g_clear_pointer(&peer->request.body, g_byte_array_unref);
    }
}

static void gather(SvPeer *peer, const char *bytes, gsize len)
{
    SvHttpServer *server = peer->server;
    SvHttpRequest *request = &peer->request;
    sv_peer_credit(peer, len);
    if (request->refused || !request->body)
        return;
    gsize held = atomic_fetch_add_explicit(&server->held, len, memory_order_relaxed) + len;
    g_byte_array_append(request->body, (const guint8 *)bytes, (guint)len);
    if (held > 4 * server->options.max_body) {
        drop_body(peer);
        request->refused = 503;
    }
}

static enum MHD_Result finish(SvPeer *peer)
{
    SvHttpServer *server = peer->server;
    SvHttpRequest *request = &peer->request;
    if (request->refused)
        return refuse(peer, request->refused);
    if (request->body) {
        atomic_fetch_add_explicit(&server->held, 1, memory_order_relaxed);
        g_byte_array_append(request->body, (const guint8 *)"", 1);
    }
    sv_peer_now(peer, SV_PEER_WORKING);
    g_autoptr(SvAnswer) answer = server->handler(request, server->data);
    if (!answer->stream)
        return queue(peer, answer);
    if (answer->stream->peer || !sv_crowd_take_stream(server->crowd))
        return refuse(peer, 503);
    answer->stream->peer = peer;
    return queue(peer, answer);
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_len, void **context)
{
    SvPeer *peer = *context;
    if (!peer->request.begun)
        return begin(peer, method, version);
    if (*upload_len == 0)
        return finish(peer);
    gather(peer, upload, *upload_len);
    *upload_len = 0;
    return MHD_YES;
}

static void on_end(
    void *data, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode code)
{
    SvPeer *peer = *context;
    if (!peer)
        return;
    if (atomic_load_explicit(&peer->state, memory_order_relaxed) == SV_PEER_STREAM)
        sv_crowd_end_stream(peer->server->crowd);
    drop_body(peer);
    sv_request_reset(&peer->request);
    sv_peer_now(peer, SV_PEER_IDLE);
    *context = NULL;
}

/* ── a connection ── */

static enum MHD_Result on_arrival(void *data, const struct sockaddr *address, socklen_t len)
{
    SvHttpServer *server = data;
    return sv_crowd_closing(server->crowd) ? MHD_NO : MHD_YES;
}

static void on_connection(
    void *data, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
    SvHttpServer *server = data;
    SvPeer *peer = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        peer = g_new0(SvPeer, 1);
        peer->server = server;
        peer->connection = connection;
        peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        peer->request.connection = connection;
        peer->request.trust_proxy = server->options.trust_proxy;
        *context = peer;
        sv_crowd_enter(server->crowd, peer);
    } else if (peer) {
        sv_crowd_leave(server->crowd, peer);
        drop_body(peer);
        sv_request_reset(&peer->request);
        g_free(peer);
        *context = NULL;
    }
}

/* ── open and close ── */

/* Room for as many files as connections need; what the system does not allow is not there. */
static void raise_files(guint need)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return;
    limit.rlim_cur = MIN((rlim_t)need, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int listen_at(const SvHttpOptions *options, guint *port, GError **error)
{
    g_autoptr(GSocketAddress) address =
        g_inet_socket_address_new_from_string(options->address, options->port);
    struct sockaddr_storage native;
    if (!address || options->port > 65535 ||
        !g_socket_address_to_native(address, &native, sizeof native, NULL)) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "no address to listen at: %s port %u", options->address,
            options->port);
        return -1;
    }
    socklen_t len = (socklen_t)g_socket_address_get_native_size(address);
    int listener = socket(native.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(listener, (struct sockaddr *)&native, len) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&native, &len) != 0) {
        gboolean taken = errno == EADDRINUSE;
        g_set_error(error, SV_ERROR, taken ? SV_ERROR_CONFLICT : SV_ERROR_IO,
            "cannot listen at %s port %u: %s%s", options->address, options->port, g_strerror(errno),
            taken ? "; stop the other program or choose another port" : "");
        if (listener >= 0)
            close(listener);
        return -1;
    }
    g_autoptr(GSocketAddress) bound = g_socket_address_new_from_native(&native, len);
    *port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    return listener;
}

static struct MHD_Daemon *start(SvHttpServer *server)
{
    guint threads = server->options.threads;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    return MHD_start_daemon(flags, 0, on_arrival, server, on_request, server, MHD_OPTION_LISTEN_SOCKET,
        server->listener, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
        threads * PEERS_A_THREAD, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SV_HTTP_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, server, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, server, MHD_OPTION_END);
}

static void settle(SvHttpOptions *options)
{
    if (!options->threads)
        options->threads = MAX(4, g_get_num_processors() * 3 / 2);
    if (!options->max_body)
        options->max_body = 16u << 20;
    options->max_body = MIN(options->max_body, 1u << 30); /* a body is one array */
    if (!options->request_s)
        options->request_s = 30;
}

static void free_server(SvHttpServer *server)
{
    if (server->crowd)
        sv_crowd_free(server->crowd);
    for (guint i = 0; i < REFUSAL_N; i++)
        sv_answer_unref(server->refusals[i]);
    g_free((char *)server->options.address);
    g_free(server);
}

SvHttpServer *sv_http_open(const SvHttpOptions *options, SvHttpHandler handler, gpointer data, GError **error)
{
    guint port;
    int listener = listen_at(options, &port, error);
    if (listener < 0)
        return NULL;
    SvHttpServer *server = g_new0(SvHttpServer, 1);
    server->options = *options;
    server->options.address = g_strdup(options->address);
    settle(&server->options);
    server->handler = handler;
    server->data = data;
    server->listener = listener;
    server->port = port;
    make_refusals(server);
    guint limit = server->options.threads * PEERS_A_THREAD;
    raise_files(limit + 512);
    server->crowd = sv_crowd_new(limit, server->options.request_s);
    server->daemon = start(server);
    if (!server->daemon) {
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "cannot start %u server threads", server->options.threads);
        close(listener);
        free_server(server);
        return NULL;
    }
    return server;
}

guint sv_http_port(const SvHttpServer *server)
{
    return server->port;
}

void sv_http_close(SvHttpServer *server)
{
    if (!server)
        return;
    sv_crowd_close(server->crowd, PATIENCE);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}

void sv_http_counts(const SvHttpServer *server, SvHttpCounts *out)
{
    out->requests = atomic_load_explicit(&server->requests, memory_order_relaxed);
    out->errors = atomic_load_explicit(&server->errors, memory_order_relaxed);
    out->refused = atomic_load_explicit(&server->refused, memory_order_relaxed);
    sv_crowd_counts(server->crowd, &out->open, &out->closed_slow);
}
