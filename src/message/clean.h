/* Own text of a letter apart from what mail programs and people add around it. */
#pragma once
#include "message.h"

typedef enum {
    SV_PIECE_OWN,         /* what the writer wrote now; inline answers too */
    SV_PIECE_QUOTE,       /* text of an earlier letter */
    SV_PIECE_ATTRIBUTION, /* "… wrote:", От/Отправлено/Кому/Тема blocks */
    SV_PIECE_FORWARD,     /* content of a forwarded letter: kept, the forwarded person's */
    SV_PIECE_SIGNATURE,
    SV_PIECE_DISCLAIMER,  /* legal footers, "sent from my phone", unsubscribe lines */
} SvPieceKind;

typedef struct {
    SvSpan span; /* whole lines of the body */
    SvPieceKind kind;
} SvPiece;

typedef struct {
    GArray *pieces;         /* SvPiece, in order, covering the body */
    char *own;              /* the text of own pieces (of a pure forward: of its content), trimmed */
    gboolean pure_forward;  /* nothing but a forward: `own` is its content */
    SvAddress *forwarded;   /* who wrote the forwarded content; NULL when it is no forward */
    char *signature_name;   /* harvested; NULL when absent */
    char *signature_role;
    char *signature_phone;  /* as written */
    char *signature_company;
} SvCleaned;

/* What the subject says about the letter: "RE:" a reply, whose bare quote is no content; "FW:" a forward,
 * whose header block opens content. */
typedef enum { SV_CLEAN_PLAIN, SV_CLEAN_REPLY, SV_CLEAN_FORWARD } SvCleanHint;

/* `author_name` (may be NULL) helps to know the writer's signature. */
SvCleaned *sv_clean_letter(const char *body, gsize len, const char *author_name);
SvCleaned *sv_clean_letter_hinted(const char *body, gsize len, const char *author_name, SvCleanHint hint);
/* The text of pieces of one kind, as `own` is made: quote marks off, pieces apart by an empty line,
 * trimmed. */
char *sv_cleaned_text(const SvCleaned *cleaned, const char *body, SvPieceKind kind);
void sv_cleaned_free(SvCleaned *cleaned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvCleaned, sv_cleaned_free)

/* Is it a newsletter, an auto-reply, a delivery report by its own words? Flags of SvMessageFlags (AUTO,
 * BULK). */
guint sv_clean_kind(const char *subject, const char *own, gsize len);
/* Is it a line that the messenger wrote ("Messages and calls are end-to-end encrypted")? */
gboolean sv_clean_is_system(const char *text, gsize len);
/* Own text of a chat message: trimmed, marks of the messenger ("<This message was edited>") off; flags EDITED
 * and FORWARDED are added to *flags where a mark says so. */
SvRaw sv_clean_chat(const char *text, gsize len, guint *flags);
