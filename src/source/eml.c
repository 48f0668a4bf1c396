/* A file that is one letter (.eml, a file of a Maildir): see source.h.
 *
 * How it works: the probe counts fields that letters have in a well-formed header block at the beginning;
 * reading is letter.c's. Files saved as UTF-16 are brought to UTF-8 first.
 *
 * It keeps true: a text that only looks like "Name: value" lines is not taken for a letter. It does not read
 * Outlook's own binary .msg and .pst. */
#include "charset.h"
#include "intake.h"
#include "letter.h"
#include <string.h>

/* The letter without byte order marks, empty lines and a separator line that stand before its header. */
static void skip_lead(const char **bytes, gsize *len)
{
    const char *p = *bytes, *end = p + *len;
    if (*len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    *bytes = p;
    *len = (gsize)(end - p);
}

/* UTF-16 as UTF-8; NULL when the bytes are not UTF-16. */
static char *widened(const char *bytes, gsize len)
{
    const char *charset = len >= 8 ? sv_charset_guess(bytes, MIN(len, 4096u)) : "";
    return g_str_has_prefix(charset, "UTF-16") ? sv_charset_to_utf8(bytes, len, charset) : NULL;
}

static int eml_probe(const SvInput *input)
{
    const char *bytes = input->bytes;
    gsize len = input->len;
    g_autofree char *utf8 = widened(bytes, MIN(len, 16u << 10));
    if (utf8) {
        bytes = utf8;
        len = strlen(utf8);
    }
    skip_lead(&bytes, &len);
    guint known = sv_letter_probe(bytes, len);
    return known >= 4 ? 85 : known >= 2 ? 70 : 0;
}

static gboolean eml_read(const SvInput *input, SvHistory *history, SvReport *report, GError **error)
{
    const char *bytes = input->bytes;
    gsize len = input->len;
    g_autofree char *utf8 = widened(bytes, len);
    if (utf8) {
        bytes = utf8;
        len = strlen(utf8);
    }
    skip_lead(&bytes, &len);
    SvLetterContext context = {.input = input, .zone = history->zone};
    g_autoptr(SvReport) own = sv_report_new();
    SvMessage *m = sv_letter_parse(bytes, len, &context, own);
    if (!m)
        return sv_intake_fail(error, SV_ERROR_INPUT, input, NULL, "no header of a letter was found",
            "Export the letter with its header");
    for (guint i = 0; i < own->problems->len; i++) {
        const SvProblem *p = g_ptr_array_index(own->problems, i);
        sv_report_add(report, p->code, p->file, p->place, p->reason, p->remedy);
    }
    sv_intake_add(history, m, input, report);
    return TRUE;
}

const SvSource sv_source_eml = {"eml", 85, eml_probe, eml_read};
