/* People of a roster found in a text, in any case and short form. */
#pragma once
#include "span.h"
#include "morph.h"
#include "wordbook.h"

typedef struct SvRoster SvRoster;
typedef struct {
    SvSpan span;
    int index;  /* as given to add */
    float score; /* 1 full name … 0.5 first name that only one person has */
} SvNameMention;

SvRoster *sv_roster_new(const SvMorph *morph);
void sv_roster_free(SvRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvRoster, sv_roster_free)
/* Adds a person: full name in any order («Козлова Мария Сергеевна», "Imogen Hale"), role may be NULL. */
void sv_roster_add(SvRoster *roster, int index, const char *name, const char *role);
/* Adds SvNameMention, in order, not overlapping: «Марии Козловой», «М. С. Козлова», «Маша», «Мария
 * Сергеевна», "Imogen". A name that two people share is left out. */
void sv_roster_find(const SvRoster *roster, const char *text, gsize len, GArray *out);
/* The same in the text that the words read last. */
void sv_roster_find_words(const SvRoster *roster, const SvWordbook *words, GArray *out);
/* A Russian full name in a case (SV_GR_GENT …), newly allocated; the name itself when it cannot be
 * inflected. */
char *sv_name_inflect(const SvMorph *morph, const char *name, int gram_case);
