/* Reports as lessons: see feedback_lessons.h.
 *
 * missing: the sentence deserves what its format chooses by (3: brief, page and timeline; 2: page and
 * timeline; 1: what the list holds). wrong: it deserves none of them. useful: what was told deserves what it
 * was told for. Of other targets nothing is known. */
#include "feedback_lessons.h"
#include <string.h>

#define BIT(target) (1u << (target))

typedef struct {
    const SvSayings *sayings;
    SvLessons *lessons;
    GHashTable *known; /* fact → lesson + 1, of one client */
    gint64 client;
} Making;

/* What a report says of its sentences, as targets of a lesson. */
static SvLesson lesson_of(const SvSaid *said)
{
    SvLesson l = {.weight = (guint8)said->weight,
        .times = strcmp(said->report->kind, "useful") == 0 ? SV_TIMES_MILD : SV_TIMES_TOLD};
    guint good = said->targets;
    memset(l.y, SV_LESSON_UNKNOWN, sizeof l.y);
    if (said->weight >= 2)
        good |= BIT(SV_WORTH_PAGE) | BIT(SV_WORTH_TIMELINE);
    if (said->weight == 0)
        good = BIT(SV_WORTH_BRIEF) | BIT(SV_WORTH_PAGE) | BIT(SV_WORTH_TIMELINE) | said->targets;
    for (int t = 0; t < SV_WORTH_N; t++) {
        /* which section or list it belongs to is not what was said */
        gboolean one_of_many = t >= SV_WORTH_TASK && said->weight >= 2;
        if ((good & BIT(t)) && !one_of_many)
            l.y[t] = said->weight > 0;
    }
    return l;
}

/* A fact that is known already: what is said later, or more clearly, counts. */
static void merge(SvLesson *old, const SvLesson *l)
{
    if (l->times < old->times)
        return;
    for (int t = 0; t < SV_WORTH_N; t++)
        if (l->y[t] != SV_LESSON_UNKNOWN)
            old->y[t] = l->y[t];
    old->weight = l->weight;
    old->times = l->times;
}

static void add_report(const SvSaid *said, gpointer data)
{
    Making *making = data;
    SvLesson lesson = lesson_of(said);
    if (making->client != said->report->client)
        g_hash_table_remove_all(making->known);
    making->client = said->report->client;
    g_autoptr(SvFeatureContext) context =
        sv_features_new(sv_digest_ledger(said->digest), sv_engine_morph(making->sayings->engine));
    for (guint i = 0; i < said->facts->len; i++) {
        guint fact = g_array_index(said->facts, guint, i);
        gpointer key = GUINT_TO_POINTER(fact);
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(making->known, key));
        float row[SV_FEATURES];
        if (at) {
            merge(&g_array_index(making->lessons->lessons, SvLesson, at - 1), &lesson);
            continue;
        }
        sv_features_of(context, fact, row);
        sv_lessons_add(making->lessons, &lesson, row);
        g_hash_table_insert(making->known, key, GUINT_TO_POINTER(making->lessons->lessons->len));
    }
}

SvLessons *sv_feedback_lessons(const SvSayings *sayings, SvSaidCounts *counts, GError **error)
{
    g_return_val_if_fail(!sayings->all_labels, NULL);
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    g_autoptr(SvLessons) lessons = sv_lessons_new();
    Making making = {sayings, lessons, known, 0};
    if (!sv_said_each(sayings, add_report, &making, counts, error))
        return NULL;
    return g_steal_pointer(&lessons);
}

SvSaidFit sv_feedback_measure(const SvLessons *lessons, const SvWorth *worth)
{
    SvSaidFit fit = {0};
    g_autoptr(SvLessons) named = sv_lessons_new();
    for (guint i = 0; i < lessons->lessons->len; i++) {
        const SvLesson *l = sv_lessons_get(lessons, i);
        float score[SV_WORTH_N], best = 0;
        if (l->times != SV_TIMES_TOLD)
            continue;
        sv_lessons_add(named, l, sv_lessons_row(lessons, i));
        sv_worth_scores(worth, sv_lessons_row(lessons, i), score);
        for (int t = 0; t < SV_WORTH_N; t++)
            best = l->y[t] != SV_LESSON_UNKNOWN ? MAX(best, score[t]) : best;
        *(l->weight ? &fit.missing : &fit.wrong) += best;
        *(l->weight ? &fit.n_missing : &fit.n_wrong) += 1;
    }
    fit.loss = sv_lessons_measure(named, worth, FALSE).loss;
    fit.missing /= MAX(fit.n_missing, 1);
    fit.wrong /= MAX(fit.n_wrong, 1);
    return fit;
}
