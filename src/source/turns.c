/* A call in the making.
 *
 * The body is the turns' texts, a line each, so that a turn is a span of the body. Recognisers cut speech at
 * breaths, not at sentences; with `join` the pieces of one sentence become one turn again.
 *
 * Keeps true: spans lie inside the body even when it was cut; `to` holds all participants. Does not: know who
 * the anonymous speakers are. */
#include "turns.h"
#include "sv_limits.h"
#include "utf8.h"
#include <string.h>

#define LONG_TURN 1500 /* bytes after which a turn is not joined on to */

SvCall *sv_call_new(const SvInput *input)
{
    SvCall *c = g_new0(SvCall, 1);
    c->input = input;
    c->message = sv_message_new(SV_CHANNEL_CALL);
    c->message->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    c->body = g_string_new(NULL);
    c->speakers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c->last_end = -1;
    sv_intake_place(c->message, input, 0);
    return c;
}

void sv_call_free(SvCall *c)
{
    if (!c)
        return;
    if (c->message)
        sv_message_free(c->message);
    g_string_free(c->body, TRUE);
    g_hash_table_unref(c->speakers);
    g_free(c);
}

int sv_call_participant(SvCall *c, const char *label, SvAddress *address)
{
    if (c->message->to->len >= SV_MAX_ADDRESSES) {
        sv_address_free(address);
        return -1;
    }
    g_ptr_array_add(c->message->to, address);
    g_hash_table_insert(c->speakers, g_strdup(label), GUINT_TO_POINTER(c->message->to->len));
    return (int)c->message->to->len - 1;
}

static gboolean has_prefix_and_number(const char *label, const char *prefix)
{
    gsize n = strlen(prefix);
    if (strncmp(label, prefix, n) != 0)
        return FALSE;
    const char *p = label + n;
    while (*p == ' ' || *p == '_' || *p == '-' || *p == '#')
        p++;
    while (g_ascii_isalnum(*p) && (g_ascii_isdigit(*p) || !p[1]))
        p++;
    return *p == 0;
}

const char *sv_call_label_kind(const char *label)
{
    g_autofree char *folded = sv_utf8_fold(label, -1);
    g_strstrip(folded);
    if (g_utf8_strlen(folded, -1) <= 1 || strspn(folded, "0123456789") == strlen(folded))
        return "none";
    const GPtrArray *rows = sv_intake_rows("/svodka/source/speakers.tsv");
    for (guint i = 0; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        if (g_strv_length(row) < 2)
            continue;
        gboolean numbered = strcmp(row[0], "none") == 0;
        if (numbered ? has_prefix_and_number(folded, row[1]) : strcmp(folded, row[1]) == 0)
            return row[0];
    }
    return NULL;
}

int sv_call_speaker(SvCall *c, const char *label)
{
    if (!label || !*label)
        return -1;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(c->speakers, label));
    if (known)
        return (int)known - 1;
    const char *kind = sv_call_label_kind(label);
    SvAddress *address = kind ? sv_address_new(NULL, NULL) : sv_intake_address(label);
    if (kind)
        address->side = sv_side_find(kind);
    return sv_call_participant(c, label, address);
}

static gboolean ends_sentence(const GString *s)
{
    return s->len && (strchr(".?!", s->str[s->len - 1]) || g_str_has_suffix(s->str, "…"));
}

/* One line: what a person said has no line ends. */
static char *one_line(const char *text)
{
    char *clean = sv_utf8_clean(text, strlen(text));
    for (char *p = strpbrk(clean, "\n\t"); p; p = strpbrk(p, "\n\t"))
        *p = ' ';
    return g_strstrip(clean);
}

void sv_call_turn(SvCall *c, int speaker, double start, double end, const char *text, gboolean join)
{
    g_autofree char *line = one_line(text ? text : "");
    if (!*line || c->body->len > SV_MAX_MESSAGE_TEXT)
        return;
    GArray *turns = c->message->turns;
    SvTurn *last = turns->len ? &g_array_index(turns, SvTurn, turns->len - 1) : NULL;
    gboolean near = start < 0 || c->last_end < 0 || start - c->last_end < 3;
    c->last_end = MAX(c->last_end, end);
    if (join && last && last->speaker == speaker && near && !ends_sentence(c->body) &&
        last->span.to - last->span.from < LONG_TURN) {
        g_string_append_printf(c->body, " %s", line);
        last->span.to = (guint32)c->body->len;
        return;
    }
    if (c->body->len)
        g_string_append_c(c->body, '\n');
    SvTurn turn = {.speaker = speaker, .start_s = start >= 0 ? start : -1};
    turn.span.from = (guint32)c->body->len;
    g_string_append(c->body, line);
    turn.span.to = (guint32)c->body->len;
    g_array_append_val(turns, turn);
}

/* Who called: the first of us for an outgoing call, the first of them for an incoming one. */
static void set_caller(SvMessage *m, const char *direction)
{
    gboolean out = g_strcmp0(direction, "out") == 0 || g_strcmp0(direction, "outgoing") == 0 ||
                   g_strcmp0(direction, "outbound") == 0;
    gboolean in = g_strcmp0(direction, "in") == 0 || g_strcmp0(direction, "incoming") == 0 ||
                  g_strcmp0(direction, "inbound") == 0;
    if (!in && !out)
        return;
    m->flags |= out ? SV_MESSAGE_OUTGOING : SV_MESSAGE_INCOMING;
    SvSide side = out ? SV_SIDE_US : SV_SIDE_CLIENT;
    for (guint i = 0; i < m->to->len; i++) {
        const SvAddress *a = g_ptr_array_index(m->to, i);
        if (a->side != side)
            continue;
        sv_address_free(m->from);
        m->from = sv_address_new(a->name, a->address);
        m->from->side = side;
        return;
    }
}

SvMessage *sv_call_finish(SvCall *c, const char *direction, SvReport *report)
{
    SvMessage *m = c->message;
    sv_intake_body(m, c->body->str, c->body->len, c->input, report);
    while (m->turns->len) {
        SvTurn *last = &g_array_index(m->turns, SvTurn, m->turns->len - 1);
        last->span.to = MIN(last->span.to, (guint32)m->body.len);
        if (last->span.from < last->span.to)
            break;
        g_array_set_size(m->turns, m->turns->len - 1);
    }
    if (!m->turns->len)
        m->flags |= SV_MESSAGE_NO_TRANSCRIPT;
    if (m->duration_s < 0 && c->last_end >= 0)
        m->duration_s = c->last_end;
    set_caller(m, direction);
    c->message = NULL;
    return m;
}
