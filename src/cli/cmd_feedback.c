/* svodka feedback: what readers said of summaries, as a list, as regression cases, and as a lesson.
 *
 * A command on the machine itself: whoever can read the database may. `learn` writes weights only when they
 * make nothing worse on the labelled cases; what rests on messages with labels is never learned from, because
 * weights serve every reader. */
#include "audit.h"
#include "cli_store.h"
#include "client_store.h"
#include "feedback_cases.h"
#include "moment.h"
#include "relearn.h"
#include <string.h>

#define LIST_MOST 1000

typedef struct {
    char *db, *data, *kind, *client, *state, *output, *worth;
    double tolerance;
    int most;
    gboolean json, all_labels;
    char **words;
    gint64 client_id;
} Options;

static void options_clear(Options *o)
{
    g_free(o->db);
    g_free(o->data);
    g_free(o->kind);
    g_free(o->client);
    g_free(o->state);
    g_free(o->output);
    g_free(o->worth);
    g_strfreev(o->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"kind", 0, 0, G_OPTION_ARG_STRING, &o->kind, "Only useful, missing or wrong", "KIND"},
        {"client", 0, 0, G_OPTION_ARG_STRING, &o->client, "Only of the client with this key", "KEY"},
        {"state", 0, 0, G_OPTION_ARG_STRING, &o->state, "Only new, accepted or dismissed", "STATE"},
        {"most", 0, 0, G_OPTION_ARG_INT, &o->most, "list: at most so many (default: 1000)", "N"},
        {"all-labels", 0, 0, G_OPTION_ARG_NONE, &o->all_labels,
            "export: also what rests on messages with labels", NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "The file to write", "FILE"},
        {"worth", 0, 0, G_OPTION_ARG_FILENAME, &o->worth,
            "learn: the weights in use (default: those beside the database)", "FILE"},
        {"tolerance", 0, 0, G_OPTION_ARG_DOUBLE, &o->tolerance,
            "learn: how much worse still counts as no worse (default: 0.005)", "X"},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o->data, "The folder of data files", "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "Print JSON (list, learn)", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("list|export|learn",
        "What readers said of summaries: shows it, makes regression cases of it, learns from it.",
        "“export” prints a JSON line a sentence, masked, in the form of eval/facts.\n"
        "“learn” weighs anew what deserves a place, from the labelled cases and the feedback,\n"
        "prints scores before and after, and with --output writes the weights if nothing\n"
        "gets worse on the labelled cases (else exit code 10). “svodka serve” takes them\n"
        "from DATABASE-worth.txt when it starts.\n\n"
        "Examples:\n"
        "  svodka feedback list --kind missing --state new\n"
        "  svodka feedback export --output cases.jsonl\n"
        "  svodka feedback learn\n"
        "  svodka feedback learn --output svodka.db-worth.txt\n",
        entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

/* ── list ── */

static void add_text(cJSON *to, const char *name, const char *text)
{
    if (text && *text)
        cJSON_AddStringToObject(to, name, text);
    else
        cJSON_AddNullToObject(to, name);
}

static cJSON *report_to_json(const SvFeedback *f)
{
    cJSON *one = cJSON_CreateObject();
    g_autofree char *at = sv_time_format((SvTime){f->at, 0});
    cJSON_AddNumberToObject(one, "id", (double)f->id);
    cJSON_AddStringToObject(one, "client", f->client_key);
    cJSON_AddStringToObject(one, "kind", f->kind);
    cJSON_AddStringToObject(one, "format", f->format);
    cJSON_AddStringToObject(one, "state", f->state);
    cJSON_AddStringToObject(one, "at", at);
    add_text(one, "by", f->by);
    add_text(one, "message", f->external);
    cJSON_AddBoolToObject(one, "labelled", *f->labels != 0);
    add_text(one, "quote", f->quote);
    add_text(one, "comment", f->comment);
    return one;
}

static void add_line(GString *out, const SvFeedback *f)
{
    g_autofree char *day = sv_day_format(sv_time_day((SvTime){f->at, 0}));
    g_autofree char *comment = g_strdup(f->comment);
    g_string_append_printf(out, "%" G_GINT64_FORMAT "\t%s\t%s\t%s\t%s\t%s\t%s", f->id, day, f->client_key,
        f->kind, f->format, f->state, *f->by ? f->by : "-");
    if (*f->quote)
        g_string_append_printf(out, "\t“%s”", f->quote);
    if (*comment)
        g_string_append_printf(out, "\t%s", g_strdelimit(comment, "\r\n\t", ' '));
    g_string_append_c(out, '\n');
}

static gboolean list(const Options *o, SvPool *pool, GError **error)
{
    SvFeedbackFilter filter = {o->kind, o->state, o->client_id, FALSE};
    SvDb *db = sv_pool_read(pool, error);
    g_autoptr(GPtrArray) all =
        db ? sv_feedback_list(db, &filter, o->most > 0 ? (guint)o->most : LIST_MOST, error) : NULL;
    sv_pool_read_done(pool, db);
    if (!all)
        return FALSE;
    if (o->json) {
        cJSON *out = cJSON_CreateObject(), *reports = cJSON_AddArrayToObject(out, "feedback");
        for (guint i = 0; i < all->len; i++)
            cJSON_AddItemToArray(reports, report_to_json(all->pdata[i]));
        return sv_cli_print_json(out, error);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++)
        add_line(text, all->pdata[i]);
    return sv_cli_write(NULL, text->str, error);
}

/* ── export and learn ── */

typedef struct {
    char *data_dir, *worth;
    SvEngine *engine;
    SvFormats *formats;
} Tools;

static void tools_clear(Tools *t)
{
    g_free(t->data_dir);
    g_free(t->worth);
    sv_formats_close(t->formats);
    sv_engine_close(t->engine);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tools, tools_clear)

static gboolean open_tools(const Options *o, SvPool *pool, Tools *t, GError **error)
{
    t->data_dir = sv_cli_data_dir(o->data, error);
    if (t->data_dir && o->worth) {
        t->worth = g_strdup(o->worth);
        t->engine = sv_engine_open_with(t->data_dir, t->worth, error);
    } else if (t->data_dir) {
        t->engine = sv_cli_open_engine(t->data_dir, sv_pool_where(pool), &t->worth, error);
    }
    t->formats = t->engine ? sv_formats_open(NULL, error) : NULL;
    return t->formats && sv_engine_check(t->engine, error);
}

static SvSayings sayings_of(const Options *o, SvPool *pool, const Tools *t)
{
    return (SvSayings){pool, t->engine, t->formats, o->all_labels,
        {o->kind, o->state, o->client_id, .not_dismissed = !o->state}};
}

/* Text that leaves the store, and weights that change what every reader is told, are on record. */
static gboolean note(const Options *o, SvPool *pool, const char *action, guint n, GError **error)
{
    g_autofree char *detail = g_strdup_printf("%u reports", n);
    SvDeed deed = {.client = o->client_id, .action = action, .detail = detail, .address = "console"};
    return sv_audit_note(pool, &deed, error);
}

static gboolean export(const Options *o, SvPool *pool, GError **error)
{
    g_auto(Tools) tools = {0};
    SvSaidCounts counts;
    g_autoptr(GString) lines = g_string_new(NULL);
    if (!open_tools(o, pool, &tools, error))
        return FALSE;
    g_autoptr(SvProgress) progress = sv_progress_new();
    sv_progress_stage(progress, "Reading what the feedback is about");
    SvSayings sayings = sayings_of(o, pool, &tools);
    if (!sv_feedback_cases(&sayings, lines, &counts, error))
        return FALSE;
    g_clear_pointer(&progress, sv_progress_free);
    if (counts.hidden)
        g_printerr("%u of %u reports rest on messages with labels: --all-labels exports them too\n",
            counts.hidden, counts.reports);
    if (counts.gone)
        g_printerr(
            "%u of %u reports: their sentence or format is no longer there\n", counts.gone, counts.reports);
    return note(o, pool, "feedback.export", counts.reports - counts.hidden, error) &&
           sv_cli_write(o->output, lines->str, error);
}

static cJSON *scores_to_json(const SvScores *s)
{
    cJSON *out = cJSON_CreateObject(), *said = cJSON_CreateObject();
    const struct {
        const char *name;
        const SvFit *fit;
    } fits[] = {{"labelled", &s->labelled}, {"held_out", &s->held_out}};
    for (gsize i = 0; i < G_N_ELEMENTS(fits); i++) {
        cJSON *one = cJSON_AddObjectToObject(out, fits[i].name);
        cJSON_AddNumberToObject(one, "sentences", fits[i].fit->n);
        cJSON_AddNumberToObject(one, "precision", fits[i].fit->precision);
        cJSON_AddNumberToObject(one, "loss", fits[i].fit->loss);
    }
    cJSON_AddItemToObject(out, "feedback", said);
    cJSON_AddNumberToObject(said, "missing", s->said.missing);
    cJSON_AddNumberToObject(said, "wrong", s->said.wrong);
    cJSON_AddNumberToObject(said, "loss", s->said.loss);
    return out;
}

static gboolean print_json(const SvRelearned *r, const SvSaidCounts *counts, double tolerance, GError **error)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "reports", counts->reports);
    cJSON_AddNumberToObject(out, "labelled_messages", counts->hidden);
    cJSON_AddNumberToObject(out, "gone", counts->gone);
    cJSON_AddNumberToObject(out, "sentences", r->lessons);
    cJSON_AddNumberToObject(out, "times", r->times);
    cJSON_AddNumberToObject(out, "tolerance", tolerance);
    cJSON_AddBoolToObject(out, "no_worse", r->times > 0);
    cJSON_AddItemToObject(out, "shipped", scores_to_json(&r->shipped));
    cJSON_AddItemToObject(out, "before", scores_to_json(&r->before));
    cJSON_AddItemToObject(out, "after", scores_to_json(&r->after));
    return sv_cli_print_json(out, error);
}

static void add_scores(GString *out, const char *name, double shipped, double before, double after)
{
    g_string_append_printf(out, "%-34s%10.4f%10.4f%10.4f\n", name, shipped, before, after);
}

static gboolean print_text(const SvRelearned *r, const SvSaidCounts *counts, double tolerance, GError **error)
{
    const SvScores *s = &r->shipped, *b = &r->before, *a = &r->after;
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_printf(out,
        "%u reports: %u sentences to learn from, %u reports on messages with labels passed over, "
        "%u no longer there\n\n%-34s%10s%10s%10s\n",
        counts->reports, r->lessons, counts->hidden, counts->gone, "", "shipped", "in use", "new");
    add_scores(out, "labelled cases, precision", s->labelled.precision, b->labelled.precision,
        a->labelled.precision);
    add_scores(out, "labelled cases, loss", s->labelled.loss, b->labelled.loss, a->labelled.loss);
    add_scores(out, "a case never learned, precision", s->held_out.precision, b->held_out.precision,
        a->held_out.precision);
    add_scores(out, "a case never learned, loss", s->held_out.loss, b->held_out.loss, a->held_out.loss);
    add_scores(out, "what reports name, loss", s->said.loss, b->said.loss, a->said.loss);
    if (b->said.n_missing)
        add_scores(out, "score of what was missing", s->said.missing, b->said.missing, a->said.missing);
    if (b->said.n_wrong)
        add_scores(out, "score of what was wrong", s->said.wrong, b->said.wrong, a->said.wrong);
    g_string_append_printf(out,
        "\nprecision: of “belongs on a page” (weight 2 and more), higher is better; loss: lower "
        "is better; tolerance %g\n",
        tolerance);
    return sv_cli_write(NULL, out->str, error);
}

static gboolean learn(const Options *o, SvPool *pool, GError **error)
{
    g_auto(Tools) tools = {0};
    g_auto(SvRelearned) result = {0};
    SvSaidCounts counts;
    g_autofree char *program = sv_cli_fit_program(error);
    if (!program || !open_tools(o, pool, &tools, error))
        return FALSE;
    g_autoptr(SvProgress) progress = sv_progress_new();
    sv_progress_stage(progress, "Reading what the feedback is about");
    SvSayings sayings = sayings_of(o, pool, &tools);
    sayings.all_labels = FALSE;
    g_autoptr(SvLessons) said = sv_feedback_lessons(&sayings, &counts, error);
    if (!said)
        return FALSE;
    sv_progress_stage(progress, "Learning");
    SvRelearn how = {tools.data_dir, tools.worth, program, o->tolerance};
    if (!sv_relearn(&how, said, &result, error))
        return FALSE;
    g_clear_pointer(&progress, sv_progress_free);
    if (!(o->json ? print_json : print_text)(&result, &counts, o->tolerance, error))
        return FALSE;
    if (!result.times) {
        g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT,
            "nothing was written: what the feedback teaches makes the labelled cases worse by more than %g; "
            "“svodka feedback list” shows it, and what is mistaken can be dismissed",
            o->tolerance);
        return FALSE;
    }
    return !o->output || (note(o, pool, "feedback.learn", counts.reports - counts.hidden, error) &&
                             sv_cli_write(o->output, result.worth, error));
}

/* ── the command ── */

static gboolean find_client(Options *o, SvPool *pool, GError **error)
{
    if (!o->client)
        return TRUE;
    SvDb *db = sv_pool_read(pool, error);
    g_autoptr(SvClient) client = db ? sv_client_find(db, o->client, error) : NULL;
    o->client_id = client ? client->id : 0;
    sv_pool_read_done(pool, db);
    return client != NULL;
}

static int run(int argc, char **argv)
{
    static const struct {
        const char *name;
        gboolean (*run)(const Options *o, SvPool *pool, GError **error);
    } actions[] = {{"list", list}, {"export", export}, {"learn", learn}};
    g_auto(Options) options = {.tolerance = SV_RELEARN_TOLERANCE};
    g_autoptr(GError) error = NULL;
    guint at = 0;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("feedback", error);
    if (!options.words || g_strv_length(options.words) != 1)
        return sv_cli_usage("feedback", "say what to do: list, export or learn");
    while (at < G_N_ELEMENTS(actions) && strcmp(actions[at].name, options.words[0]) != 0)
        at++;
    if (at == G_N_ELEMENTS(actions))
        return sv_cli_usage("feedback", "say what to do: list, export or learn");
    g_autoptr(SvPool) pool = sv_cli_open_store(options.db, TRUE, &error);
    if (!pool || !find_client(&options, pool, &error) || !actions[at].run(&options, pool, &error))
        return sv_cli_fail("feedback", error);
    return 0;
}

const SvCommand sv_command_feedback = {
    "feedback", "what readers said, as a list, as cases, as a lesson", run};
