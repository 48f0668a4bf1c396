/* Refuses requests that another program on the way could read in another way.
 *
 * The library takes a bare LF for an end of line, folds continued lines and takes the first of several
 * lengths. It cuts the header block in place, so that in a block whose lines end in CRLF each name begins two
 * bytes behind the end of the value before it, and the first one behind the version: that is compared. This
 * knowledge of the inside holds for libmicrohttpd 0.9.75 to 0.9.77; later ones refuse such line ends
 * themselves. Only addresses are compared; four bytes are read behind the last value, where at least an end
 * of line and an empty line were. */
#include "http_parts.h"
#include <string.h>

typedef struct {
    const char *next; /* where the next name must begin; NULL: not known */
    guint hosts, lengths, encodings;
    const char *length;
    gboolean bad;
} Look;

/* Characters of a method and of a header's name (RFC 9110 §5.6.2). */
static gboolean is_token(const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        if (!g_ascii_isalnum(text[i]) && (!text[i] || !strchr("!#$%&'*+-.^_`|~", text[i])))
            return FALSE;
    }
    return len > 0;
}

static gboolean is_value(const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static enum MHD_Result look_at(void *data, enum MHD_ValueKind kind, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
    Look *look = data;
    if (!value || !is_token(name, name_len) || !is_value(value, value_len) ||
        (look->next && name != look->next)) {
        look->bad = TRUE;
        return MHD_NO;
    }
    if (look->next)
        look->next = value + value_len + 2;
    if (name_len == 4 && g_ascii_strncasecmp(name, "Host", 4) == 0) {
        look->hosts++;
    } else if (name_len == 14 && g_ascii_strncasecmp(name, "Content-Length", 14) == 0) {
        look->lengths++;
        look->length = value;
    } else if (name_len == 17 && g_ascii_strncasecmp(name, "Transfer-Encoding", 17) == 0) {
        look->encodings++;
    }
    return MHD_YES;
}

static gboolean lines_are_known(void)
{
    const char *version = MHD_get_version();
    return strncmp(version, "0.9.7", 5) == 0 && version[5] >= '5' && version[5] <= '7';
}

static gboolean read_length(const char *text, guint64 *length)
{
    *length = 0;
    for (const char *p = text; *p; p++) {
        if (!g_ascii_isdigit(*p) || p - text > 17)
            return FALSE;
        *length = *length * 10 + (guint64)(*p - '0');
    }
    return *text != '\0';
}

int sv_request_check(const SvHttpRequest *request, const char *version, guint64 *length)
{
    *length = 0;
    gboolean newer = strcmp(version, "HTTP/1.1") == 0;
    if (!newer && strcmp(version, "HTTP/1.0") != 0)
        return g_str_has_prefix(version, "HTTP/") ? 505 : 400;
    gsize method_len = strlen(request->method);
    if (!request->path || !is_token(request->method, method_len) ||
        request->raw_target != request->method + method_len + 1 || version != request->raw_end + 1)
        return 400;
    Look look = {.next = lines_are_known() ? version + strlen(version) + 2 : NULL};
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, look_at, &look);
    if (look.bad || look.hosts > 1 || (newer && look.hosts == 0) || look.lengths > 1)
        return 400;
    if (look.next && memcmp(look.next - 2, "\0\0\0\0", 4) != 0)
        return 400;
    if (look.encodings)
        return look.lengths ? 400 : 411;
    return look.length && !read_length(look.length, length) ? 400 : 0;
}
