/* Every page's handler, by file. Each answers or sets an error, as SvRoute.run says. */
#pragma once
#include "page.h"

extern const SvRoute sv_web_routes[]; /* ended by an empty route */

/* page_login.c */
SvAnswer *sv_page_root(SvCall *call, GError **error);
SvAnswer *sv_page_login(SvCall *call, GError **error);
SvAnswer *sv_page_do_login(SvCall *call, GError **error);
SvAnswer *sv_page_do_begin(SvCall *call, GError **error);
SvAnswer *sv_page_do_logout(SvCall *call, GError **error);
SvAnswer *sv_page_do_settings(SvCall *call, GError **error);
SvAnswer *sv_page_session_key(SvCall *call, GError **error);
/* page_static.c */
SvAnswer *sv_page_static(SvCall *call, GError **error);
SvAnswer *sv_page_worker(SvCall *call, GError **error);
SvAnswer *sv_page_favicon(SvCall *call, GError **error);
SvAnswer *sv_page_offline(SvCall *call, GError **error);
SvAnswer *sv_page_help(SvCall *call, GError **error);
/* page_today.c */
SvAnswer *sv_page_today(SvCall *call, GError **error);
SvAnswer *sv_page_clients(SvCall *call, GError **error);
SvAnswer *sv_page_report(SvCall *call, GError **error);
SvAnswer *sv_page_call(SvCall *call, GError **error);
SvAnswer *sv_page_call_client(SvCall *call, GError **error);
/* page_card.c */
SvAnswer *sv_page_card(SvCall *call, GError **error);
SvAnswer *sv_page_summary(SvCall *call, GError **error);
SvAnswer *sv_page_source(SvCall *call, GError **error);
SvAnswer *sv_page_search(SvCall *call, GError **error);
SvAnswer *sv_page_missing(SvCall *call, GError **error);
SvAnswer *sv_page_do_feedback(SvCall *call, GError **error);
/* page_tasks.c */
SvAnswer *sv_page_do_task(SvCall *call, GError **error);
SvAnswer *sv_page_tasks_csv(SvCall *call, GError **error);
SvAnswer *sv_page_tasks_json(SvCall *call, GError **error);
/* page_review.c */
SvAnswer *sv_page_review(SvCall *call, GError **error);
SvAnswer *sv_page_do_review(SvCall *call, GError **error);
/* page_try.c */
SvAnswer *sv_page_try(SvCall *call, GError **error);
SvAnswer *sv_page_do_try(SvCall *call, GError **error);
SvAnswer *sv_page_trial(SvCall *call, GError **error);
SvAnswer *sv_page_trial_source(SvCall *call, GError **error);
SvAnswer *sv_page_do_keep(SvCall *call, GError **error);
SvAnswer *sv_page_do_forget(SvCall *call, GError **error);
/* page_admin.c, page_users.c */
SvAnswer *sv_page_admin(SvCall *call, GError **error);
SvAnswer *sv_page_import(SvCall *call, GError **error);
SvAnswer *sv_page_do_import(SvCall *call, GError **error);
SvAnswer *sv_page_feedback(SvCall *call, GError **error);
SvAnswer *sv_page_audit(SvCall *call, GError **error);
SvAnswer *sv_page_users(SvCall *call, GError **error);
SvAnswer *sv_page_do_users(SvCall *call, GError **error);
SvAnswer *sv_page_labels(SvCall *call, GError **error);
SvAnswer *sv_page_do_labels(SvCall *call, GError **error);
