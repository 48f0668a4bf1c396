/* Fuzzing: header values as words, addresses, parameters, dates and fields. */
#include "mail_header.h"
#include "message.h"
#include "sv_limits.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *raw = (const char *)data, *at = raw;
    g_autofree char *text = sv_mail_header_decode(raw, size), *token = sv_mail_header_token(raw, size);
    g_autofree char *name = sv_mail_header_param(raw, size, "name");
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
    sv_mail_header_addresses(raw, size, out);
    SvTime t;
    SvMailField field;
    sv_mail_date_parse(raw, size, NULL, &t);
    while (sv_mail_field_next(&at, raw + size, &field))
        ;
    if (!g_utf8_validate(text, -1, NULL) || (name && !g_utf8_validate(name, -1, NULL)) ||
        out->len > SV_MAX_ADDRESSES)
        abort();
    return 0;
}
