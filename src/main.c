/* The command table: every command of the program, in the order of the usage. */
#include "cli.h"
#include <locale.h>

int main(int argc, char **argv)
{
    static const SvCommand *const commands[] = {
        &sv_command_summarize,
        &sv_command_inspect,
        &sv_command_doctor,
        NULL,
    };
    setlocale(LC_CTYPE, ""); /* not LC_NUMERIC: a decimal comma would break every format */
    return sv_cli_run(commands, argc, argv);
}
