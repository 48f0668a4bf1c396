/* Keys of a sentence: see keys.h. A key is the hash of the lemma; 0 is kept for "no key". */
#include "keys.h"

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
        set = g_hash_table_new(NULL, NULL);
        for (gsize i = 0; i < G_N_ELEMENTS(empty_words); i++)
            g_hash_table_add(set, GUINT_TO_POINTER(sv_key_of(empty_words[i])));
        g_once_init_leave(&once, 1);
    }
    return set;
}

guint32 sv_key_of(const char *lemma)
{
    return sv_word_hash(lemma);
}

static int by_value(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

static guint32 word_key(const SvSpelling *word)
{
    const SvGram function_words =
        SV_G(SV_POS_PREP) | SV_G(SV_POS_CONJ) | SV_G(SV_POS_PRCL) | SV_G(SV_POS_NPRO) | SV_G(SV_POS_INTJ);
    if (word->kind == SV_TOKEN_MARK || word->len < 2 || word->len > 100)
        return 0;
    if (word->kind == SV_TOKEN_NUMBER || word->kind == SV_TOKEN_CODE)
        return word->lemma;
    if (word->kind == SV_TOKEN_RUSSIAN && (word->len < 4 || word->tag & function_words))
        return 0;
    return g_hash_table_contains(empty_set(), GUINT_TO_POINTER(word->lemma)) ? 0 : word->lemma;
}

guint16 sv_keys_of_words(const SvWordbook *words, guint from, guint n, GArray *out)
{
    guint32 keys[4096];
    guint found = 0, kept = 0;
    for (guint i = from; i < from + n && found < G_N_ELEMENTS(keys); i++) {
        guint32 key = word_key(sv_wordbook_get(words, i));
        if (key)
            keys[found++] = key;
    }
    qsort(keys, found, sizeof *keys, by_value);
    for (guint i = 0; i < found; i++)
        if (i == 0 || keys[i] != keys[kept - 1])
            keys[kept++] = keys[i];
    g_array_append_vals(out, keys, kept);
    return (guint16)kept;
}

guint16 sv_keys_collect(const SvMorph *morph, const char *text, SvSpan span, GArray *out)
{
    g_autoptr(SvWordbook) words = sv_wordbook_new(morph);
    sv_wordbook_read(words, text, span.from, span.to);
    return sv_keys_of_words(words, 0, words->tokens->len, out);
}
