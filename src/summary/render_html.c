/* One or several summaries as a self-contained page: see render.h.
 *
 * Order: head, tabs, one <section class="view"> a summary, coverage, numbered notes, the cited messages
 * (masked), the empty panel that shows them. Without a script everything is there and linked; the script
 * (web/page.js) makes tabs of the views and shows a message beside the text.
 *
 * Keeps true: the policy in the head allows exactly our style and our script by their digests, and no request
 * at all; every text goes through sv_html_add(); no attribute holds text that is not quoted.
 * Does not: embed messages that no statement cites. */
#include "render.h"
#include "html.h"
#include "html_message.h"
#include "notes.h"
#include "sv-page-data.h"
#include "words.h"
#include <string.h>

typedef struct {
    GString *out;
    GPtrArray *summaries;
    const SvSummary *summary; /* the one being shown */
    const SvHistory *history;
    SvNotes *notes;
    SvLang lang;
    SvDay today;
} Page;

static void add(Page *page, const char *markup)
{
    g_string_append(page->out, markup);
}

static void add_word(Page *page, const char *key)
{
    sv_html_add(page->out, sv_word(page->lang, key));
}

static void add_element(Page *page, const char *open, const char *text, const char *close)
{
    add(page, open);
    sv_html_add(page->out, text);
    add(page, close);
}

/* Bytes of the name with which a statement that is somebody's words begins ("Вера Лим: …"). */
static gsize speaker_length(const Page *page, const char *text, const GPtrArray *sources)
{
    const char *author = sources->len ? sv_notes_author(page->history, sources->pdata[0]) : NULL;
    gsize n = author ? strlen(author) : 0;
    return n && strncmp(text, author, n) == 0 && strncmp(text + n, ": ", 2) == 0 ? n + 1 : 0;
}

static void add_words(Page *page, const char *text, const GPtrArray *sources)
{
    gsize n = speaker_length(page, text, sources);
    add(page, "<span class=\"text\">");
    if (n) {
        add(page, "<span class=\"speaker\">");
        sv_html_add_len(page->out, text, n);
        add(page, "</span>");
    }
    g_autofree char *unbroken = sv_words_unbroken(text + n);
    add_element(page, "", unbroken, "</span>");
}

static void add_time(Page *page, SvDay day, SvDay now)
{
    g_autofree char *machine = sv_day_format(day);
    g_autofree char *human = sv_words_day(page->lang, day, now);
    g_string_append_printf(page->out, "<time datetime=\"%s\">%s</time>", machine, human);
}

static void add_refs(Page *page, const GPtrArray *sources)
{
    if (!sources->len)
        return;
    add(page, " <span class=\"refs\">");
    for (guint i = 0; i < sources->len; i++) {
        const SvQuote *quote = sources->pdata[i];
        if (!sv_notes_message(page->history, quote))
            continue;
        guint number = sv_notes_number(page->notes, quote);
        g_autofree char *origin = sv_notes_origin(page->history, quote, page->lang, page->today);
        g_autofree char *digits = g_strdup_printf("%u", number);
        g_autofree char *label = sv_word_with(page->lang, "page.source", digits);
        g_string_append_printf(page->out,
            "<a class=\"ref\" href=\"#m%u\" data-note=\"%u\" aria-expanded=\"false\" aria-label=\"",
            quote->message, number);
        sv_html_add(page->out, label);
        add_element(page, ": ", origin, "\" title=\"");
        sv_html_add(page->out, origin);
        g_string_append_printf(page->out, "\">%u</a>", number);
    }
    add(page, "</span>");
}

static void add_sections(Page *page)
{
    for (guint i = 0; i < page->summary->sections->len; i++) {
        const SvSection *section = page->summary->sections->pdata[i];
        add_element(page, "<section class=\"part\"><h3>", section->title, "</h3>\n");
        if (!section->statements->len)
            add_element(page, "<p class=\"none\">", sv_word(page->lang, "none.statements"), "</p>");
        add(page, "<ul class=\"statements\">\n");
        for (guint k = 0; k < section->statements->len; k++) {
            const SvStatement *statement = section->statements->pdata[k];
            add(page, "<li class=\"item\" tabindex=\"-1\">");
            add_words(page, statement->text, statement->sources);
            add_refs(page, statement->sources);
            add(page, "</li>\n");
        }
        add(page, "</ul></section>\n");
    }
}

static void add_task_meta(Page *page, const SvTask *task)
{
    const SvPerson *person = sv_history_person(page->history, task->assignee);
    gboolean closed = task->state == SV_TASK_DONE || task->state == SV_TASK_CANCELLED;
    if (task->due == SV_DAY_NONE && !person && task->state == SV_TASK_OPEN)
        return;
    add(page, "<p class=\"meta\">");
    if (task->due != SV_DAY_NONE) {
        g_autofree char *day = sv_words_day(page->lang, task->due, page->today);
        g_autofree char *due = sv_word_with(page->lang, "task.due", day);
        g_autofree char *machine = sv_day_format(task->due);
        g_string_append_printf(page->out, "<time class=\"due\" datetime=\"%s\">", machine);
        add_element(page, "", due, "</time>");
    }
    if (task->state == SV_TASK_OVERDUE && task->due != SV_DAY_NONE && task->due < page->today) {
        g_autofree char *late = sv_words_counted(page->lang, "task.late", (guint)(page->today - task->due));
        add_element(page, "<span class=\"late\">", late, "</span>");
    } else if (task->state == SV_TASK_OVERDUE || closed) {
        add_element(page, "<span class=\"late\">", sv_words_state(page->lang, task->state), "</span>");
    }
    if (person && person->name)
        add_element(page, "<span class=\"who-acts\">", person->name, "</span>");
    add(page, "</p>");
}

/* The tasks of one side that are open, or all that are closed; the group is left out when it is empty. */
static void add_task_group(Page *page, const char *title, gboolean closed, SvSide side)
{
    gboolean opened = FALSE;
    for (guint i = 0; i < page->summary->tasks->len; i++) {
        const SvTask *task = page->summary->tasks->pdata[i];
        gboolean is_closed = task->state == SV_TASK_DONE || task->state == SV_TASK_CANCELLED;
        if (is_closed != closed || (!closed && task->side != side))
            continue;
        if (!opened) {
            g_string_append_printf(page->out, "<section class=\"part%s\"><h3>", closed ? " closed" : "");
            add_element(page, "", title, "</h3>\n<ul>\n");
        }
        opened = TRUE;
        g_string_append_printf(
            page->out, "<li class=\"item task %s\" tabindex=\"-1\">", sv_task_state_name(task->state));
        add_words(page, task->text, task->sources);
        add_refs(page, task->sources);
        add_task_meta(page, task);
        add(page, "</li>\n");
    }
    if (opened)
        add(page, "</ul></section>\n");
}

static void add_tasks(Page *page)
{
    static const SvSide sides[] = {SV_SIDE_US, SV_SIDE_CLIENT, SV_SIDE_THIRD, SV_SIDE_UNKNOWN};
    if (!sv_notes_shows_tasks(page->summary))
        return;
    if (!page->summary->tasks->len)
        add_element(page, "<p class=\"none\">", sv_word(page->lang, "none.tasks"), "</p>\n");
    add(page, "<div class=\"sides\">\n");
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        add_task_group(page, sv_words_side(page->lang, sides[i]), FALSE, sides[i]);
    add(page, "</div>\n");
    add_task_group(page, sv_word(page->lang, "title.closed"), TRUE, SV_SIDE_UNKNOWN);
}

static int year_of(SvDay day)
{
    int y, m, d;
    sv_day_to_civil(day, &y, &m, &d);
    return y;
}

static void add_timeline(Page *page)
{
    if (!sv_notes_shows_timeline(page->summary))
        return;
    if (!page->summary->timeline->len)
        add_element(page, "<p class=\"none\">", sv_word(page->lang, "none.timeline"), "</p>\n");
    SvDay before = SV_DAY_NONE;
    for (guint i = 0; i < page->summary->timeline->len; i++) {
        const SvTimelineItem *item = page->summary->timeline->pdata[i];
        if (before == SV_DAY_NONE || year_of(before) != year_of(item->date)) {
            add(page, before == SV_DAY_NONE ? "" : "</ul></section>\n");
            g_string_append_printf(page->out,
                "<section class=\"part\"><h3>%d</h3>\n<ul class=\"timeline\">\n", year_of(item->date));
        }
        g_string_append_printf(
            page->out, "<li class=\"item%s\" tabindex=\"-1\">", before == item->date ? " same" : "");
        before = item->date;
        add_time(page, item->date, item->date);
        add(page, "<div>");
        add_words(page, item->text, item->sources);
        add_refs(page, item->sources);
        add(page, "</div></li>\n");
    }
    if (before != SV_DAY_NONE)
        add(page, "</ul></section>\n");
}

static char *format_title(SvLang lang, const char *format)
{
    g_autofree char *key = g_strconcat("format.", format, NULL);
    return g_strdup(sv_word(lang, key));
}

static guint count_overdue(const SvSummary *summary)
{
    guint n = 0;
    for (guint i = 0; i < summary->tasks->len; i++)
        n += ((const SvTask *)summary->tasks->pdata[i])->state == SV_TASK_OVERDUE;
    return n;
}

static void add_tabs(Page *page)
{
    if (page->summaries->len < 2)
        return;
    add_element(page, "<nav class=\"tabs\" aria-label=\"", sv_word(page->lang, "page.tabs"), "\"><ul>\n");
    for (guint i = 0; i < page->summaries->len; i++) {
        const SvSummary *summary = page->summaries->pdata[i];
        g_autofree char *title = format_title(page->lang, summary->format);
        add_element(page, "<li><a class=\"tab\" href=\"#", summary->format, "\" id=\"tab-");
        add_element(page, "", summary->format, "\">");
        sv_html_add(page->out, title);
        guint late = count_overdue(summary);
        if (late) {
            add_element(
                page, " <span class=\"late-count\" title=\"", sv_word(page->lang, "state.overdue"), "\">");
            g_string_append_printf(page->out, "%u</span>", late);
        }
        add(page, "</a></li>\n");
    }
    add(page, "</ul></nav>\n");
}

static void add_view(Page *page, const SvSummary *summary)
{
    page->summary = summary;
    g_autofree char *title = format_title(page->lang, summary->format);
    add_element(page, "<section class=\"view\" id=\"", summary->format, "\" aria-label=\"");
    add_element(page, "", title, "\">\n<h2 class=\"view-title\">");
    add_element(page, "", title, "</h2>\n");
    add_sections(page);
    add_tasks(page);
    add_timeline(page);
    add(page, "</section>\n");
}

static void add_notes(Page *page)
{
    if (!page->notes->quotes->len)
        return;
    add_element(page, "<section class=\"sources\"><h2>", sv_word(page->lang, "title.sources"), "</h2><ol>\n");
    for (guint i = 0; i < page->notes->quotes->len; i++) {
        const SvQuote *quote = page->notes->quotes->pdata[i];
        g_autofree char *origin = sv_notes_origin(page->history, quote, page->lang, page->today);
        g_string_append_printf(page->out, "<li id=\"n%u\"><a href=\"#m%u\">", i + 1, quote->message);
        add_element(page, "", origin, "</a>: <q>");
        add_element(page, "", quote->quote, "</q></li>\n");
    }
    add(page, "</ol></section>\n");
}

/* The cited messages, each once, in order of time. */
static void add_originals(Page *page)
{
    g_autofree guint8 *cited = g_malloc0(page->history->messages->len + 1);
    for (guint i = 0; i < page->notes->quotes->len; i++)
        cited[((const SvQuote *)page->notes->quotes->pdata[i])->message] = 1;
    add(page, "<section class=\"originals\">\n");
    for (guint i = 0; i < page->history->messages->len; i++)
        if (cited[i])
            sv_html_add_message(page->out, page->history, i, page->lang);
    add(page, "</section>\n");
}

static void add_panel(Page *page)
{
    add_element(page,
        "<div class=\"panel\" id=\"panel\" role=\"dialog\" aria-labelledby=\"panel-title\" hidden>\n"
        "<div class=\"panel-head\"><span class=\"panel-title\" id=\"panel-title\">",
        sv_word(page->lang, "title.original"), "</span>");
    add_element(page, "<button type=\"button\" class=\"close\" id=\"panel-close\" aria-label=\"",
        sv_word(page->lang, "page.close"), "\">×</button></div>\n");
    add(page, "<div class=\"panel-body\" id=\"panel-body\" tabindex=\"0\"></div></div>\n");
}

static GBytes *load_piece(const char *path)
{
    GBytes *bytes =
        g_resource_lookup_data(sv_page_data_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    return bytes ? bytes : g_bytes_new_static("", 0);
}

static void add_piece(Page *page, const char *open, GBytes *piece, const char *close)
{
    add(page, open);
    g_string_append_len(page->out, g_bytes_get_data(piece, NULL), (gssize)g_bytes_get_size(piece));
    add(page, close);
}

static const char *client_of(const Page *page)
{
    const char *client = page->summary->client;
    return client && *client ? client : sv_word(page->lang, "none.client");
}

static void add_document_head(Page *page, GBytes *style, GBytes *script)
{
    g_autofree char *style_digest = sv_html_digest(g_bytes_get_data(style, NULL), g_bytes_get_size(style));
    g_autofree char *script_digest = sv_html_digest(g_bytes_get_data(script, NULL), g_bytes_get_size(script));
    g_string_append_printf(page->out,
        "<!doctype html>\n<html lang=\"%s\" class=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
        sv_lang_name(page->lang), page->summaries->len > 1 ? "many" : "one");
    g_string_append_printf(page->out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; "
        "script-src '%s'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\n",
        style_digest, script_digest);
    add(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n");
    add_element(page, "<title>", client_of(page), "</title>\n");
    add_piece(page, "<style>", style, "</style>\n</head>\n<body>\n");
}

static void add_head(Page *page)
{
    g_autofree char *moment = sv_words_moment(page->lang, page->summary->as_of, SV_DAY_NONE);
    g_autofree char *as_of = sv_word_with(page->lang, "title.as_of", moment);
    add(page, "<a class=\"skip\" href=\"#content\">");
    add_word(page, "page.skip");
    add(page, "</a>\n<header class=\"head\">");
    add_element(page, "<h1 class=\"text\">", client_of(page), "</h1>");
    add_element(page, "<p class=\"asof\">", as_of, "</p></header>\n");
}

char *sv_render_html(GPtrArray *summaries, const SvHistory *history)
{
    if (!summaries->len)
        return g_strdup("");
    const SvSummary *first = summaries->pdata[0];
    g_autoptr(SvNotes) notes = sv_notes_new();
    g_autoptr(GBytes) style = load_piece("/svodka/web/page.css");
    g_autoptr(GBytes) script = load_piece("/svodka/web/page.js");
    Page page = {
        g_string_new(NULL), summaries, first, history, notes, first->language, sv_time_day(first->as_of)};
    add_document_head(&page, style, script);
    add_head(&page);
    add_tabs(&page);
    add(&page, "<main id=\"content\">\n");
    for (guint i = 0; i < summaries->len; i++)
        add_view(&page, summaries->pdata[i]);
    add(&page, "</main>\n<footer class=\"foot\">\n");
    add_notes(&page);
    g_autofree char *coverage = sv_words_coverage(first);
    add_element(&page, "<p class=\"coverage\">", coverage, "</p>");
    add_element(&page, "<p class=\"keys\">", sv_word(page.lang, "page.keys"), "</p>\n</footer>\n");
    add_originals(&page);
    add_panel(&page);
    add_piece(&page, "<script>", script, "</script>\n</body>\n</html>\n");
    return g_string_free(page.out, FALSE);
}
