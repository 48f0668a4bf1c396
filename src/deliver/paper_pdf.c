/* A paper as PDF: A4, one column, a number on every page. Pango finds fonts and breaks lines, cairo draws.
 *
 * First every block becomes lines that have a page and a place on it, then the pages are drawn; so a footer
 * can say how many there are. A paragraph goes over the end of a page line by line, a heading stays with what
 * follows it. A reference is a link to its note.
 *
 * Keeps true: text is set as text and attributes, never as markup. The date inside is that of the document.
 * Layouts are made from the font map of the thread, so papers may be made on several threads at once. */
#include "paper.h"
#include "error.h"
#include "words.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define WIDTH 595.28 /* points */
#define HEIGHT 841.89
#define SIDE 64.0
#define TOP 60.0
#define BOTTOM 66.0
#define LEADING 1.22 /* of a line's own height */
#define FONTS "DejaVu Sans, Sans"
#define PIECE 8192u /* a longer block is laid out in pieces: Pango's time grows faster than the text */
#define HEADING_NEEDS 46.0
#define MOST_PAGES 3000u

typedef struct {
    double size, before, after, indent;
    gboolean bold;
    double grey;
} Look;

static const Look looks[SV_BLOCK_N] = {
    [SV_BLOCK_HEADING] = {12.5, 15, 4, 0, TRUE, 0},
    [SV_BLOCK_SUBHEADING] = {10, 8, 2, 0, TRUE, 0.25},
    [SV_BLOCK_PARAGRAPH] = {10, 0, 5, 0, FALSE, 0},
    [SV_BLOCK_REMARK] = {8.5, 3, 4, 0, FALSE, 0.35},
    [SV_BLOCK_ITEM] = {10, 0, 4, 15, FALSE, 0},
    [SV_BLOCK_TASK] = {10, 0, 4, 17, FALSE, 0},
    [SV_BLOCK_TASK_CLOSED] = {10, 0, 4, 17, FALSE, 0.35},
    [SV_BLOCK_NUMBERED] = {10, 0, 4, 22, FALSE, 0},
    [SV_BLOCK_NOTE] = {8.5, 0, 3, 26, FALSE, 0.15},
};
static const Look title_look = {19, 0, 3, 0, TRUE, 0};
static const Look subtitle_look = {9.5, 0, 8, 0, FALSE, 0.35};

typedef struct {
    PangoLayoutLine *line;
    double x, baseline, grey;
    guint page;
} Placed;

typedef struct {
    guint page, note;
    double x, y, width, height;
} Link; /* `width` 0: the note itself */

typedef struct {
    PangoContext *context;
    GArray *placed, *links;
    double y;
    guint page;
    gboolean full;
} Pages;

static void clear_placed(gpointer data)
{
    pango_layout_line_unref(((Placed *)data)->line);
}

static PangoLayout *new_layout(Pages *pages, const Look *look, const char *text, double width)
{
    PangoLayout *layout = pango_layout_new(pages->context);
    PangoFontDescription *font = pango_font_description_from_string(FONTS);
    pango_font_description_set_absolute_size(font, look->size * PANGO_SCALE);
    pango_font_description_set_weight(font, look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static void turn_page(Pages *pages)
{
    pages->full = ++pages->page >= MOST_PAGES;
    pages->y = TOP;
}

static double height_of(PangoLayoutLine *line, double *ascent)
{
    PangoRectangle extents;
    pango_layout_line_get_extents(line, NULL, &extents);
    *ascent = -extents.y / (double)PANGO_SCALE;
    return extents.height / (double)PANGO_SCALE * LEADING;
}

static void place(Pages *pages, PangoLayoutLine *line, double x, double baseline, double grey)
{
    Placed placed = {pango_layout_line_ref(line), x, baseline, grey, pages->page};
    g_array_append_val(pages->placed, placed);
}

/* ── links ── */

/* The parts of a piece of text that are references. */
typedef struct {
    guint from, to, note;
} Reference;

static void add_links(
    Pages *pages, PangoLayoutLine *line, const GArray *references, double x, double baseline, double up)
{
    for (guint i = 0; references && i < references->len; i++) {
        const Reference *r = &g_array_index(references, Reference, i);
        int start = pango_layout_line_get_start_index(line), from, to;
        if ((int)r->from < start || (int)r->from >= start + pango_layout_line_get_length(line))
            continue;
        pango_layout_line_index_to_x(line, (int)r->from, FALSE, &from);
        pango_layout_line_index_to_x(line, (int)r->to, FALSE, &to);
        Link link = {pages->page, r->note, x + from / (double)PANGO_SCALE, baseline - up,
            MAX((to - from) / (double)PANGO_SCALE, 2), up + 2};
        g_array_append_val(pages->links, link);
    }
}

/* ── blocks ── */

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, guint from, guint to)
{
    attribute->start_index = from;
    attribute->end_index = to;
    pango_attr_list_insert(list, attribute);
}

static void add_style(PangoAttrList *list, SvRunKind kind, double size, guint from, guint to)
{
    if (kind == SV_RUN_LEAD || kind == SV_RUN_LATE)
        add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
    if (kind == SV_RUN_DETAIL)
        add_attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
    if (kind != SV_RUN_REF)
        return;
    add_attribute(list, pango_attr_scale_new(0.65), from, to);
    add_attribute(list, pango_attr_rise_new((int)(size * 0.36 * PANGO_SCALE)), from, to);
    add_attribute(list, pango_attr_foreground_new(0x3a3a, 0x5f5f, 0x8a8a), from, to);
}

/* Places the lines of a layout; `mark` stands before the first. */
static void place_lines(
    Pages *pages, PangoLayout *layout, const Look *look, PangoLayoutLine *mark, const GArray *references)
{
    int n = pango_layout_get_line_count(layout);
    for (int i = 0; i < n && !pages->full; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        double ascent, height = height_of(line, &ascent);
        if (pages->y + height > HEIGHT - BOTTOM)
            turn_page(pages);
        double baseline = pages->y + ascent;
        if (mark && i == 0)
            place(pages, mark, SIDE, baseline, look->grey);
        place(pages, line, SIDE + look->indent, baseline, look->grey);
        add_links(pages, line, references, SIDE + look->indent, baseline, ascent);
        pages->y += height;
    }
}

/* A piece of a block: text, how it looks, where its references are. */
typedef struct {
    GString *text;
    PangoAttrList *attributes;
    GArray *references;
} Piece;

static Piece new_piece(void)
{
    return (Piece){g_string_new(NULL), pango_attr_list_new(), g_array_new(FALSE, FALSE, sizeof(Reference))};
}

static void place_piece(Pages *pages, Piece *piece, const Look *look, PangoLayoutLine *mark)
{
    g_autoptr(PangoLayout) layout =
        new_layout(pages, look, piece->text->str, WIDTH - 2 * SIDE - look->indent);
    pango_layout_set_attributes(layout, piece->attributes);
    place_lines(pages, layout, look, mark, piece->references);
    g_string_free(piece->text, TRUE);
    pango_attr_list_unref(piece->attributes);
    g_array_unref(piece->references);
}

/* As much of a text as goes into one piece, cut at a space if there is one. */
static gsize fitting(const char *text)
{
    gsize len = strlen(text);
    if (len <= PIECE)
        return len;
    gsize at = PIECE;
    while (at > PIECE / 2 && text[at] != ' ')
        at--;
    if (text[at] == ' ')
        return at + 1;
    for (at = PIECE; ((guchar)text[at] & 0xC0) == 0x80;)
        at--;
    return at;
}

static void add_to_piece(
    Piece *piece, const SvRun *run, const char *text, gsize len, gboolean follows_ref, double size)
{
    guint from = (guint)piece->text->len;
    if (run->kind == SV_RUN_REF)
        g_string_append(piece->text, follows_ref ? ",\u2009" : "\u2009");
    guint words = (guint)piece->text->len;
    g_string_append_len(piece->text, text, (gssize)len);
    add_style(piece->attributes, run->kind, size, from, (guint)piece->text->len);
    Reference reference = {words, (guint)piece->text->len, run->number};
    if (run->kind == SV_RUN_REF)
        g_array_append_val(piece->references, reference);
}

static PangoLayout *mark_of(Pages *pages, const SvBlock *block, const Look *look)
{
    static const char *const marks[SV_BLOCK_N] = {
        [SV_BLOCK_ITEM] = "•", [SV_BLOCK_TASK] = "☐", [SV_BLOCK_TASK_CLOSED] = "☑"};
    g_autofree char *number = g_strdup_printf("%u.", block->number);
    const char *mark = marks[block->kind] ? marks[block->kind] : number;
    return look->indent > 0 ? new_layout(pages, look, mark, look->indent * 2) : NULL;
}

static void place_block(Pages *pages, const SvBlock *block)
{
    const Look *look = &looks[block->kind];
    gboolean heading = block->kind == SV_BLOCK_HEADING || block->kind == SV_BLOCK_SUBHEADING;
    g_autoptr(PangoLayout) mark = mark_of(pages, block, look);
    SvRunKind before = SV_RUN_PLAIN;
    Piece piece = new_piece();
    pages->y += pages->y > TOP ? look->before : 0;
    if (pages->y + (heading ? HEADING_NEEDS : look->size) > HEIGHT - BOTTOM)
        turn_page(pages);
    if (block->kind == SV_BLOCK_NOTE) {
        Link note = {pages->page, block->number, SIDE, pages->y, 0, 0};
        g_array_append_val(pages->links, note);
    }
    for (guint i = 0; i < block->runs->len && !pages->full; i++) {
        const SvRun *run = block->runs->pdata[i];
        g_autofree char *unbroken =
            run->kind == SV_RUN_QUOTE ? g_strdup(run->text) : sv_words_unbroken(run->text);
        for (gsize at = 0, len; unbroken[at]; at += len) {
            len = fitting(unbroken + at);
            if (piece.text->len && piece.text->len + len > PIECE) {
                place_piece(pages, &piece, look, mark ? pango_layout_get_line_readonly(mark, 0) : NULL);
                g_clear_object(&mark);
                piece = new_piece();
            }
            add_to_piece(&piece, run, unbroken + at, len, before == SV_RUN_REF, look->size);
        }
        before = run->kind;
    }
    place_piece(pages, &piece, look, mark ? pango_layout_get_line_readonly(mark, 0) : NULL);
    pages->y += look->after;
}

static void place_line(Pages *pages, const Look *look, const char *text)
{
    gsize len = fitting(text);
    g_autofree char *piece = g_strndup(text, len);
    if (!*piece)
        return;
    g_autoptr(PangoLayout) layout = new_layout(pages, look, piece, WIDTH - 2 * SIDE);
    place_lines(pages, layout, look, NULL, NULL);
    pages->y += look->after;
}

/* ── drawing ── */

static void draw_link(cairo_t *cairo, const Link *link)
{
    char number[5][G_ASCII_DTOSTR_BUF_SIZE];
    const double values[] = {link->x, link->y, link->width, link->height};
    for (guint i = 0; i < 4; i++)
        g_ascii_formatd(number[i], sizeof number[i], "%.2f", values[i]);
    g_autofree char *place =
        link->width > 0 ? g_strdup_printf("rect=[%s %s %s %s] dest='source%u'", number[0], number[1],
                              number[2], number[3], link->note)
                        : g_strdup_printf("name='source%u' x=%s y=%s", link->note, number[0], number[1]);
    const char *tag = link->width > 0 ? CAIRO_TAG_LINK : CAIRO_TAG_DEST;
    cairo_tag_begin(cairo, tag, place);
    cairo_tag_end(cairo, tag);
}

static void draw_footer(Pages *pages, cairo_t *cairo, guint page)
{
    static const Look look = {8, 0, 0, 0, FALSE, 0.4};
    g_autofree char *text = g_strdup_printf("%u / %u", page + 1, pages->page + 1);
    g_autoptr(PangoLayout) layout = new_layout(pages, &look, text, WIDTH - 2 * SIDE);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    cairo_set_source_rgb(cairo, look.grey, look.grey, look.grey);
    cairo_move_to(cairo, SIDE, HEIGHT - BOTTOM / 2 - 4);
    pango_cairo_show_layout(cairo, layout);
}

static void draw(Pages *pages, cairo_t *cairo)
{
    guint at = 0, link = 0;
    for (guint page = 0; page <= pages->page; page++) {
        for (; at < pages->placed->len && g_array_index(pages->placed, Placed, at).page == page; at++) {
            const Placed *placed = &g_array_index(pages->placed, Placed, at);
            cairo_set_source_rgb(cairo, placed->grey, placed->grey, placed->grey);
            cairo_move_to(cairo, placed->x, placed->baseline);
            pango_cairo_show_layout_line(cairo, placed->line);
        }
        for (; link < pages->links->len && g_array_index(pages->links, Link, link).page == page; link++)
            draw_link(cairo, &g_array_index(pages->links, Link, link));
        draw_footer(pages, cairo, page);
        cairo_show_page(cairo);
    }
}

static void place_paper(Pages *pages, const SvPaper *paper)
{
    place_line(pages, &title_look, paper->title);
    place_line(pages, &subtitle_look, paper->subtitle);
    for (guint i = 0; i < paper->blocks->len && !pages->full; i++) {
        const SvBlock *block = paper->blocks->pdata[i];
        if (block->runs->len)
            place_block(pages, block);
    }
}

static cairo_status_t take_bytes(void *out, const unsigned char *bytes, unsigned int len)
{
    g_byte_array_append(out, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static void describe(cairo_surface_t *surface, const SvPaper *paper)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, paper->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Svodka");
    /* cairo puts no date of its own when there is one */
    cairo_pdf_surface_set_metadata(
        surface, CAIRO_PDF_METADATA_CREATE_DATE, paper->as_of ? paper->as_of : "2000-01-01T00:00:00Z");
}

GBytes *sv_paper_pdf(const SvPaper *paper, GError **error)
{
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, bytes, WIDTH, HEIGHT);
    cairo_t *cairo = cairo_create(surface);
    Pages pages = {.y = TOP};
    pages.context = pango_cairo_create_context(cairo);
    pages.placed = g_array_new(FALSE, FALSE, sizeof(Placed));
    pages.links = g_array_new(FALSE, FALSE, sizeof(Link));
    g_array_set_clear_func(pages.placed, clear_placed);
    pango_context_set_language(
        pages.context, pango_language_from_string(paper->language == SV_LANG_EN ? "en" : "ru"));
    describe(surface, paper);
    place_paper(&pages, paper);
    if (!pages.full)
        draw(&pages, cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_array_unref(pages.placed);
    g_array_unref(pages.links);
    g_object_unref(pages.context);
    if (!pages.full && status == CAIRO_STATUS_SUCCESS)
        return g_byte_array_free_to_bytes(bytes);
    g_byte_array_unref(bytes);
    if (pages.full)
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "the document has more than %u pages", MOST_PAGES);
    else
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "the PDF could not be drawn: %s",
            cairo_status_to_string(status));
    return NULL;
}
