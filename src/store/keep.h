/* Backup and restore of the whole store. */
#pragma once
#include "erase.h"

/* Copies the store, as it is at one moment, to a file while it is in use, checks the copy, and only then
 * gives it its name. Readable by its owner only. SV_ERROR_CONFLICT: there is such a file, and `overwrite` is
 * not set. */
gboolean sv_store_backup(SvPool *pool, const char *to, gboolean overwrite, GError **error);

/* Puts a backup in the place of the database `where`. The copy is checked, brought to the newest schema, and
 * what was erased here after it was made (WHERE-erased) is erased in it, counted in `erased`; only then it
 * takes its place, in one transaction. SV_ERROR_CONFLICT: there is a database, and `overwrite` is not set;
 * SV_ERROR_BUSY: it is in use; SV_ERROR_SETUP: `from` is no backup of ours, or of a newer program. */
gboolean sv_store_restore(
    const char *from, const char *where, gboolean overwrite, SvErased *erased, GError **error);
