/* Views: see views.h.
 *
 * A view is looked up by client and audience. One that was found current at the client's revision is served
 * as it is. At another revision the stamp is worked out anew from the list of visible messages: an equal
 * stamp means that nothing changed for this audience. Else the reading is made anew, by one thread while the
 * others wait. */
#include "views.h"
#include "error.h"
#include "labels.h"
#include "message_store.h"
#include <string.h>

struct SvViews {
    SvPool *pool;
    const SvEngine *engine;
    guint most;
    GMutex lock; /* of everything below */
    GCond made;
    GHashTable *views;     /* "12: 3 17 " → SvView */
    GQueue *used;          /* keys of `views`, the one used last first */
    GHashTable *making;    /* keys that a thread is busy with */
    GHashTable *occurring; /* client → Occurring */
};

typedef struct {
    gint64 revision;
    char *labels;
} Occurring;

static void occurring_free(gpointer p)
{
    Occurring *o = p;
    g_free(o->labels);
    g_free(o);
}

static void pin_free(gpointer p)
{
    SvPin *pin = p;
    g_free(pin->message);
    g_free(pin->quote);
    g_free(pin);
}

static void mark_free(gpointer p)
{
    SvMark *mark = p;
    g_free(mark->task);
    g_free(mark->state);
    g_free(mark->by);
    g_free(mark);
}

static SvView *view_ref(SvView *view)
{
    g_atomic_ref_count_inc(&view->count);
    return view;
}

void sv_view_unref(SvView *view)
{
    if (!view || !g_atomic_ref_count_dec(&view->count))
        return;
    sv_knowledge_unref(view->reading);
    g_hash_table_unref(view->marks);
    g_ptr_array_unref(view->pins);
    g_free(view->said);
    g_free(view);
}

SvViews *sv_views_new(SvPool *pool, const SvEngine *engine, guint most)
{
    SvViews *v = g_new0(SvViews, 1);
    v->pool = pool;
    v->engine = engine;
    v->most = MAX(most, 1);
    g_mutex_init(&v->lock);
    g_cond_init(&v->made);
    v->views = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)sv_view_unref);
    v->used = g_queue_new();
    v->making = g_hash_table_new(g_str_hash, g_str_equal);
    v->occurring = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, occurring_free);
    return v;
}

void sv_views_free(SvViews *v)
{
    if (!v)
        return;
    g_hash_table_unref(v->views);
    g_queue_free_full(v->used, g_free);
    g_hash_table_unref(v->making);
    g_hash_table_unref(v->occurring);
    g_mutex_clear(&v->lock);
    g_cond_clear(&v->made);
    g_free(v);
}

/* ── audiences ── */

char *sv_views_audience(
    SvViews *v, SvDb *db, gint64 client, gint64 revision, const char *held, GError **error)
{
    if (!*held)
        return g_strdup("");
    g_mutex_lock(&v->lock);
    Occurring *known = g_hash_table_lookup(v->occurring, &client);
    char *audience = known && known->revision == revision ? sv_labels_common(held, known->labels) : NULL;
    g_mutex_unlock(&v->lock);
    if (audience)
        return audience;
    g_autofree char *labels = sv_messages_labels(db, client, error);
    if (!labels)
        return NULL;
    audience = sv_labels_common(held, labels);
    Occurring *o = g_new0(Occurring, 1);
    *o = (Occurring){revision, g_steal_pointer(&labels)};
    g_mutex_lock(&v->lock);
    g_hash_table_insert(v->occurring, g_memdup2(&client, sizeof client), o);
    g_mutex_unlock(&v->lock);
    return audience;
}

/* ── what readers said ── */

static gboolean load_marks(SvDb *db, SvView *view, gint64 client, GChecksum *sum, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT m.task, m.state, coalesce(a.name,''), m.at FROM task_mark m LEFT JOIN account a ON "
        "a.id=m.account_id "
        "WHERE m.client_id=? ORDER BY m.task",
        error);
    int got;
    sv_sql_int(sql, 1, client);
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvMark *mark = g_new0(SvMark, 1);
        mark->task = g_strdup(sv_sql_get_text(sql, 0));
        mark->state = g_strdup(sv_sql_get_text(sql, 1));
        mark->by = g_strdup(sv_sql_get_text(sql, 2));
        mark->at = sv_sql_get_int(sql, 3);
        g_autofree char *line = g_strdup_printf("%s\t%s\t%s\n", mark->task, mark->state, mark->by);
        g_checksum_update(sum, (const guchar *)line, -1);
        g_hash_table_insert(view->marks, mark->task, mark);
    }
    return got == 0;
}

static gboolean load_pins(
    SvDb *db, SvView *view, gint64 client, const char *audience, GChecksum *sum, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT m.external, f.quote, m.labels FROM feedback f JOIN message m ON m.id=f.message_id "
        "WHERE f.client_id=? AND f.kind='missing' AND f.state<>'dismissed' ORDER BY f.id",
        error);
    int got;
    sv_sql_int(sql, 1, client);
    while ((got = sv_sql_next(sql, error)) > 0) {
        if (!sv_labels_cover(audience, sv_sql_get_text(sql, 2)))
            continue;
        SvPin *pin = g_new0(SvPin, 1);
        pin->message = g_strdup(sv_sql_get_text(sql, 0));
        pin->quote = g_strdup(sv_sql_get_text(sql, 1));
        g_autofree char *line = g_strdup_printf("%s\t%s\n", pin->message, pin->quote);
        g_checksum_update(sum, (const guchar *)line, -1);
        g_ptr_array_add(view->pins, pin);
    }
    return got == 0;
}

/* Takes the reading. */
static SvView *view_new(SvDb *db, const SvClient *client, const char *audience, SvKnowledge *reading,
    guint total, guint visible, guint pending, GError **error)
{
    g_autoptr(SvView) view = g_new0(SvView, 1);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_atomic_ref_count_init(&view->count);
    view->reading = reading;
    view->revision = client->revision;
    view->total = total;
    view->hidden = total - visible;
    view->pending = pending;
    view->marks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, mark_free);
    view->pins = g_ptr_array_new_with_free_func(pin_free);
    if (!load_marks(db, view, client->id, sum, error) ||
        !load_pins(db, view, client->id, audience, sum, error))
        return NULL;
    view->said = g_strdup(g_checksum_get_string(sum));
    return g_steal_pointer(&view);
}

/* ── readings ── */

static SvKnowledge *load_reading(
    SvDb *db, gint64 client, const char *audience, const guint8 stamp[32], gboolean any, GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT stamp, body FROM view WHERE client_id=? AND audience=?", error);
    SvKnowledge *reading = NULL;
    gsize n = 0, len = 0;
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, audience);
    if (sv_sql_next(sql, error) > 0) {
        const void *kept = sv_sql_get_blob(sql, 0, &n);
        guint8 its[32];
        if (n == 32 && (any || memcmp(kept, stamp, 32) == 0)) {
            g_autoptr(GError) damaged = NULL; /* a damaged view is made anew */
            memcpy(its, kept, 32);
            const void *body = sv_sql_get_blob(sql, 1, &len);
            reading = sv_knowledge_unpack(body, len, client, audience, its, &damaged);
        }
    }
    sv_sql_done(sql);
    return reading;
}

/* What cannot be kept is made again next time: not the reader's trouble. */
static void keep_reading(SvViews *v, const SvKnowledge *r)
{
    g_autoptr(GError) ignored = NULL;
    g_autoptr(GBytes) body = sv_knowledge_pack(r);
    SvDb *db = sv_pool_write(v->pool, &ignored);
    if (!db)
        return;
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO view(client_id,audience,stamp,amount,body) SELECT ?1,?2,?3,?4,?5 WHERE EXISTS(SELECT 1 "
        "FROM "
        "client WHERE id=?1) ON CONFLICT(client_id,audience) DO UPDATE SET stamp=excluded.stamp, "
        "amount=excluded.amount, body=excluded.body",
        &ignored);
    sv_sql_int(sql, 1, r->client);
    sv_sql_text(sql, 2, r->audience);
    sv_sql_blob(sql, 3, r->stamp, sizeof r->stamp);
    sv_sql_real(sql, 4, sv_knowledge_open_amount(r));
    sv_sql_blob(sql, 5, g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    gboolean written = sv_sql_run(sql, &ignored);
    sv_pool_write_done(v->pool, db, written, NULL);
}

/* Are all messages of the old reading still there as they were? Then *added counts the others. */
static gboolean only_added(const GArray *old, const GArray *now, guint *added)
{
    guint k = 0;
    for (guint i = 0; i < old->len; i++, k++) {
        const SvReadMessage *m = &g_array_index(old, SvReadMessage, i);
        while (k < now->len && g_array_index(now, SvReadMessage, k).id < m->id)
            k++;
        if (k == now->len || memcmp(&g_array_index(now, SvReadMessage, k), m, sizeof *m) != 0)
            return FALSE;
    }
    *added = now->len - old->len;
    return TRUE;
}

/* A reading for the stamp: in memory, kept, an older one that still tells only what is there, or a new one.
 */
static SvKnowledge *find_reading(SvViews *v, SvDb *db, const SvClient *client, const char *audience,
    SvView *before, GArray *visible, const guint8 stamp[32], gboolean fresh, guint *pending, GError **error)
{
    *pending = 0;
    if (before && memcmp(before->reading->stamp, stamp, 32) == 0)
        return sv_knowledge_ref(before->reading);
    SvKnowledge *reading = load_reading(db, client->id, audience, stamp, FALSE, error);
    if (reading)
        return reading;
    if (!fresh) {
        g_autoptr(SvKnowledge) old = before ? sv_knowledge_ref(before->reading)
                                            : load_reading(db, client->id, audience, stamp, TRUE, error);
        if (old && old->messages->len && only_added(old->messages, visible, pending) && *pending)
            return g_steal_pointer(&old);
    }
    *pending = 0;
    reading = sv_knowledge_make(db, v->engine, client, audience, visible, stamp, error);
    if (reading)
        keep_reading(v, reading);
    return reading;
}

/* The revision is read in the same transaction as the messages, so that the view is of one state. */
static SvView *make_view(
    SvViews *v, SvDb *db, gint64 id, const char *audience, SvView *before, gboolean fresh, GError **error)
{
    g_autoptr(GArray) visible = g_array_new(FALSE, FALSE, sizeof(SvReadMessage));
    guint8 stamp[32];
    guint pending = 0;
    SvView *view = NULL;
    if (!sv_db_begin(db, FALSE, error))
        return NULL;
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    g_autoptr(GPtrArray) list = client ? sv_messages_list(db, id, error) : NULL;
    if (list) {
        sv_knowledge_stamp(v->engine, client->card, list, audience, visible, stamp);
        SvKnowledge *reading =
            find_reading(v, db, client, audience, before, visible, stamp, fresh, &pending, error);
        if (reading)
            view = view_new(db, client, audience, reading, list->len, visible->len, pending, error);
    }
    sv_db_rollback(db); /* nothing was written by this connection */
    return view;
}

/* ── the table of views; under the lock ── */

static void put(SvViews *v, const char *key, SvView *view)
{
    if (!g_hash_table_contains(v->views, key)) {
        char *own = g_strdup(key);
        g_queue_push_head(v->used, own);
        g_hash_table_insert(v->views, own, view_ref(view));
    } else {
        g_hash_table_insert(v->views, (gpointer)key, view_ref(view)); /* the key that is there stays */
    }
    while (v->used->length > v->most) {
        g_autofree char *last = g_queue_pop_tail(v->used);
        g_hash_table_remove(v->views, last);
    }
}

SvView *sv_views_peek(SvViews *v, gint64 client, const char *audience, gint64 revision)
{
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT ":%s", client, audience);
    g_mutex_lock(&v->lock);
    SvView *view = g_hash_table_lookup(v->views, key);
    if (view && view->revision >= revision)
        view_ref(view);
    else
        view = NULL;
    g_mutex_unlock(&v->lock);
    return view;
}

SvView *sv_views_get(SvViews *v, SvDb *db, gint64 client, gint64 revision, const char *audience,
    gboolean fresh, GError **error)
{
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT ":%s", client, audience);
    g_mutex_lock(&v->lock);
    SvView *view;
    for (;;) {
        view = g_hash_table_lookup(v->views, key);
        if (view && view->revision >= revision && !(fresh && view->pending)) {
            view_ref(view);
            g_mutex_unlock(&v->lock);
            return view;
        }
        if (!g_hash_table_contains(v->making, key))
            break;
        g_cond_wait(&v->made, &v->lock);
    }
    g_autoptr(SvView) before = view ? view_ref(view) : NULL;
    g_hash_table_add(v->making, key);
    g_mutex_unlock(&v->lock);
    view = make_view(v, db, client, audience, before, fresh, error);
    g_mutex_lock(&v->lock);
    g_hash_table_remove(v->making, key);
    if (view)
        put(v, key, view);
    g_cond_broadcast(&v->made);
    g_mutex_unlock(&v->lock);
    return view;
}

void sv_views_drop(SvViews *v, gint64 client)
{
    g_autofree char *prefix = g_strdup_printf("%" G_GINT64_FORMAT ":", client);
    g_mutex_lock(&v->lock);
    for (GList *at = v->used->head, *next; at; at = next) {
        next = at->next;
        if (!g_str_has_prefix(at->data, prefix))
            continue;
        g_hash_table_remove(v->views, at->data);
        g_free(at->data);
        g_queue_delete_link(v->used, at);
    }
    g_hash_table_remove(v->occurring, &client);
    g_mutex_unlock(&v->lock);
}
