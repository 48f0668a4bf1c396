/* Is a message talk with lawyers or marked confidential?
 *
 * Three kinds of evidence, all of them phrases of data/redact/privileged.tsv:
 * - it says itself that it is privileged («адвокатская тайна», "legally privileged") or must stay out of the
 * client's file («клиенту не показывать»);
 * - it begins with a mark («КОНФИДЕНЦИАЛЬНО», "CONFIDENTIAL"), in the subject or among the first words;
 * - it names a lawyer and holds at least two words of legal advice about a dispute («советует», «в суде
 * проиграем»). A paragraph that reads like a mail footer ("if you are not the intended recipient") counts for
 * nothing. «Договор у юристов» names a lawyer and no advice, and stays. Whether the weaker evidence is enough
 * depends on who wrote to whom: redact.c decides. */
#include "find.h"
#include <string.h>

#define MARK_WITHIN 8u /* words from the beginning in which a mark counts */

typedef struct {
    gboolean privilege, mark, lawyer;
    guint advice;
} Evidence;

/* Adds what words from … to say. `words` counts words since the beginning of the message. */
static void weigh(const SvScan *s, guint from, guint to, guint *words, Evidence *e)
{
    gboolean footer = FALSE;
    for (guint i = from; i < to && !footer; i++)
        footer = (s->words[i].bits & SV_BIT(DISCLAIMER)) != 0;
    guint64 previous = 0;
    for (guint i = from; i < to; i++) {
        const SvWord *w = &s->words[i];
        if (w->kind > SV_WORD_MIXED)
            continue;
        (*words)++;
        guint64 begun = w->bits & ~previous; /* a phrase counts once */
        previous = w->bits;
        if (footer)
            continue;
        e->privilege |= (w->bits & (SV_BIT(PRIVILEGE) | SV_BIT(NO_FILE))) != 0;
        e->mark |= w->bits & SV_BIT(CONFIDENTIAL) && *words <= MARK_WITHIN && (w->upper || *words <= 3);
        e->lawyer |= (w->bits & SV_BIT(LAWYER)) != 0;
        e->advice += (begun & SV_BIT(ADVICE)) != 0;
    }
}

static SvPrivilege verdict(const Evidence *e)
{
    if (e->privilege || (e->mark && e->lawyer))
        return SV_PRIVILEGE_MARKED;
    return e->mark || (e->lawyer && e->advice >= 2) ? SV_PRIVILEGE_ADVICE : SV_PRIVILEGE_NONE;
}

SvPrivilege sv_find_privilege(const char *subject, const SvScan *s)
{
    Evidence e = {0};
    guint words = 0;
    if (subject && *subject) {
        g_autoptr(SvScan) title = sv_scan_new(subject, strlen(subject));
        weigh(title, 0, title->n, &words, &e);
        e.lawyer &= e.mark || e.privilege; /* a lawyer in a mere subject is no advice yet */
    }
    words = 0;
    for (guint from = 0; from < s->n;) {
        guint to = from;
        while (to < s->n && s->words[to].kind != SV_WORD_LINE)
            to++;
        weigh(s, from, to, &words, &e);
        from = to + 1;
    }
    return verdict(&e);
}

gboolean sv_redact_is_privileged(const char *subject, const char *text, gsize len)
{
    g_autoptr(SvScan) s = sv_scan_new(text, len);
    return sv_find_privilege(subject, s) != SV_PRIVILEGE_NONE;
}
