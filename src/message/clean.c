/* Own text of a letter: see clean.h.
 *
 * The body is taken apart into lines once; quote.c marks what earlier letters left in it, signature.c what
 * people and companies put under it; what no rule marks is own. Every line is looked at a bounded number of
 * times, so the time is linear in the length. In doubt a line stays own: a footer read in vain costs less
 * than a promise lost. Pieces cover the body, and own text is made of whole lines, so a sentence quoted from
 * it stands in the letter. */
#include "letter_lines.h"
#include <string.h>
#include "sv_limits.h"
#include "utf8.h"

/* Length of a space character at p, 0 when there is none; zero-width marks count as space at the ends of a
 * line. */
static guint space_at(const char *p, const char *end)
{
    guchar c = (guchar)*p;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v')
        return 1;
    if (c == 0xC2 && end - p >= 2 && (guchar)p[1] == 0xA0)
        return 2;
    if (end - p < 3)
        return 0;
    if (c == 0xEF && (guchar)p[1] == 0xBB && (guchar)p[2] == 0xBF)
        return 3;
    if (c == 0xE2 && (guchar)p[1] == 0x80 &&
        (((guchar)p[2] >= 0x80 && (guchar)p[2] <= 0x8F) || (guchar)p[2] == 0xAF))
        return 3;
    return 0;
}

static void trim_line(const char *text, SvLine *line)
{
    const char *a = text + line->a, *b = text + line->to;
    for (guint k; a < b && (k = space_at(a, b)); a += k)
        line->indent = (guint16)MIN(line->indent + (*a == '\t' ? 4 : 1), 255);
    while (b > a) {
        gsize back = ((guchar)b[-1] & 0xC0) != 0x80                 ? 1
                     : b - a >= 2 && ((guchar)b[-2] & 0xC0) == 0xC0 ? 2
                                                                    : 3;
        if ((gsize)(b - a) < back || space_at(b - back, b) != back)
            break;
        b -= back;
    }
    line->a = (guint32)(a - text);
    line->b = (guint32)(b - text);
}

/* Quote marks at the start of a line: "> > ", ">>". */
static void read_marks(const char *text, SvLine *line)
{
    const char *p = text + line->from, *end = text + line->to, *start = p;
    while (p < end && p - start < 3 && *p == ' ')
        p++;
    for (guint k; p < end && (k = space_at(p, end)) == 3;) /* BOM */
        p += k;
    if (p >= end || *p != '>') {
        line->a = line->from;
        return;
    }
    const char *after = p;
    while (p < end && (*p == '>' || (*p == ' ' && p + 1 < end && p[1] == '>'))) {
        if (*p == '>') {
            line->depth = (guint16)MIN(line->depth + 1, 255);
            after = p + 1;
        }
        p++;
    }
    if (after < end && *after == ' ')
        after++;
    line->a = (guint32)(after - text);
}

/* ">50 pieces" is a sentence when no quote stands around it. */
static void undo_greater_than(SvLetter *l)
{
    for (guint i = 0; i < l->n; i++) {
        SvLine *x = &l->lines[i];
        if (x->depth != 1 || l->text[x->from] != '>' || x->from + 1 >= x->to ||
            !g_ascii_isdigit(l->text[x->from + 1]))
            continue;
        if ((i && l->lines[i - 1].depth) || (i + 1 < l->n && l->lines[i + 1].depth))
            continue;
        x->depth = 0;
        x->a = x->from;
        x->indent = 0;
        trim_line(l->text, x);
    }
}

void sv_letter_init(SvLetter *l, const char *text, gsize len)
{
    GArray *lines = g_array_sized_new(FALSE, FALSE, sizeof(SvLine), (guint)(len / 48 + 4));
    for (gsize i = 0; i < len;) {
        const char *nl = memchr(text + i, '\n', len - i);
        SvLine line = {
            .from = (guint32)i, .to = (guint32)(nl ? (gsize)(nl - text) : len), .kind = SV_PIECE_OWN};
        read_marks(text, &line);
        trim_line(text, &line);
        g_array_append_val(lines, line);
        i = line.to + 1;
    }
    *l = (SvLetter){.text = text, .len = len, .n = lines->len, .fold = g_string_sized_new(256)};
    l->lines = (SvLine *)g_array_free(lines, FALSE);
    undo_greater_than(l);
}

void sv_letter_clear(SvLetter *l)
{
    g_free(l->lines);
    g_string_free(l->fold, TRUE);
    sv_address_free(l->forwarded);
    sv_address_free(l->quoted);
}

guint sv_letter_next(const SvLetter *l, guint i)
{
    while (i < l->n && sv_line_blank(&l->lines[i]))
        i++;
    return i;
}

gboolean sv_line_is_rule(const SvLetter *l, guint i)
{
    const SvLine *x = &l->lines[i];
    gsize marks = 0;
    for (guint32 p = x->a; p < x->b; p++) {
        if (!strchr("-_=*~# ", l->text[p]))
            return FALSE;
        marks += l->text[p] != ' ';
    }
    return marks >= 3;
}

/* Blank lines belong to what stands before them; at the top, to what comes. */
static void settle_blanks(SvLetter *l)
{
    guint first = sv_letter_next(l, 0);
    guint8 kind = first < l->n ? l->lines[first].kind : SV_PIECE_OWN;
    for (guint i = 0; i < l->n; i++) {
        if (sv_line_blank(&l->lines[i]))
            l->lines[i].kind = kind;
        kind = l->lines[i].kind;
    }
}

static GArray *gather(const SvLetter *l)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(SvPiece));
    for (guint i = 0; i < l->n; i++) {
        guint32 to = (guint32)MIN((gsize)l->lines[i].to + 1, l->len);
        if (pieces->len) {
            SvPiece *last = &g_array_index(pieces, SvPiece, pieces->len - 1);
            if (last->kind == (SvPieceKind)l->lines[i].kind) {
                last->span.to = to;
                continue;
            }
        }
        SvPiece piece = {{l->lines[i].from, to}, (SvPieceKind)l->lines[i].kind};
        g_array_append_val(pieces, piece);
    }
    return pieces;
}

/* Appends the lines of a piece without the quote marks that all of them have in common. */
static void append_piece(GString *out, const char *text, SvSpan span)
{
    SvLetter l;
    sv_letter_init(&l, text + span.from, span.to - span.from);
    gsize start = out->len;
    for (guint i = 0; i < l.n; i++) {
        const SvLine *x = &l.lines[i];
        if (sv_line_blank(x)) {
            if (out->len > start)
                g_string_append_c(out, '\n');
            continue;
        }
        const char *from = l.text + (x->depth ? x->a : x->from);
        g_string_append_len(out, from, l.text + x->b - from);
        g_string_append_c(out, '\n');
    }
    while (out->len > start && out->str[out->len - 1] == '\n')
        g_string_truncate(out, out->len - 1);
    sv_letter_clear(&l);
}

char *sv_cleaned_text(const SvCleaned *c, const char *body, SvPieceKind kind)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < c->pieces->len; i++) {
        const SvPiece *p = &g_array_index(c->pieces, SvPiece, i);
        if (p->kind != kind)
            continue;
        gsize before = out->len;
        if (before)
            g_string_append(out, "\n\n");
        gsize start = out->len;
        append_piece(out, body, p->span);
        if (out->len == start)
            g_string_truncate(out, before);
    }
    char *text = g_string_free(out, FALSE);
    g_strstrip(text);
    return text;
}

static gboolean has_kind(const SvLetter *l, guint8 kind)
{
    for (guint i = 0; i < l->n; i++)
        if (l->lines[i].kind == kind && !sv_line_blank(&l->lines[i]))
            return TRUE;
    return FALSE;
}

/* Signatures stand at the end of own text, before the quote or after it: at the end of the letter, and before
 * each attribution or forward; text between quoted lines is inline answers and has none. */
static void mark_signatures(SvLetter *l, const char *author, SvCleaned *out)
{
    for (guint i = 0; i < l->n;) {
        guint8 kind = l->lines[i].kind;
        guint j = i;
        while (j < l->n && l->lines[j].kind == kind)
            j++;
        if (kind == SV_PIECE_OWN && (j == l->n || l->lines[j].kind != SV_PIECE_QUOTE))
            sv_signature_mark(l, i, j, author, out);
        if (kind == SV_PIECE_FORWARD) {
            if (j == l->n) /* the forwarder's own signature may stand below everything */
                sv_signature_mark(l, i, j, author, out);
            sv_signature_mark(l, i, j, l->forwarded ? l->forwarded->name : NULL, NULL);
        }
        i = j;
    }
}

SvCleaned *sv_clean_letter_hinted(const char *body, gsize len, const char *author, SvCleanHint hint)
{
    SvCleaned *c = g_new0(SvCleaned, 1);
    SvLetter l;
    sv_letter_init(&l, body, MIN(len, (gsize)SV_MAX_MESSAGE_TEXT * 4));
    sv_quote_mark(&l, hint);
    settle_blanks(&l);
    mark_signatures(&l, author, c);
    if (!has_kind(&l, SV_PIECE_OWN) && !has_kind(&l, SV_PIECE_FORWARD) && hint != SV_CLEAN_REPLY) {
        sv_quote_promote(&l);
        settle_blanks(&l);
        mark_signatures(&l, author, c);
    }
    settle_blanks(&l);
    c->pieces = gather(&l);
    gboolean forward = has_kind(&l, SV_PIECE_FORWARD);
    c->pure_forward = forward && !has_kind(&l, SV_PIECE_OWN);
    c->own = sv_cleaned_text(c, body, c->pure_forward ? SV_PIECE_FORWARD : SV_PIECE_OWN);
    if (forward) {
        c->forwarded = g_steal_pointer(&l.forwarded);
        if (!c->forwarded)
            c->forwarded = sv_address_new(NULL, NULL);
    }
    sv_letter_clear(&l);
    return c;
}

SvCleaned *sv_clean_letter(const char *body, gsize len, const char *author)
{
    return sv_clean_letter_hinted(body, len, author, SV_CLEAN_PLAIN);
}

void sv_cleaned_free(SvCleaned *c)
{
    if (!c)
        return;
    g_array_unref(c->pieces);
    g_free(c->own);
    sv_address_free(c->forwarded);
    g_free(c->signature_name);
    g_free(c->signature_role);
    g_free(c->signature_phone);
    g_free(c->signature_company);
    g_free(c);
}
