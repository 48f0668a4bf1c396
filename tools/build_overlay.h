/* The forms of the trade words (data/lang/overlay.tsv) that the dictionary does not know or reads wrongly. */
#pragma once
#include "morph.h"
#include "morph_blob.h"

typedef struct {
    char *folded;
    GArray *records; /* SV_BLOB_OVERLAY_WIDTH u16 each */
} SvOverlayWord;

/* Spells all forms of the words, with the paradigms of a dictionary; SvOverlayWord in order of first
 * appearance. Free with g_ptr_array_unref. */
GPtrArray *sv_overlay_make(const SvMorph *morph);
