/* Who asked just now, and what he may open, without asking the database again. Inside the folder. */
#pragma once
#include "route.h"

/* What a request proves itself by: a session's cookie or a program's token. */
typedef struct {
    const char *secret; /* NULL: nothing */
    gboolean session;
} SvProof;

/* The reader (a new reference) when the same proof was good for the same client (0: none) in this second and
 * nothing was committed since; *revision is the client's. NULL: ask. */
SvWho *sv_recall_find(const SvApp *app, const SvProof *proof, gint64 client, gint64 now, const SvStamp *stamp,
    gint64 *revision);
/* Keeps what the database said; `stamp` was taken before it was asked. */
void sv_recall_keep(const SvApp *app, const SvProof *proof, gint64 client, gint64 now, const SvStamp *stamp,
    SvWho *who, gint64 revision);
