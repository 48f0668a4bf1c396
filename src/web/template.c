/* Compiles templates: see template.h.
 *
 * A template becomes a flat list of nodes; the beginning of a section knows where it ends and the other way
 * round, so that filling needs no recursion. The text is copied once, names are cut out of it in place.
 *
 * Keeps true: sections are closed in order and not nested deeper than SV_TEMPLATE_DEPTH; a mark that is not
 * understood is an error and never text of the page. */
#include "template_parts.h"
#include "error.h"
#include <string.h>

struct SvTemplates {
    GHashTable *by_name; /* name → SvTemplate */
};

static void template_free(gpointer data)
{
    SvTemplate *template = data;
    g_free(template->name);
    g_free(template->text);
    g_array_unref(template->nodes);
    g_free(template);
}

SvTemplates *sv_templates_new(void)
{
    SvTemplates *templates = g_new0(SvTemplates, 1);
    templates->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, template_free);
    return templates;
}

void sv_templates_free(SvTemplates *templates)
{
    g_hash_table_unref(templates->by_name);
    g_free(templates);
}

const SvTemplate *sv_templates_find(const SvTemplates *templates, const char *name)
{
    return g_hash_table_lookup(templates->by_name, name);
}

typedef struct {
    SvTemplate *template;
    guint line;
    guint open[SV_TEMPLATE_DEPTH]; /* nodes of sections that are not closed */
    guint depth;
} Compiler;

static gboolean fail(const Compiler *compiler, GError **error, const char *what)
{
    g_set_error(
        error, SV_ERROR, SV_ERROR_INPUT, "%s: line %u: %s", compiler->template->name, compiler->line, what);
    return FALSE;
}

static gboolean is_name(const char *name)
{
    if (!*name)
        return FALSE;
    for (const char *p = name; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("_.-@", *p))
            return FALSE;
    return TRUE;
}

static SvNode *append(Compiler *compiler, SvNodeKind kind)
{
    SvNode node = {.kind = kind, .line = compiler->line};
    g_array_append_val(compiler->template->nodes, node);
    return &g_array_index(compiler->template->nodes, SvNode, compiler->template->nodes->len - 1);
}

/* "x", "x?", "x=word": cut in place. */
static gboolean set_test(SvNode *node, char *name)
{
    char *equals = strchr(name, '=');
    if (equals) {
        *equals = '\0';
        node->word = equals + 1;
        node->test = SV_TEST_IS;
    } else if (*name && name[strlen(name) - 1] == '?') {
        name[strlen(name) - 1] = '\0';
        node->test = SV_TEST_ONCE;
    }
    node->name = name;
    return is_name(name);
}

static gboolean open_section(Compiler *compiler, SvNodeKind kind, char *name, GError **error)
{
    if (compiler->depth == SV_TEMPLATE_DEPTH)
        return fail(compiler, error, "sections are nested too deep; put the inner ones into a part");
    compiler->open[compiler->depth++] = compiler->template->nodes->len;
    if (!set_test(append(compiler, kind), name))
        return fail(compiler, error, "a section has no proper name");
    return TRUE;
}

static gboolean close_section(Compiler *compiler, char *name, GError **error)
{
    if (compiler->depth == 0)
        return fail(compiler, error, "a section is closed that was not opened");
    guint at = compiler->open[--compiler->depth], end = compiler->template->nodes->len;
    SvNode closing = {0};
    gboolean named = set_test(&closing, name);
    append(compiler, SV_NODE_END)->other = at;
    SvNode *begin = &g_array_index(compiler->template->nodes, SvNode, at);
    if (!named || strcmp(closing.name, begin->name) != 0 || closing.test != begin->test ||
        g_strcmp0(closing.word, begin->word) != 0)
        return fail(compiler, error, "a section is closed under another name than it was opened");
    begin->other = end;
    return TRUE;
}

typedef struct {
    const char *verb;
    SvNodeKind kind;
    gboolean has_key;
} Verb;

static const Verb VERBS[] = {
    {"t", SV_NODE_WORD, TRUE},
    {"n", SV_NODE_COUNTED, TRUE},
    {"w", SV_NODE_WITH, TRUE},
    {"date", SV_NODE_DATE, FALSE},
    {"fulldate", SV_NODE_FULL_DATE, FALSE},
    {"moment", SV_NODE_MOMENT, FALSE},
    {"ago", SV_NODE_AGO, FALSE},
    {"clock", SV_NODE_CLOCK, FALSE},
    {"iso", SV_NODE_ISO, FALSE},
    {"url", SV_NODE_URL, FALSE},
};

/* Cuts the first word off; the rest begins after the spaces. */
static char *cut(char *text)
{
    char *space = strchr(text, ' ');
    if (!space)
        return text + strlen(text);
    *space = '\0';
    return g_strchug(space + 1);
}

/* "t key", "n key x", "date x" */
static gboolean add_verb(Compiler *compiler, char *tag, GError **error)
{
    char *first = cut(tag);
    for (guint i = 0; i < G_N_ELEMENTS(VERBS); i++) {
        if (strcmp(VERBS[i].verb, tag) != 0)
            continue;
        SvNode *node = append(compiler, VERBS[i].kind);
        char *name = first;
        if (VERBS[i].has_key) {
            name = cut(first);
            node->key = first;
            if (!is_name(first))
                return fail(compiler, error, "a word of the interface is not named");
        }
        node->name = *name ? name : NULL;
        gboolean needed = node->kind != SV_NODE_WORD || g_str_has_suffix(node->key, ".");
        if (needed != (node->name != NULL) || (node->name && !is_name(name)))
            return fail(compiler, error, "a value is missing, not wanted or not a name");
        return TRUE;
    }
    return fail(compiler, error, "the mark is not known");
}

static gboolean add_tag(Compiler *compiler, char *tag, gboolean markup, GError **error)
{
    g_strstrip(tag);
    if (markup || is_name(tag)) {
        SvNode *node = append(compiler, markup ? SV_NODE_MARKUP : SV_NODE_VALUE);
        node->name = tag;
        return is_name(tag) || fail(compiler, error, "a value has no proper name");
    }
    switch (*tag) {
    case '#':
        return open_section(compiler, SV_NODE_OPEN, g_strchug(tag + 1), error);
    case '^':
        return open_section(compiler, SV_NODE_ABSENT, g_strchug(tag + 1), error);
    case '/':
        return close_section(compiler, g_strchug(tag + 1), error);
    case '>':
        append(compiler, SV_NODE_PART)->key = g_strchug(tag + 1);
        return is_name(g_strchug(tag + 1)) || fail(compiler, error, "a part has no proper name");
    case '!':
        return TRUE;
    default:
        return add_verb(compiler, tag, error);
    }
}

static void add_text(Compiler *compiler, const char *text, gsize len)
{
    if (!len)
        return;
    SvNode *node = append(compiler, SV_NODE_TEXT);
    node->key = text;
    node->len = len;
    for (const char *p = text; (p = memchr(p, '\n', (gsize)(text + len - p))); p++)
        compiler->line++;
}

static gboolean compile(Compiler *compiler, char *text, GError **error)
{
    char *p = text;
    for (char *tag; (tag = strstr(p, "{{"));) {
        add_text(compiler, p, (gsize)(tag - p));
        gboolean markup = tag[2] == '{';
        char *begin = tag + (markup ? 3 : 2);
        char *end = strstr(begin, markup ? "}}}" : "}}");
        if (!end)
            return fail(compiler, error, "a mark is not closed");
        *end = '\0';
        if (strchr(begin, '\n') && *begin != '!')
            return fail(compiler, error, "a mark goes over the end of its line");
        if (!add_tag(compiler, begin, markup, error))
            return FALSE;
        p = end + (markup ? 3 : 2);
    }
    add_text(compiler, p, strlen(p));
    if (compiler->depth > 0)
        return fail(compiler, error, "a section is not closed");
    return TRUE;
}

gboolean sv_templates_add(
    SvTemplates *templates, const char *name, const char *text, gsize len, GError **error)
{
    SvTemplate *template = g_new0(SvTemplate, 1);
    template->name = g_strdup(name);
    template->nodes = g_array_new(FALSE, FALSE, sizeof(SvNode));
    Compiler compiler = {.template = template, .line = 1};
    if (len > SV_TEMPLATE_MAX || memchr(text, '\0', len)) {
        fail(&compiler, error, "the template is too long or no text");
        template_free(template);
        return FALSE;
    }
    template->text = g_strndup(text, len);
    if (!compile(&compiler, template->text, error)) {
        template_free(template);
        return FALSE;
    }
    g_hash_table_replace(templates->by_name, template->name, template);
    return TRUE;
}

gboolean sv_templates_check(const SvTemplates *templates, GError **error)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, templates->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SvTemplate *template = value;
        for (guint i = 0; i < template->nodes->len; i++) {
            const SvNode *node = &g_array_index(template->nodes, SvNode, i);
            if (node->kind != SV_NODE_PART || sv_templates_find(templates, node->key))
                continue;
            g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "%s: line %u: there is no part \"%s\"",
                template->name, node->line, node->key);
            return FALSE;
        }
    }
    return TRUE;
}

GPtrArray *sv_templates_words(const SvTemplates *templates)
{
    GPtrArray *words = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, templates->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const GArray *nodes = ((const SvTemplate *)value)->nodes;
        for (guint i = 0; i < nodes->len; i++) {
            const SvNode *node = &g_array_index(nodes, SvNode, i);
            if (node->kind == SV_NODE_WORD || node->kind == SV_NODE_COUNTED || node->kind == SV_NODE_WITH)
                g_ptr_array_add(words, (gpointer)node->key);
        }
    }
    return words;
}

cJSON *sv_template_markup(const char *markup)
{
    return cJSON_CreateRaw(markup);
}
