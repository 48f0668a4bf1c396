/* The table of the interface: every route with what it needs, what it takes and what it gives.
 *
 * It is the only list: dispatch, the documentation, the audit and the tests that walk every route read it. */
#include "resources.h"

#define S(name) "#/components/schemas/" name
#define BASE "/api/v1"
#define CLIENT BASE "/clients/{client}"
#define READ SV_ROUTE_CLIENT
#define CHANGE (SV_ROUTE_CLIENT | SV_ROUTE_WRITE)
#define ADMIN SV_ROUTE_ADMIN
#define MANAGE (SV_ROUTE_ADMIN | SV_ROUTE_WRITE)
#define LANGUAGE "language?:ru|en"

const SvRoute sv_api_routes[] = {
    /* who asks */
    {"POST", BASE "/session", SV_ROUTE_PUBLIC | SV_ROUTE_WRITE, "login", sv_api_login,
        "Log in; the answer sets a cookie and says the token of forms", NULL, S("Login"), S("Reader")},
    {"DELETE", BASE "/session", SV_ROUTE_WRITE, "logout", sv_api_logout, "Log out", NULL, NULL, NULL},
    {"GET", BASE "/session", 0, NULL, sv_api_me, "Who am I", NULL, NULL, S("Reader")},
    {"POST", BASE "/first", SV_ROUTE_PUBLIC | SV_ROUTE_WRITE, "account.first", sv_api_first,
        "Make the first administrator, with the code that the server printed", NULL, S("First"), NULL},
    {"PUT", BASE "/password", SV_ROUTE_WRITE, "password.change", sv_api_set_password,
        "Change one's own password", NULL, S("Password"), NULL},
    /* clients */
    {"GET", BASE "/clients", 0, NULL, sv_api_clients, "Clients that the reader may open, the newest first",
        "find?:string(0..200) offset?:integer(0..1000000) limit?:integer(1..100)", NULL, S("Clients")},
    {"POST", BASE "/clients", MANAGE, "client.put", sv_api_put_client,
        "Make a client or change one by its outside key", NULL, S("ClientPut"), S("ClientKey")},
    {"GET", CLIENT, READ, "card.read", sv_api_client, "A client's card", NULL, NULL, S("Card")},
    {"PATCH", CLIENT, CHANGE | ADMIN, "client.rights", sv_api_patch_client, "Change owner, team and readers",
        NULL, S("ClientRights"), NULL},
    {"GET", BASE "/phone/{number}", 0, "phone.read", sv_api_phone, "The popup of who is calling", NULL, NULL,
        S("Phone")},
    /* messages */
    {"GET", CLIENT "/messages", READ, "messages.read", sv_api_messages, "Messages, the newest first",
        "before?:integer(0..4611686018427387903) limit?:integer(1..200)", NULL, S("Messages")},
    {"POST", CLIENT "/messages", CHANGE, "messages.write", sv_api_put_messages,
        "Accept messages: a list or one; idempotent by id, an edit has the same id", NULL, S("MessageBatch"),
        S("MessageResults")},
    {"DELETE", CLIENT "/messages/{message}", CHANGE, "message.delete", sv_api_delete_message,
        "The source has deleted a message", NULL, NULL, NULL},
    {"PUT", CLIENT "/labels/{message}", CHANGE, "message.label", sv_api_label_message,
        "Give a message exactly these labels", NULL, S("MessageLabels"), NULL},
    {"GET", CLIENT "/sources/{message}", READ, "source.read", sv_api_source, "The original message, masked",
        NULL, NULL, S("Source")},
    /* what is known */
    {"GET", CLIENT "/summaries/{format}", READ, "summary.read", sv_api_summary, "A summary by a format",
        LANGUAGE " from?:day to?:day as?:json|md|pdf|docx", NULL, S("Summary")},
    {"GET", CLIENT "/timeline", READ, "timeline.read", sv_api_timeline, "What happened, in order of time",
        LANGUAGE, NULL, S("Timeline")},
    {"GET", CLIENT "/tasks", READ, "tasks.read", sv_api_tasks, "Who must do what until when",
        LANGUAGE " as?:json|csv", NULL, S("Tasks")},
    {"POST", CLIENT "/tasks/{task}/mark", CHANGE, "task.mark", sv_api_mark_task,
        "Mark a task as done, taken into the CRM, dropped or open", NULL, S("Mark"), NULL},
    {"GET", CLIENT "/activity", READ, "activity.read", sv_api_activity, "Messages and tone by month", NULL,
        NULL, S("Activity")},
    {"GET", CLIENT "/people", READ, "people.read", sv_api_people, "People, who wrote last first", NULL, NULL,
        S("People")},
    {"GET", CLIENT "/search", READ, "search", sv_api_search, "Search by the meaning of words",
        "q:string(1..200) limit?:integer(1..100)", NULL, S("Search")},
    {"GET", CLIENT "/since", READ, "since.read", sv_api_since, "What changed since the reader's last visit",
        LANGUAGE, NULL, S("Since")},
    {"POST", CLIENT "/feedback", CHANGE, "feedback.write", sv_api_say, "Say what is useful, missing or wrong",
        NULL, S("FeedbackPut"), NULL},
    {"GET", BASE "/today", 0, "today.read", sv_api_today, "The reader's clients today", LANGUAGE, NULL,
        S("Today")},
    {"GET", BASE "/report", 0, "report.read", sv_api_report, "The largest clients on one page",
        "top?:integer(1..50) " LANGUAGE " as?:json|md|pdf|docx", NULL, S("Report")},
    {"GET", BASE "/formats", 0, NULL, sv_api_formats, "Formats of summaries", LANGUAGE, NULL, S("Formats")},
    {"POST", BASE "/try", SV_ROUTE_WRITE, "try", sv_api_try,
        "A summary of files in all formats; nothing is kept", LANGUAGE, "files", S("Tried")},
    /* administration */
    {"POST", BASE "/imports", MANAGE, "import", sv_api_import,
        "Take the history of one client (client=its key) or of a whole CRM (what=crm)",
        "what?:client|crm client?:string(1..200)", "files", S("Imported")},
    {"GET", BASE "/feedback", ADMIN, "feedback.read", sv_api_feedback, "What readers said",
        "state?:new|accepted|dismissed limit?:integer(1..500)", NULL, S("Feedback")},
    {"PATCH", BASE "/feedback/{id}", MANAGE, "feedback.judge", sv_api_judge, "Accept or dismiss", NULL,
        S("Judgement"), NULL},
    {"GET", BASE "/feedback.jsonl", ADMIN, "feedback.export", sv_api_export_feedback,
        "Feedback as cases for eval", NULL, NULL, "application/jsonl"},
    {"GET", BASE "/users", ADMIN, "users.read", sv_api_users, "Users", NULL, NULL, S("Users")},
    {"POST", BASE "/users", MANAGE, "user.add", sv_api_add_user, "Add a user", NULL, S("UserPut"), S("Id")},
    {"PATCH", BASE "/users/{id}", MANAGE, "user.change", sv_api_patch_user,
        "Change role, team, password; disable or enable", NULL, S("UserPatch"), NULL},
    {"GET", BASE "/teams", ADMIN, NULL, sv_api_teams, "Teams", NULL, NULL, S("Named")},
    {"POST", BASE "/teams", MANAGE, "team.add", sv_api_add_team, "Add a team", NULL, S("Name"), S("Id")},
    {"GET", BASE "/labels", ADMIN, NULL, sv_api_labels, "Labels and who holds them", NULL, NULL, S("Labels")},
    {"POST", BASE "/labels", MANAGE, "label.add", sv_api_add_label, "Add a label", NULL, S("Name"), S("Id")},
    {"PUT", BASE "/labels/{id}/holder", MANAGE, "label.hold", sv_api_hold_label, "Give or take a label", NULL,
        S("Hold"), NULL},
    {"GET", BASE "/tokens", ADMIN, NULL, sv_api_tokens, "Tokens of programs", NULL, NULL, S("Tokens")},
    {"POST", BASE "/tokens", MANAGE, "token.add", sv_api_add_token, "Make a token; it is shown once", NULL,
        S("TokenPut"), S("Token")},
    {"DELETE", BASE "/tokens/{id}", MANAGE, "token.drop", sv_api_drop_token, "Take a token back", NULL, NULL,
        NULL},
    {"GET", BASE "/audit", ADMIN, "audit.read", sv_api_audit_export, "The record of deeds, an entry a line",
        "since?:day until?:day client?:integer(1..4611686018427387903)", NULL, "application/jsonl"},
    {"GET", BASE "/audit/check", ADMIN, "audit.check", sv_api_audit_verify, "Does the chain hold?",
        "head?:string(64..64)", NULL, S("AuditCheck")},
    {"POST", BASE "/erase", MANAGE, "erase", sv_api_erase, "Erase a client, a message or a person for good",
        NULL, S("EraseWanted"), S("Erased")},
    /* the machine */
    {"GET", BASE "/openapi.json", SV_ROUTE_PUBLIC, NULL, sv_api_openapi, "This document", NULL, NULL,
        SV_TYPE_JSON},
    {"GET", "/healthz", SV_ROUTE_PUBLIC, NULL, sv_api_health, "Is it well?", NULL, NULL, S("Health")},
    {"GET", "/metrics", SV_ROUTE_PUBLIC, NULL, sv_api_metrics, "Counts for Prometheus", NULL, NULL,
        "text/plain"},
    {NULL},
};
