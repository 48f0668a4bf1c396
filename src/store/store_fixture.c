/* A store in a temporary folder: see store_fixture.h. */
#include "store_fixture.h"
#include <glib/gstdio.h>

void sv_store_fixture_set_up(SvStoreFixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("svodka-store-XXXXXX", NULL);
    f->file = g_build_filename(f->dir, "t.db", NULL);
    f->pool = sv_pool_open(f->file, &error);
    g_assert_no_error(error);
}

void sv_store_fixture_remove(const char *dir)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(folders, g_strdup(dir));
    for (guint i = 0; i < folders->len; i++) {
        g_autoptr(GDir) open = g_dir_open(folders->pdata[i], 0, NULL);
        for (const char *name; open && (name = g_dir_read_name(open));) {
            g_autofree char *path = g_build_filename(folders->pdata[i], name, NULL);
            if (g_file_test(path, G_FILE_TEST_IS_DIR))
                g_ptr_array_add(folders, g_steal_pointer(&path));
            else
                g_unlink(path);
        }
    }
    for (guint i = folders->len; i-- > 0;)
        g_rmdir(folders->pdata[i]);
}

void sv_store_fixture_tear_down(SvStoreFixture *f, gconstpointer data)
{
    sv_pool_close(f->pool);
    sv_store_fixture_remove(f->dir);
    g_free(f->dir);
    g_free(f->file);
}

SvMessage *sv_store_fixture_note(const char *id, const char *at, const char *text)
{
    SvMessage *m = sv_message_new(SV_CHANNEL_NOTE);
    m->id = g_strdup(id);
    g_assert_true(sv_time_parse(at, NULL, &m->at));
    m->from->name = g_strdup("Алексей Ким");
    m->body = sv_raw_new(text, -1);
    return m;
}
