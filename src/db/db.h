/* The door to SQL. One interface, one driver a database engine; SQL is written once, in store/ and schema/.
 *
 * A connection (SvDb) belongs to one thread at a time. A pool holds one connection that writes and one for
 * every thread that reads. Statements are prepared once a connection and kept; parameters are always bound,
 * numbered from 1, columns from 0. Text is UTF-8. A write that was committed survives a crash of the program
 * and of the machine.
 *
 * Errors: SV_ERROR_BUSY (somebody else holds the lock too long), SV_ERROR_IO (disk full, read error),
 * SV_ERROR_CONFLICT (a unique key is taken), SV_ERROR_SETUP (no database of ours, or a newer one),
 * SV_ERROR_BUG (wrong SQL). None of them holds a bound value. */
#pragma once
#include <glib.h>

typedef struct SvDb SvDb;
typedef struct SvSql SvSql;
typedef struct SvDbDriver SvDbDriver;

/* ── a statement ── */

/* The prepared statement of a text, bindings cleared; owned by the connection, valid until the same text is
 * asked for again. `sql` must be a literal (it is known by its address). NULL on error. */
SvSql *sv_db_sql(SvDb *db, const char *sql, GError **error);
void sv_sql_int(SvSql *sql, int parameter, gint64 value);
void sv_sql_real(SvSql *sql, int parameter, double value); /* NAN binds null */
/* NULL binds null. The text is copied. */
void sv_sql_text(SvSql *sql, int parameter, const char *text);
void sv_sql_blob(SvSql *sql, int parameter, const void *bytes, gsize len);
void sv_sql_null(SvSql *sql, int parameter);
/* 1: a row; 0: no more rows (the statement is reset); -1: an error. */
int sv_sql_next(SvSql *sql, GError **error);
/* Of the current row, valid until the next call of sv_sql_next or sv_sql_done. Null reads as 0, NAN, NULL. */
gint64 sv_sql_get_int(SvSql *sql, int column);
double sv_sql_get_real(SvSql *sql, int column);
const char *sv_sql_get_text(SvSql *sql, int column);
const void *sv_sql_get_blob(SvSql *sql, int column, gsize *len);
gboolean sv_sql_is_null(SvSql *sql, int column);
/* Ends a statement whose rows were not all read. Must be called then; harmless else. */
void sv_sql_done(SvSql *sql);
/* Runs a statement to its end, rows passed over. `sql` may be NULL (then *error is set already). */
gboolean sv_sql_run(SvSql *sql, GError **error);
/* The first column of the first row; `otherwise` when there is none. FALSE on error. */
gboolean sv_sql_get_one(SvSql *sql, gint64 otherwise, gint64 *out, GError **error);

/* ── a connection ── */

/* Opens "svodka.db" (a path: SQLite). Creates it unless `must_exist`. No migration is done here. */
SvDb *sv_db_open(const char *where, gboolean must_exist, GError **error);
void sv_db_close(SvDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvDb, sv_db_close)
/* A read transaction sees one state of the database; a write transaction is alone. They do not nest. */
gboolean sv_db_begin(SvDb *db, gboolean write, GError **error);
gboolean sv_db_commit(SvDb *db, GError **error);
void sv_db_rollback(SvDb *db);
/* Rows that the last insert, update or delete touched. */
gint64 sv_db_changes(SvDb *db);
/* Runs several statements without parameters (migrations). */
gboolean sv_db_script(SvDb *db, const char *script, GError **error);
const char *sv_db_where(const SvDb *db);
const SvDbDriver *sv_db_driver(const SvDb *db);

/* Copies the whole database, as it is at one moment, to another place while it is in use. */
gboolean sv_db_backup(SvDb *db, const char *to, GError **error);
/* Puts the whole of the database file `from` in the place of what is at `where` (made when there is none), in
 * one transaction: afterwards there is the one or the other. SV_ERROR_BUSY when anybody has `where` open. */
gboolean sv_db_restore(const char *where, const char *from, GError **error);
/* Looks for damage; FALSE and SV_ERROR_IO when there is some. */
gboolean sv_db_check(SvDb *db, GError **error);
/* After deletions: nothing of what was deleted stays in free pages, indices or logs. */
gboolean sv_db_scrub(SvDb *db, GError **error);

/* ── a pool ── */

typedef struct SvPool SvPool;
/* Opens the writing connection, and migrates the database to the newest schema. */
SvPool *sv_pool_open(const char *where, GError **error);
void sv_pool_close(SvPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvPool, sv_pool_close)
/* A connection to read with, of this thread alone until it gives it back; NULL on error. */
SvDb *sv_pool_read(SvPool *pool, GError **error);
void sv_pool_read_done(SvPool *pool, SvDb *db);
/* The connection to write with, inside a write transaction, waiting for its turn; NULL on error. */
SvDb *sv_pool_write(SvPool *pool, GError **error);
/* Ends the turn: commits when `keep`, else rolls back. FALSE when the commit failed: nothing was kept. */
gboolean sv_pool_write_done(SvPool *pool, SvDb *db, gboolean keep, GError **error);
/* Tells whether anything was committed, by this process or another one: while the stamp is the same, nothing
 * was, and what was read before is what would be read now. Costs neither a lock nor a call to the system.
 * FALSE: it cannot be told just now; then the database must be asked. */
typedef struct {
    guint8 bytes[48];
} SvStamp;
gboolean sv_pool_stamp(SvPool *pool, SvStamp *out);
/* Copies while the pool is in use (a connection of its own). */
gboolean sv_pool_backup(SvPool *pool, const char *to, GError **error);
/* sv_db_scrub() by the writer, outside a transaction. */
gboolean sv_pool_scrub(SvPool *pool, GError **error);
const char *sv_pool_where(const SvPool *pool);

/* ── migrations (migrate.c): schema/sql/NNN_name.sql, compiled in ── */

/* Brings the database to the newest schema, each step in a transaction of its own. SV_ERROR_SETUP when the
 * database is of a newer program. */
gboolean sv_db_migrate(SvDb *db, GError **error);
/* Drops and makes anew all that can be rebuilt (schema/sql/derived.sql). In the caller's transaction. */
gboolean sv_db_rebuild_derived(SvDb *db, GError **error);
/* The newest schema's number. */
int sv_db_newest(void);
