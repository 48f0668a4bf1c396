/* An edited text → a paper: see deliver.h.
 *
 * Line by line, as the page gives it: a mark at the start of a line makes a heading, an item or a task, every
 * other line is a paragraph. Inside a line nothing is markup: what a person wrote is shown as written.
 *
 * Does not do: emphasis, links, tables, code, quotes, HTML. */
#include "paper.h"
#include "error.h"
#include "utf8.h"

static const struct {
    const char *mark;
    SvBlockKind kind;
} marks[] = {
    {"# ", SV_BLOCK_HEADING},
    {"## ", SV_BLOCK_HEADING},
    {"### ", SV_BLOCK_SUBHEADING},
    {"- [ ] ", SV_BLOCK_TASK},
    {"- [x] ", SV_BLOCK_TASK_CLOSED},
    {"- ", SV_BLOCK_ITEM},
    {"* ", SV_BLOCK_ITEM},
    {"• ", SV_BLOCK_ITEM},
};

/* What a line is, and where its words begin; FALSE: a plain line. */
static gboolean find_mark(const char *line, SvBlockKind *kind, guint *number, const char **words)
{
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (!g_str_has_prefix(line, marks[i].mark))
            continue;
        *kind = marks[i].kind;
        *words = line + strlen(marks[i].mark);
        return TRUE;
    }
    gsize digits = strspn(line, "0123456789");
    if (digits == 0 || digits > 3 || (line[digits] != '.' && line[digits] != ')') || line[digits + 1] != ' ')
        return FALSE;
    *kind = SV_BLOCK_NUMBERED;
    *number = (guint)g_ascii_strtoull(line, NULL, 10);
    *words = line + digits + 2;
    return TRUE;
}

static void add_line(SvPaper *paper, char *line, gboolean *titled)
{
    SvBlockKind kind = SV_BLOCK_PARAGRAPH;
    guint number = 0;
    const char *words = g_strstrip(line);
    if (!*words)
        return;
    if (!*titled && g_str_has_prefix(line, "# ")) {
        *titled = TRUE;
        g_free(paper->title);
        paper->title = sv_paper_line(line + 2);
        return;
    }
    find_mark(line, &kind, &number, &words);
    sv_paper_put(paper, sv_paper_add(paper, kind, number), SV_RUN_PLAIN, words);
}

SvPaper *sv_paper_of_text(const char *text, const char *title, GError **error)
{
    gsize len = strlen(text);
    if (len > SV_PAPER_BYTES) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "the text is longer than %u KiB", SV_PAPER_BYTES >> 10);
        return NULL;
    }
    g_autofree char *clean = sv_utf8_clean(text, len);
    gboolean russian = !*clean || sv_utf8_has_cyrillic(clean, strlen(clean));
    g_autoptr(SvPaper) paper = sv_paper_new(russian ? SV_LANG_RU : SV_LANG_EN);
    gboolean titled = FALSE;
    if (title) {
        g_free(paper->title);
        paper->title = sv_paper_line(title);
    }
    for (char *line = clean, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        add_line(paper, line, &titled);
    }
    if (paper->too_long) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "the text has more than %u lines", SV_PAPER_BLOCKS);
        return NULL;
    }
    return g_steal_pointer(&paper);
}
