/* How many logins may fail: the rule stands in throttle.h. A count is the times of the last ten failures. */
#include "throttle.h"
#include <gio/gio.h>
#include <string.h>

#define TRIES 10u
#define WINDOW_S (15 * 60)
#define ACQUAINTED_S (30 * 24 * 3600)
#define MOST_KEYS 100000u
#define LOGIN_BYTES 128u
#define ADDRESS_BYTES 64u

typedef struct {
    gint64 at[TRIES]; /* ascending */
    guint n;
} Count;

struct SvThrottle {
    GMutex mutex;
    GHashTable *counts; /* char * → Count */
    GHashTable *pairs;  /* char * "address login" → gint64 *: the last success */
};

void sv_try_clear(SvTry *try)
{
    g_clear_pointer(&try->address, g_free);
    g_clear_pointer(&try->login, g_free);
}

SvThrottle *sv_throttle_new(void)
{
    SvThrottle *t = g_new0(SvThrottle, 1);
    g_mutex_init(&t->mutex);
    t->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    t->pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return t;
}

void sv_throttle_free(SvThrottle *t)
{
    if (!t)
        return;
    g_hash_table_unref(t->counts);
    g_hash_table_unref(t->pairs);
    g_mutex_clear(&t->mutex);
    g_free(t);
}

/* What an address counts as: IPv6 by its first 64 bits, which one household has; IPv4 in IPv6 as IPv4. */
static char *address_key(const char *address)
{
    g_autoptr(GInetAddress) inet = address ? g_inet_address_new_from_string(address) : NULL;
    if (!inet)
        return g_strndup(address ? address : "", ADDRESS_BYTES);
    if (g_inet_address_get_family(inet) == G_SOCKET_FAMILY_IPV4)
        return g_inet_address_to_string(inet);
    static const guint8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const guint8 *b = g_inet_address_to_bytes(inet);
    if (memcmp(b, mapped, sizeof mapped) == 0)
        return g_strdup_printf("%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    return g_strdup_printf(
        "%02x%02x:%02x%02x:%02x%02x:%02x%02x/64", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
}

static void drop_old(Count *count, gint64 now)
{
    guint old = 0;
    while (old < count->n && count->at[old] <= now - WINDOW_S)
        old++;
    count->n -= old;
    memmove(count->at, count->at + old, count->n * sizeof count->at[0]);
}

static gboolean is_over(gpointer key, gpointer value, gpointer now)
{
    drop_old(value, *(gint64 *)now);
    return ((Count *)value)->n == 0;
}

static gboolean is_every_other(gpointer key, gpointer value, gpointer which)
{
    return (*(guint *)which)++ % 2;
}

/* Room for more: what is over goes first; a flood from very many addresses costs half of the counts. */
static void make_room(SvThrottle *t, gint64 now)
{
    guint which = 0;
    if (g_hash_table_size(t->counts) < MOST_KEYS)
        return;
    g_hash_table_foreach_remove(t->counts, is_over, &now);
    if (g_hash_table_size(t->counts) > MOST_KEYS / 2)
        g_hash_table_foreach_remove(t->counts, is_every_other, &which);
}

static Count *count_of(SvThrottle *t, const char *key, gint64 now)
{
    Count *count = g_hash_table_lookup(t->counts, key);
    if (!count) {
        count = g_new0(Count, 1);
        g_hash_table_insert(t->counts, g_strdup(key), count);
    }
    drop_old(count, now);
    return count;
}

static char *pair_key(const SvTry *try)
{
    return g_strconcat("p", try->address, " ", try->login, NULL);
}

static gboolean is_acquainted(SvThrottle *t, const char *pair, gint64 now)
{
    const gint64 *last = g_hash_table_lookup(t->pairs, pair);
    return last && *last > now - ACQUAINTED_S;
}

gboolean sv_throttle_begin(SvThrottle *t, const char *address, const char *login, gint64 now, SvTry *try)
{
    try->address = address_key(address);
    try->login = g_strndup(login, LOGIN_BYTES);
    try->at = now;
    g_autofree char *pair = pair_key(try);
    g_autofree char *by_address = g_strconcat("a", try->address, NULL);
    g_autofree char *by_login = g_strconcat("l", try->login, NULL);
    g_mutex_lock(&t->mutex);
    try->acquainted = is_acquainted(t, pair, now);
    make_room(t, now);
    Count *first = count_of(t, try->acquainted ? pair : by_address, now);
    gboolean may = first->n < TRIES;
    if (may && !try->acquainted) {
        Count *second = count_of(t, by_login, now);
        may = second->n < TRIES;
        if (may)
            second->at[second->n++] = now;
    }
    if (may)
        first->at[first->n++] = now;
    g_mutex_unlock(&t->mutex);
    return may;
}

static void uncount(SvThrottle *t, const char *key, gint64 at)
{
    Count *count = g_hash_table_lookup(t->counts, key);
    for (guint i = count ? count->n : 0; i-- > 0;) {
        if (count->at[i] != at)
            continue;
        count->n--;
        memmove(count->at + i, count->at + i + 1, (count->n - i) * sizeof count->at[0]);
        return;
    }
}

static gboolean is_forgotten(gpointer key, gpointer value, gpointer now)
{
    return *(gint64 *)value <= *(gint64 *)now - ACQUAINTED_S;
}

static void remember(SvThrottle *t, const char *pair, gint64 now)
{
    guint which = 0;
    if (g_hash_table_size(t->pairs) >= MOST_KEYS) {
        g_hash_table_foreach_remove(t->pairs, is_forgotten, &now);
        if (g_hash_table_size(t->pairs) > MOST_KEYS / 2)
            g_hash_table_foreach_remove(t->pairs, is_every_other, &which);
    }
    gint64 *last = g_new(gint64, 1);
    *last = now;
    g_hash_table_insert(t->pairs, g_strdup(pair), last);
}

void sv_throttle_take_back(SvThrottle *t, const SvTry *try, gboolean success)
{
    g_autofree char *pair = pair_key(try);
    g_autofree char *by_address = g_strconcat("a", try->address, NULL);
    g_autofree char *by_login = g_strconcat("l", try->login, NULL);
    g_mutex_lock(&t->mutex);
    if (try->acquainted) {
        uncount(t, pair, try->at);
    } else {
        uncount(t, by_address, try->at);
        uncount(t, by_login, try->at);
    }
    if (success)
        remember(t, pair, try->at);
    g_mutex_unlock(&t->mutex);
}
