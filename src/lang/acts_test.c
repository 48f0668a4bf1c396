/* The recogniser of acts: plain sentences of tests/fixtures/lang/acts.tsv, damaged models, hostile texts. */
#include "acts.h"
#include "acts_model.h"
#include "checksum.h"
#include "error.h"
#include <math.h>
#include <string.h>

static char *model_path(void)
{
    return g_build_filename(g_getenv("SVODKA_DATA"), "acts.bin", NULL);
}

static SvActsModel *open_model(void)
{
    g_autofree char *path = model_path();
    g_autoptr(GError) error = NULL;
    SvActsModel *model = sv_acts_open(path, &error);
    g_assert_no_error(error);
    return model;
}

static int find_word(const char *word, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    for (int i = 0; list[i]; i++)
        if (g_str_equal(list[i], word))
            return i;
    g_error("unknown word %s", word);
}

static SvActsInput input_of(const char *text, SvTalk talk, SvWriter writer)
{
    SvActsInput input = {.text = text, .len = strlen(text), .talk = talk, .writer = writer};
    return input;
}

/* A case: "talk<TAB>writer<TAB>act<TAB>sentence"; the act must be recognised. */
static void test_table(void)
{
    g_autoptr(SvActsModel) model = open_model();
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests/fixtures/lang/acts.tsv", NULL),
                    *table = NULL;
    g_assert_true(g_file_get_contents(path, &table, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 4);
        g_assert_cmpuint(g_strv_length(f), ==, 4);
        int act = sv_act_find(f[2]);
        g_assert_cmpint(act, >=, 0);
        SvActsInput input = input_of(
            f[3], (SvTalk)find_word(f[0], "email chat call note"), (SvWriter)find_word(f[1], "us client"));
        SvActs acts;
        sv_acts_read(model, &input, &acts);
        if (acts.p[act] < sv_acts_threshold(model, (SvAct)act)) {
            g_test_message("acts.tsv:%u %s has p %.2f", i + 1, f[2], (double)acts.p[act]);
            g_test_fail();
        }
    }
}

static void test_names(void)
{
    for (int i = 0; i < SV_ACT_N; i++)
        g_assert_cmpint(sv_act_find(sv_act_name((SvAct)i)), ==, i);
    g_assert_cmpint(sv_act_find("promises"), ==, -1);
    g_assert_cmpint(sv_act_find(""), ==, -1);
    g_assert_cmpint(sv_act_find(NULL), ==, -1);
}

static void check_acts(const SvActs *acts)
{
    for (guint l = 0; l < SV_ACT_N; l++)
        g_assert_true(acts->p[l] >= 0 && acts->p[l] <= 1);
    g_assert_true(acts->worth >= 0 && acts->worth <= 1);
    g_assert_true(acts->interest >= 0 && acts->interest <= 1);
}

/* Two openings, any order of sentences, upper bytes around the text: the same figures. */
static void test_same(void)
{
    g_autoptr(SvActsModel) one = open_model();
    g_autoptr(SvActsModel) two = open_model();
    SvActsInput a = input_of("Договор пришлю в понедельник", SV_TALK_EMAIL, SV_WRITER_US);
    SvActsInput b = input_of("Договор пришлю в понедельник, а счёт нет", SV_TALK_EMAIL, SV_WRITER_US);
    SvActs first, again, other;
    b.len = a.len;
    sv_acts_read(one, &a, &first);
    sv_acts_read(one, &(SvActsInput){.text = "Нет", .len = 6}, &other);
    sv_acts_read(two, &b, &again);
    g_assert_cmpmem(&first, sizeof first, &again, sizeof again);
    a.writer = SV_WRITER_CLIENT;
    sv_acts_read(one, &a, &other);
    g_assert_cmpint(memcmp(&first, &other, sizeof first), !=, 0);
}

static void test_hostile_texts(void)
{
    g_autoptr(SvActsModel) model = open_model();
    g_autofree char *letters = g_strnfill(1 << 20, 'a'), *marks = g_strnfill(1 << 20, '?'),
                    *bytes = g_strnfill(1 << 16, '\xD0');
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(words, "%x-слово ", i * 2654435761u);
    const char *const texts[] = {
        "", " ", "\xFF\xFE", letters, marks, bytes, words->str, "\xE2\x80", "👍", "\xF4\x90\x80\x80"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
            SvActsInput input = input_of(texts[i], SV_TALK_CHAT, SV_WRITER_UNKNOWN);
            input.before = texts[k];
            input.before_len = strlen(texts[k]);
            SvActs acts;
            sv_acts_read(model, &input, &acts);
            check_acts(&acts);
        }
    SvActsInput zeros = {.text = "\0\0да\0", .len = 7};
    SvActs acts;
    sv_acts_read(model, &zeros, &acts);
    check_acts(&acts);
}

/* Opened or not, it is not taken for whole. */
static void assert_refused(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(SvActsModel) model = sv_acts_open_bytes(bytes, "x", &error);
    g_assert_true(!model || !sv_acts_check(model, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

/* Refused also when the checksum fits. */
static void assert_refused_resealed(guint8 *data, gsize size)
{
    SvActsHeader header;
    memcpy(&header, data, sizeof header);
    header.checksum = sv_checksum(data + sizeof header, size - sizeof header);
    memcpy(data, &header, sizeof header);
    assert_refused(data, size);
}

/* Reads with a model whose slots lead astray: it must end, and with probabilities. */
static void assert_read_safely(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(SvActsModel) model = sv_acts_open_bytes(bytes, "x", &error);
    g_assert_no_error(error);
    SvActsInput input = input_of("Счёт пришлём до пятницы, как договаривались.", SV_TALK_CHAT, SV_WRITER_US);
    SvActs acts;
    sv_acts_read(model, &input, &acts);
    check_acts(&acts);
}

static void test_damaged(void)
{
    g_autofree char *path = model_path(), *content = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    const gsize cuts[] = {0, 1, 7, 8, 31, sizeof(SvActsHeader), 700, size / 2, size - 1};
    for (guint i = 0; i < G_N_ELEMENTS(cuts); i++)
        assert_refused((const guint8 *)content, cuts[i]);
    const gsize places[] = {0, 6, 8, 12, 16, 20, 24, 31, 40, 600, 5000, size / 2, size - 1};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        content[places[i]] ^= 0x40;
        assert_refused((const guint8 *)content, size);
        content[places[i]] ^= 0x40;
    }
    g_autoptr(SvActsModel) whole = open_model();
    g_autoptr(GError) error = NULL;
    g_assert_true(sv_acts_check(whole, &error));
    g_assert_no_error(error);
}

static void test_forged(void)
{
    g_autofree char *path = model_path(), *content = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &content, &size, NULL));
    guint8 *data = (guint8 *)content;
    SvActsTables tables;
    SvActsHeader header;
    memcpy(&header, data, sizeof header);
    memcpy(&tables, data + sizeof header, sizeof tables);
    tables.bias[3] = NAN;
    memcpy(data + sizeof header, &tables, sizeof tables);
    assert_refused_resealed(data, size);
    tables.bias[3] = 0;
    memcpy(data + sizeof header, &tables, sizeof tables);
    SvActsSlot *slots = (SvActsSlot *)(void *)(data + sizeof header + sizeof tables);
    for (guint i = 0; i < header.n_slots; i++) /* rows behind the last */
        slots[i].row = i % 2 ? header.n_rows : G_MAXUINT32;
    assert_read_safely(data, size);
    for (guint i = 0; i < header.n_slots; i++) /* no blank slot: probing could go on for ever */
        slots[i].key += slots[i].key == 0;
    assert_read_safely(data, size);
    SvActsHeader bad = header;
    bad.n_slots = 3;
    memcpy(data, &bad, sizeof bad);
    assert_refused_resealed(data, size);
    bad.n_slots = header.n_slots;
    bad.n_rows = 0xFFFFFFFFu;
    memcpy(data, &bad, sizeof bad);
    assert_refused_resealed(data, size);
}

static void test_missing(void)
{
    const char *const paths[] = {"/nonexistent/acts.bin", "/dev/null", "/"};
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(sv_acts_open(paths[i], &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
    }
    g_autofree char *foreign = g_test_build_filename(G_TEST_DIST, "tests/fixtures/lang/acts.tsv", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(sv_acts_open(foreign, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

static void test_features(void)
{
    SvActFeatures a, b;
    SvActsInput one = input_of("Счёт №12 — до 5 мая!", SV_TALK_CALL, SV_WRITER_US),
                two = input_of("СЧЕТ №47 – до 9 мая!", SV_TALK_CALL, SV_WRITER_US);
    sv_act_features(&one, &a);
    sv_act_features(&two, &b);
    g_assert_cmpuint(a.n, ==, b.n); /* case, ё, dashes and digits make no difference */
    g_assert_cmpmem(a.key, a.n * sizeof *a.key, b.key, b.n * sizeof *b.key);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint n = 0;
    for (guint i = 0; i < a.n; i++) {
        g_assert_cmpuint(a.key[i], !=, 0);
        g_assert_true(g_hash_table_add(seen, GUINT_TO_POINTER(a.key[i])));
    }
    for (guint g = 0; g < SV_ACT_GROUP_N; g++)
        n += a.n_group[g];
    g_assert_cmpuint(n, ==, a.n);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/acts/names", test_names);
    g_test_add_func("/acts/features", test_features);
    g_test_add_func("/acts/table", test_table);
    g_test_add_func("/acts/same", test_same);
    g_test_add_func("/acts/hostile-texts", test_hostile_texts);
    g_test_add_func("/acts/damaged", test_damaged);
    g_test_add_func("/acts/forged", test_forged);
    g_test_add_func("/acts/missing", test_missing);
    return g_test_run();
}
