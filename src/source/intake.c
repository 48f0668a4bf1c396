/* What the sources of chats, calls, tables and cards share.
 *
 * Text: UTF-8 that is damaged in a few places stays UTF-8 (the damage becomes U+FFFD); everything else goes
 * through charset.h. Ids: a hash over the parts of a message and the ordinal of equal ones, so that reading
 * the same export twice gives the same ids. JSON: a scan of keys for probes, and a check of the depth before
 * the document is built, since the library below builds it by recursion.
 *
 * Keeps true: every text that leaves is valid UTF-8; every body is at most SV_MAX_MESSAGE_TEXT long; a
 * history never holds more than SV_MAX_MESSAGES. Does not: know any format. */
#include "intake.h"
#include "charset.h"
#include "sv_limits.h"
#include "table.h"
#include "utf8.h"
#include <string.h>

GResource *sv_source_data_get_resource(void);

/* Damaged UTF-8, or another charset? Few bad bytes beside many good sequences mean damage. */
static gboolean is_mostly_utf8(const char *bytes, gsize len)
{
    gsize good = 0, bad = 0, nul = 0;
    const char *p = bytes, *end = bytes + len;
    while (p < end) {
        guint n = 1;
        if (*p == 0)
            nul++;
        else if ((guchar)*p >= 0x80 && sv_utf8_get(p, end, &n) == 0xFFFD && n == 1)
            bad++;
        else if (n > 1)
            good++;
        p += n;
    }
    return bad <= good / 10 + 3 && nul <= len / 8 + 3 && (good > 0 || bad == 0);
}

/* A copy of valid text with LF line ends. */
static char *plain_copy(const char *bytes, gsize len, gsize *out_len)
{
    char *text = g_malloc(len + 1);
    gsize n = 0;
    for (const char *p = bytes, *end = bytes + len; p < end;) {
        const char *cr = memchr(p, '\r', (gsize)(end - p));
        gsize k = cr ? (gsize)(cr - p) : (gsize)(end - p);
        memcpy(text + n, p, k);
        n += k;
        p += k;
        if (!cr)
            break;
        if (++p >= end || *p != '\n')
            text[n++] = '\n';
    }
    text[n] = 0;
    *out_len = n;
    return text;
}

static gsize mark_length(const char *bytes, gsize len)
{
    gsize n = 0;
    while (len - n >= 3 && memcmp(bytes + n, "\xEF\xBB\xBF", 3) == 0)
        n += 3;
    return n;
}

static char *to_text(const char *bytes, gsize len, gsize *out_len)
{
    /* Nearly every file is valid UTF-8: no second look at each character then. */
    if (sv_utf8_valid_to(bytes, bytes + len) == bytes + len) {
        gsize mark = mark_length(bytes, len);
        return plain_copy(bytes + mark, len - mark, out_len);
    }
    gboolean wide = len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    g_autofree char *converted = NULL;
    if (wide || !is_mostly_utf8(bytes, len)) {
        converted = sv_charset_to_utf8(bytes, len, NULL);
        bytes = converted;
        len = strlen(converted);
    }
    gsize mark = mark_length(bytes, len);
    char *text = sv_utf8_clean(bytes + mark, len - mark);
    *out_len = strlen(text);
    return text;
}

char *sv_intake_text(const SvInput *input, gsize *len)
{
    return to_text(input->bytes, input->len, len);
}

char *sv_intake_prefix(const SvInput *input, gsize max, gsize *len)
{
    gsize n = MIN(input->len, max & ~(gsize)1);
    return to_text(input->bytes, n, len);
}

gboolean sv_intake_fail(GError **error, SvErrorCode code, const SvInput *input, const char *place,
    const char *reason, const char *remedy)
{
    g_set_error(error, SV_ERROR, (int)code, "%s%s%s: %s%s%s", input->name, place ? ": " : "",
        place ? place : "", reason, remedy ? ". " : "", remedy ? remedy : "");
    return FALSE;
}

void sv_intake_problem(SvReport *report, SvErrorCode code, const SvInput *input, guint line,
    const char *reason, const char *remedy)
{
    g_autofree char *place = line ? g_strdup_printf("line %u", line) : NULL;
    sv_report_add(report, code, input->name, place, reason, remedy);
}

void sv_intake_body(SvMessage *message, const char *text, gsize len, const SvInput *input, SvReport *report)
{
    if (len > SV_MAX_MESSAGE_TEXT) {
        len = sv_utf8_floor(text, SV_MAX_MESSAGE_TEXT);
        message->flags |= SV_MESSAGE_CUT;
        sv_report_add(report, SV_ERROR_LIMIT, input->name, message->place,
            "the message is longer than 1 MiB and was cut", NULL);
    }
    sv_raw_clear(&message->body);
    message->body = sv_raw_new(text, (gssize)len);
}

void sv_intake_place(SvMessage *message, const SvInput *input, guint line)
{
    g_free(message->file);
    g_free(message->place);
    message->file = g_strdup(input->name);
    message->place = line ? g_strdup_printf("line %u", line) : NULL;
}

gboolean sv_intake_add(SvHistory *history, SvMessage *message, const SvInput *input, SvReport *report)
{
    if (history->messages->len >= SV_MAX_MESSAGES) {
        sv_report_add(report, SV_ERROR_LIMIT, input->name, message->place,
            "more messages than one client may have; the rest was not read",
            "Give fewer files or a shorter period");
        sv_message_free(message);
        return FALSE;
    }
    if (!message->body.bytes)
        message->body = sv_raw_new("", 0);
    g_ptr_array_add(history->messages, message);
    return TRUE;
}

GHashTable *sv_intake_seen_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

char *sv_intake_id(GHashTable *seen, const char *prefix, const char *const *parts)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (; *parts; parts++)
        g_checksum_update(sum, (const guchar *)*parts, (gssize)strlen(*parts) + 1);
    g_autofree char *key = g_strdup(g_checksum_get_string(sum));
    guint ordinal = GPOINTER_TO_UINT(g_hash_table_lookup(seen, key)) + 1;
    g_hash_table_insert(seen, g_strdup(key), GUINT_TO_POINTER(ordinal));
    if (ordinal == 1)
        return g_strdup_printf("%s:%.20s", prefix, key);
    return g_strdup_printf("%s:%.20s-%u", prefix, key, ordinal);
}

char *sv_intake_phone(const char *text)
{
    char digits[24];
    guint n = 0;
    gboolean plus = FALSE;
    const char *p = text, *end = text + strlen(text);
    while (p < end) {
        guint k;
        gunichar c = sv_utf8_get(p, end, &k);
        p += k;
        if (c == '+' && n == 0)
            plus = TRUE;
        else if (c >= '0' && c <= '9' && n < 20)
            digits[n++] = (char)c;
        else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != 0xA0 && c != 0x202F &&
                 c != 0x2009 && c != 0x2011 && c != 0x2013 && !(c >= 0x200E && c <= 0x200F) &&
                 !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069))
            return NULL;
    }
    digits[n] = 0;
    if (n < 7 || n > 15)
        return NULL;
    if (!plus && n == 11 && (*digits == '8' || *digits == '7'))
        return g_strdup_printf("+7%s", digits + 1);
    if (!plus && n > 9 && g_str_has_prefix(digits, "00"))
        return g_strdup_printf("+%s", digits + 2);
    return plus ? g_strdup_printf("+%s", digits) : g_strdup(digits);
}

SvAddress *sv_intake_address(const char *text)
{
    g_autofree char *field = g_strstrip(g_strdup(text ? text : ""));
    if (!*field)
        return sv_address_new(NULL, NULL);
    char *open = strrchr(field, '<'), *close = open ? strchr(open, '>') : NULL;
    if (open && close && !close[1] && memchr(open, '@', (gsize)(close - open))) {
        *open = *close = 0;
        g_autofree char *address = g_ascii_strdown(g_strstrip(open + 1), -1);
        g_strstrip(field);
        return sv_address_new(*field ? field : NULL, address);
    }
    if (strchr(field, '@') && !strpbrk(field, " \t") && *field != '@') {
        g_autofree char *address = g_ascii_strdown(field, -1);
        return sv_address_new(NULL, address);
    }
    g_autofree char *phone = sv_intake_phone(field);
    return phone ? sv_address_new(NULL, phone) : sv_address_new(field, NULL);
}

char *sv_intake_stem(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *stem = g_strdup(slash ? slash + 1 : name);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem)
        *dot = 0;
    return stem;
}

static gboolean take_number(const char **p, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit((*p)[i]))
            return FALSE;
        v = v * 10 + ((*p)[i] - '0');
    }
    *p += n;
    *out = v;
    return TRUE;
}

static void skip_one(const char **p, const char *set)
{
    if (**p && strchr(set, **p))
        (*p)++;
}

static gboolean stamp_at(const char *p, GTimeZone *zone, SvTime *out)
{
    int y, mo, d, h, mi, s = 0, second;
    if (!take_number(&p, 4, &y) || y < 1970 || y > 2199)
        return FALSE;
    skip_one(&p, "-._");
    if (!take_number(&p, 2, &mo))
        return FALSE;
    skip_one(&p, "-._");
    if (!take_number(&p, 2, &d))
        return FALSE;
    for (int i = 0; i < 3; i++)
        skip_one(&p, "_-T ");
    if (!take_number(&p, 2, &h))
        return FALSE;
    skip_one(&p, "-:._h");
    if (!take_number(&p, 2, &mi))
        return FALSE;
    const char *q = p;
    skip_one(&q, "-:._m");
    if (take_number(&q, 2, &second) && !g_ascii_isdigit(*q) && second < 60)
        s = second;
    return sv_time_from_civil(zone, y, mo, d, h, mi, s, out);
}

gboolean sv_intake_name_time(const char *name, GTimeZone *zone, SvTime *out)
{
    const char *slash = strrchr(name, '/');
    for (const char *p = slash ? slash + 1 : name; *p; p++)
        if (g_ascii_isdigit(*p) && (p == name || !g_ascii_isdigit(p[-1])) && stamp_at(p, zone, out))
            return TRUE;
    return FALSE;
}

/* The end of a string that begins after the quote at p; `end` when it is not closed. */
static const char *string_end(const char *p, const char *end)
{
    while (p < end && *p != '"')
        p += *p == '\\' ? 2 : 1;
    return MIN(p, end);
}

guint sv_intake_keys(const SvInput *input, const char *const *keys)
{
    const char *p = input->bytes, *end = p + MIN(input->len, (gsize)1 << 20);
    if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end && g_ascii_isspace(*p))
        p++;
    if (p >= end || *p != '{')
        return 0;
    guint depth = 0, found = 0;
    for (; p < end; p++) {
        if (*p == '{' || *p == '[')
            depth++;
        else if ((*p == '}' || *p == ']') && depth > 0 && --depth == 0)
            break;
        if (*p != '"')
            continue;
        const char *from = p + 1, *to = string_end(from, end);
        p = to;
        const char *q = to < end ? to + 1 : end;
        while (q < end && g_ascii_isspace(*q))
            q++;
        if (depth != 1 || q >= end || *q != ':')
            continue;
        for (guint i = 0; i < 32 && keys[i]; i++)
            if (strlen(keys[i]) == (gsize)(to - from) && memcmp(keys[i], from, (gsize)(to - from)) == 0)
                found |= 1u << i;
    }
    return found;
}

static gboolean is_too_deep(const char *p, gsize len)
{
    const char *end = p + len;
    guint depth = 0;
    for (; p < end; p++) {
        if (*p == '"')
            p = string_end(p + 1, end);
        else if ((*p == '{' || *p == '[') && ++depth > SV_MAX_JSON_DEPTH)
            return TRUE;
        else if ((*p == '}' || *p == ']') && depth > 0)
            depth--;
    }
    return FALSE;
}

cJSON *sv_intake_json(const SvInput *input, GError **error)
{
    gsize len;
    g_autofree char *text = sv_intake_text(input, &len);
    if (is_too_deep(text, len)) {
        sv_intake_fail(error, SV_ERROR_LIMIT, input, NULL, "the JSON is nested too deeply", NULL);
        return NULL;
    }
    g_autoptr(GError) cause = NULL;
    cJSON *doc = sv_json_parse(text, len, &cause);
    if (!doc)
        sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, cause->message, "Export the file again");
    return doc;
}

static void add_row(const SvTableRow *row, gpointer rows)
{
    char **cells = g_new0(char *, row->n + 1);
    for (guint i = 0; i < row->n; i++)
        cells[i] = g_strdup(row->field[i]);
    g_ptr_array_add(rows, cells);
}

const GPtrArray *sv_intake_rows(const char *resource)
{
    static GMutex lock;
    static GHashTable *known;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
    if (!known)
        known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *rows = g_hash_table_lookup(known, resource);
    if (rows)
        return rows;
    rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    sv_table_visit(sv_source_data_get_resource(), resource, add_row, rows);
    g_hash_table_insert(known, g_strdup(resource), rows);
    return rows;
}
