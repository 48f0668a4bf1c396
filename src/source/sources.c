/* The list of sources, and the choice among them by content: see source.h.
 *
 * Every source is asked that could be surer than those before it; the surest wins, and among equals the one
 * that stands first. Does not: look at file names, or read anything. */
#include "source.h"

const SvSource *const sv_sources[] = {
    &sv_source_mbox, &sv_source_eml, &sv_source_whatsapp, &sv_source_telegram, &sv_source_transcript,
    &sv_source_subtitles, &sv_source_table, &sv_source_card, NULL};

const SvSource *sv_source_find(const SvInput *input)
{
    const SvSource *best = NULL;
    int sure = 0;
    for (const SvSource *const *s = sv_sources; *s; s++) {
        if ((*s)->surest <= sure)
            continue;
        int n = (*s)->probe(input);
        if (n > sure) {
            sure = n;
            best = *s;
        }
    }
    return best;
}
