/* Reading facts out of masked messages: see fact.h.
 *
 * A message is read once: sentences, dates, amounts and names are found over its whole text and then dealt
 * out to the sentences they stand in. Each sentence goes through the recogniser of acts with the sentence
 * before it, in a chat with the last sentence of the message before. Keys are lemmas of content words,
 * hashed: the ledger compares facts by them.
 *
 * It keeps true: only masked text is read; spans are in order and never overlap within a message. It does not
 * decide what matters, nor what became of a promise. */
#include "fact.h"
#include "keys.h"
#include "names.h"
#include "sentence.h"
#include <math.h>
#include <string.h>

typedef struct {
    const SvReader *reader;
    SvFacts *facts;
    SvRoster *roster;
    GHashTable *last; /* conversation → index + 1 of the last fact in it */
    SvWordbook *words;
    GArray *sentences, *dates, *amounts, *names;
    /* the first of each that no sentence before has passed */
    guint next_date, next_amount, next_name, next_word;
} Reading;

gboolean sv_facts_is_read(const SvMessage *m, SvTime as_of)
{
    const guint not_written = SV_MESSAGE_SYSTEM | SV_MESSAGE_AUTO | SV_MESSAGE_BULK | SV_MESSAGE_DELETED;
    return m->at.unix_s <= as_of.unix_s && m->duplicate_of < 0 && !m->excluded && !(m->flags & not_written) &&
           m->text.len > 0;
}

static SvTalk talk_of(const SvMessage *m)
{
    switch (m->channel) {
    case SV_CHANNEL_EMAIL:
        return SV_TALK_EMAIL;
    case SV_CHANNEL_CALL:
        return SV_TALK_CALL;
    case SV_CHANNEL_WHATSAPP:
    case SV_CHANNEL_TELEGRAM:
        return SV_TALK_CHAT;
    default:
        return SV_TALK_NOTE;
    }
}

static SvStyle style_of(SvTalk talk)
{
    return talk == SV_TALK_EMAIL || talk == SV_TALK_NOTE ? SV_STYLE_LETTER
           : talk == SV_TALK_CALL                        ? SV_STYLE_SPEECH
                                                         : SV_STYLE_CHAT;
}

/* Sentences of a message with the speaker of each (parallel arrays are kept in step by turns). */
static void split_message(Reading *r, const SvMessage *m, GArray *speakers)
{
    g_array_set_size(r->sentences, 0);
    g_array_set_size(speakers, 0);
    if (m->channel == SV_CHANNEL_DEAL) {
        SvSpan whole = {0, (guint32)m->text.len};
        g_array_append_val(r->sentences, whole);
        g_array_append_val(speakers, m->author);
        return;
    }
    if (!m->turns || !m->turns->len) {
        sv_sentences_split(m->text.bytes, m->text.len, style_of(talk_of(m)), r->sentences);
        for (guint i = 0; i < r->sentences->len; i++)
            g_array_append_val(speakers, m->author);
        return;
    }
    for (guint t = 0; t < m->turns->len; t++) {
        const SvTurn *turn = &g_array_index(m->turns, SvTurn, t);
        if (turn->span.to > m->text.len || turn->span.from >= turn->span.to)
            continue;
        guint first = r->sentences->len;
        sv_sentences_split(
            m->text.bytes + turn->span.from, turn->span.to - turn->span.from, SV_STYLE_SPEECH, r->sentences);
        for (guint i = first; i < r->sentences->len; i++) {
            SvSpan *s = &g_array_index(r->sentences, SvSpan, i);
            s->from += turn->span.from;
            s->to += turn->span.from;
            g_array_append_val(speakers, turn->speaker);
        }
    }
}

static gboolean is_order(const SvMessage *m, SvSpan s)
{
    for (guint i = 0; m->orders && i < m->orders->len; i++)
        if (sv_span_overlaps(s, g_array_index(m->orders, SvSpan, i)))
            return TRUE;
    return FALSE;
}

/* Is a term counted from another event («в течение десяти дней после акта», "within 30 days of invoice")?
 * Then the day of writing says nothing about when it ends. */
static gboolean is_anchored(const char *text, SvSpan date, guint32 end)
{
    static const char *const anchors[] = {" после ", " с момента ", " с даты ", " со дня ", " от даты ",
        " от поступления ", " after ", " of ", " from ", NULL};
    for (const char *const *a = anchors; *a; a++)
        if (date.to + strlen(*a) < end && strncmp(text + date.to, *a, strlen(*a)) == 0)
            return g_ascii_isdigit(text[date.from]) || !strstr(*a, "of");
    return FALSE;
}

/* Deals out the dates that stand inside the sentence; picks the one that binds. */
static void take_dates(Reading *r, const char *text, SvFact *f)
{
    static const int rank[] = {[SV_DATE_POINT] = 3,
        [SV_DATE_DEADLINE] = 4,
        [SV_DATE_START] = 1,
        [SV_DATE_INTERVAL] = 2,
        [SV_DATE_REPEATED] = 0};
    int best = -1;
    f->date_from = r->facts->dates->len;
    for (guint i = r->next_date; i < r->dates->len && f->n_dates < G_MAXUINT16; i++) {
        SvDateMention d = g_array_index(r->dates, SvDateMention, i);
        if (d.span.from >= f->span.to)
            break;
        r->next_date = i + 1;
        if (d.span.from < f->span.from || d.span.to > f->span.to)
            continue;
        gboolean anchored = d.relative && is_anchored(text, d.span, f->span.to);
        d.vague |= anchored;
        g_array_append_val(r->facts->dates, d);
        f->n_dates++;
        int score = rank[d.role] * 2 + (d.grain <= SV_GRAIN_WEEK);
        gboolean binds =
            d.role != SV_DATE_REPEATED && !anchored && (d.role != SV_DATE_START || d.grain == SV_GRAIN_DAY);
        if (binds && score > best) {
            best = score;
            f->due = d.role == SV_DATE_START ? d.from : d.to;
            f->due_vague = d.vague;
        }
    }
}

static void take_amounts(Reading *r, SvFact *f)
{
    f->amount_from = r->facts->amounts->len;
    for (guint i = r->next_amount; i < r->amounts->len && f->n_amounts < G_MAXUINT16; i++) {
        const SvAmount *a = &g_array_index(r->amounts, SvAmount, i);
        if (a->span.from >= f->span.to)
            break;
        r->next_amount = i + 1;
        if (a->span.from < f->span.from || a->span.to > f->span.to)
            continue;
        g_array_append_vals(r->facts->amounts, a, 1);
        f->n_amounts++;
        if (a->kind == SV_AMOUNT_MONEY && a->value > f->amount) {
            f->amount = a->value;
            memcpy(f->currency, a->currency, sizeof f->currency);
        }
    }
}

static void take_names(Reading *r, SvFact *f)
{
    for (guint i = r->next_name; i < r->names->len; i++) {
        const SvNameMention *n = &g_array_index(r->names, SvNameMention, i);
        if (n->span.from >= f->span.to)
            return;
        r->next_name = i + 1;
        if (n->span.from >= f->span.from && n->span.to <= f->span.to && n->index != f->speaker) {
            f->named = n->index;
            return;
        }
    }
}

/* Keys of the message's words that stand in the sentence. */
static void take_keys(Reading *r, const char *text, SvFact *f)
{
    const SvToken *t = (const SvToken *)(gpointer)r->words->tokens->data;
    guint n = r->words->tokens->len, first = r->next_word;
    while (first < n && t[first].span.to <= f->span.from)
        first++;
    guint end = first;
    while (end < n && t[end].span.to <= f->span.to)
        end++;
    r->next_word = end;
    f->key_from = r->facts->keys->len;
    /* a sentence that ends within a word, or with an address, has other words than the text at its ends */
    gboolean apart = (first < n && t[first].span.from < f->span.from) ||
                     (end < n && t[end].span.from < f->span.to) ||
                     (end > first && t[end - 1].kind == SV_TOKEN_CODE && t[end - 1].span.to == f->span.to);
    f->n_keys = apart ? sv_keys_collect(r->reader->morph, text, f->span, r->facts->keys)
                      : sv_keys_of_words(r->words, first, end - first, r->facts->keys);
}

/* The sentence before: in this message, else the last one of the conversation if it is at most a day old. */
static void set_before(Reading *r, const SvMessage *m, SvActsInput *in)
{
    const GArray *all = r->facts->facts;
    gboolean chat = m->channel == SV_CHANNEL_WHATSAPP || m->channel == SV_CHANNEL_TELEGRAM;
    guint last =
        chat && m->conversation ? GPOINTER_TO_UINT(g_hash_table_lookup(r->last, m->conversation)) : 0;
    const SvFact *f = NULL;
    if (all->len &&
        g_ptr_array_index(r->facts->history->messages, g_array_index(all, SvFact, all->len - 1).message) == m)
        f = &g_array_index(all, SvFact, all->len - 1);
    else if (last)
        f = &g_array_index(all, SvFact, last - 1);
    if (!f)
        return;
    const SvMessage *b = g_ptr_array_index(r->facts->history->messages, f->message);
    if (m->at.unix_s - b->at.unix_s > 86400)
        return;
    in->before = b->text.bytes + f->span.from;
    in->before_len = f->span.to - f->span.from;
}

static void read_acts(Reading *r, const SvMessage *m, SvFact *f)
{
    SvActsInput in = {m->text.bytes + f->span.from, f->span.to - f->span.from, talk_of(m),
        f->side == SV_SIDE_US       ? SV_WRITER_US
        : f->side == SV_SIDE_CLIENT ? SV_WRITER_CLIENT
                                    : SV_WRITER_UNKNOWN,
        NULL, 0};
    set_before(r, m, &in);
    sv_acts_read(r->reader->acts, &in, &f->acts);
    for (int a = 0; a < SV_ACT_N; a++)
        if (f->acts.p[a] >= sv_acts_threshold(r->reader->acts, a))
            f->set |= 1u << a;
}

/* Amounts and dates of the whole text; dates of a call turn by turn, since a month named in one turn says
 * nothing about a day in another. */
static void find_figures(Reading *r, const SvMessage *m)
{
    SvLang lang = sv_lang_guess(m->text.bytes, m->text.len);
    g_auto(SvScan) scan;
    sv_scan_init(&scan, m->text.bytes, m->text.len);
    sv_amounts_find_in(&scan, lang, r->amounts);
    if (m->channel == SV_CHANNEL_DEAL)
        return;
    if (!m->turns || !m->turns->len) {
        sv_dates_find_in(&scan, m->at, lang, r->dates);
        return;
    }
    for (guint t = 0; t < m->turns->len; t++) {
        SvSpan turn = g_array_index(m->turns, SvTurn, t).span;
        SvScan part;
        if (turn.to > m->text.len || turn.from >= turn.to)
            continue;
        sv_scan_part(&scan, turn, &part);
        sv_dates_find_in(&part, m->at, lang, r->dates);
    }
}

static void read_message(Reading *r, guint index, GArray *speakers)
{
    const SvMessage *m = g_ptr_array_index(r->facts->history->messages, index);
    guint before = r->facts->facts->len;
    split_message(r, m, speakers);
    g_array_set_size(r->dates, 0);
    g_array_set_size(r->amounts, 0);
    g_array_set_size(r->names, 0);
    find_figures(r, m);
    sv_wordbook_read(r->words, m->text.bytes, 0, m->text.len);
    sv_roster_find_words(r->roster, r->words, r->names);
    r->facts->n_messages_read++;
    r->next_date = r->next_amount = r->next_name = r->next_word = 0;
    for (guint i = 0; i < r->sentences->len; i++) {
        SvFact f = {.message = index,
            .span = g_array_index(r->sentences, SvSpan, i),
            .due = SV_DAY_NONE,
            .named = -1};
        if (is_order(m, f.span))
            continue;
        f.speaker = g_array_index(speakers, int, i);
        f.side = sv_history_side(r->facts->history, f.speaker);
        f.ordinal = (guint16)MIN(i, G_MAXUINT16);
        f.n_in_message = (guint16)MIN(r->sentences->len, G_MAXUINT16);
        f.is_deal = m->channel == SV_CHANNEL_DEAL;
        take_dates(r, m->text.bytes, &f);
        take_amounts(r, &f);
        take_names(r, &f);
        if (f.is_deal && m->deal && isfinite(m->deal->amount)) {
            f.amount = m->deal->amount;
            g_strlcpy(f.currency, m->deal->currency, sizeof f.currency);
        }
        read_acts(r, m, &f);
        take_keys(r, m->text.bytes, &f);
        g_array_append_val(r->facts->facts, f);
    }
    if (m->conversation && r->facts->facts->len > before)
        g_hash_table_insert(r->last, m->conversation, GUINT_TO_POINTER(r->facts->facts->len));
}

typedef struct {
    guint32 key;
    guint n;    /* messages that hold it */
    guint last; /* of them, + 1 */
    float weight;
} KeyCount;

static float idf(const SvFacts *facts, guint n)
{
    return logf(
        1 + (float)facts->n_messages_read / (float)MAX(n, 1u)); /* smoothed: a history may be two letters */
}

/* Counts in how many messages each key stands; place_of gets the place in the counts of every key. */
static GArray *count_keys(const SvFacts *facts, guint32 *place_of)
{
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(KeyCount));
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL); /* key → place + 1 */
    for (guint i = 0; i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        for (guint k = f->key_from; k < f->key_from + f->n_keys; k++) {
            KeyCount fresh = {.key = g_array_index(facts->keys, guint32, k)};
            guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, GUINT_TO_POINTER(fresh.key)));
            if (!place) {
                g_array_append_val(counts, fresh);
                place = counts->len;
                g_hash_table_insert(places, GUINT_TO_POINTER(fresh.key), GUINT_TO_POINTER(place));
            }
            KeyCount *count = &g_array_index(counts, KeyCount, place - 1);
            count->n += count->last != f->message + 1;
            count->last = f->message + 1;
            place_of[k] = place - 1;
        }
    }
    return counts;
}

void sv_facts_weigh(SvFacts *facts)
{
    g_autofree guint32 *place_of = g_new(guint32, facts->keys->len);
    g_autoptr(GArray) counts = count_keys(facts, place_of);
    for (guint i = 0; i < counts->len; i++) {
        KeyCount *count = &g_array_index(counts, KeyCount, i);
        float w = idf(facts, count->n);
        count->weight = w * w;
        g_hash_table_insert(facts->idf, GUINT_TO_POINTER(count->key), GUINT_TO_POINTER(count->n));
    }
    g_array_set_size(facts->weights, facts->keys->len);
    for (guint i = 0; i < facts->facts->len; i++) {
        SvFact *f = &g_array_index(facts->facts, SvFact, i);
        float sum = 0;
        for (guint k = f->key_from; k < f->key_from + f->n_keys; k++)
            sum += g_array_index(facts->weights, float, k) =
                g_array_index(counts, KeyCount, place_of[k]).weight;
        f->norm = sqrtf(sum);
    }
}

SvFacts *sv_facts_new(const SvHistory *history)
{
    SvFacts *facts = g_new0(SvFacts, 1);
    facts->history = history;
    facts->facts = g_array_new(FALSE, FALSE, sizeof(SvFact));
    facts->dates = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    facts->amounts = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    facts->keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    facts->weights = g_array_new(FALSE, FALSE, sizeof(float));
    facts->idf = g_hash_table_new(NULL, NULL);
    return facts;
}

SvFacts *sv_facts_read(const SvReader *reader, const SvHistory *history, SvTime as_of)
{
    SvFacts *facts = sv_facts_new(history);
    g_autoptr(SvRoster) roster = sv_roster_new(reader->morph);
    for (guint i = 0; i < history->people->len; i++) {
        const SvPerson *p = g_ptr_array_index(history->people, i);
        if (p->name)
            sv_roster_add(roster, (int)i, p->name, p->role);
    }
    g_autoptr(GArray) sentences = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    g_autoptr(GArray) dates = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    g_autoptr(GArray) amounts = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    g_autoptr(GArray) speakers = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(SvWordbook) words = sv_wordbook_new(reader->morph);
    Reading r = {.reader = reader,
        .facts = facts,
        .roster = roster,
        .last = last,
        .words = words,
        .sentences = sentences,
        .dates = dates,
        .amounts = amounts,
        .names = names};
    for (guint i = 0; i < history->messages->len; i++)
        if (sv_facts_is_read(g_ptr_array_index(history->messages, i), as_of))
            read_message(&r, i, speakers);
    sv_facts_weigh(facts);
    return facts;
}

void sv_facts_free(SvFacts *facts)
{
    if (!facts)
        return;
    g_array_unref(facts->facts);
    g_array_unref(facts->dates);
    g_array_unref(facts->amounts);
    g_array_unref(facts->keys);
    g_array_unref(facts->weights);
    g_hash_table_unref(facts->idf);
    g_free(facts);
}

float sv_facts_idf(const SvFacts *facts, guint32 key)
{
    return idf(facts, GPOINTER_TO_UINT(g_hash_table_lookup(facts->idf, GUINT_TO_POINTER(key))));
}

float sv_facts_similarity(const SvFacts *facts, guint a, guint b)
{
    const SvFact *x = sv_facts_get(facts, a), *y = sv_facts_get(facts, b);
    if (!x->n_keys || !y->n_keys)
        return 0;
    const guint32 *p = (const guint32 *)facts->keys->data + x->key_from,
                  *q = (const guint32 *)facts->keys->data + y->key_from;
    const float *w = (const float *)facts->weights->data + x->key_from;
    float both = 0;
    for (guint i = 0, j = 0; i < x->n_keys && j < y->n_keys;) {
        if (p[i] < q[j]) {
            i++;
        } else if (p[i] > q[j]) {
            j++;
        } else {
            both += w[i++];
            j++;
        }
    }
    float norm = x->norm * y->norm;
    return norm > 0 ? both / norm : 0;
}
