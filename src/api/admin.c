/* Users, teams and labels, for administrators. */
#include "resources.h"
#include "account.h"
#include "error.h"

static gboolean refuse(GError **error, const char *text)
{
    g_set_error_literal(error, SV_ERROR, SV_ERROR_INPUT, text);
    return FALSE;
}

static SvAnswer *answer_id(gint64 id)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "id", (double)id);
    return sv_reply_document(201, document);
}

/* ── users ── */

SvAnswer *sv_api_users(SvCall *call, GError **error)
{
    g_autoptr(GPtrArray) users = sv_accounts_list(call->db, error);
    g_autoptr(GPtrArray) teams = users ? sv_teams_list(call->db, error) : NULL;
    if (!teams)
        return NULL;
    cJSON *document = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(document, "users");
    for (guint i = 0; i < users->len; i++) {
        const SvAccount *a = users->pdata[i];
        cJSON *one = cJSON_CreateObject();
        const char *team = NULL;
        for (guint k = 0; k < teams->len; k++)
            if (((SvNamed *)teams->pdata[k])->id == a->team)
                team = ((SvNamed *)teams->pdata[k])->name;
        cJSON_AddNumberToObject(one, "id", (double)a->id);
        cJSON_AddStringToObject(one, "login", a->login);
        cJSON_AddStringToObject(one, "name", a->name);
        cJSON_AddStringToObject(one, "role", sv_role_name(a->role));
        if (team)
            cJSON_AddStringToObject(one, "team", team);
        else
            cJSON_AddNullToObject(one, "team");
        cJSON_AddStringToObject(one, "language", a->language);
        cJSON_AddBoolToObject(one, "disabled", a->disabled);
        cJSON_AddItemToArray(list, one);
    }
    return sv_reply_document(200, document);
}

typedef struct {
    gint64 id;
    const cJSON *body;
    const char *login, *name, *role, *team, *password;
    const cJSON *disabled;
    SvRole as;
} User;

static gboolean read_user(User *user, GError **error)
{
    user->disabled = cJSON_GetObjectItemCaseSensitive(user->body, "disabled");
    if (!sv_call_text(user->body, "login", 64, &user->login, error) ||
        !sv_call_text(user->body, "name", 200, &user->name, error) ||
        !sv_call_text(user->body, "role", 20, &user->role, error) ||
        !sv_call_text(user->body, "team", 100, &user->team, error) ||
        !sv_call_text(user->body, "password", 256, &user->password, error))
        return FALSE;
    if (user->disabled && !cJSON_IsBool(user->disabled))
        return refuse(error, "“disabled” is true or false");
    return !user->role || sv_role_find(user->role, &user->as) ||
           refuse(error, "“role” is manager, support, head, director or admin");
}

static gboolean add_user(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    User *user = data;
    return sv_account_add(
        db, user->login, user->name, user->as, user->team, user->password, &user->id, error);
}

SvAnswer *sv_api_add_user(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    User user = {.body = body};
    if (!body || !read_user(&user, error))
        return NULL;
    if (!user.login || !user.password || !user.role) {
        refuse(error, "“login”, “role” and “password” are needed");
        return NULL;
    }
    if (!sv_call_write(call, add_user, &user, error))
        return NULL;
    sv_call_note(call, "user %" G_GINT64_FORMAT, user.id);
    return answer_id(user.id);
}

static gboolean change_user(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    User *user = data;
    g_autoptr(SvAccount) now = sv_account_get(db, user->id, error);
    gboolean has_team = cJSON_HasObjectItem(user->body, "team");
    if (!now)
        return FALSE;
    if ((user->role || has_team) && !sv_account_set_role(db, user->id, user->role ? user->as : now->role,
                                        user->team ? user->team
                                        : has_team ? ""
                                                   : NULL,
                                        error))
        return FALSE;
    if (user->password && !sv_account_set_password(db, user->id, user->password, error))
        return FALSE;
    return !user->disabled || sv_account_set_disabled(db, user->id, cJSON_IsTrue(user->disabled), error);
}

SvAnswer *sv_api_patch_user(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    User user = {.body = body};
    if (!body || !sv_call_path_id(call, 0, "user", &user.id, error) || !read_user(&user, error) ||
        !sv_call_write(call, change_user, &user, error))
        return NULL;
    sv_call_note(call, "user %" G_GINT64_FORMAT, user.id);
    return sv_reply_nothing();
}

/* ── teams and labels ── */

typedef struct {
    const char *name;
    gboolean label;
    gint64 id;
} Name;

static gboolean put_name(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    Name *name = data;
    name->id = name->label ? sv_label_put(db, name->name, error) : sv_team_put(db, name->name, error);
    return name->id > 0;
}

static SvAnswer *add_name(SvCall *call, gboolean label, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    Name name = {.label = label};
    if (!body || !sv_call_text(body, "name", 100, &name.name, error))
        return NULL;
    if (!name.name) {
        refuse(error, "“name” is needed");
        return NULL;
    }
    if (!sv_call_write(call, put_name, &name, error))
        return NULL;
    sv_call_note(call, "%" G_GINT64_FORMAT, name.id);
    return answer_id(name.id);
}

SvAnswer *sv_api_add_team(SvCall *call, GError **error)
{
    return add_name(call, FALSE, error);
}

SvAnswer *sv_api_add_label(SvCall *call, GError **error)
{
    return add_name(call, TRUE, error);
}

static cJSON *named_json(const SvNamed *named)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddNumberToObject(one, "id", (double)named->id);
    cJSON_AddStringToObject(one, "name", named->name);
    return one;
}

SvAnswer *sv_api_teams(SvCall *call, GError **error)
{
    g_autoptr(GPtrArray) teams = sv_teams_list(call->db, error);
    if (!teams)
        return NULL;
    cJSON *document = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(document, "teams");
    for (guint i = 0; i < teams->len; i++)
        cJSON_AddItemToArray(list, named_json(teams->pdata[i]));
    return sv_reply_document(200, document);
}

SvAnswer *sv_api_labels(SvCall *call, GError **error)
{
    g_autoptr(GPtrArray) labels = sv_labels_list(call->db, error);
    g_autoptr(cJSON) document = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(document, "labels");
    for (guint i = 0; labels && i < labels->len; i++) {
        const SvNamed *label = labels->pdata[i];
        g_autoptr(GPtrArray) holders = sv_label_holders(call->db, label->id, error);
        if (!holders)
            return NULL;
        cJSON *one = named_json(label), *names = cJSON_AddArrayToObject(one, "holders");
        for (guint k = 0; k < holders->len; k++)
            cJSON_AddItemToArray(names, cJSON_CreateString(holders->pdata[k]));
        cJSON_AddItemToArray(list, one);
    }
    return labels ? sv_reply_document(200, g_steal_pointer(&document)) : NULL;
}

typedef struct {
    gint64 label, account, team;
    gboolean holds;
} Hold;

static gboolean hold_label(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    const Hold *hold = data;
    return sv_label_hold(db, hold->label, hold->account, hold->team, hold->holds, error);
}

SvAnswer *sv_api_hold_label(SvCall *call, GError **error)
{
    Hold hold = {0};
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_path_id(call, 0, "label", &hold.label, error) ||
        !sv_call_id(body, "user", 0, &hold.account, error) || !sv_call_id(body, "team", 0, &hold.team, error))
        return NULL;
    const cJSON *holds = cJSON_GetObjectItemCaseSensitive(body, "holds");
    if (!cJSON_IsBool(holds) || (hold.account == 0) == (hold.team == 0)) {
        refuse(error, "one of “user” and “team” is needed, and “holds” is true or false");
        return NULL;
    }
    hold.holds = cJSON_IsTrue(holds);
    if (!sv_call_write(call, hold_label, &hold, error))
        return NULL;
    sv_call_note(call, "label %" G_GINT64_FORMAT " user %" G_GINT64_FORMAT " team %" G_GINT64_FORMAT "%s",
        hold.label, hold.account, hold.team, hold.holds ? "" : " taken");
    return sv_reply_nothing();
}
