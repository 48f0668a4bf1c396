/* Word lists of data/lang. */
#pragma once
#include "table.h"

typedef SvTableRow SvListLine;

/* Walks the list "abbreviations.tsv": see sv_table_visit(). */
void sv_list_visit(const char *name, SvTableVisit visit, gpointer user);
