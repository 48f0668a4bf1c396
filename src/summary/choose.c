/* Choosing: see choose.h.
 *
 * A pick takes candidates by score and passes over what says the same as one already taken: the same
 * message's neighbouring sentence, or more than half of the weighed words in common. What a later fact made
 * untrue is never told as current. */
#include "choose_parts.h"
#include "gate.h"
#include "words.h"
#include <string.h>

#define ALIKE 0.45f
#define DEAL_LENGTH 280
#define FAILURES_MOST 500  /* candidates that cannot be worded or proved, in one pick */
#define STALE_STEP_DAYS 30 /* a step that late is a broken promise, not a step */

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

int sv_candidates_by_score(gconstpointer a, gconstpointer b)
{
    const SvCandidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->fact > y->fact) - (x->fact < y->fact);
}

static gboolean says_same(const SvChoosing *c, guint a, guint b)
{
    const SvFact *x = sv_choosing_fact(c, a), *y = sv_choosing_fact(c, b);
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
gboolean sv_choosing_is_personal(const SvChoosing *c, guint fact)
{
    SvSpan s = sv_choosing_fact(c, fact)->span;
    return memchr(sv_choosing_message(c, fact)->text.bytes + s.from, '[', s.to - s.from) != NULL;
}

/* Everything it dates lies in the past: what it expected has come or not. */
static gboolean is_past(const SvChoosing *c, guint fact)
{
    const SvFact *f = sv_choosing_fact(c, fact);
    SvDay written = sv_time_day(sv_choosing_message(c, fact)->at), today = sv_time_day(c->ledger->as_of),
          last = SV_DAY_NONE;
    for (guint i = 0; i < f->n_dates; i++) {
        const SvDateMention *d = &g_array_index(c->ledger->facts->dates, SvDateMention, f->date_from + i);
        last = MAX(last, d->to);
    }
    return last != SV_DAY_NONE && last >= written && last < today;
}

/* Words neighbouring facts and, if they pass the gates, adds the statement to the section. */
gboolean sv_choosing_add(const SvWording *w, SvSection *section, guint first, guint last, const char *kind,
    guint limit, SvSummary *out)
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
    const SvFact *f = sv_choosing_fact(c, *first);
    const char *text = sv_choosing_message(c, *first)->text.bytes;
    float least = c->score[target][*first] * 0.5f;
    for (gboolean more = !f->is_deal; more;) {
        more = FALSE;
        for (int step = 1; step >= -1; step -= 2) {
            guint next = step > 0 ? *last + 1 : *first - 1;
            if (next >= c->n || sv_choosing_fact(c, next)->message != f->message ||
                sv_choosing_fact(c, next)->speaker != f->speaker)
                continue;
            guint32 from = MIN(sv_choosing_fact(c, next)->span.from, sv_choosing_fact(c, *first)->span.from),
                    to = MAX(sv_choosing_fact(c, next)->span.to, sv_choosing_fact(c, *last)->span.to);
            SvSpan gap =
                step > 0
                    ? (SvSpan){sv_choosing_fact(c, *last)->span.to, sv_choosing_fact(c, next)->span.from}
                    : (SvSpan){sv_choosing_fact(c, next)->span.to, sv_choosing_fact(c, *first)->span.from};
            if (gap.from > gap.to || memchr(text + gap.from, '\n', gap.to - gap.from))
                continue; /* another item of a list, another paragraph */
            if (c->score[target][next] < least || sv_choosing_is_personal(c, next) || is_past(c, next) ||
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
    g_array_sort(candidates, sv_candidates_by_score);
    for (guint i = 0, failed = 0;
         i < candidates->len && section->statements->len < n && failed < FAILURES_MOST; i++) {
        guint fact = g_array_index(candidates, SvCandidate, i).fact, first = fact, last = fact;
        if (!is_new(c, taken, fact))
            continue;
        grow(c, target, limit, &first, &last);
        if (sv_choosing_add(w, section, first, last, kind_of(sv_choosing_fact(c, fact)), limit, out))
            for (; first <= last; first++)
                g_array_append_val(taken, first);
        else
            failed++;
    }
}

static gboolean in_period(const SvChoosing *c, const SvFormatSection *rule, const SvWish *wish, guint fact)
{
    SvDay day = sv_time_day(sv_choosing_message(c, fact)->at);
    return !rule->period ||
           ((wish->from == SV_DAY_NONE || day >= wish->from) && (wish->to == SV_DAY_NONE || day <= wish->to));
}

/* The newest row of each deal that stands at a stage, newest first, until the section holds `most`. */
static void add_deals(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule,
    const SvWish *wish, SvStage stage, guint most, GArray *taken, SvSection *section, SvSummary *out)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = c->n; i-- > 0 && section->statements->len < most;) {
        if (!sv_choosing_fact(c, i)->is_deal ||
            !g_hash_table_add(seen, sv_choosing_message(c, i)->deal->deal_id))
            continue;
        if (sv_deal_stage(sv_choosing_message(c, i)->deal->stage) == stage &&
            !sv_choosing_is_personal(c, i) && in_period(c, rule, wish, i) &&
            sv_choosing_add(w, section, i, i, "deal", DEAL_LENGTH, out))
            g_array_append_val(taken, i);
    }
}

/* Is it what the section is about? */
static gboolean suits(const SvChoosing *c, const SvFormatSection *rule, const SvWish *wish, guint fact)
{
    if (sv_choosing_is_personal(c, fact) ||
        (rule->acts &&
            (sv_choosing_fact(c, fact)->is_deal || !(sv_choosing_fact(c, fact)->set & rule->acts))))
        return FALSE;
    if (rule->current && (c->ledger->superseded_by[fact] >= 0 || is_past(c, fact)))
        return FALSE;
    return in_period(c, rule, wish, fact);
}

/* How much the section is about what the fact does: the likeliest of its acts; 1 when any act will do. */
static float about(const SvFormatSection *rule, const SvFact *f)
{
    float best = rule->acts ? 0 : 1;
    for (int act = 0; act < SV_ACT_NONE; act++)
        if (rule->acts >> act & 1)
            best = MAX(best, f->acts.p[act]);
    return best;
}

static void choose_statements(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule,
    const SvWish *wish, GArray *taken, SvSection *section, SvSummary *out)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(SvCandidate));
    for (guint i = 0; i < c->n; i++) {
        float reads = sv_choosing_message(c, i)->channel == SV_CHANNEL_CALL ? rule->speech : 1;
        SvCandidate k = {i, c->score[rule->target][i] * reads * about(rule, sv_choosing_fact(c, i))};
        if (suits(c, rule, wish, i))
            g_array_append_val(candidates, k);
    }
    for (int stage = 0; stage < 3; stage++)
        if (rule->deals[stage])
            add_deals(c, w, rule, wish, (SvStage)stage, section->statements->len + rule->deals[stage], taken,
                section, out);
    pick(c, w, candidates, rule->target, rule->most, rule->length, taken, section, out);
}

static void choose_next_steps(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule,
    GArray *taken, SvSection *section, SvSummary *out)
{
    g_autoptr(GArray) entries = sv_choosing_open_entries(c);
    for (guint i = 0; i < entries->len && section->statements->len < rule->most; i++) {
        const SvEntry *e = g_ptr_array_index(c->ledger->entries, g_array_index(entries, SvCandidate, i).fact);
        guint last = g_array_index(e->facts, guint, e->facts->len - 1);
        if (sv_choosing_is_personal(c, last) ||
            (is_past(c, last) && (e->due == SV_DAY_NONE || e->due < w->today)) ||
            (e->due != SV_DAY_NONE && e->due < w->today - STALE_STEP_DAYS))
            continue;
        if (is_new(c, taken, last) && sv_choosing_add(w, section, last, last, "next_step", rule->length, out))
            g_array_append_val(taken, last);
    }
}

/* ── pins: what a reader missed must be told, or it is said why not ── */

/* The fact that a pin is about: the one with the quoted words, else the weightiest of the message; -1. */
static int pinned_fact(const SvChoosing *c, const SvWishPin *pin)
{
    int best = -1;
    for (guint i = 0; i < c->n; i++) {
        const SvFact *f = sv_choosing_fact(c, i);
        if (f->message != pin->message)
            continue;
        const char *text = sv_choosing_message(c, i)->text.bytes;
        const char *at = *pin->quote ? strstr(text, pin->quote) : NULL;
        if (at && (gsize)(at - text) < f->span.to && (gsize)(at - text) + strlen(pin->quote) > f->span.from)
            return (int)i;
        if (best < 0 || c->score[SV_WORTH_PAGE][i] > c->score[SV_WORTH_PAGE][best])
            best = (int)i;
    }
    return best;
}

/* The section where it weighs most; -1 when the format has none that tells statements. */
static int section_for(const SvChoosing *c, const SvFormatRules *rules, guint fact)
{
    int best = -1;
    for (guint i = 0; i < rules->sections->len; i++) {
        const SvFormatSection *rule = rules->sections->pdata[i];
        const SvFormatSection *leader = best < 0 ? NULL : rules->sections->pdata[best];
        if (rule->show == SV_SHOW_STATEMENTS && !rule->acts && !rule->period &&
            (!leader || c->score[rule->target][fact] > c->score[leader->target][fact]))
            best = (int)i;
    }
    return best;
}

static void add_pin(const SvChoosing *c, const SvWording *w, const SvFormatRules *rules, const SvWishPin *pin,
    GArray *taken, SvSection **sections, SvSummary *out)
{
    int fact = pinned_fact(c, pin);
    int at = fact < 0 ? 0 : section_for(c, rules, (guint)fact);
    if (at < 0)
        return;
    const char *reason = fact < 0                                  ? "unread"
                         : sv_choosing_is_personal(c, (guint)fact) ? "personal"
                         : c->ledger->superseded_by[fact] >= 0     ? "outdated"
                                                                   : NULL;
    const SvFormatSection *rule = rules->sections->pdata[at];
    if (!reason && is_new(c, taken, (guint)fact)) {
        guint one = (guint)fact;
        if (sv_choosing_add(w, sections[at], one, one, "pinned", MAX(rule->length, 280), out))
            g_array_append_val(taken, one);
        else
            reason = "unproved";
    }
    if (reason)
        sv_summary_leave_out(out, pin->message, reason);
}

void sv_choose_format(
    const SvChoosing *c, const SvWording *w, const SvFormatRules *rules, const SvWish *wish, SvSummary *out)
{
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree SvSection **sections = g_new0(SvSection *, rules->sections->len + 1);
    for (guint i = 0; i < rules->sections->len; i++) {
        const SvFormatSection *rule = rules->sections->pdata[i];
        g_autofree char *key = g_strdup_printf("section.%s", rule->id);
        const char *title =
            rule->title[out->language] ? rule->title[out->language] : sv_word(out->language, key);
        if (rule->show == SV_SHOW_TIMELINE || rule->show == SV_SHOW_TASKS)
            continue;
        sections[i] = sv_section_new(rule->id, title);
        g_ptr_array_add(out->sections, sections[i]);
    }
    for (guint i = 0; wish->pins && i < wish->pins->len; i++)
        add_pin(c, w, rules, &g_array_index(wish->pins, SvWishPin, i), taken, sections, out);
    for (guint i = 0; i < rules->take->len; i++) {
        guint at = g_array_index(rules->take, guint, i);
        const SvFormatSection *rule = rules->sections->pdata[at];
        switch (rule->show) {
        case SV_SHOW_NEXT_STEPS:
            choose_next_steps(c, w, rule, taken, sections[at], out);
            break;
        case SV_SHOW_PEOPLE:
            sv_choose_people(c, w, rule, sections[at], out);
            break;
        case SV_SHOW_ACTIVITY:
            sv_choose_activity(c, w, rule, sections[at], out);
            break;
        case SV_SHOW_TIMELINE:
            sv_choose_timeline(c, w, rule, out);
            break;
        case SV_SHOW_TASKS:
            sv_choose_tasks(c, w, rule, out);
            break;
        default:
            choose_statements(c, w, rule, wish, taken, sections[at], out);
        }
    }
}
