/* The key by which words are compared: see morph.h.
 *
 * English is stemmed lightly: plurals, -ing and -ed are taken off and a silent e is put back where English
 * spelling asks for it; a short list has the irregular ones (data/lang/irregular.tsv). */
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "morph_parts.h"

static void add_irregular(const SvListLine *line, gpointer user)
{
    g_hash_table_insert(user, g_strdup(line->field[0]), g_strdup(line->field[1]));
}

static const char *irregular(const char *word)
{
    static gsize once;
    static GHashTable *table;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        sv_list_visit("irregular.tsv", add_irregular, table);
        g_once_init_leave(&once, 1);
    }
    return g_hash_table_lookup(table, word);
}

static gboolean is_vowel(const char *w, gsize i)
{
    return strchr("aeiou", w[i]) != NULL || (w[i] == 'y' && i > 0 && !strchr("aeiou", w[i - 1]));
}

static gboolean has_vowel(const char *w, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (is_vowel(w, i))
            return TRUE;
    return FALSE;
}

static gboolean ends(const char *w, gsize n, const char *tail)
{
    gsize k = strlen(tail);
    return n >= k && memcmp(w + n - k, tail, k) == 0;
}

/* Does a stem that lost -ing or -ed end in a silent e? */
static gboolean lost_e(const char *w, gsize n)
{
    static const char *const tails[] = {"at", "bl", "iz", "c", "v", "u", "ag", "dg", "ang", "arg", "erg",
        "ir", "ur", "quot", "not", "vid", "cid", "ut"};
    for (gsize i = 0; i < G_N_ELEMENTS(tails); i++)
        if (ends(w, n, tails[i]))
            return !(ends(w, n, "eat") || ends(w, n, "oat") || ends(w, n, "out") || ends(w, n, "rput") ||
                     ends(w, n, "our"));
    if (n >= 3 && w[n - 1] == 's' && w[n - 2] != 's' && w[n - 2] != 'u')
        return is_vowel(w, n - 2) || ends(w, n, "ens") || ends(w, n, "ers");
    /* hop(e), fil(e): one short syllable */
    return n == 3 && !is_vowel(w, 0) && is_vowel(w, 1) && !is_vowel(w, 2) && !strchr("wxy", w[2]);
}

/* Mends the stem w[0…n) that an ending was taken from. */
static void mend(char *w, gsize n)
{
    if (n >= 3 && w[n - 1] == w[n - 2] && !is_vowel(w, n - 1) && !strchr("lsz", w[n - 1]))
        n--;
    else if (n >= 4 && ends(w, n, "ll") && (ends(w, n, "cell") || ends(w, n, "vell") || ends(w, n, "bell")))
        n--; /* cancelled, travelled, labelled */
    else if (lost_e(w, n))
        w[n++] = 'e';
    w[n] = 0;
}

static void strip_plural(char *w, gsize n)
{
    if (n < 4 || w[n - 1] != 's' || strchr("sui", w[n - 2]))
        return;
    if (ends(w, n, "ies") && n > 4)
        memcpy(w + n - 3, "y", 2);
    else if (ends(w, n, "ches") || ends(w, n, "shes") || ends(w, n, "xes") || ends(w, n, "sses") ||
             ends(w, n, "zzes"))
        w[n - 2] = 0;
    else
        w[n - 1] = 0;
}

/* In place; the buffer holds one byte more than the word needs. */
static void stem_english(char *w, gsize size)
{
    gsize n = strlen(w);
    if (ends(w, n, "'s"))
        w[n -= 2] = 0;
    const char *known = irregular(w);
    if (known) {
        g_strlcpy(w, known, size);
        return;
    }
    strip_plural(w, n);
    n = strlen(w);
    if (n >= 6 && ends(w, n, "ing") && has_vowel(w, n - 3))
        mend(w, n - 3);
    else if (n >= 5 && ends(w, n, "ied"))
        memcpy(w + n - 3, "y", 2);
    else if (n >= 5 && ends(w, n, "ed") && !ends(w, n, "eed") && has_vowel(w, n - 2))
        mend(w, n - 2);
}

static void make_key(const SvMorph *morph, const char *word, gsize len, char *buf, gsize size)
{
    SvReading reading;
    if (morph && sv_morph_read(morph, word, len, &reading, 1) && sv_morph_lemma(morph, &reading, buf, size)) {
        char lemma[128];
        g_strlcpy(lemma, buf, sizeof lemma);
        sv_fold_into(lemma, strlen(lemma), buf, size);
        return;
    }
    if (!sv_fold_into(word, len, buf, size)) {
        g_strlcpy(buf, "", size);
        return;
    }
    gboolean ascii = TRUE;
    for (const char *p = buf; *p; p++)
        ascii = ascii && (g_ascii_islower(*p) || *p == '\'');
    if (ascii && *buf)
        stem_english(buf, size);
}

void sv_morph_key(const SvMorph *morph, const char *word, gsize len, char *buf, gsize size)
{
    SvMemoName name;
    if (!morph || size < 2 * SV_MEMO_WORD || !sv_memo_name(morph, word, len, &name)) {
        make_key(morph, word, len, buf, size);
        return;
    }
    SvKeyMemo *memo = sv_memo_key(&name);
    if (sv_memo_same(&memo->name, &name)) {
        memcpy(buf, memo->key, memo->len + 1);
        return;
    }
    make_key(morph, word, len, buf, size);
    gsize n = strlen(buf);
    if (n >= sizeof memo->key)
        return;
    memcpy(memo->key, buf, n + 1);
    memo->len = (guint)n;
    memo->name = name;
}
