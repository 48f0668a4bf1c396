/* Repair of Telegram Desktop's JSON, in one pass over the bytes.
 *
 * The exporter writes control characters as "\xNN" and, in some versions, values without quotes
 * (`"document_id": video_files/1.webm`). The pass knows two states, inside a string and outside; what is fine
 * is copied in whole stretches, and nothing is copied before the first repair. Does not: mend a document that
 * is cut off; the reader keeps what came before. */
#include "telegram_repair.h"
#include <string.h>

typedef struct {
    const char *json;
    gsize len, at; /* where the pass stands */
    gsize kept;    /* up to here everything is in `out` */
    GString *out;
    guint repairs;
} Pass;

/* Puts `with` in the place of json[at … at + n). */
static void replace(Pass *p, gsize n, const char *with)
{
    if (!p->out)
        p->out = g_string_sized_new(p->len + 64);
    g_string_append_len(p->out, p->json + p->kept, (gssize)(p->at - p->kept));
    g_string_append(p->out, with);
    p->at += n;
    p->kept = p->at;
    p->repairs++;
}

static void take_escape(Pass *p)
{
    const char *s = p->json + p->at;
    gsize left = p->len - p->at;
    if (left < 2) {
        p->at++;
        return;
    }
    if (s[1] == 'x' && left >= 4 && g_ascii_isxdigit(s[2]) && g_ascii_isxdigit(s[3])) {
        char u[8];
        g_snprintf(u, sizeof u, "\\u00%c%c", s[2], s[3]);
        replace(p, 4, u);
        return;
    }
    gboolean known = s[1] != 0 && strchr("\"\\/bfnrt", s[1]) != NULL;
    if (s[1] == 'u' && left >= 6)
        known = g_ascii_isxdigit(s[2]) && g_ascii_isxdigit(s[3]) && g_ascii_isxdigit(s[4]) &&
                g_ascii_isxdigit(s[5]);
    if (known)
        p->at += 2;
    else
        replace(p, 1, "\\\\");
}

static void take_string(Pass *p)
{
    for (p->at++; p->at < p->len;) {
        guchar c = (guchar)p->json[p->at];
        if (c == '"') {
            p->at++;
            return;
        }
        if (c == '\\') {
            take_escape(p);
        } else if (c < 0x20) {
            char u[8];
            g_snprintf(u, sizeof u, "\\u%04x", c);
            replace(p, 1, u);
        } else {
            p->at++;
        }
    }
}

static gboolean is_plain(const char *s, gsize n)
{
    if ((n == 4 && (memcmp(s, "true", 4) == 0 || memcmp(s, "null", 4) == 0)) ||
        (n == 5 && memcmp(s, "false", 5) == 0))
        return TRUE;
    gsize i = *s == '-';
    if (i >= n || !g_ascii_isdigit(s[i]) || (s[i] == '0' && i + 1 < n && g_ascii_isdigit(s[i + 1])))
        return FALSE;
    while (i < n && (g_ascii_isdigit(s[i]) || strchr("+-.eE", s[i])))
        i++;
    return i == n && g_ascii_isdigit(s[n - 1]);
}

static void take_bare(Pass *p)
{
    const char *s = p->json + p->at;
    gsize left = p->len - p->at, n = 0;
    while (n < left && !strchr(",]}\n\r\"", s[n] ? s[n] : '"'))
        n++;
    while (n > 1 && g_ascii_isspace(s[n - 1]))
        n--;
    if (n == 0) { /* a NUL */
        replace(p, 1, " ");
        return;
    }
    if (is_plain(s, n)) {
        p->at += n;
        return;
    }
    g_autoptr(GString) quoted = g_string_new("\"");
    for (gsize i = 0; i < n; i++) {
        if (s[i] == '\\')
            g_string_append_c(quoted, '\\');
        if ((guchar)s[i] >= 0x20)
            g_string_append_c(quoted, s[i]);
    }
    g_string_append_c(quoted, '"');
    replace(p, n, quoted->str);
}

static void take_comma(Pass *p)
{
    gsize i = p->at + 1;
    while (i < p->len && g_ascii_isspace(p->json[i]))
        i++;
    if (i < p->len && (p->json[i] == ']' || p->json[i] == '}'))
        replace(p, 1, "");
    else
        p->at++;
}

GString *sv_telegram_repair(const char *json, gsize len, guint *repairs)
{
    Pass p = {.json = json, .len = len};
    while (p.at < len) {
        char c = json[p.at];
        if (c == '"')
            take_string(&p);
        else if (c == ',')
            take_comma(&p);
        else if (g_ascii_isspace(c) || c == '{' || c == '}' || c == '[' || c == ']' || c == ':')
            p.at++;
        else
            take_bare(&p);
    }
    if (p.out)
        g_string_append_len(p.out, json + p.kept, (gssize)(len - p.kept));
    *repairs = p.repairs;
    return p.out;
}
