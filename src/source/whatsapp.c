/* WhatsApp: the chat that a phone exports as text (_chat.txt on iOS, "Чат WhatsApp с … .txt" on Android).
 *
 * First pass: lines whose head is a date and time (whatsapp_stamp.h) begin entries; other lines continue the
 * entry before. Heads of another shape than the file's first are text that somebody pasted. Then the order of
 * day and month is decided for the whole file. Second pass: each entry becomes a message: sender and words,
 * or what the messenger wrote (whatsapp_phrase.h). The export holds no ids: an id is a hash of chat, time,
 * sender, text and the ordinal of equal ones, so that a longer export of the same chat gives the same ids.
 *
 * Keeps true: nothing is invented: a date that cannot be told is reported. A call becomes a message of the
 * call channel without transcript. Does not: read the files beside the chat, or know who "we" are, except in
 * a chat of two named after one of them. */
#include "intake.h"
#include "sv_limits.h"
#include "utf8.h"
#include "whatsapp_phrase.h"
#include "whatsapp_stamp.h"
#include <string.h>

#define NOTICE 400 /* no notice of the messenger is longer */
#define NAME 160   /* bytes of a sender's name */

typedef struct {
    SvWaStamp stamp;
    gsize from, to;       /* what follows the head, up to the next entry */
    gsize name, name_len; /* sender; name_len 0: none */
    guint line;
    SvWaKind kind;   /* as far as its head line tells */
    gboolean marked; /* the text begins with an invisible mark: the messenger's own on iOS */
} Entry;

typedef struct {
    const SvInput *input;
    SvReport *report;
    SvHistory *history;
    char *text;
    gsize len;
    GArray *entries;
    GHashTable *seen;
    char *chat;
    SvWaOrder order;
    int year; /* running, for heads without one */
    int last_month;
} Chat;

static gboolean is_mark(const char *p, const char *end, guint *n)
{
    gunichar c = p < end ? sv_utf8_get(p, end, n) : 0;
    return (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

/* Moves over marks and spaces; TRUE when a mark was among them. */
static gboolean skip_marks(const char *text, gsize *at, gsize end)
{
    gboolean mark = FALSE;
    guint n;
    while (*at < end) {
        if (is_mark(text + *at, text + end, &n)) {
            mark = TRUE;
            *at += n;
        } else if (text[*at] == ' ') {
            (*at)++;
        } else {
            break;
        }
    }
    return mark;
}

static gboolean is_kind(SvWaKind kind, const char *text, gsize len)
{
    if (len > NOTICE)
        return FALSE;
    g_autofree char *folded = sv_wa_phrase_fold(text, len);
    return sv_wa_phrase_find(kind, folded, NULL, NULL);
}

/* Sender and text of a head line. A notice that holds ": " must not look like a sender. */
static void split_head_line(Chat *c, Entry *e, gsize line_end)
{
    const char *text = c->text;
    e->marked = skip_marks(text, &e->from, line_end);
    gsize len = line_end - e->from;
    const char *rest = text + e->from, *colon = g_strstr_len(rest, (gssize)MIN(len, NAME), ": ");
    if (!colon && len > 1 && len < NAME && rest[len - 1] == ':')
        colon = rest + len - 1;
    gsize before = colon ? (gsize)(colon - rest) : len;
    gboolean notice = !colon || is_kind(SV_WA_SYSTEM, rest, before) || is_kind(SV_WA_MISSED, rest, before);
    if (notice) {
        gboolean missed = is_kind(SV_WA_MISSED, rest, len);
        e->kind = missed ? SV_WA_MISSED : is_kind(SV_WA_CALL, rest, len) ? SV_WA_CALL : SV_WA_SYSTEM;
        return;
    }
    e->name = e->from;
    e->name_len = before;
    e->from += MIN(before + 2, len);
    e->marked = skip_marks(text, &e->from, line_end);
    if (!e->marked)
        return;
    rest = text + e->from;
    len = line_end - e->from;
    if (is_kind(SV_WA_MISSED, rest, len))
        e->kind = SV_WA_MISSED;
    else if (is_kind(SV_WA_CALL, rest, len))
        e->kind = SV_WA_CALL;
    else if (is_kind(SV_WA_SYSTEM, rest, len))
        e->kind = SV_WA_SYSTEM;
}

static gboolean is_same_shape(const SvWaStamp *a, const SvWaStamp *b)
{
    return a->bracket == b->bracket && !a->year == !b->year && !a->month == !b->month &&
           a->separator == b->separator;
}

static void find_entries(Chat *c)
{
    guint line = 0;
    for (gsize at = 0; at < c->len;) {
        const char *nl = memchr(c->text + at, '\n', c->len - at);
        gsize end = nl ? (gsize)(nl - c->text) : c->len;
        line++;
        Entry e = {.line = line};
        const Entry *first = c->entries->len ? &g_array_index(c->entries, Entry, 0) : NULL;
        if (sv_wa_stamp_parse(c->text + at, end - at, &e.stamp) &&
            (!first || is_same_shape(&e.stamp, &first->stamp))) {
            if (first)
                g_array_index(c->entries, Entry, c->entries->len - 1).to = at;
            e.from = MIN(at + e.stamp.rest, end);
            split_head_line(c, &e, end);
            e.to = c->len;
            g_array_append_val(c->entries, e);
            if (c->entries->len > SV_MAX_MESSAGES)
                return;
        }
        at = end + 1;
    }
}

static void find_order(Chat *c)
{
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(SvWaStamp));
    for (guint i = 0; i < c->entries->len; i++) {
        const Entry *e = &g_array_index(c->entries, Entry, i);
        /* The notice about encryption stands first but may be dated later than what follows. */
        if (e->kind != SV_WA_SYSTEM)
            g_array_append_val(stamps, e->stamp);
    }
    const SvWaStamp *first = &g_array_index(c->entries, Entry, 0).stamp;
    c->order = sv_wa_order_find((const SvWaStamp *)(void *)stamps->data, stamps->len);
    if (c->order != SV_WA_ORDER_UNKNOWN || first->month)
        return;
    c->order = sv_wa_order_guess(first);
    if (first->separator == '/')
        sv_report_note(c->report, "%s: the dates do not tell day from month; the %s was taken to stand first",
            c->input->name, c->order == SV_WA_DAY_FIRST ? "day" : "month");
}

/* The year of a chat whose lines give none: from the names of its pictures ("IMG-20240318-WA0001.jpg"). */
static int find_year(const Chat *c)
{
    for (const char *p = c->text; (p = strstr(p, "-WA")) != NULL; p += 3)
        if (p - c->text >= 9 && p[-9] == '-') {
            int y = 0, i = -8;
            for (; i < -4 && g_ascii_isdigit(p[i]); i++)
                y = y * 10 + (p[i] - '0');
            if (i == -4 && y >= 2009 && y < 2200)
                return y;
        }
    return 0;
}

static gboolean set_time(Chat *c, const Entry *e, SvMessage *m, char *stamp, gsize size)
{
    int month, day, year = e->stamp.year;
    sv_wa_stamp_civil(&e->stamp, c->order, &month, &day);
    if (!year) {
        if (month < c->last_month - 6)
            c->year++;
        c->last_month = month;
        year = c->year;
    }
    g_snprintf(stamp, size, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, e->stamp.hour, e->stamp.minute,
        e->stamp.second_of_minute);
    return sv_time_from_civil(c->history->zone, year, month, day, e->stamp.hour, e->stamp.minute,
        e->stamp.second_of_minute, &m->at);
}

static void set_sender(Chat *c, const Entry *e, SvMessage *m)
{
    if (!e->name_len)
        return;
    g_autofree char *plain = g_strndup(c->text + e->name, e->name_len);
    /* "~ Name": how iOS shows people who are not among the contacts. */
    char *name = g_str_has_prefix(plain, "~") ? plain + 1 : plain;
    if (g_str_has_prefix(name, "\xE2\x80\xAF"))
        name += 3;
    else if (g_str_has_prefix(name, "\xC2\xA0"))
        name += 2;
    g_strstrip(name);
    char *mark;
    while ((mark = strstr(name, "\xE2\x80\xAA")) || (mark = strstr(name, "\xE2\x80\xAC")) ||
           (mark = strstr(name, "\xE2\x80\x8E")))
        memmove(mark, mark + 3, strlen(mark + 3) + 1);
    sv_address_free(m->from);
    g_autofree char *phone = sv_intake_phone(name);
    m->from = phone ? sv_address_new(NULL, phone) : sv_address_new(*name ? name : NULL, NULL);
}

/* "12 мин.", "45 сек", "1 ч", "3 min": the length of a call; -1 when it is not said. */
static double call_seconds(const char *text, gsize len)
{
    g_autofree char *folded = sv_wa_phrase_fold(text, len);
    double total = -1;
    for (const char *p = folded; *p;) {
        if (!g_ascii_isdigit(*p)) {
            p++;
            continue;
        }
        char *end;
        double n = (double)g_ascii_strtoull(p, &end, 10);
        while (*end == ' ')
            end++;
        double unit = g_str_has_prefix(end, "мин") || g_str_has_prefix(end, "min")   ? 60
                      : g_str_has_prefix(end, "сек") || g_str_has_prefix(end, "sec") ? 1
                      : g_str_has_prefix(end, "ч") || g_str_has_prefix(end, "h")     ? 3600
                                                                                     : 0;
        if (unit > 0 && n < 100000)
            total = MAX(total, 0) + n * unit;
        p = end;
    }
    return total;
}

/* Removes one line's attachment marker; the rest (a caption) stays. Returns the end of the kept text. */
static void take_attachment(SvMessage *m, GString *body)
{
    char *nl = strchr(body->str, '\n');
    gsize line = nl ? (gsize)(nl - body->str) : body->len;
    if (line > NOTICE)
        return;
    char *angle = g_strstr_len(body->str, (gssize)line, "<");
    for (; angle; angle = g_strstr_len(angle + 1, (gssize)(line - (gsize)(angle + 1 - body->str)), "<")) {
        gsize at = (gsize)(angle - body->str), n;
        g_autofree char *folded = sv_wa_phrase_fold(angle, line - at);
        char *close = memchr(angle, '>', line - at), *colon = memchr(angle, ':', line - at);
        if (!close || !colon || close < colon || !sv_wa_phrase_find(SV_WA_ATTACHED, folded, NULL, &n))
            continue;
        char *name = g_strstrip(g_strndup(colon + 1, (gsize)(close - colon - 1)));
        g_ptr_array_add(m->attachments, name);
        gboolean pages = g_strstr_len(body->str, (gssize)at, " • ") != NULL;
        g_string_erase(
            body, pages ? 0 : (gssize)at, (gssize)((gsize)(close + 1 - body->str) - (pages ? 0 : at)));
        return;
    }
    g_autofree char *folded = sv_wa_phrase_fold(body->str, line);
    const char *cut;
    gsize n;
    if (!sv_wa_phrase_find(SV_WA_ATTACHED, folded, &cut, &n) || cut == folded)
        return;
    char *open = g_strrstr_len(body->str, (gssize)line, " (");
    if (!open)
        return;
    g_autofree char *name = g_strndup(body->str, (gsize)(open - body->str));
    gsize skip = 0;
    skip_marks(name, &skip, strlen(name));
    g_ptr_array_add(m->attachments, g_strdup(name + skip));
    g_string_erase(body, 0, (gssize)(line + (nl != NULL)));
}

static void trim(GString *body)
{
    gsize skip = 0;
    while (skip < body->len && (body->str[skip] == '\n' || body->str[skip] == ' '))
        skip++;
    g_string_erase(body, 0, (gssize)skip);
    for (;;) {
        if (body->len && g_ascii_isspace(body->str[body->len - 1]))
            g_string_truncate(body, body->len - 1);
        else if (body->len >= 3 && memcmp(body->str + body->len - 3, "\xE2\x80\x8E", 3) == 0)
            g_string_truncate(body, body->len - 3);
        else
            return;
    }
}

static void take_edited(SvMessage *m, GString *body)
{
    char *open = g_strrstr_len(body->str, (gssize)body->len, "<");
    if (!open || body->str + body->len - open > 120)
        return;
    if (!is_kind(SV_WA_EDITED, open, (gsize)(body->str + body->len - open)))
        return;
    m->flags |= SV_MESSAGE_EDITED;
    g_string_truncate(body, (gsize)(open - body->str));
    trim(body);
}

static void make_call(SvMessage *m, const Entry *e, GString *body)
{
    m->channel = SV_CHANNEL_CALL;
    m->flags |= SV_MESSAGE_NO_TRANSCRIPT;
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    m->duration_s = e->kind == SV_WA_MISSED ? 0 : call_seconds(body->str, body->len);
    g_string_truncate(body, 0);
}

static void read_body(SvMessage *m, const Entry *e, GString *body)
{
    trim(body);
    if (e->kind == SV_WA_SYSTEM) {
        m->flags |= SV_MESSAGE_SYSTEM;
        return;
    }
    if (e->kind == SV_WA_CALL || e->kind == SV_WA_MISSED) {
        make_call(m, e, body);
        return;
    }
    take_edited(m, body);
    if (is_kind(SV_WA_DELETED, body->str, body->len)) {
        m->flags |= SV_MESSAGE_DELETED;
        g_string_truncate(body, 0);
        return;
    }
    gboolean media = is_kind(SV_WA_MEDIA, body->str, body->len);
    if (!media)
        take_attachment(m, body);
    trim(body);
    if (media || (m->attachments->len && !body->len)) {
        m->flags |= SV_MESSAGE_MEDIA;
        g_string_truncate(body, 0);
    }
}

static gboolean add_message(Chat *c, const Entry *e)
{
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_WHATSAPP);
    char stamp[48];
    if (!set_time(c, e, m, stamp, sizeof stamp)) {
        sv_intake_problem(c->report, SV_ERROR_INPUT, c->input, e->line, "there is no such date", NULL);
        return TRUE;
    }
    sv_intake_place(m, c->input, e->line);
    if (e->kind != SV_WA_SYSTEM)
        set_sender(c, e, m);
    g_autoptr(GString) body =
        g_string_new_len(c->text + e->from, (gssize)(e->to > e->from ? e->to - e->from : 0));
    const char *sender = m->from->address ? m->from->address : m->from->name ? m->from->name : "";
    g_autofree char *raw = g_strstrip(g_strdup(body->str));
    const char *const parts[] = {c->chat, stamp, sender, raw, NULL};
    m->id = sv_intake_id(c->seen, "whatsapp", parts);
    m->conversation = g_strdup_printf("whatsapp:%s", c->chat);
    read_body(m, e, body);
    sv_intake_body(m, body->str, body->len, c->input, c->report);
    return sv_intake_add(c->history, g_steal_pointer(&m), c->input, c->report);
}

/* The chat's name: from the file's, or from the folder's when every export calls the file the same. */
static char *chat_name(const SvInput *input)
{
    g_autofree char *stem = sv_intake_stem(input->name);
    const char *name = stem;
    if ((strcmp(stem, "_chat") == 0 || strcmp(stem, "chat") == 0) && input->folder && *input->folder)
        name = input->folder;
    g_autofree char *plain = g_strdup(name);
    g_autofree char *folded = sv_wa_phrase_fold(name, strlen(name));
    gsize n;
    if (sv_wa_phrase_find(SV_WA_CHAT, folded, NULL, &n)) {
        /* Folding shortens only odd spaces: count characters, not bytes. */
        glong chars = g_utf8_strlen(folded, (gssize)n);
        char *from = g_utf8_offset_to_pointer(plain, MIN(chars, g_utf8_strlen(plain, -1)));
        if (*from)
            memmove(plain, from, strlen(from) + 1);
    }
    gsize len = strlen(plain);
    if (len > 4 && plain[len - 1] == ')' && plain[len - 3] == '(' && plain[len - 4] == ' ' &&
        g_ascii_isdigit(plain[len - 2]))
        plain[len - 4] = 0; /* "… (1).txt": the second download of the same name */
    return g_strstrip(g_steal_pointer(&plain));
}

/* In a chat of two that bears the name of one of them, the other is the one who exported it. */
static void set_directions(Chat *c, guint first)
{
    const char *names[2] = {NULL, NULL};
    for (guint i = first; i < c->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(c->history->messages, i);
        const char *name = m->from->name ? m->from->name : m->from->address;
        if (!name || g_strcmp0(name, names[0]) == 0 || g_strcmp0(name, names[1]) == 0)
            continue;
        if (names[1])
            return;
        names[names[0] != NULL] = name;
    }
    g_autofree char *phone = sv_intake_phone(c->chat);
    const char *other = phone ? phone : c->chat;
    if (!names[1] || (g_strcmp0(names[0], other) != 0 && g_strcmp0(names[1], other) != 0))
        return;
    for (guint i = first; i < c->history->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(c->history->messages, i);
        const char *name = m->from->name ? m->from->name : m->from->address;
        if (name && !(m->flags & SV_MESSAGE_SYSTEM))
            m->flags |= strcmp(name, other) == 0 ? SV_MESSAGE_INCOMING : SV_MESSAGE_OUTGOING;
    }
}

/* A date before its predecessor's by more than a day may come from a pasted piece of a chat. */
static void note_backsteps(const Chat *c, guint first)
{
    guint n = 0;
    gint64 last = G_MININT64;
    for (guint i = first; i < c->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(c->history->messages, i);
        if (m->flags & SV_MESSAGE_SYSTEM)
            continue;
        if (last != G_MININT64 && m->at.unix_s < last - 86400)
            n++;
        last = m->at.unix_s;
    }
    if (n)
        sv_report_note(c->report,
            "%s: %u times a message is dated days before the one above it; a pasted piece of "
            "another chat may stand there",
            c->input->name, n);
}

static gboolean whatsapp_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    Chat c = {.input = input, .report = report, .history = history};
    g_autofree char *text = sv_intake_text(input, &c.len);
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_autoptr(GHashTable) seen = sv_intake_seen_new();
    g_autofree char *chat = chat_name(input);
    c.text = text;
    c.entries = entries;
    c.seen = seen;
    c.chat = chat;
    find_entries(&c);
    if (!entries->len)
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "no message of a WhatsApp chat was found",
            "Export the chat again, without media");
    const Entry *head = &g_array_index(entries, Entry, 0);
    if (!head->stamp.year && !(c.year = find_year(&c)))
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "the dates of the chat have no year",
            "Set a date format with a year on the phone and export again");
    find_order(&c);
    guint first = history->messages->len;
    for (guint i = 0; i < entries->len; i++)
        if (!add_message(&c, &g_array_index(entries, Entry, i)))
            break;
    set_directions(&c, first);
    note_backsteps(&c, first);
    return TRUE;
}

static int whatsapp_probe(const SvInput *input)
{
    gsize len;
    g_autofree char *text = sv_intake_prefix(input, 8192, &len);
    guint lines = 0, heads = 0, first = 0;
    for (const char *p = text, *end = text + len; p < end && lines < 60;) {
        const char *nl = memchr(p, '\n', (gsize)(end - p));
        gsize n = nl ? (gsize)(nl - p) : (gsize)(end - p);
        SvWaStamp s;
        if (n > 0) {
            lines++;
            if (sv_wa_stamp_parse(p, n, &s)) {
                heads++;
                first = first ? first : lines;
            }
        }
        p += n + 1;
    }
    if (!heads || first > 3)
        return 0;
    return heads > 1 || lines < 4 ? 95 : 60;
}

const SvSource sv_source_whatsapp = {"whatsapp", 95, whatsapp_probe, whatsapp_read};
