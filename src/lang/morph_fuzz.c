/* Any bytes as a morphology file (opening asks no checksum), then words read with it. */
#include <stdint.h>
#include <string.h>
#include "morph_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small inputs seldom have a good header: one is put before them, its sections over the input. */
static guint8 *with_header(const uint8_t *data, size_t size, gsize *total)
{
    gsize body = size & ~(gsize)7;
    SvBlobHeader h = {
        .magic = SV_BLOB_MAGIC, .version = SV_BLOB_VERSION, .n_sections = SV_SEC_N, .size = sizeof h + body};
    for (guint i = 0; i < SV_SEC_N; i++) {
        gsize share = body / SV_SEC_N & ~(gsize)7;
        h.section[i].at = sizeof h + i * share;
        h.section[i].size = share;
    }
    *total = sizeof h + body;
    guint8 *all = g_malloc(*total);
    memcpy(all, &h, sizeof h);
    memcpy(all + sizeof h, data, body);
    return all;
}

static void read_words(const guint8 *data, gsize size)
{
    static const char *const words[] = {
        "ежей", "Ёлка", "дедлайнами", "по-русски", "наилучшего", "покрепче", "я", "а-б"};
    g_autoptr(SvMorph) m = sv_morph_open_bytes(data, size, "fuzz", NULL);
    for (guint i = 0; m && i < G_N_ELEMENTS(words); i++) {
        SvReading r[8];
        char buf[128];
        guint n = sv_morph_read(m, words[i], strlen(words[i]), r, G_N_ELEMENTS(r));
        for (guint k = 0; k < n; k++) {
            sv_morph_lemma(m, &r[k], buf, sizeof buf);
            sv_morph_inflect(m, &r[k], SV_G(SV_GR_GENT), buf, sizeof buf);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize total;
    g_autofree guint8 *framed = with_header(data, size, &total);
    read_words(framed, total);
    g_autofree guint8 *plain = g_memdup2(data, size);
    read_words(plain, size);
    return 0;
}
