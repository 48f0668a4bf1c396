/* Reports as regression cases: JSON lines in the form of eval/facts (eval/FACTS.md), for a person to look
 * through and add to eval.
 *
 * {"case":"feedback-7","id":"r12-1","ev":"m345","quote","acts":[…],"who":"us"|"client"|"third"|null,
 *  "what":null,"due","amount","links":[],"live","weight","report":12,"kind","format","channel","side","at",
 *  "as_of","comment"}
 *
 * Clients and messages are named by numbers of ours; the quote is masked text, the comment is masked here. A
 * report that names no message has "ev" and "quote" null. */
#pragma once
#include "said.h"

/* Appends the lines to `out`. */
gboolean sv_feedback_cases(const SvSayings *sayings, GString *out, SvSaidCounts *counts, GError **error);
