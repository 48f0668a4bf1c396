/* svodka user: who may log in, with which role, and tokens for programs.
 *
 * A command on the machine itself: whoever can write the database can do all of it. What it changes counts
 * at once, also for readers who are signed in, and is recorded in the audit. */
#include "admin.h"
#include "moment.h"
#include "session.h"
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

static SvAccount *find(const SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    SvAccount *account = sv_account_find(db, admin->words[1], &wrong);
    if (g_error_matches(wrong, SV_ERROR, SV_ERROR_NOT_FOUND))
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND,
            "there is no user “%s”; “svodka user list” shows them", admin->words[1]);
    else if (wrong)
        g_propagate_error(error, g_steal_pointer(&wrong));
    return account;
}

static gboolean find_role(const char *word, SvRole *role, GError **error)
{
    if (sv_role_find(word, role))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE,
        "“%s” is no role; choose one of manager, support, head, director,"
        " admin",
        word);
    return FALSE;
}

/* ── list ── */

static const char *team_name(const GPtrArray *teams, gint64 id)
{
    for (guint i = 0; i < teams->len; i++)
        if (((SvNamed *)teams->pdata[i])->id == id)
            return ((SvNamed *)teams->pdata[i])->name;
    return "";
}

static void add_account(cJSON *to, const SvAccount *a, const char *team)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddNumberToObject(one, "id", (double)a->id);
    cJSON_AddStringToObject(one, "login", a->login);
    cJSON_AddStringToObject(one, "name", a->name);
    cJSON_AddStringToObject(one, "role", sv_role_name(a->role));
    cJSON_AddStringToObject(one, "team", team);
    cJSON_AddStringToObject(one, "language", a->language);
    cJSON_AddBoolToObject(one, "disabled", a->disabled);
    cJSON_AddItemToArray(to, one);
}

static gboolean list(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(GPtrArray) accounts = sv_accounts_list(db, error);
    g_autoptr(GPtrArray) teams = accounts ? sv_teams_list(db, error) : NULL;
    if (!teams)
        return FALSE;
    cJSON *document = cJSON_CreateObject(), *users = cJSON_AddArrayToObject(document, "users");
    for (guint i = 0; i < accounts->len; i++) {
        const SvAccount *a = accounts->pdata[i];
        const char *team = team_name(teams, a->team);
        add_account(users, a, team);
        if (!admin->json)
            g_string_append_printf(admin->out, "%s\t%s\t%s\t%s\t%s\n", a->login, a->name,
                sv_role_name(a->role), *team ? team : "-", a->disabled ? "disabled" : "");
    }
    if (admin->json)
        return sv_cli_print_json(document, error);
    cJSON_Delete(document);
    return TRUE;
}

/* ── changes ── */

static gboolean add(SvAdmin *admin, SvDb *db, GError **error)
{
    SvRole role;
    gint64 users = sv_accounts_count(db, error);
    if (users < 0 || !find_role(admin->role ? admin->role : users ? "manager" : "admin", &role, error))
        return FALSE;
    if (users == 0 && role != SV_ROLE_ADMIN) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE,
            "the first user must be an administrator, or nobody could manage the others: use --role admin");
        return FALSE;
    }
    if (!sv_account_add(db, admin->words[1], admin->name, role, admin->team, admin->password, NULL, error))
        return FALSE;
    admin->detail = g_strdup_printf("%s %s", admin->words[1], sv_role_name(role));
    g_string_append_printf(admin->out, "%s is added as %s\n", admin->words[1], sv_role_name(role));
    return TRUE;
}

static gboolean set_role(SvAdmin *admin, SvDb *db, GError **error)
{
    SvRole role;
    g_autoptr(SvAccount) account = find(admin, db, error);
    if (!account || !find_role(admin->words[2], &role, error))
        return FALSE;
    const char *team = g_strcmp0(admin->team, "-") == 0 ? "" : admin->team;
    admin->detail = g_strdup_printf("%s %s", account->login, sv_role_name(role));
    return sv_account_set_role(db, account->id, role, team, error);
}

static gboolean set_password(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(SvAccount) account = find(admin, db, error);
    admin->detail = account ? g_strdup(account->login) : NULL;
    return account && sv_account_set_password(db, account->id, admin->password, error);
}

static gboolean set_disabled(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(SvAccount) account = find(admin, db, error);
    admin->detail = account ? g_strdup(account->login) : NULL;
    return account &&
        sv_account_set_disabled(db, account->id, strcmp(admin->words[0], "disable") == 0, error);
}

/* ── tokens ── */

static gboolean token(SvAdmin *admin, SvDb *db, GError **error)
{
    guint scopes = 0;
    g_autoptr(SvAccount) account = find(admin, db, error);
    if (!account)
        return FALSE;
    if (!sv_scopes_parse(admin->scopes ? admin->scopes : "read", &scopes)) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--scopes are words of read, write, admin");
        return FALSE;
    }
    gint64 expires = admin->days > 0 ? g_get_real_time() / G_USEC_PER_SEC + (gint64)admin->days * DAY_S : 0;
    g_autofree char *made =
        sv_token_new(db, account->id, admin->name ? admin->name : account->login, scopes, expires, error);
    g_autofree char *words = sv_scopes_format(scopes);
    if (!made)
        return FALSE;
    admin->detail = g_strdup_printf("%s %s", account->login, words);
    g_string_append_printf(admin->out, "%s\n", made);
    return TRUE;
}

static gboolean tokens(SvAdmin *admin, SvDb *db, GError **error)
{
    g_autoptr(SvAccount) account = admin->words[1] ? find(admin, db, error) : NULL;
    if (admin->words[1] && !account)
        return FALSE;
    g_autoptr(GPtrArray) all = sv_tokens_list(db, account ? account->id : 0, error);
    for (guint i = 0; all && i < all->len; i++) {
        const SvApiToken *t = all->pdata[i];
        g_autofree char *scopes = sv_scopes_format(t->scopes);
        g_autoptr(SvAccount) owner = sv_account_get(db, t->account, NULL);
        g_autofree char *ends =
            t->expires ? sv_day_format(sv_time_day((SvTime){t->expires, 0})) : g_strdup("never");
        g_string_append_printf(admin->out, "%" G_GINT64_FORMAT "\t%s\t%s\t%s\t%s\n", t->id,
            owner ? owner->login : "-", t->name, scopes, ends);
    }
    return all != NULL;
}

static gboolean drop_token(SvAdmin *admin, SvDb *db, GError **error)
{
    gint64 id = g_ascii_strtoll(admin->words[1], NULL, 10);
    admin->detail = g_strdup_printf("token %" G_GINT64_FORMAT, id);
    return sv_token_drop(db, id, error);
}

/* ── the command ── */

static const SvAdminAction actions[] = {
    {"list", 1, 1, "list", FALSE, list},
    {"add", 2, 2, "add LOGIN [--name NAME] [--role ROLE] [--team TEAM]", TRUE, add},
    {"role", 3, 3, "role LOGIN ROLE [--team TEAM]", TRUE, set_role},
    {"password", 2, 2, "password LOGIN", TRUE, set_password},
    {"disable", 2, 2, "disable LOGIN", TRUE, set_disabled},
    {"enable", 2, 2, "enable LOGIN", TRUE, set_disabled},
    {"token", 2, 2, "token LOGIN [--name NAME] [--scopes WORDS] [--days N]", TRUE, token},
    {"tokens", 1, 2, "tokens [LOGIN]", FALSE, tokens},
    {"revoke", 2, 2, "revoke TOKEN-NUMBER", TRUE, drop_token},
    {NULL},
};

static gboolean parse_options(SvAdmin *a, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &a->db, "The database (default: svodka.db)", "FILE"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &a->name, "The user's name; of a token: what it is for", "NAME"},
        {"role", 0, 0, G_OPTION_ARG_STRING, &a->role, "manager, support, head, director or admin", "ROLE"},
        {"team", 0, 0, G_OPTION_ARG_STRING, &a->team, "The team, made when it is new; “-” none", "TEAM"},
        {"scopes", 0, 0, G_OPTION_ARG_STRING, &a->scopes, "token: words of read write admin", "WORDS"},
        {"days", 0, 0, G_OPTION_ARG_INT, &a->days, "token: ends after so many days", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &a->json, "list: print JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &a->words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options("ACTION [LOGIN]",
        "Manages who may log in. ACTION is list, add, role, password, disable,\n"
        "enable, token, tokens or revoke. A password is asked for on the terminal,\n"
        "or is the first line of standard input; it is never an argument.",
        "The first user is an administrator. A token is shown once.\n\n"
        "Examples:\n"
        "  svodka user add anna --name \"Anna Lim\" --role admin\n"
        "  svodka user role boris head --team north\n"
        "  svodka user disable boris\n"
        "  svodka user token anna --name crm --scopes \"read write\" --days 365\n", entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static int run(int argc, char **argv)
{
    g_auto(SvAdmin) admin = {.command = "user"};
    g_autoptr(GError) error = NULL;
    int code = 0;
    if (!parse_options(&admin, argc, argv, &error))
        return sv_cli_fail("user", error);
    if (!sv_admin_find(&admin, actions, &code))
        return code;
    gboolean adding = strcmp(admin.action->name, "add") == 0;
    SvRole role;
    if (admin.role && !find_role(admin.role, &role, &error))
        return sv_cli_fail("user", error);
    if (adding || strcmp(admin.action->name, "password") == 0) {
        admin.password = sv_cli_read_password(admin.words[1], &error);
        if (!admin.password)
            return sv_cli_fail("user", error);
    }
    return sv_admin_run(&admin, adding);
}

const SvCommand sv_command_user = {"user", "who may log in, roles, tokens for programs", run};
