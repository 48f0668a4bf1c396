/* Erasure: see erase.h.
 *
 * How it works: in one write transaction the rows are found, noted (file first, then table) and deleted, and
 * the job "scrub" is asked for; then the file is scrubbed and the job taken back. Killed before the file was
 * written, nothing has happened; killed after it, the entry waits in the file and sv_erase_finish() does the
 * rest; killed before the scrub, the job does it.
 *
 * What it does not do: it reaches no copy that left the program (exports, the disks' own remapping, backups,
 * until they are restored). */
#include "erase.h"
#include "erase_rows.h"
#include "error.h"
#include "job.h"

/* Commits, scrubs, and takes the job back that stood for it. */
static gboolean finish(SvPool *pool, SvDb *db, gboolean erased, GError **error)
{
    if (!sv_pool_write_done(pool, db, erased, error) || !erased)
        return FALSE;
    if (!sv_pool_scrub(pool, error))
        return FALSE;
    db = sv_pool_write(pool, error);
    gboolean dropped = db && sv_job_drop(db, "scrub", 0, error);
    return db && sv_pool_write_done(pool, db, dropped, error) && dropped;
}

static gboolean erase_client(SvDb *db, gint64 id, SvErased *out, GError **error)
{
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    g_autoptr(SvErasedNote) note = client ? sv_erased_note_new(db, error) : NULL;
    if (!note)
        return FALSE;
    sv_erased_note_add(note, SV_ERASED_CLIENT, client->external, NULL);
    return sv_erased_note_keep(note, error) && sv_erase_rows_of_client(db, id, out, error) &&
           sv_erase_ask_scrub(db, error);
}

gboolean sv_erase_client(SvPool *pool, gint64 client, SvErased *out, GError **error)
{
    SvErased ignored = {0};
    SvDb *db = sv_pool_write(pool, error);
    return db && finish(pool, db, erase_client(db, client, out ? out : &ignored, error), error);
}

static gboolean erase_message(SvDb *db, gint64 id, const char *external, SvErased *out, GError **error)
{
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    g_autoptr(GPtrArray) rows = client ? sv_erase_list(db, id, external, error) : NULL;
    if (!rows)
        return FALSE;
    if (!rows->len) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "the client has no message with this key");
        return FALSE;
    }
    g_autoptr(SvErasedNote) note = sv_erased_note_new(db, error);
    if (!note)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SvEraseRow *row = rows->pdata[i];
        g_autofree char *mark = sv_erase_mark_of_message(row->external, row->channel);
        sv_erased_note_add(note, SV_ERASED_MESSAGE, client->external, mark);
    }
    return sv_erased_note_keep(note, error) && sv_erase_rows(db, id, rows, out, error) &&
           sv_erase_changed(db, id, out, error) && sv_erase_ask_scrub(db, error);
}

gboolean sv_erase_message(SvPool *pool, gint64 client, const char *external, SvErased *out, GError **error)
{
    SvErased ignored = {0};
    SvDb *db = sv_pool_write(pool, error);
    return db && finish(pool, db, erase_message(db, client, external, out ? out : &ignored, error), error);
}

static gboolean erase_person(SvDb *db, gint64 id, const char *who, SvErased *out, GError **error)
{
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    g_autoptr(SvErasedNote) note = client ? sv_erased_note_new(db, error) : NULL;
    return note && sv_erase_rows_of_person(db, client, who, note, out, error) &&
           sv_erase_changed(db, id, out, error) && sv_erase_ask_scrub(db, error);
}

gboolean sv_erase_person(SvPool *pool, gint64 client, const char *who, SvErased *out, GError **error)
{
    SvErased ignored = {0};
    SvDb *db = sv_pool_write(pool, error);
    return db && finish(pool, db, erase_person(db, client, who, out ? out : &ignored, error), error);
}

/* ---- once more, by the list ---- */

typedef struct {
    const SvErasedSet *set;
    const SvClient *client;
} Replay;

static gboolean card_gone(const cJSON *person, gpointer data)
{
    const Replay *r = data;
    g_autoptr(GPtrArray) marks = sv_erase_marks_of_person(person);
    for (guint i = 0; i < marks->len; i++)
        if (sv_erased_has(r->set, SV_ERASED_PERSON, r->client->external, marks->pdata[i]))
            return TRUE;
    return FALSE;
}

static gboolean replay_feedback(SvDb *db, const Replay *r, gint64 *erased, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    SvSql *sql = sv_db_sql(db, "SELECT id,at,account_id FROM feedback WHERE client_id=?", error);
    sv_sql_int(sql, 1, r->client->id);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_autofree char *mark = sv_erase_mark_of_feedback(sv_sql_get_int(sql, 1), sv_sql_get_int(sql, 2));
        if (sv_erased_has(r->set, SV_ERASED_FEEDBACK, r->client->external, mark))
            g_array_append_val(ids, id);
    }
    for (guint i = 0; got == 0 && i < ids->len; i++) {
        SvSql *gone = sv_db_sql(db, "DELETE FROM feedback WHERE id=?", error);
        sv_sql_int(gone, 1, g_array_index(ids, gint64, i));
        if (!sv_sql_run(gone, error))
            return FALSE;
    }
    *erased += ids->len;
    return got == 0;
}

static gboolean replay_messages(SvDb *db, const Replay *r, SvErased *out, GError **error)
{
    g_autoptr(GPtrArray) rows = sv_erase_list(db, r->client->id, NULL, error);
    for (guint i = rows ? rows->len : 0; i-- > 0;) {
        const SvEraseRow *row = rows->pdata[i];
        g_autofree char *mark = sv_erase_mark_of_message(row->external, row->channel);
        if (!sv_erased_has(r->set, SV_ERASED_MESSAGE, r->client->external, mark))
            g_ptr_array_remove_index_fast(rows, i);
    }
    return rows && sv_erase_rows(db, r->client->id, rows, out, error);
}

/* One client: whole, or what of it was erased. */
static gboolean replay_client(SvDb *db, const SvErasedSet *set, gint64 id, SvErased *out, GError **error)
{
    g_autoptr(SvClient) client = sv_client_get(db, id, error);
    if (!client)
        return FALSE;
    if (sv_erased_has(set, SV_ERASED_CLIENT, client->external, NULL))
        return sv_erase_rows_of_client(db, id, out, error);
    Replay r = {set, client};
    gint64 before = out->messages + out->feedback;
    if (!replay_messages(db, &r, out, error) || !replay_feedback(db, &r, &out->feedback, error))
        return FALSE;
    g_autofree char *card = sv_erase_from_card(client->card, card_gone, &r);
    if (card && !sv_client_put(db, client->external, NULL, card, &id, error))
        return FALSE;
    return (!card && out->messages + out->feedback == before) || sv_erase_changed(db, id, out, error);
}

static gboolean replay(SvDb *db, const GArray *pending, SvErased *out, GError **error)
{
    g_autoptr(SvErasedSet) set = sv_erased_set_new(pending);
    for (gint64 id = 0;;) {
        SvSql *sql = sv_db_sql(db, "SELECT id FROM client WHERE id>? ORDER BY id LIMIT 1", error);
        sv_sql_int(sql, 1, id);
        if (!sv_sql_get_one(sql, 0, &id, error))
            return FALSE;
        if (!id)
            return sv_erased_settle(db, pending, error) && sv_erase_ask_scrub(db, error);
        if (!replay_client(db, set, id, out, error))
            return FALSE;
    }
}

gboolean sv_erase_replay(SvPool *pool, const char *erased_file, SvErased *out, GError **error)
{
    SvErased ignored = {0};
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    g_autoptr(GArray) pending = sv_erased_pending(db, erased_file, error);
    if (!pending || !pending->len) {
        sv_pool_write_done(pool, db, FALSE, NULL);
        return pending != NULL;
    }
    return finish(pool, db, replay(db, pending, out ? out : &ignored, error), error);
}

gboolean sv_erase_finish(SvPool *pool, SvErased *out, GError **error)
{
    g_autofree char *file = sv_erased_path(sv_pool_where(pool));
    if (!sv_erase_replay(pool, file, out, error))
        return FALSE;
    SvDb *db = sv_pool_write(pool, error);
    gint64 asked = 0;
    if (!db)
        return FALSE;
    gboolean known =
        sv_erased_complete_file(db, file, error) &&
        sv_sql_get_one(sv_db_sql(db, "SELECT count(*) FROM job WHERE kind='scrub'", error), 0, &asked, error);
    if (known && asked)
        return finish(pool, db, TRUE, error);
    return sv_pool_write_done(pool, db, FALSE, error) && known;
}
