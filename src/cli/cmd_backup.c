/* svodka backup, restore, rebuild: the database as a whole. */
#include "audit.h"
#include "cli_store.h"
#include "client_store.h"
#include "job.h"
#include "keep.h"

typedef struct {
    char *db;
    gboolean yes;
    char **paths;
} Options;

static void options_clear(Options *o)
{
    g_free(o->db);
    g_strfreev(o->paths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse(Options *o, int *argc, char ***argv, const char *arguments, const char *summary,
    const char *description, GError **error)
{
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, "Overwrite what is there", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options(arguments, summary, description, entries);
    return sv_cli_parse(context, argc, argv, error);
}

static gboolean note(SvPool *pool, const char *action, GError **error)
{
    SvDeed deed = {.action = action, .address = "console"};
    return sv_audit_note(pool, &deed, error);
}

/* ---- backup ---- */

static gboolean backup(const Options *o, GError **error)
{
    g_autoptr(SvPool) pool = sv_cli_open_store(o->db, TRUE, error);
    g_autoptr(SvProgress) progress = sv_progress_new();
    sv_progress_stage(progress, "Copying");
    return pool && sv_store_backup(pool, o->paths[0], o->yes, error) && note(pool, "backup", error);
}

static int run_backup(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse(&options, &argc, &argv, "TO",
            "Copies the database, as it is at one moment, to the file TO; a server may go\n"
            "on meanwhile. The copy is checked before it gets its name.",
            "Example:\n  svodka backup /backup/svodka-$(date +%F).db --db /var/lib/svodka/svodka.db\n",
            &error))
        return sv_cli_fail("backup", error);
    if (!options.paths || options.paths[1])
        return sv_cli_usage("backup", "name one file to write TO");
    return backup(&options, &error) ? 0 : sv_cli_fail("backup", error);
}

/* ---- restore ---- */

static gboolean restore(const Options *o, GError **error)
{
    const char *named = g_getenv("SVODKA_DB");
    const char *where = o->db ? o->db : named && *named ? named : "svodka.db";
    SvErased erased = {0};
    {
        g_autoptr(SvProgress) progress = sv_progress_new();
        sv_progress_stage(progress, "Restoring");
        if (!sv_store_restore(o->paths[0], where, o->yes, &erased, error))
            return FALSE;
    }
    g_autoptr(SvPool) pool = sv_cli_open_store(where, TRUE, error);
    if (!pool || !note(pool, "restore", error))
        return FALSE;
    g_autofree char *line = erased.clients + erased.messages + erased.feedback
                                ? g_strdup_printf("restored; erased again: %" G_GINT64_FORMAT
                                                  " clients, %" G_GINT64_FORMAT " messages\n",
                                      erased.clients, erased.messages)
                                : g_strdup("restored\n");
    return sv_cli_write(NULL, line, error);
}

static int run_restore(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse(&options, &argc, &argv, "FROM",
            "Puts a backup in the place of the database. It is checked first, and what was\n"
            "erased after it was made is erased in it again. The server must be stopped.",
            "What was erased is known from the file beside the database whose name ends in\n"
            "-erased: when you restore on another machine, take that file along.\n\n"
            "Example:\n  svodka restore /backup/svodka-2025-11-03.db --db /var/lib/svodka/svodka.db --yes\n",
            &error))
        return sv_cli_fail("restore", error);
    if (!options.paths || options.paths[1])
        return sv_cli_usage("restore", "name one backup to restore FROM");
    return restore(&options, &error) ? 0 : sv_cli_fail("restore", error);
}

const SvCommand sv_command_backup = {"backup", "copy the database while it is in use", run_backup};
const SvCommand sv_command_restore = {"restore", "put a backup in the place of the database", run_restore};

/* ---- rebuild ---- */

static gboolean rebuild(const Options *o, GError **error)
{
    gint64 waiting = -1;
    g_autoptr(SvPool) pool = sv_cli_open_store(o->db, TRUE, error);
    SvDb *db = pool ? sv_pool_write(pool, error) : NULL;
    if (!db)
        return FALSE;
    gboolean done = sv_db_rebuild_derived(db, error) && sv_clients_index_phones(db, error) &&
                    (waiting = sv_jobs_waiting(db, error)) >= 0;
    if (!sv_pool_write_done(pool, db, done, error) || !done || !note(pool, "rebuild", error))
        return FALSE;
    g_autofree char *line = g_strdup_printf(
        "dropped; the server reads %" G_GINT64_FORMAT " clients anew while it runs\n", waiting);
    return sv_cli_write(NULL, line, error);
}

static int run_rebuild(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse(&options, &argc, &argv, NULL,
            "Drops everything that was worked out from messages and asks for it anew: what\n"
            "is shown rests on the messages alone. Summaries that are asked for meanwhile\n"
            "are made at once.",
            "Example:\n  svodka rebuild --db /var/lib/svodka/svodka.db\n", &error))
        return sv_cli_fail("rebuild", error);
    if (options.paths)
        return sv_cli_usage("rebuild", "it takes no arguments");
    return rebuild(&options, &error) ? 0 : sv_cli_fail("rebuild", error);
}

const SvCommand sv_command_rebuild = {"rebuild", "work out anew what rests on messages", run_rebuild};
