/* Fuzz target: a Content-Type, a line break, a multipart body. */
#include "http_parts.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data, *end = bytes + size, *newline = memchr(bytes, '\n', size);
    g_autofree char *type = g_strndup(bytes, newline ? (gsize)(newline - bytes) : size);
    const char *body = newline ? newline + 1 : end;
    g_autoptr(GPtrArray) parts = sv_form_parse(type, body, (gsize)(end - body));
    g_assert(parts->len <= SV_HTTP_PARTS);
    for (guint i = 0; i < parts->len; i++) {
        const SvPart *part = parts->pdata[i];
        g_assert(g_utf8_validate(part->name, -1, NULL));
        g_assert(!part->value || g_utf8_validate(part->value, -1, NULL));
        g_assert(!part->file || (g_utf8_validate(part->file, -1, NULL) && !strpbrk(part->file, "/\\")));
        g_assert(part->bytes >= body && part->bytes + part->len <= end);
    }
    return 0;
}
