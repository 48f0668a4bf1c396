/* Choosing: see choose.h.
 *
 * A pick takes candidates by score and passes over what says the same as one already taken: the same message's
 * neighbouring sentence, or more than half of the weighed words in common. What a later fact made untrue is never told
 * as current. */
#include "choose.h"
#include "gate.h"
#include "words.h"
#include <string.h>

#define ALIKE 0.45f
#define BRIEF_STATEMENTS 5
#define TIMELINE_MOST 60
#define TASKS_MOST 30
#define TASK_LEAST 0.25f

typedef struct {
    guint fact;
    float score;
} Candidate;

SvChoosing *sv_choosing_new(const SvLedger *ledger, const SvWorth *worth, const SvMorph *morph)
{
    SvChoosing *c = g_new0(SvChoosing, 1);
    g_autoptr(SvFeatureContext) context = sv_features_new(ledger, morph);
    c->ledger = ledger;
    c->n = ledger->facts->facts->len;
    for (int t = 0; t < SV_WORTH_N; t++)
        c->score[t] = g_new0(float, c->n + 1);
    for (guint i = 0; i < c->n; i++) {
        float features[SV_FEATURES];
        sv_features_of(context, i, features);
        for (SvWorthTarget t = 0; t < SV_WORTH_N; t++)
            c->score[t][i] = sv_worth_score(worth, t, features);
    }
    return c;
}

void sv_choosing_free(SvChoosing *c)
{
    if (!c)
        return;
    for (int t = 0; t < SV_WORTH_N; t++)
        g_free(c->score[t]);
    g_free(c);
}

static const SvFact *fact_of(const SvChoosing *c, guint i)
{
    return sv_facts_get(c->ledger->facts, i);
}

static const SvMessage *message_of(const SvChoosing *c, guint i)
{
    return g_ptr_array_index(c->ledger->facts->history->messages, fact_of(c, i)->message);
}

static int by_score(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->fact > y->fact) - (x->fact < y->fact);
}

static gboolean says_same(const SvChoosing *c, guint a, guint b)
{
    const SvFact *x = fact_of(c, a), *y = fact_of(c, b);
    if (x->message == y->message && ABS((int)x->ordinal - (int)y->ordinal) <= 1)
        return TRUE;
    return sv_facts_similarity(c->ledger->facts, a, b) > ALIKE;
}

static gboolean is_new(const SvChoosing *c, GArray *taken, guint fact)
{
    for (guint i = 0; i < taken->len; i++)
        if (says_same(c, g_array_index(taken, guint, i), fact))
            return FALSE;
    return TRUE;
}

/* Words a fact and, if it passes the gates, adds it to the section. */
static gboolean add_statement(const SvWording *w, SvSection *section, guint fact, const char *kind, guint limit, SvSummary *out)
{
    g_auto(SvWorded) said = sv_word_fact(w, fact, limit);
    if (!said.text)
        return FALSE;
    if (!sv_gate_check(w->ledger->facts->history, said.text, said.quotes, said.days)) {
        out->coverage.unproved++;
        return FALSE;
    }
    SvStatement *s = sv_statement_new(said.text, kind);
    for (guint i = 0; i < said.quotes->len; i++) {
        const SvQuote *q = g_ptr_array_index(said.quotes, i);
        sv_quotes_add(s->sources, q->message, q->quote, strlen(q->quote));
    }
    g_ptr_array_add(section->statements, s);
    return TRUE;
}

static const char *kind_of(const SvFact *f)
{
    int best = SV_ACT_STATUS;
    for (int a = 0; a < SV_ACT_NONE; a++)
        if (sv_fact_has(f, a) && (best == SV_ACT_STATUS || f->acts.p[a] > f->acts.p[best]))
            best = a;
    return f->is_deal ? "deal" : sv_act_name(best);
}

/* Takes up to n of the candidates (sorted here) into the section. */
static void pick(const SvChoosing *c, const SvWording *w, GArray *candidates, guint n, guint limit, GArray *taken, SvSection *section, SvSummary *out)
{
    g_array_sort(candidates, by_score);
    for (guint i = 0; i < candidates->len && section->statements->len < n; i++) {
        guint fact = g_array_index(candidates, Candidate, i).fact;
        if (is_new(c, taken, fact) && add_statement(w, section, fact, kind_of(fact_of(c, fact)), limit, out))
            g_array_append_val(taken, fact);
    }
}

void sv_choose_brief(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    SvSection *section = sv_section_new("brief", sv_word(out->language, "section.brief"));
    for (guint i = 0; i < c->n; i++) {
        Candidate k = {i, c->score[SV_WORTH_BRIEF][i]};
        if (c->ledger->superseded_by[i] < 0)
            g_array_append_val(candidates, k);
    }
    pick(c, w, candidates, BRIEF_STATEMENTS, 240, taken, section, out);
    g_ptr_array_add(out->sections, section);
}

typedef struct {
    SvWorthTarget target;
    guint most;
    gboolean current; /* tells only what is still true */
} SectionRule;

static const SectionRule rules[] = {
    {SV_WORTH_STATUS, 8, TRUE}, {SV_WORTH_HISTORY, 9, FALSE}, {SV_WORTH_AGREEMENTS, 8, TRUE}, {SV_WORTH_RISKS, 9, TRUE}};

static void choose_section(const SvChoosing *c, const SvWording *w, const SectionRule *rule, GArray *taken, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    const char *id = sv_worth_name(rule->target);
    g_autofree char *key = g_strdup_printf("section.%s", id);
    SvSection *section = sv_section_new(id, sv_word(out->language, key));
    for (guint i = 0; i < c->n; i++) {
        Candidate k = {i, c->score[rule->target][i]};
        if (!rule->current || c->ledger->superseded_by[i] < 0)
            g_array_append_val(candidates, k);
    }
    pick(c, w, candidates, rule->most, 280, taken, section, out);
    g_ptr_array_add(out->sections, section);
}

/* Open entries by how likely they are still open and real. */
static GArray *open_entries(const SvChoosing *c)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < c->ledger->entries->len; i++) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, i);
        if (e->state != SV_ENTRY_OPEN)
            continue;
        float best = 0;
        for (guint k = 0; k < e->facts->len; k++)
            best = MAX(best, c->score[SV_WORTH_TASK][g_array_index(e->facts, guint, k)]);
        Candidate k = {i, best};
        g_array_append_val(out, k);
    }
    g_array_sort(out, by_score);
    return out;
}

static void choose_next_steps(const SvChoosing *c, const SvWording *w, GArray *taken, SvSummary *out)
{
    SvSection *section = sv_section_new("next_steps", sv_word(out->language, "section.next_steps"));
    g_autoptr(GArray) entries = open_entries(c);
    for (guint i = 0; i < entries->len && section->statements->len < 9; i++) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, g_array_index(entries, Candidate, i).fact);
        guint last = g_array_index(e->facts, guint, e->facts->len - 1);
        if (is_new(c, taken, last) && add_statement(w, section, last, "next_step", 240, out))
            g_array_append_val(taken, last);
    }
    g_ptr_array_add(out->sections, section);
}

void sv_choose_sections(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    static const gsize order[] = {3, 2, 0, 1}; /* risks take first: what is rare must not lose its place to the usual */
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    SvSection *made[G_N_ELEMENTS(rules)];
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        choose_section(c, w, &rules[order[i]], taken, out);
    choose_next_steps(c, w, taken, out);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        made[order[i]] = out->sections->pdata[i];
    memcpy(out->sections->pdata, made, sizeof made);
}

static int by_fact(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    return (x->fact > y->fact) - (x->fact < y->fact);
}

void sv_choose_timeline(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < c->n; i++) {
        Candidate k = {i, c->score[SV_WORTH_TIMELINE][i] + c->score[SV_WORTH_PAGE][i]};
        g_array_append_val(candidates, k);
    }
    g_array_sort(candidates, by_score);
    for (guint i = 0; i < candidates->len && kept->len < TIMELINE_MOST; i++) {
        Candidate k = g_array_index(candidates, Candidate, i);
        gboolean fresh = TRUE; /* one line a message */
        for (guint t = 0; t < taken->len && fresh; t++)
            fresh = fact_of(c, g_array_index(taken, guint, t))->message != fact_of(c, k.fact)->message;
        if (!fresh)
            continue;
        g_array_append_val(taken, k.fact);
        g_array_append_val(kept, k);
    }
    g_array_sort(kept, by_fact);
    for (guint i = 0; i < kept->len; i++) {
        guint fact = g_array_index(kept, Candidate, i).fact;
        g_auto(SvWorded) said = sv_word_fact(w, fact, 180);
        if (!said.text)
            continue;
        if (!sv_gate_check(w->ledger->facts->history, said.text, said.quotes, said.days)) {
            out->coverage.unproved++;
            continue;
        }
        SvTimelineItem *item = sv_timeline_item_new(sv_time_day(message_of(c, fact)->at), said.text);
        g_ptr_array_unref(item->sources);
        item->sources = g_steal_pointer(&said.quotes);
        g_ptr_array_add(out->timeline, item);
    }
}

static SvTaskState state_of(const SvEntry *e, SvDay today)
{
    return e->state == SV_ENTRY_DONE     ? SV_TASK_DONE
        : e->state == SV_ENTRY_CANCELLED ? SV_TASK_CANCELLED
        : e->due != SV_DAY_NONE && e->due < today ? SV_TASK_OVERDUE
                                                  : SV_TASK_OPEN;
}

static void add_task(const SvWording *w, const SvEntry *e, SvSummary *out)
{
    g_auto(SvWorded) said = sv_word_task(w, e);
    if (!said.text)
        return;
    if (!sv_gate_check(w->ledger->facts->history, said.text, said.quotes, said.days)) {
        out->coverage.unproved++;
        return;
    }
    SvTask *t = sv_task_new(said.text);
    t->side = e->side;
    t->assignee = e->assignee;
    t->due = e->due;
    t->state = state_of(e, w->today);
    g_ptr_array_unref(t->sources);
    t->sources = g_steal_pointer(&said.quotes);
    g_ptr_array_add(out->tasks, t);
}

static int by_due(gconstpointer a, gconstpointer b)
{
    const SvTask *x = *(SvTask *const *)a, *y = *(SvTask *const *)b;
    SvDay p = x->due == SV_DAY_NONE ? G_MAXINT32 : x->due, q = y->due == SV_DAY_NONE ? G_MAXINT32 : y->due;
    return (p > q) - (p < q);
}

void sv_choose_tasks(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    g_autoptr(GArray) entries = open_entries(c);
    for (guint i = 0; i < entries->len && out->tasks->len < TASKS_MOST; i++) {
        Candidate k = g_array_index(entries, Candidate, i);
        if (k.score >= TASK_LEAST)
            add_task(w, g_ptr_array_index(c->ledger->entries, k.fact), out);
    }
    g_ptr_array_sort(out->tasks, by_due);
    for (guint i = c->ledger->entries->len; i-- > 0;) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, i);
        gboolean closed = e->state == SV_ENTRY_DONE || e->state == SV_ENTRY_CANCELLED;
        if (closed && c->score[SV_WORTH_TIMELINE][g_array_index(e->facts, guint, 0)] > 0.5f)
            add_task(w, e, out);
    }
}
