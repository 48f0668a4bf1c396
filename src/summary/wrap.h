/* Text laid out in columns of a terminal. */
#pragma once
#include <glib.h>

typedef struct {
    int width;          /* columns of a line */
    int first, rest;    /* columns before the first line's text and before the other lines' */
    const char *bullet; /* stands at the end of the first line's indent; NULL */
    int max_lines;      /* 0: as many as it takes */
    const char *tail;   /* put after what was cut off ("…»"); NULL: "…" */
    const char *style;  /* ANSI sequence for the text ("\033[1m"); NULL: plain */
    gboolean dim_notes; /* words such as "[3]" are shown faintly */
} SvWrap;

/* Columns that a text takes: wide characters two, combining ones none. */
int sv_wrap_columns(const char *text, gsize len);

/* Adds the text as lines. Spaces and line breaks part words; a no-break space does not. Control characters
 * and marks that turn the direction of writing are left out, so that a message cannot steer the terminal. */
void sv_wrap_add(GString *out, const char *text, const SvWrap *wrap);
