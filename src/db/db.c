/* The door to SQL: see db.h. Keeps prepared statements, delegates the rest to the driver. */
#include "driver.h"
#include "error.h"
#include <math.h>

SvDb *sv_db_open(const char *where, gboolean must_exist, GError **error)
{
    SvDb *db = sv_db_sqlite.open(where, must_exist, error);
    if (!db)
        return NULL;
    db->driver = &sv_db_sqlite;
    db->where = g_strdup(where);
    db->statements =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)db->driver->sql_free);
    return db;
}

void sv_db_close(SvDb *db)
{
    if (!db)
        return;
    if (db->in_transaction)
        sv_db_rollback(db);
    g_hash_table_unref(db->statements);
    g_free(db->where);
    db->driver->close(db);
}

SvSql *sv_db_sql(SvDb *db, const char *text, GError **error)
{
    SvSql *sql = g_hash_table_lookup(db->statements, text);
    if (sql) {
        db->driver->clear(sql);
        return sql;
    }
    if (!(sql = db->driver->prepare(db, text, error)))
        return NULL;
    sql->db = db;
    sql->text = text;
    g_hash_table_insert(db->statements, (gpointer)text, sql);
    return sql;
}

void sv_sql_int(SvSql *sql, int parameter, gint64 value)
{
    if (sql)
        sql->db->driver->bind_int(sql, parameter, value);
}

void sv_sql_real(SvSql *sql, int parameter, double value)
{
    if (!sql)
        return;
    if (isnan(value))
        sql->db->driver->bind_null(sql, parameter);
    else
        sql->db->driver->bind_real(sql, parameter, value);
}

void sv_sql_text(SvSql *sql, int parameter, const char *text)
{
    if (!sql)
        return;
    if (text)
        sql->db->driver->bind_text(sql, parameter, text);
    else
        sql->db->driver->bind_null(sql, parameter);
}

void sv_sql_blob(SvSql *sql, int parameter, const void *bytes, gsize len)
{
    if (sql)
        sql->db->driver->bind_blob(sql, parameter, bytes, len);
}

void sv_sql_null(SvSql *sql, int parameter)
{
    if (sql)
        sql->db->driver->bind_null(sql, parameter);
}

int sv_sql_next(SvSql *sql, GError **error)
{
    return sql ? sql->db->driver->next(sql, error) : -1;
}

gint64 sv_sql_get_int(SvSql *sql, int column)
{
    return sql->db->driver->get_int(sql, column);
}

double sv_sql_get_real(SvSql *sql, int column)
{
    return sv_sql_is_null(sql, column) ? NAN : sql->db->driver->get_real(sql, column);
}

const char *sv_sql_get_text(SvSql *sql, int column)
{
    return sql->db->driver->get_text(sql, column);
}

const void *sv_sql_get_blob(SvSql *sql, int column, gsize *len)
{
    return sql->db->driver->get_blob(sql, column, len);
}

gboolean sv_sql_is_null(SvSql *sql, int column)
{
    return sql->db->driver->is_null(sql, column);
}

void sv_sql_done(SvSql *sql)
{
    if (sql)
        sql->db->driver->done(sql);
}

gboolean sv_sql_run(SvSql *sql, GError **error)
{
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        ;
    return got == 0;
}

gboolean sv_sql_get_one(SvSql *sql, gint64 otherwise, gint64 *out, GError **error)
{
    int got = sv_sql_next(sql, error);
    if (got < 0)
        return FALSE;
    *out = got ? sv_sql_get_int(sql, 0) : otherwise;
    sv_sql_done(sql);
    return TRUE;
}

gboolean sv_db_begin(SvDb *db, gboolean write, GError **error)
{
    if (db->in_transaction) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUG, "a transaction inside a transaction");
        return FALSE;
    }
    return db->in_transaction = db->driver->begin(db, write, error);
}

gboolean sv_db_commit(SvDb *db, GError **error)
{
    gboolean kept = sv_sql_run(sv_db_sql(db, "COMMIT", error), error);
    if (kept)
        db->in_transaction = FALSE;
    else
        sv_db_rollback(db);
    return kept;
}

void sv_db_rollback(SvDb *db)
{
    g_autoptr(GError) ignored = NULL; /* the engine may have rolled back itself */
    if (db->in_transaction)
        sv_sql_run(sv_db_sql(db, "ROLLBACK", &ignored), &ignored);
    db->in_transaction = FALSE;
}

gint64 sv_db_changes(SvDb *db)
{
    return db->driver->changes(db);
}

gboolean sv_db_script(SvDb *db, const char *script, GError **error)
{
    return db->driver->script(db, script, error);
}

const char *sv_db_where(const SvDb *db)
{
    return db->where;
}

const SvDbDriver *sv_db_driver(const SvDb *db)
{
    return db->driver;
}

gboolean sv_db_backup(SvDb *db, const char *to, GError **error)
{
    return db->driver->backup(db, to, error);
}

gboolean sv_db_restore(const char *where, const char *from, GError **error)
{
    return sv_db_sqlite.restore(where, from, error);
}

gboolean sv_db_check(SvDb *db, GError **error)
{
    return db->driver->check(db, error);
}

gboolean sv_db_scrub(SvDb *db, GError **error)
{
    return db->driver->scrub(db, error);
}
