/* Small surgery on sentences. Needs $SVODKA_DATA/morph.bin. */
#include "phrase.h"
#include "story_fixture.h"
#include <locale.h>
#include <string.h>

static SvMorph *morph;

static void check(const char *what, const char *from, const char *got, const char *wanted)
{
    if (g_strcmp0(got, wanted) == 0)
        return;
    g_test_message("%s of \"%s\": \"%s\", wanted \"%s\"", what, from, got, wanted);
    g_test_fail();
}

static void test_greeting(void)
{
    static const char *const are[] = {"Добрый день!", "Здравствуйте, Мария!", "Спасибо.",
        "Добрый день, Мария Сергеевна!", "Hi Maria,", "Good morning!", "Thanks!", "ПРИВЕТ"};
    static const char *const are_not[] = {
        "Добрый день, Мария, смету на монтаж котельной отправил сегодня утром.", "Смета готова.",
        "Привезём насосы в среду.", "Hire a second crew.", "",
        "Приветственное слово директора будет в девять."};
    for (gsize i = 0; i < G_N_ELEMENTS(are); i++)
        check("greeting", are[i], sv_phrase_is_greeting(are[i], strlen(are[i])) ? "yes" : "no", "yes");
    for (gsize i = 0; i < G_N_ELEMENTS(are_not); i++)
        check("greeting", are_not[i], sv_phrase_is_greeting(are_not[i], strlen(are_not[i])) ? "yes" : "no",
            "no");
}

static void test_leans(void)
{
    static const char *const lean[] = {"Это нам не подходит.", "Она вернётся в среду.", "Поэтому берём два.",
        "It is too late.", "That works for us.", "They agreed."};
    static const char *const stand[] = {"Смета готова.", "Этажный щит привезли.", "Онлайн-касса работает.",
        "Итого 12 насосов.", "Items are packed.", "Theo will call.", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(lean); i++)
        check("leaning", lean[i], sv_phrase_leans(lean[i], strlen(lean[i])) ? "yes" : "no", "yes");
    for (gsize i = 0; i < G_N_ELEMENTS(stand); i++)
        check("leaning", stand[i], sv_phrase_leans(stand[i], strlen(stand[i])) ? "yes" : "no", "no");
}

static void test_clean(void)
{
    static const struct {
        const char *text, *clean;
        gboolean speech;
    } cases[] = {
        {"Добрый день, Мария! Смета готова.", "Смета готова.", FALSE},
        {"Мария, смета готова", "Смета готова.", FALSE},
        {"смета\nготова", "Смета готова.", FALSE},
        {"ну, смету пришлём э в среду", "Смету пришлём в среду.", TRUE},
        {"Hello! the quote is ready", "The quote is ready.", FALSE},
        {"When is the quote ready?", "When is the quote ready?", FALSE},
        {"Срок — пятница, цена прежняя,", "Срок — пятница, цена прежняя.", FALSE},
        {"Нужна труба на 12,5 мм.", "Нужна труба на 12,5 мм.", FALSE},
        {"", "", FALSE},
        {"   ", "", FALSE},
        {",,,", "", FALSE},
    };
    g_autoptr(SvHistory) h = sv_story_read("", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *clean = sv_phrase_clean(cases[i].text, h, cases[i].speech, 200);
        check("clean", cases[i].text, clean, cases[i].clean);
    }
}

/* Whatever comes in: well-formed, within the limit, no line break, ends as a sentence does. */
static void test_any_text(void)
{
    static const char *const pieces[] = {"Смета ", "«насос» ", "— ", ", ", "!!! ", "👍", "ну ",
        "12 500 000 ₸ ", "\n", "Мария, ", "thanks ", "(", ")", "…", "é", "ё", "[паспорт]", "Добрый день ",
        "\t", "https://zavod.test/a?b=1 "};
    g_autoptr(SvHistory) h = sv_story_read("", 0);
    g_autoptr(GRand) dice = g_rand_new_with_seed(11);
    for (guint round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        guint n = (guint)g_rand_int_range(dice, 0, 40), limit = (guint)g_rand_int_range(dice, 20, 120);
        for (guint i = 0; i < n; i++)
            g_string_append(text, pieces[g_rand_int_range(dice, 0, G_N_ELEMENTS(pieces))]);
        g_autofree char *clean = sv_phrase_clean(text->str, h, round % 2, limit);
        g_autofree char *task = sv_phrase_to_infinitive(morph, clean);
        g_assert_true(g_utf8_validate(clean, -1, NULL));
        g_assert_true(g_utf8_validate(task, -1, NULL));
        g_assert_null(strchr(clean, '\n'));
        sv_phrase_is_greeting(text->str, text->len);
        sv_phrase_leans(text->str, text->len);
    }
}

static void test_limit(void)
{
    g_autoptr(SvHistory) h = sv_story_read("", 0);
    g_autoptr(GString) text = g_string_new("Смета");
    for (guint i = 0; i < 100; i++)
        g_string_append(text, " насосы");
    g_autofree char *clean = sv_phrase_clean(text->str, h, FALSE, 50);
    g_assert_cmpint(g_utf8_strlen(clean, -1), <=, 51);
    g_assert_true(g_str_has_suffix(clean, "насосы…"));
}

static void test_infinitive(void)
{
    static const char *const cases[][2] = {
        {"Я пришлю смету до четверга.", "Прислать смету до четверга."},
        {"Пришлите, пожалуйста, реквизиты.", "Прислать, пожалуйста, реквизиты."},
        {"I'll send the quote.", "Send the quote."},
        {"Could you please confirm the date?", "Confirm the date?"},
        {"The quote is ready.", "The quote is ready."},
        {"Смета готова.", "Смета готова."},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *task = sv_phrase_to_infinitive(morph, cases[i][0]);
        check("infinitive", cases[i][0], task, cases[i][1]);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_autofree char *path = sv_story_data("morph.bin");
    g_autoptr(GError) error = NULL;
    morph = sv_morph_open(path, &error);
    g_assert_no_error(error);
    g_test_add_func("/phrase/greeting", test_greeting);
    g_test_add_func("/phrase/leans", test_leans);
    g_test_add_func("/phrase/clean", test_clean);
    g_test_add_func("/phrase/any-text", test_any_text);
    g_test_add_func("/phrase/limit", test_limit);
    g_test_add_func("/phrase/infinitive", test_infinitive);
    int status = g_test_run();
    sv_morph_close(morph);
    return status;
}
