/* A text cut into words: see scan.h.
 *
 * One pass decodes, folds and cuts; a second asks the lexicon. A word is a run of letters and digits; an
 * apostrophe or a hyphen ends it. Folding keeps every byte offset: a letter whose lower case is longer or
 * shorter stays as it is. Ill-formed bytes are marks, so nothing here fails. */
#include "scan.h"
#include "lexicon.h"
#include "utf8.h"
#include <string.h>

/* Lower case of a two-byte Cyrillic letter. */
static gunichar fold_cyrillic(gunichar u)
{
    if (u >= 0x410 && u <= 0x42F)
        return u + 0x20;
    if (u == 0x401 || u == 0x451)
        return 0x435;
    if (u >= 0x430 && u <= 0x44F)
        return u;
    return g_unichar_tolower(u);
}

static void put_folded(char *out, gunichar u, guint n)
{
    char buf[6];
    if ((guint)g_unichar_to_utf8(u, buf) == n)
        memcpy(out, buf, n);
}

typedef struct {
    SvWord w;
    gboolean open, letters, digits, lower;
} Builder;

static void add_word(SvScan *s, guint *room, const SvWord *word)
{
    if (s->n == *room) {
        *room += *room / 2;
        s->words = g_renew(SvWord, s->words, *room);
    }
    s->words[s->n++] = *word;
}

static void close_word(Builder *b, SvScan *s, guint *room, guint32 to)
{
    if (!b->open)
        return;
    b->w.to = to;
    b->w.kind = b->letters && b->digits ? SV_WORD_MIXED : b->digits ? SV_WORD_DIGITS : SV_WORD_LETTERS;
    b->w.upper = b->letters && !b->lower;
    add_word(s, room, &b->w);
    *b = (Builder){0};
}

static void add_letter(Builder *b, guint32 at, gboolean spaced, gboolean letter, gboolean upper)
{
    if (!b->open) {
        b->open = TRUE;
        b->w = (SvWord){.from = at, .spaced = spaced, .capital = upper};
    }
    b->letters |= letter;
    b->digits |= !letter;
    b->lower |= letter && !upper;
}

static gboolean is_space(gunichar u)
{
    return u == ' ' || u == '\t' || u == 0xA0 || u == 0x202F || (u >= 0x2000 && u <= 0x200B) || u == 0xFEFF;
}

static void cut(SvScan *s)
{
    Builder b = {0};
    guint room = (guint)(s->len / 8 + 16);
    s->words = g_new(SvWord, room);
    const char *end = s->text + s->len;
    gboolean spaced = TRUE;
    for (guint32 i = 0; i < s->len;) {
        guint n;
        if (s->len - i >= 8 && sv_utf8_small_four(s->text + i)) { /* most of most words; folded already */
            add_letter(&b, i, spaced, TRUE, FALSE);
            spaced = FALSE;
            i += 8;
            continue;
        }
        gunichar u = sv_utf8_get(s->text + i, end, &n), low = u;
        gboolean letter = FALSE, digit = u >= '0' && u <= '9';
        if (u < 0x80) {
            letter = g_ascii_isalpha((char)u);
            low = (gunichar)g_ascii_tolower((char)u);
        } else if (u >= 0x400 && u < 0x530 && u != 0x482) {
            letter = TRUE;
            low = fold_cyrillic(u);
        } else if (g_unichar_isalpha(u)) {
            letter = TRUE;
            low = g_unichar_tolower(u);
        }
        if (letter || digit) {
            add_letter(&b, i, spaced, letter, letter && u != low && u != 0x451);
            if (low != u)
                put_folded(s->fold + i, low, n);
            spaced = FALSE;
        } else {
            close_word(&b, s, &room, i);
            if (is_space(u)) {
                spaced = TRUE;
            } else {
                SvWord w = {.from = i, .to = i + n, .kind = u == '\n' ? SV_WORD_LINE : SV_WORD_MARK,
                    .mark = u > 0xFFFF ? 0xFFFF : (guint16)u, .spaced = spaced};
                add_word(s, &room, &w);
                spaced = u == '\n';
            }
        }
        i += n;
    }
    close_word(&b, s, &room, (guint32)s->len);
}

SvScan *sv_scan_new(const char *text, gsize len)
{
    SvScan *s = g_new0(SvScan, 1);
    s->text = text;
    s->len = MIN(len, G_MAXUINT32 / 2);
    s->fold = g_malloc(s->len + 1);
    memcpy(s->fold, text, s->len);
    s->fold[s->len] = 0;
    cut(s);
    sv_lexicon_mark(s);
    return s;
}

void sv_scan_free(SvScan *s)
{
    if (!s)
        return;
    g_free(s->fold);
    g_free(s->words);
    g_free(s);
}

gboolean sv_scan_near(const SvScan *s, guint at, guint64 bits, guint back, guint forward)
{
    if (at >= s->n)
        return FALSE;
    for (guint i = at, k = 0, lines = 0;; i--) {
        const SvWord *w = &s->words[i];
        if (w->bits & bits)
            return TRUE;
        lines = w->kind == SV_WORD_LINE ? lines + 1 : 0;
        k += w->kind <= SV_WORD_MIXED && i != at;
        if (i == 0 || k >= back || lines > 1)
            break;
    }
    for (guint i = at + 1, k = 0, lines = 0; i < s->n && k < forward && lines < 2; i++) {
        const SvWord *w = &s->words[i];
        if (w->bits & bits)
            return TRUE;
        lines = w->kind == SV_WORD_LINE ? lines + 1 : 0;
        k += w->kind <= SV_WORD_MIXED;
    }
    return FALSE;
}

gboolean sv_scan_is_mark(const SvScan *s, guint i, gunichar c)
{
    return i < s->n && s->words[i].kind == SV_WORD_MARK && s->words[i].mark == c;
}

guint sv_scan_after_dot(const SvScan *s, guint i)
{
    return sv_scan_is_mark(s, i + 1, '.') ? i + 2 : i + 1;
}

gboolean sv_scan_has(const SvScan *s, guint i, guint64 bits)
{
    return i < s->n && (s->words[i].bits & bits) != 0;
}

SvWordKind sv_scan_kind(const SvScan *s, guint i)
{
    return i < s->n ? (SvWordKind)s->words[i].kind : SV_WORD_LINE;
}
