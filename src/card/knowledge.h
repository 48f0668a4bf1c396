/* Knowledge: a client's history as one audience may know it — its messages only, finished, masked, and their
 * facts. Immutable, counted; kept in the table `view` and in memory. */
#pragma once
#include "client_store.h"
#include "compose.h"
#include "db.h"

typedef struct {
    gint64 id;       /* of the row */
    gint64 revision; /* of the client when it was written */
} SvReadMessage;

typedef struct {
    gatomicrefcount count;
    guint64 serial; /* tells readings of this process apart */
    gint64 client;
    char *audience;
    guint8 stamp[32];   /* digest of all that it was made from */
    SvHistory *history; /* nothing raw in it */
    SvFacts *facts;
    GArray *messages;  /* SvReadMessage by id: what was visible when it was made */
    GHashTable *by_id; /* message id (char *) → index in history + 1: the first of that key */
    GMutex lock;       /* of digest */
    SvDigest *digest;  /* of the day below; made when first asked for */
    SvTime as_of;
    GSList *older; /* digests of earlier days: somebody may still read them */
} SvKnowledge;

/* Digest of what a reading would be made from now: card, models, visible messages. `list` is SvStored (of the
 * whole client, ascending ids); *visible is filled with SvReadMessage. */
void sv_knowledge_stamp(const SvEngine *engine, const char *card, const GPtrArray *list, const char *audience,
    GArray *visible, guint8 stamp[32]);
/* Loads, finishes, masks, reads. */
SvKnowledge *sv_knowledge_make(SvDb *db, const SvEngine *engine, const SvClient *client, const char *audience,
    GArray *visible, const guint8 stamp[32], GError **error);
/* As bytes for the table, and back; NULL and SV_ERROR_INPUT when they are damaged. */
GBytes *sv_knowledge_pack(const SvKnowledge *reading);
SvKnowledge *sv_knowledge_unpack(const void *bytes, gsize len, gint64 client, const char *audience,
    const guint8 stamp[32], GError **error);
/* Sum of the open deals. */
double sv_knowledge_open_amount(const SvKnowledge *reading);

SvKnowledge *sv_knowledge_ref(SvKnowledge *reading);
void sv_knowledge_unref(SvKnowledge *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvKnowledge, sv_knowledge_unref)

/* Facts and ledger as of a moment's day; valid as long as the reading. */
const SvDigest *sv_knowledge_digest(SvKnowledge *reading, const SvEngine *engine, gint64 now);
/* Index of a message in the history, -1. */
int sv_knowledge_find(const SvKnowledge *reading, const char *id);
