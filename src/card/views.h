/* Which reading is current for a client and an audience, what has been accepted since, and what readers have
 * said (marks of tasks, pins of what was missing). Inside the folder. */
#pragma once
#include "client_store.h"
#include "desk.h"
#include "knowledge.h"

typedef struct {
    char *message; /* its key */
    char *quote;   /* the sentence; "" when the whole message was meant */
} SvPin;

typedef struct {
    char *task, *state, *by;
    gint64 at;
} SvMark;

/* What is true of one audience at one revision of the client. Immutable, counted. */
typedef struct {
    gatomicrefcount count;
    SvKnowledge *reading;
    gint64 revision;   /* of the client */
    guint total;       /* messages of the client */
    guint hidden;      /* of them not for this audience */
    guint pending;     /* visible, accepted after the reading was made */
    GHashTable *marks; /* task → SvMark */
    GPtrArray *pins;   /* SvPin of visible messages, oldest first */
    char *said;        /* digest of marks and pins */
} SvView;
void sv_view_unref(SvView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvView, sv_view_unref)

typedef struct SvViews SvViews;
SvViews *sv_views_new(SvPool *pool, const SvEngine *engine, guint most);
void sv_views_free(SvViews *views);

/* The labels of `held` that occur in the client: " 3 17 "; new. Kept by revision. NULL on error. */
char *sv_views_audience(
    SvViews *views, SvDb *db, gint64 client, gint64 revision, const char *held, GError **error);
/* The view of an audience, at the client's revision. Made once when several ask at the same time. When
 * nothing but new messages came since the last reading, that one serves and they are counted as pending,
 * unless `fresh`. */
SvView *sv_views_get(SvViews *views, SvDb *db, gint64 client, gint64 revision, const char *audience,
    gboolean fresh, GError **error);
/* The view if it is in memory and current at the revision; else NULL. */
SvView *sv_views_peek(SvViews *views, gint64 client, const char *audience, gint64 revision);
/* Forgets what is kept in memory of a client (after erasure). */
void sv_views_drop(SvViews *views, gint64 client);
