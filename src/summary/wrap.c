/* Text laid out in columns: see wrap.h.
 *
 * Words are measured in columns, not bytes. A word longer than a line is cut at a character. When the lines
 * are limited, the last one is shortened until the tail fits; no stop or comma is left before the tail. */
#include "wrap.h"
#include "utf8.h"
#include <string.h>

#define MIN_TEXT 16 /* columns of text that a narrow window still gets */

static gboolean is_unsafe(gunichar c)
{
    return (c < 0x20) || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static int columns_of(gunichar c)
{
    if (c < 0x300 || (c >= 0x400 && c < 0x483)) /* Latin and Russian letters, quickly */
        return 1;
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

int sv_wrap_columns(const char *text, gsize len)
{
    int n = 0;
    for (const char *p = text, *end = text + len; p < end;) {
        guint bytes;
        gunichar c = sv_utf8_get(p, end, &bytes);
        n += is_unsafe(c) ? 0 : columns_of(c);
        p += bytes;
    }
    return n;
}

/* The text without unsafe characters, as words. */
static char **words_of(const char *text)
{
    GStrvBuilder *words = g_strv_builder_new();
    g_autoptr(GString) word = g_string_new(NULL);
    const char *end = text + strlen(text);
    for (const char *p = text; p <= end;) {
        guint bytes = 1;
        gunichar c = p < end ? sv_utf8_get(p, end, &bytes) : ' ';
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            if (word->len)
                g_strv_builder_add(words, word->str);
            g_string_truncate(word, 0);
        } else if (c == 0xA0) {
            g_string_append_c(word, ' ');
        } else if (!is_unsafe(c)) {
            char utf8[6];
            g_string_append_len(word, utf8, sv_utf8_put(c, utf8));
        }
        p += bytes;
    }
    char **list = g_strv_builder_end(words);
    g_strv_builder_unref(words);
    return list;
}

/* Bytes of the longest start of a word that fits into `columns`, at least one character. */
static gsize fitting(const char *word, int columns)
{
    const char *p = word;
    for (int used = 0; *p; p = g_utf8_next_char(p)) {
        used += columns_of(g_utf8_get_char(p));
        if (used > columns && p > word)
            break;
    }
    return (gsize)(p - word);
}

static void end_line(GPtrArray *lines, GString *line)
{
    g_ptr_array_add(lines, g_strndup(line->str, line->len));
    g_string_truncate(line, 0);
}

/* Fills lines; the first may have another room than the rest. */
static GPtrArray *fill_lines(char **words, int first_room, int rest_room)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) line = g_string_new(NULL);
    int used = 0;
    for (char **w = words; *w; w++) {
        const char *word = *w;
        int columns = sv_wrap_columns(word, strlen(word));
        int room = lines->len ? rest_room : first_room;
        if (used && used + 1 + columns > room) {
            end_line(lines, line);
            used = 0;
            room = rest_room;
        }
        while (columns > room && !used) {
            gsize n = fitting(word, room);
            g_string_append_len(line, word, (gssize)n);
            end_line(lines, line);
            word += n;
            columns = sv_wrap_columns(word, strlen(word));
            room = rest_room;
        }
        if (!*word)
            continue;
        if (used)
            g_string_append_c(line, ' ');
        g_string_append(line, word);
        used += columns + (used ? 1 : 0);
    }
    if (line->len || !lines->len)
        end_line(lines, line);
    return lines;
}

/* Cuts the lines to the allowed number, the last one shortened by whole words where it can be. */
static void cut_lines(GPtrArray *lines, const SvWrap *wrap, int room)
{
    if (wrap->max_lines <= 0 || lines->len <= (guint)wrap->max_lines)
        return;
    const char *tail = wrap->tail ? wrap->tail : "…";
    g_ptr_array_set_size(lines, wrap->max_lines);
    char *last = lines->pdata[wrap->max_lines - 1];
    int free_columns = MAX(room - sv_wrap_columns(tail, strlen(tail)), 1);
    last[fitting(last, free_columns)] = 0;
    char *space = strrchr(last, ' ');
    if (space && space > last && sv_wrap_columns(last, strlen(last)) >= free_columns)
        *space = 0;
    gsize kept = strlen(last);
    while (kept > 1 && strchr(" .,;:-", last[kept - 1]))
        last[--kept] = 0;
    lines->pdata[wrap->max_lines - 1] = g_strconcat(last, tail, NULL);
    g_free(last);
}

/* The text of a line with words such as "[3]" or "[3][5]" shown faintly. */
static void add_styled(GString *out, const char *line, const SvWrap *wrap)
{
    if (wrap->style)
        g_string_append(out, wrap->style);
    const char *note = wrap->dim_notes ? strchr(line, '[') : NULL;
    while (note) {
        gsize n = strspn(note, "[]0123456789");
        g_string_append_len(out, line, note - line);
        g_string_append_printf(out, n > 2 ? "\033[2m%.*s\033[22m" : "%.*s", (int)n, note);
        line = note + n;
        note = strchr(line, '[');
    }
    g_string_append(out, line);
    if (wrap->style)
        g_string_append(out, "\033[0m");
}

void sv_wrap_add(GString *out, const char *text, const SvWrap *wrap)
{
    g_auto(GStrv) words = words_of(text);
    int first_room = MAX(wrap->width - wrap->first, MIN_TEXT),
        rest_room = MAX(wrap->width - wrap->rest, MIN_TEXT);
    g_autoptr(GPtrArray) lines = fill_lines(words, first_room, rest_room);
    cut_lines(lines, wrap, rest_room);
    for (guint i = 0; i < lines->len; i++) {
        int indent = i ? wrap->rest : wrap->first;
        const char *bullet = i == 0 && wrap->bullet ? wrap->bullet : "";
        int pad = MAX(indent - sv_wrap_columns(bullet, strlen(bullet)), 0);
        g_string_append_printf(out, "%*s%s", pad, "", bullet);
        add_styled(out, lines->pdata[i], wrap);
        g_string_append_c(out, '\n');
    }
}
