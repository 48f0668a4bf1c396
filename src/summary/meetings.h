/* Meetings ahead: what was agreed to happen on a day that has not come. */
#pragma once
#include "compose.h"

#define MEETINGS_DAYS 14

typedef struct {
    SvDay day;
    char *text;
    GPtrArray *sources; /* SvQuote * */
} SvMeeting;

/* SvMeeting * in order of days, of the next `days` days. */
GPtrArray *sv_summary_meetings(const SvDigest *digest, int days);
