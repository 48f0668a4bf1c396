/* Keys of a sentence: see keys.h. FNV-1a over the lemma; 0 is kept for "no key". */
#include "keys.h"
#include "sentence.h"
#include "utf8.h"
#include <string.h>

/* Words that say nothing of the matter, as lemmas: Russian and English. */
static const char *const empty_words[] = {"быть", "это", "этот", "тот", "весь", "свой", "наш", "ваш", "мой",
    "который", "можно", "надо", "нужно", "здравствуйте", "добрый", "день", "утро", "вечер", "спасибо",
    "пожалуйста", "коллега", "уважаемый", "если", "чтобы", "уже", "еще", "там", "тут", "вот", "так", "как",
    "что", "для", "или", "нет", "да", "ну", "же", "ли", "бы", "по", "на", "до", "от", "из", "за", "не", "the",
    "and", "for", "you", "your", "our", "that", "this", "with", "have", "has", "had", "are", "was", "were",
    "will", "would", "can", "could", "not", "but", "from", "they", "them", "his", "her", "its", "what",
    "when", "which", "who", "all", "any", "get", "got", "just", "then", "there", "here", "about", "hi",
    "hello", "dear", "thanks", "thank", "please", "morning", "regards", "yes", "yeah", "out", "off", "into",
    "than", "been", "be", "it", "is", "to", "of", "in", "on", "at", "we", "me", "my", "as", "by", "if", "or",
    "so", "do", "an", "no", "up", "us", "he", "she", "him", "i'm", "i'll", "we'll", "it's", "don't"};

static GHashTable *empty_set(void)
{
    static gsize once;
    static GHashTable *set;
    if (g_once_init_enter(&once)) {
        set = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize i = 0; i < G_N_ELEMENTS(empty_words); i++)
            g_hash_table_add(set, (gpointer)empty_words[i]);
        g_once_init_leave(&once, 1);
    }
    return set;
}

guint32 sv_key_of(const char *lemma)
{
    guint32 h = 2166136261u;
    for (const guchar *p = (const guchar *)lemma; *p; p++)
        h = (h ^ *p) * 16777619u;
    return h ? h : 1;
}

static int by_value(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* The key of a Russian word: one reading gives both its part of speech and its lemma. */
static guint32 russian_key(const SvMorph *morph, const char *word, gsize len)
{
    const SvGram function_words =
        SV_G(SV_POS_PREP) | SV_G(SV_POS_CONJ) | SV_G(SV_POS_PRCL) | SV_G(SV_POS_NPRO) | SV_G(SV_POS_INTJ);
    char lemma[128];
    SvReading r;
    if (len < 4)
        return 0;
    gboolean known = sv_morph_read(morph, word, len, &r, 1) > 0;
    if (known && (r.tag & function_words))
        return 0;
    if (!known || !sv_morph_lemma(morph, &r, lemma, sizeof lemma))
        g_snprintf(lemma, sizeof lemma, "%.*s", (int)len, word);
    g_autofree char *folded = sv_utf8_fold(lemma, -1);
    return g_hash_table_contains(empty_set(), folded) ? 0 : sv_key_of(folded);
}

/* The key of one token, 0 for none. */
static guint32 token_key(const SvMorph *morph, const char *text, const SvToken *t)
{
    gsize len = t->span.to - t->span.from;
    const char *word = text + t->span.from;
    char lemma[128];
    if (t->kind == SV_TOKEN_MARK || len < 2 || len > 100)
        return 0;
    if (t->kind == SV_TOKEN_RUSSIAN)
        return russian_key(morph, word, len);
    if (t->kind == SV_TOKEN_NUMBER || t->kind == SV_TOKEN_CODE) {
        g_autofree char *folded = sv_utf8_fold(word, (gssize)len);
        return sv_key_of(folded);
    }
    sv_morph_key(morph, word, len, lemma, sizeof lemma);
    return g_hash_table_contains(empty_set(), lemma) ? 0 : sv_key_of(lemma);
}

guint16 sv_keys_collect(const SvMorph *morph, const char *text, SvSpan span, GArray *out)
{
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    guint first = out->len;
    sv_tokens_split(text, span.from, span.to, tokens);
    for (guint i = 0; i < tokens->len && out->len - first < 4096; i++) {
        guint32 key = token_key(morph, text, &g_array_index(tokens, SvToken, i));
        if (key)
            g_array_append_val(out, key);
    }
    guint n = out->len - first;
    if (!n)
        return 0;
    guint32 *keys = &g_array_index(out, guint32, first);
    qsort(keys, n, sizeof *keys, by_value);
    guint kept = 1;
    for (guint i = 1; i < n; i++)
        if (keys[i] != keys[kept - 1])
            keys[kept++] = keys[i];
    g_array_set_size(out, first + kept);
    return (guint16)kept;
}
