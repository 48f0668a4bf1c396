/* Links between facts: the most similar earlier ones of each.
 *
 * An inverted index from key to the facts that hold it is walked once in order of time. Only the newest
 * POSTINGS facts of a key are looked at, and keys that stand in every tenth message say nothing; so the work
 * grows with the history, not with its square. */
#include "ledger.h"
#include <string.h>

#define POSTINGS 48

typedef struct {
    guint32 ring[POSTINGS];
    guint n; /* facts seen so far; the newest lies at (n - 1) % POSTINGS */
} Posting;

typedef struct {
    SvLedger *ledger;
    GHashTable *index; /* key → Posting * */
    float *score;      /* by fact, of the fact at hand */
    guint *touched;    /* facts with a score */
    guint n_touched;
} Linking;

static void add_scores(Linking *l, guint32 key, float weight)
{
    Posting *p = g_hash_table_lookup(l->index, GUINT_TO_POINTER(key));
    if (!p)
        return;
    for (guint i = 0; i < MIN(p->n, POSTINGS); i++) {
        guint32 other = p->ring[i];
        if (l->score[other] == 0)
            l->touched[l->n_touched++] = other;
        l->score[other] += weight;
    }
}

static void keep_best(SvLink *links, guint fact, float similarity)
{
    guint at = SV_LINKS;
    while (at > 0 && links[at - 1].similarity < similarity)
        at--;
    if (at == SV_LINKS)
        return;
    memmove(links + at + 1, links + at, (SV_LINKS - 1 - at) * sizeof *links);
    links[at] = (SvLink){fact, similarity};
}

static void link_fact(Linking *l, guint i)
{
    SvLedger *ledger = l->ledger;
    const SvFact *f = sv_facts_get(ledger->facts, i);
    for (guint k = 0; k < f->n_keys; k++)
        add_scores(l, g_array_index(ledger->facts->keys, guint32, f->key_from + k),
            g_array_index(ledger->facts->weights, float, f->key_from + k));
    for (guint t = 0; t < l->n_touched; t++) {
        guint other = l->touched[t];
        const SvFact *o = sv_facts_get(ledger->facts, other);
        float norm = f->norm * o->norm, s = norm > 0 ? l->score[other] / norm : 0;
        l->score[other] = 0;
        if (o->message == f->message && o->span.from == f->span.from)
            continue;
        keep_best(ledger->earlier + (gsize)i * SV_LINKS, other, s);
        ledger->later_best[other] = MAX(ledger->later_best[other], s);
        if (s > 0.5f && o->message != f->message) {
            ledger->support[other]++;
            ledger->support[i]++;
        }
    }
    l->n_touched = 0;
}

static void post_fact(Linking *l, guint i)
{
    const SvFacts *facts = l->ledger->facts;
    const SvFact *f = sv_facts_get(facts, i);
    guint common = facts->n_messages_read / 10 + 8;
    for (guint k = 0; k < f->n_keys; k++) {
        gpointer key = GUINT_TO_POINTER(g_array_index(facts->keys, guint32, f->key_from + k));
        if (GPOINTER_TO_UINT(g_hash_table_lookup(facts->idf, key)) > common)
            continue;
        Posting *p = g_hash_table_lookup(l->index, key);
        if (!p) {
            p = g_new0(Posting, 1);
            g_hash_table_insert(l->index, key, p);
        }
        p->ring[p->n++ % POSTINGS] = i;
    }
}

void sv_ledger_link(SvLedger *ledger)
{
    guint n = ledger->facts->facts->len;
    g_autoptr(GHashTable) index = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autofree guint *touched = g_new(guint, n);
    g_autofree float *score = g_new0(float, n);
    Linking l = {ledger, index, score, touched, 0};
    for (guint i = 0; i < n; i++) {
        link_fact(&l, i);
        post_fact(&l, i);
    }
}
