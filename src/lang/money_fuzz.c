/* Any bytes as a text with amounts: mentions lie in order inside it. */
#include <stdint.h>
#include "money.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    sv_amounts_find((const char *)data, size, size & 1 ? SV_LANG_EN : SV_LANG_RU, found);
    guint32 last = 0;
    for (guint i = 0; i < found->len; i++) {
        SvAmount *m = &g_array_index(found, SvAmount, i);
        if (m->span.from < last || m->span.to <= m->span.from || m->span.to > size)
            g_abort();
        g_autofree char *text = sv_amount_format(m->value, m->currency, SV_LANG_RU);
        if (!text)
            g_abort();
        last = m->span.to;
    }
    return 0;
}
