/* Documents as files for people: Markdown, PDF, DOCX, and tasks as a table.
 *
 * `document` is a summary (schema/summary.schema.json) or a report of sv_desk_report(). `title` stands at the
 * top; NULL: the client's name, or what the document is. The words are in the document's language; a report
 * has none, so that of its statements. The same document gives the same bytes on the same machine.
 *
 * Text of messages is data: it can make no markup, no link, no field and no formula, and characters that a
 * format does not allow are left out. */
#pragma once
#include "json.h"

/* CommonMark with task lists and footnotes; newly allocated. */
char *sv_deliver_markdown(const cJSON *document, const char *title);
/* A4 with page numbers. SV_ERROR_LIMIT: too long; SV_ERROR_INPUT: neither a summary nor a report;
 * SV_ERROR_SETUP: no page could be drawn. */
GBytes *sv_deliver_pdf(const cJSON *document, const char *title, GError **error);
/* Office Open XML, for Word and LibreOffice. Errors as above. */
GBytes *sv_deliver_docx(const cJSON *document, const char *title, GError **error);
/* The tasks of a summary as CSV (RFC 4180, UTF-8 with a byte order mark, as spreadsheets want it). */
GBytes *sv_deliver_tasks_csv(const cJSON *document, GError **error);

/* A text that a person has edited in the page, a paragraph a line. Of Markdown it knows "# ", "## ", "### ",
 * "- ",
 * "* ", "- [ ] ", "1. " at the start of a line; all else is text. A first "# " takes the place of `title`. */
char *sv_deliver_markdown_edited(const char *text, const char *title, GError **error);
GBytes *sv_deliver_pdf_edited(const char *text, const char *title, GError **error);
GBytes *sv_deliver_docx_edited(const char *text, const char *title, GError **error);
