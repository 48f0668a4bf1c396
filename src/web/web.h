/* The pages: what the server takes besides the interface for programs. */
#pragma once
#include "route.h"

extern const SvRoute sv_web_routes[];
/* For SvApp.error_page. */
SvAnswer *sv_page_error(gpointer call, const GError *error);
/* Before engine and formats are closed: ends what runs for pages. */
void sv_trials_close(void);
