/* Fills templates: see template.h.
 *
 * A stack of frames says what is open: sections with the item they are at, and parts with the place to return
 * to. Names are looked for from the top frame down.
 *
 * Keeps true: every value is escaped so that it is nothing but text between tags and inside quoted
 * attributes; only markup made by sv_template_markup() is given as it stands; no recursion; depth and length
 * are bounded. */
#include "template_parts.h"
#include "error.h"
#include "html.h"
#include "web_words.h"
#include <string.h>

typedef struct {
    const SvTemplate *template;
    guint node; /* of a section: its beginning; of a part: where to go on after it */
    gboolean part;
    const cJSON *context; /* what names are looked for in; NULL: nothing of its own */
    gboolean each;        /* context is an item of a list */
    guint index;          /* of the item, from 1 */
} Frame;

typedef struct {
    const SvTemplates *templates;
    const SvTemplateReader *reading;
    const cJSON *model;
    GString *out;
    Frame frames[SV_TEMPLATE_DEPTH * 2];
    guint depth;
} Filler;

gboolean sv_template_holds(const cJSON *value)
{
    if (!value || cJSON_IsNull(value) || cJSON_IsFalse(value))
        return FALSE;
    if (cJSON_IsNumber(value))
        return value->valuedouble != 0;
    if (cJSON_IsString(value))
        return *value->valuestring != '\0';
    if (cJSON_IsArray(value) || cJSON_IsObject(value))
        return value->child != NULL;
    return TRUE;
}

static const cJSON *member(const cJSON *object, const char *name, gsize len)
{
    if (!cJSON_IsObject(object))
        return NULL;
    for (const cJSON *child = object->child; child; child = child->next)
        if (child->string && strncmp(child->string, name, len) == 0 && child->string[len] == '\0')
            return child;
    return NULL;
}

static const cJSON *find_first(const Filler *filler, const char *name, gsize len)
{
    for (guint i = filler->depth; i > 0; i--) {
        const cJSON *found = member(filler->frames[i - 1].context, name, len);
        if (found)
            return found;
    }
    return member(filler->model, name, len);
}

static const cJSON *innermost(const Filler *filler)
{
    for (guint i = filler->depth; i > 0; i--)
        if (filler->frames[i - 1].context)
            return filler->frames[i - 1].context;
    return filler->model;
}

static const cJSON *find(const Filler *filler, const char *name)
{
    if (strcmp(name, ".") == 0)
        return innermost(filler);
    gsize len = strcspn(name, ".");
    const cJSON *value = find_first(filler, name, len);
    while (value && name[len] == '.') {
        name += len + 1;
        len = strcspn(name, ".");
        value = member(value, name, len);
    }
    return value;
}

static guint list_index(const Filler *filler)
{
    for (guint i = filler->depth; i > 0; i--)
        if (filler->frames[i - 1].each)
            return filler->frames[i - 1].index;
    return 0;
}

/* A value as text; `room` holds numbers. */
static const char *text_of(const Filler *filler, const char *name, char room[32])
{
    if (strcmp(name, "@") == 0) {
        g_snprintf(room, 32, "%u", list_index(filler));
        return room;
    }
    const cJSON *value = find(filler, name);
    if (cJSON_IsString(value))
        return value->valuestring;
    if (!cJSON_IsNumber(value))
        return "";
    double number = value->valuedouble;
    if (number > -1e15 && number < 1e15 && number == (double)(gint64)number)
        g_snprintf(room, 32, "%" G_GINT64_FORMAT, (gint64)number);
    else
        g_ascii_formatd(room, 32, "%.10g", number);
    return room;
}

static void add_url(GString *out, const char *text)
{
    g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
    sv_html_add(out, escaped);
}

static void add_taken(GString *out, char *text)
{
    sv_html_add(out, text ? text : "");
    g_free(text);
}

/* Today where the moment was: late in the evening it is another day there. */
static SvDay today_at(const SvTemplateReader *reading, SvTime at, gboolean clock)
{
    return clock && reading->now ? sv_time_day((SvTime){reading->now, at.offset_s}) : reading->today;
}

static void add_time(Filler *filler, const SvNode *node)
{
    const cJSON *value = find(filler, node->name);
    const SvTemplateReader *reading = filler->reading;
    SvTime at;
    gboolean clock = cJSON_IsNumber(value) || (cJSON_IsString(value) && strchr(value->valuestring, 'T'));
    if (cJSON_IsNumber(value) && value->valuedouble > -1e11 && value->valuedouble < 1e11)
        at = sv_time_from_unix((gint64)value->valuedouble, reading->zone);
    else if (!cJSON_IsString(value) || !sv_time_parse(value->valuestring, reading->zone, &at))
        return;
    SvDay day = sv_time_day(at);
    int minute = sv_time_minute(at);
    if (node->kind == SV_NODE_ISO)
        add_taken(filler->out, clock ? sv_time_format(at) : sv_day_format(day));
    else if (node->kind == SV_NODE_CLOCK)
        g_string_append_printf(filler->out, "%02d:%02d", minute / 60, minute % 60);
    else if (node->kind == SV_NODE_AGO)
        add_taken(filler->out, sv_web_ago(reading->language, day, today_at(reading, at, clock)));
    else
        add_taken(filler->out, sv_web_day(reading->language, day,
                                   node->kind == SV_NODE_FULL_DATE ? SV_DAY_NONE : reading->today));
    if (node->kind == SV_NODE_MOMENT && clock)
        g_string_append_printf(filler->out, ", %02d:%02d", minute / 60, minute % 60);
}

static void add_word(Filler *filler, const SvNode *node)
{
    char room[32];
    SvLang language = filler->reading->language;
    if (!node->name) {
        sv_html_add(filler->out, sv_web_word(language, node->key));
        return;
    }
    const char *value = text_of(filler, node->name, room);
    if (node->kind == SV_NODE_WORD) {
        g_autofree char *key = g_strconcat(node->key, value, NULL);
        sv_html_add(filler->out, sv_web_word(language, key));
    } else if (node->kind == SV_NODE_WITH) {
        add_taken(filler->out, sv_web_with(language, node->key, value));
    } else {
        double n = g_ascii_strtod(value, NULL);
        add_taken(filler->out, sv_web_counted(language, node->key, n > 0 && n < 4e9 ? (guint)n : 0));
    }
}

static void add_plain(Filler *filler, const SvNode *node)
{
    char room[32];
    switch (node->kind) {
    case SV_NODE_TEXT:
        g_string_append_len(filler->out, node->key, (gssize)node->len);
        break;
    case SV_NODE_VALUE:
        sv_html_add(filler->out, text_of(filler, node->name, room));
        break;
    case SV_NODE_MARKUP: {
        const cJSON *value = find(filler, node->name);
        if (cJSON_IsRaw(value) && value->valuestring)
            g_string_append(filler->out, value->valuestring);
        break;
    }
    case SV_NODE_URL:
        add_url(filler->out, text_of(filler, node->name, room));
        break;
    case SV_NODE_WORD:
    case SV_NODE_COUNTED:
    case SV_NODE_WITH:
        add_word(filler, node);
        break;
    default:
        add_time(filler, node);
    }
}

static gboolean passes(Filler *filler, const SvNode *node, const cJSON **value)
{
    char room[32];
    *value = strcmp(node->name, "@") == 0 ? NULL : find(filler, node->name);
    if (node->test == SV_TEST_IS)
        return strcmp(text_of(filler, node->name, room), node->word) == 0;
    return sv_template_holds(*value);
}

static gboolean push(Filler *filler, Frame frame, GError **error)
{
    if (filler->depth == G_N_ELEMENTS(filler->frames)) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "%s: parts are nested too deep", frame.template->name);
        return FALSE;
    }
    filler->frames[filler->depth++] = frame;
    return TRUE;
}

/* Where to go on: behind a section's end when it is not to be shown, else into it. */
static gboolean enter(Filler *filler, const SvTemplate *template, guint *at, GError **error)
{
    const SvNode *node = &g_array_index(template->nodes, SvNode, *at);
    const cJSON *value;
    if (passes(filler, node, &value) != (node->kind == SV_NODE_OPEN)) {
        *at = node->other + 1;
        return TRUE;
    }
    Frame frame = {.template = template, .node = *at};
    if (node->kind == SV_NODE_OPEN && node->test == SV_TEST_HOLDS) {
        frame.each = cJSON_IsArray(value);
        frame.context = frame.each ? value->child : value;
        frame.index = 1;
    }
    (*at)++;
    return push(filler, frame, error);
}

static void leave(Filler *filler, guint *at)
{
    Frame *frame = &filler->frames[filler->depth - 1];
    if (frame->each && frame->context->next) {
        frame->context = frame->context->next;
        frame->index++;
        *at = frame->node + 1;
        return;
    }
    filler->depth--;
    (*at)++;
}

/* One node, or the way back from a part. FALSE at the end, or with an error. */
static gboolean step(Filler *filler, const SvTemplate **template, guint *at, GError **error)
{
    if (*at == (*template)->nodes->len) {
        if (filler->depth == 0)
            return FALSE;
        const Frame *back = &filler->frames[--filler->depth];
        *template = back->template;
        *at = back->node;
        return TRUE;
    }
    const SvNode *node = &g_array_index((*template)->nodes, SvNode, *at);
    if (filler->out->len > SV_TEMPLATE_OUT_MAX) {
        g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "%s: the page is too long", (*template)->name);
        return FALSE;
    }
    if (node->kind == SV_NODE_OPEN || node->kind == SV_NODE_ABSENT)
        return enter(filler, *template, at, error);
    if (node->kind == SV_NODE_END) {
        leave(filler, at);
    } else if (node->kind == SV_NODE_PART) {
        const SvTemplate *part = sv_templates_find(filler->templates, node->key);
        if (!push(filler, (Frame){.template = *template, .node = *at + 1, .part = TRUE}, error))
            return FALSE;
        if (part) {
            *template = part;
            *at = 0;
        } else {
            filler->depth--;
            (*at)++;
        }
    } else {
        add_plain(filler, node);
        (*at)++;
    }
    return TRUE;
}

char *sv_templates_render(const SvTemplates *templates, const char *name, const cJSON *model,
    const SvTemplateReader *reading, gsize *len, GError **error)
{
    const SvTemplate *template = sv_templates_find(templates, name);
    if (!template) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no template \"%s\"", name);
        return NULL;
    }
    Filler filler = {
        .templates = templates, .reading = reading, .model = model, .out = g_string_sized_new(16384)};
    GError *failed = NULL;
    guint at = 0;
    while (step(&filler, &template, &at, &failed))
        ;
    if (failed) {
        g_propagate_error(error, failed);
        g_string_free(filler.out, TRUE);
        return NULL;
    }
    if (len)
        *len = filler.out->len;
    return g_string_free(filler.out, FALSE);
}
