/* Erasure: gone from tables, indices, caches, files and free pages. The deed is the caller's to record. */
#pragma once
#include "db.h"

typedef struct {
    gint64 clients, messages, feedback, views;
} SvErased;

/* Each takes its own write transaction and scrubs the file afterwards (nothing is left in free pages or the log). */
gboolean sv_erase_client(SvPool *pool, gint64 client, SvErased *out, GError **error);
gboolean sv_erase_message(SvPool *pool, gint64 client, const char *external, SvErased *out, GError **error);
/* A person: every message that he wrote or alone received, and his entry in the card. `who`: e-mail, phone or name. */
gboolean sv_erase_person(SvPool *pool, gint64 client, const char *who, SvErased *out, GError **error);
