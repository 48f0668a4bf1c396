/* For fuzz targets: gives the bytes to one source and checks what must hold of every message. */
#pragma once
#include "source_case.h"
#include <stdint.h>

static inline int fuzz_source(const SvSource *source, const char *name, const uint8_t *data, size_t size)
{
    SvInput input = {.name = name, .bytes = (const char *)data, .len = size, .folder = "folder"};
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    g_autoptr(GError) error = NULL;
    int sure = source->probe(&input);
    g_assert_true(sure >= 0 && sure <= 100);
    gboolean ok = source->read(&input, history, report, &error);
    g_assert_true(ok == (error == NULL));
    case_check(history);
    return 0;
}
