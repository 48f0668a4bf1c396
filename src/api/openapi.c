/* The description of the interface: OpenAPI 3.1, made from the table of routes and the schemas of schema/.
 *
 * A route's path, parameters, body, answer and errors are those that the dispatcher checks; nothing is
 * written twice. A summary's own definitions ($defs) become schemas of the description, as SummaryTask and
 * the like. */
#include "error.h"
#include "match.h"
#include "reply.h"
#include <gio/gio.h>
#include <string.h>

GResource *sv_api_schema_get_resource(void);

static cJSON *load(const char *name)
{
    g_autofree char *path = g_strconcat("/svodka/schema/", name, NULL);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(sv_api_schema_get_resource(), path, 0, NULL);
    gsize len = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &len) : "";
    cJSON *document = cJSON_ParseWithLength(text, len);
    if (!document)
        g_error("schema/%s cannot be read", name);
    return document;
}

/* "#/$defs/task" → "#/components/schemas/SummaryTask", everywhere below; without recursion. */
static void move_references(cJSON *root)
{
    static const char from[] = "#/$defs/";
    g_autoptr(GPtrArray) todo = g_ptr_array_new();
    g_ptr_array_add(todo, root);
    while (todo->len) {
        cJSON *node = g_ptr_array_steal_index_fast(todo, todo->len - 1);
        for (cJSON *child = node->child; child; child = child->next) {
            if (cJSON_IsString(child) && child->string && strcmp(child->string, "$ref") == 0 &&
                g_str_has_prefix(child->valuestring, from)) {
                g_autofree char *name = g_strdup(child->valuestring + sizeof from - 1);
                *name = g_ascii_toupper(*name);
                g_autofree char *to = g_strconcat("#/components/schemas/Summary", name, NULL);
                cJSON_SetValuestring(child, to);
            }
            g_ptr_array_add(todo, child);
        }
    }
}

static cJSON *make_schemas(void)
{
    cJSON *all = load("api.schema.json"), *summary = load("summary.schema.json");
    move_references(summary);
    cJSON *defs = cJSON_DetachItemFromObjectCaseSensitive(summary, "$defs");
    cJSON_DeleteItemFromObjectCaseSensitive(summary, "$schema");
    cJSON_DeleteItemFromObjectCaseSensitive(summary, "$id");
    for (cJSON *def = defs->child, *next; def; def = next) {
        next = def->next;
        g_autofree char *name = g_strconcat("Summary", def->string, NULL);
        name[7] = g_ascii_toupper(name[7]);
        cJSON_AddItemToObject(all, name, cJSON_DetachItemViaPointer(defs, def));
    }
    cJSON_Delete(defs);
    cJSON_AddItemToObject(all, "Summary", summary);
    return all;
}

/* ── parameters ── */

static cJSON *rule_schema(const SvQueryRule *rule)
{
    cJSON *schema = cJSON_CreateObject();
    gboolean number = rule->kind == SV_QUERY_INTEGER, truth = rule->kind == SV_QUERY_BOOLEAN;
    cJSON_AddStringToObject(schema, "type", number ? "integer" : truth ? "boolean" : "string");
    if (number) {
        cJSON_AddNumberToObject(schema, "minimum", (double)rule->least);
        cJSON_AddNumberToObject(schema, "maximum", (double)rule->most);
    }
    if (rule->kind == SV_QUERY_STRING) {
        cJSON_AddNumberToObject(schema, "minLength", (double)rule->least);
        cJSON_AddNumberToObject(schema, "maxLength", (double)rule->most);
    }
    if (rule->kind == SV_QUERY_DAY)
        cJSON_AddStringToObject(schema, "format", "date");
    if (rule->words)
        cJSON_AddItemToObject(schema, "enum",
            cJSON_CreateStringArray((const char *const *)rule->words, (int)g_strv_length(rule->words)));
    return schema;
}

static void add_parameter(cJSON *list, const char *name, const char *in, gboolean needed, cJSON *schema)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "name", name);
    cJSON_AddStringToObject(one, "in", in);
    cJSON_AddBoolToObject(one, "required", needed);
    cJSON_AddItemToObject(one, "schema", schema);
    cJSON_AddItemToArray(list, one);
}

static void add_parameters(cJSON *operation, const SvRoute *route)
{
    g_autoptr(GPtrArray) rules = sv_query_rules(route->query);
    cJSON *list = cJSON_AddArrayToObject(operation, "parameters");
    g_auto(GStrv) segments = g_strsplit(route->path, "/", -1);
    for (char **s = segments; *s; s++) {
        if (**s != '{')
            continue;
        g_autofree char *name = g_strndup(*s + 1, strlen(*s) - 2);
        gboolean number = strcmp(name, "client") == 0 || strcmp(name, "id") == 0;
        cJSON *schema = cJSON_CreateObject();
        cJSON_AddStringToObject(schema, "type", number ? "integer" : "string");
        cJSON_AddNumberToObject(schema, number ? "minimum" : "minLength", 1);
        add_parameter(list, name, "path", TRUE, schema);
    }
    for (guint i = 0; i < rules->len; i++) {
        const SvQueryRule *rule = rules->pdata[i];
        add_parameter(list, rule->name, "query", rule->needed, rule_schema(rule));
    }
}

/* ── bodies and answers ── */

static cJSON *reference(const char *to)
{
    cJSON *schema = cJSON_CreateObject();
    cJSON_AddStringToObject(schema, "$ref", to);
    return schema;
}

static void add_content(cJSON *to, const char *type, cJSON *schema)
{
    cJSON *content = cJSON_GetObjectItemCaseSensitive(to, "content");
    if (!content)
        content = cJSON_AddObjectToObject(to, "content");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(content, type), "schema", schema);
}

static void add_body(cJSON *operation, const SvRoute *route)
{
    if (!route->request)
        return;
    cJSON *body = cJSON_AddObjectToObject(operation, "requestBody");
    cJSON_AddTrueToObject(body, "required");
    if (strcmp(route->request, "files") == 0)
        add_content(body, "multipart/form-data",
            cJSON_Parse("{\"type\":\"object\",\"properties\":{\"files\":{\"type\":\"array\",\"items\":{"
                        "\"type\":\"string\","
                        "\"format\":\"binary\"}}}}"));
    else
        add_content(body, SV_TYPE_JSON, reference(route->request));
}

static void add_other_forms(cJSON *answer, const SvRoute *route)
{
    static const char *const forms[][2] = {{"md", "text/markdown"}, {"pdf", "application/pdf"},
        {"csv", "text/csv"},
        {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}};
    const char *as = route->query ? strstr(route->query, "as?:") : NULL;
    for (guint i = 0; as && i < G_N_ELEMENTS(forms); i++)
        if (strstr(as, forms[i][0]))
            add_content(answer, forms[i][1], cJSON_Parse("{\"type\":\"string\"}"));
}

static void add_answer(cJSON *answers, const char *status, const char *description, const SvRoute *route)
{
    cJSON *answer = cJSON_AddObjectToObject(answers, status);
    cJSON_AddStringToObject(answer, "description", description);
    if (!route || !route->response)
        return;
    if (*route->response == '#')
        add_content(answer, SV_TYPE_JSON, reference(route->response));
    else
        add_content(answer, route->response,
            strcmp(route->response, SV_TYPE_JSON) == 0 ? cJSON_CreateObject()
                                                       : cJSON_Parse("{\"type\":\"string\"}"));
    add_other_forms(answer, route);
}

static void add_problem(cJSON *answers, int status)
{
    char key[8];
    g_snprintf(key, sizeof key, "%d", status);
    cJSON *answer = cJSON_AddObjectToObject(answers, key);
    cJSON_AddStringToObject(answer, "description", "A problem (RFC 9457)");
    add_content(answer, SV_TYPE_PROBLEM, reference("#/components/schemas/Problem"));
}

static void add_answers(cJSON *operation, const SvRoute *route)
{
    cJSON *answers = cJSON_AddObjectToObject(operation, "responses");
    gboolean get = strcmp(route->method, "GET") == 0, open = (route->flags & SV_ROUTE_PUBLIC) && get;
    add_answer(answers, route->response ? "200" : "204", "Done", route);
    if (strcmp(route->method, "POST") == 0 && route->response)
        add_answer(answers, "201", "Made", route);
    if (get && (route->flags & SV_ROUTE_CLIENT))
        add_answer(answers, "304", "As it was", NULL);
    static const int problems[] = {400, 401, 403, 404, 409, 411, 413, 422, 429, 431, 503};
    for (guint i = 0; i < G_N_ELEMENTS(problems); i++)
        if (!open || problems[i] == 503 || problems[i] == 403)
            add_problem(answers, problems[i]);
    if (strcmp(route->path, "/healthz") == 0) {
        cJSON_DeleteItemFromObject(answers, "503");
        add_answer(answers, "503", "It is not", route);
    }
}

/* ── the whole ── */

static void add_security(cJSON *operation, const SvRoute *route)
{
    cJSON *list = cJSON_AddArrayToObject(operation, "security");
    if (route->flags & SV_ROUTE_PUBLIC)
        return;
    cJSON_AddItemToArray(list, cJSON_Parse("{\"token\":[]}"));
    cJSON_AddItemToArray(list,
        cJSON_Parse(route->flags & SV_ROUTE_WRITE ? "{\"session\":[],\"csrf\":[]}" : "{\"session\":[]}"));
}

static void add_route(cJSON *paths, const SvRoute *route)
{
    cJSON *path = cJSON_GetObjectItemCaseSensitive(paths, route->path);
    g_autofree char *method = g_ascii_strdown(route->method, -1);
    if (!path)
        path = cJSON_AddObjectToObject(paths, route->path);
    cJSON *operation = cJSON_AddObjectToObject(path, method);
    cJSON_AddStringToObject(operation, "summary", route->summary);
    if (route->flags & SV_ROUTE_ADMIN)
        cJSON_AddStringToObject(operation, "description", "For administrators.");
    add_parameters(operation, route);
    add_body(operation, route);
    add_answers(operation, route);
    add_security(operation, route);
}

char *sv_openapi(SvRoutes tables)
{
    cJSON *document = cJSON_Parse(
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Svodka\",\"version\":\"" SV_VERSION
        "\",\"description\":\"What matters about a client, each sentence with the message that proves it.\"},"
        "\"jsonSchemaDialect\":\"https://json-schema.org/draft/2020-12/schema\",\"paths\":{},\"components\":{"
        "\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
        "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"" SV_SESSION_COOKIE "\"},"
        "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\"}}}}");
    cJSON *paths = cJSON_GetObjectItemCaseSensitive(document, "paths");
    for (SvRoutes table = tables; *table; table++)
        for (const SvRoute *route = *table; route->method; route++)
            add_route(paths, route);
    cJSON_AddItemToObject(
        cJSON_GetObjectItemCaseSensitive(document, "components"), "schemas", make_schemas());
    char *printed = cJSON_PrintUnformatted(document), *text = g_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(document);
    return text;
}
