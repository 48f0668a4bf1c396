/* Accounts, teams, sessions, tokens, labels. Passwords by Argon2id, tokens kept as hashes only. */
#pragma once
#include "db.h"

typedef enum { SV_ROLE_MANAGER, SV_ROLE_SUPPORT, SV_ROLE_HEAD, SV_ROLE_DIRECTOR, SV_ROLE_ADMIN, SV_ROLE_N } SvRole;
const char *sv_role_name(SvRole role);
gboolean sv_role_find(const char *name, SvRole *out);

typedef struct {
    gint64 id;
    char *login, *name;
    SvRole role;
    gint64 team; /* 0 none */
    char *language; /* "ru" "en" */
    gboolean disabled;
} SvAccount;
void sv_account_free(SvAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAccount, sv_account_free)

/* Password: 8 … 256 characters, none of the most common: SV_ERROR_INPUT says what is wrong. */
gboolean sv_account_add(SvDb *db, const char *login, const char *name, SvRole role, const char *team,
    const char *password, gint64 *id, GError **error);
SvAccount *sv_account_get(SvDb *db, gint64 id, GError **error);
SvAccount *sv_account_find(SvDb *db, const char *login, GError **error);
GPtrArray *sv_accounts_list(SvDb *db, GError **error); /* SvAccount * by login */
gboolean sv_account_set_password(SvDb *db, gint64 id, const char *password, GError **error); /* ends its sessions */
gboolean sv_account_set_role(SvDb *db, gint64 id, SvRole role, const char *team, GError **error);
gboolean sv_account_set_language(SvDb *db, gint64 id, const char *language, GError **error);
/* Disabling ends all sessions and tokens at once. */
gboolean sv_account_set_disabled(SvDb *db, gint64 id, gboolean disabled, GError **error);
gint64 sv_accounts_count(SvDb *db, GError **error);
gint64 sv_team_put(SvDb *db, const char *name, GError **error); /* 0 on error */

/* Labels and who holds them. */
gint64 sv_label_put(SvDb *db, const char *name, GError **error);
gboolean sv_label_hold(SvDb *db, gint64 label, gint64 account, gint64 team, gboolean holds, GError **error);
