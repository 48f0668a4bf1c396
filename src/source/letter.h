/* One letter's bytes (RFC 5322, MIME) as a message. Shared by mailboxes and single files. */
#pragma once
#include "source.h"

typedef struct {
    const SvInput *input;   /* names the file; its folder tells sent letters */
    guint number;           /* in the mailbox, from 1; 0: the file is the letter */
    GTimeZone *zone;        /* for times written without one; NULL: UTC */
    const SvTime *envelope; /* time of the separator line; NULL when it has none */
    const SvTime *previous; /* time of the letter before; NULL for the first */
} SvLetterContext;

/* The message, or NULL when the bytes hold no header field of a letter (then a problem is reported). Never
 * fails on a part: what cannot be read is reported and left out. */
SvMessage *sv_letter_parse(const char *bytes, gsize len, const SvLetterContext *context, SvReport *report);

/* How many of the fields that letters have stand in a valid header block at the beginning; for probes. */
guint sv_letter_probe(const char *bytes, gsize len);
/* Is the field one that letters have: From, Received, X-…? */
gboolean sv_letter_field_known(const char *name, gsize len);
