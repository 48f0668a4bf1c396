/* Learns a model of acts: see acts_fit.h.
 *
 * How: features seen often enough get numbers; every label is a linear support vector machine of LIBLINEAR
 * against all others. The examples are cut into folds; scores of each fold by a model of the other folds give
 * the logistic curves (Platt), the threshold, and the second judgement of worth and interest; then one more
 * model learns from all and is written. Curves are those of histories, whose mixture of sentences is the one
 * that will be read.
 *
 * Keeps true: the same examples give the same bytes. LIBLINEAR draws from rand(), which threads would
 * share; so labels are shared out over processes, and each label seeds it anew.
 *
 * Does not: read files or report. */
#include "acts_fit.h"
#include "checksum.h"
#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2

const SvActsPlan sv_acts_plan = {
    .cost = 1, .cost_worth = 0.2, .eps = 0.1, .folds = 2, .min_count = 2, .max_rows = 131072};

typedef struct {
    const SvActsPlan *plan;
    const SvActExample **examples;
    guint n;
    guint *fold;
    guint32 *keys; /* of features, by number */
    guint n_features;
    struct feature_node **x, *nodes; /* per example; one array holds all */
    float *weights;                  /* [set][feature][label], shared */
    guint n_sets;                    /* folds + 1; the last learns from all */
} Fit;

int sv_acts_truth(const SvActExample *e, guint label)
{
    if (label < SV_ACT_N)
        return (e->acts >> label) & 1;
    if (e->weight < 0)
        return -1;
    return e->weight >= (label == SV_ACTS_WORTH ? 2 : 1);
}

/* Do curves and thresholds look at this example? */
static gboolean is_judged(const Fit *fit, guint i)
{
    return (fit->examples[i]->history < 0) == fit->plan->on_corpus;
}

static void *share(gsize size)
{
    void *p = mmap(NULL, MAX(size, 1), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        g_error("out of memory");
    return p;
}

static int compare_nodes(const void *a, const void *b)
{
    return ((const struct feature_node *)a)->index - ((const struct feature_node *)b)->index;
}

static void fill_nodes(const SvActFeatures *f, GHashTable *numbers, struct feature_node *out)
{
    struct feature_node *o = out;
    const guint32 *key = f->key;
    for (SvActGroup g = 0; g < SV_ACT_GROUP_N; g++) {
        double value = (double)sv_act_feature_value(f, g);
        for (guint i = 0; i < f->n_group[g]; i++, key++) {
            gpointer number = g_hash_table_lookup(numbers, GUINT_TO_POINTER(*key));
            if (number)
                *o++ = (struct feature_node){GPOINTER_TO_INT(number), value};
        }
    }
    qsort(out, (gsize)(o - out), sizeof *o, compare_nodes);
    o->index = -1;
}

/* Numbers the features seen often enough, in order of first appearance, and lays out the examples. */
static void lay_out(Fit *fit)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL), numbers = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autofree guint *known = g_new0(guint, fit->n);
    SvActFeatures f;
    for (guint i = 0; i < fit->n; i++) {
        SvActsInput input = sv_act_example_input(fit->examples[i]);
        sv_act_features(&input, &f);
        for (guint k = 0; k < f.n; k++) {
            guint seen = GPOINTER_TO_UINT(g_hash_table_lookup(counts, GUINT_TO_POINTER(f.key[k]))) + 1;
            g_hash_table_insert(counts, GUINT_TO_POINTER(f.key[k]), GUINT_TO_POINTER(seen));
            if (seen == fit->plan->min_count) {
                g_array_append_val(keys, f.key[k]);
                g_hash_table_insert(numbers, GUINT_TO_POINTER(f.key[k]), GUINT_TO_POINTER(keys->len));
            }
        }
    }
    gsize total = 0;
    fit->n_features = keys->len;
    for (guint i = 0; i < fit->n; i++) {
        SvActsInput input = sv_act_example_input(fit->examples[i]);
        sv_act_features(&input, &f);
        for (guint k = 0; k < f.n; k++)
            known[i] += g_hash_table_contains(numbers, GUINT_TO_POINTER(f.key[k]));
        total += known[i] + 1;
    }
    fit->keys = (guint32 *)(void *)g_array_free(g_steal_pointer(&keys), FALSE);
    fit->nodes = g_new(struct feature_node, total);
    fit->x = g_new(struct feature_node *, fit->n);
    gsize at = 0;
    for (guint i = 0; i < fit->n; i++) {
        SvActsInput input = sv_act_example_input(fit->examples[i]);
        sv_act_features(&input, &f);
        fit->x[i] = fit->nodes + at;
        fill_nodes(&f, numbers, fit->x[i]);
        at += known[i] + 1;
    }
}

static void silent(const char *text)
{
    (void)text;
}

/* Learns one label from the examples outside a fold (of the last set: from all). */
static void learn(const Fit *fit, guint set, guint label)
{
    const SvActsPlan *plan = fit->plan;
    g_autofree double *y = g_new(double, fit->n);
    g_autofree struct feature_node **x = g_new(struct feature_node *, fit->n);
    struct problem problem = {.l = 0, .n = (int)fit->n_features, .y = y, .x = x, .bias = -1};
    guint n_yes = 0;
    for (guint i = 0; i < fit->n; i++) {
        int truth = sv_acts_truth(fit->examples[i], label);
        if (truth < 0 || fit->fold[i] == set)
            continue;
        n_yes += (guint)truth;
        y[problem.l] = truth ? 1 : -1;
        x[problem.l++] = fit->x[i];
    }
    if (n_yes == 0 || n_yes == (guint)problem.l)
        return;
    struct parameter parameter = {.solver_type = L2R_L2LOSS_SVC_DUAL,
        .eps = plan->eps,
        .C = label < SV_ACT_N ? plan->cost : plan->cost_worth};
    srand(1);
    struct model *model = train(&problem, &parameter);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (guint j = 0; j < fit->n_features; j++)
        fit->weights[((gsize)set * fit->n_features + j) * SV_ACTS_ROW + label] = (float)(sign * model->w[j]);
    free_and_destroy_model(&model);
}

/* Runs every label of every set, shared out over processes. */
static void learn_all(Fit *fit)
{
    guint jobs = fit->n_sets * SV_ACTS_LABELS;
    guint *next = share(sizeof *next);
    pid_t child[WORKERS];
    set_print_string_function(silent);
    for (guint w = 0; w < WORKERS; w++) {
        child[w] = fork();
        if (child[w] < 0)
            g_error("cannot start a process");
        if (child[w] == 0) {
            for (guint j = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED); j < jobs;
                 j = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED))
                learn(fit, j / SV_ACTS_LABELS, j % SV_ACTS_LABELS);
            _exit(0);
        }
    }
    for (guint w = 0; w < WORKERS; w++) {
        int status;
        if (waitpid(child[w], &status, 0) < 0 || status != 0)
            g_error("a learning process failed");
    }
    munmap(next, sizeof *next);
}

static void score(const Fit *fit, guint set, guint example, float *out)
{
    const float *weights = fit->weights + (gsize)set * fit->n_features * SV_ACTS_ROW;
    memset(out, 0, SV_ACTS_ROW * sizeof *out);
    for (const struct feature_node *f = fit->x[example]; f->index > 0; f++) {
        const float *row = weights + (gsize)(f->index - 1) * SV_ACTS_ROW;
        for (guint l = 0; l < SV_ACTS_LABELS; l++)
            out[l] += (float)f->value * row[l];
    }
}

/* Platt's curve by Newton's method (Lin, Lin, Weng 2007, "A note on Platt's probabilistic outputs for support
 * vector machines"). */
static void calibrate(const float *s, const int *truth, guint n, float *out_a, float *out_b)
{
    double yes = 0, a = 0, b;
    for (guint i = 0; i < n; i++)
        yes += truth[i];
    double high = (yes + 1) / (yes + 2), low = 1 / (n - yes + 2);
    b = log((n - yes + 1) / (yes + 1));
    for (guint step = 0; step < 100; step++) {
        double h11 = 1e-9, h22 = 1e-9, h21 = 0, g1 = 0, g2 = 0;
        for (guint i = 0; i < n; i++) {
            double p = 1 / (1 + exp(a * (double)s[i] + b)), d = (truth[i] ? high : low) - p, w = p * (1 - p);
            h11 += (double)s[i] * (double)s[i] * w;
            h22 += w;
            h21 += (double)s[i] * w;
            g1 += (double)s[i] * d;
            g2 += d;
        }
        double det = h11 * h22 - h21 * h21;
        double da = -(h22 * g1 - h21 * g2) / det, db = -(-h21 * g1 + h11 * g2) / det;
        /* Newton overshoots where the classes part well: steps are kept short. */
        double size = fmax(fabs(da) / 4, fabs(db) / 4), cut = size > 1 ? 1 / size : 1;
        a += cut * da;
        b += cut * db;
        if (fabs(g1) < 1e-5 && fabs(g2) < 1e-5)
            break;
    }
    *out_a = (float)a;
    *out_b = (float)b;
}

/* The threshold of best micro-F1 over all acts. Of calibrated probabilities it is half of the F1 that it
 * reaches (Lipton, Elkan, Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1 measure").
 */
static float find_threshold(const Fit *fit, const float *p)
{
    double f = 0.5;
    for (guint round = 0; round < 20; round++) {
        double hits = 0, guesses = 0, yes = 0;
        for (guint i = 0; i < fit->n; i++)
            for (guint l = 0; is_judged(fit, i) && l < SV_ACT_NONE; l++) {
                gboolean guess = (double)p[(gsize)i * SV_ACTS_ROW + l] >= f / 2;
                int truth = sv_acts_truth(fit->examples[i], l);
                guesses += guess;
                yes += truth;
                hits += guess && truth;
            }
        f = hits > 0 ? 2 * hits / (guesses + yes) : 0.5;
    }
    return (float)(f / 2);
}

/* Learns to judge worth (0) or interest (1) from what the first models say of sentences they have not seen.
 */
static void learn_second(
    const Fit *fit, const float *scores, const float *p, SvActsTables *tables, guint which)
{
    g_autofree double *y = g_new(double, fit->n);
    g_autofree struct feature_node **x = g_new(struct feature_node *, fit->n),
                                   *nodes = g_new(struct feature_node, (gsize)fit->n * (SV_ACTS_SECOND + 1));
    struct problem problem = {.l = 0, .n = SV_ACTS_SECOND, .y = y, .x = x, .bias = -1};
    for (guint i = 0; i < fit->n; i++) {
        int truth = sv_acts_truth(fit->examples[i], SV_ACTS_WORTH + which);
        if (truth < 0 || !is_judged(fit, i))
            continue;
        float inputs[SV_ACTS_SECOND];
        SvActsInput input = sv_act_example_input(fit->examples[i]);
        sv_acts_second(&input, p + (gsize)i * SV_ACTS_ROW, scores + (gsize)i * SV_ACTS_ROW, inputs);
        struct feature_node *node = nodes + (gsize)problem.l * (SV_ACTS_SECOND + 1);
        y[problem.l] = truth ? 1 : -1;
        x[problem.l++] = node;
        for (guint k = 0; k < SV_ACTS_SECOND; k++)
            node[k] = (struct feature_node){(int)k + 1, (double)inputs[k]};
        node[SV_ACTS_SECOND].index = -1;
    }
    if (problem.l == 0)
        return;
    struct parameter parameter = {.solver_type = L2R_LR, .eps = 0.001, .C = 1};
    struct model *model = train(&problem, &parameter);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (guint k = 0; k < SV_ACTS_SECOND; k++)
        tables->second[which][k] = (float)(sign * model->w[k]);
    free_and_destroy_model(&model);
}

static void set_curves(const Fit *fit, SvActsTables *tables)
{
    g_autofree float *scores = g_new0(float, (gsize)fit->n *SV_ACTS_ROW), *s = g_new(float, fit->n);
    g_autofree int *truth = g_new(int, fit->n);
    for (guint i = 0; i < fit->n; i++)
        if (is_judged(fit, i))
            score(fit, fit->fold[i], i, scores + (gsize)i * SV_ACTS_ROW);
    g_autofree float *p = g_memdup2(scores, (gsize)fit->n * SV_ACTS_ROW * sizeof *scores);
    for (guint l = 0; l < SV_ACT_N; l++) {
        guint n = 0;
        for (guint i = 0; i < fit->n; i++)
            if (is_judged(fit, i)) {
                s[n] = scores[(gsize)i * SV_ACTS_ROW + l];
                truth[n++] = sv_acts_truth(fit->examples[i], l);
            }
        calibrate(s, truth, n, &tables->a[l], &tables->b[l]);
        for (guint i = 0; i < fit->n; i++)
            p[(gsize)i * SV_ACTS_ROW + l] =
                1 / (1 + expf(tables->a[l] * scores[(gsize)i * SV_ACTS_ROW + l] + tables->b[l]));
    }
    float threshold = find_threshold(fit, p);
    for (guint l = 0; l < SV_ACT_N; l++)
        tables->threshold[l] = threshold;
    for (guint k = 0; k < 2; k++)
        learn_second(fit, scores, p, tables, k);
}

typedef struct {
    guint feature;
    float size;
} Sized;

static int by_size(const void *a, const void *b)
{
    const Sized *x = a, *y = b;
    return x->size < y->size   ? 1
           : x->size > y->size ? -1
                               : (x->feature > y->feature) - (x->feature < y->feature);
}

static int by_feature(const void *a, const void *b)
{
    const Sized *x = a, *y = b;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

/* The features with the largest weights, how many in *n, in order of first appearance: the frequent ones come
 * first, and what is often read lies together. */
static Sized *choose_rows(const Fit *fit, const float *weights, guint *n)
{
    Sized *sized = g_new(Sized, fit->n_features);
    for (guint j = 0; j < fit->n_features; j++) {
        float size = 0;
        for (guint l = 0; l < SV_ACTS_LABELS; l++)
            size += weights[(gsize)j * SV_ACTS_ROW + l] * weights[(gsize)j * SV_ACTS_ROW + l];
        sized[j] = (Sized){j, size};
    }
    qsort(sized, fit->n_features, sizeof *sized, by_size);
    *n = MIN(fit->n_features, fit->plan->max_rows);
    qsort(sized, *n, sizeof *sized, by_feature);
    return sized;
}

static void set_scales(const Sized *chosen, guint n, const float *weights, SvActsTables *tables)
{
    for (guint l = 0; l < SV_ACTS_ROW; l++) {
        float max = 0;
        for (guint r = 0; r < n; r++)
            max = fmaxf(max, fabsf(weights[(gsize)chosen[r].feature * SV_ACTS_ROW + l]));
        tables->scale[l] = max > 0 ? max / 127 : 1;
    }
}

static void add_slot(SvActsSlot *slots, guint32 mask, guint32 key, guint32 row)
{
    guint32 at = key & mask, tries = 1;
    for (; slots[at].key; tries++)
        at = (at + 1) & mask;
    if (tries > SV_ACTS_PROBES)
        g_error("the features of acts crowd: SV_ACTS_PROBES is too small");
    slots[at] = (SvActsSlot){key, row};
}

static GBytes *write_model(const Fit *fit, SvActsTables *tables)
{
    const float *weights = fit->weights + (gsize)(fit->n_sets - 1) * fit->n_features * SV_ACTS_ROW;
    guint n_rows;
    g_autofree Sized *chosen = choose_rows(fit, weights, &n_rows);
    set_scales(chosen, n_rows, weights, tables);
    guint32 n_slots = 1024;
    while (n_slots < 2 * n_rows)
        n_slots *= 2;
    gsize size = sizeof(SvActsHeader) + sizeof *tables + n_slots * sizeof(SvActsSlot) +
                 (gsize)n_rows * SV_ACTS_ROW;
    guint8 *bytes = g_malloc0(size), *body = bytes + sizeof(SvActsHeader);
    SvActsHeader header = {
        .version = SV_ACTS_VERSION, .n_labels = SV_ACTS_LABELS, .n_slots = n_slots, .n_rows = n_rows};
    memcpy(header.magic, SV_ACTS_MAGIC, sizeof header.magic);
    memcpy(body, tables, sizeof *tables);
    SvActsSlot *slots = (SvActsSlot *)(void *)(body + sizeof *tables);
    guint8 *out = (guint8 *)(slots + n_slots);
    for (guint r = 0; r < n_rows; r++) {
        const float *from = weights + (gsize)chosen[r].feature * SV_ACTS_ROW;
        add_slot(slots, n_slots - 1, fit->keys[chosen[r].feature], r);
        for (guint l = 0; l < SV_ACTS_ROW; l++, out++)
            *out = (guint8)(SV_ACTS_BIAS + (l < SV_ACTS_LABELS ? lrintf(from[l] / tables->scale[l]) : 0));
    }
    header.checksum = sv_checksum(body, size - sizeof header);
    memcpy(bytes, &header, sizeof header);
    return g_bytes_new_take(bytes, size);
}

GBytes *sv_acts_fit(const SvActData *data, const GArray *use, const SvActsPlan *plan)
{
    Fit fit = {.plan = plan, .n = use->len, .n_sets = plan->folds + 1};
    fit.examples = g_new(const SvActExample *, fit.n);
    fit.fold = g_new(guint, fit.n);
    for (guint i = 0; i < fit.n; i++) {
        const SvActExample *e = g_ptr_array_index(data->examples, g_array_index(use, guint, i));
        fit.examples[i] = e;
        fit.fold[i] = (e->history < 0 ? e->block : (guint)e->history) % plan->folds;
    }
    lay_out(&fit);
    gsize size = (gsize)fit.n_sets * fit.n_features * SV_ACTS_ROW * sizeof(float);
    fit.weights = share(size);
    learn_all(&fit);
    SvActsTables tables = {0};
    set_curves(&fit, &tables);
    GBytes *bytes = write_model(&fit, &tables);
    munmap(fit.weights, size);
    g_free(fit.examples);
    g_free(fit.fold);
    g_free(fit.keys);
    g_free(fit.nodes);
    g_free(fit.x);
    return bytes;
}
