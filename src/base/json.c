/* Small helpers over cJSON: see json.h. */
#include "json.h"
#include "error.h"
#include <string.h>

const char *sv_json_string(const cJSON *object, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

double sv_json_number(const cJSON *object, const char *name, double otherwise)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsNumber(v))
        return v->valuedouble;
    if (cJSON_IsString(v) && *v->valuestring) {
        char *end = NULL;
        double d = g_ascii_strtod(v->valuestring, &end);
        if (end && !*end)
            return d;
    }
    return otherwise;
}

const cJSON *sv_json_array(const cJSON *object, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsArray(v) ? v : NULL;
}

const cJSON *sv_json_object(const cJSON *object, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsObject(v) ? v : NULL;
}

cJSON *sv_json_parse(const char *text, gsize len, GError **error)
{
    const char *start = text;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        start += 3;
    const char *end = NULL;
    cJSON *doc = cJSON_ParseWithLengthOpts(start, len - (gsize)(start - text), &end, FALSE);
    if (!doc)
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "not valid JSON at byte %" G_GSIZE_FORMAT,
            end ? (gsize)(end - text) : 0);
    return doc;
}

void sv_json_add(cJSON *object, const char *name, const char *value)
{
    if (value)
        cJSON_AddStringToObject(object, name, value);
    else
        cJSON_AddNullToObject(object, name);
}

void sv_json_add_taken(cJSON *object, const char *name, char *value)
{
    sv_json_add(object, name, value);
    g_free(value);
}
