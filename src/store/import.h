/* From files to the store: folders, archives, one client or a whole CRM. */
#pragma once
#include "db.h"
#include "report.h"

typedef struct {
    guint clients, added, changed, same;
} SvImported;

/* Called now and then: `done` of `total` (0 unknown). FALSE stops. */
typedef gboolean (*SvImportProgress)(guint done, guint total, gpointer data);

/* Reads the paths as the history of one client. `external` NULL: the card's "id", else its name, else the
 * file's name. What was accepted is durable when this returns, and work is queued to read it. */
gboolean sv_import_client(SvPool *pool, const char *external, const char *const *paths, const char *mapping,
    SvReport *report, SvImported *out, gint64 *client, GError **error);
/* A whole CRM: a folder (or zip) with a folder or zip per client, or one CSV of clients (id,name,owner,team and
 * a column `files`). */
gboolean sv_import_crm(SvPool *pool, const char *path, const char *mapping, SvImportProgress progress,
    gpointer data, SvReport *report, SvImported *out, GError **error);
