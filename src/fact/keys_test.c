/* Keys: the same matter in other forms has the same key, words without a matter have none. Needs
 * $SVODKA_DATA/morph.bin. */
#include "keys.h"
#include "story_fixture.h"
#include <locale.h>
#include <string.h>

static SvMorph *morph;

static GArray *keys_of(const char *text)
{
    GArray *keys = g_array_new(FALSE, FALSE, sizeof(guint32));
    SvSpan all = {0, (guint32)strlen(text)};
    g_assert_cmpuint(sv_keys_collect(morph, text, all, keys), ==, keys->len);
    return keys;
}

static gboolean has_all(GArray *keys, GArray *of)
{
    guint n = 0;
    for (guint i = 0; i < of->len; i++)
        for (guint k = 0; k < keys->len; k++)
            n += g_array_index(keys, guint32, k) == g_array_index(of, guint32, i);
    return n == of->len;
}

static void test_forms(void)
{
    static const char *const same[][2] = {
        {"смета", "смету"},
        {"смета", "СМЕТЫ"},
        {"счёт", "счетом"},
        {"счёт", "счет"},
        {"договор", "договорами"},
        {"монтаж", "монтажа"},
        {"server", "Servers"},
        {"invoice", "invoices"},
        {"D-101", "d-101"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(GArray) a = keys_of(same[i][0]), b = keys_of(same[i][1]);
        if (a->len != 1 || b->len != 1 || !has_all(a, b)) {
            g_test_message("%s and %s: %u and %u keys", same[i][0], same[i][1], a->len, b->len);
            g_test_fail();
        }
    }
}

static void test_other_words(void)
{
    static const char *const other[][2] = {
        {"смета", "договор"}, {"сервер", "сервис"}, {"112", "113"}, {"server", "service"}};
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++) {
        g_autoptr(GArray) a = keys_of(other[i][0]), b = keys_of(other[i][1]);
        g_assert_false(has_all(a, b));
    }
}

static void test_empty_words(void)
{
    static const char *const empty[] = {
        "", "и на до", "Спасибо!", "это, для", "the and for", "hello", "?!", "👍", "я", "«»"};
    for (gsize i = 0; i < G_N_ELEMENTS(empty); i++) {
        g_autoptr(GArray) keys = keys_of(empty[i]);
        if (keys->len) {
            g_test_message("\"%s\": %u keys", empty[i], keys->len);
            g_test_fail();
        }
    }
}

static void test_order(void)
{
    g_autoptr(GArray) a = keys_of("Смету и договор отправил, смету на монтаж 112 сервера тоже"),
                      b = keys_of("112 сервера: монтаж, договор, смета, отправил");
    for (guint i = 1; i < a->len; i++)
        g_assert_cmpuint(g_array_index(a, guint32, i - 1), <, g_array_index(a, guint32, i));
    g_assert_true(has_all(a, b));
}

/* Only the span is read, and what `out` held before stays. */
static void test_span(void)
{
    const char *text = "Договор подписан. Смета готова.";
    const char *second = strstr(text, "Смета");
    SvSpan span = {(guint32)(second - text), (guint32)strlen(text)};
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint32)), contract = keys_of("договор"),
                      estimate = keys_of("смета");
    guint32 mine = 7;
    g_array_append_val(keys, mine);
    guint n = sv_keys_collect(morph, text, span, keys);
    g_assert_cmpuint(keys->len, ==, n + 1);
    g_assert_cmpuint(g_array_index(keys, guint32, 0), ==, 7);
    g_assert_true(has_all(keys, estimate));
    g_assert_false(has_all(keys, contract));
}

/* A wordbook that has read other texts gives the same keys, also when its table has grown. */
static void test_wordbook(void)
{
    g_autoptr(SvWordbook) words = sv_wordbook_new(morph);
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 0; i < 3000; i++)
        g_string_append_printf(many, "слово%u ", i);
    sv_wordbook_read(words, many->str, 0, many->len);
    const char *text = "Смету на монтаж и договор D-101 отправил Servers 112, смета!";
    for (guint again = 0; again < 2; again++) {
        g_autoptr(GArray) got = g_array_new(FALSE, FALSE, sizeof(guint32)), want = keys_of(text);
        sv_wordbook_read(words, text, 0, strlen(text));
        sv_keys_of_words(words, 0, words->tokens->len, got);
        g_assert_cmpuint(want->len, >=, 6);
        g_assert_cmpmem(got->data, got->len * 4, want->data, want->len * 4);
        g_assert_cmpuint(words->all->len, <=, 3000 + 1 + words->tokens->len);
    }
}

static void test_huge(void)
{
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < 50000; i++)
        g_string_append_printf(s, "%u ", i);
    g_autoptr(GArray) keys = keys_of(s->str);
    g_assert_cmpuint(keys->len, >, 1000);
    g_assert_cmpuint(sv_key_of(""), !=, 0);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_autofree char *path = sv_story_data("morph.bin");
    g_autoptr(GError) error = NULL;
    morph = sv_morph_open(path, &error);
    g_assert_no_error(error);
    g_test_add_func("/keys/forms", test_forms);
    g_test_add_func("/keys/other-words", test_other_words);
    g_test_add_func("/keys/empty-words", test_empty_words);
    g_test_add_func("/keys/order", test_order);
    g_test_add_func("/keys/span", test_span);
    g_test_add_func("/keys/wordbook", test_wordbook);
    g_test_add_func("/keys/huge", test_huge);
    int status = g_test_run();
    sv_morph_close(morph);
    return status;
}
