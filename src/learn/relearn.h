/* Learning the weights of choosing again, from the labelled cases and from what readers said.
 *
 * Reports count as much as they can without making anything worse on the labelled cases: from the most to the
 * least until the weights fit those cases as well as the shipped ones do, within the tolerance. What is
 * compared with is always the shipped weights, so that many small losses do not add up. */
#pragma once
#include "feedback_lessons.h"

typedef struct {
    SvFit labelled; /* cases that are learned from */
    SvFit held_out; /* labelled cases that nothing is learned from */
    SvSaidFit said;
} SvScores;

typedef struct {
    const char *data_dir;    /* worth.txt as shipped, worth-lessons.bin */
    const char *worth_path;  /* weights in use; NULL: the shipped ones */
    const char *fit_program; /* svodka-fit */
    double tolerance;        /* precision may fall and loss rise by so much */
} SvRelearn;
#define SV_RELEARN_TOLERANCE 0.005

typedef struct {
    SvScores shipped, before, after; /* after: of the last try */
    guint lessons;                   /* sentences that reports are about */
    guint times;                     /* how often a named sentence counted; 0: no try was good enough */
    char *worth;                     /* the new weights, for a file; NULL when `times` is 0 */
} SvRelearned;
void sv_relearned_clear(SvRelearned *relearned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvRelearned, sv_relearned_clear)

/* SV_ERROR_SETUP: a data file or the program is missing. That nothing good enough was found is no error. */
gboolean sv_relearn(const SvRelearn *how, const SvLessons *said, SvRelearned *out, GError **error);
