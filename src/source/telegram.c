/* Telegram: result.json of the Desktop export, of a single chat or of a whole account.
 *
 * The document is repaired (telegram_repair.h) and read as a stream of events; only one message is held at a
 * time, and of its fields only those that are asked for. Where the reader stands is a small stack of places;
 * what it doesn't know is passed over whatever its shape. The ids are the messenger's own:
 * "telegram:CHAT:ID".
 *
 * Keeps true: `date_unixtime` is the moment, `date` only tells the exporter's offset from it; a cut-off
 * document gives the messages before the cut. A call becomes a message of the call channel without
 * transcript. A forwarded message is `from` the person it comes from, and who passed it on is its only `cc`.
 * Does not: read pictures and voice, or guess who is behind a deleted account. */
#include "intake.h"
#include "sv_limits.h"
#include "telegram_repair.h"
#include "utf8.h"
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

typedef enum {
    AT_ROOT,
    AT_CHATS,
    AT_LIST,
    AT_CHAT,
    AT_OWNER,
    AT_MESSAGES,
    AT_MESSAGE,
    AT_TEXT,
    AT_TEXT_PART,
    AT_ENTITIES,
    AT_ENTITY,
    AT_POLL,
    AT_UNKNOWN
} Place;

/* Fields of a message that are kept as text. */
typedef enum {
    F_ID,
    F_TYPE,
    F_DATE,
    F_UNIX,
    F_EDITED,
    F_EDITED_OLD,
    F_FROM,
    F_FROM_ID,
    F_ACTOR,
    F_ACTOR_ID,
    F_ACTION,
    F_FORWARDED,
    F_SAVED,
    F_REPLY,
    F_MEDIA,
    F_FILE,
    F_FILE_NAME,
    F_PHOTO,
    F_MIME,
    F_SECONDS,
    F_DISCARD,
    F_PLACE,
    F_N
} Field;

static const char *const field_names[F_N] = {"id", "type", "date", "date_unixtime", "edited_unixtime",
    "edited", "from", "from_id", "actor", "actor_id", "action", "forwarded_from", "saved_from",
    "reply_to_message_id", "media_type", "file", "file_name", "photo", "mime_type", "duration_seconds",
    "discard_reason", "place_name"};

typedef struct {
    char *value[F_N];
    guint set; /* bits: seen, null too */
    GString *text, *entities, *poll;
    gboolean has_entities, is_media;
} Fields;

typedef struct {
    const SvInput *input;
    SvHistory *history;
    SvReport *report;
    Place stack[SV_MAX_JSON_DEPTH];
    guint depth;
    char key[32];
    Fields f;
    char *chat_id, *chat_name, *chat_type, *owner; /* owner: "user123" of a whole export */
    guint first;                                   /* of the chat's messages in the history */
    guint n_read, n_unsupported, n_undated, n_chats;
    gboolean is_too_deep, has_messages;
} Reader;

static void fields_clear(Fields *f)
{
    for (guint i = 0; i < F_N; i++)
        g_clear_pointer(&f->value[i], g_free);
    f->set = 0;
    f->has_entities = f->is_media = FALSE;
    g_string_truncate(f->text, 0);
    g_string_truncate(f->entities, 0);
    g_string_truncate(f->poll, 0);
}

static const char *field(const Fields *f, Field i)
{
    return f->value[i] && *f->value[i] ? f->value[i] : NULL;
}

/* ---- one message ---- */

static gboolean set_time(Reader *r, SvMessage *m)
{
    const char *unix_text = field(&r->f, F_UNIX), *local_text = field(&r->f, F_DATE);
    SvTime local;
    gboolean has_local = local_text && sv_time_parse(local_text, NULL, &local);
    if (!unix_text)
        return local_text && sv_time_parse(local_text, r->history->zone, &m->at);
    char *end;
    gint64 unix_s = g_ascii_strtoll(unix_text, &end, 10);
    if (*end || unix_s <= 0 || unix_s > G_GINT64_CONSTANT(7258118400))
        return FALSE;
    m->at = sv_time_from_unix(unix_s, r->history->zone);
    gint64 offset = has_local ? local.unix_s - unix_s : 0;
    if (!r->history->zone && has_local && ABS(offset) <= 18 * 3600 && offset % 900 == 0)
        m->at.offset_s = (gint32)offset;
    return TRUE;
}

/* "user123" of 123, which old exports write. */
static char *handle(const char *id)
{
    if (!id || !*id)
        return NULL;
    return g_ascii_isdigit(*id) ? g_strdup_printf("user%s", id) : g_strdup(id);
}

static void set_people(Reader *r, SvMessage *m)
{
    gboolean service = r->f.value[F_ACTOR] || r->f.value[F_ACTOR_ID];
    g_autofree char *address = handle(field(&r->f, service ? F_ACTOR_ID : F_FROM_ID));
    sv_address_free(m->from);
    m->from = sv_address_new(field(&r->f, service ? F_ACTOR : F_FROM), address);
    gboolean personal = g_strcmp0(r->chat_type, "personal_chat") == 0 && r->chat_id;
    if (address && r->owner && strcmp(address, r->owner) == 0)
        m->flags |= SV_MESSAGE_OUTGOING;
    else if (address && personal && g_str_has_prefix(address, "user") && strcmp(address + 4, r->chat_id) == 0)
        m->flags |= SV_MESSAGE_INCOMING;
    else if (address && personal)
        m->flags |= SV_MESSAGE_OUTGOING;
    if (!(r->f.set & (1u << F_FORWARDED)))
        return;
    m->flags |= SV_MESSAGE_FORWARDED;
    g_ptr_array_add(m->cc, m->from);
    m->from = sv_address_new(field(&r->f, F_FORWARDED), NULL);
}

static gboolean is_placeholder(const char *file)
{
    return *file == '(';
}

static void set_media(Reader *r, SvMessage *m)
{
    const Fields *f = &r->f;
    const char *name = field(f, F_FILE_NAME), *file = field(f, F_FILE);
    if (!file)
        file = field(f, F_PHOTO);
    if (!name && file && !is_placeholder(file)) {
        const char *slash = strrchr(file, '/');
        name = slash ? slash + 1 : file;
    }
    if (name && *name)
        g_ptr_array_add(m->attachments, g_strdup(name));
    if ((file || name || field(f, F_MEDIA) || f->is_media) && !m->body.len)
        m->flags |= SV_MESSAGE_MEDIA;
}

static void make_service(Reader *r, SvMessage *m)
{
    const char *action = field(&r->f, F_ACTION);
    if (g_strcmp0(action, "phone_call") != 0) {
        m->flags |= SV_MESSAGE_SYSTEM;
        sv_intake_body(m, action ? action : "", action ? strlen(action) : 0, r->input, r->report);
        return;
    }
    const char *seconds = field(&r->f, F_SECONDS), *discard = field(&r->f, F_DISCARD);
    gboolean lost = g_strcmp0(discard, "missed") == 0 || g_strcmp0(discard, "busy") == 0;
    m->channel = SV_CHANNEL_CALL;
    m->flags |= SV_MESSAGE_NO_TRANSCRIPT;
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    m->duration_s = seconds ? CLAMP(g_ascii_strtod(seconds, NULL), 0, 1e6) : lost ? 0 : -1;
}

static void make_message(Reader *r, SvMessage *m)
{
    GString *text = r->f.has_entities && r->f.entities->len ? r->f.entities : r->f.text;
    if (!text->len && r->f.poll->len)
        text = r->f.poll;
    const char *place = field(&r->f, F_PLACE);
    if (!text->len && place)
        g_string_assign(text, place);
    g_autofree char *clean = sv_utf8_clean(text->str, text->len);
    g_strstrip(clean);
    sv_intake_body(m, clean, strlen(clean), r->input, r->report);
    if (field(&r->f, F_EDITED) || field(&r->f, F_EDITED_OLD))
        m->flags |= SV_MESSAGE_EDITED;
    set_media(r, m);
}

/* A finished message joins the history; its id waits for the end of the chat, where the chat's is known. */
static gboolean end_message(Reader *r)
{
    const char *type = field(&r->f, F_TYPE), *id = field(&r->f, F_ID);
    if (!id || g_strcmp0(type, "unsupported") == 0) {
        r->n_unsupported++;
        return TRUE;
    }
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_TELEGRAM);
    if (!set_time(r, m)) {
        r->n_undated++;
        return TRUE;
    }
    m->id = g_strdup(id);
    m->file = g_strdup(r->input->name);
    m->place = g_strdup_printf("message %s", id);
    m->in_reply_to = g_strdup(field(&r->f, F_REPLY));
    set_people(r, m);
    if (g_strcmp0(type, "service") == 0)
        make_service(r, m);
    else
        make_message(r, m);
    r->n_read++;
    return sv_intake_add(r->history, g_steal_pointer(&m), r->input, r->report);
}

static void end_chat(Reader *r)
{
    g_autofree char *stem = r->chat_id ? NULL : sv_intake_stem(r->input->name);
    const char *chat = r->chat_id ? r->chat_id : r->chat_name && *r->chat_name ? r->chat_name : stem;
    for (guint i = r->first; i < r->history->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(r->history->messages, i);
        g_autofree char *id = m->id, *reply = m->in_reply_to;
        m->id = g_strdup_printf("telegram:%s:%s", chat, id);
        m->in_reply_to = reply ? g_strdup_printf("telegram:%s:%s", chat, reply) : NULL;
        m->conversation = g_strdup_printf("telegram:%s", chat);
    }
    if (r->history->messages->len > r->first)
        r->n_chats++;
    r->first = r->history->messages->len;
    g_clear_pointer(&r->chat_id, g_free);
    g_clear_pointer(&r->chat_name, g_free);
    g_clear_pointer(&r->chat_type, g_free);
}

/* ---- the stream ---- */

static Place here(const Reader *r)
{
    return r->depth ? r->stack[r->depth - 1] : AT_UNKNOWN;
}

static int enter(Reader *r, Place place)
{
    if (r->depth >= SV_MAX_JSON_DEPTH) {
        r->is_too_deep = TRUE;
        return 0;
    }
    r->stack[r->depth++] = place;
    r->key[0] = 0;
    return 1;
}

static gboolean is_key(const Reader *r, const char *name)
{
    return strcmp(r->key, name) == 0;
}

static int on_start_map(void *data)
{
    Reader *r = data;
    if (!r->depth)
        return enter(r, AT_ROOT);
    switch (here(r)) {
    case AT_ROOT:
        if (is_key(r, "chats") || is_key(r, "left_chats"))
            return enter(r, AT_CHATS);
        return enter(r, is_key(r, "personal_information") ? AT_OWNER : AT_UNKNOWN);
    case AT_LIST:
        return enter(r, AT_CHAT);
    case AT_MESSAGES:
        fields_clear(&r->f);
        return enter(r, AT_MESSAGE);
    case AT_MESSAGE:
        r->f.is_media |= is_key(r, "contact_information") || is_key(r, "location_information");
        return enter(r, is_key(r, "poll") ? AT_POLL : AT_UNKNOWN);
    case AT_TEXT:
        return enter(r, AT_TEXT_PART);
    case AT_ENTITIES:
        return enter(r, AT_ENTITY);
    default:
        return enter(r, AT_UNKNOWN);
    }
}

static int on_start_array(void *data)
{
    Reader *r = data;
    switch (here(r)) {
    case AT_ROOT:
    case AT_CHAT:
        r->has_messages |= is_key(r, "messages");
        return enter(r, is_key(r, "messages") ? AT_MESSAGES : AT_UNKNOWN);
    case AT_CHATS:
        return enter(r, is_key(r, "list") ? AT_LIST : AT_UNKNOWN);
    case AT_MESSAGE:
        if (is_key(r, "text_entities"))
            r->f.has_entities = TRUE;
        return enter(r, is_key(r, "text") ? AT_TEXT : is_key(r, "text_entities") ? AT_ENTITIES : AT_UNKNOWN);
    default:
        return enter(r, AT_UNKNOWN);
    }
}

static int on_end(void *data)
{
    Reader *r = data;
    Place place = here(r);
    if (r->depth)
        r->depth--;
    r->key[0] = 0;
    if (place == AT_CHAT || place == AT_ROOT)
        end_chat(r);
    if (place == AT_MESSAGE)
        return end_message(r);
    return 1;
}

static int on_key(void *data, const guchar *key, size_t len)
{
    Reader *r = data;
    gsize n = MIN(len, sizeof r->key - 1);
    memcpy(r->key, key, n);
    r->key[n] = 0;
    return 1;
}

static void add_text(GString *to, const char *s, gsize len)
{
    if (to->len <= SV_MAX_MESSAGE_TEXT)
        g_string_append_len(to, s, (gssize)MIN(len, SV_MAX_MESSAGE_TEXT + 64));
}

static void set_field(Reader *r, const char *s, gsize len)
{
    for (guint i = 0; i < F_N; i++) {
        if (strcmp(r->key, field_names[i]) != 0)
            continue;
        g_free(r->f.value[i]);
        r->f.value[i] = sv_utf8_clean(s, MIN(len, 4096u));
        r->f.set |= 1u << i;
        return;
    }
}

static void set_chat_field(Reader *r, const char *s, gsize len)
{
    char **to = is_key(r, "id")     ? &r->chat_id
                : is_key(r, "name") ? &r->chat_name
                : is_key(r, "type") ? &r->chat_type
                                    : NULL;
    if (!to)
        return;
    g_free(*to);
    *to = sv_utf8_clean(s, MIN(len, 1024u));
}

static int on_text(void *data, const guchar *bytes, size_t len)
{
    Reader *r = data;
    const char *s = (const char *)bytes;
    switch (here(r)) {
    case AT_ROOT:
    case AT_CHAT:
        set_chat_field(r, s, len);
        break;
    case AT_OWNER:
        if (is_key(r, "user_id")) {
            g_free(r->owner);
            r->owner = g_strdup_printf("user%.*s", (int)MIN(len, 32u), s);
        }
        break;
    case AT_MESSAGE:
        if (is_key(r, "text"))
            add_text(r->f.text, s, len);
        else
            set_field(r, s, len);
        break;
    case AT_TEXT:
        add_text(r->f.text, s, len);
        break;
    case AT_TEXT_PART:
        if (is_key(r, "text"))
            add_text(r->f.text, s, len);
        break;
    case AT_ENTITY:
        if (is_key(r, "text"))
            add_text(r->f.entities, s, len);
        break;
    case AT_POLL:
        if (is_key(r, "question"))
            add_text(r->f.poll, s, len);
        break;
    default:
        break;
    }
    return 1;
}

static int on_number(void *data, const char *s, size_t len)
{
    return on_text(data, (const guchar *)s, len);
}

static int on_null(void *data)
{
    Reader *r = data;
    if (here(r) == AT_MESSAGE && is_key(r, "forwarded_from"))
        r->f.set |= 1u << F_FORWARDED;
    return 1;
}

static int on_boolean(void *data, int value)
{
    return 1;
}

static const yajl_callbacks callbacks = {on_null, on_boolean, NULL, NULL, on_number, on_text, on_start_map,
    on_key, on_end, on_start_array, on_end};

/* Parses as far as it goes; FALSE when it stopped before the end, *at then says where. */
static gboolean parse(Reader *r, const char *json, gsize len, gsize *at)
{
    yajl_handle handle_ = yajl_alloc(&callbacks, NULL, r);
    yajl_config(handle_, yajl_dont_validate_strings, 1);
    yajl_status status = yajl_parse(handle_, (const guchar *)json, len);
    *at = yajl_get_bytes_consumed(handle_);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(handle_);
    yajl_free(handle_);
    return status == yajl_status_ok;
}

static void report_rest(Reader *r, guint repairs)
{
    if (repairs)
        sv_report_note(
            r->report, "%s: %u places that were no valid JSON were repaired", r->input->name, repairs);
    if (r->n_unsupported)
        sv_report_note(r->report, "%s: %u messages of kinds that the export leaves out", r->input->name,
            r->n_unsupported);
    if (r->n_chats > 1)
        sv_report_note(r->report, "%s: %u chats of one account were read", r->input->name, r->n_chats);
    if (r->n_undated) {
        g_autofree char *reason = g_strdup_printf("%u messages have no date that can be read", r->n_undated);
        sv_intake_problem(r->report, SV_ERROR_INPUT, r->input, 0, reason, "Export the chat again");
    }
}

static gboolean read_document(Reader *r, GError **error)
{
    const char *json = r->input->bytes;
    gsize len = r->input->len, at = 0;
    while (len >= 3 && memcmp(json, "\xEF\xBB\xBF", 3) == 0) {
        json += 3;
        len -= 3;
    }
    guint repairs;
    g_autoptr(GString) repaired = sv_telegram_repair(json, len, &repairs);
    gboolean whole = repaired ? parse(r, repaired->str, repaired->len, &at) : parse(r, json, len, &at);
    gboolean full = r->history->messages->len >= SV_MAX_MESSAGES;
    end_chat(r);
    g_autofree char *place = g_strdup_printf("byte %" G_GSIZE_FORMAT, at);
    const char *reason = r->is_too_deep ? "the JSON is nested too deeply"
                                        : "the JSON breaks off or is damaged; what stands before was read";
    if (!whole && !r->n_read)
        return sv_intake_fail(error, r->is_too_deep ? SV_ERROR_LIMIT : SV_ERROR_INPUT, r->input, place,
            "the JSON breaks off or is damaged before the first message", "Export the chat again");
    if (!whole && !full)
        sv_report_add(r->report, SV_ERROR_PARTIAL, r->input->name, place, reason, "Export the chat again");
    if (!r->has_messages)
        return sv_intake_fail(error, SV_ERROR_INPUT, r->input, NULL, "the document holds no chat of Telegram",
            "Export the chat as machine-readable JSON");
    report_rest(r, repairs);
    if (!r->n_read && r->n_undated)
        return sv_intake_fail(error, SV_ERROR_INPUT, r->input, NULL, "no message has a date that can be read",
            "Export the chat again");
    return TRUE;
}

static gboolean telegram_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    Reader r = {.input = input, .history = history, .report = report, .first = history->messages->len};
    r.f.text = g_string_new(NULL);
    r.f.entities = g_string_new(NULL);
    r.f.poll = g_string_new(NULL);
    gboolean ok = read_document(&r, error);
    fields_clear(&r.f);
    g_string_free(r.f.text, TRUE);
    g_string_free(r.f.entities, TRUE);
    g_string_free(r.f.poll, TRUE);
    g_free(r.owner);
    return ok;
}

static int telegram_probe(const SvInput *input)
{
    static const char *const keys[] = {
        "messages", "type", "id", "name", "personal_information", "chats", "about", "left_chats", NULL};
    guint found = sv_intake_keys(input, keys);
    if ((found & 1) && (found & 6))
        return 95;
    if ((found & 0x20) && (found & 0x50))
        return 95;
    if ((found & 0x10) && (found & 0x40))
        return 80; /* a whole account: the chats stand far below */
    /* A piece of an export that somebody cut out. */
    if ((found & 1) && g_strstr_len(input->bytes, (gssize)MIN(input->len, 8192u), "\"from_id\""))
        return 70;
    return 0;
}

const SvSource sv_source_telegram = {"telegram", 95, telegram_probe, telegram_read};
