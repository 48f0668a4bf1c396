/* What the commands that manage users, teams and labels share: see admin.h. A change and its entry in the
 * audit are one transaction. */
#include "admin.h"
#include <string.h>

void sv_admin_clear(SvAdmin *admin)
{
    g_free(admin->db);
    g_free(admin->name);
    g_free(admin->role);
    g_free(admin->team);
    g_free(admin->scopes);
    g_strfreev(admin->words);
    sv_cli_wipe(admin->password);
    g_free(admin->detail);
    if (admin->out)
        g_string_free(admin->out, TRUE);
}

const SvAdminAction *sv_admin_find(SvAdmin *admin, const SvAdminAction *actions, int *code)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (const SvAdminAction *a = actions; a->name; a++) {
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", a->name);
        if (!admin->words || strcmp(admin->words[0], a->name) != 0)
            continue;
        guint n = g_strv_length(admin->words);
        if (n >= a->least && n <= a->most)
            return admin->action = a;
        *code = sv_cli_usage(admin->command, "it is “svodka %s %s”", admin->command, a->usage);
        return NULL;
    }
    *code = sv_cli_usage(admin->command, "say what to do: %s", names->str);
    return NULL;
}

static gboolean record(const SvAdmin *admin, SvDb *db, GError **error)
{
    g_autofree char *action = g_strdup_printf("%s.%s", admin->command, admin->action->name);
    g_autofree char *detail =
        g_strdup_printf("%s by %s", admin->detail ? admin->detail : "", g_get_user_name());
    SvDeed deed = {.client = admin->client, .action = action, .detail = detail, .address = "local"};
    return sv_audit_put(db, &deed, error);
}

static gboolean write_with(SvAdmin *admin, SvPool *pool, GError **error)
{
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    gboolean done = admin->action->run(admin, db, error) && record(admin, db, error);
    return sv_pool_write_done(pool, db, done, done ? error : NULL) && done;
}

static gboolean read_with(SvAdmin *admin, SvPool *pool, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    gboolean done = db && admin->action->run(admin, db, error);
    sv_pool_read_done(pool, db);
    return done;
}

int sv_admin_run(SvAdmin *admin, gboolean makes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvPool) pool = sv_cli_open_store(admin->db, !makes, &error);
    admin->out = g_string_new(NULL);
    gboolean done = pool && (admin->action->writes ? write_with : read_with)(admin, pool, &error);
    if (!done || (admin->out->len && !sv_cli_write(NULL, admin->out->str, &error)))
        return sv_cli_fail(admin->command, error);
    return 0;
}
