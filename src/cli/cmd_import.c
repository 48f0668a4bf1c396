/* svodka import: files of one client or of a whole CRM into the store.
 *
 * What was accepted when the command ends is durable and can be searched; the server reads it (facts,
 * summaries) when it runs. Problems of parts go to standard error and make the exit code 3; the rest is
 * imported. */
#include "cli_store.h"
#include "client_store.h"
#include "import.h"

typedef struct {
    char *client, *db, *mapping, *data;
    gboolean crm, json, verbose;
    char **paths;
} Options;

static void options_clear(Options *o)
{
    g_free(o->client);
    g_free(o->db);
    g_free(o->mapping);
    g_free(o->data);
    g_strfreev(o->paths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"client", 'c', 0, G_OPTION_ARG_STRING, &o->client, "Key of the client in the outside system", "KEY"},
        {"crm", 0, 0, G_OPTION_ARG_NONE, &o->crm, "PATH holds many clients", NULL},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"mapping", 0, 0, G_OPTION_ARG_FILENAME, &o->mapping, "Names of table columns", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "Print what was done as JSON", NULL},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o->data, "Where the data files are", "DIR"},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "Say what was passed over or repaired", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("PATH…",
        "Takes letters, chats, calls, notes and deals into the store. Importing the\n"
        "same again changes nothing; edited messages take the place of the old ones.",
        "Without --client the key is the card's id, else the client's name, else the\n"
        "name of the first PATH. With --crm the PATH is a folder or zip that holds a\n"
        "folder or zip for each client, or a table with the columns id, name, owner,\n"
        "team and files (paths beside the table, parted by “;”).\n\n"
        "Examples:\n"
        "  svodka import exports/ --client 1042\n"
        "  svodka import --crm crm-export.zip\n"
        "  svodka import --crm clients.csv --db /var/lib/svodka/svodka.db\n",
        entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static gboolean show_count(guint done, guint total, gpointer data)
{
    sv_progress_count(data, done, total);
    return TRUE;
}

static gboolean print_result(
    const Options *o, SvPool *pool, const SvReport *report, const SvImported *done, gint64 id, GError **error)
{
    g_autoptr(SvClient) client = NULL;
    SvDb *db = id ? sv_pool_read(pool, error) : NULL;
    if (db)
        client = sv_client_get(db, id, error);
    sv_pool_read_done(pool, db);
    if (id && !client)
        return FALSE;
    if (o->json) {
        cJSON *out = cJSON_CreateObject();
        if (client) {
            cJSON_AddStringToObject(out, "client", client->external);
            cJSON_AddStringToObject(out, "name", client->name);
        }
        cJSON_AddNumberToObject(out, "clients", done->clients);
        cJSON_AddNumberToObject(out, "added", done->added);
        cJSON_AddNumberToObject(out, "changed", done->changed);
        cJSON_AddNumberToObject(out, "same", done->same);
        sv_report_add_json(out, report);
        return sv_cli_print_json(out, error);
    }
    g_autofree char *who = client ? g_strdup_printf("%s (%s)", client->name, client->external)
                                  : g_strdup_printf("%u clients", done->clients);
    g_autofree char *line = g_strdup_printf(
        "%s: %u messages added, %u changed, %u as before\n", who, done->added, done->changed, done->same);
    return sv_cli_write(NULL, line, error);
}

static gboolean import_all(const Options *o, SvReport *report, GError **error)
{
    g_autofree char *mapping = NULL;
    if (!sv_cli_read_mapping(o->mapping, &mapping, error))
        return FALSE;
    g_autoptr(SvPool) pool = sv_cli_open_store(o->db, FALSE, error);
    if (!pool)
        return FALSE;
    g_autoptr(SvProgress) progress = sv_progress_new();
    sv_progress_stage(progress, "Importing");
    SvImported done = {0};
    gint64 client = 0;
    gboolean taken = o->crm ? sv_import_crm(pool, o->paths[0], mapping, show_count, progress, report,
                                  &done, error)
                            : sv_import_client(pool, o->client, (const char *const *)o->paths,
                                  mapping, report, &done, &client, error);
    g_clear_pointer(&progress, sv_progress_free);
    return taken && print_result(o, pool, report, &done, client, error);
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("import", error);
    if (!options.paths)
        return sv_cli_usage("import", "name at least one PATH: a file, a folder or a zip");
    if (options.crm && options.client)
        return sv_cli_usage("import", "--client is for the files of one client, not for --crm");
    if (options.crm && options.paths[1])
        return sv_cli_usage("import", "--crm takes one PATH");
    if (options.client && !*options.client)
        return sv_cli_usage("import", "--client must not be empty");
    g_autoptr(SvReport) report = sv_report_new();
    gboolean done = import_all(&options, report, &error);
    sv_cli_print_report(report, error, options.verbose);
    if (!done)
        return sv_cli_fail("import", error);
    return report->n_problems ? sv_error_info(SV_ERROR_PARTIAL)->exit_code : 0;
}

const SvCommand sv_command_import = {"import", "take files of clients into the store", run};
