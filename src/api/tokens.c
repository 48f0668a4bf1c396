/* Tokens of programs, for administrators. A token is shown once, when it is made. */
#include "resources.h"
#include "error.h"
#include "moment.h"

SvAnswer *sv_api_tokens(SvCall *call, GError **error)
{
    g_autoptr(GPtrArray) tokens = sv_tokens_list(call->db, 0, error);
    if (!tokens)
        return NULL;
    cJSON *document = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(document, "tokens");
    for (guint i = 0; i < tokens->len; i++) {
        const SvApiToken *token = tokens->pdata[i];
        cJSON *one = cJSON_CreateObject();
        g_autofree char *scopes = sv_scopes_format(token->scopes);
        g_autofree char *expires =
            token->expires ? sv_time_format(sv_time_from_unix(token->expires, NULL)) : NULL;
        cJSON_AddNumberToObject(one, "id", (double)token->id);
        cJSON_AddNumberToObject(one, "user", (double)token->account);
        cJSON_AddStringToObject(one, "name", token->name);
        cJSON_AddStringToObject(one, "scopes", scopes);
        if (expires)
            cJSON_AddStringToObject(one, "expires", expires);
        else
            cJSON_AddNullToObject(one, "expires");
        cJSON_AddItemToArray(list, one);
    }
    return sv_reply_document(200, document);
}

typedef struct {
    gint64 account, expires;
    const char *name;
    guint scopes;
    char *token;
} Wanted;

static gboolean add_token(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    Wanted *w = data;
    g_autoptr(SvAccount) account = sv_account_get(db, w->account, error);
    w->token = account ? sv_token_new(db, w->account, w->name, w->scopes, w->expires, error) : NULL;
    return w->token != NULL;
}

static gboolean read_wanted(const cJSON *body, Wanted *w, GError **error)
{
    const char *scopes = NULL, *expires = NULL;
    SvTime until = {0};
    if (!sv_call_id(body, "user", 0, &w->account, error) ||
        !sv_call_text(body, "name", 100, &w->name, error) ||
        !sv_call_text(body, "scopes", 40, &scopes, error) ||
        !sv_call_text(body, "expires", 40, &expires, error))
        return FALSE;
    if (w->account && w->name && scopes && sv_scopes_parse(scopes, &w->scopes) && w->scopes &&
        (!expires || sv_time_parse(expires, NULL, &until))) {
        w->expires = until.unix_s;
        return TRUE;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
        "“user”, “name” and “scopes” (of read, write, admin) are needed; “expires” is a moment");
    return FALSE;
}

SvAnswer *sv_api_add_token(SvCall *call, GError **error)
{
    Wanted w = {0};
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !read_wanted(body, &w, error))
        return NULL;
    gboolean made = sv_call_write(call, add_token, &w, error);
    g_autofree char *token = w.token;
    if (!made)
        return NULL;
    sv_call_note(call, "user %" G_GINT64_FORMAT, w.account);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddStringToObject(document, "token", token);
    return sv_reply_document(201, document);
}

static gboolean drop_token(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    return sv_token_drop(db, *(gint64 *)data, error);
}

SvAnswer *sv_api_drop_token(SvCall *call, GError **error)
{
    gint64 id;
    return sv_call_path_id(call, 0, "token", &id, error) && sv_call_write(call, drop_token, &id, error)
               ? sv_reply_nothing()
               : NULL;
}
