/* Making and freeing of the common types: see message.h. */
#include "message.h"
#include <math.h>
#include <string.h>

static const char *const channel_names[SV_CHANNEL_N] = {
    "email", "whatsapp", "telegram", "call", "note", "deal"};
static const char *const side_names[] = {"", "us", "client", "third"};

SvHistory *sv_history_new(void)
{
    SvHistory *h = g_new0(SvHistory, 1);
    h->people = g_ptr_array_new_with_free_func((GDestroyNotify)sv_person_free);
    h->messages = g_ptr_array_new_with_free_func((GDestroyNotify)sv_message_free);
    return h;
}

void sv_history_free(SvHistory *h)
{
    if (!h)
        return;
    g_free(h->client_name);
    g_free(h->language);
    g_free(h->card);
    if (h->zone)
        g_time_zone_unref(h->zone);
    g_ptr_array_unref(h->people);
    g_ptr_array_unref(h->messages);
    g_free(h);
}

SvMessage *sv_message_new(SvChannel channel)
{
    SvMessage *m = g_new0(SvMessage, 1);
    m->channel = channel;
    m->from = sv_address_new(NULL, NULL);
    m->to = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
    m->cc = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
    m->references = g_ptr_array_new_with_free_func(g_free);
    m->attachments = g_ptr_array_new_with_free_func(g_free);
    m->duration_s = -1;
    m->author = m->reply_to = m->duplicate_of = m->forwarded_by = -1;
    return m;
}

static void deal_free(SvDealChange *d)
{
    if (!d)
        return;
    g_free(d->deal_id);
    g_free(d->title);
    g_free(d->stage);
    g_free(d->currency);
    g_free(d->reason);
    g_free(d->amount_text);
    g_free(d);
}

void sv_message_free(SvMessage *m)
{
    if (!m)
        return;
    g_free(m->id);
    sv_address_free(m->from);
    g_ptr_array_unref(m->to);
    g_ptr_array_unref(m->cc);
    g_free(m->subject);
    g_free(m->in_reply_to);
    g_ptr_array_unref(m->references);
    g_free(m->conversation);
    sv_raw_clear(&m->body);
    if (m->turns)
        g_array_unref(m->turns);
    deal_free(m->deal);
    g_ptr_array_unref(m->attachments);
    g_free(m->file);
    g_free(m->place);
    sv_raw_clear(&m->own);
    g_free(m->thread);
    g_free(m->text.bytes);
    g_free(m->title.bytes);
    if (m->orders)
        g_array_unref(m->orders);
    g_free(m);
}

SvAddress *sv_address_new(const char *name, const char *address)
{
    SvAddress *a = g_new0(SvAddress, 1);
    a->name = g_strdup(name);
    a->address = g_strdup(address);
    return a;
}

void sv_address_free(SvAddress *a)
{
    if (!a)
        return;
    g_free(a->name);
    g_free(a->address);
    g_free(a);
}

SvPerson *sv_person_new(const char *id, const char *name, SvSide side)
{
    SvPerson *p = g_new0(SvPerson, 1);
    p->id = g_strdup(id);
    p->name = g_strdup(name);
    p->side = side;
    p->emails = g_ptr_array_new_with_free_func(g_free);
    p->phones = g_ptr_array_new_with_free_func(g_free);
    p->aliases = g_ptr_array_new_with_free_func(g_free);
    return p;
}

void sv_person_free(SvPerson *p)
{
    if (!p)
        return;
    g_free(p->id);
    g_free(p->name);
    g_free(p->role);
    g_ptr_array_unref(p->emails);
    g_ptr_array_unref(p->phones);
    g_ptr_array_unref(p->aliases);
    g_free(p);
}

SvRaw sv_raw_new(const char *text, gssize len)
{
    SvRaw raw = {NULL, len < 0 ? strlen(text) : (gsize)len};
    raw.bytes = g_malloc(raw.len + 1);
    memcpy(raw.bytes, text, raw.len);
    raw.bytes[raw.len] = 0;
    return raw;
}

void sv_raw_clear(SvRaw *raw)
{
    g_clear_pointer(&raw->bytes, g_free);
    raw->len = 0;
}

const char *sv_channel_name(SvChannel channel)
{
    return channel < SV_CHANNEL_N ? channel_names[channel] : "";
}

int sv_channel_find(const char *name)
{
    for (int i = 0; i < SV_CHANNEL_N; i++)
        if (g_strcmp0(name, channel_names[i]) == 0)
            return i;
    return -1;
}

const char *sv_side_name(SvSide side)
{
    return side_names[side <= SV_SIDE_THIRD ? side : 0];
}

SvSide sv_side_find(const char *name)
{
    for (SvSide s = SV_SIDE_US; s <= SV_SIDE_THIRD; s++)
        if (g_strcmp0(name, side_names[s]) == 0)
            return s;
    return SV_SIDE_UNKNOWN;
}

const SvPerson *sv_history_person(const SvHistory *history, int index)
{
    return index >= 0 && (guint)index < history->people->len
               ? g_ptr_array_index(history->people, (guint)index)
               : NULL;
}

SvSide sv_history_side(const SvHistory *history, int index)
{
    const SvPerson *p = sv_history_person(history, index);
    return p ? p->side : SV_SIDE_UNKNOWN;
}
