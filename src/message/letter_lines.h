/* A letter as lines: what quote.c and signature.c mark and clean.c gathers. Inside the folder only. */
#pragma once
#include "clean.h"

typedef struct {
    guint32 from, to;  /* the line without its line feed */
    guint32 a, b;      /* what stands in it after quote marks, trimmed; a == b: blank */
    guint16 depth;     /* number of quote marks */
    guint16 indent;    /* columns before the text after the quote marks */
    guint8 kind;       /* SvPieceKind */
} SvLine;

typedef struct {
    const char *text;
    gsize len;
    SvLine *lines;
    guint n;
    GString *fold;     /* scratch */
    SvAddress *forwarded; /* who wrote the forwarded content */
    SvAddress *quoted;    /* who wrote the first quoted letter */
} SvLetter;

void sv_letter_init(SvLetter *letter, const char *text, gsize len);
void sv_letter_clear(SvLetter *letter);

static inline gboolean sv_line_blank(const SvLine *line)
{
    return line->a == line->b;
}
/* Folded text of a line's content (see phrases.h), in `fold` until the next call. */
const GString *sv_letter_fold(SvLetter *letter, guint line);
/* First line from `i` on that is not blank, or n. */
guint sv_letter_next(const SvLetter *letter, guint i);

/* Marks quotes, attributions and forwards; the rest stays own. */
void sv_quote_mark(SvLetter *letter, SvCleanHint hint);
/* Makes the first quoted letter forwarded content: for a letter that is nothing but a quote. */
void sv_quote_promote(SvLetter *letter);
/* Marks signatures and footers in lines from … to (all of one kind) and harvests into `out` where it is not
 * NULL. */
void sv_signature_mark(SvLetter *letter, guint from, guint to, const char *author, SvCleaned *out);

/* Is it a line like "-----", "____", "* * *"? */
gboolean sv_line_is_rule(const SvLetter *letter, guint line);
