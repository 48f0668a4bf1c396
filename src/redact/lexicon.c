/* The word lists of data/redact: see lexicon.h.
 *
 * A line of a list is "class TAB pattern | pattern …". A pattern is words with spaces between; "word*" stands
 * for every word that begins so. Between two words of a text a mark such as . - / ' may stand («уд.
 * личности», «р/с»). Patterns lie in one hash table under the first six bytes of their first word (the whole
 * word when shorter), and prefixes of three to five bytes under those; a word of the text makes five look-ups
 * at most, whatever the size of the lists. The table is made once and only read after. */
#include "lexicon.h"
#include "table.h"
#include "utf8.h"
#include <string.h>

extern GResource *sv_redact_data_get_resource(void);

#define BUCKETS 8192u
#define MAX_PATTERN_WORDS 6
#define KEY 6u

typedef struct {
    guint64 bit;
    guint32 hash; /* of the key */
    guint32 next; /* in the bucket; 0 none */
    guint8 n, prefix; /* words; bit w set: word w is a prefix */
    const char *word[MAX_PATTERN_WORDS];
    guint8 len[MAX_PATTERN_WORDS];
} Pattern;

static struct {
    guint32 bucket[BUCKETS];
    GArray *patterns; /* Pattern; the first is unused */
    GStringChunk *words;
} lexicon;

static const char *const files[] = {
    "labels.tsv", "address.tsv", "health.tsv", "privileged.tsv", "orders.tsv",
};
static const char *const class_names[SV_CLASS_N] = {
#define X(name, text) [SV_CLASS_##name] = text,
    SV_CLASSES(X)
#undef X
};

#define HASH_START 2166136261u
#define HASH_STEP(h, c) (((h) ^ (guchar)(c)) * 16777619u)
#define HASH_BUCKET(h) (((h) ^ ((h) >> 15)) & (BUCKETS - 1))

static guint32 hash_bytes(const char *p, guint n)
{
    guint32 h = HASH_START;
    for (guint i = 0; i < n; i++)
        h = HASH_STEP(h, p[i]);
    return h;
}

/* `text` … `end` is a pattern, folded; its words stay where they are. */
static void add_pattern(guint64 bit, const char *text, const char *end)
{
    Pattern p = {.bit = bit};
    for (const char *at = text; at < end;) {
        const char *space = memchr(at, ' ', (gsize)(end - at)), *to = space ? space : end, *next = to + 1;
        gboolean prefix = to > at && to[-1] == '*';
        if (to > at && (p.n == MAX_PATTERN_WORDS || to - at > 200))
            g_error("redact lists: pattern too long: %s", text);
        if (to > at) {
            p.prefix |= (guint8)(prefix << p.n);
            p.word[p.n] = at;
            p.len[p.n++] = (guint8)(to - at - prefix);
        }
        at = next;
    }
    if (!p.n)
        return;
    if ((p.prefix & 1) && p.len[0] < 3)
        g_error("redact lists: prefix too short: %s", text);
    p.hash = hash_bytes(p.word[0], MIN(p.len[0], KEY));
    guint32 *bucket = &lexicon.bucket[HASH_BUCKET(p.hash)];
    p.next = *bucket;
    *bucket = lexicon.patterns->len;
    g_array_append_val(lexicon.patterns, p);
}

static void add_row(const SvTableRow *row, gpointer file)
{
    for (guint c = 0; c < SV_CLASS_N; c++) {
        if (*class_names[c] != *row->field[0] || strcmp(class_names[c], row->field[0]) != 0)
            continue;
        g_autofree char *folded = sv_utf8_fold(row->field[1], -1);
        const char *text = g_string_chunk_insert(lexicon.words, folded);
        for (const char *end; *text; text = *end ? end + 1 : end) {
            end = strchrnul(text, '|');
            add_pattern((guint64)1 << c, text, end);
        }
        return;
    }
    g_error("redact lists: %s: line %u: no such class: %s", (const char *)file, row->line, row->field[0]);
}

static gpointer load(gpointer unused)
{
    Pattern none = {0};
    lexicon.words = g_string_chunk_new(1 << 14);
    lexicon.patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    g_array_append_val(lexicon.patterns, none);
    for (guint f = 0; f < G_N_ELEMENTS(files); f++) {
        g_autofree char *path = g_strconcat("/svodka/redact/", files[f], NULL);
        sv_table_visit(sv_redact_data_get_resource(), path, add_row, (gpointer)files[f]);
    }
    return &lexicon;
}

/* Marks that may stand inside a phrase. */
static gboolean is_joint(const SvWord *w)
{
    return w->kind == SV_WORD_MARK &&
           (w->mark == '.' || w->mark == '-' || w->mark == '/' || w->mark == '\'' || w->mark == 0x2019 ||
               w->mark == 0xAB || w->mark == 0xBB || w->mark == '"' || w->mark == 0x2011);
}

static gboolean same_word(const SvScan *s, const SvWord *w, const Pattern *p, guint k)
{
    guint n = w->to - w->from;
    gboolean prefix = (p->prefix >> k) & 1;
    return w->kind <= SV_WORD_MIXED && (prefix ? n >= p->len[k] : n == p->len[k]) &&
           memcmp(s->fold + w->from, p->word[k], p->len[k]) == 0;
}

static void try_pattern(SvScan *s, guint at, const Pattern *p)
{
    if (!same_word(s, &s->words[at], p, 0))
        return;
    guint i = at;
    for (guint k = 1; k < p->n; k++) {
        i++;
        for (guint j = 0; j < 2 && i < s->n && is_joint(&s->words[i]); j++)
            i++;
        if (i >= s->n || !same_word(s, &s->words[i], p, k))
            return;
    }
    for (guint j = at; j <= i; j++)
        if (s->words[j].kind <= SV_WORD_MIXED)
            s->words[j].bits |= p->bit;
}

void sv_lexicon_mark(SvScan *s)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, load, NULL);
    const Pattern *patterns = (const Pattern *)(gpointer)lexicon.patterns->data;
    for (guint i = 0; i < s->n; i++) {
        const SvWord *w = &s->words[i];
        if (w->kind > SV_WORD_MIXED)
            continue;
        guint n = w->to - w->from, top = MIN(n, KEY), least = MIN(n, 3);
        guint32 h = HASH_START;
        for (guint k = 1; k <= top; k++) {
            h = HASH_STEP(h, s->fold[w->from + k - 1]);
            for (guint32 e = k < least ? 0 : lexicon.bucket[HASH_BUCKET(h)]; e; e = patterns[e].next)
                if (patterns[e].hash == h && MIN(patterns[e].len[0], KEY) == k)
                    try_pattern(s, i, &patterns[e]);
        }
    }
}
