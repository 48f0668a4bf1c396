/* Small helpers over cJSON: typed reading that never trusts the input. */
#pragma once
#include <glib.h>
#include <cjson/cJSON.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/* The string member, or NULL when it is absent or no string. Borrowed. */
const char *sv_json_string(const cJSON *object, const char *name);
/* The number member, or `otherwise`. Numbers written as strings are read too. */
double sv_json_number(const cJSON *object, const char *name, double otherwise);
/* The array or object member, or NULL. Borrowed. */
const cJSON *sv_json_array(const cJSON *object, const char *name);
const cJSON *sv_json_object(const cJSON *object, const char *name);
/* Parses a document of at most SV_MAX_FILE bytes (a BOM is skipped); NULL and SV_ERROR_INPUT with the byte
 * where it stopped making sense. */
cJSON *sv_json_parse(const char *text, gsize len, GError **error);
/* Adds a string member; NULL is written as null. The second frees the text. */
void sv_json_add(cJSON *object, const char *name, const char *value);
void sv_json_add_taken(cJSON *object, const char *name, char *value);
