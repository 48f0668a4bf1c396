/* Trials: a history that somebody dropped onto a page, read in the background, kept in memory only and for
 * half an hour at most. */
#pragma once
#include "compose.h"
#include "json.h"
#include "report.h"

#define SV_TRIAL_KEPT_S 1800
#define SV_TRIALS_MOST 16 /* at once, all readers together */
#define SV_TRIALS_RUNNING 2

typedef struct SvTrial SvTrial;
typedef enum { SV_TRIAL_RUNNING, SV_TRIAL_READY, SV_TRIAL_FAILED } SvTrialState;

/* Begins a trial; `raw` is as sources gave it, `history` the same read once more: both are taken, as is the
 * report. The engine and formats are borrowed for as long as sv_trials_close() was not called. SV_ERROR_BUSY:
 * too many. */
SvTrial *sv_trial_new(gint64 account, SvHistory *raw, SvHistory *history, SvReport *report, guint files,
    const SvEngine *engine, const SvFormats *formats, SvLang language, gint64 now, GError **error);
/* The trial of that name, if it is this account's; NULL. Give it back with sv_trial_unref(). */
SvTrial *sv_trial_find(const char *name, gint64 account, gint64 now);
void sv_trial_unref(SvTrial *trial);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvTrial, sv_trial_unref)
void sv_trial_forget(SvTrial *trial);
/* Waits for what runs and forgets all; at the end of the program and of tests. */
void sv_trials_close(void);

const char *sv_trial_name(const SvTrial *trial);
SvTrialState sv_trial_state(const SvTrial *trial, const char **stage, guint *percent);
guint sv_trial_files(const SvTrial *trial);
/* Of a ready one; borrowed. */
const SvHistory *sv_trial_history(const SvTrial *trial);
const SvHistory *sv_trial_raw(const SvTrial *trial);
const SvReport *sv_trial_report(const SvTrial *trial);
double sv_trial_seconds(const SvTrial *trial);
guint sv_trial_minutes_left(const SvTrial *trial, gint64 now);
/* The summary by a format, as JSON; NULL when there is none. New. */
char *sv_trial_summary(const SvTrial *trial, const char *format, GError **error);
/* The message as in sv_desk_source(); NULL when there is none. New. */
cJSON *sv_trial_source(const SvTrial *trial, const char *id);
