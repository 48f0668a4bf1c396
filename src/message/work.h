/* A history while it is being finished: messages sorted, people resolved. Inside the folder only. */
#pragma once
#include "clean.h"
#include "people.h"
#include "report.h"

typedef struct {
    SvHistory *history;
    SvPeople *people;
    GArray *parts;      /* int: people of all messages, author first, then to and cc */
    guint *part_from;   /* message i has parts part_from[i] … part_from[i + 1] */
    guint64 *hash;      /* of the letters and digits of each message's own text */
    guint32 *weight;    /* bytes that went into the hash */
    GPtrArray *companies; /* char * or NULL a message: company of its signature */
} SvWork;

static inline SvMessage *sv_work_message(const SvWork *work, guint i)
{
    return g_ptr_array_index(work->history->messages, i);
}
static inline SvPerson *sv_work_person(const SvWork *work, int i)
{
    return g_ptr_array_index(work->history->people, (guint)i);
}

/* thread.c: `thread` and `reply_to` of every message. */
void sv_threads_set(SvWork *work);
/* duplicate.c: `duplicate_of` of every message. */
void sv_duplicates_find(SvWork *work);
/* sides.c: sides of people whom the card does not place; sets sides_inferred. */
void sv_sides_infer(SvWork *work);
/* sides.c: client_name and language where nobody gave them. */
void sv_names_infer(SvWork *work);

/* Subject without "Re:", "Fwd:", "Ответ:", folded; new. *reply, *forward say what was there (may be NULL). */
char *sv_subject_bare(const char *subject, gboolean *reply, gboolean *forward);
/* Hash of letters and digits alone, so that wrapping, quotes and dashes do not matter; *weight: their
 * bytes. */
guint64 sv_text_hash(const char *text, gsize len, guint32 *weight);
