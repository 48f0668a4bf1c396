/* Fuzz target: masking, orders and privilege of any bytes. Checks that hits are in order, disjoint, inside
 * the text and without line breaks, and that masking keeps the number of lines. */
#include "redact.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static guint count_lines(const char *p, gsize n)
{
    guint lines = 0;
    for (gsize i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_malloc(size + 1); /* exact size, so that reading beyond it is seen */
    memcpy(text, data, size);
    text[size] = 0;
    g_autoptr(GArray) hits = sv_redact_find(NULL, text, size);
    guint32 at = 0;
    for (guint i = 0; i < hits->len; i++) {
        const SvPii *hit = &g_array_index(hits, SvPii, i);
        g_assert(hit->span.from >= at && hit->span.from < hit->span.to && hit->span.to <= size);
        g_assert(!memchr(text + hit->span.from, '\n', hit->span.to - hit->span.from));
        at = hit->span.to;
    }
    SvRaw raw = {text, size};
    SvMasked masked = sv_redact_text(NULL, raw, size & 1 ? "en" : "ru", NULL);
    g_assert_cmpuint(count_lines(masked.bytes, masked.len), ==, count_lines(text, size));
    g_autoptr(GArray) orders = sv_redact_find_orders(text, size);
    at = 0;
    for (guint i = 0; i < orders->len; i++) {
        const SvSpan *span = &g_array_index(orders, SvSpan, i);
        g_assert(span->from >= at && span->from < span->to && span->to <= size);
        at = span->to;
    }
    (void)sv_redact_is_privileged(NULL, text, size);
    (void)sv_redact_is_privileged(text, text, size);
    g_free(masked.bytes);
    return 0;
}
