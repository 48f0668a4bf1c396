/* SQLite behind db.h.
 *
 * How it works: WAL, so that readers never wait; synchronous=FULL, so that what was committed survives a loss
 * of power; secure_delete, so that deleted bytes are overwritten; foreign keys on; extensions, ATTACH and
 * schemas that call functions (trusted_schema) off. A lock that is held by another process is waited for up
 * to ten seconds.
 *
 * What it does not do: it registers no function and no tokenizer, so that any tool can read the file. */
#include "driver.h"
#include "error.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 10000
#define BACKUP_PAGES 256

typedef struct {
    SvDb base;
    sqlite3 *handle;
} Lite;

typedef struct {
    SvSql base;
    sqlite3_stmt *stmt;
} LiteSql;

static sqlite3 *handle_of(SvDb *db)
{
    return ((Lite *)db)->handle;
}

static sqlite3_stmt *stmt_of(SvSql *sql)
{
    return ((LiteSql *)sql)->stmt;
}

static SvErrorCode code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SV_ERROR_BUSY;
    case SQLITE_CONSTRAINT:
        return SV_ERROR_CONFLICT;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_PERM:
        return SV_ERROR_IO;
    case SQLITE_NOTADB:
        return SV_ERROR_SETUP;
    case SQLITE_TOOBIG:
        return SV_ERROR_LIMIT;
    default:
        return SV_ERROR_BUG;
    }
}

/* Messages of the engine name tables and columns, never values. */
static gboolean fail(sqlite3 *handle, const char *doing, int rc, GError **error)
{
    g_set_error(error, SV_ERROR, code_of(rc), "database: %s: %s", doing,
        handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc));
    return FALSE;
}

static gboolean configure(sqlite3 *handle, GError **error)
{
    static const char settings[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456;"
        "PRAGMA journal_size_limit=16777216;";
    sqlite3_busy_timeout(handle, BUSY_MS);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int rc = sqlite3_exec(handle, settings, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(handle, "opening", rc, error);
}

static SvDb *lite_open(const char *where, gboolean must_exist, GError **error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (must_exist ? 0 : SQLITE_OPEN_CREATE);
    sqlite3 *handle = NULL;
    if (must_exist && !g_file_test(where, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "%s: there is no such database", where);
        return NULL;
    }
    /* customers' letters: for the owner of the file alone, whatever the umask; the log takes the file's mode
     */
    int created = must_exist ? -1 : open(where, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (created >= 0)
        close(created);
    int rc = sqlite3_open_v2(where, &handle, flags, NULL);
    sqlite3_extended_result_codes(handle, 1);
    if (rc != SQLITE_OK || !configure(handle, error)) {
        if (rc != SQLITE_OK)
            g_set_error(error, SV_ERROR, code_of(rc), "%s: %s", where, sqlite3_errstr(rc));
        sqlite3_close_v2(handle);
        return NULL;
    }
    Lite *db = g_new0(Lite, 1);
    db->handle = handle;
    return &db->base;
}

static void lite_close(SvDb *db)
{
    sqlite3_close_v2(handle_of(db));
    g_free(db);
}

static SvSql *lite_prepare(SvDb *db, const char *text, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v3(handle_of(db), text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (rc != SQLITE_OK) {
        fail(handle_of(db), text, rc, error);
        return NULL;
    }
    LiteSql *sql = g_new0(LiteSql, 1);
    sql->stmt = stmt;
    return &sql->base;
}

static void lite_sql_free(SvSql *sql)
{
    sqlite3_finalize(stmt_of(sql));
    g_free(sql);
}

static void lite_clear(SvSql *sql)
{
    sqlite3_reset(stmt_of(sql));
    sqlite3_clear_bindings(stmt_of(sql));
}

static void lite_int(SvSql *sql, int i, gint64 value)
{
    sqlite3_bind_int64(stmt_of(sql), i, value);
}

static void lite_real(SvSql *sql, int i, double value)
{
    sqlite3_bind_double(stmt_of(sql), i, value);
}

static void lite_text(SvSql *sql, int i, const char *text)
{
    sqlite3_bind_text64(stmt_of(sql), i, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void lite_blob(SvSql *sql, int i, const void *bytes, gsize len)
{
    if (len == 0)
        sqlite3_bind_zeroblob(stmt_of(sql), i, 0);
    else
        sqlite3_bind_blob64(stmt_of(sql), i, bytes, len, SQLITE_TRANSIENT);
}

static void lite_null(SvSql *sql, int i)
{
    sqlite3_bind_null(stmt_of(sql), i);
}

static int lite_next(SvSql *sql, GError **error)
{
    int rc = sqlite3_step(stmt_of(sql));
    if (rc == SQLITE_ROW)
        return 1;
    if (rc == SQLITE_DONE) {
        sqlite3_reset(stmt_of(sql));
        return 0;
    }
    fail(handle_of(sql->db), sql->text, rc, error);
    sqlite3_reset(stmt_of(sql));
    return -1;
}

static void lite_done(SvSql *sql)
{
    sqlite3_reset(stmt_of(sql));
}

static gint64 lite_get_int(SvSql *sql, int column)
{
    return sqlite3_column_int64(stmt_of(sql), column);
}

static double lite_get_real(SvSql *sql, int column)
{
    return sqlite3_column_double(stmt_of(sql), column);
}

static const char *lite_get_text(SvSql *sql, int column)
{
    return (const char *)sqlite3_column_text(stmt_of(sql), column);
}

static const void *lite_get_blob(SvSql *sql, int column, gsize *len)
{
    const void *bytes = sqlite3_column_blob(stmt_of(sql), column);
    *len = (gsize)sqlite3_column_bytes(stmt_of(sql), column);
    return bytes;
}

static gboolean lite_is_null(SvSql *sql, int column)
{
    return sqlite3_column_type(stmt_of(sql), column) == SQLITE_NULL;
}

static gint64 lite_changes(SvDb *db)
{
    return sqlite3_changes64(handle_of(db));
}

static gboolean lite_script(SvDb *db, const char *script, GError **error)
{
    int rc = sqlite3_exec(handle_of(db), script, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(handle_of(db), "script", rc, error);
}

static gboolean lite_begin(SvDb *db, gboolean write, GError **error)
{
    return sv_sql_run(sv_db_sql(db, write ? "BEGIN IMMEDIATE" : "BEGIN", error), error);
}

/* Copies the whole of one handle's database to the other's, a few pages at a time, so that writers get in. */
static gboolean copy(sqlite3 *target, sqlite3 *from, const char *to, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", from, "main");
    if (!backup)
        return fail(target, to, sqlite3_errcode(target), error);
    int rc;
    do {
        rc = sqlite3_backup_step(backup, BACKUP_PAGES);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(20);
    } while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
    rc = sqlite3_backup_finish(backup);
    return rc == SQLITE_OK || fail(target, to, rc, error);
}

static gboolean lite_backup(SvDb *db, const char *to, GError **error)
{
    sqlite3 *target = NULL;
    int rc = sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    gboolean done = rc == SQLITE_OK ? copy(target, handle_of(db), to, error) : fail(target, to, rc, error);
    sqlite3_close(target);
    return done;
}

/* Leaving the log for a rollback journal is refused while another connection is open: so nobody goes on with
 * what he has read of the old state. */
static gboolean lite_restore(const char *where, const char *from, GError **error)
{
    sqlite3 *source = NULL, *target = NULL;
    int rc = sqlite3_open_v2(from, &source, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_open_v2(where, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(target,
            "PRAGMA busy_timeout=500; PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; BEGIN EXCLUSIVE; "
            "COMMIT",
            NULL, NULL, NULL);
    gboolean done = FALSE;
    if (rc == SQLITE_OK)
        done = copy(target, source, where, error);
    else if ((rc & 0xff) == SQLITE_BUSY)
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "%s is in use; stop the server first", where);
    else
        g_set_error(error, SV_ERROR, code_of(rc),
            "%s: %s; move the file and its -wal and -shm away and try again", where, sqlite3_errstr(rc));
    sqlite3_close(target);
    sqlite3_close(source);
    return done;
}

static gboolean lite_check(SvDb *db, GError **error)
{
    SvSql *sql = sv_db_sql(db, "PRAGMA integrity_check(1)", error);
    if (sv_sql_next(sql, error) <= 0)
        return FALSE;
    gboolean sound = g_strcmp0(sv_sql_get_text(sql, 0), "ok") == 0;
    sv_sql_done(sql);
    if (!sound)
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "%s: the database is damaged; restore a backup", db->where);
    return sound;
}

/* VACUUM copies what is left, and so must attach a file. It may be large: not in memory. */
static gboolean rewrite(SvDb *db, GError **error)
{
    sqlite3_limit(handle_of(db), SQLITE_LIMIT_ATTACHED, 1);
    gboolean done = lite_script(db, "PRAGMA temp_store=FILE; VACUUM;", error);
    sqlite3_limit(handle_of(db), SQLITE_LIMIT_ATTACHED, 0);
    return lite_script(db, "PRAGMA temp_store=MEMORY", done ? error : NULL) && done;
}

/* secure_delete overwrites rows where they were deleted, but not the copies that stay in the gaps of pages
 * when a tree moves rows between its pages (measured: in 1 of 20 random worlds something was left). So the
 * whole file is written anew. Full-text indices keep words in their segments until these are merged, and the
 * log keeps old pages until it is truncated. */
static gboolean lite_scrub(SvDb *db, GError **error)
{
    SvSql *tables = sv_db_sql(db,
        "SELECT name FROM sqlite_master WHERE type='table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'", error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    int got;
    while ((got = sv_sql_next(tables, error)) > 0)
        g_ptr_array_add(names, g_strdup(sv_sql_get_text(tables, 0)));
    if (got < 0)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *optimize =
            g_strdup_printf("INSERT INTO %1$s(%1$s) VALUES('optimize')", (char *)names->pdata[i]);
        if (!lite_script(db, optimize, error))
            return FALSE;
    }
    if (!rewrite(db, error))
        return FALSE;
    gint64 busy = 1;
    if (!sv_sql_get_one(sv_db_sql(db, "PRAGMA wal_checkpoint(TRUNCATE)", error), 1, &busy, error))
        return FALSE;
    if (busy)
        g_set_error(
            error, SV_ERROR, SV_ERROR_BUSY, "%s: the log cannot be emptied while somebody reads", db->where);
    return !busy;
}

/* ── has anything been committed? ──
 *
 * Every commit writes the header of the log's index, which all connections of all processes share in memory;
 * it is how the engine itself knows (https://sqlite.org/walformat.html, "the WAL-index header": 48 bytes,
 * twice, with a counter of commits, the length of the log, its salts and checksums). The second copy is
 * written before the first. The memory is asked for from the engine's own mapping: a file of ours on it
 * would, when it is closed, drop the engine's locks. */

#define HEADER 48u
#define AT_INIT 12u /* 1 once there is a header */

static gconstpointer lite_signs(SvDb *db)
{
    sqlite3_file *file = NULL;
    void volatile *memory = NULL;
    if (sqlite3_file_control(handle_of(db), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, 32768, 0, &memory) != SQLITE_OK)
        return NULL;
    return (gconstpointer)memory;
}

static gboolean lite_stamp(gconstpointer signs, SvStamp *out)
{
    guint8 second[HEADER];
    G_STATIC_ASSERT(sizeof out->bytes == HEADER);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    memcpy(out->bytes, signs, HEADER);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    memcpy(second, (const guint8 *)signs + HEADER, HEADER);
    return out->bytes[AT_INIT] && memcmp(out->bytes, second, HEADER) == 0;
}

const SvDbDriver sv_db_sqlite = {
    .name = "sqlite",
    .open = lite_open,
    .close = lite_close,
    .prepare = lite_prepare,
    .sql_free = lite_sql_free,
    .clear = lite_clear,
    .bind_int = lite_int,
    .bind_real = lite_real,
    .bind_text = lite_text,
    .bind_blob = lite_blob,
    .bind_null = lite_null,
    .next = lite_next,
    .done = lite_done,
    .get_int = lite_get_int,
    .get_real = lite_get_real,
    .get_text = lite_get_text,
    .get_blob = lite_get_blob,
    .is_null = lite_is_null,
    .changes = lite_changes,
    .script = lite_script,
    .begin = lite_begin,
    .backup = lite_backup,
    .restore = lite_restore,
    .check = lite_check,
    .scrub = lite_scrub,
    .signs = lite_signs,
    .stamp = lite_stamp,
};
