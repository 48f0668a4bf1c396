/* Words for chosen facts: one statement that stands alone, and the quote that proves it.
 *
 * The embedded engine words by staying close to what was said: the sentence itself without greeting, address
 * and fillers, with the sentence before it when it could not stand alone, relative dates explained, and the
 * name of who said it in front. What is asked or promised becomes a task in the infinitive. */
#pragma once
#include "ledger.h"
#include "summary.h"

typedef struct {
    const SvLedger *ledger;
    const SvMorph *morph;
    SvLang language; /* of the summary */
    SvDay today;
} SvWording;

typedef struct {
    char *text;        /* newly allocated; NULL when nothing can be said */
    GPtrArray *quotes; /* SvQuote * */
    GArray *days;      /* SvDay: dates named in the text that were resolved, not quoted */
} SvWorded;

void sv_worded_clear(SvWorded *worded);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvWorded, sv_worded_clear)

/* Neighbouring facts first … last of one message as a statement, at most about `limit` characters. */
SvWorded sv_word_facts(const SvWording *wording, guint first, guint last, guint limit);
/* The entry as a task in the words of one of its facts: infinitive, without its date. */
SvWorded sv_word_task(const SvWording *wording, const SvEntry *entry, guint telling);
/* A deal's row: «Завод №2»: переговоры, 112 600 000 ₸ (с 3 ноября). */
SvWorded sv_word_deal(const SvWording *wording, guint fact);
