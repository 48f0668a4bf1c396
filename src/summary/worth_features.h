/* What the chooser knows of a fact: numbers from acts, slots, age, rarity, repetition and state. */
#pragma once
#include "ledger.h"

#define SV_FEATURES 128

/* Facts common to all features of one history. */
typedef struct {
    const SvLedger *ledger;
    float max_amount;         /* largest sum of money in the history */
    GHashTable *recent;       /* key → number of messages of the last 45 days that hold it */
    GArray *deal_keys;        /* guint32, sorted: words of the titles of deals that are still open */
    GHashTable *last_of_deal; /* deal id → fact + 1 of its last row */
    guint n_recent;
} SvFeatureContext;

SvFeatureContext *sv_features_new(const SvLedger *ledger, const SvMorph *morph);
void sv_features_free(SvFeatureContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvFeatureContext, sv_features_free)

/* Fills out[SV_FEATURES]; unused ones are 0. */
void sv_features_of(const SvFeatureContext *context, guint fact, float *out);

typedef enum { SV_STAGE_OPEN, SV_STAGE_WON, SV_STAGE_LOST } SvStage;
/* What a deal's stage means, by the words that CRMs use for won and lost, Russian and English. */
SvStage sv_deal_stage(const char *stage);
