/* Any bytes as names, roles and text, with the dictionary $SVODKA_DATA/morph.bin. Roles make a roster spell
 * out the list of roles, which costs more than all the rest: every fourth length has one. */
#include <stdint.h>
#include <string.h>
#include "morph_parts.h"
#include "names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static SvMorph *morph;
    if (!morph) {
        g_autofree char *path =
            g_build_filename(g_getenv("SVODKA_DATA") ? g_getenv("SVODKA_DATA") : ".", "morph.bin", NULL);
        g_autoptr(GError) error = NULL;
        morph = sv_morph_open(path, &error);
        g_assert_no_error(error);
    }
    g_autoptr(SvRoster) roster = sv_roster_new(morph);
    gsize cut = size ? data[0] % size : 0;
    g_autofree char *name = g_strndup((const char *)data, cut);
    gboolean roles = size % 4 == 0;
    sv_roster_add(roster, 0, name, roles ? name : NULL);
    sv_roster_add(roster, 1, "Мария Козлова", roles ? "финансовый директор" : NULL);
    g_free(sv_name_inflect(morph, name, SV_GR_DATV));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    sv_roster_find(roster, (const char *)data + cut, size - cut, found);
    guint32 before = 0;
    for (guint i = 0; i < found->len; i++) {
        SvNameMention m = g_array_index(found, SvNameMention, i);
        g_assert(m.span.from >= before && m.span.to > m.span.from && m.span.to <= size - cut);
        before = m.span.to;
    }
    return 0;
}
