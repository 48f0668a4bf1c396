/* What WhatsApp itself writes into a chat: placeholders, notices, marks. */
#pragma once
#include <glib.h>

typedef enum {
    SV_WA_TEXT, /* a person's words */
    SV_WA_SYSTEM,
    SV_WA_MEDIA,
    SV_WA_ATTACHED,
    SV_WA_DELETED,
    SV_WA_EDITED,
    SV_WA_MISSED, /* a call without words */
    SV_WA_CALL,
    SV_WA_CHAT, /* of file names */
    SV_WA_N
} SvWaKind;

/* A text brought to the form in which phrases are compared: marks away, spaces plain, folded. Newly
 * allocated. */
char *sv_wa_phrase_fold(const char *text, gsize len);
/* Does a phrase of the kind fit the folded text? *n is set to the length of the phrase. `cut` (may be NULL)
 * is set to the phrase's beginning. */
gboolean sv_wa_phrase_find(SvWaKind kind, const char *folded, const char **cut, gsize *n);
