/* Morphology: tables of cases, the overlay, and files that are broken. Needs $SVODKA_DATA/morph.bin. */
#include "morph.h"
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>
#include "error.h"
#include "lists.h"
#include "morph_blob.h"

static SvMorph *morph;

static char *blob_path(void)
{
    return g_build_filename(g_getenv("SVODKA_DATA"), "morph.bin", NULL);
}

static char **read_lines(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests/fixtures/lang", name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return g_strsplit(text, "\n", -1);
}

static void expect(const char *file, guint line, const char *got, const char *want)
{
    if (g_str_equal(got, want))
        return;
    g_test_message("%s:%u: got %s, want %s", file, line, got, want);
    g_test_fail();
}

/* word, dictionary form of the best reading, its genitive ("-" when it has none) */
static void test_words(void)
{
    g_auto(GStrv) lines = read_lines("words.tsv");
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 3);
        SvReading r[8];
        char lemma[128] = "-", genitive[128];
        guint n = sv_morph_read(morph, f[0], strlen(f[0]), r, G_N_ELEMENTS(r));
        if (n)
            g_assert_true(sv_morph_lemma(morph, &r[0], lemma, sizeof lemma));
        if (!n || !sv_morph_inflect(morph, &r[0], SV_G(SV_GR_GENT), genitive, sizeof genitive))
            g_strlcpy(genitive, "-", sizeof genitive);
        expect("words.tsv", i + 1, lemma, f[1]);
        expect("words.tsv", i + 1, genitive, f[2]);
    }
}

static void test_keys(void)
{
    g_auto(GStrv) lines = read_lines("keys.tsv");
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 2);
        char key[128];
        sv_morph_key(morph, f[0], strlen(f[0]), key, sizeof key);
        expect("keys.tsv", i + 1, key, f[1]);
    }
}

static void check_overlay(const SvListLine *line, gpointer user)
{
    SvReading r[8];
    char lemma[128] = "";
    guint n = sv_morph_read(morph, line->field[0], strlen(line->field[0]), r, G_N_ELEMENTS(r));
    gboolean known = FALSE;
    for (guint i = 0; i < n; i++)
        known |= !r[i].predicted && sv_morph_lemma(morph, &r[i], lemma, sizeof lemma) &&
                 g_str_equal(lemma, line->field[0]);
    if (!known) {
        g_test_message(
            "overlay.tsv:%u: %s cannot be inflected like %s", line->line, line->field[0], line->field[1]);
        g_test_fail();
    }
    (*(guint *)user)++;
}

static void test_overlay(void)
{
    guint n = 0;
    sv_list_visit("overlay.tsv", check_overlay, &n);
    g_assert_cmpuint(n, >=, 150);
}

static void test_scores(void)
{
    static const char *const words[] = {
        "стали", "счета", "Козловой", "пришлем", "вебинаром", "закрутилку", "еще", "ещё"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        SvReading r[48];
        guint n = sv_morph_read(morph, words[i], strlen(words[i]), r, G_N_ELEMENTS(r));
        double sum = 0;
        for (guint k = 0; k < n; k++) {
            g_assert_true(k == 0 || r[k].score <= r[k - 1].score);
            sum += r[k].score;
        }
        g_assert_cmpfloat_with_epsilon(sum, 1, 1e-3);
    }
}

static void test_capitals(void)
{
    SvReading r[16];
    guint n = sv_morph_read(morph, "вера", strlen("вера"), r, G_N_ELEMENTS(r));
    for (guint i = 0; i < n; i++)
        g_assert_false(r[i].tag & SV_G(SV_GR_NAME));
    n = sv_morph_read(morph, "Вера", strlen("Вера"), r, G_N_ELEMENTS(r));
    gboolean name = FALSE;
    for (guint i = 0; i < n; i++)
        name |= (r[i].tag & SV_G(SV_GR_NAME)) != 0;
    g_assert_true(name);
}

static void test_odd_words(void)
{
    g_autofree char *long_word = g_strnfill(5000, 'a');
    static const char *const words[] = {"", "-", "--", "е", "ё", "\xD0", "\xD0\xB5\xD0",
        "ееееееееееееееееееееееееееееееееееееееееее", "a-е", "-е", "е-", "12", "\xFF\xFE",
        "ȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺбббббббббббббб"};
    SvReading r[4];
    char key[128];
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        guint n = sv_morph_read(morph, words[i], strlen(words[i]), r, G_N_ELEMENTS(r));
        g_assert_cmpuint(n, <=, G_N_ELEMENTS(r));
        sv_morph_key(morph, words[i], strlen(words[i]), key, sizeof key);
        g_assert_cmpuint(strlen(key), <, sizeof key);
    }
    g_assert_cmpuint(sv_morph_read(morph, long_word, 5000, r, 4), ==, 0);
}

/* Opens what `size` bytes of the file are after `spoil` changed one; opening or the check of the whole file
 * must refuse with SV_ERROR_SETUP. */
static void assert_refused(const guint8 *data, gsize size, gssize spoil, const char *says)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "svodka-morph-XXXXXX", NULL);
    int fd = g_mkstemp(path);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_autofree guint8 *copy = g_memdup2(data, size);
    if (spoil >= 0)
        copy[spoil] ^= 0x40;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, (const char *)copy, (gssize)size, NULL));
    g_autoptr(SvMorph) opened = sv_morph_open(path, &error);
    g_assert_true(!opened || !sv_morph_check(opened, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    g_assert_nonnull(strstr(error->message, says));
    g_assert_nonnull(strstr(error->message, "make setup"));
    g_remove(path);
}

static void test_broken_files(void)
{
    g_autofree char *path = blob_path(), *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    const guint8 *data = (const guint8 *)bytes;
    assert_refused(data, 0, -1, "");
    assert_refused(data, 7, -1, "cut off");
    assert_refused(data, sizeof(SvBlobHeader) - 1, -1, "cut off");
    assert_refused(data, sizeof(SvBlobHeader), -1, "cut off");
    assert_refused(data, size / 2, -1, "cut off");
    assert_refused(data, size - 1, -1, "cut off");
    assert_refused(data, size, 0, "no dictionary");
    assert_refused(data, size, 8, "another version");
    assert_refused(data, size, 38, "outside itself");
    assert_refused(data, size, (gssize)size - 1, "checksum");
    assert_refused(data, size, (gssize)size / 3, "checksum");
    g_autoptr(GError) error = NULL;
    g_assert_true(sv_morph_check(morph, &error));
    g_assert_no_error(error);
    g_assert_null(sv_morph_open("/nonexistent/morph.bin", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

static void test_speed(void)
{
    static const char *const words[] = {"добрый", "день", "мы", "получили", "ваш", "счёт", "и", "оплатим",
        "его", "до", "пятницы", "если", "бухгалтер", "успеет", "пришлите", "пожалуйста", "договор", "на",
        "поставку"};
    if (!g_test_perf()) {
        g_test_skip("run with -m perf");
        return;
    }
    SvReading r[8];
    clock_t start = clock(); /* processor time: the machine may be busy */
    for (guint i = 0; i < 2000000; i++) {
        const char *w = words[i % G_N_ELEMENTS(words)];
        sv_morph_read(morph, w, strlen(w), r, G_N_ELEMENTS(r));
    }
    g_test_message("%.2f M words/s", 2.0 * CLOCKS_PER_SEC / (double)(clock() - start));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *path = blob_path();
    g_autoptr(GError) error = NULL;
    morph = sv_morph_open(path, &error);
    g_assert_no_error(error);
    g_test_add_func("/morph/words", test_words);
    g_test_add_func("/morph/keys", test_keys);
    g_test_add_func("/morph/overlay", test_overlay);
    g_test_add_func("/morph/scores", test_scores);
    g_test_add_func("/morph/capitals", test_capitals);
    g_test_add_func("/morph/odd-words", test_odd_words);
    g_test_add_func("/morph/broken-files", test_broken_files);
    g_test_add_func("/morph/speed", test_speed);
    int rc = g_test_run();
    sv_morph_close(morph);
    return rc;
}
