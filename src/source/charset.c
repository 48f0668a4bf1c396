/* Charsets: see charset.h.
 *
 * How it works: one-byte charsets become tables of 128 code points, filled once through iconv, and a text is
 * then one table walk; all others go through iconv piece by piece. A declared name is believed unless the
 * bytes speak against it: invalid UTF-8, well-formed UTF-8 under a one-byte name, or Cyrillic statistics
 * under a wrong one. Guessing compares the few charsets that Russian mail really uses by the frequency and
 * case of their letters.
 *
 * It keeps true: the result is valid UTF-8 without NUL; time is linear in the input.
 * It does not detect charsets of languages that are neither Cyrillic nor Latin. */
#include "charset.h"
#include "utf8.h"
#include <string.h>

#define SAMPLE (16u << 10)         /* bytes that statistics look at */
#define DECLARED_SAMPLE (2u << 10) /* the same where a name was declared and only is checked */

typedef struct {
    const char *name;   /* for iconv */
    gboolean cyrillic;  /* takes part in the comparison of statistics */
    gsize once;
    gunichar high[128]; /* 0xFFFD: undefined */
} Table;

static Table tables[] = {
    {.name = "WINDOWS-1251", .cyrillic = TRUE},
    {.name = "KOI8-R", .cyrillic = TRUE},
    {.name = "IBM866", .cyrillic = TRUE},
    {.name = "ISO-8859-5", .cyrillic = TRUE},
    {.name = "KOI8-U", .cyrillic = TRUE},
    {.name = "MAC-CYRILLIC", .cyrillic = TRUE},
    {.name = "PT154", .cyrillic = TRUE},
    {.name = "RK1048", .cyrillic = TRUE},
    {.name = "WINDOWS-1252"},
    {.name = "ISO-8859-15"},
    {.name = "ISO-8859-2"},
    {.name = "WINDOWS-1250"},
    {.name = "WINDOWS-1254"},
    {.name = "ISO-8859-9"},
};
enum { T_1251, T_KOI8R, T_866, T_8859_5, T_KOI8U, T_MAC, T_PT154, T_RK1048, T_1252 };

/* Names as they are found in letters, letters and digits only, lower case. */
static const struct {
    const char *alias;
    int table;
} aliases[] = {
    {"windows1251", T_1251},
    {"cp1251", T_1251},
    {"xcp1251", T_1251},
    {"win1251", T_1251},
    {"win", T_1251},
    {"xwin1251", T_1251},
    {"ansi1251", T_1251},
    {"1251", T_1251},
    {"cswindows1251", T_1251},
    {"mswin1251", T_1251},
    {"windowscyrillic", T_1251},
    {"mscyrl", T_1251},
    {"koi8r", T_KOI8R},
    {"koi8", T_KOI8R},
    {"koi", T_KOI8R},
    {"cskoi8r", T_KOI8R},
    {"xkoi8r", T_KOI8R},
    {"cp866", T_866},
    {"ibm866", T_866},
    {"866", T_866},
    {"dos", T_866},
    {"dos866", T_866},
    {"alt", T_866},
    {"xcp866", T_866},
    {"csibm866", T_866},
    {"windows866", T_866},
    {"iso88595", T_8859_5},
    {"cyrillic", T_8859_5},
    {"iso885951988", T_8859_5},
    {"csisolatincyrillic", T_8859_5},
    {"koi8u", T_KOI8U},
    {"koi8ru", T_KOI8U},
    {"xmaccyrillic", T_MAC},
    {"maccyrillic", T_MAC},
    {"macintoshcyrillic", T_MAC},
    {"xmacukrainian", T_MAC},
    {"ptcp154", T_PT154},
    {"pt154", T_PT154},
    {"cp154", T_PT154},
    {"csptcp154", T_PT154},
    {"rk1048", T_RK1048},
    {"kz1048", T_RK1048},
    {"strk10482002", T_RK1048},
    {"cskz1048", T_RK1048},
    {"windows1252", T_1252},
    {"cp1252", T_1252},
    {"xcp1252", T_1252},
    {"ansi", T_1252},
    {"iso88591", T_1252},
    {"latin1", T_1252},
    {"xansi", T_1252},
    {"l1", T_1252},
    {"iso885915", T_1252 + 1},
    {"latin9", T_1252 + 1},
    {"iso88592", T_1252 + 2},
    {"latin2", T_1252 + 2},
    {"windows1250", T_1252 + 3},
    {"cp1250", T_1252 + 3},
    {"windows1254", T_1252 + 4},
    {"cp1254", T_1252 + 4},
    {"iso88599", T_1252 + 5},
    {"latin5", T_1252 + 5},
};

/* Letters and digits of the name in lower case: "X-CP1251" and "x_cp1251 " are one name. */
static void squeeze_name(const char *name, char out[40])
{
    gsize n = 0;
    for (const char *p = name; *p && n < 39; p++)
        if (g_ascii_isalnum(*p))
            out[n++] = g_ascii_tolower(*p);
    out[n] = 0;
}

static Table *table_get(int i)
{
    Table *t = &tables[i];
    if (!g_once_init_enter(&t->once))
        return t;
    GIConv cd = g_iconv_open("UCS-4LE", t->name);
    for (int b = 0; b < 128; b++) {
        char in = (char)(b + 128), *ip = &in;
        guint8 out[8] = {0};
        char *op = (char *)out;
        gsize in_left = 1, out_left = sizeof out;
        gunichar c = 0xFFFD;
        if (cd != (GIConv)-1 && g_iconv(cd, &ip, &in_left, &op, &out_left) != (gsize)-1 && out_left == 4)
            c = (gunichar)out[0] | (gunichar)out[1] << 8 | (gunichar)out[2] << 16;
        if (cd != (GIConv)-1)
            g_iconv(cd, NULL, NULL, NULL, NULL);
        t->high[b] = c;
    }
    if (cd != (GIConv)-1)
        g_iconv_close(cd);
    g_once_init_leave(&t->once, 1);
    return t;
}

static int table_find(const char *squeezed)
{
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++)
        if (strcmp(squeezed, aliases[i].alias) == 0)
            return aliases[i].table;
    return -1;
}

/* How much a Russian letter speaks for its text: ten times the binary logarithm of its frequency against that
 * of an even spread; а … я. */
static const gint8 letter_weight[32] = {
    14, -10, 5, -9, -1, 14, -18, -10, 12, -14, 2, 5, 0, 11, 18, -2,
    6, 8, 10, -3, -34, -16, -26, -12, -22, -30, -50, -7, -9, -34, -24, -6,
};

/* Points for a text read by a table: common letters give, capitals inside words and signs that no letter
 * holds take away. */
static gint64 table_score(const Table *t, const guchar *s, gsize len)
{
    gint64 score = 0;
    int upper_run = 0; /* capitals just before */
    gboolean after_lower = FALSE;
    for (gsize i = 0; i < len; i++) {
        gunichar c = s[i] < 0x80 ? s[i] : t->high[s[i] - 0x80];
        gboolean lower = c >= 0x430 && c <= 0x44F, upper = c >= 0x410 && c <= 0x42F;
        if (lower)
            score += letter_weight[c - 0x430] - (upper_run > 1 ? 40 : 0);
        else if (upper)
            score += letter_weight[c - 0x410] - (after_lower ? 40 : 0) - (upper_run > 0 ? 2 : 0);
        else if (c == 0xFFFD || (c >= 0x2500 && c <= 0x25FF) || (c >= 0x80 && c < 0xA0))
            score -= 60;
        else if (c >= 0x400 && c <= 0x52F)
            score -= c == 0x451 || (c == 0x401 && !after_lower) ? 0 : 20;
        else if (c > 0xA0 && c < 0x2000 && c != 0xAB && c != 0xBB && c != 0xB0 && c != 0xA7)
            score -= 20;
        after_lower = lower || (c < 0x80 && g_ascii_islower((char)c));
        upper_run = upper ? upper_run + 1 : 0;
    }
    return score;
}

/* Do high bytes stand alone between Latin letters, as é and ü do? */
static gboolean looks_latin(const guchar *s, gsize len)
{
    gsize high = 0, ascii = 0, runs = 0;
    for (gsize i = 0; i < len; i++) {
        if (s[i] < 0x80) {
            ascii += g_ascii_isalpha(s[i]);
            continue;
        }
        high++;
        runs += i > 0 && s[i - 1] >= 0x80;
    }
    return ascii > 5 * high && runs * 5 <= high;
}

static int best_table(const guchar *s, gsize len)
{
    static const int order[] = {T_1251, T_KOI8R, T_866, T_8859_5, T_MAC};
    int best = T_1251;
    gint64 most = G_MININT64;
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        gint64 score = table_score(table_get(order[i]), s, len);
        if (score > most) {
            most = score;
            best = order[i];
        }
    }
    if (looks_latin(s, len))
        return T_1252;
    return best;
}

/* UTF-16 without a mark: every second byte is the high byte of an ASCII or a Cyrillic character. */
static const char *guess_utf16(const guchar *s, gsize len)
{
    gsize n = MIN(len, 512u) / 2, le = 0, be = 0;
    if (n < 4)
        return NULL;
    for (gsize i = 0; i < n; i++) {
        guchar a = s[2 * i], b = s[2 * i + 1];
        be += (a == 0 && b != 0) || a == 4;
        le += (b == 0 && a != 0) || b == 4;
    }
    if (le * 10 >= n * 9 && le > be)
        return "UTF-16LE";
    if (be * 10 >= n * 9 && be > le)
        return "UTF-16BE";
    return NULL;
}

/* Is the text UTF-8 but for a character cut at its end and NUL bytes? Counts characters of several bytes, up
 * to 2. */
static gboolean is_utf8(const char *s, gsize len, gsize *n_wide)
{
    const char *end = s + len, *stop;
    *n_wide = 0;
    for (const char *p = s; p < end && *n_wide < 2; p++)
        *n_wide += (guchar)*p >= 0xC0;
    for (const char *p = s; p < end; p = stop + 1) { /* validation stops at a NUL, too */
        stop = sv_utf8_valid_to(p, end);
        if (stop < end && *stop != 0)
            return *n_wide > 1 && end - stop < 4 &&
                   g_utf8_get_char_validated(stop, end - stop) == (gunichar)-2;
    }
    return TRUE;
}

static const char *guess_mark(const guchar *s, gsize len)
{
    if (len >= 3 && s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF)
        return "UTF-8";
    if (len >= 2 && s[0] == 0xFF && s[1] == 0xFE)
        return "UTF-16LE";
    if (len >= 2 && s[0] == 0xFE && s[1] == 0xFF)
        return "UTF-16BE";
    return NULL;
}

const char *sv_charset_guess(const char *bytes, gsize len)
{
    gsize n_wide;
    const guchar *s = (const guchar *)bytes;
    const char *found = guess_mark(s, len);
    if (!found)
        found = guess_utf16(s, len);
    if (found)
        return found;
    if (is_utf8(bytes, len, &n_wide))
        return "UTF-8";
    return tables[best_table(s, MIN(len, SAMPLE))].name;
}

static void append_char(GString *out, gunichar c)
{
    char buf[6];
    if (c == 0)
        c = 0xFFFD;
    g_string_append_len(out, buf, g_unichar_to_utf8(c, buf));
}

static char *from_table(const Table *t, const char *bytes, gsize len)
{
    char *out = g_malloc(3 * len + 1), *o = out; /* the tables hold nothing above U+FFFF */
    for (const char *p = bytes, *end = bytes + len; p < end; p++) {
        guchar b = (guchar)*p;
        gunichar c = b < 0x80 ? b : t->high[b - 0x80];
        o += sv_utf8_put(c ? c : 0xFFFD, o);
    }
    *o = 0;
    return g_realloc(out, (gsize)(o - out) + 1);
}

/* Valid stretches are copied whole: most letters are one stretch. */
static char *from_utf8(const char *bytes, gsize len)
{
    GString *out = g_string_sized_new(len + 1);
    const char *p = bytes, *end = bytes + len;
    if (len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end) {
        const char *stop = sv_utf8_valid_to(p, end);
        g_string_append_len(out, p, stop - p);
        if (stop >= end)
            break;
        append_char(out, 0xFFFD);
        p = stop + 1;
    }
    return g_string_free(out, FALSE);
}

static char *from_utf16(const char *bytes, gsize len, gboolean big)
{
    const guchar *s = (const guchar *)bytes;
    GString *out = g_string_sized_new(len + 1);
    gunichar lead = 0;
    for (gsize i = 0; i + 1 < len; i += 2) {
        gunichar c = big ? (gunichar)s[i] << 8 | s[i + 1] : (gunichar)s[i + 1] << 8 | s[i];
        if (lead && c >= 0xDC00 && c <= 0xDFFF) {
            append_char(out, 0x10000 + ((lead - 0xD800) << 10) + (c - 0xDC00));
            lead = 0;
            continue;
        }
        if (lead)
            append_char(out, 0xFFFD);
        lead = 0;
        if (c >= 0xD800 && c <= 0xDBFF)
            lead = c;
        else if (c >= 0xDC00 && c <= 0xDFFF)
            append_char(out, 0xFFFD);
        else if (c != 0xFEFF || i > 0)
            append_char(out, c);
    }
    if (lead || len % 2)
        append_char(out, 0xFFFD);
    return g_string_free(out, FALSE);
}

/* Charsets left to iconv. A closed list, because some of its converters have looped or aborted on hostile
 * bytes. */
static const char *foreign_find(const char *squeezed)
{
    static const char *const names[][2] = {
        {"utf7", "UTF-7"},
        {"unicode11utf7", "UTF-7"},
        {"gb2312", "GB18030"},
        {"gbk", "GB18030"},
        {"cp936", "GB18030"},
        {"gb18030", "GB18030"},
        {"big5", "BIG5"},
        {"shiftjis", "SHIFT_JIS"},
        {"sjis", "SHIFT_JIS"},
        {"eucjp", "EUC-JP"},
        {"iso2022jp", "ISO-2022-JP"},
        {"euckr", "EUC-KR"},
        {"ksc56011987", "EUC-KR"},
        {"koi8t", "KOI8-T"},
        {"iso88593", "ISO-8859-3"},
        {"iso88594", "ISO-8859-4"},
        {"iso88596", "ISO-8859-6"},
        {"iso88597", "ISO-8859-7"},
        {"iso88598", "ISO-8859-8"},
        {"iso885910", "ISO-8859-10"},
        {"iso885913", "ISO-8859-13"},
        {"windows1253", "WINDOWS-1253"},
        {"windows1255", "WINDOWS-1255"},
        {"windows1256", "WINDOWS-1256"},
        {"windows1257", "WINDOWS-1257"},
        {"cp1257", "WINDOWS-1257"},
        {"cp850", "CP850"},
        {"ibm850", "CP850"},
        {"ibm855", "IBM855"},
        {"cp855", "IBM855"},
        {"utf32", "UTF-32"},
        {"utf32le", "UTF-32LE"},
        {"utf32be", "UTF-32BE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(squeezed, names[i][0]) == 0)
            return names[i][1];
    return NULL;
}

static char *from_iconv(const char *bytes, gsize len, const char *name)
{
    GIConv cd = g_iconv_open("UTF-8", name);
    if (cd == (GIConv)-1)
        return NULL;
    g_autoptr(GString) out = g_string_sized_new(len * 2 + 16);
    char buf[4096], *in = (char *)bytes;
    gsize left = len;
    while (left > 0) {
        char *op = buf;
        gsize out_left = sizeof buf, before = left;
        gsize r = g_iconv(cd, &in, &left, &op, &out_left);
        g_string_append_len(out, buf, op - buf);
        if (r != (gsize)-1)
            break;
        if (op == buf && before == left) { /* stuck on a byte that has no meaning */
            append_char(out, 0xFFFD);
            in++;
            left--;
            g_iconv(cd, NULL, NULL, NULL, NULL);
        }
    }
    g_iconv_close(cd);
    return from_utf8(out->str, out->len);
}

/* A declared one-byte table against the bytes: the table that shall be used. */
static int table_check(int declared, const guchar *s, gsize len)
{
    gsize high = 0;
    len = MIN(len, DECLARED_SAMPLE);
    for (gsize i = 0; i < len; i++)
        high += s[i] >= 0x80;
    if (high == 0)
        return declared;
    if (!tables[declared].cyrillic) {
        /* Latin text has few high bytes; many of them are Cyrillic sent under a careless name. */
        int best = best_table(s, len);
        return !looks_latin(s, len) && high >= 4 && table_score(table_get(best), s, len) > 0 ? best
                                                                                             : declared;
    }
    if (declared > T_8859_5 || high < 12)
        return declared;
    int best = best_table(s, len);
    if (best == declared || best > T_8859_5)
        return declared;
    gint64 mine = table_score(table_get(declared), s, len), other = table_score(table_get(best), s, len);
    return other > mine + (gint64)(6 * high) ? best : declared;
}

char *sv_charset_to_utf8(const char *bytes, gsize len, const char *charset)
{
    char name[40] = "";
    gsize n_wide = 0;
    if (charset)
        squeeze_name(charset, name);
    if (strcmp(name, "utf8") == 0 && sv_utf8_valid_to(bytes, bytes + len) == bytes + len) {
        gsize mark_len = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* nearly every text */
        char *copy = g_malloc(len - mark_len + 1);
        memcpy(copy, bytes + mark_len, len - mark_len);
        copy[len - mark_len] = 0;
        return copy;
    }
    gboolean utf8 = is_utf8(bytes, len, &n_wide);
    const char *mark = guess_mark((const guchar *)bytes, len);
    if (g_str_has_prefix(name, "utf16") || g_str_has_prefix(name, "ucs2") ||
        g_str_has_prefix(name, "unicode") || !*name || (mark && mark[4] == '1')) {
        const char *found = mark ? mark : guess_utf16((const guchar *)bytes, len);
        if (found && g_str_has_prefix(found, "UTF-16"))
            return from_utf16(bytes, len, g_str_has_suffix(found, "BE"));
        if (g_str_has_prefix(name, "utf16") && !(utf8 && n_wide > 0))
            return from_utf16(bytes, len, !g_str_has_suffix(name, "le"));
    }
    int table = table_find(name);
    gboolean known_utf8 =
        strstr(name, "utf8") != NULL || strcmp(name, "usascii") == 0 || strcmp(name, "ascii") == 0;
    if (utf8 && (known_utf8 || !*name || table >= 0) && (table < 0 || n_wide != 1))
        return from_utf8(bytes, len);
    if (table >= 0)
        return from_table(table_get(table_check(table, (const guchar *)bytes, len)), bytes, len);
    const char *foreign = foreign_find(name);
    char *made = foreign ? from_iconv(bytes, len, foreign) : NULL;
    if (made)
        return made;
    if (utf8)
        return from_utf8(bytes, len);
    /* Nearly all of it UTF-8: a broken byte or two must not turn the rest to noise. */
    g_autofree char *cleaned = from_utf8(bytes, len);
    gsize bad = 0, high = 0;
    for (const char *p = cleaned; (p = strstr(p, "\xEF\xBF\xBD")); p += 3)
        bad++;
    for (gsize i = 0; i < len; i++)
        high += (guchar)bytes[i] >= 0x80;
    if (bad * 8 <= high)
        return g_steal_pointer(&cleaned);
    return from_table(table_get(best_table((const guchar *)bytes, MIN(len, SAMPLE))), bytes, len);
}
