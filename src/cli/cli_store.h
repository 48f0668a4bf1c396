/* What the commands that use a store share: where it is, and what they open. */
#pragma once
#include "cli.h"
#include "compose.h"
#include "db.h"
#include "json.h"

/* Opens the database: `wanted` (--db; NULL), $SVODKA_DB, svodka.db in the working folder. `must_exist`:
 * another command has made it before, SV_ERROR_NOT_FOUND says how. */
SvPool *sv_cli_open_store(const char *wanted, gboolean must_exist, GError **error);
/* Prints the document to standard output and frees it. */
gboolean sv_cli_print_json(cJSON *document, GError **error);
/* The engine with this database's own weights of choosing, DATABASE-worth.txt, as “svodka feedback learn”
 * wrote them; with the shipped ones when there are none, or (said on standard error) when another version of
 * the program learned them. *worth (NULL to pass over): the file that was taken, NULL the shipped one. */
SvEngine *sv_cli_open_engine(const char *data_dir, const char *database, char **worth, GError **error);
/* The program that learns: $SVODKA_FIT, beside this one, ../libexec/svodka. SV_ERROR_SETUP. */
char *sv_cli_fit_program(GError **error);
