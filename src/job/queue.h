/* The queue as rows: what workers do to it. Inside the folder. */
#pragma once
#include "job.h"

/* A job that a worker has. */
typedef struct {
    gint64 id, subject;
    gint64 holder; /* the number of this run */
    gint64 asked;  /* requests that it answers */
    gint64 attempts;
} SvJob;

/* Is a job of the kind due? 1, 0, -1 on error. Only reads. */
int sv_job_due(SvDb *db, const char *kind, gint64 now, GError **error);
/* Takes the job of the kind that has waited longest. In a write transaction. 1, 0: none is due, -1 on error.
 */
int sv_job_take(SvDb *db, const char *kind, gint64 now, SvJob *out, GError **error);
/* It was done: the row goes, unless the job was asked for again meanwhile. In a write transaction. Changes
 * nothing when the lease was lost. */
gboolean sv_job_done(SvDb *db, const SvJob *job, GError **error);
/* It failed: due again after a while, or given up. `why` is kept. In a write transaction. */
gboolean sv_job_failed(SvDb *db, const SvJob *job, gint64 now, const char *why, GError **error);
