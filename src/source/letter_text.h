/* Small work on the text of letters: line ends, flowed paragraphs, stubs, file names. */
#pragma once
#include <glib.h>

/* CRLF and CR become LF, in place. */
void sv_letter_text_lines(char *text);
/* format=flowed (RFC 3676): paragraphs become lines again, quotation keeps its depth as "> " marks; newly
 * allocated. `delsp`: the space at the end of a flowed line is not part of the text. */
char *sv_letter_text_unflow(const char *text, gboolean delsp);
/* Is the text empty, or only a hint to open the letter in a browser? */
gboolean sv_letter_text_is_stub(const char *text);
/* The last part of a Windows path without control characters, "/" as "_", at most 255 bytes; NULL when
 * nothing is left. */
char *sv_letter_text_file_name(const char *path);
