/* Rows of comma-separated text (RFC 4180), with any separator and with the quotes people really write. */
#pragma once
#include <glib.h>

typedef struct {
    const char *text; /* UTF-8 with LF, NUL-terminated */
    gsize len, at;
    guint line; /* of `at`, from 1 */
    char separator;
    gsize unclosed_to; /* up to here it is known that no quoted field ends */
} SvCsv;

typedef struct {
    GPtrArray *cells;  /* char *, trimmed of nothing */
    guint line;        /* where the row begins */
    gboolean unclosed; /* a quote was never closed: taken as a character */
    gboolean too_wide; /* more than SV_MAX_FIELDS cells; the rest was dropped */
} SvCsvRow;

void sv_csv_init(SvCsv *csv, const char *text, gsize len, char separator);
/* The next row that is not empty; FALSE at the end. `row` is made by sv_csv_row_new() and used again. */
gboolean sv_csv_next(SvCsv *csv, SvCsvRow *row);
SvCsvRow *sv_csv_row_new(void);
void sv_csv_row_free(SvCsvRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvCsvRow, sv_csv_row_free)
