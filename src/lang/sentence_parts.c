/* Small recognisers of the sentence splitter: abbreviations, emoji, smileys, list markers. */
#include "sentence_parts.h"
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "utf8.h"

static void add_abbreviation(const SvListLine *line, gpointer user)
{
    SvAbbr kind = SV_ABBR_NEVER;
    if (g_str_equal(line->field[1], "maybe"))
        kind = SV_ABBR_MAYBE;
    else if (g_str_equal(line->field[1], "unit"))
        kind = SV_ABBR_UNIT;
    g_hash_table_insert(user, g_strdup(line->field[0]), GINT_TO_POINTER(kind));
}

SvAbbr sv_abbr_find(const char *word, gsize len)
{
    static gsize once;
    static GHashTable *table;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        sv_list_visit("abbreviations.tsv", add_abbreviation, table);
        g_once_init_leave(&once, 1);
    }
    char key[40];
    if (len == 0 || len > 24 || !sv_fold_into(word, len, key, sizeof key))
        return SV_ABBR_NONE;
    return (SvAbbr)GPOINTER_TO_INT(g_hash_table_lookup(table, key));
}

static gboolean is_emoji(gunichar c)
{
    return (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0x2600 && c <= 0x27BF) || c == 0x2B50 || c == 0x2B55;
}

static gboolean joins_emoji(gunichar c)
{
    return c == 0xFE0F || c == 0x200D || c == 0x20E3 || (c >= 0x1F3FB && c <= 0x1F3FF);
}

gsize sv_emoji_len(const char *text, gsize len)
{
    if (len < 3 || (guchar)text[0] < 0xE2)
        return 0;
    guint n;
    if (!is_emoji(sv_utf8_get(text, text + len, &n)))
        return 0;
    gsize at = n;
    while (at < len && (guchar)text[at] >= 0xE2 && joins_emoji(sv_utf8_get(text + at, text + len, &n)))
        at += n;
    return at;
}

gsize sv_smiley_len(const char *text, gsize len)
{
    if (len < 2)
        return 0;
    gsize at = 0;
    if (strchr(":;=", text[0]) && text[0]) {
        at = text[1] == '-' ? 2 : 1;
        if (at >= len || !strchr(")(D", text[at]) || !text[at])
            return 0;
    } else if ((text[0] != ')' && text[0] != '(') || text[1] != text[0]) {
        return 0;
    }
    char mouth = text[at];
    while (at < len && text[at] == mouth)
        at++;
    return at;
}

gsize sv_space_len(const char *text, gsize len)
{
    if (len == 0)
        return 0;
    if (g_ascii_isspace(text[0]))
        return 1;
    if (len >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
        return 2;
    if (len >= 3 && (memcmp(text, "\xE2\x80\x8B", 3) == 0 || memcmp(text, "\xEF\xBB\xBF", 3) == 0))
        return 3;
    return 0;
}

/* Bytes of "•", "12.", "3)", "б)" without the space after it. */
static gsize bare_marker_len(const char *text, gsize len)
{
    static const char *const bullets[] = {
        "-", "*", "+", "–", "—", "•", "·", "▪", "◦", "‣", "●", "○", "■", "→"};
    guchar c = len > 0 ? (guchar)text[0] : 0;
    gboolean marked = c == 0xC2 || c == 0xE2 || c == '-' || c == '*' || c == '+';
    for (gsize i = 0; marked && i < G_N_ELEMENTS(bullets); i++) {
        gsize n = strlen(bullets[i]);
        if (len > n && memcmp(text, bullets[i], n) == 0)
            return n;
    }
    gsize at = 0;
    while (at < len && at < 3 && g_ascii_isdigit(text[at]))
        at++;
    if (at > 0 && at < 3 && at < len && (text[at] == '.' || text[at] == ')'))
        return at + 1;
    guint n = 0;
    if (at == 0 && len > 2 && g_unichar_isalpha(sv_utf8_get(text, text + len, &n)) && n < len &&
        text[n] == ')')
        return n + 1;
    return 0;
}

gsize sv_marker_len(const char *text, gsize len)
{
    gsize at = bare_marker_len(text, len);
    if (at == 0)
        return 0;
    gsize spaces = 0, n;
    while ((n = sv_space_len(text + at + spaces, len - at - spaces)) > 0)
        spaces += n;
    return spaces > 0 && at + spaces < len ? at + spaces : 0;
}
