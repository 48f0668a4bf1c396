/* What a thread read last: see morph_parts.h.
 *
 * Most words of a correspondence come again and again, in the same spelling. Each thread has two small tables
 * of its own, one slot a word: the best reading and the key. A slot names the morphology by its number, which
 * no two have in one process, so closing one leaves nothing wrong behind.
 *
 * Keeps true: bounded memory a thread, freed with it; the answer is the same with the tables and without. */
#include <string.h>
#include "morph_parts.h"

#define SLOTS 4096u /* a power of two */

typedef struct {
    SvReadingMemo readings[SLOTS];
    SvKeyMemo keys[SLOTS];
} Memo;

static GPrivate owner = G_PRIVATE_INIT(g_free);
static __thread Memo *mine;

static Memo *memo(void)
{
    if (G_UNLIKELY(!mine)) {
        mine = g_new0(Memo, 1);
        g_private_set(&owner, mine);
    }
    return mine;
}

/* The word must lie in zeros up to SV_MEMO_WORD. */
static guint slot_of(const char word[SV_MEMO_WORD], guint64 len)
{
    guint64 h = len;
    for (guint64 i = 0; i < len; i += 8) {
        guint64 part;
        memcpy(&part, word + i, 8);
        h = (h ^ part) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    return (guint)h & (SLOTS - 1);
}

gboolean sv_memo_name(const SvMorph *morph, const char *word, gsize len, SvMemoName *name)
{
    if (len == 0 || len > SV_MEMO_WORD)
        return FALSE;
    *name = (SvMemoName){.morph = morph->number, .len = len};
    memcpy(name->word, word, len);
    return TRUE;
}

gboolean sv_memo_same(const SvMemoName *a, const SvMemoName *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

SvReadingMemo *sv_memo_reading(const SvMemoName *name)
{
    return &memo()->readings[slot_of(name->word, name->len)];
}

SvKeyMemo *sv_memo_key(const SvMemoName *name)
{
    return &memo()->keys[slot_of(name->word, name->len)];
}
