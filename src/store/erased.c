/* The list of what was erased: see erased.h.
 *
 * A line of the file is "1 ID KIND KEY HASH", the numbers in hexadecimal. HASH is BLAKE2b with KEY over the
 * kind and the outside keys, each ended by a zero byte. A last line without its end was cut off by a crash
 * before anything was erased by it: it is passed over, and cut away by the next append. Any other line that
 * makes no sense is an error: a damaged list must not look like a shorter one. */
#include "erased.h"
#include "error.h"
#include "sv_limits.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

static const char *const kinds[SV_ERASED_N] = {"client", "message", "person", "feedback"};

struct SvErasedNote {
    SvDb *db;
    char *file;
    guint8 key[SV_ERASED_KEY];
    GArray *entries; /* SvErasedEntry */
};

char *sv_erased_path(const char *where)
{
    return g_strconcat(where, "-erased", NULL);
}

static void add_part(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const guint8 *)(text ? text : ""), text ? strlen(text) + 1 : 1);
}

static void make_hash(guint8 *out, const guint8 *key, SvErasedKind kind, const char *client, const char *what)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, SV_ERASED_KEY, SV_ERASED_HASH);
    add_part(&state, kinds[kind]);
    add_part(&state, client);
    add_part(&state, what);
    crypto_generichash_final(&state, out, SV_ERASED_HASH);
}

/* ---- the file ---- */

static gboolean parse_hex(const char *text, guint8 *out, gsize len)
{
    gsize got = 0;
    return sodium_hex2bin(out, len, text, strlen(text), NULL, &got, NULL) == 0 && got == len;
}

static gboolean parse_line(const char *line, SvErasedEntry *out)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 6);
    if (g_strv_length(words) != 5 || strcmp(words[0], "1") != 0)
        return FALSE;
    int kind = 0;
    while (kind < SV_ERASED_N && strcmp(words[2], kinds[kind]) != 0)
        kind++;
    out->kind = (SvErasedKind)kind;
    return kind < SV_ERASED_N && parse_hex(words[1], out->id, SV_ERASED_ID) &&
           parse_hex(words[3], out->key, SV_ERASED_KEY) && parse_hex(words[4], out->hash, SV_ERASED_HASH);
}

static char *format_line(const SvErasedEntry *e)
{
    char id[2 * SV_ERASED_ID + 1], key[2 * SV_ERASED_KEY + 1], hash[2 * SV_ERASED_HASH + 1];
    sodium_bin2hex(id, sizeof id, e->id, SV_ERASED_ID);
    sodium_bin2hex(key, sizeof key, e->key, SV_ERASED_KEY);
    sodium_bin2hex(hash, sizeof hash, e->hash, SV_ERASED_HASH);
    return g_strdup_printf("1 %s %s %s %s\n", id, kinds[e->kind], key, hash);
}

/* All entries of the file. *whole: bytes up to the last end of a line. */
static GArray *read_file(const char *file, gsize *whole, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(SvErasedEntry));
    g_autofree char *text = NULL;
    g_autoptr(GError) refused = NULL;
    gsize len = 0;
    *whole = 0;
    if (!g_file_get_contents(file, &text, &len, &refused)) {
        if (g_error_matches(refused, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return g_steal_pointer(&entries);
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "%s", refused->message);
        return NULL;
    }
    guint n = 0;
    char *end;
    for (char *line = text; (end = memchr(line, '\n', len - (gsize)(line - text))); line = end + 1) {
        SvErasedEntry entry;
        *end = 0;
        n++;
        if (!parse_line(line, &entry)) {
            g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
                "%s: line %u is damaged; restore the file, else what was erased may come back", file, n);
            return NULL;
        }
        g_array_append_val(entries, entry);
        *whole = (gsize)(end + 1 - text);
    }
    return g_steal_pointer(&entries);
}

static gboolean sync_folder(const char *file)
{
    g_autofree char *dir = g_path_get_dirname(file);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

static gboolean write_all(int fd, const char *bytes, gsize len)
{
    while (len) {
        gssize n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        bytes += n;
        len -= (gsize)n;
    }
    return TRUE;
}

static gboolean append(const char *file, const GArray *entries, GError **error)
{
    gsize whole;
    g_autoptr(GArray) there = read_file(file, &whole, error);
    if (!there)
        return FALSE;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < entries->len; i++) {
        g_autofree char *line = format_line(&g_array_index(entries, SvErasedEntry, i));
        g_string_append(text, line);
    }
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    gboolean done = fd >= 0 && ftruncate(fd, (off_t)whole) == 0 && lseek(fd, (off_t)whole, SEEK_SET) >= 0 &&
                    write_all(fd, text->str, text->len) && fsync(fd) == 0 && (whole > 0 || sync_folder(file));
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (!done)
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "%s could not be written: %s", file, g_strerror(why));
    return done;
}

/* ---- the table ---- */

static gboolean insert(SvDb *db, const SvErasedEntry *e, GError **error)
{
    SvSql *sql = sv_db_sql(
        db, "INSERT INTO erased(id,kind,key,hash) VALUES(?,?,?,?) ON CONFLICT(id) DO NOTHING", error);
    sv_sql_blob(sql, 1, e->id, SV_ERASED_ID);
    sv_sql_text(sql, 2, kinds[e->kind]);
    sv_sql_blob(sql, 3, e->key, SV_ERASED_KEY);
    sv_sql_blob(sql, 4, e->hash, SV_ERASED_HASH);
    return sv_sql_run(sql, error);
}

static void take_blob(SvSql *sql, int column, guint8 *out, gsize want)
{
    gsize len;
    const void *bytes = sv_sql_get_blob(sql, column, &len);
    memset(out, 0, want);
    if (bytes && len == want)
        memcpy(out, bytes, want);
}

/* All entries of the table. */
static GArray *read_table(SvDb *db, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(SvErasedEntry));
    SvSql *sql = sv_db_sql(db, "SELECT id,kind,key,hash FROM erased", error);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvErasedEntry e = {0};
        const char *kind = sv_sql_get_text(sql, 1);
        while (e.kind < SV_ERASED_N - 1 && g_strcmp0(kind, kinds[e.kind]) != 0)
            e.kind++;
        take_blob(sql, 0, e.id, SV_ERASED_ID);
        take_blob(sql, 2, e.key, SV_ERASED_KEY);
        take_blob(sql, 3, e.hash, SV_ERASED_HASH);
        g_array_append_val(entries, e);
    }
    return got < 0 ? NULL : g_steal_pointer(&entries);
}

static guint id_hash(gconstpointer id)
{
    guint h;
    memcpy(&h, id, sizeof h); /* ids and hashes are random */
    return h;
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, SV_ERASED_ID) == 0;
}

/* Entries of `a` whose ids are not in `b`. */
static GArray *without(const GArray *a, const GArray *b)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(SvErasedEntry));
    g_autoptr(GHashTable) ids = g_hash_table_new(id_hash, id_equal);
    for (guint i = 0; i < b->len; i++)
        g_hash_table_add(ids, g_array_index(b, SvErasedEntry, i).id);
    for (guint i = 0; i < a->len; i++)
        if (!g_hash_table_contains(ids, g_array_index(a, SvErasedEntry, i).id))
            g_array_append_val(left, g_array_index(a, SvErasedEntry, i));
    return left;
}

GArray *sv_erased_pending(SvDb *db, const char *file, GError **error)
{
    gsize whole;
    g_autoptr(GArray) in_file = read_file(file, &whole, error);
    if (!in_file || !in_file->len)
        return g_steal_pointer(&in_file);
    g_autoptr(GArray) in_table = read_table(db, error);
    return in_table ? without(in_file, in_table) : NULL;
}

gboolean sv_erased_complete_file(SvDb *db, const char *file, GError **error)
{
    gsize whole;
    g_autoptr(GArray) in_table = read_table(db, error);
    g_autoptr(GArray) in_file = in_table ? read_file(file, &whole, error) : NULL;
    if (!in_file)
        return FALSE;
    g_autoptr(GArray) missing = without(in_table, in_file);
    return !missing->len || append(file, missing, error);
}

gboolean sv_erased_settle(SvDb *db, const GArray *entries, GError **error)
{
    for (guint i = 0; i < entries->len; i++)
        if (!insert(db, &g_array_index(entries, SvErasedEntry, i), error))
            return FALSE;
    return TRUE;
}

struct SvErasedSet {
    GHashTable *hashes; /* guint8[SV_ERASED_HASH], of any kind and key */
    GPtrArray *keys;    /* guint8[SV_ERASED_KEY], each once: nearly always one */
};

G_STATIC_ASSERT(SV_ERASED_HASH == SV_ERASED_ID);

static void add_key(GPtrArray *keys, const guint8 *key)
{
    for (guint i = 0; i < keys->len; i++)
        if (memcmp(keys->pdata[i], key, SV_ERASED_KEY) == 0)
            return;
    g_ptr_array_add(keys, g_memdup2(key, SV_ERASED_KEY));
}

SvErasedSet *sv_erased_set_new(const GArray *entries)
{
    SvErasedSet *set = g_new0(SvErasedSet, 1);
    set->hashes = g_hash_table_new_full(id_hash, id_equal, g_free, NULL);
    set->keys = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < entries->len; i++) {
        const SvErasedEntry *e = &g_array_index(entries, SvErasedEntry, i);
        g_hash_table_add(set->hashes, g_memdup2(e->hash, SV_ERASED_HASH));
        add_key(set->keys, e->key);
    }
    return set;
}

void sv_erased_set_free(SvErasedSet *set)
{
    if (!set)
        return;
    g_hash_table_unref(set->hashes);
    g_ptr_array_unref(set->keys);
    g_free(set);
}

gboolean sv_erased_has(const SvErasedSet *set, SvErasedKind kind, const char *client, const char *what)
{
    guint8 hash[SV_ERASED_HASH];
    for (guint i = 0; i < set->keys->len; i++) {
        make_hash(hash, set->keys->pdata[i], kind, client, what);
        if (g_hash_table_contains(set->hashes, hash))
            return TRUE;
    }
    return FALSE;
}

/* ---- making entries ---- */

SvErasedNote *sv_erased_note_new(SvDb *db, GError **error)
{
    gsize whole;
    g_autofree char *file = sv_erased_path(sv_db_where(db));
    g_autoptr(GArray) known = read_file(file, &whole, error);
    if (known && !known->len) {
        g_array_unref(known);
        known = read_table(db, error);
    }
    if (!known)
        return NULL;
    SvErasedNote *note = g_new0(SvErasedNote, 1);
    note->db = db;
    note->file = g_steal_pointer(&file);
    note->entries = g_array_new(FALSE, TRUE, sizeof(SvErasedEntry));
    if (known->len)
        memcpy(note->key, g_array_index(known, SvErasedEntry, known->len - 1).key, SV_ERASED_KEY);
    else
        randombytes_buf(note->key, SV_ERASED_KEY);
    return note;
}

void sv_erased_note_free(SvErasedNote *note)
{
    if (!note)
        return;
    g_array_unref(note->entries);
    sodium_memzero(note->key, SV_ERASED_KEY);
    g_free(note->file);
    g_free(note);
}

void sv_erased_note_add(SvErasedNote *note, SvErasedKind kind, const char *client, const char *what)
{
    SvErasedEntry e = {.kind = kind};
    memcpy(e.key, note->key, SV_ERASED_KEY);
    make_hash(e.hash, e.key, kind, client, what);
    if (note->entries->len && memcmp(g_array_index(note->entries, SvErasedEntry, note->entries->len - 1).hash,
                                  e.hash, SV_ERASED_HASH) == 0)
        return; /* parts of one message come one after the other */
    randombytes_buf(e.id, SV_ERASED_ID);
    g_array_append_val(note->entries, e);
}

gboolean sv_erased_note_keep(SvErasedNote *note, GError **error)
{
    return append(note->file, note->entries, error) && sv_erased_settle(note->db, note->entries, error);
}
