/* A text as words with meanings, figures and marks: see scan.h.
 *
 * The words of three data files become one open-addressed table of 64-bit FNV hashes of their folded bytes,
 * built once. A text is walked once: a word is folded and hashed byte by byte without being copied, so a text
 * without known words costs a hash a word. A word may have several meanings, chained by `next`.
 *
 * Keeps true: tokens lie in order inside the text, never overlap, never split a character. It does not know
 * inflection: the data list the forms. */
#include "scan.h"
#include <string.h>
#include "lists.h"
#include "sv_limits.h"
#include "utf8.h"

typedef struct {
    guint16 kind;
    guint16 next; /* index + 1 of the next meaning of the same word, 0: none */
    gint32 value;
    guint hints;   /* of this meaning and the next ones */
    guint64 kinds; /* bit (kind % 64) of these */
} Sense;

typedef struct {
    guint64 hash; /* 0: free */
    guint32 first;
} Slot;

enum { N_SLOTS = 8192 };
static Slot slots[N_SLOTS];
static Sense *senses;
static guint n_senses;

static const char *const kind_names[SV_WORD_N] = {"unit", "ten", "hundred", "scale", "times", "slang",
    "letter", "half", "halfword", "halfscale", "couple", "few", "ord_gen", "ord_neut", "ord_dat", "ord_loc",
    "ord", "suffix_gen", "suffix_neut", "suffix_dat", "suffix_loc", "suffix_ord", "suffix_card", "suffix_en",
    "month", "month_short", "month_shy", "weekday", "weekday_short", "weekdays", "season", "period", "relday",
    "daypart", "dayend", "weekend_end", "month_end", "next", "nearest", "this", "that", "last", "edge", "by",
    "by_dat", "before", "later", "since", "from_ot", "after", "through_time", "within", "at", "on", "po",
    "over", "to", "between", "every", "ago", "or", "and", "of", "the", "a", "not", "than", "inclusive",
    "working", "calendar", "number", "clock", "meridiem", "meridiem_ru", "oclock", "approx", "week_of",
    "named", "new_word", "boxing", "days_soon", "code_before", "unit_after", "follow", "not_past",
    "past_verb", "not_past_before", "currency", "coin", "percent", "cent_word", "per", "point", "amount_code",
    "no_unit", "vague_money", "from_word", "to_word", "with_word"};

/* What a word of this kind hints at. */
static guint kind_hints(guint kind)
{
    switch (kind) {
    case SV_WORD_MONTH:
    case SV_WORD_MONTH_SHORT:
    case SV_WORD_MONTH_SHY:
    case SV_WORD_WEEKDAY:
    case SV_WORD_WEEKDAY_SHORT:
    case SV_WORD_WEEKDAYS:
    case SV_WORD_SEASON:
    case SV_WORD_PERIOD:
    case SV_WORD_RELDAY:
    case SV_WORD_DAYPART:
    case SV_WORD_DAYEND:
    case SV_WORD_WEEKEND_END:
    case SV_WORD_MONTH_END:
    case SV_WORD_EDGE:
    case SV_WORD_NAMED:
    case SV_WORD_NEW:
    case SV_WORD_BOXING:
    case SV_WORD_DAYS_SOON:
    case SV_WORD_ORD_GEN:
    case SV_WORD_ORD_NEUT:
    case SV_WORD_ORD_DAT:
    case SV_WORD_ORD_LOC:
    case SV_WORD_ORD:
        return SV_HINT_DATE | SV_HINT_FIRST;
    case SV_WORD_UNIT:
    case SV_WORD_TEN:
    case SV_WORD_HUNDRED:
        return SV_HINT_DATE | SV_HINT_AMOUNT | SV_HINT_FIRST;
    case SV_WORD_SCALE:
    case SV_WORD_TIMES:
    case SV_WORD_SLANG:
    case SV_WORD_HALF:
    case SV_WORD_HALFSCALE:
    case SV_WORD_HALFWORD:
        return SV_HINT_AMOUNT | SV_HINT_FIRST;
    case SV_WORD_CURRENCY:
    case SV_WORD_PERCENT:
        return SV_HINT_AMOUNT;
    case SV_WORD_COUPLE:
    case SV_WORD_FEW:
    case SV_WORD_NEXT:
    case SV_WORD_NEAREST:
    case SV_WORD_THIS:
    case SV_WORD_THAT:
    case SV_WORD_LAST:
    case SV_WORD_THROUGH_TIME:
    case SV_WORD_WITHIN:
    case SV_WORD_EVERY:
    case SV_WORD_THE:
    case SV_WORD_A:
    case SV_WORD_WORKING:
    case SV_WORD_CALENDAR:
    case SV_WORD_APPROX:
        return SV_HINT_FIRST;
    default:
        return 0;
    }
}

#define FNV_START 14695981039346656037ull
#define FNV_STEP(h, b) (((h) ^ (b)) * 1099511628211ull)

static inline gboolean is_tail(guchar c)
{
    return (c & 0xC0) == 0x80;
}

/* Folds a two-byte letter in place: Cyrillic and Kazakh to lower case, ё to е; the rest as it is. */
static inline gboolean fold_pair(guchar *a, guchar *b)
{
    if (*a == 0xD0) {
        if (*b == 0x81) {
            *b = 0xB5;
            return TRUE;
        }
        if (*b < 0x90) { /* Ѐ … Џ, І among them */
            *a = 0xD1;
            *b += 0x10;
            return TRUE;
        }
        if (*b < 0xA0) {
            *b += 0x20;
            return TRUE;
        }
        if (*b < 0xB0) {
            *a = 0xD1;
            *b -= 0x20;
            return TRUE;
        }
        return FALSE;
    }
    if (*a == 0xD1 && *b == 0x91) {
        *a = 0xD0;
        *b = 0xB5;
        return FALSE;
    }
    if ((*a == 0xD2 && *b >= 0x8A) || (*a == 0xD3 && *b >= 0x90)) {
        gboolean upper = !(*b & 1);
        *b |= 1;
        return upper;
    }
    return FALSE;
}

/* U+0400…U+04FF by their last byte: the folded letter, and whether it was a capital one. */
static guint8 folded[256], capital[256];

static void fold_load(void)
{
    for (guint i = 0; i < 256; i++) {
        guchar a = (guchar)(0xD0 | i >> 6), b = (guchar)(0x80 | (i & 0x3F));
        capital[i] = (guint8)fold_pair(&a, &b);
        folded[i] = (guint8)((a & 3) << 6 | (b & 0x3F));
    }
}

/* Bytes of the letter at p (0: no letter), its folded bytes hashed into *hash. */
static inline guint take_letter(const guchar *p, const guchar *end, guint64 *hash, gboolean *upper)
{
    guchar c = *p;
    *upper = FALSE;
    if (c < 0x80) {
        guchar lower = c | 0x20;
        if (lower < 'a' || lower > 'z')
            return 0;
        *upper = c != lower;
        *hash = FNV_STEP(*hash, lower);
        return 1;
    }
    if (c >= 0xD0 && c <= 0xD3 && p + 1 < end && is_tail(p[1])) {
        guchar letter = (guchar)(c << 6 | (p[1] & 0x3F));
        *upper = capital[letter];
        *hash = FNV_STEP(*hash, 0x400u | folded[letter]);
        return 2;
    }
    if (c < 0xC3 || c == 0xE2)
        return 0;
    guint n;
    gunichar u = sv_utf8_get((const char *)p, (const char *)end, &n);
    if (u == 0xFFFD || !g_unichar_isalpha(u))
        return 0;
    for (guint i = 0; i < n; i++)
        *hash = FNV_STEP(*hash, (guint64)p[i]);
    return n;
}

static guint64 word_hash(const char *word, gsize len)
{
    guint64 hash = FNV_START;
    gboolean upper;
    const guchar *p = (const guchar *)word, *end = p + len;
    while (p < end) {
        guint n = take_letter(p, end, &hash, &upper);
        if (!n)
            return 0;
        p += n;
    }
    return hash ? hash : 1;
}

static guint32 table_find(guint64 hash)
{
    for (guint i = (guint)(hash ^ (hash >> 29)) % N_SLOTS;; i = (i + 1) % N_SLOTS) {
        if (slots[i].hash == hash)
            return slots[i].first;
        if (!slots[i].hash)
            return 0;
    }
}

static void table_add(GArray *list, guint64 hash, guint kind, gint32 value)
{
    g_return_if_fail(hash && list->len < N_SLOTS / 2);
    guint i = (guint)(hash ^ (hash >> 29)) % N_SLOTS;
    while (slots[i].hash && slots[i].hash != hash)
        i = (i + 1) % N_SLOTS;
    Sense sense = {(guint16)kind, (guint16)slots[i].first, value, kind_hints(kind), (guint64)1 << kind % 64};
    if (sense.next) {
        sense.hints |= g_array_index(list, Sense, sense.next - 1).hints;
        sense.kinds |= g_array_index(list, Sense, sense.next - 1).kinds;
    }
    g_array_append_val(list, sense);
    slots[i].hash = hash;
    slots[i].first = list->len;
}

/* Adds each form of "stem(a|b) other". A form that holds anything but letters is not for this table. */
static void add_forms(GArray *list, guint kind, gint32 value, const char *forms)
{
    for (const char *p = forms; *(p += strspn(p, " \r"));) {
        char word[128];
        gsize stem = strcspn(p, "( \r");
        const char *end = p + stem;
        g_return_if_fail(stem < sizeof word);
        memcpy(word, p, stem);
        do { /* without a bracket once, with an empty ending */
            gsize n = *end == ' ' || *end == '\r' || !*end ? 0 : strcspn(++end, "|) \r");
            g_return_if_fail(stem + n < sizeof word);
            memcpy(word + stem, end, n);
            guint64 hash = word_hash(word, stem + n);
            if (hash)
                table_add(list, hash, kind, value);
            end += n;
        } while (*end == '|');
        p = end + (*end == ')');
    }
}

static void add_line(const SvListLine *line, gpointer user)
{
    for (guint kind = 0; kind < SV_WORD_N && line->n >= 3; kind++) {
        if (!strcmp(line->field[0], kind_names[kind])) {
            add_forms(user, kind, (gint32)g_ascii_strtoll(line->field[1], NULL, 10), line->field[2]);
            return;
        }
    }
    g_warning("data/lang: line %u: unknown kind of word", line->line);
}

static void table_load(void)
{
    static gsize once;
    if (!g_once_init_enter(&once))
        return;
    fold_load();
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Sense));
    sv_list_visit("numbers.tsv", add_line, list);
    sv_list_visit("dates.tsv", add_line, list);
    sv_list_visit("money.tsv", add_line, list);
    n_senses = list->len;
    senses = (Sense *)(void *)g_array_free(list, FALSE);
    g_once_init_leave(&once, 1);
}

gint32 sv_scan_sense(guint32 first, SvWordKind kind)
{
    for (guint32 s = first; s; s = senses[s - 1].next)
        if (senses[s - 1].kind == kind)
            return senses[s - 1].value;
    return SV_SCAN_NONE;
}

gboolean sv_scan_dash(const SvScan *scan, guint i)
{
    if (!sv_scan_mark(scan, i, 0))
        return FALSE;
    gunichar c = scan->tok[i].x;
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

static inline SvTok *push(SvScan *scan)
{
    if (scan->n == scan->room) {
        scan->room *= 4;
        if (scan->tok == scan->own) {
            scan->tok = g_new(SvTok, scan->room);
            memcpy(scan->tok, scan->own, sizeof(scan->own));
        } else {
            scan->tok = g_renew(SvTok, scan->tok, scan->room);
        }
    }
    return &scan->tok[scan->n++];
}

static guint scan_word(const guchar *p, const guchar *end, SvTok *out)
{
    guint64 hash = FNV_START;
    gboolean upper;
    const guchar *q = p;
    guint n = take_letter(q, end, &hash, &upper);
    if (!n)
        return 0;
    out->capital = upper;
    for (; n; n = q < end ? take_letter(q, end, &hash, &upper) : 0)
        q += n;
    out->type = SV_TOK_WORD;
    out->x = table_find(hash ? hash : 1);
    if (out->x) {
        out->kinds = senses[out->x - 1].kinds;
        out->hints = (guint8)senses[out->x - 1].hints;
    }
    return (guint)(q - p);
}

static guint scan_figure(const guchar *p, const guchar *end, SvTok *out)
{
    guint64 value = 0;
    guint n = 0;
    for (; p + n < end && p[n] >= '0' && p[n] <= '9'; n++)
        if (value < 1000000000ull)
            value = value * 10 + (p[n] - '0');
    if (!n)
        return 0;
    out->type = SV_TOK_FIGURE;
    out->x = (guint32)MIN(value, (guint64)G_MAXUINT32);
    out->hints = SV_HINT_DATE | SV_HINT_AMOUNT | SV_HINT_FIRST;
    return n;
}

/* Is it a space (1), nothing at all (2: zero-width marks), or a mark (0)? */
static guint space_kind(gunichar c)
{
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x202F ||
        (c >= 0x2000 && c <= 0x200A) || c == 0x205F)
        return 1;
    return c == 0xFEFF || c == 0x200B || c == 0x2060 || c == 0xAD ? 2 : 0;
}

/* Room for more tokens hides reads behind the last one from the address sanitiser; in fuzzing builds there is
 * none. */
static void fit(SvScan *scan)
{
#ifdef SV_FUZZING
    SvTok *exact = g_memdup2(scan->tok, scan->n * sizeof(SvTok));
    if (scan->tok != scan->own)
        g_free(scan->tok);
    scan->tok = exact;
    scan->room = scan->n;
#endif
}

void sv_scan_init(SvScan *scan, const char *text, gsize len)
{
    table_load();
    scan->text = text;
    scan->len = MIN(len, (gsize)SV_MAX_FILE);
    scan->tok = scan->own;
    scan->n = 0;
    scan->room = G_N_ELEMENTS(scan->own);
    scan->hints = 0;
    const guchar *p = (const guchar *)text, *end = p + scan->len;
    gboolean glued = FALSE, line = TRUE;
    while (p < end) {
        SvTok t = {.from = (guint32)(p - (const guchar *)text), .glued = glued, .line = line};
        guint n = scan_word(p, end, &t);
        if (!n)
            n = scan_figure(p, end, &t);
        if (!n) {
            gunichar c = sv_utf8_get((const char *)p, (const char *)end, &n);
            guint space = space_kind(c);
            if (space) {
                glued = space == 1 ? FALSE : glued;
                line |= c == '\n' || c == '\r';
                p += n;
                continue;
            }
            t.type = SV_TOK_MARK;
            t.x = c;
            if (c == '%' || c == 0x20BD || c == 0x20B8 || c == '$' || c == 0xA3 || c == 0x20AC)
                t.hints = SV_HINT_AMOUNT;
        }
        t.to = t.from + n;
        scan->hints |= t.hints;
        *push(scan) = t;
        glued = TRUE;
        line = FALSE;
        p += n;
    }
    fit(scan);
}

void sv_scan_clear(SvScan *scan)
{
    if (scan->tok != scan->own)
        g_free(scan->tok);
    scan->tok = scan->own;
    scan->n = 0;
}

void sv_scan_part(SvScan *scan, SvSpan span, SvScan *part)
{
    guint from = 0, to = scan->n;
    while (from < to) { /* the first token that begins in the span */
        guint mid = from + (to - from) / 2;
        if (scan->tok[mid].from < span.from)
            from = mid + 1;
        else
            to = mid;
    }
    part->text = scan->text;
    part->len = MIN(span.to, scan->len);
    part->tok = from < scan->n ? scan->tok + from : scan->tok;
    part->n = part->room = 0;
    part->hints = 0;
    while (from + part->n < scan->n && part->tok[part->n].to <= span.to)
        part->hints |= part->tok[part->n++].hints;
    if (part->n) {
        part->tok[0].line = TRUE;
        part->tok[0].glued = FALSE;
    }
}
