/* The review of a period: read, edited in the browser, passed on as PDF, DOCX or Markdown.
 *
 * What is edited comes back as plain lines and is not kept; without a script in the browser the review is passed on
 * as it is made. */
#include "pages.h"
#include "error.h"
#include "paper.h"
#include "web_words.h"
#include <string.h>

#define SETTLED_DAYS 21 /* so long into a quarter the last one is still meant */

typedef struct {
    SvDay from, to;
} Period;

/* The quarter that is under way; soon after its beginning the one before. */
static Period usual_period(SvDay today)
{
    int year, month, day;
    sv_day_to_civil(today, &year, &month, &day);
    int first = (month - 1) / 3 * 3 + 1;
    SvDay begin = sv_day_from_civil(year, first, 1);
    if (today - begin >= SETTLED_DAYS)
        return (Period){begin, today};
    SvDay end = begin - 1;
    sv_day_to_civil(end, &year, &month, &day);
    return (Period){sv_day_from_civil(year, month - 2, 1), end};
}

static Period wanted_period(const SvPage *page, const char *from, const char *to)
{
    Period period = usual_period(page->reading.today);
    SvDay day;
    if (from && sv_day_parse(from, &day))
        period.from = day;
    if (to && sv_day_parse(to, &day))
        period.to = day;
    if (period.to < period.from)
        period.to = period.from;
    return period;
}

static cJSON *add_review(SvPage *page, Period period, GError **error)
{
    SvCall *call = page->call;
    SvWanted wanted = {"review", page->language, period.from, period.to};
    g_autoptr(SvDocument) document = sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
    cJSON *summary = document ? sv_json_parse(document->json, document->len, error) : NULL;
    if (!summary)
        return NULL;
    cJSON_AddItemToObject(page->model, "summary", summary);
    sv_view_summary(&page->view, summary);
    g_autofree char *from = sv_day_format(period.from), *to = sv_day_format(period.to);
    sv_page_string(page, "from", from);
    sv_page_string(page, "to", to);
    return summary;
}

SvAnswer *sv_page_review(SvCall *call, GError **error)
{
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "review.title");
    Period period =
        wanted_period(page, sv_request_query(call->request, "from"), sv_request_query(call->request, "to"));
    sv_page_client(page);
    if (!add_review(page, period, error))
        return NULL;
    return sv_page_answer(g_steal_pointer(&page), "review", 200, error);
}

/* The review in plain lines, as the script of the page would send it. */
static char *plain_lines(const SvPage *page, const cJSON *summary)
{
    GString *out = g_string_new(NULL);
    const char *client = sv_json_string(summary, "client");
    g_string_append_printf(out, "# %s\n%s: %s — %s\n", client ? client : "",
        sv_web_word(page->reading.language, "review.title"), sv_json_string(page->model, "from"),
        sv_json_string(page->model, "to"));
    const cJSON *section, *statement;
    cJSON_ArrayForEach(section, sv_json_array(summary, "sections"))
    {
        const char *title = sv_json_string(section, "title");
        if (!sv_template_holds(sv_json_array(section, "statements")))
            continue;
        g_string_append_printf(out, "## %s\n", title ? title : "");
        cJSON_ArrayForEach(statement, sv_json_array(section, "statements"))
        {
            const char *text = sv_json_string(statement, "text");
            g_string_append_printf(out, "- %s\n", text ? text : "");
        }
    }
    return g_string_free(out, FALSE);
}

SvAnswer *sv_page_do_review(SvCall *call, GError **error)
{
    const char *kind = sv_page_field(call, "as"), *text = sv_page_field(call, "text"), *type = NULL;
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "review.title");
    Period period = wanted_period(page, sv_page_field(call, "from"), sv_page_field(call, "to"));
    g_autofree char *made = NULL;
    if (!*text) {
        const cJSON *summary = add_review(page, period, error);
        if (!summary)
            return NULL;
        text = made = plain_lines(page, summary);
    }
    gsize len = 0;
    char *bytes = sv_paper_make(kind, sv_web_word(page->reading.language, "review.title"), text, &len, &type, error);
    if (!bytes)
        return NULL;
    call->detail = g_strdup_printf("review %s", kind);
    SvAnswer *answer = sv_answer_take(200, type, bytes, len);
    g_autofree char *name = g_strdup_printf("attachment; filename=\"review-%" G_GINT64_FORMAT ".%s\"", call->ask.client, kind);
    sv_answer_header(answer, "Content-Disposition", name);
    sv_answer_header(answer, "Cache-Control", "no-store");
    return answer;
}
