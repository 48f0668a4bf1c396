/* An edited text as a document to pass on: plain lines, "# " and "## " before titles, "- " before items. */
#pragma once
#include <glib.h>

#define SV_PAPER_MAX (1u << 20) /* bytes of a text */

/* "pdf" "docx" "md": bytes, newly allocated, and their media type (borrowed). SV_ERROR_INPUT: unknown kind, or the
 * text is too long or no UTF-8. */
char *sv_paper_make(const char *kind, const char *title, const char *text, gsize *len, const char **type, GError **error);
/* By kind, for paper.c. */
char *sv_paper_pdf(const char *title, const char *text, gsize *len, GError **error);
char *sv_paper_docx(const char *title, const char *text, gsize *len, GError **error);

/* One line of a text: what it is and where its words begin. */
typedef enum { SV_PAPER_TITLE, SV_PAPER_HEADING, SV_PAPER_ITEM, SV_PAPER_PLAIN } SvPaperLine;
SvPaperLine sv_paper_line(const char *line, const char **words);
