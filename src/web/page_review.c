/* The review of a period: read, edited in the browser, passed on as PDF, DOCX or Markdown.
 *
 * What is edited comes back as plain lines and is not kept; without a script in the browser the review is
 * passed on as it is made. */
#include "pages.h"
#include "deliver.h"
#include "error.h"
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

/* What was edited, or the document as it is, with its notes. */
static GBytes *make_file(
    const char *kind, const cJSON *summary, const char *text, const char **type, GError **error)
{
    if (strcmp(kind, "pdf") == 0) {
        *type = "application/pdf";
        return summary ? sv_deliver_pdf(summary, NULL, error) : sv_deliver_pdf_edited(text, NULL, error);
    }
    if (strcmp(kind, "docx") == 0) {
        *type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        return summary ? sv_deliver_docx(summary, NULL, error) : sv_deliver_docx_edited(text, NULL, error);
    }
    if (strcmp(kind, "md") == 0) {
        *type = "text/markdown; charset=utf-8";
        char *out =
            summary ? sv_deliver_markdown(summary, NULL) : sv_deliver_markdown_edited(text, NULL, error);
        return out ? g_bytes_new_take(out, strlen(out)) : NULL;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "a review is made as pdf, docx or md");
    return NULL;
}

static cJSON *load_review(SvCall *call, Period period, GError **error)
{
    SvWanted wanted = {"review", sv_page_language(call), period.from, period.to};
    g_autoptr(SvDocument) document = sv_desk_summary(call->app->desk, &call->ask, &wanted, error);
    return document ? sv_json_parse(document->json, document->len, error) : NULL;
}

SvAnswer *sv_page_do_review(SvCall *call, GError **error)
{
    const char *kind = sv_page_field(call, "as"), *text = sv_page_field(call, "text"), *type = NULL;
    g_autoptr(SvPage) page = sv_page_new(call, "clients", "review.title");
    Period period = wanted_period(page, sv_page_field(call, "from"), sv_page_field(call, "to"));
    g_autoptr(cJSON) summary = *text ? NULL : load_review(call, period, error);
    if (!*text && !summary)
        return NULL;
    g_autoptr(GBytes) bytes = make_file(kind, summary, text, &type, error);
    if (!bytes)
        return NULL;
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    call->detail = g_strdup_printf("review %s", kind);
    SvAnswer *answer = sv_answer_new(200, type, data, len);
    g_autofree char *name =
        g_strdup_printf("attachment; filename=\"review-%" G_GINT64_FORMAT ".%s\"", call->ask.client, kind);
    sv_answer_header(answer, "Content-Disposition", name);
    return answer;
}
