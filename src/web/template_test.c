/* Templates: each kind of mark, what is refused, limits. */
#include "error.h"
#include "template.h"
#include <string.h>

static const char DOCUMENT[] = "{\"name\":\"<b>&\\\"'\",\"n\":3,\"half\":0.5,\"zero\":0,\"no\":false,"
                               "\"none\":null,\"empty\":[],\"a\":{\"b\":{\"c\":\"deep\"}},"
                               "\"list\":[{\"x\":1},{\"x\":2,\"name\":\"two\"},{\"x\":3,\"name\":null}],"
                               "\"words\":[\"p\",\"q\"],\"state\":\"done\","
                               "\"day\":\"2026-03-12\",\"at\":\"2025-11-03T10:15:20+05:00\",\"unix\":0,"
                               "\"large\":1e999,\"part\":\"{{>p}}\",\"raw\":\"<i>\"}";

typedef struct {
    const char *template, *expected;
} Case;

static const Case CASES[] = {
    {"", ""},
    {"plain } text { {", "plain } text { {"},
    {"{{name}}", "&lt;b&gt;&amp;&quot;&#39;"},
    {"{{ n }}|{{half}}|{{zero}}|{{none}}|{{missing}}|{{a.b.c}}|{{a.b}}|{{a.x.y}}", "3|0.5|0|||deep||"},
    {"{{#list}}{{x}}{{name}};{{/list}}", "1&lt;b&gt;&amp;&quot;&#39;;2two;3;"},
    {"{{#words}}{{@}}{{.}} {{/words}}", "1p 2q "},
    {"{{#a}}{{#b}}{{c}}{{n}}{{/b}}{{/a}}", "deep3"},
    {"{{#list?}}L{{/list?}}{{#empty?}}E{{/empty?}}{{#zero}}Z{{/zero}}{{#no}}N{{/no}}", "L"},
    {"{{^list}}L{{/list}}{{^empty}}E{{/empty}}{{^none}}0{{/none}}{{^missing}}M{{/missing}}", "E0M"},
    {"{{#state=done}}yes{{/state=done}}{{#state=open}}no{{/state=open}}{{^state=open}}not{{/state=open}}",
        "yesnot"},
    {"{{#list}}{{#x=2}}two{{/x=2}}{{/list}}", "two"},
    {"{{>p}}-{{>p}}", "[3]-[3]"},
    {"{{#list}}{{>q}}{{/list}}", "(1)(2)(3)"},
    {"{{part}}", "{{&gt;p}}"},
    {"{{{raw}}}|{{large}}|{{n count.messages large}}|{{date large}}", "|inf|0 сообщений|"},
    {"{{{chart}}}", "<svg/>"},
    {"{{chart}}", ""},
    {"a{{! nothing {{ }}b", "ab"},
    {"{{date day}}|{{fulldate day}}|{{date at}}|{{moment at}}|{{moment day}}|{{clock at}}",
        "12 марта|12 марта 2026|3 ноября 2025|3 ноября 2025, 10:15|12 марта|10:15"},
    {"{{iso day}}|{{iso at}}|{{iso unix}}|{{date name}}|{{ago day}}",
        "2026-03-12|2025-11-03T10:15:20+05:00|1970-01-01T00:00:00+00:00||6 дней назад"},
    {"/x?id={{url name}}", "/x?id=%3Cb%3E%26%22%27"},
    {"{{n count.messages n}}|{{n count.messages name}}", "3 сообщения|0 сообщений"},
    {"{{t app.find}}|{{t state. state}}|{{w page.source n}}|{{t no.such}}",
        "Найти|сделано|Источник 3|no.such"},
};

static SvTemplates *templates_with(const char *text, GError **error)
{
    SvTemplates *templates = sv_templates_new();
    g_assert_true(sv_templates_add(templates, "p", "[{{n}}]", 7, NULL));
    g_assert_true(sv_templates_add(templates, "q", "({{x}})", 7, NULL));
    sv_templates_add(templates, "t", text, strlen(text), error);
    return templates;
}

static cJSON *document(void)
{
    cJSON *model = sv_json_parse(DOCUMENT, strlen(DOCUMENT), NULL);
    g_assert_nonnull(model);
    cJSON_AddItemToObject(model, "chart", sv_template_markup("<svg/>"));
    return model;
}

static const SvTemplateReader *reading(void)
{
    static SvTemplateReader reading;
    reading = (SvTemplateReader){SV_LANG_RU, sv_day_from_civil(2026, 3, 18), NULL, 0};
    return &reading;
}

static void test_marks(void)
{
    g_autoptr(cJSON) model = document();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SvTemplates) templates = templates_with(CASES[i].template, &error);
        g_assert_no_error(error);
        g_autofree char *out = sv_templates_render(templates, "t", model, reading(), NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(out, ==, CASES[i].expected);
    }
}

static void test_refused(void)
{
    static const char *const WRONG[] = {"{{", "{{a", "{{{a}}", "{{#a}}", "{{/a}}", "{{#a}}{{/b}}",
        "{{#a?}}{{/a}}", "{{#a=x}}{{/a=y}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{}}", "{{ }}", "{{a b}}",
        "{{n key}}", "{{t key x}}", "{{t key.}}", "{{>}}", "{{#}}{{/}}", "{{&a}}", "{{a\n}}", "{{<x}}",
        "{{url a b}}"};
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SvTemplates) templates = templates_with(WRONG[i], &error);
        if (!error)
            g_error("\"%s\" was not refused", WRONG[i]);
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    }
}

static void test_limits(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) model = document();
    g_autoptr(SvTemplates) templates = sv_templates_new();
    g_assert_true(sv_templates_add(templates, "self", "x{{>self}}", 10, NULL));
    g_assert_null(sv_templates_render(templates, "self", model, reading(), NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
    g_clear_error(&error);
    g_autoptr(GString) deep = g_string_new(NULL);
    for (guint i = 0; i <= SV_TEMPLATE_DEPTH; i++)
        g_string_append(deep, "{{#a}}");
    g_assert_false(sv_templates_add(templates, "deep", deep->str, deep->len, &error));
    g_clear_error(&error);
    g_assert_false(sv_templates_add(templates, "nul", "a\0b", 3, &error));
    g_clear_error(&error);
    g_autofree char *large = g_strnfill(SV_TEMPLATE_MAX + 1, 'x');
    g_assert_false(sv_templates_add(templates, "large", large, SV_TEMPLATE_MAX + 1, &error));
    g_clear_error(&error);
    g_assert_null(sv_templates_render(templates, "no", model, reading(), NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(sv_templates_add(templates, "lost", "{{>nobody}}", 11, NULL));
    g_assert_false(sv_templates_check(templates, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
}

/* A page of many parts is bounded, also when a list is inside a list inside a list. */
static void test_long_page(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) model = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(model, "l");
    for (guint i = 0; i < 300; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString("0123456789"));
    static const char TEXT[] = "{{#l}}{{#l}}{{#l}}{{.}}{{/l}}{{/l}}{{/l}}";
    g_autoptr(SvTemplates) templates = sv_templates_new();
    g_assert_true(sv_templates_add(templates, "t", TEXT, strlen(TEXT), NULL));
    g_assert_null(sv_templates_render(templates, "t", model, reading(), NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
}

/* 23:30 in London is tomorrow in Almaty: "today" is told where the moment was. */
static void test_ago_in_its_zone(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) model = cJSON_CreateObject();
    cJSON_AddStringToObject(model, "at", "2026-03-19T04:10:00+05:00");
    SvTemplateReader late = {SV_LANG_RU, sv_day_from_civil(2026, 3, 18), NULL, 1773876600};
    g_autoptr(SvTemplates) templates = sv_templates_new();
    g_assert_true(sv_templates_add(templates, "t", "{{ago at}}", 10, NULL));
    g_autofree char *out = sv_templates_render(templates, "t", model, &late, NULL, &error);
    g_assert_cmpstr(out, ==, "сегодня");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/marks", test_marks);
    g_test_add_func("/template/refused", test_refused);
    g_test_add_func("/template/limits", test_limits);
    g_test_add_func("/template/long-page", test_long_page);
    g_test_add_func("/template/ago", test_ago_in_its_zone);
    return g_test_run();
}
