/* The word lists of data/redact: patterns of one to six words, each of one class. */
#pragma once
#include "scan.h"

/* Adds to every word's bits the classes of the patterns that it is part of. */
void sv_lexicon_mark(SvScan *scan);
