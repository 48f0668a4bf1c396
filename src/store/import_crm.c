/* A whole CRM to the store: see import.h.
 *
 * First a list of clients is made: the folders and archives of a folder, the first parts of the paths in an
 * archive, or the rows of a table. Then each is read and taken in a transaction of its own. What is wrong
 * with a client's files goes to the report; what is wrong with the store ends the import. */
#include "client_store.h"
#include "error.h"
#include "import_parts.h"
#include "source.h"
#include "sv_limits.h"
#include "walk.h"
#include <stdio.h>
#include <string.h>

#define HEAD 512 /* bytes that tell an archive */

typedef struct {
    SvPool *pool;
    const char *mapping;
    SvReport *report;
    SvImported *out;
} Import;

void sv_crm_client_free(SvCrmClient *c)
{
    if (!c)
        return;
    g_free(c->name);
    g_free(c->key);
    g_free(c->fallback);
    g_free(c->title);
    g_free(c->owner);
    g_free(c->team);
    g_clear_pointer(&c->paths, g_ptr_array_unref);
    g_clear_pointer(&c->leaves, g_ptr_array_unref);
    g_free(c);
}

/* ---- which clients there are ---- */

static gboolean is_archive(const char *path)
{
    char head[HEAD];
    FILE *file = fopen(path, "rb");
    gsize n = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return n && sv_unpack_is_archive(head, n);
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_entry(GPtrArray *clients, const char *path, SvReport *report)
{
    g_autofree char *shown = g_utf8_make_valid(path, -1);
    gboolean folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        sv_report_note(report, "%s: a link was not followed", shown);
        return;
    }
    if (!folder && !is_archive(path)) {
        sv_report_add(report, SV_ERROR_PARTIAL, shown, NULL,
            "the file lies in no client's folder and was not read",
            "Put each client's files into a folder of its own");
        return;
    }
    SvCrmClient *c = g_new0(SvCrmClient, 1);
    c->name = g_steal_pointer(&shown);
    c->fallback = sv_import_key_of_path(path);
    c->paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(c->paths, g_strdup(path));
    g_ptr_array_add(clients, c);
}

static GPtrArray *clients_of_folder(const char *path, SvReport *report, GError **error)
{
    g_autoptr(GError) refused = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &refused);
    if (!dir) {
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "%s", refused->message);
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir)) && names->len < SV_MAX_FILES;)
        if (*name != '.')
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_ptr_array_sort(names, by_text);
    GPtrArray *clients = g_ptr_array_new_with_free_func((GDestroyNotify)sv_crm_client_free);
    for (guint i = 0; i < names->len; i++)
        add_entry(clients, names->pdata[i], report);
    return clients;
}

/* The part of the path that names the client, `skip` parts below the archive: "a.zip/Acme/x.mbox" → "Acme".
 * NULL when the file lies above. */
static char *client_part(const SvLeaf *leaf, const char *archive, guint skip)
{
    gsize n = strlen(archive);
    const char *p = leaf->name + (strncmp(leaf->name, archive, n) == 0 ? n : 0);
    p += *p == '/';
    for (; skip && p; skip--) {
        p = strchr(p, '/');
        p = p ? p + 1 : NULL;
    }
    const char *end = p ? strchr(p, '/') : NULL;
    return end ? g_strndup(p, (gsize)(end - p)) : NULL;
}

/* Does one folder hold all the others, as archivers often write it? */
static gboolean is_wrapped(const GPtrArray *leaves, const char *archive)
{
    g_autofree char *first = leaves->len ? client_part(leaves->pdata[0], archive, 0) : NULL;
    for (guint i = 0; i < leaves->len; i++) {
        g_autofree char *part = client_part(leaves->pdata[i], archive, 0);
        g_autofree char *below = client_part(leaves->pdata[i], archive, 1);
        if (!below || g_strcmp0(part, first) != 0)
            return FALSE;
    }
    return leaves->len > 0;
}

static GPtrArray *clients_of_archive(SvWalk *walk, const char *path, SvReport *report)
{
    g_autofree char *shown = g_utf8_make_valid(path, -1);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *clients = g_ptr_array_new_with_free_func((GDestroyNotify)sv_crm_client_free);
    guint skip = is_wrapped(walk->leaves, shown);
    for (guint i = 0; i < walk->leaves->len; i++) {
        SvLeaf *leaf = walk->leaves->pdata[i];
        g_autofree char *part = client_part(leaf, shown, skip);
        if (!part) {
            sv_report_add(report, SV_ERROR_PARTIAL, leaf->name, NULL,
                "the file lies in no client's folder and was not read",
                "Put each client's files into a folder of its own");
            continue;
        }
        SvCrmClient *c = g_hash_table_lookup(by_name, part);
        if (!c) {
            c = g_new0(SvCrmClient, 1);
            c->name = g_steal_pointer(&part);
            c->fallback = sv_import_key_of_path(c->name);
            c->leaves = g_ptr_array_new();
            g_hash_table_insert(by_name, c->name, c);
            g_ptr_array_add(clients, c);
        }
        g_ptr_array_add(c->leaves, leaf);
    }
    return clients;
}

/* ---- taking them ---- */

static gboolean read_files(const Import *i, const SvCrmClient *c, SvHistory *history, GError **error)
{
    if (c->leaves) {
        if (sv_walk_read(c->leaves, i->mapping, history, i->report))
            return TRUE;
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "nothing of this client could be read");
        return FALSE;
    }
    if (!c->paths->len)
        return TRUE; /* a row of a table without files */
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (guint k = 0; k < c->paths->len; k++)
        g_ptr_array_add(paths, c->paths->pdata[k]);
    g_ptr_array_add(paths, NULL);
    return sv_source_read_paths(
        (const char *const *)paths->pdata, NULL, i->mapping, history, i->report, error);
}

/* The id behind a word of the table; -1 (leave) when it is not given or unknown, which is reported. FALSE
 * when the store fails. */
static gboolean find_named(
    const Import *i, SvDb *db, const SvCrmClient *c, gboolean team, gint64 *id, GError **error)
{
    const char *word = team ? c->team : c->owner;
    *id = -1;
    if (!word)
        return TRUE;
    gint64 found = team ? sv_client_find_team(db, word, error) : sv_client_find_account(db, word, error);
    if (found > 0)
        *id = found;
    else if (found == 0)
        sv_report_add(i->report, SV_ERROR_PARTIAL, c->name, team ? "team" : "owner",
            team ? "there is no such team; the client's was left as it is"
                 : "there is no user with this login; the owner was left as he is",
            team ? "Add the team first" : "Add the user first");
    return found >= 0;
}

static gboolean assign(const Import *i, const SvCrmClient *c, gint64 id, GError **error)
{
    if (!c->owner && !c->team)
        return TRUE;
    gint64 owner, team;
    SvDb *db = sv_pool_write(i->pool, error);
    if (!db)
        return FALSE;
    gboolean done = find_named(i, db, c, FALSE, &owner, error) && find_named(i, db, c, TRUE, &team, error) &&
                    ((owner < 0 && team < 0) || sv_client_assign(db, id, owner, team, error));
    return sv_pool_write_done(i->pool, db, done, error) && done;
}

/* Errors of the store end the import, all others are the client's own. */
static gboolean take_client(const Import *i, const SvCrmClient *c, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autoptr(SvHistory) history = sv_history_new();
    gint64 id;
    if (!sv_import_set_zone(i->pool, c->key ? c->key : c->fallback, history, error))
        return FALSE;
    guint before = i->report->n_problems;
    if (!read_files(i, c, history, &wrong)) {
        if (i->report->n_problems == before) /* else it was said already, file by file */
            sv_report_add(i->report, (SvErrorCode)wrong->code, c->name, NULL, wrong->message, NULL);
        return TRUE;
    }
    g_autofree char *by_card = sv_import_key_of_card(history);
    const char *key = c->key ? c->key : by_card ? by_card : c->fallback;
    return sv_import_history(i->pool, key, c->title, history, i->out, &id, error) &&
           assign(i, c, id, error);
}

static gboolean take_all(
    const Import *i, const GPtrArray *clients, SvImportProgress progress, gpointer data, GError **error)
{
    for (guint k = 0; k < clients->len; k++) {
        if (progress && !progress(k, clients->len, data)) {
            g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "the import was stopped after %u of %u clients", k,
                clients->len);
            return FALSE;
        }
        if (!take_client(i, clients->pdata[k], error))
            return FALSE;
    }
    return TRUE;
}

gboolean sv_import_crm(SvPool *pool, const char *path, const char *mapping,
    SvImportProgress progress, gpointer data, SvReport *report, SvImported *out, GError **error)
{
    g_autoptr(SvWalk) walk = NULL;
    g_autoptr(GPtrArray) clients = NULL;
    g_autofree char *shown = g_utf8_make_valid(path, -1);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "%s: there is no such file or folder", shown);
        return FALSE;
    }
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        clients = clients_of_folder(path, report, error);
    } else if (is_archive(path)) {
        walk = sv_walk_new(report);
        sv_walk_add(walk, path);
        sv_walk_run(walk);
        clients = clients_of_archive(walk, path, report);
    } else {
        clients = sv_import_table(path, report, error);
    }
    Import import = {pool, mapping, report, out};
    if (!clients || !take_all(&import, clients, progress, data, error))
        return FALSE;
    if (out->clients)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
        "%s: no client could be imported. It needs a folder or zip for each client, or a table of clients",
        shown);
    return FALSE;
}
