/* One client from files to the store: see import.h; a whole CRM is in import_crm.c.
 *
 * Files are read before anything is locked; then one transaction takes the card, every message, its words and
 * the job that will read them, so a stop at any moment leaves all or nothing, and the same import again
 * changes nothing. Messages of one key and channel are told apart by their order; equal ones are one. */
#include "client_store.h"
#include "error.h"
#include "import_parts.h"
#include "job.h"
#include "json.h"
#include "message_store.h"
#include "pack.h"
#include "source.h"
#include <string.h>

/* ---- one history ---- */

/* Messages of this import by channel and key. */
typedef struct {
    GHashTable *first; /* key → the newest message of it */
    GHashTable *more;  /* of keys that came twice: key → GPtrArray of messages */
} Seen;

static guint key_hash(gconstpointer p)
{
    const SvMessage *m = p;
    return g_str_hash(m->id) * 31 + m->channel;
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
    const SvMessage *x = a, *y = b;
    return x->channel == y->channel && strcmp(x->id, y->id) == 0;
}

static gboolean says_the_same(const SvMessage *a, const SvMessage *b)
{
    gsize x, y;
    g_autoptr(GBytes) p = sv_message_pack(a, &x), q = sv_message_pack(b, &y);
    return x == y && memcmp(g_bytes_get_data(p, NULL), g_bytes_get_data(q, NULL), x) == 0;
}

/* How many different messages of the key came before; -1 when this one is equal to one of them. */
static int count_before(Seen *seen, SvMessage *m)
{
    SvMessage *first = g_hash_table_lookup(seen->first, m);
    if (!first) {
        g_hash_table_add(seen->first, m);
        return 0;
    }
    GPtrArray *more = g_hash_table_lookup(seen->more, first);
    if (!more) {
        more = g_ptr_array_new();
        g_ptr_array_add(more, first);
        g_hash_table_insert(seen->more, first, more);
    }
    for (guint i = 0; i < more->len; i++)
        if (says_the_same(more->pdata[i], m))
            return -1;
    g_ptr_array_add(more, m);
    return (int)more->len - 1;
}

static gboolean put_messages(SvDb *db, gint64 client, const SvHistory *history,
    SvImported *out, GError **error)
{
    g_autoptr(GHashTable) first = g_hash_table_new(key_hash, key_equal);
    g_autoptr(GHashTable) more =
        g_hash_table_new_full(key_hash, key_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    Seen seen = {first, more};
    for (guint i = 0; i < history->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(history->messages, i);
        SvPut put = SV_PUT_SAME;
        int before = m->id ? count_before(&seen, m) : 0;
        if (before >= 0 && !sv_message_put(db, client, m, (guint)before, NULL, &put, NULL, error))
            return FALSE;
        out->added += put == SV_PUT_ADDED;
        out->changed += put == SV_PUT_CHANGED;
        out->same += put == SV_PUT_SAME;
    }
    return TRUE;
}

static gboolean take_history(SvDb *db, const char *external, const char *name,
    const SvHistory *history, SvImported *out, gint64 *client, GError **error)
{
    gint64 before = 0, after = 0;
    SvSql *sql = sv_db_sql(db, "SELECT revision FROM client WHERE external=?", error);
    sv_sql_text(sql, 1, external);
    if (!sv_sql_get_one(sql, 0, &before, error))
        return FALSE;
    if (!name)
        name = history->client_name ? history->client_name : before ? NULL : external;
    if (!sv_client_put(db, external, name, history->card, client, error) ||
        !put_messages(db, *client, history, out, error))
        return FALSE;
    if (out->added + out->changed && !sv_client_touch(db, *client, error))
        return FALSE;
    sql = sv_db_sql(db, "SELECT revision FROM client WHERE id=?", error);
    sv_sql_int(sql, 1, *client);
    return sv_sql_get_one(sql, 0, &after, error) &&
           (before == after || sv_job_put(db, "read", *client, g_get_real_time() / G_USEC_PER_SEC, error));
}

gboolean sv_import_history(SvPool *pool, const char *external, const char *name,
    const SvHistory *history, SvImported *out, gint64 *client, GError **error)
{
    SvImported now = {.clients = 1};
    gint64 id = 0;
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    gboolean taken = take_history(db, external, name, history, &now, &id, error);
    if (!sv_pool_write_done(pool, db, taken, error) || !taken)
        return FALSE;
    out->clients += now.clients;
    out->added += now.added;
    out->changed += now.changed;
    out->same += now.same;
    if (client)
        *client = id;
    return TRUE;
}

/* ---- files ---- */

char *sv_import_key_of_path(const char *path)
{
    static const char *const endings[] = {".zip", ".tar.gz", ".tgz", ".tar", ".7z", ".tar.bz2", ".tar.xz"};
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *base = g_path_get_basename(full);
    char *key = g_utf8_make_valid(base, -1);
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(key, endings[i]) && strlen(key) > strlen(endings[i])) {
            key[strlen(key) - strlen(endings[i])] = 0;
            return key;
        }
    char *dot = strrchr(key, '.');
    if (dot && dot > key && !g_file_test(path, G_FILE_TEST_IS_DIR))
        *dot = 0;
    return key;
}

char *sv_import_key_of_card(const SvHistory *history)
{
    g_autoptr(cJSON) card = history->card ? sv_json_parse(history->card, strlen(history->card), NULL) : NULL;
    const cJSON *id = card ? cJSON_GetObjectItemCaseSensitive(card, "id") : NULL;
    if (cJSON_IsNumber(id))
        return g_strdup_printf("%.0f", id->valuedouble);
    if (cJSON_IsString(id) && *id->valuestring)
        return g_strdup(id->valuestring);
    return g_strdup(history->client_name);
}

gboolean sv_import_set_zone(SvPool *pool, const char *external, SvHistory *history, GError **error)
{
    g_autoptr(GError) none = NULL;
    SvDb *db = sv_pool_read(pool, error);
    if (!db)
        return FALSE;
    g_autoptr(SvClient) client = sv_client_find(db, external, &none);
    sv_pool_read_done(pool, db);
    if (!client)
        return TRUE;
    g_autoptr(SvHistory) card = sv_history_new();
    sv_client_load_card(client, card, NULL);
    history->zone = g_steal_pointer(&card->zone);
    return TRUE;
}

gboolean sv_import_client(SvPool *pool, const char *external,
    const char *const *paths, const char *mapping, SvReport *report, SvImported *out, gint64 *client,
    GError **error)
{
    g_autoptr(SvHistory) history = sv_history_new();
    g_autofree char *by_path = sv_import_key_of_path(paths[0] ? paths[0] : "");
    if (!sv_import_set_zone(pool, external ? external : by_path, history, error) ||
        !sv_source_read_paths(paths, NULL, mapping, history, report, error))
        return FALSE;
    g_autofree char *by_card = sv_import_key_of_card(history);
    return sv_import_history(pool,
        external  ? external
        : by_card ? by_card
                  : by_path,
        NULL, history, out, client, error);
}
