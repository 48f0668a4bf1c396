/* What readers said, for administrators: listed, judged, exported as cases. Of messages with labels only those that
 * the one who asks holds. */
#pragma once
#include "desk.h"

/* {"feedback":[{"id","client":{"id","name"},"by","kind","format","message","quote","comment","state","at"}]}, newest
 * first. `state` NULL: all. */
char *sv_feedback_list(SvDb *db, const SvWho *who, const char *state, guint most, GError **error);
/* accepted, dismissed or new. In a write transaction; the client is touched. SV_ERROR_NOT_FOUND. */
gboolean sv_feedback_judge(SvDb *db, const SvWho *who, gint64 id, const char *state, GError **error);
/* The same list as a JSON object a line, with the client's outside key, oldest first. */
gboolean sv_feedback_export(SvDb *db, const SvWho *who, GString *out, GError **error);
