/* Fuzz target of the source transcript. */
#include "source_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_source(&sv_source_transcript, "2025-11-03_101520.json", data, size);
}
