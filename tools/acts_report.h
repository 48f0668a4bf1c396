/* How well a model of acts does on examples it has not seen. */
#pragma once
#include "acts_data.h"

/* Prints micro-F1, average precision and, if asked, a table per label, for the examples whose indices are in
 * `test`. */
void sv_acts_report(
    const char *title, SvActsModel *model, const SvActData *data, const GArray *test, gboolean table);
