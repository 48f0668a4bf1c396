/* Accounts, teams and labels. Passwords by Argon2id.
 *
 * Whatever changes something is called inside a write transaction (sv_pool_write), and counts for every
 * reader from its commit on: it moves the clock of rights. A login is folded: "Anna" and "anna" are one. */
#pragma once
#include "db.h"

typedef enum {
    SV_ROLE_MANAGER,
    SV_ROLE_SUPPORT,
    SV_ROLE_HEAD,
    SV_ROLE_DIRECTOR,
    SV_ROLE_ADMIN,
    SV_ROLE_N
} SvRole;
const char *sv_role_name(SvRole role);
gboolean sv_role_find(const char *name, SvRole *out);

typedef struct {
    gint64 id;
    char *login, *name;
    SvRole role;
    gint64 team; /* 0 none */
    char *language; /* "ru" "en" */
    gboolean disabled;
    gint64 created;
} SvAccount;
void sv_account_free(SvAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvAccount, sv_account_free)

/* Login: 1 … 64 letters, digits and . _ - @ +. Name: any text up to 200 characters; NULL or "": the login.
 * `team`: a name, made when there is none; NULL or "": no team. Password: 8 … 256 characters, none of the
 * most common, not the login or a name: SV_ERROR_INPUT says what is wrong. SV_ERROR_CONFLICT: the login is
 * taken. */
gboolean sv_account_add(SvDb *db, const char *login, const char *name, SvRole role, const char *team,
    const char *password, gint64 *id, GError **error);
SvAccount *sv_account_get(SvDb *db, gint64 id, GError **error);
SvAccount *sv_account_find(SvDb *db, const char *login, GError **error);
GPtrArray *sv_accounts_list(SvDb *db, GError **error); /* SvAccount * by login */
gboolean sv_account_set_password(
    SvDb *db, gint64 id, const char *password, GError **error); /* ends its sessions */
/* `team`: NULL leaves it, "" none. SV_ERROR_CONFLICT: the last administrator would be gone (also below). */
gboolean sv_account_set_role(SvDb *db, gint64 id, SvRole role, const char *team, GError **error);
gboolean sv_account_set_language(SvDb *db, gint64 id, const char *language, GError **error);
/* Disabling ends all sessions and takes all tokens back, at once and for good. */
gboolean sv_account_set_disabled(SvDb *db, gint64 id, gboolean disabled, GError **error);
gint64 sv_accounts_count(SvDb *db, GError **error); /* -1 on error */
/* Work of a password's hash: passes and bytes. For tests, which make many; else 3 and 64 MiB. */
void sv_password_cost(guint passes, gsize bytes);

/* ── teams and labels: sets of accounts with a name ── */

typedef struct {
    gint64 id;
    char *name;
} SvNamed;
void sv_named_free(SvNamed *named);

/* Names: 1 … 100 characters. The id of the one with this name, made when there is none; 0 on error. */
gint64 sv_team_put(SvDb *db, const char *name, GError **error);
gint64 sv_label_put(SvDb *db, const char *name, GError **error);
GPtrArray *sv_teams_list(SvDb *db, GError **error);  /* SvNamed * by name */
GPtrArray *sv_labels_list(SvDb *db, GError **error); /* SvNamed * by name */
/* SV_ERROR_NOT_FOUND when there is none; 0 then. */
gint64 sv_label_find(SvDb *db, const char *name, GError **error);
/* An account (team 0) or a team (account 0) holds the label from now on, or no longer. */
gboolean sv_label_hold(SvDb *db, gint64 label, gint64 account, gint64 team, gboolean holds, GError **error);
/* Logins and "team NAME" of those who hold it: char *. */
GPtrArray *sv_label_holders(SvDb *db, gint64 label, GError **error);
