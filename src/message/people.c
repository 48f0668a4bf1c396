/* People of a history: see people.h.
 *
 * E-mails, the last ten digits of phones, handles and the words of names each lead to people. Names join
 * where an address does not: two words must fit (person_name.h); a bare first name joins only when one person
 * alone has it. A mailbox that several people write from stays the first one's, unless the name is another
 * known person's. */
#include "people.h"
#include <string.h>
#include "person_name.h"
#include "phrases.h"
#include "utf8.h"

#define MAX_FORMS 8 /* name forms kept for a person */

typedef struct {
    SvNameToken tokens[SV_NAME_TOKENS];
    guint n;
} Form;

typedef struct {
    Form forms[MAX_FORMS];
    guint n;
} Forms;

struct SvPeople {
    SvHistory *history;
    GHashTable *addresses; /* e-mail, phone tail or handle → index + 1 */
    GHashTable *words;     /* key of a word → GArray of int */
    GHashTable *seen;      /* "name\naddress" → index + 1 */
    GPtrArray *forms;      /* Forms *, as people */
    guint n_own;           /* people numbered so far */
};

static void int_array_free(gpointer data)
{
    g_array_unref(data);
}

/* ---- addresses ---- */

char *sv_phone_normalise(const char *text)
{
    char digits[24];
    guint n = 0;
    gboolean plus = FALSE;
    for (const char *p = text; *p; p++) {
        if (g_ascii_isdigit(*p)) {
            if (n == 16)
                return NULL;
            digits[n++] = *p;
        } else if (*p == '+' && !n) {
            plus = TRUE;
        } else if (g_ascii_isalpha(*p) || *p == '@' || *p == ',' || *p == ';' || (guchar)*p >= 0xD0) {
            if (n >= 10) /* an extension follows: "доб. 203" */
                break;
            if (n || *p == '@')
                return NULL;
        }
    }
    digits[n] = 0;
    if (n < 9)
        return NULL;
    if (!plus && n == 11 && (*digits == '8' || *digits == '7'))
        return g_strdup_printf("+7%s", digits + 1);
    if (!plus && n == 10 && (*digits == '9' || *digits == '7'))
        return g_strdup_printf("+7%s", digits);
    if (!plus && n > 11 && digits[0] == '0' && digits[1] == '0')
        return g_strdup_printf("+%s", digits + 2);
    return g_strdup_printf("%s%s", plus || (n >= 11 && *digits != '0') ? "+" : "", digits);
}

const char *sv_domain_of(const char *email)
{
    const char *at = email ? strrchr(email, '@') : NULL;
    return at && at != email && at[1] ? at + 1 : NULL;
}

gboolean sv_domain_is_public(const char *domain)
{
    static const SvPhrases *p;
    static const char *const classes[] = {"public", NULL};
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("domains.tsv", classes));
    return sv_phrases_whole(p, 1, domain, strlen(domain)) >= 0;
}

typedef enum { ADDRESS_NONE, ADDRESS_EMAIL, ADDRESS_PHONE, ADDRESS_HANDLE } AddressKind;

/* Kind of an address and the key it is filed under (new). */
static AddressKind address_key(const char *address, char **key, char **shown)
{
    *key = *shown = NULL;
    if (!address || !*address)
        return ADDRESS_NONE;
    if (sv_domain_of(address)) {
        *key = g_ascii_strdown(address, -1);
        g_strstrip(*key);
        *shown = g_strdup(*key);
        return ADDRESS_EMAIL;
    }
    char *phone = g_ascii_isalpha(*address) ? NULL : sv_phone_normalise(address);
    if (phone) {
        gsize n = strlen(phone);
        *key = g_strconcat("tel:", phone + (n > 10 ? n - 10 : 0), NULL);
        *shown = phone;
        return ADDRESS_PHONE;
    }
    *key = g_strconcat("id:", address, NULL);
    *shown = g_strdup(address);
    return ADDRESS_HANDLE;
}

static int lookup(GHashTable *table, const char *key)
{
    return key ? GPOINTER_TO_INT(g_hash_table_lookup(table, key)) - 1 : -1;
}

static gboolean has_string(const GPtrArray *list, const char *s)
{
    for (guint i = 0; i < list->len; i++)
        if (strcmp(g_ptr_array_index(list, i), s) == 0)
            return TRUE;
    return FALSE;
}

static void add_address(SvPeople *people, int index, AddressKind kind, const char *key, const char *shown)
{
    SvPerson *p = g_ptr_array_index(people->history->people, (guint)index);
    GPtrArray *list = kind == ADDRESS_EMAIL ? p->emails : kind == ADDRESS_PHONE ? p->phones : p->aliases;
    if (!has_string(list, shown))
        g_ptr_array_add(list, g_strdup(shown));
    if (lookup(people->addresses, key) < 0)
        g_hash_table_insert(people->addresses, g_strdup(key), GINT_TO_POINTER(index + 1));
}

/* ---- names ---- */

static guint name_words(const Form *f)
{
    guint n = 0;
    for (guint i = 0; i < f->n; i++)
        n += f->tokens[i].kind == SV_NAME_WORD;
    return n;
}

static Form read_form(const char *name)
{
    Form f = {.n = 0};
    if (name && !strchr(name, '@'))
        f.n = sv_name_tokens(name, MIN(strlen(name), 200), f.tokens);
    return f;
}

static void add_form(SvPeople *people, int index, const Form *form)
{
    Forms *forms = g_ptr_array_index(people->forms, (guint)index);
    if (!form->n || forms->n == MAX_FORMS)
        return;
    forms->forms[forms->n++] = *form;
    for (guint i = 0; i < form->n; i++) {
        if (form->tokens[i].kind != SV_NAME_WORD)
            continue;
        GArray *list = g_hash_table_lookup(people->words, form->tokens[i].key);
        if (!list) {
            list = g_array_new(FALSE, FALSE, sizeof(int));
            g_hash_table_insert(people->words, g_strdup(form->tokens[i].key), list);
        }
        if (!list->len || g_array_index(list, int, list->len - 1) != index)
            g_array_append_val(list, index);
    }
}

/* How well a form fits a person: 0 not at all, else 1 + number of whole words that both have. */
static guint fit_person(const SvPeople *people, int index, const Form *form)
{
    const Forms *forms = g_ptr_array_index(people->forms, (guint)index);
    guint best = 0;
    for (guint i = 0; i < forms->n; i++) {
        const Form *f = &forms->forms[i];
        if (!sv_name_same(form->tokens, form->n, f->tokens, f->n))
            continue;
        guint words = 1;
        for (guint a = 0; a < form->n; a++)
            for (guint b = 0; b < f->n; b++)
                words += form->tokens[a].kind == SV_NAME_WORD &&
                         strcmp(form->tokens[a].key, f->tokens[b].key) == 0;
        best = MAX(best, words);
    }
    return best;
}

/* The one person whom a name fits best, -1 for none or a tie; *fit as fit_person(). */
static int find_by_name(SvPeople *people, const Form *form, guint *fit)
{
    int best = -1;
    gboolean tie = FALSE;
    *fit = 0;
    for (guint i = 0; i < form->n; i++) {
        GArray *list = form->tokens[i].kind == SV_NAME_WORD
            ? g_hash_table_lookup(people->words, form->tokens[i].key) : NULL;
        for (guint k = 0; list && k < list->len && k < 200; k++) {
            int index = g_array_index(list, int, k);
            guint f = index == best ? 0 : fit_person(people, index, form);
            if (f > *fit) {
                *fit = f;
                best = index;
                tie = FALSE;
            } else if (f && f == *fit) {
                tie = TRUE;
            }
        }
    }
    return tie ? -1 : best;
}

/* The one person who has a bare first (or last) name. */
static int find_by_word(SvPeople *people, const Form *form)
{
    if (form->n != 1 || form->tokens[0].kind != SV_NAME_WORD)
        return -1;
    GArray *list = g_hash_table_lookup(people->words, form->tokens[0].key);
    return list && list->len == 1 ? g_array_index(list, int, 0) : -1;
}

/* May a name join this e-mail to that person? Whole names join across companies, initials do not. */
static gboolean may_join(const SvPeople *people, int index, const char *email, guint fit)
{
    const SvPerson *p = g_ptr_array_index(people->history->people, (guint)index);
    const char *domain = sv_domain_of(email);
    if (fit >= 3 || !domain || !p->emails->len || sv_domain_is_public(domain))
        return TRUE;
    for (guint i = 0; i < p->emails->len; i++) {
        const char *other = sv_domain_of(g_ptr_array_index(p->emails, i));
        if (other && (strcmp(other, domain) == 0 || sv_domain_is_public(other)))
            return TRUE;
    }
    return FALSE;
}

static int find_person(SvPeople *people, const Form *form, AddressKind kind, const char *key)
{
    int by_address = lookup(people->addresses, key);
    guint fit;
    int by_name = find_by_name(people, form, &fit);
    if (by_address >= 0) {
        gboolean other = by_name >= 0 && by_name != by_address && name_words(form) >= 2 && fit >= 3 &&
            fit_person(people, by_address, form) == 0;
        return other ? by_name : by_address;
    }
    if (by_name >= 0)
        return kind != ADDRESS_EMAIL || may_join(people, by_name, key, fit) ? by_name : -1;
    if (kind == ADDRESS_EMAIL || kind == ADDRESS_PHONE)
        return -1;
    return find_by_word(people, form);
}

int sv_people_find(SvPeople *people, const char *name, const char *address)
{
    g_autofree char *key = NULL, *shown = NULL;
    AddressKind kind = address_key(address, &key, &shown);
    Form form = read_form(name);
    return find_person(people, &form, kind, key);
}

/* ---- taking ---- */

static gboolean id_is_taken(const SvHistory *h, const char *id)
{
    for (guint i = 0; i < h->people->len; i++)
        if (g_strcmp0(((SvPerson *)g_ptr_array_index(h->people, i))->id, id) == 0)
            return TRUE;
    return FALSE;
}

static int add_person(SvPeople *people, const char *name)
{
    g_autofree char *id = NULL;
    do {
        g_free(id);
        id = g_strdup_printf("p%u", ++people->n_own);
    } while (people->n_own < 1000 && id_is_taken(people->history, id));
    g_ptr_array_add(people->history->people, sv_person_new(id, name, SV_SIDE_UNKNOWN));
    g_ptr_array_add(people->forms, g_new0(Forms, 1));
    return (int)people->history->people->len - 1;
}

/* A fuller form becomes the name of a person whom the card does not name. */
static void take_name(SvPeople *people, int index, const char *name, const Form *form)
{
    SvPerson *p = g_ptr_array_index(people->history->people, (guint)index);
    if (!name || !form->n || g_strcmp0(p->name, name) == 0 || has_string(p->aliases, name))
        return;
    Form old = read_form(p->name);
    gboolean fuller = name_words(form) > name_words(&old) && name_words(form) <= 3;
    if (!p->in_card && (!p->name || strchr(p->name, '@') || fuller)) {
        if (p->name && !strchr(p->name, '@'))
            g_ptr_array_add(p->aliases, g_strdup(p->name));
        g_free(p->name);
        p->name = g_strdup(name);
    } else if (p->aliases->len < 32) {
        g_ptr_array_add(p->aliases, g_strdup(name));
    }
    add_form(people, index, form);
}

int sv_people_take(SvPeople *people, const char *name, const char *address)
{
    if ((!name || !*name) && (!address || !*address))
        return -1;
    g_autofree char *both = g_strconcat(name ? name : "", "\n", address, NULL);
    int index = lookup(people->seen, both);
    if (index >= 0)
        return index;
    g_autofree char *key = NULL, *shown = NULL;
    AddressKind kind = address_key(address, &key, &shown);
    Form form = read_form(name);
    index = find_person(people, &form, kind, key);
    if (index < 0) {
        index = add_person(people, form.n ? name : shown ? shown : name);
        add_form(people, index, &form);
    } else {
        take_name(people, index, name, &form);
    }
    if (kind != ADDRESS_NONE)
        add_address(people, index, kind, key, shown);
    g_hash_table_insert(people->seen, g_steal_pointer(&both), GINT_TO_POINTER(index + 1));
    return index;
}

void sv_people_harvest(SvPeople *people, int person, const char *role, const char *phone)
{
    if (person < 0)
        return;
    SvPerson *p = g_ptr_array_index(people->history->people, (guint)person);
    if (role && (!p->role || !*p->role)) {
        g_free(p->role);
        p->role = g_strdup(role);
    }
    g_autofree char *number = phone ? sv_phone_normalise(phone) : NULL;
    if (!number || p->phones->len >= 4)
        return;
    g_autofree char *key = NULL, *shown = NULL;
    if (address_key(number, &key, &shown) == ADDRESS_PHONE && lookup(people->addresses, key) < 0)
        add_address(people, person, ADDRESS_PHONE, key, shown);
}

gboolean sv_people_is_strong(const char *name, const char *address)
{
    if (address && sv_domain_of(address))
        return TRUE;
    Form form = read_form(name);
    guint full = 0;
    for (guint i = 0; i < form.n; i++)
        full += form.tokens[i].kind != SV_NAME_PATRONYMIC;
    return full >= 2;
}

SvPeople *sv_people_new(SvHistory *history)
{
    SvPeople *people = g_new0(SvPeople, 1);
    people->history = history;
    people->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, int_array_free);
    people->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->forms = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < history->people->len; i++) {
        SvPerson *p = g_ptr_array_index(history->people, i);
        g_ptr_array_add(people->forms, g_new0(Forms, 1));
        Form form = read_form(p->name);
        add_form(people, (int)i, &form);
        GPtrArray *lists[] = {p->emails, p->phones, p->aliases};
        for (guint k = 0; k < 3; k++)
            for (guint j = 0; j < lists[k]->len; j++) {
                g_autofree char *key = NULL, *shown = NULL;
                AddressKind kind = address_key(g_ptr_array_index(lists[k], j), &key, &shown);
                if (kind == ADDRESS_NONE)
                    continue;
                if (k < 2) { /* the card may hold them as people write them */
                    g_free(lists[k]->pdata[j]);
                    lists[k]->pdata[j] = g_strdup(shown);
                }
                if (lookup(people->addresses, key) < 0)
                    g_hash_table_insert(people->addresses, g_strdup(key), GINT_TO_POINTER((int)i + 1));
                if (k == 2) {
                    Form alias = read_form(g_ptr_array_index(lists[k], j));
                    add_form(people, (int)i, &alias);
                }
            }
    }
    return people;
}

void sv_people_free(SvPeople *people)
{
    if (!people)
        return;
    g_hash_table_unref(people->addresses);
    g_hash_table_unref(people->words);
    g_hash_table_unref(people->seen);
    g_ptr_array_unref(people->forms);
    g_free(people);
}
