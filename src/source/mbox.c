/* Mailbox files of many letters (mbox): see source.h.
 *
 * How it works: a letter begins at a line "From …" at the start or behind an empty line, when a header field
 * follows it: one that letters have, or any at all when the line itself holds a time or an address. Where a
 * Content-Length leads exactly to the next such line or to the end, it is followed (mboxcl, mboxcl2), and
 * then "From " lines inside are text. Quoted ">From " lines lose one ">" (mboxo, mboxrd, mboxcl), but not in
 * a file that is seen to leave such lines unquoted (mboxcl2).
 *
 * It keeps true: the file is read once from start to end; a letter is copied only when a line in it is
 * quoted. Letters that Thunderbird only marked as deleted are left out and counted. */
#include "intake.h"
#include "letter.h"
#include "mail_header.h"
#include <string.h>

typedef struct {
    const char *end;
    gboolean unquoted_seen; /* mboxcl2: a "From " line stood inside a letter */
} Box;

/* Does a header field begin at p? `any`: every name will do. */
static gboolean is_field(const char *p, const char *end, gboolean any)
{
    const char *stop = end - p > 100 ? p + 100 : end, *q = p;
    while (q < stop && *q > ' ' && *q < 0x7F && *q != ':')
        q++;
    return q > p && q < stop && *q == ':' && (any || sv_letter_field_known(p, (gsize)(q - p)));
}

/* Behind the separator line at p; NULL when none stands there. */
static const char *separator_end(const char *p, const char *end)
{
    if (end - p < 6 || memcmp(p, "From ", 5) != 0)
        return NULL;
    const char *eol = memchr(p, '\n', (gsize)(end - p));
    if (!eol || eol - p > 2000)
        return NULL;
    gboolean usual = memchr(p, '@', (gsize)(eol - p)) != NULL;
    for (const char *q = p + 5; q + 4 < eol && !usual; q++)
        usual = g_ascii_isdigit(q[0]) && g_ascii_isdigit(q[1]) && q[2] == ':' && g_ascii_isdigit(q[3]);
    const char *next = eol + 1;
    for (int i = 0; i < 2 && end - next > 6 && memcmp(next, ">From ", 6) == 0; i++) { /* lines of relays */
        const char *relay = memchr(next, '\n', (gsize)(end - next));
        if (!relay)
            return NULL;
        next = relay + 1;
    }
    return is_field(next, end, usual) ? next : NULL;
}

/* Where a body of the declared length ends, if the next separator (*next) or the end follows; NULL
 * otherwise. */
static const char *declared_end(const char *letter, const Box *box, const char **next)
{
    const char *at = letter;
    SvMailField field;
    guint64 length = 0;
    gboolean declared = FALSE;
    for (int i = 0; i < 500 && sv_mail_field_next(&at, box->end, &field); i++) {
        if (declared || !sv_mail_field_is(&field, "Content-Length"))
            continue;
        length = g_ascii_strtoull(field.value, NULL, 10);
        declared = field.len > 1;
    }
    if (!declared || length > (guint64)(box->end - at))
        return NULL;
    const char *stop = at + length, *p = stop;
    for (int i = 0; i < 4 && p < box->end && (*p == '\n' || *p == '\r'); i++)
        p++;
    if (p < box->end && !separator_end(p, box->end))
        return NULL;
    *next = p;
    return stop;
}

/* The next separator behind an empty line, from p on; the end of the file when there is none. */
static const char *next_separator(const char *p, const char *end)
{
    while (p < end && (p = memchr(p, '\n', (gsize)(end - p)))) {
        const char *line = p + 1;
        if (line < end && *line == '\r')
            line++;
        p++;
        if (line < end && *line == '\n' && separator_end(line + 1, end))
            return line + 1;
    }
    return end;
}

static gboolean holds_separator_line(const char *p, const char *end)
{
    while (p < end && (p = memchr(p, '\n', (gsize)(end - p)))) {
        p++;
        if (end - p > 5 && memcmp(p, "From ", 5) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The letter with one ">" less before quoted "From " lines; NULL when there is no such line. */
static GString *unquoted(const char *letter, gsize len)
{
    GString *copy = NULL;
    const char *from = letter, *end = letter + len;
    for (const char *p = letter; p < end && (p = memchr(p, '\n', (gsize)(end - p)));) {
        const char *line = ++p, *q = line;
        while (q < end && *q == '>')
            q++;
        if (q > line && end - q > 5 && memcmp(q, "From ", 5) == 0) {
            if (!copy)
                copy = g_string_sized_new(len);
            g_string_append_len(copy, from, line - from);
            from = line + 1;
        }
        p = q;
    }
    if (copy)
        g_string_append_len(copy, from, end - from);
    return copy;
}

/* The time of the separator line: behind the address; FALSE when it has none. */
static gboolean separator_time(const char *line, const char *end, GTimeZone *zone, SvTime *out)
{
    const char *eol = memchr(line, '\n', (gsize)(end - line));
    const char *p = line + 5, *stop = eol ? eol : end;
    while (p < stop && *p != ' ')
        p++;
    SvTime t;
    /* Without a zone it is UTC: so say the programs that write it by gmtime(). */
    if (p >= stop || !sv_mail_date_parse(p, (gsize)(stop - p), NULL, &t))
        return FALSE;
    *out = t.offset_s == 0 ? sv_time_from_unix(t.unix_s, zone) : t;
    return TRUE;
}

static SvMessage *read_letter(
    const Box *box, const char *letter, gsize len, const SvLetterContext *context, SvReport *report)
{
    GString *copy = box->unquoted_seen ? NULL : unquoted(letter, len);
    SvMessage *m = sv_letter_parse(copy ? copy->str : letter, copy ? copy->len : len, context, report);
    if (copy)
        g_string_free(copy, TRUE);
    return m;
}

/* Does the file keep "From " lines of texts unquoted? The first letters whose length is declared tell. */
static gboolean is_unquoted_dialect(const char *start, const Box *box)
{
    const char *p = start;
    for (int i = 0; i < 200 && p < box->end; i++) {
        const char *letter = separator_end(p, box->end),
                   *stop = letter ? declared_end(letter, box, &p) : NULL;
        if (!stop)
            return FALSE;
        if (holds_separator_line(letter, stop))
            return TRUE;
    }
    return FALSE;
}

static const char *first_separator(const SvInput *input)
{
    const char *p = input->bytes, *end = p + input->len;
    if (input->len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    return separator_end(p, end) ? p : NULL;
}

static int mbox_probe(const SvInput *input)
{
    return first_separator(input) ? 95 : 0;
}

static gboolean mbox_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    Box box = {input->bytes + input->len, FALSE};
    const char *p = first_separator(input);
    if (!p)
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL,
            "it does not begin with a \"From \" line and a letter", "Export the mailbox again");
    box.unquoted_seen = is_unquoted_dialect(p, &box);
    SvTime previous, envelope;
    gboolean has_previous = FALSE;
    guint n_read = 0, n_expunged = 0;
    for (guint number = 1; p < box.end; number++) {
        const char *letter = separator_end(p, box.end);
        if (!letter)
            break;
        const char *next = box.end, *stop = declared_end(letter, &box, &next);
        if (!stop)
            stop = next = next_separator(letter, box.end);
        gboolean has_time = separator_time(p, box.end, history->zone, &envelope);
        SvLetterContext context = {
            input, number, history->zone, has_time ? &envelope : NULL, has_previous ? &previous : NULL};
        SvMessage *m = read_letter(&box, letter, (gsize)(stop - letter), &context, report);
        p = next;
        if (!m)
            continue;
        if (m->flags & SV_MESSAGE_DELETED) {
            n_expunged++;
            sv_message_free(m);
            continue;
        }
        previous = m->at;
        has_previous = TRUE;
        n_read++;
        if (!sv_intake_add(history, m, input, report))
            break;
    }
    if (n_expunged > 0)
        sv_report_note(report, "%s: %u deleted letters left out", input->name, n_expunged);
    if (n_read == 0 && n_expunged == 0)
        return sv_intake_fail(
            error, SV_ERROR_INPUT, input, NULL, "no letter in it could be read", "Export the mailbox again");
    return TRUE;
}

const SvSource sv_source_mbox = {"mbox", 95, mbox_probe, mbox_read};
