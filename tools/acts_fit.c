/* Learns a model of acts: see acts_fit.h.
 *
 * How: features seen often enough get numbers; every label is a linear support vector machine of LIBLINEAR against
 * all others. Features may be doubled: one copy shared, one of the corpus or of the histories alone ("frustratingly easy
 * domain adaptation", Daumé 2007). The examples are cut into folds; scores of each fold by a model of the other folds
 * give the logistic curves (Platt) and the thresholds; then one more model learns from all and is written.
 *
 * Keeps true: the same examples give the same bytes. LIBLINEAR draws from rand(), so that every job seeds it and runs
 * in a process of its own kind, never in threads.
 *
 * Does not: read files or report. */
#include "acts_fit.h"
#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2

const SvActsPlan sv_acts_plan = {.cost = 1.0, .own = 0, .repeat = 1, .folds = 3, .solver = L2R_L2LOSS_SVC_DUAL, .eps = 0.1, .min_count = 2, .max_rows = 131072, .f_none = 0, .perlabel = 1};

typedef struct {
    const SvActsPlan *plan;
    const SvActExample **examples;
    guint n;
    guint *fold;
    guint32 *keys; /* of features, by number */
    guint n_features;
    struct feature_node **x, *nodes; /* per example; one array holds all */
    double *bias;                    /* [job set][label], shared */
    float *weights;                  /* [job set][feature][label], shared */
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

static void *share(gsize size)
{
    void *p = mmap(NULL, MAX(size, 1), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        g_error("out of memory");
    return p;
}

static guint count_nodes(const Fit *fit, guint n_known)
{
    return fit->plan->own > 0 ? 2 * n_known + 2 : n_known + 1;
}

static int compare_nodes(const void *a, const void *b)
{
    return ((const struct feature_node *)a)->index - ((const struct feature_node *)b)->index;
}

static void fill_nodes(const Fit *fit, const SvActExample *e, const SvActFeatures *f, GHashTable *numbers, struct feature_node *out)
{
    struct feature_node *o = out;
    guint domain = e->history < 0 ? 1 : 2;
    for (guint i = 0; i < f->n; i++) {
        gpointer number = g_hash_table_lookup(numbers, GUINT_TO_POINTER(f->key[i]));
        if (!number)
            continue;
        int id = GPOINTER_TO_INT(number);
        double v = (double)sv_act_feature_value(f, f->group[i]);
        *o++ = (struct feature_node){id, v};
        if (fit->plan->own > 0)
            *o++ = (struct feature_node){id + (int)(domain * fit->n_features), v * fit->plan->own};
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
        total += count_nodes(fit, known[i]);
    }
    fit->keys = (guint32 *)(void *)g_array_free(g_steal_pointer(&keys), FALSE);
    fit->nodes = g_new(struct feature_node, total);
    fit->x = g_new(struct feature_node *, fit->n);
    gsize at = 0;
    for (guint i = 0; i < fit->n; i++) {
        SvActsInput input = sv_act_example_input(fit->examples[i]);
        sv_act_features(&input, &f);
        fit->x[i] = fit->nodes + at;
        fill_nodes(fit, fit->examples[i], &f, numbers, fit->x[i]);
        at += count_nodes(fit, known[i]);
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
    guint max = fit->n * (guint)MAX(plan->repeat, 1), dims = fit->n_features * (plan->own > 0 ? 3 : 1);
    g_autofree double *y = g_new(double, max);
    g_autofree struct feature_node **x = g_new(struct feature_node *, max);
    struct problem problem = {.l = 0, .n = (int)dims, .y = y, .x = x, .bias = -1};
    guint n_yes = 0;
    for (guint i = 0; i < fit->n; i++) {
        int truth = sv_acts_truth(fit->examples[i], label);
        if (truth < 0 || fit->fold[i] == set)
            continue;
        guint copies = fit->examples[i]->history >= 0 ? (guint)plan->repeat : 1;
        for (guint c = 0; c < copies; c++) {
            n_yes += (guint)truth;
            y[problem.l] = truth ? 1 : -1;
            x[problem.l++] = fit->x[i];
        }
    }
    if (n_yes == 0 || n_yes == (guint)problem.l)
        return;
    struct parameter parameter = {.solver_type = plan->solver, .eps = plan->eps, .C = plan->cost};
    srand(1);
    struct model *model = train(&problem, &parameter);
    double sign = model->label[0] == 1 ? 1 : -1, own = plan->own;
    guint domain = plan->on_corpus ? 1 : 2;
    for (guint j = 0; j < fit->n_features; j++) {
        double w = model->w[j];
        if (own > 0)
            w += own * model->w[domain * fit->n_features + j];
        fit->weights[((gsize)set * fit->n_features + j) * SV_ACTS_ROW + label] = (float)(sign * w);
    }
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
            for (guint j = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED); j < jobs; j = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED))
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
        if ((guint)f->index > fit->n_features)
            break;
        const float *row = weights + (gsize)(f->index - 1) * SV_ACTS_ROW;
        for (guint l = 0; l < SV_ACTS_LABELS; l++)
            out[l] += (float)f->value * row[l];
    }
}

/* Platt's curve by Newton's method (Lin, Lin, Weng 2007, "A note on Platt's probabilistic outputs"). */
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

typedef struct {
    float p;
    int truth;
} Scored;

static int by_p(const void *a, const void *b)
{
    float x = ((const Scored *)a)->p, y = ((const Scored *)b)->p;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Threshold of a label that gains most when one label's hit is worth 2 and each guess costs `f`. */
static float best_threshold(Scored *list, guint n, double f, double *hits, double *guesses)
{
    double best = 0, gain = 0, hit = 0;
    float threshold = 1;
    *hits = *guesses = 0;
    qsort(list, n, sizeof *list, by_p);
    for (guint i = 0; i < n; i++) {
        gain += 2 * list[i].truth - f;
        hit += list[i].truth;
        if (gain > best && (i + 1 == n || list[i + 1].p < list[i].p)) {
            best = gain;
            threshold = i + 1 < n ? (list[i].p + list[i + 1].p) / 2 : list[i].p;
            *hits = hit;
            *guesses = i + 1;
        }
    }
    return threshold;
}

/* Thresholds of best micro-F1: the optimum of a ratio is found by solving for its value (Dinkelbach). */
static void set_thresholds(const SvActsPlan *plan, Scored *const *lists, guint n, float *threshold)
{
    double f = 0.5;
    for (guint round = 0; round < 20; round++) {
        double hits = 0, guesses = 0, yes = 0;
        for (guint l = 0; l < SV_ACT_N; l++) {
            double h, g;
            float t = best_threshold(lists[l], n, f, &h, &g);
            if (!plan->perlabel) {
                t = (float)f / 2;
                h = g = 0;
                for (guint i = 0; i < n; i++)
                    if (lists[l][i].p >= t) {
                        g++;
                        h += lists[l][i].truth;
                    }
            }
            threshold[l] = t;
            if (l == SV_ACT_NONE && !plan->f_none)
                continue;
            hits += h;
            guesses += g;
            for (guint i = 0; i < n; i++)
                yes += lists[l][i].truth;
        }
        double next = hits > 0 ? 2 * hits / (guesses + yes) : 0.5;
        if (fabs(next - f) < 1e-6)
            break;
        f = next;
    }
}

static void set_curves(const Fit *fit, SvActsTables *tables)
{
    Scored *lists[SV_ACTS_LABELS];
    g_autofree float *scores = g_new(float, (gsize)fit->n * SV_ACTS_ROW), *s = g_new(float, fit->n);
    g_autofree int *truth = g_new(int, fit->n);
    guint n = 0;
    for (guint i = 0; i < fit->n; i++) {
        if ((fit->examples[i]->history < 0) != fit->plan->on_corpus)
            continue;
        score(fit, fit->fold[i], i, scores + (gsize)i * SV_ACTS_ROW);
    }
    for (guint l = 0; l < SV_ACTS_LABELS; l++) {
        n = 0;
        lists[l] = g_new0(Scored, fit->n);
        for (guint i = 0; i < fit->n; i++) {
            int t = sv_acts_truth(fit->examples[i], l);
            if ((fit->examples[i]->history < 0) != fit->plan->on_corpus || t < 0)
                continue;
            s[n] = scores[(gsize)i * SV_ACTS_ROW + l];
            truth[n++] = t;
        }
        if (n)
            calibrate(s, truth, n, &tables->a[l], &tables->b[l]);
        for (guint i = 0; i < n; i++)
            lists[l][i] = (Scored){1 / (1 + expf(tables->a[l] * s[i] + tables->b[l])), truth[i]};
    }
    guint total = 0;
    for (guint i = 0; i < fit->n; i++)
        total += (fit->examples[i]->history < 0) == fit->plan->on_corpus;
    set_thresholds(fit->plan, lists, total, tables->threshold);
    for (guint l = 0; l < SV_ACTS_LABELS; l++)
        g_free(lists[l]);
}

typedef struct {
    guint feature;
    float size;
} Sized;

static int by_size(const void *a, const void *b)
{
    const Sized *x = a, *y = b;
    return x->size < y->size ? 1 : x->size > y->size ? -1 : (x->feature > y->feature) - (x->feature < y->feature);
}

/* The features with the largest weights; how many in *n. */
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

static GBytes *write_model(const Fit *fit, SvActsTables *tables)
{
    const float *weights = fit->weights + (gsize)(fit->n_sets - 1) * fit->n_features * SV_ACTS_ROW;
    guint n_rows;
    g_autofree Sized *chosen = choose_rows(fit, weights, &n_rows);
    set_scales(chosen, n_rows, weights, tables);
    guint32 n_slots = 1024;
    while (n_slots < 2 * n_rows)
        n_slots *= 2;
    gsize size = sizeof(SvActsHeader) + sizeof *tables + (gsize)n_slots * 8 + (gsize)n_rows * SV_ACTS_ROW;
    guint8 *bytes = g_malloc0(size), *body = bytes + sizeof(SvActsHeader);
    SvActsHeader header = {.version = SV_ACTS_VERSION, .n_labels = SV_ACTS_LABELS, .n_slots = n_slots, .n_rows = n_rows};
    memcpy(header.magic, SV_ACTS_MAGIC, sizeof header.magic);
    memcpy(body, tables, sizeof *tables);
    guint32 *keys = (guint32 *)(void *)(body + sizeof *tables), *rows = keys + n_slots;
    gint8 *out = (gint8 *)(rows + n_slots);
    for (guint r = 0; r < n_rows; r++) {
        guint32 key = fit->keys[chosen[r].feature], at = key & (n_slots - 1);
        while (keys[at])
            at = (at + 1) & (n_slots - 1);
        keys[at] = key;
        rows[at] = r;
        for (guint l = 0; l < SV_ACTS_LABELS; l++)
            out[(gsize)r * SV_ACTS_ROW + l] = (gint8)lrintf(weights[(gsize)chosen[r].feature * SV_ACTS_ROW + l] / tables->scale[l]);
    }
    header.checksum = sv_acts_checksum(body, size - sizeof header);
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
