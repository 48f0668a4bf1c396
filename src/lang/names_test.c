/* People in texts and names in cases: tables of tests/fixtures/lang. Needs $SVODKA_DATA/morph.bin. */
#include "names.h"
#include <stdlib.h>
#include <string.h>

static SvMorph *morph;

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
    g_test_message("%s:%u:\n got  %s\n want %s", file, line, got, want);
    g_test_fail();
}

static char *find(const SvRoster *roster, const char *text)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    sv_roster_find(roster, text, strlen(text), found);
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        SvNameMention m = g_array_index(found, SvNameMention, i);
        g_string_append_printf(s, "%s%.*s=%d:%d", i ? "; " : "", (int)(m.span.to - m.span.from),
            text + m.span.from, m.index, (int)(m.score * 100 + 0.5f));
    }
    return g_string_free(s, FALSE);
}

/* Lines "person<TAB>index<TAB>name<TAB>role" add to the roster, "find<TAB>text<TAB>mentions" look. */
static void test_find(void)
{
    g_autoptr(SvRoster) roster = sv_roster_new(morph);
    g_auto(GStrv) lines = read_lines("people.tsv");
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", -1);
        if (g_str_equal(f[0], "person")) {
            sv_roster_add(roster, (int)g_ascii_strtoll(f[1], NULL, 10), f[2], f[3]);
            continue;
        }
        g_autofree char *got = find(roster, f[1]);
        expect("people.tsv", i + 1, got, f[2] ? f[2] : "");
    }
}

static void test_inflect(void)
{
    static const int cases[] = {SV_GR_NOMN, SV_GR_GENT, SV_GR_DATV, SV_GR_ACCS, SV_GR_ABLT, SV_GR_LOCT};
    g_auto(GStrv) lines = read_lines("name_cases.tsv");
    for (guint i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_auto(GStrv) f = g_strsplit(lines[i], "\t", 6);
        for (guint k = 0; f[k]; k++) {
            g_autofree char *got = sv_name_inflect(morph, f[0], cases[k]);
            expect("name_cases.tsv", i + 1, got, f[k]);
        }
    }
}

static void test_hostile(void)
{
    static const char *const names[] = {
        "", " ", "\xFF", "А", "А. Б.", ",", "-", "Иван Иван Иван Иван Иван Иван Иван Иван", "İİİ ȺȺȺ"};
    g_autoptr(SvRoster) roster = sv_roster_new(morph);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        sv_roster_add(roster, (int)i, names[i], names[i]);
        g_autofree char *s = sv_name_inflect(morph, names[i], SV_GR_GENT);
        g_assert_nonnull(s);
    }
    for (guint i = 0; i < 200; i++)
        sv_roster_add(roster, 100 + (int)i, "Иван Иванов", "директор");
    g_autofree char *none = find(roster, "Иван Иванов и директор");
    g_assert_cmpstr(none, ==, "");
    g_autofree char *odd = find(roster, "\xD0 И. И. И. . Иван\nИванов \xE2\x80");
    g_assert_nonnull(odd);
}

/* The longest role of the list that a card's role holds is what people say: the first "директор" is not
 * enough. */
static void test_longest_role(void)
{
    g_autoptr(SvRoster) roster = sv_roster_new(morph);
    sv_roster_add(roster, 1, "Мария Козлова", "и. о. финансового директора");
    sv_roster_add(roster, 2, "Павел Юдин", "директор");
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SvNameMention));
    const char text[] = "Спросите финдира.";
    sv_roster_find(roster, text, sizeof text - 1, found);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpint(g_array_index(found, SvNameMention, 0).index, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *path = g_build_filename(g_getenv("SVODKA_DATA"), "morph.bin", NULL);
    g_autoptr(GError) error = NULL;
    morph = sv_morph_open(path, &error);
    g_assert_no_error(error);
    g_test_add_func("/names/find", test_find);
    g_test_add_func("/names/inflect", test_inflect);
    g_test_add_func("/names/longest-role", test_longest_role);
    g_test_add_func("/names/hostile", test_hostile);
    int rc = g_test_run();
    sv_morph_close(morph);
    return rc;
}
