/* Who asked for what, of whom, when, from where, and what was denied. Each entry holds the hash of the one
 * before (BLAKE2b over all its fields), so that what was changed, taken out or put in is found; what was cut
 * off at the end, or rewritten as a whole, is found against a head that was noted outside. No customer's
 * text. */
#pragma once
#include "db.h"

typedef struct {
    gint64 account;      /* 0: nobody known */
    gint64 client;       /* 0 none */
    const char *action;  /* "summary.read"; at most 64 bytes are kept */
    const char *detail;  /* "brief ru"; may be NULL; at most 240 bytes */
    const char *address; /* of the peer; may be NULL; at most 64 bytes */
    int status;          /* HTTP status, or 0 */
} SvDeed;

typedef struct SvAudit SvAudit;
/* Opens the record of a pool: entries that a crash left in the journal (WHERE-audit, WHERE-audit2) are taken
 * into the chain. The pool is borrowed. While one process has the journal, others write into the chain
 * directly. */
SvAudit *sv_audit_open(SvPool *pool, GError **error);
void sv_audit_close(SvAudit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAudit, sv_audit_close)
/* The entry is in the journal when this returns (it survives the end of the program, whatever kills it) and
 * in the chain within a second. Takes a few microseconds. Thread-safe. FALSE: it could not be written, and
 * what was asked for must not be given. Never inside a write transaction of the same thread: it may need one
 * itself. */
gboolean sv_audit_add(SvAudit *audit, const SvDeed *deed, GError **error);
/* One entry straight into the chain, in a transaction of its own: for commands that run once, also beside a
 * server. (A command that opened the journal could keep it from a server that starts just then.) */
gboolean sv_audit_note(SvPool *pool, const SvDeed *deed, GError **error);
/* One entry into the chain in the caller's write transaction: the deed and its record are kept together or
 * not at all. */
gboolean sv_audit_put(SvDb *db, const SvDeed *deed, GError **error);
/* All of the journal into the chain, now. */
gboolean sv_audit_flush(SvAudit *audit, GError **error);
/* The whole chain holds? *entries and *head (hexadecimal, 64 characters, new; zeros when there is no entry)
 * are filled; each may be NULL. `known_head` (NULL) must be in it. SV_ERROR_CONFLICT names the first entry
 * that does not hold; SV_ERROR_INPUT: the known head is none. */
gboolean sv_audit_verify(SvDb *db, const char *known_head, gint64 *entries, char **head, GError **error);
/* One JSON object a line, in order; since/until (not included) Unix seconds, 0 open; client 0 any. */
gboolean sv_audit_export(SvDb *db, gint64 since, gint64 until, gint64 client, GString *out, GError **error);
