/* The parts of a plain letter of many parts, found in one pass and without the MIME library's tree of
 * objects. */
#pragma once
#include "letter_body.h"

typedef struct {
    SvLetterMime mime;    /* raw values of the part's own header; NULL when absent */
    const char *bytes;    /* content of a part that holds no others */
    gsize len;
    int parent;           /* index of the part that holds it; -1: the letter */
    guint n_children;
    gboolean multipart;
    gboolean inline_id;   /* has a Content-ID */
    char type[64];        /* "text/html", lower case */
} SvLetterPart;

/* SvLetterPart in the order in which they stand, the letter itself first; NULL when anything in the letter is
 * not as the standard has it, a part has no type, or a letter stands in it: then GMime must look. */
GArray *sv_letter_parts_split(const char *letter, gsize len);
/* The child of a part; NULL when it has not so many. */
const SvLetterPart *sv_letter_parts_child(const GArray *parts, const SvLetterPart *parent, guint i);
