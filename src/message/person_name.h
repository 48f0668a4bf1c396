/* Names of people compared: order, case, ё, initials, patronymic, Cyrillic against Latin writing. */
#pragma once
#include <glib.h>

#define SV_NAME_TOKENS 8

typedef enum { SV_NAME_WORD, SV_NAME_INITIAL, SV_NAME_PATRONYMIC } SvNameKind;

typedef struct {
    char key[24];      /* sound of the word in one alphabet: "Ержанов" and "Yerzhanov" have the same */
    guint8 kind;       /* SvNameKind */
    gboolean upper;    /* begins with a capital letter */
    guint32 from, to;  /* bytes in the name */
} SvNameToken;

/* The words of a name, at most SV_NAME_TOKENS; the number of them. */
guint sv_name_tokens(const char *name, gsize len, SvNameToken *out);

/* Is one word (or initial) a form of the other? */
gboolean sv_name_token_fits(const SvNameToken *a, const SvNameToken *b);

/* May the first word of the text (within its first four bytes) be one of the words of a name? Looks no further
 * than needed: of most texts only at the first letter. */
gboolean sv_name_begins(const char *text, gsize len, const SvNameToken *who, guint n_who);

/* Do both names name one person, as far as names can tell? Two words must fit ("М. Козлова" and "Козлова
 * Мария Сергеевна" do, "Мария" alone never does) and none may contradict. */
gboolean sv_name_same(const SvNameToken *a, guint n_a, const SvNameToken *b, guint n_b);
