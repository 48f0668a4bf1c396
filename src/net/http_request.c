/* A request, as a handler sees it.
 *
 * The target is copied once, cut at "?" and decoded in place; a short one needs no allocation. Headers stay
 * where the library keeps them and are looked up when asked for; cookies, fields and files are read at the
 * first question and kept until the request ends. A request can also be made of its parts, for tests; then
 * headers are its own.
 *
 * Always true of a request that a handler sees: the path begins with "/", is valid UTF-8 without NUL and
 * control characters and has no "." or ".." segment; parameters are valid UTF-8 without NUL. */
#include "http_parts.h"
#include "utf8.h"
#include <arpa/inet.h>

/* Caches are filled behind a const request: the question changes nothing that can be seen. */
static SvHttpRequest *inside(const SvHttpRequest *request)
{
    return (SvHttpRequest *)request;
}

const char *sv_request_method(const SvHttpRequest *request)
{
    return strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
}

const char *sv_request_path(const SvHttpRequest *request)
{
    return request->path;
}

const char *sv_request_query(const SvHttpRequest *request, const char *name)
{
    return sv_pairs_find(&request->query, name);
}

gboolean sv_request_query_at(const SvHttpRequest *request, guint n, const char **name, const char **value)
{
    if (!request->query.list || n >= request->query.list->len)
        return FALSE;
    const SvPair *pair = &g_array_index(request->query.list, SvPair, n);
    *name = pair->name;
    *value = pair->value;
    return TRUE;
}

const char *sv_request_header(const SvHttpRequest *request, const char *name)
{
    if (request->connection)
        return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
    for (char **header = request->headers; header && header[0]; header += 2) {
        if (g_ascii_strcasecmp(header[0], name) == 0)
            return header[1];
    }
    return NULL;
}

const char *sv_request_cookie(const SvHttpRequest *request, const char *name)
{
    if (!request->cookies_read) {
        const char *header = sv_request_header(request, "Cookie");
        if (header)
            sv_pairs_parse_cookies(&inside(request)->cookies, header);
        inside(request)->cookies_read = TRUE;
    }
    return sv_pairs_find(&request->cookies, name);
}

/* ── the peer ── */

static void write_address(SvHttpRequest *request)
{
    g_strlcpy(request->peer, "127.0.0.1", sizeof request->peer);
    if (!request->connection)
        return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(
            AF_INET, &((const struct sockaddr_in *)address)->sin_addr, request->peer, sizeof request->peer);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, request->peer,
            sizeof request->peer);
}

static gboolean is_near(const char *peer)
{
    return strcmp(peer, "127.0.0.1") == 0 || strcmp(peer, "::1") == 0;
}

/* Who is the peer according to the proxy beside us: it adds the address it sees at the end. */
static void believe_proxy(SvHttpRequest *request)
{
    const char *forwarded = sv_request_header(request, "X-Forwarded-For");
    if (!forwarded)
        return;
    const char *last = strrchr(forwarded, ',');
    g_autofree char *address = g_strstrip(g_strdup(last ? last + 1 : forwarded));
    guchar scratch[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, address, scratch) == 1 || inet_pton(AF_INET6, address, scratch) == 1)
        g_strlcpy(request->peer, address, sizeof request->peer);
}

const char *sv_request_peer(const SvHttpRequest *request)
{
    if (!*request->peer) {
        write_address(inside(request));
        if (request->trust_proxy && is_near(request->peer))
            believe_proxy(inside(request));
    }
    return request->peer;
}

gboolean sv_request_secure(const SvHttpRequest *request)
{
    SvHttpRequest near = {.connection = request->connection};
    write_address(&near);
    const char *scheme = request->trust_proxy ? sv_request_header(request, "X-Forwarded-Proto") : NULL;
    return scheme && is_near(near.peer) && g_ascii_strcasecmp(scheme, "https") == 0;
}

/* ── the body ── */

const char *sv_request_body(const SvHttpRequest *request, gsize *len)
{
    *len = request->body ? request->body->len - 1 : 0;
    return request->body ? (const char *)request->body->data : "";
}

static void read_form(SvHttpRequest *request)
{
    static const char urlencoded[] = "application/x-www-form-urlencoded";
    request->form_read = TRUE;
    const char *type = sv_request_header(request, "Content-Type");
    gsize len;
    const char *body = sv_request_body(request, &len);
    if (type && g_ascii_strncasecmp(type, urlencoded, sizeof urlencoded - 1) == 0)
        sv_pairs_parse_query(&request->fields, body, len);
    else
        request->parts = sv_form_parse(type, body, len);
}

const char *sv_request_field(const SvHttpRequest *request, const char *name)
{
    if (!request->form_read)
        read_form(inside(request));
    for (guint i = 0; request->parts && i < request->parts->len; i++) {
        const SvPart *part = request->parts->pdata[i];
        if (part->value && strcmp(part->name, name) == 0)
            return part->value;
    }
    return sv_pairs_find(&request->fields, name);
}

gboolean sv_request_file(
    const SvHttpRequest *request, guint i, const char **name, const char **bytes, gsize *len)
{
    if (!request->form_read)
        read_form(inside(request));
    for (guint k = 0; request->parts && k < request->parts->len; k++) {
        const SvPart *part = request->parts->pdata[k];
        if (!part->file || i-- > 0)
            continue;
        *name = part->file;
        *bytes = part->bytes;
        *len = part->len;
        return TRUE;
    }
    return FALSE;
}

/* ── the target ── */

/* "http://host/path" is how a proxy is asked: what lies behind the host. */
static const char *origin_form(const char *target)
{
    if (*target == '/')
        return target;
    const char *host = g_ascii_strncasecmp(target, "http://", 7) == 0    ? target + 7
                       : g_ascii_strncasecmp(target, "https://", 8) == 0 ? target + 8
                                                                         : NULL;
    return host ? strchr(host, '/') : NULL;
}

/* Visible ASCII only: everything else must come percent-encoded. "#" never leaves a browser. Many programs
 * send UTF-8 as it is; whether it is well-formed is looked at after decoding. */
static gboolean is_plain(const char *target)
{
    for (const guchar *p = (const guchar *)target; *p; p++) {
        if (*p <= 0x20 || *p == 0x7f || *p == '#')
            return FALSE;
    }
    return TRUE;
}

static gboolean is_path(const char *path, gsize len)
{
    if (sv_utf8_valid_to(path, path + len) != path + len)
        return FALSE;
    for (const char *p = path; p < path + len; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7f)
            return FALSE;
        if (p[0] != '/' || p[1] != '.')
            continue;
        const char *after = p[2] == '.' ? p + 3 : p + 2;
        if (*after == '/' || *after == '\0')
            return FALSE;
    }
    return TRUE;
}

void sv_request_set_target(SvHttpRequest *request, const char *target)
{
    request->path = NULL;
    const char *from = target && is_plain(target) ? origin_form(target) : NULL;
    if (!from)
        return;
    gsize len = strlen(from);
    request->target = len < sizeof request->short_target ? request->short_target : g_malloc(len + 1);
    memcpy(request->target, from, len + 1);
    char *query = strchr(request->target, '?');
    if (query) {
        *query++ = '\0';
        sv_pairs_parse_query(&request->query, query, strlen(query));
        if (request->query.bad)
            return;
    }
    gsize n = sv_percent_decode(request->target, strlen(request->target), FALSE);
    request->target[n] = '\0';
    if (is_path(request->target, n))
        request->path = request->target;
}

/* ── from request to request ── */

void sv_request_reset(SvHttpRequest *request)
{
    if (request->target != request->short_target)
        g_free(request->target);
    sv_pairs_clear(&request->query);
    sv_pairs_clear(&request->cookies);
    sv_pairs_clear(&request->fields);
    g_clear_pointer(&request->parts, g_ptr_array_unref);
    g_clear_pointer(&request->body, g_byte_array_unref);
    request->target = NULL;
    request->path = request->method = request->raw_target = NULL;
    request->cookies_read = request->form_read = request->begun = FALSE;
    request->refused = 0;
    *request->peer = '\0';
}

SvHttpRequest *sv_request_make(
    const char *method, const char *url, const char *const *headers, const char *body, gsize len)
{
    SvHttpRequest *request = g_new0(SvHttpRequest, 1);
    request->method = g_intern_string(method);
    request->headers = g_strdupv((char **)headers);
    sv_request_set_target(request, url);
    if (body) {
        request->body = g_byte_array_sized_new((guint)len + 1);
        g_byte_array_append(request->body, (const guint8 *)body, (guint)len);
        g_byte_array_append(request->body, (const guint8 *)"", 1);
    }
    if (!request->path)
        g_clear_pointer(&request, sv_request_free);
    return request;
}

void sv_request_free(SvHttpRequest *request)
{
    if (!request)
        return;
    sv_request_reset(request);
    g_strfreev(request->headers);
    g_free(request);
}
