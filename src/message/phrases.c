/* Tables of phrases: see phrases.h.
 *
 * A phrase is filed under the hash of its first word, so a text is scanned once and each of its words costs
 * one look-up, however many phrases there are. Phrases that begin with a mark are filed under the hash of
 * that mark. A phrase ends at the end of a word unless it is open (written with "*"). */
#include "phrases.h"
#include <string.h>
#include "table.h"
#include "utf8.h"
#include "sv-message-data.h"

typedef struct {
    char *text;
    gsize len;
    int class;
    gboolean open;
    int next; /* next phrase with the same first word, -1 */
} Phrase;

#define SEEN 16384

struct SvPhrases {
    GArray *list;      /* Phrase */
    GHashTable *first; /* hash of first word → index + 1 of the head of the chain */
    guint32 seen[SEEN / 32]; /* bits of hashes that `first` has: most words of a text are sorted out here */
};

static gboolean is_word_byte(guchar c)
{
    return c >= 0x80 || g_ascii_isalnum((gchar)c);
}

static gsize word_length(const char *text, gsize len)
{
    gsize n = 0;
    while (n < len && is_word_byte((guchar)text[n]))
        n++;
    return n ? n : 1;
}

#define HASH_START 2166136261u
#define HASH_STEP(h, c) (((h) ^ (guchar)(c)) * 16777619u)

static guint word_hash(const char *text, gsize len)
{
    guint h = HASH_START;
    for (gsize i = 0; i < len; i++)
        h = HASH_STEP(h, text[i]);
    return h;
}

static void fold_other(gunichar c, GString *out)
{
    if (c == 0xA0 || c == 0x202F || (c >= 0x2000 && c <= 0x200A)) {
        g_string_append_c(out, ' ');
    } else if (c >= 0x2010 && c <= 0x2015) {
        g_string_append_c(out, '-');
    } else if (c == 0x2018 || c == 0x2019) {
        g_string_append_c(out, '\'');
    } else if (c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060) {
        return;
    } else {
        g_string_append_unichar(out, g_unichar_tolower(c));
    }
}

/* Folds ASCII and Russian letters, nearly all of every text, into a buffer of at least len bytes; returns
 * where it stopped and how much it wrote. */
static const char *fold_plain(const char *p, const char *end, char *out, gsize *n)
{
    char *o = out;
    while (p < end) {
        guchar c = (guchar)*p;
        if (c < 0x80) {
            *o++ = (char)(c == '\t' ? ' ' : c >= 'A' && c <= 'Z' ? c + 32 : c);
            p++;
            continue;
        }
        if (end - p >= 8 && sv_utf8_small_four(p)) {
            memcpy(o, p, 8);
            o += 8;
            p += 8;
            continue;
        }
        guchar d = p + 1 < end ? (guchar)p[1] : 0;
        if ((c != 0xD0 && c != 0xD1) || (d & 0xC0) != 0x80)
            break;
        guint u = ((guint)(c & 0x1F) << 6) | (d & 0x3F);
        if (u >= 0x410 && u <= 0x42F)
            u += 0x20;
        else if (u == 0x401 || u == 0x451)
            u = 0x435;
        if (u < 0x430 || u > 0x44F)
            break;
        *o++ = (char)(0xC0 | (u >> 6));
        *o++ = (char)(0x80 | (u & 0x3F));
        p += 2;
    }
    *n = (gsize)(o - out);
    return p;
}

void sv_phrases_fold(const char *text, gsize len, GString *out)
{
    const char *p = text, *end = text + len;
    char buffer[512];
    while (p < end) {
        gsize n;
        p = fold_plain(p, p + MIN((gsize)(end - p), sizeof buffer), buffer, &n);
        g_string_append_len(out, buffer, (gssize)n);
        if (p >= end)
            break;
        /* a letter cut by the buffer's end is read by the next round */
        guint k;
        gunichar u = sv_utf8_get(p, end, &k);
        if (u >= 0x400 && u <= 0x45F) {
            char *next = buffer;
            gsize m;
            if (fold_plain(p, p + k, next, &m) == p + k) {
                g_string_append_len(out, buffer, (gssize)m);
                p += k;
                continue;
            }
        }
        fold_other(u, out);
        p += k;
    }
}

static int class_of(const char *name, const char *const *classes)
{
    for (int i = 0; classes[i]; i++)
        if (g_str_equal(classes[i], name))
            return i;
    return -1;
}

typedef struct {
    SvPhrases *phrases;
    const char *const *classes;
} Loading;

static void add_row(const SvTableRow *row, gpointer user)
{
    const Loading *loading = user;
    SvPhrases *ps = loading->phrases;
    int class = class_of(row->field[0], loading->classes);
    if (class < 0 || row->n < 2)
        return;
    GString *s = g_string_new(NULL);
    sv_phrases_fold(row->field[1], strlen(row->field[1]), s);
    Phrase p = {.class = class, .next = -1};
    if (s->len && s->str[s->len - 1] == '*') {
        p.open = TRUE;
        g_string_truncate(s, s->len - 1);
    }
    p.len = s->len;
    p.text = g_string_free(s, FALSE);
    gpointer key = GUINT_TO_POINTER(word_hash(p.text, word_length(p.text, p.len)));
    /* the first word of an open phrase of one word is itself open: file it under its first three bytes */
    gsize first = word_length(p.text, p.len);
    if (p.open && first == p.len)
        key = GUINT_TO_POINTER(word_hash(p.text, MIN(first, 3)) ^ 1u);
    p.next = GPOINTER_TO_INT(g_hash_table_lookup(ps->first, key)) - 1;
    g_array_append_val(ps->list, p);
    g_hash_table_insert(ps->first, key, GINT_TO_POINTER((gint)ps->list->len));
    guint bit = GPOINTER_TO_UINT(key) % SEEN;
    ps->seen[bit / 32] |= 1u << bit % 32;
}

const SvPhrases *sv_phrases_load(const char *file, const char *const *classes)
{
    SvPhrases *ps = g_new0(SvPhrases, 1);
    ps->list = g_array_new(FALSE, FALSE, sizeof(Phrase));
    ps->first = g_hash_table_new(NULL, NULL);
    g_autofree char *path = g_strconcat("/svodka/message/", file, NULL);
    Loading loading = {ps, classes};
    sv_table_visit(sv_message_data_get_resource(), path, add_row, &loading);
    return ps;
}

/* What a text of at least one byte begins with: its first word and the two hashes under which phrases may be filed for it. */
typedef struct {
    gsize len;
    guint keys[2];
} Head;

static Head head_of(const char *text, gsize len)
{
    guint h = HASH_STEP(HASH_START, text[0]);
    gsize n = 1;
    if (!is_word_byte((guchar)text[0]))
        return (Head){n, {h, h ^ 1u}};
    for (; n < len && n < 3 && is_word_byte((guchar)text[n]); n++)
        h = HASH_STEP(h, text[n]);
    guint three = h;
    for (; n < len && is_word_byte((guchar)text[n]); n++)
        h = HASH_STEP(h, text[n]);
    return (Head){n, {h, three ^ 1u}};
}

/* The first phrase filed under a key, -1. */
static int chain_start(const SvPhrases *ps, guint key)
{
    guint bit = key % SEEN;
    if (!(ps->seen[bit / 32] >> bit % 32 & 1))
        return -1;
    return GPOINTER_TO_INT(g_hash_table_lookup(ps->first, GUINT_TO_POINTER(key))) - 1;
}

static gboolean stands_at(const Phrase *p, const char *text, gsize len)
{
    if (p->len > len || memcmp(p->text, text, p->len) != 0)
        return FALSE;
    return p->open || p->len == len || !is_word_byte((guchar)text[p->len]) ||
        (p->len && !is_word_byte((guchar)p->text[p->len - 1]));
}

/* The longest phrase that stands at text, whose head is known. */
static const Phrase *match_head(
    const SvPhrases *ps, guint classes, const char *text, gsize len, const Head *head)
{
    const Phrase *best = NULL;
    for (guint k = 0; k < 2; k++)
        for (int i = chain_start(ps, head->keys[k]); i >= 0;) {
            const Phrase *p = &g_array_index(ps->list, Phrase, i);
            i = p->next;
            if ((classes >> p->class & 1) && (!best || p->len > best->len) && stands_at(p, text, len))
                best = p;
        }
    return best;
}

static const Phrase *match_at(const SvPhrases *ps, guint classes, const char *text, gsize len)
{
    if (!len)
        return NULL;
    Head head = head_of(text, len);
    return match_head(ps, classes, text, len, &head);
}

int sv_phrases_whole(const SvPhrases *ps, guint classes, const char *text, gsize len)
{
    const Phrase *p = match_at(ps, classes, text, len);
    return p && (p->open || p->len == len) ? p->class : -1;
}

int sv_phrases_start(const SvPhrases *ps, guint classes, const char *text, gsize len, gsize *matched)
{
    const Phrase *p = match_at(ps, classes, text, len);
    if (!p)
        return -1;
    if (matched)
        *matched = p->len;
    return p->class;
}

int sv_phrases_any(const SvPhrases *ps, guint classes, const char *text, gsize len, gsize *at)
{
    for (gsize i = 0; i < len;) {
        Head head = head_of(text + i, len - i);
        const Phrase *p = match_head(ps, classes, text + i, len - i, &head);
        if (p) {
            if (at)
                *at = i;
            return p->class;
        }
        i += head.len;
    }
    return -1;
}

guint sv_phrases_which(const SvPhrases *ps, guint classes, const char *text, gsize len)
{
    guint found = 0;
    for (gsize at = 0; at < len;) {
        Head head = head_of(text + at, len - at);
        for (guint k = 0; k < 2; k++)
            for (int i = chain_start(ps, head.keys[k]); i >= 0;) {
                const Phrase *p = &g_array_index(ps->list, Phrase, i);
                i = p->next;
                if ((classes & ~found) >> p->class & 1 && stands_at(p, text + at, len - at))
                    found |= 1u << p->class;
            }
        at += head.len;
    }
    return found;
}
