/* Russian morphology over one mapped file that tools/build_morph makes from the OpenCorpora dictionary.
 * Reading only, safe from many threads. */
#pragma once
#include <glib.h>

/* Grammemes as bits; a form's tag is the sum of its grammemes. */
typedef guint64 SvGram;
#define SV_G(n) ((SvGram)1 << (n))
enum {
    SV_POS_NOUN,
    SV_POS_ADJF,
    SV_POS_ADJS,
    SV_POS_COMP,
    SV_POS_VERB,
    SV_POS_INFN,
    SV_POS_PRTF,
    SV_POS_PRTS,
    SV_POS_GRND,
    SV_POS_NUMR,
    SV_POS_ADVB,
    SV_POS_NPRO,
    SV_POS_PRED,
    SV_POS_PREP,
    SV_POS_CONJ,
    SV_POS_PRCL,
    SV_POS_INTJ,
    SV_GR_ANIM,
    SV_GR_INAN,
    SV_GR_MASC,
    SV_GR_FEMN,
    SV_GR_NEUT,
    SV_GR_MSF,
    SV_GR_SING,
    SV_GR_PLUR,
    SV_GR_NOMN,
    SV_GR_GENT,
    SV_GR_DATV,
    SV_GR_ACCS,
    SV_GR_ABLT,
    SV_GR_LOCT,
    SV_GR_VOCT,
    SV_GR_GEN2,
    SV_GR_LOC2,
    SV_GR_PERF,
    SV_GR_IMPF,
    SV_GR_TRAN,
    SV_GR_INTR,
    SV_GR_1PER,
    SV_GR_2PER,
    SV_GR_3PER,
    SV_GR_PRES,
    SV_GR_PAST,
    SV_GR_FUTR,
    SV_GR_INDC,
    SV_GR_IMPR,
    SV_GR_ACTV,
    SV_GR_PSSV,
    SV_GR_NAME,
    SV_GR_SURN,
    SV_GR_PATR,
    SV_GR_GEOX,
    SV_GR_ORGN,
    SV_GR_ABBR,
    SV_GR_FIXD, /* never inflected */
    SV_GR_APRO, /* pronoun among adjectives */
    SV_GR_RARE, /* archaic, informal, slang, distorted or a lesser variant */
    SV_GR_N
};

typedef struct SvMorph SvMorph;

typedef struct {
    guint16 paradigm, form;
    guint8 stem_from;   /* bytes of the dictionary spelling before the stem (paradigm prefix) */
    gboolean predicted; /* by its ending: not in the dictionary nor the overlay */
    float score;        /* P(reading | word), sums to 1 */
    SvGram tag;
    char spelling[96];  /* dictionary spelling, lower case UTF-8, ё restored */
} SvReading;

/* Opens the blob; SV_ERROR_SETUP when it is missing, cut or of another version. Damage that leaves the header
 * right is for sv_morph_check to find; it can only give wrong words. */
SvMorph *sv_morph_open(const char *path, GError **error);
/* Reads the whole blob: SV_ERROR_SETUP when its checksum is wrong. */
gboolean sv_morph_check(const SvMorph *morph, GError **error);
void sv_morph_close(SvMorph *morph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvMorph, sv_morph_close)

/* Readings of a word as typed, best first; returns how many (≤ max). Name readings (Name Surn Patr Geox Orgn)
 * only for capitalised words. Unknown words get readings predicted by ending; 0 for what is no Russian
 * word. */
guint sv_morph_read(const SvMorph *morph, const char *word, gsize len, SvReading *out, guint max);
/* Dictionary form into buf (NUL-terminated, buf ≥ 128 bytes); FALSE when it does not fit. */
gboolean sv_morph_lemma(const SvMorph *morph, const SvReading *reading, char *buf, gsize size);
/* The form of the same paradigm that has all grammemes of `want` (and keeps number, gender, tense … of the
 * reading where it can); FALSE when there is none. */
gboolean sv_morph_inflect(const SvMorph *morph, const SvReading *reading, SvGram want, char *buf, gsize size);
/* Lemma of the best reading, or the folded word itself when unknown or not Russian (English: light stemming).
 * buf ≥ 128. */
void sv_morph_key(const SvMorph *morph, const char *word, gsize len, char *buf, gsize size);
