/* Clients and their cards, as tables. */
#pragma once
#include "db.h"

typedef struct {
    gint64 id;
    char *external; /* key of the outside system; unique */
    char *name;
    char *card;     /* client.json; "{}" when there is none */
    gint64 owner;   /* account, 0 none */
    gint64 team;    /* 0 none */
    gint64 revision;
    gint64 created;
} SvClient;

void sv_client_free(SvClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvClient, sv_client_free)

/* SV_ERROR_NOT_FOUND when there is none. */
SvClient *sv_client_get(SvDb *db, gint64 id, GError **error);
SvClient *sv_client_find(SvDb *db, const char *external, GError **error);
/* Makes the client, or changes name and card of the one that has this key (NULL: leave as is). Phones of the
 * card's people are indexed. *id is filled. Card must be a JSON object: SV_ERROR_INPUT. */
gboolean sv_client_put(SvDb *db, const char *external, const char *name, const char *card, gint64 *id, GError **error);
/* owner, team: 0 none, -1 leave. Bumps the rights clock. */
gboolean sv_client_assign(SvDb *db, gint64 id, gint64 owner, gint64 team, GError **error);
gboolean sv_client_set_reader(SvDb *db, gint64 id, gint64 account, gboolean may, GError **error);
/* Adds one to the revision: called by everything that changes what can be read of a client. */
gboolean sv_client_touch(SvDb *db, gint64 id, GError **error);
/* Ids (gint64) of clients whose people have this number, whatever its writing; newest activity first. */
GArray *sv_clients_by_phone(SvDb *db, const char *number, GError **error);
/* Digits of a number as they are compared: the last ten, fewer when it is shorter; new, NULL when it is none. */
char *sv_phone_key(const char *number);
/* Number of clients. */
gint64 sv_clients_count(SvDb *db, GError **error);
