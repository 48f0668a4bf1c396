/* Threads that run what the queue holds: see job.h.
 *
 * How it works: a thread looks for due jobs through a reading connection and takes one through the writer, so
 * that an idle program writes nothing. With nothing to do it sleeps until it is woken, at most a second:
 * another process may have put a job. Kinds are looked at in turn, each thread beginning behind the kind that
 * it ran last, so that a flood of one kind does not keep the others waiting.
 *
 * What it keeps true: no transaction is open while a job runs. A database that is busy or full is tried
 * again; no job is lost by it.
 *
 * What it does not do: it does not stop a job that runs; sv_workers_free() waits for it. */
#include "queue.h"
#include "error.h"

#define LOOK_EVERY_US G_USEC_PER_SEC
#define DRAIN_STEP_US (G_USEC_PER_SEC / 50)
#define DRAIN_PATIENCE 250 /* steps without a job that could be taken: the database is out of order */

struct SvWorkers {
    SvPool *pool;
    const SvJobKind *kinds;
    guint n_kinds;
    gpointer data;
    GPtrArray *threads; /* GThread * */
    GMutex mutex;       /* of all below */
    GCond wake;
    guint calls;   /* of sv_workers_wake */
    guint running; /* jobs that are being taken or run now */
    gboolean stop;
};

static gint64 now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static gboolean stopping(SvWorkers *w)
{
    g_mutex_lock(&w->mutex);
    gboolean stop = w->stop;
    g_mutex_unlock(&w->mutex);
    return stop;
}

static void count_running(SvWorkers *w, int more)
{
    g_mutex_lock(&w->mutex);
    w->running += (guint)more;
    g_cond_broadcast(&w->wake);
    g_mutex_unlock(&w->mutex);
}

/* The next kind that has a due job, from `first` on in a circle; n_kinds when there is none. */
static guint look(SvWorkers *w, guint first)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(w->pool, &error);
    guint found = w->n_kinds;
    for (guint i = 0; db && i < w->n_kinds && found == w->n_kinds; i++) {
        guint kind = (first + i) % w->n_kinds;
        if (sv_job_due(db, w->kinds[kind].kind, now_s(), &error) > 0)
            found = kind;
    }
    sv_pool_read_done(w->pool, db);
    return found;
}

static gboolean take(SvWorkers *w, guint kind, SvJob *job)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(w->pool, &error);
    if (!db)
        return FALSE;
    gboolean got = sv_job_take(db, w->kinds[kind].kind, now_s(), job, &error) > 0;
    return sv_pool_write_done(w->pool, db, !error, &error) && got;
}

static void finish(SvWorkers *w, const SvJob *job, const char *why)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(w->pool, &error);
    if (!db)
        return; /* the lease will run out, and the job is run again */
    gboolean kept = why ? sv_job_failed(db, job, now_s(), why, &error) : sv_job_done(db, job, &error);
    sv_pool_write_done(w->pool, db, kept, &error);
}

/* Runs one job, the first that is due. *first moves on to the kind behind. FALSE: nothing was run. */
static gboolean run_one(SvWorkers *w, guint *first)
{
    SvJob job;
    guint kind = look(w, *first);
    if (kind == w->n_kinds)
        return FALSE;
    count_running(w, 1);
    gboolean got = take(w, kind, &job);
    if (got) {
        g_autoptr(GError) error = NULL;
        gboolean done = w->kinds[kind].run(job.subject, w->data, &error);
        finish(w, &job, done ? NULL : error ? error->message : "unknown error");
        *first = kind + 1;
    }
    count_running(w, -1);
    return got;
}

static gpointer work(gpointer data)
{
    SvWorkers *w = data;
    guint first = 0, seen = 0;
    while (!stopping(w)) {
        g_mutex_lock(&w->mutex);
        seen = w->calls;
        g_mutex_unlock(&w->mutex);
        if (run_one(w, &first))
            continue;
        gint64 until = g_get_monotonic_time() + LOOK_EVERY_US;
        g_mutex_lock(&w->mutex);
        while (!w->stop && w->calls == seen && g_cond_wait_until(&w->wake, &w->mutex, until))
            ;
        g_mutex_unlock(&w->mutex);
    }
    return NULL;
}

SvWorkers *sv_workers_new(SvPool *pool, const SvJobKind *kinds, gpointer data, guint threads)
{
    SvWorkers *w = g_new0(SvWorkers, 1);
    w->pool = pool;
    w->kinds = kinds;
    while (kinds[w->n_kinds].kind)
        w->n_kinds++;
    w->data = data;
    g_mutex_init(&w->mutex);
    g_cond_init(&w->wake);
    w->threads = g_ptr_array_new();
    for (guint i = 0; i < threads; i++)
        g_ptr_array_add(w->threads, g_thread_new("job", work, w));
    return w;
}

void sv_workers_wake(SvWorkers *workers)
{
    g_mutex_lock(&workers->mutex);
    workers->calls++;
    g_cond_broadcast(&workers->wake);
    g_mutex_unlock(&workers->mutex);
}

void sv_workers_drain(SvWorkers *workers)
{
    guint first = 0, idle = 0;
    while (idle < DRAIN_PATIENCE) {
        if (run_one(workers, &first)) {
            idle = 0;
            continue;
        }
        g_mutex_lock(&workers->mutex);
        gboolean others = workers->running > 0;
        g_mutex_unlock(&workers->mutex);
        if (!others && look(workers, 0) == workers->n_kinds)
            return;
        idle = others ? 0 : idle + 1;
        g_usleep(DRAIN_STEP_US);
    }
}

void sv_workers_free(SvWorkers *workers)
{
    if (!workers)
        return;
    g_mutex_lock(&workers->mutex);
    workers->stop = TRUE;
    g_cond_broadcast(&workers->wake);
    g_mutex_unlock(&workers->mutex);
    for (guint i = 0; i < workers->threads->len; i++)
        g_thread_join(workers->threads->pdata[i]);
    g_ptr_array_unref(workers->threads);
    g_mutex_clear(&workers->mutex);
    g_cond_clear(&workers->wake);
    g_free(workers);
}
