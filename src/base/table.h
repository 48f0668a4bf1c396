/* Tables of words and phrases: lines of fields apart by tabs. Empty lines and lines that begin with "#" say
 * nothing. That is the form of all of data/, compiled into the program as resources. */
#pragma once
#include <gio/gio.h>

#define SV_TABLE_FIELDS 6u

typedef struct {
    const char *field[SV_TABLE_FIELDS]; /* NUL-terminated, as they stand; "" when absent; the last one holds
                                           the rest */
    guint n;                            /* fields that the line has */
    guint line;                         /* its number, from 1 */
} SvTableRow;

/* Called for each row, in order. The row lives until it returns. */
typedef void (*SvTableVisit)(const SvTableRow *row, gpointer user);

/* Walks a text. */
void sv_table_read(const char *text, gsize len, SvTableVisit visit, gpointer user);
/* Walks a compiled-in table. One that is not there is a bug of ours and ends the program. */
void sv_table_visit(GResource *resource, const char *path, SvTableVisit visit, gpointer user);
