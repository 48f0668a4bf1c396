/* Tests of the durable queue: once each, again when asked meanwhile, back-off, giving up, lost leases, two
 * processes on one file, a program that is killed in the middle. Time is moved by changing the rows. */
#include "error.h"
#include "folder_fixture.h"
#include "queue.h"
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MANY 200

typedef struct {
    char *dir, *file;
    SvPool *pool;
} Place;

typedef struct {
    SvPool *pool;
    GMutex mutex;
    guint runs, fail_first;
    gint64 ask_again; /* subject that is asked for once more while it runs; 0 none */
    gboolean slow;
} Work;

static const char *self;

static void setup(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    p->dir = g_dir_make_tmp("svodka-job-XXXXXX", NULL);
    p->file = g_build_filename(p->dir, "t.db", NULL);
    p->pool = sv_pool_open(p->file, &error);
    g_assert_no_error(error);
}

static void teardown(Place *p, gconstpointer data)
{
    sv_pool_close(p->pool);
    sv_folder_remove(p->dir);
    g_free(p->dir);
    g_free(p->file);
}

static gint64 now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static void put(SvPool *pool, const char *kind, gint64 subject, gint64 due)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(pool, &error);
    g_assert_true(sv_job_put(db, kind, subject, due, &error));
    g_assert_true(sv_pool_write_done(pool, db, TRUE, &error));
    g_assert_no_error(error);
}

static void script(SvPool *pool, const char *text)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(pool, &error);
    sv_db_script(db, text, &error);
    g_assert_no_error(error);
    g_assert_true(sv_pool_write_done(pool, db, TRUE, &error));
}

static gint64 number(SvPool *pool, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;
    SvDb *db = sv_pool_read(pool, &error);
    sv_sql_get_one(sv_db_sql(db, sql, &error), -1, &n, &error);
    g_assert_no_error(error);
    sv_pool_read_done(pool, db);
    return n;
}

static void check_counts(SvPool *pool, gint64 waiting, gint64 failed)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(pool, &error);
    g_assert_cmpint(sv_jobs_waiting(db, &error), ==, waiting);
    g_assert_cmpint(sv_jobs_failed(db, &error), ==, failed);
    g_assert_no_error(error);
    sv_pool_read_done(pool, db);
}

/* Leaves a trace in the database: a team named after the subject; doing it twice would be a conflict. */
static gboolean leave_trace(Work *w, gint64 subject, GError **error)
{
    SvDb *db = sv_pool_write(w->pool, error);
    if (!db)
        return FALSE;
    g_autofree char *name = g_strdup_printf("%d", (int)subject);
    SvSql *sql = sv_db_sql(db, "INSERT INTO team(name) VALUES(?)", error);
    sv_sql_text(sql, 1, name);
    gboolean done = sv_sql_run(sql, error);
    return sv_pool_write_done(w->pool, db, done, done ? error : NULL) && done;
}

static gboolean run_trace(gint64 subject, gpointer data, GError **error)
{
    Work *w = data;
    g_mutex_lock(&w->mutex);
    guint run = ++w->runs;
    g_mutex_unlock(&w->mutex);
    if (w->slow)
        g_usleep(20000);
    if (run <= w->fail_first) {
        g_set_error(error, SV_ERROR, SV_ERROR_UPSTREAM, "try %u failed", run);
        return FALSE;
    }
    if (w->ask_again == subject) {
        w->ask_again = 0;
        put(w->pool, "trace", subject, now_s());
        return TRUE;
    }
    return leave_trace(w, subject, error);
}

static gboolean run_die(gint64 subject, gpointer data, GError **error)
{
    kill(getpid(), SIGKILL);
    return TRUE;
}

static const SvJobKind kinds[] = {{"trace", run_trace}, {NULL, NULL}};
static const SvJobKind two_kinds[] = {{"flood", run_trace}, {"trace", run_trace}, {NULL, NULL}};
static const SvJobKind deadly[] = {{"trace", run_die}, {NULL, NULL}};

static void drain(SvPool *pool, const SvJobKind *what, Work *work, guint threads)
{
    g_autoptr(SvWorkers) w = sv_workers_new(pool, what, work, threads);
    sv_workers_drain(w);
}

static void test_once(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool};
    for (int i = 0; i < 50; i++)
        put(p->pool, "trace", 1 + i % 25, now_s());
    put(p->pool, "unknown", 1, now_s());
    put(p->pool, "trace", 1000, now_s() + 3600);
    drain(p->pool, kinds, &work, 3);
    g_assert_cmpuint(work.runs, ==, 25);
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, 25);
    check_counts(p->pool, 2, 0);          /* of another kind, and not yet due */
    put(p->pool, "trace", 1000, now_s()); /* the earlier time counts */
    put(p->pool, "trace", 1000, now_s() + 7200);
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, 26);
    script(p->pool, "DELETE FROM job");
    put(p->pool, "trace", 5, now_s());
    SvDb *db = sv_pool_write(p->pool, NULL);
    g_assert_true(sv_job_drop(db, "trace", 5, NULL));
    sv_pool_write_done(p->pool, db, TRUE, NULL);
    check_counts(p->pool, 0, 0);
}

static void test_rolled_back(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(p->pool, &error);
    g_assert_true(sv_job_put(db, "trace", 1, now_s(), &error));
    sv_pool_write_done(p->pool, db, FALSE, &error);
    check_counts(p->pool, 0, 0);
}

static void test_woken(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool};
    g_autoptr(SvWorkers) w = sv_workers_new(p->pool, kinds, &work, 2);
    g_usleep(100000); /* they sleep now */
    gint64 began = g_get_monotonic_time();
    put(p->pool, "trace", 7, now_s());
    sv_workers_wake(w);
    while (number(p->pool, "SELECT count(*) FROM team") == 0 &&
           g_get_monotonic_time() - began < 5 * G_USEC_PER_SEC)
        g_usleep(2000);
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, 1);
    g_assert_cmpint(g_get_monotonic_time() - began, <, 800000); /* without the call it may take a second */
    put(p->pool, "trace", 8, now_s());                          /* found without a call too */
    while (number(p->pool, "SELECT count(*) FROM team") == 1 &&
           g_get_monotonic_time() - began < 10 * G_USEC_PER_SEC)
        g_usleep(2000);
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, 2);
}

static void test_asked_again(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool, .ask_again = 3};
    put(p->pool, "trace", 3, now_s());
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, 2); /* the request that came while it ran was not lost */
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, 1);
    check_counts(p->pool, 0, 0);
}

static void test_back_off(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool, .fail_first = SV_JOB_ATTEMPTS};
    put(p->pool, "trace", 1, now_s());
    for (int i = 1; i <= SV_JOB_ATTEMPTS; i++) {
        gint64 before = now_s();
        drain(p->pool, kinds, &work, 0);
        g_assert_cmpuint(work.runs, ==, i);
        if (i == SV_JOB_ATTEMPTS)
            break;
        gint64 wait = number(p->pool, "SELECT due FROM job") - before;
        g_assert_cmpint(wait, >=, 1 << (i - 1));
        g_assert_cmpint(wait, <=, (1 << (i - 1)) + 2);
        script(p->pool, "UPDATE job SET due=0");
    }
    check_counts(p->pool, 0, 1);
    g_assert_cmpint(number(p->pool, "SELECT error='try 8 failed' FROM job"), ==, 1);
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, SV_JOB_ATTEMPTS); /* it is kept and not run */
    put(p->pool, "trace", 1, now_s());                /* until somebody asks again */
    drain(p->pool, kinds, &work, 0);
    check_counts(p->pool, 0, 0);
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, 1);
}

static void test_longest_wait(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    put(p->pool, "trace", 1, 0);
    SvDb *db = sv_pool_write(p->pool, &error);
    SvJob job;
    g_assert_cmpint(sv_job_take(db, "trace", 1000, &job, &error), ==, 1);
    job.attempts = 7;
    g_assert_true(sv_job_failed(db, &job, 1000, NULL, &error));
    sv_pool_write_done(p->pool, db, TRUE, &error);
    g_assert_cmpint(number(p->pool, "SELECT due FROM job"), ==, 1064);
    g_autofree char *longest = g_strnfill(5000, 'x');
    db = sv_pool_write(p->pool, &error);
    g_assert_cmpint(sv_job_take(db, "trace", 2000, &job, &error), ==, 1);
    g_assert_true(sv_job_failed(db, &job, 2000, longest, &error));
    sv_pool_write_done(p->pool, db, TRUE, &error);
    g_assert_cmpint(number(p->pool, "SELECT length(error) FROM job"), ==, 500);
}

static void test_lease(Place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SvJob first, second, none;
    put(p->pool, "trace", 1, 0);
    SvDb *db = sv_pool_write(p->pool, &error);
    g_assert_cmpint(sv_job_take(db, "trace", 1000, &first, &error), ==, 1);
    g_assert_cmpint(sv_job_take(db, "trace", 1000 + SV_JOB_LEASE_S - 1, &none, &error), ==, 0);
    g_assert_cmpint(sv_job_take(db, "trace", 1000 + SV_JOB_LEASE_S, &second, &error), ==, 1);
    g_assert_cmpint(second.attempts, ==, 2);
    /* the first run wakes up late: it must end nothing */
    g_assert_true(sv_job_done(db, &first, &error));
    g_assert_true(sv_job_failed(db, &first, 1, "late", &error));
    g_assert_true(sv_pool_write_done(p->pool, db, TRUE, &error));
    check_counts(p->pool, 1, 0);
    g_assert_cmpint(number(p->pool, "SELECT lease FROM job"), ==, 1000 + 2 * SV_JOB_LEASE_S);
    db = sv_pool_write(p->pool, &error);
    g_assert_true(sv_job_done(db, &second, &error));
    g_assert_true(sv_pool_write_done(p->pool, db, TRUE, &error));
    check_counts(p->pool, 0, 0);
    /* the clock was set back: such a lease is over */
    put(p->pool, "trace", 2, 0);
    script(p->pool, "UPDATE job SET lease=999999999999");
    db = sv_pool_write(p->pool, &error);
    g_assert_cmpint(sv_job_take(db, "trace", 1000, &first, &error), ==, 1);
    g_assert_true(sv_pool_write_done(p->pool, db, TRUE, &error));
}

/* A job that kills the program eight times is given up, not run for ever. */
static void test_deadly_row(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool};
    put(p->pool, "trace", 1, 0);
    put(p->pool, "trace", 2, 1);
    script(p->pool, "UPDATE job SET attempts=8, error='the program ended while it ran' WHERE subject=1");
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, 1);
    check_counts(p->pool, 0, 1);
}

static void test_fair(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool};
    for (int i = 0; i < 20; i++)
        put(p->pool, "flood", 100 + i, 0);
    put(p->pool, "trace", 1, now_s());
    put(p->pool, "trace", 2, now_s());
    drain(p->pool, two_kinds, &work, 0);
    g_assert_cmpint(number(p->pool, "SELECT id FROM team WHERE name='2'"), <=, 4); /* in turn, not last */
    g_assert_cmpuint(work.runs, ==, 22);
}

static GSubprocess *spawn(const char *how, const char *file)
{
    g_autoptr(GError) error = NULL;
    GSubprocess *process = g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, self, how, file, NULL);
    g_assert_no_error(error);
    return process;
}

/* Two processes and this one take from one file. */
static void test_processes(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool, .slow = TRUE};
    SvDb *db = sv_pool_write(p->pool, NULL);
    for (int i = 0; i < MANY; i++)
        g_assert_true(sv_job_put(db, "trace", 1 + i, 0, NULL));
    sv_pool_write_done(p->pool, db, TRUE, NULL);
    g_autoptr(GSubprocess) a = spawn("--drain", p->file);
    g_autoptr(GSubprocess) b = spawn("--drain", p->file);
    drain(p->pool, kinds, &work, 2);
    g_assert_true(g_subprocess_wait_check(a, NULL, NULL));
    g_assert_true(g_subprocess_wait_check(b, NULL, NULL));
    g_assert_cmpint(number(p->pool, "SELECT count(*) FROM team"), ==, MANY);
    check_counts(p->pool, 0, 0); /* a job that ran twice would have left an error and wait */
    g_test_message("of %d jobs this process ran %u", MANY, work.runs);
    g_assert_cmpuint(work.runs, <, MANY);
}

static void test_killed(Place *p, gconstpointer data)
{
    Work work = {.pool = p->pool};
    put(p->pool, "trace", 1, 0);
    g_autoptr(GSubprocess) victim = spawn("--die", p->file);
    g_assert_false(g_subprocess_wait_check(victim, NULL, NULL));
    g_assert_cmpint(g_subprocess_get_term_sig(victim), ==, SIGKILL);
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, 0); /* the lease still holds */
    check_counts(p->pool, 1, 0);
    script(p->pool, "UPDATE job SET lease=lease-300");
    drain(p->pool, kinds, &work, 0);
    g_assert_cmpuint(work.runs, ==, 1);
    check_counts(p->pool, 0, 0);
}

static int child(const char *how, const char *file)
{
    g_autoptr(SvPool) pool = sv_pool_open(file, NULL);
    Work work = {.pool = pool, .slow = TRUE};
    if (!pool)
        return 1;
    drain(pool, strcmp(how, "--die") == 0 ? deadly : kinds, &work, 2);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && (strcmp(argv[1], "--die") == 0 || strcmp(argv[1], "--drain") == 0))
        return child(argv[1], argv[2]);
    self = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add("/job/once", Place, NULL, setup, test_once, teardown);
    g_test_add("/job/rolled_back", Place, NULL, setup, test_rolled_back, teardown);
    g_test_add("/job/woken", Place, NULL, setup, test_woken, teardown);
    g_test_add("/job/asked_again", Place, NULL, setup, test_asked_again, teardown);
    g_test_add("/job/back_off", Place, NULL, setup, test_back_off, teardown);
    g_test_add("/job/longest_wait", Place, NULL, setup, test_longest_wait, teardown);
    g_test_add("/job/lease", Place, NULL, setup, test_lease, teardown);
    g_test_add("/job/deadly_row", Place, NULL, setup, test_deadly_row, teardown);
    g_test_add("/job/fair", Place, NULL, setup, test_fair, teardown);
    g_test_add("/job/processes", Place, NULL, setup, test_processes, teardown);
    g_test_add("/job/killed", Place, NULL, setup, test_killed, teardown);
    return g_test_run();
}
