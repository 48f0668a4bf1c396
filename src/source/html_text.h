/* HTML of letters as plain text: paragraphs and lists as lines, links as their text, quote containers of the
 * known mail programs as "> " lines, hidden and zero-size text dropped (it is how orders to machines
 * hide). */
#pragma once
#include <glib.h>

/* `charset` may be NULL (then meta or UTF-8). Never fails: tag soup gives what text it holds. Newly allocated
 * UTF-8. */
char *sv_html_to_text(const char *html, gsize len, const char *charset);
