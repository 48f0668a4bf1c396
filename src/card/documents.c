/* Documents in memory: see documents.h. Two generations instead of a list of uses: a document that is found
 * in the older one moves to the newer; when the newer holds half the bytes, the older is forgotten. A hit
 * costs one look-up. */
#include "documents.h"
#include <string.h>

typedef struct {
    GHashTable *documents; /* key → SvDocument */
    gsize bytes;
} Generation;

struct SvDocuments {
    GMutex lock;
    GCond made;
    Generation now, before;
    GHashTable *making; /* keys */
    gsize most;         /* bytes of a generation */
};

static void generation_init(Generation *g)
{
    g->documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)sv_document_unref);
    g->bytes = 0;
}

SvDocuments *sv_documents_new(gsize bytes)
{
    SvDocuments *d = g_new0(SvDocuments, 1);
    g_mutex_init(&d->lock);
    g_cond_init(&d->made);
    generation_init(&d->now);
    generation_init(&d->before);
    d->making = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    d->most = bytes / 2;
    return d;
}

void sv_documents_free(SvDocuments *d)
{
    if (!d)
        return;
    g_hash_table_unref(d->now.documents);
    g_hash_table_unref(d->before.documents);
    g_hash_table_unref(d->making);
    g_mutex_clear(&d->lock);
    g_cond_clear(&d->made);
    g_free(d);
}

void sv_documents_drop(SvDocuments *d)
{
    g_mutex_lock(&d->lock);
    g_hash_table_unref(d->now.documents);
    g_hash_table_unref(d->before.documents);
    generation_init(&d->now);
    generation_init(&d->before);
    g_mutex_unlock(&d->lock);
}

static gsize size_of(const char *key, const SvDocument *document)
{
    return document->len + strlen(key) + sizeof *document;
}

/* Under the lock. */
static void put(SvDocuments *d, const char *key, SvDocument *document)
{
    if (d->now.bytes >= d->most) {
        g_hash_table_unref(d->before.documents);
        d->before = d->now;
        generation_init(&d->now);
    }
    if (g_hash_table_insert(d->now.documents, g_strdup(key), sv_document_ref(document)))
        d->now.bytes += size_of(key, document);
}

/* Under the lock. */
static SvDocument *look(SvDocuments *d, const char *key)
{
    SvDocument *document = g_hash_table_lookup(d->now.documents, key);
    if (!document && (document = g_hash_table_lookup(d->before.documents, key))) {
        sv_document_ref(document); /* putting it may forget the older generation */
        put(d, key, document);
        return document;
    }
    return document ? sv_document_ref(document) : NULL;
}

SvDocument *sv_documents_find(SvDocuments *d, const char *key)
{
    g_mutex_lock(&d->lock);
    SvDocument *document = look(d, key);
    g_mutex_unlock(&d->lock);
    return document;
}

SvDocument *sv_documents_claim(SvDocuments *d, const char *key)
{
    SvDocument *document;
    g_mutex_lock(&d->lock);
    while (!(document = look(d, key)) && g_hash_table_contains(d->making, key))
        g_cond_wait(&d->made, &d->lock);
    if (!document)
        g_hash_table_add(d->making, g_strdup(key));
    g_mutex_unlock(&d->lock);
    return document;
}

void sv_documents_made(SvDocuments *d, const char *key, SvDocument *document)
{
    g_mutex_lock(&d->lock);
    if (document)
        put(d, key, document);
    g_hash_table_remove(d->making, key);
    g_cond_broadcast(&d->made);
    g_mutex_unlock(&d->lock);
}

SvDocument *sv_document_new(char *json)
{
    SvDocument *document = g_new0(SvDocument, 1);
    g_autofree char *sum = NULL;
    g_atomic_ref_count_init(&document->count);
    document->json = json;
    document->len = strlen(json);
    sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)json, document->len);
    g_snprintf(document->etag, sizeof document->etag, "\"%.32s\"", sum);
    return document;
}

SvDocument *sv_document_ref(SvDocument *document)
{
    g_atomic_ref_count_inc(&document->count);
    return document;
}

void sv_document_unref(SvDocument *document)
{
    if (!document || !g_atomic_ref_count_dec(&document->count))
        return;
    if (document->attached && document->attached_free)
        document->attached_free(document->attached);
    g_free(document->json);
    g_free(document);
}
