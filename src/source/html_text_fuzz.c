/* Fuzzing: HTML letters. */
#include "html_text.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = sv_html_to_text((const char *)data, size, size % 2 ? "utf-8" : NULL);
    if (!g_utf8_validate(text, -1, NULL))
        abort();
    return 0;
}
