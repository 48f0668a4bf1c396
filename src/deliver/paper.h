/* A paper: a document on its way to a file, as blocks of runs. What all forms have in common is decided here
 * once: order, words, numbers of notes, what a task says besides its text. Inside the folder. */
#pragma once
#include "json.h"
#include "language.h"
#include "moment.h"

#define SV_PAPER_BYTES (1u << 20) /* text of one paper */
#define SV_PAPER_BLOCKS 20000u

typedef enum {
    SV_BLOCK_HEADING,
    SV_BLOCK_SUBHEADING,
    SV_BLOCK_PARAGRAPH,
    SV_BLOCK_REMARK, /* small: about the document, not of it */
    SV_BLOCK_ITEM,
    SV_BLOCK_TASK,
    SV_BLOCK_TASK_CLOSED,
    SV_BLOCK_NUMBERED,
    SV_BLOCK_NOTE, /* a source; its number is that of the references */
    SV_BLOCK_N
} SvBlockKind;

typedef enum {
    SV_RUN_PLAIN,
    SV_RUN_LEAD,   /* bold: the day of an event */
    SV_RUN_DETAIL, /* italic: until when, who */
    SV_RUN_LATE,   /* bold: the same of what is overdue */
    SV_RUN_QUOTE,  /* verbatim: no space in it is changed */
    SV_RUN_REF     /* the number of a note */
} SvRunKind;

typedef struct {
    SvRunKind kind;
    char *text;   /* one line of valid UTF-8 that every format allows; of a reference its number */
    guint number; /* of the note that a reference names */
} SvRun;

typedef struct {
    SvBlockKind kind;
    guint number;    /* of SV_BLOCK_NUMBERED and SV_BLOCK_NOTE */
    GPtrArray *runs; /* SvRun *, at least one */
} SvBlock;

typedef struct {
    SvLang language;
    char *title, *subtitle; /* one line; subtitle "" when there is none */
    char *as_of;            /* ISO 8601, NULL unknown */
    GPtrArray *blocks;      /* SvBlock * */
    gsize bytes;
    gboolean too_long; /* what was added last is not in it */
} SvPaper;

SvPaper *sv_paper_new(SvLang language);
void sv_paper_free(SvPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvPaper, sv_paper_free)

/* One line: spaces, line breaks and control characters become one space, none stands at the ends; characters
 * that turn the direction of text or that XML does not allow are left out. Newly allocated. */
char *sv_paper_line(const char *text);

/* A new block, in which runs are then put; NULL when the paper is full. */
SvBlock *sv_paper_add(SvPaper *paper, SvBlockKind kind, guint number);
/* Adds words as a line; spaces at their ends stay. Nothing when `block` is NULL or the words are empty. */
void sv_paper_put(SvPaper *paper, SvBlock *block, SvRunKind kind, const char *text);
void sv_paper_put_ref(SvPaper *paper, SvBlock *block, guint number);

/* "Письмо, 15 ноября, Мария Козлова" of a source; without the year when it is that of `today`. Newly
 * allocated. */
char *sv_paper_origin(SvLang lang, const cJSON *source, SvDay today);

/* A summary or a report; SV_ERROR_INPUT when it is neither, SV_ERROR_LIMIT. */
SvPaper *sv_paper_of_document(const cJSON *document, const char *title, GError **error);
/* An edited text; SV_ERROR_LIMIT. */
SvPaper *sv_paper_of_text(const char *text, const char *title, GError **error);

char *sv_paper_markdown(const SvPaper *paper);
GBytes *sv_paper_pdf(const SvPaper *paper, GError **error);
GBytes *sv_paper_docx(const SvPaper *paper, GError **error);
