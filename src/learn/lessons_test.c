/* Lessons: the file, broken files, and the measures on a case small enough to work out by hand. */
#include "error.h"
#include "lessons.h"
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *dir;

static char *path_of(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static SvLessons *some(void)
{
    SvLessons *l = sv_lessons_new();
    for (int i = 0; i < 6; i++) {
        float row[SV_FEATURES] = {0};
        SvLesson lesson = {{0}, (guint8)(i % 4), (guint8)(i != 5)};
        row[0] = (float)i;
        row[SV_FEATURES - 1] = i % 2 ? -0.25f : 0;
        lesson.y[SV_WORTH_BRIEF] = i % 4 == 3;
        lesson.y[SV_WORTH_PAGE] = i % 4 >= 2;
        lesson.y[SV_WORTH_RISKS] = SV_LESSON_UNKNOWN;
        sv_lessons_add(l, &lesson, row);
    }
    return l;
}

static void test_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvLessons) l = some();
    g_autofree char *path = path_of("a.bin");
    g_assert_true(sv_lessons_save(l, path, &error));
    g_autoptr(SvLessons) back = sv_lessons_load(path, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(l->lessons->data, l->lessons->len * sizeof(SvLesson), back->lessons->data,
        back->lessons->len * sizeof(SvLesson));
    g_assert_cmpmem(l->features->data, l->features->len * sizeof(float), back->features->data,
        back->features->len * sizeof(float));
}

/* Cut off anywhere, longer, of another version, with impossible numbers: never lessons, never a crash. */
static void test_broken(void)
{
    g_autoptr(SvLessons) l = some();
    g_autofree char *path = path_of("b.bin"), *text = NULL;
    gsize len;
    g_assert_true(sv_lessons_save(l, path, NULL));
    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    for (gsize n = 0; n <= len + 1; n++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *cut = g_malloc0(len + 2);
        memcpy(cut, text, MIN(n, len));
        g_assert_true(g_file_set_contents(path, cut, (gssize)n, NULL));
        g_autoptr(SvLessons) back = sv_lessons_load(path, &error);
        g_assert_true((back != NULL) == (n == len));
        if (!back)
            g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    }
    gsize head = (gsize)(strchr(text, '\n') - text) + 1;
    static const gsize offsets[] = {0, 7, 15}; /* of the head and … */
    for (gsize i = 0; i < G_N_ELEMENTS(offsets) + 5; i++) {
        g_autofree char *bad = g_memdup2(text, len);
        bad[i < G_N_ELEMENTS(offsets) ? offsets[i] : head + i - G_N_ELEMENTS(offsets)] =
            0x7e; /* … rows, targets */
        g_assert_true(g_file_set_contents(path, bad, (gssize)len, NULL));
        g_autoptr(SvLessons) back = sv_lessons_load(path, NULL);
        g_assert_null(back);
    }
}

/* Weights that score by the first feature alone. */
static SvWorth *by_first(double weight)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *path = path_of("w.txt");
    g_string_append_printf(text, "svodka-worth 1 %d\n", SV_FEATURES);
    for (SvWorthTarget t = 0; t < SV_WORTH_N; t++) {
        g_string_append_printf(text, "%s %g", sv_worth_name(t), weight);
        for (int i = 0; i < SV_FEATURES; i++)
            g_string_append(text, " 0");
        g_string_append_c(text, '\n');
    }
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    SvWorth *worth = sv_worth_open(path, NULL);
    g_assert_nonnull(worth);
    return worth;
}

static void test_measures(void)
{
    g_autoptr(SvLessons) l = some();
    /* by falling first feature: 4 (weight 0), 3 (3), 2 (2), 1, 0: good ones at places 2 and 3 */
    g_autoptr(SvWorth) up = by_first(1);
    SvFit fit = sv_lessons_measure(l, up, FALSE);
    g_assert_cmpuint(fit.n, ==, 5);
    g_assert_cmpfloat_with_epsilon(fit.precision, (1.0 / 2 + 2.0 / 3) / 2, 1e-9);
    g_assert_cmpuint(sv_lessons_measure(l, up, TRUE).n, ==, 1);
    /* all alike: the wrong ones first, and a loss of ln 2 for every target that is known */
    g_autoptr(SvWorth) flat = by_first(0);
    fit = sv_lessons_measure(l, flat, FALSE);
    g_assert_cmpfloat_with_epsilon(fit.precision, (1.0 / 4 + 2.0 / 5) / 2, 1e-9);
    g_assert_cmpfloat_with_epsilon(fit.loss, log(2), 1e-6);
    g_autoptr(SvLessons) none = sv_lessons_new();
    fit = sv_lessons_measure(none, flat, FALSE);
    g_assert_true(fit.n == 0 && fit.precision == 0 && fit.loss == 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("svodka-lessons-XXXXXX", NULL);
    g_test_add_func("/lessons/file", test_file);
    g_test_add_func("/lessons/broken", test_broken);
    g_test_add_func("/lessons/measures", test_measures);
    int rc = g_test_run();
    static const char *const names[] = {"a.bin", "b.bin", "w.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = path_of(names[i]);
        g_unlink(path);
    }
    g_rmdir(dir);
    return rc;
}
