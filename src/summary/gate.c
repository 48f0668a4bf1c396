/* The gates: see gate.h. Numbers are compared as runs of digits with the separators of thousands taken out,
 * so «112 600 000» and "112600000" are the same number. */
#include "gate.h"
#include <string.h>

#define DIGITS_MOST 32u

/* The next number of a text as bare digits with a decimal point; NULL at the end. */
static char *next_number(const char **p)
{
    while (**p && !g_ascii_isdigit(**p))
        (*p)++;
    if (!**p)
        return NULL;
    GString *digits = g_string_new(NULL);
    while (**p) {
        if (g_ascii_isdigit(**p)) {
            g_string_append_c(digits, *(*p)++);
            continue;
        }
        /* blank, thin or no-break space, comma, point between groups of three digits */
        gsize skip = g_str_has_prefix(*p, "\xC2\xA0")                                               ? 2
                     : g_str_has_prefix(*p, "\xE2\x80\xAF") || g_str_has_prefix(*p, "\xE2\x80\x89") ? 3
                     : strchr(" ,.", **p)                                                           ? 1
                                                                                                    : 0;
        const char *q = *p + skip;
        gboolean group = skip && g_ascii_isdigit(q[0]) && g_ascii_isdigit(q[1]) && g_ascii_isdigit(q[2]) &&
                         !g_ascii_isdigit(q[3]);
        if (!group)
            break;
        *p = q;
    }
    return g_string_free(digits, FALSE);
}

static void add_numbers(GHashTable *set, const char *text)
{
    char *n;
    for (const char *p = text; p && (n = next_number(&p));) {
        const char *bare = n;
        while (bare[0] == '0' && bare[1])
            bare++;
        g_hash_table_add(set, g_strdup(bare));
        g_free(n);
    }
}

static void add_day(GHashTable *set, SvDay day)
{
    int y, m, d;
    if (day == SV_DAY_NONE)
        return;
    sv_day_to_civil(day, &y, &m, &d);
    g_hash_table_add(set, g_strdup_printf("%d", y));
    g_hash_table_add(set, g_strdup_printf("%d", d));
}

/* Bytes of the digits, points and commas at p, as many as a number may have. */
static gsize digits_at(const char *p)
{
    gsize n = 0;
    while (n < DIGITS_MOST && p[n] && strchr("0123456789.,", p[n]))
        n++;
    return n;
}

/* The value of «404 млн», «6,84 млн», "12 thousand" with its first digits at p as bare digits; NULL when no
 * scale is said. */
static char *scaled_number(const char *p)
{
    static const struct {
        const char *word;
        double factor;
    } scales[] = {{"млн", 1e6}, {"млрд", 1e9}, {"тыс", 1e3}, {"million", 1e6}, {"billion", 1e9},
        {"thousand", 1e3}, {"m ", 1e6}, {"m,", 1e6}, {"m.", 1e6}, {"k ", 1e3}, {"k,", 1e3}, {"k.", 1e3}};
    g_autofree char *digits = g_strndup(p, digits_at(p));
    for (char *c = digits; *c; c++)
        *c = *c == ',' ? '.' : *c;
    const char *q = p + strlen(digits);
    q += g_str_has_prefix(q, "\xC2\xA0") ? 2 : *q == ' ';
    for (gsize i = 0; i < G_N_ELEMENTS(scales); i++)
        if (g_str_has_prefix(q, scales[i].word))
            return g_strdup_printf("%.0f", g_ascii_strtod(digits, NULL) * scales[i].factor);
    return NULL;
}

static gboolean numbers_stand(GHashTable *known, const char *text)
{
    char *n;
    for (const char *p = text; (n = next_number(&p));) {
        const char *start = p - strlen(n); /* of a plain number; a grouped one is never scaled */
        const char *bare = n;
        while (bare[0] == '0' && bare[1])
            bare++;
        g_autofree char *scaled =
            start >= text && strncmp(start, n, strlen(n)) == 0 ? scaled_number(start) : NULL;
        gboolean found =
            g_hash_table_contains(known, bare) || (scaled && g_hash_table_contains(known, scaled));
        if (scaled && found && !g_hash_table_contains(known, bare)) /* its decimals belong to it */
            p = start + digits_at(start);
        g_free(n);
        if (!found)
            return FALSE;
    }
    return TRUE;
}

/* Does the quote stand in its message, word for word and with nothing masked? */
static gboolean quote_stands(const SvHistory *history, const SvQuote *q)
{
    if (q->message >= history->messages->len || !*q->quote || strchr(q->quote, '['))
        return FALSE;
    const SvMessage *m = g_ptr_array_index(history->messages, q->message);
    return !m->excluded && m->text.bytes && strstr(m->text.bytes, q->quote);
}

/* The quotes and days mostly hold every number; whole messages, which may be long, are read only when they do
 * not. */
gboolean sv_gate_check(const SvHistory *history, const char *text, GPtrArray *quotes, GArray *days)
{
    if (!text || !*text || !quotes->len)
        return FALSE;
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < quotes->len; i++) {
        const SvQuote *q = g_ptr_array_index(quotes, i);
        if (!quote_stands(history, q))
            return FALSE;
        const SvMessage *m = g_ptr_array_index(history->messages, q->message);
        add_numbers(known, q->quote);
        add_numbers(known, m->title.bytes);
        add_day(known, sv_time_day(m->at));
    }
    for (guint i = 0; days && i < days->len; i++)
        add_day(known, g_array_index(days, SvDay, i));
    if (numbers_stand(known, text))
        return TRUE;
    for (guint i = 0; i < quotes->len; i++) {
        const SvQuote *q = g_ptr_array_index(quotes, i);
        add_numbers(known, ((const SvMessage *)g_ptr_array_index(history->messages, q->message))->text.bytes);
    }
    return numbers_stand(known, text);
}
