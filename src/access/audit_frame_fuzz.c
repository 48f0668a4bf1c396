/* Fuzz target: a journal of any bytes is read to its end. */
#include "audit_frame.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize at = 0, skipped = 0, frames = 0;
    SvAuditEntry entry;
    while (sv_audit_frame_next(data, size, &at, &skipped, &entry))
        frames += strlen(entry.action) + strlen(entry.detail) + strlen(entry.address) + 1;
    g_assert_cmpuint(at, <=, size);
    /* what is written is read back, whatever the texts are */
    g_autofree char *text = g_strndup((const char *)data, size);
    guint8 frame[SV_AUDIT_FRAME_MOST];
    SvDeed deed = {1, 2, text, text, text, 200};
    gsize used, len = sv_audit_frame_put(frame, 7, 8, &deed);
    g_assert_true(len <= sizeof frame && sv_audit_frame_get(frame, len, &used, &entry) && used == len);
    g_assert_false(sv_audit_frame_get(frame, len - 1, &used, &entry));
    return 0;
}
