/* The date and time at the head of a line of a WhatsApp export, in all shapes the phones write. */
#pragma once
#include <glib.h>

typedef struct {
    int first, second; /* the two numbers that are day and month in an order not yet known */
    int year;          /* 0 when the line does not say it */
    int month;         /* when written as a word; `first` is then the day; 0 else */
    gboolean year_first;
    gboolean short_year;
    gboolean twelve;  /* with AM or PM */
    gboolean bracket; /* iOS: "[…] " */
    char separator;   /* between the numbers of the date */
    int hour, minute, second_of_minute;
    gsize rest; /* bytes of the line before what follows the head */
} SvWaStamp;

/* Is `line` (len bytes, no line end) the head of a message? Marks of direction and odd spaces are looked
 * through. Fills *out on success only. */
gboolean sv_wa_stamp_parse(const char *line, gsize len, SvWaStamp *out);

typedef enum { SV_WA_DAY_FIRST, SV_WA_MONTH_FIRST, SV_WA_ORDER_UNKNOWN } SvWaOrder;

/* The order of day and month in a whole file, from its stamps in order (array of SvWaStamp; lines written by
 * the messenger left out): a number above 12; else the first number going down within a year; else the
 * number that changes more often; unknown when none of these tells. */
SvWaOrder sv_wa_order_find(const SvWaStamp *stamps, guint n);
/* What to take when it cannot be told: month first for "3/8/24, 2:56 PM", day first else. */
SvWaOrder sv_wa_order_guess(const SvWaStamp *stamp);
/* Day and month of a stamp under an order (a number above 12 overrules it). */
void sv_wa_stamp_civil(const SvWaStamp *stamp, SvWaOrder order, int *month, int *day);
