/* Tables of notes and of changes of deals: CSV with comma, semicolon or tab, and JSON lines (or one array).
 *
 * The first row names the columns; data/source/columns.tsv knows the usual headers, and a saved mapping (key
 * file with groups [notes] and [deals], keys id, created_at, author, text … = header) the others. A table
 * with a stage is one of deals, one with text one of notes. Dates with slashes are judged over the whole
 * column before any row is read.
 *
 * Keeps true: a bad row is reported with its line, the rest is read; without an id a row's is a hash of its
 * values. Does not: read other tables, or amounts in words. */
#include "csv.h"
#include "intake.h"
#include "sv_limits.h"
#include "table_value.h"
#include "utf8.h"
#include <math.h>
#include <string.h>

typedef enum {
    COL_ID,
    COL_AT,
    COL_AUTHOR,
    COL_TEXT,
    COL_DEAL,
    COL_TITLE,
    COL_STAGE,
    COL_AMOUNT,
    COL_CURRENCY,
    COL_REASON,
    COL_N
} Column;

typedef enum { TABLE_NONE, TABLE_NOTES, TABLE_DEALS } Kind;

static const char *const column_names[COL_N] = {
    "id", "at", "author", "text", "deal_id", "title", "stage", "amount", "currency", "reason"};

typedef struct {
    Kind kind;
    int at[COL_N]; /* which cell; -1: absent */
} Layout;

typedef struct {
    char *cell[COL_N]; /* owned; NULL when absent */
    guint line;
} Row;

typedef struct {
    const SvInput *input;
    SvHistory *history;
    SvReport *report;
    GTimeZone *zone; /* owned */
    Layout layout;
    SvDateOrder order;
    GHashTable *seen;
    guint n_rows, n_good;
} Table;

static void row_clear(gpointer data)
{
    Row *row = data;
    for (guint i = 0; i < COL_N; i++)
        g_free(row->cell[i]);
}

/* ---- headers ---- */

static char *header_key(const char *header)
{
    char *key = sv_utf8_fold(header, -1);
    g_strdelimit(key, "_\t\"", ' ');
    g_strstrip(key);
    gsize n = strlen(key);
    if (n > 1 && key[n - 1] == '.')
        key[n - 1] = 0;
    return key;
}

static int column_find(const char *name)
{
    if (strcmp(name, "created_at") == 0 || strcmp(name, "changed_at") == 0)
        return COL_AT;
    for (int i = 0; i < COL_N; i++)
        if (strcmp(name, column_names[i]) == 0)
            return i;
    return -1;
}

static const char *kind_name(Kind kind)
{
    return kind == TABLE_NOTES ? "notes" : "deals";
}

/* "notes <TAB> key" → column + 1. */
static gpointer load_headers(gpointer unused)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *rows = sv_intake_rows("/svodka/source/columns.tsv");
    for (guint i = 0; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        int column = g_strv_length(row) < 3 ? -1 : column_find(row[1]);
        if (column < 0)
            continue;
        g_autofree char *key = header_key(row[2]);
        g_hash_table_insert(known, g_strdup_printf("%s\t%s", row[0], key), GINT_TO_POINTER(column + 1));
    }
    return known;
}

static int header_column(Kind kind, const char *header)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, load_headers, NULL);
    g_autofree char *key = header_key(header);
    g_autofree char *full = g_strdup_printf("%s\t%s", kind_name(kind), key);
    return GPOINTER_TO_INT(g_hash_table_lookup(once.retval, full)) - 1;
}

static GKeyFile *load_mapping(const char *text)
{
    if (!text || !*text)
        return NULL;
    GKeyFile *file = g_key_file_new();
    if (g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, NULL))
        return file;
    g_key_file_free(file);
    return NULL;
}

/* Places the mapping names come first, then the known headers where a column is still free. */
static void map_headers(Layout *l, Kind kind, const GPtrArray *headers, GKeyFile *mapping)
{
    l->kind = kind;
    for (guint i = 0; i < COL_N; i++)
        l->at[i] = -1;
    g_auto(GStrv) keys = mapping ? g_key_file_get_keys(mapping, kind_name(kind), NULL, NULL) : NULL;
    for (char **key = keys; key && *key; key++) {
        int column = column_find(*key);
        g_autofree char *value = g_key_file_get_string(mapping, kind_name(kind), *key, NULL);
        g_autofree char *wanted = header_key(value ? value : "");
        for (guint i = 0; column >= 0 && i < headers->len; i++) {
            g_autofree char *have = header_key(g_ptr_array_index(headers, i));
            if (*have && strcmp(have, wanted) == 0)
                l->at[column] = (int)i;
        }
    }
    for (guint i = 0; i < headers->len; i++) {
        int column = header_column(kind, g_ptr_array_index(headers, i));
        if (column >= 0 && l->at[column] < 0)
            l->at[column] = (int)i;
    }
}

static guint count(const Layout *l)
{
    guint n = 0;
    for (guint i = 0; i < COL_N; i++)
        n += l->at[i] >= 0;
    return n;
}

/* The kind of table these headers make; the number of known columns, 0 when it is none. */
static guint find_layout(Layout *out, const GPtrArray *headers, GKeyFile *mapping)
{
    Layout deals, notes;
    map_headers(&deals, TABLE_DEALS, headers, mapping);
    map_headers(&notes, TABLE_NOTES, headers, mapping);
    gboolean is_deals = deals.at[COL_AT] >= 0 && deals.at[COL_STAGE] >= 0;
    gboolean is_notes = notes.at[COL_AT] >= 0 && notes.at[COL_TEXT] >= 0;
    if (is_deals) {
        *out = deals;
        return count(&deals);
    }
    if (is_notes)
        *out = notes;
    return is_notes ? count(&notes) : 0;
}

/* ---- rows ---- */

static const char *cell(const Row *row, Column column)
{
    return row->cell[column] ? row->cell[column] : "";
}

/* From its column, or from what stands after (or before) the amount. */
static char *find_currency(const Row *row, const char *tail, gboolean before)
{
    g_autofree char *key = header_key(*cell(row, COL_CURRENCY) ? cell(row, COL_CURRENCY) : tail ? tail : "");
    const GPtrArray *rows = sv_intake_rows("/svodka/source/columns.tsv");
    for (guint i = 0; *key && i < rows->len; i++) {
        char **known = g_ptr_array_index(rows, i);
        if (g_strv_length(known) >= 3 && strcmp(known[0], "currency") == 0 &&
            (strcmp(known[2], key) == 0 || (before && g_str_has_prefix(key, known[2]))))
            return g_strdup(known[1]);
    }
    return g_strdup(cell(row, COL_CURRENCY));
}

static void make_deal(Table *t, const Row *row, SvMessage *m)
{
    SvDealChange *d = m->deal = g_new0(SvDealChange, 1);
    const char *tail = NULL;
    d->deal_id = g_strdup(cell(row, COL_DEAL));
    d->title = g_strdup(cell(row, COL_TITLE));
    d->stage = g_strdup(cell(row, COL_STAGE));
    d->reason = g_strdup(cell(row, COL_REASON));
    d->amount_text = g_strdup(cell(row, COL_AMOUNT));
    d->amount = *d->amount_text ? sv_table_amount(d->amount_text, &tail) : NAN;
    d->currency = find_currency(row, tail, tail == d->amount_text);
    if (*d->amount_text && isnan(d->amount))
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, row->line, "the amount is no number",
            "Write it like 24 750 000,00");
    m->subject = *d->title ? g_strdup(d->title) : NULL;
    m->conversation = *d->deal_id ? g_strdup_printf("deal:%s", d->deal_id) : NULL;
}

static gboolean add_row(Table *t, const Row *row)
{
    gboolean deals = t->layout.kind == TABLE_DEALS;
    t->n_rows++;
    const char *words = cell(row, deals ? COL_REASON : COL_TEXT);
    g_autoptr(SvMessage) m = sv_message_new(deals ? SV_CHANNEL_DEAL : SV_CHANNEL_NOTE);
    if (!sv_table_time(cell(row, COL_AT), &t->order, t->zone, &m->at)) {
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, row->line,
            "the row has no date that can be read", "Write it like 2025-11-03 10:15 or 03.11.2025 10:15");
        return TRUE;
    }
    if (deals ? !*cell(row, COL_STAGE) : !*words) {
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, row->line,
            deals ? "the row has no stage" : "the row has no text", NULL);
        return TRUE;
    }
    sv_intake_place(m, t->input, row->line);
    sv_address_free(m->from);
    m->from = sv_intake_address(row->cell[COL_AUTHOR]);
    if (deals)
        make_deal(t, row, m);
    if (*cell(row, COL_ID)) {
        m->id = g_strdup(cell(row, COL_ID));
    } else {
        const char *parts[COL_N + 1] = {NULL};
        for (guint i = 0; i < COL_N; i++)
            parts[i] = cell(row, i);
        m->id = sv_intake_id(t->seen, deals ? "deal" : "note", parts);
    }
    sv_intake_body(m, words, strlen(words), t->input, t->report);
    t->n_good++;
    return sv_intake_add(t->history, g_steal_pointer(&m), t->input, t->report);
}

/* Judges the dates of the whole column, then makes the messages. */
static void add_rows(Table *t, GArray *rows)
{
    for (guint i = 0; i < rows->len; i++)
        sv_date_order_count(&t->order, cell(&g_array_index(rows, Row, i), COL_AT));
    for (guint i = 0; i < rows->len; i++)
        if (!add_row(t, &g_array_index(rows, Row, i)))
            return;
}

static void take_row(const Layout *layout, const GPtrArray *cells, guint line, GArray *rows)
{
    Row row = {.line = line};
    for (guint i = 0; i < COL_N; i++)
        if (layout->at[i] >= 0 && (guint)layout->at[i] < cells->len)
            row.cell[i] = g_strstrip(g_strdup(g_ptr_array_index(cells, (guint)layout->at[i])));
    g_array_append_val(rows, row);
}

static void note_row(Table *t, const SvCsvRow *row, guint width)
{
    if (row->unclosed)
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, row->line,
            "a quote is not closed and was taken as a character", "Double the quotes inside a quoted cell");
    if (row->too_wide)
        sv_intake_problem(
            t->report, SV_ERROR_LIMIT, t->input, row->line, "the row has more than 256 cells", NULL);
    else if (row->cells->len > width)
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, row->line,
            "the row has more cells than the header; the surplus was left out",
            "Quote cells that hold the separator");
}

static void read_csv(Table *t, const char *text, gsize len, char separator, GArray *rows)
{
    SvCsv csv;
    g_autoptr(SvCsvRow) row = sv_csv_row_new();
    sv_csv_init(&csv, text, len, separator);
    sv_csv_next(&csv, row);
    guint width = row->cells->len;
    while (sv_csv_next(&csv, row) && rows->len < SV_MAX_MESSAGES) {
        note_row(t, row, width);
        take_row(&t->layout, row->cells, row->line, rows);
    }
}

/* The separator under which the first row makes the most known columns; 0 when under none. */
static char find_separator(const char *text, gsize len, GKeyFile *mapping, Layout *layout)
{
    guint best = 0;
    char separator = 0;
    g_autoptr(SvCsvRow) row = sv_csv_row_new();
    for (const char *s = ",;\t"; *s; s++) {
        SvCsv csv;
        Layout l;
        sv_csv_init(&csv, text, MIN(len, 65536u), *s);
        guint n = sv_csv_next(&csv, row) ? find_layout(&l, row->cells, mapping) : 0;
        if (n > best) {
            best = n;
            separator = *s;
            *layout = l;
        }
    }
    return separator;
}

/* ---- JSON ---- */

static char *json_cell(const cJSON *v)
{
    if (cJSON_IsString(v))
        return g_strstrip(sv_utf8_clean(v->valuestring, strlen(v->valuestring)));
    if (!cJSON_IsNumber(v))
        return NULL;
    if (v->valuedouble == floor(v->valuedouble) && fabs(v->valuedouble) < 1e15)
        return g_strdup_printf("%.0f", v->valuedouble);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_dtostr(number, sizeof number, v->valuedouble));
}

static gboolean json_layout(const cJSON *object, GKeyFile *mapping, Layout *layout)
{
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        if (member->string && headers->len < SV_MAX_FIELDS)
            g_ptr_array_add(headers, member->string);
    }
    return find_layout(layout, headers, mapping) > 0;
}

/* Each object is mapped by its own keys: their order may change from line to line. */
static gboolean take_object(Table *t, const cJSON *object, GKeyFile *mapping, guint line, GArray *rows)
{
    Layout l;
    if (!cJSON_IsObject(object) || !json_layout(object, mapping, &l))
        return FALSE;
    if (t->layout.kind == TABLE_NONE)
        t->layout = l;
    if (l.kind != t->layout.kind)
        return FALSE;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        char *value = json_cell(member);
        g_ptr_array_add(cells, value ? value : g_strdup(""));
    }
    take_row(&l, cells, line, rows);
    return TRUE;
}

static cJSON *parse_line(const Table *t, const char *line, gsize len)
{
    SvInput one = *t->input;
    one.bytes = line;
    one.len = len;
    return sv_intake_json(&one, NULL);
}

static void read_lines(Table *t, const char *text, gsize len, GKeyFile *mapping, GArray *rows)
{
    guint line = 0;
    for (const char *p = text, *end = text + len; p < end && rows->len < SV_MAX_MESSAGES;) {
        const char *nl = memchr(p, '\n', (gsize)(end - p));
        gsize n = nl ? (gsize)(nl - p) : (gsize)(end - p);
        const char *from = p;
        p += n + 1;
        line++;
        while (n && g_ascii_isspace(*from)) {
            from++;
            n--;
        }
        if (!n)
            continue;
        g_autoptr(cJSON) object = n <= SV_MAX_LINE ? parse_line(t, from, n) : NULL;
        if (take_object(t, object, mapping, line, rows))
            continue;
        t->n_rows++;
        sv_intake_problem(t->report, SV_ERROR_PARTIAL, t->input, line,
            n > SV_MAX_LINE ? "the line is longer than 1 MiB"
            : object        ? "the line has no date, or neither text nor stage"
                            : "the line is no valid JSON",
            "Each line is one object with the keys of the table");
    }
}

static gboolean read_array(Table *t, GKeyFile *mapping, GArray *rows, GError **error)
{
    g_autoptr(cJSON) doc = sv_intake_json(t->input, error);
    if (!doc)
        return FALSE;
    const cJSON *one;
    guint n = 0;
    cJSON_ArrayForEach(one, doc)
    {
        n++;
        if (take_object(t, one, mapping, 0, rows))
            continue;
        g_autofree char *place = g_strdup_printf("element %u", n);
        sv_report_add(t->report, SV_ERROR_PARTIAL, t->input->name, place,
            "the element has no date, or neither text nor stage", NULL);
    }
    return TRUE;
}

/* ---- the source ---- */

static void set_zone(Table *t, GKeyFile *mapping)
{
    g_autofree char *name = mapping && t->layout.kind != TABLE_NONE
                                ? g_key_file_get_string(mapping, kind_name(t->layout.kind), "timezone", NULL)
                                : NULL;
    t->zone = name ? sv_zone_parse(name) : NULL;
    if (name && !t->zone)
        sv_intake_problem(t->report, SV_ERROR_USAGE, t->input, 0, "the time zone of the mapping is unknown",
            "Write it like Asia/Almaty or +05:00");
    if (!t->zone && t->history->zone)
        t->zone = g_time_zone_ref(t->history->zone);
}

static gboolean read_rows(Table *t, GKeyFile *mapping, GArray *rows, GError **error)
{
    gsize len;
    g_autofree char *text = sv_intake_text(t->input, &len);
    const char *start = text;
    while (g_ascii_isspace(*start))
        start++;
    if (*start == '[')
        return read_array(t, mapping, rows, error);
    if (*start == '{') {
        read_lines(t, text, len, mapping, rows);
        return TRUE;
    }
    char separator = find_separator(text, len, mapping, &t->layout);
    if (!separator)
        return sv_intake_fail(error, SV_ERROR_INPUT, t->input, "line 1",
            "the header names no table of notes or deals",
            "Notes need created_at and text, deals changed_at and stage; or give a mapping of the headers");
    read_csv(t, text, len, separator, rows);
    return TRUE;
}

static gboolean table_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    g_autoptr(GKeyFile) mapping = load_mapping(input->mapping);
    g_autoptr(GHashTable) seen = sv_intake_seen_new();
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(rows, row_clear);
    Table t = {.input = input, .history = history, .report = report, .seen = seen};
    if (input->mapping && *input->mapping && !mapping)
        sv_report_add(report, SV_ERROR_USAGE, "mapping", NULL, "the mapping is no key file and was left out",
            "Groups [notes] and [deals] with lines such as text = Header");
    if (!read_rows(&t, mapping, rows, error))
        return FALSE;
    set_zone(&t, mapping);
    add_rows(&t, rows);
    g_clear_pointer(&t.zone, g_time_zone_unref);
    if (!t.n_good && t.n_rows)
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "no row of the table could be read",
            "Check the date and the text of each row");
    return TRUE;
}

static int probe_json(const SvInput *input, const char *text, gsize len, GKeyFile *mapping)
{
    const char *open = memchr(text, '{', len);
    if (!open)
        return 0;
    /* The first object: up to its closing brace, strings passed over. */
    guint depth = 0;
    const char *p = open, *end = text + len;
    for (; p < end; p++) {
        if (*p == '"')
            for (p++; p < end && *p != '"'; p++)
                p += *p == '\\';
        else if (*p == '{' || *p == '[')
            depth++;
        else if ((*p == '}' || *p == ']') && --depth == 0)
            break;
    }
    if (p >= end)
        return 0;
    SvInput one = *input;
    one.bytes = open;
    one.len = (gsize)(p + 1 - open);
    g_autoptr(cJSON) object = sv_intake_json(&one, NULL);
    Layout l;
    return cJSON_IsObject(object) && json_layout(object, mapping, &l) ? 75 : 0;
}

static int table_probe(const SvInput *input)
{
    gsize len;
    g_autofree char *text = sv_intake_prefix(input, 65536, &len);
    g_autoptr(GKeyFile) mapping = load_mapping(input->mapping);
    const char *start = text;
    while (g_ascii_isspace(*start))
        start++;
    if (*start == '{' || *start == '[')
        return probe_json(input, start, len - (gsize)(start - text), mapping);
    Layout l = {0};
    return find_separator(text, len, mapping, &l) ? 85 : 0;
}

const SvSource sv_source_table = {"table", 85, table_probe, table_read};
