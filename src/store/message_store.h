/* Messages as they were received, as tables. Nothing here knows who may read what: access/ and card/ do.
 *
 * A message's key is `external` (SvMessage.id) within its client. Several messages of one client can have one
 * key: rows of different tables, two copies of a letter. They are parts 0, 1, … of it. */
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
    SvChannel channel;
    guint part;
    guint8 digest[16]; /* of what the message says: the same message, the same digest */
} SvStored;

typedef enum { SV_PUT_ADDED, SV_PUT_CHANGED, SV_PUT_SAME } SvPut;

/* Writes the message under its key (message->id): adds it, or takes the place of the one that has the key and
 * channel, or changes nothing when it is the same. Idempotent. `nth`: 0, or how many messages of this key and
 * channel come before it in the same batch. `labels` (ids) NULL: of a new one none, of a known one as they
 * are. Words are indexed for search (masked first). *put and *id may be NULL. SV_ERROR_INPUT: no key, bad
 * labels; SV_ERROR_NOT_FOUND: no such client.
 *
 * The message is written with the revision that the client gets from the next sv_client_touch(): the caller
 * touches the client once, after the last message, in the same transaction, when anything changed. */
gboolean sv_message_put(SvDb *db, gint64 client, const SvMessage *message, guint nth, const char *labels,
    SvPut *put, gint64 *id, GError **error);
/* All parts, rows and words; SV_ERROR_NOT_FOUND when there is none. The caller touches the client. To leave
 * no trace in the file: erase.h. */
gboolean sv_message_delete(SvDb *db, gint64 client, const char *external, GError **error);
gboolean sv_message_set_labels(SvDb *db, gint64 client, gint64 id, const char *labels, GError **error);
/* SvStored of a client's messages in order of id; without bodies. */
GPtrArray *sv_messages_list(SvDb *db, gint64 client, GError **error);
/* Unpacks the messages whose labels are all in `audience` (" 3 17 ", see labels.h) into the history, in order
 * of time. The card is not read: sv_client_load_card(). */
gboolean sv_messages_load(SvDb *db, gint64 client, const char *audience, SvHistory *history, GError **error);
/* Distinct labels that occur in the client's messages: char * " 3 17 ". */
GPtrArray *sv_messages_label_sets(SvDb *db, gint64 client, GError **error);
/* All labels that occur in the client's messages, as one set; new, NULL on error. */
char *sv_messages_labels(SvDb *db, gint64 client, GError **error);
void sv_stored_free(SvStored *stored);
