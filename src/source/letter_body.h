/* The body of a letter: MIME parts as one text and a list of file names. */
#pragma once
#include <glib.h>

typedef struct {
    const char *type, *disposition, *encoding; /* raw values of the letter's own header; NULL when absent */
    gsize type_len, disposition_len, encoding_len;
} SvLetterMime;

typedef struct {
    GString *text;          /* UTF-8, LF */
    GPtrArray *attachments; /* char *, borrowed from the message */
    gboolean report;        /* multipart/report: a machine speaks */
    gboolean encrypted;     /* a part that cannot be read without a key */
    gboolean too_deep;      /* parts below SV_MAX_MIME_DEPTH were left out */
    gboolean too_many;      /* parts above SV_MAX_MIME_PARTS were left out */
} SvLetterBody;

/* `letter` is the whole letter, its body begins at `body`. */
void sv_letter_body_read(
    const char *letter, gsize len, gsize body, const SvLetterMime *mime, SvLetterBody *out);
