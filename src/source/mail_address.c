/* Address lists of letters: see mail_header.h.
 *
 * How it works: one pass over the value in UTF-8. Text before "<" is a name, text in "<>" an address, a
 * comment in parentheses a name when there is no other; "," and ";" end an address, a ":" outside of an
 * address ends the name of a group. Encoded words are stepped over whole, because a comma may stand in them.
 *
 * It keeps true: at most SV_MAX_ADDRESSES, linear time. It does not check that an address can exist. */
#include "mail_header.h"
#include "charset.h"
#include "message.h"
#include "sv_limits.h"
#include <string.h>

typedef struct {
    GString *phrase, *angle, *comment;
    gboolean has_angle;
} Mailbox;

/* Quotes and apostrophes around a name are dropped; NULL when nothing is left. */
static char *clean_name(const char *raw, gsize len)
{
    char *name = sv_mail_header_decode(raw, len);
    gsize n = strlen(name);
    while (n > 1 && (*name == '\'' || *name == '"') && name[n - 1] == *name) {
        memmove(name, name + 1, n - 2);
        name[n -= 2] = 0;
        g_strstrip(name);
        n = strlen(name);
    }
    if (n == 0)
        g_clear_pointer(&name, g_free);
    return name;
}

static char *clean_address(const GString *raw)
{
    GString *s = g_string_sized_new(raw->len + 1);
    const char *p = raw->str, *colon;
    if (*p == '@' && (colon = strchr(p, ':'))) /* a source route of old */
        p = colon + 1;
    if (g_ascii_strncasecmp(p, "mailto:", 7) == 0)
        p += 7;
    for (; *p; p++)
        if ((guchar)*p > ' ' && *p != '"' && *p != '<' && *p != '>')
            g_string_append_c(s, *p);
    return g_string_free(s, s->len == 0);
}

static void finish(Mailbox *m, GPtrArray *out)
{
    g_autofree char *name = NULL, *address = NULL;
    g_strstrip(m->phrase->str);
    m->phrase->len = strlen(m->phrase->str);
    if (m->has_angle) {
        address = clean_address(m->angle);
        name = clean_name(m->phrase->str, m->phrase->len);
    } else if (strchr(m->phrase->str, '@') && !strchr(m->phrase->str, ' ')) {
        address = clean_address(m->phrase);
    } else {
        name = clean_name(m->phrase->str, m->phrase->len);
        const char *at = name ? strchr(name, '@') : NULL;
        if (at && !strchr(name, ' '))
            address = g_steal_pointer(&name);
    }
    if (!name && m->comment->len > 0)
        name = clean_name(m->comment->str, m->comment->len);
    if (name && address && g_ascii_strcasecmp(name, address) == 0)
        g_clear_pointer(&name, g_free);
    if ((name || address) && out->len < SV_MAX_ADDRESSES)
        g_ptr_array_add(out, sv_address_new(name, address));
    g_string_truncate(m->phrase, 0);
    g_string_truncate(m->angle, 0);
    g_string_truncate(m->comment, 0);
    m->has_angle = FALSE;
}

/* Behind an encoded word at p, or p when there is none. */
static const char *skip_word(const char *p, const char *end)
{
    const char *stop = MIN(end, p + 2000), *q = p + 2;
    if (stop - p < 8 || p[0] != '=' || p[1] != '?')
        return p;
    for (int marks = 0; marks < 2; q++) {
        if (q >= stop || *q == ' ')
            return p;
        marks += *q == '?';
    }
    for (; q + 1 < stop; q++) {
        if (q[0] == '?' && q[1] == '=')
            return q + 2;
        if (*q == '<' || *q == '"')
            return p;
    }
    return p;
}

/* A quoted string at p ('"' first) into `out`; behind it, or NULL when it has no end. */
static const char *take_quoted(const char *p, const char *end, GString *out)
{
    gsize before = out->len;
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        g_string_append_c(out, *p);
    }
    if (p < end)
        return p + 1;
    g_string_truncate(out, before);
    return NULL;
}

static const char *take_comment(const char *p, const char *end, GString *out)
{
    guint depth = 0;
    gsize before = out->len;
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == '(' && depth++ == 0)
            continue;
        else if (*p == ')' && --depth == 0)
            return p + 1;
        g_string_append_c(out, *p);
    }
    g_string_truncate(out, before);
    return NULL;
}

void sv_mail_header_addresses(const char *raw, gsize len, GPtrArray *out)
{
    len = MIN(len, SV_MAX_HEADERS);
    g_autofree char *utf8 = g_utf8_validate_len(raw, len, NULL) ? NULL : sv_charset_to_utf8(raw, len, NULL);
    const char *p = utf8 ? utf8 : raw, *end = p + (utf8 ? strlen(utf8) : len), *next;
    g_autoptr(GString) phrase = g_string_sized_new(128), angle = g_string_sized_new(64),
                       comment = g_string_sized_new(64);
    Mailbox m = {phrase, angle, comment, FALSE};
    gboolean quotes = TRUE, comments = TRUE; /* until one is found to have no end */
    while (p < end && out->len < SV_MAX_ADDRESSES) {
        if (*p == '=' && (next = skip_word(p, end)) > p) {
            g_string_append_len(phrase, p, next - p);
            p = next;
        } else if (*p == '"' && quotes) {
            next = take_quoted(p, end, phrase);
            quotes = next != NULL;
            p = next ? next : p + 1;
        } else if (*p == '(' && comments) {
            next = take_comment(p, end, comment);
            comments = next != NULL;
            p = next ? next : p + 1;
        } else if (*p == '<') {
            g_string_truncate(angle, 0);
            for (p++; p < end && *p != '>' && *p != ',' && *p != '<'; p++)
                g_string_append_c(angle, *p);
            m.has_angle = TRUE;
            p += p < end && *p == '>';
        } else if (*p == ',' || *p == ';') {
            finish(&m, out);
            p++;
        } else {
            if (*p == ':' && !strchr(phrase->str, '@'))
                g_string_truncate(phrase, 0);
            else if (!g_ascii_isspace(*p))
                g_string_append_c(phrase, *p);
            else if (phrase->len > 0 && phrase->str[phrase->len - 1] != ' ')
                g_string_append_c(phrase, ' ');
            p++;
        }
    }
    finish(&m, out);
}
