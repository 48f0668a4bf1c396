/* svodka team, svodka label: sets of users, and what messages demand of their readers.
 *
 * A message with labels is for those who hold all of them, whatever their role. Changes count at once and are
 * recorded in the audit. */
#include "admin.h"
#include "client_store.h"
#include "job.h"
#include "labels.h"
#include "message_store.h"
#include "session.h"
#include <string.h>

#define MOST_LABELS 32u

/* ── teams ── */

static gboolean team_list(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(GPtrArray) teams = sv_teams_list(db, error);
    for (guint i = 0; teams && i < teams->len; i++)
        g_string_append_printf(admin->out, "%s\n", ((SvNamed *)teams->pdata[i])->name);
    return teams != NULL;
}

static gboolean team_add(SvAdmin *admin, SvDb *db, GError **error)
{
    admin->detail = g_strdup(admin->words[1]);
    return sv_team_put(db, admin->words[1], error) > 0;
}

/* ── labels and who holds them ── */

static gboolean label_list(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(GPtrArray) labels = sv_labels_list(db, error);
    for (guint i = 0; labels && i < labels->len; i++) {
        const SvNamed *label = labels->pdata[i];
        g_autoptr(GPtrArray) holders = sv_label_holders(db, label->id, error);
        if (!holders)
            return FALSE;
        g_string_append_printf(admin->out, "%s\t", label->name);
        for (guint k = 0; k < holders->len; k++)
            g_string_append_printf(admin->out, "%s%s", k ? ", " : "", (const char *)holders->pdata[k]);
        g_string_append(admin->out, holders->len ? "\n" : "-\n");
    }
    return labels != NULL;
}

static gboolean label_add(SvAdmin *admin, SvDb *db, GError **error)
{
    admin->detail = g_strdup(admin->words[1]);
    return sv_label_put(db, admin->words[1], error) > 0;
}

/* Who is meant: LOGIN or --team. */
static gboolean find_holder(SvAdmin *admin, SvDb *db, gint64 *account, gint64 *team, GError **error)
{
    const char *login = admin->words[2];
    if ((login != NULL) == (admin->team != NULL)) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "name a LOGIN or --team TEAM");
        return FALSE;
    }
    if (login) {
        g_autoptr(SvAccount) found = sv_account_find(db, login, error);
        *account = found ? found->id : 0;
        return found != NULL;
    }
    *team = sv_client_find_team(db, admin->team, error);
    if (*team == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no team “%s”", admin->team);
    return *team > 0;
}

static gboolean label_hold(SvAdmin *admin, SvDb *db, GError **error)
{
    gint64 account = 0, team = 0, label = sv_label_find(db, admin->words[1], error);
    if (!label || !find_holder(admin, db, &account, &team, error))
        return FALSE;
    const char *who = admin->words[2] ? admin->words[2] : admin->team;
    admin->detail = g_strdup_printf("%s %s", admin->words[1], who);
    return sv_label_hold(db, label, account, team, strcmp(admin->words[0], "hold") == 0, error);
}

/* ── labels of messages ── */

static char *find_labels(char **names, SvDb *db, GError **error)
{
    gint64 ids[MOST_LABELS];
    guint n = 0;
    for (; names[n]; n++)
        if (!(ids[n] = sv_label_find(db, names[n], error)))
            return NULL;
    return sv_labels_format(ids, n);
}

/* All parts that have the key: a table's rows may share one. */
static guint set_on_parts(SvDb *db, gint64 client, const char *key, const char *labels, GError **error)
{
    guint n = 0;
    g_autoptr(GPtrArray) messages = sv_messages_list(db, client, error);
    for (guint i = 0; messages && i < messages->len; i++) {
        const SvStored *m = messages->pdata[i];
        if (strcmp(m->external, key) != 0)
            continue;
        if (!sv_message_set_labels(db, client, m->id, labels, error))
            return 0;
        n++;
    }
    if (messages && n == 0)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "this client has no message “%s”", key);
    return n;
}

static gboolean label_set(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(SvClient) client = sv_client_find(db, admin->words[1], error);
    g_autofree char *labels = client ? find_labels(admin->words + 3, db, error) : NULL;
    if (!labels || !set_on_parts(db, client->id, admin->words[2], labels, error))
        return FALSE;
    admin->client = client->id;
    admin->detail = g_strdup_printf("%u labels of a message", g_strv_length(admin->words + 3));
    return sv_client_touch(db, client->id, error) && sv_rights_touch(db, error) &&
        sv_job_put(db, "read", client->id, g_get_real_time() / G_USEC_PER_SEC, error);
}

/* ── the commands ── */

static const SvAdminAction team_actions[] = {
    {"list", 1, 1, "list", FALSE, team_list},
    {"add", 2, 2, "add NAME", TRUE, team_add},
    {NULL},
};

static const SvAdminAction label_actions[] = {
    {"list", 1, 1, "list", FALSE, label_list},
    {"add", 2, 2, "add NAME", TRUE, label_add},
    {"hold", 2, 3, "hold LABEL LOGIN|--team TEAM", TRUE, label_hold},
    {"drop", 2, 3, "drop LABEL LOGIN|--team TEAM", TRUE, label_hold},
    {"set", 3, 3 + MOST_LABELS, "set CLIENT MESSAGE [LABEL…]", TRUE, label_set},
    {NULL},
};

static int run_with(SvAdmin *admin, const SvAdminAction *actions, const char *summary,
    const char *description, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &admin->db, "The database (default: svodka.db)", "FILE"},
        {"team", 0, 0, G_OPTION_ARG_STRING, &admin->team, "label hold, drop: all of this team", "TEAM"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &admin->words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GError) error = NULL;
    int code = 0;
    g_autoptr(GOptionContext) context = sv_cli_options("ACTION …", summary, description, entries);
    if (!sv_cli_parse(context, &argc, &argv, &error))
        return sv_cli_fail(admin->command, error);
    return sv_admin_find(admin, actions, &code) ? sv_admin_run(admin, FALSE) : code;
}

static int run_team(int argc, char **argv)
{
    g_auto(SvAdmin) admin = {.command = "team"};
    return run_with(&admin, team_actions, "Teams of users: a head opens the clients of his team.",
        "Users are put into a team by “svodka user role LOGIN ROLE --team TEAM”.\n\n"
        "Example:\n  svodka team add north\n", argc, argv);
}

static int run_label(int argc, char **argv)
{
    g_auto(SvAdmin) admin = {.command = "label"};
    return run_with(&admin, label_actions,
        "Labels: a message with labels is only for those who hold all of them. ACTION\n"
        "is list, add, hold, drop or set; “set” without labels takes all off.",
        "Examples:\n"
        "  svodka label add legal\n"
        "  svodka label hold legal anna\n"
        "  svodka label drop legal --team north\n"
        "  svodka label set 1042 \"<id@example.com>\" legal\n", argc, argv);
}

const SvCommand sv_command_team = {"team", "teams of users", run_team};
const SvCommand sv_command_label = {
    "label", "what messages demand of their readers, who holds it", run_label};
