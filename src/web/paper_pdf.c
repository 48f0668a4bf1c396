/* A text as PDF: A4, one column, page numbers. Cairo draws, Pango breaks lines and finds fonts.
 *
 * A line of the text is a paragraph; one that does not fit goes to the next page, one that is longer than a page is
 * cut line by line. */
#include "paper.h"
#include "error.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define WIDTH 595.28 /* points */
#define HEIGHT 841.89
#define MARGIN 62.0
#define MOST_PAGES 400u

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cairo;
    double y;
    guint page;
} Sheet;

static cairo_status_t add_bytes(void *out, const unsigned char *bytes, unsigned int len)
{
    g_byte_array_append(out, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static PangoLayout *layout_of(Sheet *sheet, const char *words, const char *font, double indent)
{
    PangoLayout *layout = pango_cairo_create_layout(sheet->cairo);
    PangoFontDescription *described = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout, described);
    pango_font_description_free(described);
    pango_layout_set_width(layout, (int)((WIDTH - 2 * MARGIN - indent) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout, 2 * PANGO_SCALE);
    pango_layout_set_text(layout, words, -1);
    return layout;
}

static void end_page(Sheet *sheet)
{
    g_autofree char *number = g_strdup_printf("%u", sheet->page);
    g_autoptr(PangoLayout) layout = layout_of(sheet, number, "Sans 8", 0);
    cairo_set_source_rgb(sheet->cairo, 0.4, 0.4, 0.4);
    cairo_move_to(sheet->cairo, WIDTH - MARGIN, HEIGHT - MARGIN / 2);
    pango_cairo_show_layout(sheet->cairo, layout);
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_show_page(sheet->cairo);
    sheet->page++;
    sheet->y = MARGIN;
}

/* Draws line by line, so that a paragraph goes over the end of a page. */
static void add_paragraph(Sheet *sheet, const char *words, const char *font, double before, double indent, gboolean dot)
{
    g_autoptr(PangoLayout) layout = layout_of(sheet, words, font, indent);
    int n = pango_layout_get_line_count(layout);
    sheet->y += sheet->y > MARGIN ? before : 0;
    for (int i = 0; i < n && sheet->page < MOST_PAGES; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        PangoRectangle extents;
        pango_layout_line_get_extents(line, NULL, &extents);
        double height = extents.height / (double)PANGO_SCALE + 2;
        if (sheet->y + height > HEIGHT - MARGIN)
            end_page(sheet);
        double baseline = sheet->y - extents.y / (double)PANGO_SCALE;
        if (dot && i == 0) {
            cairo_arc(sheet->cairo, MARGIN + 4, baseline - 3.2, 1.5, 0, 6.2832);
            cairo_fill(sheet->cairo);
        }
        cairo_move_to(sheet->cairo, MARGIN + indent, baseline);
        pango_cairo_show_layout_line(sheet->cairo, line);
        sheet->y += height;
    }
}

static void add_line(Sheet *sheet, const char *line)
{
    const char *words;
    switch (sv_paper_line(line, &words)) {
    case SV_PAPER_TITLE:
        add_paragraph(sheet, words, "Sans Bold 17", 10, 0, FALSE);
        break;
    case SV_PAPER_HEADING:
        if (sheet->y > HEIGHT - MARGIN - 60)
            end_page(sheet);
        add_paragraph(sheet, words, "Sans Bold 11.5", 14, 0, FALSE);
        break;
    case SV_PAPER_ITEM:
        add_paragraph(sheet, words, "Sans 10", 4, 14, TRUE);
        break;
    default:
        add_paragraph(sheet, words, "Sans 10", 5, 0, FALSE);
    }
}

char *sv_paper_pdf(const char *title, const char *text, gsize *len, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Sheet sheet = {.y = MARGIN, .page = 1};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    sheet.surface = cairo_pdf_surface_create_for_stream(add_bytes, bytes, WIDTH, HEIGHT);
    cairo_pdf_surface_set_metadata(sheet.surface, CAIRO_PDF_METADATA_TITLE, title);
    sheet.cairo = cairo_create(sheet.surface);
    for (guint i = 0; lines[i]; i++)
        if (*lines[i])
            add_line(&sheet, lines[i]);
    end_page(&sheet);
    cairo_destroy(sheet.cairo);
    cairo_surface_finish(sheet.surface);
    cairo_status_t status = cairo_surface_status(sheet.surface);
    cairo_surface_destroy(sheet.surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUG, "the PDF could not be drawn: %s", cairo_status_to_string(status));
        return NULL;
    }
    *len = bytes->len;
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}
