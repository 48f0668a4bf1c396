/* Any bytes as a text with dates, and its second half as a part of it: mentions lie in order inside. */
#include <stdint.h>
#include "date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const GArray *found, guint32 last, size_t size)
{
    for (guint i = 0; i < found->len; i++) {
        SvDateMention *m = &g_array_index(found, SvDateMention, i);
        if (m->whole.from < last || m->span.from < m->whole.from || m->span.to <= m->span.from ||
            m->span.to > size || m->from > m->to)
            g_abort();
        last = m->span.to;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    SvTime at = {1762336800, 18000};
    SvLang lang = size & 1 ? SV_LANG_EN : SV_LANG_RU;
    sv_dates_find((const char *)data, size, at, lang, found);
    check(found, 0, size);
    g_auto(SvScan) scan;
    SvScan part;
    sv_scan_init(&scan, (const char *)data, size);
    sv_scan_part(&scan, (SvSpan){(guint32)(size / 2), (guint32)size}, &part);
    g_array_set_size(found, 0);
    sv_dates_find_in(&part, at, lang, found);
    check(found, (guint32)(size / 2), size);
    return 0;
}
