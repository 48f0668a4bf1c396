/* The command table: every command of the program, in the order of the usage. */
#include "cli.h"
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAP_STEP (64u << 20)
#define HUGE_PAGE ((gsize)2 << 20)
#define FIRST_STEP ((gsize)256 << 10)

/* One run, one heap: it grows in large steps, never gives back, and lies on huge pages where the system has
 * them, because the first touch of every page is a call to the kernel. */
static void prepare_heap(void)
{
    mallopt(M_TOP_PAD, HEAP_STEP);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    /* What makes the heap grow touches its first pages before they can be huge: they go before a border. */
    gsize gap = (2 * HUGE_PAGE - FIRST_STEP - (gsize)sbrk(0) % HUGE_PAGE) % HUGE_PAGE;
    if (sbrk((intptr_t)gap) == (void *)-1)
        return;
    char *from = (char *)sbrk(0) + FIRST_STEP;
    void *volatile first = malloc(FIRST_STEP / 4 * 3); /* volatile, or the compiler drops both calls */
    free(first);
    char *to = sbrk(0);
    if (from < to)
        madvise(from, (gsize)(to - from), MADV_HUGEPAGE);
}

int main(int argc, char **argv)
{
    static const SvCommand *const commands[] = {
        &sv_command_summarize,
        &sv_command_serve,
        &sv_command_inspect,
        &sv_command_import,
        &sv_command_client,
        &sv_command_user,
        &sv_command_team,
        &sv_command_label,
        &sv_command_audit,
        &sv_command_erase,
        &sv_command_backup,
        &sv_command_restore,
        &sv_command_rebuild,
        &sv_command_feedback,
        &sv_command_doctor,
        NULL,
    };
    prepare_heap();
    setlocale(LC_CTYPE, ""); /* not LC_NUMERIC: a decimal comma would break every format */
    return sv_cli_run(commands, argc, argv);
}
