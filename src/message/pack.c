/* A message as bytes: see pack.h. One byte of version, the head, the body, where it was read from, a seal. */
#include "pack_parts.h"

#define VERSION 1

GBytes *sv_message_pack(const SvMessage *m, gsize *n_said)
{
    GByteArray *out = g_byte_array_sized_new((guint)m->body.len + 512);
    sv_put_u8(out, VERSION);
    sv_pack_head(out, m);
    sv_put_text(out, m->subject);
    sv_pack_texts(out, m->references);
    sv_pack_texts(out, m->attachments);
    sv_put_blob(out, m->body.bytes ? m->body.bytes : "", m->body.bytes ? m->body.len : 0);
    sv_pack_turns(out, m->turns);
    if (n_said)
        *n_said = out->len;
    sv_put_text(out, m->file);
    sv_put_text(out, m->place);
    sv_pack_seal(out, 0);
    return g_byte_array_free_to_bytes(out);
}

static void unpack_body(SvBytes *in, SvRaw *body)
{
    guint64 len = sv_take_uint(in);
    const guint8 *bytes = sv_take_bytes(in, (gsize)len);
    if (bytes)
        *body = sv_raw_new((const char *)bytes, (gssize)len);
}

SvMessage *sv_message_unpack(const void *bytes, gsize len, GError **error)
{
    SvBytes in = {bytes, (const guint8 *)bytes + len, FALSE};
    if (!len || !sv_unpack_seal(&in) || sv_take_u8(&in) != VERSION)
        return sv_unpack_fail("a kept message", error);
    g_autoptr(SvMessage) m = sv_unpack_head(&in);
    m->subject = sv_take_text(&in);
    sv_unpack_texts(&in, m->references);
    sv_unpack_texts(&in, m->attachments);
    unpack_body(&in, &m->body);
    m->turns = sv_unpack_turns(&in, m->body.len, m->to->len);
    m->file = sv_take_text(&in);
    m->place = sv_take_text(&in);
    if (in.bad || sv_bytes_left(&in))
        return sv_unpack_fail("a kept message", error);
    return g_steal_pointer(&m);
}
