/* What can be rebuilt of the store: words of messages, phones of cards. */
#pragma once
#include "db.h"
#include "indexer.h"

/* Called now and then: `done` of `total` (0 unknown). FALSE stops. */
typedef gboolean (*SvStoreProgress)(guint done, guint total, gpointer data);

/* Indexes everything when the derived tables were made anew since it was done last (a newer program, a stop
 * in between), a client a transaction; else costs a look. Call it after opening a pool that will be written
 * to or searched. `progress` may be NULL; SV_ERROR_BUSY when it stopped the work. */
gboolean sv_store_index(
    SvPool *pool, const SvIndexer *indexer, SvStoreProgress progress, gpointer data, GError **error);
/* Drops all that can be rebuilt and indexes anew. */
gboolean sv_store_rebuild(
    SvPool *pool, const SvIndexer *indexer, SvStoreProgress progress, gpointer data, GError **error);
/* In a write transaction: says that the index is whole when there are no messages yet. */
gboolean sv_store_index_begin(SvDb *db, GError **error);
