/* Which language a text is in. */
#pragma once
#include <glib.h>

typedef enum { SV_LANG_RU, SV_LANG_EN } SvLang;

/* By letters: Cyrillic (Kazakh too) is Russian for our purposes. */
SvLang sv_lang_guess(const char *text, gsize len);
const char *sv_lang_name(SvLang lang);
