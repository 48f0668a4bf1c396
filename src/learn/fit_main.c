/* svodka-fit LESSONS… OUT: learns weights of choosing from files of lessons. It stands beside the program,
 * which runs it (relearn.c): so LIBLINEAR and what it needs are loaded by the one command that learns, not by
 * every start. */
#include "error.h"
#include "fit.h"
#include <stdio.h>

static gboolean add_file(SvLessons *to, const char *path, GError **error)
{
    g_autoptr(SvLessons) more = sv_lessons_load(path, error);
    for (guint i = 0; more && i < more->lessons->len; i++)
        sv_lessons_add(to, sv_lessons_get(more, i), sv_lessons_row(more, i));
    return more != NULL;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvLessons) all = sv_lessons_new();
    if (argc < 3) {
        fprintf(stderr, "svodka-fit: it is svodka-fit LESSONS… OUT\n");
        return sv_error_info(SV_ERROR_USAGE)->exit_code;
    }
    for (int i = 1; i < argc - 1; i++)
        if (!add_file(all, argv[i], &error))
            break;
    g_autofree char *text = error ? NULL : sv_fit_worth(all, SV_FIT_COST);
    if (error || !g_file_set_contents(argv[argc - 1], text, -1, &error)) {
        fprintf(stderr, "svodka-fit: %s\n", error->message);
        return sv_error_exit_code(error);
    }
    return 0;
}
