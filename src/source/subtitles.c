/* Transcripts of calls as subtitles: SRT and WebVTT. One file is one call.
 *
 * A block is optional number or name, a line "from --> to", lines of text, an empty line. The speaker stands
 * in
 * `<v Name>` or before a colon; a word before a colon counts as a speaker only when it does so twice or in
 * half of the blocks, since people say "вопрос: …" too. The moment comes from a NOTE that holds one, or from
 * the file's name; without it the call is reported and left out.
 *
 * Keeps true: tags and entities leave the text; a block without a valid time line is reported and the rest is
 * read. Does not: use styles, positions or regions. */
#include "sv_limits.h"
#include "turns.h"
#include "utf8.h"
#include <string.h>

#define LABEL 64 /* bytes of a speaker's label before a colon */

typedef struct {
    double start, end;
    char *label; /* of <v>; NULL */
    char *text;
    guint line;
} Cue;

typedef struct {
    const SvInput *input;
    SvHistory *history;
    SvReport *report;
    GArray *cues;
    GHashTable *labels; /* label before a colon → how often */
    guint n_labelled;
    SvTime at;
    gboolean has_time;
} Reader;

static void cue_clear(gpointer data)
{
    Cue *cue = data;
    g_free(cue->label);
    g_free(cue->text);
}

/* "01:02:03,450", "02:03.450": seconds; -1 when it is none. Moves *p on. */
static double take_clock(const char **p)
{
    double v[3] = {0};
    guint n = 0;
    const char *q = *p;
    for (; n < 3 && g_ascii_isdigit(*q); n++) {
        double x = 0;
        for (guint i = 0; g_ascii_isdigit(*q) && i < 6; i++)
            x = x * 10 + (*q++ - '0');
        v[n] = x;
        if (*q != ':') {
            n++;
            break;
        }
        q++;
    }
    if (n < 2)
        return -1;
    double s = n == 3 ? v[0] * 3600 + v[1] * 60 + v[2] : v[0] * 60 + v[1], unit = 0.1;
    if (*q == ',' || *q == '.')
        for (q++; g_ascii_isdigit(*q); q++, unit /= 10)
            s += (*q - '0') * unit;
    *p = q;
    return s;
}

static gboolean is_time_line(const char *line, double *start, double *end)
{
    const char *p = line;
    while (*p == ' ' || *p == '\t')
        p++;
    *start = take_clock(&p);
    while (*p == ' ' || *p == '\t')
        p++;
    if (*start < 0 || strncmp(p, "-->", 3) != 0)
        return FALSE;
    p += 3;
    while (*p == ' ' || *p == '\t')
        p++;
    *end = take_clock(&p);
    return *end >= 0;
}

/* Tags away, "<v Name>" kept apart, the entities of WebVTT decoded. */
static void add_line(Cue *cue, GString *text, const char *line)
{
    static const struct {
        const char *name, *text;
    } entities[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&nbsp;", " "}, {"&lrm;", ""}, {"&rlm;", ""}};
    if (text->len)
        g_string_append_c(text, ' ');
    for (const char *p = line; *p;) {
        const char *close = *p == '<' ? strchr(p, '>') : NULL;
        if (close && (g_ascii_isalpha(p[1]) || p[1] == '/' || g_ascii_isdigit(p[1]))) {
            const char *space = memchr(p, ' ', (gsize)(close - p));
            if (p[1] == 'v' && (p[2] == ' ' || p[2] == '.') && space && !cue->label)
                cue->label = g_strstrip(g_strndup(space + 1, (gsize)(close - space - 1)));
            p = close + 1;
            continue;
        }
        gboolean done = FALSE;
        for (guint i = 0; *p == '&' && i < G_N_ELEMENTS(entities) && !done; i++)
            if (g_str_has_prefix(p, entities[i].name)) {
                g_string_append(text, entities[i].text);
                p += strlen(entities[i].name);
                done = TRUE;
            }
        if (!done)
            g_string_append_c(text, *p++);
    }
}

/* The length of a label "Name" of "Name: text"; 0 when it can be none. */
static gsize label_length(const char *text)
{
    const char *colon = strstr(text, ": ");
    if (!colon || colon == text || colon - text > LABEL)
        return 0;
    guint spaces = 0;
    for (const char *p = text; p < colon; p++) {
        if (strchr(",.?!;\"()", *p) && !(*p == '.' && p[1] == ' ') && !(*p == '.' && p + 1 == colon))
            return 0;
        spaces += *p == ' ';
    }
    return spaces > 3 ? 0 : (gsize)(colon - text);
}

static void end_cue(Reader *r, Cue *cue, GString *text)
{
    g_autofree char *clean = g_strstrip(g_strdup(text->str));
    g_string_truncate(text, 0);
    if (!*clean) {
        cue_clear(cue);
        return;
    }
    cue->text = g_steal_pointer(&clean);
    gsize n = cue->label ? 0 : label_length(cue->text);
    if (n) {
        char *label = g_strndup(cue->text, n);
        guint times = GPOINTER_TO_UINT(g_hash_table_lookup(r->labels, label));
        g_hash_table_replace(r->labels, label, GUINT_TO_POINTER(times + 1));
        r->n_labelled++;
    }
    g_array_append_val(r->cues, *cue);
}

static void take_note(Reader *r, const char *line)
{
    for (const char *p = line; *p && !r->has_time; p++) {
        if (!g_ascii_isdigit(*p) || (p > line && g_ascii_isdigit(p[-1])))
            continue;
        gsize n = strcspn(p, " \t");
        /* "2025-11-03 10:15:20" holds a space. */
        if (p[n] == ' ' && g_ascii_isdigit(p[n + 1]) && n == 10)
            n += 1 + strcspn(p + n + 1, " \t");
        g_autofree char *stamp = g_strndup(p, n);
        r->has_time = n > 10 && sv_time_parse(stamp, r->history->zone, &r->at);
    }
}

/* What is between cues: numbers, names of cues, NOTE, STYLE, the title. TRUE inside a NOTE that goes on. */
static gboolean take_between(Reader *r, const char *line, gboolean note)
{
    if (g_str_has_prefix(line, "NOTE") || g_str_has_prefix(line, "WEBVTT"))
        note = TRUE;
    if (note)
        take_note(r, line);
    return note;
}

static void read_cues(Reader *r, char *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    Cue cue = {0};
    gboolean inside = FALSE, note = FALSE;
    guint line_no = 0, bad = 0;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        line_no++;
        double start, end;
        if (is_time_line(line, &start, &end)) {
            if (inside)
                end_cue(r, &cue, words);
            cue = (Cue){.start = start, .end = end, .line = line_no};
            inside = TRUE;
            note = FALSE;
        } else if (!line[strspn(line, " \t")]) {
            if (inside)
                end_cue(r, &cue, words);
            inside = note = FALSE;
        } else if (inside) {
            /* The number of the next block, when the empty line before it is missing. */
            if (!(next && strspn(line, "0123456789") == strlen(line) && g_strstr_len(next, 30, "-->")))
                add_line(&cue, words, line);
        } else {
            bad += strstr(line, "-->") != NULL;
            note = take_between(r, line, note);
        }
        if (r->cues->len > SV_MAX_SENTENCES * 5)
            break;
    }
    if (inside)
        end_cue(r, &cue, words);
    if (!bad)
        return;
    g_autofree char *reason = g_strdup_printf("%u blocks have no valid times and were left out", bad);
    sv_intake_problem(r->report, SV_ERROR_PARTIAL, r->input, 0, reason, NULL);
}

static void make_turns(Reader *r, SvCall *call)
{
    gboolean most = r->n_labelled * 2 >= r->cues->len;
    g_autofree char *last = NULL;
    for (guint i = 0; i < r->cues->len; i++) {
        const Cue *cue = &g_array_index(r->cues, Cue, i);
        const char *text = cue->text;
        g_autofree char *label = g_strdup(cue->label);
        gsize n = label ? 0 : label_length(text);
        if (n) {
            g_autofree char *found = g_strndup(text, n);
            if (most || GPOINTER_TO_UINT(g_hash_table_lookup(r->labels, found)) > 1) {
                label = g_steal_pointer(&found);
                text += n + 2;
            }
        }
        /* A block without a label goes on with the speaker before it where labels are used at all. */
        if (!label && r->n_labelled && last)
            label = g_strdup(last);
        g_free(last);
        last = g_strdup(label);
        sv_call_turn(call, sv_call_speaker(call, label), cue->start, cue->end, text, TRUE);
    }
}

static gboolean make_call(Reader *r, GError **error)
{
    if (!r->cues->len)
        return sv_intake_fail(error, SV_ERROR_INPUT, r->input, NULL, "no block of subtitles was found",
            "A block is a time line \"00:00:01,000 --> 00:00:04,000\" and text");
    if (!r->has_time && !sv_intake_name_time(r->input->name, r->history->zone, &r->at))
        return sv_intake_fail(error, SV_ERROR_INPUT, r->input, NULL, "the call has no date and time",
            "Name the file like 2025-11-03_101520.srt, or add a line NOTE 2025-11-03T10:15:20+05:00");
    g_autoptr(SvCall) call = sv_call_new(r->input);
    make_turns(r, call);
    SvMessage *m = sv_call_finish(call, NULL, r->report);
    m->at = r->at;
    g_autofree char *at = sv_time_format(r->at);
    g_autoptr(GHashTable) seen = sv_intake_seen_new();
    m->id = sv_intake_id(seen, "call", (const char *const[]){at, m->body.bytes, NULL});
    sv_intake_add(r->history, m, r->input, r->report);
    return TRUE;
}

static gboolean subtitles_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    gsize len;
    g_autofree char *text = sv_intake_text(input, &len);
    g_autoptr(GArray) cues = g_array_new(FALSE, FALSE, sizeof(Cue));
    g_autoptr(GHashTable) labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_array_set_clear_func(cues, cue_clear);
    Reader r = {.input = input, .history = history, .report = report, .cues = cues, .labels = labels};
    read_cues(&r, text);
    return make_call(&r, error);
}

static int subtitles_probe(const SvInput *input)
{
    gsize len;
    g_autofree char *text = sv_intake_prefix(input, 4096, &len);
    if (g_str_has_prefix(text, "WEBVTT"))
        return 95;
    g_auto(GStrv) lines = g_strsplit(text, "\n", 40);
    guint n = 0, before = 0;
    double start, end;
    for (char **line = lines; *line && line < lines + 39; line++) {
        if (is_time_line(*line, &start, &end))
            n++;
        else if (!n && (*line)[strspn(*line, " \t")])
            before++;
    }
    return !n ? 0 : before <= 4 ? 92 : 40;
}

const SvSource sv_source_subtitles = {"subtitles", 95, subtitles_probe, subtitles_read};
