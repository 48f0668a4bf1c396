/* Sentences and tokens: tables of cases in tests/fixtures/lang, and what must hold of any text. */
#include "sentence.h"
#include <string.h>
#include <time.h>
#include "sv_limits.h"

static char *read_fixture(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests/fixtures/lang", name, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

/* The pieces put together: "one | two". */
static char *join(const char *text, SvStyle style)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    sv_sentences_split(text, strlen(text), style, spans);
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < spans->len; i++) {
        SvSpan span = g_array_index(spans, SvSpan, i);
        g_string_append(s, i ? " | " : "");
        g_string_append_len(s, text + span.from, span.to - span.from);
    }
    return g_string_free(s, FALSE);
}

/* A case: "style<TAB>text<TAB>pieces", \n for a line break. */
static void test_table(void)
{
    g_autofree char *table = read_fixture("sentences.tsv");
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 3);
        g_assert_cmpuint(g_strv_length(f), ==, 3);
        SvStyle style = g_str_equal(f[0], "letter") ? SV_STYLE_LETTER
                        : g_str_equal(f[0], "chat") ? SV_STYLE_CHAT
                                                    : SV_STYLE_SPEECH;
        g_autofree char *text = g_strcompress(f[1]);
        g_autofree char *want = g_strcompress(f[2]);
        g_autofree char *got = join(text, style);
        if (!g_str_equal(got, want)) {
            g_test_message("sentences.tsv:%u\n got  %s\n want %s", i + 1, got, want);
            g_test_fail();
        }
    }
}

static void test_tokens(void)
{
    g_autofree char *table = read_fixture("tokens.tsv");
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 2);
        g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
        sv_tokens_split(f[0], 0, strlen(f[0]), tokens);
        g_autoptr(GString) got = g_string_new(NULL);
        for (guint k = 0; k < tokens->len; k++) {
            SvToken t = g_array_index(tokens, SvToken, k);
            g_string_append_printf(got, "%s%c:%.*s", k ? " " : "", "rlncm"[t.kind],
                (int)(t.span.to - t.span.from), f[0] + t.span.from);
        }
        if (!g_str_equal(got->str, f[1])) {
            g_test_message("tokens.tsv:%u\n got  %s\n want %s", i + 1, got->str, f[1]);
            g_test_fail();
        }
    }
}

static void assert_sound(const char *text, gsize len, SvStyle style)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    sv_sentences_split(text, len, style, spans);
    g_assert_cmpuint(spans->len, <=, SV_MAX_SENTENCES);
    guint32 before = 0;
    for (guint i = 0; i < spans->len; i++) {
        SvSpan s = g_array_index(spans, SvSpan, i);
        g_assert_cmpuint(s.from, >=, before);
        g_assert_cmpuint(s.to, >, s.from);
        g_assert_cmpuint(s.to, <=, len);
        before = s.to;
    }
}

static void test_hostile(void)
{
    static const char *const seeds[] = {".", "\n", ")", "(", "а. ", "1. ", "\xD0", "\xE2\x80", "…", "🙂",
        "ну ", "\xC2\xA0", ":", "\t\n", "A.", "\xF0\x9F"};
    for (guint i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(GString) s = g_string_new(NULL);
        for (guint k = 0; k < 30000; k++)
            g_string_append(s, seeds[i]);
        for (SvStyle style = SV_STYLE_LETTER; style <= SV_STYLE_SPEECH; style++)
            assert_sound(s->str, s->len, style);
    }
    for (SvStyle style = SV_STYLE_LETTER; style <= SV_STYLE_SPEECH; style++)
        assert_sound("", 0, style);
}

/* Pieces of speech follow each other and lose no word. */
static void test_speech_whole(void)
{
    const char *text = "ну смотрите мы посмотрели ваше предложение значит по первой позиции всё устраивает "
                       "но по второй дорого и ещё нам нужна доставка до склада";
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    sv_sentences_split(text, strlen(text), SV_STYLE_SPEECH, spans);
    g_assert_cmpuint(spans->len, >=, 3);
    guint32 at = 0;
    for (guint i = 0; i < spans->len; i++) {
        SvSpan s = g_array_index(spans, SvSpan, i);
        g_assert_cmpuint(s.from - at, <=, 1);
        at = s.to;
    }
    g_assert_cmpuint(at, ==, strlen(text));
}

static void test_speed(void)
{
    if (!g_test_perf()) {
        g_test_skip("run with -m perf");
        return;
    }
    const char *piece = "Добрый день, коллеги! Отправили счёт на 6,6 млн тг. по договору № 15 от 12.05.2025 "
                        "г. и ждём оплату до пятницы.\n";
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < 100; i++)
        g_string_append(s, piece);
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    clock_t start = clock();
    for (guint i = 0; i < 2000; i++) {
        g_array_set_size(out, 0);
        sv_sentences_split(s->str, s->len, SV_STYLE_LETTER, out);
    }
    g_test_message(
        "%.0f MB/s sentences", 2000.0 * (double)s->len * CLOCKS_PER_SEC / 1e6 / (double)(clock() - start));
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    start = clock();
    for (guint i = 0; i < 500; i++) {
        g_array_set_size(tokens, 0);
        sv_tokens_split(s->str, 0, s->len, tokens);
    }
    g_test_message(
        "%.0f MB/s tokens", 500.0 * (double)s->len * CLOCKS_PER_SEC / 1e6 / (double)(clock() - start));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentence/table", test_table);
    g_test_add_func("/sentence/tokens", test_tokens);
    g_test_add_func("/sentence/hostile", test_hostile);
    g_test_add_func("/sentence/speech-whole", test_speech_whole);
    g_test_add_func("/sentence/speed", test_speed);
    return g_test_run();
}
