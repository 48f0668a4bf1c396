/* The words of many texts, each spelling looked up once.
 *
 * A correspondence says the same words again and again. Whoever reads a whole history keeps one SvWordbook: a
 * text is cut into tokens once, and each token comes with what its word is looked up by. */
#pragma once
#include "morph.h"
#include "sentence.h"

typedef struct {
    const char *text; /* borrowed: where it was met first */
    guint32 len;
    SvTokenKind kind;
    guint32 name;  /* hash of the folded word without 's: names are looked up by it */
    guint32 lemma; /* hash of the word's key (sv_morph_key); of numbers and codes, of the folded word */
    SvGram tag;    /* of the best reading of a Russian word; 0 */
} SvSpelling;

typedef struct {
    const SvMorph *morph; /* borrowed */
    const char *text;     /* read last; borrowed */
    GArray *tokens;       /* SvToken of it */
    GArray *ids;          /* guint32 a token: its place in all; 0: a mark */
    GArray *all;          /* SvSpelling; the first is that of every mark */
    guint32 *slots;       /* places in all by the hash of the spelling; 0: free */
    guint mask;
} SvWordbook;

SvWordbook *sv_wordbook_new(const SvMorph *morph);
void sv_wordbook_free(SvWordbook *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWordbook, sv_wordbook_free)

/* Reads a text into tokens and ids. The text must stay as long as the words do. */
void sv_wordbook_read(SvWordbook *words, const char *text, gsize from, gsize to);
/* The word of token i of the text read last. */
static inline const SvSpelling *sv_wordbook_get(const SvWordbook *words, guint i)
{
    return &g_array_index(words->all, SvSpelling, g_array_index(words->ids, guint32, i));
}
/* Hash of a folded word, never 0. */
guint32 sv_word_hash(const char *folded);
