/* Learns the model of acts from eval/ and writes it: train_acts --out FILE [--leave-out NAME]... --source DIR
 *
 * How: acts_data.c reads the examples, acts_fit.c learns. The history of the demo and of the tests of
 * quality, `servers`, is never learned from; --leave-out leaves out others, to measure on them. --report
 * measures instead of writing: each fifth block of ten lines of the corpus, then `servers` and `packaging`,
 * each by a model that has not seen it.
 *
 * Keeps true: the same sources give the same file, byte for byte.
 *
 * Does not: run with Svodka; it is a tool of the build. */
#include "acts_fit.h"
#include "acts_report.h"
#include <stdio.h>

#define NEVER "servers"

static gboolean is_left_out(const SvActData *data, const SvActExample *e, const char *const *names)
{
    const char *history = e->history >= 0 ? g_ptr_array_index(data->names, e->history) : NULL;
    return history && (g_str_equal(history, NEVER) || (names && g_strv_contains(names, history)));
}

static gboolean check_names(const SvActData *data, const char *const *names)
{
    for (guint i = 0; names && names[i]; i++)
        if (!g_ptr_array_find_with_equal_func(data->names, names[i], g_str_equal, NULL)) {
            g_printerr("train_acts: there is no history %s\n", names[i]);
            return FALSE;
        }
    return TRUE;
}

static GBytes *fit_without(const SvActData *data, const char *const *names, const SvActsPlan *plan)
{
    g_autoptr(GArray) use = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < data->examples->len; i++)
        if (!is_left_out(data, g_ptr_array_index(data->examples, i), names))
            g_array_append_val(use, i);
    return sv_acts_fit(data, use, plan);
}

static gboolean report_on(const SvActData *data, const GArray *use, const GArray *const *tests,
    const char *const *titles, const SvActsPlan *plan, gboolean table, GError **error)
{
    g_autoptr(GBytes) bytes = sv_acts_fit(data, use, plan);
    g_autoptr(SvActsModel) model = sv_acts_open_bytes(bytes, "the model", error);
    if (!model)
        return FALSE;
    for (guint i = 0; tests[i]; i++)
        sv_acts_report(titles[i], model, data, tests[i], table);
    return TRUE;
}

static gboolean report_corpus(const SvActData *data, gboolean table, GError **error)
{
    SvActsPlan plan = sv_acts_plan;
    g_autoptr(GArray) use = g_array_new(FALSE, FALSE, sizeof(guint)),
                      ru = g_array_new(FALSE, FALSE, sizeof(guint)),
                      en = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < data->examples->len; i++) {
        const SvActExample *e = g_ptr_array_index(data->examples, i);
        if (e->history < 0 && e->block % 5 == 4)
            g_array_append_val(e->russian ? ru : en, i);
        else if (!is_left_out(data, e, NULL))
            g_array_append_val(use, i);
    }
    const GArray *const tests[] = {ru, en, NULL};
    const char *const titles[] = {"corpus Russian", "corpus English"};
    plan.on_corpus = TRUE;
    return report_on(data, use, tests, titles, &plan, table, error);
}

static gboolean report_history(const SvActData *data, const char *name, gboolean table, GError **error)
{
    g_autoptr(GArray) use = g_array_new(FALSE, FALSE, sizeof(guint)),
                      test = g_array_new(FALSE, FALSE, sizeof(guint));
    const char *const names[] = {name, NULL};
    for (guint i = 0; i < data->examples->len; i++) {
        const SvActExample *e = g_ptr_array_index(data->examples, i);
        if (e->history >= 0 && g_str_equal(g_ptr_array_index(data->names, e->history), name))
            g_array_append_val(test, i);
        else if (!is_left_out(data, e, names))
            g_array_append_val(use, i);
    }
    const GArray *const tests[] = {test, NULL};
    return report_on(data, use, tests, names, &sv_acts_plan, table, error);
}

static gboolean report_all(const SvActData *data, gboolean table, GError **error)
{
    return report_corpus(data, table, error) && report_history(data, "servers", table, error) &&
           report_history(data, "packaging", table, error);
}

static gboolean write_model(const SvActData *data, const char *const *names, const char *out, GError **error)
{
    if (!check_names(data, names))
        return FALSE;
    g_autoptr(GBytes) bytes = fit_without(data, names, &sv_acts_plan);
    gsize size;
    const char *content = g_bytes_get_data(bytes, &size);
    return g_file_set_contents_full(out, content, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

int main(int argc, char **argv)
{
    g_autofree char *out = NULL, *source = NULL;
    g_auto(GStrv) leave_out = NULL;
    gboolean report = FALSE, table = FALSE;
    const GOptionEntry entries[] = {{"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "the model to write", "FILE"},
        {"source", 0, 0, G_OPTION_ARG_FILENAME, &source, "the folder that holds eval/", "DIR"},
        {"leave-out", 0, 0, G_OPTION_ARG_STRING_ARRAY, &leave_out, "a history not to learn from", "NAME"},
        {"report", 0, 0, G_OPTION_ARG_NONE, &report, "measure instead of writing", NULL},
        {"table", 0, 0, G_OPTION_ARG_NONE, &table, "with --report: a line per act", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !source || (!out && !report)) {
        g_printerr(
            "train_acts: %s\n", error ? error->message : "--source and --out (or --report) are needed");
        return 2;
    }
    g_autoptr(SvActData) data = sv_act_data_load(source, &error);
    gboolean fine = data != NULL;
    if (fine && report)
        fine = report_all(data, table, &error);
    else if (fine)
        fine = write_model(data, (const char *const *)leave_out, out, &error);
    if (!fine)
        g_printerr("train_acts: %s\n", error ? error->message : "failed");
    return fine ? 0 : 1;
}
