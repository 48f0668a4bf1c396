/* Home addresses of Russia, Kazakhstan, Britain, Ireland and the United States.
 *
 * Two anchors: a flat («кв. 5», "flat 3", «5 пәтер»), around which the street and the house are gathered
 * backwards and forwards; and a street («ул. …», "… Avenue") followed or preceded by a house number. A flat
 * makes an address a home. A street with a house is a home when words of home are near («домой», «прописан»,
 * "lives at"), in English also when a postcode follows; words of business near («офис», «склад», "unit", "our
 * depot") keep it. Districts without a house («Аксай, мкр. 10») stay. A city before the street stays: it is
 * of use and tells no home. */
#include "find.h"
#include <string.h>

#define NEAR_BACK 14u
#define NEAR_FORWARD 10u

static gboolean is_number(const SvScan *s, guint i)
{
    SvWordKind k = sv_scan_kind(s, i);
    if (k != SV_WORD_DIGITS && k != SV_WORD_MIXED)
        return FALSE;
    const SvWord *w = &s->words[i];
    return g_ascii_isdigit(s->text[w->from]) && w->to - w->from <= 7 &&
           !(k == SV_WORD_DIGITS && w->to - w->from > 4);
}

/* A house number from word i: "12", "12а", "18/1", "5-7"; index of its last word, 0 when none. */
static guint number_end(const SvScan *s, guint i)
{
    if (!is_number(s, i))
        return 0;
    if ((sv_scan_is_mark(s, i + 1, '/') || sv_scan_is_mark(s, i + 1, '-')) && i + 2 < s->n &&
        !s->words[i + 2].spaced && s->words[i + 2].kind <= SV_WORD_MIXED &&
        s->words[i + 2].to - s->words[i + 2].from <= 4)
        return i + 2;
    if (i + 1 < s->n && s->words[i + 1].kind == SV_WORD_LETTERS &&
        s->words[i + 1].to - s->words[i + 1].from <= 2 && s->words[i + 1].upper && s->words[i + 1].spaced &&
        sv_scan_is_mark(s, i + 2, ','))
        return i + 1;
    return i;
}

static guint skip_comma(const SvScan *s, guint i)
{
    return sv_scan_is_mark(s, i, ',') ? i + 1 : i;
}

/* From the word after a house number: blocks, entrances, floors, the flat. *flat tells whether one was met.
 */
static guint details_end(const SvScan *s, guint last, gboolean *flat)
{
    for (guint steps = 0; steps < 8; steps++) {
        guint i = skip_comma(s, last + 1);
        if (i < s->n && s->words[i].kind == SV_WORD_LINE && i == last + 2)
            i++; /* an address may go on in the next line after a comma */
        guint end = 0;
        if (sv_scan_has(s, i, SV_BIT(FLAT) | SV_BIT(BLOCK) | SV_BIT(HOUSE))) {
            guint j = sv_scan_after_dot(s, i);
            if (sv_scan_is_mark(s, j, 0x2116))
                j++;
            end = number_end(s, j);
            if (end && s->words[i].bits & SV_BIT(FLAT))
                *flat = TRUE;
        }
        if (!end && is_number(s, i) && sv_scan_has(s, i + 1, SV_BIT(FLAT) | SV_BIT(HOUSE)) &&
            !sv_scan_has(s, i + 1, SV_BIT(UNIT))) {
            end = i + 1;
            if (s->words[i + 1].bits & SV_BIT(FLAT))
                *flat = TRUE;
        }
        if (!end)
            return last;
        last = end;
    }
    return last;
}

/* A street of Russian or Kazakh writing that begins with its marker at word i («ул. 8 Марта, д. 5»); last
 * word of its house number, 0 when there is none. */
static guint street_end(const SvScan *s, guint i)
{
    guint j = sv_scan_after_dot(s, i), words = 0;
    for (; j < s->n && words < 5; j++) {
        const SvWord *w = &s->words[j];
        if (w->kind == SV_WORD_MARK &&
            (w->mark == '-' || w->mark == '.' || w->mark == 0xAB || w->mark == 0xBB || w->mark == '"'))
            continue;
        if (w->kind == SV_WORD_MARK && w->mark == ',' && words) {
            j++;
            break;
        }
        if (w->kind == SV_WORD_LETTERS && !(w->bits & (SV_BIT(HOUSE) | SV_BIT(FLAT))))
            words++;
        else if (w->kind == SV_WORD_DIGITS &&
                 (words == 0 || (j > 0 && sv_scan_is_mark(s, j - 1, '-') && !w->spaced)) && j + 1 < s->n &&
                 (s->words[j + 1].kind == SV_WORD_LETTERS || s->words[j + 1].kind == SV_WORD_MARK))
            words++; /* «8 Марта», «Самал-2» */
        else
            break;
    }
    if (!words)
        return 0;
    if (sv_scan_has(s, j, SV_BIT(STREET)))
        return 0; /* «мкр. Аксай-4, ул. Момышулы, …»: the second street has the house */
    if (sv_scan_has(s, j, SV_BIT(HOUSE)))
        j = sv_scan_after_dot(s, j);
    if (sv_scan_is_mark(s, j, 0x2116))
        j++;
    return number_end(s, j);
}

/* From a flat at word i back over house, blocks and up to four words of the street's name. */
static guint flat_start(const SvScan *s, guint i, guint done)
{
    guint j = i;
    gboolean number = FALSE;
    guint first = i, names = 0;
    while (j > done && i - j < 24) {
        const SvWord *w = &s->words[--j];
        if (w->kind == SV_WORD_LINE || w->bits & SV_BIT(HOME))
            break;
        if (w->kind == SV_WORD_MARK) {
            if (w->mark != ',' && w->mark != '.' && w->mark != '/' && w->mark != '-' && w->mark != 0x2116)
                break;
            if (names && w->mark == ',')
                break;
            continue;
        }
        if (w->bits & (SV_BIT(HOUSE) | SV_BIT(BLOCK)) && !names)
            continue;
        if (is_number(s, j) && !names) {
            number = TRUE;
            first = j;
            continue;
        }
        if (w->kind != SV_WORD_LETTERS || !number)
            break;
        if (w->bits & SV_BIT(STREET)) {
            first = j;
            break;
        }
        if (names && !w->capital)
            break;
        if (++names > 3)
            break;
        first = j;
    }
    return number ? first : G_MAXUINT;
}

static gboolean is_home(const SvScan *s, guint first, guint last)
{
    return sv_scan_near(s, first, SV_BIT(HOME), NEAR_BACK, 0) ||
           sv_scan_near(s, last, SV_BIT(HOME), 0, NEAR_FORWARD);
}

static gboolean is_office(const SvScan *s, guint first, guint last)
{
    return sv_scan_near(s, first, SV_BIT(OFFICE), NEAR_BACK, 0) ||
           sv_scan_near(s, last, SV_BIT(OFFICE), 0, 4);
}

/* "M19 0XX", "DN5 7XQ", "H16 XV52", "IL 62704", at word i; last word, 0 when none. */
static guint postcode_end(const SvScan *s, guint i)
{
    if (i + 1 >= s->n || s->words[i].kind == SV_WORD_MARK || !s->words[i].capital)
        return 0;
    const SvWord *a = &s->words[i], *b = &s->words[i + 1];
    guint n = a->to - a->from, m = b->to - b->from;
    const char *p = s->text + a->from, *q = s->text + b->from;
    if (a->kind == SV_WORD_MIXED && n <= 4 && m == 3 && g_ascii_isdigit(q[0]) && g_ascii_isalpha(q[1]) &&
        g_ascii_isalpha(q[2]))
        return i + 1;
    if (a->kind == SV_WORD_MIXED && n == 3 && m == 4 && g_ascii_isalpha(p[0]) && b->kind == SV_WORD_MIXED)
        return i + 1;
    return a->kind == SV_WORD_LETTERS && a->upper && n == 2 && b->kind == SV_WORD_DIGITS && m == 5 ? i + 1
                                                                                                   : 0;
}

/* Towns and postcode after an English street at word i. */
static guint town_end(const SvScan *s, guint i, gboolean *postcode)
{
    guint last = i;
    for (guint part = 0; part < 4; part++) {
        guint j = skip_comma(s, last + 1), end = 0;
        if (s->words[j < s->n ? j : last].kind == SV_WORD_LINE && j + 1 < s->n)
            j++;
        end = postcode_end(s, j);
        if (end) {
            *postcode = TRUE;
            return end;
        }
        if (j == last + 1 && part)
            break;
        guint k = j;
        while (k < s->n && k < j + 3 && s->words[k].kind == SV_WORD_LETTERS && s->words[k].capital &&
               !postcode_end(s, k))
            k++;
        if (k == j || j == last + 1)
            break;
        end = postcode_end(s, k);
        if (end) {
            *postcode = TRUE;
            return end;
        }
        last = k - 1;
    }
    return last;
}

/* An English street whose type ("Avenue") is word i: number and one to three names before it. */
static void find_english(const SvScan *s, guint i, GArray *out)
{
    guint first = i, names = 0;
    while (first > 0 && names < 4 && s->words[first - 1].kind == SV_WORD_LETTERS) {
        first--;
        names++;
        if (first > 0 && is_number(s, first - 1))
            break;
    }
    if (!names || first == 0 || !is_number(s, first - 1))
        return;
    first--;
    gboolean named = s->words[i].capital && s->words[i - 1].capital, flat = FALSE, postcode = FALSE;
    /* "flat 3, " before */
    if (first >= 2) {
        guint k = first - 1;
        if (sv_scan_is_mark(s, k, ',') && k > 0)
            k--;
        if (k > 0 && s->words[k].kind <= SV_WORD_MIXED && sv_scan_has(s, k - 1, SV_BIT(FLAT))) {
            flat = TRUE;
            first = k - 1;
        }
    }
    guint last = details_end(s, sv_scan_is_mark(s, i + 1, '.') ? i + 1 : i, &flat);
    last = town_end(s, last, &postcode);
    gboolean home = is_home(s, first, last);
    if (!named && !flat && !home && !postcode)
        return;
    if (flat || home || (postcode && !is_office(s, first, last)))
        sv_pii_add(s, out, first, last, SV_PII_ADDRESS);
}

/* A flat with its number: «кв. 5», «кв 41», "flat 3", «5 пәтер»; the word where the address ends, 0 when
 * none. */
static guint flat_end(const SvScan *s, guint i)
{
    guint j = sv_scan_after_dot(s, i);
    if (sv_scan_is_mark(s, j, 0x2116))
        j++;
    if (is_number(s, j))
        return number_end(s, j);
    /* «5 пәтер», but «5 200 кв. м» is an area */
    return i > 0 && is_number(s, i - 1) && !(s->words[i].bits & SV_BIT(UNIT)) ? i : 0;
}

void sv_find_addresses(const SvScan *s, GArray *out)
{
    guint done = 0; /* words before it are part of a hit or judged */
    for (guint i = 0; i < s->n; i++) {
        guint64 bits = s->words[i].bits;
        if (!(bits & (SV_BIT(STREET) | SV_BIT(FLAT) | SV_BIT(STREET_EN))))
            continue;
        if (bits & SV_BIT(STREET_EN))
            find_english(s, i, out);
        gboolean flat = FALSE;
        if (bits & SV_BIT(STREET) && i >= done) {
            guint end = street_end(s, i);
            if (!end)
                continue;
            end = details_end(s, end, &flat);
            if (flat || (is_home(s, i, end) && !is_office(s, i, end)))
                sv_pii_add(s, out, i, end, SV_PII_ADDRESS);
            done = end + 1;
        } else if (bits & SV_BIT(FLAT) && i >= done) {
            guint end = flat_end(s, i);
            if (!end)
                continue;
            guint first = flat_start(s, i, done);
            if (first == G_MAXUINT)
                continue;
            end = details_end(s, end, &flat);
            sv_pii_add(s, out, first, end, SV_PII_ADDRESS);
            done = end + 1;
        }
    }
}
