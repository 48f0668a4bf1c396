/* Sets of labels: see labels.h. Both sets ascend, so one walk over both decides.
 *
 * Keeps true: in doubt a message is not covered. */
#include "labels.h"
#include <stdlib.h>

/* The next id; 0 at the end, -1 when this is no set of labels. *p stands on the space before an id. */
static gint64 next_id(const char **p)
{
    const char *s = *p;
    if (*s != ' ')
        return *s ? -1 : 0;
    if (!s[1])
        return 0;
    if (s[1] < '1' || s[1] > '9')
        return -1;
    gint64 id = 0;
    for (s++; g_ascii_isdigit(*s); s++) {
        if (id > (G_MAXINT64 - 9) / 10)
            return -1;
        id = id * 10 + (*s - '0');
    }
    if (*s != ' ')
        return -1;
    *p = s;
    return id;
}

gboolean sv_labels_valid(const char *labels)
{
    gint64 last = 0, id;
    if (!labels)
        return FALSE;
    const char *p = labels;
    while ((id = next_id(&p)) > 0) {
        if (id <= last)
            return FALSE;
        last = id;
    }
    return id == 0 && (last > 0 || !*labels);
}

gboolean sv_labels_cover(const char *audience, const char *labels)
{
    if (!labels || !*labels)
        return TRUE;
    if (!audience || !sv_labels_valid(labels) || !sv_labels_valid(audience))
        return FALSE;
    gint64 held = 0;
    for (gint64 id; (id = next_id(&labels)) > 0;) {
        while (held < id && (held = next_id(&audience)) > 0)
            ;
        if (held != id)
            return FALSE;
    }
    return TRUE;
}

static int by_number(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

char *sv_labels_format(const gint64 *ids, guint n)
{
    g_autofree gint64 *sorted = g_memdup2(ids, n * sizeof *ids);
    if (n)
        qsort(sorted, n, sizeof *sorted, by_number);
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        if (sorted[i] <= 0 || (i && sorted[i] == sorted[i - 1]))
            continue;
        g_string_append_printf(s, s->len ? "%" G_GINT64_FORMAT " " : " %" G_GINT64_FORMAT " ", sorted[i]);
    }
    return g_string_free(s, FALSE);
}

static GArray *ids_of(const char *labels)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    const char *p = labels && sv_labels_valid(labels) ? labels : "";
    for (gint64 id; (id = next_id(&p)) > 0;)
        g_array_append_val(ids, id);
    return ids;
}

char *sv_labels_join(const char *a, const char *b)
{
    g_autoptr(GArray) ids = ids_of(a), more = ids_of(b);
    g_array_append_vals(ids, more->data, more->len);
    return sv_labels_format((const gint64 *)(gpointer)ids->data, ids->len);
}

char *sv_labels_common(const char *a, const char *b)
{
    g_autoptr(GArray) ids = ids_of(a), other = ids_of(b);
    guint kept = 0;
    for (guint i = 0, k = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        while (k < other->len && g_array_index(other, gint64, k) < id)
            k++;
        if (k < other->len && g_array_index(other, gint64, k) == id)
            g_array_index(ids, gint64, kept++) = id;
    }
    return sv_labels_format((const gint64 *)(gpointer)ids->data, kept);
}
