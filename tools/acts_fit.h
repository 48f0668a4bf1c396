/* Learns a model of acts from examples. */
#pragma once
#include "acts_data.h"
#include "acts_model.h"

typedef struct {
    double cost;        /* C of the support vector machines of acts */
    double cost_worth;  /* and of worth and interest, which few sentences teach */
    double eps;         /* where LIBLINEAR stops */
    guint folds;        /* parts for curves and thresholds */
    guint min_count;    /* sentences that a feature must be in */
    guint max_rows;     /* features kept, those with the largest weights */
    gboolean on_corpus; /* curves and thresholds for the corpus, not for histories */
} SvActsPlan;

/* What measured best. */
extern const SvActsPlan sv_acts_plan;

/* The bytes of a model learned from the examples whose indices are in `use` (guint). */
GBytes *sv_acts_fit(const SvActData *data, const GArray *use, const SvActsPlan *plan);

/* Is the label right for the example: 1 yes, 0 no, -1 not told. */
int sv_acts_truth(const SvActExample *example, guint label);
