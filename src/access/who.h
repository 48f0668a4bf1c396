/* A user with rights, read from the tables. Inside the folder. */
#pragma once
#include "session.h"

/* Everything that the account may, as of one moment; NULL when there is none, it is disabled or the tables
 * cannot be read (then *error). `scopes`: 0 for all that the role gives. `csrf` may be NULL. */
SvWho *sv_who_load(SvDb *db, gint64 account, guint scopes, const char *csrf, GError **error);
