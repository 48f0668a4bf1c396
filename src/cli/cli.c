/* What all commands share: dispatch, errors, output, options. See cli.h.
 *
 * Errors go to standard error as one line; results go to standard output or a file. A file is written whole
 * or not at all. */
#include "cli.h"
#include "language.h"
#include "source.h"
#include "sv_limits.h"
#include "utf8.h"
#include <stdio.h>
#include <string.h>

#define MAX_WORD 64

static void print_usage(const SvCommand *const *commands, FILE *to)
{
    fputs("Usage: svodka COMMAND [OPTION…]\n\n"
          "Tells what matters about a client from everything that was written and said,\n"
          "each sentence with the message that proves it.\n\nCommands:\n", to);
    for (const SvCommand *const *c = commands; *c; c++)
        fprintf(to, "  %-12s%s\n", (*c)->name, (*c)->help);
    fputs("\n“svodka COMMAND --help” tells more of each.\n\nExample:\n"
          "  svodka summarize mail.mbox chats/ calls.zip --card client.json\n\nExit codes:\n", to);
    fprintf(to, "  %2d  %s\n", 0, "all is well");
    for (int i = 0; i < SV_ERROR_N; i++)
        fprintf(
            to, "  %2d  %s\n", sv_error_info((SvErrorCode)i)->exit_code, sv_error_info((SvErrorCode)i)->help);
}

/* Letters to insert, delete, replace or swap with the neighbour: optimal string alignment distance. */
static guint distance(const char *a, const char *b)
{
    gsize n = MIN(strlen(a), MAX_WORD), m = MIN(strlen(b), MAX_WORD);
    guint rows[MAX_WORD + 1][MAX_WORD + 1];
    for (gsize i = 0; i <= n; i++)
        for (gsize k = 0; k <= m; k++) {
            if (!i || !k) {
                rows[i][k] = (guint)(i + k);
                continue;
            }
            guint best = MIN(rows[i - 1][k], rows[i][k - 1]) + 1;
            best = MIN(best, rows[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                best = MIN(best, rows[i - 2][k - 2] + 1);
            rows[i][k] = best;
        }
    return rows[n][m];
}

const char *sv_cli_nearest(const char *word, const char *const *list)
{
    const char *nearest = NULL;
    guint best = MAX(2, (guint)strlen(word) / 3) + 1;
    for (const char *const *one = list; *one; one++) {
        guint d = strlen(word) >= 3 && g_str_has_prefix(*one, word) ? 0 : distance(word, *one);
        if (d < best) {
            best = d;
            nearest = *one;
        }
    }
    return nearest;
}

static int unknown_command(const SvCommand *const *commands, const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const SvCommand *const *c = commands; *c; c++)
        g_ptr_array_add(names, (gpointer)(*c)->name);
    g_ptr_array_add(names, NULL);
    const char *nearest = sv_cli_nearest(word, (const char *const *)names->pdata);
    g_autofree char *shown = g_strescape(word, NULL);
    if (nearest)
        return sv_cli_usage(NULL, "there is no command “%s”; did you mean “%s”?", shown, nearest);
    return sv_cli_usage(NULL, "there is no command “%s”", shown);
}

int sv_cli_run(const SvCommand *const *commands, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    gboolean help = word && (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help"));
    if (word && (!strcmp(word, "--version") || !strcmp(word, "-V"))) {
        puts("svodka " SV_VERSION);
        return 0;
    }
    if (!word || (help && argc == 2)) {
        print_usage(commands, help ? stdout : stderr);
        return help ? 0 : sv_error_info(SV_ERROR_USAGE)->exit_code;
    }
    char *asked[] = {help ? argv[2] : argv[1], (char *)"--help", NULL};
    for (const SvCommand *const *c = commands; *c; c++)
        if (strcmp(asked[0], (*c)->name) == 0)
            return help ? (*c)->run(2, asked) : (*c)->run(argc - 1, argv + 1);
    return unknown_command(commands, asked[0]);
}

/* Names of files and reasons without control characters: a file name must not steer the terminal. */
static void print_line(const char *line)
{
    g_autofree char *clean = sv_utf8_clean(line, strlen(line));
    for (char *p = clean; *p; p++)
        if ((guchar)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    g_printerr("%s\n", clean);
}

int sv_cli_fail(const char *command, const GError *error)
{
    g_autofree char *line =
        g_strdup_printf("svodka %s: %s", command, error ? error->message : "unknown error");
    print_line(line);
    return error ? sv_error_exit_code(error) : sv_error_info(SV_ERROR_BUG)->exit_code;
}

int sv_cli_usage(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *name = command ? g_strconcat("svodka ", command, NULL) : g_strdup("svodka");
    g_printerr("%s: %s. See “%s --help”.\n", name, text, name);
    return sv_error_info(SV_ERROR_USAGE)->exit_code;
}

void sv_cli_print_report(const SvReport *report, const GError *error, gboolean notes)
{
    for (guint i = 0; i < report->problems->len; i++) {
        g_autofree char *line = sv_problem_format(report->problems->pdata[i]);
        if (!error || !strstr(error->message, line))
            print_line(line);
    }
    if (report->n_problems > report->problems->len)
        g_printerr("and %u more problems\n", report->n_problems - report->problems->len);
    for (guint i = 0; notes && i < report->notes->len; i++)
        print_line(report->notes->pdata[i]);
}

gboolean sv_cli_write(const char *path, const char *text, GError **error)
{
    if (path && strcmp(path, "-") != 0) {
        g_autoptr(GError) refused = NULL;
        if (g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &refused))
            return TRUE;
        g_set_error(error, SV_ERROR, SV_ERROR_IO, "%s", refused->message);
        return FALSE;
    }
    gsize len = strlen(text);
    if (fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_IO, "standard output could not be written: %s", g_strerror(errno));
    return FALSE;
}

GOptionContext *sv_cli_options(const char *arguments, const char *summary, const char *description,
    const GOptionEntry *entries)
{
    GOptionContext *context = g_option_context_new(arguments);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

gboolean sv_cli_parse(GOptionContext *context, int *argc, char ***argv, GError **error)
{
    g_autofree char *program = g_strconcat("svodka ", (*argv)[0], NULL);
    g_set_prgname(program);
    g_autoptr(GError) wrong = NULL;
    if (g_option_context_parse(context, argc, argv, &wrong))
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "%s. See “%s --help”.", wrong->message, program);
    return FALSE;
}

gboolean sv_cli_lang(const char *word, int *lang, GError **error)
{
    if (!word)
        return TRUE;
    if (strcmp(word, "ru") != 0 && strcmp(word, "en") != 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--lang is “ru” or “en”, not “%s”", word);
        return FALSE;
    }
    *lang = *word == 'r' ? SV_LANG_RU : SV_LANG_EN;
    return TRUE;
}

gboolean sv_cli_read_card(const char *path, SvHistory *history, SvReport *report, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    g_autoptr(GError) refused = NULL;
    if (!g_file_get_contents(path, &bytes, &len, &refused)) {
        gboolean absent = g_error_matches(refused, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        g_set_error(error, SV_ERROR, absent ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, "%s", refused->message);
        return FALSE;
    }
    if (len > SV_MAX_FILE) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "%s is too large for a client card", path);
        return FALSE;
    }
    SvInput input = {.name = path, .bytes = bytes, .len = len, .folder = ""};
    return sv_source_card.read(&input, history, report, error);
}
