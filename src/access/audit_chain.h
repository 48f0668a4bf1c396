/* The chained table of the audit. Inside the folder. */
#pragma once
#include "audit.h"

/* Takes frames (audit_frame.h) into the chain, in their order, inside the caller's write transaction. Those
 * whose number is not above the highest that was ever taken in are passed over: they are there already. */
gboolean sv_audit_chain_add(SvDb *db, const guint8 *frames, gsize len, GError **error);
/* The highest number that was taken in. */
gboolean sv_audit_chain_number(SvDb *db, gint64 *number, GError **error);
