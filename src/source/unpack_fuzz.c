/* Fuzz target of archives: everything is wanted, under a small budget. */
#include "unpack.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean want(const char *name, gpointer data)
{
    g_assert_true(g_utf8_validate(name, -1, NULL));
    return TRUE;
}

static gboolean take(const char *name, GBytes *bytes, gpointer data)
{
    g_bytes_unref(bytes);
    return TRUE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(SvReport) report = sv_report_new();
    SvUnpack unpack = {.want = want, .take = take, .budget = 4u << 20, .files = 1000};
    if (sv_unpack_is_archive((const char *)data, size))
        sv_unpack_run(&unpack, (const char *)data, size, "a.zip", report);
    return 0;
}
