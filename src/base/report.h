/* What could not be read: a list of problems, each with file, place, reason and remedy.
 *
 * Readers add to it and go on with the rest of the input. Texts never quote the client's words. */
#pragma once
#include <glib.h>
#include "error.h"
#include "json.h"

typedef struct {
    SvErrorCode code;
    char *file;   /* as the user named it; inside an archive "a.zip/b.txt" */
    char *place;  /* "line 12", "message 3", "byte 1040"; NULL for the whole file */
    char *reason; /* what is wrong */
    char *remedy; /* what to do about it; NULL when there is nothing to do */
} SvProblem;

typedef struct {
    GPtrArray *problems; /* SvProblem *, at most SV_MAX_PROBLEMS */
    guint n_problems;    /* all of them, also those above the limit */
    GPtrArray *notes;    /* char *: harmless facts, such as repairs ("3 control characters repaired") */
} SvReport;

SvReport *sv_report_new(void);
void sv_report_free(SvReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvReport, sv_report_free)

/* Adds a problem; strings are copied, place and remedy may be NULL. */
void sv_report_add(SvReport *report, SvErrorCode code, const char *file, const char *place,
    const char *reason, const char *remedy);

/* Adds a harmless note. */
void sv_report_note(SvReport *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* "FILE: PLACE: REASON. REMEDY." as one line, newly allocated. */
char *sv_problem_format(const SvProblem *problem);

/* Adds "problems": [{"code","file","place","reason","remedy"}], and under "more" how many were not kept. */
void sv_report_add_json(cJSON *object, const SvReport *report);
