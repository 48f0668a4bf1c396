/* The client's card, client.json, as a CRM exports it: name, language, timezone, contacts[], managers[].
 *
 * It is the only source that makes people: contacts are the client's side, managers ours, `others` third. A
 * person needs a name, an e-mail or a phone; ids are kept where they are there and new.
 *
 * Keeps true: a field of the wrong kind is reported and left out, the rest is read; a second card changes
 * nothing and is reported. Does not: guess a side, or a language from the name. */
#include "intake.h"
#include "sv_limits.h"
#include "utf8.h"
#include <string.h>

#define MAX_PEOPLE 10000u

typedef struct {
    const SvInput *input;
    SvHistory *history;
    SvReport *report;
    GHashTable *ids;
} Reader;

static void problem(Reader *r, const char *place, const char *reason, const char *remedy)
{
    sv_report_add(r->report, SV_ERROR_PARTIAL, r->input->name, place, reason, remedy);
}

static char *clean_text(const char *text)
{
    char *s = g_strstrip(sv_utf8_clean(text, MIN(strlen(text), 1024u)));
    g_strdelimit(s, "\n\t", ' ');
    if (!*s)
        g_clear_pointer(&s, g_free);
    return s;
}

static char *clean_string(const cJSON *object, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsNumber(v))
        return g_strdup_printf("%.0f", v->valuedouble);
    return cJSON_IsString(v) ? clean_text(v->valuestring) : NULL;
}

static void add_new(GPtrArray *to, char *value)
{
    if (value && *value && !g_ptr_array_find_with_equal_func(to, value, g_str_equal, NULL) && to->len < 100)
        g_ptr_array_add(to, value);
    else
        g_free(value);
}

static void add_email(Reader *r, SvPerson *p, const char *text, const char *place)
{
    g_autofree char *email = clean_text(text);
    if (!email)
        return;
    const char *at = strchr(email, '@');
    if (!at || at == email || !at[1] || strpbrk(email, " \t<>,;")) {
        problem(r, place, "the e-mail is no address and was left out", NULL);
        return;
    }
    add_new(p->emails, g_utf8_strdown(email, -1));
}

static void add_phone(Reader *r, SvPerson *p, const char *text, const char *place)
{
    g_autofree char *phone = clean_text(text);
    if (!phone)
        return;
    char *number = sv_intake_phone(phone);
    if (number)
        add_new(p->phones, number);
    else
        problem(r, place, "the phone is no number and was left out", "Write it like +7 701 234 56 78");
}

static void add_alias(Reader *r, SvPerson *p, const char *text, const char *place)
{
    add_new(p->aliases, clean_text(text));
}

typedef void (*Adder)(Reader *r, SvPerson *p, const char *text, const char *place);

/* The value of a key may be a string, a number or a list of strings. */
static void add_values(
    Reader *r, SvPerson *p, const cJSON *one, const char *key, const char *place, Adder add)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(one, key), *item;
    if (cJSON_IsString(v)) {
        add(r, p, v->valuestring, place);
    } else if (cJSON_IsNumber(v)) {
        g_autofree char *digits = g_strdup_printf("%.0f", v->valuedouble);
        add(r, p, digits, place);
    } else if (cJSON_IsArray(v)) {
        cJSON_ArrayForEach(item, v)
        {
            if (cJSON_IsString(item))
                add(r, p, item->valuestring, place);
        }
    } else if (v && !cJSON_IsNull(v)) {
        problem(r, place, "a field of a person has the wrong kind and was left out", NULL);
    }
}

static void read_person(Reader *r, const cJSON *one, SvSide side, const char *place)
{
    static const struct {
        const char *key;
        Adder add;
    } fields[] = {{"email", add_email}, {"emails", add_email}, {"phone", add_phone}, {"phones", add_phone},
        {"aliases", add_alias}, {"telegram", add_alias}, {"whatsapp", add_phone}};
    if (!cJSON_IsObject(one)) {
        problem(r, place, "this is no person", "A person is an object with name, role, email, phone");
        return;
    }
    g_autofree char *id = clean_string(one, "id"), *name = clean_string(one, "name");
    SvPerson *p = sv_person_new(NULL, name, side);
    p->role = clean_string(one, "role");
    p->in_card = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        add_values(r, p, one, fields[i].key, place, fields[i].add);
    if (!name && !p->emails->len && !p->phones->len) {
        problem(r, place, "the person has neither name nor e-mail nor phone", NULL);
        sv_person_free(p);
        return;
    }
    if (!name)
        p->name =
            g_strdup(p->emails->len ? g_ptr_array_index(p->emails, 0) : g_ptr_array_index(p->phones, 0));
    if (id && g_hash_table_contains(r->ids, id)) {
        problem(r, place, "the id stands twice; the person got another", NULL);
        g_clear_pointer(&id, g_free);
    }
    for (guint n = r->history->people->len + 1; !id || g_hash_table_contains(r->ids, id); n++) {
        g_free(id);
        id = g_strdup_printf("card%u", n);
    }
    p->id = g_strdup(id);
    g_hash_table_add(r->ids, g_steal_pointer(&id));
    g_ptr_array_add(r->history->people, p);
}

static void read_people(Reader *r, const cJSON *doc, const char *key, SvSide side)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, key), *one;
    if (!list || cJSON_IsNull(list))
        return;
    if (!cJSON_IsArray(list)) {
        problem(r, key, "this is no list", "Write it as [ {…}, {…} ]");
        return;
    }
    guint n = 0;
    cJSON_ArrayForEach(one, list)
    {
        g_autofree char *place = g_strdup_printf("%s[%u]", key, n++);
        if (r->history->people->len >= MAX_PEOPLE) {
            problem(r, place, "the card has too many people; the rest was left out", NULL);
            return;
        }
        read_person(r, one, side, place);
    }
}

static void read_zone(Reader *r, const cJSON *doc)
{
    g_autofree char *name = clean_string(doc, "timezone");
    if (!name)
        return;
    GTimeZone *zone = sv_zone_parse(name);
    if (!zone) {
        problem(
            r, "timezone", "the time zone is unknown; UTC is taken", "Write it like Asia/Almaty or +05:00");
        return;
    }
    if (r->history->zone)
        g_time_zone_unref(r->history->zone);
    r->history->zone = zone;
}

static void read_language(Reader *r, const cJSON *doc)
{
    g_autofree char *language = clean_string(doc, "language");
    if (!language)
        return;
    g_autofree char *low = g_ascii_strdown(language, -1);
    if (g_str_has_prefix(low, "ru") || g_str_has_prefix(low, "en")) {
        g_free(r->history->language);
        r->history->language = g_strndup(low, 2);
        return;
    }
    problem(r, "language", "the language is neither ru nor en; it is inferred", NULL);
}

static gboolean card_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    g_autoptr(cJSON) doc = sv_intake_json(input, error);
    if (!doc)
        return FALSE;
    if (!cJSON_IsObject(doc) ||
        (!sv_json_array(doc, "contacts") && !sv_json_array(doc, "managers") && !sv_json_string(doc, "name")))
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "the document is no card of a client",
            "It needs name, contacts and managers");
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reader r = {.input = input, .history = history, .report = report, .ids = ids};
    if (history->has_card) {
        problem(&r, NULL, "a card was already read; this one was left out",
            "Give the files of one client at a time");
        return TRUE;
    }
    for (guint i = 0; i < history->people->len; i++)
        g_hash_table_add(ids, g_strdup(((const SvPerson *)g_ptr_array_index(history->people, i))->id));
    g_free(history->client_name);
    history->client_name = clean_string(doc, "name");
    if (!history->client_name)
        problem(&r, "name", "the card does not name the client", NULL);
    read_language(&r, doc);
    read_zone(&r, doc);
    read_people(&r, doc, "contacts", SV_SIDE_CLIENT);
    read_people(&r, doc, "managers", SV_SIDE_US);
    read_people(&r, doc, "others", SV_SIDE_THIRD);
    history->has_card = TRUE;
    char *text = cJSON_PrintUnformatted(doc);
    g_free(history->card);
    history->card = g_strdup(text);
    cJSON_free(text);
    return TRUE;
}

static int card_probe(const SvInput *input)
{
    static const char *const keys[] = {"contacts", "managers", "name", "timezone", "messages", "chats", NULL};
    guint found = sv_intake_keys(input, keys);
    if (found & 0x30)
        return 0;
    if ((found & 3) && (found & 12))
        return 90;
    if (found & 3)
        return 60;
    return (found & 12) == 12 ? 60 : 0;
}

const SvSource sv_source_card = {"card", 90, card_probe, card_read};
