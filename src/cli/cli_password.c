/* A password from the terminal or from standard input: see admin.h. A signal while the echo is off turns it
 * on again before the command ends. */
#include "admin.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LONGEST 1100u

void sv_cli_wipe(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    g_free(secret);
}

static void note_signal(int number)
{
    (void)number; /* that read() returns is enough */
}

/* One line without its end, at most LONGEST bytes; NULL at the end of input or after a signal. */
static char *read_line(int fd)
{
    char *line = g_malloc0(LONGEST + 1);
    for (gsize n = 0; n < LONGEST;) {
        ssize_t got = read(fd, line + n, 1);
        if (got < 0 || (got == 0 && n == 0)) {
            sv_cli_wipe(line);
            return NULL;
        }
        if (got == 0 || line[n] == '\n') {
            line[n] = '\0';
            break;
        }
        n++;
    }
    g_strchomp(line);
    return line;
}

static char *ask(const char *prompt, const char *login)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    struct sigaction note = {.sa_handler = note_signal}, before[G_N_ELEMENTS(signals)];
    struct termios shown, hidden;
    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaction(signals[i], &note, &before[i]);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    fprintf(stderr, prompt[0] == 'P' ? "Password of %s: " : "Again: ", login);
    fflush(stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    char *line = read_line(STDIN_FILENO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    return line;
}

char *sv_cli_read_password(const char *login, GError **error)
{
    gboolean terminal = isatty(STDIN_FILENO);
    char *first = terminal ? ask("Password", login) : read_line(STDIN_FILENO);
    char *second = terminal && first ? ask("Again", login) : NULL;
    gboolean same = first && (!terminal || g_strcmp0(first, second) == 0);
    sv_cli_wipe(second);
    if (same)
        return first;
    if (!first)
        g_set_error(
            error, SV_ERROR, SV_ERROR_USAGE, "no password was given on the terminal or standard input");
    else
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "the two passwords differ; nothing was changed");
    sv_cli_wipe(first);
    return NULL;
}
