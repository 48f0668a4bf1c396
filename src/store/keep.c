/* Backup and restore: see keep.h.
 *
 * Keeps true: a name stands for a whole, checked file or for what it stood for before; what was erased does
 * not come back with an older backup. Does not: stop a server (restoring is refused while one runs), or keep
 * more than one backup. */
#include "keep.h"
#include "erased.h"
#include "error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define COPY_BYTES (1 << 20)

static gboolean fail_io(const char *path, GError **error)
{
    int why = errno;
    g_set_error(
        error, SV_ERROR, why == ENOENT ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, "%s: %s", path, g_strerror(why));
    return FALSE;
}

/* A database and what belongs to it while it is open. */
static void remove_database(const char *path)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    for (guint i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autofree char *file = g_strconcat(path, tails[i], NULL);
        g_unlink(file);
    }
}

/* An empty file that only its owner can read: SQLite takes it for an empty database. */
static gboolean make_private(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_io(path, error);
    close(fd);
    return TRUE;
}

static gboolean refuse_existing(const char *path, gboolean overwrite, GError **error)
{
    if (overwrite || !g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT, "%s is there already; --yes overwrites it", path);
    return FALSE;
}

/* Sound, and one of ours? */
static gboolean check(const char *path, const char *shown, GError **error)
{
    g_autoptr(GError) foreign = NULL;
    g_autoptr(SvDb) db = sv_db_open(path, TRUE, &foreign);
    gint64 schema = 0;
    if (db && !sv_db_check(db, error))
        return FALSE;
    SvSql *sql =
        db ? sv_db_sql(db, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='schema'", &foreign) : NULL;
    if (sql && sv_sql_get_one(sql, 0, &schema, &foreign) && schema > 0)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s is no backup made by “svodka backup”", shown);
    return FALSE;
}

gboolean sv_store_backup(SvPool *pool, const char *to, gboolean overwrite, GError **error)
{
    g_autofree char *part = g_strconcat(to, ".part", NULL);
    if (!refuse_existing(to, overwrite, error))
        return FALSE;
    remove_database(part);
    gboolean done = make_private(part, error) && sv_pool_backup(pool, part, error) && check(part, to, error);
    if (done && g_rename(part, to) != 0)
        done = fail_io(to, error);
    if (!done)
        remove_database(part);
    return done;
}

/* ---- restoring ---- */

static gboolean copy_bytes(int in, int out)
{
    g_autofree char *buf = g_malloc(COPY_BYTES);
    for (;;) {
        gssize n = read(in, buf, COPY_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        for (gssize done = 0; done < n;) {
            gssize m = write(out, buf + done, (gsize)(n - done));
            if (m < 0 && errno != EINTR)
                return FALSE;
            done += MAX(m, 0);
        }
    }
}

static gboolean copy_file(const char *from, const char *to, GError **error)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return fail_io(from, error);
    int out = open(to, O_WRONLY | O_CLOEXEC);
    gboolean done = out >= 0 && copy_bytes(in, out);
    if (!done)
        fail_io(to, error);
    if (out >= 0)
        close(out);
    close(in);
    return done;
}

/* The backup itself is never opened as a database, which would write to it; unless it is a live one, with a
 * log beside it. */
static gboolean take_copy(const char *from, const char *to, GError **error)
{
    g_autofree char *log = g_strconcat(from, "-wal", NULL);
    GStatBuf st;
    remove_database(to);
    if (!make_private(to, error))
        return FALSE;
    if (g_stat(log, &st) != 0 || st.st_size == 0)
        return copy_file(from, to, error);
    g_autoptr(SvDb) db = sv_db_open(from, TRUE, error);
    return db && sv_db_backup(db, to, error);
}

/* Newest schema; nothing in it that was erased here. */
static gboolean prepare(const char *copy, const char *where, SvErased *erased, GError **error)
{
    g_autofree char *list = sv_erased_path(where);
    g_autoptr(SvPool) pool = sv_pool_open(copy, error);
    return pool && sv_erase_replay(pool, list, erased, error);
}

/* What the backup's own table knows of goes into the list beside the database. */
static gboolean settle(const char *where, GError **error)
{
    g_autoptr(SvPool) pool = sv_pool_open(where, error);
    return pool && sv_erase_finish(pool, NULL, error);
}

gboolean sv_store_restore(
    const char *from, const char *where, gboolean overwrite, SvErased *erased, GError **error)
{
    g_autofree char *copy = g_strconcat(where, ".restoring", NULL);
    gboolean fresh = !g_file_test(where, G_FILE_TEST_EXISTS);
    if (!refuse_existing(where, overwrite, error))
        return FALSE;
    gboolean done = take_copy(from, copy, error) && check(copy, from, error) &&
                    prepare(copy, where, erased, error) && (!fresh || make_private(where, error)) &&
                    sv_db_restore(where, copy, error);
    remove_database(copy);
    if (!done && fresh)
        remove_database(where);
    return done && settle(where, error);
}
