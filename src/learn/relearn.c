/* Learning again: see relearn.h. Each try writes the lessons of reports, as often as they are to count, into
 * a folder of its own for svodka-fit, and reads back the weights. */
#include "relearn.h"
#include "error.h"
#include <gio/gio.h>
#include <glib/gstdio.h>

/* Learning again from the same reports gives nearly the same weights, not quite: what a page that was found
 * useful tells depends on the weights in use. */
#define SAME 0.005

/* How often a named sentence and a mildly confirmed one count, from the most to the least. A page that was
 * found useful confirms many sentences: where they outvote the named ones they do not count. */
static const guint8 tries[][2] = {
    {32, 1}, {32, 0}, {16, 1}, {16, 0}, {8, 1}, {8, 0}, {4, 1}, {4, 0}, {2, 0}, {1, 0}};

void sv_relearned_clear(SvRelearned *relearned)
{
    g_clear_pointer(&relearned->worth, g_free);
}

static SvScores scores_of(const SvLessons *labelled, const SvLessons *said, const SvWorth *worth)
{
    return (SvScores){sv_lessons_measure(labelled, worth, FALSE), sv_lessons_measure(labelled, worth, TRUE),
        sv_feedback_measure(said, worth)};
}

static gboolean no_worse(SvFit now, SvFit then, double tolerance)
{
    return now.precision >= then.precision - tolerance && now.loss <= then.loss + tolerance;
}

/* The labelled cases are told as well as by the shipped weights, what reports name better than by those (as a
 * whole: reports may contradict each other), and no worse than by the weights in use. */
static gboolean is_good(const SvScores *now, const SvRelearned *r, double tolerance)
{
    return no_worse(now->labelled, r->shipped.labelled, tolerance) &&
           no_worse(now->held_out, r->shipped.held_out, tolerance) &&
           now->said.loss <= MIN(r->before.said.loss + SAME, r->shipped.said.loss);
}

static SvLessons *counted(const SvLessons *said, const guint8 times[2])
{
    SvLessons *out = sv_lessons_new();
    for (guint i = 0; i < said->lessons->len; i++) {
        SvLesson l = *sv_lessons_get(said, i);
        l.times = l.times == SV_TIMES_TOLD ? times[0] : times[1];
        if (l.times)
            sv_lessons_add(out, &l, sv_lessons_row(said, i));
    }
    return out;
}

static gboolean run_fit(
    const char *program, const char *labelled, const char *said, const char *out, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autofree char *reason = NULL;
    const char *const argv[] = {program, labelled, said, out, NULL};
    g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDERR_PIPE, &failed);
    if (process && g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &reason, &failed) &&
        g_subprocess_get_successful(process))
        return TRUE;
    if (reason)
        g_strchomp(reason);
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s did not learn: %s", program,
        failed              ? failed->message
        : reason && *reason ? reason
                            : "it ended early");
    return FALSE;
}

/* One try in a folder; the weights' text, or NULL. */
static char *fit_in(
    const char *dir, const SvRelearn *how, const SvLessons *said, const guint8 times[2], GError **error)
{
    g_autofree char *labelled = g_build_filename(how->data_dir, "worth-lessons.bin", NULL);
    g_autofree char *more = g_build_filename(dir, "said.bin", NULL);
    g_autofree char *out = g_build_filename(dir, "worth.txt", NULL);
    g_autoptr(SvLessons) now = counted(said, times);
    char *text = NULL;
    if (sv_lessons_save(now, more, error) && run_fit(how->fit_program, labelled, more, out, error))
        g_file_get_contents(out, &text, NULL, error);
    g_unlink(more);
    return text;
}

/* Tries until one is good; leaves its weights in the folder. */
static gboolean try_all(const char *dir, const SvRelearn *how, const SvLessons *labelled,
    const SvLessons *said, SvRelearned *r, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "worth.txt", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tries) && !r->times; i++) {
        g_autofree char *text = fit_in(dir, how, said, tries[i], error);
        g_autoptr(SvWorth) worth = text ? sv_worth_open(path, error) : NULL;
        if (!worth)
            return FALSE;
        r->after = scores_of(labelled, said, worth);
        if (!is_good(&r->after, r, how->tolerance))
            continue;
        r->times = tries[i][0];
        r->worth = g_steal_pointer(&text);
    }
    return TRUE;
}

gboolean sv_relearn(const SvRelearn *how, const SvLessons *said, SvRelearned *out, GError **error)
{
    g_auto(SvRelearned) r = {.lessons = said->lessons->len};
    g_autofree char *lessons = g_build_filename(how->data_dir, "worth-lessons.bin", NULL);
    g_autofree char *shipped_path = g_build_filename(how->data_dir, "worth.txt", NULL);
    g_autoptr(SvLessons) labelled = sv_lessons_load(lessons, error);
    g_autoptr(SvWorth) shipped = labelled ? sv_worth_open(shipped_path, error) : NULL;
    g_autoptr(SvWorth) before =
        shipped ? sv_worth_open(how->worth_path ? how->worth_path : shipped_path, error) : NULL;
    g_autofree char *dir = before ? g_dir_make_tmp("svodka-learn-XXXXXX", error) : NULL;
    if (!dir)
        return FALSE;
    r.shipped = scores_of(labelled, said, shipped);
    r.before = scores_of(labelled, said, before);
    gboolean done = try_all(dir, how, labelled, said, &r, error);
    g_autofree char *left = g_build_filename(dir, "worth.txt", NULL);
    g_unlink(left);
    g_rmdir(dir);
    g_autofree char *base = done ? sv_worth_base(shipped_path, error) : NULL;
    if (!base)
        return FALSE;
    if (r.worth) {
        g_autofree char *weights = g_steal_pointer(&r.worth);
        r.worth = g_strconcat(weights, base, NULL);
    }
    *out = r;
    r.worth = NULL;
    return TRUE;
}
