/* Growing text: see html_flow.h.
 *
 * How it works: text is written without quotation marks; a list says for each line where it begins and how
 * many containers quote it. Line ends and spaces wait until a word follows, so that neighbours join into one.
 * The "> " marks are put in at the very end.
 *
 * It keeps true: never more than one empty line in sequence (but in kept white space), quotation at most
 * MAX_QUOTES deep, linear time. */
#include "html_flow.h"
#include "intake.h"
#include "utf8.h"
#include <string.h>

#define MAX_QUOTES 20u

typedef struct {
    gsize from;
    guint depth;
} Line;

struct SvHtmlFlow {
    GString *out;
    GArray *lines; /* Line; the last is the one being written */
    gsize max;
    guint newlines; /* waiting; at most 2 */
    guint depth;
    gsize glue;      /* behind " | ": a block that opens here stays on the line; 0: none */
    gboolean space;  /* waiting */
    gboolean hard;   /* a no-break space stood alone: Outlook's empty paragraph */
};

SvHtmlFlow *sv_html_flow_new(gsize max)
{
    SvHtmlFlow *flow = g_new0(SvHtmlFlow, 1);
    flow->out = g_string_sized_new(1024);
    flow->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    flow->max = max;
    Line first = {0, 0};
    g_array_append_val(flow->lines, first);
    return flow;
}

void sv_html_flow_free(SvHtmlFlow *flow)
{
    if (!flow)
        return;
    g_string_free(flow->out, TRUE);
    g_array_unref(flow->lines);
    g_free(flow);
}

gboolean sv_html_flow_full(const SvHtmlFlow *flow)
{
    return flow->out->len >= flow->max;
}

static Line *last_line(SvHtmlFlow *flow)
{
    return &g_array_index(flow->lines, Line, flow->lines->len - 1);
}

static void end_line(SvHtmlFlow *flow)
{
    g_string_append_c(flow->out, '\n');
    Line line = {flow->out->len, flow->depth};
    g_array_append_val(flow->lines, line);
}

/* Writes the line ends and the space that waited for a word. */
static void settle(SvHtmlFlow *flow)
{
    if (flow->out->len == 0)
        flow->newlines = 0;
    gboolean at_start = flow->newlines > 0 || flow->out->len == last_line(flow)->from;
    while (flow->newlines > 0) {
        end_line(flow);
        flow->newlines--;
    }
    if (at_start)
        last_line(flow)->depth = flow->depth;
    else if (flow->space)
        g_string_append_c(flow->out, ' ');
    flow->space = flow->hard = FALSE;
}

/* Characters without width that only hide words or fill previews: soft hyphen, joiners, marks of direction,
 * tags. */
static gboolean is_invisible(gunichar c)
{
    return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200C ||
           c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

static gboolean is_wide_space(gunichar c)
{
    return c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

static void keep_newline(SvHtmlFlow *flow)
{
    settle(flow);
    end_line(flow);
}

void sv_html_flow_text(SvHtmlFlow *flow, const char *text, gsize len, gboolean keep_space)
{
    const char *p = text, *end = text + len;
    while (p < end && !sv_html_flow_full(flow)) {
        const char *from = p;
        while (p < end && (guchar)*p > ' ' && *p != 0x7F && (guchar)*p != 0xC2 && (guchar)*p != 0xCD &&
            (guchar)*p != 0xD8 && (guchar)*p < 0xE0)
            p++;
        if (p > from) {
            settle(flow);
            g_string_append_len(flow->out, from, p - from);
            continue;
        }
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        p += n;
        if (c == '\n' && keep_space) {
            keep_newline(flow);
        } else if ((c == ' ' || c == '\t') && keep_space) {
            settle(flow);
            g_string_append_c(flow->out, (char)c);
        } else if (c <= ' ' || c == 0x7F) {
            flow->space = TRUE;
        } else if (is_wide_space(c)) {
            flow->space = TRUE;
            flow->hard |= flow->newlines > 0;
        } else if (!is_invisible(c)) {
            settle(flow);
            g_string_append_len(flow->out, from, n);
        }
    }
}

void sv_html_flow_mark(SvHtmlFlow *flow, const char *mark)
{
    settle(flow);
    g_string_append(flow->out, mark);
}

void sv_html_flow_block(SvHtmlFlow *flow, guint newlines)
{
    if (flow->glue == flow->out->len && flow->glue > 0)
        return;
    if (flow->hard)
        newlines = 2;
    flow->newlines = MAX(flow->newlines, newlines);
    flow->space = flow->hard = FALSE;
}

void sv_html_flow_break(SvHtmlFlow *flow)
{
    flow->newlines = MIN(flow->newlines + 1, 2);
    flow->space = flow->hard = FALSE;
}

guint sv_html_flow_quote(SvHtmlFlow *flow)
{
    sv_html_flow_block(flow, 1);
    flow->depth++;
    return flow->lines->len; /* the line that settle() will open */
}

/* Is the line the head of a forwarded letter? */
static gboolean is_forward(const char *line, gsize len)
{
    const GPtrArray *markers = sv_intake_rows("/svodka/source/forward_markers.tsv");
    while (len > 0 && (*line == '-' || *line == '_' || *line == ' ' || *line == '>')) {
        line++;
        len--;
    }
    g_autofree char *folded = sv_utf8_fold(line, (gssize)sv_utf8_floor(line, MIN(len, 120u)));
    for (guint i = 0; i < markers->len; i++) {
        const GStrv row = g_ptr_array_index(markers, i);
        if (g_str_has_prefix(folded, row[0]))
            return TRUE;
    }
    return FALSE;
}

void sv_html_flow_unquote(SvHtmlFlow *flow, guint line)
{
    flow->depth--;
    sv_html_flow_block(flow, 1);
    if (flow->depth >= MAX_QUOTES)
        return;
    /* A quotation at the very beginning is written into the first line, which is already there. */
    guint from = line == 1 && flow->lines->len >= 1 && g_array_index(flow->lines, Line, 0).depth > flow->depth
                     ? 0
                     : line;
    guint head = from;
    while (head < flow->lines->len && flow->out->str[g_array_index(flow->lines, Line, head).from] == '\n')
        head++;
    if (head >= flow->lines->len)
        return;
    const char *text = flow->out->str + g_array_index(flow->lines, Line, head).from;
    const char *eol = strchr(text, '\n');
    if (!is_forward(text, eol ? (gsize)(eol - text) : strlen(text)))
        return;
    for (guint i = from; i < flow->lines->len; i++) {
        Line *l = &g_array_index(flow->lines, Line, i);
        if (l->depth > 0)
            l->depth--;
    }
}

gsize sv_html_flow_cell(SvHtmlFlow *flow, gsize before)
{
    gsize at = flow->out->len;
    if (before == 0 || at < before) {
        sv_html_flow_block(flow, 0);
        return at + 1;
    }
    if (at == before - 1) /* the cell before was empty */
        return before;
    const char *cell = flow->out->str + before - 1;
    while (*cell == '\n')
        cell++;
    if (strchr(cell, '\n')) {
        sv_html_flow_block(flow, 1);
        return at + 1;
    }
    flow->newlines = 0;
    flow->hard = FALSE;
    flow->space = FALSE;
    g_string_append(flow->out, " | ");
    flow->glue = flow->out->len;
    return flow->out->len + 1;
}

void sv_html_flow_row_end(SvHtmlFlow *flow)
{
    flow->glue = 0;
    sv_html_flow_block(flow, 1);
}

/* Separators behind which no cell had text are taken away. */
static gsize trimmed(const char *line, gsize len)
{
    if (len == 3 && memcmp(line, "-- ", 3) == 0) /* the mark of a signature */
        return len;
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    while (len > 1 && line[len - 1] == '|' && line[len - 2] == ' ') {
        len--;
        while (len > 0 && line[len - 1] == ' ')
            len--;
    }
    return len;
}

char *sv_html_flow_take(SvHtmlFlow *flow)
{
    GString *s = g_string_sized_new(flow->out->len + flow->lines->len * 2 + 1);
    guint above = 0, n = flow->lines->len;
    for (guint i = 0; i < n; i++) {
        const Line *line = &g_array_index(flow->lines, Line, i);
        gsize to = i + 1 < n ? g_array_index(flow->lines, Line, i + 1).from - 1 : flow->out->len;
        const char *text = flow->out->str + line->from;
        gsize len = trimmed(text, to - line->from);
        guint depth = MIN(line->depth, MAX_QUOTES);
        if (len == 0) { /* an empty line belongs to the shallower neighbour */
            guint below = i + 1 < n ? MIN(g_array_index(flow->lines, Line, i + 1).depth, MAX_QUOTES) : 0;
            depth = MIN(above, below);
        }
        for (guint k = 0; k < depth; k++)
            g_string_append(s, k + 1 < depth || len > 0 ? "> " : ">");
        g_string_append_len(s, text, (gssize)len);
        g_string_append_c(s, '\n');
        above = depth;
    }
    while (s->len > 0 && (s->str[s->len - 1] == '\n' || s->str[s->len - 1] == ' '))
        g_string_truncate(s, s->len - 1);
    return g_string_free(s, FALSE);
}
