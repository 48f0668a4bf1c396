/* Fuzz target: any bytes as a JSON document, a moment and a text to be cut. */
#include "json.h"
#include "moment.h"
#include "utf8.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) json = sv_json_parse((const char *)data, size, &error);
    g_assert_true(!json == (error != NULL));
    if (json) {
        (void)sv_json_string(json, "name");
        (void)sv_json_number(json, "id", 0);
        (void)sv_json_array(json, "messages");
        (void)sv_json_object(json, "client");
        g_autofree char *again = cJSON_PrintUnformatted(json);
        g_assert_nonnull(again);
    }
    return 0;
}
