/* Erasure: gone from tables, indices, caches, files and free pages. The deed is the caller's to record.
 *
 * What was erased is noted, as keyed hashes of outside keys, in the table `erased` and in the file
 * WHERE-erased beside the database (erased.h). The file is written before the rows go, so that an erasure
 * that was cut off is completed, and a backup that is older than an erasure gets it done again when it is
 * restored. */
#pragma once
#include "db.h"

typedef struct {
    gint64 clients, messages, feedback, views;
} SvErased;

/* Each takes its own write transaction and scrubs the file afterwards (nothing is left in free pages or the
 * log). SV_ERROR_BUSY: the rows are gone, but somebody reads and so the log could not be emptied; the job
 * "scrub" is queued to do it, and sv_erase_finish() does it. `out` (added to) may be NULL. */
gboolean sv_erase_client(SvPool *pool, gint64 client, SvErased *out, GError **error);
/* All parts of the message, what readers said of it, and marks of tasks that rest on it. */
gboolean sv_erase_message(SvPool *pool, gint64 client, const char *external, SvErased *out, GError **error);
/* A person: every message that he wrote or (our side apart) alone received, his entries in the card, and
 * feedback that names him. `who`: e-mail, phone or name. What others wrote of him or quoted to others stays:
 * erase those messages by key. SV_ERROR_NOT_FOUND: nobody fits, or several do. */
gboolean sv_erase_person(SvPool *pool, gint64 client, const char *who, SvErased *out, GError **error);
/* Who would be meant: his name (or address; new) and how many messages would go. */
char *sv_erase_find_person(SvDb *db, gint64 client, const char *who, guint *messages, GError **error);

/* Completes what was cut off: rows of erasures that are noted in the file alone, a scrub that is still asked
 * for. Costs a look when there is none. It is what the job "scrub" runs. */
gboolean sv_erase_finish(SvPool *pool, SvErased *out, GError **error);
/* The same for a database that is about to take the place of another: by that one's file of erasures. */
gboolean sv_erase_replay(SvPool *pool, const char *erased_file, SvErased *out, GError **error);
