/* A text as Markdown, DOCX or PDF: see paper.h.
 *
 * Keeps true: nothing of the text is taken for markup of the document that is made. */
#include "paper.h"
#include "error.h"
#include "utf8.h"
#include <string.h>

SvPaperLine sv_paper_line(const char *line, const char **words)
{
    static const struct {
        const char *mark;
        SvPaperLine kind;
    } MARKS[] = {{"# ", SV_PAPER_TITLE}, {"## ", SV_PAPER_HEADING}, {"### ", SV_PAPER_HEADING}, {"- ", SV_PAPER_ITEM}};
    for (guint i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        if (!g_str_has_prefix(line, MARKS[i].mark))
            continue;
        *words = line + strlen(MARKS[i].mark);
        return MARKS[i].kind;
    }
    *words = line;
    return SV_PAPER_PLAIN;
}

/* Characters that Markdown would read as marks. */
static void add_escaped(GString *out, const char *words)
{
    for (const char *p = words; *p; p++) {
        if (strchr("\\`*_[]<>#|", *p))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
}

static char *make_markdown(const char *text, gsize *len)
{
    static const char *const BEFORE[] = {"# ", "\n## ", "- ", "\n"};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_sized_new(strlen(text) + 256);
    SvPaperLine last = SV_PAPER_PLAIN;
    for (guint i = 0; lines[i]; i++) {
        const char *words;
        if (!*lines[i])
            continue;
        SvPaperLine kind = sv_paper_line(lines[i], &words);
        if (kind == SV_PAPER_ITEM && last != SV_PAPER_ITEM)
            g_string_append_c(out, '\n');
        g_string_append(out, BEFORE[kind]);
        add_escaped(out, words);
        g_string_append_c(out, '\n');
        last = kind;
    }
    *len = out->len;
    return g_string_free(out, FALSE);
}

char *sv_paper_make(const char *kind, const char *title, const char *text, gsize *len, const char **type, GError **error)
{
    gsize size = strlen(text);
    if (size > SV_PAPER_MAX) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "the text is longer than a document may be");
        return NULL;
    }
    g_autofree char *clean = sv_utf8_clean(text, size), *clean_title = sv_utf8_clean(title, strlen(title));
    if (g_strcmp0(kind, "pdf") == 0) {
        *type = "application/pdf";
        return sv_paper_pdf(clean_title, clean, len, error);
    }
    if (g_strcmp0(kind, "docx") == 0) {
        *type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        return sv_paper_docx(clean_title, clean, len, error);
    }
    if (g_strcmp0(kind, "md") == 0) {
        *type = "text/markdown; charset=utf-8";
        return make_markdown(clean, len);
    }
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a document is made as pdf, docx or md");
    return NULL;
}
