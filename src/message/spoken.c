/* What a single message says: see spoken.h. The same cuts as sv_history_finish() makes, without people: a
 * signature is known by the writer's name as the letter gives it. */
#include "spoken.h"
#include <string.h>
#include "work.h"

static SvRaw take_string(GString *s)
{
    SvRaw raw = {s->str, s->len};
    g_string_free(s, FALSE);
    return raw;
}

static SvRaw letter(const SvMessage *m, const char *body)
{
    gboolean reply, forward;
    g_free(sv_subject_bare(m->subject, &reply, &forward));
    SvCleanHint hint = forward ? SV_CLEAN_FORWARD : reply ? SV_CLEAN_REPLY : SV_CLEAN_PLAIN;
    g_autoptr(SvCleaned) c = sv_clean_letter_hinted(body, m->body.len, m->from->name, hint);
    GString *s = g_string_new(c->own);
    if (c->forwarded && !c->pure_forward) {
        g_autofree char *passed_on = sv_cleaned_text(c, body, SV_PIECE_FORWARD);
        g_string_append_c(s, '\n');
        g_string_append(s, passed_on);
    }
    return take_string(s);
}

static SvRaw deal(const SvMessage *m, const char *body)
{
    GString *s = g_string_new_len(body, (gssize)m->body.len);
    const char *parts[] = {m->deal->title, m->deal->stage, m->deal->reason};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_string_append_c(s, '\n');
        g_string_append(s, parts[i] ? parts[i] : "");
    }
    return take_string(s);
}

SvRaw sv_message_spoken(const SvMessage *m)
{
    const char *body = m->body.bytes ? m->body.bytes : "";
    guint flags = 0;
    switch (m->channel) {
    case SV_CHANNEL_EMAIL:
        return letter(m, body);
    case SV_CHANNEL_WHATSAPP:
    case SV_CHANNEL_TELEGRAM:
        return sv_clean_chat(body, m->body.len, &flags);
    default:
        return m->deal ? deal(m, body) : sv_raw_new(body, (gssize)m->body.len);
    }
}
