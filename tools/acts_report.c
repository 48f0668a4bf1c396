/* How well a model of acts does: see acts_report.h.
 *
 * How: the written model reads every example as the program would; an act is recognised at its threshold.
 * Micro-F1 counts all acts together, once without and once with `none`; average precision looks at the order
 * alone.
 *
 * Does not: choose thresholds; those come from the training part. */
#include "acts_report.h"
#include "acts_model.h"
#include "acts_fit.h"
#include <math.h>
#include <stdio.h>

typedef struct {
    guint hit, guess, yes;
} Count;

typedef struct {
    float p;
    gboolean yes;
} Ranked;

static int by_rank(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    /* Ties are counted against the model. */
    return x->p < y->p ? 1 : x->p > y->p ? -1 : x->yes - y->yes;
}

static double average_precision(Ranked *list, guint n)
{
    double hits = 0, sum = 0;
    qsort(list, n, sizeof *list, by_rank);
    for (guint i = 0; i < n; i++)
        if (list[i].yes)
            sum += ++hits / (i + 1);
    return hits > 0 ? sum / hits : NAN;
}

static double f1(Count c)
{
    return c.guess + c.yes ? 2.0 * c.hit / (c.guess + c.yes) : 0;
}

static float probability(const SvActs *acts, guint label)
{
    return label < SV_ACT_N ? acts->p[label] : label == SV_ACTS_WORTH ? acts->worth : acts->interest;
}

static double rank_label(
    const SvActs *acts, const SvActData *data, const GArray *test, guint label, guint *n_yes)
{
    g_autofree Ranked *list = g_new(Ranked, test->len);
    guint n = 0;
    *n_yes = 0;
    for (guint i = 0; i < test->len; i++) {
        int truth = sv_acts_truth(g_ptr_array_index(data->examples, g_array_index(test, guint, i)), label);
        if (truth < 0)
            continue;
        *n_yes += (guint)truth;
        list[n++] = (Ranked){probability(&acts[i], label), truth};
    }
    return average_precision(list, n);
}

void sv_acts_report(
    const char *title, SvActsModel *model, const SvActData *data, const GArray *test, gboolean table)
{
    Count of[SV_ACT_N] = {0}, all = {0}, acts_only = {0};
    g_autofree SvActs *acts = g_new(SvActs, test->len);
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < test->len; i++) {
        SvActsInput input =
            sv_act_example_input(g_ptr_array_index(data->examples, g_array_index(test, guint, i)));
        sv_acts_read(model, &input, &acts[i]);
    }
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    for (guint i = 0; i < test->len; i++) {
        const SvActExample *e = g_ptr_array_index(data->examples, g_array_index(test, guint, i));
        for (guint l = 0; l < SV_ACT_N; l++) {
            gboolean guess = acts[i].p[l] >= sv_acts_threshold(model, l), yes = (e->acts >> l) & 1;
            of[l].hit += guess && yes;
            of[l].guess += guess;
            of[l].yes += yes;
        }
    }
    for (guint l = 0; l < SV_ACT_N; l++) {
        Count *sums[] = {&all, l == SV_ACT_NONE ? NULL : &acts_only};
        for (guint s = 0; s < G_N_ELEMENTS(sums); s++)
            if (sums[s]) {
                sums[s]->hit += of[l].hit;
                sums[s]->guess += of[l].guess;
                sums[s]->yes += of[l].yes;
            }
    }
    guint n_none, n_worth, n_interest;
    double none = rank_label(acts, data, test, SV_ACT_NONE, &n_none),
           worth = rank_label(acts, data, test, SV_ACTS_WORTH, &n_worth),
           interest = rank_label(acts, data, test, SV_ACTS_INTEREST, &n_interest);
    printf("%-16s %5u sentences  F1 acts %.3f (P %.2f R %.2f)  with none %.3f  AP none %.3f (%.2f) worth "
           "%.3f (%.2f) interest %.3f (%.2f)  %.0f/s\n",
        title, test->len, f1(acts_only), acts_only.guess ? (double)acts_only.hit / acts_only.guess : 0,
        acts_only.yes ? (double)acts_only.hit / acts_only.yes : 0, f1(all), none, (double)n_none / test->len,
        worth, (double)n_worth / test->len, interest, (double)n_interest / test->len, test->len / seconds);
    for (guint l = 0; table && l < SV_ACT_N; l++) {
        guint n;
        double ap = rank_label(acts, data, test, l, &n);
        printf("  %-14s n %4u  guessed %4u  P %.2f  R %.2f  F1 %.2f  AP %.2f\n", sv_act_name(l), of[l].yes,
            of[l].guess, of[l].guess ? (double)of[l].hit / of[l].guess : 0,
            of[l].yes ? (double)of[l].hit / of[l].yes : 0, f1(of[l]), ap);
    }
}
