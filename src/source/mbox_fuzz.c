/* Fuzzing: mailbox files. */
#include "source.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SvInput input = {.name = "fuzz", .bytes = (const char *)data, .len = size, .folder = ""};
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GError) error = NULL;
    sv_source_mbox.probe(&input);
    if (sv_source_mbox.read(&input, history, report, &error) != (error == NULL))
        abort();
    for (guint i = 0; i < history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(history->messages, i);
        if (!m->id || !g_utf8_validate(m->body.bytes, (gssize)m->body.len, NULL))
            abort();
    }
    return 0;
}
