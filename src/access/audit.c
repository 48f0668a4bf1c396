/* The audit's journal: see audit.h.
 *
 * How it works: an entry is one write() of a frame with a checksum to a file that the kernel holds from then
 * on, so that it outlives the program; a loss of power may take what is younger than the last batch. Every
 * 200 ms a thread takes what has come in into the chained table, in one transaction, and empties the file.
 * There are two files: one is written while the other is taken in. The same frames are kept in memory, so
 * that the files are read only after a crash. Entries have growing numbers; the table knows the highest
 * (audit_chain.c), so that what was taken in before a crash is not taken in again.
 *
 * What it keeps true: an entry whose add returned TRUE is in the chain once, whatever kills the program. A
 * frame that could not be written whole is taken back; when that fails too, or the table cannot be written
 * for long, adding fails, and with it what was asked for.
 *
 * One process has the journal (a lock on its file). Others, and commands that run once, write each entry
 * into the chain directly. */
#include "audit.h"
#include "audit_chain.h"
#include "audit_frame.h"
#include "error.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVERY_US (200 * G_TIME_SPAN_MILLISECOND)
#define MOST_PENDING (64u << 20)

typedef struct {
    int fd;
    GByteArray *frames; /* what the file holds */
    gboolean broken;    /* the file may end with a piece of a frame */
} Journal;

struct SvAudit {
    SvPool *pool;
    gboolean direct;    /* another process has the journal */
    GMutex moving;      /* one batch at a time; taken before `mutex` */
    GMutex mutex;       /* of all below */
    GCond wake;
    Journal journals[2];
    guint active;       /* the one that is written */
    gint64 number;      /* the last that was given */
    gboolean stop;
    GThread *mover;
};

static gboolean fail(GError **error, const char *doing, int number)
{
    g_set_error(error, SV_ERROR, SV_ERROR_IO,
        "the audit's journal: %s: %s; nothing is given out without a record", doing, g_strerror(number));
    return FALSE;
}

/* ── adding ── */

static gboolean write_frame(Journal *journal, const guint8 *frame, gsize len, GError **error)
{
    ssize_t n;
    if (journal->broken && ftruncate(journal->fd, (off_t)journal->frames->len) != 0)
        return fail(error, "mending", errno);
    journal->broken = FALSE;
    do
        n = write(journal->fd, frame, len);
    while (n < 0 && errno == EINTR);
    if (n == (ssize_t)len) {
        g_byte_array_append(journal->frames, frame, (guint)len);
        return TRUE;
    }
    int number = n < 0 ? errno : ENOSPC;
    journal->broken = n > 0 && ftruncate(journal->fd, (off_t)journal->frames->len) != 0;
    return fail(error, "writing", number);
}

static gboolean take_in(SvPool *pool, const guint8 *frames, gsize len, GError **error)
{
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    gboolean done = sv_audit_chain_add(db, frames, len, error);
    return sv_pool_write_done(pool, db, done, done ? error : NULL) && done;
}

gboolean sv_audit_put(SvDb *db, const SvDeed *deed, GError **error)
{
    guint8 frame[SV_AUDIT_FRAME_MOST];
    gsize len = sv_audit_frame_put(frame, 0, g_get_real_time() / G_USEC_PER_SEC, deed);
    return sv_audit_chain_add(db, frame, len, error);
}

gboolean sv_audit_note(SvPool *pool, const SvDeed *deed, GError **error)
{
    guint8 frame[SV_AUDIT_FRAME_MOST];
    gsize len = sv_audit_frame_put(frame, 0, g_get_real_time() / G_USEC_PER_SEC, deed);
    return take_in(pool, frame, len, error);
}

gboolean sv_audit_add(SvAudit *audit, const SvDeed *deed, GError **error)
{
    guint8 frame[SV_AUDIT_FRAME_MOST];
    gint64 at = g_get_real_time() / G_USEC_PER_SEC;
    if (audit->direct)
        return sv_audit_note(audit->pool, deed, error);
    g_mutex_lock(&audit->mutex);
    Journal *journal = &audit->journals[audit->active];
    gboolean added = FALSE;
    if (journal->frames->len < MOST_PENDING) {
        gsize len = sv_audit_frame_put(frame, audit->number + 1, at, deed);
        added = write_frame(journal, frame, len, error);
        audit->number += added;
        if (added && journal->frames->len == len)
            g_cond_signal(&audit->wake);
    } else {
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "the audit cannot be written to the database");
    }
    g_mutex_unlock(&audit->mutex);
    return added;
}

/* ── taking in ── */

/* The journal that is to be taken in: the older one when a batch failed before; NULL when both are empty. */
static Journal *choose(SvAudit *audit)
{
    g_mutex_lock(&audit->mutex);
    Journal *other = &audit->journals[!audit->active];
    if (other->frames->len == 0 && audit->journals[audit->active].frames->len > 0) {
        other = &audit->journals[audit->active];
        audit->active = !audit->active;
    }
    g_mutex_unlock(&audit->mutex);
    return other->frames->len ? other : NULL;
}

static gboolean move_one(SvAudit *audit, Journal *journal, GError **error)
{
    if (!take_in(audit->pool, journal->frames->data, journal->frames->len, error))
        return FALSE;
    g_mutex_lock(&audit->mutex);
    g_byte_array_set_size(journal->frames, 0);
    journal->broken = ftruncate(journal->fd, 0) != 0; /* then emptied before the next frame */
    g_mutex_unlock(&audit->mutex);
    return TRUE;
}

/* Twice: a batch that failed before, and what came in since. */
gboolean sv_audit_flush(SvAudit *audit, GError **error)
{
    gboolean done = TRUE;
    if (audit->direct)
        return TRUE;
    g_mutex_lock(&audit->moving);
    for (int i = 0; done && i < 2; i++) {
        Journal *journal = choose(audit);
        if (!journal)
            break;
        done = move_one(audit, journal, error);
    }
    g_mutex_unlock(&audit->moving);
    return done;
}

static gboolean is_empty(const SvAudit *audit)
{
    return audit->journals[0].frames->len == 0 && audit->journals[1].frames->len == 0;
}

static gpointer move_on(gpointer data)
{
    SvAudit *audit = data;
    g_mutex_lock(&audit->mutex);
    while (!audit->stop) {
        if (is_empty(audit)) {
            g_cond_wait(&audit->wake, &audit->mutex);
            continue;
        }
        gint64 until = g_get_monotonic_time() + EVERY_US;
        while (!audit->stop && g_cond_wait_until(&audit->wake, &audit->mutex, until))
            ;
        g_mutex_unlock(&audit->mutex);
        sv_audit_flush(audit, NULL); /* a failure is tried again with the next batch; the files hold it */
        g_mutex_lock(&audit->mutex);
    }
    g_mutex_unlock(&audit->mutex);
    return NULL;
}

/* ── opening ── */

static gboolean read_all(int fd, GByteArray *into, GError **error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return fail(error, "reading", errno);
    if (info.st_size > (off_t)MOST_PENDING * 2)
        return fail(error, "reading", EFBIG);
    g_byte_array_set_size(into, (guint)info.st_size);
    for (gsize got = 0; got < into->len;) {
        ssize_t n = pread(fd, into->data + got, into->len - got, (off_t)got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(error, "reading", n < 0 ? errno : EIO);
        got += (gsize)n;
    }
    return TRUE;
}

static gint64 first_number(const GByteArray *frames)
{
    gsize at = 0, skipped = 0;
    SvAuditEntry entry;
    return sv_audit_frame_next(frames->data, frames->len, &at, &skipped, &entry) ? entry.number : G_MAXINT64;
}

/* Counts the whole frames' highest number, and the bytes between frames that are none (not those after the
 * last: a frame that was cut by a crash was never reported as written). */
static gint64 last_number(const GByteArray *frames, gsize *damaged)
{
    gsize at = 0;
    gint64 last = 0;
    SvAuditEntry entry;
    while (sv_audit_frame_next(frames->data, frames->len, &at, damaged, &entry))
        last = MAX(last, entry.number);
    return last;
}

/* What a crash left, in order, and a word about what was damaged in between. */
static gboolean recover(SvAudit *audit, GError **error)
{
    g_autoptr(GByteArray) one = g_byte_array_new();
    g_autoptr(GByteArray) two = g_byte_array_new();
    if (!read_all(audit->journals[0].fd, one, error) || !read_all(audit->journals[1].fd, two, error))
        return FALSE;
    GByteArray *older = first_number(one) <= first_number(two) ? one : two, *newer = older == one ? two : one;
    gsize damaged = 0;
    gint64 last = MAX(last_number(older, &damaged), last_number(newer, &damaged));
    if (damaged) {
        guint8 frame[SV_AUDIT_FRAME_MOST];
        g_autofree char *detail =
            g_strdup_printf("%" G_GSIZE_FORMAT " bytes of the journal were damaged", damaged);
        SvDeed deed = {.action = "audit.damaged", .detail = detail};
        gsize len = sv_audit_frame_put(frame, 0, g_get_real_time() / G_USEC_PER_SEC, &deed);
        g_byte_array_append(newer, frame, (guint)len);
    }
    if ((older->len && !take_in(audit->pool, older->data, older->len, error)) ||
        (newer->len && !take_in(audit->pool, newer->data, newer->len, error)))
        return FALSE;
    for (int i = 0; i < 2; i++)
        if (ftruncate(audit->journals[i].fd, 0) != 0)
            return fail(error, "emptying", errno);
    SvDb *db = sv_pool_read(audit->pool, error);
    gboolean known = db && sv_audit_chain_number(db, &audit->number, error);
    sv_pool_read_done(audit->pool, db);
    audit->number = MAX(audit->number, last);
    return known;
}

static gboolean open_files(SvAudit *audit, GError **error)
{
    static const char *const endings[] = {"-audit", "-audit2"};
    for (int i = 0; i < 2; i++) {
        g_autofree char *path = g_strconcat(sv_pool_where(audit->pool), endings[i], NULL);
        audit->journals[i].fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (audit->journals[i].fd < 0)
            return fail(error, path, errno);
    }
    if (flock(audit->journals[0].fd, LOCK_EX | LOCK_NB) == 0)
        return recover(audit, error);
    if (errno != EWOULDBLOCK)
        return fail(error, "locking", errno);
    audit->direct = TRUE;
    return TRUE;
}

SvAudit *sv_audit_open(SvPool *pool, GError **error)
{
    g_autoptr(SvAudit) audit = g_new0(SvAudit, 1);
    audit->pool = pool;
    g_mutex_init(&audit->moving);
    g_mutex_init(&audit->mutex);
    g_cond_init(&audit->wake);
    for (int i = 0; i < 2; i++) {
        audit->journals[i].fd = -1;
        audit->journals[i].frames = g_byte_array_new();
    }
    if (!open_files(audit, error))
        return NULL;
    if (!audit->direct)
        audit->mover = g_thread_new("audit", move_on, audit);
    return g_steal_pointer(&audit);
}

void sv_audit_close(SvAudit *audit)
{
    if (!audit)
        return;
    if (audit->mover) {
        g_mutex_lock(&audit->mutex);
        audit->stop = TRUE;
        g_cond_signal(&audit->wake);
        g_mutex_unlock(&audit->mutex);
        g_thread_join(audit->mover);
        sv_audit_flush(audit, NULL); /* what cannot be taken in waits in the journal */
    }
    for (int i = 0; i < 2; i++) {
        if (audit->journals[i].fd >= 0)
            close(audit->journals[i].fd);
        g_byte_array_unref(audit->journals[i].frames);
    }
    g_cond_clear(&audit->wake);
    g_mutex_clear(&audit->mutex);
    g_mutex_clear(&audit->moving);
    g_free(audit);
}
