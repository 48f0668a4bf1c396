/* Reports as lines of JSON: see feedback_cases.h. One line a sentence. */
#include "feedback_cases.h"
#include "json.h"
#include "redact.h"
#include <string.h>

static void add_text(cJSON *to, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(to, name, text);
    else
        cJSON_AddNullToObject(to, name);
}

static void add_taken(cJSON *to, const char *name, char *text)
{
    add_text(to, name, text);
    g_free(text);
}

static cJSON *acts_of(const SvFact *fact)
{
    cJSON *acts = cJSON_CreateArray();
    for (int a = 0; a < SV_ACT_NONE; a++)
        if (sv_fact_has(fact, (SvAct)a))
            cJSON_AddItemToArray(acts, cJSON_CreateString(sv_act_name((SvAct)a)));
    return acts;
}

static const char *side_name(SvSide side)
{
    return side == SV_SIDE_UNKNOWN ? NULL : sv_side_name(side);
}

static void add_amount(cJSON *to, const SvFact *fact)
{
    if (!(fact->amount > 0)) {
        cJSON_AddNullToObject(to, "amount");
        return;
    }
    cJSON *amount = cJSON_AddObjectToObject(to, "amount");
    cJSON_AddNumberToObject(amount, "value", fact->amount);
    cJSON_AddStringToObject(amount, "cur", fact->currency);
}

/* What eval/facts says of a sentence; `fact` NULL when the report names none. */
static void add_sentence(cJSON *line, const SvSaid *said, const SvFact *fact)
{
    const SvHistory *h = said->knowledge->history;
    const SvMessage *m = fact ? h->messages->pdata[fact->message] : NULL;
    add_taken(line, "ev",
        m ? g_strdup_printf("m%" G_GINT64_FORMAT, sv_feedback_message(said->db, said->report->client, m->id))
          : NULL);
    add_taken(line, "quote",
        m ? g_strndup(m->text.bytes + fact->span.from, fact->span.to - fact->span.from) : NULL);
    cJSON_AddItemToObject(line, "acts", fact ? acts_of(fact) : cJSON_CreateArray());
    add_text(line, "who", fact ? side_name(fact->side) : NULL);
    cJSON_AddNullToObject(line, "what");
    add_taken(line, "due", fact && fact->due != SV_DAY_NONE ? sv_day_format(fact->due) : NULL);
    if (fact)
        add_amount(line, fact);
    else
        cJSON_AddNullToObject(line, "amount");
    cJSON_AddArrayToObject(line, "links");
    cJSON_AddBoolToObject(line, "live", said->weight > 0);
    cJSON_AddNumberToObject(line, "weight", said->weight);
    add_text(line, "channel", m ? sv_channel_name(m->channel) : NULL);
    add_text(line, "side", fact ? side_name(fact->side) : NULL);
    add_taken(line, "at", m ? sv_time_format(m->at) : NULL);
}

/* What the reader typed is masked as messages are. */
static char *masked_comment(const SvSaid *said)
{
    const SvHistory *h = said->knowledge->history;
    SvRaw raw = sv_raw_new(said->report->comment, -1);
    SvMasked masked = sv_redact_text(h, raw, h->language ? h->language : "ru", NULL);
    sv_raw_clear(&raw);
    return masked.bytes;
}

static void add_line(GString *out, const SvSaid *said, const SvFact *fact, guint nth)
{
    const SvFeedback *r = said->report;
    g_autoptr(cJSON) line = cJSON_CreateObject();
    add_taken(line, "case", g_strdup_printf("feedback-%" G_GINT64_FORMAT, r->client));
    add_taken(line, "id", g_strdup_printf("r%" G_GINT64_FORMAT "-%u", r->id, nth + 1));
    add_sentence(line, said, fact);
    cJSON_AddNumberToObject(line, "report", (double)r->id);
    add_text(line, "kind", r->kind);
    add_text(line, "format", r->format);
    add_taken(line, "as_of", sv_time_format(sv_time_from_unix(r->at, said->knowledge->history->zone)));
    add_taken(line, "comment", masked_comment(said));
    char *text = cJSON_PrintUnformatted(line);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    cJSON_free(text);
}

static void add_report(const SvSaid *said, gpointer data)
{
    if (!said->facts->len)
        add_line(data, said, NULL, 0);
    for (guint i = 0; i < said->facts->len; i++)
        add_line(data, said, sv_facts_get(said->knowledge->facts, g_array_index(said->facts, guint, i)), i);
}

gboolean sv_feedback_cases(const SvSayings *sayings, GString *out, SvSaidCounts *counts, GError **error)
{
    return sv_said_each(sayings, add_report, out, counts, error);
}
