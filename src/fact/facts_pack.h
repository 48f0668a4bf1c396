/* Facts as bytes, to be kept beside the masked history that they were read from (message/pack.h). */
#pragma once
#include "fact.h"

void sv_facts_pack(const SvFacts *facts, GByteArray *out);
/* The history is borrowed. NULL and SV_ERROR_INPUT when the bytes are damaged, of another version, or do not
 * fit the history (every index and span is checked). */
SvFacts *sv_facts_unpack(const SvHistory *history, const guint8 *bytes, gsize len, GError **error);
