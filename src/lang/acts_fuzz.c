/* Any bytes as a model, with and without a fitting header; and, where it opens or with a model of our own,
 * as texts. */
#include <stdint.h>
#include <string.h>
#include "acts_model.h"
#include "checksum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SLOTS 1024u
#define ROWS 512u

static void read_texts(const SvActsModel *model, const uint8_t *data, size_t size)
{
    gsize half = size / 2;
    SvActsInput input = {
        .text = (const char *)data, .len = half, .talk = (SvTalk)(size % 4), .writer = (SvWriter)(size % 3)};
    input.before = size % 5 ? (const char *)data + half : NULL;
    input.before_len = input.before ? size - half : 0;
    SvActs acts;
    sv_acts_read(model, &input, &acts);
    for (guint i = 0; i < SV_ACT_N; i++)
        g_assert(acts.p[i] >= 0 && acts.p[i] <= 1);
}

/* A small model that knows 512 features of the kind that texts have. */
static SvActsModel *make_model(void)
{
    gsize size = sizeof(SvActsHeader) + sizeof(SvActsTables) + SLOTS * sizeof(SvActsSlot) + ROWS * SV_ACTS_ROW;
    guint8 *bytes = g_malloc0(size), *body = bytes + sizeof(SvActsHeader);
    SvActsSlot *slots = (SvActsSlot *)(void *)(body + sizeof(SvActsTables));
    SvActFeatures f;
    const char text[] = "Договор подпишем, если пришлёте счёт до 5 мая? We could do 14.5p on 240k";
    sv_act_features(&(SvActsInput){.text = text, .len = sizeof text - 1}, &f);
    for (guint i = 0; i < MIN(f.n, ROWS); i++) {
        guint32 at = f.key[i] & (SLOTS - 1);
        while (slots[at].key)
            at = (at + 1) & (SLOTS - 1);
        slots[at] = (SvActsSlot){f.key[i], i};
    }
    memset(slots + SLOTS, 0xFF, ROWS * SV_ACTS_ROW);
    SvActsHeader header = {.magic = SV_ACTS_MAGIC,
        .version = SV_ACTS_VERSION,
        .n_labels = SV_ACTS_LABELS,
        .n_slots = SLOTS,
        .n_rows = ROWS};
    header.checksum = sv_checksum(body, size - sizeof header);
    memcpy(bytes, &header, sizeof header);
    g_autoptr(GBytes) all = g_bytes_new_take(bytes, size);
    SvActsModel *model = sv_acts_open_bytes(all, "own", NULL);
    g_assert(model);
    return model;
}

static void open_and_read(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(SvActsModel) model = sv_acts_open_bytes(bytes, "fuzz", NULL);
    if (model)
        read_texts(model, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static SvActsModel *own;
    if (!own)
        own = make_model();
    read_texts(own, data, size);
    open_and_read(data, size);
    if (size < sizeof(SvActsHeader))
        return 0;
    /* With a header that fits, the rest of the checks is reached. */
    g_autofree uint8_t *copy = g_memdup2(data, size);
    SvActsHeader header = {.magic = SV_ACTS_MAGIC,
        .version = SV_ACTS_VERSION,
        .n_labels = SV_ACTS_LABELS,
        .n_slots = 1u << (data[0] % 12)};
    header.n_rows = data[1];
    header.checksum = sv_checksum(copy + sizeof header, size - sizeof header);
    memcpy(copy, &header, sizeof header);
    open_and_read(copy, size);
    return 0;
}
