/* Word lists of data/lang, compiled in: a table of lines, fields apart by tabs. */
#pragma once
#include <glib.h>

#define SV_LIST_FIELDS 6u

typedef struct {
    const char *field[SV_LIST_FIELDS]; /* NUL-terminated, spaces around taken off; "" when absent */
    guint n;                           /* fields the line has */
    guint line;                        /* for messages of tests */
} SvListLine;

/* Called for each line that is neither empty nor a comment. */
typedef void (*SvListVisit)(const SvListLine *line, gpointer user);
/* Walks the list "abbreviations.tsv". A name that is not compiled in is a bug of ours and ends the program. */
void sv_list_visit(const char *name, SvListVisit visit, gpointer user);
