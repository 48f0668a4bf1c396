/* Small surgery on sentences: see phrase.h. Words are looked at folded; what is cut is cut at word borders.
 */
#include "phrase.h"
#include "sentence.h"
#include "utf8.h"
#include <string.h>

static const char *const greetings[] = {"добрый день", "добрый вечер", "доброе утро", "доброго дня",
    "здравствуйте", "приветствую", "привет", "салам", "добрый", "уважаемые коллеги", "коллеги", "спасибо",
    "благодарю", "рахмет", "good morning", "good afternoon", "morning", "hello", "hi", "hey", "dear",
    "thanks", "thank you", "cheers", NULL};
static const char *const leaning[] = {"это", "этого", "этим", "этот", "эта", "эти", "там", "тут", "она", "он",
    "они", "оно", "её", "ее", "его", "их", "туда", "тогда", "поэтому", "иначе", "тоже", "такой", "такая",
    "такое", "то", "тот", "та", "те", "в нём", "и", "а", "но", "it", "that", "this", "they", "he", "she",
    "those", "these", "there", "then", "so", "and", "but", "which", "otherwise", "same", NULL};
static const char *const fillers[] = {"ну", "эээ", "ээ", "э", "эм", "мм", "ммм", "как бы", "это самое",
    "так сказать", "в общем-то", "вот", "значит", "короче", "типа", "um", "uh", "er", "erm", "you know",
    "i mean", "sort of", "kind of", NULL};

/* Length in bytes of the phrase of `list` that the folded text begins with at a word border; 0 for none. */
static gsize starts_with(const char *folded, const char *const *list)
{
    gsize best = 0;
    for (; *list; list++) {
        gsize n = strlen(*list);
        if (n <= best || strncmp(folded, *list, n) != 0)
            continue;
        guint k;
        gunichar next = folded[n] ? sv_utf8_get(folded + n, folded + strlen(folded), &k) : 0;
        if (!next || !sv_utf8_is_word(next))
            best = n;
    }
    return best;
}

gboolean sv_phrase_is_greeting(const char *text, gsize len)
{
    if (len > 120)
        return FALSE;
    g_autofree char *folded = sv_utf8_fold(text, (gssize)len);
    gsize n = starts_with(folded, greetings);
    return n && g_utf8_strlen(folded + n, -1) < 32;
}

gboolean sv_phrase_leans(const char *text, gsize len)
{
    g_autofree char *folded = sv_utf8_fold(text, (gssize)MIN(len, sv_utf8_floor(text, MIN(len, 48))));
    return starts_with(folded, leaning) > 0;
}

/* Is the folded word one of the first parts of a name? */
static gboolean has_name_part(const char *name, const char *folded_word)
{
    gsize len = strlen(folded_word);
    for (guint k = 0; name && len > 2 && k < 4; k++) {
        const char *space = k < 3 ? strchr(name, ' ') : NULL;
        gsize n = space ? (gsize)(space - name) : strlen(name);
        if (n >= len) { /* folding never makes a word longer */
            g_autofree char *part = sv_utf8_fold(name, (gssize)n);
            if (g_str_equal(part, folded_word))
                return TRUE;
        }
        name = space ? space + 1 : NULL;
    }
    return FALSE;
}

/* Does [p, end) begin with a part of somebody's name, and is it no longer than an address? */
static gboolean is_address(const char *p, const char *end, const SvHistory *history)
{
    g_autofree char *part = sv_utf8_fold(p, end - p);
    g_auto(GStrv) words = g_strsplit_set(part, " ", 5);
    gboolean known = FALSE;
    guint n = g_strv_length(words);
    if (!n || n > 4)
        return FALSE;
    for (guint i = 0; i < history->people->len && !known; i++) {
        const SvPerson *person = g_ptr_array_index(history->people, i);
        known = has_name_part(person->name, words[0]);
        for (guint k = 0; k < person->aliases->len && !known; k++)
            known = has_name_part(g_ptr_array_index(person->aliases, k), words[0]);
    }
    return known;
}

static const char *skip_marks(const char *p)
{
    while (*p == ' ' || *p == ',' || *p == '!' || *p == '.' || *p == '\n' || *p == '-' || *p == ':' ||
           *p == '*' || g_str_has_prefix(p, "—") || g_str_has_prefix(p, "–") || g_str_has_prefix(p, "•"))
        p = g_utf8_next_char(p);
    return p;
}

/* Start of the text behind greeting and address. */
static const char *behind_greeting(const char *text, const SvHistory *history)
{
    const char *p = skip_marks(text);
    for (int round = 0; round < 3; round++) {
        g_autofree char *folded =
            sv_utf8_fold(p, (gssize)MIN(strlen(p), sv_utf8_floor(p, MIN(strlen(p), 64))));
        gsize n = starts_with(folded, greetings);
        if (n && strchr(",!. ", p[n]) && (strchr(",!.", p[n]) || round == 0))
            p = skip_marks(p + n);
        const char *comma = strpbrk(p, ",!");
        if (!comma || comma - p > 60 || !is_address(p, comma, history))
            break;
        p = skip_marks(comma);
    }
    return p;
}

/* Copies without fillers (whole words) and with blanks folded. */
static GString *without_fillers(const char *p, gboolean speech)
{
    GString *out = g_string_new(NULL);
    g_autofree char *folded = sv_utf8_fold(p, -1);
    gboolean same = strlen(folded) == strlen(p), border = TRUE;
    gsize i = 0, n = strlen(p);
    while (i < n) {
        gsize cut = speech && same && border ? starts_with(folded + i, fillers) : 0;
        if (cut) {
            i += cut;
            while (i < n && (p[i] == ' ' || p[i] == ','))
                i++;
            continue;
        }
        if (g_ascii_isspace(p[i])) {
            if (out->len && out->str[out->len - 1] != ' ')
                g_string_append_c(out, ' ');
            border = TRUE;
            i++;
            continue;
        }
        guint k;
        border = !sv_utf8_is_word(sv_utf8_get(p + i, p + n, &k));
        g_string_append_len(out, p + i, k);
        i += k;
    }
    return out;
}

static void cut_at(GString *s, guint limit)
{
    if (g_utf8_strlen(s->str, -1) <= (glong)limit)
        return;
    gsize at = (gsize)(g_utf8_offset_to_pointer(s->str, limit) - s->str);
    while (at > 0 && s->str[at] != ' ')
        at--;
    while (at > 0 && strchr(" ,;:-", s->str[at - 1]))
        at--;
    if (at > 0) {
        g_string_truncate(s, at);
        g_string_append(s, "…");
    }
}

char *sv_phrase_clean(const char *text, const SvHistory *history, gboolean speech, guint limit)
{
    g_autoptr(GString) s = without_fillers(behind_greeting(text, history), speech);
    while (s->len && strchr(" ,;:", s->str[s->len - 1]))
        g_string_truncate(s, s->len - 1);
    if (!s->len)
        return g_strdup("");
    cut_at(s, limit);
    gunichar first = g_utf8_get_char_validated(s->str, -1), large = g_unichar_toupper(first);
    const char *rest = g_utf8_next_char(s->str);
    g_autoptr(GString) out = g_string_new(NULL);
    if (first == (gunichar)-1 || first == (gunichar)-2)
        return g_strdup("");
    g_string_append_unichar(out, large);
    g_string_append(out, rest);
    char end = out->str[out->len - 1];
    if (!strchr(".!?)", end) && !g_str_has_suffix(out->str, "…"))
        g_string_append_c(out, '.');
    return g_strdup(out->str);
}

static const char *const ru_lead[] = {"я", "мы", "давайте", "пожалуйста", "прошу", "просим", "а", "и", "ну",
    "тогда", "ок", "хорошо", "ладно", "да", "завтра же", NULL};
static const char *const en_lead[] = {"i'll", "we'll", "i will", "we will", "i'm going to", "we're going to",
    "could you please", "can you please", "could you", "can you", "would you", "please", "could we", "can we",
    "you'll", "let me", "i can", "we can", "kindly", "and", "ok", "okay", "right", "yes", "so", NULL};

static char *with_large_first(const char *text)
{
    if (!*text)
        return g_strdup("");
    GString *out = g_string_new(NULL);
    g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(text)));
    g_string_append(out, g_utf8_next_char(text));
    return g_string_free(out, FALSE);
}

static char *english_task(const char *text)
{
    const char *p = text;
    gboolean cut = FALSE;
    for (int round = 0; round < 4; round++) {
        g_autofree char *folded = sv_utf8_fold(p, -1);
        gsize n = starts_with(folded, en_lead);
        if (!n || strlen(folded) != strlen(p))
            break;
        p = skip_marks(p + n);
        cut = TRUE;
    }
    return cut && *p ? with_large_first(p) : g_strdup(text);
}

/* «Пришлю», «пришлите»: what somebody will do or is asked to do. «Прилагаю», «жду» tell of now and stay as
 * they are. */
static gboolean is_undertaken(const SvReading *r)
{
    gboolean will = (r->tag & SV_G(SV_GR_1PER)) && (r->tag & SV_G(SV_GR_FUTR));
    gboolean asked = (r->tag & SV_G(SV_GR_IMPR)) && (r->tag & SV_G(SV_GR_PLUR));
    return (r->tag & SV_G(SV_POS_VERB)) && (r->tag & SV_G(SV_GR_PERF)) && (will || asked) && r->score > 0.5f;
}

/* The first-person or imperative verb among the first words becomes the infinitive in front of the rest. */
char *sv_phrase_to_infinitive(const SvMorph *morph, const char *text)
{
    if (!sv_utf8_has_cyrillic(text, strlen(text)))
        return english_task(text);
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    sv_tokens_split(text, 0, strlen(text), tokens);
    gsize lead = 0;
    gboolean only_lead = TRUE;
    guint before = 0;
    for (guint i = 0; i < MIN(tokens->len, 6); i++) {
        const SvToken *t = &g_array_index(tokens, SvToken, i);
        const char *word = text + t->span.from;
        gsize len = t->span.to - t->span.from;
        SvReading r;
        char infinitive[128];
        if (t->kind == SV_TOKEN_MARK) {
            if (strchr(".!?", *word))
                break;
            continue;
        }
        g_autofree char *folded = sv_utf8_fold(word, (gssize)len);
        if (only_lead && starts_with(folded, ru_lead)) {
            lead = t->span.to;
            continue;
        }
        only_lead = FALSE;
        if (t->kind != SV_TOKEN_RUSSIAN || !sv_morph_read(morph, word, len, &r, 1))
            continue;
        before += !is_undertaken(&r);
        if (before > 2)
            break; /* the verb is no more the head of the sentence */
        if (!is_undertaken(&r))
            continue;
        if (!sv_morph_lemma(morph, &r, infinitive, sizeof infinitive) || g_str_equal(infinitive, "быть"))
            break;
        g_autoptr(GString) out = g_string_new(infinitive);
        const char *rest = skip_marks(text + lead);
        g_string_append(out, text + t->span.to);
        if (rest < word) { /* what stood before the verb goes behind the phrase it belongs to */
            g_autofree char *moved = g_strndup(rest, (gsize)(word - rest));
            g_strstrip(moved);
            g_string_prepend_c(out, ' ');
            g_string_prepend(out, moved);
        }
        return with_large_first(out->str);
    }
    return g_strdup(text);
}
