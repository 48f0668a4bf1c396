/* Parameters of a query: rules written beside the route, checked before the handler runs. See match.h. */
#include "error.h"
#include "match.h"
#include "moment.h"
#include <string.h>

#define STRING_MOST 1000

static void rule_free(gpointer p)
{
    SvQueryRule *rule = p;
    g_free(rule->name);
    g_strfreev(rule->words);
    g_free(rule);
}

/* "integer(1..200)" */
static void read_kind(SvQueryRule *rule, const char *kind)
{
    const char *range = strchr(kind, '(');
    gboolean integer = g_str_has_prefix(kind, "integer"), string = g_str_has_prefix(kind, "string");
    rule->kind = integer                        ? SV_QUERY_INTEGER
                 : string                       ? SV_QUERY_STRING
                 : strcmp(kind, "boolean") == 0 ? SV_QUERY_BOOLEAN
                 : strcmp(kind, "day") == 0     ? SV_QUERY_DAY
                                                : SV_QUERY_ONE_OF;
    rule->least = integer ? G_MININT32 : 0;
    rule->most = integer ? G_MAXINT64 / 2 : STRING_MOST;
    if (range) {
        char *end;
        rule->least = g_ascii_strtoll(range + 1, &end, 10);
        rule->most = g_ascii_strtoll(end + 2, NULL, 10);
    }
    if (rule->kind == SV_QUERY_ONE_OF)
        rule->words = g_strsplit(kind, "|", -1);
}

GPtrArray *sv_query_rules(const char *text)
{
    GPtrArray *rules = g_ptr_array_new_with_free_func(rule_free);
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);
    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        char *colon = strchr(*word, ':');
        if (!colon || colon == *word)
            g_error("a query is written name?:kind, not “%s”", *word);
        SvQueryRule *rule = g_new0(SvQueryRule, 1);
        rule->needed = colon[-1] != '?';
        rule->name = g_strndup(*word, (gsize)(colon - *word) - !rule->needed);
        read_kind(rule, colon + 1);
        g_ptr_array_add(rules, rule);
    }
    return rules;
}

static gboolean is_integer(const char *value, const SvQueryRule *rule)
{
    gint64 n;
    return g_ascii_string_to_signed(value, 10, rule->least, rule->most, &n, NULL);
}

static gboolean keeps(const SvQueryRule *rule, const char *value)
{
    SvDay day;
    glong length = rule->kind == SV_QUERY_STRING ? g_utf8_strlen(value, -1) : 0;
    switch (rule->kind) {
    case SV_QUERY_INTEGER:
        return is_integer(value, rule);
    case SV_QUERY_BOOLEAN:
        return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
    case SV_QUERY_DAY:
        return sv_day_parse(value, &day);
    case SV_QUERY_ONE_OF:
        return g_strv_contains((const char *const *)rule->words, value);
    default:
        return length >= rule->least && length <= rule->most;
    }
}

gboolean sv_query_check(const GPtrArray *rules, const SvHttpRequest *request, GError **error)
{
    for (guint i = 0; i < rules->len; i++) {
        const SvQueryRule *rule = rules->pdata[i];
        const char *value = sv_request_query(request, rule->name);
        if (value ? keeps(rule, value) : !rule->needed)
            continue;
        g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "the parameter “%s” of the query is %s", rule->name,
            value ? "not what it may be" : "missing");
        return FALSE;
    }
    return TRUE;
}
