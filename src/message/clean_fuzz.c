/* Fuzz target: letters of any bytes through the cleaner; pieces must cover the body in order. */
#include <stdint.h>
#include <string.h>
#include "clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *exact = g_malloc(size ? size : 1); /* no byte behind the end, so that reading there is seen */
    memcpy(exact, data, size);
    for (SvCleanHint hint = SV_CLEAN_PLAIN; hint <= SV_CLEAN_FORWARD; hint++) {
        SvCleaned *c = sv_clean_letter_hinted(exact, size, size % 2 ? "Мария Козлова" : NULL, hint);
        guint32 at = 0;
        for (guint i = 0; i < c->pieces->len; i++) {
            const SvPiece *p = &g_array_index(c->pieces, SvPiece, i);
            if (p->span.from != at || p->span.to < at)
                g_error("pieces do not cover the body");
            at = p->span.to;
        }
        if (size <= 1 << 20 && at != size)
            g_error("pieces end at %u of %zu", at, size);
        guint flags = sv_clean_kind(NULL, c->own, strlen(c->own));
        SvRaw chat = sv_clean_chat(exact, size, &flags);
        sv_clean_is_system(exact, size);
        sv_raw_clear(&chat);
        sv_cleaned_free(c);
    }
    g_free(exact);
    return 0;
}
