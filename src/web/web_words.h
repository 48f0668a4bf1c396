/* Words of the pages in Russian and English: data/web/words.tsv, then those of the summaries (words.h). */
#pragma once
#include "language.h"
#include "moment.h"

/* The word of a key; the key itself when there is none. Borrowed, never freed. */
const char *sv_web_word(SvLang language, const char *key);
/* Is the key known in both languages? */
gboolean sv_web_has_word(const char *key);
/* Is there a key that begins so? */
gboolean sv_web_has_words(const char *beginning);
/* A phrase with its {n} replaced; newly allocated. */
char *sv_web_with(SvLang language, const char *key, const char *value);
/* The form that goes with n, {n} replaced by it; newly allocated. */
char *sv_web_counted(SvLang language, const char *key, guint n);
/* "15 ноября"; with the year when it is another than that of `now` (SV_DAY_NONE: always). Newly allocated. */
char *sv_web_day(SvLang language, SvDay day, SvDay now);
/* "сегодня", "вчера", "через 3 дня", else as sv_web_day. Newly allocated. */
char *sv_web_ago(SvLang language, SvDay day, SvDay now);
/* "ноя", "Nov" */
const char *sv_web_month(SvLang language, int month);
