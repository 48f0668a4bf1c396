/* Any text as Markdown and DOCX; Pango is not ours to try. */
#include "paper.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    const char *type = NULL;
    gsize len = 0;
    g_autofree char *markdown = sv_paper_make("md", "", text, &len, &type, NULL);
    g_autofree char *docx = sv_paper_make("docx", "", text, &len, &type, NULL);
    return 0;
}
