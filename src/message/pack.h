/* A message as bytes, to be kept: what the source filled (the first half of SvMessage), in a compact binary
 * form of ours. Numbers are little-endian; every length is checked on reading. */
#pragma once
#include "message.h"

/* Newly allocated. The same message gives the same bytes. */
GBytes *sv_message_pack(const SvMessage *message);
/* NULL and SV_ERROR_INPUT when the bytes are damaged or of a newer version. `file` and `place` come back empty. */
SvMessage *sv_message_unpack(const void *bytes, gsize len, GError **error);

/* A finished and redacted history without anything raw: of every message the masked text and title, its
 * people, places and flags; `body` and `own` are empty afterwards. For views that are kept. */
void sv_history_pack_masked(const SvHistory *history, GByteArray *out);
SvHistory *sv_history_unpack_masked(const guint8 *bytes, gsize len, gsize *used, GError **error);
