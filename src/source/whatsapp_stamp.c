/* The head of a WhatsApp line.
 *
 * The first bytes of the line are brought to a plain form (marks of direction away, every space a space,
 * every dash a hyphen) with a map back to the line. The head ends at "]" (iOS) or " - " (Android); between,
 * pieces divided by spaces and commas are each a date, a time, a number or a known word (month, AM/PM, filler
 * of data/source/whatsapp.tsv). One unknown piece and the line is no head.
 *
 * Keeps true: looks at no more than 96 characters of a line. Does not: know years that are not written, or
 * which number is the day: that is decided for the whole file. */
#include "whatsapp_stamp.h"
#include "intake.h"
#include "utf8.h"
#include <string.h>

#define HEAD 96

typedef struct {
    char text[HEAD * 4 + 8];
    guint16 at[HEAD * 4 + 8]; /* byte of the line where the plain byte comes from */
    guint len;
} Plain;

static gunichar plain_char(gunichar c)
{
    if ((c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
        c == 0xFEFF)
        return 0;
    if (c == 0xA0 || c == 0x2009 || c == 0x202F || c == '\t')
        return ' ';
    if (c >= 0x2010 && c <= 0x2015)
        return '-';
    if (c == 0x60C)
        return ',';
    if (c >= 0x660 && c <= 0x669)
        return '0' + (c - 0x660);
    return c;
}

static void make_plain(const char *line, gsize len, Plain *out)
{
    const char *p = line, *end = line + len;
    out->len = 0;
    for (guint i = 0; i < HEAD && p < end; i++) {
        guint n;
        gunichar raw = sv_utf8_get(p, end, &n), c = plain_char(raw);
        if (c == raw) {
            for (guint k = 0; k < n; k++) {
                out->at[out->len] = (guint16)(p - line + k);
                out->text[out->len++] = p[k];
            }
        } else if (c) {
            out->at[out->len] = (guint16)(p - line);
            out->text[out->len++] = (char)c;
        }
        p += n;
    }
    out->at[out->len] = (guint16)(p - line);
    out->text[out->len] = 0;
}

typedef enum { WORD_UNKNOWN, WORD_FILLER, WORD_AM, WORD_PM, WORD_BUDDHIST, WORD_MONTH } WordKind;

static int month_of(const char *cell)
{
    return (int)CLAMP(g_ascii_strtoll(cell, NULL, 10), 1, 12);
}

static gpointer load_words(gpointer unused)
{
    GHashTable *words = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *rows = sv_intake_rows("/svodka/source/whatsapp.tsv");
    for (guint i = 0; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        if (g_strv_length(row) < 3)
            continue;
        int kind = strcmp(row[0], "filler") == 0     ? WORD_FILLER
                   : strcmp(row[0], "am") == 0       ? WORD_AM
                   : strcmp(row[0], "pm") == 0       ? WORD_PM
                   : strcmp(row[0], "buddhist") == 0 ? WORD_BUDDHIST
                   : strcmp(row[0], "month") == 0    ? WORD_MONTH + month_of(row[1])
                                                     : WORD_UNKNOWN;
        if (kind)
            g_hash_table_insert(words, sv_utf8_fold(row[2], -1), GINT_TO_POINTER(kind));
    }
    return words;
}

static int find_word(const char *word)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, load_words, NULL);
    g_autofree char *key = sv_utf8_fold(word, -1);
    return GPOINTER_TO_INT(g_hash_table_lookup(once.retval, key));
}

/* Reads digits at *p; their number, 0 when there are none or more than four. */
static int take_digits(const char **p, int *value)
{
    int n = 0, v = 0;
    while (g_ascii_isdigit((*p)[n]) && n < 5)
        v = v * 10 + ((*p)[n++] - '0');
    if (n > 4)
        return 0;
    *p += n;
    *value = v;
    return n;
}

typedef struct {
    SvWaStamp *s;
    gboolean date, time, day; /* what was seen */
    int half;                 /* 0, WORD_AM, WORD_PM */
    gboolean buddhist;
} Reading;

static gboolean set_time(Reading *r, int h, int m, int s)
{
    if (r->time || h > 24 || m > 59 || s > 60)
        return FALSE;
    r->s->hour = h;
    r->s->minute = m;
    r->s->second_of_minute = s;
    r->time = TRUE;
    return TRUE;
}

static gboolean set_date(Reading *r, const int *v, const int *digits, char separator)
{
    if (r->date)
        return FALSE;
    SvWaStamp *s = r->s;
    s->year_first = digits[0] == 4 || v[0] > 31;
    s->year = s->year_first ? v[0] : v[2];
    s->first = s->year_first ? v[1] : v[0];
    s->second = s->year_first ? v[2] : v[1];
    s->short_year = s->year < 100;
    if (s->short_year)
        s->year += 2000;
    s->separator = separator;
    r->date = TRUE;
    return s->first >= 1 && s->second >= 1 && s->first <= 31 && s->second <= 31 &&
           (s->first <= 12 || s->second <= 12) && s->year >= 1990;
}

static gboolean take_word(Reading *r, const char *word)
{
    int kind = find_word(word);
    if (kind == WORD_AM || kind == WORD_PM)
        r->half = kind;
    else if (kind == WORD_BUDDHIST)
        r->buddhist = TRUE;
    else if (kind > WORD_MONTH && !r->s->month)
        r->s->month = kind - WORD_MONTH;
    else if (kind != WORD_FILLER)
        return FALSE;
    return TRUE;
}

static gboolean take_lone_number(Reading *r, int value, int digits)
{
    if (digits == 4 && value >= 1990) {
        r->s->year = value;
        return TRUE;
    }
    if (r->day || value < 1 || value > 31)
        return FALSE;
    r->s->first = value;
    r->day = TRUE;
    return TRUE;
}

static gboolean take_piece(Reading *r, char *piece)
{
    int v[3] = {0}, digits[3] = {0}, n = 0;
    char separator = 0;
    const char *p = piece;
    gsize len = strlen(piece);
    if (len > 1 && piece[len - 1] == '.' && g_ascii_isdigit(*piece))
        piece[len - 1] = 0;
    if (!g_ascii_isdigit(*p))
        return take_word(r, piece);
    for (; n < 3; n++) {
        digits[n] = take_digits(&p, &v[n]);
        if (!digits[n])
            return FALSE;
        if (!*p || !strchr(":./-", *p) || (separator && *p != separator) || n == 2) {
            n++;
            break;
        }
        separator = *p++;
    }
    gboolean is_time = separator == ':' || (separator == '.' && (n == 2 || r->date));
    if (*p && !(is_time && take_word(r, p)))
        return FALSE;
    if (is_time)
        return digits[0] <= 2 && digits[1] == 2 && set_time(r, v[0], v[1], n == 3 ? v[2] : 0);
    if (n == 3)
        return set_date(r, v, digits, separator);
    return n == 1 && take_lone_number(r, v[0], digits[0]);
}

static gboolean finish(Reading *r)
{
    SvWaStamp *s = r->s;
    if (!r->time)
        return FALSE;
    if (!r->date && !(r->day && s->month))
        return FALSE;
    if (r->date && (r->day || s->month))
        return FALSE;
    if (r->half && (s->hour < 1 || s->hour > 12) && s->hour != 0)
        return FALSE;
    if (r->half)
        s->hour = s->hour % 12 + (r->half == WORD_PM ? 12 : 0);
    s->twelve = r->half != 0;
    if (r->buddhist || s->year > 2400)
        s->year -= 543;
    return s->year == 0 || (s->year >= 1990 && s->year <= 2199);
}

gboolean sv_wa_stamp_parse(const char *line, gsize len, SvWaStamp *out)
{
    Plain plain;
    guchar first = len ? (guchar)*line : 0;
    if (first < 0x80 && first != '[' && !g_ascii_isdigit(first))
        return FALSE;
    make_plain(line, MIN(len, HEAD * 4), &plain);
    char *text = plain.text;
    SvWaStamp s = {0};
    s.bracket = *text == '[';
    if (!s.bracket && !g_ascii_isdigit(*text))
        return FALSE;
    char *stop = s.bracket ? strchr(text, ']') : strstr(text, " - ");
    if (!stop || stop - text > 64 || stop == text)
        return FALSE;
    gsize after = (gsize)(stop - text) + (s.bracket ? 1 : 3);
    if (s.bracket && text[after] == ' ')
        after++;
    s.rest = plain.at[after];
    *stop = 0;
    Reading r = {.s = &s};
    for (char *p = text + s.bracket; *p;) {
        gsize n = strcspn(p, " ,");
        char *next = p + n + (p[n] != 0);
        p[n] = 0;
        if (n && !take_piece(&r, p))
            return FALSE;
        p = next;
    }
    if (!finish(&r))
        return FALSE;
    *out = s;
    return TRUE;
}

static gboolean has_numbers(const SvWaStamp *s)
{
    return s->month == 0;
}

SvWaOrder sv_wa_order_find(const SvWaStamp *stamps, guint n)
{
    guint day_first = 0, month_first = 0, down_first = 0, down_second = 0, moves_first = 0, moves_second = 0;
    const SvWaStamp *last = NULL;
    for (guint i = 0; i < n; i++) {
        const SvWaStamp *s = &stamps[i];
        if (!has_numbers(s))
            continue;
        day_first += s->first > 12;
        month_first += s->second > 12;
        if (last && last->year == s->year) {
            down_first += s->first < last->first;
            down_second += s->second < last->second;
            moves_first += s->first != last->first;
            moves_second += s->second != last->second;
        }
        last = s;
    }
    if (last && last->year_first && day_first == 0)
        return SV_WA_MONTH_FIRST;
    if (day_first != month_first)
        return day_first > month_first ? SV_WA_DAY_FIRST : SV_WA_MONTH_FIRST;
    if ((down_first == 0) != (down_second == 0))
        return down_first ? SV_WA_DAY_FIRST : SV_WA_MONTH_FIRST;
    if (moves_first != moves_second)
        return moves_first > moves_second ? SV_WA_DAY_FIRST : SV_WA_MONTH_FIRST;
    return SV_WA_ORDER_UNKNOWN;
}

SvWaOrder sv_wa_order_guess(const SvWaStamp *s)
{
    if (s->year_first || (s->separator == '/' && s->twelve && s->short_year))
        return SV_WA_MONTH_FIRST;
    return SV_WA_DAY_FIRST;
}

void sv_wa_stamp_civil(const SvWaStamp *s, SvWaOrder order, int *month, int *day)
{
    if (s->month) {
        *month = s->month;
        *day = s->first;
        return;
    }
    gboolean month_first = order == SV_WA_MONTH_FIRST;
    if (s->first > 12)
        month_first = FALSE;
    else if (s->second > 12)
        month_first = TRUE;
    *month = month_first ? s->first : s->second;
    *day = month_first ? s->second : s->first;
}
