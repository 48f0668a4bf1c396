/* Tasks as a table: see deliver.h.
 *
 * A cell that a spreadsheet would read as a formula gets an apostrophe in front, as they show text
 * themselves. */
#include "deliver.h"
#include "error.h"
#include "paper.h"
#include "words.h"

static void add_cell(GString *out, const char *text, gboolean last)
{
    g_autofree char *line = sv_paper_line(text ? text : "");
    g_string_append_c(out, '"');
    if (*line && strchr("=+-@", *line))
        g_string_append_c(out, '\'');
    for (const char *p = line; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append(out, last ? "\"\r\n" : "\",");
}

/* The word of a value ("state.done"), or the value itself. */
static const char *word_of(SvLang lang, const char *kind, const char *value)
{
    g_autofree char *key = g_strconcat(kind, value, NULL);
    const char *word = sv_word(lang, key);
    return word == key ? value : word;
}

static void add_task(GString *out, SvLang lang, const cJSON *task)
{
    const char *side = sv_json_string(task, "side"), *state = sv_json_string(task, "state");
    const char *mark = sv_json_string(sv_json_object(task, "mark"), "state");
    const cJSON *source = cJSON_GetArrayItem(sv_json_array(task, "sources"), 0);
    g_autofree char *origin = source ? sv_paper_origin(lang, source, SV_DAY_NONE) : NULL;
    add_cell(out, sv_json_string(task, "text"), FALSE);
    add_cell(out, word_of(lang, "side.", side ? side : "unknown"), FALSE);
    add_cell(out, sv_json_string(task, "assignee"), FALSE);
    add_cell(out, sv_json_string(task, "due"), FALSE);
    add_cell(out, state ? word_of(lang, "state.", state) : NULL, FALSE);
    add_cell(out, mark ? word_of(lang, "marked.", mark) : NULL, FALSE);
    add_cell(out, origin, FALSE);
    add_cell(out, sv_json_string(source, "quote"), TRUE);
}

GBytes *sv_deliver_tasks_csv(const cJSON *document, GError **error)
{
    static const char *const columns[] = {"csv.text", "csv.side", "csv.assignee", "csv.due", "csv.state",
        "csv.mark", "csv.source", "csv.quote"};
    const cJSON *tasks = sv_json_array(document, "tasks"), *task;
    if (!tasks) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the document has no tasks");
        return NULL;
    }
    SvLang lang = g_strcmp0(sv_json_string(document, "language"), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    GString *out = g_string_new("\xEF\xBB\xBF");
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
        add_cell(out, sv_word(lang, columns[i]), i + 1 == G_N_ELEMENTS(columns));
    cJSON_ArrayForEach(task, tasks) add_task(out, lang, task);
    return g_string_free_to_bytes(out);
}
