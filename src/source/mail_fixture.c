/* Help for tests: see mail_fixture.h. With SVODKA_WRITE_FIXTURES set, comparing writes what was made instead:
 * for new cases, to be read by a person before they are kept. */
#include "mail_fixture.h"
#include <string.h>

char *sv_fixture_path(const char *name)
{
    const char *root = g_getenv("SVODKA_SOURCE");
    return g_build_filename(root ? root : ".", "tests", "fixtures", name, NULL);
}

GBytes *sv_fixture_load(const char *name)
{
    g_autofree char *path = sv_fixture_path(name);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gsize len = 0;
    g_file_get_contents(path, &text, &len, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(text, len);
}

char *sv_fixture_unescape(const char *text, gsize *len)
{
    GString *s = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        if (*p != '\\' || !p[1]) {
            g_string_append_c(s, *p);
            continue;
        }
        p++;
        if (*p == 'x' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
            g_string_append_c(s, (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2])));
            p += 2;
        } else {
            g_string_append_c(s, *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p);
        }
    }
    *len = s->len;
    return g_string_free(s, FALSE);
}

GPtrArray *sv_fixture_rows(const char *name)
{
    g_autoptr(GBytes) bytes = sv_fixture_load(name);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#')
            g_ptr_array_add(rows, g_strsplit(*line, "\t", -1));
    return rows;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *sv_fixture_list(const char *folder, const char *suffix)
{
    g_autofree char *path = sv_fixture_path(folder);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
    g_assert_no_error(error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, suffix) && strcmp(name, "README.md") != 0)
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, by_name);
    return names;
}

static void add_people(GString *s, const char *title, const GPtrArray *people)
{
    for (guint i = 0; i < people->len; i++) {
        const SvAddress *a = g_ptr_array_index(people, i);
        g_string_append_printf(
            s, "%s: %s <%s>\n", title, a->name ? a->name : "", a->address ? a->address : "");
    }
}

char *sv_fixture_message(const SvMessage *m)
{
    static const struct {
        guint flag;
        const char *name;
    } flags[] = {{SV_MESSAGE_AUTO, "auto"}, {SV_MESSAGE_BULK, "bulk"}, {SV_MESSAGE_CUT, "cut"},
        {SV_MESSAGE_DELETED, "deleted"}, {SV_MESSAGE_OUTGOING, "outgoing"}};
    g_autofree char *at = sv_time_format(m->at);
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "id: %s\nat: %s\nfrom: %s <%s>\n", m->id, at,
        m->from->name ? m->from->name : "", m->from->address ? m->from->address : "");
    add_people(s, "to", m->to);
    add_people(s, "cc", m->cc);
    if (m->subject)
        g_string_append_printf(s, "subject: %s\n", m->subject);
    if (m->in_reply_to)
        g_string_append_printf(s, "in-reply-to: %s\n", m->in_reply_to);
    for (guint i = 0; i < m->references->len; i++)
        g_string_append_printf(s, "reference: %s\n", (char *)g_ptr_array_index(m->references, i));
    for (guint i = 0; i < m->attachments->len; i++)
        g_string_append_printf(s, "attachment: %s\n", (char *)g_ptr_array_index(m->attachments, i));
    for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
        if (m->flags & flags[i].flag)
            g_string_append_printf(s, "flag: %s\n", flags[i].name);
    g_string_append_printf(s, "\n%s\n", m->body.bytes);
    return g_string_free(s, FALSE);
}

void sv_fixture_compare(const char *name, const char *text)
{
    g_autofree char *path = sv_fixture_path(name);
    if (g_getenv("SVODKA_WRITE_FIXTURES")) {
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
        return;
    }
    g_autoptr(GBytes) bytes = sv_fixture_load(name);
    g_autofree char *expected = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (strcmp(expected, text) == 0)
        return;
    g_test_message("%s: expected\n%s\nmade\n%s", name, expected, text);
    g_test_fail();
}
