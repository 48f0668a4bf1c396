/* What the files of the HTTP server share: the inside of a request, of an answer, of a connection. */
#pragma once
#include "http.h"
#include <microhttpd.h>
#include <stdatomic.h>

#define SV_HTTP_TARGET 256u              /* bytes of a target kept without an allocation */
#define SV_HTTP_MEMORY (16u << 10)       /* of a connection: request line, headers, buffers */
#define SV_HTTP_PAIRS 1000u              /* parameters of a query or form, cookies */
#define SV_HTTP_PARTS 1000u              /* parts of a multipart form */
#define SV_HTTP_PART_HEADERS (16u << 10) /* header block of one part */
#define SV_HTTP_FILE_NAME 255u           /* bytes of an uploaded file's name */
#define SV_HTTP_RATE (16u << 10)         /* a second: what a peer must at least send or read */

/* ── pairs (http_pairs.c): parameters of a query or form, cookies ── */
typedef struct {
    const char *name, *value;
} SvPair;

typedef struct {
    char *text;   /* what names and values point into */
    GArray *list; /* SvPair, as they came; NULL: none */
    gboolean bad; /* some could not be read and are not there */
} SvPairs;

/* Percent-decodes in place ("+" is a space where `plus`); returns the new length. A "%" without two digits
 * stays. */
gsize sv_percent_decode(char *text, gsize len, gboolean plus);
/* "a=1&b=2"; what is no valid UTF-8 once decoded, or holds a NUL, is left out. */
void sv_pairs_parse_query(SvPairs *pairs, const char *text, gsize len);
/* "a=1; b=2" */
void sv_pairs_parse_cookies(SvPairs *pairs, const char *header);
const char *sv_pairs_find(const SvPairs *pairs, const char *name);
void sv_pairs_clear(SvPairs *pairs);

/* ── multipart forms (http_form.c) ── */
typedef struct {
    char *name;        /* of the field */
    char *value;       /* of a field, else NULL */
    char *file;        /* name of an uploaded file, else NULL */
    const char *bytes; /* of the file, inside the body */
    gsize len;
} SvPart;

/* The parts of a multipart/form-data body as SvPart; never NULL, empty when the type is another. What is
 * damaged is left out. */
GPtrArray *sv_form_parse(const char *type, const char *body, gsize len);

/* ── a request (http_request.c) ── */
struct SvHttpRequest {
    struct MHD_Connection *connection; /* NULL for a made request */
    char **headers;                    /* of a made request: name, value … NULL */
    const char *method;
    const char *raw_target, *raw_end; /* of a live request: where the library keeps it */
    char *target;                     /* path and query, cut and decoded in place */
    const char *path;                 /* NULL: the target is refused */
    GByteArray *body;
    SvPairs query, cookies, fields;
    GPtrArray *parts;
    gboolean cookies_read, form_read, trust_proxy, begun;
    int refused; /* status to answer once the body has been passed over; 0: none */
    char peer[64];
    char short_target[SV_HTTP_TARGET];
};

/* Reads a target into path and query; path is NULL when it is refused. */
void sv_request_set_target(SvHttpRequest *request, const char *target);
/* Ready for the next request of the connection. */
void sv_request_reset(SvHttpRequest *request);
/* What a request with these headers must be answered without a look at its body (400, 411, 505); 0: it is
 * well made. *length: its Content-Length (http_check.c). */
int sv_request_check(const SvHttpRequest *request, const char *version, guint64 *length);

/* ── an answer (http_answer.c) ── */
typedef struct SvPeer SvPeer;

typedef struct {
    SvEvents next;
    gpointer data;
    GDestroyNotify free_data;
    SvPeer *peer; /* whom it is given to */
    char *text;   /* not yet sent whole */
    gsize at, len;
    gint64 due;    /* do not ask before */
    gint64 spoken; /* when something was last sent */
    gboolean ended;
} SvStream;

struct SvAnswer {
    gint refs;
    int status;
    struct MHD_Response *response;
    const char *bytes; /* owned by the response */
    gsize len;
    SvAnswer *twin; /* its 304; set once */
    SvStream *stream;
};

/* ── the crowd (http_crowd.c): who is connected, who is slow ── */
typedef struct SvCrowd SvCrowd;

typedef enum {
    SV_PEER_WAITING,   /* connected or amid a request */
    SV_PEER_IDLE,      /* between two requests */
    SV_PEER_WORKING,   /* the handler runs */
    SV_PEER_ANSWERING, /* the answer is on its way */
    SV_PEER_STREAM,
} SvPeerState;

struct SvPeer {
    struct SvHttpServer *server;
    struct MHD_Connection *connection;
    SvHttpRequest request;
    _Atomic int state;
    _Atomic gint64 since; /* µs: when the state began, later by what was sent or read since */
    int fd;
    /* of the crowd, under its lock */
    guint index;
    gboolean doomed; /* its socket is shut down */
    gboolean asleep; /* suspended until `due` */
    gint64 due;
    guint64 acked; /* bytes that it had read when it was last looked at */
};

SvCrowd *sv_crowd_new(guint limit, guint request_s);
void sv_crowd_free(SvCrowd *crowd);
/* A peer comes: when few places are left, the slowest others go. */
void sv_crowd_enter(SvCrowd *crowd, SvPeer *peer);
/* Its socket is still open. */
void sv_crowd_leave(SvCrowd *crowd, SvPeer *peer);
void sv_peer_now(SvPeer *peer, SvPeerState state);
/* It sent or read so much. */
void sv_peer_credit(SvPeer *peer, guint64 bytes);
/* Suspends the connection, from its own thread, until `due` (monotonic µs). */
void sv_crowd_sleep(SvCrowd *crowd, SvPeer *peer, gint64 due);
gboolean sv_crowd_take_stream(SvCrowd *crowd); /* FALSE: there are too many */
void sv_crowd_end_stream(SvCrowd *crowd);
gboolean sv_crowd_closing(const SvCrowd *crowd);
/* Ends streams and idle connections, waits for running requests up to so many µs, then shuts the rest down.
 */
void sv_crowd_close(SvCrowd *crowd, gint64 patience);
void sv_crowd_counts(SvCrowd *crowd, guint *open, guint64 *closed_slow);

SvCrowd *sv_server_crowd(struct SvHttpServer *server);
