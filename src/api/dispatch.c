/* The one way of every request: which route, who asks, may he, the handler, the record, the answer.
 *
 * Keeps true: a handler of a route that is not public runs only for a known reader with the scope and role
 * that the route needs and, when the path names a client, only if he may open it; whoever may not gets the
 * same answer as for a client that does not exist. What changes something on behalf of a browser's session
 * carries that session's token and comes from our own pages. A route with an action gives nothing that is not
 * on record: when the record cannot be written, the answer is 503. Every answer has the headers that tell a
 * browser to trust nobody.
 *
 * What it does not do: it writes no log; the audit has the route's action, ids and a status, never a text. */
#include "error.h"
#include "match.h"
#include "recall.h"
#include "reply.h"
#include <sodium.h>
#include <string.h>

#define PATH_SHOWN 200

/* ── who asks ── */

static SvProof proof_of(const SvApp *app, const SvHttpRequest *request)
{
    const char *header = sv_request_header(request, "Authorization");
    if (header)
        return (SvProof){g_ascii_strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : NULL, FALSE};
    const char *name = app->secure ? "__Host-" SV_SESSION_COOKIE : SV_SESSION_COOKIE;
    return (SvProof){sv_request_cookie(request, name), TRUE};
}

/* Who has it, and whether he may open the client (0: none is asked for), as of one moment. Who may not is
 * known all the same: *error is set then. */
static void ask_database(SvCall *call, const SvProof *proof, gint64 client, GError **error)
{
    const SvApp *app = call->app;
    gboolean begun = sv_db_begin(call->db, FALSE, NULL); /* one lock for all questions */
    if (proof->secret)
        call->who = proof->session ? sv_guard_session(app->guard, call->db, proof->secret)
                                   : sv_guard_token(app->guard, call->db, proof->secret);
    if (call->who && client)
        sv_access_may_open_at(call->db, call->who, client, &call->ask.revision, error);
    if (begun)
        sv_db_rollback(call->db);
}

static void find_reader(SvCall *call, gint64 client, GError **error)
{
    SvStamp stamp;
    SvProof proof = proof_of(call->app, call->request);
    gboolean stamped = proof.secret && sv_pool_stamp(call->app->pool, &stamp);
    if (stamped)
        call->who = sv_recall_find(call->app, &proof, client, call->ask.now, &stamp, &call->ask.revision);
    if (call->who)
        return;
    ask_database(call, &proof, client, error);
    if (stamped && call->who && (!client || call->ask.revision))
        sv_recall_keep(call->app, &proof, client, call->ask.now, &stamp, call->who, call->ask.revision);
}

/* ── may he ── */

static gboolean forbid(GError **error, const char *text)
{
    g_set_error_literal(error, SV_ERROR, SV_ERROR_FORBIDDEN, text);
    return FALSE;
}

/* The browser's own word for where a request comes from. Programs say nothing. */
static gboolean is_from_here(const SvHttpRequest *request)
{
    const char *site = sv_request_header(request, "Sec-Fetch-Site");
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    const char *origin = sv_request_header(request, "Origin"), *host = sv_request_header(request, "Host");
    if (!origin)
        return TRUE;
    const char *its = strstr(origin, "://");
    return its && host && g_ascii_strcasecmp(its + 3, host) == 0;
}

static gboolean has_csrf(const SvHttpRequest *request, const SvWho *who)
{
    const char *said = sv_request_header(request, "X-CSRF-Token");
    if (!said)
        said = sv_request_field(request, "csrf");
    gsize len = strlen(who->csrf);
    return said && strlen(said) == len && sodium_memcmp(said, who->csrf, len) == 0;
}

static gboolean may_call(const SvRoute *route, const SvCall *call, GError **error)
{
    const SvWho *who = call->who;
    guint flags = route->flags;
    if ((flags & SV_ROUTE_WRITE) && !is_from_here(call->request))
        return forbid(error, "the request came from another site");
    if (flags & SV_ROUTE_PUBLIC)
        return TRUE;
    if (!(who->scopes & SV_SCOPE_READ))
        return forbid(error, "the token's scopes do not reach so far");
    if ((flags & SV_ROUTE_ADMIN) && !sv_access_is_admin(who))
        return forbid(error, "only administrators may");
    if (!(flags & SV_ROUTE_WRITE))
        return TRUE;
    if (!sv_access_may_write(who))
        return forbid(error, "the token's scopes do not reach so far");
    return !who->csrf || has_csrf(call->request, who) ||
           forbid(error, "the token of the form is missing or old");
}

/* ── answers that are no handler's ── */

static SvAnswer *answer_error(const SvRoute *route, SvCall *call, const GError *error)
{
    if (route && (route->flags & SV_ROUTE_PAGE) && call->app->error_page)
        return call->app->error_page(call, error);
    g_autofree char *path = g_utf8_substring(sv_request_path(call->request), 0,
        MIN(PATH_SHOWN, g_utf8_strlen(sv_request_path(call->request), -1)));
    return sv_problem(error, path);
}

static SvAnswer *answer_stranger(const SvRoute *route, const SvHttpRequest *request)
{
    const char *path = sv_request_path(request);
    if (!(route->flags & SV_ROUTE_PAGE)) {
        SvAnswer *answer = sv_problem_of(401, "unauthorized", "log in, or send a valid token", NULL, path);
        sv_answer_header(answer, "WWW-Authenticate", "Bearer realm=\"svodka\"");
        return answer;
    }
    g_autofree char *back = g_uri_escape_string(path, "/", FALSE);
    gboolean get = strcmp(sv_request_method(request), "GET") == 0,
             part = sv_request_header(request, "HX-Request") != NULL;
    g_autofree char *to = get && !part ? g_strconcat("/login?back=", back, NULL) : g_strdup("/login");
    SvAnswer *answer = sv_answer_new(part ? 200 : 303, "text/plain; charset=utf-8", "", 0);
    sv_answer_header(answer, part ? "HX-Redirect" : "Location", to);
    return answer;
}

/* Whether a path that nothing answers would have been a page: then a person reads the answer. */
static const SvRoute a_page = {.flags = SV_ROUTE_PAGE};
static SvAnswer *answer_nowhere(SvCall *call, const SvMatch *match)
{
    const char *path = sv_request_path(call->request);
    if (match->allowed) {
        g_autofree char *methods = sv_match_methods(match->allowed);
        SvAnswer *answer =
            sv_problem_of(405, "method-not-allowed", "the path does not take this method", NULL, NULL);
        sv_answer_header(answer, "Allow", methods);
        return answer;
    }
    g_autoptr(GError) none =
        g_error_new_literal(SV_ERROR, SV_ERROR_NOT_FOUND, "there is nothing at this path");
    return answer_error(g_str_has_prefix(path, "/api/") ? NULL : &a_page, call, none);
}

/* ── the way ── */

static gboolean record(const SvRoute *route, const SvCall *call, int status, GError **error)
{
    SvDeed deed = {.account = call->who ? call->who->account : 0,
        .client = call->ask.client,
        .action = route->action,
        .detail = call->detail,
        .address = sv_request_peer(call->request),
        .status = status};
    return sv_audit_add(call->app->audit, &deed, error);
}

/* NULL: *error says why not; 401 is an answer of its own. */
static SvAnswer *run_route(const SvMatch *match, SvCall *call, GError **error)
{
    const SvRoute *route = match->route;
    g_autoptr(GError) closed = NULL;
    gint64 client = route->flags & SV_ROUTE_CLIENT ? match->client : 0;
    call->db = sv_pool_read(call->app->pool, error);
    if (!call->db)
        return NULL;
    find_reader(call, client, &closed);
    if (!call->who && !(route->flags & SV_ROUTE_PUBLIC))
        return answer_stranger(route, call->request);
    call->ask.who = call->who;
    call->ask.db = call->db;
    if (!may_call(route, call, error))
        return NULL;
    if (closed) {
        g_propagate_error(error, g_steal_pointer(&closed));
        return NULL;
    }
    call->ask.client = client;
    if (route->flags & SV_ROUTE_WRITE)
        call->ask.revision = 0; /* what it reads after its change must be new */
    if (!(route->flags & SV_ROUTE_PAGE) && !sv_query_check(match->rules, call->request, error))
        return NULL;
    return route->run(call, error);
}

static SvAnswer *dispatch(const SvMatch *match, SvCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) unwritten = NULL;
    SvAnswer *answer = run_route(match, call, &error);
    if (!answer) {
        if (!error)
            g_set_error(&error, SV_ERROR, SV_ERROR_BUG, "a handler gave neither answer nor error");
        if (!error->domain || error->domain != SV_ERROR ||
            sv_error_info((SvErrorCode)error->code)->http_status == 500)
            g_warning("%s: %s", match->route->path, error->message);
        answer = answer_error(match->route, call, error);
    }
    answer = sv_answer_conditional(call->request, answer);
    if (!match->route->action || record(match->route, call, sv_answer_status(answer), &unwritten))
        return answer;
    sv_answer_unref(answer);
    g_warning("the audit could not be written: %s", unwritten->message);
    g_autoptr(GError) busy =
        g_error_new_literal(SV_ERROR, SV_ERROR_BUSY, "the record of deeds cannot be written");
    return answer_error(match->route, call, busy);
}

SvAnswer *sv_dispatch(SvApp *app, SvRoutes tables, SvHttpRequest *request)
{
    g_auto(SvMatch) match = {0};
    SvCall call = {.app = app, .request = request, .ask.now = app->now()};
    sv_match_find(tables, sv_request_method(request), sv_request_path(request), &match);
    memcpy(call.parameters, match.parameters, sizeof call.parameters);
    SvAnswer *answer = match.route ? dispatch(&match, &call) : answer_nowhere(&call, &match);
    sv_pool_read_done(app->pool, call.db);
    sv_who_unref(call.who);
    g_free(call.detail);
    sv_answer_protect(answer);
    return answer;
}
