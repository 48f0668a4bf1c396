/* What changed in a client's story since a moment: old value → new value, each proved like a statement. */
#pragma once
#include "compose.h"

typedef struct {
    const char *kind; /* new done overdue moved cancelled stage amount changed */
    char *text;
    char *old, *new_;   /* short values ("12 декабря"); NULL when there is none */
    SvTime at;          /* of the message that changed it; of "overdue", the day it was due */
    GPtrArray *sources; /* SvQuote *, at least one */
} SvChange;

/* SvChange *, the newest first, at most `most`. What a message of the time after `since` (by its own time)
 * made new or different. */
GPtrArray *sv_summary_changes(const SvDigest *digest, SvLang language, SvTime since, guint most);
