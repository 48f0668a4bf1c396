/* The checks that every statement must pass before it is shown. */
#pragma once
#include "summary.h"

/* Every quote is verbatim text of its message and holds no placeholder; every number of the text stands in
 * one of the quoted messages or belongs to one of `days` (SvDay, resolved dates; may be NULL). */
gboolean sv_gate_check(const SvHistory *history, const char *text, GPtrArray *quotes, GArray *days);
