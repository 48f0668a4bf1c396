/* What the commands that use a store share: where it is, and what they open. */
#pragma once
#include "cli.h"
#include "db.h"
#include "json.h"

/* Opens the database: `wanted` (--db; NULL), $SVODKA_DB, svodka.db in the working folder. `must_exist`:
 * another command has made it before, SV_ERROR_NOT_FOUND says how. */
SvPool *sv_cli_open_store(const char *wanted, gboolean must_exist, GError **error);
/* {"code","file","place","reason","remedy"} of each problem, and under "more" how many were not kept. */
void sv_cli_add_problems(cJSON *to, const SvReport *report);
/* Prints the document to standard output and frees it. */
gboolean sv_cli_print_json(cJSON *document, GError **error);
/* Weights of choosing of this database's own: DATABASE-worth.txt, as “svodka feedback learn” wrote it; NULL when there are
 * none. For sv_engine_open_with(). */
char *sv_cli_worth_path(const char *database);
/* The program that learns: $SVODKA_FIT, beside this one, ../libexec/svodka. SV_ERROR_SETUP. */
char *sv_cli_fit_program(GError **error);
