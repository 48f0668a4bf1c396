/* Coming in and going out by the interface; who am I; the first administrator. */
#include "resources.h"
#include "account.h"
#include "error.h"
#include <sodium.h>
#include <string.h>

static const char *cookie_name(const SvCall *call)
{
    return call->app->secure ? "__Host-" SV_SESSION_COOKIE : SV_SESSION_COOKIE;
}

static void set_cookie(const SvCall *call, SvAnswer *answer, const char *token)
{
    g_autofree char *value = g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(call),
        token, call->app->secure ? "; Secure" : "", *token ? "" : "; Max-Age=0");
    sv_answer_header(answer, "Set-Cookie", value);
}

static cJSON *reader_json(const SvWho *who)
{
    cJSON *document = cJSON_CreateObject();
    g_autofree char *scopes = sv_scopes_format(who->scopes);
    cJSON_AddNumberToObject(document, "id", (double)who->account);
    cJSON_AddStringToObject(document, "login", who->login);
    cJSON_AddStringToObject(document, "name", who->name);
    cJSON_AddStringToObject(document, "role", sv_role_name(who->role));
    cJSON_AddStringToObject(document, "language", who->language);
    cJSON_AddStringToObject(document, "scopes", scopes);
    if (who->csrf)
        cJSON_AddStringToObject(document, "csrf", who->csrf);
    else
        cJSON_AddNullToObject(document, "csrf");
    return document;
}

/* The session of a name and password, or NULL with an error or an answer. The hash takes a while: no
 * connection is held meanwhile. */
static char *try_login(
    SvCall *call, const char *login, const char *password, SvAnswer **answer, GError **error)
{
    g_autoptr(GError) failed = NULL;
    sv_pool_read_done(call->app->pool, g_steal_pointer(&call->db));
    char *token = sv_guard_login(call->app->guard, login ? login : "", password ? password : "",
        sv_request_peer(call->request), sv_request_header(call->request, "User-Agent"), &failed);
    if (g_error_matches(failed, SV_ERROR, SV_ERROR_BUSY)) {
        *answer = sv_problem_of(
            429, "too-many-tries", "too many tries", failed->message, sv_request_path(call->request));
        sv_answer_header(*answer, "Retry-After", "60");
    } else if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
    }
    return token;
}

SvAnswer *sv_api_login(SvCall *call, GError **error)
{
    SvAnswer *refused = NULL;
    const char *login = NULL, *password = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_text(body, "login", 64, &login, error) ||
        !sv_call_text(body, "password", 256, &password, error))
        return NULL;
    g_autofree char *token = try_login(call, login, password, &refused, error);
    if (!token)
        return refused;
    call->db = sv_pool_read(call->app->pool, error);
    if (!call->db)
        return NULL;
    g_clear_pointer(&call->who, sv_who_unref);
    call->who = sv_guard_session(call->app->guard, call->db, token);
    if (!call->who) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "the session ended at once; log in again");
        return NULL;
    }
    SvAnswer *answer = sv_reply_document(200, reader_json(call->who));
    set_cookie(call, answer, token);
    return answer;
}

SvAnswer *sv_api_logout(SvCall *call, GError **error)
{
    const char *token = sv_request_cookie(call->request, cookie_name(call));
    if (token && call->who->csrf && !sv_guard_logout(call->app->guard, token, error))
        return NULL;
    SvAnswer *answer = sv_reply_nothing();
    set_cookie(call, answer, "");
    return answer;
}

SvAnswer *sv_api_me(SvCall *call, GError **error)
{
    return sv_reply_document(200, reader_json(call->who));
}

/* ── the first administrator ── */

static gboolean is_code(const char *wanted, const char *said)
{
    return wanted && said && strlen(wanted) == strlen(said) &&
           sodium_memcmp(wanted, said, strlen(wanted)) == 0;
}

static gboolean write_first(
    SvDb *db, const char *login, const char *name, const char *password, const char *language, GError **error)
{
    gint64 id, accounts = sv_accounts_count(db, error);
    if (accounts > 0)
        g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT, "there is an administrator already");
    return accounts == 0 && sv_account_add(db, login, name, SV_ROLE_ADMIN, NULL, password, &id, error) &&
           (!language || sv_account_set_language(db, id, language, error));
}

gboolean sv_app_first(SvApp *app, const char *code, const char *login, const char *name, const char *password,
    const char *language, GError **error)
{
    if (!is_code(app->first_code, code)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_FORBIDDEN, "the code is not the one that “svodka serve” printed");
        return FALSE;
    }
    SvDb *db = sv_pool_write(app->pool, error);
    if (!db)
        return FALSE;
    gboolean done = write_first(db, login ? login : "", name, password ? password : "", language, error);
    return sv_pool_write_done(app->pool, db, done, done ? error : NULL) && done;
}

SvAnswer *sv_api_first(SvCall *call, GError **error)
{
    const char *code = NULL, *login = NULL, *name = NULL, *password = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_text(body, "code", 64, &code, error) ||
        !sv_call_text(body, "login", 64, &login, error) || !sv_call_text(body, "name", 200, &name, error) ||
        !sv_call_text(body, "password", 256, &password, error) ||
        !sv_app_first(call->app, code, login, name, password, NULL, error))
        return NULL;
    return sv_reply_nothing();
}

typedef struct {
    const char *password;
} NewPassword;

static gboolean write_password(SvDb *db, SvCall *call, gpointer data, GError **error)
{
    return sv_account_set_password(db, call->who->account, ((NewPassword *)data)->password, error);
}

/* One's own password, with the old one: a session left open must not be enough. */
SvAnswer *sv_api_set_password(SvCall *call, GError **error)
{
    const char *old = NULL;
    NewPassword new = {0};
    SvAnswer *refused = NULL;
    g_autoptr(cJSON) body = sv_call_object(call, error);
    if (!body || !sv_call_text(body, "old", 256, &old, error) ||
        !sv_call_text(body, "new", 256, &new.password, error))
        return NULL;
    if (!new.password) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "“new” is needed");
        return NULL;
    }
    g_autofree char *token = try_login(call, call->who->login, old, &refused, error);
    if (!token)
        return refused;
    sv_guard_logout(call->app->guard, token, NULL); /* it only proved the old password */
    return sv_call_write(call, write_password, &new, error) ? sv_reply_nothing() : NULL;
}
