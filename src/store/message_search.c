/* Messages by their words: see message_store.h.
 *
 * Every row of words begins with the client's own word ("c_12"), so one full-text query answers for one
 * client. Messages that hold all words come newest first. When none does, each word is asked for by itself,
 * and a message counts for what its words are worth: rare ones more. Words are cut anew by the rule of
 * indexer.c, so that each is one word of the index whatever the caller gave. */
#include "error.h"
#include "message_store.h"
#include <math.h>
#include <stdlib.h>

#define MAX_WORDS 32u

/* "c_12" AND "a" AND "b", of words from … to - 1. */
static char *query_of(gint64 client, const GPtrArray *terms, guint from, guint to)
{
    GString *q = g_string_new(NULL);
    g_string_printf(q, "\"c_%" G_GINT64_FORMAT "\"", client);
    for (guint i = from; i < to; i++)
        g_string_append_printf(q, " AND \"%s\"", (const char *)terms->pdata[i]);
    return g_string_free(q, FALSE);
}

/* Letters and digits alone: nothing of a term can be syntax of the query. */
static GPtrArray *terms_of(const GPtrArray *lemmas)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < lemmas->len; i++)
        g_string_append_printf(all, "%s ", (const char *)lemmas->pdata[i]);
    GPtrArray *terms = sv_indexer_cut(all->str);
    g_string_free(all, TRUE);
    if (terms->len > MAX_WORDS)
        g_ptr_array_set_size(terms, MAX_WORDS);
    return terms;
}

static gboolean find_all(
    SvDb *db, gint64 client, const GPtrArray *terms, guint most, GArray *ids, GError **error)
{
    g_autofree char *query = query_of(client, terms, 0, terms->len);
    SvSql *sql = sv_db_sql(db,
        "SELECT m.id FROM message_words JOIN message m ON m.id=message_words.rowid "
        "WHERE message_words MATCH ? AND m.client_id=? ORDER BY m.at DESC, m.id DESC LIMIT ?",
        error);
    sv_sql_text(sql, 1, query);
    sv_sql_int(sql, 2, client);
    sv_sql_int(sql, 3, most);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_array_append_val(ids, id);
    }
    return got == 0;
}

typedef struct {
    gint64 id;
    double worth;
} Hit;

/* The messages that hold one word. */
static gboolean find_one(
    SvDb *db, gint64 client, const GPtrArray *terms, guint i, GArray *ids, GError **error)
{
    g_autofree char *query = query_of(client, terms, i, i + 1);
    SvSql *sql = sv_db_sql(db, "SELECT rowid FROM message_words WHERE message_words MATCH ?", error);
    sv_sql_text(sql, 1, query);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_array_append_val(ids, id);
    }
    return got == 0;
}

static int by_worth(const void *a, const void *b)
{
    const Hit *x = a, *y = b;
    if (x->worth != y->worth)
        return x->worth > y->worth ? -1 : 1;
    return x->id > y->id ? -1 : x->id < y->id;
}

static gboolean find_some(
    SvDb *db, gint64 client, const GPtrArray *terms, guint most, GArray *ids, GError **error)
{
    g_autoptr(GHashTable) place = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 all = 0;
    SvSql *sql = sv_db_sql(db, "SELECT count(*) FROM message WHERE client_id=?", error);
    sv_sql_int(sql, 1, client);
    if (!sv_sql_get_one(sql, 0, &all, error))
        return FALSE;
    for (guint i = 0; i < terms->len; i++) {
        g_array_set_size(held, 0);
        if (!find_one(db, client, terms, i, held, error))
            return FALSE;
        double worth = log(1 + (double)all / MAX(held->len, 1u));
        for (guint k = 0; k < held->len; k++) {
            gint64 id = g_array_index(held, gint64, k);
            guint at = GPOINTER_TO_UINT(g_hash_table_lookup(place, &id));
            if (!at) {
                Hit hit = {id, 0};
                g_array_append_val(hits, hit);
                at = hits->len;
                g_hash_table_insert(place, g_memdup2(&id, sizeof id), GUINT_TO_POINTER(at));
            }
            g_array_index(hits, Hit, at - 1).worth += worth;
        }
    }
    g_array_sort(hits, by_worth);
    for (guint i = 0; i < hits->len && i < most; i++)
        g_array_append_val(ids, g_array_index(hits, Hit, i).id);
    return TRUE;
}

GArray *sv_messages_search(SvDb *db, gint64 client, GPtrArray *lemmas, guint most, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) terms = terms_of(lemmas);
    if (!terms->len || !most)
        return g_steal_pointer(&ids);
    if (!find_all(db, client, terms, most, ids, error))
        return NULL;
    if (!ids->len && terms->len > 1 && !find_some(db, client, terms, most, ids, error))
        return NULL;
    return g_steal_pointer(&ids);
}
