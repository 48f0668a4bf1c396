/* Lists of the document: timeline, tasks, people, the newest messages. See choose.h. */
#include "choose_parts.h"
#include "gate.h"
#include "words.h"
#include <string.h>

#define TASK_LEAST 0.3f
#define CLOSED_LEAST 0.5f /* lasting interest of a closed task */

/* Open entries by how likely they are still open and real. */
GArray *sv_choosing_open_entries(const SvChoosing *c)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(SvCandidate));
    for (guint i = 0; i < c->ledger->entries->len; i++) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, i);
        if (e->state != SV_ENTRY_OPEN)
            continue;
        float best = 0;
        for (guint k = 0; k < e->facts->len; k++)
            best = MAX(best, c->score[SV_WORTH_TASK][g_array_index(e->facts, guint, k)]);
        SvCandidate k = {i, best};
        g_array_append_val(out, k);
    }
    g_array_sort(out, sv_candidates_by_score);
    return out;
}

static int by_fact(gconstpointer a, gconstpointer b)
{
    const SvCandidate *x = a, *y = b;
    return (x->fact > y->fact) - (x->fact < y->fact);
}

void sv_choose_timeline(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(SvCandidate));
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(SvCandidate));
    for (guint i = 0; i < c->n; i++) {
        SvCandidate k = {i, c->score[rule->target][i]};
        if (!sv_choosing_is_personal(c, i))
            g_array_append_val(candidates, k);
    }
    g_array_sort(candidates, sv_candidates_by_score);
    for (guint i = 0; i < candidates->len && kept->len < rule->most; i++) {
        SvCandidate k = g_array_index(candidates, SvCandidate, i);
        gboolean fresh = TRUE; /* one line a message */
        for (guint t = 0; t < taken->len && fresh; t++)
            fresh = sv_choosing_fact(c, g_array_index(taken, guint, t))->message !=
                    sv_choosing_fact(c, k.fact)->message;
        if (!fresh)
            continue;
        g_array_append_val(taken, k.fact);
        g_array_append_val(kept, k);
    }
    g_array_sort(kept, by_fact);
    for (guint i = 0; i < kept->len; i++) {
        guint fact = g_array_index(kept, SvCandidate, i).fact;
        g_auto(SvWorded) said = sv_word_facts(w, fact, fact, rule->length);
        if (!said.text)
            continue;
        if (!sv_gate_check(w->ledger->facts->history, said.text, said.quotes, said.days)) {
            out->coverage.unproved++;
            continue;
        }
        SvTimelineItem *item = sv_timeline_item_new(sv_time_day(sv_choosing_message(c, fact)->at), said.text);
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

/* Tells tasks apart, and stays the same when others come or go: from the words that prove it first. */
static char *task_id(const SvChoosing *c, const SvTask *t)
{
    const SvQuote *q = t->sources->pdata[0];
    const SvMessage *m = c->ledger->facts->history->messages->pdata[q->message];
    g_autofree char *key = g_strdup_printf("%s\n%s", m->id, q->quote);
    char *id = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
    id[16] = 0;
    return id;
}

static void add_task(const SvChoosing *c, const SvWording *w, const SvEntry *e, SvSummary *out)
{
    guint telling = most_telling(c, e);
    g_auto(SvWorded) said = sv_word_task(w, e, telling);
    if (!said.text || sv_choosing_is_personal(c, telling))
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
    t->id = task_id(c, t);
    g_ptr_array_add(out->tasks, t);
}

static int by_due(gconstpointer a, gconstpointer b)
{
    const SvTask *x = *(SvTask *const *)a, *y = *(SvTask *const *)b;
    SvDay p = x->due == SV_DAY_NONE ? G_MAXINT32 : x->due, q = y->due == SV_DAY_NONE ? G_MAXINT32 : y->due;
    return (p > q) - (p < q);
}

void sv_choose_tasks(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSummary *out)
{
    g_autoptr(GArray) entries = sv_choosing_open_entries(c);
    for (guint i = 0; i < entries->len && out->tasks->len < rule->most; i++) {
        SvCandidate k = g_array_index(entries, SvCandidate, i);
        if (k.score >= TASK_LEAST)
            add_task(c, w, g_ptr_array_index(c->ledger->entries, k.fact), out);
    }
    g_ptr_array_sort(out->tasks, by_due);
    for (guint i = c->ledger->entries->len; i-- > 0;) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, i);
        gboolean closed = e->state == SV_ENTRY_DONE || e->state == SV_ENTRY_CANCELLED;
        if (closed && sv_choosing_fact(c, g_array_index(e->facts, guint, 0))->acts.interest > CLOSED_LEAST)
            add_task(c, w, e, out);
    }
}

/* ── people ── */

typedef struct {
    int person;
    guint last; /* fact */
} Spoke;

/* The newest thing that each of the client's people said, the one heard last first. */
static GArray *who_spoke(const SvChoosing *c)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Spoke));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = c->n; i-- > 0;) {
        const SvFact *f = sv_choosing_fact(c, i);
        Spoke s = {f->speaker, i};
        if (f->speaker >= 0 && f->side == SV_SIDE_CLIENT && !sv_choosing_is_personal(c, i) &&
            g_hash_table_add(seen, GINT_TO_POINTER(f->speaker + 1)))
            g_array_append_val(out, s);
    }
    return out;
}

/* "Мария Козлова, финансовый директор: последнее сообщение 15 ноября" */
static char *introduce(const SvWording *w, const SvPerson *p, SvDay day)
{
    g_autofree char *date = sv_words_day(w->language, day, w->today);
    g_autofree char *who =
        p->role && *p->role ? g_strconcat(p->name, ", ", p->role, NULL) : g_strdup(p->name);
    g_autofree char *last = sv_word_with(w->language, "person.last", date);
    return g_strconcat(who, ": ", last, NULL);
}

void sv_choose_people(
    const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSection *section, SvSummary *out)
{
    const SvHistory *history = c->ledger->facts->history;
    g_autoptr(GArray) spoke = who_spoke(c);
    for (guint i = 0; i < spoke->len && section->statements->len < rule->most; i++) {
        const Spoke *s = &g_array_index(spoke, Spoke, i);
        const SvPerson *p = sv_history_person(history, s->person);
        const SvFact *f = sv_choosing_fact(c, s->last);
        SvDay day = sv_time_day(sv_choosing_message(c, s->last)->at);
        if (!p || !p->name)
            continue;
        g_autofree char *text = introduce(w, p, day);
        g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(SvDay));
        SvStatement *statement = sv_statement_new(text, "person");
        g_array_append_val(days, day);
        sv_quotes_add(statement->sources, f->message,
            sv_choosing_message(c, s->last)->text.bytes + f->span.from, f->span.to - f->span.from);
        if (sv_gate_check(history, text, statement->sources, days))
            g_ptr_array_add(section->statements, statement);
        else {
            out->coverage.unproved++;
            sv_statement_free(statement);
        }
    }
}

/* ── the newest messages ── */

void sv_choose_activity(
    const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSection *section, SvSummary *out)
{
    for (guint end = c->n; end > 0 && section->statements->len < rule->most;) {
        guint first = end - 1, best;
        while (first > 0 && sv_choosing_fact(c, first - 1)->message == sv_choosing_fact(c, end - 1)->message)
            first--;
        best = first;
        for (guint i = first; i < end; i++)
            if (c->score[SV_WORTH_TIMELINE][i] > c->score[SV_WORTH_TIMELINE][best])
                best = i;
        if (!sv_choosing_is_personal(c, best))
            sv_choosing_add(w, section, best, best, "activity", rule->length, out);
        end = first;
    }
}
