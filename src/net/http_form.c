/* multipart/form-data: the parts of a form with files.
 *
 * The body is walked once from delimiter to delimiter (memmem, which is linear); files are not copied, they
 * stay where they are in the body. Boundary, number of parts and header block of a part are bounded. A part
 * without a name, with an overlong header block or, for a field, with text that is no UTF-8 is left out; the
 * rest is read. A last part without its closing delimiter is left out: it may be cut. Nested multiparts are
 * not looked into. */
#include "http_parts.h"
#include "utf8.h"

#define BOUNDARY_MAX 70u /* RFC 2046 */

static void part_free(gpointer data)
{
    SvPart *part = data;
    g_free(part->name);
    g_free(part->value);
    g_free(part->file);
    g_free(part);
}

/* The value of a parameter ("name=") of a header value from…to: quoted or bare, newly allocated; NULL when
 * absent. Browsers write a quote inside as %22, others as \". A file name of old browsers holds plain
 * backslashes, so that only \" and \\ are undone. */
static char *parameter(const char *from, const char *to, const char *name)
{
    gsize n = strlen(name);
    const char *at = from;
    while ((at = memchr(at, ';', (gsize)(to - at)))) {
        at++;
        while (at < to && (*at == ' ' || *at == '\t'))
            at++;
        gboolean ours = (gsize)(to - at) > n && g_ascii_strncasecmp(at, name, n) == 0 && at[n] == '=';
        while (at < to && *at != '=' && *at != ';')
            at++;
        if (at == to || *at == ';')
            continue;
        g_autoptr(GString) value = g_string_new(NULL);
        at++;
        if (at < to && *at == '"') {
            for (at++; at < to && *at != '"'; at++) {
                if (*at == '\\' && to - at > 1 && (at[1] == '"' || at[1] == '\\'))
                    at++;
                g_string_append_c(value, *at);
            }
        } else {
            while (at < to && *at != ';' && *at != ' ')
                g_string_append_c(value, *at++);
        }
        if (ours)
            return g_string_free(g_steal_pointer(&value), FALSE);
        if (at == to)
            return NULL;
    }
    return NULL;
}

/* The delimiter "\r\n--boundary" of a Content-Type, newly allocated; NULL when it is no form or a wrong
 * boundary. */
static char *delimiter_of(const char *type)
{
    static const char multipart[] = "multipart/form-data";
    if (!type || g_ascii_strncasecmp(type, multipart, sizeof multipart - 1) != 0)
        return NULL;
    g_autofree char *boundary = parameter(type, type + strlen(type), "boundary");
    if (!boundary || !*boundary || strlen(boundary) > BOUNDARY_MAX)
        return NULL;
    return g_strconcat("\r\n--", boundary, NULL);
}

/* %22, %0D and %0A are how browsers write a quote and a line break of a name. */
static void undo_browser(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++) {
        if (p[0] == '%' && (strncmp(p, "%22", 3) == 0 || g_ascii_strncasecmp(p, "%0d", 3) == 0 ||
                               g_ascii_strncasecmp(p, "%0a", 3) == 0)) {
            *out++ = p[2] == '2' ? '"' : ' ';
            p += 2;
        } else {
            *out++ = *p;
        }
    }
    *out = '\0';
}

/* A file's name without folders and control characters, valid UTF-8, not endless; takes `name`. */
static char *plain_name(char *name)
{
    g_autofree char *taken = name;
    undo_browser(taken);
    g_autofree char *valid = sv_utf8_clean(taken, strlen(taken));
    const char *start = valid;
    for (const char *p = valid; *p; p++) {
        if (*p == '/' || *p == '\\')
            start = p + 1;
    }
    char *plain = g_strdup(start);
    for (char *p = plain; *p; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7f)
            *p = '_';
    }
    gsize len = strlen(plain);
    if (len > SV_HTTP_FILE_NAME)
        plain[sv_utf8_floor(plain, SV_HTTP_FILE_NAME)] = '\0';
    return plain;
}

/* "UTF-8''%D0%B0.eml" (RFC 5987) */
static char *extended_name(const char *text)
{
    const char *quote = strchr(text, '\'');
    quote = quote ? strchr(quote + 1, '\'') : NULL;
    if (!quote || g_ascii_strncasecmp(text, "utf-8'", 6) != 0)
        return NULL;
    char *name = g_strdup(quote + 1);
    gsize len = sv_percent_decode(name, strlen(name), FALSE);
    name[len] = '\0';
    return name;
}

/* The value of Content-Disposition in a header block; NULL when absent. */
static const char *disposition(const char *from, const char *to, const char **end)
{
    static const char name[] = "content-disposition:";
    while (from < to) {
        const char *stop = memmem(from, (gsize)(to - from), "\r\n", 2);
        if (!stop)
            stop = to;
        if ((gsize)(stop - from) >= sizeof name - 1 &&
            g_ascii_strncasecmp(from, name, sizeof name - 1) == 0) {
            *end = stop;
            return from + sizeof name - 1;
        }
        from = stop < to ? stop + 2 : to;
    }
    return NULL;
}

/* Reads a part from…to (headers, empty line, content) and keeps it when it is one. */
static void read_part(GPtrArray *parts, const char *from, const char *to)
{
    gsize window = MIN((gsize)(to - from), SV_HTTP_PART_HEADERS);
    const char *blank = memmem(from, window, "\r\n\r\n", 4), *end = NULL;
    const char *value = blank ? disposition(from, blank, &end) : NULL;
    g_autofree char *name = value ? parameter(value, end, "name") : NULL;
    if (!name)
        return;
    undo_browser(name);
    const char *content = blank + 4;
    gsize len = (gsize)(to - content);
    g_autofree char *file = parameter(value, end, "filename");
    g_autofree char *extended = parameter(value, end, "filename*");
    char *better = extended ? extended_name(extended) : NULL;
    if (better) {
        g_free(file);
        file = better;
    }
    if (file && !*file && len == 0) /* a file field that was left empty */
        return;
    if (!g_utf8_validate(name, -1, NULL) || (!file && sv_utf8_valid_to(content, to) != to))
        return;
    SvPart *part = g_new0(SvPart, 1);
    part->name = g_steal_pointer(&name);
    part->file = file ? plain_name(g_steal_pointer(&file)) : NULL;
    part->value = part->file ? NULL : g_strndup(content, len);
    part->bytes = content;
    part->len = len;
    g_ptr_array_add(parts, part);
}

GPtrArray *sv_form_parse(const char *type, const char *body, gsize len)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
    g_autofree char *delimiter = delimiter_of(type);
    if (!delimiter)
        return parts;
    gsize n = strlen(delimiter);
    const char *end = body + len, *at;
    if (len >= n - 2 && memcmp(body, delimiter + 2, n - 2) == 0)
        at = body + n - 2;
    else if ((at = memmem(body, len, delimiter, n)))
        at += n;
    while (at && parts->len < SV_HTTP_PARTS && end - at >= 2 && memcmp(at, "--", 2) != 0) {
        const char *line = memmem(at, MIN((gsize)(end - at), BOUNDARY_MAX), "\r\n", 2);
        /* the line break of the delimiter may also begin the next one: an empty part */
        const char *next = line ? memmem(line, (gsize)(end - line), delimiter, n) : NULL;
        if (!next)
            break;
        if (next > line)
            read_part(parts, line + 2, next);
        at = next + n;
    }
    return parts;
}
