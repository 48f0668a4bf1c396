/* A durable queue: what must be done later is a row, put there in the transaction that makes it necessary.
 *
 * A worker takes a job for SV_JOB_LEASE_S seconds and runs it outside of any transaction. When the program
 * ends in the middle, the lease runs out and another worker, of this process or of another one on the same
 * database, takes it. So a job is run at least once: what it does must be right when it is done twice. A
 * request that comes while the job runs makes it run again. */
#pragma once
#include "db.h"

/* Runs one job. FALSE: it is tried again later (after 1, 2, 4 … seconds, at most an hour; at most
 * SV_JOB_ATTEMPTS times, then kept with its error for the administrator). */
typedef gboolean (*SvJobRun)(gint64 subject, gpointer data, GError **error);

typedef struct {
    const char *kind; /* "read" */
    SvJobRun run;
} SvJobKind;

#define SV_JOB_ATTEMPTS 8
#define SV_JOB_LEASE_S 300
#define SV_JOB_LONGEST_WAIT_S 3600

/* In the caller's write transaction. The same kind and subject is there once; a later request keeps the
 * earlier due time (Unix seconds) and gives it all its attempts again. */
gboolean sv_job_put(SvDb *db, const char *kind, gint64 subject, gint64 due, GError **error);
/* Jobs that are due, run or wait for their time; -1 on error. */
gint64 sv_jobs_waiting(SvDb *db, GError **error);
/* Jobs that were given up; -1 on error. */
gint64 sv_jobs_failed(SvDb *db, GError **error);
/* Takes back what is asked of a subject (it is erased). In the caller's write transaction. */
gboolean sv_job_drop(SvDb *db, const char *kind, gint64 subject, GError **error);

typedef struct SvWorkers SvWorkers;
/* Threads that take jobs. `kinds` ends with an empty one and is borrowed, as is the pool. `threads` 0: jobs
 * are run by sv_workers_drain() only. */
SvWorkers *sv_workers_new(SvPool *pool, const SvJobKind *kinds, gpointer data, guint threads);
/* There is something to do now. From any thread. Without it a job is found within a second. */
void sv_workers_wake(SvWorkers *workers);
/* Runs until nothing is due; for commands and tests. What failed and waits for its next attempt is not due.
 */
void sv_workers_drain(SvWorkers *workers);
/* Waits for running jobs. */
void sv_workers_free(SvWorkers *workers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWorkers, sv_workers_free)
