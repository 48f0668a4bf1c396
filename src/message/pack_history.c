/* A masked history as bytes: see pack.h.
 *
 * Keeps true: nothing raw is written (no body, own text, subject or file name); what is read back has only
 * indices of people and messages that are there, and spans that lie in their texts. */
#include "pack_parts.h"

#define VERSION 1

static void pack_person(GByteArray *out, const SvPerson *p)
{
    sv_put_text(out, p->id);
    sv_put_text(out, p->name);
    sv_put_text(out, p->role);
    sv_put_u8(out, (guint8)p->side);
    sv_put_u8(out, p->in_card != 0);
    sv_pack_texts(out, p->emails);
    sv_pack_texts(out, p->phones);
    sv_pack_texts(out, p->aliases);
}

static void pack_masked(GByteArray *out, const SvMasked *text)
{
    sv_put_uint(out, text->bytes ? (guint64)text->len + 1 : 0);
    sv_put_bytes(out, text->bytes, text->bytes ? text->len : 0);
}

static void pack_message(GByteArray *out, const SvMessage *m)
{
    sv_pack_head(out, m);
    sv_put_int(out, m->author);
    sv_put_int(out, m->reply_to);
    sv_put_int(out, m->duplicate_of);
    sv_put_int(out, m->forwarded_by);
    sv_put_text(out, m->thread);
    pack_masked(out, &m->text);
    pack_masked(out, &m->title);
    sv_put_uint(out, m->n_masked);
    sv_put_u8(out, m->excluded != 0);
    sv_pack_turns(out, m->turns);
    sv_put_uint(out, m->orders ? m->orders->len : 0);
    for (guint i = 0; m->orders && i < m->orders->len; i++) {
        SvSpan s = g_array_index(m->orders, SvSpan, i);
        sv_put_uint(out, s.from);
        sv_put_uint(out, s.to);
    }
}

void sv_history_pack_masked(const SvHistory *h, GByteArray *out)
{
    gsize from = out->len;
    sv_put_u32(out, 0); /* the length, when it is known */
    sv_put_u8(out, VERSION);
    sv_put_text(out, h->client_name);
    sv_put_text(out, h->language);
    sv_put_text(out, h->zone ? g_time_zone_get_identifier(h->zone) : NULL);
    sv_put_u8(
        out, (guint8)((h->has_card != 0) | (h->sides_inferred != 0) << 1 | (h->zone_inferred != 0) << 2));
    sv_put_uint(out, h->people->len);
    for (guint i = 0; i < h->people->len; i++)
        pack_person(out, g_ptr_array_index(h->people, i));
    sv_put_uint(out, h->messages->len);
    for (guint i = 0; i < h->messages->len; i++)
        pack_message(out, g_ptr_array_index(h->messages, i));
    guint32 len = GUINT32_TO_LE((guint32)(out->len - from + sizeof(guint64)));
    memcpy(out->data + from, &len, sizeof len);
    sv_pack_seal(out, from);
}

static void unpack_people(SvBytes *in, SvHistory *h)
{
    guint n = sv_take_count(in, 8);
    for (guint i = 0; i < n && !in->bad; i++) {
        SvPerson *p = sv_person_new(NULL, NULL, SV_SIDE_UNKNOWN);
        g_ptr_array_add(h->people, p);
        p->id = sv_take_text(in);
        p->name = sv_take_text(in);
        p->role = sv_take_text(in);
        guint8 side = sv_take_u8(in);
        in->bad |= side > SV_SIDE_THIRD || !p->id;
        p->side = side > SV_SIDE_THIRD ? SV_SIDE_UNKNOWN : (SvSide)side;
        p->in_card = sv_take_u8(in) != 0;
        sv_unpack_texts(in, p->emails);
        sv_unpack_texts(in, p->phones);
        sv_unpack_texts(in, p->aliases);
    }
}

static SvMasked unpack_masked(SvBytes *in)
{
    SvBytes start = *in;
    SvMasked text = {sv_take_text(in), 0};
    if (text.bytes)
        text.len = (gsize)sv_take_uint(&start) - 1;
    return text;
}

static SvMessage *unpack_message(SvBytes *in, guint n_people, guint n_messages)
{
    SvMessage *m = sv_unpack_head(in);
    gint64 last = (gint64)n_messages - 1, person = (gint64)n_people - 1;
    m->author = (int)sv_take_int_in(in, -1, person);
    m->reply_to = (int)sv_take_int_in(in, -1, last);
    m->duplicate_of = (int)sv_take_int_in(in, -1, last);
    m->forwarded_by = (int)sv_take_int_in(in, -1, person);
    m->thread = sv_take_text(in);
    m->text = unpack_masked(in);
    m->title = unpack_masked(in);
    in->bad |= !m->thread || !m->text.bytes;
    m->n_masked = (guint)sv_take_uint(in);
    m->excluded = sv_take_u8(in) != 0;
    m->turns = sv_unpack_turns(in, m->text.len, n_people);
    guint n = sv_take_count(in, 2);
    m->orders = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    for (guint i = 0; i < n && !in->bad; i++) {
        SvSpan s = sv_unpack_span(in, m->text.len);
        g_array_append_val(m->orders, s);
    }
    return m;
}

static void unpack_history(SvBytes *in, SvHistory *h)
{
    h->client_name = sv_take_text(in);
    h->language = sv_take_text(in);
    g_autofree char *zone = sv_take_text(in);
    h->zone = zone ? sv_zone_parse(zone) : NULL;
    in->bad |= zone && !h->zone;
    guint8 flags = sv_take_u8(in);
    h->has_card = flags & 1;
    h->sides_inferred = flags >> 1 & 1;
    h->zone_inferred = flags >> 2 & 1;
    unpack_people(in, h);
    guint n = sv_take_count(in, 24);
    for (guint i = 0; i < n && !in->bad; i++)
        g_ptr_array_add(h->messages, unpack_message(in, h->people->len, n));
}

SvHistory *sv_history_unpack_masked(const guint8 *bytes, gsize len, gsize *used, GError **error)
{
    SvBytes in = {bytes, bytes + len, FALSE};
    guint32 all = sv_take_u32(&in);
    if (in.bad || all < sizeof(guint32) + 1 + sizeof(guint64) || all > len)
        return sv_unpack_fail("a kept history", error);
    in = (SvBytes){bytes, bytes + all, FALSE};
    if (!sv_unpack_seal(&in))
        return sv_unpack_fail("a kept history", error);
    in.at += sizeof(guint32);
    g_autoptr(SvHistory) h = sv_history_new();
    if (sv_take_u8(&in) != VERSION)
        return sv_unpack_fail("a kept history", error);
    unpack_history(&in, h);
    if (in.bad || sv_bytes_left(&in))
        return sv_unpack_fail("a kept history", error);
    *used = all;
    return g_steal_pointer(&h);
}
