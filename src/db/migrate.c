/* Numbered migrations: see db.h. schema/sql/NNN_name.sql change what is permanent, in order, each in a
 * transaction of its own; derived.sql holds what can be rebuilt and is made anew whenever its text changes.
 */
#include "driver.h"
#include "error.h"
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

extern GResource *sv_schema_get_resource(void);

static char *load(const char *name)
{
    g_autofree char *path = g_strconcat("/schema/", name, NULL);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(sv_schema_get_resource(), path, 0, NULL);
    g_assert(bytes);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the numbered files, in order. */
static GPtrArray *steps(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) all = g_resource_enumerate_children(sv_schema_get_resource(), "/schema", 0, NULL);
    for (char **name = all; name && *name; name++)
        if (g_ascii_isdigit(**name))
            g_ptr_array_add(names, g_strdup(*name));
    g_ptr_array_sort(names, by_name);
    return names;
}

int sv_db_newest(void)
{
    g_autoptr(GPtrArray) names = steps();
    return names->len ? atoi(g_ptr_array_index(names, names->len - 1)) : 0;
}

static gboolean meta_int(SvDb *db, gint64 *version, GError **error)
{
    if (!sv_db_script(
            db, "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)", error))
        return FALSE;
    return sv_sql_get_one(sv_db_sql(db, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='schema'", error),
        0, version, error);
}

static gboolean set_meta(SvDb *db, const char *key, const char *value, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO meta(key,value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", error);
    sv_sql_text(sql, 1, key);
    sv_sql_text(sql, 2, value);
    return sv_sql_run(sql, error);
}

static gboolean step(SvDb *db, const char *name, GError **error)
{
    g_autofree char *script = load(name);
    g_autofree char *number = g_strdup_printf("%d", atoi(name));
    if (!sv_db_begin(db, TRUE, error))
        return FALSE;
    if (sv_db_script(db, script, error) && set_meta(db, "schema", number, error))
        return sv_db_commit(db, error);
    sv_db_rollback(db);
    return FALSE;
}

gboolean sv_db_rebuild_derived(SvDb *db, GError **error)
{
    g_autofree char *script = load("derived.sql");
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, script, -1);
    return sv_db_script(db, script, error) && set_meta(db, "derived", digest, error);
}

static gboolean derived_is_current(SvDb *db)
{
    g_autofree char *script = load("derived.sql");
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, script, -1);
    SvSql *sql = sv_db_sql(db, "SELECT value FROM meta WHERE key='derived'", NULL);
    gboolean same = sv_sql_next(sql, NULL) > 0 && g_strcmp0(sv_sql_get_text(sql, 0), digest) == 0;
    sv_sql_done(sql);
    return same;
}

gboolean sv_db_migrate(SvDb *db, GError **error)
{
    gint64 have = 0;
    g_autoptr(GPtrArray) names = steps();
    if (!meta_int(db, &have, error))
        return FALSE;
    if (have > sv_db_newest()) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP,
            "%s: made by a newer version (schema %d, this one knows %d); update svodka", sv_db_where(db),
            (int)have, sv_db_newest());
        return FALSE;
    }
    for (guint i = 0; i < names->len; i++)
        if (atoi(names->pdata[i]) > have && !step(db, names->pdata[i], error))
            return FALSE;
    if (derived_is_current(db))
        return TRUE;
    if (!sv_db_begin(db, TRUE, error))
        return FALSE;
    if (sv_db_rebuild_derived(db, error))
        return sv_db_commit(db, error);
    sv_db_rollback(db);
    return FALSE;
}
