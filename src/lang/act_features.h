/* What the recogniser of acts sees of a sentence: a set of hashed features, the same for trainer and reader.
 *
 * Features come in groups. A group's features all have one value, its share divided by the square root of how
 * many there are, so a long sentence weighs no more than a short one. */
#pragma once
#include "acts.h"

typedef enum {
    SV_ACT_GROUP_CHARS,  /* pieces of words */
    SV_ACT_GROUP_WORDS,  /* words, their stems, pairs of neighbours */
    SV_ACT_GROUP_SHAPE,  /* channel, writer, length, question mark, number, date and money likeness, ends */
    SV_ACT_GROUP_BEFORE, /* the sentence before it */
    SV_ACT_GROUP_N
} SvActGroup;

#define SV_ACT_FEATURES_MAX 4096 /* features of one sentence */
#define SV_ACT_LETTERS_MAX 600   /* characters read of a sentence */

typedef struct {
    guint n;
    guint32 key[SV_ACT_FEATURES_MAX]; /* group by group; never 0, all distinct */
    guint n_group[SV_ACT_GROUP_N];
} SvActFeatures;

/* Fills `out` from a sentence; deterministic and the same on every machine. */
void sv_act_features(const SvActsInput *input, SvActFeatures *out);
/* Value of each feature of a group. */
float sv_act_feature_value(const SvActFeatures *features, SvActGroup group);
