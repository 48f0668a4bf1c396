/* Style of HTML letters: see html_style.h.
 *
 * How it works: declarations are split at ";" and ":" and compared by name; style sheets are read rule by
 * rule, and only rules with a class or an id as whole selector are kept.
 *
 * It keeps true: linear time, at most MAX_RULES rules. It does not know cascade weights, inheritance (the
 * caller does), nested at-rules or escapes: what is not understood hides nothing. */
#include "html_style.h"
#include <string.h>

#define MAX_RULES 2000u
#define NEARLY_WHITE 0xF0

void sv_html_style_init(SvHtmlStyle *style)
{
    *style =
        (SvHtmlStyle){.colour = SV_COLOUR_UNSET, .back = SV_COLOUR_UNSET, .zero_size = -1, .keep_space = -1};
}

static gboolean is(const char *p, gsize len, const char *word)
{
    return strlen(word) == len && g_ascii_strncasecmp(p, word, len) == 0;
}

static gboolean begins(const char *p, gsize len, const char *word)
{
    gsize n = strlen(word);
    return len >= n && g_ascii_strncasecmp(p, word, n) == 0;
}

static gboolean holds(const char *p, gsize len, const char *word)
{
    gsize n = strlen(word);
    for (gsize i = 0; i + n <= len; i++)
        if (g_ascii_strncasecmp(p + i, word, n) == 0)
            return TRUE;
    return FALSE;
}

/* A number at p; FALSE when there is none. The unit starts at *rest. */
static gboolean take_number(const char *p, gsize len, double *out, const char **rest)
{
    char buf[24];
    gsize n = 0;
    while (n < len && n < sizeof buf - 1 &&
           (g_ascii_isdigit(p[n]) || p[n] == '.' || p[n] == '-' || p[n] == '+')) {
        buf[n] = p[n];
        n++;
    }
    buf[n] = 0;
    *rest = p + n;
    *out = g_ascii_strtod(buf, NULL);
    return n > 0;
}

static int hex_colour(const char *p, gsize len)
{
    int value = 0;
    for (gsize i = 0; i < len; i++) {
        int digit = g_ascii_xdigit_value(p[i]);
        if (digit < 0)
            return SV_COLOUR_UNKNOWN;
        value = value << 4 | digit;
        if (len <= 4)
            value = value << 4 | digit;
        if (i + 1 == (len <= 4 ? 3u : 6u))
            return value;
    }
    return SV_COLOUR_UNKNOWN;
}

static int rgb_colour(const char *p, gsize len)
{
    int value = 0;
    const char *end = p + len, *rest;
    for (int i = 0; i < 4; i++) {
        while (p < end && !g_ascii_isdigit(*p) && *p != '.')
            p++;
        double number;
        if (!take_number(p, (gsize)(end - p), &number, &rest))
            return i == 3 ? value : SV_COLOUR_UNKNOWN;
        if (i == 3)
            return number < 0.05 ? SV_COLOUR_UNKNOWN : value;
        value = value << 8 | (int)CLAMP(number, 0, 255);
        p = rest;
    }
    return value;
}

int sv_html_colour(const char *p, gsize len)
{
    static const struct {
        const char *name;
        int value;
    } names[] = {
        {"white", 0xFFFFFF},
        {"black", 0},
        {"snow", 0xFFFAFA},
        {"ivory", 0xFFFFF0},
        {"ghostwhite", 0xF8F8FF},
        {"whitesmoke", 0xF5F5F5},
        {"floralwhite", 0xFFFAF0},
        {"red", 0xFF0000},
        {"blue", 0xFF},
        {"navy", 0x80},
        {"green", 0x8000},
        {"gray", 0x808080},
        {"grey", 0x808080},
        {"silver", 0xC0C0C0},
        {"yellow", 0xFFFF00},
        {"windowtext", 0},
        {"window", 0xFFFFFF},
    };
    while (len > 0 && g_ascii_isspace(*p)) {
        p++;
        len--;
    }
    const char *space = memchr(p, ' ', len);
    gsize word = space && *p != 'r' ? (gsize)(space - p) : len;
    if (word == 0 || is(p, word, "transparent") || is(p, word, "inherit") || is(p, word, "none") ||
        is(p, word, "initial"))
        return SV_COLOUR_UNSET;
    if (*p == '#')
        return hex_colour(p + 1, word - 1);
    if (begins(p, len, "rgb"))
        return rgb_colour(p + 3, len - 3);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (is(p, word, names[i].name))
            return names[i].value;
    return word == 6 ? hex_colour(p, word) : SV_COLOUR_UNKNOWN;
}

static gboolean nearly_white(int c)
{
    return (c >> 16 & 0xFF) >= NEARLY_WHITE && (c >> 8 & 0xFF) >= NEARLY_WHITE && (c & 0xFF) >= NEARLY_WHITE;
}

gboolean sv_html_colour_hides(int colour, int back)
{
    if (colour < 0 || back == SV_COLOUR_UNKNOWN)
        return FALSE;
    int ground = back == SV_COLOUR_UNSET ? 0xFFFFFF : back;
    return colour == ground || (nearly_white(colour) && nearly_white(ground));
}

/* Zero for sizes that nobody can read. */
static int size_is_zero(const char *p, gsize len)
{
    double number;
    const char *unit;
    if (!take_number(p, len, &number, &unit))
        return 0; /* "small", "inherit": words are never nothing */
    gsize rest = len - (gsize)(unit - p);
    if (begins(unit, rest, "em") || begins(unit, rest, "rem"))
        return number < 0.15;
    return begins(unit, rest, "%") ? number < 15 : number < 2;
}

static gboolean is_zero(const char *p, gsize len)
{
    double number;
    const char *unit;
    return take_number(p, len, &number, &unit) && number < 0.05 && number > -0.05;
}

static gboolean far_outside(const char *p, gsize len)
{
    double number;
    const char *unit;
    return take_number(p, len, &number, &unit) && number <= -900;
}

typedef struct {
    gboolean no_height, cut, no_border, left;
} Hints;

static void add_one(SvHtmlStyle *s, Hints *hints, const char *n, gsize nl, const char *v, gsize vl)
{
    if (is(n, nl, "display"))
        s->hidden |= begins(v, vl, "none");
    else if (is(n, nl, "visibility"))
        s->hidden |= begins(v, vl, "hidden") || begins(v, vl, "collapse");
    else if (is(n, nl, "opacity"))
        s->hidden |= is_zero(v, vl);
    else if (is(n, nl, "text-indent") || is(n, nl, "left") || is(n, nl, "top") || is(n, nl, "margin-left"))
        s->hidden |= far_outside(v, vl);
    else if (is(n, nl, "font-size"))
        s->zero_size = size_is_zero(v, vl);
    else if (is(n, nl, "color"))
        s->colour = begins(v, vl, "transparent") ? 0xFFFFFF : sv_html_colour(v, vl);
    else if (is(n, nl, "background-color") || is(n, nl, "background"))
        s->back =
            holds(v, vl, "url(") || holds(v, vl, "gradient") ? SV_COLOUR_UNKNOWN : sv_html_colour(v, vl);
    else if (is(n, nl, "background-image"))
        s->back = begins(v, vl, "none") ? s->back : SV_COLOUR_UNKNOWN;
    else if (is(n, nl, "white-space"))
        s->keep_space = begins(v, vl, "pre") || begins(v, vl, "break-spaces");
    else if (is(n, nl, "height") || is(n, nl, "max-height") || is(n, nl, "width") || is(n, nl, "max-width"))
        hints->no_height |= is_zero(v, vl);
    else if (is(n, nl, "overflow"))
        hints->cut |= begins(v, vl, "hidden");
    else if (is(n, nl, "border") || is(n, nl, "border-left"))
        hints->no_border |= begins(v, vl, "none") || is_zero(v, vl);
    if (is(n, nl, "margin"))
        hints->left |= holds(v, vl, "40px");
    if (is(n, nl, "margin") || is(n, nl, "margin-bottom"))
        s->no_margin |= is_zero(v, vl);
}

void sv_html_style_add(SvHtmlStyle *style, const char *text, gsize len)
{
    const char *p = text, *end = text + len;
    Hints hints = {0};
    while (p < end) {
        const char *semi = memchr(p, ';', (gsize)(end - p));
        const char *stop = semi ? semi : end, *colon = memchr(p, ':', (gsize)(stop - p));
        if (colon) {
            const char *name = p, *name_end = colon, *value = colon + 1, *value_end = stop;
            while (name < name_end && g_ascii_isspace(*name))
                name++;
            while (name_end > name && g_ascii_isspace(name_end[-1]))
                name_end--;
            while (value < value_end && g_ascii_isspace(*value))
                value++;
            while (value_end > value && g_ascii_isspace(value_end[-1]))
                value_end--;
            add_one(
                style, &hints, name, (gsize)(name_end - name), value, (gsize)(MIN(value_end - value, 400)));
        }
        p = stop + 1;
    }
    style->hidden |= hints.no_height && hints.cut;
    style->indent |= hints.no_border && hints.left;
}

GHashTable *sv_html_rules_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* Keeps the declarations for each simple selector of "a, .b, #c". */
static void add_rule(GHashTable *rules, const char *selectors, gsize len, const char *body, gsize body_len)
{
    SvHtmlStyle style;
    sv_html_style_init(&style);
    sv_html_style_add(&style, body, body_len);
    if (!style.hidden && style.zero_size < 0 && style.colour < 0 && style.back == SV_COLOUR_UNSET)
        return;
    g_autofree char *list = g_strndup(selectors, len);
    g_auto(GStrv) each = g_strsplit(list, ",", 200);
    for (char **s = each; *s && g_hash_table_size(rules) < MAX_RULES; s++) {
        g_strstrip(*s);
        if ((**s != '.' && **s != '#') || strpbrk(*s + 1, " .#:>[+~*"))
            continue;
        g_hash_table_replace(rules, g_strdup(*s), g_memdup2(&style, sizeof style));
    }
}

void sv_html_rules_add(GHashTable *rules, const char *css, gsize len)
{
    const char *p = css, *end = css + len, *from = css, *brace = NULL;
    int depth = 0;
    gboolean at_rule = FALSE;
    for (; p < end; p++) {
        if (*p == '/' && p + 1 < end && p[1] == '*') {
            const char *close = g_strstr_len(p + 2, end - p - 2, "*/");
            if (!close)
                return;
            if (depth == 0)
                from = close + 2;
            p = close + 1;
        } else if (*p == '{') {
            if (depth++ == 0) {
                brace = p;
                while (from < p && g_ascii_isspace(*from))
                    from++;
                if (p - from >= 4 && memcmp(from, "<!--", 4) == 0)
                    from += 4;
                at_rule = from < p && *from == '@';
            }
        } else if (*p == '}') {
            if (depth > 0 && --depth == 0 && !at_rule)
                add_rule(rules, from, (gsize)(brace - from), brace + 1, (gsize)(p - brace - 1));
            if (depth == 0)
                from = p + 1;
        } else if (*p == ';' && depth == 0) {
            from = p + 1;
        }
    }
}

void sv_html_rules_apply(GHashTable *rules, char kind, const char *name, gsize len, SvHtmlStyle *style)
{
    char key[72];
    if (g_hash_table_size(rules) == 0 || len == 0 || len > sizeof key - 2)
        return;
    key[0] = kind;
    memcpy(key + 1, name, len);
    key[len + 1] = 0;
    const SvHtmlStyle *rule = g_hash_table_lookup(rules, key);
    if (!rule)
        return;
    style->hidden |= rule->hidden;
    if (rule->colour != SV_COLOUR_UNSET)
        style->colour = rule->colour;
    if (rule->back != SV_COLOUR_UNSET)
        style->back = rule->back;
    if (rule->zero_size >= 0)
        style->zero_size = rule->zero_size;
}
