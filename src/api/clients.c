/* Clients: the list, one card, who may open it; and the popup by a phone number. */
#include "resources.h"
#include "client_store.h"
#include "error.h"
#include <string.h>

SvAnswer *sv_api_clients(SvCall *call, GError **error)
{
    return sv_reply_json(
        200, sv_desk_clients(call->app->desk, &call->ask, sv_request_query(call->request, "find"),
                 (guint)sv_call_number(call, "offset", 0), (guint)sv_call_number(call, "limit", 50), error));
}

SvAnswer *sv_api_client(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_card(call->app->desk, &call->ask, error));
}

SvAnswer *sv_api_phone(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_by_phone(call->app->desk, &call->ask, call->parameters[0], error));
}

/* ── making and changing one ── */

/* The account of a login and the id of a team's name; -1: leave. */
static gboolean find_holders(SvDb *db, const cJSON *body, gint64 *owner, gint64 *team, GError **error)
{
    const char *login = NULL, *name = NULL;
    const cJSON *has_owner = cJSON_GetObjectItemCaseSensitive(body, "owner");
    const cJSON *has_team = cJSON_GetObjectItemCaseSensitive(body, "team");
    if (!sv_call_text(body, "owner", 100, &login, error) || !sv_call_text(body, "team", 100, &name, error))
        return FALSE;
    *owner = login ? sv_client_find_account(db, login, error) : has_owner ? 0 : -1;
    *team = name ? sv_client_find_team(db, name, error) : has_team ? 0 : -1;
    if ((login && *owner < 0) || (name && *team < 0))
        return FALSE;
    if ((login && !*owner) || (name && !*team)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "there is no such %s", login && !*owner ? "owner" : "team");
        return FALSE;
    }
    return TRUE;
}

static gboolean assign(SvDb *db, gint64 client, const cJSON *body, GError **error)
{
    gint64 owner, team;
    return find_holders(db, body, &owner, &team, error) &&
           ((owner < 0 && team < 0) || sv_client_assign(db, client, owner, team, error));
}

/* Logins who may, in place of those who might before. */
static gboolean set_readers(SvDb *db, gint64 client, const cJSON *list, GError **error)
{
    g_autoptr(GPtrArray) before = sv_client_readers(db, client, error);
    const cJSON *item;
    if (!before)
        return FALSE;
    for (guint i = 0; i < before->len; i++) {
        gint64 account = sv_client_find_account(db, before->pdata[i], error);
        if (account < 0 || (account && !sv_client_set_reader(db, client, account, FALSE, error)))
            return FALSE;
    }
    cJSON_ArrayForEach(item, list)
    {
        gint64 account = cJSON_IsString(item) ? sv_client_find_account(db, item->valuestring, error) : 0;
        if (account == 0)
            g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "there is no such reader");
        if (account <= 0 || !sv_client_set_reader(db, client, account, TRUE, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean change_rights(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    const cJSON *body = data, *readers = cJSON_GetObjectItemCaseSensitive(body, "readers");
    if (readers && !cJSON_IsArray(readers)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“readers” must be a list of logins");
        return FALSE;
    }
    return assign(db, call->ask.client, body, error) &&
           (!readers || set_readers(db, call->ask.client, readers, error));
}

SvAnswer *sv_api_patch_client(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    return body && sv_call_write(call, change_rights, body, error) ? sv_reply_nothing() : NULL;
}

typedef struct {
    const cJSON *body;
    const char *external, *name;
    char *card;
    gint64 id;
    gboolean existed;
} Putting;

static gboolean put_client(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    Putting *p = data;
    g_autoptr(SvClient) before = sv_client_find(db, p->external, NULL);
    p->existed = before != NULL;
    return sv_client_put(db, p->external, p->name, p->card, &p->id, error) &&
           assign(db, p->id, p->body, error) && sv_job_put(db, "read", p->id, call->ask.now, error);
}

SvAnswer *sv_api_put_client(SvCall *call, GError **error)
{
    g_autoptr(cJSON) body = sv_call_object(call, error);
    Putting p = {.body = body};
    if (!body || !sv_call_text(body, "external", 200, &p.external, error) ||
        !sv_call_text(body, "name", 300, &p.name, error))
        return NULL;
    const cJSON *card = cJSON_GetObjectItemCaseSensitive(body, "card");
    if (!p.external || !*p.external || (card && !cJSON_IsObject(card))) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“external” is needed, and “card” is an object");
        return NULL;
    }
    g_autofree char *printed = NULL;
    if (card) {
        char *text = cJSON_PrintUnformatted(card);
        p.card = printed = g_strdup(text);
        cJSON_free(text);
    }
    if (!sv_call_write(call, put_client, &p, error))
        return NULL;
    if (call->app->workers)
        sv_workers_wake(call->app->workers);
    call->ask.client = p.id;
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "id", (double)p.id);
    cJSON_AddStringToObject(document, "external", p.external);
    return sv_reply_document(p.existed ? 200 : 201, document);
}
