/* Header values of letters: RFC 2047 words, RFC 2231 parameters, addresses.
 *
 * Own decoding over the raw value, because the MIME library loses words (facts in docs/dependencies.md): each
 * word is decoded to bytes, neighbours of the same charset are joined as bytes, and only then converted. */
#pragma once
#include <glib.h>

/* Decoded, unfolded, control characters dropped; newly allocated UTF-8. Raw 8-bit values are taken as UTF-8,
 * windows-1251 or KOI8-R, whichever fits. */
char *sv_mail_header_decode(const char *raw, gsize len);
/* Adds SvAddress * for each address of a From/To/Cc value; at most SV_MAX_ADDRESSES. */
void sv_mail_header_addresses(const char *raw, gsize len, GPtrArray *out);
