/* What the commands that use a store share: see cli_store.h. */
#include "cli_store.h"

SvPool *sv_cli_open_store(const char *wanted, gboolean must_exist, GError **error)
{
    const char *named = wanted ? wanted : g_getenv("SVODKA_DB");
    const char *where = named && *named ? named : "svodka.db";
    if (!must_exist || g_file_test(where, G_FILE_TEST_EXISTS))
        return sv_pool_open(where, error);
    g_autofree char *shown = g_utf8_make_valid(where, -1);
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND,
        "%s: there is no such database. Name it with --db or SVODKA_DB; “svodka import” makes one", shown);
    return NULL;
}

gboolean sv_cli_print_json(cJSON *document, GError **error)
{
    char *text = cJSON_Print(document);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    cJSON_free(text);
    cJSON_Delete(document);
    return sv_cli_write(NULL, line, error);
}

SvEngine *sv_cli_open_engine(const char *data_dir, const char *database, char **worth, GError **error)
{
    g_autofree char *path = g_strconcat(database, "-worth.txt", NULL);
    g_autoptr(GError) unfit = NULL;
    if (worth)
        *worth = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return sv_engine_open(data_dir, error);
    SvEngine *engine = sv_engine_open_with(data_dir, path, &unfit);
    if (engine && worth)
        *worth = g_steal_pointer(&path);
    if (engine)
        return engine;
    g_printerr("svodka: %s\n", unfit->message);
    return sv_engine_open(data_dir, error);
}

char *sv_cli_fit_program(GError **error)
{
    static const char *const places[] = {".", "src/learn", "../libexec/svodka"};
    const char *named = g_getenv("SVODKA_FIT");
    if (named && *named)
        return g_strdup(named);
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = program ? g_path_get_dirname(program) : NULL;
    for (guint i = 0; dir && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(dir, places[i], "svodka-fit", NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP,
        "svodka-fit, which learns, is not found beside the program; install it or name it with SVODKA_FIT");
    return NULL;
}
