/* The durable queue as rows of one table: see job.h.
 *
 * How it works: a job is found by the index over kind and due time. Taking it writes, in one transaction,
 * until when it is taken (lease), by which run (holder, a random number) and one attempt more, so that a job
 * that kills the program is given up like any other. Done, the row goes; but a request that came meanwhile
 * has made `asked` grow, and then the row stays and is due at once.
 *
 * What it keeps true: a run that lost its lease ends nothing: its number is no longer in the row. A lease
 * that ends later than any could is one of a clock that was set back, and counts as over.
 *
 * What it does not do: it never looks into a job's own work; that must bear being done twice. */
#include "queue.h"
#include <string.h>

#define GIVEN_UP G_MAXINT64
#define MAX_ERROR 500
static const char ended[] = "the program ended while it ran";

gboolean sv_job_put(SvDb *db, const char *kind, gint64 subject, gint64 due, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO job(kind,subject,due) VALUES(?,?,?) ON CONFLICT(kind,subject) DO UPDATE SET "
        "due=min(due,excluded.due), asked=asked+1, attempts=0, error=''",
        error);
    sv_sql_text(sql, 1, kind);
    sv_sql_int(sql, 2, subject);
    sv_sql_int(sql, 3, due);
    return sv_sql_run(sql, error);
}

gboolean sv_job_drop(SvDb *db, const char *kind, gint64 subject, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM job WHERE kind=? AND subject=?", error);
    sv_sql_text(sql, 1, kind);
    sv_sql_int(sql, 2, subject);
    return sv_sql_run(sql, error);
}

gint64 sv_jobs_waiting(SvDb *db, GError **error)
{
    gint64 n = -1;
    SvSql *sql = sv_db_sql(db, "SELECT count(*) FROM job WHERE due<?", error);
    sv_sql_int(sql, 1, GIVEN_UP);
    sv_sql_get_one(sql, 0, &n, error);
    return n;
}

gint64 sv_jobs_failed(SvDb *db, GError **error)
{
    gint64 n = -1;
    SvSql *sql = sv_db_sql(db, "SELECT count(*) FROM job WHERE due=?", error);
    sv_sql_int(sql, 1, GIVEN_UP);
    sv_sql_get_one(sql, 0, &n, error);
    return n;
}

/* The query that both the look and the taking use. */
static SvSql *find_due(SvDb *db, const char *kind, gint64 now, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT id,subject,asked,attempts FROM job WHERE kind=?1 AND due<=?2 AND (lease<=?2 OR lease>?3) "
        "ORDER BY due LIMIT 1",
        error);
    sv_sql_text(sql, 1, kind);
    sv_sql_int(sql, 2, now);
    sv_sql_int(sql, 3, now + SV_JOB_LEASE_S);
    return sql;
}

int sv_job_due(SvDb *db, const char *kind, gint64 now, GError **error)
{
    SvSql *sql = find_due(db, kind, now, error);
    int got = sv_sql_next(sql, error);
    if (got > 0)
        sv_sql_done(sql);
    return got;
}

static gint64 new_holder(void)
{
    return (gint64)(((guint64)g_random_int() << 31) ^ g_random_int()) | 1;
}

/* All attempts were begun and the last one never ended. */
static gboolean give_up(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, "UPDATE job SET due=?, lease=0, holder=0 WHERE id=?", error);
    sv_sql_int(sql, 1, GIVEN_UP);
    sv_sql_int(sql, 2, id);
    return sv_sql_run(sql, error);
}

int sv_job_take(SvDb *db, const char *kind, gint64 now, SvJob *out, GError **error)
{
    SvJob job = {0};
    for (;;) {
        SvSql *sql = find_due(db, kind, now, error);
        int got = sv_sql_next(sql, error);
        if (got <= 0)
            return got;
        job.id = sv_sql_get_int(sql, 0);
        job.subject = sv_sql_get_int(sql, 1);
        job.asked = sv_sql_get_int(sql, 2);
        job.attempts = sv_sql_get_int(sql, 3) + 1;
        sv_sql_done(sql);
        if (job.attempts <= SV_JOB_ATTEMPTS)
            break;
        if (!give_up(db, job.id, error))
            return -1;
    }
    job.holder = new_holder();
    SvSql *sql = sv_db_sql(db, "UPDATE job SET attempts=?, lease=?, holder=?, error=? WHERE id=?", error);
    sv_sql_int(sql, 1, job.attempts);
    sv_sql_int(sql, 2, now + SV_JOB_LEASE_S);
    sv_sql_int(sql, 3, job.holder);
    sv_sql_text(sql, 4, ended); /* true until somebody says better */
    sv_sql_int(sql, 5, job.id);
    if (!sv_sql_run(sql, error))
        return -1;
    *out = job;
    return 1;
}

gboolean sv_job_done(SvDb *db, const SvJob *job, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM job WHERE id=? AND holder=? AND asked=?", error);
    sv_sql_int(sql, 1, job->id);
    sv_sql_int(sql, 2, job->holder);
    sv_sql_int(sql, 3, job->asked);
    if (!sv_sql_run(sql, error))
        return FALSE;
    if (sv_db_changes(db))
        return TRUE;
    sql = sv_db_sql(
        db, "UPDATE job SET lease=0, holder=0, attempts=0, error='' WHERE id=? AND holder=?", error);
    sv_sql_int(sql, 1, job->id);
    sv_sql_int(sql, 2, job->holder);
    return sv_sql_run(sql, error);
}

static gint64 wait_after(gint64 attempts)
{
    gint64 s = (gint64)1 << CLAMP(attempts - 1, 0, 30);
    return MIN(s, SV_JOB_LONGEST_WAIT_S);
}

gboolean sv_job_failed(SvDb *db, const SvJob *job, gint64 now, const char *why, GError **error)
{
    g_autofree char *cut = g_utf8_make_valid(why ? why : "", (gssize)strnlen(why ? why : "", MAX_ERROR));
    gboolean last = job->attempts >= SV_JOB_ATTEMPTS;
    /* asked for again meanwhile: the new request has attempts of its own */
    SvSql *sql = sv_db_sql(db,
        "UPDATE job SET due=CASE WHEN ?5 AND asked=?6 THEN ?1 ELSE ?2 END, lease=0, holder=0, error=?3 "
        "WHERE id=?4 AND holder=?7",
        error);
    sv_sql_int(sql, 1, GIVEN_UP);
    sv_sql_int(sql, 2, now + wait_after(job->attempts));
    sv_sql_text(sql, 3, cut);
    sv_sql_int(sql, 4, job->id);
    sv_sql_int(sql, 5, last);
    sv_sql_int(sql, 6, job->asked);
    sv_sql_int(sql, 7, job->holder);
    return sv_sql_run(sql, error);
}
