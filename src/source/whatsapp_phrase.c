/* The phrases of data/source/whatsapp.tsv, compared case and mark blind.
 *
 * Each kind is a short list that is tried in order; texts longer than any notice are not asked about by the
 * caller, so a list is enough. Does not: decide what a message is; that is whatsapp.c. */
#include "whatsapp_phrase.h"
#include "intake.h"
#include "utf8.h"
#include <string.h>

typedef enum { HOW_IS, HOW_STARTS, HOW_ENDS, HOW_HAS } How;

typedef struct {
    How how;
    char *text;
    gsize len;
} Phrase;

static GArray *phrases[SV_WA_N];

char *sv_wa_phrase_fold(const char *text, gsize len)
{
    g_autofree char *plain = g_malloc(len + 1);
    char *o = plain;
    const char *p = text, *end = text + len;
    while (p < end) {
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        if (c == 0xA0 || c == 0x2009 || c == 0x202F)
            *o++ = ' ';
        else if (!((c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
                     (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF))
            for (guint i = 0; i < n; i++)
                *o++ = p[i];
        p += n;
    }
    return sv_utf8_fold(plain, o - plain);
}

static gpointer load(gpointer unused)
{
    static const char *const kinds[SV_WA_N] = {[SV_WA_SYSTEM] = "system",
        [SV_WA_MEDIA] = "media",
        [SV_WA_ATTACHED] = "attached",
        [SV_WA_DELETED] = "deleted",
        [SV_WA_EDITED] = "edited",
        [SV_WA_MISSED] = "missed",
        [SV_WA_CALL] = "call",
        [SV_WA_CHAT] = "chat"};
    for (guint k = 0; k < SV_WA_N; k++)
        phrases[k] = g_array_new(FALSE, FALSE, sizeof(Phrase));
    const GPtrArray *rows = sv_intake_rows("/svodka/source/whatsapp.tsv");
    for (guint i = 0; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        if (g_strv_length(row) < 3)
            continue;
        Phrase f = {HOW_IS, sv_wa_phrase_fold(row[2], strlen(row[2])), 0};
        f.len = strlen(f.text);
        f.how = strcmp(row[1], "starts") == 0 ? HOW_STARTS
                : strcmp(row[1], "ends") == 0 ? HOW_ENDS
                : strcmp(row[1], "has") == 0  ? HOW_HAS
                                              : HOW_IS;
        guint k = SV_WA_SYSTEM;
        while (k < SV_WA_N && strcmp(row[0], kinds[k]) != 0)
            k++;
        if (k < SV_WA_N && f.len > 0)
            g_array_append_val(phrases[k], f);
        else
            g_free(f.text);
    }
    return NULL;
}

static const char *match(const Phrase *f, const char *text, gsize len)
{
    switch (f->how) {
    case HOW_IS:
        if (len > f->len && text[len - 1] == '.')
            len--;
        return len == f->len && memcmp(text, f->text, len) == 0 ? text : NULL;
    case HOW_STARTS:
        return len >= f->len && memcmp(text, f->text, f->len) == 0 ? text : NULL;
    case HOW_ENDS:
        if (len > f->len && text[len - 1] == '.')
            len--;
        return len >= f->len && memcmp(text + len - f->len, f->text, f->len) == 0 ? text + len - f->len
                                                                                  : NULL;
    case HOW_HAS:
        return strstr(text, f->text);
    }
    return NULL;
}

gboolean sv_wa_phrase_find(SvWaKind kind, const char *folded, const char **cut, gsize *n)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, load, NULL);
    gsize len = strlen(folded);
    for (guint i = 0; i < phrases[kind]->len; i++) {
        const Phrase *f = &g_array_index(phrases[kind], Phrase, i);
        const char *at = match(f, folded, len);
        if (!at)
            continue;
        if (cut)
            *cut = at;
        if (n)
            *n = f->len;
        return TRUE;
    }
    return FALSE;
}
