/* The terminal and the place of the data files: see cli.h.
 *
 * Progress is a thread that sleeps a second and then shows the stage under way ten times a second at most; a
 * quick run never sees it. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MIN_WIDTH 40
#define MAX_WIDTH 120
#define DEFAULT_WIDTH 80
#define PATIENCE_US G_USEC_PER_SEC
#define STEP_US (G_USEC_PER_SEC / 10)

struct SvProgress {
    GMutex mutex;
    GCond wake;
    GThread *thread;
    const char *stage;
    guint count, total; /* total 0: nothing is counted */
    gint64 started_us;
    gboolean done, shown;
};

int sv_cli_width(void)
{
    struct winsize size;
    const char *columns = g_getenv("COLUMNS");
    int width = DEFAULT_WIDTH;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    else if (columns && g_ascii_strtoull(columns, NULL, 10) > 0)
        width = (int)MIN(g_ascii_strtoull(columns, NULL, 10), MAX_WIDTH);
    return CLAMP(width, MIN_WIDTH, MAX_WIDTH);
}

gboolean sv_cli_colour(void)
{
    const char *no = g_getenv("NO_COLOR");
    if ((no && *no) || g_strcmp0(g_getenv("TERM"), "dumb") == 0)
        return FALSE;
    return isatty(STDOUT_FILENO);
}

static gpointer show_progress(gpointer data)
{
    SvProgress *p = data;
    g_mutex_lock(&p->mutex);
    gint64 until = p->started_us + PATIENCE_US;
    while (!p->done) {
        if (g_cond_wait_until(&p->wake, &p->mutex, until))
            continue;
        p->shown = TRUE;
        int seconds = (int)((g_get_monotonic_time() - p->started_us) / G_USEC_PER_SEC);
        if (p->total)
            g_printerr("\r\033[K%s… %u of %u, %d s", p->stage, p->count, p->total, seconds);
        else
            g_printerr("\r\033[K%s… %d s", p->stage, seconds);
        until = g_get_monotonic_time() + STEP_US;
    }
    g_mutex_unlock(&p->mutex);
    return NULL;
}

SvProgress *sv_progress_new(void)
{
    if (!isatty(STDERR_FILENO) || g_strcmp0(g_getenv("TERM"), "dumb") == 0)
        return NULL;
    SvProgress *p = g_new0(SvProgress, 1);
    g_mutex_init(&p->mutex);
    g_cond_init(&p->wake);
    p->stage = "Starting";
    p->started_us = g_get_monotonic_time();
    p->thread = g_thread_new("progress", show_progress, p);
    return p;
}

void sv_progress_stage(SvProgress *progress, const char *what)
{
    if (!progress)
        return;
    g_mutex_lock(&progress->mutex);
    progress->stage = what;
    progress->count = progress->total = 0;
    g_mutex_unlock(&progress->mutex);
}

void sv_progress_count(SvProgress *progress, guint done, guint total)
{
    if (!progress)
        return;
    g_mutex_lock(&progress->mutex);
    progress->count = done;
    progress->total = total;
    g_mutex_unlock(&progress->mutex);
}

void sv_progress_free(SvProgress *progress)
{
    if (!progress)
        return;
    g_mutex_lock(&progress->mutex);
    progress->done = TRUE;
    g_cond_signal(&progress->wake);
    g_mutex_unlock(&progress->mutex);
    g_thread_join(progress->thread);
    if (progress->shown)
        g_printerr("\r\033[K");
    g_mutex_clear(&progress->mutex);
    g_cond_clear(&progress->wake);
    g_free(progress);
}

static char *program_dir(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    return program ? g_path_get_dirname(program) : NULL;
}

char *sv_cli_data_dir(const char *wanted, GError **error)
{
    const char *named = wanted ? wanted : g_getenv("SVODKA_DATA");
    if (named && *named) {
        if (g_file_test(named, G_FILE_TEST_IS_DIR))
            return g_strdup(named);
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: no such folder (%s)", named,
            wanted ? "--data" : "SVODKA_DATA");
        return NULL;
    }
    static const char *const places[] = {"data", "../data", "../share/svodka"};
    g_autofree char *dir = program_dir();
    for (guint i = 0; dir && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *place = g_build_filename(dir, places[i], NULL);
        g_autofree char *file = g_build_filename(place, "acts.bin", NULL);
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
            return g_canonicalize_filename(place, NULL);
    }
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "the data files are not found beside the program; "
        "run make setup, or name their folder with --data or SVODKA_DATA");
    return NULL;
}

gboolean sv_cli_read_mapping(const char *path, char **mapping, GError **error)
{
    g_autoptr(GError) refused = NULL;
    if (!path || g_file_get_contents(path, mapping, NULL, &refused))
        return TRUE;
    gboolean absent = g_error_matches(refused, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(
        error, SV_ERROR, absent ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, "--mapping: %s", refused->message);
    return FALSE;
}
