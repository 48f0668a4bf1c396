/* The choke point: may this reader open this client, and which messages of it?
 *
 * Managers open clients of their own and those they were given; heads those of their team too (the client's
 * team, or its owner's); support, directors and administrators all. A message with labels is for those who
 * hold all of them, whatever their role. An audience is the set of labels held of those that occur in the
 * client: readers with the same audience may know the same, so what is made for one may be shown to the
 * other. */
#pragma once
#include "client_store.h"
#include "session.h"

/* The client, if the reader may open it. SV_ERROR_NOT_FOUND when it does not exist or he may not: nobody
 * learns which. */
SvClient *sv_access_client(SvDb *db, const SvWho *who, gint64 client, GError **error);
/* The same question without reading the client: for every request. */
gboolean sv_access_may_open(SvDb *db, const SvWho *who, gint64 client, GError **error);
/* The same; *revision is the client's as of the same moment. */
gboolean sv_access_may_open_at(SvDb *db, const SvWho *who, gint64 client, gint64 *revision, GError **error);
/* The same, and the client's revision (never 0). */
gboolean sv_access_open(SvDb *db, const SvWho *who, gint64 client, gint64 *revision, GError **error);
/* The audience of a reader on a client: " 3 17 ", "" when no label is held. New; NULL on error. */
char *sv_access_audience(SvDb *db, const SvWho *who, gint64 client, GError **error);
/* Are all of a message's labels (" 3 17 ") in the audience? Lists that are no lists are not. */
gboolean sv_access_covers(const char *audience, const char *labels);
/* Ids (gint64) of the clients that the reader may open, those with the newest message first; `find` (NULL:
 * all) in the name, from `offset`, at most `most`. Newest of the messages without labels: the order tells
 * nothing of what others may read. */
GArray *sv_access_clients(
    SvDb *db, const SvWho *who, const char *find, guint offset, guint most, GError **error);
/* May the reader manage users, labels, imports, erasure, audit? */
gboolean sv_access_is_admin(const SvWho *who);
/* May the reader change (mark tasks, give feedback, add messages) at all? */
gboolean sv_access_may_write(const SvWho *who);
