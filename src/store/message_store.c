/* Messages as tables: see message_store.h.
 *
 * A message is one row with its packed bytes and one row of words. A new key costs one insert and no look-up;
 * only when the key is taken are the parts of it read. Keeps true: the row and its words change together; an
 * edit leaves nothing of the old body in a row. Does not: decide who may read what. */
#include "message_store.h"
#include "error.h"
#include "labels.h"
#include "pack.h"
#include <sodium.h>
#include <string.h>

#define DIGEST 16u
#define MAX_KEY 4096u /* bytes of a message's key */

void sv_stored_free(SvStored *stored)
{
    if (!stored)
        return;
    g_free(stored->external);
    g_free(stored->labels);
    g_free(stored);
}

/* A message on its way into its row. */
typedef struct {
    SvDb *db;
    gint64 client;
    const SvMessage *message;
    guint nth;
    const char *labels;
    gconstpointer body;
    gsize len;
    guint8 digest[DIGEST];
} Put;

static gboolean fail(GError **error, SvErrorCode code, const char *reason)
{
    g_set_error(error, SV_ERROR, (int)code, "%s", reason);
    return FALSE;
}

/* ---- putting ---- */

static gboolean insert_row(const Put *p, guint part, gint64 *id, GError **error)
{
    SvSql *sql = sv_db_sql(p->db,
        "INSERT INTO message(client_id,external,part,channel,at,labels,body,digest,revision) "
        "SELECT id,?2,?3,?4,?5,?6,?7,?8,revision+1 FROM client WHERE id=?1 "
        "ON CONFLICT(client_id,external,part) DO NOTHING RETURNING id",
        error);
    sv_sql_int(sql, 1, p->client);
    sv_sql_text(sql, 2, p->message->id);
    sv_sql_int(sql, 3, part);
    sv_sql_text(sql, 4, sv_channel_name(p->message->channel));
    sv_sql_int(sql, 5, p->message->at.unix_s);
    sv_sql_text(sql, 6, p->labels ? p->labels : "");
    sv_sql_blob(sql, 7, p->body, p->len);
    sv_sql_blob(sql, 8, p->digest, DIGEST);
    return sv_sql_get_one(sql, 0, id, error);
}

static gboolean update_row(const Put *p, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(p->db,
        "UPDATE message SET at=?2, labels=coalesce(?3,labels), body=?4, digest=?5, "
        "revision=(SELECT revision+1 FROM client WHERE id=client_id) WHERE id=?1",
        error);
    sv_sql_int(sql, 1, id);
    sv_sql_int(sql, 2, p->message->at.unix_s);
    sv_sql_text(sql, 3, p->labels);
    sv_sql_blob(sql, 4, p->body, p->len);
    sv_sql_blob(sql, 5, p->digest, DIGEST);
    return sv_sql_run(sql, error);
}

/* Finds the nth message of this key and channel: *id 0 when there is none; *parts: of the key, whatever their
 * channels; *same: its digest and labels are those that are put. */
static gboolean find_row(const Put *p, gint64 *id, guint *parts, gboolean *same, GError **error)
{
    SvSql *sql = sv_db_sql(p->db,
        "SELECT id,channel=?3,digest=?4 AND labels=coalesce(?5,labels),part FROM message "
        "WHERE client_id=?1 AND external=?2 ORDER BY part",
        error);
    sv_sql_int(sql, 1, p->client);
    sv_sql_text(sql, 2, p->message->id);
    sv_sql_text(sql, 3, sv_channel_name(p->message->channel));
    sv_sql_blob(sql, 4, p->digest, DIGEST);
    sv_sql_text(sql, 5, p->labels);
    guint before = 0;
    int got;
    *id = 0;
    *parts = 0;
    while ((got = sv_sql_next(sql, error)) > 0) {
        *parts = (guint)sv_sql_get_int(sql, 3) + 1;
        if (*id || !sv_sql_get_int(sql, 1) || before++ < p->nth)
            continue;
        *id = sv_sql_get_int(sql, 0);
        *same = sv_sql_get_int(sql, 2) != 0;
    }
    return got == 0;
}

static gboolean check(const SvMessage *m, const char *labels, GError **error)
{
    if (!m->id || !*m->id)
        return fail(error, SV_ERROR_INPUT, "a message has no key");
    if (strlen(m->id) > MAX_KEY)
        return fail(error, SV_ERROR_LIMIT, "the key of a message is too long");
    if (labels && !sv_labels_valid(labels))
        return fail(error, SV_ERROR_BUG, "labels of a message are no set of labels");
    return TRUE;
}

/* The row of the message: added, changed or left. */
static gboolean put_row(const Put *p, SvPut *put, gint64 *id, GError **error)
{
    guint parts = 0;
    gboolean same = FALSE;
    *put = SV_PUT_ADDED;
    if (!insert_row(p, p->nth, id, error))
        return FALSE;
    if (*id)
        return TRUE;
    if (!find_row(p, id, &parts, &same, error))
        return FALSE;
    if (*id) {
        *put = same ? SV_PUT_SAME : SV_PUT_CHANGED;
        return same || update_row(p, *id, error);
    }
    if (!insert_row(p, parts, id, error))
        return FALSE;
    return *id ? TRUE : fail(error, SV_ERROR_NOT_FOUND, "there is no such client");
}

gboolean sv_message_put(SvDb *db, gint64 client, const SvMessage *message, guint nth, const char *labels,
    SvPut *put, gint64 *id, GError **error)
{
    if (!check(message, labels, error))
        return FALSE;
    gsize said, len;
    gint64 row;
    SvPut what;
    g_autoptr(GBytes) body = sv_message_pack(message, &said);
    Put p = {db, client, message, nth, labels, g_bytes_get_data(body, &len), 0, {0}};
    p.len = len;
    crypto_generichash(p.digest, DIGEST, p.body, said, NULL, 0);
    if (!put_row(&p, &what, &row, error))
        return FALSE;
    if (put)
        *put = what;
    if (id)
        *id = row;
    return TRUE;
}

/* ---- changing ---- */

gboolean sv_message_delete(SvDb *db, gint64 client, const char *external, GError **error)
{
    SvSql *rows = sv_db_sql(db, "DELETE FROM message WHERE client_id=? AND external=?", error);
    sv_sql_int(rows, 1, client);
    sv_sql_text(rows, 2, external);
    if (!sv_sql_run(rows, error))
        return FALSE;
    return sv_db_changes(db) > 0 || fail(error, SV_ERROR_NOT_FOUND, "there is no such message");
}

gboolean sv_message_set_labels(SvDb *db, gint64 client, gint64 id, const char *labels, GError **error)
{
    if (!sv_labels_valid(labels))
        return fail(error, SV_ERROR_BUG, "labels of a message are no set of labels");
    SvSql *sql = sv_db_sql(db,
        "UPDATE message SET labels=?3, revision=(SELECT revision+1 FROM client WHERE id=client_id) "
        "WHERE client_id=?1 AND id=?2",
        error);
    sv_sql_int(sql, 1, client);
    sv_sql_int(sql, 2, id);
    sv_sql_text(sql, 3, labels);
    if (!sv_sql_run(sql, error))
        return FALSE;
    return sv_db_changes(db) > 0 || fail(error, SV_ERROR_NOT_FOUND, "there is no such message");
}

/* ---- reading ---- */

GPtrArray *sv_messages_list(SvDb *db, gint64 client, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)sv_stored_free);
    SvSql *sql = sv_db_sql(db,
        "SELECT id,external,labels,at,revision,channel,part,digest FROM message WHERE client_id=? ORDER BY "
        "id",
        error);
    sv_sql_int(sql, 1, client);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvStored *s = g_new0(SvStored, 1);
        g_ptr_array_add(all, s);
        s->id = sv_sql_get_int(sql, 0);
        s->client = client;
        s->external = g_strdup(sv_sql_get_text(sql, 1));
        s->labels = g_strdup(sv_sql_get_text(sql, 2));
        s->at = sv_sql_get_int(sql, 3);
        s->revision = sv_sql_get_int(sql, 4);
        int channel = sv_channel_find(sv_sql_get_text(sql, 5));
        s->channel = channel < 0 ? SV_CHANNEL_NOTE : (SvChannel)channel;
        s->part = (guint)sv_sql_get_int(sql, 6);
        gsize len;
        const void *digest = sv_sql_get_blob(sql, 7, &len);
        if (len == DIGEST)
            memcpy(s->digest, digest, DIGEST);
    }
    return got < 0 ? NULL : g_steal_pointer(&all);
}

/* The message in a row's column. */
static SvMessage *unpack_row(SvSql *sql, int id, int body, GError **error)
{
    gsize len;
    g_autoptr(GError) wrong = NULL;
    const void *bytes = sv_sql_get_blob(sql, body, &len);
    SvMessage *m = sv_message_unpack(bytes ? bytes : "", len, &wrong);
    if (!m)
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "message %" G_GINT64_FORMAT ": %s; restore a backup",
            sv_sql_get_int(sql, id), wrong->message);
    return m;
}

gboolean sv_messages_load(SvDb *db, gint64 client, const char *audience, SvHistory *history, GError **error)
{
    /* by the index of times: a sorter would copy every body */
    SvSql *sql = sv_db_sql(db, "SELECT id,labels,body FROM message WHERE client_id=? ORDER BY at,id", error);
    sv_sql_int(sql, 1, client);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        if (!sv_labels_cover(audience, sv_sql_get_text(sql, 1)))
            continue;
        SvMessage *m = unpack_row(sql, 0, 2, error);
        if (!m) {
            sv_sql_done(sql);
            return FALSE;
        }
        g_ptr_array_add(history->messages, m);
    }
    return got == 0;
}

GPtrArray *sv_messages_label_sets(SvDb *db, gint64 client, GError **error)
{
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    SvSql *sql =
        sv_db_sql(db, "SELECT DISTINCT labels FROM message WHERE client_id=? ORDER BY labels", error);
    sv_sql_int(sql, 1, client);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        g_ptr_array_add(sets, g_strdup(sv_sql_get_text(sql, 0)));
    return got < 0 ? NULL : g_steal_pointer(&sets);
}

/* From one set of labels that occurs to the next, a step in the index each: a client of a hundred thousand
 * messages has a few. */
char *sv_messages_labels(SvDb *db, gint64 client, GError **error)
{
    g_autofree char *all = g_strdup(""), *last = g_strdup("");
    for (;;) {
        SvSql *sql = sv_db_sql(db,
            "SELECT labels FROM message WHERE client_id=? AND labels>? AND labels<>'' ORDER BY labels LIMIT "
            "1",
            error);
        sv_sql_int(sql, 1, client);
        sv_sql_text(sql, 2, last);
        int got = sv_sql_next(sql, error);
        if (got <= 0)
            return got < 0 ? NULL : g_steal_pointer(&all);
        g_free(last);
        last = g_strdup(sv_sql_get_text(sql, 0));
        sv_sql_done(sql);
        char *more = sv_labels_join(all, last);
        g_free(all);
        all = more;
    }
}
