/* The ledger: facts joined over time.
 *
 * Links tell which earlier facts a fact is about. Entries follow what was promised or asked from its first
 * word to its end: repeated, moved, done, refused. A fact that a later one makes untrue is superseded. */
#pragma once
#include "fact.h"

typedef enum {
    SV_ENTRY_OPEN,
    SV_ENTRY_DONE,
    SV_ENTRY_CANCELLED, /* refused or called off */
    SV_ENTRY_STALE      /* so old that nobody waits for it any more */
} SvEntryState;

typedef struct {
    GArray *facts;  /* guint: founding fact, then repeats, acceptances, moves, in order of time */
    SvSide side;    /* who must act */
    int assignee;   /* index into people, -1 unknown */
    SvDay due;      /* after every move; SV_DAY_NONE */
    gboolean moved; /* its date was changed */
    gboolean accepted; /* a request that the other side took on */
    SvEntryState state;
    int closed_by;  /* fact that closed it, -1 */
    float
        certainty; /* probability that it is an undertaking at all: the recogniser's, of the founding fact */
} SvEntry;

#define SV_LINKS 4

typedef struct {
    guint fact;
    float similarity;
} SvLink;

typedef struct {
    const SvFacts *facts;  /* borrowed */
    SvTime as_of;
    GPtrArray *entries;    /* SvEntry *, in order of their founding */
    SvLink *earlier;       /* SV_LINKS for each fact: most similar earlier facts; similarity 0 ends */
    float *later_best;     /* for each fact: highest similarity of a later fact to it */
    guint *support;        /* for each fact: how many other facts say much the same */
    int *superseded_by;    /* for each fact: the later fact that makes it untrue, -1 */
    int *entry_of;         /* for each fact: index of its entry, -1 */
} SvLedger;

SvLedger *sv_ledger_new(const SvFacts *facts, SvTime as_of);
void sv_ledger_free(SvLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvLedger, sv_ledger_free)

/* Fills earlier, later_best and support (links.c). */
void sv_ledger_link(SvLedger *ledger);
