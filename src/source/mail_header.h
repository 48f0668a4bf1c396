/* Header values of letters: RFC 2047 words, RFC 2231 parameters, addresses, dates.
 *
 * Own decoding over the raw value, because the MIME library loses words (facts in docs/dependencies.md): each
 * word is decoded to bytes, neighbours of the same charset are joined as bytes, and only then converted. */
#pragma once
#include <glib.h>
#include "moment.h"

/* One header field of a block: pieces of the block's own bytes. */
typedef struct {
    const char *name;
    gsize name_len;
    const char *value; /* raw, folded lines and their ends included */
    gsize len;
} SvMailField;

/* The next field from *at on, which moves on behind it; FALSE at the end of the block (then *at is the first
 * byte of the body: behind an empty line, or at a line that is no field and has none behind it) or of the
 * bytes. */
gboolean sv_mail_field_next(const char **at, const char *end, SvMailField *field);
/* Has the field this name? Case does not matter. */
gboolean sv_mail_field_is(const SvMailField *field, const char *name);

/* Decoded, unfolded, control characters dropped; newly allocated UTF-8. Raw 8-bit values are taken as UTF-8,
 * windows-1251 or KOI8-R, whichever fits. */
char *sv_mail_header_decode(const char *raw, gsize len);
/* Adds SvAddress * for each address of a From/To/Cc value; at most SV_MAX_ADDRESSES. */
void sv_mail_header_addresses(const char *raw, gsize len, GPtrArray *out);
/* The parameter of a Content-Type or Content-Disposition value, decoded: RFC 2231 with charset and
 * continuations, RFC 2047, and both wrongly mixed. NULL when it is absent; newly allocated. */
char *sv_mail_header_param(const char *raw, gsize len, const char *name);
/* What stands before the first ";" without spaces, in lower case; newly allocated. */
char *sv_mail_header_token(const char *raw, gsize len);

/* Parses a Date value: RFC 5322 and what is met in its place (no weekday, no seconds, two-digit years, named
 * zones, asctime order, ISO 8601). Without a zone `zone` is used (NULL: UTC). FALSE when there is no date in
 * it or its year is outside 1971 … 2199; *out untouched then. */
gboolean sv_mail_date_parse(const char *raw, gsize len, GTimeZone *zone, SvTime *out);
