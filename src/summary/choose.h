/* What of all facts gets a place in which format. */
#pragma once
#include "summary.h"
#include "wording.h"
#include "worth.h"

typedef struct {
    const SvLedger *ledger;   /* borrowed */
    float *score[SV_WORTH_N]; /* by fact */
    guint n;
} SvChoosing;

SvChoosing *sv_choosing_new(const SvLedger *ledger, const SvWorth *worth, const SvMorph *morph);
void sv_choosing_free(SvChoosing *choosing);

/* Each fills its part of the summary. */
void sv_choose_brief(const SvChoosing *choosing, const SvWording *wording, SvSummary *out);
void sv_choose_sections(const SvChoosing *choosing, const SvWording *wording, SvSummary *out);
void sv_choose_timeline(const SvChoosing *choosing, const SvWording *wording, SvSummary *out);
void sv_choose_tasks(const SvChoosing *choosing, const SvWording *wording, SvSummary *out);
