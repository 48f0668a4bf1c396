/* Safe pieces of HTML. */
#pragma once
#include <glib.h>

/* Adds text so that it is nothing but text, between tags as well as inside quoted attributes. Characters that
 * HTML does not allow become U+FFFD. */
void sv_html_add(GString *out, const char *text);
void sv_html_add_len(GString *out, const char *text, gsize len);
/* "sha256-…" of a text, as a content security policy names an inline style or script. Newly allocated. */
char *sv_html_digest(const char *text, gsize len);
