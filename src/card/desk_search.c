/* Search in one client's history: see desk.h.
 *
 * Query and sentences are compared by their keys, the hashed lemmas that facts have anyway, so that
 * «договором» finds «договор». Only the reader's own view is searched: neither hits nor their order nor their
 * number can depend on a message that he may not see. */
#include "work.h"
#include "error.h"
#include "keys.h"
#include <string.h>

#define QUERY_MOST 400
#define HITS_MOST 200

typedef struct {
    guint fact;
    guint words; /* how many of the query's words it holds */
    float score;
} Hit;

static int by_worth(gconstpointer a, gconstpointer b)
{
    const Hit *x = a, *y = b;
    if (x->words != y->words)
        return x->words < y->words ? 1 : -1;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->fact < y->fact) - (x->fact > y->fact); /* the newest first */
}

static gboolean holds(const SvFacts *facts, const SvFact *f, guint32 key)
{
    const guint32 *keys = &g_array_index(facts->keys, guint32, f->key_from);
    for (guint lo = 0, hi = f->n_keys; lo < hi;) {
        guint mid = (lo + hi) / 2;
        if (keys[mid] == key)
            return TRUE;
        if (keys[mid] < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return FALSE;
}

/* Facts that hold all the words; when there are none, those that hold any. */
static GArray *find(const SvFacts *facts, const GArray *query)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Hit));
    guint most = 0;
    for (guint i = 0; i < facts->facts->len && query->len; i++) {
        Hit hit = {i, 0, 0};
        for (guint k = 0; k < query->len; k++) {
            guint32 key = g_array_index(query, guint32, k);
            if (!holds(facts, sv_facts_get(facts, i), key))
                continue;
            hit.words++;
            hit.score += sv_facts_idf(facts, key);
        }
        most = MAX(most, hit.words);
        if (hit.words)
            g_array_append_val(all, hit);
    }
    guint least = most == query->len ? most : 1, kept = 0;
    for (guint i = 0; i < all->len; i++)
        if (g_array_index(all, Hit, i).words >= least)
            g_array_index(all, Hit, kept++) = g_array_index(all, Hit, i);
    g_array_set_size(all, kept);
    g_array_sort(all, by_worth);
    return all;
}

/* Which words of the sentence are the query's, as bytes of the quote. */
static cJSON *words_found(const SvMorph *morph, const char *quote, const GArray *query)
{
    cJSON *list = cJSON_CreateArray();
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    gsize len = strlen(quote), from = 0;
    while (from < len) {
        gsize to = from;
        while (to < len && (g_unichar_isalnum(g_utf8_get_char(quote + to)) || quote[to] == '-'))
            to = (gsize)(g_utf8_next_char(quote + to) - quote);
        if (to == from) {
            from = (gsize)(g_utf8_next_char(quote + from) - quote);
            continue;
        }
        g_array_set_size(keys, 0);
        sv_keys_collect(morph, quote, (SvSpan){(guint32)from, (guint32)to}, keys);
        gboolean found = FALSE;
        for (guint i = 0; i < keys->len && !found; i++)
            for (guint k = 0; k < query->len && !found; k++)
                found = g_array_index(keys, guint32, i) == g_array_index(query, guint32, k);
        if (found) {
            cJSON *pair = cJSON_CreateArray();
            cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)from));
            cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)to));
            cJSON_AddItemToArray(list, pair);
        }
        from = to;
    }
    return list;
}

static cJSON *hit_json(const SvDesk *desk, const SvFacts *facts, const Hit *hit, const GArray *query)
{
    const SvFact *f = sv_facts_get(facts, hit->fact);
    const SvMessage *m = facts->history->messages->pdata[f->message];
    g_autofree char *quote = g_strndup(m->text.bytes + f->span.from, f->span.to - f->span.from);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToObject(object, "source", sv_desk_source_json(facts->history, f->message, quote));
    cJSON_AddItemToObject(object, "words", words_found(sv_engine_morph(desk->engine), quote, query));
    return object;
}

char *sv_desk_search(SvDesk *desk, const SvAsk *ask, const char *query, guint most, GError **error)
{
    g_auto(SvOpened) opened = {0};
    gsize len = strlen(query);
    if (len > QUERY_MOST || !g_utf8_validate(query, (gssize)len, NULL)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "the query is longer than %d bytes or no text", QUERY_MOST);
        return NULL;
    }
    if (!sv_desk_open_client(desk, ask, TRUE, &opened, error))
        return NULL;
    const SvFacts *facts = opened.view->reading->facts;
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    sv_keys_collect(sv_engine_morph(desk->engine), query, (SvSpan){0, (guint32)len}, keys);
    g_autoptr(GArray) hits = find(facts, keys);
    cJSON *document = cJSON_CreateObject();
    sv_json_add(document, "query", query);
    cJSON *list = cJSON_AddArrayToObject(document, "hits");
    for (guint i = 0; i < MIN(hits->len, MIN(most, HITS_MOST)); i++)
        cJSON_AddItemToArray(list, hit_json(desk, facts, &g_array_index(hits, Hit, i), keys));
    cJSON_AddNumberToObject(document, "total", hits->len);
    return sv_json_done(document);
}
