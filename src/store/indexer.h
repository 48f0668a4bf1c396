/* Words by which messages are found: lemmas of masked text. Query and index are cut by the same rule. */
#pragma once
#include "message.h"
#include "morph.h"

typedef struct SvIndexer SvIndexer;
/* Opens the morphology (morph.bin) of the data folder. SV_ERROR_SETUP when it is missing or damaged. */
SvIndexer *sv_indexer_open(const char *data_dir, GError **error);
/* The same over a morphology that is open already; borrowed. */
SvIndexer *sv_indexer_new(const SvMorph *morph);
void sv_indexer_free(SvIndexer *indexer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvIndexer, sv_indexer_free)
/* All below are safe from many threads. */

/* The lemmas of a text (char *), in order of first appearance, each once. Of a query: give these to
 * sv_messages_search. */
GPtrArray *sv_indexer_read(const SvIndexer *indexer, const char *text, gsize len);
/* The terms of lemmas parted by spaces, by which the index holds them. */
GPtrArray *sv_indexer_cut(const char *lemmas);
/* What the message is found by, "lemma lemma …": subject, own text, passed-on text, deal. Masked first; ""
 * when the message is privileged. Newly allocated. */
char *sv_indexer_terms(const SvIndexer *indexer, const SvMessage *message);
