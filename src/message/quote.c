/* Quotes, attribution lines, header blocks and forwards of a letter: see letter_lines.h; shapes in
 * data/message/quote.tsv.
 *
 * Lines with quote marks are quotes. An attribution ("… wrote:", also wrapped over lines, also without a
 * verb) is known by its date, time, address and verb together, never by the verb alone. A header block is a
 * label "from" with two other labels. After an attribution, lines with marks or an indent are the quote and
 * text may go on below; without either, the rest of the letter is the quote. After the words of a forward,
 * the rest is content. */
#include "letter_lines.h"
#include <string.h>
#include "phrases.h"
#include "utf8.h"

enum { FROM, DATE, TO, CC, SUBJECT, OTHER, FORWARD, BEGIN, END, ORIGINAL, VERB, WEEKDAY };
static const char *const classes[] = {"from", "date", "to", "cc", "subject", "other", "forward", "begin",
    "end", "original", "verb", "weekday", NULL};
#define LABELS (1u << FROM | 1u << DATE | 1u << TO | 1u << CC | 1u << SUBJECT | 1u << OTHER)
#define MAX_LABEL 40       /* bytes before the colon of a label */
#define MAX_ATTRIBUTION 400 /* bytes of an attribution, all its lines */
#define MAX_WRAP 3         /* lines that a long value of a header block may go on */

static const SvPhrases *phrases(void)
{
    static const SvPhrases *p;
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("quote.tsv", classes));
    return p;
}

const GString *sv_letter_fold(SvLetter *l, guint i)
{
    g_string_truncate(l->fold, 0);
    sv_phrases_fold(l->text + l->lines[i].a, l->lines[i].b - l->lines[i].a, l->fold);
    return l->fold;
}

/* ---- labels ---- */

/* Class of the label at the start of text, -1 when there is none; *value is where its value begins. */
static int label_in(SvLetter *l, guint32 a, guint32 b, guint32 *value)
{
    while (a < b && (l->text[a] == '*' || l->text[a] == ' '))
        a++;
    const char *colon = memchr(l->text + a, ':', MIN(b - a, MAX_LABEL));
    if (!colon)
        return -1;
    guint32 to = (guint32)(colon - l->text);
    *value = to + 1;
    while (to > a && (l->text[to - 1] == '*' || l->text[to - 1] == ' '))
        to--;
    g_string_truncate(l->fold, 0);
    sv_phrases_fold(l->text + a, to - a, l->fold);
    int class = sv_phrases_whole(phrases(), LABELS, l->fold->str, l->fold->len);
    while (*value < b && strchr("* \t", l->text[*value]))
        ++*value;
    return class;
}

static int line_label(SvLetter *l, guint i, guint32 *value)
{
    return label_in(l, l->lines[i].a, l->lines[i].b, value);
}

/* ---- who wrote it ---- */

static char *strip_name(const char *text, gsize len)
{
    char *s = g_strndup(text, len);
    static const char *const junk = " \t,;:\"'*<>()[]«»|";
    for (;;) {
        g_strstrip(s);
        gsize n = strlen(s);
        gsize skip = 0;
        if (g_str_has_prefix(s, "«") || g_str_has_prefix(s, "“"))
            skip = strlen(g_str_has_prefix(s, "«") ? "«" : "“");
        else if (n && (guchar)*s < 0x80 && strchr(junk, *s))
            skip = 1;
        if (skip)
            memmove(s, s + skip, n - skip + 1);
        else if (n && (guchar)s[n - 1] < 0x80 && strchr(junk, s[n - 1]))
            s[n - 1] = 0;
        else
            break;
    }
    if (!*s || strchr(s, '@') || !g_utf8_validate(s, -1, NULL)) {
        g_free(s);
        return NULL;
    }
    return s;
}

static gboolean is_address_byte(char c)
{
    return g_ascii_isalnum(c) || strchr("._%+-@", c);
}

/* The first mail address of a text; FALSE when there is none. */
static gboolean find_address(const char *text, gsize len, gsize *from, gsize *to)
{
    const char *at = memchr(text, '@', len);
    if (!at)
        return FALSE;
    gsize a = (gsize)(at - text), b = a + 1;
    while (a > 0 && text[a - 1] && is_address_byte(text[a - 1]))
        a--;
    while (b < len && text[b] && is_address_byte(text[b]))
        b++;
    while (b > a && text[b - 1] == '.')
        b--;
    *from = a;
    *to = b;
    return b - a >= 5 && text + a < at && memchr(at, '.', (gsize)(text + b - at)) != NULL;
}

/* "Имя <a@b>", "Имя (a@b);", "Имя [mailto:a@b]", "Имя, «Фирма»". */
static SvAddress *parse_value(const char *text, gsize len)
{
    gsize a = len, b = len;
    g_autofree char *address = NULL;
    if (find_address(text, len, &a, &b))
        address = g_ascii_strdown(text + a, (gssize)(b - a));
    gsize name = address ? a : len;
    for (gsize i = 0; i < name; i++)
        if (strchr("<[(;", text[i])) {
            name = i;
            break;
        }
    const char *comma = memchr(text, ',', name);
    if (comma && memchr(text, ' ', (gsize)(comma - text)))
        name = (gsize)(comma - text);
    g_autofree char *who = strip_name(text, name);
    return sv_address_new(who, address);
}

/* Where the name begins in the part of an attribution before the address. */
static gsize name_start(const char *s, gsize len)
{
    gsize from = 0;
    for (gsize i = 0; i < len; i++)
        if (g_ascii_isdigit(s[i]) || (s[i] == ',' && i + 1 < len && s[i + 1] == ' '))
            from = i + 1;
    static const char *const before[] = {"г. ", "AM ", "PM ", "от ", "пользователь ", "at "};
    while (from < len && strchr(" ,:", s[from]))
        from++;
    for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
        gsize n = strlen(before[i]);
        if (len - from >= n && memcmp(s + from, before[i], n) == 0)
            from += n;
    }
    return from;
}

/* Who is named in "ср, 30 апр. 2025 г. в 15:19, Имя <a@b>:". */
static SvAddress *parse_attribution(const char *s, gsize len)
{
    gsize a = len, b = len;
    g_autofree char *address = NULL;
    if (find_address(s, len, &a, &b))
        address = g_ascii_strdown(s + a, (gssize)(b - a));
    gsize to = address ? a : len;
    while (to > 0 && strchr(" :<\"", s[to - 1]))
        to--;
    if (!address) { /* the verb stands last */
        gsize space = to;
        while (space > 0 && s[space - 1] != ' ')
            space--;
        GString *word = g_string_new(NULL);
        sv_phrases_fold(s + space, to - space, word);
        if (sv_phrases_whole(phrases(), 1u << VERB, word->str, word->len) >= 0)
            to = space;
        g_string_free(word, TRUE);
    }
    gsize from = name_start(s, to);
    g_autofree char *who = from < to ? strip_name(s + from, to - from) : NULL;
    return sv_address_new(who, address);
}

/* ---- attribution lines ---- */

typedef struct {
    gboolean date_first, year, time, address_last, address, bracketed, verb_last;
} Signs;

static gboolean digits_at(const char *s, gsize len, gsize i, guint n)
{
    for (guint k = 0; k < n; k++)
        if (i + k >= len || !g_ascii_isdigit(s[i + k]))
            return FALSE;
    return i + n >= len || !g_ascii_isdigit(s[i + n]);
}

static void find_numbers(const char *s, gsize len, Signs *g)
{
    for (gsize i = 0; i < len; i++) {
        if (!g_ascii_isdigit(s[i]) || (i && g_ascii_isdigit(s[i - 1])))
            continue;
        if ((s[i] == '1' || s[i] == '2') && (s[i + 1] == '9' || s[i + 1] == '0') && digits_at(s, len, i, 4))
            g->year = TRUE;
        guint n = digits_at(s, len, i, 1) ? 1 : digits_at(s, len, i, 2) ? 2 : 0;
        if (n && i + n + 2 < len && s[i + n] == ':' && digits_at(s, len, i + n + 1, 2))
            g->time = TRUE;
        /* 21.09.26 */
        if (n == 2 && i + 8 <= len && s[i + 2] == '.' && digits_at(s, len, i + 3, 2) && s[i + 5] == '.' &&
            digits_at(s, len, i + 6, 2))
            g->year = TRUE;
    }
}

/* Signs of an attribution in folded text that ends with a colon. */
static Signs read_signs(const char *s, gsize len)
{
    Signs g = {0};
    while (len && strchr(": ", s[len - 1]))
        len--;
    find_numbers(s, len, &g);
    g.date_first =
        len && (g_ascii_isdigit(*s) || sv_phrases_start(phrases(), 1u << WEEKDAY, s, len, NULL) >= 0);
    gsize a, b;
    gsize to = len;
    while (to && strchr(">)\" ", s[to - 1]))
        to--;
    g.address = find_address(s, len, &a, &b);
    g.address_last = g.address && b == to;
    g.bracketed = g.address && a > 0 && strchr("<(", s[a - 1]) != NULL;
    gsize space = len;
    while (space > 0 && s[space - 1] != ' ')
        space--;
    g.verb_last = sv_phrases_whole(phrases(), 1u << VERB, s + space, len - space) >= 0;
    return g;
}

/* Do the lines after an attribution look like a quote by themselves? */
static gboolean quote_follows(const SvLetter *l, guint i)
{
    guint j = sv_letter_next(l, i);
    return j < l->n && (l->lines[j].depth > 0 || l->lines[j].indent >= 4);
}

static gboolean is_attribution(const char *s, gsize len, gboolean quoted, gboolean wrapped)
{
    Signs g = read_signs(s, len);
    if (g.date_first && (g.year || (g.time && g.address)) && g.address &&
        (g.verb_last || (g.time && g.address_last && (g.bracketed || quoted))))
        return TRUE;
    if (g.date_first && g.year && quoted && len < 300 && (g.verb_last || g.time))
        return TRUE;
    if (wrapped)
        return FALSE;
    if (g.address && g.verb_last && len < 300)
        return TRUE;
    /* "Имя писал 21.09.2026 20:11:" */
    return quoted && g.year && g.time && len < 160 &&
           sv_phrases_any(phrases(), 1u << VERB, s, len, NULL) >= 0;
}

static void join_lines(const SvLetter *l, guint from, guint to, GString *out)
{
    for (guint i = from; i < to; i++) {
        if (i > from)
            g_string_append_c(out, ' ');
        g_string_append_len(out, l->text + l->lines[i].a, l->lines[i].b - l->lines[i].a);
    }
}

/* The number of lines of the attribution that begins at line i; *who is new. 0 when none begins there. */
static guint attribution_at(SvLetter *l, guint i, SvAddress **who)
{
    guint16 depth = l->lines[i].depth;
    for (guint n = 1; n <= 4 && i + n <= l->n; n++) {
        const SvLine *last = &l->lines[i + n - 1];
        if (sv_line_blank(last) || last->depth != depth || last->b - l->lines[i].a > MAX_ATTRIBUTION)
            return 0;
        if (l->text[last->b - 1] != ':')
            continue;
        g_autoptr(GString) joined = g_string_new(NULL), folded = g_string_new(NULL);
        join_lines(l, i, i + n, joined);
        sv_phrases_fold(joined->str, joined->len, folded);
        if (!is_attribution(folded->str, folded->len, depth > 0 || quote_follows(l, i + n), n > 1))
            continue;
        *who = parse_attribution(joined->str, joined->len);
        return n;
    }
    return 0;
}

/* ---- header blocks and separators ---- */

typedef struct {
    guint end;         /* first line after it */
    guint found;       /* classes of labels */
    guint n;           /* number of different labels */
    SvAddress *from;   /* new */
} Block;

static void block_add(SvLetter *l, Block *b, int label, guint i, guint32 value)
{
    if (!(b->found >> label & 1))
        b->n++;
    b->found |= 1u << label;
    if (label == FROM && !b->from)
        b->from = parse_value(l->text + value, l->lines[i].b - MIN(value, l->lines[i].b));
}

/* Reads labels from line i on; values may go on over lines, single empty lines may stand between labels. */
static Block block_at(SvLetter *l, guint i)
{
    Block b = {.end = i};
    guint16 depth = l->lines[i].depth;
    guint gap = 0, blanks = 0;
    for (guint j = i; j < l->n && j < i + 60 && l->lines[j].depth == depth; j++) {
        guint32 value;
        if (sv_line_blank(&l->lines[j])) {
            if (++blanks > 1 || gap)
                break;
            continue;
        }
        int label = line_label(l, j, &value);
        if (label >= 0) {
            block_add(l, &b, label, j, value);
            b.end = j + 1;
            gap = blanks = 0;
        } else if (blanks || !b.n || ++gap > MAX_WRAP) {
            break;
        }
    }
    return b;
}

static gboolean is_header_block(const Block *b)
{
    return (b->found >> FROM & 1) && b->n >= 3;
}

/* The class of a separator line (FORWARD, BEGIN, END, ORIGINAL), -1 when it is none; *rest is what follows
 * its words on the same line. */
static int separator_at(SvLetter *l, guint i, guint32 *rest)
{
    const SvLine *x = &l->lines[i];
    guint32 a = x->a;
    guint dashes = 0;
    while (a < x->b && strchr("-_=*+ ", l->text[a]))
        dashes += l->text[a++] != ' ';
    if (x->b - a < 8 || (dashes < 2 && (x->b - a > 90 || l->text[x->b - 1] != ':')))
        return -1;
    guint32 b = x->b <= a + 90 ? x->b : MAX((guint32)sv_utf8_floor(l->text, a + 90), a); /* not UTF-8: a */
    g_string_truncate(l->fold, 0);
    sv_phrases_fold(l->text + a, b - a, l->fold);
    gsize n;
    guint any = 1u << BEGIN | (dashes >= 2 ? 1u << FORWARD | 1u << END | 1u << ORIGINAL : 0);
    int class = sv_phrases_start(phrases(), any, l->fold->str, l->fold->len, &n);
    if (class < 0)
        return -1;
    /* the phrases hold no character that folding makes longer or shorter */
    guint32 r = a + (guint32)n;
    while (r < x->b && strchr("-_=*+: ", l->text[r]))
        r++;
    *rest = r;
    if (r < x->b && !memchr(l->text + r, ':', x->b - r))
        return -1;
    return class;
}

/* Labels that all stand on one line: "От: Имя <a@b> Кому: … Отправлено: … Тема: …". */
static gboolean one_line_block(SvLetter *l, guint32 a, guint32 b, SvAddress **who)
{
    guint found = 0, n = 0;
    guint32 from = 0, from_end = 0;
    b = MIN(b, a + 2000);
    for (guint32 i = a; i < b; i++) {
        if (l->text[i] != ':')
            continue;
        guint32 w = i;
        while (w > a && !strchr(" .,;>", l->text[w - 1]) && i - w < MAX_LABEL)
            w--;
        guint32 value;
        /* labels may be glued to the value before them: "<a@b>Кому:" */
        int label = label_in(l, w, b, &value);
        if (label < 0)
            continue;
        if (from && !from_end)
            from_end = w;
        if (label == FROM && !from)
            from = value;
        n += !(found >> label & 1);
        found |= 1u << label;
    }
    if (n < 3 || !(found >> FROM & 1))
        return FALSE;
    if (from_end > from)
        *who = parse_value(l->text + from, from_end - from);
    return TRUE;
}

/* ---- marking ---- */

static void mark(SvLetter *l, guint from, guint to, SvPieceKind kind)
{
    for (guint i = from; i < to && i < l->n; i++)
        l->lines[i].kind = (guint8)kind;
}

static void keep_first(SvAddress **slot, SvAddress *who)
{
    if (*slot)
        sv_address_free(who);
    else
        *slot = who;
}

/* Marks what follows an attribution that ends before line i; returns the line to go on with. */
static guint mark_quote_after(SvLetter *l, guint i)
{
    guint j = sv_letter_next(l, i);
    if (j >= l->n || l->lines[j].depth > 0)
        return i;
    if (l->lines[j].indent < 4) {
        mark(l, i, l->n, SV_PIECE_QUOTE);
        return l->n;
    }
    while (j < l->n && (sv_line_blank(&l->lines[j]) || l->lines[j].depth || l->lines[j].indent >= 4))
        l->lines[j++].kind = SV_PIECE_QUOTE;
    return j;
}

/* A rule or a run of labels before an attribution or header block, as Yandex and Outlook put it. The number
 * of lines from i up to where the attribution or block begins; 0 when there is no such thing. */
static guint preamble_at(SvLetter *l, guint i)
{
    if (!sv_line_is_rule(l, i) || l->lines[i].b - l->lines[i].a < 8)
        return 0;
    guint j = sv_letter_next(l, i + 1);
    if (j >= l->n || j > i + 2)
        return 0;
    Block b = block_at(l, j);
    sv_address_free(b.from);
    if (is_header_block(&b))
        return j - i;
    guint next = sv_letter_next(l, b.end);
    if (b.n < 1 || next >= l->n || next > b.end + 1)
        return 0;
    SvAddress *who = NULL;
    guint n = attribution_at(l, next, &who);
    sv_address_free(who);
    return n ? next - i : 0;
}

/* Whatever opens a quoted letter at line i. Returns the line after it, or i; *class is FORWARD or
 * ORIGINAL. */
static guint opening_at(SvLetter *l, guint i, int *class, SvAddress **who)
{
    guint32 rest = 0;
    int sep = separator_at(l, i, &rest);
    *class = sep == FORWARD || sep == BEGIN ? FORWARD : ORIGINAL;
    if (sep == END)
        return i;
    if (sep >= 0) {
        if (rest < l->lines[i].b)
            return one_line_block(l, rest, l->lines[i].b, who) ? i + 1 : i;
        guint j = sv_letter_next(l, i + 1);
        if (j >= l->n)
            return i + 1;
        Block b = block_at(l, j);
        if (b.n) {
            *who = b.from;
            return b.end;
        }
        return i + 1;
    }
    guint skip = preamble_at(l, i);
    guint32 value;
    if (line_label(l, i + skip, &value) >= 0) {
        Block b = block_at(l, i + skip);
        if (is_header_block(&b)) {
            *who = b.from;
            return b.end;
        }
        sv_address_free(b.from);
    }
    guint n = attribution_at(l, i + skip, who);
    return n ? i + skip + n : i;
}

static gboolean has_content(const SvLetter *l, guint from, guint to)
{
    return sv_letter_next(l, from) < to;
}

/* Marks the content of a forward from line i on; returns the line to go on with. Earlier letters inside it
 * are quotes, unless nothing stands above them: then they are the content. */
static guint mark_forward(SvLetter *l, guint i, SvAddress *who)
{
    guint first = sv_letter_next(l, i);
    guint16 base = first < l->n ? l->lines[first].depth : 0;
    guint start = i;
    for (guint j = i; j < l->n;) {
        guint32 rest;
        if (sv_line_blank(&l->lines[j])) {
            l->lines[j++].kind = SV_PIECE_FORWARD;
            continue;
        }
        if (separator_at(l, j, &rest) == END) {
            l->lines[j].kind = SV_PIECE_ATTRIBUTION;
            keep_first(&l->forwarded, who);
            return j + 1;
        }
        int class;
        SvAddress *inner = NULL;
        guint k = opening_at(l, j, &class, &inner);
        if (k > j && has_content(l, start, j)) {
            mark(l, j, k, SV_PIECE_ATTRIBUTION);
            mark(l, k, l->n, SV_PIECE_QUOTE);
            sv_address_free(inner);
            break;
        }
        if (k > j) {
            mark(l, j, k, SV_PIECE_ATTRIBUTION);
            sv_address_free(who);
            who = inner;
            start = j = k;
            first = sv_letter_next(l, k);
            base = first < l->n ? l->lines[first].depth : 0;
            continue;
        }
        sv_address_free(inner);
        l->lines[j].kind = l->lines[j].depth > base ? SV_PIECE_QUOTE : SV_PIECE_FORWARD;
        j++;
    }
    keep_first(&l->forwarded, who ? who : sv_address_new(NULL, NULL));
    return l->n;
}

static gboolean may_open(const SvLetter *l, guint i)
{
    const SvLine *x = &l->lines[i];
    return !sv_line_blank(x) && x->b > x->a;
}

void sv_quote_mark(SvLetter *l, SvCleanHint hint)
{
    gboolean seen_quote = FALSE, seen_own = FALSE;
    for (guint i = 0; i < l->n;) {
        SvLine *x = &l->lines[i];
        if (!may_open(l, i)) {
            i++;
            continue;
        }
        int class = ORIGINAL;
        SvAddress *who = NULL;
        guint k = i;
        guint32 rest;
        /* quoted lines can open nothing but a forward that is quoted whole */
        if (!x->depth || !seen_own)
            k = opening_at(l, i, &class, &who);
        if (k == i) {
            sv_address_free(who);
            gboolean end = !x->depth && separator_at(l, i, &rest) == END;
            x->kind = x->depth ? SV_PIECE_QUOTE : end ? SV_PIECE_ATTRIBUTION : SV_PIECE_OWN;
            seen_quote |= x->depth > 0;
            seen_own |= x->kind == SV_PIECE_OWN;
            i++;
            continue;
        }
        mark(l, i, k, SV_PIECE_ATTRIBUTION);
        if (x->depth && class != FORWARD) {
            keep_first(&l->quoted, who);
            i = k;
            continue;
        }
        if (class == FORWARD || (hint == SV_CLEAN_FORWARD && !seen_quote)) {
            i = mark_forward(l, k, who);
        } else {
            keep_first(&l->quoted, who);
            i = mark_quote_after(l, k);
        }
        seen_quote = TRUE;
    }
}

void sv_quote_promote(SvLetter *l)
{
    guint i = 0;
    while (i < l->n && (l->lines[i].kind != SV_PIECE_QUOTE || sv_line_blank(&l->lines[i])))
        i++;
    if (i == l->n)
        return;
    SvAddress *who = g_steal_pointer(&l->quoted);
    for (guint j = i; j < l->n; j++)
        if (l->lines[j].kind != SV_PIECE_QUOTE && l->lines[j].kind != SV_PIECE_ATTRIBUTION &&
            !sv_line_blank(&l->lines[j])) {
            /* a signature below the quote: the content ends there */
            guint n = l->n;
            l->n = j;
            mark_forward(l, i, who);
            l->n = n;
            return;
        }
    mark_forward(l, i, who);
}
