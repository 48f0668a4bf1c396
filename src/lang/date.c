/* Dates and times in a text: see date.h.
 *
 * The text becomes words with meanings (scan.c); a text in which no word and no figure hints at a date costs
 * nothing more. Otherwise each token is tried as the beginning of a date (one file a family); what is found
 * gets its preposition, which decides its role, its hour, and a second half of a range.
 *
 * Keeps true: mentions lie in order, do not overlap, from ≤ to, no longer than the text; work is linear,
 * every look around is bounded. It does not know grammar: whether a verb is past is told by its ending. */
#include "date_parse.h"
#include <string.h>

enum { MAX_MENTIONS = 20000, LOOK_PAST = 7, LOOK_ATTACH = 9 };

static gboolean clause_end(const SvScan *s, guint i)
{
    if (!sv_scan_mark(s, i, 0))
        return FALSE;
    gunichar c = s->tok[i].x;
    return c == '.' || c == ',' || c == ';' || c == '!' || c == '?' || c == ':' || c == '(' || c == ')' ||
           c == 0x2014 || c == 0x2013;
}

static gboolean ends_with(const SvScan *s, const SvTok *t, const char *ending)
{
    gsize n = strlen(ending);
    return t->to - t->from >= n && !memcmp(s->text + t->to - n, ending, n);
}

static gboolean past_verb(const SvScan *s, guint i)
{
    const SvTok *t = &s->tok[i];
    if (t->type != SV_TOK_WORD)
        return FALSE;
    gsize len = t->to - t->from;
    if (sv_scan_is(s, i, SV_WORD_PAST_VERB)) /* "he's got" tells of now */
        return !(
            len == 3 && memcmp(s->text + t->from, "got", 3) == 0 && t->from >= 3 &&
            (memcmp(s->text + t->from - 3, "'s ", 3) == 0 || memcmp(s->text + t->from - 3, "ve ", 3) == 0 ||
                memcmp(s->text + t->from - 3, "as ", 3) == 0));
    if (g_ascii_isalpha(s->text[t->from]))
        return len >= 5 && ends_with(s, t, "ed") && !ends_with(s, t, "eed") && !ends_with(s, t, "needed") &&
               !ends_with(s, t, "rrowed");
    static const char *const endings[] = {"л", "ла", "ло", "ли", "лся", "лась", "лось", "лись"};
    if (len < 8 || sv_scan_is(s, i, SV_WORD_NOT_PAST))
        return FALSE;
    for (guint e = 0; e < G_N_ELEMENTS(endings); e++)
        if (ends_with(s, t, endings[e]))
            return TRUE;
    return FALSE;
}

/* Walks from token i by step to the end of the clause: 1 a verb in the past, -1 a word that undoes it, 0
 * neither. */
static int look_past(const SvScan *s, guint i, int step)
{
    int found = 0;
    for (guint n = 0; n < LOOK_PAST && i < s->n; n++, i += (guint)step) {
        if (clause_end(s, i) || (step > 0 && s->tok[i].line))
            break;
        if (sv_scan_is(s, i, SV_WORD_NOT_PAST_BEFORE))
            return -1;
        if (past_verb(s, i))
            found = 1;
        if (step < 0 && s->tok[i].line)
            break;
    }
    return found;
}

gboolean sv_d_past(const SvDateCtx *c, guint begin, guint end)
{
    guint p = begin;
    while (p > 0 && begin - p < 3 &&
           (sv_d_is(c, p - 1, SV_WORD_THE) || sv_d_is(c, p - 1, SV_WORD_EDGE) ||
               sv_d_is(c, p - 1, SV_WORD_OF) || sv_scan_dash(c->s, p - 1)))
        p--;
    if (p > 0 && (sv_d_is(c, p - 1, SV_WORD_BY) || sv_d_is(c, p - 1, SV_WORD_BY_DAT) ||
                     sv_d_is(c, p - 1, SV_WORD_AFTER) || sv_d_is(c, p - 1, SV_WORD_BEFORE) ||
                     (sv_d_is(c, p - 1, SV_WORD_ON) && !sv_d_is(c, p - 1, SV_WORD_AT))))
        return FALSE;
    int before = begin > 0 ? look_past(c->s, begin - 1, -1) : 0;
    int after = look_past(c->s, end, 1);
    return (before > 0 || after > 0) && before >= 0 && after >= 0;
}

/* Could the word be the noun of an ordinal: «второго этажа», «первое место»? */
static gboolean counted_noun(const SvScan *s, const SvTok *t, gboolean neuter)
{
    static const char *const genitive[] = {"а", "я", "ого", "его"}, *const nominative[] = {
                                                                        "о", "е", "ое", "ее"};
    for (guint e = 0; e < 4; e++)
        if (ends_with(s, t, neuter ? nominative[e] : genitive[e]))
            return TRUE;
    return FALSE;
}

gboolean sv_d_ends(const SvDateCtx *c, guint i, gboolean strict)
{
    const SvScan *s = c->s;
    if (i >= s->n || s->tok[i].line)
        return TRUE;
    const SvTok *t = &s->tok[i];
    if (t->type == SV_TOK_MARK)
        return t->x != '%' && !(t->glued && sv_scan_dash(s, i) && sv_scan_glued(s, i + 1)) &&
               t->x != 0x20BD && t->x != 0x20B8 && t->x != 0x20AC && t->x != '$' &&
               !(t->glued && (t->x == '/' || t->x == '*'));
    if (t->type == SV_TOK_FIGURE || t->glued)
        return FALSE;
    if (sv_scan_is(s, i, SV_WORD_FOLLOW) || past_verb(s, i) || sv_scan_is(s, i, SV_WORD_DAYPART) ||
        sv_scan_is(s, i, SV_WORD_WEEKDAY) || sv_scan_is(s, i, SV_WORD_NUMBER) ||
        sv_scan_is(s, i, SV_WORD_OCLOCK) || sv_scan_is(s, i, SV_WORD_RELDAY) ||
        sv_scan_is(s, i, SV_WORD_INCLUSIVE))
        return TRUE;
    if (sv_scan_is(s, i, SV_WORD_PERIOD) || sv_scan_is(s, i, SV_WORD_UNIT_AFTER) ||
        sv_scan_is(s, i, SV_WORD_PERCENT) || sv_scan_is(s, i, SV_WORD_CURRENCY) ||
        sv_scan_is(s, i, SV_WORD_SCALE))
        return FALSE;
    if (g_ascii_isalpha(s->text[t->from]))
        return !strict && t->capital;
    static const char *const verbs[] = {"ем", "им", "ет", "ит", "ют", "ят", "ут", "ат", "ешь", "ишь", "ть",
        "ться", "тся", "мся", "йте", "ите", "ете", "жу", "шу", "чу", "ду", "лю", "аю", "яю"};
    for (guint v = 0; v < G_N_ELEMENTS(verbs); v++)
        if (ends_with(s, t, verbs[v]))
            return TRUE;
    if (strict)
        return FALSE;
    gboolean neuter =
        i > 0 && (sv_d_is(c, i - 1, SV_WORD_ORD_NEUT) || sv_d_is(c, i - 1, SV_WORD_SUFFIX_NEUT));
    return !counted_noun(s, t, neuter);
}

gboolean sv_d_read(SvDateCtx *c, guint i, SvDateBit *out)
{
    if (!sv_d_may_begin(&c->s->tok[i]))
        return FALSE;
    return sv_d_figures(c, i, out) || sv_d_day_month(c, i, out) || sv_d_weekdays(c, i, out) ||
           sv_d_relative(c, i, out) || sv_d_month(c, i, out) || sv_d_ordinal(c, i, out) ||
           sv_d_named(c, i, out);
}

/* «не позднее», "no later than" before token i: the token it begins at, else i. */
static guint not_later(const SvDateCtx *c, guint i)
{
    guint p = i;
    if (p > 0 && sv_d_is(c, p - 1, SV_WORD_THAN))
        p--;
    if (p > 1 && sv_d_is(c, p - 1, SV_WORD_LATER) && sv_d_is(c, p - 2, SV_WORD_NOT))
        return p - 2;
    return i;
}

/* A month, quarter, season or year with «до»: the day before it; with «к»: its first day. */
static void lean(SvDateBit *bit, gboolean until)
{
    if (bit->edge || bit->grain == SV_GRAIN_DAY || bit->grain == SV_GRAIN_WEEK)
        return;
    bit->to = until ? bit->from - 1 : bit->from;
    bit->from = bit->to;
}

/* The preposition before a bit decides its role. */
static void take_role(const SvDateCtx *c, SvDateBit *bit)
{
    guint p = bit->begin;
    while (p > 0 &&
           (sv_d_is(c, p - 1, SV_WORD_THE) || sv_d_is(c, p - 1, SV_WORD_APPROX) ||
               sv_d_is(c, p - 1, SV_WORD_NUMBER)) &&
           bit->begin - p < 3)
        p--;
    guint later = not_later(c, p);
    if (later != p) {
        bit->whole_begin = later;
        bit->role = SV_DATE_DEADLINE;
        return;
    }
    if (p == 0 || c->s->tok[p].line)
        return;
    guint q = p - 1;
    gboolean mine = TRUE;
    if (bit->fixed) {
        mine = bit->role == SV_DATE_REPEATED &&
               (sv_d_is(c, q, SV_WORD_PO) || sv_d_is(c, q, SV_WORD_AT) || sv_d_is(c, q, SV_WORD_ON));
        mine = mine || (bit->role == SV_DATE_INTERVAL &&
                           (sv_d_is(c, q, SV_WORD_SINCE) || sv_d_is(c, q, SV_WORD_BETWEEN) ||
                               sv_d_is(c, q, SV_WORD_AT)));
    } else if (sv_d_is(c, q, SV_WORD_BY) || sv_d_is(c, q, SV_WORD_BEFORE)) {
        lean(bit, !(c->s->tok[q].to - c->s->tok[q].from == 2 &&
                      g_ascii_tolower(c->s->text[c->s->tok[q].from]) == 'b'));
        bit->role = SV_DATE_DEADLINE;
    } else if (sv_d_is(c, q, SV_WORD_BY_DAT)) {
        lean(bit, FALSE);
        bit->role = SV_DATE_DEADLINE;
    } else if (sv_d_is(c, q, SV_WORD_PO) && bit->role != SV_DATE_REPEATED) {
        bit->role = SV_DATE_DEADLINE;
    } else if (sv_d_is(c, q, SV_WORD_SINCE) || sv_d_is(c, q, SV_WORD_AFTER)) {
        bit->role = SV_DATE_START;
    } else {
        mine = sv_d_is(c, q, SV_WORD_AT) || sv_d_is(c, q, SV_WORD_ON) || sv_d_is(c, q, SV_WORD_FROM_OT) ||
               sv_d_is(c, q, SV_WORD_OVER);
    }
    if (mine)
        bit->whole_begin = q;
    if (bit->role == SV_DATE_POINT && q > 0 && sv_d_is(c, q, SV_WORD_EVERY)) {
        bit->role = SV_DATE_REPEATED;
        bit->whole_begin = q;
    }
}

/* A second date that ends a range: «с марта по май», «20.12–25.12», "Monday to Wednesday". */
static void take_range(SvDateCtx *c, SvDateBit *bit)
{
    guint k = bit->end;
    SvDateBit second;
    gboolean since = bit->role == SV_DATE_START ||
                     (bit->whole_begin < bit->begin && sv_d_is(c, bit->whole_begin, SV_WORD_BETWEEN));
    if (bit->fixed || bit->holiday || bit->minute >= 0 || k >= c->s->n || c->s->tok[k].line)
        return;
    gboolean dash = sv_scan_dash(c->s, k),
             either = sv_d_is(c, k, SV_WORD_OR), and = sv_d_is(c, k, SV_WORD_AND);
    gboolean to =
        sv_d_is(c, k, SV_WORD_TO) || sv_d_is(c, k, SV_WORD_PO) || (sv_d_is(c, k, SV_WORD_BY) && since);
    if (!(dash || either || to || (and && since)))
        return;
    k++;
    k += sv_d_is(c, k, SV_WORD_TO) || sv_d_is(c, k, SV_WORD_BY); /* "through to the end of" */
    k += sv_d_is(c, k, SV_WORD_AT) && either;
    k += sv_d_is(c, k, SV_WORD_THE);
    if (k >= c->s->n || c->s->tok[k].line || !sv_d_read(c, k, &second) || second.fixed)
        return;
    if (second.to < bit->from && second.grain == SV_GRAIN_MONTH &&
        second.relative) { /* November to October */
        second.from = sv_day_add_months(second.from, 12);
        second.to = sv_day_add_months(second.from, 1) - 1;
    }
    if (second.to < bit->from)
        return;
    if (dash && bit->grain != second.grain && !since)
        return;
    if (either && second.from - bit->from > 31)
        return;
    bit->to = second.to;
    bit->end = second.end;
    bit->relative = bit->relative && second.relative;
    bit->minute = second.minute;
    bit->vague |= either || second.vague;
    bit->role = either ? bit->role : SV_DATE_INTERVAL;
}

static void absorb_after(const SvDateCtx *c, SvDateBit *bit)
{
    guint k = bit->end;
    /* "10.12 (среда)", "28 ноября, пятница", «четырнадцатое пятница» */
    guint w = k;
    gboolean paren = sv_scan_mark(c->s, w, '(');
    w += paren || sv_scan_mark(c->s, w, ',');
    if (bit->grain == SV_GRAIN_DAY && bit->from == bit->to && w < c->s->n && !c->s->tok[w].line &&
        !sv_d_is(c, k, SV_WORD_AT)) {
        gint32 day = sv_d_val(c, w, SV_WORD_WEEKDAY);
        if (day == SV_SCAN_NONE && paren)
            day = sv_d_val(c, w, SV_WORD_WEEKDAY_SHORT);
        if (day == sv_day_weekday(bit->from)) {
            bit->end = w + 1;
            bit->end += paren && sv_scan_mark(c->s, bit->end, ')');
        }
    }
    sv_d_tail(c, bit);
    if (sv_d_is(c, bit->end, SV_WORD_INCLUSIVE))
        bit->end++;
}

static void emit(const SvDateCtx *c, const SvDateBit *bit, GArray *out, guint from)
{
    SvDateMention m = {.from = bit->from,
        .to = bit->to,
        .grain = bit->grain,
        .role = bit->role,
        .minute = bit->minute,
        .relative = bit->relative,
        .vague = bit->vague};
    const SvTok *tok = c->s->tok;
    guint begin = MAX(bit->begin, from), whole = MAX(MIN(bit->whole_begin, bit->begin), from);
    m.span = (SvSpan){tok[begin].from, tok[bit->end - 1].to};
    m.whole = (SvSpan){tok[whole].from, m.span.to};
    if (m.role == SV_DATE_DEADLINE && m.grain == SV_GRAIN_DAY && !bit->fixed)
        m.from = m.to;
    g_array_append_val(out, m);
}

/* A time alone belongs to the date just before it in the same sentence. */
static gboolean attach_time(
    const SvDateCtx *c, const SvDateBit *time, SvDateBit *last, GArray *out, guint first)
{
    if (out->len == first || time->begin - last->end > LOOK_ATTACH)
        return FALSE;
    for (guint i = last->end; i < time->begin; i++)
        if ((sv_scan_mark(c->s, i, '.') || sv_scan_mark(c->s, i, '!') || sv_scan_mark(c->s, i, '?') ||
                sv_scan_mark(c->s, i, ';')))
            return FALSE;
    SvDateMention *m = &g_array_index(out, SvDateMention, out->len - 1);
    if (m->minute >= 0 || m->grain != SV_GRAIN_DAY || m->from != m->to)
        return FALSE;
    m->minute = time->minute;
    return TRUE;
}

static void remember(SvDateCtx *c, const SvDateBit *bit)
{
    if (bit->grain == SV_GRAIN_MONTH ||
        (bit->edge && !bit->holiday && bit->to - bit->from <= 31 && bit->grain != SV_GRAIN_WEEK)) {
        int y, m, d;
        sv_day_to_civil(bit->from, &y, &m, &d);
        c->month_said = sv_day_from_civil(y, m, 1);
    }
}

static void walk(SvDateCtx *c, GArray *out)
{
    guint first = out->len, free_from = 0;
    SvDateBit last = {0};
    for (guint i = 0; i < c->s->n && out->len - first < MAX_MENTIONS;) {
        SvDateBit bit;
        if (c->s->tok[i].type == SV_TOK_MARK) {
            gunichar mark = c->s->tok[i].x;
            if (mark == '.' || mark == '!' || mark == '?')
                c->month_said = SV_DAY_NONE;
            i++;
            continue;
        }
        if (!sv_d_may_begin(&c->s->tok[i])) {
            i++;
            continue;
        }
        if (sv_d_read(c, i, &bit) && bit.from <= bit.to && bit.end > i) {
            take_role(c, &bit);
            take_range(c, &bit);
            absorb_after(c, &bit);
            emit(c, &bit, out, free_from);
            remember(c, &bit);
            last = bit;
            i = free_from = bit.end;
        } else if (sv_d_clock_alone(c, i, &bit)) {
            take_role(c, &bit);
            if (!attach_time(c, &bit, &last, out, first))
                emit(c, &bit, out, free_from);
            last.end = bit.end;
            i = free_from = bit.end;
        } else {
            i++;
        }
    }
}

void sv_dates_find_in(const SvScan *scan, SvTime at, SvLang lang, GArray *out)
{
    if (!(scan->hints & SV_HINT_DATE))
        return;
    SvDateCtx c = {.s = scan, .at = at, .lang = lang, .weekday = -1, .month_said = SV_DAY_NONE};
    c.today = sv_time_day(at);
    c.country = sv_country_guess(lang, at.offset_s);
    sv_day_to_civil(c.today, &c.year, &c.month, &c.day);
    if (c.year < 3 || c.year > 9990)
        return;
    walk(&c, out);
}

void sv_dates_find(const char *text, gsize len, SvTime at, SvLang lang, GArray *out)
{
    g_auto(SvScan) scan;
    sv_scan_init(&scan, text, len);
    sv_dates_find_in(&scan, at, lang, out);
}
