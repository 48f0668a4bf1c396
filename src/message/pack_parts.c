/* Parts of kept messages: see pack_parts.h.
 *
 * Keeps true: what is unpacked has the form that a source or sv_history_finish() gives it, whatever the bytes
 * were; it takes memory in proportion to them. Does not: check that texts are UTF-8 (ours are; the checksum
 * tells damage). */
#include "pack_parts.h"
#include "checksum.h"
#include "error.h"

#define MAX_OFFSET_S (24 * 3600)
#define MAX_UNIX_S G_GINT64_CONSTANT(253402300799) /* the end of the year 9999 */
#define MIN_UNIX_S G_GINT64_CONSTANT(-62135596800) /* the beginning of the year 1 */
#define SEAL sizeof(guint64)

/* ---- writing ---- */

void sv_pack_address(GByteArray *out, const SvAddress *a)
{
    sv_put_text(out, a ? a->name : NULL);
    sv_put_text(out, a ? a->address : NULL);
    sv_put_u8(out, a ? (guint8)a->side : SV_SIDE_UNKNOWN);
}

void sv_pack_addresses(GByteArray *out, const GPtrArray *addresses)
{
    sv_put_uint(out, addresses->len);
    for (guint i = 0; i < addresses->len; i++)
        sv_pack_address(out, g_ptr_array_index(addresses, i));
}

void sv_pack_texts(GByteArray *out, const GPtrArray *texts)
{
    sv_put_uint(out, texts->len);
    for (guint i = 0; i < texts->len; i++)
        sv_put_text(out, g_ptr_array_index(texts, i));
}

void sv_pack_turns(GByteArray *out, const GArray *turns)
{
    sv_put_uint(out, turns ? (guint64)turns->len + 1 : 0);
    for (guint i = 0; turns && i < turns->len; i++) {
        const SvTurn *t = &g_array_index(turns, SvTurn, i);
        sv_put_uint(out, t->span.from);
        sv_put_uint(out, t->span.to);
        sv_put_int(out, t->speaker);
        sv_put_real(out, t->start_s);
    }
}

void sv_pack_deal(GByteArray *out, const SvDealChange *d)
{
    sv_put_u8(out, d != NULL);
    if (!d)
        return;
    sv_put_text(out, d->deal_id);
    sv_put_text(out, d->title);
    sv_put_text(out, d->stage);
    sv_put_text(out, d->currency);
    sv_put_text(out, d->reason);
    sv_put_text(out, d->amount_text);
    sv_put_real(out, d->amount);
}

void sv_pack_head(GByteArray *out, const SvMessage *m)
{
    sv_put_u8(out, (guint8)m->channel);
    sv_put_int(out, m->at.unix_s);
    sv_put_int(out, m->at.offset_s);
    sv_put_uint(out, m->flags);
    sv_put_text(out, m->id);
    sv_pack_address(out, m->from);
    sv_pack_addresses(out, m->to);
    sv_pack_addresses(out, m->cc);
    sv_put_text(out, m->in_reply_to);
    sv_put_text(out, m->conversation);
    sv_put_real(out, m->duration_s);
    sv_pack_deal(out, m->deal);
}

void sv_pack_seal(GByteArray *out, gsize from)
{
    sv_put_u64(out, sv_checksum(out->data + from, out->len - from));
}

/* ---- reading ---- */

static void unpack_address_into(SvBytes *in, SvAddress *a)
{
    a->name = sv_take_text(in);
    a->address = sv_take_text(in);
    guint8 side = sv_take_u8(in);
    in->bad |= side > SV_SIDE_THIRD;
    a->side = side > SV_SIDE_THIRD ? SV_SIDE_UNKNOWN : (SvSide)side;
}

SvAddress *sv_unpack_address(SvBytes *in)
{
    SvAddress *a = g_new0(SvAddress, 1);
    unpack_address_into(in, a);
    return a;
}

void sv_unpack_addresses(SvBytes *in, GPtrArray *to)
{
    guint n = sv_take_count(in, 3);
    for (guint i = 0; i < n && !in->bad; i++)
        g_ptr_array_add(to, sv_unpack_address(in));
}

void sv_unpack_texts(SvBytes *in, GPtrArray *to)
{
    guint n = sv_take_count(in, 1);
    for (guint i = 0; i < n && !in->bad; i++) {
        char *text = sv_take_text(in);
        if (text)
            g_ptr_array_add(to, text);
        else
            in->bad = TRUE;
    }
}

SvSpan sv_unpack_span(SvBytes *in, gsize len)
{
    guint64 from = sv_take_uint(in), to = sv_take_uint(in);
    if (from <= to && to <= len && to <= G_MAXUINT32)
        return (SvSpan){(guint32)from, (guint32)to};
    in->bad = TRUE;
    return (SvSpan){0, 0};
}

GArray *sv_unpack_turns(SvBytes *in, gsize len, guint speakers)
{
    guint n = sv_take_count(in, 1);
    if (!n)
        return NULL;
    GArray *turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    for (guint i = 1; i < n && !in->bad; i++) {
        SvTurn t = {.span = sv_unpack_span(in, len)};
        t.speaker = (int)sv_take_int_in(in, -1, (gint64)speakers - 1);
        t.start_s = sv_take_real(in);
        g_array_append_val(turns, t);
    }
    return turns;
}

/* A text that is never NULL. */
static char *take_some_text(SvBytes *in)
{
    char *text = sv_take_text(in);
    return text ? text : g_strdup("");
}

SvDealChange *sv_unpack_deal(SvBytes *in)
{
    if (!sv_take_u8(in))
        return NULL;
    SvDealChange *d = g_new0(SvDealChange, 1);
    d->deal_id = take_some_text(in);
    d->title = take_some_text(in);
    d->stage = take_some_text(in);
    d->currency = take_some_text(in);
    d->reason = take_some_text(in);
    d->amount_text = take_some_text(in);
    d->amount = sv_take_real(in);
    return d;
}

SvMessage *sv_unpack_head(SvBytes *in)
{
    guint8 channel = sv_take_u8(in);
    in->bad |= channel >= SV_CHANNEL_N;
    SvMessage *m = sv_message_new(channel < SV_CHANNEL_N ? (SvChannel)channel : SV_CHANNEL_NOTE);
    m->at.unix_s = sv_take_int_in(in, MIN_UNIX_S, MAX_UNIX_S);
    m->at.offset_s = (gint32)sv_take_int_in(in, -MAX_OFFSET_S, MAX_OFFSET_S);
    m->flags = (guint)sv_take_uint(in);
    m->id = take_some_text(in);
    unpack_address_into(in, m->from);
    sv_unpack_addresses(in, m->to);
    sv_unpack_addresses(in, m->cc);
    m->in_reply_to = sv_take_text(in);
    m->conversation = sv_take_text(in);
    m->duration_s = sv_take_real(in);
    m->deal = sv_unpack_deal(in);
    return m;
}

gboolean sv_unpack_seal(SvBytes *in)
{
    if (sv_bytes_left(in) < SEAL)
        return FALSE;
    SvBytes seal = {in->end - SEAL, in->end, FALSE};
    in->end -= SEAL;
#ifdef SV_FUZZING
    (void)seal; /* whoever damages bytes on purpose can seal them too */
    return TRUE;
#else
    return sv_take_u64(&seal) == sv_checksum(in->at, sv_bytes_left(in));
#endif
}

gpointer sv_unpack_fail(const char *what, GError **error)
{
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "%s is damaged or was kept by a newer version", what);
    return NULL;
}
