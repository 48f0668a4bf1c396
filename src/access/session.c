/* Who is asking: see session.h. The hot path of every request.
 *
 * How it works: what a token's digest was found to be is kept in memory, with the clock of rights as it was
 * before the look-up. A request costs one point read of the clock: unchanged, the memory is right; changed,
 * the tables are read again. So a right that is taken counts from the commit on, also when another process
 * took it. Sixteen tables with a lock each, so that threads seldom meet.
 *
 * A use is noted in memory and written down once a minute by a thread (flush below): a crash shortens the
 * idle time of a session by a minute at most. What another node wrote down is read before a session is said
 * to be idle.
 *
 * What it does not do: it remembers no unknown token; asking for one costs a point read. */
#include "guard.h"
#include "token.h"
#include "who.h"
#include <string.h>

#define MOST_SEEN 4096u /* a shard */
#define KEEP_EVERY_S 60

static guint digest_hash(gconstpointer p)
{
    guint h;
    memcpy(&h, p, sizeof h); /* of a random value, so that any piece is as good as a hash */
    return h;
}

static gboolean digest_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, SV_SECRET_DIGEST) == 0;
}

static void seen_free(gpointer p)
{
    SvSeen *seen = p;
    sv_who_unref(seen->who);
    g_free(seen);
}

static gint64 wall_clock(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static SvShard *shard_of(SvGuard *guard, const guint8 *digest)
{
    return &guard->shards[digest[SV_SECRET_DIGEST - 1] % SV_GUARD_SHARDS];
}

void sv_guard_forget(SvGuard *guard, const guint8 digest[SV_SECRET_DIGEST])
{
    SvShard *shard = shard_of(guard, digest);
    g_mutex_lock(&shard->mutex);
    g_hash_table_remove(shard->seen, digest);
    g_mutex_unlock(&shard->mutex);
}

/* ── look-ups ── */

static gboolean is_alive(const SvSeen *seen, gint64 now)
{
    return now < seen->ends && (!seen->is_session || now - seen->used <= SV_SESSION_IDLE_S);
}

static SvWho *recall(SvGuard *guard, const guint8 *digest, gint64 clock, gint64 now)
{
    SvShard *shard = shard_of(guard, digest);
    g_mutex_lock(&shard->mutex);
    SvSeen *seen = g_hash_table_lookup(shard->seen, digest);
    SvWho *who = NULL;
    if (seen && seen->who->rights_clock == clock && is_alive(seen, now)) {
        seen->used = MAX(seen->used, now);
        who = sv_who_ref(seen->who);
    }
    g_mutex_unlock(&shard->mutex);
    return who;
}

static gboolean is_at_end(gpointer key, gpointer value, gpointer now)
{
    return !is_alive(value, *(gint64 *)now);
}

static gboolean is_written(gpointer key, gpointer value, gpointer unused)
{
    return ((SvSeen *)value)->used <= ((SvSeen *)value)->written;
}

/* Takes the look-up in, with the later use of what was known before; NULL when it is not alive. */
static SvWho *take_in(SvGuard *guard, SvSeen *fresh, gint64 now)
{
    SvShard *shard = shard_of(guard, fresh->digest);
    g_mutex_lock(&shard->mutex);
    const SvSeen *old = g_hash_table_lookup(shard->seen, fresh->digest);
    if (old)
        fresh->used = MAX(fresh->used, old->used);
    SvWho *who = NULL;
    if (is_alive(fresh, now)) {
        if (g_hash_table_size(shard->seen) >= MOST_SEEN && !old) {
            g_hash_table_foreach_remove(shard->seen, is_at_end, &now);
            if (g_hash_table_size(shard->seen) >= MOST_SEEN)
                g_hash_table_foreach_remove(shard->seen, is_written, NULL);
        }
        fresh->used = MAX(fresh->used, now);
        who = sv_who_ref(fresh->who);
        g_hash_table_replace(shard->seen, fresh->digest, fresh);
    } else {
        g_hash_table_remove(shard->seen, fresh->digest);
        seen_free(fresh);
    }
    g_mutex_unlock(&shard->mutex);
    return who;
}

static SvSeen *seen_new(const guint8 *digest, SvWho *who)
{
    SvSeen *seen = g_new0(SvSeen, 1);
    memcpy(seen->digest, digest, SV_SECRET_DIGEST);
    seen->who = who;
    return seen;
}

static SvSeen *read_session(SvDb *db, const guint8 *digest)
{
    SvSql *sql = sv_db_sql(db, "SELECT account_id,csrf,created,seen FROM session WHERE hash=?", NULL);
    sv_sql_blob(sql, 1, digest, SV_SECRET_DIGEST);
    if (sv_sql_next(sql, NULL) <= 0)
        return NULL;
    gint64 account = sv_sql_get_int(sql, 0), created = sv_sql_get_int(sql, 2), used = sv_sql_get_int(sql, 3);
    g_autofree char *csrf = g_strdup(sv_sql_get_text(sql, 1));
    sv_sql_done(sql);
    SvWho *who = sv_who_load(db, account, 0, csrf, NULL);
    if (!who)
        return NULL;
    SvSeen *seen = seen_new(digest, who);
    seen->is_session = TRUE;
    seen->ends = created + SV_SESSION_LONGEST_S;
    seen->used = seen->written = used;
    return seen;
}

static SvSeen *read_token(SvDb *db, const guint8 *digest)
{
    SvSql *sql = sv_db_sql(db, "SELECT account_id,scopes,expires FROM api_token WHERE hash=?", NULL);
    sv_sql_blob(sql, 1, digest, SV_SECRET_DIGEST);
    if (sv_sql_next(sql, NULL) <= 0)
        return NULL;
    gint64 account = sv_sql_get_int(sql, 0), expires = sv_sql_get_int(sql, 2);
    guint scopes = 0;
    gboolean known = sv_scopes_parse(sv_sql_get_text(sql, 1), &scopes);
    sv_sql_done(sql);
    SvWho *who = known ? sv_who_load(db, account, scopes, NULL, NULL) : NULL;
    if (!who)
        return NULL;
    SvSeen *seen = seen_new(digest, who);
    seen->ends = expires ? expires : G_MAXINT64;
    return seen;
}

static SvWho *find(SvGuard *guard, SvDb *db, const char *token, gboolean is_session)
{
    guint8 digest[SV_SECRET_DIGEST];
    if (!sv_secret_digest(token, is_session ? "" : SV_TOKEN_PREFIX, digest))
        return NULL;
    gint64 clock = sv_rights_clock(db), now = guard->now();
    if (clock < 0)
        return NULL;
    SvWho *who = recall(guard, digest, clock, now);
    if (who)
        return who;
    SvSeen *fresh = is_session ? read_session(db, digest) : read_token(db, digest);
    if (fresh) {
        fresh->who->rights_clock = clock; /* as it was before the row was read: a logout since then counts */
        return take_in(guard, fresh, now);
    }
    sv_guard_forget(guard, digest);
    return NULL;
}

SvWho *sv_guard_session(SvGuard *guard, SvDb *db, const char *token)
{
    return find(guard, db, token, TRUE);
}

SvWho *sv_guard_token(SvGuard *guard, SvDb *db, const char *token)
{
    return find(guard, db, token, FALSE);
}

/* ── uses are written down ── */

typedef struct {
    guint8 digest[SV_SECRET_DIGEST];
    gint64 used;
} Use;

static GArray *unwritten(SvGuard *guard, gint64 now)
{
    GArray *uses = g_array_new(FALSE, FALSE, sizeof(Use));
    for (guint i = 0; i < SV_GUARD_SHARDS; i++) {
        SvShard *shard = &guard->shards[i];
        GHashTableIter iter;
        gpointer value;
        g_mutex_lock(&shard->mutex);
        g_hash_table_foreach_remove(shard->seen, is_at_end, &now);
        g_hash_table_iter_init(&iter, shard->seen);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            SvSeen *seen = value;
            if (!seen->is_session || seen->used <= seen->written)
                continue;
            Use use = {.used = seen->used};
            memcpy(use.digest, seen->digest, SV_SECRET_DIGEST);
            g_array_append_val(uses, use);
        }
        g_mutex_unlock(&shard->mutex);
    }
    return uses;
}

static gboolean write_uses(SvDb *db, const GArray *uses, GError **error)
{
    for (guint i = 0; i < uses->len; i++) {
        const Use *use = &g_array_index(uses, Use, i);
        SvSql *sql = sv_db_sql(db, "UPDATE session SET seen=?1 WHERE hash=?2 AND seen<?1", error);
        sv_sql_int(sql, 1, use->used);
        sv_sql_blob(sql, 2, use->digest, SV_SECRET_DIGEST);
        if (!sv_sql_run(sql, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean delete_ended(SvDb *db, gint64 now, GError **error)
{
    SvSql *sessions = sv_db_sql(db, "DELETE FROM session WHERE seen<? OR created<?", error);
    sv_sql_int(sessions, 1, now - SV_SESSION_IDLE_S);
    sv_sql_int(sessions, 2, now - SV_SESSION_LONGEST_S);
    if (!sv_sql_run(sessions, error))
        return FALSE;
    SvSql *tokens = sv_db_sql(db, "DELETE FROM api_token WHERE expires<=?", error);
    sv_sql_int(tokens, 1, now);
    return sv_sql_run(tokens, error);
}

/* Is there anything that ended? Asked of a reader, so that an idle server does not write. */
static gboolean any_ended(SvGuard *guard, gint64 now)
{
    gint64 any = 0;
    SvDb *db = sv_pool_read(guard->pool, NULL);
    if (!db)
        return FALSE;
    SvSql *sql = sv_db_sql(db,
        "SELECT EXISTS(SELECT 1 FROM session WHERE seen<?1 OR created<?2)"
        " OR EXISTS(SELECT 1 FROM api_token WHERE expires<=?3)", NULL);
    sv_sql_int(sql, 1, now - SV_SESSION_IDLE_S);
    sv_sql_int(sql, 2, now - SV_SESSION_LONGEST_S);
    sv_sql_int(sql, 3, now);
    sv_sql_get_one(sql, 0, &any, NULL);
    sv_pool_read_done(guard->pool, db);
    return any != 0;
}

static void note_written(SvGuard *guard, const GArray *uses)
{
    for (guint i = 0; i < uses->len; i++) {
        const Use *use = &g_array_index(uses, Use, i);
        SvShard *shard = shard_of(guard, use->digest);
        g_mutex_lock(&shard->mutex);
        SvSeen *seen = g_hash_table_lookup(shard->seen, use->digest);
        if (seen)
            seen->written = MAX(seen->written, use->used);
        g_mutex_unlock(&shard->mutex);
    }
}

gboolean sv_guard_flush(SvGuard *guard, GError **error)
{
    gint64 now = guard->now();
    g_autoptr(GArray) uses = unwritten(guard, now);
    if (uses->len == 0 && !any_ended(guard, now))
        return TRUE;
    SvDb *db = sv_pool_write(guard->pool, error);
    if (!db)
        return FALSE;
    gboolean done = write_uses(db, uses, error) && delete_ended(db, now, error);
    if (!sv_pool_write_done(guard->pool, db, done, done ? error : NULL) || !done)
        return FALSE;
    note_written(guard, uses);
    return TRUE;
}

/* A failed flush is tried again a minute later: nothing is lost but idle time. */
static gpointer keep(gpointer data)
{
    SvGuard *guard = data;
    g_mutex_lock(&guard->mutex);
    gint64 until = g_get_monotonic_time() + KEEP_EVERY_S * G_USEC_PER_SEC;
    while (!guard->stop) {
        if (g_cond_wait_until(&guard->wake, &guard->mutex, until))
            continue;
        g_mutex_unlock(&guard->mutex);
        sv_guard_flush(guard, NULL);
        g_mutex_lock(&guard->mutex);
        until = g_get_monotonic_time() + KEEP_EVERY_S * G_USEC_PER_SEC;
    }
    g_mutex_unlock(&guard->mutex);
    return NULL;
}

/* ── the guard ── */

SvGuard *sv_guard_new(SvPool *pool)
{
    SvGuard *guard = g_new0(SvGuard, 1);
    guard->pool = pool;
    guard->throttle = sv_throttle_new();
    guard->now = wall_clock;
    for (guint i = 0; i < SV_GUARD_SHARDS; i++) {
        g_mutex_init(&guard->shards[i].mutex);
        guard->shards[i].seen = g_hash_table_new_full(digest_hash, digest_equal, NULL, seen_free);
    }
    g_mutex_init(&guard->mutex);
    g_cond_init(&guard->wake);
    guard->keeper = g_thread_new("sessions", keep, guard);
    return guard;
}

void sv_guard_free(SvGuard *guard)
{
    if (!guard)
        return;
    g_mutex_lock(&guard->mutex);
    guard->stop = TRUE;
    g_cond_signal(&guard->wake);
    g_mutex_unlock(&guard->mutex);
    g_thread_join(guard->keeper);
    sv_guard_flush(guard, NULL);
    for (guint i = 0; i < SV_GUARD_SHARDS; i++) {
        g_hash_table_unref(guard->shards[i].seen);
        g_mutex_clear(&guard->shards[i].mutex);
    }
    sv_throttle_free(guard->throttle);
    g_cond_clear(&guard->wake);
    g_mutex_clear(&guard->mutex);
    g_free(guard);
}

void sv_guard_set_clock(SvGuard *guard, gint64 (*now)(void))
{
    guard->now = now;
}
