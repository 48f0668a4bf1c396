/* Which route of the tables a path means. Inside the folder and for tests. */
#pragma once
#include "route.h"

/* The name of a parameter of a query and what it may hold, read from SvRoute.query. */
typedef enum {
    SV_QUERY_STRING,
    SV_QUERY_INTEGER,
    SV_QUERY_BOOLEAN,
    SV_QUERY_DAY,
    SV_QUERY_ONE_OF
} SvQueryKind;
typedef struct {
    char *name;
    SvQueryKind kind;
    gboolean needed;
    gint64 least, most; /* of an integer; of a string: characters */
    char **words;       /* of SV_QUERY_ONE_OF */
} SvQueryRule;
/* "language?:ru|en limit?:integer(1..200) q:string(1..200) from?:day note?:boolean" → SvQueryRule; a wrong
 * text is a bug of ours and ends the program. NULL gives an empty list. */
GPtrArray *sv_query_rules(const char *text);
/* Does the request keep to the rules? SV_ERROR_USAGE names the parameter. Others than named are passed over.
 */
gboolean sv_query_check(const GPtrArray *rules, const SvHttpRequest *request, GError **error);

/* What a path was found to be. `text` is cut into the parameters. */
typedef struct {
    const SvRoute *route;   /* NULL: none */
    const GPtrArray *rules; /* of its query */
    guint allowed;          /* bits of methods that the path has when `route` is NULL */
    gint64 client;          /* the number in {client}, 0 none */
    const char *parameters[SV_ROUTE_PARAMETERS];
    char *text;
    char small[256];
} SvMatch;
void sv_match_clear(SvMatch *match);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvMatch, sv_match_clear)
/* A template's last {message} or {task} takes the rest of the path, slashes too: keys of letters may hold
 * them. */
void sv_match_find(SvRoutes tables, const char *method, const char *path, SvMatch *out);
/* "GET, HEAD, POST" of bits; newly allocated. */
char *sv_match_methods(guint allowed);
