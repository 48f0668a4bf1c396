/* What the commands that manage users, teams, labels and the audit share. */
#pragma once
#include "account.h"
#include "audit.h"
#include "cli_store.h"

/* A word after the command: "add", how many words it takes with itself, and what to do with them. */
typedef struct SvAdmin SvAdmin;
typedef struct {
    const char *name;
    guint least, most;   /* words, with the name */
    const char *usage;   /* "add LOGIN" */
    gboolean writes;     /* run inside a write transaction, kept with its entry in the audit */
    gboolean (*run)(SvAdmin *admin, SvDb *db, GError **error);
} SvAdminAction;

struct SvAdmin {
    const char *command;
    const SvAdminAction *action;
    char *db, *name, *role, *team, *scopes;
    int days;
    gboolean json;
    char **words;        /* the action and what follows */
    char *password;      /* was read before the transaction; wiped at the end */
    char *detail;        /* for the audit: set by the action */
    gint64 client;       /* for the audit */
    GString *out;        /* printed when the transaction was kept */
};
void sv_admin_clear(SvAdmin *admin);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvAdmin, sv_admin_clear)

/* Finds the action among `actions` (ended by an empty one); NULL after it has printed the usage, *code is
 * set. */
const SvAdminAction *sv_admin_find(SvAdmin *admin, const SvAdminAction *actions, int *code);
/* Opens the database (made when `makes`), runs the action, records it, prints; the exit code. */
int sv_admin_run(SvAdmin *admin, gboolean makes);

/* A password from the terminal (without echo, twice) or, when standard input is none, its first line; new,
 * to be wiped by sv_cli_wipe. Never from the arguments: other users of the machine see those. */
char *sv_cli_read_password(const char *login, GError **error);
void sv_cli_wipe(char *secret);
