/* The document that comes out: making and freeing its parts. See summary.h.
 *
 * Every part owns its strings and its sources. An absent list is an empty array, never NULL, so that those
 * who read a summary need not ask. */
#include "summary.h"

static void quote_free(gpointer data)
{
    SvQuote *quote = data;
    g_free(quote->quote);
    g_free(quote);
}

GPtrArray *sv_quotes_new(void)
{
    return g_ptr_array_new_with_free_func(quote_free);
}

void sv_quotes_add(GPtrArray *quotes, guint message, const char *text, gsize len)
{
    SvQuote *quote = g_new0(SvQuote, 1);
    quote->message = message;
    quote->quote = g_strndup(text, len);
    g_ptr_array_add(quotes, quote);
}

SvStatement *sv_statement_new(const char *text, const char *kind)
{
    SvStatement *statement = g_new0(SvStatement, 1);
    statement->text = g_strdup(text);
    statement->kind = g_strdup(kind);
    statement->sources = sv_quotes_new();
    return statement;
}

void sv_statement_free(SvStatement *statement)
{
    if (!statement)
        return;
    g_free(statement->text);
    g_free(statement->kind);
    g_ptr_array_unref(statement->sources);
    g_free(statement);
}

static void section_free(gpointer data)
{
    SvSection *section = data;
    g_free(section->id);
    g_free(section->title);
    g_ptr_array_unref(section->statements);
    g_free(section);
}

SvSection *sv_section_new(const char *id, const char *title)
{
    SvSection *section = g_new0(SvSection, 1);
    section->id = g_strdup(id);
    section->title = g_strdup(title);
    section->statements = g_ptr_array_new_with_free_func((GDestroyNotify)sv_statement_free);
    return section;
}

static void task_free(gpointer data)
{
    SvTask *task = data;
    g_free(task->id);
    g_free(task->mark);
    g_free(task->mark_by);
    g_free(task->text);
    g_ptr_array_unref(task->sources);
    g_free(task);
}

SvTask *sv_task_new(const char *text)
{
    SvTask *task = g_new0(SvTask, 1);
    task->text = g_strdup(text);
    task->assignee = -1;
    task->due = SV_DAY_NONE;
    task->sources = sv_quotes_new();
    return task;
}

static void timeline_item_free(gpointer data)
{
    SvTimelineItem *item = data;
    g_free(item->text);
    g_ptr_array_unref(item->sources);
    g_free(item);
}

SvTimelineItem *sv_timeline_item_new(SvDay date, const char *text)
{
    SvTimelineItem *item = g_new0(SvTimelineItem, 1);
    item->date = date;
    item->text = g_strdup(text);
    item->sources = sv_quotes_new();
    return item;
}

void sv_summary_leave_out(SvSummary *summary, guint message, const char *reason)
{
    SvLeftOut left = {message, reason};
    g_array_append_val(summary->coverage.left_out, left);
}

SvSummary *sv_summary_new(const char *format, SvLang language)
{
    SvSummary *summary = g_new0(SvSummary, 1);
    summary->format = g_strdup(format);
    summary->language = language;
    summary->engine = "embedded";
    summary->sections = g_ptr_array_new_with_free_func(section_free);
    summary->tasks = g_ptr_array_new_with_free_func(task_free);
    summary->timeline = g_ptr_array_new_with_free_func(timeline_item_free);
    summary->coverage.left_out = g_array_new(FALSE, FALSE, sizeof(SvLeftOut));
    return summary;
}

void sv_summary_free(SvSummary *summary)
{
    if (!summary)
        return;
    g_free(summary->client);
    g_free(summary->format);
    g_ptr_array_unref(summary->sections);
    g_ptr_array_unref(summary->tasks);
    g_ptr_array_unref(summary->timeline);
    g_array_unref(summary->coverage.left_out);
    g_free(summary);
}

const char *sv_task_state_name(SvTaskState state)
{
    static const char *const names[] = {"open", "overdue", "done", "cancelled"};
    return names[(guint)state < G_N_ELEMENTS(names) ? (guint)state : 0];
}
