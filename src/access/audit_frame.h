/* An entry of the audit's journal as bytes. Inside the folder.
 *
 *   "SvA1"  length of the rest after the checksum, u32  BLAKE2b of it, 16 bytes
 *   number i64  at i64  account i64  client i64  status i64  action NUL detail NUL address NUL
 *
 * Numbers are little-endian. Texts are UTF-8 without control characters. */
#pragma once
#include "audit.h"

#define SV_AUDIT_FRAME_MOST 512u

typedef struct {
    gint64 number; /* grows from entry to entry of all journals; 0: of none */
    gint64 at, account, client, status;
    const char *action, *detail, *address; /* NUL-terminated, inside the bytes */
} SvAuditEntry;

/* Writes a frame; returns its length. Texts are cut and cleaned. */
gsize sv_audit_frame_put(guint8 out[SV_AUDIT_FRAME_MOST], gint64 number, gint64 at, const SvDeed *deed);
/* The frame at the beginning of the bytes, and its length; FALSE when there is no whole one. */
gboolean sv_audit_frame_get(const guint8 *bytes, gsize len, gsize *used, SvAuditEntry *entry);
/* The next whole frame from *at on, wherever it begins; *skipped grows by the bytes passed over that were
 * none. FALSE at the end; *at and *skipped are then as they were. */
gboolean sv_audit_frame_next(const guint8 *bytes, gsize len, gsize *at, gsize *skipped, SvAuditEntry *entry);
