/* A summary as the JSON document of schema/summary.schema.json: see render.h.
 *
 * Keeps true: every field of the schema is there, absent lists are empty arrays, absent values null; the
 * order of the fields is always the same, so that equal summaries are equal bytes. */
#include "render.h"
#include "json.h"
#include "notes.h"

static void add_sources(cJSON *object, const GPtrArray *sources, const SvHistory *history)
{
    cJSON *list = cJSON_AddArrayToObject(object, "sources");
    for (guint i = 0; i < sources->len; i++) {
        const SvQuote *quote = sources->pdata[i];
        const SvMessage *message = sv_notes_message(history, quote);
        if (!message)
            continue;
        cJSON *source = cJSON_CreateObject();
        sv_json_add(source, "channel", sv_channel_name(message->channel));
        sv_json_add(source, "id", message->id ? message->id : "");
        sv_json_add_taken(source, "at", sv_time_format(message->at));
        sv_json_add(source, "author", sv_notes_author(history, quote));
        sv_json_add(source, "quote", quote->quote);
        cJSON_AddItemToArray(list, source);
    }
}

static void add_sections(cJSON *document, const SvSummary *summary, const SvHistory *history)
{
    cJSON *sections = cJSON_AddArrayToObject(document, "sections");
    for (guint i = 0; i < summary->sections->len; i++) {
        const SvSection *section = summary->sections->pdata[i];
        cJSON *object = cJSON_CreateObject();
        sv_json_add(object, "id", section->id);
        sv_json_add(object, "title", section->title);
        cJSON *statements = cJSON_AddArrayToObject(object, "statements");
        for (guint k = 0; k < section->statements->len; k++) {
            const SvStatement *statement = section->statements->pdata[k];
            cJSON *item = cJSON_CreateObject();
            sv_json_add(item, "text", statement->text);
            sv_json_add(item, "kind", statement->kind ? statement->kind : "");
            add_sources(item, statement->sources, history);
            cJSON_AddItemToArray(statements, item);
        }
        cJSON_AddItemToArray(sections, object);
    }
}

static void add_mark(cJSON *item, const SvTask *task)
{
    if (!task->mark) {
        cJSON_AddNullToObject(item, "mark");
        return;
    }
    cJSON *mark = cJSON_AddObjectToObject(item, "mark");
    sv_json_add(mark, "state", task->mark);
    sv_json_add(mark, "by", task->mark_by && *task->mark_by ? task->mark_by : NULL);
    sv_json_add_taken(mark, "at", sv_time_format(task->mark_at));
}

static void add_tasks(cJSON *document, const SvSummary *summary, const SvHistory *history)
{
    cJSON *tasks = cJSON_AddArrayToObject(document, "tasks");
    for (guint i = 0; i < summary->tasks->len; i++) {
        const SvTask *task = summary->tasks->pdata[i];
        const SvPerson *person = sv_history_person(history, task->assignee);
        cJSON *item = cJSON_CreateObject();
        sv_json_add(item, "id", task->id ? task->id : "");
        sv_json_add(item, "text", task->text);
        sv_json_add(item, "side", task->side == SV_SIDE_UNKNOWN ? NULL : sv_side_name(task->side));
        sv_json_add(item, "assignee", person ? person->name : NULL);
        sv_json_add_taken(item, "due", task->due == SV_DAY_NONE ? NULL : sv_day_format(task->due));
        sv_json_add(item, "state", sv_task_state_name(task->state));
        add_mark(item, task);
        add_sources(item, task->sources, history);
        cJSON_AddItemToArray(tasks, item);
    }
}

static void add_timeline(cJSON *document, const SvSummary *summary, const SvHistory *history)
{
    cJSON *timeline = cJSON_AddArrayToObject(document, "timeline");
    for (guint i = 0; i < summary->timeline->len; i++) {
        const SvTimelineItem *entry = summary->timeline->pdata[i];
        cJSON *item = cJSON_CreateObject();
        sv_json_add_taken(item, "date", sv_day_format(entry->date));
        sv_json_add(item, "text", entry->text);
        add_sources(item, entry->sources, history);
        cJSON_AddItemToArray(timeline, item);
    }
}

static void add_left_out(cJSON *coverage, const SvCoverage *c, const SvHistory *history)
{
    cJSON *list = cJSON_AddArrayToObject(coverage, "left_out");
    for (guint i = 0; i < c->left_out->len; i++) {
        const SvLeftOut *left = &g_array_index(c->left_out, SvLeftOut, i);
        const SvMessage *m = history->messages->pdata[left->message];
        cJSON *item = cJSON_CreateObject();
        sv_json_add(item, "id", m->id ? m->id : "");
        sv_json_add(item, "reason", left->reason);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_coverage(cJSON *document, const SvSummary *summary, const SvHistory *history)
{
    const SvCoverage *c = &summary->coverage;
    cJSON *coverage = cJSON_AddObjectToObject(document, "coverage");
    cJSON_AddNumberToObject(coverage, "read", c->read);
    cJSON_AddNumberToObject(coverage, "hidden", c->hidden);
    cJSON_AddNumberToObject(coverage, "masked", c->masked);
    cJSON_AddNumberToObject(coverage, "excluded", c->excluded);
    cJSON_AddNumberToObject(coverage, "duplicates", c->duplicates);
    cJSON_AddNumberToObject(coverage, "passed_over", c->passed_over);
    cJSON_AddNumberToObject(coverage, "calls_without_transcript", c->calls_without_transcript);
    cJSON_AddNumberToObject(coverage, "unread", c->unread);
    cJSON_AddNumberToObject(coverage, "pending", c->pending);
    cJSON_AddNumberToObject(coverage, "unproved", c->unproved);
    cJSON_AddBoolToObject(coverage, "sides_inferred", summary->sides_inferred);
    add_left_out(coverage, c, history);
    sv_json_add_taken(coverage, "newest", c->has_newest ? sv_time_format(c->newest) : NULL);
}

char *sv_render_json(const SvSummary *summary, const SvHistory *history)
{
    g_autoptr(cJSON) document = cJSON_CreateObject();
    sv_json_add(document, "client", summary->client);
    sv_json_add(document, "format", summary->format);
    sv_json_add(document, "language", sv_lang_name(summary->language));
    sv_json_add_taken(document, "as_of", sv_time_format(summary->as_of));
    sv_json_add(document, "engine", summary->engine);
    add_sections(document, summary, history);
    add_tasks(document, summary, history);
    add_timeline(document, summary, history);
    add_coverage(document, summary, history);
    char *printed = cJSON_Print(document);
    char *copy = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    return copy;
}
