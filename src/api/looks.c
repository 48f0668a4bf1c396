/* Documents of the desk as they are: activity, search, what is new, today, people; and the marks of tasks. */
#include "resources.h"
#include "error.h"
#include <string.h>

SvAnswer *sv_api_activity(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_activity(call->app->desk, &call->ask, error));
}

SvAnswer *sv_api_search(SvCall *call, GError **error)
{
    return sv_reply_json(
        200, sv_desk_search(call->app->desk, &call->ask, sv_request_query(call->request, "q"),
                 (guint)sv_call_number(call, "limit", 20), error));
}

SvAnswer *sv_api_since(SvCall *call, GError **error)
{
    return sv_reply_json(200, sv_desk_since(call->app->desk, &call->ask,
                                  sv_request_query(call->request, "language"), FALSE, error));
}

SvAnswer *sv_api_today(SvCall *call, GError **error)
{
    return sv_reply_json(
        200, sv_desk_today(call->app->desk, &call->ask, sv_request_query(call->request, "language"), error));
}

SvAnswer *sv_api_people(SvCall *call, GError **error)
{
    g_autofree char *card = sv_desk_card(call->app->desk, &call->ask, error);
    g_autoptr(cJSON) json = card ? cJSON_Parse(card) : NULL;
    if (!card)
        return NULL;
    cJSON *document = cJSON_CreateObject();
    cJSON_AddItemToObject(document, "people", cJSON_DetachItemFromObject(json, "people"));
    return sv_reply_document(200, document);
}

SvAnswer *sv_api_mark_task(SvCall *call, GError **error)
{
    const char *state = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_text(body, "state", 20, &state, error) ||
        !sv_desk_mark_task(call->app->desk, &call->ask, call->parameters[1], state, error))
        return NULL;
    sv_call_note(call, "%s", state);
    return sv_reply_nothing();
}
