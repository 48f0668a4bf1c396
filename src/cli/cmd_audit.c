/* svodka audit: does the record hold, and what is in it?
 *
 * Entries of a running server are in the chain within a second. The head that verify prints, noted outside
 * the machine, is what proves later that nothing was cut off or written anew. */
#include "admin.h"
#include "client_store.h"
#include "moment.h"
#include <string.h>

typedef struct {
    char *db, *head, *since, *until, *client;
    gboolean json;
    char **words;
} Options;

static void options_clear(Options *o)
{
    g_free(o->db);
    g_free(o->head);
    g_free(o->since);
    g_free(o->until);
    g_free(o->client);
    g_strfreev(o->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"head", 0, 0, G_OPTION_ARG_STRING, &o->head, "verify: a head that was noted before", "HEX"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &o->since, "export: from this moment on", "TIME"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &o->until, "export: before this moment", "TIME"},
        {"client", 0, 0, G_OPTION_ARG_STRING, &o->client, "export: only of this client", "KEY"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "verify: print JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("verify|export",
        "verify looks whether every entry of the audit holds: none changed, added,\n"
        "taken out or moved. Note the head that it prints outside this machine: with\n"
        "--head it also finds what was cut off at the end or written anew.\n"
        "export prints the entries, a JSON object a line.",
        "TIME is 2025-12-08 or 2025-12-08T09:00, in UTC without an offset. The exit\n"
        "code is 10 when the audit does not hold.\n\n"
        "Examples:\n"
        "  svodka audit verify --head $(cat head.txt)\n"
        "  svodka audit export --since 2025-12-01 --client 1042\n", entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static gboolean parse_time(const char *option, const char *word, gint64 *out, GError **error)
{
    SvTime t;
    if (!word)
        return TRUE;
    if (sv_time_parse(word, NULL, &t)) {
        *out = t.unix_s;
        return TRUE;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "%s “%s” is no time; write 2025-12-08T09:00", option, word);
    return FALSE;
}

static gboolean verify(const Options *o, SvDb *db, GError **error)
{
    gint64 entries;
    g_autofree char *head = NULL;
    if (!sv_audit_verify(db, o->head, &entries, &head, error))
        return FALSE;
    if (!o->json) {
        g_autofree char *text =
            g_strdup_printf("%" G_GINT64_FORMAT " entries hold\nhead %s\n", entries, head);
        return sv_cli_write(NULL, text, error);
    }
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "entries", (double)entries);
    cJSON_AddStringToObject(document, "head", head);
    return sv_cli_print_json(document, error);
}

static gboolean export(const Options *o, SvDb *db, GError **error)
{
    gint64 since = 0, until = 0, client = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    if (!parse_time("--since", o->since, &since, error) || !parse_time("--until", o->until, &until, error))
        return FALSE;
    if (o->client) {
        g_autoptr(SvClient) found = sv_client_find(db, o->client, error);
        if (!found)
            return FALSE;
        client = found->id;
    }
    return sv_audit_export(db, since, until, client, out, error) && sv_cli_write(NULL, out->str, error);
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("audit", error);
    const char *what = options.words && !options.words[1] ? options.words[0] : "";
    gboolean verifying = strcmp(what, "verify") == 0;
    if (!verifying && strcmp(what, "export") != 0)
        return sv_cli_usage("audit", "say what to do: verify or export");
    g_autoptr(SvPool) pool = sv_cli_open_store(options.db, TRUE, &error);
    SvDb *db = pool ? sv_pool_read(pool, &error) : NULL;
    gboolean done = db && (verifying ? verify : export)(&options, db, &error);
    if (db)
        sv_pool_read_done(pool, db);
    return done ? 0 : sv_cli_fail("audit", error);
}

const SvCommand sv_command_audit = {"audit", "does the record hold, and what is in it", run};
