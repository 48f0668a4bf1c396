/* Kept messages and histories out of any bytes: what is accepted packs again to what unpacks. */
#include <stdint.h>
#include "pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_message(const uint8_t *data, size_t size)
{
    g_autoptr(SvMessage) m = sv_message_unpack(data, size, NULL);
    if (!m)
        return;
    gsize len;
    g_autoptr(GBytes) bytes = sv_message_pack(m, NULL);
    const void *again = g_bytes_get_data(bytes, &len);
    g_autoptr(SvMessage) n = sv_message_unpack(again, len, NULL);
    g_assert_nonnull(n);
}

static void try_history(const uint8_t *data, size_t size)
{
    gsize used = 0;
    g_autoptr(SvHistory) h = sv_history_unpack_masked(data, size, &used, NULL);
    if (!h)
        return;
    g_assert_cmpuint(used, <=, size);
    g_autoptr(GByteArray) out = g_byte_array_new();
    sv_history_pack_masked(h, out);
    g_autoptr(SvHistory) again = sv_history_unpack_masked(out->data, out->len, &used, NULL);
    g_assert_nonnull(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if (data[0] & 1)
        try_message(data + 1, size - 1);
    else
        try_history(data + 1, size - 1);
    return 0;
}
