/* What the files of the sentence splitter share; nobody else includes it. */
#pragma once
#include "span.h"

typedef enum { SV_ABBR_NONE, SV_ABBR_NEVER, SV_ABBR_MAYBE, SV_ABBR_UNIT } SvAbbr;
/* Kind of the word before a full stop (any case, inner full stops kept: "т.е"). */
SvAbbr sv_abbr_find(const char *word, gsize len);

/* Length in bytes of the emoji at the start of the text (joiners and variation marks with it), 0 when there
 * is none. */
gsize sv_emoji_len(const char *text, gsize len);
/* Length of a typed smiley that is no lone bracket: ":)" ";-)" ":D" "))" "((" "=)"; 0 when there is none. */
gsize sv_smiley_len(const char *text, gsize len);
/* Length of the space (also a no-break or zero-width one) at the start of the text, 0 when there is none. */
gsize sv_space_len(const char *text, gsize len);
/* Length of the list marker at the start of a line with the spaces after it ("- ", "12. ", "б) "); 0 when
 * there is none or nothing follows it. */
gsize sv_marker_len(const char *text, gsize len);

/* Cuts one piece of speech at discourse words when it is long; adds SvSpan. */
void sv_speech_cut(const char *text, SvSpan piece, GArray *out);
