/* Working days and public holidays: data/lang/holidays_{ru,kz,gb}.tsv. */
#pragma once
#include "moment.h"
#include "language.h"

typedef enum { SV_COUNTRY_RU, SV_COUNTRY_KZ, SV_COUNTRY_GB, SV_COUNTRY_N } SvCountry;

/* Whose calendar a writer goes by, as far as language and offset tell: English the English one, Russian at
 * +05:00 and +06:00 that of Kazakhstan, otherwise that of Russia. */
SvCountry sv_country_guess(SvLang lang, gint32 offset_s);
/* Is it a day off (weekends included)? */
gboolean sv_day_off(SvCountry country, SvDay day);
/* Is it a public holiday or a day off moved for one (plain weekends not)? */
gboolean sv_day_holiday(SvCountry country, SvDay day);
/* The first working day at or after (step 1), or at or before (step -1) a day. */
SvDay sv_day_working(SvCountry country, SvDay day, int step);
/* The day `n` working days after `day`, which itself does not count. */
SvDay sv_day_add_working(SvCountry country, SvDay day, int n);
/* The same day of the month `n` months on, or the last of that month. */
SvDay sv_day_add_months(SvDay day, int n);
/* Easter Sunday of the western churches (the anonymous Gregorian algorithm, Nature 1876). */
SvDay sv_day_easter(int year);
