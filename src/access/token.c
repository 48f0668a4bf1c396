/* API tokens: see session.h. Only the digest is kept, so a lost token is replaced, not shown again. */
#include "account.h"
#include "error.h"
#include "secret.h"
#include "session.h"
#include "token.h"
#include <string.h>

#define NAME_LONGEST 100

static const struct {
    const char *name;
    guint bit;
} scope_names[] = {{"read", SV_SCOPE_READ}, {"write", SV_SCOPE_WRITE}, {"admin", SV_SCOPE_ADMIN}};

char *sv_scopes_format(guint scopes)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(scope_names); i++)
        if (scopes & scope_names[i].bit)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", scope_names[i].name);
    return g_string_free(text, FALSE);
}

gboolean sv_scopes_parse(const char *text, guint *scopes)
{
    guint found = 0;
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", " ,", -1);
    for (char **word = words; *word; word++) {
        guint bit = 0;
        for (guint i = 0; i < G_N_ELEMENTS(scope_names); i++)
            if (strcmp(*word, scope_names[i].name) == 0)
                bit = scope_names[i].bit;
        if (**word && !bit)
            return FALSE;
        found |= bit;
    }
    *scopes = found;
    return found != 0;
}

char *sv_token_new(SvDb *db, gint64 account, const char *name, guint scopes, gint64 expires, GError **error)
{
    guint8 digest[SV_SECRET_DIGEST];
    char secret[SV_SECRET_LEN + 1];
    g_autoptr(SvWho) who = sv_who_of_account(db, account, error);
    if (!who)
        return NULL;
    if (!name || !*name || g_utf8_strlen(name, -1) > NAME_LONGEST || !(scopes & 7) || scopes & ~7u) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
            "a token has a name of at most %d characters and scopes of read, write, admin", NAME_LONGEST);
        return NULL;
    }
    if (scopes & ~who->scopes) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_FORBIDDEN, "only an administrator's token may have the scope admin");
        return NULL;
    }
    sv_secret_make(secret);
    g_autofree char *token = g_strconcat(SV_TOKEN_PREFIX, secret, NULL);
    g_autofree char *words = sv_scopes_format(scopes);
    sv_secret_digest(token, SV_TOKEN_PREFIX, digest);
    SvSql *sql = sv_db_sql(
        db, "INSERT INTO api_token(hash,account_id,name,scopes,created,expires) VALUES(?,?,?,?,?,?)", error);
    sv_sql_blob(sql, 1, digest, sizeof digest);
    sv_sql_int(sql, 2, account);
    sv_sql_text(sql, 3, name);
    sv_sql_text(sql, 4, words);
    sv_sql_int(sql, 5, g_get_real_time() / G_USEC_PER_SEC);
    if (expires)
        sv_sql_int(sql, 6, expires);
    return sv_sql_run(sql, error) ? g_steal_pointer(&token) : NULL;
}

void sv_token_free(SvApiToken *token)
{
    if (!token)
        return;
    g_free(token->name);
    g_free(token);
}

GPtrArray *sv_tokens_list(SvDb *db, gint64 account, GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func((GDestroyNotify)sv_token_free);
    SvSql *sql = sv_db_sql(db,
        "SELECT id,account_id,name,scopes,created,expires FROM api_token"
        " WHERE account_id=?1 OR ?1=0 ORDER BY id", error);
    sv_sql_int(sql, 1, account);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        SvApiToken *token = g_new0(SvApiToken, 1);
        token->id = sv_sql_get_int(sql, 0);
        token->account = sv_sql_get_int(sql, 1);
        token->name = g_strdup(sv_sql_get_text(sql, 2));
        sv_scopes_parse(sv_sql_get_text(sql, 3), &token->scopes);
        token->created = sv_sql_get_int(sql, 4);
        token->expires = sv_sql_get_int(sql, 5);
        g_ptr_array_add(tokens, token);
    }
    return got < 0 ? NULL : g_steal_pointer(&tokens);
}

gboolean sv_token_drop(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, "DELETE FROM api_token WHERE id=?", error);
    sv_sql_int(sql, 1, id);
    if (!sv_sql_run(sql, error))
        return FALSE;
    if (sv_db_changes(db) == 1)
        return sv_rights_touch(db, error);
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such token");
    return FALSE;
}
