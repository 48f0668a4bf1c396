/* Makes the desk's documents (desk.h) ready for the templates: numbers their sources, parts who speaks from
 * what is said, sorts tasks by side, says how late they are, draws charts. Each takes a document and changes
 * it in place; a document that lacks what it should have is shown with less and never breaks. */
#pragma once
#include "chart.h"
#include "json.h"
#include "moment.h"

typedef struct {
    SvLang language;
    SvDay today;
    guint number; /* of the last source shown on the page */
} SvView;

/* A statement, task, event or change: "number" in its sources, "speaker" and "said", "about" (its first
 * source). */
void sv_view_statement(SvView *view, cJSON *item);
/* A summary: all of its statements; "in_tasks", "groups", "closed" …; "as_of_text". */
void sv_view_summary(SvView *view, cJSON *summary);
/* "groups":[{"side","tasks"}], "closed", "n_closed", "n_late", "copy" from "tasks". */
void sv_view_tasks(SvView *view, cJSON *holder);
void sv_view_task(SvView *view, cJSON *task);
void sv_view_since(SvView *view, cJSON *since);
void sv_view_today(SvView *view, cJSON *today);
/* "base" ("/clients/7") of every client, and of what has a "client". */
void sv_view_clients(cJSON *list);
void sv_view_report(SvView *view, cJSON *report);
/* "pieces":[{"piece","hit"}] of each hit's quote. */
void sv_view_search(SvView *view, cJSON *search);
/* "current" of the format that is shown. */
void sv_view_formats(cJSON *formats, const char *shown);
/* {"activity","tone","silence"} for the part "charts"; new. NULL when there is nothing to show. */
cJSON *sv_view_charts(const SvView *view, const cJSON *activity);
/* "/clients/7", newly allocated, of the number "id" in a document; NULL when there is none. */
char *sv_view_base(const cJSON *client);
