/* Small work on the text of letters: see letter_text.h. Every function is linear in its text. */
#include "letter_text.h"
#include "intake.h"
#include "utf8.h"
#include <string.h>

#define MAX_STUB 600u /* bytes of a text that may be a stub, links apart */

void sv_letter_text_lines(char *text)
{
    char *to = strchr(text, '\r');
    if (!to)
        return;
    for (const char *from = to; *from; from++) {
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    }
    *to = 0;
}

char *sv_letter_text_unflow(const char *text, gboolean delsp)
{
    GString *s = g_string_sized_new(strlen(text) + 16);
    gboolean flowing = FALSE;
    guint last_depth = 0;
    for (const char *p = text; *p;) {
        guint depth = 0;
        for (; *p == '>'; p++)
            depth++;
        if (*p == ' ') /* stuffed */
            p++;
        gsize n = strcspn(p, "\n");
        gboolean signature = n == 3 && memcmp(p, "-- ", 3) == 0;
        if (flowing && (depth != last_depth || signature)) { /* a paragraph ends where quotation changes */
            g_string_append_c(s, '\n');
            flowing = FALSE;
        }
        if (!flowing)
            for (guint i = 0; i < depth; i++)
                g_string_append(s, i + 1 < depth || n > 0 ? "> " : ">");
        flowing = n > 0 && p[n - 1] == ' ' && !signature;
        g_string_append_len(s, p, (gssize)(flowing && delsp ? n - 1 : n));
        if (!flowing)
            g_string_append_c(s, '\n');
        last_depth = depth;
        p += n;
        p += *p == '\n';
    }
    return g_string_free(s, FALSE);
}

gboolean sv_letter_text_is_stub(const char *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    gboolean any = FALSE;
    for (const char *p = text; *p;) {
        gsize n = strcspn(p, " \t\n");
        if (n > 0 && !g_str_has_prefix(p, "http") && !g_str_has_prefix(p, "<http") &&
            !g_str_has_prefix(p, "[http")) {
            g_string_append_len(words, p, (gssize)n);
            g_string_append_c(words, ' ');
        }
        if (words->len > MAX_STUB)
            return FALSE;
        p += n;
        p += *p != 0;
    }
    g_autofree char *folded = sv_utf8_fold(words->str, (gssize)words->len);
    for (const char *p = folded; *p && !any; p = g_utf8_next_char(p))
        any = sv_utf8_is_word(g_utf8_get_char(p));
    if (!any)
        return TRUE;
    const GPtrArray *phrases = sv_intake_rows("/svodka/source/browser_stubs.tsv");
    for (guint i = 0; i < phrases->len; i++) {
        const GStrv row = g_ptr_array_index(phrases, i);
        if (strstr(folded, row[0]))
            return TRUE;
    }
    return FALSE;
}

/* Marks of direction turn "fdp.exe" round. */
static gboolean is_name_char(gunichar c)
{
    return c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && !(c >= 0x200B && c <= 0x200F) &&
        !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069) && c != 0xFEFF;
}

char *sv_letter_text_file_name(const char *path)
{
    GString *s = g_string_new(NULL);
    for (const char *p = path; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\\')
            g_string_truncate(s, 0);
        else if (is_name_char(c) && s->len < 250)
            g_string_append_unichar(s, c == '/' ? '_' : c);
    }
    char *name = g_strstrip(g_string_free(s, FALSE));
    if (!*name)
        g_clear_pointer(&name, g_free);
    return name;
}
