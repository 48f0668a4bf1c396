/* The parts of a plain letter: see letter_parts.h.
 *
 * How it works: the header of the letter names a boundary; lines are read until one begins with it, then the
 * header of a part is read, and so on, with the boundaries of the parts that are open on a stack. RFC 2046
 * §5.1.1: the line end before a boundary belongs to the boundary.
 *
 * It keeps true: what it finds is what GMime finds; it gives up at the first thing that the two might read
 * differently (a field without a name, a field twice, a parameter that is quoted oddly, a boundary with
 * something behind it, a part without an end) instead of deciding. Linear in the letter; the parts point into
 * its bytes. It does not decode, and it does not read letters inside letters. */
#include "letter_parts.h"
#include <string.h>

#define MAX_DEPTH 8
#define MAX_PARTS 64u            /* more are rare */
#define MAX_PART_HEADER (16u << 10) /* bytes */
#define MAX_BOUNDARY 200u

typedef struct {
    const char *p, *end;
} Cursor;

typedef struct {
    const char *boundary;
    gsize len;
    guint part;
} Open;

typedef struct {
    GArray *parts;
    Open open[MAX_DEPTH];
    guint depth;
    int leaf; /* the part whose content is being read; -1: text between parts */
} Splitter;

static gboolean is_token_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '+';
}

static void skip_space(Cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\r' || *c->p == '\n'))
        c->p++;
}

/* The length of the token at the cursor, which moves behind it. */
static gsize take_token(Cursor *c)
{
    const char *from = c->p;
    while (c->p < c->end && is_token_char(*c->p))
        c->p++;
    return (gsize)(c->p - from);
}

/* "type/subtype" in lower case; the cursor stands at the parameters then. */
static gboolean take_type(Cursor *c, char *out, gsize room)
{
    skip_space(c);
    const char *from = c->p;
    if (!take_token(c) || c->p >= c->end || *c->p != '/')
        return FALSE;
    c->p++;
    if (!take_token(c) || (gsize)(c->p - from) >= room)
        return FALSE;
    gsize n = (gsize)(c->p - from);
    for (gsize i = 0; i < n; i++)
        out[i] = g_ascii_tolower(from[i]);
    out[n] = 0;
    skip_space(c);
    return c->p == c->end || *c->p == ';';
}

/* The value of a parameter: a token, or a quoted string that quotes nothing inside. */
static gboolean take_value(Cursor *c, const char **value, gsize *len)
{
    if (c->p < c->end && *c->p == '"') {
        *value = ++c->p;
        while (c->p < c->end && *c->p >= ' ' && *c->p < 0x7F && *c->p != '"' && *c->p != '\\')
            c->p++;
        *len = (gsize)(c->p - *value);
        return c->p < c->end && *c->p++ == '"';
    }
    *value = c->p;
    *len = take_token(c);
    return *len > 0;
}

/* The boundary of a multipart type, whose parameters begin at the cursor. */
static gboolean take_boundary(Cursor *c, Open *open)
{
    open->boundary = NULL;
    while (c->p < c->end) {
        if (*c->p++ != ';')
            return FALSE;
        skip_space(c);
        const char *name = c->p, *value;
        gsize n = take_token(c), len;
        if (!n || c->p >= c->end || *c->p++ != '=' || !take_value(c, &value, &len))
            return FALSE;
        skip_space(c);
        if (n != 8 || g_ascii_strncasecmp(name, "boundary", 8) != 0)
            continue;
        if (open->boundary || !len || len > MAX_BOUNDARY || memchr(value, ' ', len) ||
            g_strstr_len(value, (gssize)len, "=?"))
            return FALSE;
        open->boundary = value;
        open->len = len;
    }
    return open->boundary != NULL;
}

/* Behind the field that begins at p, with the lines on which it goes on; NULL when it is no plain field. */
static const char *field_end(const char *p, const char *end, const char **colon)
{
    const char *q = p;
    while (q < end && (g_ascii_isalnum(*q) || *q == '-'))
        q++;
    if (q == p || q >= end || *q != ':')
        return NULL;
    *colon = q;
    const char *eol = memchr(q, '\n', (gsize)(end - q));
    while (eol && eol + 1 < end && (eol[1] == ' ' || eol[1] == '\t')) {
        const char *text = eol + 1;
        while (text < end && (*text == ' ' || *text == '\t' || *text == '\r'))
            text++;
        if (text >= end || *text == '\n')
            return NULL;
        eol = memchr(text, '\n', (gsize)(end - text));
    }
    return eol ? eol + 1 : NULL;
}

/* Keeps a field of the part; FALSE when it stands there twice. */
static gboolean keep_field(SvLetterPart *part, const char *name, const char *colon, const char *end)
{
    gsize n = (gsize)(colon - name), len = (gsize)(end - colon - 1);
    const char **slot;
    gsize *slot_len, ignored;
    const char *id = part->inline_id ? name : NULL;
    if (n < 10 || g_ascii_strncasecmp(name, "Content-", 8) != 0)
        return TRUE;
    if (n == 12 && g_ascii_strncasecmp(name + 8, "Type", 4) == 0) {
        slot = &part->mime.type;
        slot_len = &part->mime.type_len;
    } else if (n == 19 && g_ascii_strncasecmp(name + 8, "Disposition", 11) == 0) {
        slot = &part->mime.disposition;
        slot_len = &part->mime.disposition_len;
    } else if (n == 25 && g_ascii_strncasecmp(name + 8, "Transfer-Encoding", 17) == 0) {
        slot = &part->mime.encoding;
        slot_len = &part->mime.encoding_len;
    } else if (n == 10 && g_ascii_strncasecmp(name + 8, "ID", 2) == 0) {
        slot = &id;
        slot_len = &ignored;
        part->inline_id = TRUE;
    } else {
        return TRUE;
    }
    if (*slot)
        return FALSE;
    *slot = colon + 1;
    *slot_len = len;
    return TRUE;
}

/* Reads the header at p; where the content begins, or NULL. */
static const char *read_header(const char *p, const char *end, SvLetterPart *part)
{
    const char *start = p;
    for (;;) {
        if (p >= end || p - start > (gssize)MAX_PART_HEADER)
            return NULL;
        gsize blank = *p == '\n' ? 1 : *p == '\r' && end - p > 1 && p[1] == '\n' ? 2 : 0;
        if (blank)
            return memchr(start, 0, (gsize)(p - start)) ? NULL : p + blank;
        const char *colon, *next = field_end(p, end, &colon);
        if (!next || !keep_field(part, p, colon, next))
            return NULL;
        p = next;
    }
}

/* Opens the part whose header begins at p; where to go on, or NULL. */
static const char *open_part(Splitter *s, const char *p, const char *end)
{
    SvLetterPart part = {.parent = s->depth ? (int)s->open[s->depth - 1].part : -1};
    p = read_header(p, end, &part);
    if (!p || !part.mime.type || s->parts->len == MAX_PARTS)
        return NULL;
    Cursor c = {part.mime.type, part.mime.type + part.mime.type_len};
    if (!take_type(&c, part.type, sizeof part.type) || g_str_has_prefix(part.type, "message/"))
        return NULL;
    part.multipart = g_str_has_prefix(part.type, "multipart/");
    part.bytes = p;
    s->leaf = part.multipart ? -1 : (int)s->parts->len;
    if (part.multipart) {
        Open open = {.part = s->parts->len};
        if (s->depth == MAX_DEPTH || !take_boundary(&c, &open))
            return NULL;
        s->open[s->depth++] = open;
    }
    if (part.parent >= 0)
        g_array_index(s->parts, SvLetterPart, part.parent).n_children++;
    g_array_append_val(s->parts, part);
    return p;
}

/* Ends the part whose content ends before the boundary line; FALSE when the line ends of the two differ. */
static gboolean close_leaf(Splitter *s, const char *line, const char *eol)
{
    if (s->leaf < 0)
        return TRUE;
    SvLetterPart *part = &g_array_index(s->parts, SvLetterPart, s->leaf);
    const char *to = line;
    gboolean crlf = eol[-1] == '\r';
    s->leaf = -1;
    if (to > part->bytes) {
        to -= to - part->bytes > 1 && to[-2] == '\r' ? 2 : 1;
        if (crlf != (*to == '\r'))
            return FALSE;
    }
    part->len = (gsize)(to - part->bytes);
    return TRUE;
}

typedef enum { LINE_TEXT, LINE_NEXT, LINE_LAST, LINE_UNCLEAR } LineKind;

/* What the line p … eol, which begins with "--", is to the open parts. */
static LineKind line_kind(const Splitter *s, const char *p, const char *eol)
{
    gsize len = (gsize)(eol - p) - 2;
    for (guint k = s->depth; k-- > 0;) {
        const Open *open = &s->open[k];
        if (len < open->len || memcmp(p + 2, open->boundary, open->len) != 0)
            continue;
        const char *rest = p + 2 + open->len;
        if (eol > rest && eol[-1] == '\r')
            eol--;
        if (k + 1 != s->depth)
            return LINE_UNCLEAR;
        return rest == eol ? LINE_NEXT : eol - rest == 2 && memcmp(rest, "--", 2) == 0 ? LINE_LAST
                                                                                       : LINE_UNCLEAR;
    }
    return LINE_TEXT;
}

/* Reads lines from p until the last open part ends; FALSE when it gives up. */
static gboolean read_lines(Splitter *s, const char *p, const char *end)
{
    while (p < end) {
        const char *eol = memchr(p, '\n', (gsize)(end - p)), *next = eol ? eol + 1 : end;
        LineKind kind = next - p > 2 && p[0] == '-' && p[1] == '-' ? line_kind(s, p, eol ? eol : end)
                                                                   : LINE_TEXT;
        if (kind == LINE_UNCLEAR)
            return FALSE;
        if (kind != LINE_TEXT && !close_leaf(s, p, eol ? eol : end))
            return FALSE;
        if (kind == LINE_NEXT && !(next = open_part(s, next, end)))
            return FALSE;
        if (kind == LINE_LAST) {
            const Open *last = &s->open[--s->depth];
            if (g_array_index(s->parts, SvLetterPart, last->part).n_children == 0)
                return FALSE;
            if (s->depth == 0)
                return TRUE;
        }
        p = next;
    }
    return FALSE;
}

GArray *sv_letter_parts_split(const char *letter, gsize len)
{
    const char *end = letter + len;
    g_autoptr(GArray) parts = g_array_sized_new(FALSE, FALSE, sizeof(SvLetterPart), 8);
    Splitter s = {.parts = parts, .leaf = -1};
    const char *p = open_part(&s, letter, end);
    return p && s.depth == 1 && read_lines(&s, p, end) ? g_steal_pointer(&parts) : NULL;
}

const SvLetterPart *sv_letter_parts_child(const GArray *parts, const SvLetterPart *parent, guint i)
{
    const SvLetterPart *all = (const SvLetterPart *)(const void *)parts->data;
    int index = (int)(parent - all);
    for (guint k = (guint)index + 1; k < parts->len; k++)
        if (all[k].parent == index && i-- == 0)
            return &all[k];
    return NULL;
}
