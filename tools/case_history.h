/* A labelled case (eval/README.md) as a history, and its facts: for the tools that learn from them. */
#pragma once
#include "json.h"
#include "message.h"

/* The history of eval/cases/NAME.json or eval/train/NAME.json below `source`, not yet finished. Each
 * message's id is the event's id. *now gets the case's moment. */
SvHistory *sv_case_load(const char *source, const char *name, SvTime *now, GError **error);
/* The case's file itself, parsed: people, events, gold. */
cJSON *sv_case_json(const char *source, const char *name, GError **error);
/* eval/facts/NAME.json, parsed. */
cJSON *sv_case_facts(const char *source, const char *name, GError **error);
/* Names of all histories that have facts, sorted; g_strfreev(). */
char **sv_case_names(const char *source, GError **error);
