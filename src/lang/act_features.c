/* What the recogniser of acts sees of a sentence: see act_features.h.
 *
 * How: the text is folded to code points (lower case, ё as е, every digit as 0) and cut into tokens: words,
 * numbers and single marks. Words give pieces of two to five characters with their ends marked, the word, its
 * stem (first characters), and pairs of neighbouring tokens; the sentence before gives stems only. Each
 * feature is a 32-bit hash of its kind and characters; a small table on the stack keeps them distinct.
 *
 * Keeps true: bounded time and memory whatever the text; no state; same bytes in, same features out.
 *
 * Does not: know a language; morphology and dates have their own files. */
#include "act_features.h"
#include "utf8.h"
#include <math.h>
#include <string.h>

#define TOKENS_MAX 300
#define SEEN_SIZE 8192 /* power of two, twice SV_ACT_FEATURES_MAX; a short sentence uses less of it */
#define BEFORE_LETTERS 300

typedef enum { TOKEN_WORD, TOKEN_NUMBER, TOKEN_MARK } TokenKind;

typedef struct {
    guint16 from, to;
    TokenKind kind;
    guint32 word, stem;
} Token;

typedef struct {
    guint32 letters[SV_ACT_LETTERS_MAX];
    guint n_letters;
    Token tokens[TOKENS_MAX];
    guint n_tokens;
} Text;

typedef struct {
    guint32 *key; /* SV_ACT_FEATURES_MAX places */
    guint n;
    guint32 salt; /* of the group */
    guint32 mask; /* the part of `seen` that is used, less one */
    guint32 seen[SEEN_SIZE];
} Sink;

/* Kinds of features: the first ingredient of each hash. */
enum {
    KIND_PIECE = 1,
    KIND_WORD,
    KIND_STEM,
    KIND_PAIR,
    KIND_FIRST,
    KIND_LAST,
    KIND_SHAPE,
    KIND_PLACE,
    KIND_START,
    KIND_BEFORE,
    KIND_BEFORE_PAIR,
    KIND_STEM_SIDE,
    KIND_STEM_TALK,
    KIND_SKIP
};

static inline guint32 mix(guint32 h)
{
    h ^= h >> 16;
    h *= 0x85EBCA6Bu;
    h ^= h >> 13;
    h *= 0xC2B2AE35u;
    return h ^ (h >> 16);
}

static inline guint32 join(guint32 h, guint32 c)
{
    return (h ^ c) * 0x9E3779B1u + (h >> 15);
}

static inline void add(Sink *sink, guint32 hash)
{
    guint32 key = mix(hash + sink->salt);
    key += key == 0;
    guint32 at = key & sink->mask;
    while (sink->seen[at]) {
        if (sink->seen[at] == key)
            return;
        at = (at + 1) & sink->mask;
    }
    if (sink->n == SV_ACT_FEATURES_MAX)
        return;
    sink->seen[at] = key;
    sink->key[sink->n++] = key;
}

static void add2(Sink *sink, guint32 kind, guint32 a, guint32 b)
{
    add(sink, join(join(kind * 0x01000193u, a), b));
}

static inline gunichar fold(gunichar c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c >= '0' && c <= '9' ? '0' : c;
    if (c >= 0x410 && c <= 0x42F)
        return c + 32;
    if (c == 0x401 || c == 0x451)
        return 0x435;
    return c >= 0x430 && c <= 0x44F ? c : g_unichar_tolower(c);
}

static inline gboolean is_letter(gunichar c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x44F) || (c >= 0x80 && sv_utf8_is_word(c));
}

static void hash_token(Text *text, Token *t)
{
    guint stem_to = t->from + (t->kind == TOKEN_WORD ? 5 : 4);
    guint32 h = 7;
    t->stem = 0;
    for (guint i = t->from; i < t->to; i++) {
        if (i == stem_to)
            t->stem = h;
        h = join(h, text->letters[i]);
    }
    t->word = h;
    if (!t->stem)
        t->stem = h;
}

/* Cuts letters into tokens; marks and blanks end a word. */
static void cut(Text *text)
{
    text->n_tokens = 0;
    guint i = 0;
    while (i < text->n_letters && text->n_tokens < TOKENS_MAX) {
        guint32 c = text->letters[i];
        if (c == ' ') {
            i++;
            continue;
        }
        Token *t = &text->tokens[text->n_tokens++];
        t->from = (guint16)i++;
        t->kind = is_letter(c) ? TOKEN_WORD : c == '0' ? TOKEN_NUMBER : TOKEN_MARK;
        if (t->kind != TOKEN_MARK)
            while (i < text->n_letters && (is_letter(text->letters[i]) || text->letters[i] == '0')) {
                if (text->letters[i] == '0')
                    t->kind = TOKEN_NUMBER;
                i++;
            }
        t->to = (guint16)i;
        hash_token(text, t);
    }
}

static void read_text(Text *text, const char *s, gsize len, guint max)
{
    const char *p = s, *end = s + len;
    guint n = 0;
    while (p < end && n < max) {
        guint k;
        gunichar c = fold(sv_utf8_get(p, end, &k));
        p += k;
        if (c <= ' ' || c == 0xA0 || c == 0x202F || c == 0x2009)
            c = ' ';
        if (c == ' ' && (n == 0 || text->letters[n - 1] == ' '))
            continue;
        if (c == 0x2013 || c == 0x2014)
            c = '-';
        text->letters[n++] = c;
    }
    text->n_letters = n;
    cut(text);
}

/* Pieces of two to five characters of a word, with a blank at each end. */
static void add_pieces(Sink *sink, const Text *text, const Token *t)
{
    guint32 w[SV_ACT_LETTERS_MAX + 2];
    guint n = t->to - t->from + 2;
    w[0] = w[n - 1] = ' ';
    memcpy(w + 1, text->letters + t->from, (n - 2) * sizeof *w);
    for (guint from = 0; from + 1 < n; from++) {
        guint to = MIN(from + 5, n);
        guint32 h = join(KIND_PIECE, w[from]);
        for (guint at = from + 1; at < to; at++)
            add(sink, h = join(h, w[at]));
    }
}

static void add_words(Sink *sink, const Text *text, const SvActsInput *input)
{
    for (guint i = 0; i < text->n_tokens; i++) {
        const Token *t = &text->tokens[i];
        add2(sink, KIND_WORD, t->word, 0);
        add2(sink, KIND_STEM, t->stem, 0);
        if (i + 1 < text->n_tokens)
            add2(sink, KIND_PAIR, t->stem, t[1].stem);
        if (t->kind == TOKEN_WORD && t->to - t->from > 2) {
            add2(sink, KIND_STEM_SIDE, t->stem, input->writer);
            add2(sink, KIND_STEM_TALK, t->stem, input->talk);
        }
    }
}

static gboolean is_money(gunichar c)
{
    return c == '$' || (c >= 0x20A0 && c <= 0x20CF) || c == 0xA3;
}

static guint bucket(guint n)
{
    return n <= 4 ? n : n <= 6 ? 5 : n <= 9 ? 6 : n <= 14 ? 7 : n <= 22 ? 8 : n <= 35 ? 9 : 10;
}

static void add_shape(Sink *sink, const Text *text, const SvActsInput *input)
{
    guint words = 0, numbers = 0, question = 0, exclaim = 0, money = 0, dots = 0, clock = 0, emoji = 0;
    for (guint i = 0; i < text->n_tokens; i++) {
        const Token *t = &text->tokens[i];
        guint32 c = text->letters[t->from];
        words += t->kind == TOKEN_WORD;
        numbers += t->kind == TOKEN_NUMBER;
        question += c == '?';
        exclaim += c == '!';
        money += is_money(c) || c == '%';
        emoji += c >= 0x2600;
        gboolean inner = i > 0 && i + 1 < text->n_tokens;
        gboolean between = inner && t[-1].kind == TOKEN_NUMBER && t[1].kind == TOKEN_NUMBER;
        dots += between && (c == '.' || c == '/');
        clock += between && c == ':';
    }
    guint place = (guint)input->talk * 8 + (guint)input->writer;
    guint ends = text->n_letters ? text->letters[text->n_letters - 1] : 0;
    const guint values[] = {question > 0, exclaim > 0, MIN(numbers, 3), money > 0, dots > 0, clock > 0,
        emoji > 0, bucket(words), is_letter(ends) ? 0 : ends};
    add2(sink, KIND_PLACE, place, 0);
    add2(sink, KIND_PLACE, 100 + (guint)input->talk, 0);
    add2(sink, KIND_PLACE, 200 + (guint)input->writer, 0);
    add2(sink, KIND_START, input->before == NULL, place);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        add2(sink, KIND_SHAPE, i, values[i]);
        add2(sink, KIND_SHAPE, 100 + i * 64 + place, values[i]);
    }
    if (text->n_tokens == 0)
        return;
    const Token *first = &text->tokens[0], *last = &text->tokens[text->n_tokens - 1];
    add2(sink, KIND_FIRST, first->stem, 0);
    if (text->n_tokens > 1)
        add2(sink, KIND_FIRST, first->stem, first[1].stem);
    while (last > first && last->kind == TOKEN_MARK)
        last--;
    add2(sink, KIND_LAST, last->stem, 0);
}

static void add_before(Sink *sink, const SvActsInput *input, Text *text)
{
    if (!input->before)
        return;
    read_text(text, input->before, input->before_len, BEFORE_LETTERS);
    for (guint i = 0; i < text->n_tokens; i++) {
        const Token *t = &text->tokens[i];
        add2(sink, KIND_BEFORE, t->stem, 0);
        if (i + 1 < text->n_tokens)
            add2(sink, KIND_BEFORE_PAIR, t->stem, t[1].stem);
    }
}

/* Makes the table of what was seen large enough for all features of the text, and no larger. */
static void sink_init(Sink *sink, const SvActsInput *input, const Text *text, guint32 *key)
{
    sink->key = key;
    sink->n = 0;
    gsize before = input->before ? MIN(input->before_len, BEFORE_LETTERS) : 0;
    gsize features =
        4 * ((gsize)text->n_letters + text->n_tokens) + 5 * (gsize)text->n_tokens + 2 * before + 32;
    guint32 size = 256;
    while (size < SEEN_SIZE && size < features * 3 / 2)
        size *= 2;
    sink->mask = size - 1;
    memset(sink->seen, 0, size * sizeof *sink->seen);
}

static void begin_group(Sink *sink, SvActGroup group)
{
    sink->salt = (guint32)group * 0x2545F491u;
}

static void end_group(const Sink *sink, SvActGroup group, SvActFeatures *out)
{
    out->n_group[group] = sink->n - out->n;
    out->n = sink->n;
}

void sv_act_features(const SvActsInput *input, SvActFeatures *out)
{
    Sink sink;
    Text text;
    out->n = 0;
    read_text(&text, input->text, input->len, SV_ACT_LETTERS_MAX);
    sink_init(&sink, input, &text, out->key);
    begin_group(&sink, SV_ACT_GROUP_CHARS);
    for (guint i = 0; i < text.n_tokens; i++)
        if (text.tokens[i].kind != TOKEN_MARK)
            add_pieces(&sink, &text, &text.tokens[i]);
    end_group(&sink, SV_ACT_GROUP_CHARS, out);
    begin_group(&sink, SV_ACT_GROUP_WORDS);
    add_words(&sink, &text, input);
    end_group(&sink, SV_ACT_GROUP_WORDS, out);
    begin_group(&sink, SV_ACT_GROUP_SHAPE);
    add_shape(&sink, &text, input);
    end_group(&sink, SV_ACT_GROUP_SHAPE, out);
    begin_group(&sink, SV_ACT_GROUP_BEFORE);
    add_before(&sink, input, &text);
    end_group(&sink, SV_ACT_GROUP_BEFORE, out);
}

float sv_act_feature_value(const SvActFeatures *features, SvActGroup group)
{
    static const float share[SV_ACT_GROUP_N] = {0.5f, 0.7f, 0.8f, 0.4f};
    guint n = features->n_group[group];
    return n ? share[group] / sqrtf((float)n) : 0;
}
