/* The command table: every command of the program, in the order of the usage. */
#include "cli.h"
#include <locale.h>
#include <malloc.h>

int main(int argc, char **argv)
{
    static const SvCommand *const commands[] = {
        &sv_command_summarize,
        &sv_command_inspect,
        &sv_command_doctor,
        NULL,
    };
    /* one run, one heap: growing it in large steps and never giving back saves calls to the system */
    mallopt(M_TOP_PAD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    setlocale(LC_CTYPE, ""); /* not LC_NUMERIC: a decimal comma would break every format */
    return sv_cli_run(commands, argc, argv);
}
