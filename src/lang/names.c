/* People of a roster found in a text: see names.h.
 *
 * Adding a person spells out every word by which he may be called (each part of the name and its short forms,
 * in every case) into one table; finding is a lookup a token, then growing over the tokens beside it while
 * one person is left. A first name beside a strange surname is somebody else. Roles are compared by
 * dictionary forms.
 *
 * Keeps true: mentions are in order, do not overlap, and each names exactly one person. It learns no
 * patronymics: a patronymic counts only beside the first name. */
#include "names.h"
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "name_forms.h"
#include "sentence.h"

#define MAX_WORDS 6u   /* of a full name */
#define MAX_PEOPLE 64u /* that share one word; the rest are as good as ambiguous */
#define MAX_ROLE 5u    /* words of a role */

typedef enum { CALL_FIRST, CALL_LAST, CALL_PATR, CALL_SHORT } Call;

typedef struct {
    guint person; /* place in people */
    Call call;
} Entry;

typedef struct {
    int index;
    char initials[MAX_WORDS][8]; /* folded first letters of first name, patronymic, surname; "" when absent */
} Person;

/* One way to say a role of roles.tsv. */
typedef struct {
    char *key;     /* keys of its words, a space at both ends */
    char *aliases; /* all ways of the same role, apart by | */
} RoleWay;

/* Bits by hash: nearly every word of a text is sorted out here. */
#define SIEVE 65536u
typedef struct {
    guint64 bits[SIEVE / 64];
} Sieve;

struct SvRoster {
    const SvMorph *morph;
    GArray *people;     /* Person */
    GHashTable *called; /* folded word → GArray of Entry */
    GHashTable *roles;  /* keys of a role with spaces between → person + 1, or 0 when several have it */
    Sieve name_sieve, role_sieve; /* all of called; first keys of roles */
    GArray *role_ways;  /* RoleWay: roles.tsv in keys; made with the first role, NULL before */
    GHashTable *pairs;  /* folded two initials → person + 1, or 0 */
};

SvRoster *sv_roster_new(const SvMorph *morph)
{
    SvRoster *r = g_new0(SvRoster, 1);
    r->morph = morph;
    r->people = g_array_new(FALSE, TRUE, sizeof(Person));
    r->called = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    r->roles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    r->pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return r;
}

void sv_roster_free(SvRoster *r)
{
    if (!r)
        return;
    g_array_unref(r->people);
    g_hash_table_unref(r->called);
    g_hash_table_unref(r->roles);
    g_hash_table_unref(r->pairs);
    g_clear_pointer(&r->role_ways, g_array_unref);
    g_free(r);
}

static void sieve_add(Sieve *sieve, guint32 hash)
{
    sieve->bits[hash % SIEVE / 64] |= (guint64)1 << hash % 64;
}

static gboolean sieve_has(const Sieve *sieve, guint32 hash)
{
    return sieve->bits[hash % SIEVE / 64] >> hash % 64 & 1;
}

/* Marks a key as one person's, or as nobody's when it was another's. */
static void claim(GHashTable *table, const char *key, guint person)
{
    gpointer before;
    gboolean other =
        g_hash_table_lookup_extended(table, key, NULL, &before) && before != GUINT_TO_POINTER(person + 1);
    g_hash_table_insert(table, g_strdup(key), GUINT_TO_POINTER(other ? 0 : person + 1));
}

static void claim_role(SvRoster *r, const char *keys, guint person)
{
    claim(r->roles, keys, person);
    g_autofree char *head = g_strndup(keys, strcspn(keys, " "));
    sieve_add(&r->role_sieve, sv_word_hash(head));
}

static void call_by(SvRoster *r, guint person, const char *word, Call call)
{
    char key[96];
    if (!sv_fold_into(word, strlen(word), key, sizeof key))
        return;
    GArray *list = g_hash_table_lookup(r->called, key);
    if (!list) {
        list = g_array_new(FALSE, FALSE, sizeof(Entry));
        g_hash_table_insert(r->called, g_strdup(key), list);
        sieve_add(&r->name_sieve, sv_word_hash(key));
    }
    for (guint i = 0; i < list->len; i++)
        if (g_array_index(list, Entry, i).person == person)
            return;
    Entry e = {person, call};
    if (list->len < MAX_PEOPLE)
        g_array_append_val(list, e);
}

static void call_in_cases(
    SvRoster *r, guint person, const char *word, SvNamePart part, gboolean female, Call call)
{
    char forms[SV_NAME_CASES][SV_NAME_FORM];
    call_by(r, person, word, call);
    sv_name_cases(r->morph, word, part, female, forms);
    for (guint i = 0; i < SV_NAME_CASES; i++)
        if (forms[i][0])
            call_by(r, person, forms[i], call);
}

/* A short form that ends in -а or -я loses it when one calls: Маш, Дим. */
static void call_short(SvRoster *r, guint person, const char *name, gboolean female)
{
    call_in_cases(r, person, name, SV_NAME_FIRST, female, CALL_SHORT);
    gsize len = strlen(name);
    if (len >= 8 && g_str_has_suffix(name, "а")) {
        g_autofree char *vocative = g_strndup(name, len - 2);
        call_by(r, person, vocative, CALL_SHORT);
    }
}

static void call_first(SvRoster *r, guint person, const char *name, gboolean female)
{
    char key[96];
    call_in_cases(r, person, name, SV_NAME_FIRST, female, CALL_FIRST);
    if (!sv_fold_into(name, strlen(name), key, sizeof key))
        return;
    const GPtrArray *shorts = sv_name_shorts(key);
    for (guint i = 0; shorts && i < shorts->len; i++)
        call_short(r, person, shorts->pdata[i], female);
}

/* Dictionary forms of the words of a phrase, spaces between; number of words. */
static guint phrase_keys(const SvMorph *m, const char *phrase, GString *out)
{
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    sv_tokens_split(phrase, 0, strlen(phrase), tokens);
    guint n = 0;
    for (guint i = 0; i < tokens->len; i++) {
        SvToken t = g_array_index(tokens, SvToken, i);
        char key[128];
        if (t.kind == SV_TOKEN_MARK)
            continue;
        sv_morph_key(m, phrase + t.span.from, t.span.to - t.span.from, key, sizeof key);
        g_string_append(out, n++ ? " " : "");
        g_string_append(out, key);
    }
    return n;
}

static void role_way_clear(gpointer data)
{
    RoleWay *way = data;
    g_free(way->key);
    g_free(way->aliases);
}

static void add_role_ways(const SvListLine *line, gpointer user)
{
    SvRoster *r = user;
    g_autofree char *all = g_strconcat(line->field[0], "|", line->field[1], NULL);
    g_auto(GStrv) ways = g_strsplit(all, "|", -1);
    for (guint i = 0; ways[i]; i++) {
        g_autoptr(GString) key = g_string_new(" ");
        if (!phrase_keys(r->morph, ways[i], key))
            continue;
        g_string_append_c(key, ' ');
        RoleWay way = {g_strdup(key->str), g_strdup(all)};
        g_array_append_val(r->role_ways, way);
    }
}

/* The longest role of the list that the role (keys, a space at both ends) holds; NULL for none. */
static const RoleWay *longest_way(SvRoster *r, const char *role)
{
    const RoleWay *best = NULL;
    if (!r->role_ways) {
        r->role_ways = g_array_new(FALSE, FALSE, sizeof(RoleWay));
        g_array_set_clear_func(r->role_ways, role_way_clear);
        sv_list_visit("roles.tsv", add_role_ways, r);
    }
    for (guint i = 0; i < r->role_ways->len; i++) {
        const RoleWay *way = &g_array_index(r->role_ways, RoleWay, i);
        if (strstr(role, way->key) && (!best || strlen(best->key) < strlen(way->key)))
            best = way;
    }
    return best;
}

static void add_role(SvRoster *r, guint person, const char *role)
{
    g_autofree char *first = g_strndup(role, strcspn(role, ",;("));
    g_autoptr(GString) keys = g_string_new(" ");
    guint n = phrase_keys(r->morph, first, keys);
    if (n == 0)
        return;
    if (n <= MAX_ROLE)
        claim_role(r, keys->str + 1, person);
    g_string_append_c(keys, ' ');
    const RoleWay *way = longest_way(r, keys->str);
    g_auto(GStrv) ways = g_strsplit(way ? way->aliases : "", "|", -1);
    for (guint i = 0; ways[i]; i++) {
        g_autoptr(GString) key = g_string_new(NULL);
        guint k = phrase_keys(r->morph, ways[i], key);
        if (k > 0 && k <= MAX_ROLE)
            claim_role(r, key->str, person);
    }
}

static void first_letter(const char *word, char *buf)
{
    g_autofree char *letter = g_utf8_substring(word, 0, 1);
    if (!sv_fold_into(letter, strlen(letter), buf, 8))
        buf[0] = 0;
}

static void add_initials(SvRoster *r, guint person, const Person *p)
{
    static const SvNamePart orders[][2] = {
        {SV_NAME_FIRST, SV_NAME_LAST}, {SV_NAME_LAST, SV_NAME_FIRST}, {SV_NAME_FIRST, SV_NAME_PATR}};
    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        const char *a = p->initials[orders[i][0]], *b = p->initials[orders[i][1]];
        g_autofree char *pair = g_strconcat(a, b, NULL);
        if (*a && *b)
            claim(r->pairs, pair, person);
    }
}

void sv_roster_add(SvRoster *r, int index, const char *name, const char *role)
{
    char *words[MAX_WORDS] = {0};
    SvNamePart parts[MAX_WORDS];
    if (!name || !g_utf8_validate(name, -1, NULL))
        return;
    guint n = sv_name_parts(r->morph, name, words, parts, MAX_WORDS);
    gboolean female = sv_name_is_female(r->morph, words, parts, n);
    guint person = r->people->len;
    Person p = {.index = index};
    for (guint i = 0; i < n; i++) {
        if (!p.initials[parts[i]][0])
            first_letter(words[i], p.initials[parts[i]]);
        if (g_utf8_strlen(words[i], -1) < 2)
            continue;
        if (parts[i] == SV_NAME_FIRST)
            call_first(r, person, words[i], female);
        else
            call_in_cases(
                r, person, words[i], parts[i], female, parts[i] == SV_NAME_PATR ? CALL_PATR : CALL_LAST);
    }
    g_array_append_val(r->people, p);
    add_initials(r, person, &p);
    if (role && *role && g_utf8_validate(role, -1, NULL))
        add_role(r, person, role);
    for (guint i = 0; i < n; i++)
        g_free(words[i]);
}

/* --- finding --- */

typedef struct {
    const SvRoster *roster;
    const SvWordbook *words;
    const char *text;
    const SvToken *tokens;
    guint n;
    GArray *out;
} Search;

typedef struct {
    Entry who[MAX_PEOPLE];
    guint n;
    gboolean first, last, patr, initial, nick;
    guint from, to; /* tokens from…to */
} Match;

static gsize token_fold(const Search *s, guint i, char *key, gsize size)
{
    if (i >= s->n || (s->tokens[i].kind != SV_TOKEN_RUSSIAN && s->tokens[i].kind != SV_TOKEN_LATIN))
        return 0;
    gsize len = s->tokens[i].span.to - s->tokens[i].span.from;
    gsize n = sv_fold_into(s->text + s->tokens[i].span.from, len, key, size);
    if (n > 2 && g_str_has_suffix(key, "'s"))
        key[n -= 2] = 0;
    return n;
}

static gboolean token_upper(const Search *s, guint i)
{
    return sv_starts_upper(s->text + s->tokens[i].span.from, s->tokens[i].span.to - s->tokens[i].span.from);
}

/* Do the tokens stand side by side, nothing but spaces between? */
static gboolean adjacent(const Search *s, guint i)
{
    if (i + 1 >= s->n)
        return FALSE;
    for (guint32 at = s->tokens[i].span.to; at < s->tokens[i + 1].span.from; at++)
        if (s->text[at] == '\n')
            return FALSE;
    return TRUE;
}

/* A word that is ordinary Russian when it stands in lower case (света, вера, роза). */
static gboolean ordinary(const Search *s, guint i)
{
    SvReading r;
    SvSpan t = s->tokens[i].span;
    SvGram names = SV_G(SV_GR_NAME) | SV_G(SV_GR_SURN) | SV_G(SV_GR_PATR) | SV_G(SV_GR_GEOX);
    return sv_morph_read(s->roster->morph, s->text + t.from, t.to - t.from, &r, 1) && !r.predicted &&
           !(r.tag & names);
}

static const GArray *lookup(const Search *s, guint i)
{
    char key[96];
    if (i >= s->n || !sieve_has(&s->roster->name_sieve, sv_wordbook_get(s->words, i)->name) ||
        !token_fold(s, i, key, sizeof key))
        return NULL;
    const GArray *list = g_hash_table_lookup(s->roster->called, key);
    if (!list || token_upper(s, i))
        return list;
    return s->tokens[i].kind == SV_TOKEN_LATIN || strlen(key) < 6 || ordinary(s, i) ? NULL : list;
}

static void note_call(Match *m, Call call)
{
    m->first |= call == CALL_FIRST;
    m->nick |= call == CALL_SHORT;
    m->last |= call == CALL_LAST;
    m->patr |= call == CALL_PATR;
}

/* Keeps those people of the match that the token names too; FALSE (and nothing changed) when none is left. */
static gboolean narrow(Match *m, const GArray *list)
{
    Entry kept[MAX_PEOPLE];
    guint n = 0;
    for (guint i = 0; i < m->n; i++)
        for (guint k = 0; k < list->len; k++)
            if (g_array_index(list, Entry, k).person == m->who[i].person)
                kept[n++] = g_array_index(list, Entry, k);
    if (n == 0)
        return FALSE;
    memcpy(m->who, kept, n * sizeof *kept);
    m->n = n;
    note_call(m, kept[0].call);
    return TRUE;
}

/* Is token i one capital letter with a full stop behind it? */
static gboolean is_initial(const Search *s, guint i, char *letter)
{
    char key[96];
    if (i + 1 >= s->n || !token_fold(s, i, key, sizeof key) || !token_upper(s, i) ||
        g_utf8_strlen(key, -1) != 1)
        return FALSE;
    g_strlcpy(letter, key, 8);
    return s->tokens[i + 1].span.from == s->tokens[i].span.to && s->text[s->tokens[i].span.to] == '.' &&
           s->tokens[i + 1].span.to - s->tokens[i + 1].span.from == 1;
}

/* Keeps the people who have the initial (of first name or patronymic); an unknown patronymic fits any. */
static void narrow_initial(const SvRoster *r, Match *m, const char *letter, SvNamePart part)
{
    guint n = 0;
    for (guint i = 0; i < m->n; i++) {
        const char *own = g_array_index(r->people, Person, m->who[i].person).initials[part];
        if ((part == SV_NAME_PATR && !*own) || g_str_equal(own, letter))
            m->who[n++] = m->who[i];
    }
    m->n = n;
    m->initial = TRUE;
}

/* «М. С.» before or behind a surname. */
static void take_initials(const Search *s, Match *m)
{
    char a[8], b[8];
    if (m->from >= 4 && is_initial(s, m->from - 4, a) && is_initial(s, m->from - 2, b)) {
        narrow_initial(s->roster, m, a, SV_NAME_FIRST);
        narrow_initial(s->roster, m, b, SV_NAME_PATR);
        m->from -= 4;
    } else if (m->from >= 2 && is_initial(s, m->from - 2, a)) {
        narrow_initial(s->roster, m, a, SV_NAME_FIRST);
        m->from -= 2;
    } else if (adjacent(s, m->to - 1) && is_initial(s, m->to, a)) {
        narrow_initial(s->roster, m, a, SV_NAME_FIRST);
        m->to += 2;
        if (adjacent(s, m->to - 1) && is_initial(s, m->to, b)) {
            narrow_initial(s->roster, m, b, SV_NAME_PATR);
            m->to += 2;
        }
    }
}

/* Is token i a capitalised word that looks like somebody's surname? */
static gboolean strange_surname(const Search *s, guint i)
{
    char key[96];
    if (i >= s->n || !token_upper(s, i) || !token_fold(s, i, key, sizeof key))
        return FALSE;
    if (s->tokens[i].kind == SV_TOKEN_LATIN)
        return strlen(key) > 1;
    return sv_name_like_surname(key);
}

static void grow(const Search *s, Match *m)
{
    while (adjacent(s, m->to - 1)) {
        char key[96];
        const GArray *list = lookup(s, m->to);
        if (list && narrow(m, list)) {
            m->to++;
            continue;
        }
        if (m->patr || !(m->first || m->nick) || !token_fold(s, m->to, key, sizeof key) ||
            !sv_name_is_patronymic(key))
            break;
        m->patr = TRUE;
        m->to++;
    }
    if (m->last && !m->first && !m->nick)
        take_initials(s, m);
    if (m->last || m->n == 0)
        return;
    gboolean before = m->from > 0 && adjacent(s, m->from - 1) &&
                      s->tokens[m->from].kind == SV_TOKEN_RUSSIAN && strange_surname(s, m->from - 1);
    if (before || (adjacent(s, m->to - 1) && strange_surname(s, m->to)))
        m->n = 0;
}

static float score(const Match *m)
{
    if (m->last && m->first)
        return 1;
    if (m->last && (m->initial || m->nick))
        return 0.95f;
    if (m->first && m->patr)
        return 0.9f;
    if (m->last)
        return 0.8f;
    return m->first ? 0.5f : 0.45f;
}

static void add_mention(const Search *s, guint from, guint to, guint person, float how_sure)
{
    guint32 start = s->tokens[from].span.from;
    SvNameMention mention = {
        {start, s->tokens[to - 1].span.to}, g_array_index(s->roster->people, Person, person).index, how_sure};
    if (s->out->len && g_array_index(s->out, SvNameMention, s->out->len - 1).span.to > start)
        return;
    g_array_append_val(s->out, mention);
}

/* A name at token i; tokens read, 0 when there is none. */
static guint find_name(const Search *s, guint i)
{
    const GArray *list = lookup(s, i);
    if (!list)
        return 0;
    Match m = {.from = i, .to = i + 1, .n = MIN(list->len, MAX_PEOPLE)};
    for (guint k = 0; k < m.n; k++)
        m.who[k] = g_array_index(list, Entry, k);
    /* whoever bears it as the real name comes before those for whom it is a short form */
    guint real = 0;
    for (guint k = 0; k < m.n; k++)
        real += m.who[k].call != CALL_SHORT;
    note_call(&m, m.who[0].call);
    grow(s, &m);
    if (m.n > 1 && real == 1 && m.to == i + 1 && !m.initial)
        for (guint k = 0; k < m.n; k++)
            if (m.who[k].call != CALL_SHORT) {
                m.who[0] = m.who[k];
                m.n = 1;
            }
    gboolean bare_patronymic = m.patr && !m.first && !m.last && !m.nick;
    if (m.n == 1 && !bare_patronymic)
        add_mention(s, m.from, m.to, m.who[0].person, score(&m));
    return m.to - i;
}

/* «ЕМ»: the initials of one person, when they are no abbreviation. */
static guint find_pair(const Search *s, guint i)
{
    char key[96];
    SvSpan t = s->tokens[i].span;
    if (s->tokens[i].kind != SV_TOKEN_RUSSIAN || t.to - t.from != 4 || !token_upper(s, i) ||
        !sv_starts_upper(s->text + t.from + 2, 2) || !token_fold(s, i, key, sizeof key))
        return 0;
    guint person = GPOINTER_TO_UINT(g_hash_table_lookup(s->roster->pairs, key));
    SvReading r;
    if (person == 0 || (sv_morph_read(s->roster->morph, key, strlen(key), &r, 1) && !r.predicted))
        return 0;
    add_mention(s, i, i + 1, person - 1, 0.5f);
    return 1;
}

/* Dictionary form of token i; FALSE when it is no word. */
static gboolean token_key(const Search *s, guint i, char key[128])
{
    if (i >= s->n || (s->tokens[i].kind != SV_TOKEN_RUSSIAN && s->tokens[i].kind != SV_TOKEN_LATIN))
        return FALSE;
    SvSpan t = s->tokens[i].span;
    sv_morph_key(s->roster->morph, s->text + t.from, t.to - t.from, key, 128);
    return *key != 0;
}

static guint find_role(const Search *s, guint i)
{
    char key[128];
    if (!token_key(s, i, key))
        return 0;
    g_autoptr(GString) phrase = g_string_new(key);
    guint best = 0, person = 0;
    for (guint k = 1; k <= MAX_ROLE; k++) {
        gpointer value;
        if (g_hash_table_lookup_extended(s->roster->roles, phrase->str, NULL, &value)) {
            best = k;
            person = GPOINTER_TO_UINT(value);
        }
        if (k == MAX_ROLE || !token_key(s, i + k, key))
            break;
        g_string_append_c(phrase, ' ');
        g_string_append(phrase, key);
    }
    if (best && person)
        add_mention(s, i, i + best, person - 1, 0.4f);
    return best;
}

void sv_roster_find_words(const SvRoster *roster, const SvWordbook *words, GArray *out)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    const GArray *tokens = words->tokens;
    Search s = {roster, words, words->text, (const SvToken *)(gpointer)tokens->data, tokens->len, found};
    gboolean roles = g_hash_table_size(roster->roles) > 0;
    for (guint i = 0; i < s.n;) {
        const SvSpelling *word = sv_wordbook_get(words, i);
        guint n = sieve_has(&roster->name_sieve, word->name) ? find_name(&s, i) : 0;
        if (!n && word->len == 4)
            n = find_pair(&s, i);
        if (!n && roles && sieve_has(&roster->role_sieve, word->lemma))
            n = find_role(&s, i);
        i += MAX(n, 1);
    }
    if (found->len)
        g_array_append_vals(out, found->data, found->len);
}

void sv_roster_find(const SvRoster *roster, const char *text, gsize len, GArray *out)
{
    g_autoptr(SvWordbook) words = sv_wordbook_new(roster->morph);
    sv_wordbook_read(words, text, 0, len);
    sv_roster_find_words(roster, words, out);
}

char *sv_name_inflect(const SvMorph *morph, const char *name, int gram_case)
{
    char *words[MAX_WORDS] = {0};
    SvNamePart parts[MAX_WORDS];
    guint n = g_utf8_validate(name, -1, NULL) ? sv_name_parts(morph, name, words, parts, MAX_WORDS) : 0;
    gboolean female = sv_name_is_female(morph, words, parts, n);
    GString *out = g_string_new(n && gram_case != SV_GR_NOMN ? NULL : name);
    for (guint i = 0; i < n; i++) {
        char form[128];
        gboolean changed = gram_case != SV_GR_NOMN &&
                           sv_name_form(morph, words[i], parts[i], female, gram_case, form, sizeof form);
        if (gram_case != SV_GR_NOMN)
            g_string_append_printf(out, "%s%s", i ? " " : "", changed ? form : words[i]);
        g_free(words[i]);
    }
    return g_string_free(out, FALSE);
}
