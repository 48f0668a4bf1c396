/* Words of the interface: see words.h.
 *
 * The table is read once from the compiled-in words.tsv into a hash of key → two phrases. A counted phrase
 * keeps its forms in one cell, parted by "|": Russian has three (1, 2–4, the rest), English two.
 *
 * Keeps true: an unknown key is shown as it is, so that a missing line is seen and nothing breaks. The table
 * is never changed after it is read and may be used from many threads. */
#include "words.h"
#include "sv-summary-data.h"
#include "table.h"
#include <string.h>

#define N_LANGS 2

typedef struct {
    const char *phrase[N_LANGS];
} Entry;

static void add_row(const SvTableRow *row, gpointer table)
{
    if (row->n != 3)
        return;
    Entry *entry = g_new0(Entry, 1);
    entry->phrase[SV_LANG_RU] = g_intern_string(row->field[1]);
    entry->phrase[SV_LANG_EN] = g_intern_string(row->field[2]);
    g_hash_table_insert(table, (gpointer)g_intern_string(row->field[0]), entry);
}

static GHashTable *words_table(void)
{
    static gsize once = 0;
    static GHashTable *table = NULL;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new(g_str_hash, g_str_equal);
        sv_table_visit(sv_summary_data_get_resource(), "/svodka/summary/words.tsv", add_row, table);
        g_once_init_leave(&once, 1);
    }
    return table;
}

const char *sv_word(SvLang lang, const char *key)
{
    const Entry *entry = g_hash_table_lookup(words_table(), key);
    return entry ? entry->phrase[lang == SV_LANG_EN ? SV_LANG_EN : SV_LANG_RU] : key;
}

/* The phrase of `len` bytes with every {n} replaced. */
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

char *sv_word_with(SvLang lang, const char *key, const char *value)
{
    const char *phrase = sv_word(lang, key);
    return fill(phrase, strlen(phrase), value);
}

static guint form_of(SvLang lang, guint n)
{
    if (lang == SV_LANG_EN)
        return n == 1 ? 0 : 1;
    guint ten = n % 10, hundred = n % 100;
    if (ten == 1 && hundred != 11)
        return 0;
    return ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14) ? 1 : 2;
}

/* The wanted form inside a cell, the last one when there are fewer. */
static const char *pick_form(const char *cell, guint form, gsize *len)
{
    const char *start = cell;
    for (const char *bar; form > 0 && (bar = strchr(start, '|')); form--)
        start = bar + 1;
    const char *end = strchr(start, '|');
    *len = end ? (gsize)(end - start) : strlen(start);
    return start;
}

char *sv_words_counted(SvLang lang, const char *key, guint n)
{
    gsize len = 0;
    const char *form = pick_form(sv_word(lang, key), form_of(lang, n), &len);
    g_autofree char *number = g_strdup_printf("%u", n);
    return fill(form, len, number);
}

char *sv_words_count(SvLang lang, const char *key, guint n)
{
    g_autofree char *noun = sv_words_counted(lang, key, n);
    return g_strdup_printf("%u %s", n, noun);
}

char *sv_words_day(SvLang lang, SvDay day, SvDay now)
{
    int y, m, d, this_year = 0, month, day_of_month;
    sv_day_to_civil(day, &y, &m, &d);
    if (now != SV_DAY_NONE)
        sv_day_to_civil(now, &this_year, &month, &day_of_month);
    g_autofree char *key = g_strdup_printf("month.%d", m);
    return y == this_year ? g_strdup_printf("%d %s", d, sv_word(lang, key))
                          : g_strdup_printf("%d %s %d", d, sv_word(lang, key), y);
}

char *sv_words_moment(SvLang lang, SvTime at, SvDay now)
{
    g_autofree char *day = sv_words_day(lang, sv_time_day(at), now);
    int minute = sv_time_minute(at);
    return g_strdup_printf("%s, %02d:%02d", day, minute / 60, minute % 60);
}

const char *sv_words_channel(SvLang lang, SvChannel channel)
{
    g_autofree char *key = g_strdup_printf("channel.%s", sv_channel_name(channel));
    return sv_word(lang, key);
}

const char *sv_words_state(SvLang lang, SvTaskState state)
{
    g_autofree char *key = g_strdup_printf("state.%s", sv_task_state_name(state));
    return sv_word(lang, key);
}

const char *sv_words_side(SvLang lang, SvSide side)
{
    g_autofree char *key =
        g_strdup_printf("side.%s", side == SV_SIDE_UNKNOWN ? "unknown" : sv_side_name(side));
    return sv_word(lang, key);
}

const char *sv_words_author(const SvHistory *history, const SvMessage *message)
{
    const SvPerson *person = sv_history_person(history, message->author);
    if (person && person->name && *person->name)
        return person->name;
    const char *name = message->from ? message->from->name : NULL;
    return name && *name ? name : NULL;
}

static void add_part(GString *out, SvLang lang, const char *key, guint n)
{
    if (n == 0)
        return;
    g_autofree char *part = sv_words_counted(lang, key, n);
    g_string_append_printf(out, ", %s", part);
}

char *sv_words_coverage(const SvSummary *summary)
{
    const SvCoverage *c = &summary->coverage;
    SvLang lang = summary->language;
    g_autofree char *read = sv_words_counted(lang, "coverage.read", c->read);
    GString *out = g_string_new(read);
    if (c->has_newest) {
        g_autofree char *day = sv_words_day(lang, sv_time_day(c->newest), SV_DAY_NONE);
        g_autofree char *newest = sv_word_with(lang, "coverage.newest", day);
        g_string_append_printf(out, " (%s)", newest);
    }
    add_part(out, lang, "coverage.hidden", c->hidden);
    add_part(out, lang, "coverage.masked", c->masked);
    add_part(out, lang, "coverage.excluded", c->excluded);
    add_part(out, lang, "coverage.duplicates", c->duplicates);
    add_part(out, lang, "coverage.passed_over", c->passed_over);
    add_part(out, lang, "coverage.calls", c->calls_without_transcript);
    add_part(out, lang, "coverage.unread", c->unread);
    add_part(out, lang, "coverage.unproved", c->unproved);
    g_string_append_c(out, '.');
    if (summary->sides_inferred)
        g_string_append_printf(out, " %s", sv_word(lang, "coverage.inferred"));
    return g_string_free(out, FALSE);
}

/* Does the space after a digit stand inside an amount, or before what is counted? */
static gboolean holds_together(const char *after)
{
    if (g_ascii_isdigit(after[0]))
        return g_ascii_isdigit(after[1]) && g_ascii_isdigit(after[2]) && !g_ascii_isdigit(after[3]);
    gunichar c = g_utf8_get_char_validated(after, -1);
    if (c >= (gunichar)-2)
        return FALSE;
    return c == '%' || g_unichar_isalpha(c) || g_unichar_type(c) == G_UNICODE_CURRENCY_SYMBOL;
}

char *sv_words_unbroken(const char *text)
{
    GString *out = g_string_sized_new(strlen(text) + 16);
    for (const char *p = text; *p; p++) {
        gboolean number = *p == ' ' && p > text && g_ascii_isdigit(p[-1]) && holds_together(p + 1);
        if (number || (*p == ' ' && g_str_has_prefix(p + 1, "— ")))
            g_string_append(out, "\u00A0");
        else
            g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}
