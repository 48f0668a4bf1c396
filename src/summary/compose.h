/* How a summary is made: facts and ledger of one history at one moment, then one format after another. */
#pragma once
#include "fact.h"
#include "formats.h"
#include "ledger.h"
#include "summary.h"

/* Models and dictionaries, opened once, read only, shared by threads. */
typedef struct SvEngine SvEngine;
SvEngine *sv_engine_open(const char *data_dir, GError **error);
/* The same with weights of choosing of one's own (“svodka feedback learn”); NULL: those of the folder.
 * SV_ERROR_SETUP also when they were learned with another version of the program: its features may mean
 * something else. */
SvEngine *sv_engine_open_with(const char *data_dir, const char *worth_path, GError **error);
/* Reads the files whole: SV_ERROR_SETUP when a checksum is wrong. Opening looks at their heads only. */
gboolean sv_engine_check(const SvEngine *engine, GError **error);
void sv_engine_close(SvEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvEngine, sv_engine_close)
/* Tells this engine's models and rules of reading from others': what was read by another one is read anew.
 * Weights of choosing are not among them: they change what is told of what was read. Borrowed. */
const char *sv_engine_digest(const SvEngine *engine);
/* For inspect: the parts. Borrowed. */
const SvMorph *sv_engine_morph(const SvEngine *engine);
const SvActsModel *sv_engine_acts(const SvEngine *engine);
const struct SvWorth *sv_engine_worth(const SvEngine *engine);

/* Facts and ledger of one history at one moment. Keeps pointers to engine and history. */
typedef struct SvDigest SvDigest;
SvDigest *sv_digest_new(const SvEngine *engine, const SvHistory *history, SvTime as_of);
void sv_digest_free(SvDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvDigest, sv_digest_free)
const SvFacts *sv_digest_facts(const SvDigest *digest);
const SvLedger *sv_digest_ledger(const SvDigest *digest);

/* The same over facts that were read before; engine, history and facts are borrowed. */
SvDigest *sv_digest_of(const SvEngine *engine, const SvHistory *history, const SvFacts *facts, SvTime as_of);

/* What the one who asks wishes besides the format. */
typedef struct {
    guint message;     /* index in the history */
    const char *quote; /* "" when the whole message is meant; borrowed */
} SvWishPin;

typedef struct {
    SvDay from, to; /* a period, for sections that keep to it; SV_DAY_NONE is open */
    GArray *pins;   /* SvWishPin: must be told, or the coverage says why not; may be NULL */
} SvWish;

/* A summary by one of the formats; NULL when there is no such format. `wish` may be NULL. Every statement has
 * passed the gates of gate.h. */
SvSummary *sv_summary_make(const SvDigest *digest, const SvFormats *formats, const char *format,
    SvLang language, const SvWish *wish);
