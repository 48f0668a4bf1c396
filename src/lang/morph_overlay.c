/* The overlay of trade words (data/lang/overlay.tsv) that the dictionary of 2022 does not know or reads
 * wrongly.
 *
 * Each word borrows the paradigm of a model word of the dictionary; all its forms are spelled out once, at
 * opening. */
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "morph_parts.h"

static void add_form(SvMorph *m, const char *spelling, guint paradigm, guint form)
{
    char key[SV_MORPH_WORD + 8];
    if (!sv_fold_into(spelling, strlen(spelling), key, sizeof key))
        return;
    GArray *forms = g_hash_table_lookup(m->overlay, key);
    if (!forms) {
        forms = g_array_new(FALSE, FALSE, sizeof(SvOverlayForm));
        g_hash_table_insert(m->overlay, g_string_chunk_insert(m->strings, key), forms);
    }
    SvOverlayForm o = {g_string_chunk_insert(m->strings, spelling), (guint16)paradigm, (guint16)form};
    g_array_append_val(forms, o);
}

static void add_word(const SvListLine *line, gpointer user)
{
    SvMorph *m = user;
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
                add_form(m, form, readings[i].paradigm, f);
        }
        return;
    }
}

void sv_morph_load_overlay(SvMorph *m)
{
    sv_list_visit("overlay.tsv", add_word, m);
}
