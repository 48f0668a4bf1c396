/* What kind of letter or chat line it is, by its own words: see clean.h; phrases in data/message/kind.tsv.
 *
 * Only the beginning and the end are read: that is where auto-replies and newsletters say what they are, and
 * a person who mentions an unsubscribe button in the middle of a letter is no newsletter. */
#include "clean.h"
#include <string.h>
#include "phrases.h"
#include "utf8.h"

enum { AUTO_SUBJECT, AUTO_START, BULK_SUBJECT, BULK, BULK_LINE, SYSTEM };
static const char *const classes[] = {
    "auto-subject", "auto-start", "bulk-subject", "bulk", "bulk-line", "system", NULL};
enum { AFTER, BEFORE };
static const char *const chat_classes[] = {"tail", "head", NULL};
#define HEAD 400 /* bytes of the beginning */
#define FOOT 400 /* bytes of the end */

static const SvPhrases *phrases(void)
{
    static const SvPhrases *p;
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("kind.tsv", classes));
    return p;
}

static const SvPhrases *chat_phrases(void)
{
    static const SvPhrases *p;
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("chat.tsv", chat_classes));
    return p;
}

static guint subject_flags(const char *subject)
{
    g_autoptr(GString) f = g_string_new(NULL);
    sv_phrases_fold(subject, MIN(strlen(subject), 300), f);
    gsize n = 0;
    const char *s = f->str + strspn(f->str, " [(");
    gsize len = f->len - (gsize)(s - f->str);
    if (sv_phrases_start(phrases(), 1u << BULK_SUBJECT, s, len, NULL) >= 0)
        return SV_MESSAGE_BULK;
    if (sv_phrases_start(phrases(), 1u << AUTO_SUBJECT, s, len, &n) < 0)
        return 0;
    /* short words such as "read" mean it only with a colon: "Read: Order 14" */
    gboolean short_word = !memchr(s, ' ', n) && !memchr(s, '-', n) && n <= 18;
    return !short_word || n >= len || s[n] == ':' ||
                   memcmp(s, "автоответ", MIN(n, strlen("автоответ"))) == 0 ||
                   memcmp(s, "undeliver", MIN(n, 9)) == 0
               ? SV_MESSAGE_AUTO
               : 0;
}

/* A phrase of newsletters anywhere, or a line that is nothing but "unsubscribe". */
static gboolean says_bulk(const GString *f)
{
    if (sv_phrases_any(phrases(), 1u << BULK | 1u << BULK_LINE, f->str, f->len, NULL) < 0)
        return FALSE; /* nearly every letter */
    if (sv_phrases_any(phrases(), 1u << BULK, f->str, f->len, NULL) >= 0)
        return TRUE;
    for (const char *p = f->str, *end = f->str + f->len; p < end;) {
        const char *nl = memchr(p, '\n', (gsize)(end - p));
        gsize n = (gsize)((nl ? nl : end) - p);
        if (sv_phrases_whole(phrases(), 1u << BULK_LINE, p, n) >= 0)
            return TRUE;
        p += n + 1;
    }
    return FALSE;
}

guint sv_clean_kind(const char *subject, const char *own, gsize len)
{
    guint flags = subject ? subject_flags(subject) : 0;
    g_autoptr(GString) f = g_string_new(NULL);
    gsize head = len <= HEAD ? len : sv_utf8_floor(own, HEAD);
    sv_phrases_fold(own, head, f);
    /* the phrase opens the letter, or its second sentence or line after a greeting */
    gboolean start = TRUE;
    for (gsize i = 0; i < f->len && i < 200; i++) {
        if (start && f->str[i] != ' ' && f->str[i] != '\n') {
            if (sv_phrases_start(phrases(), 1u << AUTO_START, f->str + i, f->len - i, NULL) >= 0)
                flags |= SV_MESSAGE_AUTO;
            start = FALSE;
        }
        char c = f->str[i];
        start |= c == '!' || c == '.' || c == ',' || c == '\n' || !c;
    }
    if (says_bulk(f))
        flags |= SV_MESSAGE_BULK;
    if (len > head) {
        gsize from = MAX(head, len > FOOT ? len - FOOT : 0);
        while (from < len && ((guchar)own[from] & 0xC0) == 0x80)
            from++;
        g_string_truncate(f, 0);
        sv_phrases_fold(own + from, len - from, f);
        if (says_bulk(f))
            flags |= SV_MESSAGE_BULK;
    }
    return flags;
}

gboolean sv_clean_is_system(const char *text, gsize len)
{
    if (len > 600)
        return FALSE;
    g_autoptr(GString) f = g_string_new(NULL);
    sv_phrases_fold(text, len, f);
    const char *s = f->str + strspn(f->str, " ");
    return sv_phrases_start(phrases(), 1u << SYSTEM, s, f->len - (gsize)(s - f->str), NULL) >= 0;
}

/* Bytes of a mark at the end of the text, 0 when there is none. */
static gsize tail_mark(const char *text, gsize len)
{
    gsize from = len > 80 ? len - 80 : 0;
    char close = len ? text[len - 1] : 0;
    if (close != '>' && close != ')')
        return 0;
    for (gsize i = len; i-- > from;) {
        if (text[i] != (close == '>' ? '<' : '('))
            continue;
        g_autoptr(GString) f = g_string_new(NULL);
        sv_phrases_fold(text + i, len - i, f);
        return sv_phrases_whole(chat_phrases(), 1u << AFTER, f->str, f->len) >= 0 ? len - i : 0;
    }
    return 0;
}

/* Bytes of a first line that is nothing but a mark. */
static gsize head_mark(const char *text, gsize len)
{
    const char *nl = memchr(text, '\n', MIN(len, 100));
    if (!nl)
        return 0;
    g_autoptr(GString) f = g_string_new(NULL);
    sv_phrases_fold(text, (gsize)(nl - text), f);
    g_strstrip(f->str);
    gsize n = strlen(f->str);
    while (n && strchr(": ", f->str[n - 1]))
        n--;
    return sv_phrases_whole(chat_phrases(), 1u << BEFORE, f->str, n) >= 0 ? (gsize)(nl - text) + 1 : 0;
}

static gboolean is_edge(const char *p, const char *end, guint *n)
{
    gunichar c = sv_utf8_get(p, end, n);
    return c <= ' ' || c == 0xA0 || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202F);
}

static void trim(const char **text, gsize *len)
{
    guint n;
    while (*len && is_edge(*text, *text + *len, &n)) {
        *text += n;
        *len -= n;
    }
    while (*len) {
        gsize at = sv_utf8_floor(*text, *len - 1);
        if (!is_edge(*text + at, *text + *len, &n) || at + n != *len)
            break;
        *len = at;
    }
}

SvRaw sv_clean_chat(const char *text, gsize len, guint *flags)
{
    trim(&text, &len);
    gsize n = tail_mark(text, len);
    if (n) {
        *flags |= SV_MESSAGE_EDITED;
        len -= n;
        trim(&text, &len);
    }
    n = head_mark(text, len);
    if (n) {
        *flags |= SV_MESSAGE_FORWARDED;
        text += n;
        len -= n;
        trim(&text, &len);
    }
    return sv_raw_new(text, (gssize)len);
}
