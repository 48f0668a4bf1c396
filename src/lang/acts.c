/* What a sentence does: see acts.h.
 *
 * How: the model is one mapped file (acts_model.h): a hash table from features to rows of one byte a label. A
 * sentence's features are looked up first, with prefetching, then their rows are summed group by group in
 * small integers; one multiplication per group and label, a bias and a logistic curve make the probabilities.
 * Worth and interest are judged once more from these: what a sentence does says most about whether it
 * matters.
 *
 * Keeps true: a damaged, truncated or foreign file is refused when it is opened and cannot make reading go
 * astray; reading allocates nothing and is safe from many threads.
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
    const SvActsTables *tables;
    const guint32 *keys, *rows;
    const gint8 *weights;
    guint32 mask;
};

static const char *const names[SV_ACT_N] = {"promise", "promise_if", "promise_third", "request", "question",
    "offer", "agreement", "accept", "refusal", "deferral", "moved", "done", "complaint", "resolution",
    "objection", "competitor", "decider", "personnel", "event", "budget", "deadline", "preference", "need",
    "purchase", "praise", "hint", "status", "personal", "none"};

typedef gint8 Row8 __attribute__((vector_size(32)));
typedef gint16 Row16 __attribute__((vector_size(64)));
typedef gint32 Row32 __attribute__((vector_size(128)));

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

/* Every slot points at a row, and blanks are left so that probing ends. */
static gboolean check_slots(const guint32 *keys, const guint32 *rows, guint32 n_slots, guint32 n_rows)
{
    guint32 used = 0;
    for (guint32 i = 0; i < n_slots; i++) {
        if (keys[i] == 0)
            continue;
        used++;
        if (rows[i] >= n_rows)
            return FALSE;
    }
    return used <= n_rows;
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
    if (size != sizeof header + sizeof(SvActsTables) + slots * 8 + rows * SV_ACTS_ROW)
        return "is cut or too long";
    if (header.checksum != sv_checksum(data + sizeof header, size - sizeof header))
        return "is damaged (its checksum is wrong)";
    model->tables = (const SvActsTables *)(const void *)(data + sizeof header);
    model->keys = (const guint32 *)(const void *)(data + sizeof header + sizeof(SvActsTables));
    model->rows = model->keys + slots;
    model->weights = (const gint8 *)(model->rows + slots);
    model->mask = header.n_slots - 1;
    if (!check_tables(model->tables) || !check_slots(model->keys, model->rows, header.n_slots, header.n_rows))
        return "is damaged";
    return NULL;
}

SvActsModel *sv_acts_open_bytes(GBytes *bytes, const char *name, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    g_autoptr(SvActsModel) model = g_new0(SvActsModel, 1);
    model->bytes = g_bytes_ref(bytes);
    const char *fault = GPOINTER_TO_SIZE(data) % 4 != 0 ? "is not aligned" : check_model(data, size, model);
    if (fault) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_SETUP, "%s %s; build it anew (ninja data/acts.bin)", name, fault);
        return NULL;
    }
    return g_steal_pointer(&model);
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
    g_free(model);
}

/* Rows of the known features, in order; how many of each group in n_group. */
static guint find_rows(const SvActsModel *model, const SvActFeatures *f, const gint8 **rows, guint *n_group)
{
    guint n = 0;
    for (guint i = 0; i < f->n; i++) {
        if (i + 12 < f->n) {
            __builtin_prefetch(&model->keys[f->key[i + 12] & model->mask]);
            __builtin_prefetch(&model->rows[f->key[i + 12] & model->mask]);
        }
        guint32 at = f->key[i] & model->mask;
        while (model->keys[at] && model->keys[at] != f->key[i])
            at = (at + 1) & model->mask;
        if (!model->keys[at])
            continue;
        rows[n] = model->weights + (gsize)model->rows[at] * SV_ACTS_ROW;
        __builtin_prefetch(rows[n]);
        n++;
        n_group[f->group[i]]++;
    }
    return n;
}

static void sum_rows(const gint8 *const *rows, guint n, float value, float *score)
{
    Row32 sum = {0};
    while (n > 0) {
        guint step = MIN(n, 256); /* as many as sixteen bits can hold */
        Row16 part = {0};
        for (guint i = 0; i < step; i++) {
            Row8 row;
            memcpy(&row, rows[i], sizeof row);
            part += __builtin_convertvector(row, Row16);
        }
        sum += __builtin_convertvector(part, Row32);
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
    const gint8 *rows[SV_ACT_FEATURES_MAX];
    guint n_group[SV_ACT_GROUP_N] = {0}, from = 0;
    float score[SV_ACTS_ROW] = {0};
    sv_act_features(input, &features);
    find_rows(model, &features, rows, n_group);
    for (guint g = 0; g < SV_ACT_GROUP_N; g++) {
        sum_rows(rows + from, n_group[g], sv_act_feature_value(&features, g), score);
        from += n_group[g];
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
