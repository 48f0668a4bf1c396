/* Weights from lessons, by LIBLINEAR. Apart from the rest of the folder: only the programs that learn are
 * linked with it (train_worth at build time, svodka-fit beside the program). */
#pragma once
#include "lessons.h"

#define SV_FIT_COST 0.3

/* One logistic regression a target; the text of a file for sv_worth_open(). Deterministic. */
char *sv_fit_worth(const SvLessons *lessons, double cost);
