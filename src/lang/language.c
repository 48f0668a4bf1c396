/* Which language a text is in: see language.h. */
#include "language.h"
#include "utf8.h"

SvLang sv_lang_guess(const char *text, gsize len)
{
    gsize cyrillic = 0, latin = 0;
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];
        cyrillic += (guchar)(c - 0xD0) < 4;
        latin += (guchar)((c | 0x20) - 'a') < 26;
    }
    return cyrillic * 2 > latin ? SV_LANG_RU : SV_LANG_EN;
}

const char *sv_lang_name(SvLang lang)
{
    return lang == SV_LANG_RU ? "ru" : "en";
}
