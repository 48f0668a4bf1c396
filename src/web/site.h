/* What the pages are made of, compiled into the program: templates, style, scripts, icons, words. */
#pragma once
#include "template.h"

/* All templates of web/pages, compiled once. A wrong one is a bug of ours and ends the program. */
const SvTemplates *sv_site_templates(void);
/* Changes when style or scripts do: for addresses that may be kept for long. Borrowed. */
const char *sv_site_version(void);
/* A static file ("app.css") and its media type; NULL when there is none. Borrowed. */
GBytes *sv_site_file(const char *name, const char **type);
/* The policy that every page carries: nothing from elsewhere, no script or style inside a page. */
extern const char SV_SITE_POLICY[];
