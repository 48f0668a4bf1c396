/* One letter as a message: see letter.h.
 *
 * How it works: the header block is read once, field by field, into a Letter that points into the bytes; then
 * each part of the message is made from it: people, subject, ids, time, flags; letter_body.c makes the text.
 *
 * It keeps true: no length is trusted, a header block longer than SV_MAX_HEADERS is cut at that size
 * (reported), the same bytes give the same message. It does not tell our side from the client's: only what
 * the mailbox itself says (a folder or label of sent letters) becomes a flag. */
#include "letter.h"
#include "intake.h"
#include "letter_body.h"
#include "mail_header.h"
#include "sv_limits.h"
#include "utf8.h"
#include <string.h>

#define MAX_ID 998u        /* bytes of a message id; the longest line that mail allows */
#define MAX_REFERENCES 200u /* the last ones of the list are kept */

typedef enum {
    F_FROM,
    F_SENDER,
    F_TO,
    F_CC,
    F_SUBJECT,
    F_DATE,
    F_MESSAGE_ID,
    F_REPLY_TO_ID,
    F_REFERENCES,
    F_TYPE,
    F_DISPOSITION,
    F_ENCODING,
    F_RECEIVED,
    F_AUTO_SUBMITTED,
    F_AUTOREPLY,
    F_AUTORESPOND,
    F_PRECEDENCE,
    F_UNSUBSCRIBE,
    F_LIST_ID,
    F_LABELS,
    F_FAILED,
    F_MOZILLA,
    F_N
} FieldKind;

static const char *const field_names[F_N] = {"From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID",
    "In-Reply-To", "References", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding",
    "Received", "Auto-Submitted", "X-Autoreply", "X-Autorespond", "Precedence", "List-Unsubscribe", "List-Id",
    "X-Gmail-Labels", "X-Failed-Recipients", "X-Mozilla-Status"};

typedef struct {
    const char *raw[F_N]; /* the first field of each kind; NULL when absent */
    gsize len[F_N];
    GArray *recipients;   /* SvMailField: every To and Cc */
    gsize body;           /* where the body begins */
    guint n_fields;
    gboolean too_long;
} Letter;

gboolean sv_letter_field_known(const char *name, gsize len)
{
    static const char *const others[] = {"Return-Path", "Delivered-To", "Reply-To", "Bcc", "MIME-Version",
        "DKIM-Signature", "Status", "Envelope-To", "Thread-Topic", "Thread-Index", "Importance", "User-Agent",
        "Authentication-Results"};
    if (len > 2 && (name[0] == 'X' || name[0] == 'x') && name[1] == '-')
        return TRUE;
    if ((len > 8 && g_ascii_strncasecmp(name, "content-", 8) == 0) ||
        (len > 5 && g_ascii_strncasecmp(name, "list-", 5) == 0) ||
        (len > 4 && g_ascii_strncasecmp(name, "arc-", 4) == 0))
        return TRUE;
    for (int i = 0; i < F_N; i++)
        if (strlen(field_names[i]) == len && g_ascii_strncasecmp(name, field_names[i], len) == 0)
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        if (strlen(others[i]) == len && g_ascii_strncasecmp(name, others[i], len) == 0)
            return TRUE;
    return FALSE;
}

guint sv_letter_probe(const char *bytes, gsize len)
{
    const char *p = bytes, *end = bytes + MIN(len, 16u << 10);
    guint known = 0;
    while (p < end && *p != '\n' && *p != '\r') {
        const char *eol = memchr(p, '\n', (gsize)(end - p)), *stop = eol ? eol : end;
        if (*p != ' ' && *p != '\t') {
            const char *q = p;
            while (q < stop && *q > ' ' && *q != ':' && *q < 0x7F)
                q++;
            if (q == p || q >= stop || *q != ':')
                return eol ? 0 : known; /* a line cut by the limit says nothing */
            known += sv_letter_field_known(p, (gsize)(q - p));
        } else if (p == bytes) {
            return 0;
        }
        p = eol ? eol + 1 : end;
    }
    return known;
}

/* Reads the header block; the Letter points into the bytes. */
static void read_fields(const char *bytes, gsize len, Letter *letter)
{
    const char *at = bytes, *end = bytes + len;
    SvMailField field;
    while (sv_mail_field_next(&at, end, &field)) {
        letter->n_fields += sv_letter_field_known(field.name, field.name_len);
        for (int i = 0; i < F_N; i++) {
            if (!sv_mail_field_is(&field, field_names[i]))
                continue;
            if (!letter->raw[i]) {
                letter->raw[i] = field.value;
                letter->len[i] = field.len;
            }
            if (i == F_TO || i == F_CC)
                g_array_append_val(letter->recipients, field);
            break;
        }
        if ((gsize)(at - bytes) > SV_MAX_HEADERS) {
            letter->too_long = TRUE;
            break;
        }
    }
    if (letter->too_long) { /* the body still begins behind the first empty line */
        SvMailField rest;
        while (sv_mail_field_next(&at, end, &rest))
            ;
    }
    letter->body = (gsize)(at - bytes);
}

static gboolean value_holds(const Letter *letter, FieldKind kind, const char *word)
{
    if (!letter->raw[kind])
        return FALSE;
    gsize n = strlen(word);
    for (gsize i = 0; i + n <= MIN(letter->len[kind], 400u); i++)
        if (g_ascii_strncasecmp(letter->raw[kind] + i, word, n) == 0)
            return TRUE;
    return FALSE;
}

/* Adds the ids of a References or In-Reply-To value: what stands in "<>", else words with "@". */
static void add_ids(GPtrArray *out, const char *raw, gsize len)
{
    const char *p = raw, *end = raw + MIN(len, SV_MAX_HEADERS);
    while (p < end) {
        const char *open = memchr(p, '<', (gsize)(end - p));
        const char *close = open ? memchr(open, '>', (gsize)(end - open)) : NULL;
        if (!close)
            return;
        g_autoptr(GString) id = g_string_new(NULL);
        for (const char *q = open + 1; q < close && id->len < MAX_ID; q++)
            if ((guchar)*q > ' ' && (guchar)*q < 0x7F && *q != '<')
                g_string_append_c(id, *q);
        if (id->len > 0)
            g_ptr_array_add(out, g_strdup(id->str));
        p = close + 1;
    }
}

/* A bare id without "<>", as some programs write it; NULL when there is none. */
static char *bare_id(const char *raw, gsize len)
{
    g_autofree char *text = sv_mail_header_decode(raw, MIN(len, MAX_ID));
    return *text && !strpbrk(text, " <>") ? g_steal_pointer(&text) : NULL;
}

static void set_ids(SvMessage *m, const Letter *letter)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) answered = g_ptr_array_new_with_free_func(g_free);
    if (letter->raw[F_MESSAGE_ID]) {
        add_ids(own, letter->raw[F_MESSAGE_ID], letter->len[F_MESSAGE_ID]);
        m->id = own->len > 0 ? g_strdup(g_ptr_array_index(own, 0))
                             : bare_id(letter->raw[F_MESSAGE_ID], letter->len[F_MESSAGE_ID]);
    }
    if (letter->raw[F_REFERENCES])
        add_ids(m->references, letter->raw[F_REFERENCES], letter->len[F_REFERENCES]);
    if (m->references->len > MAX_REFERENCES)
        g_ptr_array_remove_range(m->references, 0, m->references->len - MAX_REFERENCES);
    if (letter->raw[F_REPLY_TO_ID]) {
        add_ids(answered, letter->raw[F_REPLY_TO_ID], letter->len[F_REPLY_TO_ID]);
        m->in_reply_to = answered->len > 0 ? g_strdup(g_ptr_array_index(answered, 0))
                                           : bare_id(letter->raw[F_REPLY_TO_ID], letter->len[F_REPLY_TO_ID]);
    }
    if (!m->in_reply_to && m->references->len > 0)
        m->in_reply_to = g_strdup(g_ptr_array_index(m->references, m->references->len - 1));
}

/* A letter without an id is known by what it says: SHA-256 over date, from, to, subject, body. */
static void set_hash_id(SvMessage *m, const Letter *letter)
{
    static const FieldKind parts[] = {F_DATE, F_FROM, F_TO, F_SUBJECT};
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = letter->raw[parts[i]]
                                    ? sv_mail_header_decode(letter->raw[parts[i]], letter->len[parts[i]])
                                    : NULL;
        if (text)
            g_checksum_update(sum, (const guchar *)text, -1);
        g_checksum_update(sum, (const guchar *)"", 1);
    }
    g_checksum_update(sum, (const guchar *)m->body.bytes, (gssize)m->body.len);
    m->id = g_strconcat("sha256:", g_checksum_get_string(sum), NULL);
}

static void set_people(SvMessage *m, const Letter *letter)
{
    g_autoptr(GPtrArray) from = g_ptr_array_new_with_free_func((GDestroyNotify)sv_address_free);
    if (letter->raw[F_FROM])
        sv_mail_header_addresses(letter->raw[F_FROM], letter->len[F_FROM], from);
    if (from->len == 0 && letter->raw[F_SENDER])
        sv_mail_header_addresses(letter->raw[F_SENDER], letter->len[F_SENDER], from);
    if (from->len > 0) {
        sv_address_free(m->from);
        m->from = g_ptr_array_steal_index(from, 0);
    }
    for (guint i = 0; i < letter->recipients->len; i++) {
        const SvMailField *field = &g_array_index(letter->recipients, SvMailField, i);
        sv_mail_header_addresses(field->value, field->len, sv_mail_field_is(field, "To") ? m->to : m->cc);
    }
    if (letter->raw[F_SUBJECT]) {
        m->subject = sv_mail_header_decode(letter->raw[F_SUBJECT], letter->len[F_SUBJECT]);
        if (!*m->subject)
            g_clear_pointer(&m->subject, g_free);
    }
}

/* Date, else the separator line, else the last server's stamp, else the time of the letter before. */
static void set_time(SvMessage *m, const Letter *letter, const SvLetterContext *context, SvReport *report)
{
    if (letter->raw[F_DATE] &&
        sv_mail_date_parse(letter->raw[F_DATE], letter->len[F_DATE], context->zone, &m->at))
        return;
    if (context->envelope) {
        m->at = *context->envelope;
        return;
    }
    const char *stamp = letter->raw[F_RECEIVED], *semi = NULL;
    for (gsize i = 0; stamp && i < letter->len[F_RECEIVED]; i++)
        if (stamp[i] == ';')
            semi = stamp + i + 1;
    if (semi &&
        sv_mail_date_parse(semi, letter->len[F_RECEIVED] - (gsize)(semi - stamp), context->zone, &m->at))
        return;
    m->at = context->previous ? *context->previous : (SvTime){0, 0};
    sv_report_add(report, SV_ERROR_PARTIAL, m->file, m->place,
        context->previous ? "the letter has no readable date; the time of the letter before it was taken"
                          : "the letter has no readable date; it stands at the beginning of the history",
        "Mend its Date field and read it again");
}

/* Does the mailbox say that its owner sent the letter? */
static gboolean is_sent(const Letter *letter, const SvInput *input)
{
    const GPtrArray *rows = sv_intake_rows("/svodka/source/sent_folders.tsv");
    g_autofree char *labels =
        letter->raw[F_LABELS] ? sv_mail_header_decode(letter->raw[F_LABELS], letter->len[F_LABELS]) : NULL;
    g_autofree char *folder = sv_utf8_fold(input->folder ? input->folder : "", -1);
    g_autofree char *stem = sv_intake_stem(input->name), *file = sv_utf8_fold(stem, -1);
    g_autofree char *folded = sv_utf8_fold(labels ? labels : "", -1);
    g_auto(GStrv) each = g_strsplit(folded, ",", 64);
    const char *last = strrchr(folder, '.'); /* Maildir++ writes ".Sent" and ".INBOX.Sent" */
    for (guint i = 0; i < rows->len; i++) {
        const char *name = ((GStrv)g_ptr_array_index(rows, i))[0];
        if (strcmp(folder, name) == 0 || strcmp(file, name) == 0 || (last && strcmp(last + 1, name) == 0))
            return TRUE;
        for (char **label = each; *label; label++)
            if (strcmp(g_strstrip(*label), name) == 0)
                return TRUE;
    }
    return FALSE;
}

/* Is the field there and its word another than "no"? */
static gboolean is_yes(const Letter *letter, FieldKind kind)
{
    g_autofree char *word =
        letter->raw[kind] ? sv_mail_header_token(letter->raw[kind], letter->len[kind]) : NULL;
    return word && strcmp(word, "no") != 0;
}

static void set_flags(SvMessage *m, const Letter *letter, const SvLetterBody *body, const SvInput *input)
{
    if (is_yes(letter, F_AUTO_SUBMITTED) || is_yes(letter, F_AUTOREPLY) || letter->raw[F_AUTORESPOND] ||
        letter->raw[F_FAILED] || value_holds(letter, F_PRECEDENCE, "auto_reply") || body->report)
        m->flags |= SV_MESSAGE_AUTO;
    /* A person's answer that went through a list of the company is no newsletter: those answer nobody. */
    gboolean list =
        letter->raw[F_UNSUBSCRIBE] || letter->raw[F_LIST_ID] || value_holds(letter, F_PRECEDENCE, "list");
    if (value_holds(letter, F_PRECEDENCE, "bulk") || value_holds(letter, F_PRECEDENCE, "junk") ||
        (list && !letter->raw[F_REPLY_TO_ID]))
        m->flags |= SV_MESSAGE_BULK;
    if (is_sent(letter, input))
        m->flags |= SV_MESSAGE_OUTGOING;
}

static void set_body(SvMessage *m, const char *bytes, gsize len, const Letter *letter,
    const SvLetterContext *context, SvLetterBody *body, SvReport *report)
{
    SvLetterMime mime = {letter->raw[F_TYPE], letter->raw[F_DISPOSITION], letter->raw[F_ENCODING],
        letter->len[F_TYPE], letter->len[F_DISPOSITION], letter->len[F_ENCODING]};
    sv_letter_body_read(bytes, len, letter->body, &mime, body);
    while (body->text->len > 0 && g_ascii_isspace(body->text->str[body->text->len - 1]))
        g_string_truncate(body->text, body->text->len - 1);
    sv_intake_body(m, body->text->str, body->text->len, context->input, report);
    if (body->encrypted && body->text->len == 0)
        sv_report_add(report, SV_ERROR_PARTIAL, m->file, m->place,
            "the letter is encrypted and its text was not read", "Export it decrypted");
    if (body->too_deep || body->too_many)
        sv_report_add(report, SV_ERROR_LIMIT, m->file, m->place,
            body->too_deep ? "parts are nested too deep; the deepest were not read"
                           : "the letter has too many parts; the last were not read",
            NULL);
    if (letter->too_long)
        sv_report_add(report, SV_ERROR_LIMIT, m->file, m->place,
            "the header of the letter is longer than 256 KiB and was cut", NULL);
}

/* Thunderbird marks a letter deleted and leaves it in the file until it is compacted. */
static gboolean is_expunged(const Letter *letter)
{
    return letter->raw[F_MOZILLA] && letter->len[F_MOZILLA] > 4 &&
           (g_ascii_strtoull(letter->raw[F_MOZILLA], NULL, 16) & 8);
}

SvMessage *sv_letter_parse(const char *bytes, gsize len, const SvLetterContext *context, SvReport *report)
{
    g_autoptr(GArray) recipients = g_array_new(FALSE, FALSE, sizeof(SvMailField));
    Letter letter = {.recipients = recipients};
    g_autofree char *place = context->number ? g_strdup_printf("message %u", context->number) : NULL;
    read_fields(bytes, len, &letter);
    if (letter.n_fields == 0) {
        sv_report_add(report, SV_ERROR_PARTIAL, context->input->name, place,
            "no header of a letter was found", "Export the letter with its header");
        return NULL;
    }
    SvMessage *m = sv_message_new(SV_CHANNEL_EMAIL);
    m->file = g_strdup(context->input->name);
    m->place = g_steal_pointer(&place);
    set_people(m, &letter);
    set_ids(m, &letter);
    set_time(m, &letter, context, report);
    g_autoptr(GString) text = g_string_new(NULL);
    SvLetterBody body = {.text = text, .attachments = m->attachments};
    set_body(m, bytes, len, &letter, context, &body, report);
    set_flags(m, &letter, &body, context->input);
    if (is_expunged(&letter))
        m->flags |= SV_MESSAGE_DELETED;
    if (!m->id)
        set_hash_id(m, &letter);
    return m;
}
