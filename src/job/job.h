/* A durable queue: what must be done later is a row, put there in the transaction that makes it necessary. */
#pragma once
#include "db.h"

/* Runs one job. FALSE: it is tried again later (longer and longer, at most SV_JOB_ATTEMPTS times, then kept with
 * its error for the administrator). */
typedef gboolean (*SvJobRun)(gint64 subject, gpointer data, GError **error);

typedef struct {
    const char *kind; /* "read" */
    SvJobRun run;
} SvJobKind;

#define SV_JOB_ATTEMPTS 8
#define SV_JOB_LEASE_S 300

/* In the caller's write transaction. The same kind and subject is there once; a later request keeps the earlier
 * due time. */
gboolean sv_job_put(SvDb *db, const char *kind, gint64 subject, gint64 due, GError **error);
gint64 sv_jobs_waiting(SvDb *db, GError **error);

typedef struct SvWorkers SvWorkers;
/* Threads that take jobs. `kinds` ends with an empty one. */
SvWorkers *sv_workers_new(SvPool *pool, const SvJobKind *kinds, gpointer data, guint threads);
/* There is something to do now. From any thread. */
void sv_workers_wake(SvWorkers *workers);
/* Runs until nothing is due; for commands and tests. */
void sv_workers_drain(SvWorkers *workers);
/* Waits for running jobs. */
void sv_workers_free(SvWorkers *workers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWorkers, sv_workers_free)
