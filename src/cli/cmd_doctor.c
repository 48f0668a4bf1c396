/* svodka doctor: is everything set up?
 *
 * Each check says what it looked at and, when it fails, what to do. The exit code is that of the first failed
 * check; warnings do not count. */
#include "cli.h"
#include "compose.h"
#include "json.h"
#include "source.h"
#include "sv_limits.h"
#include "words.h"
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

typedef enum { CHECK_OK, CHECK_WARNING, CHECK_FAILED } CheckState;

typedef struct {
    cJSON *checks;
    int exit_code;
    gboolean json, colour;
} Doctor;

static void tell(Doctor *doctor, CheckState state, const char *name, const char *found, const char *remedy)
{
    static const char *const states[] = {"ok", "warning", "failed"};
    static const char *const colours[] = {"\033[32m", "\033[33m", "\033[31m"};
    cJSON *item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "check", name);
    cJSON_AddStringToObject(item, "state", states[state]);
    cJSON_AddStringToObject(item, "found", found);
    if (state != CHECK_OK && remedy)
        cJSON_AddStringToObject(item, "remedy", remedy);
    cJSON_AddItemToArray(doctor->checks, item);
    if (state == CHECK_FAILED && !doctor->exit_code)
        doctor->exit_code = sv_error_info(SV_ERROR_SETUP)->exit_code;
    if (doctor->json)
        return;
    printf("%s%-8s%s%-11s%s\n", doctor->colour ? colours[state] : "", states[state],
        doctor->colour ? "\033[0m" : "", name, found);
    if (state != CHECK_OK && remedy)
        printf("%-19s%s\n", "", remedy);
}

static void check_versions(Doctor *doctor)
{
    g_autofree char *found = g_strdup_printf("svodka %s, GLib %u.%u.%u, cJSON %s", SV_VERSION,
        glib_major_version, glib_minor_version, glib_micro_version, cJSON_Version());
    tell(doctor, CHECK_OK, "version", found, NULL);
}

static gboolean check_file(Doctor *doctor, const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    g_autofree char *found =
        file ? g_strdup_printf("%s, %.1f MB", path, (double)g_mapped_file_get_length(file) / 1e6)
             : g_strdup_printf("%s cannot be read", path);
    tell(doctor, file ? CHECK_OK : CHECK_FAILED, "file", found, "Run make setup, then make.");
    return file != NULL;
}

static void check_data(Doctor *doctor, const char *wanted)
{
    static const char *const files[] = {"morph.bin", "acts.bin", "worth.txt"};
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = sv_cli_data_dir(wanted, &error);
    if (!dir) {
        tell(doctor, CHECK_FAILED, "data", error->message, NULL);
        return;
    }
    tell(doctor, CHECK_OK, "data", dir, NULL);
    gboolean whole = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        whole = check_file(doctor, dir, files[i]) && whole;
    if (!whole)
        return;
    g_autoptr(SvEngine) engine = sv_engine_open(dir, &error);
    gboolean whole_files = engine && sv_engine_check(engine, &error);
    tell(doctor, whole_files ? CHECK_OK : CHECK_FAILED, "engine",
        whole_files ? "models and dictionary are whole" : error->message, "Run make setup, then make.");
}

static void check_sources(Doctor *doctor)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (const SvSource *const *source = sv_sources; *source; source++)
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", (*source)->name);
    tell(doctor, names->len ? CHECK_OK : CHECK_FAILED, "formats", names->str,
        "The program is built without formats.");
}

static void check_words(Doctor *doctor)
{
    gboolean there = strcmp(sv_word(SV_LANG_RU, "title.tasks"), "title.tasks") != 0;
    tell(doctor, there ? CHECK_OK : CHECK_FAILED, "words",
        there ? "Russian, English" : "the table is missing", "Build the program anew.");
}

static void check_locale(Doctor *doctor)
{
    const char *charset = nl_langinfo(CODESET);
    gboolean utf8 = g_ascii_strcasecmp(charset, "UTF-8") == 0;
    tell(doctor, utf8 ? CHECK_OK : CHECK_WARNING, "locale", charset,
        "Set LC_ALL=C.UTF-8, or letters may be lost on the terminal.");
}

static void check_zones(Doctor *doctor)
{
    static const char *const zones[] = {"Asia/Almaty", "Europe/Moscow", "Europe/London"};
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_autoptr(GTimeZone) zone = sv_zone_parse(zones[i]);
        if (zone)
            continue;
        tell(doctor, CHECK_FAILED, "zones", zones[i], "Install the time zone data (package tzdata).");
        return;
    }
    tell(doctor, CHECK_OK, "zones", "time zones are known", NULL);
}

static void check_limits(Doctor *doctor)
{
    struct rlimit files = {0, 0}, memory = {0, 0};
    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_AS, &memory);
    gboolean enough =
        files.rlim_cur >= 64 && (memory.rlim_cur == RLIM_INFINITY || memory.rlim_cur >= (1ull << 30));
    g_autofree char *found = memory.rlim_cur == RLIM_INFINITY
        ? g_strdup_printf("%llu open files, memory unlimited", (unsigned long long)files.rlim_cur)
        : g_strdup_printf("%llu open files, %llu MB of memory", (unsigned long long)files.rlim_cur,
              (unsigned long long)memory.rlim_cur >> 20);
    tell(doctor, enough ? CHECK_OK : CHECK_WARNING, "system", found,
        "Raise the limits: 64 files and 1 GB are needed.");
    g_autofree char *ours = g_strdup_printf(
        "%u MB a file, %u files, %u messages a client", SV_MAX_FILE >> 20, SV_MAX_FILES, SV_MAX_MESSAGES);
    tell(doctor, CHECK_OK, "limits", ours, NULL);
}

static int run(int argc, char **argv)
{
    g_autofree char *data = NULL;
    gboolean json = FALSE;
    g_auto(GStrv) rest = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON document", NULL},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Where the data files are", "DIR"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = sv_cli_options(NULL,
        "Looks whether everything is set up: data files, versions, locale, time zones,\n"
        "limits. The exit code is 0 when nothing failed, 8 otherwise.",
        "Example:\n  svodka doctor --json\n", entries);
    if (!sv_cli_parse(context, &argc, &argv, &error))
        return sv_cli_fail("doctor", error);
    if (rest)
        return sv_cli_usage("doctor", "it takes no arguments");
    g_autoptr(cJSON) document = cJSON_CreateObject();
    Doctor doctor = {cJSON_AddArrayToObject(document, "checks"), 0, json, sv_cli_colour()};
    check_versions(&doctor);
    check_data(&doctor, data);
    check_sources(&doctor);
    check_words(&doctor);
    check_locale(&doctor);
    check_zones(&doctor);
    check_limits(&doctor);
    if (json) {
        cJSON_AddBoolToObject(document, "ok", doctor.exit_code == 0);
        char *text = cJSON_Print(document);
        puts(text);
        cJSON_free(text);
    }
    return doctor.exit_code;
}

const SvCommand sv_command_doctor = {"doctor", "is everything set up?", run};
