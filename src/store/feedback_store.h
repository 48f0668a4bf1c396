/* What readers said of summaries, as rows: for commands on the machine itself and for administrators. Whoever
 * shows the quotes to a reader asks the desk for the right first. */
#pragma once
#include "db.h"

typedef struct {
    gint64 id, client;
    gint64 message; /* 0: none */
    gint64 at;      /* Unix seconds */
    char *client_key;
    char *by;   /* login, "" when the account is gone */
    char *kind; /* useful missing wrong */
    char *format;
    char *external; /* the message's key, "" none */
    char *labels;   /* of the message, " 3 17 ", "" none */
    char *quote;    /* masked, "" when the whole message is meant */
    char *comment;  /* as it was typed */
    char *state;    /* new accepted dismissed */
} SvFeedback;
void sv_feedback_free(SvFeedback *feedback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvFeedback, sv_feedback_free)

/* What to list; NULL and 0 mean any. */
typedef struct {
    const char *kind, *state;
    gint64 client;
    gboolean not_dismissed;
} SvFeedbackFilter;

/* SvFeedback *, those of one client together, oldest first; at most `most`. SV_ERROR_INPUT: no such kind or
 * state. */
GPtrArray *sv_feedback_list(SvDb *db, const SvFeedbackFilter *filter, guint most, GError **error);
/* The row of a message by its key; 0 when there is none. */
gint64 sv_feedback_message(SvDb *db, gint64 client, const char *external);
/* SV_ERROR_NOT_FOUND when there is none. */
SvFeedback *sv_feedback_get(SvDb *db, gint64 id, GError **error);
/* In a write transaction; the caller touches the client. SV_ERROR_INPUT: no such state; SV_ERROR_NOT_FOUND.
 */
gboolean sv_feedback_set_state(SvDb *db, gint64 id, const char *state, GError **error);
