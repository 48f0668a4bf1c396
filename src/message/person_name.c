/* Names of people: see person_name.h.
 *
 * Every word gets a key in one small alphabet in which the usual ways to write a Russian or Kazakh name in
 * Latin letters fall together: y, j, i and й are i; kh and х are h; zh and ж are j; ye and е are e; doubled
 * letters are one. Keys are for comparing, never for showing. */
#include "person_name.h"
#include <string.h>
#include "utf8.h"

/* а … я */
static const char *const cyrillic[32] = {"a", "b", "v", "g", "d", "e", "j", "z", "i", "i", "k", "l", "m", "n",
    "o", "p", "r", "s", "t", "u", "f", "h", "c", "4", "5", "6", "", "i", "", "e", "iu", "ia"};
static const struct {
    const char *from, *to;
} latin[] = {{"shch", "6"}, {"sch", "6"}, {"sh", "5"}, {"ch", "4"}, {"zh", "j"}, {"kh", "h"}, {"ts", "c"},
    {"tz", "c"}, {"ya", "ia"}, {"yu", "iu"}, {"yo", "e"}, {"ye", "e"}, {"ph", "f"}, {"ck", "k"}, {"w", "v"},
    {"x", "ks"}, {"y", "i"}, {"q", "k"}, {"c", "k"}};

#define KEY_MAX 22

/* Adds sounds to a key of n bytes, like ones once; its new length. */
static gsize key_add(char *key, gsize n, const char *s)
{
    for (; *s && n < KEY_MAX; s++)
        if (!n || key[n - 1] != *s)
            key[n++] = *s;
    key[n] = 0;
    return n;
}

static const char *cyrillic_key(gunichar c)
{
    if (c >= 0x430 && c <= 0x44F)
        return cyrillic[c - 0x430];
    switch (c) {
    case 0x451: case 0x454:
        return "e";
    case 0x4D9:
        return "a";
    case 0x493: case 0x491:
        return "g";
    case 0x49B:
        return "k";
    case 0x4A3:
        return "n";
    case 0x4E9:
        return "o";
    case 0x4B1: case 0x4AF:
        return "u";
    case 0x4BB:
        return "h";
    case 0x456: case 0x457:
        return "i";
    default:
        return "";
    }
}

/* Key of a Latin letter (or of several from here); returns how many bytes of lower it used. */
static gsize latin_key(const char *lower, char *key, gsize *n_key)
{
    for (guint i = 0; i < G_N_ELEMENTS(latin); i++) {
        if (*lower != *latin[i].from)
            continue;
        gsize n = strlen(latin[i].from);
        if (strncmp(lower, latin[i].from, n) == 0) {
            *n_key = key_add(key, *n_key, latin[i].to);
            return n;
        }
    }
    char one[2] = {*lower, 0};
    *n_key = key_add(key, *n_key, one);
    return 1;
}

static gunichar lower_of(gunichar c)
{
    if (c >= 0x410 && c <= 0x44F)
        return c < 0x430 ? c + 0x20 : c;
    return g_unichar_tolower(c);
}

static void make_key(const char *word, gsize len, char *key)
{
    char lower[48];
    gsize n = 0, n_key = 0;
    key[0] = 0;
    for (const char *p = word, *end = word + len; p < end;) {
        guint k;
        gunichar c = lower_of(sv_utf8_get(p, end, &k)), base;
        gunichar rest;
        p += k;
        if (c >= 0x80 && c < 0x250 && g_unichar_decompose(c, &base, &rest))
            c = g_unichar_tolower(base);
        if (c < 0x80) {
            if (n < sizeof lower - 1)
                lower[n++] = (char)c;
            if (p < end)
                continue;
        }
        lower[n] = 0;
        for (gsize i = 0; i < n;)
            i += latin_key(lower + i, key, &n_key);
        n = 0;
        if (c >= 0x80)
            n_key = key_add(key, n_key, cyrillic_key(c));
    }
}

static gboolean is_patronymic(const char *key)
{
    static const char *const ends[] = {"vi4", "vna", "i4na", "ili4", "ogli", "kizi", "uli"};
    gsize n = strlen(key);
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        gsize m = strlen(ends[i]);
        if (n > m + 1 && strcmp(key + n - m, ends[i]) == 0)
            return TRUE;
    }
    return n == 4 && strcmp(key, "ili4") == 0;
}

static void fill(const char *name, gsize from, gsize to, gboolean dot, SvNameToken *t)
{
    guint k;
    gunichar first = sv_utf8_get(name + from, name + to, &k);
    *t = (SvNameToken){.from = (guint32)from, .to = (guint32)to, .upper = g_unichar_isupper(first)};
    make_key(name + from, to - from, t->key);
    glong chars =
        to - from > 8 ? 3 : g_utf8_strlen(name + from, (gssize)(to - from)); /* three and more are alike */
    t->kind = chars == 1 || (dot && chars == 2) ? SV_NAME_INITIAL : SV_NAME_WORD;
}

static gboolean is_letter(gunichar c)
{
    return (c >= 0x410 && c <= 0x44F) || (c < 0x80 ? g_ascii_isalpha((char)c) : g_unichar_isalpha(c));
}

guint sv_name_tokens(const char *name, gsize len, SvNameToken *out)
{
    guint n = 0, words = 0;
    gsize from = 0;
    gboolean in = FALSE;
    for (gsize i = 0; i <= len && n < SV_NAME_TOKENS;) {
        guint k = 1;
        gunichar c = i < len ? sv_utf8_get(name + i, name + len, &k) : ' ';
        gboolean word = c != 0xFFFD && (is_letter(c) || (in && (c == '\'' || c == 0x2019 || c == '-')));
        if (word && !in)
            from = i;
        if (!word && in) {
            fill(name, from, i, c == '.', &out[n]);
            if (out[n].key[0])
                words += out[n++].kind == SV_NAME_WORD;
        }
        in = word;
        i += k;
    }
    for (guint i = 0; i < n && words >= 2; i++)
        if (out[i].kind == SV_NAME_WORD && i > 0 && is_patronymic(out[i].key))
            out[i].kind = words >= 3 || i + 1 == n ? SV_NAME_PATRONYMIC : SV_NAME_WORD;
    return n;
}

gboolean sv_name_token_fits(const SvNameToken *a, const SvNameToken *b)
{
    if (a->kind == SV_NAME_INITIAL || b->kind == SV_NAME_INITIAL) {
        gsize n = MIN(strlen(a->key), strlen(b->key));
        return n > 0 && strncmp(a->key, b->key, n) == 0;
    }
    return strcmp(a->key, b->key) == 0;
}

/* The first sound of a Russian letter at p; 0 when it has none or is another character. */
static char first_sound(const char *p, const char *end)
{
    guint n;
    gunichar c = p < end ? sv_utf8_get(p, end, &n) : 0;
    return c >= 0x410 && c <= 0x44F ? *cyrillic_key(lower_of(c)) : 0;
}

gboolean sv_name_begins(const char *text, gsize len, const SvNameToken *who, guint n_who)
{
    char sound = first_sound(text, text + len);
    gboolean same = !sound;
    for (guint i = 0; i < n_who && !same; i++)
        same = *who[i].key == sound;
    if (!same)
        return FALSE;
    const char *space = len > 4 ? memchr(text + 4, ' ', len - 4) : NULL;
    SvNameToken found[SV_NAME_TOKENS];
    if (!sv_name_tokens(text, space ? (gsize)(space - text) : len, found))
        return FALSE;
    for (guint i = 0; i < n_who; i++)
        if (sv_name_token_fits(&found[0], &who[i]))
            return TRUE;
    return FALSE;
}

/* Number of tokens of `few` that fit different tokens of `many`: words first, so that an initial does not
 * take the place of a word. */
static guint fit_tokens(const SvNameToken *few, guint n_few, const SvNameToken *many, guint n_many,
    guint *words)
{
    guint used = 0, fits = 0;
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < n_few; i++) {
            if ((few[i].kind == SV_NAME_INITIAL) != (pass == 1))
                continue;
            for (guint j = 0; j < n_many; j++) {
                if ((used >> j & 1) || !sv_name_token_fits(&few[i], &many[j]))
                    continue;
                used |= 1u << j;
                fits++;
                *words += few[i].kind != SV_NAME_INITIAL && many[j].kind != SV_NAME_INITIAL &&
                    few[i].kind != SV_NAME_PATRONYMIC;
                break;
            }
        }
    return fits;
}

static guint without_patronymics(const SvNameToken *t, guint n, SvNameToken *out)
{
    guint m = 0;
    for (guint i = 0; i < n; i++)
        if (t[i].kind != SV_NAME_PATRONYMIC)
            out[m++] = t[i];
    return m;
}

gboolean sv_name_same(const SvNameToken *a, guint n_a, const SvNameToken *b, guint n_b)
{
    SvNameToken few[SV_NAME_TOKENS], many[SV_NAME_TOKENS];
    const SvNameToken *pa = NULL, *pb = NULL;
    for (guint i = 0; i < n_a; i++)
        if (a[i].kind == SV_NAME_PATRONYMIC)
            pa = &a[i];
    for (guint i = 0; i < n_b; i++)
        if (b[i].kind == SV_NAME_PATRONYMIC)
            pb = &b[i];
    if (pa && pb && !sv_name_token_fits(pa, pb))
        return FALSE;
    guint n_few = without_patronymics(a, n_a, few), n_many = without_patronymics(b, n_b, many);
    guint words = 0, fits;
    if (n_few <= n_many)
        fits = fit_tokens(few, n_few, many, n_many, &words);
    else
        fits = fit_tokens(many, n_many, few, n_few, &words);
    guint least = MIN(n_few, n_many);
    /* "Козлова М. С." against "Мария Козлова": the second initial is the patronymic's and fits nothing */
    gboolean all = fits == least || (fits == 2 && least == 3 && words >= 1);
    /* "Мария Сергеевна" against the full name: first name and patronymic */
    if (pa && pb && words >= 1 && fits == least)
        return TRUE;
    return least >= 2 && all && words >= 1 && fits >= 2;
}
