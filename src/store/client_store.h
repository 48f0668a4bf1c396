/* Clients and their cards, as tables. */
#pragma once
#include "db.h"
#include "message.h"
#include "report.h"

typedef struct {
    gint64 id;
    char *external; /* key of the outside system; unique */
    char *name;
    char *card;   /* client.json; "{}" when there is none */
    gint64 owner; /* account, 0 none */
    gint64 team;  /* 0 none */
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
gboolean sv_client_put(
    SvDb *db, const char *external, const char *name, const char *card, gint64 *id, GError **error);
/* owner, team: 0 none, -1 leave. Bumps the rights clock. SV_ERROR_NOT_FOUND: no such client. */
gboolean sv_client_assign(SvDb *db, gint64 id, gint64 owner, gint64 team, GError **error);
gboolean sv_client_set_reader(SvDb *db, gint64 id, gint64 account, gboolean may, GError **error);
/* Adds one to the revision: called by everything that changes what can be read of a client. */
gboolean sv_client_touch(SvDb *db, gint64 id, GError **error);
/* Reads the card into the history (name, language, zone, people); without a name in it the client's name is
 * taken. Cannot fail: what cannot be read goes to the report, which may be NULL. */
void sv_client_load_card(const SvClient *client, SvHistory *history, SvReport *report);
/* Ids (gint64) of clients whose people (not ours) have this number, whatever its writing; newest activity without labels
 * first. */
GArray *sv_clients_by_phone(SvDb *db, const char *number, GError **error);
/* Digits of a number as they are compared: the last ten, fewer when it is shorter; new, NULL when it is none.
 */
char *sv_phone_key(const char *number);
/* Number of clients. */
gint64 sv_clients_count(SvDb *db, GError **error);
/* Indexes the phones of all cards anew: after the derived tables were dropped. */
gboolean sv_clients_index_phones(SvDb *db, GError **error);

/* A line of the list of clients, for commands on the machine itself: no rights are looked at. */
typedef struct {
    gint64 id;
    char *external, *name;
    char *owner, *team; /* login and name; "" none */
    guint messages;
    gint64 newest; /* the newest message; 0 none */
} SvClientLine;
void sv_client_line_free(SvClientLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvClientLine, sv_client_line_free)
/* The line of one client. */
SvClientLine *sv_client_line(SvDb *db, gint64 id, GError **error);
/* In order of names; `find` (NULL: all) in name or key. */
GPtrArray *sv_clients_list(SvDb *db, const char *find, guint offset, guint most, GError **error);
/* Logins (char *) of those who were given the client. */
GPtrArray *sv_client_readers(SvDb *db, gint64 id, GError **error);
/* The id of a login or of a team's name; 0 when there is none, -1 on error. */
gint64 sv_client_find_account(SvDb *db, const char *login, GError **error);
gint64 sv_client_find_team(SvDb *db, const char *name, GError **error);
