/* HTTP server over libmicrohttpd: requests in, answers out; no routes and no business.
 *
 * Threads wait in epoll; each holds less than 128 connections (facts of the library: a full batch of 128 ready
 * ones stalls it). When connections run short, those that have been slow to send a request for the longest are
 * closed first, so that slow peers do not keep others out. Bodies, headers, fields and the time to send them
 * are bounded. A handler runs on the thread of its connection. */
#pragma once
#include <glib.h>

typedef struct SvHttpServer SvHttpServer;
typedef struct SvHttpRequest SvHttpRequest;
typedef struct SvAnswer SvAnswer;

/* ── the request: all borrowed, valid while the handler runs ── */
const char *sv_request_method(const SvHttpRequest *request); /* "GET" */
const char *sv_request_path(const SvHttpRequest *request);   /* "/api/v1/clients/7", percent-decoded once, valid UTF-8 */
const char *sv_request_query(const SvHttpRequest *request, const char *name); /* NULL when absent */
const char *sv_request_header(const SvHttpRequest *request, const char *name);
const char *sv_request_cookie(const SvHttpRequest *request, const char *name);
const char *sv_request_peer(const SvHttpRequest *request); /* address; the proxy's X-Forwarded-For when it is trusted */
const char *sv_request_body(const SvHttpRequest *request, gsize *len);
/* A field of a form (urlencoded or multipart); NULL when absent. */
const char *sv_request_field(const SvHttpRequest *request, const char *name);
/* Uploaded files of a multipart form, in order: name as the browser says (no folders), bytes. FALSE: no more. */
gboolean sv_request_file(const SvHttpRequest *request, guint i, const char **name, const char **bytes, gsize *len);

/* ── the answer: counted; one answer may be given to many requests at once ── */
SvAnswer *sv_answer_new(int status, const char *type, const char *bytes, gsize len); /* copies */
SvAnswer *sv_answer_take(int status, const char *type, char *bytes, gsize len);      /* takes g_malloc'ed */
/* Before the answer is first given. */
void sv_answer_header(SvAnswer *answer, const char *name, const char *value);
SvAnswer *sv_answer_ref(SvAnswer *answer);
void sv_answer_unref(SvAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAnswer, sv_answer_unref)
int sv_answer_status(const SvAnswer *answer);
const char *sv_answer_bytes(const SvAnswer *answer, gsize *len);
const char *sv_answer_get_header(const SvAnswer *answer, const char *name);
/* Server-sent events: `next` gives the next piece (new text; *wait_ms: ask again then; NULL and *wait_ms < 0: the
 * end). Runs on the connection's thread, must not block. */
typedef char *(*SvEvents)(gpointer data, int *wait_ms);
SvAnswer *sv_answer_events(SvEvents next, gpointer data, GDestroyNotify free_data);

/* ── the server ── */
typedef struct {
    const char *address;  /* "127.0.0.1" */
    guint port;           /* 0: any free one */
    guint threads;        /* 0: one and a half a core, at least 4 */
    gsize max_body;       /* larger ones get 413 */
    guint request_s;      /* a request must be there whole after so many seconds: 30 */
    gboolean trust_proxy; /* believe X-Forwarded-For and -Proto from 127.0.0.1 */
} SvHttpOptions;
/* Answers a request; never NULL. Called from several threads. */
typedef SvAnswer *(*SvHttpHandler)(SvHttpRequest *request, gpointer data);

SvHttpServer *sv_http_open(const SvHttpOptions *options, SvHttpHandler handler, gpointer data, GError **error);
guint sv_http_port(const SvHttpServer *server);
/* Stops accepting, finishes what runs. */
void sv_http_close(SvHttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvHttpServer, sv_http_close)

/* For tests and tools: a request made of its parts, without a connection. Free with sv_request_free(). */
SvHttpRequest *sv_request_make(const char *method, const char *url, const char *const *headers /* name, value … NULL */,
    const char *body, gsize len);
void sv_request_free(SvHttpRequest *request);

typedef struct {
    guint64 requests, errors, closed_slow;
    guint open;
} SvHttpCounts;
void sv_http_counts(const SvHttpServer *server, SvHttpCounts *out);
