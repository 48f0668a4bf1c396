/* Safe pieces of HTML: see html.h. */
#include "html.h"
#include "utf8.h"
#include <string.h>

static gboolean is_forbidden(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE ||
           (c >= 0xFDD0 && c <= 0xFDEF);
}

void sv_html_add_len(GString *out, const char *text, gsize len)
{
    for (const char *p = text, *end = text + len; p < end;) {
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        if (c == '&')
            g_string_append(out, "&amp;");
        else if (c == '<')
            g_string_append(out, "&lt;");
        else if (c == '>')
            g_string_append(out, "&gt;");
        else if (c == '"')
            g_string_append(out, "&quot;");
        else if (c == '\'')
            g_string_append(out, "&#39;");
        else if (c == 0xFFFD || is_forbidden(c))
            g_string_append(out, "\xEF\xBF\xBD");
        else
            g_string_append_len(out, p, n);
        p += n;
    }
}

void sv_html_add(GString *out, const char *text)
{
    sv_html_add_len(out, text, strlen(text));
}

char *sv_html_digest(const char *text, gsize len)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)text, (gssize)len);
    guint8 digest[32];
    gsize size = sizeof digest;
    g_checksum_get_digest(checksum, digest, &size);
    g_autofree char *base64 = g_base64_encode(digest, size);
    return g_strconcat("sha256-", base64, NULL);
}
