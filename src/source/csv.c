/* Rows of comma-separated text.
 *
 * A field is quoted when it begins with a quote; it ends at a quote before a separator, a line end or the
 * end. Another single quote inside is a character, as programs write that do not know the rule. A quote that
 * is never closed within SV_MAX_LINE bytes would swallow the table: it counts as a character and the row is
 * marked.
 *
 * Keeps true: linear time, since what is known about missing closing quotes is remembered. Does not: know
 * what the cells mean. */
#include "csv.h"
#include "sv_limits.h"
#include <string.h>

SvCsvRow *sv_csv_row_new(void)
{
    SvCsvRow *row = g_new0(SvCsvRow, 1);
    row->cells = g_ptr_array_new_with_free_func(g_free);
    return row;
}

void sv_csv_row_free(SvCsvRow *row)
{
    if (!row)
        return;
    g_ptr_array_unref(row->cells);
    g_free(row);
}

void sv_csv_init(SvCsv *csv, const char *text, gsize len, char separator)
{
    *csv = (SvCsv){.text = text, .len = len, .line = 1, .separator = separator};
}

static gboolean is_end(const SvCsv *c, gsize at)
{
    return at >= c->len || c->text[at] == '\n' || c->text[at] == c->separator;
}

/* The quote that ends the field whose first character stands at `from`; G_MAXSIZE when there is none. */
static gsize find_close(SvCsv *c, gsize from)
{
    gsize limit = MIN(c->len, from + SV_MAX_LINE);
    for (gsize i = MAX(from, c->unclosed_to); i < limit; i++) {
        if (c->text[i] != '"')
            continue;
        if (i + 1 < c->len && c->text[i + 1] == '"' && !(is_end(c, i + 2) && i == from))
            i++;
        else if (is_end(c, i + 1))
            return i;
    }
    c->unclosed_to = MAX(c->unclosed_to, limit);
    return G_MAXSIZE;
}

static char *quoted_cell(SvCsv *c, gsize close)
{
    g_autoptr(GString) cell = g_string_new(NULL);
    for (gsize i = c->at + 1; i < close; i++) {
        if (c->text[i] == '"' && i + 1 < close && c->text[i + 1] == '"')
            i++;
        if (c->text[i] == '\n')
            c->line++;
        g_string_append_c(cell, c->text[i]);
    }
    c->at = close + 1;
    return g_string_free(g_steal_pointer(&cell), FALSE);
}

static char *plain_cell(SvCsv *c)
{
    gsize from = c->at;
    while (!is_end(c, c->at))
        c->at++;
    return g_strndup(c->text + from, c->at - from);
}

static char *take_cell(SvCsv *c, SvCsvRow *row)
{
    if (c->at >= c->len || c->text[c->at] != '"')
        return plain_cell(c);
    gsize close = find_close(c, c->at + 1);
    if (close != G_MAXSIZE)
        return quoted_cell(c, close);
    row->unclosed = TRUE;
    return plain_cell(c);
}

gboolean sv_csv_next(SvCsv *c, SvCsvRow *row)
{
    while (c->at < c->len && c->text[c->at] == '\n') {
        c->at++;
        c->line++;
    }
    if (c->at >= c->len)
        return FALSE;
    g_ptr_array_set_size(row->cells, 0);
    row->line = c->line;
    row->unclosed = row->too_wide = FALSE;
    for (;;) {
        char *cell = take_cell(c, row);
        if (row->cells->len < SV_MAX_FIELDS) {
            g_ptr_array_add(row->cells, cell);
        } else {
            g_free(cell);
            row->too_wide = TRUE;
        }
        if (c->at >= c->len || c->text[c->at] == '\n')
            break;
        c->at++;
    }
    if (c->at < c->len) {
        c->at++;
        c->line++;
    }
    return TRUE;
}
