/* Transcripts of calls as JSON: our own shape, and those of speech recognisers.
 *
 * Own: id, started_at, direction, duration, participants[{id, name, side, phone}], segments[{start, end,
 * speaker, text}]. `verbose_json`: text and segments without speakers. `diarized_json`: segments with a
 * speaker label. One document is one call; an array of such documents is read too. The moment comes from
 * started_at, else from the file's name; a call without a moment is reported and left out.
 *
 * Keeps true: turns are spans of the body; a segment of unknown shape is reported, the others are read. Does
 * not: recognise speech. */
#include "sv_limits.h"
#include "turns.h"
#include "utf8.h"
#include <math.h>
#include <string.h>

static char *clean_string(const cJSON *object, const char *name)
{
    const char *s = sv_json_string(object, name);
    if (!s)
        return NULL;
    char *clean = g_strstrip(sv_utf8_clean(s, strlen(s)));
    if (!*clean)
        g_clear_pointer(&clean, g_free);
    return clean;
}

/* A string, or a number written as text. */
static char *clean_label(const cJSON *object, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsNumber(v))
        return g_strdup_printf("%.0f", v->valuedouble);
    return clean_string(object, name);
}

static double seconds(const cJSON *object, const char *name)
{
    double s = sv_json_number(object, name, -1);
    return isfinite(s) && s >= 0 && s < 1e7 ? s : -1;
}

static void read_participants(SvCall *call, const cJSON *list, const SvInput *input, SvReport *report)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        g_autofree char *id = clean_label(one, "id"), *name = clean_string(one, "name");
        g_autofree char *phone = clean_label(one, "phone"), *email = clean_string(one, "email");
        g_autofree char *side = clean_string(one, "side");
        if (!id && !name && !phone && !email) {
            sv_intake_problem(
                report, SV_ERROR_PARTIAL, input, 0, "a participant has neither id nor name", NULL);
            continue;
        }
        g_autofree char *number = phone ? sv_intake_phone(phone) : NULL;
        SvAddress *a = sv_address_new(name, number ? number : email ? email : phone);
        a->side = side ? sv_side_find(side) : SV_SIDE_UNKNOWN;
        sv_call_participant(call, id ? id : name ? name : phone ? phone : email, a);
    }
}

static void read_segments(
    SvCall *call, const cJSON *list, gboolean join, const SvInput *input, SvReport *report)
{
    guint bad = 0;
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        const char *text = sv_json_string(one, "text");
        if (!text) {
            bad++;
            continue;
        }
        g_autofree char *label = clean_label(one, "speaker");
        sv_call_turn(
            call, sv_call_speaker(call, label), seconds(one, "start"), seconds(one, "end"), text, join);
    }
    if (!bad)
        return;
    g_autofree char *reason = g_strdup_printf("%u segments hold no text and were left out", bad);
    sv_intake_problem(report, SV_ERROR_PARTIAL, input, 0, reason, NULL);
}

static gboolean find_time(const cJSON *doc, const SvInput *input, SvHistory *history, SvTime *out)
{
    static const char *const names[] = {"started_at", "start_time", "date", "created_at", NULL};
    for (const char *const *n = names; *n; n++)
        if (sv_time_parse(sv_json_string(doc, *n), history->zone, out))
            return TRUE;
    return sv_intake_name_time(input->name, history->zone, out);
}

static gboolean read_call(
    const cJSON *doc, const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    const cJSON *segments = sv_json_array(doc, "segments"), *people = sv_json_array(doc, "participants");
    g_autofree char *text = clean_string(doc, "text");
    if (!segments && !people && !text)
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "the document is no transcript",
            "It needs segments with text, or participants");
    g_autoptr(SvCall) call = sv_call_new(input);
    if (!find_time(doc, input, history, &call->message->at))
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "the call has no date and time",
            "Add started_at, or name the file like 2025-11-03_101520.json");
    read_participants(call, people, input, report);
    /* Own transcripts know their turns; a recogniser's pieces end anywhere. */
    read_segments(call, segments, !people, input, report);
    if (!call->message->turns->len && text)
        sv_call_turn(call, -1, -1, -1, text, FALSE);
    call->message->duration_s = seconds(doc, "duration");
    g_autofree char *direction = clean_string(doc, "direction"), *id = clean_label(doc, "id");
    SvMessage *m = sv_call_finish(call, direction, report);
    if (id) {
        m->id = g_steal_pointer(&id);
    } else {
        g_autofree char *at = sv_time_format(m->at);
        g_autoptr(GHashTable) seen = sv_intake_seen_new();
        m->id = sv_intake_id(seen, "call", (const char *const[]){at, m->body.bytes, NULL});
    }
    sv_intake_add(history, m, input, report);
    return TRUE;
}

static gboolean transcript_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    g_autoptr(cJSON) doc = sv_intake_json(input, error);
    if (!doc)
        return FALSE;
    if (cJSON_IsObject(doc))
        return read_call(doc, input, history, report, error);
    const cJSON *one;
    guint n = 0;
    cJSON_ArrayForEach(one, doc)
    {
        g_autoptr(GError) cause = NULL;
        if (read_call(one, input, history, report, &cause))
            n++;
        else
            sv_intake_problem(
                report, SV_ERROR_PARTIAL, input, 0, "a call of the list has no moment or no text", NULL);
    }
    return n > 0 || sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "no call was found", NULL);
}

/* A list of calls: an array whose first object is one. */
static int probe_list(const SvInput *input)
{
    const char *p = input->bytes, *end = p + MIN(input->len, (gsize)1 << 16);
    while (p < end && g_ascii_isspace(*p))
        p++;
    if (p >= end || *p != '[')
        return 0;
    const char *open = memchr(p, '{', (gsize)(end - p));
    if (!open)
        return 0;
    static const char *const keys[] = {"segments", NULL};
    SvInput inner = *input;
    inner.bytes = open;
    inner.len = input->len - (gsize)(open - input->bytes);
    return sv_intake_keys(&inner, keys) ? 85 : 0;
}

static int transcript_probe(const SvInput *input)
{
    static const char *const keys[] = {
        "segments", "participants", "started_at", "duration", "task", "text", "direction", NULL};
    guint found = sv_intake_keys(input, keys);
    if ((found & 1) && (found & ~1u))
        return 92;
    if ((found & 2) && (found & 4))
        return 90;
    if ((found & 0x20) && (found & 0x18))
        return 70;
    return found & 1 ? 60 : probe_list(input);
}

const SvSource sv_source_transcript = {"transcript", 92, transcript_probe, transcript_read};
