/* The document that comes out, and how it is made. Field by field schema/summary.schema.json. */
#pragma once
#include "message.h"
#include "language.h"

typedef struct {
    guint message; /* index into the history's messages */
    char *quote;   /* verbatim text of the message, after masking */
} SvQuote;

typedef struct {
    char *text;         /* one sentence, good to read without its sources */
    char *kind;         /* "status" "promise" "risk" …: the act or state it rests on */
    GPtrArray *sources; /* SvQuote *, most telling first, at least one */
} SvStatement;

typedef struct {
    char *id, *title;
    GPtrArray *statements; /* SvStatement * */
} SvSection;

typedef enum { SV_TASK_OPEN, SV_TASK_OVERDUE, SV_TASK_DONE, SV_TASK_CANCELLED } SvTaskState;

typedef struct {
    char *id; /* tells tasks of a client apart; stays while its first source stays */
    char *text;
    SvSide side;  /* who must act */
    int assignee; /* index into people, -1 unknown */
    SvDay due;    /* SV_DAY_NONE when none */
    SvTaskState state;
    GPtrArray *sources;
    char *mark;    /* what a reader said of it: "done" "taken" "dropped"; NULL */
    char *mark_by; /* and who */
    SvTime mark_at;
} SvTask;

typedef struct {
    SvDay date;
    char *text;
    GPtrArray *sources;
} SvTimelineItem;

/* A message that a reader wants told and that is not told. */
typedef struct {
    guint message;
    const char *reason; /* "unread" "personal" "outdated" "unproved" */
} SvLeftOut;

typedef struct {
    guint read;        /* messages read */
    guint hidden;      /* messages this reader may not see */
    guint masked;      /* masked spans */
    guint excluded;    /* privileged messages left out */
    guint duplicates;  /* messages that were there twice */
    guint passed_over; /* newsletters, auto-replies, system lines */
    guint calls_without_transcript;
    guint unread;     /* parts of the input that could not be read */
    guint pending;    /* messages accepted but not read yet */
    GArray *left_out; /* SvLeftOut */
    guint unproved;   /* statements that failed a gate and are not shown */
    gboolean has_newest;
    SvTime newest;
} SvCoverage;

typedef struct {
    char *client;
    char *format; /* "brief" "sections" "timeline" "tasks" */
    SvLang language;
    SvTime as_of;
    const char *engine; /* "embedded" */
    gboolean sides_inferred, has_card;
    GPtrArray *sections; /* SvSection * */
    GPtrArray *tasks;    /* SvTask * */
    GPtrArray *timeline; /* SvTimelineItem * */
    SvCoverage coverage;
} SvSummary;

SvSummary *sv_summary_new(const char *format, SvLang language);
void sv_summary_free(SvSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvSummary, sv_summary_free)
SvSection *sv_section_new(const char *id, const char *title);
SvStatement *sv_statement_new(const char *text, const char *kind);
void sv_statement_free(SvStatement *statement);
SvTask *sv_task_new(const char *text);
void sv_summary_leave_out(SvSummary *summary, guint message, const char *reason);
SvTimelineItem *sv_timeline_item_new(SvDay date, const char *text);
GPtrArray *sv_quotes_new(void);
void sv_quotes_add(GPtrArray *quotes, guint message, const char *quote, gsize len);
/* "open" "overdue" "done" "cancelled". */
const char *sv_task_state_name(SvTaskState state);
