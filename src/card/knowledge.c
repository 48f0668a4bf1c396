/* Knowledge: see knowledge.h.
 *
 * The raw history is made from the visible messages alone, so nothing in a reading can depend on what the
 * audience may not see: not a person found in a signature, not a side inferred, not a word's frequency. */
#include "knowledge.h"
#include "bytes.h"
#include "error.h"
#include "facts_pack.h"
#include "history.h"
#include "message_store.h"
#include "labels.h"
#include "pack.h"
#include "redact.h"
#include "worth_features.h"
#include <gio/gio.h>
#include <string.h>

#define PACK_VERSION 1u

static guint64 next_serial(void)
{
    static GMutex lock;
    static guint64 serial;
    g_mutex_lock(&lock);
    guint64 mine = ++serial;
    g_mutex_unlock(&lock);
    return mine;
}

void sv_knowledge_stamp(const SvEngine *engine, const char *card, const GPtrArray *list, const char *audience,
    GArray *visible, guint8 stamp[32])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *models = sv_engine_digest(engine);
    g_checksum_update(sum, (const guchar *)models, (gssize)strlen(models) + 1);
    g_checksum_update(sum, (const guchar *)card, (gssize)strlen(card) + 1);
    g_array_set_size(visible, 0);
    for (guint i = 0; i < list->len; i++) {
        const SvStored *s = list->pdata[i];
        SvReadMessage m = {s->id, s->revision};
        if (sv_labels_cover(audience, s->labels))
            g_array_append_val(visible, m);
    }
    g_checksum_update(sum, (const guchar *)visible->data, (gssize)(visible->len * sizeof(SvReadMessage)));
    gsize size = 32;
    g_checksum_get_digest(sum, stamp, &size);
}

static SvKnowledge *reading_new(gint64 client, const char *audience, const guint8 stamp[32])
{
    SvKnowledge *r = g_new0(SvKnowledge, 1);
    g_atomic_ref_count_init(&r->count);
    r->serial = next_serial();
    r->client = client;
    r->audience = g_strdup(audience);
    memcpy(r->stamp, stamp, 32);
    g_mutex_init(&r->lock);
    return r;
}

static void index_messages(SvKnowledge *r)
{
    r->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < r->history->messages->len; i++) {
        SvMessage *m = r->history->messages->pdata[i];
        if (m->id && !g_hash_table_contains(r->by_id, m->id))
            g_hash_table_insert(r->by_id, m->id, GUINT_TO_POINTER(i + 1));
    }
}

/* A moment after every message: what the day makes of facts is the ledger's business. */
static const SvTime end_of_time = {G_MAXINT64 / 2, 0};

SvKnowledge *sv_knowledge_make(SvDb *db, const SvEngine *engine, const SvClient *client, const char *audience,
    GArray *visible, const guint8 stamp[32], GError **error)
{
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(SvKnowledge) r = NULL;
    sv_client_load_card(client, history, NULL);
    if (!sv_messages_load(db, client->id, audience, history, error))
        return NULL;
    sv_history_finish(history, report);
    sv_redact_history(history);
    r = reading_new(client->id, audience, stamp);
    r->messages = g_array_ref(visible);
    gsize used = 0;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    sv_history_pack_masked(history, bytes); /* nothing raw stays in memory */
    if (!(r->history = sv_history_unpack_masked(bytes->data, bytes->len, &used, error)))
        return NULL;
    SvReader reader = {sv_engine_morph(engine), sv_engine_acts(engine)};
    r->facts = sv_facts_read(&reader, r->history, end_of_time);
    index_messages(r);
    return g_steal_pointer(&r);
}

GBytes *sv_knowledge_pack(const SvKnowledge *r)
{
    GByteArray *out = g_byte_array_new();
    sv_put_u32(out, PACK_VERSION);
    sv_put_u32(out, r->messages->len);
    sv_put_bytes(out, r->messages->data, r->messages->len * sizeof(SvReadMessage));
    sv_history_pack_masked(r->history, out);
    sv_facts_pack(r->facts, out);
    return g_byte_array_free_to_bytes(out);
}

static gboolean damaged(GError **error)
{
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a kept view is damaged or of another version");
    return FALSE;
}

static gboolean unpack(SvKnowledge *r, const guint8 *bytes, gsize len, GError **error)
{
    SvBytes in = {bytes, bytes + len, FALSE};
    gboolean known = sv_take_u32(&in) == PACK_VERSION;
    guint32 n = sv_take_u32(&in);
    const guint8 *messages = sv_take_bytes(&in, n * sizeof(SvReadMessage));
    gsize used = 0;
    if (!known || !messages)
        return damaged(error);
    r->messages = g_array_sized_new(FALSE, FALSE, sizeof(SvReadMessage), n);
    g_array_append_vals(r->messages, messages, n);
    if (!(r->history = sv_history_unpack_masked(in.at, sv_bytes_left(&in), &used, error)))
        return FALSE;
    if (!(r->facts = sv_facts_unpack(r->history, in.at + used, sv_bytes_left(&in) - used, error)))
        return FALSE;
    index_messages(r);
    return TRUE;
}

SvKnowledge *sv_knowledge_unpack(
    const void *bytes, gsize len, gint64 client, const char *audience, const guint8 stamp[32], GError **error)
{
    g_autoptr(SvKnowledge) r = reading_new(client, audience, stamp);
    return unpack(r, bytes, len, error) ? g_steal_pointer(&r) : NULL;
}

double sv_knowledge_open_amount(const SvKnowledge *r)
{
    g_autoptr(GHashTable) newest = g_hash_table_new(g_str_hash, g_str_equal);
    double sum = 0;
    for (guint i = r->history->messages->len; i-- > 0;) {
        const SvMessage *m = r->history->messages->pdata[i];
        if (!m->deal || !g_hash_table_add(newest, m->deal->deal_id))
            continue;
        if (sv_deal_stage(m->deal->stage) == SV_STAGE_OPEN && m->deal->amount > 0)
            sum += m->deal->amount;
    }
    return sum;
}

SvKnowledge *sv_knowledge_ref(SvKnowledge *r)
{
    g_atomic_ref_count_inc(&r->count);
    return r;
}

void sv_knowledge_unref(SvKnowledge *r)
{
    if (!r || !g_atomic_ref_count_dec(&r->count))
        return;
    sv_digest_free(r->digest);
    g_slist_free_full(r->older, (GDestroyNotify)sv_digest_free);
    g_clear_pointer(&r->by_id, g_hash_table_unref);
    sv_facts_free(r->facts);
    sv_history_free(r->history);
    g_clear_pointer(&r->messages, g_array_unref);
    g_mutex_clear(&r->lock);
    g_free(r->audience);
    g_free(r);
}

/* The newest message that is there, but not before the day began: the same day and messages give the same
 * bytes, whoever asks first. */
static SvTime moment_of_day(const SvKnowledge *r, SvTime now)
{
    SvTime at = now;
    at.unix_s -= sv_time_minute(now) * 60 + (now.unix_s + now.offset_s) % 60;
    for (guint i = r->history->messages->len; i-- > 0;) {
        const SvMessage *m = r->history->messages->pdata[i];
        if (m->at.unix_s <= now.unix_s) {
            at.unix_s = MAX(at.unix_s, m->at.unix_s);
            break;
        }
    }
    return at;
}

const SvDigest *sv_knowledge_digest(SvKnowledge *r, const SvEngine *engine, gint64 now)
{
    SvTime as_of = sv_time_from_unix(now, r->history->zone);
    g_mutex_lock(&r->lock);
    if (r->digest && sv_time_day(r->as_of) != sv_time_day(as_of))
        r->older = g_slist_prepend(r->older, g_steal_pointer(&r->digest));
    if (!r->digest) {
        r->as_of = as_of = moment_of_day(r, as_of);
        r->digest = sv_digest_of(engine, r->history, r->facts, as_of);
    }
    const SvDigest *digest = r->digest;
    g_mutex_unlock(&r->lock);
    return digest;
}

int sv_knowledge_find(const SvKnowledge *r, const char *id)
{
    return (int)GPOINTER_TO_UINT(g_hash_table_lookup(r->by_id, id)) - 1;
}
