/* The overlay of trade words: see build_overlay.h.
 *
 * Each word borrows the paradigm of a model word of the dictionary; all its forms are spelled out and listed by
 * their folded spelling. A word whose model has no fitting paradigm is passed over; the test of the overlay
 * finds it. */
#include "build_overlay.h"
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "morph_parts.h"

typedef struct {
    const SvMorph *morph;
    GHashTable *places; /* folded → place in words + 1 */
    GPtrArray *words;
} Overlay;

static void word_free(gpointer data)
{
    SvOverlayWord *w = data;
    g_free(w->folded);
    g_array_unref(w->records);
    g_free(w);
}

/* Bit of each ё by its byte / 2. */
static guint64 yo_bits(const char *spelling)
{
    guint64 yo = 0;
    for (gsize k = 0; spelling[k]; k++)
        if ((guchar)spelling[k] == 0xD1 && (guchar)spelling[k + 1] == 0x91)
            yo |= (guint64)1 << (k / 2 & 63);
    return yo;
}

static void add_form(Overlay *o, const char *spelling, guint paradigm, guint form)
{
    char key[SV_MORPH_WORD + 8];
    if (!sv_fold_into(spelling, strlen(spelling), key, sizeof key))
        return;
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(o->places, key));
    if (!place) {
        SvOverlayWord *w = g_new(SvOverlayWord, 1);
        w->folded = g_strdup(key);
        w->records = g_array_new(FALSE, FALSE, SV_BLOB_OVERLAY_WIDTH * sizeof(guint16));
        g_ptr_array_add(o->words, w);
        place = o->words->len;
        g_hash_table_insert(o->places, w->folded, GUINT_TO_POINTER(place));
    }
    guint16 record[SV_BLOB_OVERLAY_WIDTH] = {(guint16)paradigm, (guint16)form};
    guint64 yo = yo_bits(spelling);
    memcpy(record + 2, &yo, sizeof yo);
    const SvOverlayWord *w = g_ptr_array_index(o->words, place - 1);
    g_array_append_vals(w->records, record, 1);
}

static void add_word(const SvListLine *line, gpointer user)
{
    Overlay *o = user;
    const SvMorph *m = o->morph;
    const char *word = line->field[0], *model = line->field[1];
    SvReading readings[12];
    guint n = sv_morph_read(m, model, strlen(model), readings, G_N_ELEMENTS(readings));
    for (guint i = 0; i < n; i++) {
        const SvForm *first = sv_morph_form(m, readings[i].paradigm, 0);
        gsize from, to;
        if (readings[i].form != 0 || readings[i].predicted || !first ||
            !sv_morph_stem(m, first, word, strlen(word), &from, &to))
            continue;
        for (guint f = 0; f < sv_morph_n_forms(m, readings[i].paradigm); f++) {
            char form[SV_MORPH_WORD];
            const SvForm *shape = sv_morph_form(m, readings[i].paradigm, f);
            if (!(sv_morph_tag(m, shape) & SV_G(SV_GR_RARE)) &&
                sv_morph_spell(m, shape, word + from, to - from, form, sizeof form))
                add_form(o, form, readings[i].paradigm, f);
        }
        return;
    }
}

GPtrArray *sv_overlay_make(const SvMorph *morph)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    Overlay o = {morph, places, g_ptr_array_new_with_free_func(word_free)};
    sv_list_visit("overlay.tsv", add_word, &o);
    return o.words;
}
