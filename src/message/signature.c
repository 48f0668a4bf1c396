/* Signatures and footers of a letter, and what they tell: see letter_lines.h; words in
 * data/message/signature.tsv.
 *
 * Read from the bottom of a stretch of own text upwards, over a bounded number of lines: first legal footers
 * and "sent from my phone", paragraph by paragraph; then the signature, which opens with "-- ", with a
 * closing formula («С уважением,») or with the writer's own name as a line. What opens it takes the rest of
 * its paragraph; paragraphs below belong to it only where they hold a name, a role, a company or a phone:
 * "I'll send the invoice tomorrow" under a signature stays own, and so do a postscript and the note that the
 * letter is a lawyer's secret. */
#include "letter_lines.h"
#include <string.h>
#include "person_name.h"
#include "phrases.h"
#include "utf8.h"

enum {
    FORMULA,
    WEAK,
    ROLE,
    COMPANY,
    CONTACT,
    PHONE,
    FOOTER,
    MAYBE,
    LEGAL,
    POSTSCRIPT,
    WHOLE,
    SECRET,
    DATA,
    FIRM
};
static const char *const classes[] = {"formula", "weak", "role", "company", "contact", "phone", "footer",
    "maybe", "legal", "postscript", "line", "secret", "data", "firm", NULL};
#define WINDOW 24        /* lines with text that are looked at from below */
#define MAX_SIGN_CHARS 130
#define MAX_FOOTERS 12   /* paragraphs */

static const SvPhrases *phrases(void)
{
    static const SvPhrases *p;
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("signature.tsv", classes));
    return p;
}

typedef struct {
    guint line;
    gsize chars;
    gboolean gap;      /* an empty line stands above it */
    gboolean rule, delimiter;
    gboolean formula, weak, question, sentence;
    gboolean own; /* a postscript, personal data, or words that say the letter is privileged: never cut */
    gboolean name;     /* the writer's name and hardly more */
    gboolean full_name;
    gboolean role, company, phone, contact;
    gboolean late;     /* role and company stand before the name */
    gsize name_from, name_to; /* of the name in the body */
    gsize phone_from, phone_to;
} Line;

typedef struct {
    SvLetter *letter;
    const char *author;
    SvNameToken who[SV_NAME_TOKENS];
    guint n_who;
    gboolean whole_only; /* a first name is no signature: below a forward it may be whom the text calls */
    Line lines[WINDOW]; /* from the top down */
    guint n;
} Tail;

/* ---- footers ---- */

/* Is the paragraph of lines from … to a footer, and from which of its lines on? -1 when it is none. */
static int footer_start(SvLetter *l, guint from, guint to)
{
    int maybe = -1;
    for (guint i = from; i < to && i < from + 40; i++) {
        const GString *s = sv_letter_fold(l, i);
        gsize skip = strspn(s->str, "*_-[( \"'~#");
        skip = skip > s->len ? s->len : skip;
        const char *t = s->str + (s->str[0] == '[' ? 0 : skip);
        gsize n = s->len - (gsize)(t - s->str);
        guint any = 1u << FOOTER | 1u << PHONE | 1u << WHOLE | 1u << MAYBE;
        if (maybe < 0 && sv_phrases_start(phrases(), any, t, n, NULL) < 0)
            continue; /* nearly every line */
        if (sv_phrases_start(phrases(), 1u << FOOTER | 1u << PHONE, t, n, NULL) >= 0 ||
            sv_phrases_whole(phrases(), 1u << WHOLE, t, n - (n && strchr(".!", t[n - 1]))) >= 0)
            return (int)i;
        if (maybe < 0 && sv_phrases_start(phrases(), 1u << MAYBE, t, n, NULL) >= 0)
            maybe = (int)i;
        if (maybe >= 0 && sv_phrases_any(phrases(), 1u << LEGAL, t, n, NULL) >= 0)
            return maybe;
    }
    return -1;
}

/* Marks footers at the end of from … to; returns the new end. */
static guint mark_footers(SvLetter *l, guint from, guint to)
{
    for (guint k = 0; k < MAX_FOOTERS; k++) {
        guint end = to;
        while (end > from && (sv_line_blank(&l->lines[end - 1]) || sv_line_is_rule(l, end - 1)))
            end--;
        guint start = end;
        while (start > from && !sv_line_blank(&l->lines[start - 1]))
            start--;
        if (start == end)
            return to;
        int at = footer_start(l, start, end);
        if (at < 0)
            return to;
        for (guint i = (guint)at; i < to; i++)
            if (!sv_line_blank(&l->lines[i]))
                l->lines[i].kind = SV_PIECE_DISCLAIMER;
        to = (guint)at;
    }
    return to;
}

/* "External sender" banners that a mail server puts on top. */
static guint mark_banner(SvLetter *l, guint from, guint to)
{
    guint a = sv_letter_next(l, from);
    if (a >= to)
        return from;
    guint b = a;
    while (b < to && !sv_line_blank(&l->lines[b]))
        b++;
    const GString *s = sv_letter_fold(l, a);
    /* only where other text follows: a letter of one paragraph is no banner */
    if (b - a > 4 || sv_letter_next(l, b) >= to ||
        sv_phrases_start(phrases(), 1u << FOOTER, s->str, s->len, NULL) < 0)
        return from;
    for (guint i = a; i < b; i++)
        l->lines[i].kind = SV_PIECE_DISCLAIMER;
    return b;
}

/* ---- what stands in a line ---- */

/* Is it written as phones are: with a plus, a trunk prefix, brackets or gaps? An identity number is bare
 * digits. */
static gboolean is_phone(const char *s, gsize len, guint digits)
{
    gsize run = 0, longest = 0;
    for (gsize i = 0; i < len; i++) {
        run = g_ascii_isdigit(s[i]) ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    if (digits < 9 || digits > 15)
        return FALSE;
    return *s == '+' || longest <= 7 ||
           (longest == 11 && digits == 11 && (*s == '7' || *s == '8' || *s == '0'));
}

/* The first phone number in bytes from … to. */
static gboolean find_phone(const char *s, gsize from, gsize to, gsize *a, gsize *b)
{
    for (gsize i = from; i < to; i++) {
        if (!(g_ascii_isdigit(s[i]) || s[i] == '+' ||
                (s[i] == '(' && i + 1 < to && g_ascii_isdigit(s[i + 1]))) ||
            (i > from && (g_ascii_isalnum(s[i - 1]) || strchr("-/.@", s[i - 1]))))
            continue;
        guint digits = 0;
        gsize j = i, last = i;
        for (; j < to && s[j] && (g_ascii_isdigit(s[j]) || strchr("+-() .", s[j])); j++)
            if (g_ascii_isdigit(s[j])) {
                digits++;
                last = j + 1;
            }
        if (is_phone(s + i, last - i, digits)) {
            *a = i;
            *b = last;
            return TRUE;
        }
        i = j;
    }
    return FALSE;
}

/* Numbers that no signature holds: an item of a list, an identity number, a bank card. */
static gboolean has_data(const char *s, gsize len, gboolean phone)
{
    gsize run = 0, all = 0;
    for (gsize i = 0; i < len; i++) {
        run = g_ascii_isdigit(s[i]) ? run + 1 : 0;
        all += run > 0;
        if (run >= 8 && !phone)
            return TRUE;
    }
    gsize n = 0;
    while (n < len && n < 3 && g_ascii_isdigit(s[n]))
        n++;
    return (all > 15 && !phone) ||
           (n && n < len && (s[n] == ')' || (s[n] == '.' && n + 1 < len && s[n + 1] == ' ')));
}

static gboolean has_digit(const char *s, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (s[i] >= '0' && s[i] <= '9')
            return TRUE;
    return FALSE;
}

/* Like strspn, within len bytes. */
static gsize span_of(const char *s, gsize len, const char *marks)
{
    gsize n = 0;
    while (n < len && s[n] && strchr(marks, s[n]))
        n++;
    return n;
}

/* Do the writer's names stand at the start of the line, followed by nothing or by a mark? */
static void read_name(Tail *t, Line *x)
{
    const SvLine *line = &t->letter->lines[x->line];
    const char *s = t->letter->text + line->a;
    gsize len = MIN(line->b - line->a, 160);
    SvNameToken found[SV_NAME_TOKENS];
    if (g_ascii_isdigit(*s) || !sv_name_begins(s, len, t->who, t->n_who))
        return;
    guint n = sv_name_tokens(s, len, found), lead = 0, words = 0, last = 0;
    gboolean skipped = FALSE;
    if (!n || found[0].from > 3)
        return;
    for (guint i = 0; i < n; i++, lead++) {
        gboolean fits = found[i].kind == SV_NAME_PATRONYMIC;
        for (guint j = 0; j < t->n_who && !fits; j++) {
            fits = sv_name_token_fits(&found[i], &t->who[j]);
            words += fits && found[i].kind == SV_NAME_WORD;
        }
        /* a second initial or a patronymic that the header does not have */
        fits |= found[i].kind == SV_NAME_INITIAL && i > 0 && found[i].upper;
        gboolean inner = !fits && i == 1 && !skipped && n > 2 && found[i].upper && t->n_who >= 2;
        skipped |= inner;
        if (!fits && !inner)
            break;
        if (i > 0 && memchr(s + last, ',', found[i].from - last) && words >= 1 && !fits)
            break;
        last = found[i].to;
    }
    if (!lead || !words || (skipped && words < 2))
        return;
    while (last < len && s[last] == '.')
        last++;
    gsize rest = last + span_of(s + last, len - last, " \t");
    gboolean ends = rest >= len || strchr(",/|(;-", s[rest]) || (guchar)s[rest] == 0xE2;
    /* "A. J. Renwick FCA": a short rest without small words */
    if (!ends && words >= 1 && len - rest <= 24 && !memchr(s + rest, '.', len - rest) && found[0].upper)
        ends = (lead >= 2 && lead + 2 >= n);
    if (!ends || (rest < len && (guchar)s[rest] != ',' && x->sentence))
        return;
    /* "Иван, жду счёт." calls a namesake: told from a signature by what follows the comma */
    gboolean spoken = strchr(".!?:", s[len - 1]) != NULL && !x->phone;
    x->name =
        rest >= len || s[rest] != ',' || ((x->role || x->company || x->phone || x->chars <= 40) && !spoken);
    x->full_name = x->name && lead >= 2;
    x->name_from = line->a + found[0].from;
    x->name_to = line->a + last;
}

/* Initials alone: "MH". */
static void read_initials(Tail *t, Line *x)
{
    const SvLine *line = &t->letter->lines[x->line];
    gsize len = line->b - line->a;
    if (t->n_who < 2 || x->chars > 4 || x->chars < 2)
        return;
    guint k = 0;
    for (const char *p = t->letter->text + line->a, *end = p + len; p < end;) {
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        const char *w = t->author + (k < t->n_who ? t->who[k].from : 0);
        guint m;
        if (c != '.') {
            if (k >= t->n_who || !g_unichar_isupper(c) || sv_utf8_get(w, w + strlen(w), &m) != c)
                return;
            k++;
        }
        p += n;
    }
    x->name = k >= 2;
    x->name_from = x->name_to = 0;
}

/* The writer's surname with a role or a company before it: «Гл. бухгалтер ООО «…» Паршина З.Ф.» */
static void read_late_name(Tail *t, Line *x)
{
    const SvLine *line = &t->letter->lines[x->line];
    if (x->name || !(x->role || x->company) || x->chars > 100 || x->sentence || t->n_who < 2)
        return;
    SvNameToken found[SV_NAME_TOKENS];
    guint n = sv_name_tokens(t->letter->text + line->a, line->b - line->a, found), words = 0, initials = 0;
    gsize from = line->b, to = from;
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < t->n_who; j++)
            if (sv_name_token_fits(&found[i], &t->who[j])) {
                words += found[i].kind == SV_NAME_WORD;
                initials += found[i].kind == SV_NAME_INITIAL;
                from = MIN(from, line->a + found[i].from);
                to = line->a + found[i].to;
                break;
            }
    if (words < 2 && !(words == 1 && initials))
        return;
    x->name = x->full_name = x->late = TRUE;
    x->name_from = from;
    x->name_to = to;
}

static guint count_words(const char *s, gsize len)
{
    guint n = 0;
    for (gsize i = 0; i < len; i++)
        n += (i == 0 || s[i - 1] == ' ') && s[i] != ' ';
    return n;
}

/* Is what follows a closing formula on its line still no sentence? "и приветом из Твери,", "Иван Петров". */
static gboolean formula_ends(const char *text, gsize len)
{
    gsize skip = span_of(text, len, " ,.!;-/|");
    if (skip == len)
        return TRUE;
    guint k;
    gunichar c = sv_utf8_get(text + skip, text + len, &k);
    if (g_unichar_isupper(c))
        return len - skip < 90;
    /* another formula or a joke, closed as formulas are */
    return len < 80 && text[0] != ',' && text[len - 1] == ',';
}

static void read_line(Tail *t, guint i, gboolean gap, Line *x)
{
    SvLetter *l = t->letter;
    const SvLine *line = &l->lines[i];
    const char *raw = l->text + line->a;
    gsize len = line->b - line->a;
    *x = (Line){.line = i, .gap = gap, .rule = sv_line_is_rule(l, i)};
    x->chars = (gsize)g_utf8_strlen(raw, (gssize)MIN(len, 1000));
    x->delimiter = (len == 2 && memcmp(raw, "--", 2) == 0) || (len == 3 && memcmp(raw, "—", 3) == 0);
    if (x->chars > MAX_SIGN_CHARS * 2 || x->rule || x->delimiter) {
        x->sentence = !x->rule && !x->delimiter;
        return;
    }
    const GString *f = sv_letter_fold(l, i);
    const SvPhrases *p = phrases();
    gsize n = 0;
    guint has = sv_phrases_which(
        p, 1u << SECRET | 1u << DATA | 1u << ROLE | 1u << COMPANY | 1u << FIRM, f->str, f->len);
    guint openings = 1u << POSTSCRIPT | 1u << FORMULA | 1u << WEAK | 1u << CONTACT;
    gboolean opening = sv_phrases_start(p, openings, f->str, f->len, NULL) >= 0; /* hardly any line is one */
    x->own = has & (1u << SECRET | 1u << DATA) ||
        (opening && sv_phrases_start(p, 1u << POSTSCRIPT, f->str, f->len, NULL) >= 0);
    if (opening && sv_phrases_start(p, 1u << FORMULA, f->str, f->len, &n) >= 0)
        x->formula = len >= n && formula_ends(raw + MIN(n, len), len - MIN(n, len));
    if (opening && !x->formula && sv_phrases_start(p, 1u << WEAK, f->str, f->len, &n) >= 0)
        x->weak = n + strspn(f->str + n, " ,.!;:)-") == f->len;
    x->role = (has & 1u << ROLE) != 0;
    x->company = (has & (1u << COMPANY | 1u << FIRM)) != 0;
    if (has_digit(raw, len)) {
        x->phone = find_phone(l->text, line->a, line->b, &x->phone_from, &x->phone_to);
        x->own |= has_data(raw, len, x->phone);
    }
    x->contact = x->phone || memchr(raw, '@', len) ||
        (opening && sv_phrases_start(p, 1u << CONTACT, f->str, f->len, NULL) >= 0);
    x->question = len && raw[len - 1] == '?';
    guint words = count_words(f->str, f->len);
    x->sentence = words >= 5 && len && strchr(".!?;:", raw[len - 1]) && !x->company && !x->contact;
    if (x->own)
        return;
    read_name(t, x);
    if (!x->name)
        read_initials(t, x);
    read_late_name(t, x);
}

/* Reads upwards until three sentences stand above each other: no signature reaches over them. */
static void read_tail(Tail *t, guint from, guint to)
{
    guint sentences = 0;
    const SvLine *lines = t->letter->lines;
    for (guint i = to; i-- > from && t->n < WINDOW && sentences < 3;) {
        if (sv_line_blank(&lines[i]))
            continue;
        Line *x = &t->lines[WINDOW - ++t->n];
        read_line(t, i, i == from || sv_line_blank(&lines[i - 1]), x);
        sentences = x->sentence && !x->name ? sentences + 1 : 0;
    }
    memmove(t->lines, t->lines + WINDOW - t->n, t->n * sizeof(Line));
}

/* ---- where the signature opens and ends ---- */

static gboolean is_card(const Line *x)
{
    return x->name || x->role || x->company || x->contact;
}

/* The first line of the tail after a signature that opens at line k. */
static guint sign_end(const Tail *t, guint k)
{
    guint i = k + 1;
    gboolean by_delimiter = t->lines[k].delimiter, formula = t->lines[k].formula || t->lines[k].weak;
    for (; i < t->n; i++) {
        const Line *x = &t->lines[i];
        if (x->own || x->question || x->chars > MAX_SIGN_CHARS)
            break;
        const Line *above = &t->lines[i - 1];
        gboolean first_below = x->gap && (i == k + 1 || above->formula || above->weak || above->delimiter);
        by_delimiter |= x->delimiter;
        if (x->delimiter)
            continue;
        if (!x->gap || x->rule || x->formula || x->weak)
            continue;
        if (x->sentence && !(by_delimiter && is_card(x)))
            break;
        /* under a formula the name may stand apart; elsewhere a new paragraph must look like a card */
        if (first_below && (formula || by_delimiter) && (is_card(x) || x->chars <= 40))
            continue;
        if (!is_card(x) || x->chars > 100)
            break;
    }
    return i;
}

/* Can a signature open with this line? */
static gboolean opens(const Tail *t, guint k)
{
    const Line *x = &t->lines[k];
    if (x->formula)
        return TRUE;
    if (x->delimiter)
        return k + 1 < t->n || k > 0;
    if (x->weak) {
        /* "Thanks!" closes a letter only where a signature follows */
        const Line *y = k + 1 < t->n ? &t->lines[k + 1] : NULL;
        return y && (y->name || y->formula);
    }
    if (!x->name)
        return FALSE;
    if (x->full_name)
        return TRUE;
    if (t->whole_only)
        return FALSE;
    const Line *y = k + 1 < t->n ? &t->lines[k + 1] : NULL;
    if (!y)
        return TRUE;
    if (is_card(y) || y->delimiter)
        return TRUE;
    return x->gap && !y->gap && k + 2 >= t->n && !y->sentence && !y->question && y->chars <= 60;
}

/* Two words that begin with capitals, where the writer's name is not known. */
static gboolean looks_like_name(const SvLetter *l, const Line *x, gsize *to)
{
    const SvLine *line = &l->lines[x->line];
    SvNameToken found[SV_NAME_TOKENS];
    guint n = sv_name_tokens(l->text + line->a, line->b - line->a, found);
    if (n < 2 || n > 4 || x->role || x->company || x->contact || x->chars > 45)
        return FALSE;
    for (guint i = 0; i < n; i++)
        if (!found[i].upper)
            return FALSE;
    *to = line->a + found[n - 1].to;
    return TRUE;
}

static void find_unknown_names(Tail *t)
{
    for (guint i = 0; i < t->n; i++) {
        Line *x = &t->lines[i];
        gsize to;
        gboolean after_formula = i > 0 && (t->lines[i - 1].formula || t->lines[i - 1].delimiter);
        gboolean before_card = i + 1 < t->n && !t->lines[i + 1].gap &&
                               (t->lines[i + 1].role || t->lines[i + 1].company || t->lines[i + 1].phone) &&
                               !t->lines[i + 1].sentence;
        if (x->name || x->sentence || !(after_formula || before_card) || !looks_like_name(t->letter, x, &to))
            continue;
        x->name = x->full_name = TRUE;
        x->name_from = t->letter->lines[x->line].a;
        x->name_to = to;
    }
}

/* ---- harvest ---- */

static void take(char **slot, const char *text, gsize from, gsize to)
{
    while (from < to && strchr(" \t,;|/-.", text[from]))
        from++;
    while (to > from && strchr(" \t,;|/-", text[to - 1]))
        to--;
    if (!*slot && to > from && to - from < 200)
        *slot = g_strndup(text + from, to - from);
}

/* The part of from … to before the first mark of `marks` that stands after byte `at`. */
static gsize cut_at(const char *text, gsize from, gsize to, gsize at, const char *marks)
{
    for (gsize i = MAX(from, at); i < to; i++)
        if (text[i] && strchr(marks, text[i]) && (text[i] != ',' || i + 1 == to || text[i + 1] == ' '))
            return i;
    return to;
}

/* Role and company out of a part of a line that no mark divides. */
static void take_part(const char *text, gsize from, gsize to, SvCleaned *out)
{
    g_autoptr(GString) f = g_string_new(NULL);
    sv_phrases_fold(text + from, to - from, f);
    gsize at = 0;
    gboolean company =
        sv_phrases_any(phrases(), 1u << COMPANY, f->str, f->len, &at) >= 0 && f->len == to - from;
    gboolean role = sv_phrases_any(phrases(), 1u << ROLE, f->str, f->len, NULL) >= 0;
    /* Russian forms stand before the name, English ones after it */
    gboolean before = company && (guchar)f->str[at] >= 0xC0;
    if (before && at > 0 && role)
        take(&out->signature_role, text, from, from + at);
    if (company)
        take(&out->signature_company, text, before ? from + at : from, to);
    else if (role)
        take(&out->signature_role, text, from, to);
}

/* Role and company out of a line, part by part: «главный инженер ООО «Ромашка», Тверь», "Buyer | Acme
 * Ltd". */
static void take_card(const char *text, gsize from, gsize to, SvCleaned *out)
{
    for (guint parts = 0; from < to && parts < 8; parts++) {
        gsize end = cut_at(text, from, to, from, ",|");
        take_part(text, from, end, out);
        from = end + 1;
    }
}

static void harvest(Tail *t, guint k, guint end, SvCleaned *out)
{
    const char *text = t->letter->text;
    for (guint i = k; i < end; i++) {
        const Line *x = &t->lines[i];
        const SvLine *line = &t->letter->lines[x->line];
        if (x->rule || x->delimiter || x->sentence)
            continue;
        if (x->phone)
            take(&out->signature_phone, text, x->phone_from, x->phone_to);
        gsize from = line->a, to = x->phone ? MAX(x->phone_from, from) : line->b;
        if (x->name && x->name_to) {
            take(&out->signature_name, text, x->name_from, x->name_to);
            if (x->late)
                to = MIN(to, x->name_from);
            else
                from = x->name_to;
        }
        if (!x->formula && !x->weak && (x->role || x->company) && from < to)
            take_card(text, from, to, out);
    }
}

/* May own words stand right below a signature, without an empty line? A postscript and a lawyer's note do. */
static gboolean is_said_apart(const Tail *t, guint i)
{
    const GString *f = sv_letter_fold(t->letter, t->lines[i].line);
    return sv_phrases_start(phrases(), 1u << POSTSCRIPT, f->str, f->len, NULL) >= 0 ||
        sv_phrases_any(phrases(), 1u << SECRET, f->str, f->len, NULL) >= 0;
}

void sv_signature_mark(SvLetter *l, guint from, guint to, const char *author, SvCleaned *out)
{
    to = mark_footers(l, from, to);
    from = mark_banner(l, from, to);
    Tail t = {.letter = l, .author = author};
    t.whole_only = out && from < to && l->lines[from].kind == SV_PIECE_FORWARD;
    if (author)
        t.n_who = sv_name_tokens(author, strlen(author), t.who);
    read_tail(&t, from, to);
    find_unknown_names(&t);
    for (guint k = 0; k < t.n; k++) {
        if (!opens(&t, k))
            continue;
        guint end = sign_end(&t, k);
        /* what stands below must be a postscript at most: else the line did not close the letter */
        guint below = t.n - end;
        if (below > 0 && (t.lines[k].name ? below > 3 : below > 8))
            continue;
        if (below > 0 && !t.lines[end].gap && !(t.lines[end].own && !t.lines[k].name))
            if (!is_said_apart(&t, end))
                continue;
        for (guint i = k; i < end; i++)
            l->lines[t.lines[i].line].kind = SV_PIECE_SIGNATURE;
        if (out)
            harvest(&t, k, end, out);
        return;
    }
}
