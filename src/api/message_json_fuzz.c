/* Messages of the interface, fuzzed: any JSON is refused or becomes a message that can be packed. */
#include "json.h"
#include "pack.h"
#include "resources.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    if (!g_utf8_validate((const char *)data, (gssize)size, NULL))
        return 0;
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(cJSON) document = sv_json_parse(text, size, NULL);
    g_autoptr(SvMessage) message = document ? sv_message_of_json(document, NULL, &error) : NULL;
    if (document && !message)
        g_assert_nonnull(error);
    if (message) {
        g_autoptr(GBytes) packed = sv_message_pack(message, NULL);
        gsize len;
        const void *bytes = g_bytes_get_data(packed, &len);
        g_autoptr(SvMessage) again = sv_message_unpack(bytes, len, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(again->id, ==, message->id);
    }
    return 0;
}
