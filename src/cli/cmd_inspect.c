/* svodka inspect: what one stage makes of its input, a JSON line per input line.
 *
 * `messages` and `ledger` take PATHs as summarize does; the other stages read lines of standard input or of
 * files. Lines longer than a limit are reported and passed over. */
#include "cli.h"
#include "history.h"
#include "inspect.h"
#include "redact.h"
#include "source.h"
#include "sv_limits.h"
#include "utf8.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *at, *lang, *channel, *side, *card, *mapping, *data;
    char **arguments; /* the stage, then files */
} Options;

static void options_clear(Options *o)
{
    g_free(o->at);
    g_free(o->lang);
    g_free(o->channel);
    g_free(o->side);
    g_free(o->card);
    g_free(o->mapping);
    g_free(o->data);
    g_strfreev(o->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void inspect_clear(SvInspect *inspect)
{
    sv_roster_free(inspect->roster);
    sv_morph_close(inspect->morph);
    sv_engine_close(inspect->engine);
    sv_history_free(inspect->card);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvInspect, inspect_clear)

static const SvInspectStage *const groups[] = {sv_inspect_text_stages, sv_inspect_message_stages};

static char *describe_stages(void)
{
    GString *text = g_string_new("Stages:\n");
    g_string_append_printf(text, "  %-11s%s\n", "messages", "messages of PATHs: parsed, cleaned, masked");
    g_string_append_printf(
        text, "  %-11s%s\n", "ledger", "what was promised and asked in PATHs, and its state");
    for (guint g = 0; g < G_N_ELEMENTS(groups); g++)
        for (const SvInspectStage *s = groups[g]; s->name; s++)
            g_string_append_printf(text, "  %-11s%s\n", s->name, s->help);
    g_string_append(text, "\nExamples:\n"
        "  echo 'до пятницы пришлю счёт' | svodka inspect dates --at 2025-12-08T09:00\n"
        "  svodka inspect people lines.txt --card client.json\n"
        "  svodka inspect messages mail.mbox chats/ --card client.json\n");
    return g_string_free(text, FALSE);
}

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"at", 0, 0, G_OPTION_ARG_STRING, &o->at, "When the lines were written (default: now)", "TIME"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o->lang, "ru or en (default: by letters)", "LANG"},
        {"channel", 0, 0, G_OPTION_ARG_STRING, &o->channel, "email, whatsapp, telegram, call or note",
            "CHANNEL"},
        {"side", 0, 0, G_OPTION_ARG_STRING, &o->side, "Who wrote them: us, client or third", "SIDE"},
        {"card", 0, 0, G_OPTION_ARG_FILENAME, &o->card, "Client card, for its people", "FILE"},
        {"mapping", 0, 0, G_OPTION_ARG_FILENAME, &o->mapping, "Names of table columns", "FILE"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o->data, "Where the data files are", "DIR"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->arguments, NULL, NULL},
        {NULL},
    };
    g_autofree char *stages = describe_stages();
    g_autoptr(GOptionContext) context = sv_cli_options("STAGE [FILE…]",
        "Shows what one stage makes of its input: a JSON line for each line of standard\n"
        "input or of the FILEs.", stages, entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static const SvInspectStage *find_stage(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_ptr_array_add(names, (gpointer) "messages");
    g_ptr_array_add(names, (gpointer) "ledger");
    for (guint g = 0; g < G_N_ELEMENTS(groups); g++)
        for (const SvInspectStage *s = groups[g]; s->name; s++) {
            if (strcmp(s->name, name) == 0)
                return s;
            g_ptr_array_add(names, (gpointer)s->name);
        }
    g_ptr_array_add(names, NULL);
    g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "there is no stage “%s”; choose one of %s", name, known);
    return NULL;
}

static gboolean choose_words(const Options *o, SvInspect *inspect, GError **error)
{
    inspect->lang = -1;
    inspect->channel = SV_CHANNEL_EMAIL;
    inspect->side = SV_SIDE_US;
    if (!sv_cli_lang(o->lang, &inspect->lang, error))
        return FALSE;
    if (o->channel && sv_channel_find(o->channel) < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "there is no channel “%s”", o->channel);
        return FALSE;
    }
    if (o->channel)
        inspect->channel = (SvChannel)sv_channel_find(o->channel);
    if (o->side && sv_side_find(o->side) == SV_SIDE_UNKNOWN) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--side is us, client or third, not “%s”", o->side);
        return FALSE;
    }
    if (o->side)
        inspect->side = sv_side_find(o->side);
    return TRUE;
}

static gboolean choose_moment(const Options *o, SvInspect *inspect, GError **error)
{
    inspect->at = sv_time_from_unix(g_get_real_time() / G_USEC_PER_SEC, inspect->card->zone);
    if (!o->at || sv_time_parse(o->at, inspect->card->zone, &inspect->at))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--at “%s” is no time; write 2025-12-08T09:00", o->at);
    return FALSE;
}

static gboolean open_engine(const Options *o, SvInspect *inspect, GError **error)
{
    g_autofree char *data = sv_cli_data_dir(o->data, error);
    inspect->engine = data ? sv_engine_open(data, error) : NULL;
    return inspect->engine != NULL;
}

static gboolean open_roster(const Options *o, SvInspect *inspect, GError **error)
{
    g_autofree char *data = sv_cli_data_dir(o->data, error);
    g_autofree char *path = data ? g_build_filename(data, "morph.bin", NULL) : NULL;
    inspect->morph = path ? sv_morph_open(path, error) : NULL;
    if (!inspect->morph)
        return FALSE;
    inspect->roster = sv_roster_new(inspect->morph);
    for (guint i = 0; i < inspect->card->people->len; i++) {
        const SvPerson *person = inspect->card->people->pdata[i];
        if (person->name)
            sv_roster_add(inspect->roster, (int)i, person->name, person->role);
    }
    return TRUE;
}

static void print_object(cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);
    puts(text);
    cJSON_free(text);
}

static void inspect_line(const SvInspect *inspect, const SvInspectStage *stage, const char *line, gsize len)
{
    g_autofree char *clean = sv_utf8_clean(line, len);
    g_autoptr(cJSON) out = cJSON_CreateObject();
    stage->run(inspect, clean, strlen(clean), out);
    print_object(out);
}

static gboolean inspect_stream(
    const SvInspect *inspect, const SvInspectStage *stage, FILE *in, const char *name, SvReport *report)
{
    char *line = NULL;
    size_t capacity = 0;
    guint number = 0;
    for (ssize_t n; (n = getline(&line, &capacity, in)) >= 0;) {
        number++;
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            n--;
        if ((gsize)n <= SV_MAX_LINE) {
            inspect_line(inspect, stage, line, (gsize)n);
            continue;
        }
        g_autofree char *place = g_strdup_printf("line %u", number);
        sv_report_add(report, SV_ERROR_LIMIT, name, place, "the line is too long", "Break it up.");
        puts("null");
    }
    free(line);
    return !ferror(in);
}

static void inspect_lines(
    const SvInspect *inspect, const SvInspectStage *stage, char **files, SvReport *report)
{
    if (!*files && !inspect_stream(inspect, stage, stdin, "standard input", report))
        sv_report_add(report, SV_ERROR_IO, "standard input", NULL, "it could not be read", NULL);
    for (char **file = files; *file; file++) {
        FILE *in = strcmp(*file, "-") == 0 ? stdin : fopen(*file, "r");
        if (!in) {
            sv_report_add(report, errno == ENOENT ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, *file, NULL,
                g_strerror(errno), NULL);
            continue;
        }
        if (!inspect_stream(inspect, stage, in, *file, report))
            sv_report_add(report, SV_ERROR_IO, *file, NULL, "it could not be read to its end", NULL);
        if (in != stdin)
            fclose(in);
    }
}

static SvHistory *read_history(const Options *o, SvReport *report, GError **error)
{
    g_autofree char *mapping = NULL;
    g_autoptr(SvHistory) history = sv_history_new();
    if (!o->arguments[1]) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "name at least one file, folder or zip");
        return NULL;
    }
    if (o->mapping && !g_file_get_contents(o->mapping, &mapping, NULL, error))
        return NULL;
    const char *const *paths = (const char *const *)o->arguments + 1;
    if (!sv_source_read_paths(paths, o->card, mapping, history, report, error))
        return NULL;
    sv_history_finish(history, report);
    sv_redact_history(history);
    return g_steal_pointer(&history);
}

static gboolean inspect_messages(const Options *o, SvReport *report, GError **error)
{
    g_autoptr(SvHistory) history = read_history(o, report, error);
    for (guint i = 0; history && i < history->messages->len; i++) {
        g_autoptr(cJSON) object = sv_inspect_message(history, history->messages->pdata[i]);
        print_object(object);
    }
    return history != NULL;
}

static gboolean inspect_ledger(const Options *o, SvInspect *inspect, SvReport *report, GError **error)
{
    g_autoptr(SvHistory) history = NULL;
    if (!open_engine(o, inspect, error) || !(history = read_history(o, report, error)))
        return FALSE;
    SvTime at = sv_time_from_unix(g_get_real_time() / G_USEC_PER_SEC, history->zone);
    if (o->at && !sv_time_parse(o->at, history->zone, &at)) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--at “%s” is no time; write 2025-12-08T09:00", o->at);
        return FALSE;
    }
    g_autoptr(SvDigest) digest = sv_digest_new(inspect->engine, history, at);
    const SvLedger *ledger = sv_digest_ledger(digest);
    for (guint i = 0; i < ledger->entries->len; i++) {
        g_autoptr(cJSON) object = sv_inspect_entry(digest, history, ledger->entries->pdata[i]);
        print_object(object);
    }
    return TRUE;
}

static gboolean inspect_stage(const Options *o, SvInspect *inspect, SvReport *report, GError **error)
{
    const SvInspectStage *stage = find_stage(o->arguments[0], error);
    if (!stage || !choose_words(o, inspect, error))
        return FALSE;
    if (o->card && !sv_cli_read_card(o->card, inspect->card, report, error))
        return FALSE;
    if (!choose_moment(o, inspect, error) ||
        (stage->need == SV_NEEDS_ENGINE && !open_engine(o, inspect, error)) ||
        (stage->need == SV_NEEDS_MORPH && !open_roster(o, inspect, error)))
        return FALSE;
    inspect_lines(inspect, stage, o->arguments + 1, report);
    return TRUE;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&o, argc, argv, &error))
        return sv_cli_fail("inspect", error);
    if (!o.arguments)
        return sv_cli_usage("inspect", "name a stage");
    g_auto(SvInspect) inspect = {.card = sv_history_new()};
    g_autoptr(SvReport) report = sv_report_new();
    gboolean done;
    if (strcmp(o.arguments[0], "messages") == 0)
        done = inspect_messages(&o, report, &error);
    else if (strcmp(o.arguments[0], "ledger") == 0)
        done = inspect_ledger(&o, &inspect, report, &error);
    else
        done = inspect_stage(&o, &inspect, report, &error);
    sv_cli_print_report(report, error, FALSE);
    if (!done)
        return sv_cli_fail("inspect", error);
    return report->n_problems ? sv_error_info(SV_ERROR_PARTIAL)->exit_code : 0;
}

const SvCommand sv_command_inspect = {"inspect", "what one stage makes of a text", run};
