/* Learns what deserves a place: weights of the chooser from the weights of eval/facts.
 *
 * Every history that is not left out goes through the whole reading (redaction, facts, ledger), with a
 * recogniser of acts that has not seen it, so that its probabilities are as unsure as they will be on new
 * histories. Sentences covered by a labelled fact take its weight, all others 0; a sentence that meets an
 * item of a gold section is an example of that section. One logistic regression a target (LIBLINEAR).
 *
 *   train_worth --out FILE --data DIR --source DIR --acts NAMES=FILE ... [--leave-out NAME] ...
 *               [--lessons FILE]
 *
 * NAMES is a comma-separated list of histories that FILE has not seen; `servers` is never learned from.
 * --lessons also writes the examples as numbers, with those of `servers` to measure on: what “svodka feedback
 * learn” begins with. */
#include "acts.h"
#include "case_history.h"
#include "error.h"
#include "fit.h"
#include "history.h"
#include "redact.h"
#include "utf8.h"
#include <locale.h>
#include <stdio.h>
#include <string.h>

static char *lessons_path, *out_path, *data_dir, *source_dir;
static char **acts_files, **left_out;
static double cost = SV_FIT_COST;
static GOptionEntry options[] = {{"out", 0, 0, G_OPTION_ARG_FILENAME, &out_path, "file to write", "FILE"},
    {"data", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, "folder with morph.bin", "DIR"},
    {"source", 0, 0, G_OPTION_ARG_FILENAME, &source_dir, "folder with eval/", "DIR"},
    {"acts", 0, 0, G_OPTION_ARG_STRING_ARRAY, &acts_files, "recogniser that has not seen NAMES",
        "NAMES=FILE"},
    {"leave-out", 0, 0, G_OPTION_ARG_STRING_ARRAY, &left_out, "history not to learn from", "NAME"},
    {"lessons", 0, 0, G_OPTION_ARG_FILENAME, &lessons_path, "file for the examples", "FILE"},
    {"cost", 0, 0, G_OPTION_ARG_DOUBLE, &cost, "cost of an error", "C"}, {NULL, 0, 0, 0, NULL, NULL, NULL}};

#define NEVER "servers"

/* The labels of one history while they are collected. */
typedef struct {
    const SvFacts *facts;
    GHashTable *first; /* message id → index of its first fact */
    int *weight;
    gboolean *task;
    gboolean *dated; /* its message stands in the gold timeline */
    guint8 (*section)[5];
} Labels;

/* Where a quote stands in a text, blanks compared loosely; FALSE when it does not. */
static gboolean find_quote(const char *text, const char *quote, SvSpan *out)
{
    for (const char *start = text; *start; start++) {
        const char *t = start, *q = quote;
        if (g_ascii_isspace(*t))
            continue;
        while (*q && *t) {
            if (g_ascii_isspace(*q) && g_ascii_isspace(*t)) {
                while (g_ascii_isspace(*q))
                    q++;
                while (g_ascii_isspace(*t))
                    t++;
            } else if (*q == *t) {
                q++;
                t++;
            } else {
                break;
            }
        }
        if (!*q) {
            *out = (SvSpan){(guint32)(start - text), (guint32)(t - text)};
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_undertaking(const cJSON *gold)
{
    const cJSON *a;
    cJSON_ArrayForEach(
        a, sv_json_array(gold, "acts")) if (cJSON_IsString(a) &&
                                            (g_str_equal(a->valuestring, "promise") ||
                                                g_str_equal(a->valuestring, "request") ||
                                                g_str_equal(a->valuestring, "promise_if"))) return TRUE;
    return FALSE;
}

/* Raises the labels of the sentences that a gold fact covers. */
static void apply_fact(Labels *l, const cJSON *gold)
{
    gpointer at;
    SvSpan q = {0, 0};
    const SvFacts *facts = l->facts;
    const char *ev = sv_json_string(gold, "ev"), *quote = sv_json_string(gold, "quote");
    if (!ev || !quote || !g_hash_table_lookup_extended(l->first, ev, NULL, &at))
        return;
    guint i = GPOINTER_TO_UINT(at), message = sv_facts_get(facts, i)->message;
    const SvMessage *m = g_ptr_array_index(facts->history->messages, message);
    gboolean deal = m->channel == SV_CHANNEL_DEAL;
    if (!deal && !find_quote(m->text.bytes, quote, &q))
        return;
    for (; i < facts->facts->len && sv_facts_get(facts, i)->message == message; i++) {
        SvSpan s = sv_facts_get(facts, i)->span;
        gint64 common = deal ? 1 : (gint64)MIN(s.to, q.to) - (gint64)MAX(s.from, q.from);
        guint32 shorter = deal ? 1 : MIN(s.to - s.from, q.to - q.from);
        if (common * 2 <= shorter)
            continue;
        double weight = sv_json_number(gold, "weight", 0);
        l->weight[i] = MAX(l->weight[i], (int)weight);
        l->task[i] |= is_undertaking(gold) && weight >= 1 && cJSON_IsTrue(cJSON_GetObjectItem(gold, "live"));
    }
}

static gboolean has_tokens(const cJSON *item, const char *text)
{
    const cJSON *t;
    cJSON_ArrayForEach(t, sv_json_array(item, "tokens"))
    {
        g_autofree char *pattern = cJSON_IsString(t) ? sv_utf8_fold(t->valuestring, -1) : NULL;
        if (!pattern || !g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0))
            return FALSE;
    }
    return TRUE;
}

/* Marks the sentences of the item's events that hold all its tokens. */
static void apply_item(Labels *l, const cJSON *item, int section)
{
    const cJSON *ev;
    cJSON_ArrayForEach(ev, sv_json_array(item, "from"))
    {
        gpointer at;
        if (!cJSON_IsString(ev) || !g_hash_table_lookup_extended(l->first, ev->valuestring, NULL, &at))
            continue;
        guint i = GPOINTER_TO_UINT(at), message = sv_facts_get(l->facts, i)->message;
        const SvMessage *m = g_ptr_array_index(l->facts->history->messages, message);
        for (; i < l->facts->facts->len && sv_facts_get(l->facts, i)->message == message; i++) {
            SvSpan s = sv_facts_get(l->facts, i)->span;
            g_autofree char *text = sv_utf8_fold(m->text.bytes + s.from, (gssize)(s.to - s.from));
            l->section[i][section] |= has_tokens(item, text);
        }
    }
}

/* Marks all sentences of the item's events. */
static void apply_timeline(Labels *l, const cJSON *item)
{
    const cJSON *ev;
    cJSON_ArrayForEach(ev, sv_json_array(item, "from"))
    {
        gpointer at;
        if (!cJSON_IsString(ev) || !g_hash_table_lookup_extended(l->first, ev->valuestring, NULL, &at))
            continue;
        guint i = GPOINTER_TO_UINT(at), message = sv_facts_get(l->facts, i)->message;
        for (; i < l->facts->facts->len && sv_facts_get(l->facts, i)->message == message; i++)
            l->dated[i] = TRUE;
    }
}

static void label_history(Labels *l, const cJSON *facts, const cJSON *gold)
{
    const cJSON *sections = gold ? sv_json_object(gold, "sections") : NULL;
    for (guint i = l->facts->facts->len; i-- > 0;) {
        const SvMessage *m =
            g_ptr_array_index(l->facts->history->messages, sv_facts_get(l->facts, i)->message);
        g_hash_table_insert(l->first, m->id, GUINT_TO_POINTER(i));
    }
    const cJSON *x;
    cJSON_ArrayForEach(x, sv_json_array(facts, "facts")) apply_fact(l, x);
    for (int s = 0; sections && s < 5; s++)
        cJSON_ArrayForEach(x, sv_json_array(sections, sv_worth_name(SV_WORTH_STATUS + s)))
            apply_item(l, x, s);
    if (gold)
        cJSON_ArrayForEach(x, sv_json_array(gold, "timeline")) apply_timeline(l, x);
}

static void add_examples(SvLessons *lessons, guint8 times, const SvFacts *facts, const SvLedger *ledger,
    const SvMorph *morph, const cJSON *labelled, const cJSON *gold)
{
    g_autoptr(SvFeatureContext) context = sv_features_new(ledger, morph);
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = facts->facts->len;
    g_autofree int *weight = g_new0(int, n + 1);
    g_autofree gboolean *task = g_new0(gboolean, n + 1);
    g_autofree gboolean *dated = g_new0(gboolean, n + 1);
    g_autofree guint8(*section)[5] = g_malloc0_n(n + 1, 5);
    Labels l = {facts, first, weight, task, dated, section};
    label_history(&l, labelled, gold);
    for (guint i = 0; i < n; i++) {
        float row[SV_FEATURES];
        SvLesson lesson = {
            {weight[i] >= 3, weight[i] >= 2, weight[i] >= 1 && (!gold || dated[i]), task[i] != 0},
            (guint8)weight[i], times};
        for (int s = 0; s < 5; s++)
            lesson.y[SV_WORTH_STATUS + s] = gold ? (gint8)section[i][s] : SV_LESSON_UNKNOWN;
        sv_features_of(context, i, row);
        sv_lessons_add(lessons, &lesson, row);
    }
}

static gboolean add_case(
    SvLessons *lessons, const char *name, const char *acts_path, const SvMorph *morph, GError **error)
{
    SvTime now = {0, 0};
    g_autoptr(SvActsModel) acts = sv_acts_open(acts_path, error);
    g_autoptr(SvHistory) history =
        acts && sv_acts_check(acts, error) ? sv_case_load(source_dir, name, &now, error) : NULL;
    g_autoptr(cJSON) gold = history ? sv_case_facts(source_dir, name, error) : NULL;
    g_autoptr(cJSON) whole = gold ? sv_case_json(source_dir, name, error) : NULL;
    g_autoptr(SvReport) report = sv_report_new();
    if (!whole)
        return FALSE;
    sv_history_finish(history, report);
    sv_redact_history(history);
    SvReader reader = {morph, acts};
    g_autoptr(SvFacts) facts = sv_facts_read(&reader, history, now);
    g_autoptr(SvLedger) ledger = sv_ledger_new(facts, now);
    const cJSON *sections = sv_json_object(whole, "gold");
    add_examples(lessons, !g_str_equal(name, NEVER), facts, ledger, morph, gold, sections);
    return TRUE;
}

static const char *acts_for(const char *name)
{
    for (char **a = acts_files; a && *a; a++) {
        const char *eq = strchr(*a, '=');
        g_autofree char *names = eq ? g_strndup(*a, (gsize)(eq - *a)) : NULL;
        g_auto(GStrv) list = names ? g_strsplit(names, ",", 0) : NULL;
        if (list && g_strv_contains((const char *const *)list, name))
            return eq + 1;
    }
    return NULL;
}

static gboolean run(GError **error)
{
    g_autofree char *morph_path = g_build_filename(data_dir, "morph.bin", NULL);
    g_autoptr(SvMorph) morph = sv_morph_open(morph_path, error);
    g_auto(GStrv) names = morph && sv_morph_check(morph, error) ? sv_case_names(source_dir, error) : NULL;
    if (!names)
        return FALSE;
    g_autoptr(SvLessons) lessons = sv_lessons_new();
    for (char **n = names; *n; n++) {
        if ((g_str_equal(*n, NEVER) && !lessons_path) ||
            (left_out && g_strv_contains((const char *const *)left_out, *n)))
            continue;
        const char *acts = acts_for(*n);
        if (!acts) {
            g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "no --acts file for %s", *n);
            return FALSE;
        }
        if (!add_case(lessons, *n, acts, morph, error))
            return FALSE;
    }
    g_autofree char *text = sv_fit_worth(lessons, cost);
    return (!lessons_path || sv_lessons_save(lessons, lessons_path, error)) &&
           g_file_set_contents(out_path, text, -1, error);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("- learn what deserves a place");
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !out_path || !data_dir || !source_dir) {
        fprintf(
            stderr, "train_worth: %s\n", error ? error->message : "--out, --data and --source are needed");
        return 2;
    }
    if (!run(&error)) {
        fprintf(stderr, "train_worth: %s\n", error->message);
        return sv_error_exit_code(error);
    }
    return 0;
}
