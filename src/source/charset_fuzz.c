/* Fuzzing: text of any charset; the first byte chooses the declared name. */
#include "charset.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {NULL, "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "utf-16",
        "utf-16le", "utf-7", "gb2312", "iso-2022-jp", "shift_jis", "big5", "euc-kr", "utf-32", "ibm855",
        "x-nonsense"};
    if (size == 0)
        return 0;
    g_autofree char *text =
        sv_charset_to_utf8((const char *)data + 1, size - 1, names[data[0] % G_N_ELEMENTS(names)]);
    if (!g_utf8_validate(text, -1, NULL) || !sv_charset_guess((const char *)data, size))
        abort();
    return 0;
}
