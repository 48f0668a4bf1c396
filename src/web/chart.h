/* Small charts as SVG: no script, no style of their own; colours come from the style sheet by class. */
#pragma once
#include "json.h"
#include "language.h"

/* Bars of messages by month, ours and theirs one on the other: `months` as in sv_desk_activity. NULL when
 * there are none. Newly allocated. */
char *sv_chart_activity(const cJSON *months, SvLang language);
/* A curve of tone (−1 … 1) over the months. NULL when fewer than two are known. */
char *sv_chart_tone(const cJSON *months, SvLang language);
