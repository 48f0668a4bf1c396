/* Small surgery on sentences: taking off what only the talk needed. */
#pragma once
#include "message.h"
#include "morph.h"

/* Is it nothing but a greeting, thanks or an address ("Добрый день, Мария!")? */
gboolean sv_phrase_is_greeting(const char *text, gsize len);
/* Does it lean on the sentence before it: begins with «это», «там», «её», "it", "that" …? */
gboolean sv_phrase_leans(const char *text, gsize len);
/* Without greeting and address in front, fillers (when speech), line breaks; first letter large, a full stop
 * at the end; cut at a word near `limit` characters with an ellipsis. Newly allocated; "" when nothing is
 * left. */
char *sv_phrase_clean(const char *text, const SvHistory *history, gboolean speech, guint limit);
/* «Я пришлю смету до четверга» → «Прислать смету до четверга»; "I'll send it" → "Send it". Unchanged when the
 * sentence has another shape. Newly allocated. */
char *sv_phrase_to_infinitive(const SvMorph *morph, const char *text);
