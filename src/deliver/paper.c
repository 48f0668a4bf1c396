/* The paper itself and the doors of the folder: see paper.h and deliver.h.
 *
 * Keeps true: text comes into a paper only through sv_paper_line(), so that no writer meets an ill-formed
 * byte, a control character or a line break. A paper is bounded in bytes and blocks; one that grew over them
 * is refused whole, never cut in silence. */
#include "paper.h"
#include "deliver.h"
#include "error.h"
#include "utf8.h"

static void free_run(gpointer data)
{
    SvRun *run = data;
    g_free(run->text);
    g_free(run);
}

static void free_block(gpointer data)
{
    SvBlock *block = data;
    g_ptr_array_unref(block->runs);
    g_free(block);
}

SvPaper *sv_paper_new(SvLang language)
{
    SvPaper *paper = g_new0(SvPaper, 1);
    paper->language = language;
    paper->title = g_strdup("");
    paper->subtitle = g_strdup("");
    paper->blocks = g_ptr_array_new_with_free_func(free_block);
    return paper;
}

void sv_paper_free(SvPaper *paper)
{
    if (!paper)
        return;
    g_free(paper->title);
    g_free(paper->subtitle);
    g_free(paper->as_of);
    g_ptr_array_unref(paper->blocks);
    g_free(paper);
}

static gboolean is_space(gunichar c)
{
    return c <= 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

/* Turns the direction of text, hides it, or is none in XML. */
static gboolean is_banned(gunichar c)
{
    return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

/* Adds text as one line; `edges`: a space at either end stays. */
static void add_line(GString *out, const char *text, gboolean edges)
{
    g_autofree char *clean = sv_utf8_clean(text, strlen(text));
    gsize start = out->len;
    gboolean space = FALSE;
    for (const char *p = clean; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (is_space(c)) {
            space = TRUE;
            continue;
        }
        if (is_banned(c))
            continue;
        if (space && (edges || out->len > start))
            g_string_append_c(out, ' ');
        space = FALSE;
        g_string_append_unichar(out, c);
    }
    if (space && edges)
        g_string_append_c(out, ' ');
}

char *sv_paper_line(const char *text)
{
    GString *out = g_string_new(NULL);
    add_line(out, text, FALSE);
    return g_string_free(out, FALSE);
}

SvBlock *sv_paper_add(SvPaper *paper, SvBlockKind kind, guint number)
{
    if (paper->blocks->len >= SV_PAPER_BLOCKS || paper->bytes > SV_PAPER_BYTES) {
        paper->too_long = TRUE;
        return NULL;
    }
    SvBlock *block = g_new0(SvBlock, 1);
    block->kind = kind;
    block->number = number;
    block->runs = g_ptr_array_new_with_free_func(free_run);
    g_ptr_array_add(paper->blocks, block);
    return block;
}

static void add_run(SvPaper *paper, SvBlock *block, SvRunKind kind, char *text, guint number)
{
    SvRun *run = g_new0(SvRun, 1);
    run->kind = kind;
    run->text = text;
    run->number = number;
    paper->bytes += strlen(text);
    g_ptr_array_add(block->runs, run);
}

void sv_paper_put(SvPaper *paper, SvBlock *block, SvRunKind kind, const char *text)
{
    if (!block || !text)
        return;
    GString *line = g_string_new(NULL);
    add_line(line, text, TRUE);
    if (line->len && paper->bytes + line->len <= SV_PAPER_BYTES) {
        add_run(paper, block, kind, g_string_free(line, FALSE), 0);
        return;
    }
    paper->too_long = paper->too_long || line->len;
    g_string_free(line, TRUE);
}

void sv_paper_put_ref(SvPaper *paper, SvBlock *block, guint number)
{
    if (block)
        add_run(paper, block, SV_RUN_REF, g_strdup_printf("%u", number), number);
}

char *sv_deliver_markdown(const cJSON *document, const char *title)
{
    g_autoptr(SvPaper) paper = sv_paper_of_document(document, title, NULL);
    return paper ? sv_paper_markdown(paper) : g_strdup("");
}

GBytes *sv_deliver_pdf(const cJSON *document, const char *title, GError **error)
{
    g_autoptr(SvPaper) paper = sv_paper_of_document(document, title, error);
    return paper ? sv_paper_pdf(paper, error) : NULL;
}

GBytes *sv_deliver_docx(const cJSON *document, const char *title, GError **error)
{
    g_autoptr(SvPaper) paper = sv_paper_of_document(document, title, error);
    return paper ? sv_paper_docx(paper, error) : NULL;
}

char *sv_deliver_markdown_edited(const char *text, const char *title, GError **error)
{
    g_autoptr(SvPaper) paper = sv_paper_of_text(text, title, error);
    return paper ? sv_paper_markdown(paper) : NULL;
}

GBytes *sv_deliver_pdf_edited(const char *text, const char *title, GError **error)
{
    g_autoptr(SvPaper) paper = sv_paper_of_text(text, title, error);
    return paper ? sv_paper_pdf(paper, error) : NULL;
}

GBytes *sv_deliver_docx_edited(const char *text, const char *title, GError **error)
{
    g_autoptr(SvPaper) paper = sv_paper_of_text(text, title, error);
    return paper ? sv_paper_docx(paper, error) : NULL;
}
