/* Who is asking: sessions of browsers, tokens of programs, throttled login. Thread-safe. */
#pragma once
#include "account.h"

/* A user with rights, as of one moment. Immutable, counted. */
typedef struct {
    gatomicrefcount count;
    gint64 account;
    char *login, *name, *language;
    SvRole role;
    gint64 team;
    char *labels;        /* held, ascending: " 3 17 ", "" none */
    guint scopes;        /* SvScope */
    char *csrf;          /* of a session; NULL for a token */
    gint64 rights_clock; /* when it was looked up */
} SvWho;
typedef enum { SV_SCOPE_READ = 1, SV_SCOPE_WRITE = 2, SV_SCOPE_ADMIN = 4 } SvScope;

SvWho *sv_who_ref(SvWho *who);
void sv_who_unref(SvWho *who);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWho, sv_who_unref)

typedef struct SvGuard SvGuard;
SvGuard *sv_guard_new(SvPool *pool);
void sv_guard_free(SvGuard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvGuard, sv_guard_free)

/* The right name and password → a new session's token (new, 43 characters, base64url). SV_ERROR_FORBIDDEN:
 * wrong, unknown or disabled, which take the same time; SV_ERROR_BUSY: too many tries from this address or
 * for this name (10 in 15 minutes, see throttle.h), or too many logins at once. May take a second: the
 * caller should not hold a connection of the pool meanwhile. */
char *sv_guard_login(SvGuard *guard, const char *login, const char *password, const char *address,
    const char *agent, GError **error);
gboolean sv_guard_logout(SvGuard *guard, const char *token, GError **error);
/* Who has this session or API token; NULL when nobody (unknown, idle for over 12 hours, older than 30 days,
 * expired, disabled) and when the database cannot be read. Rights that were given or taken before this call
 * count, provided that `db` is not inside a transaction. */
SvWho *sv_guard_session(SvGuard *guard, SvDb *db, const char *token);
SvWho *sv_guard_token(SvGuard *guard, SvDb *db, const char *token);
/* Writes down when sessions were last used and deletes those that ended. The guard does it once a minute and
 * at its end: a request never writes. */
gboolean sv_guard_flush(SvGuard *guard, GError **error);
/* Unix seconds from elsewhere: for tests. */
void sv_guard_set_clock(SvGuard *guard, gint64 (*now)(void));

/* ── API tokens: "svodka_" and 43 characters ── */

/* Makes one, shown once. `scopes` bits (admin only for administrators: SV_ERROR_FORBIDDEN); expires 0:
 * never. */
char *sv_token_new(SvDb *db, gint64 account, const char *name, guint scopes, gint64 expires, GError **error);
typedef struct {
    gint64 id, account, created, expires; /* expires 0: never */
    char *name;
    guint scopes;
} SvApiToken;
void sv_token_free(SvApiToken *token);
GPtrArray *sv_tokens_list(SvDb *db, gint64 account /* 0: all */, GError **error); /* SvApiToken * by id */
gboolean sv_token_drop(SvDb *db, gint64 id, GError **error); /* SV_ERROR_NOT_FOUND */
/* "read write admin", new; a word of it → bit, FALSE when unknown. */
char *sv_scopes_format(guint scopes);
gboolean sv_scopes_parse(const char *text, guint *scopes);

/* A reader without a session, for commands on the machine itself: everything that the account may. */
SvWho *sv_who_of_account(SvDb *db, gint64 account, GError **error);
/* The database's clock of rights; -1 when it cannot be read. */
gint64 sv_rights_clock(SvDb *db);
/* Called in every transaction that gives or takes a right. */
gboolean sv_rights_touch(SvDb *db, GError **error);
