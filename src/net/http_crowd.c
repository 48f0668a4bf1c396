/* The crowd: all connections of a server, and what is done about slow ones.
 *
 * A peer's state and the moment since which it is slow are two atomic words; nothing else happens per
 * request. The list of peers changes under a lock when one comes or goes. What a peer sends moves its moment
 * later, one second for each SV_HTTP_RATE bytes but never beyond now: a large upload at a fair speed is not
 * slow. So does what it reads, as the system's count of acknowledged bytes tells whoever looks for slow ones.
 *
 * Two things close a slow connection: a guard, twice a second, when its time is over; and want of places,
 * when more than three quarters of them are taken: then a thirtieth of the places is freed at once, the
 * slowest first, so that the list is not searched for every newcomer. The guard does it too, often, while
 * places are short: the library takes no newcomer when there is none. Running handlers and streams are never
 * closed for others, nor is anybody in the first moment. A socket is shut down under the lock while its peer
 * is listed, that is before the library closes it: a number is never used for another file. The guard also
 * wakes streams that asked for it. */
#include "http_parts.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ROUND (500 * G_TIME_SPAN_MILLISECOND) /* of the guard */
#define GRAIN (20 * G_TIME_SPAN_MILLISECOND)  /* streams that are due within it wake together */
#define MOMENT (50 * G_TIME_SPAN_MILLISECOND) /* nobody is slow before */
#define READ_GRACE                                                                                           \
    (250 * G_TIME_SPAN_MILLISECOND) /* one who reads counts as slow later, unless places are out */

struct SvCrowd {
    GMutex lock;
    GCond changed;
    GPtrArray *peers; /* SvPeer */
    guint limit, doomed, streams;
    gint64 patience;  /* µs for a request */
    gint64 next_wake; /* when the guard looks next */
    guint64 closed_slow;
    _Atomic gboolean closing;
    gboolean over;
    GThread *guard;
};

void sv_peer_now(SvPeer *peer, SvPeerState state)
{
    atomic_store_explicit(&peer->since, g_get_monotonic_time(), memory_order_relaxed);
    atomic_store_explicit(&peer->state, (int)state, memory_order_release);
}

void sv_peer_credit(SvPeer *peer, guint64 bytes)
{
    gint64 now = g_get_monotonic_time(), since = atomic_load_explicit(&peer->since, memory_order_relaxed);
    gint64 later = since + (gint64)(MIN(bytes, 1u << 30) * G_USEC_PER_SEC / SV_HTTP_RATE);
    /* unless the peer's thread has begun something else meanwhile */
    atomic_compare_exchange_strong(&peer->since, &since, MIN(later, now));
}

/* What the peer has read since it was last looked at. Under the lock. */
static void look_at_reading(SvPeer *peer)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    memset(&info, 0, sizeof info);
    if (getsockopt(peer->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return;
    sv_peer_credit(peer, info.tcpi_bytes_acked - peer->acked);
    peer->acked = info.tcpi_bytes_acked;
}

/* Under the lock. */
static void shut(SvCrowd *crowd, SvPeer *peer)
{
    if (peer->doomed)
        return;
    peer->doomed = TRUE;
    crowd->doomed++;
    shutdown(peer->fd, SHUT_RDWR);
}

/* For how long it has been slow (µs), so that it may be closed for others; negative: it may not. */
static gint64 slowness(SvPeer *peer, gint64 now, gint64 read_grace)
{
    int state = atomic_load_explicit(&peer->state, memory_order_acquire);
    if (state == SV_PEER_ANSWERING)
        look_at_reading(peer);
    gint64 for_us = now - atomic_load_explicit(&peer->since, memory_order_relaxed);
    switch (state) {
    case SV_PEER_WAITING:
    case SV_PEER_IDLE:
        return for_us;
    case SV_PEER_ANSWERING:
        return for_us - read_grace;
    default:
        return -1;
    }
}

typedef struct {
    SvPeer *peer;
    gint64 slow;
} Slow;

static int slowest_first(const void *a, const void *b)
{
    gint64 x = ((const Slow *)a)->slow, y = ((const Slow *)b)->slow;
    return (x < y) - (x > y);
}

static gboolean is_crowded(const SvCrowd *crowd)
{
    return crowd->peers->len - crowd->doomed >= crowd->limit * 3 / 4;
}

static void make_room(SvCrowd *crowd)
{
    gint64 now = g_get_monotonic_time();
    gint64 grace = crowd->peers->len - crowd->doomed < crowd->limit * 9 / 10 ? READ_GRACE : 0;
    g_autofree Slow *slow = g_new(Slow, crowd->peers->len);
    guint n = 0;
    for (guint i = 0; i < crowd->peers->len; i++) {
        SvPeer *peer = crowd->peers->pdata[i];
        gint64 s = peer->doomed ? -1 : slowness(peer, now, grace);
        if (s >= MOMENT)
            slow[n++] = (Slow){peer, s};
    }
    qsort(slow, n, sizeof *slow, slowest_first);
    n = MIN(n, crowd->limit / 30 + 1);
    for (guint i = 0; i < n; i++)
        shut(crowd, slow[i].peer);
    crowd->closed_slow += n;
}

void sv_crowd_enter(SvCrowd *crowd, SvPeer *peer)
{
    sv_peer_now(peer, SV_PEER_WAITING);
    g_mutex_lock(&crowd->lock);
    if (is_crowded(crowd)) {
        make_room(crowd);
        if (crowd->next_wake > g_get_monotonic_time() + GRAIN)
            g_cond_broadcast(&crowd->changed);
    }
    peer->index = crowd->peers->len;
    g_ptr_array_add(crowd->peers, peer);
    g_mutex_unlock(&crowd->lock);
}

void sv_crowd_leave(SvCrowd *crowd, SvPeer *peer)
{
    g_mutex_lock(&crowd->lock);
    g_ptr_array_remove_index_fast(crowd->peers, peer->index);
    if (peer->index < crowd->peers->len)
        ((SvPeer *)crowd->peers->pdata[peer->index])->index = peer->index;
    crowd->doomed -= peer->doomed ? 1 : 0;
    g_cond_broadcast(&crowd->changed);
    g_mutex_unlock(&crowd->lock);
}

/* ── streams ── */

void sv_crowd_sleep(SvCrowd *crowd, SvPeer *peer, gint64 due)
{
    MHD_suspend_connection(peer->connection);
    g_mutex_lock(&crowd->lock);
    peer->asleep = TRUE;
    peer->due = atomic_load(&crowd->closing) ? 0 : due;
    if (peer->due < crowd->next_wake)
        g_cond_broadcast(&crowd->changed);
    g_mutex_unlock(&crowd->lock);
}

gboolean sv_crowd_take_stream(SvCrowd *crowd)
{
    g_mutex_lock(&crowd->lock);
    gboolean taken = crowd->streams < crowd->limit / 2;
    crowd->streams += taken ? 1 : 0;
    g_mutex_unlock(&crowd->lock);
    return taken;
}

void sv_crowd_end_stream(SvCrowd *crowd)
{
    g_mutex_lock(&crowd->lock);
    crowd->streams--;
    g_mutex_unlock(&crowd->lock);
}

gboolean sv_crowd_closing(const SvCrowd *crowd)
{
    return atomic_load_explicit(&crowd->closing, memory_order_relaxed);
}

/* ── the guard ── */

/* A keep-alive connection may rest twice as long as a request may take. */
static gboolean is_over(const SvCrowd *crowd, SvPeer *peer, gint64 now)
{
    int state = atomic_load_explicit(&peer->state, memory_order_acquire);
    if (state == SV_PEER_ANSWERING)
        look_at_reading(peer);
    gint64 for_us = now - atomic_load_explicit(&peer->since, memory_order_relaxed);
    switch (state) {
    case SV_PEER_WAITING:
    case SV_PEER_ANSWERING:
        return for_us > crowd->patience;
    case SV_PEER_IDLE:
        return for_us > 2 * crowd->patience;
    default:
        return FALSE;
    }
}

/* One round, under the lock: shuts down who is over time, collects who is to wake, and says when to come
 * again. */
static gint64 look_round(SvCrowd *crowd, GPtrArray *wake)
{
    gint64 now = g_get_monotonic_time(), next = now + (is_crowded(crowd) ? GRAIN : ROUND);
    if (is_crowded(crowd))
        make_room(crowd);
    for (guint i = 0; i < crowd->peers->len; i++) {
        SvPeer *peer = crowd->peers->pdata[i];
        if (peer->asleep && peer->due <= now + GRAIN) {
            peer->asleep = FALSE;
            g_ptr_array_add(wake, peer->connection);
        } else if (peer->asleep) {
            next = MIN(next, peer->due);
        } else if (!peer->doomed && is_over(crowd, peer, now)) {
            shut(crowd, peer);
            crowd->closed_slow++;
        }
    }
    return next;
}

static gpointer guard(gpointer data)
{
    SvCrowd *crowd = data;
    g_autoptr(GPtrArray) wake = g_ptr_array_new();
    g_mutex_lock(&crowd->lock);
    while (!crowd->over) {
        crowd->next_wake = look_round(crowd, wake);
        if (wake->len) {
            /* a sleeping connection cannot go away: only this thread wakes it */
            g_mutex_unlock(&crowd->lock);
            for (guint i = 0; i < wake->len; i++)
                MHD_resume_connection(wake->pdata[i]);
            g_ptr_array_set_size(wake, 0);
            g_mutex_lock(&crowd->lock);
        } else {
            g_cond_wait_until(&crowd->changed, &crowd->lock, crowd->next_wake);
        }
    }
    g_mutex_unlock(&crowd->lock);
    return NULL;
}

/* ── begin and end ── */

SvCrowd *sv_crowd_new(guint limit, guint request_s)
{
    SvCrowd *crowd = g_new0(SvCrowd, 1);
    g_mutex_init(&crowd->lock);
    g_cond_init(&crowd->changed);
    crowd->peers = g_ptr_array_new();
    crowd->limit = limit;
    crowd->patience = (gint64)request_s * G_USEC_PER_SEC;
    crowd->guard = g_thread_new("sv-crowd", guard, crowd);
    return crowd;
}

void sv_crowd_free(SvCrowd *crowd)
{
    g_mutex_lock(&crowd->lock);
    crowd->over = TRUE;
    g_cond_broadcast(&crowd->changed);
    g_mutex_unlock(&crowd->lock);
    g_thread_join(crowd->guard);
    g_ptr_array_unref(crowd->peers);
    g_mutex_clear(&crowd->lock);
    g_cond_clear(&crowd->changed);
    g_free(crowd);
}

/* How many peers must still be waited for; those that can go are shut down, streams are woken to their end.
 */
static guint usher(SvCrowd *crowd, gboolean all)
{
    guint wait = 0;
    for (guint i = 0; i < crowd->peers->len; i++) {
        SvPeer *peer = crowd->peers->pdata[i];
        int state = atomic_load_explicit(&peer->state, memory_order_relaxed);
        gboolean begun = state == SV_PEER_WORKING || state == SV_PEER_ANSWERING || state == SV_PEER_STREAM;
        peer->due = 0;
        if (!begun || all)
            shut(crowd, peer);
        wait += begun || peer->asleep ? 1 : 0;
    }
    return wait;
}

void sv_crowd_close(SvCrowd *crowd, gint64 patience)
{
    gint64 end = g_get_monotonic_time() + patience;
    g_mutex_lock(&crowd->lock);
    atomic_store(&crowd->closing, TRUE);
    while (usher(crowd, FALSE) > 0 && g_get_monotonic_time() < end) {
        g_cond_broadcast(&crowd->changed);
        g_cond_wait_until(&crowd->changed, &crowd->lock, g_get_monotonic_time() + 2 * GRAIN);
    }
    usher(crowd, TRUE);
    g_mutex_unlock(&crowd->lock);
}

void sv_crowd_counts(SvCrowd *crowd, guint *open, guint64 *closed_slow)
{
    g_mutex_lock(&crowd->lock);
    *open = crowd->peers->len;
    *closed_slow = crowd->closed_slow;
    g_mutex_unlock(&crowd->lock);
}
