/* Coming in and going out: the first account, login, logout, settings, the key for cards kept on a device.
 *
 * A session is a cookie that scripts can't read. The key for offline cards is made of the session's token by
 * a keyed hash, so that nothing has to be kept here: it ends with the session.
 *
 * Keeps true: where to go after the login is a path of ours; the first account is made by who knows the code
 * that the terminal shows (sv_app_first). Forms of other sites are refused by the dispatcher. */
#include "pages.h"
#include "account.h"
#include "error.h"
#include "web_words.h"
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

SvAnswer *sv_page_root(SvCall *call, GError **error)
{
    return sv_page_go(call, "/today");
}

static SvAnswer *answer_form(SvCall *call, gboolean first, const char *problem, int status, GError **error)
{
    SvPage *page = sv_page_new(call, "login", "login.title");
    if (first)
        sv_page_true(page, "first");
    if (problem)
        sv_page_string(page, "problem", problem);
    const char *back = sv_request_field(call->request, "back");
    sv_page_string(page, "back", sv_page_back(back ? back : sv_request_query(call->request, "back"), ""));
    cJSON *typed = cJSON_AddObjectToObject(page->model, "typed");
    cJSON_AddStringToObject(typed, "login", sv_page_field(call, "login"));
    cJSON_AddStringToObject(typed, "name", sv_page_field(call, "name"));
    const char *code = sv_request_query(call->request, "code");
    cJSON_AddStringToObject(typed, "code", code ? code : sv_page_field(call, "code"));
    return sv_page_answer(page, "login", status, error);
}

SvAnswer *sv_page_login(SvCall *call, GError **error)
{
    if (call->who)
        return sv_page_go(call, "/today");
    gint64 accounts = sv_accounts_count(call->db, error);
    return accounts < 0 ? NULL : answer_form(call, accounts == 0, NULL, 200, error);
}

static SvAnswer *let_in(SvCall *call, const char *token)
{
    SvAnswer *answer = sv_page_go(call, sv_page_back(sv_page_field(call, "back"), "/today"));
    set_cookie(call, answer, token);
    return answer;
}

static char *try_login(SvCall *call, GError **error)
{
    return sv_guard_login(call->app->guard, sv_page_field(call, "login"), sv_page_field(call, "password"),
        sv_request_peer(call->request), sv_request_header(call->request, "User-Agent"), error);
}

SvAnswer *sv_page_do_login(SvCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autofree char *token = try_login(call, &failed);
    if (token)
        return let_in(call, token);
    gboolean busy = g_error_matches(failed, SV_ERROR, SV_ERROR_BUSY);
    if (!busy && !g_error_matches(failed, SV_ERROR, SV_ERROR_FORBIDDEN)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    SvLang language = strcmp(sv_page_language(call), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    return answer_form(
        call, FALSE, sv_web_word(language, busy ? "login.often" : "login.wrong"), busy ? 429 : 403, error);
}

SvAnswer *sv_page_do_begin(SvCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    gboolean made = sv_app_first(call->app, sv_page_field(call, "code"), sv_page_field(call, "login"),
        sv_page_field(call, "name"), sv_page_field(call, "password"), sv_page_language(call), &failed);
    if (!made) {
        SvLang language = strcmp(sv_page_language(call), "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
        if (g_error_matches(failed, SV_ERROR, SV_ERROR_INPUT))
            return answer_form(call, TRUE, failed->message, 422, error);
        if (g_error_matches(failed, SV_ERROR, SV_ERROR_FORBIDDEN))
            return answer_form(call, TRUE, sv_web_word(language, "login.wrong_code"), 403, error);
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    g_autofree char *token = try_login(call, error);
    return token ? let_in(call, token) : NULL;
}

SvAnswer *sv_page_do_logout(SvCall *call, GError **error)
{
    const char *token = sv_request_cookie(call->request, cookie_name(call));
    if (token && !sv_guard_logout(call->app->guard, token, error))
        return NULL;
    SvAnswer *answer = sv_page_go(call, "/login");
    set_cookie(call, answer, "");
    sv_answer_header(answer, "Clear-Site-Data", "\"storage\"");
    return answer;
}

static gboolean write_language(SvDb *db, SvCall *call, GError **error)
{
    return sv_account_set_language(db, call->who->account, sv_page_field(call, "language"), error);
}

SvAnswer *sv_page_do_settings(SvCall *call, GError **error)
{
    const char *theme = sv_request_field(call->request, "theme");
    if (sv_request_field(call->request, "language") && !sv_page_write(call, write_language, error))
        return NULL;
    SvAnswer *answer = sv_page_go(call, sv_page_back(sv_page_field(call, "back"), "/today"));
    if (theme && (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0)) {
        g_autofree char *value = g_strdup_printf("theme=%s; Path=/; SameSite=Lax; Max-Age=31536000", theme);
        sv_answer_header(answer, "Set-Cookie", value);
    } else if (theme) {
        sv_answer_header(answer, "Set-Cookie", "theme=; Path=/; SameSite=Lax; Max-Age=0");
    }
    return answer;
}

/* The key of this session, and a name for it that tells nothing of it. */
SvAnswer *sv_page_session_key(SvCall *call, GError **error)
{
    static const char PURPOSE[] = "svodka: cards kept on a device", NAME[] = "svodka: name of the key";
    const char *token = sv_request_cookie(call->request, cookie_name(call));
    guint8 key[32], name[8 + crypto_generichash_BYTES_MIN];
    if (!token || !*token || strlen(token) > crypto_generichash_KEYBYTES_MAX || sodium_init() < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_FORBIDDEN, "there is no session");
        return NULL;
    }
    crypto_generichash(
        key, sizeof key, (const guint8 *)PURPOSE, strlen(PURPOSE), (const guint8 *)token, strlen(token));
    crypto_generichash(name, crypto_generichash_BYTES_MIN, (const guint8 *)NAME, strlen(NAME),
        (const guint8 *)token, strlen(token));
    g_autofree char *text = g_base64_encode(key, sizeof key), *named = g_base64_encode(name, 8);
    g_autofree char *json = g_strdup_printf("{\"key\":\"%s\",\"name\":\"%s\"}", text, named);
    SvAnswer *answer = sv_answer_new(200, "application/json", json, strlen(json));
    sv_answer_header(answer, "Cache-Control", "no-store");
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, strlen(text));
    sodium_memzero(json, strlen(json));
    return answer;
}
