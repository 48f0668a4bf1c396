/* The numbers that the chooser weighs: see worth_features.h.
 *
 * Almost all are between 0 and 1. Ages and distances are given in steps, because the worth of a fact falls in
 * steps: what was said last week is news, last quarter is history. Products of worth and age let a linear
 * model see both. */
#include "worth_features.h"
#include "keys.h"
#include "sentence.h"
#include <math.h>
#include <string.h>

static const char *const won_words[] = {
    "успешно", "выигран", "закрыта", "оплачен", "won", "closed won", "success", "paid", "completed", NULL};
static const char *const lost_words[] = {
    "проигр", "отказ", "потерян", "закрыта без", "lost", "cancelled", "canceled", "declined", NULL};

static gboolean has_word(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (strstr(folded, *words))
            return TRUE;
    return FALSE;
}

SvStage sv_deal_stage(const char *stage)
{
    g_autofree char *folded = g_utf8_strdown(stage ? stage : "", -1);
    return has_word(folded, lost_words)  ? SV_STAGE_LOST
           : has_word(folded, won_words) ? SV_STAGE_WON
                                         : SV_STAGE_OPEN;
}

static const SvMessage *message_of(const SvLedger *l, const SvFact *f)
{
    return g_ptr_array_index(l->facts->history->messages, f->message);
}

static int age_of(const SvLedger *l, const SvFact *f)
{
    return sv_time_day(l->as_of) - sv_time_day(message_of(l, f)->at);
}

static int by_value(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* Counts keys of recent messages, once a message. */
static void count_recent(SvFeatureContext *c)
{
    const SvFacts *facts = c->ledger->facts;
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint last = G_MAXUINT;
    for (guint i = 0; i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        if (f->amount > c->max_amount && (!f->is_deal || f->amount < 1e12))
            c->max_amount = (float)f->amount;
        if (age_of(c->ledger, f) > 45)
            continue;
        if (f->message != last)
            c->n_recent++;
        last = f->message;
        for (guint k = 0; k < f->n_keys; k++) {
            gpointer key = GUINT_TO_POINTER(g_array_index(facts->keys, guint32, f->key_from + k));
            if (GPOINTER_TO_UINT(g_hash_table_lookup(seen, key)) == f->message + 1)
                continue;
            g_hash_table_insert(seen, key, GUINT_TO_POINTER(f->message + 1));
            g_hash_table_insert(
                c->recent, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(c->recent, key)) + 1));
        }
    }
}

static void find_deals(SvFeatureContext *c, const SvMorph *morph)
{
    const SvFacts *facts = c->ledger->facts;
    for (guint i = 0; i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        if (f->is_deal)
            g_hash_table_insert(
                c->last_of_deal, message_of(c->ledger, f)->deal->deal_id, GUINT_TO_POINTER(i + 1));
    }
    GHashTableIter it;
    gpointer value;
    g_hash_table_iter_init(&it, c->last_of_deal);
    while (g_hash_table_iter_next(&it, NULL, &value)) {
        const SvMessage *m = message_of(c->ledger, sv_facts_get(facts, GPOINTER_TO_UINT(value) - 1));
        if (sv_deal_stage(m->deal->stage) == SV_STAGE_OPEN)
            sv_keys_collect(
                morph, m->deal->title, (SvSpan){0, (guint32)strlen(m->deal->title)}, c->deal_keys);
    }
    g_array_sort(c->deal_keys, by_value);
}

SvFeatureContext *sv_features_new(const SvLedger *ledger, const SvMorph *morph)
{
    SvFeatureContext *c = g_new0(SvFeatureContext, 1);
    c->ledger = ledger;
    c->recent = g_hash_table_new(NULL, NULL);
    c->deal_keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    c->last_of_deal = g_hash_table_new(g_str_hash, g_str_equal);
    count_recent(c);
    find_deals(c, morph);
    return c;
}

void sv_features_free(SvFeatureContext *c)
{
    if (!c)
        return;
    g_hash_table_unref(c->recent);
    g_hash_table_unref(c->last_of_deal);
    g_array_unref(c->deal_keys);
    g_free(c);
}

/* A writer of features: the next free place. */
typedef struct {
    float *out;
    guint n;
} Put;

static void put(Put *p, double value)
{
    if (p->n < SV_FEATURES)
        p->out[p->n++] = (float)value;
}

/* One-hot by steps: value ≤ steps[i] for the first i. */
static void put_steps(Put *p, double value, const double *steps, guint n)
{
    guint at = n;
    for (guint i = 0; i < n && at == n; i++)
        if (value <= steps[i])
            at = i;
    for (guint i = 0; i <= n; i++)
        put(p, i == at);
}

static void put_slots(const SvFeatureContext *c, const SvFact *f, Put *p)
{
    static const double ahead[] = {-1, 3, 10, 30, 90};
    const SvFacts *facts = c->ledger->facts;
    gboolean has = f->due != SV_DAY_NONE;
    put(p, has);
    put(p, has && f->due_vague);
    if (has)
        put_steps(p, f->due - sv_time_day(c->ledger->as_of), ahead, G_N_ELEMENTS(ahead));
    else
        p->n += G_N_ELEMENTS(ahead) + 1;
    gboolean deadline = FALSE, percent = FALSE, quantity = FALSE;
    for (guint i = 0; i < f->n_dates; i++)
        deadline |= g_array_index(facts->dates, SvDateMention, f->date_from + i).role == SV_DATE_DEADLINE;
    for (guint i = 0; i < f->n_amounts; i++) {
        SvAmountKind kind = g_array_index(facts->amounts, SvAmount, f->amount_from + i).kind;
        percent |= kind == SV_AMOUNT_PERCENT;
        quantity |= kind == SV_AMOUNT_QUANTITY;
    }
    put(p, deadline);
    put(p, percent);
    put(p, quantity);
    put(p, f->amount > 0);
    put(p, f->amount > 0 && c->max_amount > 0 ? MAX(0, 1 + log10(f->amount / c->max_amount) / 4) : 0);
    put(p, f->named >= 0);
}

static void put_words(const SvFeatureContext *c, const SvFact *f, Put *p)
{
    const SvFacts *facts = c->ledger->facts;
    double sum = 0, best = 0, topical = 0, deal = 0;
    for (guint k = 0; k < f->n_keys; k++) {
        guint32 key = g_array_index(facts->keys, guint32, f->key_from + k);
        double idf = sqrt(g_array_index(facts->weights, float, f->key_from + k));
        guint recent = GPOINTER_TO_UINT(g_hash_table_lookup(c->recent, GUINT_TO_POINTER(key)));
        sum += idf;
        best = MAX(best, idf);
        topical += idf * log1p(recent);
        if (c->deal_keys->len && bsearch(&key, c->deal_keys->data, c->deal_keys->len, sizeof key, by_value))
            deal += idf;
    }
    double top = log((double)facts->n_messages_read + 1);
    put(p, sum / (top * 12));
    put(p, f->n_keys ? sum / f->n_keys / top : 0);
    put(p, best / top);
    put(p, sum > 0 ? topical / sum / 3 : 0);
    put(p, topical / (top * 12));
    put(p, MIN(deal / top, 2));
}

static void put_state(const SvFeatureContext *c, guint i, Put *p)
{
    const SvLedger *l = c->ledger;
    put(p, l->earlier[(gsize)i * SV_LINKS].similarity);
    put(p, l->later_best[i]);
    put(p, MIN(l->support[i], 6) / 6.0);
    put(p, l->superseded_by[i] >= 0);
    const SvEntry *e = l->entry_of[i] >= 0 ? g_ptr_array_index(l->entries, (guint)l->entry_of[i]) : NULL;
    for (SvEntryState s = SV_ENTRY_OPEN; s <= SV_ENTRY_STALE; s++)
        put(p, e && e->state == s);
    put(p, e && e->side == SV_SIDE_US);
    put(p, e && e->closed_by == (int)i);
    put(p, e && e->moved);
    put(p, e && e->accepted);
    put(p, e ? MIN(e->facts->len, 4) / 4.0 : 0);
}

void sv_features_of(const SvFeatureContext *c, guint i, float *out)
{
    static const double ages[] = {3, 7, 14, 30, 60, 90, 180, 365};
    static const double lengths[] = {15, 40, 80, 160, 300};
    const SvFact *f = sv_facts_get(c->ledger->facts, i);
    const SvMessage *m = message_of(c->ledger, f);
    int age = age_of(c->ledger, f);
    memset(out, 0, SV_FEATURES * sizeof *out);
    Put p = {out, 0};
    for (int a = 0; a < SV_ACT_N; a++)
        put(&p, f->acts.p[a]);
    put(&p, f->acts.worth);
    put(&p, f->acts.interest);
    put_steps(&p, age, ages, G_N_ELEMENTS(ages));
    put(&p, f->acts.worth * (age <= 14));
    put(&p, f->acts.worth * (age <= 45));
    put(&p, f->acts.worth * (age <= 120));
    put(&p, f->acts.interest * (age <= 45));
    for (int ch = 0; ch < SV_CHANNEL_N; ch++)
        put(&p, (int)m->channel == ch);
    put(&p, f->side == SV_SIDE_US);
    put(&p, f->side == SV_SIDE_CLIENT);
    put(&p, f->ordinal == 0);
    put(&p, f->ordinal + 1 == f->n_in_message);
    put_steps(&p, f->span.to - f->span.from, lengths, G_N_ELEMENTS(lengths));
    put_slots(c, f, &p);
    put_words(c, f, &p);
    put_state(c, i, &p);
    SvStage stage = f->is_deal ? sv_deal_stage(m->deal->stage) : SV_STAGE_OPEN;
    gboolean last =
        f->is_deal && GPOINTER_TO_UINT(g_hash_table_lookup(c->last_of_deal, m->deal->deal_id)) == i + 1;
    put(&p, f->is_deal && stage == SV_STAGE_WON);
    put(&p, f->is_deal && stage == SV_STAGE_LOST);
    put(&p, f->is_deal && last && stage == SV_STAGE_OPEN);
    put(&p, f->is_deal && !last);
    /* rare and telling acts, whatever their age and together with youth */
    static const SvAct rare[] = {
        SV_ACT_EVENT, SV_ACT_PERSONNEL, SV_ACT_COMPETITOR, SV_ACT_DECIDER, SV_ACT_BUDGET};
    float telling = 0;
    for (gsize k = 0; k < G_N_ELEMENTS(rare); k++)
        telling = MAX(telling, f->acts.p[rare[k]]);
    put(&p, telling);
    put(&p, telling * (age <= 60));
    put(&p, telling * (m->channel == SV_CHANNEL_NOTE));
    put(&p,
        (f->due != SV_DAY_NONE && f->due >= sv_time_day(c->ledger->as_of)) * (age <= 45) * f->acts.interest);
}
