/* A message as bytes, to be kept: what the source filled (the first half of SvMessage), in a compact binary
 * form of ours. Numbers are little-endian; every length is checked on reading, and a checksum tells damage.
 */
#pragma once
#include "message.h"

/* Newly allocated. The same message gives the same bytes. *n_said (may be NULL): how many of the bytes, from
 * the first, tell what was said; where it was read from (file, place) stands behind them, so that the same
 * message out of another file is known to be the same. */
GBytes *sv_message_pack(const SvMessage *message, gsize *n_said);
/* NULL and SV_ERROR_INPUT when the bytes are damaged or of a newer version. */
SvMessage *sv_message_unpack(const void *bytes, gsize len, GError **error);

/* A finished and redacted history without anything raw: of every message the masked text and title, its
 * people, places and flags; `body`, `own`, `subject` and `attachments` are empty afterwards. For views that
 * are kept. The same history gives the same bytes. */
void sv_history_pack_masked(const SvHistory *history, GByteArray *out);
/* *used: how many bytes it took. Every index and span is checked. NULL and SV_ERROR_INPUT as above. */
SvHistory *sv_history_unpack_masked(const guint8 *bytes, gsize len, gsize *used, GError **error);
