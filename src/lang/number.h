/* Numbers in figures and words, Russian and English. */
#pragma once
#include "scan.h"

typedef struct {
    double value;
    guint end;            /* token past the last one */
    guint8 scale;         /* largest power of ten said in words or letters («млн» 6, "k" 3), 0: none */
    gboolean words;       /* at least partly said in words */
    gboolean slang;       /* «лимон», «косарь», "grand", a glued "k": money only */
    gboolean grouped;     /* written with thousands apart: 6 600 000, 1,460 */
    gboolean vague;       /* «пара», "a few" */
    gboolean thousands;   /* «одиннадцать триста»: thousands by the way people speak of money */
    guint8 decimals;      /* digits after the decimal mark */
} SvNumber;

/* Reads a cardinal number that begins at token i: "6 600 000", "6,6 млн", «двести тысяч», «полтора», «сто
 * двенадцать и шесть миллиона» (112,6 млн), «два с половиной миллиона», "fourteen hundred and sixty", "1.2m".
 * FALSE when there is none. */
gboolean sv_number_read(const SvScan *scan, guint i, SvLang lang, SvNumber *out);

typedef enum {
    SV_ORDINAL_GEN,
    SV_ORDINAL_NEUT,
    SV_ORDINAL_DAT,
    SV_ORDINAL_LOC,
    SV_ORDINAL_OTHER,
    SV_ORDINAL_EN
} SvOrdinalForm;
typedef struct {
    int value;
    SvOrdinalForm form;
    guint end;
    gboolean words;
} SvOrdinal;

/* Reads an ordinal at token i: «двадцать пятого», "twenty-fifth", "25-го", "18th". */
gboolean sv_ordinal_read(const SvScan *scan, guint i, SvOrdinal *out);

typedef struct {
    SvSpan span;
    double value;
    gboolean ordinal;
} SvNumberMention;

/* Adds SvNumberMention for every number in the text, in order, not overlapping: what a gate compares. */
void sv_numbers_find(const char *text, gsize len, SvLang lang, GArray *out);
