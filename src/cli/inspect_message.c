/* Stages of `svodka inspect` that look at a line as a message, and messages as they are read: see inspect.h.
 *
 * Keeps true: only masked text comes out. */
#include "fact.h"
#include "history.h"
#include "inspect.h"
#include "redact.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    int act;
    float p;
} Scored;

static int by_probability(const void *a, const void *b)
{
    const Scored *x = a, *y = b;
    return x->p != y->p ? (x->p < y->p ? 1 : -1) : x->act - y->act;
}

static double rounded(float p)
{
    return (double)(int)(p * 1000 + 0.5f) / 1000;
}

void sv_inspect_add_acts(cJSON *out, const SvEngine *engine, const SvActs *acts)
{
    Scored scored[SV_ACT_N];
    guint n = 0;
    for (int act = 0; act < SV_ACT_N; act++)
        if (acts->p[act] >= sv_acts_threshold(sv_engine_acts(engine), (SvAct)act))
            scored[n++] = (Scored){act, acts->p[act]};
    qsort(scored, n, sizeof *scored, by_probability);
    cJSON *list = cJSON_AddArrayToObject(out, "acts");
    for (guint i = 0; i < n; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "act", sv_act_name((SvAct)scored[i].act));
        cJSON_AddNumberToObject(item, "p", rounded(scored[i].p));
        cJSON_AddItemToArray(list, item);
    }
    cJSON_AddNumberToObject(out, "worth", rounded(acts->worth));
    cJSON_AddNumberToObject(out, "interest", rounded(acts->interest));
}

static SvTalk talk_of(SvChannel channel)
{
    switch (channel) {
    case SV_CHANNEL_EMAIL:
        return SV_TALK_EMAIL;
    case SV_CHANNEL_CALL:
        return SV_TALK_CALL;
    case SV_CHANNEL_NOTE:
    case SV_CHANNEL_DEAL:
        return SV_TALK_NOTE;
    default:
        return SV_TALK_CHAT;
    }
}

static void inspect_acts(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    SvRaw raw = {(char *)line, len};
    SvMasked masked =
        sv_redact_text(inspect->card, raw, sv_lang_name(sv_inspect_lang(inspect, line, len)), NULL);
    SvActsInput input = {.text = masked.bytes,
        .len = masked.len,
        .talk = talk_of(inspect->channel),
        .writer = inspect->side == SV_SIDE_US       ? SV_WRITER_US
                  : inspect->side == SV_SIDE_CLIENT ? SV_WRITER_CLIENT
                                                    : SV_WRITER_UNKNOWN};
    SvActs acts;
    sv_acts_read(sv_engine_acts(inspect->engine), &input, &acts);
    cJSON_AddStringToObject(out, "text", masked.bytes);
    sv_inspect_add_acts(out, inspect->engine, &acts);
    g_free(masked.bytes);
}

/* A history of one message, whose author is a nameless person of the wanted side. */
static SvHistory *history_of_line(const SvInspect *inspect, const char *line, gsize len)
{
    SvHistory *history = sv_history_new();
    g_free(history->language);
    history->language = g_strdup(sv_lang_name(sv_inspect_lang(inspect, line, len)));
    for (guint i = 0; i < inspect->card->people->len; i++) {
        const SvPerson *person = inspect->card->people->pdata[i];
        SvPerson *copy = sv_person_new(person->id, person->name, person->side);
        copy->role = g_strdup(person->role);
        copy->in_card = person->in_card;
        g_ptr_array_add(history->people, copy);
    }
    history->has_card = inspect->card->has_card;
    SvMessage *message =
        sv_message_new(inspect->channel == SV_CHANNEL_DEAL ? SV_CHANNEL_NOTE : inspect->channel);
    message->id = g_strdup("line");
    message->at = inspect->at;
    SvAddress *from = sv_address_new(inspect->side == SV_SIDE_CLIENT ? "Client" : "Us", NULL);
    from->side = inspect->side;
    g_clear_pointer(&message->from, sv_address_free);
    message->from = from;
    message->body = sv_raw_new(line, (gssize)len);
    g_ptr_array_add(history->messages, message);
    return history;
}

static void add_fact(cJSON *list, const SvInspect *inspect, const SvHistory *history, const SvFact *fact)
{
    const SvMessage *message = history->messages->pdata[fact->message];
    const SvPerson *named = sv_history_person(history, fact->named);
    cJSON *item = cJSON_CreateObject();
    sv_inspect_add_span(item, message->text.bytes, message->text.len, fact->span);
    sv_inspect_add_acts(item, inspect->engine, &fact->acts);
    sv_inspect_add_day(item, "due", fact->due);
    cJSON_AddBoolToObject(item, "due_vague", fact->due_vague);
    cJSON_AddNumberToObject(item, "amount", fact->amount);
    cJSON_AddStringToObject(item, "currency", fact->currency);
    if (named && named->name)
        cJSON_AddStringToObject(item, "named", named->name);
    else
        cJSON_AddNullToObject(item, "named");
    cJSON_AddItemToArray(list, item);
}

static void inspect_facts(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(SvHistory) history = history_of_line(inspect, line, len);
    sv_history_finish(history, report);
    sv_redact_history(history);
    SvReader reader = {sv_engine_morph(inspect->engine), sv_engine_acts(inspect->engine)};
    g_autoptr(SvFacts) facts = sv_facts_read(&reader, history, inspect->at);
    cJSON *list = cJSON_AddArrayToObject(out, "facts");
    for (guint i = 0; i < facts->facts->len; i++)
        add_fact(list, inspect, history, sv_facts_get(facts, i));
}

static void add_masked(cJSON *object, const char *name, SvMasked masked)
{
    g_autofree char *text = masked.bytes ? g_strndup(masked.bytes, masked.len) : NULL;
    sv_json_add(object, name, text);
}

static const char *id_of(const SvHistory *history, int index)
{
    return index >= 0 && (guint)index < history->messages->len
               ? ((SvMessage *)history->messages->pdata[index])->id
               : NULL;
}

static void add_flags(cJSON *object, guint flags)
{
    static const char *const names[] = {"system", "auto", "bulk", "media", "deleted", "edited",
        "no_transcript", "forwarded", "cut", "outgoing", "incoming"};
    cJSON *list = cJSON_AddArrayToObject(object, "flags");
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (flags & (1u << i))
            cJSON_AddItemToArray(list, cJSON_CreateString(names[i]));
}

cJSON *sv_inspect_message(const SvHistory *history, const SvMessage *message)
{
    cJSON *object = cJSON_CreateObject();
    const SvPerson *author = sv_history_person(history, message->author);
    g_autofree char *at = sv_time_format(message->at);
    sv_json_add(object, "id", message->id);
    sv_json_add(object, "channel", sv_channel_name(message->channel));
    sv_json_add(object, "at", at);
    sv_json_add(object, "author", author ? author->name : NULL);
    sv_json_add(object, "side", sv_side_name(sv_history_side(history, message->author)));
    sv_json_add(object, "thread", message->thread);
    sv_json_add(object, "reply_to", id_of(history, message->reply_to));
    sv_json_add(object, "duplicate_of", id_of(history, message->duplicate_of));
    add_flags(object, message->flags);
    cJSON_AddBoolToObject(object, "excluded", message->excluded);
    cJSON_AddNumberToObject(object, "masked", message->n_masked);
    cJSON_AddNumberToObject(object, "attachments", message->attachments ? message->attachments->len : 0);
    add_masked(object, "title", message->title);
    add_masked(object, "text", message->text);
    return object;
}

static cJSON *fact_origin(const SvDigest *digest, const SvHistory *history, guint index)
{
    const SvFact *fact = sv_facts_get(sv_digest_facts(digest), index);
    const SvMessage *message = history->messages->pdata[fact->message];
    cJSON *object = cJSON_CreateObject();
    g_autofree char *at = sv_time_format(message->at);
    sv_json_add(object, "id", message->id);
    sv_json_add(object, "at", at);
    sv_inspect_add_span(object, message->text.bytes, message->text.len, fact->span);
    return object;
}

cJSON *sv_inspect_entry(const SvDigest *digest, const SvHistory *history, const SvEntry *entry)
{
    static const char *const states[] = {"open", "done", "cancelled", "stale"};
    const SvPerson *assignee = sv_history_person(history, entry->assignee);
    cJSON *object = cJSON_CreateObject();
    sv_json_add(object, "state", states[MIN((guint)entry->state, G_N_ELEMENTS(states) - 1)]);
    sv_json_add(object, "side", sv_side_name(entry->side));
    sv_json_add(object, "assignee", assignee ? assignee->name : NULL);
    sv_inspect_add_day(object, "due", entry->due);
    cJSON_AddBoolToObject(object, "moved", entry->moved);
    cJSON_AddBoolToObject(object, "accepted", entry->accepted);
    cJSON_AddNumberToObject(object, "certainty", rounded(entry->certainty));
    cJSON *facts = cJSON_AddArrayToObject(object, "facts");
    for (guint i = 0; i < entry->facts->len; i++)
        cJSON_AddItemToArray(facts, fact_origin(digest, history, g_array_index(entry->facts, guint, i)));
    if (entry->closed_by >= 0)
        cJSON_AddItemToObject(object, "closed_by", fact_origin(digest, history, (guint)entry->closed_by));
    else
        cJSON_AddNullToObject(object, "closed_by");
    return object;
}

const SvInspectStage sv_inspect_message_stages[] = {
    {"acts", SV_NEEDS_ENGINE, "what the line does: promise, request, refusal …", inspect_acts},
    {"facts", SV_NEEDS_ENGINE, "acts with their slots, a fact a sentence", inspect_facts},
    {NULL},
};
