/* A table of clients: id, name, owner, team, files. See import.h.
 *
 * Headers are found by data/store/columns.tsv. Paths are taken from the table's own folder and must stay in
 * it, so that a table from outside opens nothing of the machine. */
#include "csv.h"
#include "error.h"
#include "import_parts.h"
#include "intake.h"
#include "sv_limits.h"
#include "table.h"
#include "utf8.h"
#include "walk.h"
#include <string.h>

typedef enum { COL_ID, COL_NAME, COL_OWNER, COL_TEAM, COL_FILES, COL_N } Column;
static const char *const columns[COL_N] = {"id", "name", "owner", "team", "files"};

extern GResource *sv_store_data_get_resource(void);

typedef struct {
    const char *shown; /* the table's name */
    char *folder;      /* it lies in */
    int place[COL_N];  /* -1: no such column */
    SvReport *report;
    GPtrArray *clients;
} Table;

typedef struct {
    const char *header;
    int column;
} Search;

static void match_column(const SvTableRow *row, gpointer user)
{
    Search *s = user;
    for (int i = 0; i < COL_N && s->column < 0; i++)
        if (strcmp(row->field[0], columns[i]) == 0 && strcmp(row->field[1], s->header) == 0)
            s->column = i;
}

static void find_columns(Table *t, const SvCsvRow *header)
{
    for (guint i = 0; i < COL_N; i++)
        t->place[i] = -1;
    for (guint i = 0; i < header->cells->len; i++) {
        g_autofree char *folded = sv_utf8_fold(header->cells->pdata[i], -1);
        Search search = {g_strstrip(folded), -1};
        sv_table_visit(sv_store_data_get_resource(), "/svodka/store/columns.tsv", match_column, &search);
        if (search.column >= 0 && t->place[search.column] < 0)
            t->place[search.column] = (int)i;
    }
}

/* The cell without space around it; NULL when it is empty. Newly allocated. */
static char *take_cell(const Table *t, const SvCsvRow *row, Column column)
{
    int at = t->place[column];
    if (at < 0 || (guint)at >= row->cells->len)
        return NULL;
    char *text = g_strstrip(g_strdup(row->cells->pdata[at]));
    if (!*text)
        g_clear_pointer(&text, g_free);
    return text;
}

static void problem(Table *t, guint line, const char *reason, const char *remedy)
{
    g_autofree char *place = g_strdup_printf("line %u", line);
    sv_report_add(t->report, SV_ERROR_PARTIAL, t->shown, place, reason, remedy);
}

/* Does the path stay in the folder that it starts from? */
static gboolean is_inside(const char *path)
{
    g_auto(GStrv) parts = g_strsplit_set(path, "/\\", -1);
    for (char **part = parts; *part; part++)
        if (strcmp(*part, "..") == 0)
            return FALSE;
    return !g_path_is_absolute(path) && *path;
}

static void add_files(Table *t, SvCrmClient *client, const char *cell, guint line)
{
    g_auto(GStrv) parts = g_strsplit_set(cell, ";|\n", -1);
    for (char **part = parts; *part; part++) {
        g_strstrip(*part);
        if (!**part)
            continue;
        if (is_inside(*part))
            g_ptr_array_add(client->paths, g_build_filename(t->folder, *part, NULL));
        else
            problem(t, line, "the path leads out of the table's folder and was left out",
                "Put the files beside the table");
    }
}

static void add_row(Table *t, const SvCsvRow *row)
{
    SvCrmClient *c = g_new0(SvCrmClient, 1);
    g_autofree char *files = take_cell(t, row, COL_FILES);
    c->title = take_cell(t, row, COL_NAME);
    c->key = take_cell(t, row, COL_ID);
    if (!c->key)
        c->key = g_strdup(c->title);
    c->owner = take_cell(t, row, COL_OWNER);
    c->team = take_cell(t, row, COL_TEAM);
    c->name = g_strdup_printf("%s: line %u", t->shown, row->line);
    c->paths = g_ptr_array_new_with_free_func(g_free);
    if (files)
        add_files(t, c, files, row->line);
    if (c->key) {
        g_ptr_array_add(t->clients, c);
        return;
    }
    problem(t, row->line, "the row has neither id nor name", NULL);
    sv_crm_client_free(c);
}

/* The one of tab, semicolon and comma that the first line has most of. */
static char separator_of(const char *text)
{
    static const char marks[] = {',', ';', '\t'};
    guint best = 0, most = 0;
    for (guint i = 0; i < sizeof marks; i++) {
        guint n = 0;
        for (const char *p = text; *p && *p != '\n'; p++)
            n += *p == marks[i];
        if (n > most) {
            most = n;
            best = i;
        }
    }
    return marks[best];
}

static gboolean read_table(Table *t, const char *text, gsize len, GError **error)
{
    SvCsv csv;
    g_autoptr(SvCsvRow) row = sv_csv_row_new();
    sv_csv_init(&csv, text, len, separator_of(text));
    if (sv_csv_next(&csv, row))
        find_columns(t, row);
    if (!row->cells->len || (t->place[COL_ID] < 0 && t->place[COL_NAME] < 0)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
            "%s: this is no table of clients. Its first line must name the columns id, name, owner, team, "
            "files",
            t->shown);
        return FALSE;
    }
    while (sv_csv_next(&csv, row)) {
        if (row->unclosed)
            problem(t, row->line, "a quote is never closed", NULL);
        add_row(t, row);
    }
    return TRUE;
}

GPtrArray *sv_import_table(const char *path, SvReport *report, GError **error)
{
    g_autofree char *shown = g_utf8_make_valid(path, -1);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GBytes) bytes = sv_walk_load(path, TRUE, error);
    if (!bytes) {
        g_prefix_error(error, "%s: ", shown);
        return NULL;
    }
    SvInput input = {.name = shown, .folder = ""};
    input.bytes = g_bytes_get_data(bytes, &input.len);
    gsize len;
    g_autofree char *text = sv_intake_text(&input, &len);
    g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func((GDestroyNotify)sv_crm_client_free);
    Table t = {.shown = shown, .folder = folder, .report = report, .clients = clients};
    return read_table(&t, text, len, error) ? g_steal_pointer(&clients) : NULL;
}
