/* A summary for the terminal: see render.h.
 *
 * Title, then what each format brings (sections, tasks, timeline), then the notes and the coverage line.
 * Every statement ends with the numbers of its notes; a note says channel, date, author and quote: in two
 * lines where there are few, in one where there are many. Colours never carry meaning alone: what is overdue
 * also has a "!" and says so.
 *
 * Keeps true: no control character of a message reaches the terminal (wrap.h), and no line is wider than
 * asked unless the window is narrower than its indents. */
#include "render.h"
#include "notes.h"
#include "words.h"
#include "wrap.h"
#include <string.h>

#define BOLD "\033[1m"
#define HEADING "\033[1;36m"
#define RED "\033[31m"
#define FAINT "\033[2m"
#define INDENT 2
#define FEW_NOTES 12 /* more than a brief has */

typedef struct {
    GString *out;
    const SvSummary *summary; /* the one being shown */
    const SvHistory *history;
    SvNotes *notes;
    int width;
    gboolean colour;
} Page;

static const char *style(const Page *page, const char *sequence)
{
    return page->colour ? sequence : NULL;
}

static void add_title(Page *page, const char *title)
{
    g_string_append_c(page->out, '\n');
    SvWrap wrap = {.width = page->width, .style = style(page, HEADING)};
    sv_wrap_add(page->out, title, &wrap);
}

/* "text [1][3]" with a space that does not break. */
static char *with_numbers(Page *page, const char *text, const GPtrArray *sources)
{
    g_autofree char *unbroken = sv_words_unbroken(text);
    GString *line = g_string_new(unbroken);
    for (guint i = 0; i < sources->len; i++)
        g_string_append_printf(
            line, "%s[%u]", i ? "" : "\u00A0", sv_notes_number(page->notes, sources->pdata[i]));
    return g_string_free(line, FALSE);
}

static void add_item(
    Page *page, const char *bullet, const char *text, const GPtrArray *sources, const char *colour)
{
    g_autofree char *line = with_numbers(page, text, sources);
    SvWrap wrap = {.width = page->width, .first = INDENT + 2, .rest = INDENT + 2, .bullet = bullet,
        .style = style(page, colour), .dim_notes = page->colour && !colour};
    sv_wrap_add(page->out, line, &wrap);
}

static void add_remark(Page *page, const char *text)
{
    SvWrap wrap = {.width = page->width, .first = INDENT, .rest = INDENT, .style = style(page, FAINT)};
    sv_wrap_add(page->out, text, &wrap);
}

static void add_sections(Page *page)
{
    const SvSummary *s = page->summary;
    for (guint i = 0; i < s->sections->len; i++) {
        const SvSection *section = s->sections->pdata[i];
        add_title(page, section->title);
        for (guint k = 0; k < section->statements->len; k++) {
            const SvStatement *statement = section->statements->pdata[k];
            add_item(page, "• ", statement->text, statement->sources, NULL);
        }
        if (!section->statements->len)
            add_remark(page, sv_word(s->language, "none.statements"));
    }
}

static gboolean is_closed(const SvTask *task)
{
    return task->state == SV_TASK_DONE || task->state == SV_TASK_CANCELLED;
}

static void add_task(Page *page, const SvTask *task)
{
    static const char *const bullets[] = {"• ", "! ", "✓ ", "× "};
    g_autofree char *detail = sv_notes_task_detail(page->summary, page->history, task);
    const char *bullet = bullets[MIN((guint)task->state, 3)];
    if (is_closed(task)) {
        g_autofree char *text = sv_notes_task_text(task, *detail != 0);
        g_autofree char *line = *detail ? g_strdup_printf("%s — %s", text, detail) : g_strdup(text);
        add_item(page, bullet, line, task->sources, FAINT);
        return;
    }
    add_item(page, bullet, task->text, task->sources, NULL);
    SvWrap wrap = {.width = page->width, .first = INDENT + 2, .rest = INDENT + 2,
        .style = style(page, task->state == SV_TASK_OVERDUE ? RED : FAINT)};
    if (*detail)
        sv_wrap_add(page->out, detail, &wrap);
}

/* Tasks of one side that are still open, or (SV_SIDE_UNKNOWN and `closed`) all that are closed. Returns
 * whether there were any; `after`: some group stands above. */
static gboolean add_task_group(Page *page, const char *title, gboolean closed, SvSide side, gboolean after)
{
    gboolean titled = FALSE;
    for (guint i = 0; i < page->summary->tasks->len; i++) {
        const SvTask *task = page->summary->tasks->pdata[i];
        if (is_closed(task) != closed || (!closed && task->side != side))
            continue;
        if (!titled) {
            SvWrap wrap = {.width = page->width, .first = INDENT, .rest = INDENT, .style = style(page, BOLD)};
            if (after)
                g_string_append_c(page->out, '\n');
            sv_wrap_add(page->out, title, &wrap);
        }
        titled = TRUE;
        add_task(page, task);
    }
    return titled;
}

static void add_tasks(Page *page)
{
    static const SvSide sides[] = {SV_SIDE_US, SV_SIDE_CLIENT, SV_SIDE_THIRD, SV_SIDE_UNKNOWN};
    const SvSummary *s = page->summary;
    if (!sv_notes_shows_tasks(s))
        return;
    add_title(page, sv_word(s->language, "title.tasks"));
    if (!s->tasks->len)
        add_remark(page, sv_word(s->language, "none.tasks"));
    gboolean after = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        after |= add_task_group(page, sv_words_side(s->language, sides[i]), FALSE, sides[i], after);
    add_task_group(page, sv_word(s->language, "title.closed"), TRUE, SV_SIDE_UNKNOWN, after);
}

static void add_timeline(Page *page)
{
    const SvSummary *s = page->summary;
    if (!sv_notes_shows_timeline(s))
        return;
    add_title(page, sv_word(s->language, "title.timeline"));
    if (!s->timeline->len)
        add_remark(page, sv_word(s->language, "none.timeline"));
    int column = 0;
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < s->timeline->len; i++) {
        const SvTimelineItem *item = s->timeline->pdata[i];
        char *day = sv_words_day(s->language, item->date, sv_time_day(s->as_of));
        column = MAX(column, sv_wrap_columns(day, strlen(day)));
        g_ptr_array_add(days, day);
    }
    for (guint i = 0; i < s->timeline->len; i++) {
        const SvTimelineItem *item = s->timeline->pdata[i];
        gboolean same = i > 0 && item->date == ((const SvTimelineItem *)s->timeline->pdata[i - 1])->date;
        const char *day = same ? "" : days->pdata[i]; /* a date is said once */
        int pad = column + 2 - sv_wrap_columns(day, strlen(day));
        g_autofree char *bullet = g_strdup_printf("%s%*s", day, pad, "");
        g_autofree char *line = with_numbers(page, item->text, item->sources);
        SvWrap wrap = {.width = page->width, .first = INDENT + column + 2, .rest = INDENT + column + 2,
            .bullet = bullet, .dim_notes = page->colour};
        sv_wrap_add(page->out, line, &wrap);
    }
}

static void add_notes(Page *page)
{
    const SvSummary *s = page->summary;
    SvDay today = sv_time_day(s->as_of);
    if (!page->notes->quotes->len)
        return;
    add_title(page, sv_word(s->language, "title.sources"));
    int digits = 1;
    for (guint n = page->notes->quotes->len; n >= 10; n /= 10)
        digits++;
    for (guint i = 0; i < page->notes->quotes->len; i++) {
        const SvQuote *quote = page->notes->quotes->pdata[i];
        g_autofree char *origin = sv_notes_origin(page->history, quote, s->language, today);
        g_autofree char *quoted = sv_notes_quoted(quote, s->language);
        g_autofree char *whole = g_strdup_printf("%s: %s", origin, quoted);
        g_autofree char *line = sv_words_unbroken(whole);
        g_autofree char *bullet = g_strdup_printf("[%u] ", i + 1);
        g_autofree char *tail = g_strconcat("…", g_utf8_prev_char(quoted + strlen(quoted)), NULL);
        int indent = INDENT + digits + 3;
        SvWrap wrap = {.width = page->width,
            .first = indent,
            .rest = indent,
            .bullet = bullet,
            .max_lines = page->notes->quotes->len > FEW_NOTES ? 1 : 2,
            .tail = tail,
            .style = style(page, FAINT)};
        sv_wrap_add(page->out, line, &wrap);
    }
}

static void add_head(Page *page)
{
    const SvSummary *s = page->summary;
    SvWrap name = {.width = page->width, .style = style(page, BOLD)};
    sv_wrap_add(page->out, s->client && *s->client ? s->client : sv_word(s->language, "none.client"), &name);
    g_autofree char *moment = sv_words_moment(s->language, s->as_of, SV_DAY_NONE);
    g_autofree char *as_of = sv_word_with(s->language, "title.as_of", moment);
    SvWrap under = {.width = page->width, .style = style(page, FAINT)};
    sv_wrap_add(page->out, as_of, &under);
}

char *sv_render_text_all(GPtrArray *summaries, const SvHistory *history, int width, gboolean colour)
{
    if (!summaries->len)
        return g_strdup("");
    g_autoptr(SvNotes) notes = sv_notes_new();
    Page page = {g_string_new(NULL), summaries->pdata[0], history, notes, width, colour};
    add_head(&page);
    for (guint i = 0; i < summaries->len; i++) {
        page.summary = summaries->pdata[i];
        add_sections(&page);
        add_tasks(&page);
        add_timeline(&page);
    }
    add_notes(&page);
    g_string_append_c(page.out, '\n');
    g_autofree char *coverage = sv_words_coverage(page.summary);
    SvWrap wrap = {.width = width, .style = style(&page, FAINT)};
    sv_wrap_add(page.out, coverage, &wrap);
    return g_string_free(page.out, FALSE);
}

char *sv_render_text(const SvSummary *summary, const SvHistory *history, int width, gboolean colour)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, (gpointer)summary);
    return sv_render_text_all(one, history, width, colour);
}
