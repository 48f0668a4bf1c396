/* How a summary is made: facts and ledger of one history at one moment, then one format after another. */
#pragma once
#include "fact.h"
#include "ledger.h"
#include "summary.h"

/* Models and dictionaries, opened once, read only, shared by threads. */
typedef struct SvEngine SvEngine;
SvEngine *sv_engine_open(const char *data_dir, GError **error);
void sv_engine_close(SvEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvEngine, sv_engine_close)
/* For inspect: the parts. Borrowed. */
const SvMorph *sv_engine_morph(const SvEngine *engine);
const SvActsModel *sv_engine_acts(const SvEngine *engine);

/* Facts and ledger of one history at one moment. Keeps pointers to engine and history. */
typedef struct SvDigest SvDigest;
SvDigest *sv_digest_new(const SvEngine *engine, const SvHistory *history, SvTime as_of);
void sv_digest_free(SvDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvDigest, sv_digest_free)
const SvFacts *sv_digest_facts(const SvDigest *digest);
const SvLedger *sv_digest_ledger(const SvDigest *digest);

/* "brief" "sections" "timeline" "tasks"; NULL for an unknown format. Every statement has passed the gates of
 * gate.h. */
SvSummary *sv_summary_make(const SvDigest *digest, const char *format, SvLang language);
/* The formats, NULL at the end. */
extern const char *const sv_formats[];
