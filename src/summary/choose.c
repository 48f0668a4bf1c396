/* Choosing: see choose.h.
 *
 * A pick takes candidates by score and passes over what says the same as one already taken: the same
 * message's neighbouring sentence, or more than half of the weighed words in common. What a later fact made
 * untrue is never told as current. */
#include "choose.h"
#include "gate.h"
#include "words.h"
#include <string.h>

#define ALIKE 0.45f
#define BRIEF_STATEMENTS 5
#define SPEECH_READS                                                                                         \
    0.8f /* recognised speech takes longer to read than writing; a brief is read in seconds */
#define TIMELINE_MOST 60
#define TASKS_MOST 30
#define TASK_LEAST 0.3f
#define CLOSED_LEAST 0.5f  /* lasting interest of a closed task */
#define STALE_STEP_DAYS 30 /* a step that late is a broken promise, not a step */
#define OPEN_DEALS_MOST 3
#define CLOSED_DEALS_MOST 3
#define FAILURES_MOST 500 /* candidates that cannot be worded or proved, in one pick */

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
        float features[SV_FEATURES], scores[SV_WORTH_N];
        sv_features_of(context, i, features);
        sv_worth_scores(worth, features, scores);
        for (SvWorthTarget t = 0; t < SV_WORTH_N; t++)
            c->score[t][i] = scores[t];
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

/* Personal data stood in it: whatever else it says, a summary is no place for it. */
static gboolean is_personal(const SvChoosing *c, guint fact)
{
    SvSpan s = fact_of(c, fact)->span;
    return memchr(message_of(c, fact)->text.bytes + s.from, '[', s.to - s.from) != NULL;
}

/* Everything it dates lies in the past: what it expected has come or not. */
static gboolean is_past(const SvChoosing *c, guint fact)
{
    const SvFact *f = fact_of(c, fact);
    SvDay written = sv_time_day(message_of(c, fact)->at), today = sv_time_day(c->ledger->as_of),
          last = SV_DAY_NONE;
    for (guint i = 0; i < f->n_dates; i++) {
        const SvDateMention *d = &g_array_index(c->ledger->facts->dates, SvDateMention, f->date_from + i);
        last = MAX(last, d->to);
    }
    return last != SV_DAY_NONE && last >= written && last < today;
}

/* Words neighbouring facts and, if they pass the gates, adds the statement to the section. */
static gboolean add_statement(const SvWording *w, SvSection *section, guint first, guint last,
    const char *kind, guint limit, SvSummary *out)
{
    g_auto(SvWorded) said = sv_word_facts(w, first, last, limit);
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

/* Grows a fact to its neighbours that are worth nearly as much, within the limit: they belong together. */
static void grow(const SvChoosing *c, SvWorthTarget target, guint limit, guint *first, guint *last)
{
    const SvFact *f = fact_of(c, *first);
    const char *text = message_of(c, *first)->text.bytes;
    float least = c->score[target][*first] * 0.5f;
    for (gboolean more = !f->is_deal; more;) {
        more = FALSE;
        for (int step = 1; step >= -1; step -= 2) {
            guint next = step > 0 ? *last + 1 : *first - 1;
            if (next >= c->n || fact_of(c, next)->message != f->message ||
                fact_of(c, next)->speaker != f->speaker)
                continue;
            guint32 from = MIN(fact_of(c, next)->span.from, fact_of(c, *first)->span.from),
                    to = MAX(fact_of(c, next)->span.to, fact_of(c, *last)->span.to);
            SvSpan gap = step > 0 ? (SvSpan){fact_of(c, *last)->span.to, fact_of(c, next)->span.from}
                                  : (SvSpan){fact_of(c, next)->span.to, fact_of(c, *first)->span.from};
            if (gap.from > gap.to || memchr(text + gap.from, '\n', gap.to - gap.from))
                continue; /* another item of a list, another paragraph */
            if (c->score[target][next] < least || is_personal(c, next) || is_past(c, next) ||
                to - from > limit * 4 || g_utf8_strlen(text + from, (gssize)(to - from)) > (glong)limit)
                continue;
            *(step > 0 ? last : first) = next;
            more = TRUE;
        }
    }
}

/* Takes up to n of the candidates (sorted here) into the section. When the best have failed so often that the
 * text cannot be any good, the rest is not tried. */
static void pick(const SvChoosing *c, const SvWording *w, GArray *candidates, SvWorthTarget target, guint n,
    guint limit, GArray *taken, SvSection *section, SvSummary *out)
{
    g_array_sort(candidates, by_score);
    for (guint i = 0, failed = 0;
         i < candidates->len && section->statements->len < n && failed < FAILURES_MOST; i++) {
        guint fact = g_array_index(candidates, Candidate, i).fact, first = fact, last = fact;
        if (!is_new(c, taken, fact))
            continue;
        grow(c, target, limit, &first, &last);
        if (add_statement(w, section, first, last, kind_of(fact_of(c, fact)), limit, out))
            for (; first <= last; first++)
                g_array_append_val(taken, first);
        else
            failed++;
    }
}

/* The newest row of each deal that stands at a stage, newest first, until the section holds `most`. */
static void add_deals(const SvChoosing *c, const SvWording *w, SvStage stage, guint most, GArray *taken,
    SvSection *section, SvSummary *out)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = c->n; i-- > 0 && section->statements->len < most;) {
        if (!fact_of(c, i)->is_deal || !g_hash_table_add(seen, message_of(c, i)->deal->deal_id))
            continue;
        if (sv_deal_stage(message_of(c, i)->deal->stage) == stage && !is_personal(c, i) &&
            add_statement(w, section, i, i, "deal", 280, out))
            g_array_append_val(taken, i);
    }
}

void sv_choose_brief(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    SvSection *section = sv_section_new("brief", sv_word(out->language, "section.brief"));
    for (guint i = 0; i < c->n; i++) {
        float reads = message_of(c, i)->channel == SV_CHANNEL_CALL ? SPEECH_READS : 1;
        Candidate k = {i, c->score[SV_WORTH_BRIEF][i] * reads};
        if (c->ledger->superseded_by[i] < 0 && !is_past(c, i) && !is_personal(c, i))
            g_array_append_val(candidates, k);
    }
    add_deals(c, w, SV_STAGE_OPEN, 1, taken, section, out); /* what it is about comes first */
    pick(c, w, candidates, SV_WORTH_BRIEF, BRIEF_STATEMENTS, 240, taken, section, out);
    g_ptr_array_add(out->sections, section);
}

typedef struct {
    SvWorthTarget target;
    guint most;
    gboolean current; /* tells only what is still true */
} SectionRule;

static const SectionRule rules[] = {{SV_WORTH_STATUS, 8, TRUE}, {SV_WORTH_HISTORY, 9, FALSE},
    {SV_WORTH_AGREEMENTS, 8, TRUE}, {SV_WORTH_RISKS, 9, TRUE}};

static void choose_section(
    const SvChoosing *c, const SvWording *w, const SectionRule *rule, GArray *taken, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    const char *id = sv_worth_name(rule->target);
    g_autofree char *key = g_strdup_printf("section.%s", id);
    SvSection *section = sv_section_new(id, sv_word(out->language, key));
    for (guint i = 0; i < c->n; i++) {
        Candidate k = {i, c->score[rule->target][i]};
        if ((!rule->current || (c->ledger->superseded_by[i] < 0 && !is_past(c, i))) && !is_personal(c, i))
            g_array_append_val(candidates, k);
    }
    if (rule->target == SV_WORTH_STATUS)
        add_deals(c, w, SV_STAGE_OPEN, OPEN_DEALS_MOST, taken, section, out);
    if (rule->target == SV_WORTH_HISTORY) {
        add_deals(c, w, SV_STAGE_WON, CLOSED_DEALS_MOST, taken, section, out);
        add_deals(c, w, SV_STAGE_LOST, section->statements->len + CLOSED_DEALS_MOST, taken, section, out);
    }
    pick(c, w, candidates, rule->target, rule->most, 280, taken, section, out);
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
        if (is_personal(c, last) || (is_past(c, last) && (e->due == SV_DAY_NONE || e->due < w->today)) ||
            (e->due != SV_DAY_NONE && e->due < w->today - STALE_STEP_DAYS))
            continue;
        if (is_new(c, taken, last) && add_statement(w, section, last, last, "next_step", 240, out))
            g_array_append_val(taken, last);
    }
    g_ptr_array_add(out->sections, section);
}

void sv_choose_sections(const SvChoosing *c, const SvWording *w, SvSummary *out)
{
    static const gsize order[] = {
        3, 2, 0, 1}; /* risks take first: what is rare must not lose its place to the usual */
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
        Candidate k = {i, c->score[SV_WORTH_TIMELINE][i]};
        if (!is_personal(c, i))
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
        g_auto(SvWorded) said = sv_word_facts(w, fact, fact, 180);
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
    return e->state == SV_ENTRY_DONE                 ? SV_TASK_DONE
           : e->state == SV_ENTRY_CANCELLED          ? SV_TASK_CANCELLED
           : e->due != SV_DAY_NONE && e->due < today ? SV_TASK_OVERDUE
                                                     : SV_TASK_OPEN;
}

/* The fact that tells best what is to be done: the newest of the highest score. */
static guint most_telling(const SvChoosing *c, const SvEntry *e)
{
    guint best = g_array_index(e->facts, guint, 0);
    for (guint i = 1; i < e->facts->len; i++) {
        guint fact = g_array_index(e->facts, guint, i);
        if (c->score[SV_WORTH_TASK][fact] >= c->score[SV_WORTH_TASK][best])
            best = fact;
    }
    return best;
}

static void add_task(const SvChoosing *c, const SvWording *w, const SvEntry *e, SvSummary *out)
{
    guint telling = most_telling(c, e);
    g_auto(SvWorded) said = sv_word_task(w, e, telling);
    if (!said.text || is_personal(c, telling))
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
            add_task(c, w, g_ptr_array_index(c->ledger->entries, k.fact), out);
    }
    g_ptr_array_sort(out->tasks, by_due);
    for (guint i = c->ledger->entries->len; i-- > 0;) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, i);
        gboolean closed = e->state == SV_ENTRY_DONE || e->state == SV_ENTRY_CANCELLED;
        if (closed && fact_of(c, g_array_index(e->facts, guint, 0))->acts.interest > CLOSED_LEAST)
            add_task(c, w, e, out);
    }
}
