/* Bringing the index up to date: see store_index.h.
 *
 * meta.derived is the digest of the derived schema that the tables were made by (db/migrate.c); meta.words is
 * the one that they were filled under. When they differ, the tables may be empty or half filled. */
#include "store_index.h"
#include "client_store.h"
#include "error.h"
#include "message_store.h"

static gboolean is_whole(SvDb *db, gboolean *whole, GError **error)
{
    gint64 same = 0;
    if (!sv_sql_get_one(
            sv_db_sql(db,
                "SELECT (SELECT value FROM meta WHERE key='words')="
                "(SELECT value FROM meta WHERE key='derived') OR NOT EXISTS(SELECT 1 FROM client)",
                error),
            0, &same, error))
        return FALSE;
    *whole = same != 0;
    return TRUE;
}

static gboolean note_whole(SvDb *db, GError **error)
{
    return sv_sql_run(sv_db_sql(db,
                          "INSERT INTO meta(key,value) SELECT 'words',value FROM meta WHERE key='derived' "
                          "ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                          error),
        error);
}

gboolean sv_store_index_begin(SvDb *db, GError **error)
{
    gint64 any = 0;
    if (!sv_sql_get_one(sv_db_sql(db, "SELECT EXISTS(SELECT 1 FROM message)", error), 0, &any, error))
        return FALSE;
    return any || note_whole(db, error);
}

/* The next client after `last` in a transaction of its own; *last 0 when there is none. */
static gboolean index_next(SvPool *pool, const SvIndexer *indexer, gint64 *last, GError **error)
{
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    SvSql *sql = sv_db_sql(db, "SELECT min(id) FROM client WHERE id>?", error);
    sv_sql_int(sql, 1, *last);
    gboolean done = sv_sql_get_one(sql, 0, last, error) &&
                    (*last ? sv_messages_index(db, indexer, *last, error)
                           : sv_clients_index_phones(db, error) && note_whole(db, error));
    return sv_pool_write_done(pool, db, done, error) && done;
}

static gboolean index_all(SvPool *pool, const SvIndexer *indexer, guint total, SvStoreProgress progress,
    gpointer data, GError **error)
{
    guint done = 0;
    gint64 last = 0;
    do {
        if (progress && !progress(done, total, data)) {
            g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "indexing was stopped; it goes on at the next start");
            return FALSE;
        }
        if (!index_next(pool, indexer, &last, error))
            return FALSE;
        done++;
    } while (last);
    return TRUE;
}

gboolean sv_store_index(
    SvPool *pool, const SvIndexer *indexer, SvStoreProgress progress, gpointer data, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    gboolean whole = FALSE;
    gint64 total = 0;
    gboolean asked =
        db && is_whole(db, &whole, error) && (whole || (total = sv_clients_count(db, error)) >= 0);
    sv_pool_read_done(pool, db);
    if (!asked || whole)
        return asked;
    return index_all(pool, indexer, (guint)total, progress, data, error);
}

gboolean sv_store_rebuild(
    SvPool *pool, const SvIndexer *indexer, SvStoreProgress progress, gpointer data, GError **error)
{
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    gboolean dropped = sv_sql_run(sv_db_sql(db, "DELETE FROM meta WHERE key='words'", error), error) &&
                       sv_db_rebuild_derived(db, error);
    return sv_pool_write_done(pool, db, dropped, error) && dropped &&
           sv_store_index(pool, indexer, progress, data, error);
}
