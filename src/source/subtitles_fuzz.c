/* Fuzz target of the source subtitles. */
#include "source_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_source(&sv_source_subtitles, "2025-11-03_101520.srt", data, size);
}
