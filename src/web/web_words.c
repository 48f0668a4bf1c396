/* Words of the pages: see web_words.h.
 *
 * The table is read once into a hash of key → two phrases and never changed, so that threads may share it.
 *
 * Keeps true: an unknown key is shown as it is, so that a missing line is seen and nothing breaks. */
#include "web_words.h"
#include "sv-web-data.h"
#include "table.h"
#include "words.h"
#include <string.h>

#define N_LANGUAGES 2

static void add_row(const SvTableRow *row, gpointer table)
{
    if (row->n != 3 || !*row->field[1] || !*row->field[2])
        return;
    const char **phrases = g_new0(const char *, N_LANGUAGES);
    phrases[SV_LANG_RU] = g_intern_string(row->field[1]);
    phrases[SV_LANG_EN] = g_intern_string(row->field[2]);
    g_hash_table_insert(table, (gpointer)g_intern_string(row->field[0]), phrases);
}

static GHashTable *words_table(void)
{
    static gsize once = 0;
    static GHashTable *table = NULL;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new(g_str_hash, g_str_equal);
        sv_table_visit(sv_web_data_get_resource(), "/svodka/words/words.tsv", add_row, table);
        g_once_init_leave(&once, 1);
    }
    return table;
}

const char *sv_web_word(SvLang language, const char *key)
{
    const char *const *phrases = g_hash_table_lookup(words_table(), key);
    return phrases ? phrases[language == SV_LANG_EN ? SV_LANG_EN : SV_LANG_RU] : sv_word(language, key);
}

gboolean sv_web_has_word(const char *key)
{
    return g_hash_table_contains(words_table(), key) ||
           (sv_word(SV_LANG_RU, key) != key && sv_word(SV_LANG_EN, key) != key);
}

gboolean sv_web_has_words(const char *beginning)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, words_table());
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (g_str_has_prefix(key, beginning))
            return TRUE;
    return FALSE;
}

/* `len` bytes with every {n} replaced. */
static char *fill(const char *phrase, gsize len, const char *value)
{
    GString *out = g_string_sized_new(len + 16);
    for (gsize i = 0; i < len;) {
        if (i + 3 <= len && memcmp(phrase + i, "{n}", 3) == 0) {
            g_string_append(out, value);
            i += 3;
        } else {
            g_string_append_c(out, phrase[i++]);
        }
    }
    return g_string_free(out, FALSE);
}

char *sv_web_with(SvLang language, const char *key, const char *value)
{
    const char *phrase = sv_web_word(language, key);
    return fill(phrase, strlen(phrase), value);
}

/* Russian: 1, 2–4, the rest; English: 1, the rest. */
static guint form_of(SvLang language, guint n)
{
    if (language == SV_LANG_EN)
        return n == 1 ? 0 : 1;
    guint ten = n % 10, hundred = n % 100;
    if (ten == 1 && hundred != 11)
        return 0;
    return ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14) ? 1 : 2;
}

char *sv_web_counted(SvLang language, const char *key, guint n)
{
    const char *form = sv_web_word(language, key);
    const char *bar;
    for (guint skip = form_of(language, n); skip > 0 && (bar = strchr(form, '|')); skip--)
        form = bar + 1;
    g_autofree char *number = g_strdup_printf("%u", n);
    return fill(form, strcspn(form, "|"), number);
}

char *sv_web_day(SvLang language, SvDay day, SvDay now)
{
    return sv_words_day(language, day, now);
}

char *sv_web_ago(SvLang language, SvDay day, SvDay now)
{
    if (now == SV_DAY_NONE || day < now - 13 || day > now + 13)
        return sv_web_day(language, day, now);
    if (day >= now - 1 && day <= now + 1)
        return g_strdup(sv_web_word(language, day == now  ? "ago.today"
                                              : day < now ? "ago.yesterday"
                                                          : "ago.tomorrow"));
    return sv_web_counted(language, day < now ? "ago.days" : "ago.in_days", (guint)ABS(now - day));
}

const char *sv_web_month(SvLang language, int month)
{
    char key[16];
    g_snprintf(key, sizeof key, "short.%d", month);
    return sv_web_word(language, key);
}
