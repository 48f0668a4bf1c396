/* What one stage makes of one line: the parts of `svodka inspect`. */
#pragma once
#include "acts.h"
#include "compose.h"
#include "json.h"
#include "language.h"
#include "names.h"

typedef struct {
    SvTime at;          /* when the line was written */
    int lang;           /* SvLang, -1: guessed line by line */
    SvChannel channel;
    SvSide side;
    SvHistory *card;    /* people of the card; empty without one */
    SvRoster *roster;   /* of `people`; NULL for other stages */
    SvMorph *morph;     /* NULL for stages that need no dictionary */
    SvEngine *engine;   /* NULL for stages that need no model */
} SvInspect;

typedef enum { SV_NEEDS_NOTHING, SV_NEEDS_MORPH, SV_NEEDS_ENGINE } SvNeed;

typedef struct {
    const char *name;
    SvNeed need;
    const char *help;
    void (*run)(const SvInspect *inspect, const char *line, gsize len, cJSON *out);
} SvInspectStage;

/* Stages that look at a line by itself, and those that look at it as a message. End with a NULL name. */
extern const SvInspectStage sv_inspect_text_stages[], sv_inspect_message_stages[];

SvLang sv_inspect_lang(const SvInspect *inspect, const char *line, gsize len);
/* Adds "text", "from" and "to" (bytes) of a span. */
void sv_inspect_add_span(cJSON *out, const char *line, gsize len, SvSpan span);
/* Adds the acts above their thresholds, most probable first. */
void sv_inspect_add_acts(cJSON *out, const SvEngine *engine, const SvActs *acts);
/* Adds a day as text, null for none. */
void sv_inspect_add_day(cJSON *out, const char *name, SvDay day);

/* One message as `inspect messages` shows it: masked text only. NULL never. */
cJSON *sv_inspect_message(const SvHistory *history, const SvMessage *message);
/* One entry of the ledger as `inspect ledger` shows it. */
cJSON *sv_inspect_entry(const SvDigest *digest, const SvHistory *history, const SvEntry *entry);
