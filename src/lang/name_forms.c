/* Case forms and parts of names: see name_forms.h.
 *
 * The dictionary is asked first (Пётр, Лев, Павел change their stem); a name that it does not know as a name
 * is inflected by its ending, the way Russian treats foreign names: women's names in a consonant stay. */
#include "name_forms.h"
#include <string.h>
#include "fold.h"
#include "lists.h"
#include "utf8.h"

typedef struct {
    const char *ending,
        *tails[5]; /* genitive dative accusative instrumental prepositional; NULL ends the table */
    guint8 genders;                /* 1 men, 2 women */
    guint8 parts;                  /* bits of SvNamePart */
} Ending;

#define FIRST 1
#define LAST 2
#define PATR 4

static const Ending endings[] = {{"ов", {"ова", "ову", "ова", "овым", "ове"}, 1, LAST},
    {"ев", {"ева", "еву", "ева", "евым", "еве"}, 1, LAST},
    {"ёв", {"ёва", "ёву", "ёва", "ёвым", "ёве"}, 1, LAST},
    {"ин", {"ина", "ину", "ина", "иным", "ине"}, 1, LAST},
    {"ын", {"ына", "ыну", "ына", "ыным", "ыне"}, 1, LAST},
    {"ова", {"овой", "овой", "ову", "овой", "овой"}, 2, LAST},
    {"ева", {"евой", "евой", "еву", "евой", "евой"}, 2, LAST},
    {"ёва", {"ёвой", "ёвой", "ёву", "ёвой", "ёвой"}, 2, LAST},
    {"ина", {"иной", "иной", "ину", "иной", "иной"}, 2, LAST},
    {"ына", {"ыной", "ыной", "ыну", "ыной", "ыной"}, 2, LAST},
    {"кий", {"кого", "кому", "кого", "ким", "ком"}, 1, LAST},
    {"ный", {"ного", "ному", "ного", "ным", "ном"}, 1, LAST},
    {"ый", {"ого", "ому", "ого", "ым", "ом"}, 1, LAST}, {"ой", {"ого", "ому", "ого", "ым", "ом"}, 1, LAST},
    {"ая", {"ой", "ой", "ую", "ой", "ой"}, 2, LAST}, {"вна", {"вны", "вне", "вну", "вной", "вне"}, 2, PATR},
    {"чна", {"чны", "чне", "чну", "чной", "чне"}, 2, PATR},
    {"ьич", {"ьича", "ьичу", "ьича", "ьичом", "ьиче"}, 1, PATR},
    {"ич", {"ича", "ичу", "ича", "ичем", "иче"}, 1, PATR | FIRST | LAST},
    {"ия", {"ии", "ии", "ию", "ией", "ии"}, 3, FIRST | LAST},
    {"ий", {"ия", "ию", "ия", "ием", "ии"}, 1, FIRST | LAST},
    {"ка", {"ки", "ке", "ку", "кой", "ке"}, 3, FIRST | LAST},
    {"га", {"ги", "ге", "гу", "гой", "ге"}, 3, FIRST | LAST},
    {"ха", {"хи", "хе", "ху", "хой", "хе"}, 3, FIRST | LAST},
    {"ша", {"ши", "ше", "шу", "шей", "ше"}, 3, FIRST | LAST},
    {"жа", {"жи", "же", "жу", "жей", "же"}, 3, FIRST | LAST},
    {"ча", {"чи", "че", "чу", "чей", "че"}, 3, FIRST | LAST},
    {"а", {"ы", "е", "у", "ой", "е"}, 3, FIRST | LAST}, {"я", {"и", "е", "ю", "ей", "е"}, 3, FIRST | LAST},
    {"й", {"я", "ю", "я", "ем", "е"}, 1, FIRST | LAST}, {"ь", {"я", "ю", "я", "ем", "е"}, 1, FIRST | LAST},
    {"ь", {"и", "и", "ь", "ью", "и"}, 2, FIRST}};

static guint case_index(int gram_case)
{
    switch (gram_case) {
    case SV_GR_GENT:
        return 0;
    case SV_GR_DATV:
        return 1;
    case SV_GR_ACCS:
        return 2;
    case SV_GR_ABLT:
        return 3;
    default:
        return 4;
    }
}

static gboolean by_ending(
    const char *word, SvNamePart part, gboolean female, guint which, char *buf, gsize size)
{
    gsize len = strlen(word);
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        const Ending *e = &endings[i];
        gsize n = strlen(e->ending);
        if (!(e->genders & (female ? 2 : 1)) || !(e->parts & 1u << part) || len <= n ||
            strcmp(word + len - n, e->ending) != 0)
            continue;
        return (gsize)g_snprintf(buf, size, "%.*s%s", (int)(len - n), word, e->tails[which]) < size;
    }
    static const char hard[] = "бвгджзклмнпрстфхцчшщ";
    static const char *const tails[] = {"а", "у", "а", "ом", "е"};
    static const char *const soft[] = {"а", "у", "а", "ем", "е"};
    gsize last = len >= 2 ? sv_utf8_floor(word, len - 1) : 0;
    const char *at = last > 0 && len - last == 2 ? strstr(hard, word + last) : NULL;
    if (female || !at)
        return FALSE;
    gboolean hushing = strstr("жцчшщ", word + last) != NULL;
    return (gsize)g_snprintf(buf, size, "%s%s", word, hushing ? soft[which] : tails[which]) < size;
}

static const SvGram part_grams[] = {
    [SV_NAME_FIRST] = SV_G(SV_GR_NAME), [SV_NAME_LAST] = SV_G(SV_GR_SURN), [SV_NAME_PATR] = SV_G(SV_GR_PATR)};

/* Puts the capital letters of `like` on the start of a lower-case word. */
static void capitalise(char *word, gsize size)
{
    guint n;
    gunichar c = sv_utf8_get(word, word + strlen(word), &n);
    char head[8];
    gint k = g_unichar_to_utf8(g_unichar_toupper(c), head);
    if ((guint)k == n && strlen(word) < size)
        memcpy(word, head, n);
}

#define READINGS 16u

static guint name_readings(const SvMorph *m, const char *word, SvReading r[READINGS])
{
    return m && !strchr(word, '-') ? sv_morph_read(m, word, strlen(word), r, READINGS) : 0;
}

static gboolean by_dictionary(const SvMorph *m, const SvReading *r, guint n, SvNamePart part, gboolean female,
    int gram_case, char *buf, gsize size)
{
    SvGram need =
        part_grams[part] | SV_G(SV_GR_NOMN) | SV_G(SV_GR_SING) | SV_G(female ? SV_GR_FEMN : SV_GR_MASC);
    for (guint i = 0; i < n; i++) {
        SvGram want =
            SV_G(gram_case) | SV_G(SV_GR_SING) | SV_G(female ? SV_GR_FEMN : SV_GR_MASC) | part_grams[part];
        if (r[i].predicted || (r[i].tag & need) != need || (r[i].tag & SV_G(SV_GR_RARE)) ||
            !sv_morph_inflect(m, &r[i], want, buf, size))
            continue;
        capitalise(buf, size);
        return TRUE;
    }
    return FALSE;
}

gboolean sv_name_form(const SvMorph *m, const char *word, SvNamePart part, gboolean female, int gram_case,
    char *buf, gsize size)
{
    SvReading r[READINGS];
    guint n = name_readings(m, word, r);
    return by_dictionary(m, r, n, part, female, gram_case, buf, size) ||
           by_ending(word, part, female, case_index(gram_case), buf, size);
}

void sv_name_cases(const SvMorph *m, const char *word, SvNamePart part, gboolean female,
    char forms[SV_NAME_CASES][SV_NAME_FORM])
{
    static const int cases[SV_NAME_CASES] = {SV_GR_GENT, SV_GR_DATV, SV_GR_ACCS, SV_GR_ABLT, SV_GR_LOCT};
    SvReading r[READINGS];
    guint n = name_readings(m, word, r);
    for (guint i = 0; i < SV_NAME_CASES; i++)
        if (!by_dictionary(m, r, n, part, female, cases[i], forms[i], SV_NAME_FORM) &&
            !by_ending(word, part, female, i, forms[i], SV_NAME_FORM))
            forms[i][0] = 0;
}

static gboolean ends_with_any(const char *word, const char *const *tails)
{
    for (; *tails; tails++)
        if (g_str_has_suffix(word, *tails) && strlen(word) > strlen(*tails) + 2)
            return TRUE;
    return FALSE;
}

gboolean sv_name_is_patronymic(const char *w)
{
    static const char *const tails[] = {"ович", "евич", "овича", "евича", "овичу", "евичу", "овичем",
        "евичем", "овиче", "евиче", "овна", "евна", "овны", "евны", "овне", "евне", "овну", "евну", "овной",
        "евной", "ична", "ичны", "ичне", "ичну", "ичной", "улы", "ұлы", "кызы", "қызы", NULL};
    return ends_with_any(w, tails);
}

gboolean sv_name_like_surname(const char *w)
{
    static const char *const tails[] = {"ов", "ев", "ова", "ева", "ову", "еву", "овой", "евой", "овым",
        "евым", "ове", "еве", "ский", "ская", "ского", "скому", "ской", "скую", "ским", "цкий", "цкая",
        "цкого", "енко", "чук", "щук", "юк", "швили", "дзе", "янц", NULL};
    static const char *const in_tails[] = {"ин", "ына", "ина", "ину", "иной", "иным", NULL};
    return ends_with_any(w, tails) || (strlen(w) > 10 && ends_with_any(w, in_tails));
}

static gboolean has_gram(const SvMorph *m, const char *word, SvGram need)
{
    SvReading r[16];
    guint n = m ? sv_morph_read(m, word, strlen(word), r, G_N_ELEMENTS(r)) : 0;
    for (guint i = 0; i < n; i++)
        if (!r[i].predicted && (r[i].tag & need) == need)
            return TRUE;
    return FALSE;
}

gboolean sv_name_is_female(const SvMorph *m, char *const *words, const SvNamePart *parts, guint n)
{
    for (guint i = 0; i < n; i++)
        if (parts[i] == SV_NAME_PATR)
            return g_str_has_suffix(words[i], "на") || g_str_has_suffix(words[i], "ызы");
    for (guint i = 0; i < n; i++) {
        static const char *const women[] = {"ова", "ева", "ёва", "ина", "ская", "цкая", NULL};
        static const char *const men[] = {"ов", "ев", "ёв", "ин", "ский", "цкий", NULL};
        if (parts[i] != SV_NAME_LAST)
            continue;
        if (ends_with_any(words[i], women))
            return TRUE;
        if (ends_with_any(words[i], men))
            return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        if (parts[i] != SV_NAME_FIRST)
            continue;
        SvGram name = SV_G(SV_GR_NAME) | SV_G(SV_GR_NOMN) | SV_G(SV_GR_SING);
        if (has_gram(m, words[i], name | SV_G(SV_GR_MASC)))
            return FALSE;
        return has_gram(m, words[i], name | SV_G(SV_GR_FEMN)) || g_str_has_suffix(words[i], "а") ||
               g_str_has_suffix(words[i], "я") || g_str_has_suffix(words[i], "уль") ||
               g_str_has_suffix(words[i], "ель");
    }
    return FALSE;
}

static gboolean is_first_name(const SvMorph *m, const char *word)
{
    char key[96];
    if (has_gram(m, word, SV_G(SV_GR_NAME) | SV_G(SV_GR_NOMN)))
        return TRUE;
    return sv_fold_into(word, strlen(word), key, sizeof key) && sv_name_shorts(key) != NULL;
}

guint sv_name_parts(const SvMorph *m, const char *name, char **words, SvNamePart *parts, guint max)
{
    g_auto(GStrv) split = g_strsplit_set(name, " \t\n,.", -1);
    guint n = 0, patr = G_MAXUINT;
    for (guint i = 0; split[i] && n < max; i++) {
        char key[96];
        if (!split[i][0] || strlen(split[i]) > 80)
            continue;
        parts[n] = n == 0 ? SV_NAME_FIRST : SV_NAME_LAST;
        if (n > 0 && patr == G_MAXUINT && sv_fold_into(split[i], strlen(split[i]), key, sizeof key) &&
            sv_name_is_patronymic(key)) {
            parts[n] = SV_NAME_PATR;
            patr = n;
        }
        words[n++] = g_strdup(split[i]);
    }
    gboolean comma = strchr(name, ',') != NULL;
    gboolean last_first = patr == 2 || comma;
    if (patr == G_MAXUINT && n == 2 && !comma) {
        char key[96] = "";
        sv_fold_into(words[0], strlen(words[0]), key, sizeof key);
        last_first = is_first_name(m, words[1]) && (!is_first_name(m, words[0]) || sv_name_like_surname(key));
    }
    if (last_first && n >= 2) {
        parts[0] = SV_NAME_LAST;
        parts[1] = SV_NAME_FIRST;
    }
    return n;
}

static void relate(GHashTable *table, const char *from, const char *to)
{
    GPtrArray *list = g_hash_table_lookup(table, from);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(table, g_strdup(from), list);
    }
    g_ptr_array_add(list, g_strdup(to));
}

static void add_short(const SvListLine *line, gpointer user)
{
    g_auto(GStrv) shorts = g_strsplit(line->field[1], " ", -1);
    for (guint i = 0; shorts[i]; i++) {
        if (!shorts[i][0])
            continue;
        relate(user, line->field[0], shorts[i]);
        relate(user, shorts[i], line->field[0]);
    }
}

const GPtrArray *sv_name_shorts(const char *folded)
{
    static gsize once;
    static GHashTable *table;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new(g_str_hash, g_str_equal);
        sv_list_visit("diminutives.tsv", add_short, table);
        g_once_init_leave(&once, 1);
    }
    return g_hash_table_lookup(table, folded);
}
