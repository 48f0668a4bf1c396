/* The list of problems: see report.h. */
#include "report.h"
#include "sv_limits.h"

static void problem_free(gpointer data)
{
    SvProblem *p = data;
    g_free(p->file);
    g_free(p->place);
    g_free(p->reason);
    g_free(p->remedy);
    g_free(p);
}

SvReport *sv_report_new(void)
{
    SvReport *r = g_new0(SvReport, 1);
    r->problems = g_ptr_array_new_with_free_func(problem_free);
    r->notes = g_ptr_array_new_with_free_func(g_free);
    return r;
}

void sv_report_free(SvReport *report)
{
    if (!report)
        return;
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->notes);
    g_free(report);
}

void sv_report_add(SvReport *report, SvErrorCode code, const char *file, const char *place,
    const char *reason, const char *remedy)
{
    report->n_problems++;
    if (report->problems->len >= SV_MAX_PROBLEMS)
        return;
    SvProblem *p = g_new0(SvProblem, 1);
    p->code = code;
    p->file = g_strdup(file ? file : "(input)");
    p->place = g_strdup(place);
    p->reason = g_strdup(reason);
    p->remedy = g_strdup(remedy);
    g_ptr_array_add(report->problems, p);
}

void sv_report_note(SvReport *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (report->notes->len < SV_MAX_PROBLEMS)
        g_ptr_array_add(report->notes, text);
    else
        g_free(text);
}

char *sv_problem_format(const SvProblem *p)
{
    GString *s = g_string_new(p->file);
    if (p->place)
        g_string_append_printf(s, ": %s", p->place);
    g_string_append_printf(s, ": %s", p->reason);
    if (p->remedy)
        g_string_append_printf(s, ". %s", p->remedy);
    return g_string_free(s, FALSE);
}

void sv_report_add_json(cJSON *object, const SvReport *report)
{
    cJSON *list = cJSON_AddArrayToObject(object, "problems");
    for (guint i = 0; i < report->problems->len; i++) {
        const SvProblem *problem = report->problems->pdata[i];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "code", sv_error_info(problem->code)->name);
        sv_json_add(one, "file", problem->file);
        sv_json_add(one, "place", problem->place);
        sv_json_add(one, "reason", problem->reason);
        sv_json_add(one, "remedy", problem->remedy);
        cJSON_AddItemToArray(list, one);
    }
    cJSON_AddNumberToObject(object, "more", report->n_problems - report->problems->len);
}
