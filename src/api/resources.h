/* Every handler of the interface, by file. Each answers or sets an error, as SvRoute.run says. Inside the
 * folder. */
#pragma once
#include "reply.h"

typedef SvAnswer *SvHandler(SvCall *call, GError **error);
/* session.c */
SvHandler sv_api_login, sv_api_logout, sv_api_me, sv_api_first, sv_api_set_password;
/* clients.c */
SvHandler sv_api_clients, sv_api_put_client, sv_api_client, sv_api_patch_client, sv_api_phone;
/* messages.c */
SvHandler sv_api_messages, sv_api_put_messages, sv_api_delete_message, sv_api_label_message, sv_api_source;
/* summaries.c */
SvHandler sv_api_summary, sv_api_timeline, sv_api_tasks, sv_api_formats, sv_api_report;
/* looks.c */
SvHandler sv_api_activity, sv_api_search, sv_api_since, sv_api_today, sv_api_people, sv_api_mark_task;
/* feedback.c */
SvHandler sv_api_say, sv_api_feedback, sv_api_judge, sv_api_export_feedback;
/* admin.c */
SvHandler sv_api_users, sv_api_add_user, sv_api_patch_user, sv_api_teams, sv_api_add_team, sv_api_labels,
    sv_api_add_label, sv_api_hold_label;
/* tokens.c */
SvHandler sv_api_tokens, sv_api_add_token, sv_api_drop_token;
/* records.c */
SvHandler sv_api_audit_verify, sv_api_audit_export, sv_api_erase;
/* imports.c */
SvHandler sv_api_import, sv_api_try;
/* system.c */
SvHandler sv_api_health, sv_api_metrics, sv_api_openapi;

/* Uploaded files (or a whole body) read by the sources into a history; problems go to the report. */
gboolean sv_files_read(const SvCall *call, SvHistory *history, SvReport *report, GError **error);
/* A message of the interface (schema Message) → a message as a source gives it; NULL and a reason in *error.
 */
SvMessage *sv_message_of_json(const cJSON *object, GTimeZone *zone, GError **error);
