/* Dictionary forms and inflection: see morph.h.
 *
 * All forms of a paradigm share the stem of the reading's spelling. The dictionary's first form joins what
 * people keep apart (Петрович is a form of Пётр, Козлова of Козлов), so a name's dictionary form is the first
 * form with the same kind of name and gender. */
#include <string.h>
#include "morph_parts.h"

#define BITS(from, to) (((SV_G(to) << 1) - 1) & ~(SV_G(from) - 1))
#define PARTS BITS(SV_POS_NOUN, SV_POS_INTJ)
#define GENDERS BITS(SV_GR_MASC, SV_GR_MSF)
#define NUMBERS (SV_G(SV_GR_SING) | SV_G(SV_GR_PLUR))
#define CASES BITS(SV_GR_NOMN, SV_GR_LOC2)
#define ANIMACY (SV_G(SV_GR_ANIM) | SV_G(SV_GR_INAN))
#define PERSONS BITS(SV_GR_1PER, SV_GR_3PER)
#define TENSES BITS(SV_GR_PRES, SV_GR_FUTR)
#define MOODS (SV_G(SV_GR_INDC) | SV_G(SV_GR_IMPR))
#define VOICES (SV_G(SV_GR_ACTV) | SV_G(SV_GR_PSSV))
#define NAME_KINDS (SV_G(SV_GR_NAME) | SV_G(SV_GR_SURN) | SV_G(SV_GR_PATR))

static const SvGram categories[] = {
    PARTS, GENDERS, NUMBERS, CASES, ANIMACY, PERSONS, TENSES, MOODS, VOICES, NAME_KINDS};

/* The stem of a reading: of a hyphened word with its left part. */
static gboolean stem_of(const SvMorph *m, const SvReading *r, gsize *from, gsize *to)
{
    const SvForm *form = sv_morph_form(m, r->paradigm, r->form);
    return form && sv_morph_stem(m, form, r->spelling, strlen(r->spelling), from, to);
}

gboolean sv_morph_lemma(const SvMorph *m, const SvReading *r, char *buf, gsize size)
{
    gsize from, to;
    if (!stem_of(m, r, &from, &to))
        return FALSE;
    const SvForm *form = sv_morph_form(m, r->paradigm, 0);
    SvGram keep = r->tag & (NAME_KINDS | GENDERS);
    if (r->tag & NAME_KINDS) {
        keep |= SV_G(SV_GR_NOMN) | SV_G(SV_GR_SING);
        for (guint i = 0; i < sv_morph_n_forms(m, r->paradigm); i++) {
            const SvForm *f = sv_morph_form(m, r->paradigm, i);
            if ((sv_morph_tag(m, f) & keep) != keep)
                continue;
            form = f;
            break;
        }
    }
    return sv_morph_spell(m, form, r->spelling + from, to - from, buf, size);
}

/* What the wanted form should have: `want`, and the reading's own grammemes in the categories it does not
 * name. */
static SvGram target(SvGram own, SvGram want)
{
    SvGram t = want;
    for (guint i = 0; i < G_N_ELEMENTS(categories); i++)
        if (!(want & categories[i]))
            t |= own & categories[i];
    if (want & SV_G(SV_GR_PLUR)) /* a plural has no gender */
        t &= ~GENDERS | want;
    return t;
}

/* Of forms that are equal else, счетов is what people write, not счётов. */
static gboolean has_yo(const SvMorph *m, const SvForm *form)
{
    gsize len;
    const char *suffix = sv_morph_suffix(m, form, &len);
    return g_strstr_len(suffix, (gssize)len, "ё") != NULL;
}

gboolean sv_morph_inflect(const SvMorph *m, const SvReading *r, SvGram want, char *buf, gsize size)
{
    gsize from, to;
    if (!stem_of(m, r, &from, &to))
        return FALSE;
    if ((r->tag & want) == want)
        return g_strlcpy(buf, r->spelling, size) < size;
    SvGram aim = target(r->tag, want), all = 0;
    for (guint i = 0; i < G_N_ELEMENTS(categories); i++)
        all |= categories[i];
    gboolean yo = strstr(r->spelling, "ё") != NULL;
    const SvForm *best = NULL;
    int best_score = G_MININT;
    for (guint i = 0; i < sv_morph_n_forms(m, r->paradigm); i++) {
        const SvForm *f = sv_morph_form(m, r->paradigm, i);
        SvGram tag = sv_morph_tag(m, f);
        if ((tag & want) != want || ((aim & PARTS) && !(tag & aim & PARTS)))
            continue;
        int score = 4 * (int)__builtin_popcountll(tag & aim) - (int)__builtin_popcountll(tag & ~aim & all);
        if (tag & ~r->tag & SV_G(SV_GR_RARE))
            score -= 8;
        if (!yo && has_yo(m, f))
            score--;
        if (score > best_score) {
            best_score = score;
            best = f;
        }
    }
    return best && sv_morph_spell(m, best, r->spelling + from, to - from, buf, size);
}
