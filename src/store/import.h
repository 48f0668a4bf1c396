/* From files to the store: folders, archives, one client or a whole CRM. */
#pragma once
#include "db.h"
#include "message.h"
#include "report.h"

typedef struct {
    guint clients;              /* that were accepted */
    guint added, changed, same; /* messages */
} SvImported;

/* Called now and then: `done` of `total` (0 unknown). FALSE stops. */
typedef gboolean (*SvImportProgress)(guint done, guint total, gpointer data);

/* Reads the paths as the history of one client. `external` NULL: the card's "id", else its name, else the
 * file's name. What was accepted is durable when this returns, and work is queued to read it. What could not
 * be read is in the report. *client may be NULL. */
gboolean sv_import_client(SvPool *pool, const char *external,
    const char *const *paths, const char *mapping, SvReport *report, SvImported *out, gint64 *client,
    GError **error);
/* A whole CRM: a folder (or zip) with a folder or zip per client, or one CSV of clients (id,name,owner,team
 * and a column `files`: paths from the CSV's own folder, parted by ";" or "|"). Each client is durable by
 * itself; one that cannot be read is reported and the rest goes on. FALSE when nothing could be imported or
 * the store fails; SV_ERROR_BUSY when `progress` (may be NULL) stopped it: what was imported so far stays. */
gboolean sv_import_crm(SvPool *pool, const char *path, const char *mapping,
    SvImportProgress progress, gpointer data, SvReport *report, SvImported *out, GError **error);
/* Takes a history as sources gave it (not finished) into the store, in one transaction. `name` NULL: of the
 * card, else the key. */
gboolean sv_import_history(SvPool *pool, const char *external, const char *name,
    const SvHistory *history, SvImported *out, gint64 *client, GError **error);
