/* Words of the interface in Russian and English: names, dates as people write them, numbers with their forms.
 * The words are data/summary/words.tsv. */
#pragma once
#include "summary.h"

/* The word or phrase of a key, as it stands in the table (forms still parted by "|"); the key itself when
 * there is none. Borrowed, never freed. */
const char *sv_word(SvLang lang, const char *key);
/* A phrase with its {n} replaced by `value`; newly allocated. */
char *sv_word_with(SvLang lang, const char *key, const char *value);
/* The form of a counted phrase that goes with n, {n} replaced by n: "Прочитано 2 сообщения"; newly
 * allocated. */
char *sv_words_counted(SvLang lang, const char *key, guint n);
/* "1 письмо", "2 письма", "5 писем"; newly allocated. */
char *sv_words_count(SvLang lang, const char *key, guint n);

/* "15 ноября", "15 November"; with the year when it differs from the year of `now` (SV_DAY_NONE: always). */
char *sv_words_day(SvLang lang, SvDay day, SvDay now);
/* "15 ноября, 10:15", the year as above. */
char *sv_words_moment(SvLang lang, SvTime at, SvDay now);

const char *sv_words_channel(SvLang lang, SvChannel channel);
const char *sv_words_state(SvLang lang, SvTaskState state);
/* Whose tasks: "Наши", "Клиента". */
const char *sv_words_side(SvLang lang, SvSide side);

/* Who wrote a message, as a person is shown; NULL when unknown. Borrowed from the history. */
const char *sv_words_author(const SvHistory *history, const SvMessage *message);

/* "Прочитано 731 сообщение (до 7 декабря 2025), замаскировано 7, исключено 3." Parts that are zero are not
 * named. Newly allocated. */
char *sv_words_coverage(const SvSummary *summary);

/* The text for showing: no line break inside "31 800 000 ₸", "19 декабря", nor before a dash. Newly
 * allocated. Not for quotes that are looked for byte by byte. */
char *sv_words_unbroken(const char *text);
