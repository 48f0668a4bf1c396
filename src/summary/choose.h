/* What of all facts gets a place in which format. */
#pragma once
#include "compose.h"
#include "format_rules.h"
#include "wording.h"
#include "worth.h"

typedef struct {
    const SvLedger *ledger;   /* borrowed */
    float *score[SV_WORTH_N]; /* by fact */
    guint n;
} SvChoosing;

SvChoosing *sv_choosing_new(const SvLedger *ledger, const SvWorth *worth, const SvMorph *morph);
void sv_choosing_free(SvChoosing *choosing);

/* Personal data stood in the fact's sentence: whatever else it says, a summary is no place for it. */
gboolean sv_choosing_is_personal(const SvChoosing *choosing, guint fact);

/* Fills sections, tasks and timeline as the format's rules say. */
void sv_choose_format(const SvChoosing *choosing, const SvWording *wording, const SvFormatRules *rules,
    const SvWish *wish, SvSummary *out);
