/* Who asked for what, of whom, when, from where, and what was denied. Each entry holds the hash of the one before
 * (BLAKE2b over all its fields), so that what was changed, taken out or put in is found; what was cut off at the
 * end is found against a head that was noted outside. No customer's text. */
#pragma once
#include "db.h"

typedef struct {
    gint64 account;      /* 0: nobody known */
    gint64 client;       /* 0 none */
    const char *action;  /* "summary.read" */
    const char *detail;  /* "brief ru"; may be NULL */
    const char *address; /* of the peer; may be NULL */
    int status;          /* HTTP status, or 0 */
} SvDeed;

typedef struct SvAudit SvAudit;
/* Opens the record of a pool: entries that a crash left in the journal (WHERE-audit) are taken into the chain. */
SvAudit *sv_audit_open(SvPool *pool, GError **error);
void sv_audit_close(SvAudit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAudit, sv_audit_close)
/* The entry is in the journal when this returns (it survives the end of the program, whatever kills it) and in
 * the chain within a second. Takes a few microseconds. Thread-safe. FALSE: it could not be written, and what was
 * asked for must not be given. */
gboolean sv_audit_add(SvAudit *audit, const SvDeed *deed, GError **error);
/* All of the journal into the chain, now. */
gboolean sv_audit_flush(SvAudit *audit, GError **error);
/* The whole chain holds? *entries and *head (hexadecimal, new) are filled. `known_head` (NULL) must be in it.
 * SV_ERROR_CONFLICT names the first entry that does not hold. */
gboolean sv_audit_verify(SvDb *db, const char *known_head, gint64 *entries, char **head, GError **error);
/* One JSON object a line, in order; since/until Unix seconds, 0 open; client 0 any. */
gboolean sv_audit_export(SvDb *db, gint64 since, gint64 until, gint64 client, GString *out, GError **error);
