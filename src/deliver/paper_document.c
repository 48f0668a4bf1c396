/* A summary or a report as JSON → a paper: see paper.h.
 *
 * Walks the document in its order. Sources get numbers in the order in which they are met, the same words of
 * the same message one number; the notes stand at the end. Words come from data/summary/words.tsv, so that a
 * paper says what the page and the terminal say.
 *
 * Keeps true: what is missing or of another type is passed over, nothing in a document can stop the rest. */
#include "paper.h"
#include "error.h"
#include "utf8.h"
#include "words.h"

typedef struct {
    SvPaper *paper;
    SvLang lang;
    SvDay today;         /* years are not said when they are this day's */
    GPtrArray *sources;  /* const cJSON *, note n at n - 1 */
    GHashTable *numbers; /* key → number */
} Making;

static char *day_of(const Making *making, const char *text, SvDay now)
{
    SvTime at;
    SvDay day;
    if (text && sv_day_parse(text, &day))
        return sv_words_day(making->lang, day, now);
    return text && sv_time_parse(text, NULL, &at) ? sv_words_day(making->lang, sv_time_day(at), now) : NULL;
}

static void add_refs(Making *making, SvBlock *block, const cJSON *sources)
{
    const cJSON *source;
    cJSON_ArrayForEach(source, sources)
    {
        const char *id = sv_json_string(source, "id"), *quote = sv_json_string(source, "quote");
        if (!quote)
            continue;
        char *key = g_strconcat(id ? id : "", "\n", quote, NULL);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(making->numbers, key));
        if (!number) {
            g_ptr_array_add(making->sources, (gpointer)source);
            number = making->sources->len;
            g_hash_table_insert(making->numbers, key, GUINT_TO_POINTER(number));
        } else {
            g_free(key);
        }
        sv_paper_put_ref(making->paper, block, number);
    }
}

static void add_words(Making *making, SvBlockKind kind, const char *words)
{
    sv_paper_put(making->paper, sv_paper_add(making->paper, kind, 0), SV_RUN_PLAIN, words);
}

static void add_statements(Making *making, const cJSON *section)
{
    const char *title = sv_json_string(section, "title");
    const cJSON *statements = sv_json_array(section, "statements"), *statement;
    if (title && *title)
        add_words(making, SV_BLOCK_HEADING, title);
    if (!cJSON_GetArraySize(statements))
        add_words(making, SV_BLOCK_REMARK, sv_word(making->lang, "none.statements"));
    cJSON_ArrayForEach(statement, statements)
    {
        const char *text = sv_json_string(statement, "text");
        if (!text)
            continue;
        SvBlock *block = sv_paper_add(making->paper, SV_BLOCK_ITEM, 0);
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, text);
        add_refs(making, block, sv_json_array(statement, "sources"));
    }
}

/* ── tasks ── */

static gboolean has_state(const cJSON *task, const char *state)
{
    return g_strcmp0(sv_json_string(task, "state"), state) == 0;
}

/* What a reader said of it, or NULL. */
static const char *mark_of(const cJSON *task)
{
    return sv_json_string(sv_json_object(task, "mark"), "state");
}

static gboolean is_closed(const cJSON *task)
{
    const char *mark = mark_of(task);
    return has_state(task, "done") || has_state(task, "cancelled") || g_strcmp0(mark, "done") == 0 ||
           g_strcmp0(mark, "dropped") == 0;
}

static void add_detail(GString *out, const char *detail)
{
    if (detail && *detail)
        g_string_append_printf(out, "%s%s", out->len ? ", " : "", detail);
}

static void add_mark(const Making *making, GString *out, const cJSON *task)
{
    const char *mark = mark_of(task), *by = sv_json_string(sv_json_object(task, "mark"), "by");
    if (!mark)
        return;
    g_autofree char *key = g_strconcat("marked.", mark, NULL);
    const char *words = sv_word(making->lang, key);
    g_autofree char *whole = by ? g_strdup_printf("%s (%s)", words, by) : g_strdup(words);
    if (words != key)
        add_detail(out, whole);
}

/* "до 20 декабря, Алексей Ким, просрочена на 3 дня". */
static char *detail_of(const Making *making, const cJSON *task)
{
    GString *out = g_string_new(NULL);
    const char *due = sv_json_string(task, "due"), *state = sv_json_string(task, "state");
    SvDay day;
    g_autofree char *when = day_of(making, due, making->today);
    g_autofree char *until = when ? sv_word_with(making->lang, "task.due", when) : NULL;
    add_detail(out, until);
    add_detail(out, sv_json_string(task, "assignee"));
    if (has_state(task, "overdue") && due && sv_day_parse(due, &day) && making->today != SV_DAY_NONE &&
        day < making->today) {
        g_autofree char *late = sv_words_counted(making->lang, "task.late", (guint)(making->today - day));
        add_detail(out, late);
    } else if (state && !has_state(task, "open")) {
        g_autofree char *key = g_strconcat("state.", state, NULL);
        const char *words = sv_word(making->lang, key);
        add_detail(out, words == key ? NULL : words);
    }
    add_mark(making, out, task);
    return g_string_free(out, FALSE);
}

static void add_task(Making *making, const cJSON *task)
{
    const char *text = sv_json_string(task, "text");
    if (!text)
        return;
    gboolean closed = is_closed(task);
    SvBlock *block = sv_paper_add(making->paper, closed ? SV_BLOCK_TASK_CLOSED : SV_BLOCK_TASK, 0);
    g_autofree char *detail = detail_of(making, task);
    gsize len = strlen(text);
    gboolean stop = *detail && len > 1 && text[len - 1] == '.' && text[len - 2] != '.';
    g_autofree char *words = g_strndup(text, stop ? len - 1 : len);
    sv_paper_put(making->paper, block, SV_RUN_PLAIN, words);
    if (*detail) {
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, " — ");
        sv_paper_put(making->paper, block,
            has_state(task, "overdue") && !closed ? SV_RUN_LATE : SV_RUN_DETAIL, detail);
    }
    add_refs(making, block, sv_json_array(task, "sources"));
}

/* The tasks of a side that are open; `side` NULL: nobody knows whose. `closed`: all that are closed. */
static void add_tasks_of(
    Making *making, const cJSON *tasks, const char *side, gboolean closed, const char *title)
{
    const cJSON *task;
    gboolean titled = FALSE;
    cJSON_ArrayForEach(task, tasks)
    {
        if (is_closed(task) != closed || (!closed && g_strcmp0(sv_json_string(task, "side"), side) != 0))
            continue;
        if (!titled)
            add_words(making, SV_BLOCK_SUBHEADING, title);
        titled = TRUE;
        add_task(making, task);
    }
}

static void add_tasks(Making *making, const cJSON *document)
{
    static const char *const sides[] = {"us", "client", "third", NULL};
    const cJSON *tasks = sv_json_array(document, "tasks");
    gboolean any = cJSON_GetArraySize(tasks) > 0;
    if (!any && g_strcmp0(sv_json_string(document, "format"), "tasks") != 0)
        return;
    add_words(making, SV_BLOCK_HEADING, sv_word(making->lang, "title.tasks"));
    if (!any)
        add_words(making, SV_BLOCK_REMARK, sv_word(making->lang, "none.tasks"));
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autofree char *key = g_strconcat("side.", sides[i] ? sides[i] : "unknown", NULL);
        add_tasks_of(making, tasks, sides[i], FALSE, sv_word(making->lang, key));
    }
    add_tasks_of(making, tasks, NULL, TRUE, sv_word(making->lang, "title.closed"));
}

static void add_timeline(Making *making, const cJSON *document)
{
    const cJSON *events = sv_json_array(document, "timeline"), *event;
    gboolean any = cJSON_GetArraySize(events) > 0;
    if (!any && g_strcmp0(sv_json_string(document, "format"), "timeline") != 0)
        return;
    add_words(making, SV_BLOCK_HEADING, sv_word(making->lang, "title.timeline"));
    if (!any)
        add_words(making, SV_BLOCK_REMARK, sv_word(making->lang, "none.timeline"));
    cJSON_ArrayForEach(event, events)
    {
        g_autofree char *day = day_of(making, sv_json_string(event, "date"), making->today);
        const char *text = sv_json_string(event, "text");
        if (!text)
            continue;
        SvBlock *block = sv_paper_add(making->paper, SV_BLOCK_ITEM, 0);
        sv_paper_put(making->paper, block, SV_RUN_LEAD, day);
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, day ? " — " : NULL);
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, text);
        add_refs(making, block, sv_json_array(event, "sources"));
    }
}

static guint count_of(const cJSON *coverage, const char *name)
{
    double n = sv_json_number(coverage, name, 0);
    return n > 0 && n < G_MAXUINT ? (guint)n : 0;
}

/* The line in the same words as everywhere: by way of the summary that the document was made of. */
static void add_coverage(Making *making, const cJSON *document)
{
    const cJSON *c = sv_json_object(document, "coverage");
    if (!c)
        return;
    g_autoptr(SvSummary) summary = sv_summary_new("sections", making->lang);
    const char *newest = sv_json_string(c, "newest");
    summary->coverage.read = count_of(c, "read");
    summary->coverage.hidden = count_of(c, "hidden");
    summary->coverage.masked = count_of(c, "masked");
    summary->coverage.excluded = count_of(c, "excluded");
    summary->coverage.duplicates = count_of(c, "duplicates");
    summary->coverage.passed_over = count_of(c, "passed_over");
    summary->coverage.calls_without_transcript = count_of(c, "calls_without_transcript");
    summary->coverage.unread = count_of(c, "unread");
    summary->coverage.pending = count_of(c, "pending");
    summary->coverage.unproved = count_of(c, "unproved");
    summary->coverage.has_newest = newest && sv_time_parse(newest, NULL, &summary->coverage.newest);
    summary->sides_inferred = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(c, "sides_inferred"));
    g_autofree char *line = sv_words_coverage(summary);
    add_words(making, SV_BLOCK_REMARK, line);
}

/* ── notes ── */

char *sv_paper_origin(SvLang lang, const cJSON *source, SvDay today)
{
    Making making = {.lang = lang};
    const char *channel = sv_json_string(source, "channel"), *author = sv_json_string(source, "author");
    g_autofree char *key = g_strconcat("channel.", channel ? channel : "", NULL);
    const char *word = sv_word(lang, key);
    g_autofree char *day = day_of(&making, sv_json_string(source, "at"), today);
    GString *out = g_string_new(word == key ? NULL : word);
    add_detail(out, day);
    add_detail(out, author ? author : sv_word(lang, "none.author"));
    return g_string_free(out, FALSE);
}

/* The quote between marks of the language, other ones when it has such marks inside. */
static char *quoted(SvLang lang, const char *text)
{
    if (lang == SV_LANG_RU)
        return strstr(text, "«") || strstr(text, "»") ? g_strconcat("„", text, "“", NULL)
                                                      : g_strconcat("«", text, "»", NULL);
    return strstr(text, "“") || strstr(text, "”") ? g_strconcat("‘", text, "’", NULL)
                                                  : g_strconcat("“", text, "”", NULL);
}

static void add_notes(Making *making)
{
    if (making->sources->len)
        add_words(making, SV_BLOCK_HEADING, sv_word(making->lang, "title.sources"));
    for (guint i = 0; i < making->sources->len; i++) {
        const cJSON *source = making->sources->pdata[i];
        g_autofree char *origin = sv_paper_origin(making->lang, source, making->today);
        g_autofree char *quote = quoted(making->lang, sv_json_string(source, "quote"));
        SvBlock *block = sv_paper_add(making->paper, SV_BLOCK_NOTE, i + 1);
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, origin);
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, ": ");
        sv_paper_put(making->paper, block, SV_RUN_QUOTE, quote);
    }
}

/* ── the report ── */

/* "ведёт Анна Ли, последнее сообщение 15 ноября, 2 просроченные задачи". */
static void add_client_facts(Making *making, const cJSON *client)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const cJSON *owner = sv_json_object(client, "owner");
    const char *name = owner ? sv_json_string(owner, "name") : sv_json_string(client, "owner");
    g_autofree char *owned = name ? sv_word_with(making->lang, "report.owner", name) : NULL;
    g_autofree char *day = day_of(making, sv_json_string(client, "newest"), making->today);
    g_autofree char *newest = day ? sv_word_with(making->lang, "person.last", day) : NULL;
    guint n = count_of(client, "overdue");
    g_autofree char *overdue = n ? sv_words_counted(making->lang, "report.overdue", n) : NULL;
    add_detail(out, owned);
    add_detail(out, newest);
    add_detail(out, overdue);
    if (out->len)
        add_words(making, SV_BLOCK_REMARK, out->str);
}

static void add_client(Making *making, const cJSON *client)
{
    const char *name = sv_json_string(client, "name");
    const cJSON *statements = sv_json_array(client, "statements"), *statement;
    add_words(making, SV_BLOCK_HEADING, name && *name ? name : sv_word(making->lang, "none.client"));
    add_client_facts(making, client);
    if (!cJSON_GetArraySize(statements)) {
        add_words(making, SV_BLOCK_REMARK, sv_word(making->lang, "none.statements"));
        return;
    }
    SvBlock *block = sv_paper_add(making->paper, SV_BLOCK_PARAGRAPH, 0);
    cJSON_ArrayForEach(statement, statements)
    {
        if (statement != statements->child)
            sv_paper_put(making->paper, block, SV_RUN_PLAIN, " ");
        sv_paper_put(making->paper, block, SV_RUN_PLAIN, sv_json_string(statement, "text"));
        add_refs(making, block, sv_json_array(statement, "sources"));
    }
}

static SvLang language_of_report(const cJSON *document)
{
    const cJSON *client;
    const char *named = sv_json_string(document, "language");
    if (named)
        return strcmp(named, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    cJSON_ArrayForEach(client, sv_json_array(document, "clients"))
    {
        const cJSON *statement = cJSON_GetArrayItem(sv_json_array(client, "statements"), 0);
        const char *text = sv_json_string(statement, "text");
        if (text && *text)
            return sv_utf8_has_cyrillic(text, strlen(text)) ? SV_LANG_RU : SV_LANG_EN;
    }
    return SV_LANG_RU;
}

static void add_report(Making *making, const cJSON *document)
{
    const cJSON *clients = sv_json_array(document, "clients"), *client;
    if (!cJSON_GetArraySize(clients))
        add_words(making, SV_BLOCK_REMARK, sv_word(making->lang, "report.none"));
    cJSON_ArrayForEach(client, clients) add_client(making, client);
}

static void add_summary(Making *making, const cJSON *document)
{
    const cJSON *section;
    cJSON_ArrayForEach(section, sv_json_array(document, "sections")) add_statements(making, section);
    add_tasks(making, document);
    add_timeline(making, document);
}

/* Title and what stands under it: the client unless it is the title, and the moment. */
static void add_head(Making *making, const cJSON *document, gboolean report, const char *title)
{
    SvTime at;
    const char *as_of = sv_json_string(document, "as_of"), *client = sv_json_string(document, "client");
    const char *name = client && *client ? client : sv_word(making->lang, "none.client");
    g_autofree char *moment = NULL, *line = NULL, *under = NULL;
    if (as_of && sv_time_parse(as_of, NULL, &at)) {
        making->today = sv_time_day(at);
        making->paper->as_of = sv_time_format(at);
        moment = sv_words_moment(making->lang, at, SV_DAY_NONE);
        line = sv_word_with(making->lang, report ? "report.as_of" : "title.as_of", moment);
    }
    if (!title)
        title = report ? sv_word(making->lang, "report.title") : name;
    under = report || strcmp(title, name) == 0 ? g_strdup(line ? line : "")
                                               : g_strconcat(name, line ? ". " : "", line ? line : "", NULL);
    g_free(making->paper->title);
    g_free(making->paper->subtitle);
    making->paper->title = sv_paper_line(title);
    making->paper->subtitle = sv_paper_line(under);
}

SvPaper *sv_paper_of_document(const cJSON *document, const char *title, GError **error)
{
    gboolean report = sv_json_array(document, "clients") != NULL;
    if (!report && !sv_json_array(document, "sections")) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the document is neither a summary nor a report");
        return NULL;
    }
    SvLang lang = g_strcmp0(sv_json_string(document, "language"), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    Making making = {NULL, report ? language_of_report(document) : lang, SV_DAY_NONE, NULL, NULL};
    g_autoptr(SvPaper) paper = sv_paper_new(making.lang);
    making.paper = paper;
    making.sources = g_ptr_array_new();
    making.numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    add_head(&making, document, report, title);
    if (report)
        add_report(&making, document);
    else
        add_summary(&making, document);
    add_coverage(&making, document);
    add_notes(&making);
    g_ptr_array_unref(making.sources);
    g_hash_table_unref(making.numbers);
    if (!paper->too_long)
        return g_steal_pointer(&paper);
    g_set_error(error, SV_ERROR, SV_ERROR_LIMIT, "the document is longer than %u KiB or %u paragraphs",
        SV_PAPER_BYTES >> 10, SV_PAPER_BLOCKS);
    return NULL;
}
