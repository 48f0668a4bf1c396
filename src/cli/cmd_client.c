/* svodka client: the clients of the store and who may open them.
 *
 * A command on the machine itself: whoever can write the database can do all of it. Each change is one
 * transaction and counts at once, also for readers who are signed in. */
#include "cli_store.h"
#include "client_store.h"
#include "moment.h"
#include <string.h>

#define LIST_MOST 200

typedef struct {
    char *db, *owner, *team, *find;
    int most;
    gboolean json;
    char **arguments; /* the action, then what it is about */
} Options;

static void options_clear(Options *o)
{
    g_free(o->db);
    g_free(o->owner);
    g_free(o->team);
    g_free(o->find);
    g_strfreev(o->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "The database (default: svodka.db)", "FILE"},
        {"owner", 0, 0, G_OPTION_ARG_STRING, &o->owner, "assign: the login of the owner, “-” for nobody",
            "LOGIN"},
        {"team", 0, 0, G_OPTION_ARG_STRING, &o->team, "assign: the name of the team, “-” for none", "TEAM"},
        {"find", 0, 0, G_OPTION_ARG_STRING, &o->find, "list: only with this in name or key", "TEXT"},
        {"most", 0, 0, G_OPTION_ARG_INT, &o->most, "list: at most so many (default: 200)", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "Print JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->arguments, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("list|show|assign|grant|revoke [KEY] [LOGIN]",
        "Shows the clients of the store, whose they are, and who else may open them.",
        "KEY is the client's key in the outside system, as “list” shows it.\n\n"
        "Examples:\n"
        "  svodka client list --find завод\n"
        "  svodka client show 1042\n"
        "  svodka client assign 1042 --owner anna --team north\n"
        "  svodka client grant 1042 boris\n"
        "  svodka client revoke 1042 boris\n",
        entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

/* ---- list ---- */

static char *day_of(gint64 unix_s)
{
    return unix_s ? sv_day_format(sv_time_day((SvTime){unix_s, 0})) : g_strdup("-");
}

static cJSON *line_to_json(const SvClientLine *line)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "key", line->external);
    cJSON_AddStringToObject(one, "name", line->name);
    cJSON_AddStringToObject(one, "owner", line->owner);
    cJSON_AddStringToObject(one, "team", line->team);
    cJSON_AddNumberToObject(one, "messages", line->messages);
    g_autofree char *newest = line->newest ? sv_time_format((SvTime){line->newest, 0}) : NULL;
    if (newest)
        cJSON_AddStringToObject(one, "newest", newest);
    else
        cJSON_AddNullToObject(one, "newest");
    return one;
}

static gboolean list(const Options *o, SvPool *pool, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    guint most = o->most > 0 ? (guint)o->most : LIST_MOST;
    g_autoptr(GPtrArray) lines = db ? sv_clients_list(db, o->find, 0, most, error) : NULL;
    gint64 all = lines ? sv_clients_count(db, error) : -1;
    sv_pool_read_done(pool, db);
    if (all < 0)
        return FALSE;
    if (o->json) {
        cJSON *out = cJSON_CreateObject(), *clients = cJSON_AddArrayToObject(out, "clients");
        for (guint i = 0; i < lines->len; i++)
            cJSON_AddItemToArray(clients, line_to_json(lines->pdata[i]));
        cJSON_AddNumberToObject(out, "total", (double)all);
        return sv_cli_print_json(out, error);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const SvClientLine *line = lines->pdata[i];
        g_autofree char *newest = day_of(line->newest);
        g_string_append_printf(text, "%s\t%s\t%s\t%s\t%u\t%s\n", line->external, line->name,
            *line->owner ? line->owner : "-", *line->team ? line->team : "-", line->messages, newest);
    }
    if (!o->find && all > lines->len)
        g_string_append_printf(text, "and %u more\n", (guint)(all - lines->len));
    return sv_cli_write(NULL, text->str, error);
}

/* ---- show ---- */

static SvClient *find_client(SvDb *db, const char *key, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    SvClient *client = sv_client_find(db, key, &wrong);
    if (client)
        return client;
    if (g_error_matches(wrong, SV_ERROR, SV_ERROR_NOT_FOUND))
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND,
            "there is no client with the key “%s”; “svodka client list” shows the keys", key);
    else
        g_propagate_error(error, g_steal_pointer(&wrong));
    return NULL;
}

static cJSON *client_to_json(const SvClient *client, const SvClientLine *line, const GPtrArray *readers)
{
    cJSON *one = line_to_json(line);
    cJSON_AddNumberToObject(one, "id", (double)client->id);
    cJSON_AddNumberToObject(one, "revision", (double)client->revision);
    cJSON *list = cJSON_AddArrayToObject(one, "readers");
    for (guint i = 0; i < readers->len; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(readers->pdata[i]));
    cJSON *card = sv_json_parse(client->card, strlen(client->card), NULL);
    cJSON_AddItemToObject(one, "card", card ? card : cJSON_CreateObject());
    return one;
}

static gboolean show(const Options *o, SvPool *pool, GError **error)
{
    SvDb *db = sv_pool_read(pool, error);
    g_autoptr(SvClient) client = db ? find_client(db, o->arguments[1], error) : NULL;
    g_autoptr(SvClientLine) line = client ? sv_client_line(db, client->id, error) : NULL;
    g_autoptr(GPtrArray) readers = line ? sv_client_readers(db, client->id, error) : NULL;
    sv_pool_read_done(pool, db);
    if (!readers)
        return FALSE;
    if (o->json)
        return sv_cli_print_json(client_to_json(client, line, readers), error);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *newest = day_of(line->newest);
    g_string_printf(text,
        "key       %s\nname      %s\nowner     %s\nteam      %s\nmessages  %u\nnewest    %s\nreaders  ",
        line->external, line->name, *line->owner ? line->owner : "-", *line->team ? line->team : "-",
        line->messages, newest);
    for (guint i = 0; i < readers->len; i++)
        g_string_append_printf(text, " %s", (const char *)readers->pdata[i]);
    g_string_append(text, readers->len ? "\n" : " -\n");
    return sv_cli_write(NULL, text->str, error);
}

/* ---- changes ---- */

static gint64 find_account(SvDb *db, const char *login, GError **error)
{
    gint64 id = sv_client_find_account(db, login, error);
    if (id == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND,
            "there is no user “%s”; “svodka user list” shows them", login);
    return MAX(id, 0);
}

/* The id of the word: -1 when it is not given, 0 for "-". FALSE when there is none of this name. */
static gboolean find_owner_or_team(SvDb *db, const char *word, gboolean team, gint64 *id, GError **error)
{
    *id = word ? 0 : -1;
    if (!word || strcmp(word, "-") == 0)
        return TRUE;
    if (!team)
        return (*id = find_account(db, word, error)) > 0;
    *id = sv_client_find_team(db, word, error);
    if (*id == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no team “%s”", word);
    return *id > 0;
}

static gboolean assign(const Options *o, SvDb *db, gint64 client, GError **error)
{
    gint64 owner, team;
    return find_owner_or_team(db, o->owner, FALSE, &owner, error) &&
           find_owner_or_team(db, o->team, TRUE, &team, error) &&
           sv_client_assign(db, client, owner, team, error);
}

static gboolean set_reader(const Options *o, SvDb *db, gint64 client, GError **error)
{
    gint64 account = find_account(db, o->arguments[2], error);
    return account && sv_client_set_reader(db, client, account, strcmp(o->arguments[0], "grant") == 0, error);
}

static gboolean change(const Options *o, SvPool *pool, GError **error)
{
    SvDb *db = sv_pool_write(pool, error);
    if (!db)
        return FALSE;
    g_autoptr(SvClient) client = find_client(db, o->arguments[1], error);
    gboolean assigning = strcmp(o->arguments[0], "assign") == 0;
    gboolean done =
        client && (assigning ? assign(o, db, client->id, error) : set_reader(o, db, client->id, error));
    return sv_pool_write_done(pool, db, done, error) && done;
}

/* ---- the command ---- */

typedef struct {
    const char *name;
    guint arguments; /* with the action itself */
    const char *usage;
    gboolean (*run)(const Options *o, SvPool *pool, GError **error);
} Action;

static const Action actions[] = {
    {"list", 1, "list [--find TEXT]", list},
    {"show", 2, "show KEY", show},
    {"assign", 2, "assign KEY --owner LOGIN --team TEAM", change},
    {"grant", 3, "grant KEY LOGIN", change},
    {"revoke", 3, "revoke KEY LOGIN", change},
};

static const Action *find_action(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error))
        return sv_cli_fail("client", error);
    const Action *action = options.arguments ? find_action(options.arguments[0]) : NULL;
    if (!action)
        return sv_cli_usage("client", "say what to do: list, show, assign, grant or revoke");
    if (g_strv_length(options.arguments) != action->arguments)
        return sv_cli_usage("client", "it is “svodka client %s”", action->usage);
    if (strcmp(action->name, "assign") == 0 && !options.owner && !options.team)
        return sv_cli_usage("client", "say to whom: --owner LOGIN, --team TEAM or both");
    g_autoptr(SvPool) pool = sv_cli_open_store(options.db, TRUE, &error);
    if (!pool || !action->run(&options, pool, &error))
        return sv_cli_fail("client", error);
    return 0;
}

const SvCommand sv_command_client = {"client", "clients of the store and who may open them", run};
