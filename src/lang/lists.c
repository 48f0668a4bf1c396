/* Word lists: see lists.h.
 *
 * The lists are part of the program (a GResource), so they are there or the build is broken; that is why a
 * missing one is no GError. The bytes are copied once a visit and cut in place. */
#include "lists.h"
#include <gio/gio.h>
#include <string.h>
#include "lang_data.h"

static void split_fields(char *text, SvListLine *line)
{
    line->n = 0;
    for (guint i = 0; i < SV_LIST_FIELDS; i++)
        line->field[i] = "";
    char *rest = text;
    while (rest && line->n < SV_LIST_FIELDS) {
        char *tab = strchr(rest, '\t');
        if (tab)
            *tab++ = 0;
        line->field[line->n++] = g_strstrip(rest);
        rest = tab;
    }
}

void sv_list_visit(const char *name, SvListVisit visit, gpointer user)
{
    g_autofree char *path = g_strconcat("/svodka/lang/", name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(sv_lang_data_get_resource(), path, 0, &error);
    if (!bytes)
        g_error("%s", error->message);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *copy = g_strndup(data, size);
    guint number = 0;
    for (char *at = copy; at && *at;) {
        char *end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        number++;
        if (*at && *at != '#') {
            SvListLine line = {.line = number};
            split_fields(at, &line);
            visit(&line, user);
        }
        at = end;
    }
}
