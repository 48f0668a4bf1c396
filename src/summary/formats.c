/* Formats as data: see formats.h.
 *
 * A file is read with GKeyFile. Unknown groups and keys are refused, so that a misspelt one is not silently
 * passed over. A format that cannot be read leaves the others as they are: the first error is told. */
#include "format_rules.h"
#include "acts.h"
#include "error.h"
#include "words.h"
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_MAX 500
#define LENGTH_MAX 2000
#define SECTIONS_MAX 24
#define FILE_MAX (64u << 10)

extern GResource *sv_formats_data_get_resource(void);

struct SvFormats {
    GPtrArray *all; /* SvFormatRules *, by order */
    const char **names;
};

typedef struct {
    const char *file;
    GKeyFile *keys;
    const char *group;
} Reading;

static void section_free(gpointer p)
{
    SvFormatSection *s = p;
    g_free(s->id);
    g_free(s->title[0]);
    g_free(s->title[1]);
    g_free(s);
}

static void rules_free(gpointer p)
{
    SvFormatRules *r = p;
    g_free(r->name);
    g_free(r->title[0]);
    g_free(r->title[1]);
    g_strfreev(r->occasions);
    g_ptr_array_unref(r->sections);
    g_array_unref(r->take);
    g_free(r);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvFormatRules, rules_free)

static gboolean refuse(const Reading *in, const char *key, const char *reason, GError **error)
{
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "%s: [%s] %s: %s", in->file, in->group, key, reason);
    return FALSE;
}

static char *text_of(const Reading *in, const char *key)
{
    char *value = g_key_file_get_string(in->keys, in->group, key, NULL);
    return value ? g_strstrip(value) : NULL;
}

static gboolean known_keys(const Reading *in, const char *const *allowed, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(in->keys, in->group, NULL, NULL);
    for (char **key = keys; key && *key; key++)
        if (!g_strv_contains(allowed, *key)) {
            g_autofree char *all = g_strjoinv(", ", (char **)allowed);
            g_autofree char *reason = g_strdup_printf("no such setting; choose from %s", all);
            return refuse(in, *key, reason, error);
        }
    return TRUE;
}

static gboolean read_number(const Reading *in, const char *key, guint max, guint *out, GError **error)
{
    g_autofree char *value = text_of(in, key);
    guint64 n = 0;
    if (!value)
        return TRUE;
    if (!g_ascii_string_to_unsigned(value, 10, 1, max, &n, NULL)) {
        g_autofree char *reason = g_strdup_printf("write a whole number from 1 to %u", max);
        return refuse(in, key, reason, error);
    }
    *out = (guint)n;
    return TRUE;
}

static gboolean read_flag(const Reading *in, const char *key, gboolean *out, GError **error)
{
    g_autofree char *value = text_of(in, key);
    if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return refuse(in, key, "write true or false", error);
    *out = value && *value == 't';
    return TRUE;
}

/* The place of a word in a list of names, -1 when it is not there. */
static int place_of(const char *word, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    return -1;
}

static gboolean read_show(const Reading *in, SvFormatSection *s, GError **error)
{
    static const char *const names[] = {
        "statements", "next_steps", "people", "activity", "timeline", "tasks", NULL};
    g_autofree char *value = text_of(in, "show");
    int at = value ? place_of(value, names) : SV_SHOW_STATEMENTS;
    if (at < 0)
        return refuse(
            in, "show", "choose statements, next_steps, people, activity, timeline or tasks", error);
    s->show = (SvShow)at;
    return TRUE;
}

static gboolean read_target(const Reading *in, SvFormatSection *s, GError **error)
{
    g_autofree char *value = text_of(in, "target");
    s->target = s->show == SV_SHOW_TIMELINE ? SV_WORTH_TIMELINE : SV_WORTH_PAGE;
    if (!value)
        return TRUE;
    for (SvWorthTarget t = 0; t < SV_WORTH_N; t++)
        if (strcmp(value, sv_worth_name(t)) == 0) {
            s->target = t;
            return TRUE;
        }
    return refuse(in, "target",
        "choose brief, page, timeline, task, status, history, agreements, risks or next_steps", error);
}

static gboolean read_acts(const Reading *in, SvFormatSection *s, GError **error)
{
    g_autofree char *value = text_of(in, "acts");
    g_auto(GStrv) words = g_strsplit_set(value ? value : "", " \t", -1);
    for (char **w = words; *w; w++) {
        int act = **w ? sv_act_find(*w) : -1;
        if (**w && (act < 0 || act == SV_ACT_NONE)) {
            g_autofree char *reason = g_strdup_printf("there is no act “%s”", *w);
            return refuse(in, "acts", reason, error);
        }
        if (act >= 0)
            s->acts |= 1u << act;
    }
    return TRUE;
}

/* "open 3 won 2" */
static gboolean read_deals(const Reading *in, SvFormatSection *s, GError **error)
{
    static const char *const stages[] = {"open", "won", "lost", NULL};
    g_autofree char *value = text_of(in, "deals");
    g_auto(GStrv) words = g_strsplit_set(value ? value : "", " \t", -1);
    for (guint i = 0; words[i]; i += 2) {
        int stage = place_of(words[i], stages);
        guint64 n = 0;
        if (!*words[i] && !words[i + 1])
            break;
        if (stage < 0 || !words[i + 1] ||
            !g_ascii_string_to_unsigned(words[i + 1], 10, 1, MOST_MAX, &n, NULL))
            return refuse(
                in, "deals", "write pairs such as “open 3 won 2”; stages are open, won, lost", error);
        s->deals[stage] = (guint)n;
    }
    return TRUE;
}

static gboolean read_speech(const Reading *in, SvFormatSection *s, GError **error)
{
    g_autofree char *value = text_of(in, "speech");
    char *end = NULL;
    s->speech = value ? (float)g_ascii_strtod(value, &end) : 1;
    if (value && (*end || !(s->speech > 0 && s->speech <= 1)))
        return refuse(in, "speech", "write a factor above 0 and up to 1", error);
    return TRUE;
}

static gboolean read_section(Reading *in, const char *id, SvFormatRules *rules, GError **error)
{
    static const char *const allowed[] = {"title.ru", "title.en", "show", "target", "acts", "current",
        "period", "most", "length", "deals", "speech", NULL};
    g_autofree char *group = g_strconcat("section ", id, NULL);
    SvFormatSection *s = g_new0(SvFormatSection, 1);
    g_ptr_array_add(rules->sections, s);
    s->id = g_strdup(id);
    s->most = 8;
    s->length = 240;
    in->group = group;
    if (!g_key_file_has_group(in->keys, group)) {
        in->group = "format";
        g_autofree char *reason = g_strdup_printf("there is no group [%s]", group);
        return refuse(in, "sections", reason, error);
    }
    s->title[SV_LANG_RU] = text_of(in, "title.ru");
    s->title[SV_LANG_EN] = text_of(in, "title.en");
    gboolean good = known_keys(in, allowed, error) && read_show(in, s, error) && read_target(in, s, error) &&
                    read_acts(in, s, error) && read_flag(in, "current", &s->current, error) &&
                    read_flag(in, "period", &s->period, error) &&
                    read_number(in, "most", MOST_MAX, &s->most, error) &&
                    read_number(in, "length", LENGTH_MAX, &s->length, error) && read_deals(in, s, error) &&
                    read_speech(in, s, error);
    in->group = "format";
    return good;
}

static int section_at(const SvFormatRules *rules, const char *id)
{
    for (guint i = 0; i < rules->sections->len; i++)
        if (strcmp(((SvFormatSection *)rules->sections->pdata[i])->id, id) == 0)
            return (int)i;
    return -1;
}

/* The order of choosing: as written under `take`, the rest in the order of showing. */
static gboolean read_take(const Reading *in, SvFormatRules *rules, GError **error)
{
    g_autofree char *value = text_of(in, "take");
    g_auto(GStrv) words = g_strsplit_set(value ? value : "", " \t", -1);
    g_autofree gboolean *taken = g_new0(gboolean, rules->sections->len + 1);
    for (char **w = words; *w; w++) {
        int at = section_at(rules, *w);
        if (!**w)
            continue;
        if (at < 0)
            return refuse(in, "take", "names a section that is not among `sections`", error);
        guint place = (guint)at;
        if (!taken[place])
            g_array_append_val(rules->take, place);
        taken[place] = TRUE;
    }
    for (guint i = 0; i < rules->sections->len; i++)
        if (!taken[i])
            g_array_append_val(rules->take, i);
    return TRUE;
}

static gboolean read_sections(Reading *in, SvFormatRules *rules, GError **error)
{
    g_autofree char *value = text_of(in, "sections");
    g_auto(GStrv) ids = g_strsplit_set(value ? value : "", " \t", -1);
    for (char **id = ids; *id; id++) {
        if (!**id)
            continue;
        if (rules->sections->len == SECTIONS_MAX || section_at(rules, *id) >= 0)
            return refuse(in, "sections", "names a section twice, or too many of them", error);
        if (!read_section(in, *id, rules, error))
            return FALSE;
    }
    return rules->sections->len > 0 || refuse(in, "sections", "name at least one section", error);
}

static SvFormatRules *read_format(
    const char *file, const char *name, const char *text, gsize len, GError **error)
{
    static const char *const allowed[] = {"title.ru", "title.en", "order", "for", "sections", "take", NULL};
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_autoptr(GError) bad = NULL;
    Reading in = {file, keys, "format"};
    if (len > FILE_MAX || !g_key_file_load_from_data(keys, text, len, G_KEY_FILE_NONE, &bad)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "%s: %s", file, bad ? bad->message : "too large for a format");
        return NULL;
    }
    g_autoptr(SvFormatRules) rules = g_new0(SvFormatRules, 1);
    rules->name = g_strdup(name);
    rules->sections = g_ptr_array_new_with_free_func(section_free);
    rules->take = g_array_new(FALSE, FALSE, sizeof(guint));
    guint order = 1000;
    if (!g_key_file_has_group(keys, "format")) {
        refuse(&in, "sections", "the group is missing", error);
        return NULL;
    }
    if (!known_keys(&in, allowed, error) || !read_number(&in, "order", 100000, &order, error) ||
        !read_sections(&in, rules, error) || !read_take(&in, rules, error))
        return NULL;
    g_autofree char *occasions = text_of(&in, "for");
    rules->occasions = g_strsplit_set(occasions ? occasions : "", " \t", -1);
    rules->title[SV_LANG_RU] = text_of(&in, "title.ru");
    rules->title[SV_LANG_EN] = text_of(&in, "title.en");
    rules->order = (int)order;
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, len);
    g_strlcpy(rules->digest, sum, sizeof rules->digest);
    return g_steal_pointer(&rules);
}

static void put(SvFormats *formats, SvFormatRules *rules)
{
    for (guint i = 0; i < formats->all->len; i++)
        if (strcmp(((SvFormatRules *)formats->all->pdata[i])->name, rules->name) == 0) {
            rules_free(formats->all->pdata[i]);
            formats->all->pdata[i] = rules;
            return;
        }
    g_ptr_array_add(formats->all, rules);
}

static gboolean name_is_good(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '_' && *p != '-')
            return FALSE;
    return *name && strlen(name) <= 40;
}

static gboolean read_own(SvFormats *formats, const char *folder, GError **error)
{
    g_autoptr(GError) refused = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &refused);
    if (!dir) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "%s: %s", folder, refused->message);
        return FALSE;
    }
    for (const char *entry; (entry = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(entry, ".ini"))
            continue;
        g_autofree char *path = g_build_filename(folder, entry, NULL);
        g_autofree char *name = g_strndup(entry, strlen(entry) - 4);
        g_autofree char *text = NULL;
        gsize len = 0;
        if (!name_is_good(name)) {
            g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
                "%s: name a format with small latin letters, digits, - and _", path);
            return FALSE;
        }
        if (!g_file_get_contents(path, &text, &len, error))
            return FALSE;
        SvFormatRules *rules = read_format(path, name, text, len, error);
        if (!rules)
            return FALSE;
        put(formats, rules);
    }
    return TRUE;
}

static int by_order(gconstpointer a, gconstpointer b)
{
    const SvFormatRules *x = *(SvFormatRules *const *)a, *y = *(SvFormatRules *const *)b;
    return x->order != y->order ? (x->order > y->order) - (x->order < y->order) : strcmp(x->name, y->name);
}

static gboolean read_builtin(SvFormats *formats, GError **error)
{
    GResource *resource = sv_formats_data_get_resource();
    g_auto(GStrv) files = g_resource_enumerate_children(resource, "/svodka/formats", 0, NULL);
    for (char **file = files; file && *file; file++) {
        g_autofree char *path = g_strconcat("/svodka/formats/", *file, NULL);
        g_autofree char *name = g_strndup(*file, strlen(*file) - 4);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, 0, NULL);
        SvFormatRules *rules =
            read_format(*file, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
        if (!rules)
            return FALSE;
        put(formats, rules);
    }
    return TRUE;
}

SvFormats *sv_formats_open(const char *own, GError **error)
{
    g_autoptr(SvFormats) formats = g_new0(SvFormats, 1);
    formats->all = g_ptr_array_new_with_free_func(rules_free);
    if (!read_builtin(formats, error) || (own && !read_own(formats, own, error)))
        return NULL;
    g_ptr_array_sort(formats->all, by_order);
    formats->names = g_new0(const char *, formats->all->len + 1);
    for (guint i = 0; i < formats->all->len; i++)
        formats->names[i] = ((SvFormatRules *)formats->all->pdata[i])->name;
    return g_steal_pointer(&formats);
}

void sv_formats_close(SvFormats *formats)
{
    if (!formats)
        return;
    g_ptr_array_unref(formats->all);
    g_free(formats->names);
    g_free(formats);
}

const char *const *sv_formats_names(const SvFormats *formats)
{
    return formats->names;
}

const SvFormatRules *sv_formats_rules(const SvFormats *formats, const char *name)
{
    for (guint i = 0; i < formats->all->len; i++)
        if (g_strcmp0(((SvFormatRules *)formats->all->pdata[i])->name, name) == 0)
            return formats->all->pdata[i];
    return NULL;
}

gboolean sv_formats_has(const SvFormats *formats, const char *name)
{
    return sv_formats_rules(formats, name) != NULL;
}

guint sv_formats_targets(const SvFormats *formats, const char *name)
{
    static const int fixed[SV_SHOW_N] = {[SV_SHOW_STATEMENTS] = -1,
        [SV_SHOW_NEXT_STEPS] = SV_WORTH_NEXT_STEPS,
        [SV_SHOW_PEOPLE] = -1,
        [SV_SHOW_ACTIVITY] = -1,
        [SV_SHOW_TIMELINE] = SV_WORTH_TIMELINE,
        [SV_SHOW_TASKS] = SV_WORTH_TASK};
    const SvFormatRules *rules = sv_formats_rules(formats, name);
    guint targets = 0;
    for (guint i = 0; rules && i < rules->sections->len; i++) {
        const SvFormatSection *s = rules->sections->pdata[i];
        if (s->show == SV_SHOW_STATEMENTS)
            targets |= 1u << s->target;
        else if (fixed[s->show] >= 0)
            targets |= 1u << fixed[s->show];
    }
    return targets;
}

const char *sv_formats_title(const SvFormats *formats, const char *name, SvLang language)
{
    const SvFormatRules *rules = sv_formats_rules(formats, name);
    return rules && rules->title[language] ? rules->title[language] : name;
}

const char *sv_formats_digest(const SvFormats *formats, const char *name)
{
    const SvFormatRules *rules = sv_formats_rules(formats, name);
    return rules ? rules->digest : "";
}

gboolean sv_formats_suits(const SvFormats *formats, const char *name, const char *occasion)
{
    const SvFormatRules *rules = sv_formats_rules(formats, name);
    return rules && g_strv_contains((const char *const *)rules->occasions, occasion);
}

const char *sv_formats_propose(const SvFormats *formats, const char *occasion)
{
    for (guint i = 0; i < formats->all->len; i++) {
        const SvFormatRules *rules = formats->all->pdata[i];
        if (g_strv_contains((const char *const *)rules->occasions, occasion))
            return rules->name;
    }
    return formats->names[0];
}
