/* Connections of one program: see db.h. One writer behind a mutex, readers kept for reuse. */
#include "driver.h"
#include "error.h"

struct SvPool {
    char *where;
    GMutex writing; /* held from sv_pool_write to sv_pool_write_done */
    SvDb *writer;
    GMutex lock;         /* of `idle` */
    GPtrArray *idle;     /* SvDb *: readers that nobody uses */
    gconstpointer signs; /* of the writer: see sv_pool_stamp() */
};

SvPool *sv_pool_open(const char *where, GError **error)
{
    g_autoptr(SvDb) writer = sv_db_open(where, FALSE, error);
    if (!writer || !sv_db_migrate(writer, error))
        return NULL;
    SvPool *pool = g_new0(SvPool, 1);
    pool->where = g_strdup(where);
    pool->writer = g_steal_pointer(&writer);
    pool->signs = sv_db_driver(pool->writer)->signs(pool->writer);
    pool->idle = g_ptr_array_new_with_free_func((GDestroyNotify)sv_db_close);
    g_mutex_init(&pool->writing);
    g_mutex_init(&pool->lock);
    return pool;
}

void sv_pool_close(SvPool *pool)
{
    if (!pool)
        return;
    g_ptr_array_unref(pool->idle);
    sv_db_close(pool->writer);
    g_mutex_clear(&pool->writing);
    g_mutex_clear(&pool->lock);
    g_free(pool->where);
    g_free(pool);
}

SvDb *sv_pool_read(SvPool *pool, GError **error)
{
    g_mutex_lock(&pool->lock);
    SvDb *db = pool->idle->len ? g_ptr_array_steal_index_fast(pool->idle, pool->idle->len - 1) : NULL;
    g_mutex_unlock(&pool->lock);
    return db ? db : sv_db_open(pool->where, TRUE, error);
}

void sv_pool_read_done(SvPool *pool, SvDb *db)
{
    if (!db)
        return;
    sv_db_rollback(db);
    g_mutex_lock(&pool->lock);
    g_ptr_array_add(pool->idle, db);
    g_mutex_unlock(&pool->lock);
}

SvDb *sv_pool_write(SvPool *pool, GError **error)
{
    g_mutex_lock(&pool->writing);
    if (sv_db_begin(pool->writer, TRUE, error))
        return pool->writer;
    g_mutex_unlock(&pool->writing);
    return NULL;
}

gboolean sv_pool_write_done(SvPool *pool, SvDb *db, gboolean keep, GError **error)
{
    gboolean kept = keep && sv_db_commit(db, error);
    if (!keep)
        sv_db_rollback(db);
    g_mutex_unlock(&pool->writing);
    return kept || !keep;
}

gboolean sv_pool_backup(SvPool *pool, const char *to, GError **error)
{
    g_autoptr(SvDb) db = sv_db_open(pool->where, TRUE, error);
    return db && sv_db_backup(db, to, error);
}

gboolean sv_pool_scrub(SvPool *pool, GError **error)
{
    g_mutex_lock(&pool->writing);
    g_mutex_lock(&pool->lock);
    g_ptr_array_set_size(pool->idle, 0); /* an idle reader would keep the log from being truncated */
    g_mutex_unlock(&pool->lock);
    gboolean done = sv_db_scrub(pool->writer, error);
    g_mutex_unlock(&pool->writing);
    return done;
}

gboolean sv_pool_stamp(SvPool *pool, SvStamp *out)
{
    return pool->signs && sv_db_driver(pool->writer)->stamp(pool->signs, out);
}

const char *sv_pool_where(const SvPool *pool)
{
    return pool->where;
}
