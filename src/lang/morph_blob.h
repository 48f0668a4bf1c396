/* The file that tools/build_morph writes and morph.c maps. Little-endian, sections on 8-byte borders.
 *
 * header   SvBlobHeader, then SV_SEC_N sections where the header says
 * *_UNITS  u32: word graph (dawg.h); letters are UTF-8 lower case
 * *_INDEX  pairs of u32, open addressing by sv_blob_slot of the first, a power of two: {base of the record
 * node + 1, list}
 * *_LISTS  u16: n, then n records; a list is named by its place in u16
 * SCORE_*  the same, named by the low half of sv_blob_hash of the folded word: {high half | 1, list}
 * OVERLAY_* forms of the trade words of data/lang/overlay.tsv, named in the same way
 *
 * Records: words {paradigm, form}; prediction {count, paradigm, form}; scores {tag, probability × 65535};
 * overlay {paradigm, form, bits of SvReading's ё in four u16, low first}. */
#pragma once
#include <glib.h>
#include <string.h>

#define SV_BLOB_MAGIC "SVMORPH1"
#define SV_BLOB_VERSION 2u
#define SV_BLOB_PREFIXES 3u
#define SV_BLOB_OVERLAY_WIDTH 6u /* u16 of a record */

enum {
    SV_SEC_WORD_UNITS, SV_SEC_WORD_INDEX, SV_SEC_WORD_LISTS,
    SV_SEC_GUESS0_UNITS, SV_SEC_GUESS1_UNITS, SV_SEC_GUESS2_UNITS,
    SV_SEC_GUESS0_INDEX, SV_SEC_GUESS1_INDEX, SV_SEC_GUESS2_INDEX, SV_SEC_GUESS_LISTS,
    SV_SEC_PARADIGMS,      /* u32: first form of each paradigm, one more at the end */
    SV_SEC_FORMS,          /* u16 × 3: suffix, tag, prefix */
    SV_SEC_SUFFIXES,       /* u32: first byte of each suffix, one more at the end */
    SV_SEC_SUFFIX_BYTES, SV_SEC_TAGS /* u64: SvGram */, SV_SEC_SCORE_INDEX, SV_SEC_SCORE_LISTS,
    SV_SEC_OVERLAY_INDEX, SV_SEC_OVERLAY_LISTS,
    SV_SEC_N
};

typedef struct {
    char magic[8];
    guint32 version, n_sections;
    guint64 size;     /* of the whole file */
    guint64 checksum; /* sv_checksum of all bytes after the header */
    struct {
        guint64 at, size;
    } section[SV_SEC_N];
} SvBlobHeader;

static const char *const sv_blob_prefix[SV_BLOB_PREFIXES] = {"", "по", "наи"};

static inline guint32 sv_blob_slot(guint32 key)
{
    return (key * 2654435761u) ^ (key >> 15);
}

/* Hash of a folded word (FNV-1a, then mixed). */
static inline guint64 sv_blob_hash(const char *word, gsize len)
{
    guint64 h = 14695981039346656037u;
    for (gsize i = 0; i < len; i++)
        h = (h ^ (guchar)word[i]) * 1099511628211u;
    return h ^ (h >> 29);
}
