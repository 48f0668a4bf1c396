/* The chooser's file: read, and refused when it is damaged or foreign. */
#include "error.h"
#include "worth.h"
#include <glib/gstdio.h>
#include <string.h>

static char *write_file(const char *text)
{
    char *path = NULL;
    int fd = g_file_open_tmp("worth-XXXXXX", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* A good file: bias −1 for all targets, weight 3 on the first feature. */
static char *good_text(void)
{
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "svodka-worth 1 %d\n", SV_FEATURES);
    for (int t = 0; t < SV_WORTH_N; t++) {
        g_string_append_printf(s, "%s 3", sv_worth_name(t));
        for (int i = 1; i < SV_FEATURES; i++)
            g_string_append(s, " 0");
        g_string_append(s, " -1\n");
    }
    return g_string_free(s, FALSE);
}

static void test_score(void)
{
    g_autofree char *text = good_text(), *path = write_file(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(SvWorth) w = sv_worth_open(path, &error);
    float features[SV_FEATURES] = {0}, scores[SV_WORTH_N];
    g_assert_no_error(error);
    sv_worth_scores(w, features, scores);
    for (int t = 0; t < SV_WORTH_N; t++)
        g_assert_cmpfloat_with_epsilon(scores[t], 0.26894f, 1e-4);
    features[0] = 1;
    sv_worth_scores(w, features, scores);
    for (int t = 0; t < SV_WORTH_N; t++)
        g_assert_cmpfloat_with_epsilon(scores[t], 0.88080f, 1e-4);
    g_unlink(path);
}

static void test_damaged(void)
{
    g_autofree char *good = good_text();
    g_autofree char *half = g_strndup(good, strlen(good) / 2);
    g_autofree char *twice = g_strconcat(good, "brief 1 2 3\n", NULL);
    const char *bad[] = {"", "svodka-worth 9 128\n", half, twice, "\xff\xfe\0\0"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = write_file(bad[i]);
        g_assert_null(sv_worth_open(path, &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
        g_assert_nonnull(strstr(error->message, path)); /* names the file */
        g_unlink(path);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(sv_worth_open("/nonexistent/worth.txt", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worth/score", test_score);
    g_test_add_func("/worth/damaged", test_damaged);
    return g_test_run();
}
