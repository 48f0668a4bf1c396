/* A message of the interface (schema Message) as a message of a source. Untrusted: every member is checked
 * and bounded; what is wrong refuses this message alone. */
#include "resources.h"
#include "error.h"
#include "sv_limits.h"
#include <math.h>
#include <string.h>

#define NAME_MOST 300u
#define KEY_MOST 500u
#define TURNS_MOST 20000u
#define LIST_MOST 1000u

static gboolean refuse(GError **error, const char *text)
{
    g_set_error_literal(error, SV_ERROR, SV_ERROR_INPUT, text);
    return FALSE;
}

/* A string or a JSON object {"name","address"}. */
static SvAddress *read_address(const cJSON *item, GError **error)
{
    const char *name = NULL, *address = NULL;
    if (!cJSON_IsObject(item)) {
        refuse(error, "people are objects with “name” and “address”");
        return NULL;
    }
    if (!sv_call_text(item, "name", NAME_MOST, &name, error) ||
        !sv_call_text(item, "address", NAME_MOST, &address, error))
        return NULL;
    return sv_address_new(name, address);
}

static gboolean read_addresses(const cJSON *object, const char *name, GPtrArray *to, GError **error)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name), *item;
    if (!list || cJSON_IsNull(list))
        return TRUE;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > (int)SV_MAX_ADDRESSES)
        return refuse(error, "“to” and “cc” are lists of people");
    cJSON_ArrayForEach(item, list)
    {
        SvAddress *address = read_address(item, error);
        if (!address)
            return FALSE;
        g_ptr_array_add(to, address);
    }
    return TRUE;
}

static gboolean read_strings(const cJSON *object, const char *name, GPtrArray *to, GError **error)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name), *item;
    if (!list || cJSON_IsNull(list))
        return TRUE;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > (int)LIST_MOST)
        return refuse(error, "“references” and “attachments” are lists of strings");
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || strlen(item->valuestring) > KEY_MOST)
            return refuse(error, "“references” and “attachments” are lists of strings");
        g_ptr_array_add(to, g_strdup(item->valuestring));
    }
    return TRUE;
}

static gboolean take_text(const cJSON *object, const char *name, gsize most, char **to, GError **error)
{
    const char *text = NULL;
    if (!sv_call_text(object, name, most, &text, error))
        return FALSE;
    if (text) {
        g_free(*to);
        *to = g_strdup(text);
    }
    return TRUE;
}

/* The participant of a turn; one who was not named before is added. */
static int find_speaker(SvMessage *m, const char *name)
{
    if (!name)
        return -1;
    for (guint i = 0; i < m->to->len; i++)
        if (g_strcmp0(((SvAddress *)m->to->pdata[i])->name, name) == 0)
            return (int)i;
    if (m->to->len >= SV_MAX_ADDRESSES)
        return -1;
    g_ptr_array_add(m->to, sv_address_new(name, NULL));
    return (int)m->to->len - 1;
}

/* {"speaker","text","start"} … → the body, a line a turn. */
static gboolean read_turns(const cJSON *list, SvMessage *m, GError **error)
{
    const cJSON *item;
    g_autoptr(GString) body = g_string_new(NULL);
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > (int)TURNS_MOST)
        return refuse(error, "“turns” is a list");
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    cJSON_ArrayForEach(item, list)
    {
        const char *speaker = NULL, *text = NULL;
        if (!cJSON_IsObject(item) || !sv_call_text(item, "speaker", NAME_MOST, &speaker, error) ||
            !sv_call_text(item, "text", SV_MAX_MESSAGE_TEXT, &text, error))
            return error && *error ? FALSE : refuse(error, "a turn has “speaker” and “text”");
        if (!text || !*text || body->len + strlen(text) > SV_MAX_MESSAGE_TEXT)
            continue;
        SvTurn turn = {.speaker = find_speaker(m, speaker), .start_s = sv_json_number(item, "start", -1)};
        if (body->len)
            g_string_append_c(body, '\n');
        turn.span.from = (guint)body->len;
        g_string_append(body, text);
        turn.span.to = (guint)body->len;
        g_array_append_val(m->turns, turn);
    }
    sv_raw_clear(&m->body);
    m->body = sv_raw_new(body->str, (gssize)body->len);
    return TRUE;
}

static gboolean read_deal(const cJSON *object, SvMessage *m, GError **error)
{
    if (!cJSON_IsObject(object))
        return refuse(error, "“deal” is an object");
    SvDealChange *deal = m->deal = g_new0(SvDealChange, 1);
    deal->deal_id = g_strdup("");
    deal->title = g_strdup("");
    deal->stage = g_strdup("");
    deal->currency = g_strdup("");
    deal->reason = g_strdup("");
    const cJSON *amount = cJSON_GetObjectItemCaseSensitive(object, "amount");
    deal->amount = cJSON_IsNumber(amount) ? amount->valuedouble : (double)NAN;
    deal->amount_text = cJSON_IsNumber(amount) ? g_strdup_printf("%.17g", amount->valuedouble) : g_strdup("");
    return take_text(object, "id", KEY_MOST, &deal->deal_id, error) &&
           take_text(object, "title", NAME_MOST, &deal->title, error) &&
           take_text(object, "stage", NAME_MOST, &deal->stage, error) &&
           take_text(object, "currency", 20, &deal->currency, error) &&
           take_text(object, "reason", 5000, &deal->reason, error);
}

static gboolean read_content(const cJSON *object, SvMessage *m, GError **error)
{
    const cJSON *turns = cJSON_GetObjectItemCaseSensitive(object, "turns");
    const cJSON *deal = cJSON_GetObjectItemCaseSensitive(object, "deal");
    const char *text = NULL;
    if (!sv_call_text(object, "text", SV_MAX_MESSAGE_TEXT, &text, error))
        return FALSE;
    sv_raw_clear(&m->body);
    m->body = sv_raw_new(text ? text : "", -1);
    if (m->channel == SV_CHANNEL_CALL && turns && !read_turns(turns, m, error))
        return FALSE;
    if (m->channel == SV_CHANNEL_CALL && !m->turns)
        m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    if (m->channel == SV_CHANNEL_CALL && m->body.len == 0)
        m->flags |= SV_MESSAGE_NO_TRANSCRIPT;
    return m->channel != SV_CHANNEL_DEAL || read_deal(deal, m, error);
}

static gboolean read_head(const cJSON *object, SvMessage *m, GTimeZone *zone, GError **error)
{
    const char *id = NULL, *at = NULL, *direction = NULL;
    if (!sv_call_text(object, "id", KEY_MOST, &id, error) || !sv_call_text(object, "at", 40, &at, error) ||
        !sv_call_text(object, "direction", 10, &direction, error))
        return FALSE;
    if (!id || !*id || !at || !sv_time_parse(at, zone, &m->at))
        return refuse(error, "“id” and “at” (ISO 8601) are needed");
    m->id = g_strdup(id);
    if (direction && strcmp(direction, "out") == 0)
        m->flags |= SV_MESSAGE_OUTGOING;
    else if (direction && strcmp(direction, "in") == 0)
        m->flags |= SV_MESSAGE_INCOMING;
    const cJSON *from = cJSON_GetObjectItemCaseSensitive(object, "from");
    SvAddress *author = from && !cJSON_IsNull(from) ? read_address(from, error) : sv_address_new(NULL, NULL);
    if (!author)
        return FALSE;
    sv_address_free(m->from);
    m->from = author;
    return TRUE;
}

SvMessage *sv_message_of_json(const cJSON *object, GTimeZone *zone, GError **error)
{
    const char *channel = NULL;
    if (!cJSON_IsObject(object)) {
        refuse(error, "a message is an object");
        return NULL;
    }
    if (!sv_call_text(object, "channel", 20, &channel, error))
        return NULL;
    int which = channel ? sv_channel_find(channel) : -1;
    if (which < 0) {
        refuse(error, "“channel” is email, whatsapp, telegram, call, note or deal");
        return NULL;
    }
    g_autoptr(SvMessage) m = sv_message_new((SvChannel)which);
    if (!read_head(object, m, zone, error) || !read_addresses(object, "to", m->to, error) ||
        !read_addresses(object, "cc", m->cc, error) ||
        !take_text(object, "subject", 1000, &m->subject, error) ||
        !take_text(object, "in_reply_to", KEY_MOST, &m->in_reply_to, error) ||
        !take_text(object, "conversation", KEY_MOST, &m->conversation, error) ||
        !read_strings(object, "references", m->references, error) ||
        !read_strings(object, "attachments", m->attachments, error) || !read_content(object, m, error))
        return NULL;
    m->duration_s = sv_json_number(object, "duration", -1);
    if (!(m->duration_s >= 0 && m->duration_s < 1e7))
        m->duration_s = -1;
    return g_steal_pointer(&m);
}
