/* Reports as lessons. Only what rests on messages without labels teaches: the weights serve every reader, so
 * nothing in them may come from what some may not see. */
#pragma once
#include "lessons.h"
#include "said.h"

#define SV_TIMES_TOLD 2 /* a report named the sentence: missing or wrong */
#define SV_TIMES_MILD 1 /* it stood in a summary that was found useful */

/* A sentence is one lesson, whatever was said of it: a later report counts before an earlier one, a named
 * sentence before a mild confirmation. `sayings->all_labels` must be FALSE. NULL on error. */
SvLessons *sv_feedback_lessons(const SvSayings *sayings, SvSaidCounts *counts, GError **error);

/* How the sentences that reports name are scored; missing and wrong by the highest of the targets in
 * question. */
typedef struct {
    guint n_missing, n_wrong;
    double missing, wrong; /* mean score, 0 … 1 */
    double loss;           /* as in SvFit, of these sentences */
} SvSaidFit;
SvSaidFit sv_feedback_measure(const SvLessons *lessons, const SvWorth *worth);
