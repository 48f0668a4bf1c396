/* Stages of `svodka inspect` that look at a line by itself: see inspect.h.
 *
 * Every span is given with its text and its bytes from…to in the line, so that a test outside can check it.
 * The one exception is mask, which never repeats what it masks. */
#include "date.h"
#include "inspect.h"
#include "money.h"
#include "redact.h"
#include "sentence.h"
#include <string.h>

#define MAX_READINGS 4

SvLang sv_inspect_lang(const SvInspect *inspect, const char *line, gsize len)
{
    return inspect->lang >= 0 ? (SvLang)inspect->lang : sv_lang_guess(line, len);
}

static void add_text(cJSON *out, const char *name, const char *text, gsize len)
{
    g_autofree char *copy = g_strndup(text, len);
    cJSON_AddStringToObject(out, name, copy);
}

void sv_inspect_add_span(cJSON *out, const char *line, gsize len, SvSpan span)
{
    if (span.from > span.to || span.to > len)
        return;
    add_text(out, "text", line + span.from, span.to - span.from);
    cJSON_AddNumberToObject(out, "from_byte", span.from);
    cJSON_AddNumberToObject(out, "to_byte", span.to);
}

void sv_inspect_add_day(cJSON *out, const char *name, SvDay day)
{
    g_autofree char *text = day == SV_DAY_NONE ? NULL : sv_day_format(day);
    if (text)
        cJSON_AddStringToObject(out, name, text);
    else
        cJSON_AddNullToObject(out, name);
}

static cJSON *add_object(cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(list, object);
    return object;
}

static void inspect_mask(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    guint n_masked = 0;
    SvLang lang = sv_inspect_lang(inspect, line, len);
    SvRaw raw = {(char *)line, len};
    SvMasked masked = sv_redact_text(inspect->card, raw, sv_lang_name(lang), &n_masked);
    add_text(out, "masked", masked.bytes, masked.len);
    cJSON *list = cJSON_AddArrayToObject(out, "spans");
    g_autoptr(GArray) found = sv_redact_find(inspect->card, line, len);
    for (guint i = 0; i < found->len; i++) {
        const SvPii *pii = &g_array_index(found, SvPii, i);
        cJSON *item = add_object(list);
        cJSON_AddStringToObject(item, "kind", sv_pii_name(pii->kind));
        cJSON_AddNumberToObject(item, "from_byte", pii->span.from);
        cJSON_AddNumberToObject(item, "to_byte", pii->span.to);
    }
    g_autoptr(GArray) orders = sv_redact_find_orders(masked.bytes, masked.len);
    cJSON *order_list = cJSON_AddArrayToObject(out, "orders");
    for (guint i = 0; i < orders->len; i++)
        sv_inspect_add_span(
            add_object(order_list), masked.bytes, masked.len, g_array_index(orders, SvSpan, i));
    cJSON_AddBoolToObject(out, "privileged", sv_redact_is_privileged(NULL, line, len));
    g_free(masked.bytes);
}

static SvStyle style_of(SvChannel channel)
{
    if (channel == SV_CHANNEL_CALL)
        return SV_STYLE_SPEECH;
    return channel == SV_CHANNEL_WHATSAPP || channel == SV_CHANNEL_TELEGRAM ? SV_STYLE_CHAT : SV_STYLE_LETTER;
}

static void inspect_sentences(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    sv_sentences_split(line, len, style_of(inspect->channel), spans);
    cJSON *list = cJSON_AddArrayToObject(out, "sentences");
    for (guint i = 0; i < spans->len; i++)
        sv_inspect_add_span(add_object(list), line, len, g_array_index(spans, SvSpan, i));
}

/* Names of grammemes, in the order of morph.h; as OpenCorpora writes them. */
static const char *const gram_names[SV_GR_N] = {"NOUN", "ADJF", "ADJS", "COMP", "VERB", "INFN", "PRTF",
    "PRTS", "GRND", "NUMR", "ADVB", "NPRO", "PRED", "PREP", "CONJ", "PRCL", "INTJ", "anim", "inan", "masc",
    "femn", "neut", "ms-f", "sing", "plur", "nomn", "gent", "datv", "accs", "ablt", "loct", "voct", "gen2",
    "loc2", "perf", "impf", "tran", "intr", "1per", "2per", "3per", "pres", "past", "futr", "indc", "impr",
    "actv", "pssv", "Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"};

static void add_reading(cJSON *list, const SvMorph *morph, const SvReading *reading)
{
    char lemma[128];
    cJSON *item = add_object(list);
    if (sv_morph_lemma(morph, reading, lemma, sizeof lemma))
        cJSON_AddStringToObject(item, "lemma", lemma);
    cJSON *tags = cJSON_AddArrayToObject(item, "grammemes");
    for (int g = 0; g < SV_GR_N; g++)
        if (reading->tag & SV_G(g))
            cJSON_AddItemToArray(tags, cJSON_CreateString(gram_names[g]));
    cJSON_AddNumberToObject(item, "score", (double)(int)(reading->score * 1000 + 0.5f) / 1000);
    if (reading->predicted)
        cJSON_AddTrueToObject(item, "predicted");
}

static void inspect_words(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    static const char *const kinds[] = {"russian", "latin", "number", "code", "mark"};
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    sv_tokens_split(line, 0, len, tokens);
    cJSON *list = cJSON_AddArrayToObject(out, "words");
    for (guint i = 0; i < tokens->len; i++) {
        const SvToken *token = &g_array_index(tokens, SvToken, i);
        cJSON *item = add_object(list);
        sv_inspect_add_span(item, line, len, token->span);
        cJSON_AddStringToObject(item, "kind", kinds[MIN((guint)token->kind, G_N_ELEMENTS(kinds) - 1)]);
        if (token->kind != SV_TOKEN_RUSSIAN)
            continue;
        SvReading readings[MAX_READINGS];
        guint n = sv_morph_read(inspect->morph, line + token->span.from, token->span.to - token->span.from,
            readings, MAX_READINGS);
        cJSON *read = cJSON_AddArrayToObject(item, "readings");
        for (guint k = 0; k < n; k++)
            add_reading(read, inspect->morph, &readings[k]);
    }
}

static void inspect_dates(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    static const char *const grains[] = {"day", "week", "month", "quarter", "year", "season"};
    static const char *const roles[] = {"point", "deadline", "start", "interval", "repeated"};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvDateMention));
    sv_dates_find(line, len, inspect->at, sv_inspect_lang(inspect, line, len), found);
    cJSON *list = cJSON_AddArrayToObject(out, "dates");
    for (guint i = 0; i < found->len; i++) {
        const SvDateMention *date = &g_array_index(found, SvDateMention, i);
        cJSON *item = add_object(list);
        sv_inspect_add_span(item, line, len, date->span);
        if (date->whole.from <= date->whole.to && date->whole.to <= len)
            add_text(item, "whole", line + date->whole.from, date->whole.to - date->whole.from);
        sv_inspect_add_day(item, "from", date->from);
        sv_inspect_add_day(item, "to", date->to);
        cJSON_AddStringToObject(item, "grain", grains[MIN((guint)date->grain, G_N_ELEMENTS(grains) - 1)]);
        cJSON_AddStringToObject(item, "role", roles[MIN((guint)date->role, G_N_ELEMENTS(roles) - 1)]);
        if (date->minute >= 0) {
            g_autofree char *clock = g_strdup_printf("%02d:%02d", date->minute / 60, date->minute % 60);
            cJSON_AddStringToObject(item, "time", clock);
        }
        cJSON_AddBoolToObject(item, "relative", date->relative);
        cJSON_AddBoolToObject(item, "vague", date->vague);
    }
}

static void inspect_money(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    static const char *const kinds[] = {"money", "percent", "quantity"};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvAmount));
    sv_amounts_find(line, len, sv_inspect_lang(inspect, line, len), found);
    cJSON *list = cJSON_AddArrayToObject(out, "amounts");
    for (guint i = 0; i < found->len; i++) {
        const SvAmount *amount = &g_array_index(found, SvAmount, i);
        cJSON *item = add_object(list);
        sv_inspect_add_span(item, line, len, amount->span);
        cJSON_AddStringToObject(item, "kind", kinds[MIN((guint)amount->kind, G_N_ELEMENTS(kinds) - 1)]);
        cJSON_AddNumberToObject(item, "value", amount->value);
        if (amount->value_to != amount->value)
            cJSON_AddNumberToObject(item, "value_to", amount->value_to);
        cJSON_AddStringToObject(item, "currency", amount->currency);
        if (amount->unit.to > amount->unit.from && amount->unit.to <= len)
            add_text(item, "unit", line + amount->unit.from, amount->unit.to - amount->unit.from);
    }
}

static void inspect_people(const SvInspect *inspect, const char *line, gsize len, cJSON *out)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    if (inspect->roster)
        sv_roster_find(inspect->roster, line, len, found);
    cJSON *list = cJSON_AddArrayToObject(out, "people");
    for (guint i = 0; i < found->len; i++) {
        const SvNameMention *mention = &g_array_index(found, SvNameMention, i);
        const SvPerson *person = sv_history_person(inspect->card, mention->index);
        cJSON *item = add_object(list);
        sv_inspect_add_span(item, line, len, mention->span);
        cJSON_AddStringToObject(item, "id", person ? person->id : "");
        cJSON_AddStringToObject(item, "name", person && person->name ? person->name : "");
        cJSON_AddNumberToObject(item, "score", (double)(int)(mention->score * 1000 + 0.5f) / 1000);
    }
}

const SvInspectStage sv_inspect_text_stages[] = {
    {"mask", SV_NEEDS_NOTHING, "personal data and orders to machines, masked", inspect_mask},
    {"sentences", SV_NEEDS_NOTHING, "sentences (--channel tells letters, chats and speech apart)",
        inspect_sentences},
    {"words", SV_NEEDS_MORPH, "words with lemma and grammemes", inspect_words},
    {"dates", SV_NEEDS_NOTHING, "dates resolved against --at", inspect_dates},
    {"money", SV_NEEDS_NOTHING, "sums, percentages and quantities", inspect_money},
    {"people", SV_NEEDS_MORPH, "people of the --card", inspect_people},
    {NULL},
};
