/* svodka erase: a client, a message or a person, gone for good.
 *
 * Asks on a terminal; without one --yes must say that it is meant. The audit gets an entry before anything is
 * touched and one with the counts afterwards, so that a deed that was cut off is on record too; neither says
 * more of the erased than the number of the client. */
#include "audit.h"
#include "cli_store.h"
#include "client_store.h"
#include "erase.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *db, *message, *person;
    gboolean yes, json;
    char **words;
    gint64 client; /* its number */
    SvErased erased;
} Options;

static void options_clear(Options *o)
{
    g_free(o->db);
    g_free(o->message);
    g_free(o->person);
    g_strfreev(o->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"message", 'm', 0, G_OPTION_ARG_STRING, &o->message, "Only the message with this key", "KEY"},
        {"person", 'p', 0, G_OPTION_ARG_STRING, &o->person, "Only this person: e-mail, phone or name", "WHO"},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, "Do not ask", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "Print what was erased as JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("CLIENT",
        "Erases a client, or one message or person of it, for good: from tables, caches\n"
        "and free pages of the database. CLIENT is its key in the outside system.",
        "A person is every message that he wrote or alone received, his entry in the\n"
        "card, and feedback that names him. What others wrote of him stays: erase such\n"
        "messages by their keys.\n\n"
        "What was erased is noted as hashes in the file beside the database whose name\n"
        "ends in -erased; keep it: it keeps older backups from bringing data back.\n\n"
        "Examples:\n"
        "  svodka erase 1042\n"
        "  svodka erase 1042 --message 20250301.7@mail.example\n"
        "  svodka erase 1042 --person ivanova@client.example --yes\n",
        entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

/* What is going to be erased, in words for the one who is asked. */
static char *describe(const Options *o, SvDb *db, const SvClient *client, GError **error)
{
    if (o->message)
        return g_strdup_printf("the message %s of %s", o->message, client->external);
    if (!o->person)
        return g_strdup_printf("the client %s (%s)", client->external, client->name);
    guint n = 0;
    g_autofree char *name = sv_erase_find_person(db, client->id, o->person, &n, error);
    return name ? g_strdup_printf("%s with %u messages of %s", name, n, client->external) : NULL;
}

static gboolean find(Options *o, SvPool *pool, char **what, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    g_autoptr(SvClient) client = db ? sv_client_find(db, o->words[0], error) : NULL;
    if (client)
        *what = describe(o, db, client, error);
    o->client = client ? client->id : 0;
    sv_pool_read_done(pool, db);
    return *what != NULL;
}

static gboolean is_meant(const Options *o, const char *what, GError **error)
{
    char answer[16] = "";
    if (o->yes)
        return TRUE;
    if (!isatty(STDIN_FILENO)) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "nobody can be asked here; --yes says that it is meant");
        return FALSE;
    }
    g_printerr("Erase %s? This cannot be undone. Type “yes”: ", what);
    if (fgets(answer, sizeof answer, stdin) && strcmp(g_strstrip(answer), "yes") == 0)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "nothing was erased");
    return FALSE;
}

static gboolean note(const Options *o, SvPool *pool, const char *action, const char *detail, GError **error)
{
    SvDeed deed = {.client = o->client, .action = action, .detail = detail, .address = "console"};
    return sv_audit_note(pool, &deed, error);
}

static gboolean erase(Options *o, SvPool *pool, GError **error)
{
    if (o->message)
        return sv_erase_message(pool, o->client, o->message, &o->erased, error);
    if (o->person)
        return sv_erase_person(pool, o->client, o->person, &o->erased, error);
    return sv_erase_client(pool, o->client, &o->erased, error);
}

static gboolean print(const Options *o, const char *counts, GError **error)
{
    if (!o->json) {
        g_autofree char *line = g_strdup_printf("erased: %s\n", counts);
        return sv_cli_write(NULL, line, error);
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "clients", (double)o->erased.clients);
    cJSON_AddNumberToObject(out, "messages", (double)o->erased.messages);
    cJSON_AddNumberToObject(out, "feedback", (double)o->erased.feedback);
    cJSON_AddNumberToObject(out, "views", (double)o->erased.views);
    return sv_cli_print_json(out, error);
}

static gboolean erase_all(Options *o, GError **error)
{
    g_autoptr(SvPool) pool = sv_cli_open_store(o->db, TRUE, error);
    g_autofree char *what = NULL;
    const char *kind = o->message ? "message" : o->person ? "person" : "client";
    if (!pool || !find(o, pool, &what, error) || !is_meant(o, what, error))
        return FALSE;
    g_autoptr(SvProgress) progress = sv_progress_new();
    sv_progress_stage(progress, "Erasing");
    /* an erasure that was cut off before is completed first */
    if (!sv_erase_finish(pool, NULL, error) || !note(o, pool, "erase.begin", kind, error) ||
        !erase(o, pool, error))
        return FALSE;
    g_autofree char *counts =
        g_strdup_printf("%" G_GINT64_FORMAT " clients, %" G_GINT64_FORMAT " messages, "
                        "%" G_GINT64_FORMAT " remarks of readers, %" G_GINT64_FORMAT " views",
            o->erased.clients, o->erased.messages, o->erased.feedback, o->erased.views);
    g_autofree char *detail = g_strdup_printf("%s: %s", kind, counts);
    gboolean noted = note(o, pool, "erase", detail, error);
    g_clear_pointer(&progress, sv_progress_free);
    return noted && print(o, counts, error);
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("erase", error);
    if (!options.words || options.words[1])
        return sv_cli_usage("erase", "name one CLIENT by its key");
    if (options.message && options.person)
        return sv_cli_usage("erase", "--message and --person exclude each other");
    return erase_all(&options, &error) ? 0 : sv_cli_fail("erase", error);
}

const SvCommand sv_command_erase = {"erase", "erase a client, a message or a person for good", run};
