/* The gates: what must be refused is refused, what is proved passes. */
#include "gate.h"
#include <string.h>

static SvHistory *history_of(const char *text)
{
    SvHistory *h = sv_history_new();
    SvMessage *m = sv_message_new(SV_CHANNEL_EMAIL);
    m->text = (SvMasked){g_strdup(text), strlen(text)};
    m->at = (SvTime){1762160400, 18000}; /* 3 November 2025 */
    g_ptr_array_add(h->messages, m);
    return h;
}

static void test_gate(void)
{
    static const struct {
        const char *message, *text, *quote;
        gboolean passes;
    } cases[] = {
        {"Цена 112 600 000 ₸, держим до 20 декабря.", "Цена 112 600 000 ₸, держим до 20 декабря.",
            "Цена 112 600 000 ₸", TRUE},
        {"Цена 112600000 тенге.", "Цена 112 600 000 ₸.", "Цена 112600000 тенге", TRUE},
        {"Цена 112\xC2\xA0"
         "600\xC2\xA0"
         "000 ₸.",
            "Цена 112 600 000 ₸.", "Цена", TRUE},
        {"Цена 112 600 000 ₸.", "Цена 118 400 000 ₸.", "Цена", FALSE},
        {"Отгрузим 5 машин.", "Отгрузим 6 машин.", "Отгрузим", FALSE},
        {"Отгрузим завтра.", "Отгрузим завтра (4 ноября).", "Отгрузим завтра", TRUE}, /* 4 is in `days` */
        {"Отгрузим завтра.", "Отгрузим завтра (5 ноября).", "Отгрузим завтра", FALSE},
        {"Отгрузим завтра.", "Отгрузим завтра.", "Отгрузим вчера", FALSE}, /* not verbatim */
        {"Отгрузим завтра.", "Отгрузим завтра.", "", FALSE},
        {"Карта [номер карты] у Айжан.", "Карта у Айжан.", "Карта [номер карты] у Айжан.", FALSE},
        {"We owe £1,460 for it.", "We owe £1,460.", "£1,460", TRUE},
        {"We owe £1,460 for it.", "We owe £1,640.", "£1,460", FALSE},
        {"Переговоры 404000000 KZT", "Переговоры, 404 млн ₸.", "Переговоры", TRUE},
        {"Переговоры 6840000 KZT", "Переговоры, 6,84 млн ₸.", "Переговоры", TRUE},
        {"Переговоры 6840000 KZT", "Переговоры, 6,85 млн ₸.", "Переговоры", FALSE},
        {"Переговоры 404000000 KZT", "Переговоры, 405 млн ₸.", "Переговоры", FALSE},
        {"Сумма 500 тенге. Отгрузим завтра.", "Отгрузим на 500 тенге.", "Отгрузим завтра",
            TRUE}, /* said beside the quote */
        {"Сумма 500 тенге. Отгрузим завтра.", "Отгрузим на 501 тенге.", "Отгрузим завтра", FALSE},
        {"Ok", "", "Ok", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SvHistory) h = history_of(cases[i].message);
        g_autoptr(GPtrArray) quotes = sv_quotes_new();
        g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(SvDay));
        SvDay day = sv_day_from_civil(2025, 11, 4);
        g_array_append_val(days, day);
        sv_quotes_add(quotes, 0, cases[i].quote, strlen(cases[i].quote));
        g_test_message("%s | %s", cases[i].message, cases[i].text);
        g_assert_cmpint(sv_gate_check(h, cases[i].text, quotes, days), ==, cases[i].passes);
    }
}

/* A text of one endless number is read once, not once a digit. */
static void test_long_number(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 200000; i++)
        g_string_append(text, "1.");
    g_autoptr(SvHistory) h = history_of(text->str);
    g_autoptr(GPtrArray) quotes = sv_quotes_new();
    sv_quotes_add(quotes, 0, "1.", 2);
    gint64 start = g_get_monotonic_time();
    g_assert_true(sv_gate_check(h, text->str, quotes, NULL));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
}

static void test_no_source(void)
{
    g_autoptr(SvHistory) h = history_of("Отгрузим завтра.");
    g_autoptr(GPtrArray) quotes = sv_quotes_new();
    g_assert_false(sv_gate_check(h, "Отгрузим завтра.", quotes, NULL));
    sv_quotes_add(quotes, 7, "Отгрузим", strlen("Отгрузим")); /* no such message */
    g_assert_false(sv_gate_check(h, "Отгрузим завтра.", quotes, NULL));
}

static void test_excluded(void)
{
    g_autoptr(SvHistory) h = history_of("Отгрузим завтра.");
    g_autoptr(GPtrArray) quotes = sv_quotes_new();
    ((SvMessage *)g_ptr_array_index(h->messages, 0))->excluded = TRUE;
    sv_quotes_add(quotes, 0, "Отгрузим", strlen("Отгрузим"));
    g_assert_false(sv_gate_check(h, "Отгрузим завтра.", quotes, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gate/table", test_gate);
    g_test_add_func("/gate/long-number", test_long_number);
    g_test_add_func("/gate/no-source", test_no_source);
    g_test_add_func("/gate/excluded", test_excluded);
    return g_test_run();
}
