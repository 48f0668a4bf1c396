/* Tables of words: see table.h. The bytes are copied once a walk and cut in place.
 *
 * The tables are part of the program, so they are there or the build is broken: a missing one is no GError.
 * What the fields mean is the callers' business. */
#include "table.h"
#include <string.h>

static void split_fields(char *text, SvTableRow *row)
{
    row->n = 0;
    for (guint i = 0; i < SV_TABLE_FIELDS; i++)
        row->field[i] = "";
    for (char *rest = text; rest;) {
        char *tab = row->n + 1 < SV_TABLE_FIELDS ? strchr(rest, '\t') : NULL;
        if (tab)
            *tab++ = 0;
        row->field[row->n++] = rest;
        rest = tab;
    }
}

void sv_table_read(const char *text, gsize len, SvTableVisit visit, gpointer user)
{
    g_autofree char *copy = g_strndup(text, len);
    SvTableRow row;
    guint number = 0;
    for (char *at = copy; at && *at;) {
        char *end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        number++;
        if (*at && *at != '#') {
            row.line = number;
            split_fields(at, &row);
            visit(&row, user);
        }
        at = end;
    }
}

void sv_table_visit(GResource *resource, const char *path, SvTableVisit visit, gpointer user)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    if (!bytes)
        g_error("%s", error->message);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    sv_table_read(data, size, visit, user);
}
