/* Documents made ready for templates: see view.h.
 *
 * Keeps true: nothing is added that the document does not say; a source's number is the same for the reader
 * and in the mark beside the text; lists that are walked are bounded by the document itself. */
#include "view.h"
#include "template.h"
#include "web_words.h"
#include "words.h"
#include <string.h>

static void set_string(cJSON *object, const char *name, const char *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddStringToObject(object, name, value);
}

static void set_number(cJSON *object, const char *name, double value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddNumberToObject(object, name, value);
}

static void set_true(cJSON *object, const char *name)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddTrueToObject(object, name);
}

static cJSON *list_of(cJSON *object, const char *name)
{
    return (cJSON *)sv_json_array(object, name);
}

static SvDay day_of(const cJSON *object, const char *name)
{
    const char *text = sv_json_string(object, name);
    SvTime at;
    return text && sv_time_parse(text, NULL, &at) ? sv_time_day(at) : SV_DAY_NONE;
}

char *sv_view_base(const cJSON *client)
{
    double id = sv_json_number(client, "id", 0);
    return id >= 1 && id < 9e15 ? g_strdup_printf("/clients/%" G_GINT64_FORMAT, (gint64)id) : NULL;
}

static void set_base(cJSON *object, const cJSON *client)
{
    g_autofree char *base = sv_view_base(client);
    if (base)
        set_string(object, "base", base);
}

/* "Анна: текст" when Анна is the author of what it rests on. Amounts and dates are not broken over lines. */
static void part_speaker(cJSON *item, const cJSON *source)
{
    g_autofree char *text = NULL;
    if (sv_json_string(item, "text")) {
        text = sv_words_unbroken(sv_json_string(item, "text"));
        set_string(item, "text", text);
    }
    const char *author = sv_json_string(source, "author");
    gsize len = author ? strlen(author) : 0;
    gboolean speaks =
        text && len && strncmp(text, author, len) == 0 && text[len] == ':' && text[len + 1] == ' ';
    g_autofree char *said = speaks ? g_strdup(text + len + 2) : NULL;
    set_string(item, "speaker", speaks ? author : "");
    if (said)
        set_string(item, "said", said);
}

void sv_view_statement(SvView *view, cJSON *item)
{
    if (!cJSON_IsObject(item))
        return;
    cJSON *sources = list_of(item, "sources"), *source;
    cJSON_ArrayForEach(source, sources)
    {
        if (cJSON_IsObject(source))
            set_number(source, "number", ++view->number);
    }
    const cJSON *first = sources ? sources->child : NULL;
    part_speaker(item, first);
    if (!cJSON_IsObject(first))
        return;
    cJSON *about = cJSON_CreateObject();
    const char *id = sv_json_string(first, "id"), *quote = sv_json_string(first, "quote");
    cJSON_AddStringToObject(about, "id", id ? id : "");
    cJSON_AddStringToObject(about, "quote", quote ? quote : "");
    cJSON_DeleteItemFromObjectCaseSensitive(item, "about");
    cJSON_AddItemToObject(item, "about", about);
}

static void each_statement(SvView *view, cJSON *list)
{
    cJSON *item;
    cJSON_ArrayForEach(item, list) sv_view_statement(view, item);
}

void sv_view_task(SvView *view, cJSON *task)
{
    if (!cJSON_IsObject(task))
        return;
    sv_view_statement(view, task);
    SvDay due = day_of(task, "due");
    const char *state = sv_json_string(task, "state");
    gboolean late = state && strcmp(state, "overdue") == 0 && due != SV_DAY_NONE && due < view->today;
    set_number(task, "late", late ? view->today - due : 0);
}

static gboolean is_closed(const cJSON *task)
{
    const char *state = sv_json_string(task, "state");
    const char *mark = sv_json_string(sv_json_object(task, "mark"), "state");
    return (state && (strcmp(state, "done") == 0 || strcmp(state, "cancelled") == 0)) ||
           (mark && strcmp(mark, "dropped") == 0);
}

static void add_to_group(cJSON *groups, cJSON *task)
{
    const char *side = sv_json_string(task, "side");
    cJSON *group;
    cJSON_ArrayForEach(group, groups)
    {
        if (strcmp(sv_json_string(group, "side"), side ? side : "") == 0)
            break;
    }
    if (!group) {
        group = cJSON_CreateObject();
        cJSON_AddStringToObject(group, "side", side ? side : "");
        cJSON_AddArrayToObject(group, "tasks");
        cJSON_AddItemToArray(groups, group);
    }
    cJSON_AddItemToArray(list_of(group, "tasks"), task);
}

/* Ours first, then the client's. */
static void sort_groups(cJSON *groups)
{
    static const char *const ORDER[] = {"us", "client", "third", ""};
    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        cJSON *group = groups->child;
        while (group && strcmp(sv_json_string(group, "side"), ORDER[i]) != 0)
            group = group->next;
        if (group)
            cJSON_AddItemToArray(groups, cJSON_DetachItemViaPointer(groups, group));
    }
}

/* A line for copying: "- text (who, by when)". */
static void add_copy_line(const SvView *view, GString *copy, const cJSON *task)
{
    const char *text = sv_json_string(task, "text"), *who = sv_json_string(task, "assignee");
    SvDay due = day_of(task, "due");
    g_autofree char *day = due == SV_DAY_NONE ? NULL : sv_web_day(view->language, due, SV_DAY_NONE);
    g_string_append_printf(copy, "- %s", text ? text : "");
    if (who || day)
        g_string_append_printf(copy, " (%s%s%s%s%s)", who ? who : "", who && day ? ", " : "",
            day ? sv_web_word(view->language, "card.until") : "", day ? " " : "", day ? day : "");
    g_string_append_c(copy, '\n');
}

void sv_view_tasks(SvView *view, cJSON *holder)
{
    cJSON *tasks = cJSON_DetachItemFromObjectCaseSensitive(holder, "tasks");
    cJSON *groups = cJSON_AddArrayToObject(holder, "groups"),
          *closed = cJSON_AddArrayToObject(holder, "closed");
    g_autoptr(GString) copy = g_string_new(NULL);
    guint late = 0;
    while (cJSON_IsArray(tasks) && tasks->child) {
        cJSON *task = cJSON_DetachItemViaPointer(tasks, tasks->child);
        if (!cJSON_IsObject(task)) {
            cJSON_Delete(task);
            continue;
        }
        sv_view_task(view, task);
        if (is_closed(task)) {
            cJSON_AddItemToArray(closed, task);
            continue;
        }
        late += sv_json_number(task, "late", 0) > 0;
        add_copy_line(view, copy, task);
        add_to_group(groups, task);
    }
    cJSON_Delete(tasks);
    sort_groups(groups);
    set_number(holder, "n_closed", cJSON_GetArraySize(closed));
    set_number(holder, "n_late", late);
    set_string(holder, "copy", copy->str);
}

/* Events of one day name it once. */
static void mark_same_days(cJSON *timeline)
{
    const char *before = NULL;
    cJSON *item;
    cJSON_ArrayForEach(item, timeline)
    {
        const char *date = sv_json_string(item, "date");
        if (date && before && strcmp(date, before) == 0)
            set_true(item, "same");
        before = date;
    }
}

static gboolean is_format(const cJSON *summary, const char *name)
{
    const char *format = sv_json_string(summary, "format");
    return format && strcmp(format, name) == 0;
}

void sv_view_summary(SvView *view, cJSON *summary)
{
    if (!cJSON_IsObject(summary))
        return;
    gboolean whole = is_format(summary, "brief") || is_format(summary, "sections");
    cJSON *section;
    cJSON_ArrayForEach(section, list_of(summary, "sections"))
    {
        cJSON *statements = list_of(section, "statements");
        each_statement(view, statements);
        if (cJSON_IsObject(section) && (whole || (statements && statements->child)))
            set_true(section, "shown");
    }
    const cJSON *tasks = sv_json_array(summary, "tasks"), *timeline = sv_json_array(summary, "timeline");
    gboolean has_tasks = (tasks && tasks->child) || is_format(summary, "tasks");
    if ((timeline && timeline->child) || is_format(summary, "timeline"))
        set_true(summary, "in_timeline");
    if (has_tasks)
        set_true(summary, "in_tasks");
    sv_view_tasks(view, summary);
    each_statement(view, list_of(summary, "timeline"));
    mark_same_days(list_of(summary, "timeline"));
    const char *as_of = sv_json_string(summary, "as_of");
    SvTime at;
    if (!as_of || !sv_time_parse(as_of, NULL, &at))
        return;
    g_autofree char *day = sv_web_day(view->language, sv_time_day(at), SV_DAY_NONE);
    int minute = sv_time_minute(at);
    /* a summary of the server is as of a day */
    g_autofree char *text = minute ? g_strdup_printf("%s, %02d:%02d", day, minute / 60, minute % 60) : NULL;
    set_string(summary, "as_of_text", text ? text : day);
}

void sv_view_since(SvView *view, cJSON *since)
{
    each_statement(view, list_of(since, "changes"));
}

static void set_bases(cJSON *list)
{
    cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *client = sv_json_object(item, "client");
        if (cJSON_IsObject(item))
            set_base(item, client ? client : item);
    }
}

void sv_view_today(SvView *view, cJSON *today)
{
    static const char *const LISTS[] = {"clients", "changes", "meetings"};
    cJSON *task, *meeting;
    for (guint i = 0; i < G_N_ELEMENTS(LISTS); i++)
        set_bases(list_of(today, LISTS[i]));
    cJSON *overdue = list_of(today, "overdue");
    set_bases(overdue);
    cJSON_ArrayForEach(task, overdue) sv_view_task(view, task);
    if (cJSON_IsObject(today))
        set_number(today, "n_overdue", cJSON_GetArraySize(overdue));
    cJSON_ArrayForEach(meeting, list_of(today, "meetings"))
    {
        const char *at = sv_json_string(meeting, "at");
        if (at && strchr(at, 'T'))
            set_true(meeting, "timed");
    }
    each_statement(view, list_of(today, "meetings"));
    each_statement(view, list_of(today, "changes"));
}

void sv_view_clients(cJSON *list)
{
    set_bases(list_of(list, "clients"));
}

void sv_view_report(SvView *view, cJSON *report)
{
    cJSON *client;
    cJSON *clients = list_of(report, "clients");
    set_bases(clients);
    cJSON_ArrayForEach(client, clients) each_statement(view, list_of(client, "statements"));
}

static void add_piece(cJSON *pieces, const char *text, gsize from, gsize to, gboolean hit)
{
    if (to <= from)
        return;
    g_autofree char *part = g_strndup(text + from, to - from);
    g_autofree char *valid = g_utf8_make_valid(part, -1);
    cJSON *piece = cJSON_CreateObject();
    cJSON_AddStringToObject(piece, "piece", valid);
    cJSON_AddBoolToObject(piece, "hit", hit);
    cJSON_AddItemToArray(pieces, piece);
}

/* The quote in pieces, those that were looked for apart. Spans that are out of order are passed over. */
static void part_quote(cJSON *hit)
{
    const char *quote = sv_json_string(sv_json_object(hit, "source"), "quote");
    cJSON *pieces = cJSON_AddArrayToObject(hit, "pieces");
    gsize at = 0, len = quote ? strlen(quote) : 0;
    const cJSON *span;
    cJSON_ArrayForEach(span, sv_json_array(hit, "words"))
    {
        const cJSON *first = cJSON_GetArrayItem(span, 0), *second = cJSON_GetArrayItem(span, 1);
        if (!cJSON_IsNumber(first) || !cJSON_IsNumber(second) || first->valuedouble < 0 ||
            second->valuedouble > (double)len)
            continue;
        gsize from = (gsize)first->valuedouble, to = (gsize)second->valuedouble;
        if (from < at || to <= from)
            continue;
        add_piece(pieces, quote, at, from, FALSE);
        add_piece(pieces, quote, from, to, TRUE);
        at = to;
    }
    add_piece(pieces, quote, at, len, FALSE);
}

void sv_view_search(SvView *view, cJSON *search)
{
    cJSON *hit;
    cJSON_ArrayForEach(hit, list_of(search, "hits"))
    {
        const cJSON *source = sv_json_object(hit, "source");
        if (!source)
            continue;
        cJSON *sources = cJSON_AddArrayToObject(hit, "sources");
        cJSON_AddItemToArray(sources, cJSON_Duplicate(source, TRUE));
        sv_view_statement(view, hit);
        part_quote(hit);
    }
}

void sv_view_formats(cJSON *formats, const char *shown)
{
    cJSON *format;
    cJSON_ArrayForEach(format, formats)
    {
        const char *id = sv_json_string(format, "id");
        if (id && shown && strcmp(id, shown) == 0)
            set_true(format, "current");
    }
}

cJSON *sv_view_charts(const SvView *view, const cJSON *activity)
{
    const cJSON *months = sv_json_array(activity, "months"), *silence = sv_json_object(activity, "silence");
    g_autofree char *bars = sv_chart_activity(months, view->language);
    g_autofree char *tone = sv_chart_tone(months, view->language);
    if (!bars)
        return NULL;
    cJSON *charts = cJSON_CreateObject();
    cJSON_AddItemToObject(charts, "activity", sv_template_markup(bars));
    if (tone)
        cJSON_AddItemToObject(charts, "tone", sv_template_markup(tone));
    if (silence)
        cJSON_AddItemToObject(charts, "silence", cJSON_Duplicate(silence, TRUE));
    return charts;
}
