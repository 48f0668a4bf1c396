/* A store in a temporary folder: see store_fixture.h. */
#include "store_fixture.h"
#include "folder_fixture.h"

void sv_store_fixture_set_up(SvStoreFixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("svodka-store-XXXXXX", NULL);
    f->file = g_build_filename(f->dir, "t.db", NULL);
    f->pool = sv_pool_open(f->file, &error);
    g_assert_no_error(error);
}

void sv_store_fixture_tear_down(SvStoreFixture *f, gconstpointer data)
{
    sv_pool_close(f->pool);
    sv_folder_remove(f->dir);
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
