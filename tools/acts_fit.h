/* Learns a model of acts from examples. */
#pragma once
#include "acts_data.h"
#include "acts_model.h"

typedef struct {
    double cost;          /* C of the support vector machines */
    double own;           /* share of what the corpus and the histories each have for themselves; 0: none */
    double repeat;        /* copies of a history sentence */
    guint folds;          /* parts for calibration */
    int solver;
    double eps;
    guint min_count;
    guint max_rows;
    gboolean on_corpus;   /* calibrate on the corpus, not on the histories */
    gboolean f_none;
    gboolean perlabel;
} SvActsPlan;

extern const SvActsPlan sv_acts_plan;

/* The bytes of a model learned from the examples whose indices are in `use` (guint). */
GBytes *sv_acts_fit(const SvActData *data, const GArray *use, const SvActsPlan *plan);

/* Is the label right for the example: 1 yes, 0 no, -1 not told. */
int sv_acts_truth(const SvActExample *example, guint label);
