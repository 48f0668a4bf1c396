/* The first half of the input as a template, the second as a document; what comes out must hold nothing of
 * the document that is markup. */
#include "template.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 1 << 16)
        return 0;
    gsize cut = (gsize)data[0] * (size - 1) / 255;
    const char *text = (const char *)data + 1;
    g_autoptr(SvTemplates) templates = sv_templates_new();
    g_autoptr(cJSON) model = sv_json_parse(text + cut, size - 1 - cut, NULL);
    sv_templates_add(templates, "part", "<i>{{x}}</i>", 12, NULL);
    if (!sv_templates_add(templates, "t", text, cut, NULL))
        return 0;
    sv_templates_check(templates, NULL);
    SvTemplateReader reading = {SV_LANG_RU, 20000, NULL, 0};
    gsize len = 0;
    g_autofree char *out = sv_templates_render(templates, "t", model, &reading, &len, NULL);
    g_assert_true(!out || strlen(out) <= len);
    return 0;
}
