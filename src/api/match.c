/* Paths to routes: a tree of segments, built once for each list of tables and kept to the end of the program.
 *
 * A node has children by literal text and at most one for a parameter; the literal one is tried first and
 * there is no way back, so no template may begin like another and go on with a parameter where the other has
 * a word that a longer path needs (the test of the table walks every route). A look-up costs a hash a
 * segment. */
#include "match.h"
#include <string.h>

#define SEGMENTS_MOST 16u
#define DIGITS_MOST 18u

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
#define N_METHODS G_N_ELEMENTS(methods)

typedef struct Node {
    GHashTable *words; /* segment → Node */
    struct Node *any;
    gboolean is_client, is_rest; /* what the parameter of `any` is */
    const SvRoute *routes[N_METHODS];
    GPtrArray *rules[N_METHODS];
} Node;

static Node *node_new(void)
{
    Node *node = g_new0(Node, 1);
    node->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return node;
}

static int method_of(const char *name)
{
    for (guint i = 0; i < N_METHODS; i++)
        if (strcmp(methods[i], name) == 0)
            return (int)i;
    return -1;
}

static Node *step(Node *node, const char *segment, gboolean last)
{
    if (*segment == '{') {
        if (!node->any)
            node->any = node_new();
        node->is_client |= strcmp(segment, "{client}") == 0;
        node->is_rest |= last && (strcmp(segment, "{message}") == 0 || strcmp(segment, "{task}") == 0);
        return node->any;
    }
    Node *child = g_hash_table_lookup(node->words, segment);
    if (!child) {
        child = node_new();
        g_hash_table_insert(node->words, g_strdup(segment), child);
    }
    return child;
}

static void add_route(Node *root, const SvRoute *route)
{
    g_auto(GStrv) segments = g_strsplit(route->path + 1, "/", -1);
    Node *node = root;
    for (char **s = segments; *s && **s; s++)
        node = step(node, *s, s[1] == NULL);
    int method = method_of(route->method);
    if (method < 0 || node->routes[method])
        g_error("route %s %s is there twice or has an unknown method", route->method, route->path);
    node->routes[method] = route;
    node->rules[method] = sv_query_rules(route->query);
}

typedef struct {
    SvRoutes tables;
    Node *root;
} Tree;

static Tree *known; /* the list that was asked for last; a program has one, tests a few */
G_LOCK_DEFINE_STATIC(trees);

static const Node *tree_of(SvRoutes tables)
{
    const Tree *tree = g_atomic_pointer_get(&known);
    if (tree && tree->tables == tables)
        return tree->root;
    G_LOCK(trees);
    static GHashTable *all;
    if (!all)
        all = g_hash_table_new(NULL, NULL);
    Tree *made = g_hash_table_lookup(all, tables);
    if (!made) {
        made = g_new0(Tree, 1);
        made->tables = tables;
        made->root = node_new();
        for (SvRoutes table = tables; *table; table++)
            for (const SvRoute *route = *table; route->method; route++)
                add_route(made->root, route);
        g_hash_table_insert(all, (gpointer)tables, made);
    }
    g_atomic_pointer_set(&known, made);
    G_UNLOCK(trees);
    return made->root;
}

/* ── look-up ── */

static gboolean is_number(const char *text, gint64 *out)
{
    gsize n = strspn(text, "0123456789");
    if (!n || n > DIGITS_MOST || text[n])
        return FALSE;
    *out = g_ascii_strtoll(text, NULL, 10);
    return *out > 0;
}

static void cut_path(SvMatch *out, const char *path)
{
    gsize len = strlen(path);
    out->text = len < sizeof out->small ? out->small : g_malloc(len + 1);
    memcpy(out->text, path, len + 1);
}

/* The segment at `at`, cut off; *next is what follows, NULL at the end. */
static char *cut_segment(char *at, char **next)
{
    char *slash = strchr(at, '/');
    *next = slash ? slash + 1 : NULL;
    if (slash)
        *slash = '\0';
    return at;
}

void sv_match_find(SvRoutes tables, const char *method, const char *path, SvMatch *out)
{
    const Node *node = tree_of(tables);
    guint n = 0, depth = 0;
    cut_path(out, path);
    for (char *at = out->text[1] ? out->text + 1 : NULL; at;) {
        if (++depth > SEGMENTS_MOST)
            return;
        char *next, *segment = cut_segment(at, &next);
        const Node *word = g_hash_table_lookup(node->words, segment);
        if (!word) {
            if (!node->any || !*segment || n == SV_ROUTE_PARAMETERS)
                return;
            if (node->is_client && !is_number(segment, &out->client))
                return;
            if (node->is_rest && next) {
                next[-1] = '/';
                next = NULL;
            }
            out->parameters[n++] = segment;
        }
        node = word ? word : node->any;
        at = next;
    }
    int which = method_of(method);
    out->route = which >= 0 ? node->routes[which] : NULL;
    out->rules = which >= 0 ? node->rules[which] : NULL;
    for (guint i = 0; i < N_METHODS; i++)
        out->allowed |= node->routes[i] ? 1u << i : 0;
}

void sv_match_clear(SvMatch *match)
{
    if (match->text != match->small)
        g_free(match->text);
    match->text = NULL;
}

char *sv_match_methods(guint allowed)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < N_METHODS; i++)
        if (allowed & 1u << i)
            g_string_append_printf(out, "%s%s%s", out->len ? ", " : "", methods[i], i == 0 ? ", HEAD" : "");
    return g_string_free(out, FALSE);
}
