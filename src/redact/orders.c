/* Sentences that give orders to a reading machine.
 *
 * A sentence is an order when it calls a machine (begins with it, «для ИИ», "notice to automated assistants")
 * and then either commands («напиши», "record") or says that the machine reads; when the sentence before
 * called a machine in a few words and this one begins with a command; when it overrides instructions ("ignore
 * previous instructions"); or when it opens a frame ("SYSTEM:", "<instructions>"). An order goes on to the
 * end of its line, and over the lines that follow while they are bound to it: an open frame, a colon at the
 * end, a command at the beginning. Talk about robots («робот читает переписку») is no order.
 *
 * Marking costs a sentence its facts, nothing else; the text stays. */
#include "find.h"
#include <string.h>

typedef struct {
    guint from, to; /* words, `to` one past the last */
    guint line;
} Sentence;

static gboolean ends_sentence(const SvScan *s, guint i)
{
    const SvWord *w = &s->words[i];
    if (w->kind == SV_WORD_LINE)
        return TRUE;
    if (w->kind != SV_WORD_MARK || (w->mark != '.' && w->mark != '!' && w->mark != '?' && w->mark != 0x2026))
        return FALSE;
    return i + 1 >= s->n || s->words[i + 1].spaced || s->words[i + 1].kind == SV_WORD_LINE ||
           (s->words[i + 1].kind == SV_WORD_MARK && s->words[i + 1].mark != '-'); /* not in "<!--" */
}

static GArray *cut_sentences(const SvScan *s)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Sentence));
    Sentence x = {0};
    for (guint i = 0; i < s->n; i++) {
        gboolean line = s->words[i].kind == SV_WORD_LINE;
        if (!ends_sentence(s, i))
            continue;
        x.to = line ? i : i + 1;
        if (x.to > x.from)
            g_array_append_val(out, x);
        x.from = i + 1;
        x.line += line;
    }
    x.to = s->n;
    if (x.to > x.from)
        g_array_append_val(out, x);
    return out;
}

/* Index of the word with which the sentence calls a machine; G_MAXUINT when it does not. */
static guint called_at(const SvScan *s, const Sentence *x)
{
    guint words = 0,
          calling = 0; /* words since the sentence or a bracket began; words a call still reaches over */
    for (guint i = x->from; i < x->to; i++) {
        const SvWord *w = &s->words[i];
        if (w->kind == SV_WORD_MARK) {
            if (w->mark == ']' || w->mark == ':' || w->mark == 0xAB || w->mark == '"' || w->mark == '(' ||
                w->mark == '[' || w->mark == '<' || w->mark == 0x201C)
                words = 0;
            continue;
        }
        gboolean hedged = sv_scan_has(s, i + 1, SV_BIT(HEDGE)); /* "the bot will record it" is talk */
        if (w->bits & SV_BIT(MACHINE) && (words == 0 || calling) && !hedged)
            return i;
        calling = w->bits & SV_BIT(CALLING) ? 4 : calling ? calling - 1 : 0;
        words++;
    }
    return G_MAXUINT;
}

static gboolean has(const SvScan *s, guint from, guint to, guint64 bits)
{
    for (guint i = from; i < to; i++)
        if (s->words[i].bits & bits)
            return TRUE;
    return FALSE;
}

/* "SYSTEM:", "<instructions>", "[INST]": a frame word in brackets, or in capitals before a colon at the
 * beginning. */
static gboolean has_frame(const SvScan *s, const Sentence *x)
{
    for (guint i = x->from; i < x->to; i++) {
        const SvWord *w = &s->words[i];
        if (!(w->bits & SV_BIT(FRAME)))
            continue;
        if (i > 0 &&
            (sv_scan_is_mark(s, i - 1, '<') || sv_scan_is_mark(s, i - 1, '[') ||
                sv_scan_is_mark(s, i - 1, '|')) &&
            (sv_scan_is_mark(s, i + 1, '>') || sv_scan_is_mark(s, i + 1, ']') ||
                sv_scan_is_mark(s, i + 1, '|')))
            return TRUE;
        if (w->upper && sv_scan_is_mark(s, i + 1, ':') && i <= x->from + 3)
            return TRUE;
    }
    return FALSE;
}

static guint count_words(const SvScan *s, const Sentence *x)
{
    guint n = 0;
    for (guint i = x->from; i < x->to; i++)
        n += s->words[i].kind <= SV_WORD_MIXED;
    return n;
}

/* Is the first word of the sentence a command? */
static gboolean begins_with_order(const SvScan *s, const Sentence *x)
{
    for (guint i = x->from, words = 0; i < x->to && words < 1; i++) {
        if (s->words[i].bits & SV_BIT(ORDER))
            return TRUE;
        words += s->words[i].kind <= SV_WORD_MIXED;
    }
    return FALSE;
}

static gboolean is_order(const SvScan *s, const Sentence *x, const Sentence *before)
{
    if (has(s, x->from, x->to, SV_BIT(OVERRIDE)) || has_frame(s, x))
        return TRUE;
    guint at = called_at(s, x);
    if (at != G_MAXUINT && has(s, at, x->to, SV_BIT(ORDER) | SV_BIT(READS)))
        return has(s, at, x->to, SV_BIT(ORDER)) || at < x->from + 3;
    if (!before || x->line > before->line + 2 || !begins_with_order(s, x))
        return FALSE;
    return called_at(s, before) != G_MAXUINT && count_words(s, before) <= 6;
}

/* Does the order of sentence a reach over to the next sentence b? */
static gboolean goes_on(const SvScan *s, const Sentence *a, const Sentence *b)
{
    if (a->line == b->line)
        return TRUE;
    if (b->line > a->line + 1)
        return FALSE;
    const SvWord *last = &s->words[a->to - 1];
    return (last->kind == SV_WORD_MARK && (last->mark == ':' || last->mark == '>' || last->mark == ',')) ||
           begins_with_order(s, b);
}

GArray *sv_find_orders(const SvScan *s)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    gboolean any = FALSE;
    for (guint i = 0; i < s->n && !any; i++)
        any = (s->words[i].bits & (SV_BIT(MACHINE) | SV_BIT(OVERRIDE) | SV_BIT(FRAME))) != 0;
    if (!any)
        return out;
    g_autoptr(GArray) sentences = cut_sentences(s);
    gboolean open = FALSE;
    for (guint i = 0; i < sentences->len; i++) {
        const Sentence *x = &g_array_index(sentences, Sentence, i), *before = i ? x - 1 : NULL;
        gboolean order = is_order(s, x, before);
        if (!order && !(open && goes_on(s, before, x))) {
            open = FALSE;
            continue;
        }
        /* "hello robot." belongs to the order that follows it */
        if (order && !open && before && called_at(s, x) == G_MAXUINT && called_at(s, before) != G_MAXUINT) {
            SvSpan call = {s->words[before->from].from, s->words[before->to - 1].to};
            g_array_append_val(out, call);
        }
        open = TRUE;
        SvSpan span = {s->words[x->from].from, s->words[x->to - 1].to};
        g_array_append_val(out, span);
    }
    return out;
}

GArray *sv_redact_find_orders(const char *text, gsize len)
{
    g_autoptr(SvScan) s = sv_scan_new(text, len);
    return sv_find_orders(s);
}
