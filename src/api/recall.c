/* A small memory of each thread: see recall.h.
 *
 * A right that is given or taken is a commit, and every commit changes the stamp (sv_pool_stamp), whoever
 * made it; so what is found here is what the tables say. An entry lives no longer than the second it was made
 * in, so that the guard sees a session's use and its end. Two keys that fall on one place push each other
 * out. */
#include "recall.h"
#include <sodium.h>
#include <string.h>

#define PLACES 256u
#define SECRET_MOST 64u

typedef struct {
    const SvApp *app;
    SvStamp stamp;
    gint64 second, client, revision;
    SvWho *who;
    gboolean session;
    gsize len;
    char secret[SECRET_MOST];
} Entry;

static void table_free(gpointer table)
{
    Entry *entries = table;
    for (guint i = 0; i < PLACES; i++)
        sv_who_unref(entries[i].who);
    sodium_memzero(entries, PLACES * sizeof *entries);
    g_free(entries);
}

static GPrivate tables = G_PRIVATE_INIT(table_free);

static Entry *place_of(const SvProof *proof, gint64 client)
{
    Entry *entries = g_private_get(&tables);
    if (!entries) {
        entries = g_new0(Entry, PLACES);
        g_private_set(&tables, entries);
    }
    return &entries[(g_str_hash(proof->secret) ^ (guint)client * 2654435761u) % PLACES];
}

SvWho *sv_recall_find(
    const SvApp *app, const SvProof *proof, gint64 client, gint64 now, const SvStamp *stamp, gint64 *revision)
{
    gsize len = strlen(proof->secret);
    const Entry *e = place_of(proof, client);
    if (!e->who || e->app != app || e->second != now || e->client != client || e->session != proof->session ||
        e->len != len || memcmp(&e->stamp, stamp, sizeof *stamp) != 0 ||
        sodium_memcmp(e->secret, proof->secret, len) != 0)
        return NULL;
    *revision = e->revision;
    return sv_who_ref(e->who);
}

void sv_recall_keep(const SvApp *app, const SvProof *proof, gint64 client, gint64 now, const SvStamp *stamp,
    SvWho *who, gint64 revision)
{
    gsize len = strlen(proof->secret);
    if (len > SECRET_MOST)
        return;
    Entry *e = place_of(proof, client);
    sv_who_unref(e->who);
    *e = (Entry){app, *stamp, now, client, revision, sv_who_ref(who), proof->session, len, {0}};
    memcpy(e->secret, proof->secret, len);
}
