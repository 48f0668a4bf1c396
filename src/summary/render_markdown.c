/* A summary as Markdown (CommonMark with task lists and footnotes): see render.h.
 *
 * Text of messages is data: whatever Markdown would read as markup in it is escaped, so that a quote can make
 * neither a link nor a picture nor a heading. */
#include "render.h"
#include "notes.h"
#include "words.h"
#include <string.h>

typedef struct {
    GString *out;
    const SvSummary *summary;
    const SvHistory *history;
    SvNotes *notes;
} Page;

static gboolean is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* What would open a list at the start of an item: "-", "+", "12." and "12)". */
static const char *add_list_mark(GString *out, const char *text)
{
    gsize digits = strspn(text, "0123456789");
    const char *mark = text + digits;
    if (!(digits ? *mark == '.' || *mark == ')' : *mark == '-' || *mark == '+'))
        return text;
    g_string_append_len(out, text, (gssize)digits);
    g_string_append_printf(out, "\\%c", *mark);
    return mark + 1;
}

void sv_markdown_add_text(GString *out, const char *text)
{
    gboolean space = FALSE;
    while (*text && (*text == ' ' || is_control((guchar)*text)) && (guchar)*text < 0x80)
        text++;
    text = add_list_mark(out, text);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == ' ' || is_control(c)) {
            space = TRUE;
            continue;
        }
        if (space)
            g_string_append_c(out, ' ');
        space = FALSE;
        gboolean opens_link = strncmp(p, "://", 3) == 0 || g_ascii_strncasecmp(p, "www.", 4) == 0;
        if (c < 0x80 && (strchr("\\`*_[]<>|~&$^#@", (int)c) || (opens_link && c == ':')))
            g_string_append_c(out, '\\');
        g_string_append_unichar(out, c);
        if (opens_link && c != ':') { /* "www." would become a link by itself */
            g_string_append_len(out, p + 1, 2);
            g_string_append(out, "\\.");
            p += 3;
        }
    }
}

static void add_numbers(Page *page, const GPtrArray *sources)
{
    for (guint i = 0; i < sources->len; i++)
        g_string_append_printf(page->out, "[^%u]", sv_notes_number(page->notes, sources->pdata[i]));
    g_string_append_c(page->out, '\n');
}

static void add_heading(Page *page, int level, const char *title)
{
    if (!g_str_has_suffix(page->out->str, "\n\n"))
        g_string_append_c(page->out, '\n');
    g_string_append_printf(page->out, "%.*s ", level, "####");
    sv_markdown_add_text(page->out, title);
    g_string_append(page->out, "\n\n");
}

static void add_remark(Page *page, const char *key)
{
    g_string_append_printf(page->out, "*%s*\n", sv_word(page->summary->language, key));
}

static void add_sections(Page *page)
{
    for (guint i = 0; i < page->summary->sections->len; i++) {
        const SvSection *section = page->summary->sections->pdata[i];
        add_heading(page, 2, section->title);
        if (!section->statements->len)
            add_remark(page, "none.statements");
        for (guint k = 0; k < section->statements->len; k++) {
            const SvStatement *statement = section->statements->pdata[k];
            g_string_append(page->out, "- ");
            sv_markdown_add_text(page->out, statement->text);
            add_numbers(page, statement->sources);
        }
    }
}

static gboolean is_closed(const SvTask *task)
{
    return task->state == SV_TASK_DONE || task->state == SV_TASK_CANCELLED;
}

static void add_task(Page *page, const SvTask *task)
{
    g_string_append_printf(page->out, "- [%c] ", is_closed(task) ? 'x' : ' ');
    g_autofree char *detail = sv_notes_task_detail(page->summary, page->history, task);
    g_autofree char *text = sv_notes_task_text(task, *detail != 0);
    sv_markdown_add_text(page->out, text);
    if (*detail) {
        const char *mark = task->state == SV_TASK_OVERDUE ? "**" : "*";
        g_string_append_printf(page->out, " — %s", mark);
        sv_markdown_add_text(page->out, detail);
        g_string_append(page->out, mark);
    }
    add_numbers(page, task->sources);
}

static void add_task_group(Page *page, const char *title, gboolean closed, SvSide side)
{
    gboolean titled = FALSE;
    for (guint i = 0; i < page->summary->tasks->len; i++) {
        const SvTask *task = page->summary->tasks->pdata[i];
        if (is_closed(task) != closed || (!closed && task->side != side))
            continue;
        if (!titled)
            add_heading(page, 3, title);
        titled = TRUE;
        add_task(page, task);
    }
}

static void add_tasks(Page *page)
{
    static const SvSide sides[] = {SV_SIDE_US, SV_SIDE_CLIENT, SV_SIDE_THIRD, SV_SIDE_UNKNOWN};
    const SvSummary *s = page->summary;
    if (!sv_notes_shows_tasks(s))
        return;
    add_heading(page, 2, sv_word(s->language, "title.tasks"));
    if (!s->tasks->len)
        add_remark(page, "none.tasks");
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        add_task_group(page, sv_words_side(s->language, sides[i]), FALSE, sides[i]);
    add_task_group(page, sv_word(s->language, "title.closed"), TRUE, SV_SIDE_UNKNOWN);
}

static void add_timeline(Page *page)
{
    const SvSummary *s = page->summary;
    if (!sv_notes_shows_timeline(s))
        return;
    add_heading(page, 2, sv_word(s->language, "title.timeline"));
    if (!s->timeline->len)
        add_remark(page, "none.timeline");
    for (guint i = 0; i < s->timeline->len; i++) {
        const SvTimelineItem *item = s->timeline->pdata[i];
        g_autofree char *day = sv_words_day(s->language, item->date, sv_time_day(s->as_of));
        g_string_append_printf(page->out, "- **%s** — ", day);
        sv_markdown_add_text(page->out, item->text);
        add_numbers(page, item->sources);
    }
}

static void add_notes(Page *page)
{
    SvLang lang = page->summary->language;
    SvDay today = sv_time_day(page->summary->as_of);
    for (guint i = 0; i < page->notes->quotes->len; i++) {
        const SvQuote *quote = page->notes->quotes->pdata[i];
        g_autofree char *origin = sv_notes_origin(page->history, quote, lang, today);
        /* parted by empty lines, so that a program without footnotes shows paragraphs */
        g_string_append_printf(page->out, "\n[^%u]: ", i + 1);
        sv_markdown_add_text(page->out, origin);
        g_autofree char *quoted = sv_notes_quoted(quote, lang);
        g_string_append(page->out, ": ");
        sv_markdown_add_text(page->out, quoted);
        g_string_append_c(page->out, '\n');
    }
}

static void add_head(Page *page)
{
    const SvSummary *s = page->summary;
    g_string_append(page->out, "# ");
    sv_markdown_add_text(page->out, s->client && *s->client ? s->client : sv_word(s->language, "none.client"));
    g_autofree char *moment = sv_words_moment(s->language, s->as_of, SV_DAY_NONE);
    g_autofree char *as_of = sv_word_with(s->language, "title.as_of", moment);
    g_string_append_printf(page->out, "\n\n*%s*\n", as_of);
}

char *sv_render_markdown_all(GPtrArray *summaries, const SvHistory *history)
{
    if (!summaries->len)
        return g_strdup("");
    g_autoptr(SvNotes) notes = sv_notes_new();
    Page page = {g_string_new(NULL), summaries->pdata[0], history, notes};
    add_head(&page);
    for (guint i = 0; i < summaries->len; i++) {
        page.summary = summaries->pdata[i];
        add_sections(&page);
        add_tasks(&page);
        add_timeline(&page);
    }
    g_autofree char *coverage = sv_words_coverage(page.summary);
    g_string_append(page.out, "\n---\n\n");
    sv_markdown_add_text(page.out, coverage);
    g_string_append_c(page.out, '\n');
    add_notes(&page);
    return g_string_free(page.out, FALSE);
}

char *sv_render_markdown(const SvSummary *summary, const SvHistory *history)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, (gpointer)summary);
    return sv_render_markdown_all(one, history);
}
