/* What changed: see since.h.
 *
 * Deals are compared row by row; entries of the ledger tell what was founded, moved, kept or called off by a
 * later message; a fact that a later one makes untrue is told with the later one's words; and what is new and
 * weighty is told as it stands. Everything passes the gates of a statement. */
#include "since.h"
#include "compose_parts.h"
#include "gate.h"
#include "words.h"
#include <math.h>
#include <string.h>

#define TASK_LEAST 0.3f
#define NEWS_LEAST 0.5f
#define TEXT_MOST 220

typedef struct {
    const SvDigest *d;
    const SvLedger *ledger;
    const SvChoosing *choosing;
    SvWording wording;
    gint64 since;
    SvDay today;
    GHashTable *told; /* facts that a change has told */
    GPtrArray *out;
} Telling;

static void change_free(gpointer p)
{
    SvChange *c = p;
    g_free(c->text);
    g_free(c->old);
    g_free(c->new_);
    g_ptr_array_unref(c->sources);
    g_free(c);
}

static const SvFact *fact_of(const Telling *t, guint i)
{
    return sv_facts_get(t->d->facts, i);
}

static const SvMessage *message_of(const Telling *t, guint i)
{
    return t->d->history->messages->pdata[fact_of(t, i)->message];
}

static gboolean is_later(const Telling *t, guint fact)
{
    return message_of(t, fact)->at.unix_s > t->since;
}

/* Takes what was worded, old and new. */
static void add(Telling *t, const char *kind, SvWorded *said, char *old, char *new_, SvTime at)
{
    g_autofree char *before = old, *after = new_;
    if (!said->text || !sv_gate_check(t->d->history, said->text, said->quotes, said->days)) {
        sv_worded_clear(said);
        return;
    }
    SvChange *c = g_new0(SvChange, 1);
    c->kind = kind;
    c->text = g_steal_pointer(&said->text);
    c->old = g_steal_pointer(&before);
    c->new_ = g_steal_pointer(&after);
    c->at = at;
    c->sources = g_steal_pointer(&said->quotes);
    sv_worded_clear(said);
    g_ptr_array_add(t->out, c);
}

static gboolean tell(Telling *t, guint fact)
{
    return g_hash_table_add(t->told, GUINT_TO_POINTER(fact + 1));
}

/* ── deals ── */

static char *amount_of(const SvDealChange *deal)
{
    return *deal->amount_text ? g_strstrip(g_strconcat(deal->amount_text, " ", deal->currency, NULL)) : NULL;
}

static void compare_deals(Telling *t, guint before, guint now)
{
    const SvDealChange *a = message_of(t, before)->deal, *b = message_of(t, now)->deal;
    gboolean stage = g_strcmp0(a->stage, b->stage) != 0;
    gboolean amount = !isnan(b->amount) && !isnan(a->amount) && a->amount != b->amount;
    if ((!stage && !amount) || !tell(t, now))
        return;
    SvWorded said = sv_word_deal(&t->wording, now);
    SvSpan was = fact_of(t, before)->span;
    if (said.text)
        sv_quotes_add(said.quotes, fact_of(t, before)->message, message_of(t, before)->text.bytes + was.from,
            was.to - was.from);
    if (stage)
        add(t, "stage", &said, g_strdup(a->stage), g_strdup(b->stage), message_of(t, now)->at);
    else
        add(t, "amount", &said, amount_of(a), amount_of(b), message_of(t, now)->at);
}

static void tell_deals(Telling *t)
{
    g_autoptr(GHashTable) newest = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < t->d->facts->facts->len; i++) {
        if (!fact_of(t, i)->is_deal)
            continue;
        char *id = message_of(t, i)->deal->deal_id;
        guint before = GPOINTER_TO_UINT(g_hash_table_lookup(newest, id));
        if (is_later(t, i) && before)
            compare_deals(t, before - 1, i);
        else if (is_later(t, i) && tell(t, i)) {
            SvWorded said = sv_word_deal(&t->wording, i);
            add(t, "new", &said, NULL, NULL, message_of(t, i)->at);
        }
        g_hash_table_replace(newest, id, GUINT_TO_POINTER(i + 1));
    }
}

/* ── undertakings ── */

/* The day it was due as of `since`; SV_DAY_NONE. */
static SvDay due_before(const Telling *t, const SvEntry *e)
{
    SvDay due = SV_DAY_NONE;
    for (guint i = 0; i < e->facts->len; i++) {
        guint fact = g_array_index(e->facts, guint, i);
        if (!is_later(t, fact) && fact_of(t, fact)->due != SV_DAY_NONE)
            due = fact_of(t, fact)->due;
    }
    return due;
}

static char *day_words(const Telling *t, SvDay day)
{
    return day == SV_DAY_NONE ? NULL : sv_words_day(t->wording.language, day, t->today);
}

/* The newest fact of the entry: it tells the last word. */
static guint last_fact(const SvEntry *e)
{
    return g_array_index(e->facts, guint, e->facts->len - 1);
}

static const char *change_of(const Telling *t, const SvEntry *e, guint *by)
{
    gboolean closed = e->state == SV_ENTRY_DONE || e->state == SV_ENTRY_CANCELLED;
    *by = last_fact(e);
    if (closed && e->closed_by >= 0 && is_later(t, (guint)e->closed_by)) {
        *by = (guint)e->closed_by;
        return e->state == SV_ENTRY_DONE ? "done" : "cancelled";
    }
    if (e->state != SV_ENTRY_OPEN)
        return NULL;
    if (is_later(t, g_array_index(e->facts, guint, 0)))
        return "new";
    if (is_later(t, *by) && e->due != SV_DAY_NONE && due_before(t, e) != SV_DAY_NONE &&
        due_before(t, e) != e->due)
        return "moved";
    SvDay day = sv_time_day((SvTime){t->since, t->d->as_of.offset_s});
    return e->due != SV_DAY_NONE && e->due >= day && e->due < t->today ? "overdue" : NULL;
}

static void tell_entry(Telling *t, const SvEntry *e)
{
    guint by, first = g_array_index(e->facts, guint, 0);
    const char *kind = change_of(t, e, &by);
    if (!kind || sv_choosing_is_personal(t->choosing, first) || sv_choosing_is_personal(t->choosing, by) ||
        t->choosing->score[SV_WORTH_TASK][first] < TASK_LEAST || !tell(t, by))
        return;
    SvWorded said = sv_word_task(&t->wording, e, first);
    SvTime at = message_of(t, by)->at;
    if (said.text && by != first) {
        SvWorded proof = sv_word_facts(&t->wording, by, by, TEXT_MOST);
        for (guint i = 0; proof.text && i < proof.quotes->len; i++) {
            const SvQuote *q = proof.quotes->pdata[i];
            sv_quotes_add(said.quotes, q->message, q->quote, strlen(q->quote));
        }
        sv_worded_clear(&proof);
    }
    gboolean moved = g_str_equal(kind, "moved");
    add(t, kind, &said, moved ? day_words(t, due_before(t, e)) : NULL,
        g_str_equal(kind, "done") || g_str_equal(kind, "cancelled") ? NULL : day_words(t, e->due), at);
}

/* ── the rest ── */

static void tell_facts(Telling *t)
{
    for (guint i = 0; i < t->d->facts->facts->len; i++) {
        int later = t->ledger->superseded_by[i];
        gboolean changed = later >= 0 && is_later(t, (guint)later) && !is_later(t, i);
        gboolean news = later < 0 && is_later(t, i) && t->choosing->score[SV_WORTH_BRIEF][i] >= NEWS_LEAST;
        guint fact = changed ? (guint)later : i;
        if ((!changed && !news) || fact_of(t, fact)->is_deal || sv_choosing_is_personal(t->choosing, fact) ||
            !tell(t, fact))
            continue;
        SvWorded said = sv_word_facts(&t->wording, fact, fact, TEXT_MOST);
        SvDay a = fact_of(t, i)->due, b = fact_of(t, fact)->due;
        gboolean days = changed && a != SV_DAY_NONE && b != SV_DAY_NONE && a != b;
        add(t, changed ? "changed" : "new", &said, days ? day_words(t, a) : NULL,
            days ? day_words(t, b) : NULL, message_of(t, fact)->at);
    }
}

static int newest_first(gconstpointer a, gconstpointer b)
{
    const SvChange *x = *(SvChange *const *)a, *y = *(SvChange *const *)b;
    if (x->at.unix_s != y->at.unix_s)
        return x->at.unix_s < y->at.unix_s ? 1 : -1;
    return strcmp(x->text, y->text);
}

GPtrArray *sv_summary_changes(const SvDigest *digest, SvLang language, SvTime since, guint most)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_direct_hash, g_direct_equal);
    GPtrArray *out = g_ptr_array_new_with_free_func(change_free);
    Telling t = {digest, digest->ledger, digest->choosing, sv_digest_wording(digest, language), since.unix_s,
        sv_time_day(digest->as_of), told, out};
    tell_deals(&t);
    for (guint i = 0; i < digest->ledger->entries->len; i++)
        tell_entry(&t, digest->ledger->entries->pdata[i]);
    tell_facts(&t);
    g_ptr_array_sort(out, newest_first);
    if (out->len > most)
        g_ptr_array_set_size(out, (gint)most);
    return out;
}
