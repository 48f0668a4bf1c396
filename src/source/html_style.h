/* What style tells about text: is it hidden, in which colour, how is white space kept. A small part of
 * CSS. */
#pragma once
#include <glib.h>

#define SV_COLOUR_UNSET (-1)
#define SV_COLOUR_UNKNOWN (-2) /* a picture, a gradient, a name we do not know */

typedef struct {
    gboolean hidden;     /* the whole element: display:none and its kin */
    int colour, back;    /* 0xRRGGBB or one of the above */
    int zero_size;       /* font size: 1 nothing to see, 0 visible, -1 not said */
    int keep_space;      /* white-space: 1 pre or pre-wrap, 0 normal, -1 not said */
    gboolean no_margin;  /* a paragraph that is one line of text, as Outlook writes them */
    gboolean indent;     /* no border and a left margin: an indented paragraph, no quotation */
} SvHtmlStyle;

void sv_html_style_init(SvHtmlStyle *style);
/* Adds declarations ("a:b; c:d") to the style. */
void sv_html_style_add(SvHtmlStyle *style, const char *text, gsize len);
/* The colour of an attribute: "#fff", "ffffff", "rgb(1,2,3)", a name. */
int sv_html_colour(const char *text, gsize len);
/* Is text of the colour not to be seen on the ground? Unset: black on white. */
gboolean sv_html_colour_hides(int colour, int back);

/* Rules of a <style> element with a simple selector (".class", "#id"), outside of @media, that matter here:
 * selector → SvHtmlStyle *. Adds to `rules`, made by sv_html_rules_new(). */
GHashTable *sv_html_rules_new(void);
void sv_html_rules_add(GHashTable *rules, const char *css, gsize len);
/* Adds the rule of a selector to the style, if there is one. */
void sv_html_rules_apply(GHashTable *rules, char kind, const char *name, gsize len, SvHtmlStyle *style);
