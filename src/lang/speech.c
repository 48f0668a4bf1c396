/* Long turns of recognised speech, cut at discourse words (data/lang/discourse.tsv).
 *
 * Words are walked once. A cut is made before a phrase of the list when the piece before it has enough words
 * (a strong phrase needs fewer than a weak one) and at least MIN_WORDS remain. Pieces are verbatim and follow
 * each other. */
#include "sentence_parts.h"
#include <string.h>
#include "fold.h"
#include "lists.h"

#define LONG_TURN 14u   /* shorter ones stay whole */
#define MIN_WORDS 4u    /* of every piece */
#define MIN_WEAK 7u     /* words before a weak phrase */
#define PHRASE_WORDS 4u /* of the longest phrase */
#define MAX_WORDS 20000u

typedef struct {
    guint strength;
    char *not_after, *not_before; /* "|да|нет|" */
} Cue;

typedef struct {
    guint32 from, to; /* in the text */
    char key[40];     /* folded, marks around it taken off; "" when it does not fit */
} Word;

typedef struct {
    GHashTable *phrases; /* phrase → Cue */
    GHashTable *heads;   /* first words of these */
} Cues;

static void add_cue(const SvListLine *line, gpointer user)
{
    Cues *all = user;
    guint strength = (guint)g_ascii_strtoull(line->field[1], NULL, 10);
    Cue *cue = g_new0(Cue, 1);
    cue->strength = strength;
    cue->not_after = g_strconcat("|", line->field[2], "|", NULL);
    cue->not_before = g_strconcat("|", line->field[3], "|", NULL);
    g_hash_table_insert(all->phrases, g_strdup(line->field[0]), cue);
    g_hash_table_add(all->heads, g_strndup(line->field[0], strcspn(line->field[0], " ")));
}

static const Cues *cues(void)
{
    static gsize once;
    static Cues all;
    if (g_once_init_enter(&once)) {
        all.phrases = g_hash_table_new(g_str_hash, g_str_equal);
        all.heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        sv_list_visit("discourse.tsv", add_cue, &all);
        g_once_init_leave(&once, 1);
    }
    return &all;
}

/* Has the piece more than `most` words? */
static gboolean is_long(const char *text, SvSpan piece, guint most)
{
    guint n = 0;
    for (gsize at = piece.from; at < piece.to && n <= most; at++)
        n += !g_ascii_isspace(text[at]) && (at == piece.from || g_ascii_isspace(text[at - 1]));
    return n > most;
}

static GArray *read_words(const char *text, SvSpan piece)
{
    GArray *words = g_array_new(FALSE, TRUE, sizeof(Word));
    gsize at = piece.from;
    while (at < piece.to && words->len < MAX_WORDS) {
        while (at < piece.to && g_ascii_isspace(text[at]))
            at++;
        gsize from = at;
        while (at < piece.to && !g_ascii_isspace(text[at]))
            at++;
        if (at == from)
            break;
        Word word = {.from = (guint32)from, .to = (guint32)at};
        while (at > from && strchr(",;:.!?-", text[at - 1]))
            at--;
        if (!sv_fold_into(text + from, at - from, word.key, sizeof word.key))
            word.key[0] = 0;
        at = word.to;
        g_array_append_val(words, word);
    }
    return words;
}

static gboolean listed(const char *list, const char *key)
{
    char needle[48];
    g_snprintf(needle, sizeof needle, "|%s|", key);
    return *key && strstr(list, needle) != NULL;
}

/* A word that belongs to what follows it: no cut behind it. */
static gboolean binds_next(GHashTable *table, const char *key)
{
    static const char *const always[] = {"и", "а", "но", "and", "but", "so"};
    for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
        if (g_str_equal(always[i], key))
            return TRUE;
    const Cue *cue = g_hash_table_lookup(table, key);
    return cue && cue->strength == 0;
}

/* Strength of the longest phrase that begins at word i, 0 when none may be cut before; *n_words its
 * length. */
static guint cue_at(const Cues *all, const GArray *words, guint i, guint *n_words)
{
    char phrase[PHRASE_WORDS * 40 + PHRASE_WORDS];
    const Word *w = &g_array_index(words, Word, 0);
    if (!g_hash_table_contains(all->heads, w[i].key) || (i > 0 && binds_next(all->phrases, w[i - 1].key)))
        return 0;
    guint best = 0;
    gsize used = 0;
    for (guint k = 0; k < PHRASE_WORDS && i + k < words->len && w[i + k].key[0]; k++) {
        used += g_strlcpy(phrase + used, w[i + k].key, sizeof phrase - used);
        const Cue *cue = g_hash_table_lookup(all->phrases, phrase);
        gboolean barred = cue && ((i > 0 && listed(cue->not_after, w[i - 1].key)) ||
                                     (i + k + 1 < words->len && listed(cue->not_before, w[i + k + 1].key)));
        if (cue && cue->strength) {
            best = barred ? 0 : cue->strength;
            *n_words = k + 1;
        }
        used += g_strlcpy(phrase + used, " ", sizeof phrase - used);
    }
    return best;
}

void sv_speech_cut(const char *text, SvSpan piece, GArray *out)
{
    if (!is_long(text, piece, LONG_TURN)) {
        g_array_append_val(out, piece);
        return;
    }
    g_autoptr(GArray) words = read_words(text, piece);
    const Word *w = &g_array_index(words, Word, 0);
    guint32 from = piece.from;
    guint first = 0; /* word the piece being read begins with */
    for (guint i = MIN_WORDS; i + MIN_WORDS <= words->len;) {
        guint n = 1;
        guint strength = cue_at(cues(), words, i, &n);
        if (strength && i - first >= (strength >= 2 ? MIN_WORDS : MIN_WEAK)) {
            SvSpan span = {from, w[i - 1].to};
            g_array_append_val(out, span);
            from = w[i].from;
            first = i;
        }
        i += MAX(n, 1);
    }
    SvSpan last = {from, piece.to};
    g_array_append_val(out, last);
}
