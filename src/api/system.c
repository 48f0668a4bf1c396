/* Is it well, and how much does it do: for load balancers and Prometheus. Counts only, no names.
 *
 * Health says nothing but yes or no to strangers. Metrics are for administrators' tokens and for the machine
 * itself. */
#include "resources.h"
#include "error.h"
#include <stdio.h>
#include <string.h>

/* Can the database be written? An empty write transaction takes the lock and gives it back. */
static gboolean can_write(SvPool *pool)
{
    SvDb *db = sv_pool_write(pool, NULL);
    return db && sv_pool_write_done(pool, db, FALSE, NULL);
}

SvAnswer *sv_api_health(SvCall *call, GError **error)
{
    gint64 waiting = sv_jobs_waiting(call->db, NULL);
    gboolean well = waiting >= 0 && can_write(call->app->pool);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddStringToObject(document, "status", well ? "ok" : "failing");
    return sv_reply_document(well ? 200 : 503, document);
}

static void add_metric(GString *out, const char *name, const char *kind, const char *help, gint64 value)
{
    g_string_append_printf(out, "# HELP svodka_%s %s\n# TYPE svodka_%s %s\nsvodka_%s %" G_GINT64_FORMAT "\n",
        name, help, name, kind, name, value);
}

static gint64 resident_bytes(void)
{
    g_autofree char *text = NULL;
    long pages = 0;
    if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL) && sscanf(text, "%*d %ld", &pages) == 1)
        return (gint64)pages * 4096;
    return 0;
}

static gboolean is_loopback(const SvCall *call)
{
    const char *peer = sv_request_peer(call->request);
    return !sv_request_header(call->request, "X-Forwarded-For") &&
           (strcmp(peer, "127.0.0.1") == 0 || strcmp(peer, "::1") == 0);
}

SvAnswer *sv_api_metrics(SvCall *call, GError **error)
{
    if (!sv_access_is_admin(call->who) && !is_loopback(call)) {
        g_set_error(error, SV_ERROR, SV_ERROR_FORBIDDEN, "metrics are for administrators");
        return NULL;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    SvHttpCounts counts = {0};
    if (call->app->http)
        sv_http_counts(call->app->http, &counts);
    add_metric(out, "up_seconds", "gauge", "Seconds since the start.", call->ask.now - call->app->started);
    add_metric(out, "requests_total", "counter", "Requests answered.", (gint64)counts.requests);
    add_metric(out, "errors_total", "counter", "Answers of 500 and above.", (gint64)counts.errors);
    add_metric(out, "refused_total", "counter", "Ill-formed requests.", (gint64)counts.refused);
    add_metric(
        out, "closed_slow_total", "counter", "Connections closed for slowness.", (gint64)counts.closed_slow);
    add_metric(out, "connections", "gauge", "Open connections.", counts.open);
    add_metric(out, "jobs_waiting", "gauge", "Jobs due, running or waiting.",
        MAX(0, sv_jobs_waiting(call->db, NULL)));
    add_metric(out, "jobs_failed", "gauge", "Jobs given up.", MAX(0, sv_jobs_failed(call->db, NULL)));
    add_metric(out, "resident_bytes", "gauge", "Memory in use.", resident_bytes());
    return sv_answer_new(200, "text/plain; version=0.0.4; charset=utf-8", out->str, out->len);
}

SvAnswer *sv_api_openapi(SvCall *call, GError **error)
{
    static const SvRoute *const tables[] = {sv_api_routes, NULL};
    static char *text; /* the same for everybody, made once */
    if (g_once_init_enter(&text))
        g_once_init_leave(&text, sv_openapi(tables));
    return sv_answer_new(200, SV_TYPE_JSON, text, strlen(text));
}
