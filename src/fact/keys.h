/* Keys of a sentence: hashed lemmas of its content words. */
#pragma once
#include "morph.h"
#include "span.h"
#include "wordbook.h"

/* Appends the keys (guint32, sorted, no repeats) of the words in span to out; returns how many. Function
 * words, single letters and plain words of politeness give no key. */
guint16 sv_keys_collect(const SvMorph *morph, const char *text, SvSpan span, GArray *out);
/* The same of n words of the text read last, from token `first` on. */
guint16 sv_keys_of_words(const SvWordbook *words, guint first, guint n, GArray *out);
/* The key of one lemma or folded word. */
guint32 sv_key_of(const char *lemma);
