/* Phones of a card: see card_phones.h. The fields are those that source/card.c reads. */
#include "card_phones.h"
#include "client_store.h"

#define KEY_DIGITS 10u
#define MIN_DIGITS 5u
#define MAX_DIGITS 32u
#define MAX_PHONES 10000u

/* What follows the number («доб. 12», "ext 3", a second number) is not part of it. */
char *sv_phone_key(const char *number)
{
    char digits[MAX_DIGITS + 1];
    guint n = 0;
    for (const char *p = number; p && *p && n < MAX_DIGITS; p++) {
        if (g_ascii_isdigit(*p))
            digits[n++] = *p;
        else if (n >= MIN_DIGITS && (g_ascii_isalpha(*p) || (*p & 0x80) || strchr(",;#*/", *p)) &&
                 !g_str_has_prefix(p, "\xC2\xA0") && !g_str_has_prefix(p, "\xE2\x80"))
            break;
        else if ((guchar)*p == 0xC2 && p[1])
            p++;
        else if ((guchar)*p == 0xE2 && p[1] && p[2])
            p += 2;
    }
    if (n < MIN_DIGITS)
        return NULL;
    guint skip = n > KEY_DIGITS ? n - KEY_DIGITS : 0;
    return g_strndup(digits + skip, n - skip);
}

static void add_number(const cJSON *value, GHashTable *keys)
{
    char text[40];
    const char *number = NULL;
    if (cJSON_IsString(value))
        number = value->valuestring;
    else if (cJSON_IsNumber(value) && value->valuedouble > 0 && value->valuedouble < 1e16)
        number = g_ascii_formatd(text, sizeof text, "%.0f", value->valuedouble);
    char *key = number && g_hash_table_size(keys) < MAX_PHONES ? sv_phone_key(number) : NULL;
    if (key)
        g_hash_table_add(keys, key);
}

static void add_person(const cJSON *person, GHashTable *keys)
{
    static const char *const fields[] = {"phone", "phones", "whatsapp"};
    for (guint i = 0; i < G_N_ELEMENTS(fields) && cJSON_IsObject(person); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(person, fields[i]), *one;
        if (!cJSON_IsArray(value)) {
            add_number(value, keys);
            continue;
        }
        cJSON_ArrayForEach(one, value) add_number(one, keys);
    }
}

GPtrArray *sv_card_phones(const cJSON *card)
{
    static const char *const lists[] = {"contacts", "others"};
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        const cJSON *person;
        cJSON_ArrayForEach(person, sv_json_array(card, lists[i])) add_person(person, keys);
    }
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, keys);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(out, g_strdup(key));
    return out;
}
