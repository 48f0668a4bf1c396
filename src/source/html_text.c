/* HTML of letters as plain text: see html_text.h.
 *
 * How it works: the bytes are brought to UTF-8, libxml2's push parser calls back for tags and text, and a
 * stack of frames carries what is inherited: hidden, colours, kept white space, quotation. The text itself
 * grows in html_flow.c; what style says is read by html_style.c; quote containers are data
 * (data/source/html_quotes.tsv).
 *
 * It keeps true: no network, no entities from outside, the stack is at most MAX_OPEN deep (deeper tags count
 * but inherit nothing new), no recursion. Text that is hidden is not in the result; only when a letter would
 * be empty because of colours, it is read again with colours put aside: a page with a dark body hides nothing
 * from a reader. It does not lay out tables, run scripts or know the cascade. */
#include "html_text.h"
#include "charset.h"
#include "html_flow.h"
#include "html_style.h"
#include "intake.h"
#include "sv_limits.h"
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPEN 400u               /* frames that are kept */
#define MAX_PARSER_DEPTH 3000       /* open tags at which the parser is stopped */
#define MAX_HTML (24u << 20)        /* bytes read; letters carry pictures inline */
#define MAX_CSS (256u << 10)
#define SLACK 4096u                 /* so that the caller sees that text was cut */

typedef enum {
    TAG_INLINE,
    TAG_BLOCK,
    TAG_PARAGRAPH,
    TAG_BREAK,
    TAG_ITEM,
    TAG_LIST,
    TAG_ORDERED,
    TAG_ROW,
    TAG_CELL,
    TAG_PRE,
    TAG_DROP,
    TAG_STYLE,
    TAG_IMAGE
} TagKind;

static const struct {
    const char *name;
    TagKind kind;
} tags[] = {
    /* sorted */
    {"address", TAG_BLOCK},
    {"article", TAG_BLOCK},
    {"aside", TAG_BLOCK},
    {"blockquote", TAG_BLOCK},
    {"body", TAG_BLOCK},
    {"br", TAG_BREAK},
    {"caption", TAG_BLOCK},
    {"center", TAG_BLOCK},
    {"dd", TAG_BLOCK},
    {"dir", TAG_LIST},
    {"div", TAG_BLOCK},
    {"dl", TAG_BLOCK},
    {"dt", TAG_BLOCK},
    {"fieldset", TAG_BLOCK},
    {"footer", TAG_BLOCK},
    {"form", TAG_BLOCK},
    {"h1", TAG_PARAGRAPH},
    {"h2", TAG_PARAGRAPH},
    {"h3", TAG_PARAGRAPH},
    {"h4", TAG_PARAGRAPH},
    {"h5", TAG_PARAGRAPH},
    {"h6", TAG_PARAGRAPH},
    {"head", TAG_INLINE},
    {"header", TAG_BLOCK},
    {"hr", TAG_BLOCK},
    {"img", TAG_IMAGE},
    {"li", TAG_ITEM},
    {"main", TAG_BLOCK},
    {"math", TAG_DROP},
    {"nav", TAG_BLOCK},
    {"object", TAG_DROP},
    {"ol", TAG_ORDERED},
    {"p", TAG_PARAGRAPH},
    {"pre", TAG_PRE},
    {"script", TAG_DROP},
    {"section", TAG_BLOCK},
    {"select", TAG_DROP},
    {"style", TAG_STYLE},
    {"svg", TAG_DROP},
    {"table", TAG_BLOCK},
    {"tbody", TAG_INLINE},
    {"td", TAG_CELL},
    {"template", TAG_DROP},
    {"textarea", TAG_BLOCK},
    {"th", TAG_CELL},
    {"title", TAG_DROP},
    {"tr", TAG_ROW},
    {"ul", TAG_LIST},
};

typedef struct {
    const char *name; /* of the parser's dictionary or of `tags`: compared, never freed */
    TagKind kind;
    gboolean hidden, no_size, keep_space, quote;
    guint8 after;      /* newlines when it closes */
    int colour, back;
    guint quote_line;
    int item;          /* ordered lists: number of the last item; -1 for others */
    gsize cell;        /* rows: where their last cell begins; 0 none yet */
} Frame;

typedef struct {
    SvHtmlFlow *flow;
    GArray *open;      /* Frame */
    guint deeper;      /* open tags above MAX_OPEN */
    GHashTable *rules;
    GString *css;
    gboolean colours;  /* may colours hide? */
    gboolean hid;      /* they did */
    htmlParserCtxtPtr parser;
} Reader;

static int tag_compare(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

static TagKind tag_kind(const char *name)
{
    const void *found = bsearch(name, tags, G_N_ELEMENTS(tags), sizeof tags[0], tag_compare);
    return found ? tags[((const char *)found - (const char *)tags) / sizeof tags[0]].kind : TAG_INLINE;
}

static Frame *top(Reader *r)
{
    return &g_array_index(r->open, Frame, r->open->len - 1);
}

static gboolean is_hidden(Reader *r)
{
    const Frame *f = top(r);
    if (f->hidden || f->no_size || f->kind == TAG_DROP || f->kind == TAG_STYLE)
        return TRUE;
    if (!r->colours || !sv_html_colour_hides(f->colour, f->back))
        return FALSE;
    r->hid = TRUE;
    return TRUE;
}

/* Does the tag open quotation, by tag, class or id? Web mail adds "_mr_css_attr" to classes that it passes
 * on. */
static gboolean is_quote(const char *kind, const char *value, gsize len)
{
    const GPtrArray *rows = sv_intake_rows("/svodka/source/html_quotes.tsv");
    static const char suffix[] = "_mr_css_attr";
    gsize n = sizeof suffix - 1;
    if (len > n && memcmp(value + len - n, suffix, n) == 0)
        len -= n;
    for (guint i = 0; i < rows->len; i++) {
        const GStrv row = g_ptr_array_index(rows, i);
        if (strcmp(row[0], kind) == 0 && row[1] && strlen(row[1]) == len && memcmp(row[1], value, len) == 0)
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    SvHtmlStyle style;
    gboolean quote, outlook;
    const char *alt;
    int start;
} Attributes;

static void read_classes(Reader *r, const char *value, Attributes *a)
{
    for (const char *p = value; *p;) {
        gsize n = strcspn(p, " \t\r\n");
        if (n > 0) {
            sv_html_rules_apply(r->rules, '.', p, n, &a->style);
            a->quote |= is_quote("class", p, n);
            a->outlook |= n >= 3 && memcmp(p, "Mso", 3) == 0;
        }
        p += n + strspn(p + n, " \t\r\n");
    }
}

static void read_attributes(Reader *r, const xmlChar **atts, Attributes *a)
{
    sv_html_style_init(&a->style);
    const char *style = NULL;
    for (; atts && atts[0]; atts += 2) {
        const char *name = (const char *)atts[0], *value = (const char *)atts[1];
        if (strcmp(name, "hidden") == 0)
            a->style.hidden = TRUE;
        if (!value)
            continue;
        gsize len = strlen(value);
        if (strcmp(name, "style") == 0) {
            style = value;
        } else if (strcmp(name, "class") == 0) {
            read_classes(r, value, a);
        } else if (strcmp(name, "id") == 0) {
            sv_html_rules_apply(r->rules, '#', value, len, &a->style);
            a->quote |= is_quote("id", value, len);
        } else if (strcmp(name, "color") == 0) {
            a->style.colour = sv_html_colour(value, len);
        } else if (strcmp(name, "bgcolor") == 0) {
            a->style.back = sv_html_colour(value, len);
        } else if (strcmp(name, "background") == 0) {
            a->style.back = SV_COLOUR_UNKNOWN;
        } else if (strcmp(name, "alt") == 0) {
            a->alt = value;
        } else if (strcmp(name, "start") == 0) {
            a->start = (int)g_ascii_strtoll(value, NULL, 10);
        }
    }
    if (style) /* stands above rules and attributes */
        sv_html_style_add(&a->style, style, strlen(style));
}

/* What the element inherits and what it says itself. */
static Frame make_frame(const Frame *parent, const char *name, TagKind kind, const Attributes *a)
{
    Frame f = *parent;
    f.name = name;
    f.kind = parent->kind == TAG_DROP ? TAG_DROP : kind;
    f.hidden |= a->style.hidden;
    f.quote = FALSE;
    f.after = 0;
    f.item = kind == TAG_ORDERED ? a->start - 1 : -1;
    f.cell = 0;
    if (a->style.zero_size >= 0)
        f.no_size = a->style.zero_size;
    if (a->style.colour != SV_COLOUR_UNSET)
        f.colour = a->style.colour;
    if (a->style.back != SV_COLOUR_UNSET)
        f.back = a->style.back;
    if (kind == TAG_PRE)
        f.keep_space = TRUE;
    if (a->style.keep_space >= 0)
        f.keep_space = a->style.keep_space;
    return f;
}

static void begin_item(Reader *r)
{
    sv_html_flow_block(r->flow, 1);
    if (is_hidden(r))
        return;
    for (guint i = r->open->len; i-- > 0 && r->open->len - i < 8;) {
        Frame *list = &g_array_index(r->open, Frame, i);
        if (list->kind != TAG_ORDERED && list->kind != TAG_LIST)
            continue;
        if (list->kind == TAG_LIST)
            break;
        char mark[24];
        list->item = MIN(list->item + 1, 99999);
        g_snprintf(mark, sizeof mark, "%d. ", list->item);
        sv_html_flow_mark(r->flow, mark);
        return;
    }
    sv_html_flow_mark(r->flow, "- ");
}

static void begin_cell(Reader *r)
{
    for (guint i = r->open->len; i-- > 0;) {
        Frame *row = &g_array_index(r->open, Frame, i);
        if (row->kind != TAG_ROW)
            continue;
        row->cell = sv_html_flow_cell(r->flow, row->cell);
        return;
    }
    sv_html_flow_block(r->flow, 1);
}

/* Emoji come as pictures with themselves as text. */
static void add_picture(Reader *r, const char *alt)
{
    gsize len = alt ? strlen(alt) : 0;
    if (len > 0 && len <= 16 && (guchar)*alt >= 0xE2 && !is_hidden(r))
        sv_html_flow_text(r->flow, alt, len, FALSE);
}

static void on_start(void *data, const xmlChar *xml_name, const xmlChar **atts)
{
    Reader *r = data;
    const char *name = (const char *)xml_name;
    if (r->parser->nameNr > MAX_PARSER_DEPTH || sv_html_flow_full(r->flow)) {
        xmlStopParser(r->parser);
        return;
    }
    if (r->open->len >= MAX_OPEN) {
        r->deeper++;
        return;
    }
    TagKind kind = tag_kind(name);
    Attributes a = {.start = 1};
    read_attributes(r, atts, &a);
    Frame f = make_frame(top(r), name, kind, &a);
    f.quote = (a.quote || is_quote("tag", name, strlen(name))) && !(a.style.indent && kind == TAG_BLOCK) &&
              !f.hidden;
    if (kind == TAG_BLOCK || kind == TAG_PRE || kind == TAG_ITEM || kind == TAG_ROW || kind == TAG_LIST ||
        kind == TAG_ORDERED)
        f.after = 1;
    if (kind == TAG_PARAGRAPH)
        f.after = a.outlook || a.style.no_margin ? 1 : 2;
    if (f.after > 0)
        sv_html_flow_block(r->flow, f.after);
    if (f.quote)
        f.quote_line = sv_html_flow_quote(r->flow);
    if (kind == TAG_CELL)
        begin_cell(r);
    g_array_append_val(r->open, f);
    if (kind == TAG_BREAK && !is_hidden(r))
        sv_html_flow_break(r->flow);
    else if (kind == TAG_ITEM)
        begin_item(r);
    else if (kind == TAG_IMAGE)
        add_picture(r, a.alt);
}

static void close_top(Reader *r)
{
    Frame f = *top(r);
    if (f.kind == TAG_STYLE && r->css->len > 0) {
        sv_html_rules_add(r->rules, r->css->str, r->css->len);
        g_string_truncate(r->css, 0);
    }
    g_array_set_size(r->open, r->open->len - 1);
    if (f.quote)
        sv_html_flow_unquote(r->flow, f.quote_line);
    if (f.kind == TAG_ROW)
        sv_html_flow_row_end(r->flow);
    else if (f.after > 0)
        sv_html_flow_block(r->flow, f.after);
}

static void on_end(void *data, const xmlChar *xml_name)
{
    Reader *r = data;
    if (r->deeper > 0) {
        r->deeper--;
        return;
    }
    /* The parser closes in order; a name that is not on top was opened above the limit or never. */
    for (guint i = r->open->len, seen = 0; i-- > 1 && seen < 16; seen++) {
        if (strcmp(g_array_index(r->open, Frame, i).name, (const char *)xml_name) != 0)
            continue;
        while (r->open->len > i)
            close_top(r);
        return;
    }
}

static void on_text(void *data, const xmlChar *text, int len)
{
    Reader *r = data;
    if (len > 0 && !is_hidden(r))
        sv_html_flow_text(r->flow, (const char *)text, (gsize)len, top(r)->keep_space);
}

static void on_cdata(void *data, const xmlChar *text, int len)
{
    Reader *r = data;
    if (top(r)->kind == TAG_STYLE && len > 0 && r->css->len + (gsize)len <= MAX_CSS)
        g_string_append_len(r->css, (const char *)text, len);
}

/* Feeds the parser; a fragment without a body gets one, or the parser would make paragraphs of its own. */
static void parse(Reader *r, const char *utf8, gsize len)
{
    static const char body[] = "<body>";
    htmlSAXHandler sax = {.startElement = on_start, .endElement = on_end, .characters = on_text,
        .ignorableWhitespace = on_text, .cdataBlock = on_cdata};
    r->parser = htmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (!r->parser)
        return;
    htmlCtxtUseOptions(r->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                      HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    gboolean has_body = FALSE;
    for (const char *p = utf8, *end = utf8 + MIN(len, 128u << 10);
         !has_body && (p = memchr(p, '<', (gsize)(end - p))); p++)
        has_body = g_ascii_strncasecmp(p, body, 5) == 0;
    if (!has_body)
        htmlParseChunk(r->parser, body, sizeof body - 1, 0);
    htmlParseChunk(r->parser, utf8, (int)len, 1);
    while (r->open->len > 1)
        close_top(r);
    if (r->parser->myDoc)
        xmlFreeDoc(r->parser->myDoc);
    htmlFreeParserCtxt(r->parser);
}

static char *read_once(const char *utf8, gsize len, gboolean colours, gboolean *hid)
{
    g_autoptr(SvHtmlFlow) flow = sv_html_flow_new(SV_MAX_MESSAGE_TEXT + SLACK);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Frame));
    g_autoptr(GHashTable) rules = sv_html_rules_new();
    g_autoptr(GString) css = g_string_new(NULL);
    Frame root = {
        .name = "", .kind = TAG_INLINE, .colour = SV_COLOUR_UNSET, .back = SV_COLOUR_UNSET, .item = -1};
    g_array_append_val(open, root);
    Reader r = {.flow = flow, .open = open, .rules = rules, .css = css, .colours = colours};
    parse(&r, utf8, len);
    *hid = r.hid;
    return sv_html_flow_take(flow);
}

/* The charset that a <meta> names in the first KB; empty when none does. */
static void meta_charset(const char *html, gsize len, char name[64])
{
    gsize n = 0;
    *name = 0;
    for (gsize i = 0; i + 8 < MIN(len, 2048u); i++) {
        if (g_ascii_strncasecmp(html + i, "charset=", 8) != 0)
            continue;
        for (i += 8; i < len && n < 63; i++) {
            if (g_ascii_isalnum(html[i]) || (n > 0 && html[i] && strchr("-_.:", html[i])))
                name[n++] = html[i];
            else if (n > 0 || (html[i] != '"' && html[i] != '\'' && html[i] != ' '))
                break;
        }
        name[n] = 0;
        return;
    }
}

char *sv_html_to_text(const char *html, gsize len, const char *charset)
{
    char meta[64];
    len = MIN(len, MAX_HTML);
    if (!charset || !*charset) {
        meta_charset(html, len, meta);
        charset = *meta ? meta : NULL;
    }
    g_autofree char *utf8 = sv_charset_to_utf8(html, len, charset);
    gsize utf8_len = strlen(utf8);
    gboolean hid = FALSE;
    char *text = read_once(utf8, utf8_len, TRUE, &hid);
    if (*text || !hid)
        return text;
    g_free(text);
    return read_once(utf8, utf8_len, FALSE, &hid);
}
