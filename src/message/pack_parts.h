/* What a kept message and a kept history share (pack.c, pack_history.c). Inside the folder only. */
#pragma once
#include "bytes.h"
#include "pack.h"

void sv_pack_address(GByteArray *out, const SvAddress *address);
void sv_pack_addresses(GByteArray *out, const GPtrArray *addresses);
void sv_pack_texts(GByteArray *out, const GPtrArray *texts);
void sv_pack_turns(GByteArray *out, const GArray *turns);
void sv_pack_deal(GByteArray *out, const SvDealChange *deal);
/* Channel, moment, flags, people and places: what both forms begin with. */
void sv_pack_head(GByteArray *out, const SvMessage *message);
/* Ends a text with the checksum of all bytes from `from` on. */
void sv_pack_seal(GByteArray *out, gsize from);

SvAddress *sv_unpack_address(SvBytes *in);
void sv_unpack_addresses(SvBytes *in, GPtrArray *to);
void sv_unpack_texts(SvBytes *in, GPtrArray *to);
/* Turns within a text of `len` bytes whose speakers are below `speakers`; NULL when there are none. */
GArray *sv_unpack_turns(SvBytes *in, gsize len, guint speakers);
SvDealChange *sv_unpack_deal(SvBytes *in);
SvSpan sv_unpack_span(SvBytes *in, gsize len);
/* A new message with its head; never NULL. */
SvMessage *sv_unpack_head(SvBytes *in);
/* Takes the seal off: is `in` whole? */
gboolean sv_unpack_seal(SvBytes *in);
/* Sets the error of damaged bytes; NULL. */
gpointer sv_unpack_fail(const char *what, GError **error);
