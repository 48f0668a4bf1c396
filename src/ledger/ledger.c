/* Following promises and requests through time: see ledger.h.
 *
 * Facts are taken in order of time. A promise or a request founds an entry unless an open entry of the same
 * side says much the same: then it joins it (and a new date moves it). "Done" by the side that must act
 * closes the entry it is most like; a refusal by that side cancels it; a bare consent accepts the request
 * before it. Whatever is left open long after its date is stale: nobody waits for it any more.
 *
 *   request ──accept──► open ──done──► done
 *      │                │  ▲
 *      └──refused──►    moved (new due)        open, long past ──► stale
 *
 * It keeps true: the same facts give the same entries whatever the order in which messages arrived, since
 * facts are sorted by time first. It does not read text: only acts, sides, dates and keys. */
#include "ledger.h"
#include <string.h>

#define JOIN_SIMILARITY 0.34f  /* to repeat or move an entry */
#define CLOSE_SIMILARITY 0.22f /* to close one: fulfilment is told in other words */
#define STALE_DAYS 75          /* after its date, or after its last word when it has none */
#define OPEN_WINDOW 24         /* open entries looked at for each word, newest first */
#define LIST_WINDOW 96         /* entries of a word looked at, open or not */
#define ENTRY_WINDOW 12        /* facts of an entry looked at: the first and the newest */

typedef struct {
    SvLedger *ledger;
    GArray *open;       /* guint indices of open entries, oldest first */
    GHashTable *by_key; /* key → GArray of guint: entries with a fact that has it, oldest first */
    GArray *seen;       /* guint, by entry: the search that looked at it last */
    guint stamp;        /* of the search at hand */
} Following;

static void entry_free(gpointer data)
{
    SvEntry *e = data;
    g_array_unref(e->facts);
    g_free(e);
}

static SvSide other_side(SvSide side)
{
    return side == SV_SIDE_US ? SV_SIDE_CLIENT : side == SV_SIDE_CLIENT ? SV_SIDE_US : SV_SIDE_UNKNOWN;
}

static const SvMessage *message_of(const Following *fw, const SvFact *f)
{
    return g_ptr_array_index(fw->ledger->facts->history->messages, f->message);
}

static SvDay day_of(const Following *fw, guint fact)
{
    return sv_time_day(message_of(fw, sv_facts_get(fw->ledger->facts, fact))->at);
}

/* How likely a fact is about an entry: its likeness to the entry's facts, more in the same thread. A thing
 * said a thousand times is compared with its first words and its last ones, so that the work stays bounded.
 */
static float likeness(const Following *fw, const SvEntry *e, guint fact)
{
    const SvFacts *facts = fw->ledger->facts;
    float best = 0;
    guint n = MIN(e->facts->len, ENTRY_WINDOW), skipped = e->facts->len - n;
    for (guint i = 0; i < n; i++)
        best =
            MAX(best, sv_facts_similarity(facts, g_array_index(e->facts, guint, i ? i + skipped : 0), fact));
    guint last = g_array_index(e->facts, guint, e->facts->len - 1);
    const SvMessage *a = message_of(fw, sv_facts_get(facts, last)),
                    *b = message_of(fw, sv_facts_get(facts, fact));
    if (best > 0 && a->thread && g_strcmp0(a->thread, b->thread) == 0 && a->channel == SV_CHANNEL_EMAIL)
        best += 0.08f;
    const SvFact *f = sv_facts_get(facts, fact);
    if (best > 0.1f && e->due != SV_DAY_NONE && f->due == e->due)
        best += 0.12f; /* two things due on one day are more often one thing */
    int days = day_of(fw, fact) - day_of(fw, last);
    return days > 60 ? best * 0.6f : days <= 14 ? best * 1.1f : best;
}

/* Remembers under each of the fact's keys that the entry has a fact with it. */
static void post_entry(Following *fw, guint index, guint fact)
{
    const SvFacts *facts = fw->ledger->facts;
    const SvFact *f = sv_facts_get(facts, fact);
    for (guint k = 0; k < f->n_keys; k++) {
        gpointer key = GUINT_TO_POINTER(g_array_index(facts->keys, guint32, f->key_from + k));
        GArray *list = g_hash_table_lookup(fw->by_key, key);
        if (!list) {
            list = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(fw->by_key, key, list);
        }
        if (!list->len || g_array_index(list, guint, list->len - 1) != index)
            g_array_append_val(list, index);
    }
}

/* The open entry of a side (unknown: any) that a fact is most about, at least `least`; -1 when there is none.
 * Only entries that share a word with it are looked at, of each word the newest. */
static int find_open(Following *fw, guint fact, SvSide side, float least)
{
    const SvFacts *facts = fw->ledger->facts;
    const SvFact *f = sv_facts_get(facts, fact);
    int best = -1;
    float best_score = least;
    g_array_set_size(fw->seen, fw->ledger->entries->len);
    fw->stamp++;
    for (guint k = 0; k < f->n_keys; k++) {
        gpointer key = GUINT_TO_POINTER(g_array_index(facts->keys, guint32, f->key_from + k));
        const GArray *list = g_hash_table_lookup(fw->by_key, key);
        guint end = list ? list->len : 0, stop = end > LIST_WINDOW ? end - LIST_WINDOW : 0;
        for (guint i = end, n = 0; i-- > stop && n < OPEN_WINDOW;) {
            guint index = g_array_index(list, guint, i);
            const SvEntry *e = g_ptr_array_index(fw->ledger->entries, index);
            guint *seen = &g_array_index(fw->seen, guint, index);
            if (e->state != SV_ENTRY_OPEN || (side != SV_SIDE_UNKNOWN && e->side != side))
                continue;
            n++;
            if (*seen == fw->stamp)
                continue;
            *seen = fw->stamp;
            float s = likeness(fw, e, fact);
            if (s > best_score || (best >= 0 && s == best_score && (int)index > best)) {
                best_score = s;
                best = (int)index;
            }
        }
    }
    return best;
}

static void close_entry(Following *fw, guint index, SvEntryState state, guint fact)
{
    SvEntry *e = g_ptr_array_index(fw->ledger->entries, index);
    e->state = state;
    e->closed_by = (int)fact;
    fw->ledger->entry_of[fact] = (int)index;
    for (guint i = 0; i < fw->open->len; i++)
        if (g_array_index(fw->open, guint, i) == index) {
            g_array_remove_index(fw->open, i);
            return;
        }
}

static void join(Following *fw, guint index, guint fact)
{
    SvEntry *e = g_ptr_array_index(fw->ledger->entries, index);
    const SvFact *f = sv_facts_get(fw->ledger->facts, fact);
    if (f->due != SV_DAY_NONE && f->due >= day_of(fw, fact) && f->due != e->due) {
        e->moved = e->due != SV_DAY_NONE;
        e->due = f->due;
    }
    g_array_append_val(e->facts, fact);
    post_entry(fw, index, fact);
    fw->ledger->entry_of[fact] = (int)index;
}

static void found(Following *fw, guint fact, SvSide side, int assignee, float certainty)
{
    SvEntry *e = g_new0(SvEntry, 1);
    const SvFact *f = sv_facts_get(fw->ledger->facts, fact);
    guint index = fw->ledger->entries->len;
    e->facts = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(e->facts, fact);
    e->side = side;
    e->assignee = assignee;
    e->due = f->due != SV_DAY_NONE && f->due >= day_of(fw, fact) ? f->due : SV_DAY_NONE;
    e->closed_by = -1;
    e->certainty = certainty;
    g_ptr_array_add(fw->ledger->entries, e);
    g_array_append_val(fw->open, index);
    post_entry(fw, index, fact);
    fw->ledger->entry_of[fact] = (int)index;
}

/* The person who is to act: one of that side who is named, else the speaker, else the only addressee. */
static int assignee_of(const Following *fw, const SvFact *f, SvSide side)
{
    const SvHistory *h = fw->ledger->facts->history;
    if (f->named >= 0 && sv_history_side(h, f->named) == side)
        return f->named;
    if (f->side == side)
        return f->speaker;
    return -1;
}

/* «Хорошо», "Will do": consent whose content lies in the message before. */
static gboolean is_bare_consent(const SvFact *f)
{
    return sv_fact_has(f, SV_ACT_ACCEPT) && f->n_keys <= 2 && f->due == SV_DAY_NONE;
}

static void take_undertaking(Following *fw, guint i)
{
    const SvFact *f = sv_facts_get(fw->ledger->facts, i);
    gboolean promise = sv_fact_has(f, SV_ACT_PROMISE) || sv_fact_has(f, SV_ACT_PROMISE_IF);
    gboolean request = sv_fact_has(f, SV_ACT_REQUEST);
    if ((!promise && !request) || f->side == SV_SIDE_UNKNOWN || f->side == SV_SIDE_THIRD || f->is_deal)
        return;
    float p_promise = MAX(f->acts.p[SV_ACT_PROMISE], f->acts.p[SV_ACT_PROMISE_IF]);
    if (is_bare_consent(f))
        return;
    gboolean own = promise && (!request || p_promise >= f->acts.p[SV_ACT_REQUEST]);
    SvSide side = own ? f->side : other_side(f->side);
    int same = find_open(fw, i, side, JOIN_SIMILARITY);
    if (same >= 0) {
        SvEntry *e = g_ptr_array_index(fw->ledger->entries, same);
        e->accepted |= own;
        e->certainty = MAX(e->certainty, own ? p_promise : f->acts.p[SV_ACT_REQUEST]);
        join(fw, (guint)same, i);
    } else {
        found(fw, i, side, assignee_of(fw, f, side), own ? p_promise : f->acts.p[SV_ACT_REQUEST]);
    }
}

/* What a fact does to open entries. TRUE when it closed or moved one. */
static gboolean take_outcome(Following *fw, guint i)
{
    const SvFact *f = sv_facts_get(fw->ledger->facts, i);
    const SvMessage *m = message_of(fw, f);
    gboolean note = m->channel == SV_CHANNEL_NOTE || f->is_deal;
    SvSide side = note ? SV_SIDE_UNKNOWN : f->side;
    float p_done = MAX(MAX(f->acts.p[SV_ACT_DONE], f->acts.p[SV_ACT_PURCHASE]), f->acts.p[SV_ACT_RESOLUTION]);
    float p_will = MAX(f->acts.p[SV_ACT_PROMISE], f->acts.p[SV_ACT_REQUEST]);
    gboolean done = p_done >= p_will && (sv_fact_has(f, SV_ACT_DONE) || sv_fact_has(f, SV_ACT_PURCHASE) ||
                                            sv_fact_has(f, SV_ACT_RESOLUTION));
    if (done) {
        int e = find_open(fw, i, side, CLOSE_SIMILARITY * (p_done > 0.6f ? 0.8f : 1.0f));
        if (e >= 0) {
            close_entry(fw, (guint)e, SV_ENTRY_DONE, i);
            return TRUE;
        }
    }
    if (sv_fact_has(f, SV_ACT_MOVED) && f->due != SV_DAY_NONE) {
        int e = find_open(fw, i, SV_SIDE_UNKNOWN, CLOSE_SIMILARITY);
        if (e >= 0) {
            join(fw, (guint)e, i);
            return TRUE;
        }
    }
    if (sv_fact_has(f, SV_ACT_REFUSAL)) {
        int e = find_open(fw, i, f->side, CLOSE_SIMILARITY);
        if (e >= 0) {
            close_entry(fw, (guint)e, SV_ENTRY_CANCELLED, i);
            return TRUE;
        }
    }
    return FALSE;
}

/* A bare consent accepts the newest request to its side of the same conversation, if that is fresh. */
static void take_consent(Following *fw, guint i)
{
    const SvFact *f = sv_facts_get(fw->ledger->facts, i);
    if (!sv_fact_has(f, SV_ACT_ACCEPT) || fw->open->len == 0)
        return;
    const SvMessage *m = message_of(fw, f);
    for (guint k = fw->open->len; k-- > 0 && fw->open->len - k < 8;) {
        SvEntry *e = g_ptr_array_index(fw->ledger->entries, g_array_index(fw->open, guint, k));
        const SvMessage *asked =
            message_of(fw, sv_facts_get(fw->ledger->facts, g_array_index(e->facts, guint, 0)));
        if (e->side == f->side && m->at.unix_s - asked->at.unix_s < 3 * 86400 &&
            g_strcmp0(asked->thread, m->thread) == 0) {
            e->accepted = TRUE;
            return;
        }
    }
}

/* A later fact about the same thing with another date or sum makes the earlier one untrue. */
static void find_superseded(SvLedger *ledger)
{
    const SvFacts *facts = ledger->facts;
    for (guint i = 0; i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        gboolean changes = sv_fact_has(f, SV_ACT_MOVED) || sv_fact_has(f, SV_ACT_DONE) ||
                           sv_fact_has(f, SV_ACT_PURCHASE) || sv_fact_has(f, SV_ACT_REFUSAL) || f->is_deal ||
                           f->acts.p[SV_ACT_MOVED] > 0.2f;
        for (guint k = 0; changes && k < SV_LINKS; k++) {
            SvLink link = ledger->earlier[(gsize)i * SV_LINKS + k];
            if (link.similarity < 0.4f)
                break;
            const SvFact *o = sv_facts_get(facts, link.fact);
            gboolean date = o->due != SV_DAY_NONE && f->due != SV_DAY_NONE && o->due != f->due;
            gboolean sum = o->amount > 0 && f->amount > 0 && o->amount != f->amount &&
                           g_str_equal(o->currency, f->currency);
            if (o->message != f->message && (date || sum || (f->is_deal && o->is_deal)))
                ledger->superseded_by[link.fact] = (int)i;
        }
    }
}

static void mark_stale(Following *fw)
{
    SvDay today = sv_time_day(fw->ledger->as_of);
    for (guint i = 0; i < fw->open->len; i++) {
        SvEntry *e = g_ptr_array_index(fw->ledger->entries, g_array_index(fw->open, guint, i));
        SvDay last = day_of(fw, g_array_index(e->facts, guint, e->facts->len - 1));
        if (today - MAX(last, e->due) > STALE_DAYS)
            e->state = SV_ENTRY_STALE;
    }
}

SvLedger *sv_ledger_new(const SvFacts *facts, SvTime as_of)
{
    guint n = facts->facts->len;
    SvLedger *ledger = g_new0(SvLedger, 1);
    ledger->facts = facts;
    ledger->as_of = as_of;
    ledger->entries = g_ptr_array_new_with_free_func(entry_free);
    ledger->earlier = g_new0(SvLink, (gsize)n * SV_LINKS + 1);
    ledger->later_best = g_new0(float, n + 1);
    ledger->support = g_new0(guint, n + 1);
    ledger->superseded_by = g_new(int, n + 1);
    ledger->entry_of = g_new(int, n + 1);
    memset(ledger->superseded_by, 0xff, (n + 1) * sizeof(int));
    memset(ledger->entry_of, 0xff, (n + 1) * sizeof(int));
    sv_ledger_link(ledger);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) seen = g_array_new(FALSE, TRUE, sizeof(guint));
    g_autoptr(GHashTable) by_key = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    Following fw = {ledger, open, by_key, seen, 0};
    for (guint i = 0; i < n; i++) {
        if (!take_outcome(&fw, i))
            take_undertaking(&fw, i);
        take_consent(&fw, i);
    }
    find_superseded(ledger);
    mark_stale(&fw);
    return ledger;
}

void sv_ledger_free(SvLedger *ledger)
{
    if (!ledger)
        return;
    g_ptr_array_unref(ledger->entries);
    g_free(ledger->earlier);
    g_free(ledger->later_best);
    g_free(ledger->support);
    g_free(ledger->superseded_by);
    g_free(ledger->entry_of);
    g_free(ledger);
}
