/* What the tests of this folder share: see access_fixture.h. */
#include "access_fixture.h"
#include "folder_fixture.h"

void sv_place_set_up(SvPlace *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    sv_password_cost(1, 8 << 10);
    place->dir = g_dir_make_tmp("svodka-access-XXXXXX", NULL);
    place->file = g_build_filename(place->dir, "t.db", NULL);
    place->pool = sv_pool_open(place->file, &error);
    g_assert_no_error(error);
}

void sv_place_tear_down(SvPlace *place, gconstpointer data)
{
    sv_pool_close(place->pool);
    sv_folder_remove(place->dir);
    g_free(place->dir);
    g_free(place->file);
}

void sv_place_do(SvPlace *place, const char *format, ...)
{
    g_autoptr(GError) error = NULL;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *script = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    SvDb *db = sv_pool_write(place->pool, &error);
    g_assert_no_error(error);
    sv_db_script(db, script, &error);
    g_assert_no_error(error);
    sv_pool_write_done(place->pool, db, TRUE, &error);
    g_assert_no_error(error);
}

gint64 sv_place_ask(SvPlace *place, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvDb) db = sv_db_open(place->file, TRUE, &error);
    gint64 value = 0;
    sv_sql_get_one(sv_db_sql(db, sql, &error), -1, &value, &error);
    g_assert_no_error(error);
    return value;
}

gint64 sv_place_account(SvPlace *place, const char *login, SvRole role, const char *team)
{
    g_autoptr(GError) error = NULL;
    gint64 id = 0;
    SvDb *db = sv_pool_write(place->pool, &error);
    sv_account_add(db, login, NULL, role, team, SV_PLACE_PASSWORD, &id, &error);
    g_assert_no_error(error);
    sv_pool_write_done(place->pool, db, TRUE, &error);
    g_assert_no_error(error);
    return id;
}
