/* Reports found again in the messages: see said.h.
 *
 * A client is read as by card/knowledge.h, from the messages of one audience only: those without labels, or
 * all of them. “useful” is about what the summary of that day tells; “missing” and “wrong” are about the
 * sentences that the quote lies in, or the one most worth telling when the whole message was meant. */
#include "said.h"
#include "client_store.h"
#include "error.h"
#include "labels.h"
#include "message_store.h"
#include "worth.h"
#include <string.h>

#define REPORTS_MOST 100000u

typedef struct {
    const SvSayings *sayings;
    SvDb *db;
    SvSaidFunc each;
    gpointer data;
    SvSaidCounts *counts;
} Walk;

/* ── one client ── */

/* Of one state of the store; NULL on error. */
static SvKnowledge *read_client(const Walk *w, gint64 id, GError **error)
{
    guint8 stamp[32];
    SvKnowledge *knowledge = NULL;
    g_autoptr(GArray) visible = g_array_new(FALSE, FALSE, sizeof(SvReadMessage));
    if (!sv_db_begin(w->db, FALSE, error))
        return NULL;
    g_autoptr(SvClient) client = sv_client_get(w->db, id, error);
    g_autofree char *audience = !client                  ? NULL
                                : w->sayings->all_labels ? sv_messages_labels(w->db, id, error)
                                                         : g_strdup("");
    g_autoptr(GPtrArray) list = audience ? sv_messages_list(w->db, id, error) : NULL;
    if (list) {
        sv_knowledge_stamp(w->sayings->engine, client->card, list, audience, visible, stamp);
        knowledge =
            sv_knowledge_make(w->db, w->sayings->engine, client, audience, visible, stamp, error);
    }
    sv_db_rollback(w->db);
    return knowledge;
}

/* ── the sentences of a report ── */

static void add_fact(GArray *facts, guint fact)
{
    for (guint i = 0; i < facts->len; i++)
        if (g_array_index(facts, guint, i) == fact)
            return;
    g_array_append_val(facts, fact);
}

/* The sentences of a message that a quote covers for more than half of the shorter one. */
static void add_quoted(const SvKnowledge *k, guint message, const char *quote, GArray *out)
{
    const SvMessage *m = k->history->messages->pdata[message];
    const char *at = m->text.bytes ? strstr(m->text.bytes, quote) : NULL;
    if (!at || !*quote)
        return;
    SvSpan q = {(guint32)(at - m->text.bytes), (guint32)((gsize)(at - m->text.bytes) + strlen(quote))};
    for (guint i = 0; i < k->facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(k->facts, i);
        if (f->message != message)
            continue;
        gint64 common = (gint64)MIN(f->span.to, q.to) - (gint64)MAX(f->span.from, q.from);
        if (common * 2 > (gint64)MIN(f->span.to - f->span.from, q.to - q.from))
            add_fact(out, i);
    }
}

/* The sentence of a message most worth telling. */
static void add_best(const Walk *w, const SvKnowledge *k, const SvDigest *digest, guint message, GArray *out)
{
    g_autoptr(SvFeatureContext) context =
        sv_features_new(sv_digest_ledger(digest), sv_engine_morph(w->sayings->engine));
    float best = -1;
    guint found = 0;
    for (guint i = 0; i < k->facts->facts->len; i++) {
        float row[SV_FEATURES], scores[SV_WORTH_N];
        if (sv_facts_get(k->facts, i)->message != message)
            continue;
        sv_features_of(context, i, row);
        sv_worth_scores(sv_engine_worth(w->sayings->engine), row, scores);
        if (scores[SV_WORTH_PAGE] > best) {
            best = scores[SV_WORTH_PAGE];
            found = i;
        }
    }
    if (best >= 0)
        add_fact(out, found);
}

static void add_sources(const SvKnowledge *k, const GPtrArray *sources, GArray *out)
{
    for (guint i = 0; i < sources->len; i++) {
        const SvQuote *q = sources->pdata[i];
        add_quoted(k, q->message, q->quote, out);
    }
}

/* The sentences of what a format tells. */
static void add_told(
    const Walk *w, const SvKnowledge *k, const SvDigest *digest, const char *format, GArray *out)
{
    SvLang language = g_strcmp0(k->history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    g_autoptr(SvSummary) s = sv_summary_make(digest, w->sayings->formats, format, language, NULL);
    for (guint i = 0; s && i < s->sections->len; i++) {
        const SvSection *section = s->sections->pdata[i];
        for (guint n = 0; n < section->statements->len; n++)
            add_sources(k, ((SvStatement *)section->statements->pdata[n])->sources, out);
    }
    for (guint i = 0; s && i < s->tasks->len; i++)
        add_sources(k, ((SvTask *)s->tasks->pdata[i])->sources, out);
    for (guint i = 0; s && i < s->timeline->len; i++)
        add_sources(k, ((SvTimelineItem *)s->timeline->pdata[i])->sources, out);
}

/* ── reports ── */

static int weight_of(const char *kind, guint targets)
{
    const guint list_targets = 1u << SV_WORTH_TIMELINE | 1u << SV_WORTH_TASK;
    if (strcmp(kind, "wrong") == 0)
        return 0;
    if (targets & 1u << SV_WORTH_BRIEF)
        return 3;
    return targets & ~list_targets ? 2 : 1;
}

static void tell(const Walk *w, SvKnowledge *k, const SvFeedback *report)
{
    g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(guint));
    SvSaid said = {report, w->db, k, sv_knowledge_digest(k, w->sayings->engine, report->at), facts,
        sv_formats_targets(w->sayings->formats, report->format), 0};
    int message = report->message ? sv_knowledge_find(k, report->external) : -1;
    said.weight = weight_of(report->kind, said.targets);
    if (strcmp(report->kind, "useful") == 0)
        add_told(w, k, said.digest, report->format, facts);
    else if (message >= 0 && *report->quote)
        add_quoted(k, (guint)message, report->quote, facts);
    else if (message >= 0)
        add_best(w, k, said.digest, (guint)message, facts);
    if (!said.targets || (report->message && !facts->len))
        w->counts->gone++;
    else
        w->each(&said, w->data);
}

static gboolean walk(const Walk *w, const GPtrArray *reports, GError **error)
{
    g_autoptr(SvKnowledge) k = NULL;
    for (guint i = 0; i < reports->len; i++) {
        const SvFeedback *report = reports->pdata[i];
        w->counts->reports++;
        if (!w->sayings->all_labels && *report->labels) {
            w->counts->hidden++;
            continue;
        }
        if (!k || k->client != report->client) {
            g_clear_pointer(&k, sv_knowledge_unref);
            if (!(k = read_client(w, report->client, error)))
                return FALSE;
        }
        tell(w, k, report);
    }
    return TRUE;
}

gboolean sv_said_each(
    const SvSayings *sayings, SvSaidFunc each, gpointer data, SvSaidCounts *counts, GError **error)
{
    *counts = (SvSaidCounts){0, 0, 0};
    SvDb *db = sv_pool_read(sayings->pool, error);
    if (!db)
        return FALSE;
    Walk w = {sayings, db, each, data, counts};
    g_autoptr(GPtrArray) reports = sv_feedback_list(db, &sayings->filter, REPORTS_MOST, error);
    gboolean done = reports && walk(&w, reports, error);
    sv_pool_read_done(sayings->pool, db);
    return done;
}
