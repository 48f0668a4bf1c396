/* Messages as they were received, as tables. Nothing here knows who may read what: access/ and card/ do. */
#pragma once
#include "db.h"
#include "message.h"
#include "report.h"

typedef struct {
    gint64 id, client;
    char *external;
    char *labels; /* " 3 17 ", "" none */
    gint64 at;
    gint64 revision;
} SvStored;

typedef enum { SV_PUT_ADDED, SV_PUT_CHANGED, SV_PUT_SAME } SvPut;

/* Writes the message under its key (message->id): adds it, or takes the place of the one that has the key, or
 * changes nothing when it is the same. Idempotent. `labels` (ids) NULL: of a new one none, of a known one as
 * they are. Words are indexed for search (masked first). The caller touches the client when something changed. */
gboolean sv_message_put(SvDb *db, gint64 client, const SvMessage *message, const char *labels, SvPut *put,
    gint64 *id, GError **error);
/* By key or id; SV_ERROR_NOT_FOUND. Deleted rows are gone: see erase in store/erase.h for scrubbing. */
gboolean sv_message_delete(SvDb *db, gint64 client, const char *external, GError **error);
gboolean sv_message_set_labels(SvDb *db, gint64 client, gint64 id, const char *labels, GError **error);
/* SvStored of a client's messages in order of id; without bodies. */
GPtrArray *sv_messages_list(SvDb *db, gint64 client, GError **error);
/* Unpacks the messages whose labels are all in `audience` (" 3 17 ", see access.h) into the history. */
gboolean sv_messages_load(SvDb *db, gint64 client, const char *audience, SvHistory *history, GError **error);
/* Distinct labels that occur in the client's messages: char * " 3 17 ". */
GPtrArray *sv_messages_label_sets(SvDb *db, gint64 client, GError **error);
/* Ids (gint64) of the client's messages that hold all the words, best first, at most `most`; any audience. */
GArray *sv_messages_search(SvDb *db, gint64 client, GPtrArray *lemmas, guint most, GError **error);
void sv_stored_free(SvStored *stored);
