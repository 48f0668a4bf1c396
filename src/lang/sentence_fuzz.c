/* Any bytes as a text: sentences in every style, tokens of each. */
#include <stdint.h>
#include "sentence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    for (SvStyle style = SV_STYLE_LETTER; style <= SV_STYLE_SPEECH; style++) {
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
        sv_sentences_split(text, size, style, spans);
        guint32 before = 0;
        for (guint i = 0; i < spans->len; i++) {
            SvSpan s = g_array_index(spans, SvSpan, i);
            g_assert(s.from >= before && s.to > s.from && s.to <= size);
            before = s.to;
        }
    }
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    sv_tokens_split(text, 0, size, tokens);
    guint32 before = 0;
    for (guint i = 0; i < tokens->len; i++) {
        SvToken t = g_array_index(tokens, SvToken, i);
        g_assert(t.span.from >= before && t.span.to > t.span.from && t.span.to <= size);
        before = t.span.to;
    }
    return 0;
}
