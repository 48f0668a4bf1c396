/* svodka summarize: files in, summary out.
 *
 * read → finish → redact → digest → one summary a format → render. Nothing is stored. Problems of parts go to
 * standard error and make the exit code 3; the summary of the rest is still printed. */
#include "cli.h"
#include "compose.h"
#include "history.h"
#include "redact.h"
#include "render.h"
#include "source.h"
#include <string.h>

typedef enum { OUT_TEXT, OUT_MARKDOWN, OUT_HTML, OUT_JSON } Out;

typedef struct {
    char *format, *formats, *as_of, *card, *mapping, *lang, *output, *data;
    gboolean json, markdown, html, text, verbose;
    char **paths;
} Options;

static void options_clear(Options *o)
{
    g_free(o->format);
    g_free(o->formats);
    g_free(o->as_of);
    g_free(o->card);
    g_free(o->mapping);
    g_free(o->lang);
    g_free(o->output);
    g_free(o->data);
    g_strfreev(o->paths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
            "brief, sections, timeline, tasks, handover … or all", "FORMAT"},
        {"formats", 0, 0, G_OPTION_ARG_FILENAME, &o->formats, "Folder with formats of your own", "DIR"},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &o->as_of, "The moment to look from (default: now)", "TIME"},
        {"text", 0, 0, G_OPTION_ARG_NONE, &o->text, "Plain text (default)", NULL},
        {"md", 0, 0, G_OPTION_ARG_NONE, &o->markdown, "Markdown", NULL},
        {"html", 0, 0, G_OPTION_ARG_NONE, &o->html, "One page with all formats as tabs", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "JSON, one format (default: brief)", NULL},
        {"card", 0, 0, G_OPTION_ARG_FILENAME, &o->card, "Client card, as the CRM exports it", "FILE"},
        {"mapping", 0, 0, G_OPTION_ARG_FILENAME, &o->mapping, "Names of table columns", "FILE"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o->lang, "ru or en (default: the client's)", "LANG"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "Write here; the ending tells the kind",
            "FILE"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o->data, "Where the data files are", "DIR"},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "Say what was passed over or repaired", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("PATH…",
        "Reads letters, chats, calls, notes and deals of one client and tells what\n"
        "matters. A PATH is a file, a folder or a zip; its kind is found by content.",
        "TIME is 2025-12-08, 2025-12-08T09:00 (in the client's zone) or with an\n"
        "offset, 2025-12-08T09:00+05:00. Later messages are left out.\n\n"
        "Examples:\n"
        "  svodka summarize exports/ --format brief\n"
        "  svodka summarize mail.mbox whatsapp.txt --card client.json -o client.html\n"
        "  svodka summarize exports/ --format tasks --as-of 2025-12-08 --json\n",
        entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static gboolean choose_out(const Options *o, Out *out, GError **error)
{
    int n = o->text + o->markdown + o->html + o->json;
    if (n > 1) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "choose one of --text, --md, --html and --json");
        return FALSE;
    }
    *out = o->markdown ? OUT_MARKDOWN : o->html ? OUT_HTML : o->json ? OUT_JSON : OUT_TEXT;
    if (n == 0 && o->output) {
        if (g_str_has_suffix(o->output, ".html") || g_str_has_suffix(o->output, ".htm"))
            *out = OUT_HTML;
        else if (g_str_has_suffix(o->output, ".json"))
            *out = OUT_JSON;
        else if (g_str_has_suffix(o->output, ".md"))
            *out = OUT_MARKDOWN;
    }
    return TRUE;
}

/* Names of the formats asked for; borrowed from `formats`. "all" is those that make up a page. */
static GPtrArray *choose_formats(const Options *o, const SvFormats *formats, Out out, GError **error)
{
    const char *asked = o->format ? o->format : out == OUT_JSON ? "brief" : "all";
    const char *const *names = sv_formats_names(formats);
    gboolean all = strcmp(asked, "all") == 0;
    if (all && out == OUT_JSON) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--json takes one --format, not “all”");
        return NULL;
    }
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    for (; *names; names++)
        if (all ? sv_formats_suits(formats, *names, "file") : strcmp(asked, *names) == 0)
            g_ptr_array_add(chosen, (gpointer)*names);
    if (chosen->len)
        return g_steal_pointer(&chosen);
    g_autofree char *known = g_strjoinv(", ", (char **)sv_formats_names(formats));
    g_set_error(
        error, SV_ERROR, SV_ERROR_USAGE, "there is no format “%s”; choose one of %s, all", asked, known);
    return NULL;
}

/* The moment asked for, read in the history's zone; it has been found well-formed before. */
static SvTime choose_moment(const Options *o, const SvHistory *history)
{
    SvTime t = sv_time_from_unix(g_get_real_time() / G_USEC_PER_SEC, history->zone);
    if (o->as_of)
        sv_time_parse(o->as_of, history->zone, &t);
    return t;
}

static char *render(GPtrArray *summaries, const SvHistory *history, Out out, gboolean to_file)
{
    switch (out) {
    case OUT_JSON:
        return sv_render_json(summaries->pdata[0], history);
    case OUT_HTML:
        return sv_render_html(summaries, history);
    case OUT_MARKDOWN:
        return sv_render_markdown_all(summaries, history);
    default:
        return sv_render_text_all(
            summaries, history, to_file ? 80 : sv_cli_width(), !to_file && sv_cli_colour());
    }
}

static gboolean summarize(const Options *o, SvReport *report, GError **error)
{
    Out out;
    int lang = -1;
    g_autoptr(SvFormats) formats = NULL;
    g_autoptr(GPtrArray) names = NULL;
    g_autofree char *mapping = NULL;
    SvTime as_of;
    if (o->as_of && !sv_time_parse(o->as_of, NULL, &as_of)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_USAGE, "--as-of “%s” is no time; write 2025-12-08T09:00", o->as_of);
        return FALSE;
    }
    if (!choose_out(o, &out, error) || !(formats = sv_formats_open(o->formats, error)) ||
        !(names = choose_formats(o, formats, out, error)) || !sv_cli_lang(o->lang, &lang, error) ||
        !sv_cli_read_mapping(o->mapping, &mapping, error))
        return FALSE;
    g_autofree char *data = sv_cli_data_dir(o->data, error);
    g_autoptr(SvEngine) engine = data ? sv_engine_open(data, error) : NULL;
    if (!engine)
        return FALSE;

    g_autoptr(SvProgress) progress = sv_progress_new();
    g_autoptr(SvHistory) history = sv_history_new();
    sv_progress_stage(progress, "Reading files");
    if (!sv_source_read_paths((const char *const *)o->paths, o->card, mapping, history, report, error))
        return FALSE;
    sv_progress_stage(progress, "Cleaning messages");
    sv_history_finish(history, report);
    as_of = choose_moment(o, history);
    sv_progress_stage(progress, "Masking personal data");
    sv_redact_history(history);
    sv_progress_stage(progress, "Reading messages");
    g_autoptr(SvDigest) digest = sv_digest_new(engine, history, as_of);
    sv_progress_stage(progress, "Writing");
    if (lang < 0)
        lang = g_strcmp0(history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func((GDestroyNotify)sv_summary_free);
    for (guint i = 0; i < names->len; i++) {
        SvSummary *summary = sv_summary_make(digest, formats, names->pdata[i], (SvLang)lang, NULL);
        summary->coverage.unread = report->n_problems;
        g_ptr_array_add(summaries, summary);
    }
    g_autofree char *text = render(summaries, history, out, o->output && strcmp(o->output, "-") != 0);
    g_clear_pointer(&progress, sv_progress_free);
    return sv_cli_write(o->output, text, error);
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("summarize", error);
    if (!options.paths)
        return sv_cli_usage("summarize", "name at least one PATH: a file, a folder or a zip");
    g_autoptr(SvReport) report = sv_report_new();
    gboolean made = summarize(&options, report, &error);
    sv_cli_print_report(report, error, options.verbose);
    if (!made)
        return sv_cli_fail("summarize", error);
    return report->n_problems ? sv_error_info(SV_ERROR_PARTIAL)->exit_code : 0;
}

const SvCommand sv_command_summarize = {"summarize", "what matters about a client, from files", run};
