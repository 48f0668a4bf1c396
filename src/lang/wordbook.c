/* Words of a history: see wordbook.h.
 *
 * One open-addressed table from spellings to words. A word met again costs a hash of its bytes and one
 * comparison; a new one is folded, read by the morphology and entered. Spellings are borrowed from the texts.
 *
 * Keeps true: at least half of the table is free; a word's answers depend on its spelling alone. */
#include "wordbook.h"
#include <string.h>
#include "fold.h"

#define FIRST_SLOTS 64u
#define WORD_BYTES 100u /* longer ones have no key */

guint32 sv_word_hash(const char *folded)
{
    guint32 h = 2166136261u;
    for (const guchar *p = (const guchar *)folded; *p; p++)
        h = (h ^ *p) * 16777619u;
    return h ? h : 1;
}

SvWordbook *sv_wordbook_new(const SvMorph *morph)
{
    SvWordbook *w = g_new0(SvWordbook, 1);
    w->morph = morph;
    w->tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    w->ids = g_array_new(FALSE, FALSE, sizeof(guint32));
    w->all = g_array_new(FALSE, TRUE, sizeof(SvSpelling));
    g_array_set_size(w->all, 1);
    g_array_index(w->all, SvSpelling, 0).kind = SV_TOKEN_MARK;
    w->slots = g_new0(guint32, FIRST_SLOTS);
    w->mask = FIRST_SLOTS - 1;
    return w;
}

void sv_wordbook_free(SvWordbook *w)
{
    if (!w)
        return;
    g_array_unref(w->tokens);
    g_array_unref(w->ids);
    g_array_unref(w->all);
    g_free(w->slots);
    g_free(w);
}

static guint spelling_hash(const char *word, gsize len)
{
    guint64 h = len;
    for (; len >= 8; word += 8, len -= 8) {
        guint64 part;
        memcpy(&part, word, 8);
        h = (h ^ part) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    guint64 rest = 0;
    memcpy(&rest, word, len);
    h = (h ^ rest) * 0x9E3779B97F4A7C15u;
    return (guint)(h >> 32);
}

/* The slot of a spelling: its own, or the free one where it belongs. */
static guint slot_of(const SvWordbook *w, const char *word, guint32 len, SvTokenKind kind)
{
    const SvSpelling *all = (const SvSpelling *)(gpointer)w->all->data;
    guint at = spelling_hash(word, len) & w->mask;
    for (; w->slots[at]; at = (at + 1) & w->mask) {
        const SvSpelling *o = &all[w->slots[at]];
        if (o->len == len && o->kind == kind && memcmp(o->text, word, len) == 0)
            break;
    }
    return at;
}

static void grow(SvWordbook *w)
{
    g_free(w->slots);
    w->mask = w->mask * 4 + 3;
    w->slots = g_new0(guint32, w->mask + 1);
    for (guint32 i = 1; i < w->all->len; i++) {
        const SvSpelling *word = &g_array_index(w->all, SvSpelling, i);
        w->slots[slot_of(w, word->text, word->len, word->kind)] = i;
    }
}

/* Fills what a new word is looked up by. */
static void look_up(const SvMorph *morph, SvSpelling *word)
{
    char folded[4 * WORD_BYTES], lemma[128];
    SvReading r;
    gsize n = word->len <= WORD_BYTES ? sv_fold_into(word->text, word->len, folded, sizeof folded) : 0;
    if (!n)
        return;
    word->lemma = sv_word_hash(folded);
    if (word->kind == SV_TOKEN_RUSSIAN && morph && sv_morph_read(morph, word->text, word->len, &r, 1) > 0) {
        word->tag = r.tag;
        if (sv_morph_lemma(morph, &r, lemma, sizeof lemma)) {
            char key[4 * sizeof lemma];
            word->lemma = sv_fold_into(lemma, strlen(lemma), key, sizeof key) ? sv_word_hash(key) : word->lemma;
        }
    } else if (word->kind == SV_TOKEN_LATIN) {
        sv_morph_key(morph, word->text, word->len, lemma, sizeof lemma);
        word->lemma = sv_word_hash(lemma);
    }
    if (n > 2 && folded[n - 2] == '\'' && folded[n - 1] == 's')
        folded[n - 2] = 0;
    word->name = sv_word_hash(folded);
}

static guint32 find(SvWordbook *w, const char *text, guint32 len, SvTokenKind kind)
{
    guint at = slot_of(w, text, len, kind);
    if (w->slots[at])
        return w->slots[at];
    SvSpelling word = {.text = text, .len = len, .kind = kind};
    look_up(w->morph, &word);
    guint32 id = w->all->len;
    w->slots[at] = id;
    g_array_append_val(w->all, word);
    if (id * 2 > w->mask)
        grow(w);
    return id;
}

void sv_wordbook_read(SvWordbook *w, const char *text, gsize from, gsize to)
{
    w->text = text;
    g_array_set_size(w->tokens, 0);
    sv_tokens_split(text, from, to, w->tokens);
    g_array_set_size(w->ids, w->tokens->len);
    for (guint i = 0; i < w->tokens->len; i++) {
        SvToken t = g_array_index(w->tokens, SvToken, i);
        g_array_index(w->ids, guint32, i) =
            t.kind == SV_TOKEN_MARK ? 0 : find(w, text + t.span.from, t.span.to - t.span.from, t.kind);
    }
}
