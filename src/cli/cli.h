/* The command line: commands and what they share. */
#pragma once
#include "error.h"
#include "message.h"
#include "report.h"

typedef struct SvCommand {
    const char *name;
    const char *help;                  /* one line of the usage */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
} SvCommand;

extern const SvCommand sv_command_summarize, sv_command_inspect, sv_command_doctor, sv_command_feedback, sv_command_import, sv_command_serve,
    sv_command_client, sv_command_user, sv_command_team, sv_command_label, sv_command_audit,
    sv_command_erase, sv_command_backup, sv_command_restore, sv_command_rebuild;

/* Runs the command that argv[1] names; usage, --version and unknown commands too. `commands` ends with
 * NULL. */
int sv_cli_run(const SvCommand *const *commands, int argc, char **argv);
/* The word of the list (NULL at the end) that is nearest to a mistyped one; NULL when none is near. */
const char *sv_cli_nearest(const char *word, const char *const *list);

/* Where the data files are: `wanted` (an option; NULL), $SVODKA_DATA, data/ beside the program or one folder
 * above it, ../share/svodka. Newly allocated; NULL and SV_ERROR_SETUP when there is none. */
char *sv_cli_data_dir(const char *wanted, GError **error);

/* Prints "svodka COMMAND: MESSAGE" to standard error; returns the exit code. */
int sv_cli_fail(const char *command, const GError *error);
/* The same for wrong usage, with a pointer to --help. */
int sv_cli_usage(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Prints problems, one line each, but not the one that `error` (NULL) says itself; with `notes` also the
 * harmless notes. */
void sv_cli_print_report(const SvReport *report, const GError *error, gboolean notes);
/* Writes text to a file, or to standard output when path is NULL or "-". */
gboolean sv_cli_write(const char *path, const char *text, GError **error);
/* A context for a command's options: "PATH…", a summary above the options, a description with examples
 * below. */
GOptionContext *sv_cli_options(const char *arguments, const char *summary, const char *description,
    const GOptionEntry *entries);
/* Parses argv[0] … in place (argv[0] kept); TRUE when the command may go on. */
gboolean sv_cli_parse(GOptionContext *context, int *argc, char ***argv, GError **error);

/* Columns of standard output: of the terminal, else $COLUMNS, else 80; 40 … 120. */
int sv_cli_width(void);
/* May standard output be coloured? A terminal, no NO_COLOR, TERM is not dumb. */
gboolean sv_cli_colour(void);

/* Shows what is being done on standard error, when that is a terminal and it takes longer than a second. */
typedef struct SvProgress SvProgress;
SvProgress *sv_progress_new(void);
/* `what` must be a static string. */
void sv_progress_stage(SvProgress *progress, const char *what);
/* Shows how far the stage is; total 0: unknown. */
void sv_progress_count(SvProgress *progress, guint done, guint total);
/* Wipes the line. */
void sv_progress_free(SvProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvProgress, sv_progress_free)

/* "ru" or "en" → *lang; FALSE and SV_ERROR_USAGE for another word. NULL leaves *lang. */
gboolean sv_cli_lang(const char *word, int *lang, GError **error);
/* The text of the file that --mapping names; *mapping is left when `path` is NULL. */
gboolean sv_cli_read_mapping(const char *path, char **mapping, GError **error);
/* Reads a client card into the history. */
gboolean sv_cli_read_card(const char *path, SvHistory *history, SvReport *report, GError **error);
