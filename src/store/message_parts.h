/* A message put in two steps: rows first, words after. Inside the folder only.
 *
 * The index of words keeps what is added in memory and writes it out whenever a statement on another table
 * begins. Many messages are therefore put as rows, all of them, and then as words. */
#pragma once
#include "message_store.h"

/* sv_message_put() without the words. */
gboolean sv_message_put_row(SvDb *db, gint64 client, const SvMessage *message, guint nth, const char *labels,
    SvPut *put, gint64 *id, GError **error);
/* The words of a message that was added or changed. */
gboolean sv_message_put_words(SvDb *db, const SvIndexer *indexer, gint64 client, gint64 id,
    const SvMessage *message, SvPut put, GError **error);
