/* Weights from lessons: see fit.h. A row that counts several times is there several times; a row whose target
 * is not known is not there. */
#include "fit.h"
#include <linear.h>

static void quiet(const char *text)
{
    (void)text;
}

/* The row as LIBLINEAR reads it, the bias last; returns what follows it. */
static struct feature_node *put_row(struct feature_node *n, const float *row)
{
    for (int k = 0; k < SV_FEATURES; k++)
        if (row[k] != 0)
            *n++ = (struct feature_node){k + 1, row[k]};
    *n++ = (struct feature_node){SV_FEATURES + 1, 1};
    *n++ = (struct feature_node){-1, 0};
    return n;
}

/* A target that is all the same, or of which nothing is known, gets no weights. */
static void add_line(GString *out, SvWorthTarget target, const struct model *m)
{
    double sign = m && m->label[0] == 1 ? 1 : -1;
    g_string_append(out, sv_worth_name(target));
    for (int k = 0; k <= SV_FEATURES; k++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, " %s",
            g_ascii_formatd(number, sizeof number, "%.5g", m && m->nr_class == 2 ? sign * m->w[k] : 0));
    }
    g_string_append_c(out, '\n');
}

static void fit_target(const SvLessons *l, SvWorthTarget target, double cost, GString *out)
{
    gsize all = 0, rows = 0;
    for (guint i = 0; i < l->lessons->len; i++)
        all += sv_lessons_get(l, i)->times;
    g_autofree double *y = g_new(double, all + 1);
    g_autofree struct feature_node *nodes =
        g_new(struct feature_node, (gsize)l->lessons->len * (SV_FEATURES + 2) + 1);
    g_autofree struct feature_node **x = g_new(struct feature_node *, all + 1);
    struct feature_node *n = nodes;
    for (guint i = 0; i < l->lessons->len; i++) {
        const SvLesson *lesson = sv_lessons_get(l, i);
        struct feature_node *row = n;
        if (lesson->y[target] == SV_LESSON_UNKNOWN || !lesson->times)
            continue;
        n = put_row(n, sv_lessons_row(l, i));
        for (guint k = 0; k < lesson->times; k++, rows++) {
            y[rows] = lesson->y[target];
            x[rows] = row;
        }
    }
    struct problem problem = {(int)rows, SV_FEATURES + 1, y, x, 1};
    struct parameter parameter = {.solver_type = L2R_LR, .eps = 0.001, .C = cost};
    struct model *m = rows ? train(&problem, &parameter) : NULL;
    add_line(out, target, m);
    if (m)
        free_and_destroy_model(&m);
}

char *sv_fit_worth(const SvLessons *lessons, double cost)
{
    GString *out = g_string_new(NULL);
    set_print_string_function(quiet);
    g_string_append_printf(out, "svodka-worth 1 %d\n", SV_FEATURES);
    for (SvWorthTarget t = 0; t < SV_WORTH_N; t++)
        fit_target(lessons, t, cost, out);
    return g_string_free(out, FALSE);
}
