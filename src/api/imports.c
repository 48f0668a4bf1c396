/* Files by upload: into the store, or only to be looked at.
 *
 * A whole CRM lies in memory while it is read (memfd), never in a file. A look takes nothing into the store
 * and runs at most LOOKS_MOST at a time, since each takes a core for its while. */
#include "resources.h"
#include "client_store.h"
#include "error.h"
#include "history.h"
#include "import.h"
#include "redact.h"
#include "render.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LOOKS_MOST 4

/* ── into the store ── */

/* The zone of a client that is known already, for files without a card. */
static void set_zone(const SvCall *call, const char *external, SvHistory *history)
{
    g_autoptr(SvClient) client = sv_client_find(call->db, external, NULL);
    g_autoptr(SvHistory) card = sv_history_new();
    if (!client)
        return;
    sv_client_load_card(client, card, NULL);
    history->zone = g_steal_pointer(&card->zone);
}

static gboolean import_client(
    SvCall *call, const char *external, SvReport *report, SvImported *out, gint64 *client, GError **error)
{
    g_autoptr(SvHistory) history = sv_history_new();
    if (!external) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_USAGE, "the parameter “client” of the query, its key, is missing");
        return FALSE;
    }
    set_zone(call, external, history);
    return sv_files_read(call, history, report, error) &&
           sv_import_history(call->app->pool, external, NULL, history, out, client, error);
}

static gboolean import_crm(SvCall *call, SvReport *report, SvImported *out, GError **error)
{
    const char *name, *bytes;
    gsize len;
    if (!sv_request_file(call->request, 0, &name, &bytes, &len) || !len) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "send one archive with a folder for each client");
        return FALSE;
    }
    int fd = memfd_create("crm", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    gboolean written = fd >= 0;
    for (gsize at = 0; written && at < len;) {
        gssize n = write(fd, bytes + at, len - at);
        written = n > 0;
        at += written ? (gsize)n : 0;
    }
    gboolean done = written && sv_import_crm(call->app->pool, path, NULL, NULL, NULL, report, out, error);
    if (!written)
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "the upload could not be kept in memory");
    if (fd >= 0)
        close(fd);
    return done;
}

SvAnswer *sv_api_import(SvCall *call, GError **error)
{
    g_autoptr(SvReport) report = sv_report_new();
    SvImported imported = {0};
    gint64 client = 0;
    gboolean crm = g_strcmp0(sv_request_query(call->request, "what"), "crm") == 0;
    if (!(crm ? import_crm(call, report, &imported, error)
              : import_client(
                    call, sv_request_query(call->request, "client"), report, &imported, &client, error)))
        return NULL;
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
    call->ask.client = client;
    sv_call_note(
        call, "%u clients, %u added, %u changed", imported.clients, imported.added, imported.changed);
    cJSON *document = cJSON_CreateObject();
    if (client)
        cJSON_AddNumberToObject(document, "client", (double)client);
    else
        cJSON_AddNullToObject(document, "client");
    cJSON_AddNumberToObject(document, "clients", imported.clients);
    cJSON_AddNumberToObject(document, "added", imported.added);
    cJSON_AddNumberToObject(document, "changed", imported.changed);
    cJSON_AddNumberToObject(document, "same", imported.same);
    sv_report_add_json(document, report);
    return sv_reply_document(200, document);
}

/* ── only a look ── */

static SvAnswer *summarize(SvCall *call, SvHistory *history, SvReport *report)
{
    const SvApp *app = call->app;
    const char *language = sv_request_query(call->request, "language");
    sv_history_finish(history, report);
    sv_redact_history(history);
    SvLang lang = g_strcmp0(language ? language : history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    g_autoptr(SvDigest) digest =
        sv_digest_new(app->engine, history, sv_time_from_unix(call->ask.now, history->zone));
    cJSON *document = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(document, "summaries");
    for (const char *const *name = sv_formats_names(app->formats); *name; name++) {
        if (!sv_formats_suits(app->formats, *name, "file"))
            continue;
        g_autoptr(SvSummary) summary = sv_summary_make(digest, app->formats, *name, lang, NULL);
        if (!summary)
            continue;
        summary->coverage.unread = report->n_problems;
        g_autofree char *json = sv_render_json(summary, history);
        cJSON_AddItemToArray(list, cJSON_CreateRaw(json));
    }
    sv_report_add_json(document, report);
    return sv_reply_document(200, document);
}

SvAnswer *sv_api_try(SvCall *call, GError **error)
{
    static gint looks;
    if (g_atomic_int_add(&looks, 1) >= LOOKS_MOST) {
        g_atomic_int_add(&looks, -1);
        g_set_error(
            error, SV_ERROR, SV_ERROR_BUSY, "others are trying files just now; try again in a few seconds");
        return NULL;
    }
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    SvAnswer *answer = sv_files_read(call, history, report, error) ? summarize(call, history, report) : NULL;
    g_atomic_int_add(&looks, -1);
    return answer;
}
