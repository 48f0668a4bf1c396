/* The guard's memory of who is asking. Inside the folder. */
#pragma once
#include "secret.h"
#include "session.h"
#include "throttle.h"

#define SV_GUARD_SHARDS 16u

/* A session or token that was looked up. */
typedef struct {
    guint8 digest[SV_SECRET_DIGEST]; /* the key */
    SvWho *who;
    gint64 ends;    /* it does not live beyond: 30 days of a session, the date of a token */
    gint64 used;    /* last seen by this guard */
    gint64 written; /* last use that stands in the table */
    gboolean is_session;
} SvSeen;

typedef struct {
    GMutex mutex;
    GHashTable *seen; /* SvSeen (its digest) → itself */
} SvShard;

struct SvGuard {
    SvPool *pool;
    SvThrottle *throttle;
    gint64 (*now)(void);
    SvShard shards[SV_GUARD_SHARDS];
    GThread *keeper; /* writes down uses once a minute */
    GMutex mutex;    /* of `stop` */
    GCond wake;
    gboolean stop;
};

#define SV_SESSION_IDLE_S (12 * 3600)
#define SV_SESSION_LONGEST_S (30 * 24 * 3600)

/* Forgets a session that was ended here. */
void sv_guard_forget(SvGuard *guard, const guint8 digest[SV_SECRET_DIGEST]);
