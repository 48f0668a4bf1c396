/* What the files of choosing share. Inside the folder. */
#pragma once
#include "choose.h"

typedef struct {
    guint fact; /* or entry */
    float score;
} SvCandidate;

int sv_candidates_by_score(gconstpointer a, gconstpointer b);

static inline const SvFact *sv_choosing_fact(const SvChoosing *c, guint i)
{
    return sv_facts_get(c->ledger->facts, i);
}

static inline const SvMessage *sv_choosing_message(const SvChoosing *c, guint i)
{
    return g_ptr_array_index(c->ledger->facts->history->messages, sv_choosing_fact(c, i)->message);
}

/* Words neighbouring facts and, if they pass the gates, adds the statement to the section. */
gboolean sv_choosing_add(const SvWording *wording, SvSection *section, guint first, guint last,
    const char *kind, guint limit, SvSummary *out);
/* Open entries of the ledger (SvCandidate) by how likely they are still open and real. */
GArray *sv_choosing_open_entries(const SvChoosing *choosing);

void sv_choose_timeline(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSummary *out);
void sv_choose_tasks(const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSummary *out);
void sv_choose_people(
    const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSection *section, SvSummary *out);
void sv_choose_activity(
    const SvChoosing *c, const SvWording *w, const SvFormatSection *rule, SvSection *section, SvSummary *out);
