/* Labelled sentences to learn acts from: see acts_data.h.
 *
 * How: a line of the corpus is a sentence with its labels. A message of a history is split into sentences as
 * the program does it; a sentence has the acts of every fact whose quote covers more than half of the shorter
 * of the two, and is `none` where there is no fact. Deals and sentences with privileged talk or orders to
 * machines are left out.
 *
 * Keeps true: the same files give the same examples in the same order.
 *
 * Does not: choose what to learn from; that is train_acts.c. */
#include "acts_data.h"
#include "error.h"
#include "json.h"
#include "sentence.h"
#include "utf8.h"
#include <string.h>

#define BLOCK_LINES 10

typedef struct {
    gsize from, to;
    guint32 acts;
    int weight;
    gboolean left_out;
} Cover;

typedef struct {
    SvActData *data;
    int history;
    guint n_events;
    GHashTable *covers; /* event id → GPtrArray of cJSON facts */
    GHashTable *sides;  /* person id → side + 1 */
    char *last_chat[2]; /* last sentence in WhatsApp, in Telegram */
} Reader;

static void example_free(gpointer p)
{
    SvActExample *e = p;
    g_free(e->text);
    g_free(e->before);
    g_free(e);
}

void sv_act_data_free(SvActData *data)
{
    if (!data)
        return;
    g_ptr_array_unref(data->examples);
    g_ptr_array_unref(data->names);
    g_free(data);
}

SvActsInput sv_act_example_input(const SvActExample *e)
{
    SvActsInput input = {
        e->text, strlen(e->text), e->talk, e->writer, e->before, e->before ? strlen(e->before) : 0};
    return input;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files of a folder with a suffix, sorted. */
static GPtrArray *list_files(const char *source, const char *folder, const char *suffix, GError **error)
{
    g_autofree char *path = g_build_filename(source, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    if (!dir)
        return NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, suffix))
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
    g_ptr_array_sort(files, by_name);
    return files;
}

static int find_word(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (g_str_equal(word, words[i]))
            return i;
    return -1;
}

static gboolean read_line(SvActData *data, char *line, guint block)
{
    static const char *const talks[] = {"email", "chat", "call", "note", NULL}, *const writers[] = {
                                                                                    "us", "client", NULL};
    g_auto(GStrv) field = g_strsplit(line, "\t", 5);
    if (g_strv_length(field) != 5)
        return FALSE;
    int talk = find_word(field[1], talks), writer = find_word(field[2], writers);
    g_auto(GStrv) labels = g_strsplit(field[3], ",", -1);
    guint32 acts = 0;
    for (guint i = 0; labels[i]; i++) {
        int act = sv_act_find(labels[i]);
        if (act < 0)
            return FALSE;
        acts |= 1u << act;
    }
    if (talk < 0 || writer < 0 || !acts)
        return FALSE;
    SvActExample *e = g_new0(SvActExample, 1);
    e->text = g_strdup(field[4]);
    e->talk = (SvTalk)talk;
    e->writer = (SvWriter)writer;
    e->russian = g_str_equal(field[0], "ru");
    e->history = -1;
    e->block = block;
    e->acts = acts;
    e->weight = -1;
    g_ptr_array_add(data->examples, e);
    return TRUE;
}

static gboolean load_corpus(SvActData *data, const char *source, GError **error)
{
    g_autoptr(GPtrArray) files = list_files(source, "eval/corpus", ".tsv", error);
    if (!files)
        return FALSE;
    guint block = 0;
    for (guint f = 0; f < files->len; f++) {
        const char *path = g_ptr_array_index(files, f);
        g_autofree char *text = NULL;
        if (!g_file_get_contents(path, &text, NULL, error))
            return FALSE;
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (guint i = 0; lines[i]; i++) {
            block += i % BLOCK_LINES == 0;
            if (*lines[i] && !read_line(data, g_strchomp(lines[i]), block)) {
                g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
                    "%s: line %u is not as eval/corpus/README.md says", path, i + 1);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static cJSON *load_json(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize len;
    if (!g_file_get_contents(path, &text, &len, error))
        return NULL;
    cJSON *doc = sv_json_parse(text, len, error);
    if (!doc)
        g_prefix_error(error, "%s: ", path);
    return doc;
}

/* Where the facts of an event stand in one of its texts. */
static GArray *find_covers(Reader *reader, const char *event, const char *text)
{
    GArray *covers = g_array_new(FALSE, TRUE, sizeof(Cover));
    const GPtrArray *facts = g_hash_table_lookup(reader->covers, event);
    for (guint i = 0; facts && i < facts->len; i++) {
        const cJSON *fact = g_ptr_array_index(facts, i), *act;
        const char *quote = sv_json_string(fact, "quote");
        const char *at = quote && *quote ? strstr(text, quote) : NULL;
        if (!at)
            continue;
        Cover c = {(gsize)(at - text), (gsize)(at - text) + strlen(quote), 0,
            (int)sv_json_number(fact, "weight", 0), FALSE};
        cJSON_ArrayForEach(act, sv_json_array(fact, "acts"))
        {
            int n = sv_act_find(cJSON_GetStringValue(act));
            if (n >= 0)
                c.acts |= 1u << n;
            else
                c.left_out = TRUE;
        }
        g_array_append_val(covers, c);
    }
    return covers;
}

static gboolean covers_span(const Cover *c, SvSpan s)
{
    gsize from = MAX(c->from, s.from), to = MIN(c->to, s.to);
    gsize shorter = MIN(c->to - c->from, (gsize)(s.to - s.from));
    return to > from && 2 * (to - from) > shorter;
}

static gboolean label_sentence(SvActExample *e, const GArray *covers, SvSpan span)
{
    for (guint i = 0; i < covers->len; i++) {
        const Cover *c = &g_array_index(covers, Cover, i);
        if (!covers_span(c, span))
            continue;
        if (c->left_out)
            return FALSE;
        e->acts |= c->acts;
        e->weight = MAX(e->weight, c->weight);
    }
    if (!e->acts)
        e->acts = 1u << SV_ACT_NONE;
    return TRUE;
}

/* Adds the sentences of a text; `before` is the sentence ahead of it; returns the last one (or `before`). */
static char *read_text(Reader *reader, const char *event, const char *text, SvStyle style,
    const SvActExample *like, char *before)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    g_autoptr(GArray) covers = find_covers(reader, event, text);
    sv_sentences_split(text, strlen(text), style, spans);
    for (guint i = 0; i < spans->len; i++) {
        SvSpan span = g_array_index(spans, SvSpan, i);
        char *sentence = g_strndup(text + span.from, span.to - span.from);
        SvActExample *e = g_memdup2(like, sizeof *like);
        e->text = g_strdup(sentence);
        e->before = before;
        before = sentence;
        if (label_sentence(e, covers, span))
            g_ptr_array_add(reader->data->examples, e);
        else
            example_free(e);
    }
    return before;
}

static SvWriter writer_of(const Reader *reader, const char *person)
{
    gpointer side = person ? g_hash_table_lookup(reader->sides, person) : NULL;
    return side ? (SvWriter)(GPOINTER_TO_INT(side) - 1) : SV_WRITER_UNKNOWN;
}

static void read_call(Reader *reader, const cJSON *event, SvActExample *like)
{
    char *before = NULL;
    const cJSON *turn;
    cJSON_ArrayForEach(turn, sv_json_array(event, "turns"))
    {
        const char *who = cJSON_GetStringValue(cJSON_GetArrayItem(turn, 0)),
                   *text = cJSON_GetStringValue(cJSON_GetArrayItem(turn, 1));
        like->writer = writer_of(reader, who);
        if (text)
            before = read_text(reader, sv_json_string(event, "id"), text, SV_STYLE_SPEECH, like, before);
    }
    g_free(before);
}

static void read_event(Reader *reader, const cJSON *event, gboolean russian)
{
    const char *channel = sv_json_string(event, "ch"), *body = sv_json_string(event, "body"),
               *id = sv_json_string(event, "id");
    SvActExample like = {.russian = russian, .history = reader->history, .block = reader->n_events++};
    like.writer = writer_of(reader, sv_json_string(event, "from"));
    if (!channel || !id || g_str_equal(channel, "deal"))
        return;
    if (g_str_equal(channel, "call")) {
        like.talk = SV_TALK_CALL;
        read_call(reader, event, &like);
    } else if (body && (g_str_equal(channel, "whatsapp") || g_str_equal(channel, "telegram"))) {
        char **last = &reader->last_chat[g_str_equal(channel, "telegram")];
        like.talk = SV_TALK_CHAT;
        *last = read_text(reader, id, body, SV_STYLE_CHAT, &like, *last);
    } else if (body) {
        like.talk = g_str_equal(channel, "note") ? SV_TALK_NOTE : SV_TALK_EMAIL;
        g_free(read_text(reader, id, body, SV_STYLE_LETTER, &like, NULL));
    }
}

static void index_history(Reader *reader, const cJSON *history, const cJSON *facts)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, sv_json_array(facts, "facts"))
    {
        const char *event = sv_json_string(item, "ev");
        if (!event)
            continue;
        GPtrArray *list = g_hash_table_lookup(reader->covers, event);
        if (!list) {
            list = g_ptr_array_new();
            g_hash_table_insert(reader->covers, (gpointer)event, list);
        }
        g_ptr_array_add(list, (gpointer)item);
    }
    cJSON_ArrayForEach(item, sv_json_array(history, "people"))
    {
        const char *id = sv_json_string(item, "id"), *side = sv_json_string(item, "side");
        SvWriter writer = !g_strcmp0(side, "us")       ? SV_WRITER_US
                          : !g_strcmp0(side, "client") ? SV_WRITER_CLIENT
                                                       : SV_WRITER_UNKNOWN;
        if (id)
            g_hash_table_insert(reader->sides, (gpointer)id, GINT_TO_POINTER(writer + 1));
    }
}

static gboolean load_history(SvActData *data, const char *source, const char *path, GError **error)
{
    g_autofree char *file = g_path_get_basename(path),
                    *facts_path = g_build_filename(source, "eval/facts", file, NULL);
    g_autoptr(cJSON) history = load_json(path, error);
    g_autoptr(cJSON) facts = history ? load_json(facts_path, error) : NULL;
    if (!facts)
        return FALSE;
    *strrchr(file, '.') = 0;
    g_ptr_array_add(data->names, g_strdup(file));
    g_autoptr(GHashTable) covers =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) sides = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = {.data = data, .history = (int)data->names->len - 1, .covers = covers, .sides = sides};
    index_history(&reader, history, facts);
    gboolean russian = !g_strcmp0(sv_json_string(history, "lang"), "ru");
    const cJSON *event;
    cJSON_ArrayForEach(event, sv_json_array(history, "events")) read_event(&reader, event, russian);
    g_free(reader.last_chat[0]);
    g_free(reader.last_chat[1]);
    return TRUE;
}

SvActData *sv_act_data_load(const char *source, GError **error)
{
    static const char *const folders[] = {"eval/cases", "eval/train"};
    g_autoptr(SvActData) data = g_new0(SvActData, 1);
    data->examples = g_ptr_array_new_with_free_func(example_free);
    data->names = g_ptr_array_new_with_free_func(g_free);
    if (!load_corpus(data, source, error))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autoptr(GPtrArray) files = list_files(source, folders[i], ".json", error);
        if (!files)
            return NULL;
        for (guint f = 0; f < files->len; f++)
            if (!load_history(data, source, g_ptr_array_index(files, f), error))
                return NULL;
    }
    return g_steal_pointer(&data);
}
