/* Sums of money, percentages and quantities in a text. */
#pragma once
#include "scan.h"
#include "span.h"
#include "language.h"

typedef enum { SV_AMOUNT_MONEY, SV_AMOUNT_PERCENT, SV_AMOUNT_QUANTITY } SvAmountKind;
typedef struct {
    SvSpan span;
    SvAmountKind kind;
    double value, value_to; /* equal unless a range */
    char currency[4];       /* "RUB KZT USD EUR GBP"; "" when not said (or no money) */
    SvSpan unit;            /* of quantities: the counted word («точек», "pallets") */
} SvAmount;

/* Adds SvAmount, in order, not overlapping: «6 600 000 ₸», «6,6 млн тенге», «двести тысяч», «полтора лимона»,
 * «1.2 млн руб», "$15k", "£1,460", "fourteen hundred and sixty", "7.8 per cent". Dates, times, phones are not
 * amounts. */
void sv_amounts_find(const char *text, gsize len, SvLang lang, GArray *out);
/* The same in a text that was scanned. */
void sv_amounts_find_in(const SvScan *scan, SvLang lang, GArray *out);
/* "6 600 000 ₸", "£1,460", "112,6 млн ₸" as people of that language write it; newly allocated. */
char *sv_amount_format(double value, const char *currency, SvLang lang);
