/* A text cut into words once, each word marked with the classes of data/redact (*.tsv) that it belongs to.
 * Every finder of this folder reads these words; none reads the bytes again. */
#pragma once
#include "span.h"

/* The classes, as they are named in the first column of the data files. */
#define SV_CLASSES(X)                                                                                        \
    X(PASSPORT, "passport")                                                                                  \
    X(PASSPORT_NOT, "passport-not") X(IIN, "iin") X(BIN, "bin") X(INN, "inn") X(SNILS, "snils") X(NID, "id") \
        X(CARD, "card") X(ACCOUNT, "account") X(ACCOUNT_NO, "account-number") X(LICENCE, "licence")          \
            X(BIZ, "business") X(PHONE, "phone") X(PHONE_PRIVATE, "phone-private") X(COMPANY, "company")     \
                X(SERIES, "series") X(NUMBER, "number") X(UNIT, "unit") X(BIK, "bik") X(EXPIRY, "expiry")    \
                    X(CVV, "cvv") X(HOLDER, "holder") X(BIRTH, "birth") X(MONTH, "month") X(                 \
                        PASSWORD, "password") X(PIN, "pin") X(DIGIT_WORD, "digit-word") X(FILLER, "filler")  \
                        X(STREET, "street") X(STREET_EN, "street-en") X(HOUSE, "house") X(FLAT, "flat")      \
                            X(BLOCK, "block") X(HOME, "home") X(OFFICE, "office") X(HEALTH, "health")        \
                                X(HEALTH_ADJ, "adjective") X(HEALTH_TAIL, "tail") X(HEALTH_NOT, "not")       \
                                    X(HEALTH_PRODUCT, "product") X(HEALTH_STOP, "stop") X(LAWYER, "lawyer")  \
                                        X(ADVICE, "advice") X(PRIVILEGE, "privilege")                        \
                                            X(CONFIDENTIAL, "confidential") X(NO_FILE, "no-file")            \
                                                X(DISCLAIMER, "disclaimer") X(MACHINE, "machine")            \
                                                    X(ORDER, "order") X(READS, "reads")                      \
                                                        X(CALLING, "calling") X(OVERRIDE, "override")        \
                                                            X(FRAME, "frame") X(HEDGE, "hedge")

typedef enum {
#define X(name, text) SV_CLASS_##name,
    SV_CLASSES(X)
#undef X
    SV_CLASS_N
} SvClass;

#define SV_BIT(name) (G_GUINT64_CONSTANT(1) << SV_CLASS_##name)

typedef enum { SV_WORD_LETTERS, SV_WORD_DIGITS, SV_WORD_MIXED, SV_WORD_MARK, SV_WORD_LINE } SvWordKind;

typedef struct {
    guint32 from, to;
    guint64 bits;       /* classes */
    guint16 mark;       /* the character of a mark, 0xFFFF above the BMP */
    guint8 kind;        /* SvWordKind */
    guint8 capital : 1; /* begins with a capital letter */
    guint8 upper : 1;   /* has letters, all of them capital */
    guint8 spaced : 1;  /* white space stands before it */
} SvWord;

typedef struct {
    const char *text;
    gsize len;
    char *fold;    /* lower case, ё as е; same offsets as text */
    SvWord *words; /* marks and line breaks included, white space not */
    guint n;
} SvScan;

/* Cuts and marks a text (borrowed until free). Linear. */
SvScan *sv_scan_new(const char *text, gsize len);
void sv_scan_free(SvScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvScan, sv_scan_free)

/* Does a word of one of the classes stand within `back` words before or `forward` words after `at` (itself
 * included), no empty line between? */
gboolean sv_scan_near(const SvScan *scan, guint at, guint64 bits, guint back, guint forward);
/* Is word i the mark c? FALSE past the end. */
gboolean sv_scan_is_mark(const SvScan *scan, guint i, gunichar c);
/* Index after word i and one full stop, should one follow it directly. */
guint sv_scan_after_dot(const SvScan *scan, guint i);
/* Has word i one of the classes? FALSE past the end. */
gboolean sv_scan_has(const SvScan *scan, guint i, guint64 bits);
/* Kind of word i; SV_WORD_LINE past the end. */
SvWordKind sv_scan_kind(const SvScan *scan, guint i);
