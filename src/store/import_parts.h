/* What the import of one client and of a whole CRM share. Inside the folder only. */
#pragma once
#include "import.h"

/* "crm/Acme.zip" → "Acme"; newly allocated. */
char *sv_import_key_of_path(const char *path);
/* The card's id, else its name; NULL without a card. Newly allocated. */
char *sv_import_key_of_card(const SvHistory *history);
/* Gives the history the zone of the client that is known by this key, if there is one: for files without a
 * card. */
gboolean sv_import_set_zone(SvPool *pool, const char *external, SvHistory *history, GError **error);

/* A client of a CRM that is to be imported. */
typedef struct {
    char *name;         /* as it is reported */
    char *key;          /* NULL: of the card, else `fallback` */
    char *fallback;     /* of the folder's or file's name */
    char *title;        /* its name; NULL: of the card */
    char *owner, *team; /* login, team's name; NULL: leave */
    GPtrArray *paths;   /* char *; NULL */
    GPtrArray *leaves;  /* SvLeaf * out of an archive, borrowed; NULL */
} SvCrmClient;

void sv_crm_client_free(SvCrmClient *client);
/* The clients of one CSV (import_table.c). Problems of rows are reported. NULL when it is no such table. */
GPtrArray *sv_import_table(const char *path, SvReport *report, GError **error);
