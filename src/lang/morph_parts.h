/* What the files of the morphology and the tool that makes its file share; nobody else includes it. */
#pragma once
#include "dawg.h"
#include "morph.h"
#include "morph_blob.h"

#define SV_MORPH_WORD 88u     /* bytes of the longest word that is looked up */
#define SV_MORPH_READINGS 48u /* candidates kept while one word is read */

typedef struct {
    guint16 suffix, tag, prefix;
} SvForm;

/* A table of the file that maps a u32 to a list of u16 records. */
typedef struct {
    const guint32 *slots; /* pairs */
    guint32 mask;         /* pairs − 1; no table when slots is NULL */
    const guint16 *lists;
    guint32 n_lists; /* u16 of them */
} SvLists;

struct SvMorph {
    guint64 number; /* of all opened in this process; from 1 */
    GMappedFile *file; /* NULL when opened from bytes */
    char *name;        /* for messages */
    const guint8 *data;
    gsize size;
    SvDawg words, guess[SV_BLOB_PREFIXES];
    SvLists word_lists, guess_lists[SV_BLOB_PREFIXES], scores, overlay;
    const guint32 *paradigms; /* n_paradigms + 1 */
    guint32 n_paradigms;
    const SvForm *forms;
    guint32 n_forms;
    const guint32 *suffixes; /* n_suffixes + 1 */
    guint32 n_suffixes, n_suffix_bytes;
    const char *suffix_bytes;
    const guint64 *tags;
    guint32 n_tags;
};

/* From bytes that stay while the morphology is used; `name` is for messages. For sv_morph_open, the
 * build tool and the fuzzer. */
SvMorph *sv_morph_open_bytes(const guint8 *data, gsize size, const char *name, GError **error);

/* The list of a key: its records and how many; NULL when there is none. `width` u16 a record. */
const guint16 *sv_lists_find(const SvLists *lists, guint32 key, guint32 value, guint width, guint *n);
/* A form of a paradigm; NULL when the file has no such form. */
const SvForm *sv_morph_form(const SvMorph *morph, guint paradigm, guint form);
guint sv_morph_n_forms(const SvMorph *morph, guint paradigm);
SvGram sv_morph_tag(const SvMorph *morph, const SvForm *form);
/* Bytes of a suffix, not terminated. */
const char *sv_morph_suffix(const SvMorph *morph, const SvForm *form, gsize *len);
/* The stem of a spelling that has that form; FALSE when prefix or suffix do not fit it. */
gboolean sv_morph_stem(
    const SvMorph *morph, const SvForm *form, const char *spelling, gsize len, gsize *from, gsize *to);
/* Puts prefix, stem and suffix of a form together; FALSE when it does not fit. */
gboolean sv_morph_spell(
    const SvMorph *morph, const SvForm *form, const char *stem, gsize len, char *buf, gsize size);
/* --- what a thread read last (morph_memo.c) --- */

#define SV_MEMO_WORD 40u /* bytes of the longest word or key that is remembered */

typedef struct {
    guint64 morph; /* its number; 0: the slot is empty */
    guint64 len;
    char word[SV_MEMO_WORD]; /* zeros behind it */
} SvMemoName;

typedef struct {
    SvMemoName name;
    guint n; /* readings there were: 0 or 1 */
    SvReading reading;
} SvReadingMemo;

typedef struct {
    SvMemoName name;
    guint len;
    char key[SV_MEMO_WORD];
} SvKeyMemo;

/* Names a word; FALSE when it is too long to be remembered. */
gboolean sv_memo_name(const SvMorph *morph, const char *word, gsize len, SvMemoName *name);
gboolean sv_memo_same(const SvMemoName *a, const SvMemoName *b);
/* This thread's slot for a word: what stands in it, perhaps another word, may be overwritten. */
SvReadingMemo *sv_memo_reading(const SvMemoName *name);
SvKeyMemo *sv_memo_key(const SvMemoName *name);
