/* One route table drives dispatch, OpenAPI, the audit and the tests that walk every route.
 *
 * A route says what it needs; the dispatcher sees to it before the handler runs: who asks (session or token),
 * may he (scope, role), may he open the client in the path, is the form's CSRF token right, is the deed on
 * record. A handler that fails sets an error; the dispatcher makes the answer (RFC 9457 for the API, a page
 * for people). */
#pragma once
#include "audit.h"
#include "desk.h"
#include "http.h"
#include "job.h"

typedef struct {
    SvPool *pool;
    SvEngine *engine;
    SvFormats *formats;
    SvGuard *guard;
    SvAudit *audit;
    SvDesk *desk;
    SvWorkers *workers;
    SvHttpServer *http; /* NULL in tests that make requests by hand */
    gint64 started;
    gint64 (*now)(void); /* Unix seconds; replaced in tests */
    gboolean secure;     /* cookies only over TLS (behind a proxy) */
    char *title;         /* of the company, shown in the pages; may be NULL */
    char *first_code;  /* shown on the terminal: who makes the first administrator must know it; NULL: nobody
                          may */
    char *own_formats; /* folder of the administrator's formats; may be NULL */
    /* The answer to an error on a page route (web/page.h gives it; NULL: a problem document). `who` may be
     * NULL. */
    SvAnswer *(*error_page)(gpointer call /* SvCall * */, const GError *error);
} SvApp;

/* The cookie of a session: "__Host-" before it when the app is `secure`. */
#define SV_SESSION_COOKIE "svodka"

typedef enum {
    SV_ROUTE_PUBLIC = 1 << 0, /* no reader needed: login, health, style sheets */
    SV_ROUTE_CLIENT = 1 << 1, /* {client} must be open to the reader, else 404 */
    SV_ROUTE_WRITE = 1 << 2,  /* changes something: scope write, CSRF for sessions */
    SV_ROUTE_ADMIN = 1 << 3,  /* for administrators */
    SV_ROUTE_PAGE = 1 << 4,   /* errors as HTML pages, no reader → the login page */
} SvRouteFlags;

#define SV_ROUTE_PARAMETERS 4

typedef struct {
    SvApp *app;
    SvHttpRequest *request;
    SvDb *db;                                    /* to read with */
    SvWho *who;                                  /* NULL on public routes without a session */
    SvAsk ask;                                   /* who, db, client (0 without SV_ROUTE_CLIENT), now */
    const char *parameters[SV_ROUTE_PARAMETERS]; /* of the path, in order, decoded */
    char *detail; /* for the audit: set by the handler, freed by the dispatcher */
} SvCall;

typedef struct {
    const char *method;
    const char *path; /* "/api/v1/clients/{client}/summaries/{format}" */
    guint flags;
    const char *action; /* for the audit: "summary.read"; NULL: not recorded */
    SvAnswer *(*run)(SvCall *call, GError **error);
    const char *summary;  /* one line for the documentation */
    const char *query;    /* "language?:string limit?:integer(1..200)"; NULL none */
    const char *request;  /* schema of the body ("#/components/schemas/X"), "files", or NULL */
    const char *response; /* schema of the answer, or a media type */
} SvRoute;

/* Tables of routes, each ended by an empty route; the list ended by NULL. */
typedef const SvRoute *const *SvRoutes;
/* Makes the first administrator while there is no account. SV_ERROR_FORBIDDEN: another code than first_code;
 * SV_ERROR_CONFLICT: there is an account; SV_ERROR_INPUT: no good login or password. */
gboolean sv_app_first(SvApp *app, const char *code, const char *login, const char *name, const char *password,
    const char *language, GError **error);
/* Adds the headers that protect a reader. The dispatcher does it for every answer; call it for one that is
 * kept and given to many, before the first. */
void sv_answer_protect(SvAnswer *answer);
/* Answers a request by the tables; never NULL. */
SvAnswer *sv_dispatch(SvApp *app, SvRoutes tables, SvHttpRequest *request);
/* A problem document (RFC 9457) of an error. */
SvAnswer *sv_problem(const GError *error, const char *instance);

extern const SvRoute sv_api_routes[];
/* OpenAPI 3.1 of the tables' routes under /api, as JSON, newly allocated. */
char *sv_openapi(SvRoutes tables);
