/* Diagnoses, conditions and treatment of people.
 *
 * The words are data (data/redact/health.tsv): stems of diseases, adjectives that belong to them, tails
 * («второго типа», "stage 3"), and phrases where such a word means something else. A disease is masked with
 * the adjectives directly before it and the tail after it. Where a product for the disease is spoken of (a
 * test, a kit, a reagent within four words before), the word stays, unless a person's number stands in the
 * same line. */
#include "find.h"
#include <string.h>

static const char *const endings[] = {"ая", "ую", "ой", "ый", "ий", "ое", "ого", "его", "ому", "ым", "им",
    "яя", "ей", "ые", "ие", "ых", "их", "ом"};

static gboolean is_adjective(const SvScan *s, guint i)
{
    const SvWord *w = &s->words[i];
    if (w->kind != SV_WORD_LETTERS || w->bits & SV_BIT(HEALTH_STOP))
        return FALSE;
    if (w->bits & SV_BIT(HEALTH_ADJ))
        return TRUE;
    if (w->capital)
        return FALSE; /* «Козловой инсульт»: a name */
    guint n = w->to - w->from;
    for (guint k = 0; k < G_N_ELEMENTS(endings); k++) {
        guint m = (guint)strlen(endings[k]);
        if (n >= m + 8 && memcmp(s->fold + w->to - m, endings[k], m) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_roman_or_digit(const SvScan *s, guint i)
{
    const SvWord *w = &s->words[i];
    guint n = w->to - w->from;
    if (w->kind == SV_WORD_DIGITS)
        return n <= 2;
    if (w->kind != SV_WORD_LETTERS || !w->upper || n > 4)
        return FALSE;
    for (guint32 k = w->from; k < w->to; k++)
        if (!strchr("IVX", s->text[k]))
            return FALSE;
    return TRUE;
}

/* The number of "type 2 diabetes", "stage 3 melanoma". */
static gboolean is_numbered(const SvScan *s, guint i)
{
    return i > 0 && is_roman_or_digit(s, i) && sv_scan_has(s, i - 1, SV_BIT(HEALTH_ADJ)) &&
           sv_scan_has(s, i - 1, SV_BIT(HEALTH_TAIL));
}

/* Last word of the tail after word i. */
static guint tail_end(const SvScan *s, guint i)
{
    guint last = i;
    for (guint j = i + 1, k = 0; j < s->n && k < 5; j++) {
        const SvWord *w = &s->words[j];
        if (w->kind == SV_WORD_MARK && (w->mark == '-' || w->mark == '\'' || w->mark == 0x2019) && !w->spaced)
            continue; /* "2-го", "Parkinson's" */
        if (w->kind > SV_WORD_MIXED)
            break;
        gboolean glued = j == last + 2 && !w->spaced;
        gboolean numbered = is_roman_or_digit(s, j) && (sv_scan_has(s, j + 1, SV_BIT(HEALTH_TAIL)) ||
                                                           sv_scan_has(s, j - 1, SV_BIT(HEALTH_TAIL)) ||
                                                           sv_scan_has(s, j + 3, SV_BIT(HEALTH_TAIL)));
        gboolean letter = w->upper && w->to - w->from <= 2 && j == i + 1 && w->kind == SV_WORD_LETTERS &&
                          s->text[w->from] != 'I';
        if (!(w->bits & (SV_BIT(HEALTH_TAIL) | SV_BIT(HEALTH))) && !numbered && !letter && !glued)
            break;
        last = j;
        k++;
    }
    return last;
}

static gboolean is_product(const SvScan *s, guint i)
{
    if (!sv_scan_near(s, i, SV_BIT(HEALTH_PRODUCT), 4, 0))
        return FALSE;
    return !sv_scan_near(s, i, SV_BIT(IIN) | SV_BIT(SNILS) | SV_BIT(PASSPORT), 6, 6);
}

void sv_find_health(const SvScan *s, GArray *out)
{
    for (guint i = 0; i < s->n; i++) {
        const SvWord *w = &s->words[i];
        if (!(w->bits & SV_BIT(HEALTH)) || w->bits & SV_BIT(HEALTH_NOT) || is_product(s, i))
            continue;
        guint first = i, last = tail_end(s, i);
        for (guint k = 0; k < 3 && first > 0 && (is_adjective(s, first - 1) || is_numbered(s, first - 1));
             k++)
            first--;
        sv_pii_add(s, out, first, last, SV_PII_HEALTH);
        i = last;
    }
}
