/* Facts as bytes: see facts_pack.h.
 *
 * A version, the counts, then each array in order, a checksum at the end. Weights, norms and the counts of
 * keys are worked out again: they follow from the keys.
 *
 * Keeps true: what is read back fits the history (messages in order, people that are there, spans in their
 * texts, slices in their arrays) whatever the bytes were. Does not: read a text again. */
#include "facts_pack.h"
#include "bytes.h"
#include "checksum.h"
#include "error.h"

#define VERSION 1
#define SEAL sizeof(guint64)

/* ---- writing ---- */

static void put_span(GByteArray *out, SvSpan s)
{
    sv_put_uint(out, s.from);
    sv_put_uint(out, s.to - s.from);
}

static void put_fact(GByteArray *out, const SvFact *f)
{
    sv_put_uint(out, f->message);
    put_span(out, f->span);
    sv_put_int(out, f->speaker);
    sv_put_u8(out, (guint8)f->side);
    for (guint a = 0; a < SV_ACT_N; a++)
        sv_put_float(out, f->acts.p[a]);
    sv_put_float(out, f->acts.worth);
    sv_put_float(out, f->acts.interest);
    sv_put_u32(out, f->set);
    sv_put_int(out, f->named);
    sv_put_int(out, f->due);
    sv_put_u8(out, (guint8)((f->due_vague != 0) | (f->is_deal != 0) << 1));
    sv_put_real(out, f->amount);
    sv_put_bytes(out, f->currency, sizeof f->currency);
    sv_put_uint(out, f->n_dates);
    sv_put_uint(out, f->n_amounts);
    sv_put_uint(out, f->n_keys);
    sv_put_uint(out, f->ordinal);
    sv_put_uint(out, f->n_in_message);
}

static void put_date(GByteArray *out, const SvDateMention *d)
{
    put_span(out, d->span);
    put_span(out, d->whole);
    sv_put_int(out, d->from);
    sv_put_int(out, d->to);
    sv_put_uint(out, d->grain);
    sv_put_uint(out, d->role);
    sv_put_int(out, d->minute);
    sv_put_u8(out, (guint8)((d->relative != 0) | (d->vague != 0) << 1));
}

static void put_amount(GByteArray *out, const SvAmount *a)
{
    put_span(out, a->span);
    sv_put_uint(out, a->kind);
    sv_put_real(out, a->value);
    sv_put_real(out, a->value_to);
    sv_put_bytes(out, a->currency, sizeof a->currency);
    put_span(out, a->unit);
}

void sv_facts_pack(const SvFacts *facts, GByteArray *out)
{
    gsize from = out->len;
    sv_put_u8(out, VERSION);
    sv_put_uint(out, facts->n_messages_read);
    sv_put_uint(out, facts->facts->len);
    for (guint i = 0; i < facts->facts->len; i++)
        put_fact(out, sv_facts_get(facts, i));
    for (guint i = 0; i < facts->dates->len; i++)
        put_date(out, &g_array_index(facts->dates, SvDateMention, i));
    for (guint i = 0; i < facts->amounts->len; i++)
        put_amount(out, &g_array_index(facts->amounts, SvAmount, i));
    for (guint i = 0; i < facts->keys->len; i++)
        sv_put_u32(out, g_array_index(facts->keys, guint32, i));
    sv_put_u64(out, sv_checksum(out->data + from, out->len - from));
}

/* ---- reading ---- */

typedef struct {
    SvBytes in;
    SvFacts *facts;
    gsize dates, amounts, keys; /* of the facts so far */
} Reading;

static SvSpan take_span(SvBytes *in, gsize len)
{
    guint64 from = sv_take_uint_to(in, MIN(len, G_MAXUINT32));
    guint64 n = sv_take_uint_to(in, MIN(len, G_MAXUINT32) - from);
    return (SvSpan){(guint32)from, (guint32)(from + n)};
}

/* A probability; what is none is damage. */
static float take_share(SvBytes *in)
{
    float p = sv_take_float(in);
    if (p >= 0 && p <= 1)
        return p;
    in->bad = TRUE;
    return 0;
}

static SvDay take_day(SvBytes *in, gboolean may_be_none)
{
    gint64 day = sv_take_int(in);
    if (may_be_none && day == SV_DAY_NONE)
        return SV_DAY_NONE;
    if (day >= sv_day_from_civil(1, 1, 1) && day <= sv_day_from_civil(9999, 12, 31))
        return (SvDay)day;
    in->bad = TRUE;
    return 0;
}

static void take_currency(SvBytes *in, char currency[4])
{
    const guint8 *b = sv_take_bytes(in, 4);
    if (b)
        memcpy(currency, b, 4);
    in->bad |= currency[3] != 0;
    currency[3] = 0;
}

static double take_finite(SvBytes *in)
{
    double v = sv_take_real(in);
    if (isfinite(v))
        return v;
    in->bad = TRUE;
    return 0;
}

static const SvMessage *message_of(const Reading *r, guint index)
{
    return g_ptr_array_index(r->facts->history->messages, index);
}

static void take_fact(Reading *r, guint before)
{
    SvBytes *in = &r->in;
    const SvHistory *h = r->facts->history;
    SvFact f = {.message = (guint)sv_take_uint_to(in, h->messages->len - 1)};
    in->bad |= f.message < before;
    f.span = take_span(in, message_of(r, f.message)->text.len);
    f.speaker = (int)sv_take_int_in(in, -1, (gint64)h->people->len - 1);
    guint8 side = sv_take_u8(in);
    in->bad |= side > SV_SIDE_THIRD;
    f.side = side > SV_SIDE_THIRD ? SV_SIDE_UNKNOWN : (SvSide)side;
    for (guint a = 0; a < SV_ACT_N; a++)
        f.acts.p[a] = take_share(in);
    f.acts.worth = take_share(in);
    f.acts.interest = take_share(in);
    f.set = sv_take_u32(in);
    in->bad |= f.set >> SV_ACT_N != 0;
    f.named = (int)sv_take_int_in(in, -1, (gint64)h->people->len - 1);
    f.due = take_day(in, TRUE);
    guint8 flags = sv_take_u8(in);
    f.due_vague = flags & 1;
    f.is_deal = flags >> 1 & 1;
    f.amount = take_finite(in);
    take_currency(in, f.currency);
    f.n_dates = (guint16)sv_take_uint_to(in, G_MAXUINT16);
    f.n_amounts = (guint16)sv_take_uint_to(in, G_MAXUINT16);
    f.n_keys = (guint16)sv_take_uint_to(in, G_MAXUINT16);
    f.ordinal = (guint16)sv_take_uint_to(in, G_MAXUINT16);
    f.n_in_message = (guint16)sv_take_uint_to(in, G_MAXUINT16);
    f.date_from = (guint32)r->dates;
    f.amount_from = (guint32)r->amounts;
    f.key_from = (guint32)r->keys;
    r->dates += f.n_dates;
    r->amounts += f.n_amounts;
    r->keys += f.n_keys;
    /* each of them takes a byte at least, and slices are counted in 32 bits */
    in->bad |= r->dates + r->amounts + r->keys > MIN(sv_bytes_left(in), G_MAXUINT32);
    g_array_append_val(r->facts->facts, f);
}

static void take_date(Reading *r, gsize len)
{
    SvBytes *in = &r->in;
    SvDateMention d = {.span = take_span(in, len)};
    d.whole = take_span(in, len);
    d.from = take_day(in, TRUE);
    d.to = take_day(in, TRUE);
    d.grain = (SvGrain)sv_take_uint_to(in, SV_GRAIN_SEASON);
    d.role = (SvDateRole)sv_take_uint_to(in, SV_DATE_REPEATED);
    d.minute = (gint16)sv_take_int_in(in, -1, 24 * 60);
    guint8 flags = sv_take_u8(in);
    d.relative = flags & 1;
    d.vague = flags >> 1 & 1;
    g_array_append_val(r->facts->dates, d);
}

static void take_amount(Reading *r, gsize len)
{
    SvBytes *in = &r->in;
    SvAmount a = {.span = take_span(in, len)};
    a.kind = (SvAmountKind)sv_take_uint_to(in, SV_AMOUNT_QUANTITY);
    a.value = take_finite(in);
    a.value_to = take_finite(in);
    take_currency(in, a.currency);
    a.unit = take_span(in, len);
    g_array_append_val(r->facts->amounts, a);
}

/* Keys of a fact ascend. */
static void take_keys(Reading *r)
{
    for (guint i = 0; i < r->facts->facts->len && !r->in.bad; i++) {
        const SvFact *f = sv_facts_get(r->facts, i);
        for (guint k = 0; k < f->n_keys && !r->in.bad; k++) {
            guint32 key = sv_take_u32(&r->in);
            r->in.bad |= k && key <= g_array_index(r->facts->keys, guint32, r->facts->keys->len - 1);
            g_array_append_val(r->facts->keys, key);
        }
    }
}

static void take_all(Reading *r)
{
    const SvFacts *facts = r->facts;
    guint n_messages = facts->history->messages->len;
    r->facts->n_messages_read = (guint)sv_take_uint_to(&r->in, n_messages);
    guint n = sv_take_count(&r->in, 4 * SV_ACT_N), before = 0;
    r->in.bad |= n && !n_messages;
    for (guint i = 0; i < n && !r->in.bad; i++) {
        take_fact(r, before);
        before = sv_facts_get(facts, i)->message;
    }
    for (guint i = 0; i < facts->facts->len && !r->in.bad; i++)
        for (guint k = 0; k < sv_facts_get(facts, i)->n_dates && !r->in.bad; k++)
            take_date(r, message_of(r, sv_facts_get(facts, i)->message)->text.len);
    for (guint i = 0; i < facts->facts->len && !r->in.bad; i++)
        for (guint k = 0; k < sv_facts_get(facts, i)->n_amounts && !r->in.bad; k++)
            take_amount(r, message_of(r, sv_facts_get(facts, i)->message)->text.len);
    take_keys(r);
}

SvFacts *sv_facts_unpack(const SvHistory *history, const guint8 *bytes, gsize len, GError **error)
{
    Reading r = {.in = {bytes, bytes + len, len < SEAL}};
    if (!r.in.bad)
        r.in.end -= SEAL;
#ifndef SV_FUZZING
    SvBytes seal = {r.in.end, r.in.end + SEAL, FALSE};
    r.in.bad = r.in.bad || sv_take_u64(&seal) != sv_checksum(bytes, len - SEAL);
#endif
    g_autoptr(SvFacts) facts = r.facts = sv_facts_new(history);
    r.in.bad = r.in.bad || sv_take_u8(&r.in) != VERSION;
    if (!r.in.bad)
        take_all(&r);
    if (r.in.bad || sv_bytes_left(&r.in)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "kept facts are damaged or do not fit their history");
        return NULL;
    }
    sv_facts_weigh(facts);
    return g_steal_pointer(&facts);
}
