/* HTTP server over libmicrohttpd: requests in, answers out; no routes and no business.
 *
 * Threads wait in epoll; each holds at most 120 connections (facts of the library: a full batch of 128 ready
 * ones stalls it). When connections run short, those that have been slow to send a request or to read an
 * answer for the longest are closed first, so that slow peers do not keep others out. Bodies, headers, fields
 * and the time to send them are bounded. A handler runs on the thread of its connection.
 *
 * A request that two programs could read in two ways never comes to the handler: it is answered 400, 411 or
 * 413 and its connection closed. Such are: no or several Host, Content-Length with Transfer-Encoding, several
 * or odd Content-Length, any Transfer-Encoding (411: bodies come with their length), bare LF, folded headers,
 * spaces or control characters in a name or a target, NUL, ill-formed UTF-8, "." or ".." as a segment of the
 * path. */
#pragma once
#include <glib.h>

typedef struct SvHttpServer SvHttpServer;
typedef struct SvHttpRequest SvHttpRequest;
typedef struct SvAnswer SvAnswer;

/* ── the request: all borrowed, valid while the handler runs ── */
/* "GET"; for HEAD too: its answer goes without a body. */
const char *sv_request_method(const SvHttpRequest *request);
/* "/api/v1/clients/7", percent-decoded once, valid UTF-8. */
const char *sv_request_path(const SvHttpRequest *request);
/* The first value of that name, decoded, valid UTF-8; NULL when absent. */
const char *sv_request_query(const SvHttpRequest *request, const char *name);
/* The n-th parameter of the query, as it came; FALSE: no more. */
gboolean sv_request_query_at(const SvHttpRequest *request, guint n, const char **name, const char **value);
const char *sv_request_header(const SvHttpRequest *request, const char *name);
const char *sv_request_cookie(const SvHttpRequest *request, const char *name);
/* Its address; the last of the proxy's X-Forwarded-For when that is trusted. */
const char *sv_request_peer(const SvHttpRequest *request);
/* Over TLS, as a trusted proxy says. */
gboolean sv_request_secure(const SvHttpRequest *request);
/* Never NULL; a NUL stands behind it. */
const char *sv_request_body(const SvHttpRequest *request, gsize *len);
/* A field of a form (urlencoded or multipart); NULL when absent. */
const char *sv_request_field(const SvHttpRequest *request, const char *name);
/* Uploaded files of a multipart form: name as the browser says (no folders), bytes; FALSE: no more. */
gboolean sv_request_file(
    const SvHttpRequest *request, guint i, const char **name, const char **bytes, gsize *len);

/* ── the answer: counted; one answer may be given to many requests at once ── */
SvAnswer *sv_answer_new(int status, const char *type, const char *bytes, gsize len); /* copies */
SvAnswer *sv_answer_take(int status, const char *type, char *bytes, gsize len);      /* takes g_malloc'ed */
/* Before the answer is first given. A value with a line break is left out. */
void sv_answer_header(SvAnswer *answer, const char *name, const char *value);
SvAnswer *sv_answer_ref(SvAnswer *answer);
void sv_answer_unref(SvAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAnswer, sv_answer_unref)
int sv_answer_status(const SvAnswer *answer);
const char *sv_answer_bytes(const SvAnswer *answer, gsize *len);
const char *sv_answer_get_header(const SvAnswer *answer, const char *name);
/* Takes `answer`; gives it back, or its 304 twin (kept inside it) when the request's If-None-Match names its
 * ETag. */
SvAnswer *sv_answer_conditional(const SvHttpRequest *request, SvAnswer *answer);
/* Server-sent events: `next` gives the next piece (new text; *wait_ms: ask again then; NULL and *wait_ms < 0:
 * the end). Runs on the connection's thread, must not block. Given to one request only. A quiet stream gets a
 * comment every 15 s; half of the connections at most are streams, others get 503. */
typedef char *(*SvEvents)(gpointer data, int *wait_ms);
SvAnswer *sv_answer_events(SvEvents next, gpointer data, GDestroyNotify free_data);

/* ── the server ── */
typedef struct {
    const char *address; /* "127.0.0.1" */
    guint port;          /* 0: any free one */
    guint threads;       /* 0: one and a half a core, at least 4 */
    gsize max_body;      /* larger ones get 413; 0: 16 MiB. All bodies at once: four times that, then 503 */
    guint request_s; /* 0: 30. A request must be there whole, an answer read, after so many seconds and one
                      * more for each 16 KiB of it */
    gboolean trust_proxy; /* believe X-Forwarded-For and -Proto from 127.0.0.1 */
} SvHttpOptions;
/* Answers a request; never NULL. Called from several threads. */
typedef SvAnswer *(*SvHttpHandler)(SvHttpRequest *request, gpointer data);

SvHttpServer *sv_http_open(
    const SvHttpOptions *options, SvHttpHandler handler, gpointer data, GError **error);
guint sv_http_port(const SvHttpServer *server);
/* Stops accepting, finishes what runs. */
void sv_http_close(SvHttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvHttpServer, sv_http_close)

/* For tests and tools: a request made of its parts, without a connection; NULL for a target that the server
 * refuses. Free with sv_request_free(). */
SvHttpRequest *sv_request_make(const char *method, const char *url,
    const char *const *headers /* name, value … NULL */, const char *body, gsize len);
void sv_request_free(SvHttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvHttpRequest, sv_request_free)

typedef struct {
    guint64 requests;    /* answered */
    guint64 errors;      /* of them 500 and above */
    guint64 refused;     /* of them bad requests that no handler saw */
    guint64 closed_slow; /* connections closed for slowness */
    guint open;          /* connections now */
} SvHttpCounts;
void sv_http_counts(const SvHttpServer *server, SvHttpCounts *out);
