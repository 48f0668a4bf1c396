/* What a sentence does: see acts.h.
 *
 * How: the model is one mapped file (acts_model.h): a hash table from features to rows of one byte a label. A
 * sentence's features are looked up first, with prefetching, then their rows are summed group by group in
 * small integers; one multiplication per group and label, a bias and a logistic curve make the probabilities.
 * Worth and interest are judged once more from these: what a sentence does says most about whether it
 * matters.
 *
 * Keeps true: a truncated or foreign file is refused when it is opened; whatever the rest holds, each look-up
 * ends and reads inside the file. Reading allocates nothing and is safe from many threads.
 *
 * Does not: learn (tools/train_acts.c), look at more than a sentence and the one before it. */
#include "acts.h"
#include "acts_model.h"
#include "checksum.h"
#include "error.h"
#include <math.h>
#include <string.h>

struct SvActsModel {
    GBytes *bytes;
    char *name; /* for messages */
    const SvActsTables *tables;
    const SvActsSlot *slots;
    const guint8 *rows;
    guint32 mask, n_rows;
};

static const char *const names[SV_ACT_N] = {"promise", "promise_if", "promise_third", "request", "question",
    "offer", "agreement", "accept", "refusal", "deferral", "moved", "done", "complaint", "resolution",
    "objection", "competitor", "decider", "personnel", "event", "budget", "deadline", "preference", "need",
    "purchase", "praise", "hint", "status", "personal", "none"};

/* Half the labels of a row, the even or the odd ones. */
typedef guint16 Half __attribute__((vector_size(SV_ACTS_ROW)));

const char *sv_act_name(SvAct act)
{
    return act < SV_ACT_N ? names[act] : "";
}

int sv_act_find(const char *name)
{
    for (int i = 0; name && i < SV_ACT_N; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static gboolean check_tables(const SvActsTables *t)
{
    const float *values = (const float *)t;
    for (gsize i = 0; i < sizeof *t / sizeof(float); i++)
        if (!isfinite(values[i]))
            return FALSE;
    return TRUE;
}

static const char *check_model(const guint8 *data, gsize size, SvActsModel *model)
{
    SvActsHeader header;
    if (size < sizeof header + sizeof(SvActsTables))
        return "is too short";
    memcpy(&header, data, sizeof header);
    if (memcmp(header.magic, SV_ACTS_MAGIC, sizeof header.magic) != 0)
        return "is no model of acts";
    if (header.version != SV_ACTS_VERSION || header.n_labels != SV_ACTS_LABELS)
        return "is of another version";
    guint64 slots = header.n_slots, rows = header.n_rows;
    if (slots == 0 || slots > SV_ACTS_MAX_SLOTS || (slots & (slots - 1)) != 0 || rows * 2 > slots)
        return "has impossible sizes";
    if (size != sizeof header + sizeof(SvActsTables) + slots * sizeof(SvActsSlot) + rows * SV_ACTS_ROW)
        return "is cut or too long";
    model->tables = (const SvActsTables *)(const void *)(data + sizeof header);
    model->slots = (const SvActsSlot *)(const void *)(model->tables + 1);
    model->rows = (const guint8 *)(model->slots + slots);
    model->mask = header.n_slots - 1;
    model->n_rows = header.n_rows;
    if (!check_tables(model->tables))
        return "is damaged";
    return NULL;
}

static gboolean refuse(GError **error, const char *name, const char *fault)
{
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s %s; build it anew (ninja data/acts.bin)", name, fault);
    return FALSE;
}

SvActsModel *sv_acts_open_bytes(GBytes *bytes, const char *name, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    g_autoptr(SvActsModel) model = g_new0(SvActsModel, 1);
    model->bytes = g_bytes_ref(bytes);
    model->name = g_strdup(name);
    const char *fault = GPOINTER_TO_SIZE(data) % 4 != 0 ? "is not aligned" : check_model(data, size, model);
    if (fault) {
        refuse(error, name, fault);
        return NULL;
    }
    return g_steal_pointer(&model);
}

gboolean sv_acts_check(const SvActsModel *model, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(model->bytes, &size);
    SvActsHeader header;
    memcpy(&header, data, sizeof header);
    if (header.checksum != sv_checksum(data + sizeof header, size - sizeof header))
        return refuse(error, model->name, "is damaged (its checksum is wrong)");
    return TRUE;
}

SvActsModel *sv_acts_open(const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &why);
    if (!file) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s cannot be read (%s); build it (ninja data/acts.bin)",
            path, why->message);
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(file);
    return sv_acts_open_bytes(bytes, path, error);
}

void sv_acts_close(SvActsModel *model)
{
    if (!model)
        return;
    g_bytes_unref(model->bytes);
    g_free(model->name);
    g_free(model);
}

/* Rows of the known among n features; how many. */
static guint find_rows(const SvActsModel *model, const guint32 *keys, guint n, const guint8 **rows)
{
    guint found = 0;
    for (guint i = 0; i < n; i++) {
        if (i + 12 < n)
            __builtin_prefetch(&model->slots[keys[i + 12] & model->mask]);
        guint32 at = keys[i] & model->mask;
        for (guint tries = 0; tries < SV_ACTS_PROBES && model->slots[at].key; tries++) {
            SvActsSlot slot = model->slots[at];
            if (slot.key != keys[i]) {
                at = (at + 1) & model->mask;
                continue;
            }
            if (slot.row < model->n_rows) {
                rows[found] = model->rows + (gsize)slot.row * SV_ACTS_ROW;
                __builtin_prefetch(rows[found++]);
            }
            break;
        }
    }
    return found;
}

static void sum_rows(const guint8 *const *rows, guint n, float value, float *score)
{
    gint32 sum[SV_ACTS_ROW];
    for (guint l = 0; l < SV_ACTS_ROW; l++)
        sum[l] = -SV_ACTS_BIAS * (gint32)n;
    while (n > 0) {
        guint step = MIN(n, 256); /* as many as sixteen bits can hold */
        Half even = {0}, odd = {0};
        for (guint i = 0; i < step; i++) {
            Half row;
            memcpy(&row, rows[i], sizeof row);
            even += row & 0xFF;
            odd += row >> 8;
        }
        for (guint l = 0; l < SV_ACTS_ROW / 2; l++) {
            sum[2 * l] += even[l];
            sum[2 * l + 1] += odd[l];
        }
        rows += step;
        n -= step;
    }
    for (guint l = 0; l < SV_ACTS_ROW; l++)
        score[l] += value * (float)sum[l];
}

void sv_acts_second(const SvActsInput *input, const float *p, const float *score, float out[SV_ACTS_SECOND])
{
    memset(out, 0, SV_ACTS_SECOND * sizeof *out);
    memcpy(out, p, SV_ACT_N * sizeof *out);
    float *more = out + SV_ACT_N;
    more[0] = score[SV_ACTS_WORTH];
    more[1] = score[SV_ACTS_INTEREST];
    more[2] = log1pf((float)MIN(input->len, 1000)) / 4;
    more[3 + MIN(input->talk, SV_TALK_NOTE)] = 1;
    more[7 + MIN(input->writer, SV_WRITER_UNKNOWN)] = 1;
    more[10] = 1;
    for (guint l = 0; l < SV_ACT_NONE; l++)
        more[11] = MAX(more[11], p[l]);
    more[12] = more[0] * more[0];
    more[13] = more[1] * more[1];
    more[14] = more[0] * more[1];
    more[15] = more[2] * more[2];
}

void sv_acts_read(const SvActsModel *model, const SvActsInput *input, SvActs *out)
{
    SvActFeatures features;
    const guint8 *rows[SV_ACT_FEATURES_MAX];
    guint found[SV_ACT_GROUP_N], n = 0, from = 0;
    float score[SV_ACTS_ROW] = {0};
    sv_act_features(input, &features);
    for (guint g = 0; g < SV_ACT_GROUP_N; g++) {
        found[g] = find_rows(model, features.key + from, features.n_group[g], rows + n);
        n += found[g];
        from += features.n_group[g];
    }
    from = 0;
    for (guint g = 0; g < SV_ACT_GROUP_N; g++) {
        sum_rows(rows + from, found[g], sv_act_feature_value(&features, g), score);
        from += found[g];
    }
    const SvActsTables *t = model->tables;
    for (guint l = 0; l < SV_ACTS_LABELS; l++)
        score[l] = score[l] * t->scale[l] + t->bias[l];
    for (guint l = 0; l < SV_ACT_N; l++)
        out->p[l] = 1 / (1 + expf(t->a[l] * score[l] + t->b[l]));
    float second[SV_ACTS_SECOND], last[2] = {0};
    sv_acts_second(input, out->p, score, second);
    for (guint k = 0; k < 2; k++)
        for (guint i = 0; i < SV_ACTS_SECOND; i++)
            last[k] += t->second[k][i] * second[i];
    out->worth = 1 / (1 + expf(-last[0]));
    out->interest = 1 / (1 + expf(-last[1]));
}

float sv_acts_threshold(const SvActsModel *model, SvAct act)
{
    return act < SV_ACT_N ? model->tables->threshold[act] : 1;
}
