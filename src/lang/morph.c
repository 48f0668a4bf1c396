/* Readings of a word: see morph.h.
 *
 * Asked in this order, the first that knows the word answers: the overlay of trade words, the dictionary
 * (each е tried as ё too), the parts of a hyphened word, the endings of like words. Scores are the corpus
 * frequencies P(tag | word) of the dictionary; a word without any gets even ones, names leading when it is
 * capitalised.
 *
 * Keeps true: nothing is written after opening, so threads share a morphology; scores of a word sum to 1. */
#include "morph.h"
#include <string.h>
#include "fold.h"
#include "morph_parts.h"
#include "utf8.h"

#define NAMES (SV_G(SV_GR_NAME) | SV_G(SV_GR_SURN) | SV_G(SV_GR_PATR) | SV_G(SV_GR_GEOX) | SV_G(SV_GR_ORGN))
#define MIN_GUESS_CHARS 4u
#define MAX_SUFFIX_CHARS 5u
#define MAX_FORKS 24u

typedef struct {
    guint16 paradigm, form, tag_id;
    guint64 yo; /* bit of each е, by its byte / 2, that is ё */
    SvGram tag;
    float weight;
} Candidate;

typedef struct {
    const SvMorph *morph;
    char word[SV_MORPH_WORD + 8]; /* lower case, ё kept */
    char folded[SV_MORPH_WORD + 8];
    gsize len, folded_len; /* equal */
    gboolean capital, all_capital, has_yo, predicted;
    gsize prefix; /* bytes of the left part of a hyphened word that is not looked up */
    Candidate list[SV_MORPH_READINGS];
    guint n;
} Reader;

static gunichar lower(gunichar c)
{
    if (c >= 0x400 && c < 0x460)
        return c >= 0x430 ? c : c >= 0x410 ? c + 0x20 : c + 0x50;
    return c < 0x80 ? (gunichar)g_ascii_tolower((gchar)c) : g_unichar_tolower(c);
}

static gboolean is_upper(gunichar c)
{
    return c >= 0x400 && c < 0x460 ? c < 0x430 : c < 0x80 ? g_ascii_isupper((gchar)c) : g_unichar_isupper(c);
}

/* Lower case of U+0400…U+045F; counts capitals. */
static gunichar lower_russian(gunichar c, guint *capitals)
{
    if (c >= 0x430)
        return c;
    (*capitals)++;
    return c >= 0x410 ? c + 0x20 : c + 0x50;
}

static void add_letter(Reader *r, gunichar c, gboolean first_capital)
{
    r->capital |= first_capital;
    r->has_yo |= c == 0x451;
    gunichar f = c == 0x451 ? 0x435 : c;
    r->word[r->len++] = (char)(0xC0 | c >> 6);
    r->word[r->len++] = (char)(0x80 | (c & 0x3F));
    r->folded[r->folded_len++] = (char)(0xC0 | f >> 6);
    r->folded[r->folded_len++] = (char)(0x80 | (f & 0x3F));
}

/* Lower case of the word; FALSE when it cannot be a Russian word. */
static gboolean prepare(Reader *r, const char *word, gsize len)
{
    const char *p = word, *end = word + len;
    guint letters = 0, capitals = 0;
    gboolean cyrillic = FALSE;
    if (len == 0 || len > SV_MORPH_WORD)
        return FALSE;
    while (p < end) {
        guint n;
        guchar lead = (guchar)*p;
        if ((lead == 0xD0 || lead == 0xD1) && p + 1 < end && ((guchar)p[1] & 0xC0) == 0x80) {
            gunichar c = lower_russian((gunichar)(lead & 0x1F) << 6 | ((guchar)p[1] & 0x3F), &capitals);
            if (c < 0x460) {
                if (r->len + 6 > sizeof r->word)
                    return FALSE;
                add_letter(r, c, capitals > 0 && letters == 0);
                letters++;
                cyrillic = TRUE;
                p += 2;
                continue;
            }
        }
        gunichar c = sv_utf8_get(p, end, &n);
        p += n;
        if (c == 0x301 || c == 0xAD)
            continue;
        if (c == 0x2011)
            c = '-';
        gboolean mark = c == '-' || c == '\'' || c == 0x2019;
        if (!mark && !sv_utf8_is_word(c))
            return FALSE;
        cyrillic = mark ? cyrillic : c >= 0x400 && c < 0x530;
        r->capital |= letters == 0 && is_upper(c);
        letters += !mark;
        capitals += is_upper(c);
        c = lower(c);
        r->has_yo |= c == 0x451;
        if (r->len + 6 > sizeof r->word)
            return FALSE;
        r->len += (gsize)g_unichar_to_utf8(c, r->word + r->len);
        r->folded_len += (gsize)g_unichar_to_utf8(c == 0x451 ? 0x435 : c, r->folded + r->folded_len);
    }
    r->word[r->len] = r->folded[r->folded_len] = 0;
    r->all_capital = capitals > 1 && capitals == letters;
    return cyrillic && r->len == r->folded_len;
}

/* Capitalised words may be names; in lower case a name is read only when nothing else fits. */
static void drop_names(Reader *r)
{
    guint kept = 0;
    if (r->capital)
        return;
    for (guint i = 0; i < r->n; i++)
        kept += !(r->list[i].tag & NAMES);
    if (kept == 0)
        return;
    kept = 0;
    for (guint i = 0; i < r->n; i++)
        if (!(r->list[i].tag & NAMES))
            r->list[kept++] = r->list[i];
    r->n = kept;
}

static void add(Reader *r, guint16 paradigm, guint16 form, guint64 yo, float weight)
{
    const SvForm *f = sv_morph_form(r->morph, paradigm, form);
    if (!f || r->n >= SV_MORPH_READINGS)
        return;
    r->list[r->n++] = (Candidate){paradigm, form, f->tag, yo, sv_morph_tag(r->morph, f), weight};
}

typedef struct {
    gsize at;
    guint32 node;
    guint64 yo;
} Fork;

/* Walks text[at…len) from the root, each е also as ё; calls add for the lists found. Words: width 2,
 * guesses: 3. */
static guint walk(
    Reader *r, const SvDawg *graph, const SvLists *lists, const char *text, gsize at, gsize len, guint width)
{
    Fork forks[MAX_FORKS]; /* not cleared: it is hot */
    forks[0] = (Fork){at, SV_DAWG_ROOT, 0};
    guint n_forks = 1, total = 0;
    while (n_forks) {
        Fork f = forks[--n_forks];
        while (f.at < len && f.node != SV_DAWG_NONE) {
            guchar c = (guchar)text[f.at];
            if (c == 0xD0 && f.at + 1 < len && (guchar)text[f.at + 1] == 0xB5 && n_forks < MAX_FORKS) {
                guint32 yo = sv_dawg_follow(graph, f.node, 0xD1);
                yo = yo == SV_DAWG_NONE ? yo : sv_dawg_follow(graph, yo, 0x91);
                if (yo != SV_DAWG_NONE)
                    forks[n_forks++] = (Fork){f.at + 2, yo, f.yo | (guint64)1 << (f.at / 2 & 63)};
            }
            f.node = sv_dawg_follow(graph, f.node, c);
            f.at++;
        }
        if (f.node == SV_DAWG_NONE)
            continue;
        guint32 leaf = sv_dawg_follow(graph, f.node, 1);
        if (leaf == SV_DAWG_NONE)
            continue;
        guint32 key = sv_dawg_base(graph, leaf) + 1;
        guint n = 0;
        const guint16 *list = sv_lists_find(lists, key, key, width, &n);
        for (guint i = 0; list && i < n; i++, list += width) {
            guint count = width == 3 ? list[0] : 1;
            total += count;
            add(r, list[width - 2], list[width - 1], f.yo, (float)count);
        }
    }
    return total;
}

static void read_overlay(Reader *r)
{
    guint64 hash = sv_blob_hash(r->folded, r->folded_len);
    guint n = 0;
    const guint16 *list = sv_lists_find(
        &r->morph->overlay, (guint32)hash, (guint32)(hash >> 32) | 1u, SV_BLOB_OVERLAY_WIDTH, &n);
    for (guint i = 0; list && i < n; i++, list += SV_BLOB_OVERLAY_WIDTH) {
        guint64 yo;
        memcpy(&yo, list + 2, sizeof yo);
        add(r, list[0], list[1], yo, 1);
    }
}

static void read_dictionary(Reader *r)
{
    walk(r, &r->morph->words, &r->morph->word_lists, r->word, r->prefix, r->len, 2);
    if (r->n || !r->has_yo)
        return;
    memcpy(r->word, r->folded, r->len + 1); /* a ё that the dictionary has not */
    r->has_yo = FALSE;
    walk(r, &r->morph->words, &r->morph->word_lists, r->word, r->prefix, r->len, 2);
}

/* Gives the candidates their corpus frequencies. */
static void weigh_by_corpus(Reader *r)
{
    if (r->n == 1)
        return;
    guint64 hash = sv_blob_hash(r->folded + r->prefix, r->folded_len - r->prefix);
    guint n = 0;
    const guint16 *list = sv_lists_find(&r->morph->scores, (guint32)hash, (guint32)(hash >> 32) | 1u, 2, &n);
    gboolean any = FALSE;
    for (guint i = 0; i < r->n; i++) {
        Candidate *c = &r->list[i];
        c->weight = 0;
        for (guint k = 0; k < n && list; k++)
            if (list[2 * k] == c->tag_id)
                c->weight = MAX(c->weight, (float)list[2 * k + 1]);
        any |= c->weight > 0;
    }
    for (guint i = 0; i < r->n; i++) {
        Candidate *c = &r->list[i];
        if (any) {
            c->weight = MAX(c->weight, 32.0f);
            continue;
        }
        gboolean surname = c->tag & (SV_G(SV_GR_SURN) | SV_G(SV_GR_NAME) | SV_G(SV_GR_PATR));
        c->weight = c->tag & SV_G(SV_GR_RARE) ? 0.2f : 1;
        if (r->capital && !r->all_capital && surname)
            c->weight *= 4;
        if (r->all_capital && (c->tag & SV_G(SV_GR_ABBR)))
            c->weight *= 4;
    }
}

/* Start of the last n characters of the word; NULL when it has fewer. */
static const char *last_chars(const Reader *r, guint n)
{
    gsize at = r->len;
    for (; n > 0; n--) {
        if (at <= r->prefix)
            return NULL;
        at = sv_utf8_floor(r->word, at - 1);
    }
    return r->word + at;
}

/* Drops candidates whose affixes do not fit and joins those of like tag and lemma. */
static void tidy_guesses(Reader *r)
{
    guint kept = 0;
    for (guint i = 0; i < r->n; i++) {
        Candidate c = r->list[i];
        const SvForm *f = sv_morph_form(r->morph, c.paradigm, c.form),
                     *first = sv_morph_form(r->morph, c.paradigm, 0);
        gsize from, to;
        if (!f || !first ||
            !sv_morph_stem(r->morph, f, r->folded + r->prefix, r->folded_len - r->prefix, &from, &to) ||
            to <= from)
            continue;
        if (c.tag & SV_G(SV_GR_RARE))
            c.weight *= 0.1f;
        guint same = 0;
        for (; same < kept; same++) {
            const SvForm *g = sv_morph_form(r->morph, r->list[same].paradigm, r->list[same].form);
            const SvForm *g0 = sv_morph_form(r->morph, r->list[same].paradigm, 0);
            if (g->tag == f->tag && g->suffix == f->suffix && g0->suffix == first->suffix)
                break;
        }
        if (same < kept)
            r->list[same].weight += c.weight;
        else
            r->list[kept++] = c;
    }
    r->n = kept;
}

static void read_endings(Reader *r)
{
    if (!last_chars(r, MIN_GUESS_CHARS))
        return;
    r->predicted = TRUE;
    for (guint prefix = SV_BLOB_PREFIXES; prefix-- > 0;) {
        if (!g_str_has_prefix(r->folded + r->prefix, sv_blob_prefix[prefix]))
            continue;
        for (guint chars = MAX_SUFFIX_CHARS; chars >= 1; chars--) {
            const char *tail = last_chars(r, chars);
            if (!tail)
                continue;
            if (walk(r, &r->morph->guess[prefix], &r->morph->guess_lists[prefix], r->folded,
                    (gsize)(tail - r->word), r->len, 3) > 1)
                break;
        }
    }
    tidy_guesses(r);
}

/* давайте-ка, онлайн-встречу: the part that is inflected is read. */
static void read_hyphened(Reader *r)
{
    static const char *const particles[] = {"-то", "-ка", "-таки", "-с"};
    for (guint i = 0; i < G_N_ELEMENTS(particles); i++) {
        gsize n = strlen(particles[i]);
        if (r->len <= n || !g_str_has_suffix(r->folded, particles[i]))
            continue;
        gsize whole = r->len;
        r->len = r->folded_len = whole - n;
        read_dictionary(r);
        if (r->n) {
            r->word[r->len] = r->folded[r->len] = 0;
            return;
        }
        r->len = r->folded_len = whole;
    }
    const char *hyphen = strrchr(r->word, '-');
    if (!hyphen || hyphen == r->word || !hyphen[1])
        return;
    r->prefix = (gsize)(hyphen + 1 - r->word);
    r->predicted = TRUE;
    read_dictionary(r);
    guint kept = 0;
    for (guint i = 0; i < r->n; i++) {
        const SvForm *f = sv_morph_form(r->morph, r->list[i].paradigm, r->list[i].form);
        if (f && f->prefix == 0)
            r->list[kept++] = r->list[i];
    }
    r->n = kept;
}

static void spell(const Reader *r, const Candidate *c, char *out)
{
    memcpy(out, r->word, r->len + 1);
    for (gsize i = r->prefix; c->yo && i + 1 < r->len; i++)
        if ((c->yo >> (i / 2 & 63) & 1) && (guchar)out[i] == 0xD0 && (guchar)out[i + 1] == 0xB5) {
            out[i] = (char)0xD1;
            out[i + 1] = (char)0x91;
        }
}

/* The best of them into out, best first, weights made into probabilities. */
static guint give(Reader *r, SvReading *out, guint max)
{
    float total = 0;
    for (guint i = 0; i < r->n; i++)
        total += r->list[i].weight;
    guint n = MIN(max, r->n);
    for (guint i = 0; i < n; i++) {
        guint best = i;
        for (guint k = i + 1; k < r->n; k++)
            if (r->list[k].weight > r->list[best].weight)
                best = k;
        Candidate c = r->list[best];
        memmove(&r->list[i + 1], &r->list[i], (best - i) * sizeof c); /* keeps the order of equals */
        r->list[i] = c;
        const SvForm *f = sv_morph_form(r->morph, c.paradigm, c.form);
        SvReading *o = &out[i];
        o->paradigm = c.paradigm;
        o->form = c.form;
        o->stem_from = f && f->prefix < SV_BLOB_PREFIXES ? (guint8)strlen(sv_blob_prefix[f->prefix]) : 0;
        o->predicted = r->predicted;
        o->score = total > 0 ? c.weight / total : 0;
        o->tag = c.tag;
        spell(r, &c, o->spelling);
    }
    return n;
}

static guint read_word(const SvMorph *morph, const char *word, gsize len, SvReading *out, guint max)
{
    Reader r;
    r.morph = morph; /* field by field: clearing the buffers costs more than the look-up */
    r.len = r.folded_len = r.prefix = 0;
    r.capital = r.all_capital = r.has_yo = r.predicted = FALSE;
    r.n = 0;
    if (!prepare(&r, word, len))
        return 0;
    read_overlay(&r);
    if (r.n)
        return give(&r, out, max);
    read_dictionary(&r);
    if (r.n == 0 && memchr(r.word, '-', r.len))
        read_hyphened(&r);
    if (r.n) {
        drop_names(&r);
        weigh_by_corpus(&r);
        return give(&r, out, max);
    }
    read_endings(&r);
    drop_names(&r);
    return give(&r, out, max);
}

static void copy_reading(SvReading *to, const SvReading *from)
{
    memcpy(to, from, offsetof(SvReading, spelling));
    memcpy(to->spelling, from->spelling, strlen(from->spelling) + 1);
}

guint sv_morph_read(const SvMorph *morph, const char *word, gsize len, SvReading *out, guint max)
{
    SvMemoName name;
    if (!morph || max != 1 || !sv_memo_name(morph, word, len, &name))
        return read_word(morph, word, len, out, max);
    SvReadingMemo *memo = sv_memo_reading(&name);
    if (!sv_memo_same(&memo->name, &name)) {
        memo->n = read_word(morph, word, len, &memo->reading, 1);
        memo->name = name;
    }
    if (memo->n)
        copy_reading(out, &memo->reading);
    return memo->n;
}
