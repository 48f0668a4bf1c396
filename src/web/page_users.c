/* Users, whose client is whose, labels and who holds them. Forms name what they do in the field `do`. */
#include "pages.h"
#include "account.h"
#include "client_store.h"
#include "error.h"
#include "web_words.h"
#include <string.h>

static const char *team_name(const GPtrArray *teams, gint64 id)
{
    for (guint i = 0; i < teams->len; i++)
        if (((const SvNamed *)teams->pdata[i])->id == id)
            return ((const SvNamed *)teams->pdata[i])->name;
    return "";
}

static void add_roles(cJSON *object, int chosen)
{
    cJSON *roles = cJSON_AddArrayToObject(object, "roles");
    for (int role = 0; role < SV_ROLE_N; role++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "role", sv_role_name((SvRole)role));
        if (role == chosen)
            cJSON_AddTrueToObject(item, "chosen");
        cJSON_AddItemToArray(roles, item);
    }
}

static SvAnswer *answer_users(SvCall *call, const char *problem, GError **error)
{
    g_autoptr(GPtrArray) accounts = sv_accounts_list(call->db, error);
    g_autoptr(GPtrArray) teams = accounts ? sv_teams_list(call->db, error) : NULL;
    if (!teams)
        return NULL;
    SvPage *page = sv_page_new(call, "admin", "nav.admin");
    sv_page_string(page, "part", "users");
    sv_page_string(page, "problem", problem);
    sv_page_string(page, "done", problem ? "" : sv_request_query(call->request, "done"));
    add_roles(page->model, -1);
    cJSON *users = cJSON_AddArrayToObject(page->model, "users");
    for (guint i = 0; i < accounts->len; i++) {
        const SvAccount *account = accounts->pdata[i];
        cJSON *user = cJSON_CreateObject();
        cJSON_AddNumberToObject(user, "id", (double)account->id);
        cJSON_AddStringToObject(user, "name", account->name);
        cJSON_AddStringToObject(user, "login", account->login);
        cJSON_AddStringToObject(user, "team", team_name(teams, account->team));
        cJSON_AddBoolToObject(user, "disabled", account->disabled);
        add_roles(user, (int)account->role);
        cJSON_AddItemToArray(users, user);
    }
    return sv_page_answer(page, "admin_users", problem ? 422 : 200, error);
}

SvAnswer *sv_page_users(SvCall *call, GError **error)
{
    return answer_users(call, NULL, error);
}

static gboolean read_role(const SvCall *call, SvRole *role, GError **error)
{
    if (sv_role_find(sv_page_field(call, "role"), role))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "there is no such role");
    return FALSE;
}

static gboolean add_user(SvDb *db, SvCall *call, GError **error)
{
    SvRole role;
    gint64 id;
    return read_role(call, &role, error) &&
           sv_account_add(db, sv_page_field(call, "login"), sv_page_field(call, "name"), role,
               sv_page_field(call, "team"), sv_page_field(call, "password"), &id, error);
}

static gboolean assign_client(SvDb *db, SvCall *call, GError **error)
{
    const char *team = sv_page_field(call, "team");
    gint64 client = sv_page_field_number(call, "client", 0, 0, G_MAXINT64);
    gint64 owner = sv_page_field_number(call, "owner", -1, -1, G_MAXINT64), team_id = -1;
    if (*team && !(team_id = sv_team_put(db, team, error)))
        return FALSE;
    g_autoptr(SvClient) known = sv_client_get(db, client, error);
    return known && sv_client_assign(db, client, owner, team_id, error);
}

static gboolean write_users(SvDb *db, SvCall *call, GError **error)
{
    const char *what = sv_page_field(call, "do");
    gint64 id = sv_page_field_number(call, "id", 0, 0, G_MAXINT64);
    SvRole role;
    if (strcmp(what, "add") == 0)
        return add_user(db, call, error);
    if (strcmp(what, "role") == 0)
        return read_role(call, &role, error) &&
               sv_account_set_role(db, id, role, sv_page_field(call, "team"), error);
    if (strcmp(what, "password") == 0)
        return sv_account_set_password(db, id, sv_page_field(call, "password"), error);
    if (strcmp(what, "disable") == 0 || strcmp(what, "enable") == 0)
        return sv_account_set_disabled(db, id, strcmp(what, "disable") == 0, error);
    if (strcmp(what, "assign") == 0)
        return assign_client(db, call, error);
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the form does not say what to do");
    return FALSE;
}

/* What a person can put right is told beside the form; all else is an error page. */
static gboolean can_be_put_right(const GError *error)
{
    return error->domain == SV_ERROR && (error->code == SV_ERROR_INPUT || error->code == SV_ERROR_CONFLICT ||
                                            error->code == SV_ERROR_NOT_FOUND);
}

SvAnswer *sv_page_do_users(SvCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    const char *what = sv_page_field(call, "do");
    if (!sv_page_write(call, write_users, &failed)) {
        if (can_be_put_right(failed))
            return answer_users(call, failed->message, error);
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    call->detail = g_strdup_printf("%.16s %.20s", what, sv_page_field(call, "id"));
    const char *done = strcmp(what, "add") == 0       ? "added"
                       : strcmp(what, "disable") == 0 ? "disabled"
                       : strcmp(what, "enable") == 0  ? "enabled"
                                                      : "saved";
    g_autofree char *path = g_strconcat("/admin/users?done=", done, NULL);
    return sv_page_go(call, path);
}

/* ── labels ── */

/* Who holds it: logins and "team NAME", with what a form needs to take it away. */
static void add_holders(
    cJSON *label, gint64 id, const GPtrArray *names, const GPtrArray *accounts, const GPtrArray *teams)
{
    cJSON *holders = cJSON_AddArrayToObject(label, "holders");
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i], *shown = name;
        gint64 account = 0, team = 0;
        for (guint k = 0; k < accounts->len; k++) {
            const SvAccount *holder = accounts->pdata[k];
            if (strcmp(holder->login, name) != 0)
                continue;
            account = holder->id;
            shown = *holder->name ? holder->name : name;
        }
        for (guint k = 0; !account && g_str_has_prefix(name, "team ") && k < teams->len; k++)
            if (strcmp(((const SvNamed *)teams->pdata[k])->name, name + 5) == 0) {
                team = ((const SvNamed *)teams->pdata[k])->id;
                shown = name + 5;
            }
        cJSON *holder = cJSON_CreateObject();
        cJSON_AddStringToObject(holder, "name", shown);
        cJSON_AddNumberToObject(holder, "label", (double)id);
        cJSON_AddNumberToObject(holder, "account", (double)account);
        cJSON_AddNumberToObject(holder, "team", (double)team);
        cJSON_AddItemToArray(holders, holder);
    }
}

static void add_taker(cJSON *takers, char kind, gint64 id, const char *name)
{
    g_autofree char *value = g_strdup_printf("%c%" G_GINT64_FORMAT, kind, id);
    cJSON *taker = cJSON_CreateObject();
    cJSON_AddStringToObject(taker, "value", value);
    cJSON_AddStringToObject(taker, "name", name);
    cJSON_AddItemToArray(takers, taker);
}

static void add_takers(SvPage *page, const GPtrArray *accounts, const GPtrArray *teams)
{
    cJSON *takers = cJSON_AddArrayToObject(page->model, "takers");
    for (guint i = 0; i < accounts->len; i++) {
        const SvAccount *account = accounts->pdata[i];
        add_taker(takers, 'a', account->id, account->name && *account->name ? account->name : account->login);
    }
    for (guint i = 0; i < teams->len; i++) {
        const SvNamed *team = teams->pdata[i];
        g_autofree char *name = sv_web_with(page->reading.language, "labels.team_of", team->name);
        add_taker(takers, 't', team->id, name);
    }
}

static SvAnswer *answer_labels(SvCall *call, const char *problem, GError **error)
{
    g_autoptr(GPtrArray) accounts = sv_accounts_list(call->db, error);
    g_autoptr(GPtrArray) teams = accounts ? sv_teams_list(call->db, error) : NULL;
    g_autoptr(GPtrArray) labels = teams ? sv_labels_list(call->db, error) : NULL;
    if (!labels)
        return NULL;
    g_autoptr(SvPage) page = sv_page_new(call, "admin", "nav.admin");
    sv_page_string(page, "part", "labels");
    sv_page_string(page, "problem", problem);
    sv_page_string(page, "done", problem ? "" : sv_request_query(call->request, "done"));
    add_takers(page, accounts, teams);
    cJSON *list = cJSON_AddArrayToObject(page->model, "labels");
    for (guint i = 0; i < labels->len; i++) {
        const SvNamed *label = labels->pdata[i];
        g_autoptr(GPtrArray) names = sv_label_holders(call->db, label->id, error);
        if (!names)
            return NULL;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "id", (double)label->id);
        cJSON_AddStringToObject(item, "name", label->name);
        add_holders(item, label->id, names, accounts, teams);
        cJSON_AddItemToArray(list, item);
    }
    return sv_page_answer(g_steal_pointer(&page), "admin_labels", problem ? 422 : 200, error);
}

SvAnswer *sv_page_labels(SvCall *call, GError **error)
{
    return answer_labels(call, NULL, error);
}

static gboolean write_labels(SvDb *db, SvCall *call, GError **error)
{
    const char *what = sv_page_field(call, "do"), *to = sv_page_field(call, "to");
    gint64 label = sv_page_field_number(call, "label", 0, 0, G_MAXINT64);
    if (strcmp(what, "add") == 0)
        return sv_label_put(db, sv_page_field(call, "name"), error) != 0;
    if (strcmp(what, "take") == 0)
        return sv_label_hold(db, label, sv_page_field_number(call, "account", 0, 0, G_MAXINT64),
            sv_page_field_number(call, "team", 0, 0, G_MAXINT64), FALSE, error);
    gint64 id = *to ? g_ascii_strtoll(to + 1, NULL, 10) : 0;
    if (strcmp(what, "give") == 0 && (*to == 'a' || *to == 't') && id > 0)
        return sv_label_hold(db, label, *to == 'a' ? id : 0, *to == 't' ? id : 0, TRUE, error);
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the form does not say what to do");
    return FALSE;
}

SvAnswer *sv_page_do_labels(SvCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    const char *what = sv_page_field(call, "do");
    if (!sv_page_write(call, write_labels, &failed)) {
        if (can_be_put_right(failed))
            return answer_labels(call, failed->message, error);
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    call->detail = g_strdup_printf("%.16s", what);
    g_autofree char *path = g_strconcat("/admin/labels?done=",
        strcmp(what, "add") == 0    ? "added"
        : strcmp(what, "give") == 0 ? "given"
                                    : "taken",
        NULL);
    return sv_page_go(call, path);
}
