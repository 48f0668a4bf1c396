/* Text of a letter as it grows from HTML: words, line breaks, and how deep in quotation each line is. */
#pragma once
#include <glib.h>

typedef struct SvHtmlFlow SvHtmlFlow;

/* Takes text of up to `max` bytes; what is more is dropped. */
SvHtmlFlow *sv_html_flow_new(gsize max);
void sv_html_flow_free(SvHtmlFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvHtmlFlow, sv_html_flow_free)

/* Valid UTF-8. White space is joined unless `keep_space`; characters that nobody sees are dropped. */
void sv_html_flow_text(SvHtmlFlow *flow, const char *text, gsize len, gboolean keep_space);
/* Fixed text that begins its line or stands between cells: "- ", " | ". */
void sv_html_flow_mark(SvHtmlFlow *flow, const char *mark);
/* What follows begins a new line (1) or stands after an empty one (2). */
void sv_html_flow_block(SvHtmlFlow *flow, guint newlines);
/* A <br>: one line end more. */
void sv_html_flow_break(SvHtmlFlow *flow);

/* Quotation begins and ends; begin returns what end wants. When the first words of what was between are those
 * of a forwarded letter, its lines are not quoted. */
guint sv_html_flow_quote(SvHtmlFlow *flow);
void sv_html_flow_unquote(SvHtmlFlow *flow, guint line);

/* A table cell begins: parts it from the one before, which began at `before` (0: it is the first of its row),
 * with " | ", or with a line end when that had several lines. Returns its own beginning. */
gsize sv_html_flow_cell(SvHtmlFlow *flow, gsize before);
void sv_html_flow_row_end(SvHtmlFlow *flow);
/* Is there no more room? */
gboolean sv_html_flow_full(const SvHtmlFlow *flow);
/* The whole text with "> " before quoted lines; newly allocated. */
char *sv_html_flow_take(SvHtmlFlow *flow);
