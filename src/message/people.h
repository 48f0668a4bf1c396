/* People of a history: one person across mail, phones and chats. Inside the folder; `svodka inspect people`
 * shows what comes out. */
#pragma once
#include "message.h"

typedef struct SvPeople SvPeople;

/* Indexes the people that the history has (the card's). */
SvPeople *sv_people_new(SvHistory *history);
void sv_people_free(SvPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvPeople, sv_people_free)

/* Index of the person with this name and address (either may be NULL), -1 when nobody fits or several do. An
 * address decides before a name; an e-mail's name may still say that somebody else of the card shares a
 * mailbox. */
int sv_people_find(SvPeople *people, const char *name, const char *address);
/* The same, and what is new (a name form, an address) is kept; a new person is added when nobody fits. -1
 * only when name and address are both empty. */
int sv_people_take(SvPeople *people, const char *name, const char *address);
/* What a signature says of a person: kept where nothing is known. Either may be NULL. */
void sv_people_harvest(SvPeople *people, int person, const char *role, const char *phone);
/* Can this name and address tell a person on its own: an e-mail, a phone, or a name of two words? */
gboolean sv_people_is_strong(const char *name, const char *address);

/* "8 (701) 721-44-08" → "+77017214408"; NULL when it is no phone. A number without a country is kept as its
 * digits unless it is a Russian or Kazakh one. */
char *sv_phone_normalise(const char *text);
/* Domain of an address, lower case; NULL when it is no e-mail. Borrowed from the text. */
const char *sv_domain_of(const char *email);
/* Does everybody get addresses there (gmail.com, mail.ru)? */
gboolean sv_domain_is_public(const char *domain);
