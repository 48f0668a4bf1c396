/* A paper as Markdown (CommonMark with task lists and footnotes): see paper.h.
 *
 * Every run is escaped by sv_markdown_add_text(), so that text can make neither a link nor a heading. */
#include "paper.h"
#include "render.h"

static void add_run(GString *out, const SvRun *run)
{
    static const char *const around[] = {
        [SV_RUN_PLAIN] = "",
        [SV_RUN_LEAD] = "**",
        [SV_RUN_DETAIL] = "*",
        [SV_RUN_LATE] = "**",
        [SV_RUN_QUOTE] = "",
    };
    if (run->kind == SV_RUN_REF) {
        g_string_append_printf(out, "[^%u]", run->number);
        return;
    }
    gsize len = strlen(run->text);
    if (run->text[0] == ' ')
        g_string_append_c(out, ' ');
    g_string_append(out, around[run->kind]);
    sv_markdown_add_text(out, run->text);
    g_string_append(out, around[run->kind]);
    if (len > 1 && run->text[len - 1] == ' ')
        g_string_append_c(out, ' ');
}

static gboolean is_item(SvBlockKind kind)
{
    return kind == SV_BLOCK_ITEM || kind == SV_BLOCK_TASK || kind == SV_BLOCK_TASK_CLOSED ||
           kind == SV_BLOCK_NUMBERED;
}

static void add_block(GString *out, const SvBlock *block, const SvBlock *before)
{
    static const char *const marks[SV_BLOCK_N] = {
        [SV_BLOCK_HEADING] = "## ",
        [SV_BLOCK_SUBHEADING] = "### ",
        [SV_BLOCK_PARAGRAPH] = "",
        [SV_BLOCK_REMARK] = "",
        [SV_BLOCK_ITEM] = "- ",
        [SV_BLOCK_TASK] = "- [ ] ",
        [SV_BLOCK_TASK_CLOSED] = "- [x] ",
    };
    if (!before || !is_item(block->kind) || !is_item(before->kind))
        g_string_append_c(out, '\n');
    if (block->kind == SV_BLOCK_NUMBERED)
        g_string_append_printf(out, "%u. ", block->number);
    else if (block->kind == SV_BLOCK_NOTE)
        g_string_append_printf(out, "[^%u]: ", block->number);
    else
        g_string_append(out, marks[block->kind]);
    for (guint i = 0; i < block->runs->len; i++)
        add_run(out, block->runs->pdata[i]);
    g_string_append_c(out, '\n');
}

char *sv_paper_markdown(const SvPaper *paper)
{
    GString *out = g_string_sized_new(paper->bytes + paper->bytes / 4 + 256);
    const SvBlock *before = NULL;
    if (*paper->title) {
        g_string_append(out, "# ");
        sv_markdown_add_text(out, paper->title);
        g_string_append_c(out, '\n');
    }
    if (*paper->subtitle) {
        g_string_append(out, "\n*");
        sv_markdown_add_text(out, paper->subtitle);
        g_string_append(out, "*\n");
    }
    for (guint i = 0; i < paper->blocks->len; i++) {
        const SvBlock *block = paper->blocks->pdata[i];
        if (!block->runs->len)
            continue;
        add_block(out, block, before);
        before = block;
    }
    if (out->len && out->str[0] == '\n')
        g_string_erase(out, 0, 1);
    return g_string_free(out, FALSE);
}
