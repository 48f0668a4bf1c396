/* Any bytes as a text with dates: mentions lie in order inside it. */
#include <stdint.h>
#include "date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    SvTime at = {1762336800, 18000};
    sv_dates_find((const char *)data, size, at, size & 1 ? SV_LANG_EN : SV_LANG_RU, found);
    guint32 last = 0;
    for (guint i = 0; i < found->len; i++) {
        SvDateMention *m = &g_array_index(found, SvDateMention, i);
        if (m->whole.from < last || m->span.from < m->whole.from || m->span.to <= m->span.from ||
            m->span.to > size || m->from > m->to)
            g_abort();
        last = m->span.to;
    }
    return 0;
}
