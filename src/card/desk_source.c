/* Original messages, masked: see desk.h. A message is shown when it is in the reader's own view; whether
 * another one exists, nobody learns. */
#include "work.h"
#include "error.h"
#include "words.h"
#include <string.h>

#define EXCERPT 160
#define LIST_MOST 200

static const char *name_of(const SvHistory *history, int person)
{
    const SvPerson *p = sv_history_person(history, person);
    return p ? p->name : NULL;
}

static const char *side_of(const SvHistory *history, int person)
{
    SvSide side = sv_history_side(history, person);
    return side == SV_SIDE_UNKNOWN ? NULL : sv_side_name(side);
}

static void add_neighbour(cJSON *object, const char *name, const SvHistory *history, const SvMessage *m)
{
    if (!m) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    cJSON *own = cJSON_AddObjectToObject(object, name);
    sv_json_add(own, "id", m->id);
    sv_json_add_moment(own, "at", &m->at);
    sv_json_add(own, "author", sv_words_author(history, m));
}

/* The nearest message of the same thread in one direction that can be shown under another key. */
static const SvMessage *neighbour(const SvHistory *history, guint at, int step)
{
    const SvMessage *m = history->messages->pdata[at];
    for (gint64 i = (gint64)at + step; i >= 0 && i < history->messages->len; i += step) {
        const SvMessage *other = history->messages->pdata[i];
        if (g_strcmp0(other->thread, m->thread) == 0 && g_strcmp0(other->id, m->id) != 0 && !other->excluded)
            return other;
    }
    return NULL;
}

static void add_turns(cJSON *object, const SvHistory *history, const SvMessage *m)
{
    if (m->channel != SV_CHANNEL_CALL)
        return;
    cJSON *turns = cJSON_AddArrayToObject(object, "turns");
    for (guint i = 0; m->turns && i < m->turns->len; i++) {
        const SvTurn *t = &g_array_index(m->turns, SvTurn, i);
        if (t->span.to > m->text.len || t->span.from > t->span.to)
            continue;
        cJSON *turn = cJSON_CreateObject();
        sv_json_add(turn, "speaker", name_of(history, t->speaker));
        sv_json_add_taken(turn, "text", g_strndup(m->text.bytes + t->span.from, t->span.to - t->span.from));
        cJSON_AddItemToArray(turns, turn);
    }
}

static void add_recipients(cJSON *object, const SvMessage *m)
{
    cJSON *to = cJSON_AddArrayToObject(object, "to");
    for (guint i = 0; m->to && i < m->to->len; i++) {
        const SvAddress *a = m->to->pdata[i];
        if (a->name || a->address)
            cJSON_AddItemToArray(to, cJSON_CreateString(a->name ? a->name : a->address));
    }
}

char *sv_desk_source(SvDesk *desk, const SvAsk *ask, const char *external, GError **error)
{
    g_auto(SvOpened) opened = {0};
    if (!sv_desk_open_client(desk, ask, TRUE, &opened, error))
        return NULL;
    const SvHistory *history = opened.view->reading->history;
    int at = sv_knowledge_find(opened.view->reading, external);
    if (at < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such message");
        return NULL;
    }
    const SvMessage *m = history->messages->pdata[at];
    cJSON *document = cJSON_CreateObject();
    sv_json_add(document, "id", m->id);
    sv_json_add(document, "channel", sv_channel_name(m->channel));
    sv_json_add_moment(document, "at", &m->at);
    sv_json_add(document, "author", sv_words_author(history, m));
    sv_json_add(document, "side", side_of(history, m->author));
    add_recipients(document, m);
    sv_json_add(document, "subject", m->title.bytes);
    sv_json_add(document, "text", m->text.bytes ? m->text.bytes : "");
    add_turns(document, history, m);
    cJSON_AddArrayToObject(document, "attachments");
    cJSON_AddBoolToObject(document, "excluded", m->excluded);
    cJSON_AddNumberToObject(document, "masked", m->n_masked);
    add_neighbour(document, "before", history, neighbour(history, (guint)at, -1));
    add_neighbour(document, "after", history, neighbour(history, (guint)at, 1));
    return sv_json_done(document);
}

/* The beginning of a text on one line, cut at a character. */
static char *excerpt(const char *text)
{
    glong letters = text ? g_utf8_strlen(text, -1) : 0;
    char *cut = letters > EXCERPT ? g_utf8_substring(text, 0, EXCERPT) : g_strdup(text ? text : "");
    g_strdelimit(cut, "\n\t", ' ');
    if (letters <= EXCERPT)
        return cut;
    char *marked = g_strconcat(g_strchomp(cut), "…", NULL);
    g_free(cut);
    return marked;
}

char *sv_desk_messages(SvDesk *desk, const SvAsk *ask, gint64 before, guint most, GError **error)
{
    g_auto(SvOpened) opened = {0};
    if (!sv_desk_open_client(desk, ask, TRUE, &opened, error))
        return NULL;
    const SvHistory *history = opened.view->reading->history;
    guint end = before > 0 && before < history->messages->len ? (guint)before : history->messages->len;
    guint n = MIN(end, MIN(most, LIST_MOST));
    cJSON *document = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(document, "messages");
    for (guint i = end; i-- > end - n;) {
        const SvMessage *m = history->messages->pdata[i];
        cJSON *object = cJSON_CreateObject();
        sv_json_add(object, "id", m->id);
        sv_json_add(object, "channel", sv_channel_name(m->channel));
        sv_json_add_moment(object, "at", &m->at);
        sv_json_add(object, "author", sv_words_author(history, m));
        sv_json_add(object, "side", side_of(history, m->author));
        sv_json_add(object, "subject", m->title.bytes);
        sv_json_add_taken(object, "excerpt", excerpt(m->text.bytes));
        cJSON_AddItemToArray(list, object);
    }
    if (end > n)
        cJSON_AddNumberToObject(document, "next", end - n);
    else
        cJSON_AddNullToObject(document, "next");
    return sv_json_done(document);
}
