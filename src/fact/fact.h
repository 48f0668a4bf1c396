/* Facts: what one message says, sentence by sentence, in its context.
 *
 * A fact is one sentence (of a letter, a chat message, a turn of a call, or a whole change of a deal) with
 * the acts it performs and its slots: who, until when, how much, about what. Everything is a span of the
 * masked text, so that whatever is said later can be proved word by word. */
#pragma once
#include "acts.h"
#include "date.h"
#include "message.h"
#include "money.h"
#include "morph.h"

typedef struct {
    guint message; /* index into the history's messages */
    SvSpan span;   /* the sentence in the message's masked text */
    int speaker;   /* index into people who said it, -1 unknown */
    SvSide side;   /* of the speaker */
    SvActs acts;   /* probabilities */
    guint32 set;   /* acts above their thresholds, bit 1 << SvAct */
    int named;     /* first other person named in it, -1 none */
    SvDay due;     /* the day that binds: a deadline before a point before a start; SV_DAY_NONE */
    gboolean due_vague;
    double amount; /* largest sum of money in the sentence; 0 none */
    char currency[4];
    guint32 date_from; /* slice of SvFacts.dates, spans in the masked text */
    guint16 n_dates;
    guint16 n_amounts;
    guint32 amount_from; /* slice of SvFacts.amounts */
    guint32 key_from;    /* slice of SvFacts.keys */
    guint16 n_keys;
    float norm;      /* root of the sum of the keys' weights */
    guint16 ordinal; /* place in its message, from 0 */
    guint16 n_in_message;
    gboolean is_deal; /* a row of the deal table */
} SvFact;

typedef struct {
    const SvHistory *history; /* borrowed */
    GArray *facts;            /* SvFact, in order of messages and text */
    GArray *dates;            /* SvDateMention */
    GArray *amounts;          /* SvAmount */
    GArray *keys;    /* guint32 hashes of lemmas of content words, sorted within a fact, no repeats */
    GArray *weights; /* float, beside each key: its inverse document frequency, squared */
    GHashTable *idf; /* key → number of messages that hold it */
    guint n_messages_read;
} SvFacts;

typedef struct {
    const SvMorph *morph;
    const SvActsModel *acts;
} SvReader;

/* Reads all messages not later than `as_of` that are no duplicates, not excluded and written by people.
 * Orders to machines are passed over. Reads masked text only. */
SvFacts *sv_facts_read(const SvReader *reader, const SvHistory *history, SvTime as_of);
/* Without facts; the history is borrowed. */
SvFacts *sv_facts_new(const SvHistory *history);
/* Weighs keys and facts by how rare their words are in this history: fills weights, idf and each norm. */
void sv_facts_weigh(SvFacts *facts);
void sv_facts_free(SvFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvFacts, sv_facts_free)

/* Is the message one that is read (see above)? */
gboolean sv_facts_is_read(const SvMessage *message, SvTime as_of);

static inline const SvFact *sv_facts_get(const SvFacts *facts, guint i)
{
    return &g_array_index(facts->facts, SvFact, i);
}

static inline gboolean sv_fact_has(const SvFact *fact, SvAct act)
{
    return (fact->set >> act) & 1;
}

/* Inverse document frequency of a key: ln(1 + messages / messages with it). */
float sv_facts_idf(const SvFacts *facts, guint32 key);
/* Cosine of two facts' keys weighed by idf, 0 … 1. */
float sv_facts_similarity(const SvFacts *facts, guint a, guint b);
