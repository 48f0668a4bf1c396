/* Who is asking: sessions of browsers, tokens of programs, throttled login. Thread-safe. */
#pragma once
#include "account.h"

/* A user with rights, as of one moment. Immutable, counted. */
typedef struct {
    grefcount count;
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

/* The right name and password → a new session's token (new, 43 characters, base64url). SV_ERROR_FORBIDDEN: wrong,
 * unknown or disabled, which take the same time; SV_ERROR_BUSY: too many tries from this address or for this
 * name (10 in 15 minutes). */
char *sv_guard_login(SvGuard *guard, const char *login, const char *password, const char *address,
    const char *agent, GError **error);
gboolean sv_guard_logout(SvGuard *guard, const char *token, GError **error);
/* Who has this session or API token; NULL when nobody (unknown, idle for over 12 hours, disabled). Rights that
 * were given or taken before this call count. */
SvWho *sv_guard_session(SvGuard *guard, SvDb *db, const char *token);
SvWho *sv_guard_token(SvGuard *guard, SvDb *db, const char *token);
/* Makes an API token, shown once. `scopes` bits; expires 0: never. */
char *sv_token_new(SvDb *db, gint64 account, const char *name, guint scopes, gint64 expires, GError **error);
/* A reader without a session, for commands on the machine itself: everything that the account may. */
SvWho *sv_who_of_account(SvDb *db, gint64 account, GError **error);
/* The database's clock of rights. */
gint64 sv_rights_clock(SvDb *db);
/* Called in every transaction that gives or takes a right. */
gboolean sv_rights_touch(SvDb *db, GError **error);
