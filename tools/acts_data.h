/* Labelled sentences to learn acts from: the corpus, and histories with their facts laid over them. */
#pragma once
#include "acts.h"

typedef struct {
    char *text, *before; /* before: NULL when there is none */
    SvTalk talk;
    SvWriter writer;
    gboolean russian;
    int history;  /* index into SvActData.names; -1: a line of the corpus */
    guint block;  /* of the corpus: ten neighbouring lines; of a history: its event */
    guint32 acts; /* bit per SvAct; none stands alone */
    int weight;   /* of histories: highest weight of its facts, 0 also where no fact is; -1 in the corpus */
} SvActExample;

typedef struct {
    GPtrArray *examples; /* SvActExample * */
    GPtrArray *names;    /* char *: histories, in order */
} SvActData;

/* Reads eval/corpus, eval/cases, eval/train and eval/facts below `source`; files in order of their names. */
SvActData *sv_act_data_load(const char *source, GError **error);
void sv_act_data_free(SvActData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvActData, sv_act_data_free)

/* The example as the recogniser gets it; borrows its texts. */
SvActsInput sv_act_example_input(const SvActExample *example);
