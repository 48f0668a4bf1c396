/* Tests of formats as data: what is compiled in, an administrator's own, and files that are wrong. */
#include "error.h"
#include "format_rules.h"
#include <glib/gstdio.h>
#include <string.h>

static SvFormats *with(const char *name, const char *text, GError **error)
{
    g_autofree char *dir = g_dir_make_tmp("svodka-formats-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_file_set_contents(path, text, -1, NULL);
    SvFormats *formats = sv_formats_open(dir, error);
    g_unlink(path);
    g_rmdir(dir);
    return formats;
}

static void test_builtin(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvFormats) formats = sv_formats_open(NULL, &error);
    static const char *const wanted[] = {
        "brief", "sections", "timeline", "tasks", "handover", "status", "popup", "review", "report"};
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length((char **)sv_formats_names(formats)), ==, G_N_ELEMENTS(wanted));
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_assert_cmpstr(sv_formats_names(formats)[i], ==, wanted[i]);
        g_assert_cmpuint(strlen(sv_formats_digest(formats, wanted[i])), ==, 16);
        for (SvLang lang = SV_LANG_RU; lang <= SV_LANG_EN; lang++)
            g_assert_cmpstr(sv_formats_title(formats, wanted[i], lang), !=, wanted[i]);
    }
    g_assert_cmpstr(sv_formats_propose(formats, "call"), ==, "popup");
    g_assert_cmpstr(sv_formats_propose(formats, "card"), ==, "brief");
    g_assert_cmpstr(sv_formats_propose(formats, "handover"), ==, "handover");
    g_assert_cmpstr(sv_formats_propose(formats, "nothing known"), ==, "brief");
    g_assert_false(sv_formats_has(formats, "../brief"));
    const SvFormatRules *sections = sv_formats_rules(formats, "sections");
    const SvFormatSection *first = sections->sections->pdata[g_array_index(sections->take, guint, 0)];
    g_assert_cmpstr(first->id, ==, "risks");
    g_assert_true(first->current);
}

static void test_own(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvFormats) formats = with("risks-only.ini",
        "[format]\ntitle.ru=Только риски\nsections=r\norder=5\nfor=board\n[section "
        "r]\ntarget=risks\nmost=3\nlength=100\n"
        "acts=complaint competitor\ndeals=open 2 lost 1\n",
        &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sv_formats_names(formats)[0], ==, "risks-only");
    const SvFormatSection *s = sv_formats_rules(formats, "risks-only")->sections->pdata[0];
    g_assert_cmpuint(s->most, ==, 3);
    g_assert_cmpuint(s->acts, ==, 1u << SV_ACT_COMPLAINT | 1u << SV_ACT_COMPETITOR);
    g_assert_cmpuint(s->deals[0], ==, 2);
    g_assert_cmpuint(s->deals[2], ==, 1);
    g_autoptr(SvFormats) replaced = with("brief.ini", "[format]\nsections=x\n[section x]\nmost=1\n", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sv_formats_rules(replaced, "brief")->sections->len, ==, 1);
    g_assert_cmpstr(sv_formats_digest(replaced, "brief"), !=, sv_formats_digest(formats, "brief"));
}

static void test_wrong(void)
{
    static const struct {
        const char *name, *text, *says;
    } cases[] = {
        {"a.ini", "", "sections"},
        {"a.ini", "no group", "a.ini"},
        {"a.ini", "[format]\nsections=\n", "at least one"},
        {"a.ini", "[format]\nsections=x\n", "no group [section x]"},
        {"a.ini", "[format]\nsections=x x\n[section x]\n", "twice"},
        {"a.ini", "[format]\nsection=x\n", "no such setting"},
        {"a.ini", "[format]\nsections=x\n[section x]\nmost=0\n", "whole number"},
        {"a.ini", "[format]\nsections=x\n[section x]\nmost=many\n", "whole number"},
        {"a.ini", "[format]\nsections=x\n[section x]\ntarget=luck\n", "target"},
        {"a.ini", "[format]\nsections=x\n[section x]\nacts=promise luck\n", "luck"},
        {"a.ini", "[format]\nsections=x\n[section x]\nshow=dance\n", "show"},
        {"a.ini", "[format]\nsections=x\n[section x]\ndeals=open\n", "pairs"},
        {"a.ini", "[format]\nsections=x\n[section x]\nspeech=2\n", "factor"},
        {"a.ini", "[format]\nsections=x\ntake=y\n[section x]\n", "take"},
        {"A b.ini", "[format]\nsections=x\n[section x]\n", "small latin"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(with(cases[i].name, cases[i].text, &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, cases[i].says));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(sv_formats_open("/nonexistent", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/formats/builtin", test_builtin);
    g_test_add_func("/formats/own", test_own);
    g_test_add_func("/formats/wrong", test_wrong);
    return g_test_run();
}
