/* Every page, as a table: see route.h. Pages are not part of the interface for programs. */
#include "pages.h"

#define PAGE SV_ROUTE_PAGE
#define CLIENT (SV_ROUTE_PAGE | SV_ROUTE_CLIENT)
#define WRITE SV_ROUTE_WRITE
#define ADMIN (SV_ROUTE_PAGE | SV_ROUTE_ADMIN)
#define PUBLIC (SV_ROUTE_PAGE | SV_ROUTE_PUBLIC)
#define HTML "text/html"

const SvRoute sv_web_routes[] = {
    {"GET", "/", PAGE, NULL, sv_page_root, "To today's page", NULL, NULL, HTML},
    {"GET", "/login", PUBLIC, NULL, sv_page_login, "Login, or the first account", NULL, NULL, HTML},
    {"POST", "/login", PUBLIC | WRITE, "login", sv_page_do_login, "Log in", NULL, NULL, HTML},
    {"POST", "/begin", PUBLIC | WRITE, "account.first", sv_page_do_begin, "Make the first account", NULL, NULL, HTML},
    {"POST", "/logout", PAGE | WRITE, "logout", sv_page_do_logout, "Log out", NULL, NULL, HTML},
    {"POST", "/settings", PAGE | WRITE, NULL, sv_page_do_settings, "Language and appearance", NULL, NULL, HTML},
    {"GET", "/session/key", 0, NULL, sv_page_session_key, "Key for cards kept on a device", NULL, NULL, "application/json"},
    {"GET", "/static/{file}", PUBLIC, NULL, sv_page_static, "Style, scripts, icons", NULL, NULL, "text/css"},
    {"GET", "/worker.js", PUBLIC, NULL, sv_page_worker, "Keeper of offline cards", NULL, NULL, "text/javascript"},
    {"GET", "/favicon.ico", PUBLIC, NULL, sv_page_favicon, "Icon", NULL, NULL, "image/png"},
    {"GET", "/offline", PUBLIC, NULL, sv_page_offline, "Shown without a connection", NULL, NULL, HTML},
    {"GET", "/help", PAGE, NULL, sv_page_help, "Keys and what to rely on", NULL, NULL, HTML},
    {"GET", "/today", PAGE, "today.read", sv_page_today, "Today", NULL, NULL, HTML},
    {"GET", "/clients", PAGE, "clients.list", sv_page_clients, "Clients", NULL, NULL, HTML},
    {"GET", "/report", PAGE, "report.read", sv_page_report, "Top clients", NULL, NULL, HTML},
    {"GET", "/call", PAGE, "call.read", sv_page_call, "Popup by number", NULL, NULL, HTML},
    {"GET", "/clients/{client}", CLIENT, "card.read", sv_page_card, "Card", NULL, NULL, HTML},
    {"GET", "/clients/{client}/call", CLIENT, "call.read", sv_page_call_client, "Popup of a client", NULL, NULL, HTML},
    {"GET", "/clients/{client}/summaries/{format}", CLIENT, "summary.read", sv_page_summary, "Summary", NULL, NULL, HTML},
    {"GET", "/clients/{client}/source", CLIENT, "source.read", sv_page_source, "Original message", NULL, NULL, HTML},
    {"GET", "/clients/{client}/search", CLIENT, "search", sv_page_search, "Search the history", NULL, NULL, HTML},
    {"GET", "/clients/{client}/missing", CLIENT, "messages.read", sv_page_missing, "What is missing", NULL, NULL, HTML},
    {"POST", "/clients/{client}/feedback", CLIENT | WRITE, "feedback.add", sv_page_do_feedback, "Feedback", NULL, NULL, HTML},
    {"POST", "/clients/{client}/tasks", CLIENT | WRITE, "task.mark", sv_page_do_task, "Mark a task", NULL, NULL, HTML},
    {"GET", "/clients/{client}/tasks/csv", CLIENT, "tasks.export", sv_page_tasks_csv, "Tasks as CSV", NULL, NULL, "text/csv"},
    {"GET", "/clients/{client}/tasks/json", CLIENT, "tasks.export", sv_page_tasks_json, "Tasks as JSON", NULL, NULL,
        "application/json"},
    {"GET", "/clients/{client}/review", CLIENT, "summary.read", sv_page_review, "Review of a period", NULL, NULL, HTML},
    {"POST", "/clients/{client}/review", CLIENT | WRITE, "review.export", sv_page_do_review, "Export the review", NULL, NULL,
        "application/pdf"},
    {"GET", "/try", PAGE, NULL, sv_page_try, "Try it", NULL, NULL, HTML},
    {"POST", "/try", PAGE | WRITE, "try", sv_page_do_try, "Read files without keeping them", NULL, "files", HTML},
    {"GET", "/try/{trial}", PAGE, NULL, sv_page_trial, "A trial", NULL, NULL, HTML},
    {"GET", "/try/{trial}/source", PAGE, NULL, sv_page_trial_source, "A message of a trial", NULL, NULL, HTML},
    {"POST", "/try/{trial}/keep", PAGE | WRITE, "import", sv_page_do_keep, "Keep a trial as a client", NULL, NULL, HTML},
    {"POST", "/try/{trial}/forget", PAGE | WRITE, NULL, sv_page_do_forget, "Forget a trial", NULL, NULL, HTML},
    {"GET", "/admin", ADMIN, NULL, sv_page_admin, "Health", NULL, NULL, HTML},
    {"GET", "/admin/users", ADMIN, "users.list", sv_page_users, "Users and rights", NULL, NULL, HTML},
    {"POST", "/admin/users", ADMIN | WRITE, "users.change", sv_page_do_users, "Change users", NULL, NULL, HTML},
    {"GET", "/admin/labels", ADMIN, "labels.list", sv_page_labels, "Labels", NULL, NULL, HTML},
    {"POST", "/admin/labels", ADMIN | WRITE, "labels.change", sv_page_do_labels, "Change labels", NULL, NULL, HTML},
    {"GET", "/admin/import", ADMIN, NULL, sv_page_import, "Import", NULL, NULL, HTML},
    {"POST", "/admin/import", ADMIN | WRITE, "import", sv_page_do_import, "Import files", NULL, "files", HTML},
    {"GET", "/admin/feedback", ADMIN, "feedback.read", sv_page_feedback, "Feedback", NULL, NULL, HTML},
    {"GET", "/admin/audit", ADMIN, "audit.read", sv_page_audit, "Record of deeds", NULL, NULL, HTML},
    {0},
};
