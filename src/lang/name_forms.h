/* Names as words: case forms, parts of a full name, short forms. Used by names.c. */
#pragma once
#include "morph.h"

typedef enum { SV_NAME_FIRST, SV_NAME_LAST, SV_NAME_PATR } SvNamePart;

/* Case form of one word of a Russian name into buf (same capitalisation); FALSE when it has none of its
 * own. */
gboolean sv_name_form(const SvMorph *morph, const char *word, SvNamePart part, gboolean female, int gram_case,
    char *buf, gsize size);
#define SV_NAME_CASES 5u /* genitive dative accusative instrumental prepositional */
#define SV_NAME_FORM 128u
/* All of them; "" for one that the word does not have. */
void sv_name_cases(const SvMorph *morph, const char *word, SvNamePart part, gboolean female,
    char forms[SV_NAME_CASES][SV_NAME_FORM]);
/* Is it a patronymic (in any case: Сергеевну)? */
gboolean sv_name_is_patronymic(const char *folded);
/* Does it end as Russian surnames do, in the nominative or another case? */
gboolean sv_name_like_surname(const char *folded);
/* Is the bearer of these words a woman? `words` are n words of a full name, their parts beside them. */
gboolean sv_name_is_female(const SvMorph *morph, char *const *words, const SvNamePart *parts, guint n);
/* Splits a full name into at most `max` words and says what each is. */
guint sv_name_parts(const SvMorph *morph, const char *name, char **words, SvNamePart *parts, guint max);
/* Short forms of a full first name, or of the full names of a short one; borrowed, NULL when there are
 * none. */
const GPtrArray *sv_name_shorts(const char *folded);
