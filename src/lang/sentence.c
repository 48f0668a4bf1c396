/* Sentences of letters, chats and speech: see sentence.h.
 *
 * One pass over the bytes stops only at line breaks, full stops, ! ? …, emoji and brackets, and decides there
 * by the word before and the letter after. A letter's line break is an end unless the line is a hard wrap.
 * Speech is split like a chat and then cut at discourse words (speech.c).
 *
 * Keeps true: spans are in order, do not overlap, are never empty, lie on character borders of valid UTF-8.
 * It does not look for quotes or signatures (message/ did that) nor repair sentences that the writer ran
 * together with commas. */
#include "sentence.h"
#include <string.h>
#include "fold.h"
#include "sentence_parts.h"
#include "sv_limits.h"
#include "utf8.h"

#define WRAP_SHORT 55u /* a shorter line was broken on purpose */
#define WRAP_LONG 80u  /* mail programs wrap below this */
#define WRAP_FULL 68u  /* a line that its neighbour's first word would have filled beyond this is a wrap */

typedef struct {
    const char *text;
    gsize len;
    SvStyle style;
    GArray *out;
    guint first;      /* length of `out` before we began */
    gsize start;      /* of the sentence being read */
    gsize line_start; /* of the line being read */
    int brackets;     /* open in the sentence being read */
} Split;

static gboolean has_word(const char *text, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        guchar c = (guchar)text[i];
        if (g_ascii_isalnum(text[i]) || (c >= 0xC3 && c <= 0xDF))
            return TRUE;
    }
    return FALSE;
}

static gboolean only_smileys(const char *text, gsize from, gsize to)
{
    while (from < to) {
        gsize n = sv_emoji_len(text + from, to - from);
        if (!n)
            n = sv_smiley_len(text + from, to - from);
        if (!n)
            n = text[from] == ')' || g_ascii_isspace(text[from]) ? 1 : 0;
        if (!n)
            return FALSE;
        from += n;
    }
    return TRUE;
}

/* A line of dashes, stars or underscores says nothing. */
static gboolean is_ruler(const char *text, gsize from, gsize to)
{
    if (to - from < 3)
        return FALSE;
    for (gsize i = from; i < to; i++)
        if (!strchr("-_=*~#", text[i]))
            return FALSE;
    return TRUE;
}

static void emit(Split *s, gsize to)
{
    gsize from = s->start, n;
    s->start = to;
    s->brackets = 0;
    while (from < to && (n = sv_space_len(s->text + from, to - from)) > 0)
        from += n;
    while (to > from && g_ascii_isspace(s->text[to - 1]))
        to--;
    while (to >= from + 2 && memcmp(s->text + to - 2, "\xC2\xA0", 2) == 0)
        to -= 2;
    while (to > from && g_ascii_isspace(s->text[to - 1]))
        to--;
    gsize indent = s->line_start;
    while (indent < from && sv_space_len(s->text + indent, from - indent) > 0)
        indent += sv_space_len(s->text + indent, from - indent);
    if (indent == from)
        from += sv_marker_len(s->text + from, to - from);
    if (from >= to || is_ruler(s->text, from, to))
        return;
    if (s->out->len > s->first && !has_word(s->text, from, to) && only_smileys(s->text, from, to)) {
        g_array_index(s->out, SvSpan, s->out->len - 1).to = (guint32)to;
        return;
    }
    SvSpan span = {(guint32)from, (guint32)to};
    if (s->out->len - s->first < SV_MAX_SENTENCES)
        g_array_append_val(s->out, span);
}

static gsize count_chars(const char *text, gsize from, gsize to)
{
    gsize n = 0;
    for (gsize i = from; i < to; i++)
        n += ((guchar)text[i] & 0xC0) != 0x80;
    return n;
}

/* Is the line break at `at` only where a mail program ran out of columns? */
static gboolean is_wrap(const Split *s, gsize at)
{
    gsize next = at + 1, n;
    while (next < s->len && s->text[next] != '\n' && (n = sv_space_len(s->text + next, s->len - next)) > 0)
        next += n;
    if (next >= s->len || s->text[next] == '\n')
        return FALSE;
    gsize to = at;
    while (to > s->line_start && g_ascii_isspace(s->text[to - 1]))
        to--;
    if (to - s->line_start <= WRAP_SHORT)
        return FALSE;
    gsize chars = count_chars(s->text, s->line_start, to);
    if (chars <= WRAP_SHORT)
        return FALSE;
    if (sv_starts_lower(s->text + next, s->len - next))
        return TRUE;
    char last = s->text[to - 1];
    if (chars > WRAP_LONG || strchr(".!?:;)", last) || sv_marker_len(s->text + next, s->len - next) > 0)
        return FALSE;
    gsize word = next;
    while (word < s->len && !g_ascii_isspace(s->text[word]))
        word++;
    return chars + 1 + count_chars(s->text, next, word) > WRAP_FULL;
}

static gsize skip_spaces(const Split *s, gsize at)
{
    gsize n;
    while (at < s->len && s->text[at] != '\n' && (n = sv_space_len(s->text + at, s->len - at)) > 0)
        at += n;
    return at;
}

/* Past the emoji and smileys that follow `at` on the line; `at` itself when there are none. */
static gsize skip_smileys(const Split *s, gsize at)
{
    for (;;) {
        gsize next = skip_spaces(s, at);
        gsize n = sv_emoji_len(s->text + next, s->len - next);
        if (!n)
            n = sv_smiley_len(s->text + next, s->len - next);
        if (!n && next == at && next < s->len && s->text[next] == ')')
            n = 1;
        if (!n)
            return at;
        at = next + n;
    }
}

/* Past the quotes and brackets that close after a full stop. */
static gsize skip_closers(const Split *s, gsize at, gboolean *quoted)
{
    static const char *const closers[] = {"»", "”", "’", "\"", "'", "]", ")"};
    static const guint8 first_bytes[256] = {
        [0xC2] = 1, [0xE2] = 1, ['"'] = 1, ['\''] = 1, [']'] = 1, [')'] = 1};
    for (gboolean found = TRUE; found && at < s->len && first_bytes[(guchar)s->text[at]];) {
        found = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(closers) && !found; i++) {
            gsize n = strlen(closers[i]);
            if (s->len - at < n || memcmp(s->text + at, closers[i], n) != 0)
                continue;
            /* a straight quote before a letter opens the next sentence */
            if (n == 1 && i < 5 && at + 1 < s->len && !strchr(" \n\t.,!?;:)", s->text[at + 1]))
                continue;
            *quoted |= i < 5;
            found = TRUE;
            at += n;
        }
    }
    return at;
}

static gsize word_before(const Split *s, gsize to)
{
    gsize from = to;
    while (from > s->start) {
        guchar c = (guchar)s->text[from - 1];
        if (!(c >= 0x80 || g_ascii_isalnum((gchar)c) || c == '.' || c == '-'))
            break;
        if (c == 0xA0 && from >= 2 && (guchar)s->text[from - 2] == 0xC2)
            break;
        from--;
    }
    while (from < to && (to - from > 2) && (memcmp(s->text + from, "«", 2) == 0))
        from += 2;
    return from;
}

static gboolean after_number(const Split *s, gsize word)
{
    while (word > s->start && (s->text[word - 1] == ' ' || (guchar)s->text[word - 1] == 0xA0 ||
                                  (guchar)s->text[word - 1] == 0xC2))
        word--;
    return word > s->start && g_ascii_isdigit(s->text[word - 1]);
}

static gboolean ends_open(const Split *s, gsize to)
{
    static const char vowels[] = "аеёиоуыэюяйьіәөүұ";
    gsize at = sv_utf8_floor(s->text, to - 1);
    if (to - at == 1)
        return strchr("aeiouy", g_ascii_tolower(s->text[at])) != NULL;
    char buf[16];
    return to - at < 8 && sv_fold_into(s->text + at, to - at, buf, sizeof buf) && strstr(vowels, buf) != NULL;
}

static gboolean all_digits(const char *text, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        if (!g_ascii_isdigit(text[i]))
            return FALSE;
    return to > from;
}

/* A number and a full stop: a list marker, a date written with spaces, or the end. */
static gboolean number_ends(const Split *s, gsize word, gsize dot, gsize next)
{
    gsize line = MAX(s->line_start, s->start);
    if (skip_spaces(s, line) == word && dot - word <= 2)
        return FALSE;
    if (g_ascii_isdigit(s->text[next]))
        return dot - word > 2;
    return s->style != SV_STYLE_LETTER || !sv_starts_lower(s->text + next, s->len - next);
}

/* Kind of the word word…dot; of «т. д.» the two letters count as one word. */
static SvAbbr abbreviation(const Split *s, gsize word, gsize dot)
{
    gsize letter = word >= 2 && word - 2 > s->start && memcmp(s->text + word - 2, ". ", 2) == 0
                       ? sv_utf8_floor(s->text, word - 3)
                       : word;
    if (letter < word && count_chars(s->text, word, dot) == 1 &&
        (letter == s->start || s->text[letter - 1] == ' ' || s->text[letter - 1] == '(')) {
        char pair[16];
        g_snprintf(pair, sizeof pair, "%.*s.%.*s", (int)(word - 2 - letter), s->text + letter,
            (int)(dot - word), s->text + word);
        SvAbbr kind = sv_abbr_find(pair, strlen(pair));
        if (kind != SV_ABBR_NONE)
            return kind;
    }
    return sv_abbr_find(s->text + word, dot - word);
}

/* Does the single full stop at `dot` end a sentence, the next character on the line being at `next`? */
static gboolean dot_ends(const Split *s, gsize dot, gsize next)
{
    gsize word = word_before(s, dot);
    gboolean lower = sv_starts_lower(s->text + next, s->len - next);
    if (word == dot)
        return !lower;
    if (all_digits(s->text, word, dot))
        return number_ends(s, word, dot, next);
    gsize chars = count_chars(s->text, word, dot);
    gboolean upper = sv_starts_upper(s->text + next, s->len - next);
    gboolean digit = g_ascii_isdigit(s->text[next]);
    if (chars == 1 && sv_starts_upper(s->text + word, dot - word) && s->text[word] != 'I' &&
        !after_number(s, word))
        return !upper && !lower;
    SvAbbr kind = abbreviation(s, word, dot);
    if (kind == SV_ABBR_UNIT)
        kind = after_number(s, word) ? SV_ABBR_MAYBE : SV_ABBR_NEVER;
    if (kind == SV_ABBR_NEVER)
        return FALSE;
    if (kind == SV_ABBR_MAYBE || chars == 1)
        return !lower && !digit;
    if (!lower)
        return TRUE;
    return s->style == SV_STYLE_LETTER ? chars >= 4 && ends_open(s, dot) : chars >= 3 || ends_open(s, dot);
}

/* Letters glued to the stop: «готово.Отправил» ends, "site.kz" does not. */
static gboolean glued_ends(const Split *s, gsize run, gsize next, gboolean single_dot)
{
    guchar c = (guchar)s->text[next];
    if (c < 0xD0 || c > 0xD3)
        return FALSE;
    if (!single_dot)
        return s->style != SV_STYLE_LETTER || sv_starts_upper(s->text + next, s->len - next);
    gsize word = word_before(s, run);
    return sv_starts_upper(s->text + next, s->len - next) && count_chars(s->text, word, run) >= 3 &&
           (guchar)s->text[word] >= 0xD0 && !memchr(s->text + word, '.', run - word) &&
           sv_abbr_find(s->text + word, run - word) == SV_ABBR_NONE;
}

/* A run of . ! ? … stands at run…to. Ends the sentence when it is the end; returns where to read on. */
static gsize at_stop(Split *s, gsize run, gsize to)
{
    gboolean quoted = FALSE;
    gboolean bang = memchr(s->text + run, '!', to - run) || memchr(s->text + run, '?', to - run);
    gboolean dot = !bang && to - run == 1;
    gsize end = skip_closers(s, to, &quoted);
    gsize smiled = s->style == SV_STYLE_SPEECH ? end : skip_smileys(s, end);
    gsize next = skip_spaces(s, smiled);
    gboolean ends;
    if (smiled > end || next >= s->len)
        ends = TRUE;
    else if (s->text[next] == '\n')
        ends =
            !dot || sv_abbr_find(s->text + word_before(s, run), run - word_before(s, run)) != SV_ABBR_NEVER;
    else if (next == end)
        ends = glued_ends(s, run, next, dot);
    else if (strchr(",;:)", s->text[next]))
        ends = FALSE;
    else if (quoted && (sv_starts_lower(s->text + next, s->len - next) || s->text[next] == '-' ||
                           (guchar)s->text[next] == 0xE2))
        ends = FALSE;
    else if (dot)
        ends = dot_ends(s, run, next);
    else
        ends = bang || !sv_starts_lower(s->text + next, s->len - next);
    if (ends)
        emit(s, smiled);
    return MAX(smiled, to);
}

/* Words that go on after a smiley: «поставили 👍 и забыли». */
static gboolean goes_on(const Split *s, gsize at)
{
    static const char *const words[] = {
        "и ", "а ", "но ", "или ", "что ", "чтобы ", "если ", "and ", "but ", "or ", "if ", "that "};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize n = strlen(words[i]);
        if (s->len - at >= n && memcmp(s->text + at, words[i], n) == 0)
            return TRUE;
    }
    return FALSE;
}

/* An emoji or smiley in a chat: an end when another thought follows it on the line. */
static gsize at_smiley(Split *s, gsize at)
{
    gsize end = skip_smileys(s, at);
    if (end == at)
        return at + 1;
    if (s->style == SV_STYLE_SPEECH || !has_word(s->text, s->start, at))
        return end;
    gsize next = skip_spaces(s, end);
    if (next >= s->len || strchr("\n,.!?;:", s->text[next]) || goes_on(s, next))
        return end;
    if (s->style == SV_STYLE_LETTER && sv_starts_lower(s->text + next, s->len - next))
        return end;
    emit(s, end);
    return end;
}

static gsize at_bracket(Split *s, gsize at)
{
    if (s->text[at] == '(') {
        if (sv_smiley_len(s->text + at, s->len - at) > 0)
            return at_smiley(s, at);
        s->brackets++;
        return at + 1;
    }
    if (s->brackets > 0) {
        s->brackets--;
        return at + 1;
    }
    gsize word = word_before(s, at);
    gboolean run = at + 1 < s->len && s->text[at + 1] == ')';
    gboolean marker = !run && (all_digits(s->text, word, at) || count_chars(s->text, word, at) == 1);
    return marker ? at + 1 : at_smiley(s, at);
}

static gsize at_break(Split *s, gsize at)
{
    if (s->style != SV_STYLE_LETTER || !is_wrap(s, at)) {
        emit(s, at);
        s->start = at + 1;
    }
    s->line_start = at + 1;
    return at + 1;
}

/* The length of the . ! ? … run at `at`. */
static gsize stop_run(const Split *s, gsize at)
{
    gsize to = at;
    while (to < s->len) {
        if (s->text[to] == '.' || s->text[to] == '!' || s->text[to] == '?')
            to++;
        else if (s->len - to >= 3 && memcmp(s->text + to, "…", 3) == 0)
            to += 3;
        else
            break;
    }
    return to - at;
}

static void split(Split *s)
{
    static const guint8 stops[256] = {['\n'] = 1,
        ['.'] = 2,
        ['!'] = 2,
        ['?'] = 2,
        ['('] = 3,
        [')'] = 3,
        [':'] = 4,
        [';'] = 4,
        ['='] = 4,
        [0xE2] = 5,
        [0xF0] = 4};
    gsize i = 0;
    while (i < s->len) {
        guint8 stop = stops[(guchar)s->text[i]];
        if (stop == 0)
            i++;
        else if (stop == 1)
            i = at_break(s, i);
        else if (stop == 3)
            i = at_bracket(s, i);
        else if (stop == 2 || (stop == 5 && stop_run(s, i) > 0))
            i = at_stop(s, i, i + stop_run(s, i));
        else
            i = at_smiley(s, i);
    }
    emit(s, s->len);
}

void sv_sentences_split(const char *text, gsize len, SvStyle style, GArray *out)
{
    Split s = {.text = text, .len = MIN(len, G_MAXUINT32), .style = style, .out = out, .first = out->len};
    if (style != SV_STYLE_SPEECH) {
        split(&s);
        return;
    }
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    s.out = pieces;
    s.first = 0;
    split(&s);
    guint first = out->len;
    for (guint i = 0; i < pieces->len; i++)
        sv_speech_cut(text, g_array_index(pieces, SvSpan, i), out);
    if (out->len - first > SV_MAX_SENTENCES)
        g_array_set_size(out, first + SV_MAX_SENTENCES);
}
