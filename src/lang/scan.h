/* A text as words with meanings, figures and marks: what dates, money and numbers are read from.
 *
 * Words are looked up, folded, in data/lang/{numbers,dates,money}.tsv; every word costs one hash. */
#pragma once
#include "span.h"
#include "language.h"

/* Meanings of a word; the names of the first column of the data files, in the same order as in scan.c. */
typedef enum {
    SV_WORD_UNIT,
    SV_WORD_TEN,
    SV_WORD_HUNDRED,
    SV_WORD_SCALE,
    SV_WORD_TIMES,
    SV_WORD_SLANG,
    SV_WORD_LETTER,
    SV_WORD_HALF,
    SV_WORD_HALFWORD,
    SV_WORD_HALFSCALE,
    SV_WORD_COUPLE,
    SV_WORD_FEW,
    SV_WORD_ORD_GEN,
    SV_WORD_ORD_NEUT,
    SV_WORD_ORD_DAT,
    SV_WORD_ORD_LOC,
    SV_WORD_ORD,
    SV_WORD_SUFFIX_GEN,
    SV_WORD_SUFFIX_NEUT,
    SV_WORD_SUFFIX_DAT,
    SV_WORD_SUFFIX_LOC,
    SV_WORD_SUFFIX_ORD,
    SV_WORD_SUFFIX_CARD,
    SV_WORD_SUFFIX_EN,
    SV_WORD_MONTH,
    SV_WORD_MONTH_SHORT,
    SV_WORD_MONTH_SHY,
    SV_WORD_WEEKDAY,
    SV_WORD_WEEKDAY_SHORT,
    SV_WORD_WEEKDAYS,
    SV_WORD_SEASON,
    SV_WORD_PERIOD,
    SV_WORD_RELDAY,
    SV_WORD_DAYPART,
    SV_WORD_DAYEND,
    SV_WORD_WEEKEND_END,
    SV_WORD_MONTH_END,
    SV_WORD_NEXT,
    SV_WORD_NEAREST,
    SV_WORD_THIS,
    SV_WORD_THAT,
    SV_WORD_LAST,
    SV_WORD_EDGE,
    SV_WORD_BY,
    SV_WORD_BY_DAT,
    SV_WORD_BEFORE,
    SV_WORD_LATER,
    SV_WORD_SINCE,
    SV_WORD_FROM_OT,
    SV_WORD_AFTER,
    SV_WORD_THROUGH_TIME,
    SV_WORD_WITHIN,
    SV_WORD_AT,
    SV_WORD_ON,
    SV_WORD_PO,
    SV_WORD_OVER,
    SV_WORD_TO,
    SV_WORD_BETWEEN,
    SV_WORD_EVERY,
    SV_WORD_AGO,
    SV_WORD_OR,
    SV_WORD_AND,
    SV_WORD_OF,
    SV_WORD_THE,
    SV_WORD_A,
    SV_WORD_NOT,
    SV_WORD_THAN,
    SV_WORD_INCLUSIVE,
    SV_WORD_WORKING,
    SV_WORD_CALENDAR,
    SV_WORD_NUMBER,
    SV_WORD_CLOCK,
    SV_WORD_MERIDIEM,
    SV_WORD_MERIDIEM_RU,
    SV_WORD_OCLOCK,
    SV_WORD_APPROX,
    SV_WORD_WEEK_OF,
    SV_WORD_NAMED,
    SV_WORD_NEW,
    SV_WORD_BOXING,
    SV_WORD_DAYS_SOON,
    SV_WORD_CODE_BEFORE,
    SV_WORD_UNIT_AFTER,
    SV_WORD_FOLLOW,
    SV_WORD_NOT_PAST,
    SV_WORD_PAST_VERB,
    SV_WORD_NOT_PAST_BEFORE,
    SV_WORD_CURRENCY,
    SV_WORD_COIN,
    SV_WORD_PERCENT,
    SV_WORD_CENT,
    SV_WORD_PER,
    SV_WORD_POINT,
    SV_WORD_AMOUNT_CODE,
    SV_WORD_NO_UNIT,
    SV_WORD_VAGUE_MONEY,
    SV_WORD_FROM,
    SV_WORD_UP_TO,
    SV_WORD_WITH,
    SV_WORD_N
} SvWordKind;

#define SV_SCAN_NONE G_MININT32

typedef enum {
    SV_HINT_DATE = 1,   /* there may be a date in the text */
    SV_HINT_AMOUNT = 2, /* there may be an amount */
    SV_HINT_FIRST = 4   /* a date or a number may begin here */
} SvScanHint;

typedef enum { SV_TOK_WORD, SV_TOK_FIGURE, SV_TOK_MARK } SvTokType;
typedef struct {
    guint32 from, to;
    guint32 x;       /* word: its first meaning + 1 (0: unknown); figure: value; mark: code point */
    guint8 type;     /* SvTokType */
    guint8 hints;    /* SvScanHint of its meanings */
    guint8 capital;  /* begins with a capital letter */
    guint8 glued : 1; /* no space before it */
    guint8 line : 1; /* a line break before it */
    guint64 kinds;   /* word: bit (kind % 64) of each of its meanings */
} SvTok;

typedef struct {
    const char *text;
    gsize len;
    SvTok *tok;
    guint n, room;
    guint hints;      /* of all tokens */
    SvTok own[96];           /* room for a sentence without an allocation */
} SvScan;

/* Reads text, at most SV_MAX_FILE bytes of it, into *scan; it borrows the text. Ill-formed bytes are marks. Clear with sv_scan_clear. */
void sv_scan_init(SvScan *scan, const char *text, gsize len);
void sv_scan_clear(SvScan *scan);
/* A part of the scanned text as a text of its own: its spans are those of the whole text, its first token
 * counts as the first of a text, also in `scan` from then on. It lives no longer than `scan`; nothing to
 * clear. */
void sv_scan_part(SvScan *scan, SvSpan span, SvScan *part);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvScan, sv_scan_clear)

/* Value of the meaning `kind` in the chain of meanings that begins at `first`, which is not 0. */
gint32 sv_scan_sense(guint32 first, SvWordKind kind);
/* Value of the meaning `kind` of token i, SV_SCAN_NONE when it has none (also out of bounds). */
static inline gint32 sv_scan_word(const SvScan *scan, guint i, SvWordKind kind)
{
    if (i >= scan->n || !(scan->tok[i].kinds >> (kind % 64) & 1))
        return SV_SCAN_NONE;
    return sv_scan_sense(scan->tok[i].x, kind);
}
static inline gboolean sv_scan_is(const SvScan *scan, guint i, SvWordKind kind)
{
    return sv_scan_word(scan, i, kind) != SV_SCAN_NONE;
}
/* Is token i this mark? 0 asks for any. */
static inline gboolean sv_scan_mark(const SvScan *scan, guint i, gunichar mark)
{
    return i < scan->n && scan->tok[i].type == SV_TOK_MARK && (!mark || scan->tok[i].x == mark);
}
/* Hyphen, minus, en or em dash. */
gboolean sv_scan_dash(const SvScan *scan, guint i);
/* Number of digits when token i is a figure, else 0. */
static inline guint sv_scan_digits(const SvScan *scan, guint i)
{
    return i < scan->n && scan->tok[i].type == SV_TOK_FIGURE ? scan->tok[i].to - scan->tok[i].from : 0;
}
/* Is token i there and glued to the one before? */
static inline gboolean sv_scan_glued(const SvScan *scan, guint i)
{
    return i < scan->n && scan->tok[i].glued;
}
