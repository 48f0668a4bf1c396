/* What deserves a place: small logistic regressions over worth_features.h, learned from the weights of
 * eval/facts by tools/train_worth. */
#pragma once
#include "worth_features.h"

typedef enum {
    SV_WORTH_BRIEF,    /* must be in three to five sentences (weight 3) */
    SV_WORTH_PAGE,     /* belongs in a one-page summary (weight 2 and more) */
    SV_WORTH_TIMELINE, /* belongs in a timeline or a task list (weight 1 and more) */
    SV_WORTH_TASK,     /* an undertaking that is still open */
    SV_WORTH_STATUS,   /* belongs in this section of a one-page summary */
    SV_WORTH_HISTORY,
    SV_WORTH_AGREEMENTS,
    SV_WORTH_RISKS,
    SV_WORTH_NEXT_STEPS,
    SV_WORTH_N
} SvWorthTarget;

typedef struct SvWorth SvWorth;
/* SV_ERROR_SETUP when the file is missing, damaged or of another version. */
SvWorth *sv_worth_open(const char *path, GError **error);
void sv_worth_close(SvWorth *worth);
/* Weights of one's own are learned over the features of one program: the line that says which shipped ones
 * they take the place of (new, with its end; NULL and SV_ERROR_SETUP when those cannot be read), and whether
 * a file has it. */
char *sv_worth_base(const char *shipped_path, GError **error);
gboolean sv_worth_is_based(const char *path, const char *shipped_path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWorth, sv_worth_close)
/* Probability, 0 … 1, of each target. */
void sv_worth_scores(const SvWorth *worth, const float *features, float out[SV_WORTH_N]);
const char *sv_worth_name(SvWorthTarget target);
