/* Every page filled with documents of tests/fixtures/pages, with the same documents full of hostile text, and
 * with none; the templates, words and style themselves. With SVODKA_PAGES=FOLDER the pages are also written
 * there, to be looked at. */
#include "html.h"
#include "site.h"
#include "view.h"
#include "web_words.h"
#include <libxml/HTMLparser.h>
#include <string.h>

#define HOSTILE "\"><script>alert(1)</script><img src=x onerror=alert(2)>&'\xE2\x80\xAE{{me}}"

/* What a page is filled with: names of documents; "name=file". */
typedef struct {
    const char *page;
    const char *template;
    const char *documents;
    const char *extra; /* JSON that is put beside */
} PageCase;

#define WRITES "\"may_write\":true,\"base\":\"/clients/7\",\"format\":\"brief\""

static const PageCase PAGES[] = {
    {"login", "login", "", "{\"page\":\"login\",\"title\":\"Вход\",\"company\":\"ООО «Линия»\",\"me\":null}"},
    {"begin", "login", "",
        "{\"page\":\"login\",\"title\":\"Вход\",\"first\":true,\"problem\":\"Пароль слишком "
        "короткий.\",\"me\":null}"},
    {"today", "today", "today", "{\"page\":\"today\",\"title\":\"Сегодня\"}"},
    {"clients", "clients", "list=clients", "{\"page\":\"clients\",\"title\":\"Клиенты\"}"},
    {"card", "card", "card since summary=brief tasks activity",
        "{\"page\":\"clients\",\"title\":\"Северный Ветер\",\"show\":true," WRITES "}"},
    {"card-recent", "card", "card since tasks activity",
        "{\"page\":\"clients\",\"title\":\"Северный Ветер\"," WRITES "}"},
    {"card-sections", "card", "card summary=sections tasks",
        "{\"page\":\"clients\",\"title\":\"Северный Ветер\",\"show\":true,\"base\":\"/clients/7\"}"},
    {"card-timeline", "card", "card summary=timeline tasks",
        "{\"page\":\"clients\",\"title\":\"Северный Ветер\",\"show\":true," WRITES "}"},
    {"card-tasks", "card", "card summary=tasks",
        "{\"page\":\"clients\",\"title\":\"Северный Ветер\",\"show\":true," WRITES "}"},
    {"source", "source_page", "source",
        "{\"page\":\"clients\",\"title\":\"Письмо\",\"base\":\"/clients/7\"}"},
    {"source-call", "source_page", "source=source_call",
        "{\"page\":\"clients\",\"title\":\"Звонок\",\"base\":\"/clients/7\"}"},
    {"search", "search_page", "search", "{\"page\":\"clients\",\"title\":\"Поиск\",\"base\":\"/clients/7\"}"},
    {"missing", "missing", "messages", "{" WRITES "}"},
    {"try", "try", "", "{\"page\":\"try\",\"title\":\"Попробовать\"}"},
    {"trial-running", "trial", "",
        "{\"page\":\"try\",\"title\":\"Попробовать\",\"base\":\"/try/"
        "1\",\"trial\":{\"running\":true,\"stage\":\"masking\",\"percent\":40,\"files\":3,\"messages\":166}"
        "}"},
    {"trial-ready", "trial", "summary=brief",
        "{\"page\":\"try\",\"title\":\"Попробовать\",\"base\":\"/try/"
        "1\",\"trial\":{\"ready\":true,\"name\":\"ТОО "
        "«Ветер»\",\"messages\":166,\"seconds\":\"0,4\",\"minutes\":30,\"may_keep\":true,\"n_problems\":1,"
        "\"problems\":[\"chat.txt: line "
        "3\"],\"formats\":[{\"id\":\"brief\",\"title\":\"Кратко\",\"current\":true}]}}"},
    {"call", "call", "popup", "{\"page\":\"call\",\"title\":\"Звонок\",\"number\":\"+7 701 555 01 17\"}"},
    {"call-empty", "call", "",
        "{\"page\":\"call\",\"title\":\"Звонок\",\"number\":\"123\",\"unknown\":true}"},
    {"report", "report", "report", "{\"page\":\"report\",\"title\":\"Отчёт\",\"top\":10}"},
    {"review", "review", "summary=review",
        "{\"page\":\"clients\",\"title\":\"Обзор\",\"base\":\"/clients/"
        "7\",\"from\":\"2026-01-01\",\"to\":\"2026-03-31\"}"},
    {"admin-health", "admin_health", "",
        "{\"page\":\"admin\",\"part\":\"health\",\"title\":\"Управление\",\"health\":{\"figures\":[{\"name\":"
        "\"clients\",\"value\":120},{\"name\":\"messages\",\"value\":55120},{\"name\":\"jobs\",\"value\":0}]}"
        "}"},
    {"admin-users", "admin_users", "",
        "{\"page\":\"admin\",\"part\":\"users\",\"title\":\"Управление\",\"done\":\"saved\",\"roles\":[{"
        "\"role\":\"manager\"},{\"role\":\"admin\"}],\"users\":[{\"id\":1,\"name\":\"Ольга "
        "Белова\",\"login\":\"olga\",\"team\":\"Север\",\"roles\":[{\"role\":\"manager\",\"chosen\":true},{"
        "\"role\":\"admin\"}]},{\"id\":2,\"name\":\"Пётр\",\"login\":\"petr\",\"disabled\":true,\"team\":"
        "\"\",\"roles\":[{\"role\":\"manager\",\"chosen\":true}]}]}"},
    {"admin-labels", "admin_labels", "",
        "{\"page\":\"admin\",\"part\":\"labels\",\"title\":\"Управление\",\"takers\":[{\"value\":\"a2\","
        "\"name\":\"Ольга\"}],\"labels\":[{\"id\":3,\"name\":\"legal\",\"holders\":[{\"label\":3,\"account\":"
        "2,\"team\":0,\"name\":\"Ольга\"}]},{\"id\":4,\"name\":\"board\",\"holders\":[]}]}"},
    {"admin-import", "admin_import", "",
        "{\"page\":\"admin\",\"part\":\"import\",\"title\":\"Управление\",\"imported\":{\"clients\":1,"
        "\"added\":166,\"changed\":0,\"same\":2,\"client\":7,\"problems\":[\"mail.mbox: message 3\"]}}"},
    {"admin-feedback", "admin_feedback", "",
        "{\"page\":\"admin\",\"part\":\"feedback\",\"title\":\"Управление\",\"kinds\":[{\"kind\":\"useful\","
        "\"n\":12},{\"kind\":\"missing\",\"n\":3},{\"kind\":\"wrong\",\"n\":1}],\"by_format\":[{\"format\":"
        "\"brief\",\"useful\":10,\"missing\":3,\"wrong\":1}],\"feedback\":[{\"kind\":\"wrong\",\"base\":\"/"
        "clients/"
        "7\",\"client\":{\"id\":7,\"name\":\"Ветер\"},\"format\":\"brief\",\"at\":\"2026-03-17T10:00:00+05:"
        "00\",\"by\":\"Ольга\",\"quote\":\"скину смету\",\"comment\":\"Уже прислал\"}]}"},
    {"admin-audit", "admin_audit", "",
        "{\"page\":\"admin\",\"part\":\"audit\",\"title\":\"Управление\",\"chain\":{\"holds\":true,"
        "\"entries\":1204,\"head\":\"3f9a\"},\"entries\":[{\"at\":1773800000,\"who\":\"olga\",\"action\":"
        "\"summary.read\",\"detail\":\"brief "
        "ru\",\"client\":7,\"address\":\"10.0.0.5\",\"status\":200},{\"at\":1773800100,\"who\":\"petr\","
        "\"action\":\"card.read\",\"client\":9,\"address\":\"10.0.0.6\",\"status\":404,\"denied\":true}]}"},
    {"help", "help", "", "{\"page\":\"help\",\"title\":\"Помощь\"}"},
    {"problem", "problem", "", "{\"page\":\"problem\",\"title\":\"Ошибка\",\"name\":\"not-found\"}"},
    {"offline", "offline", "", "{\"page\":\"offline\",\"title\":\"Нет связи\",\"me\":null}"},
};

static const char FRAME[] =
    "{\"lang\":\"ru\",\"theme\":\"\",\"version\":\"1\",\"csrf\":\"c0ffee\",\"account\":2,\"path\":\"/today\","
    "\"me\":{\"name\":\"Ольга Белова\",\"role\":\"admin\",\"admin\":true}}";

static cJSON *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    cJSON *value = sv_json_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    return value;
}

static cJSON *load(const char *name)
{
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests/fixtures/pages", file, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return parse(text);
}

/* Every string of a document, whatever its depth, made hostile; ids and moments too. */
static void make_hostile(cJSON *value)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new();
    g_ptr_array_add(left, value);
    while (left->len) {
        cJSON *item = g_ptr_array_steal_index_fast(left, left->len - 1), *child;
        if (cJSON_IsString(item))
            cJSON_SetValuestring(item, HOSTILE);
        cJSON_ArrayForEach(child, item) g_ptr_array_add(left, child);
    }
}

static void prepare(SvView *view, cJSON *model, const char *name, cJSON *document)
{
    if (strcmp(name, "summary") == 0)
        sv_view_summary(view, document);
    else if (strcmp(name, "since") == 0)
        sv_view_since(view, document);
    else if (strcmp(name, "tasks") == 0)
        sv_view_tasks(view, document);
    else if (strcmp(name, "today") == 0)
        sv_view_today(view, document);
    else if (strcmp(name, "list") == 0)
        sv_view_clients(document);
    else if (strcmp(name, "report") == 0)
        sv_view_report(view, document);
    else if (strcmp(name, "search") == 0)
        sv_view_search(view, document);
    else if (strcmp(name, "card") == 0)
        sv_view_formats(cJSON_GetObjectItem(document, "formats"), "brief");
    else if (strcmp(name, "popup") == 0) {
        cJSON *summary = cJSON_GetObjectItem(document, "summary");
        sv_view_summary(view, summary);
        cJSON_AddStringToObject(document, "base", "/clients/7");
        cJSON_AddTrueToObject(summary, "any");
    } else if (strcmp(name, "activity") == 0) {
        cJSON *charts = sv_view_charts(view, document);
        if (charts)
            cJSON_AddItemToObject(model, "charts", charts);
    }
}

typedef enum { AS_IS, MADE_HOSTILE, WITHOUT } Fill;

static cJSON *model_of(const PageCase *page, SvView *view, Fill fill)
{
    cJSON *model = parse(FRAME), *child;
    g_autoptr(cJSON) extra = parse(page->extra);
    while ((child = extra->child)) {
        cJSON_DetachItemViaPointer(extra, child);
        cJSON_DeleteItemFromObjectCaseSensitive(model, child->string);
        cJSON_AddItemToObject(model, child->string, child);
    }
    g_auto(GStrv) documents = g_strsplit(page->documents, " ", -1);
    for (guint i = 0; documents[i] && *documents[i] && fill != WITHOUT; i++) {
        g_auto(GStrv) parts = g_strsplit(documents[i], "=", 2);
        cJSON *document = load(parts[1] ? parts[1] : parts[0]);
        if (fill == MADE_HOSTILE)
            make_hostile(document);
        cJSON_AddItemToObject(model, parts[0], document);
        prepare(view, model, parts[0], document);
    }
    return model;
}

static char *render(const PageCase *page, SvLang language, Fill fill)
{
    g_autoptr(GError) error = NULL;
    SvDay today = sv_day_from_civil(2026, 3, 18);
    SvView view = {language, today, 0};
    SvTemplateReader reading = {language, today, NULL, 0};
    g_autoptr(cJSON) model = model_of(page, &view, fill);
    if (language == SV_LANG_EN)
        cJSON_ReplaceItemInObjectCaseSensitive(model, "lang", cJSON_CreateString("en"));
    gsize len = 0;
    char *html = sv_templates_render(sv_site_templates(), page->template, model, &reading, &len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(html), ==, len);
    return html;
}

/* No script, style or handler inside a page, whatever it is filled with. */
static void check_attributes(const char *page, xmlNode *node)
{
    for (xmlAttr *a = node->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        g_autofree char *value = (char *)xmlGetProp(node, a->name);
        if (g_str_has_prefix(name, "on") || strcmp(name, "style") == 0 || g_str_has_prefix(name, "hx-on"))
            g_error("%s: attribute %s on %s", page, name, (const char *)node->name);
        gboolean address = !strcmp(name, "href") || !strcmp(name, "src") || !strcmp(name, "action") ||
                           g_str_has_prefix(name, "hx-get") || g_str_has_prefix(name, "hx-post");
        if (address && !g_str_has_prefix(value, "/") && !g_str_has_prefix(value, "#") &&
            !g_str_has_prefix(value, "tel:") && !g_str_has_prefix(value, "mailto:"))
            g_error("%s: %s leads to %s", page, name, value);
        if (address && g_str_has_prefix(value, "//"))
            g_error("%s: %s leads elsewhere", page, name);
    }
}

static void check_tree(const char *page, xmlNode *root)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new();
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(left, root);
    while (left->len) {
        xmlNode *node = g_ptr_array_steal_index_fast(left, left->len - 1);
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)node->name, "style") == 0 ||
            (strcmp((const char *)node->name, "script") == 0 &&
                (node->children || !xmlHasProp(node, BAD_CAST "src"))))
            g_error("%s: a %s of its own", page, (const char *)node->name);
        check_attributes(page, node);
        char *id = (char *)xmlGetProp(node, BAD_CAST "id");
        if (id && !g_hash_table_add(ids, id))
            g_error("%s: id %s is there twice", page, id);
        for (xmlNode *child = node->children; child; child = child->next)
            g_ptr_array_add(left, child);
    }
}

static void note_error(void *data, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(data, format, arguments);
    va_end(arguments);
}

/* The old parser does not know the elements of today; that is all it may complain of. */
static void check_errors(const char *page, const char *errors)
{
    g_auto(GStrv) lines = g_strsplit(errors, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        if (strstr(lines[i], "error :") && !strstr(lines[i], "Tag ") && !strstr(lines[i], "invalid"))
            g_error("%s: %s", page, lines[i]);
}

static void check_html(const char *page, const char *html)
{
    g_autoptr(GString) errors = g_string_new(NULL);
    xmlSetGenericErrorFunc(errors, note_error);
    htmlDocPtr tree = htmlReadMemory(html, (int)strlen(html), page, "UTF-8", HTML_PARSE_NONET);
    xmlSetGenericErrorFunc(NULL, NULL);
    g_assert_nonnull(tree);
    check_tree(page, xmlDocGetRootElement(tree));
    check_errors(page, errors->str);
    xmlFreeDoc(tree);
}

static void save(const PageCase *page, SvLang language, const char *html)
{
    const char *folder = g_getenv("SVODKA_PAGES");
    if (!folder)
        return;
    g_autofree char *path = g_strdup_printf("%s/%s-%s.html", folder, page->page, sv_lang_name(language));
    g_assert_true(g_file_set_contents(path, html, -1, NULL));
}

static void test_pages(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(PAGES); i++)
        for (SvLang language = SV_LANG_RU; language <= SV_LANG_EN; language++) {
            g_autofree char *html = render(&PAGES[i], language, AS_IS);
            check_html(PAGES[i].page, html);
            save(&PAGES[i], language, html);
            g_assert_null(strstr(html, "{{"));
            g_assert_null(strstr(html, "}}"));
        }
}

static void test_hostile(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(PAGES); i++) {
        g_autofree char *html = render(&PAGES[i], SV_LANG_RU, MADE_HOSTILE);
        g_assert_null(strstr(html, "<script>"));
        g_assert_null(strstr(html, "<img"));
        g_assert_null(strstr(html, "\"><script>alert"));
        check_html(PAGES[i].page, html);
    }
}

static void test_without_documents(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(PAGES); i++) {
        g_autofree char *html = render(&PAGES[i], SV_LANG_EN, WITHOUT);
        check_html(PAGES[i].page, html);
    }
}

static void test_words(void)
{
    g_autoptr(GPtrArray) words = sv_templates_words(sv_site_templates());
    g_assert_cmpuint(words->len, >, 100);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        if (g_str_has_suffix(word, ".") ? sv_web_has_words(word) || *sv_web_word(SV_LANG_RU, word)
                                        : sv_web_has_word(word))
            continue;
        g_error("data/web/words.tsv: no \"%s\" in both languages", word);
    }
    static const char *const BY_CODE[] = {"app.name", "short.12", "ago.in_days", "stage.waiting",
        "stage.writing", "login.wrong", "login.often", "try.no_files", "try.busy", "try.failed",
        "try.no_messages", "labels.team_of", "review.title", "search.title"};
    for (guint i = 0; i < G_N_ELEMENTS(BY_CODE); i++)
        g_assert_true(sv_web_has_word(BY_CODE[i]));
}

static void test_plurals(void)
{
    static const struct {
        guint n;
        const char *ru, *en;
    } CASES[] = {{1, "1 сообщение", "1 message"}, {2, "2 сообщения", "2 messages"},
        {5, "5 сообщений", "5 messages"}, {11, "11 сообщений", "11 messages"},
        {21, "21 сообщение", "21 messages"}, {112, "112 сообщений", "112 messages"}};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *ru = sv_web_counted(SV_LANG_RU, "count.messages", CASES[i].n);
        g_autofree char *en = sv_web_counted(SV_LANG_EN, "count.messages", CASES[i].n);
        g_assert_cmpstr(ru, ==, CASES[i].ru);
        g_assert_cmpstr(en, ==, CASES[i].en);
    }
    SvDay now = sv_day_from_civil(2026, 3, 18);
    g_autofree char *today = sv_web_ago(SV_LANG_RU, now, now), *soon = sv_web_ago(SV_LANG_RU, now + 3, now);
    g_autofree char *past = sv_web_ago(SV_LANG_EN, now - 2, now),
                    *far = sv_web_ago(SV_LANG_RU, now - 40, now);
    g_assert_cmpstr(today, ==, "сегодня");
    g_assert_cmpstr(soon, ==, "через 3 дня");
    g_assert_cmpstr(past, ==, "2 days ago");
    g_assert_cmpstr(far, ==, "6 февраля");
}

/* Values stand in quotes, and addresses begin with one of ours: escaping alone is then enough. */
static void test_template_places(void)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "web/pages", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_null(strstr(text, "style="));
        g_assert_null(strstr(text, "hx-vals=\"js"));
        static const char *const ADDRESSES[] = {
            "href=\"{{", "src=\"{{", "action=\"{{", "hx-get=\"{{", "hx-post=\"{{"};
        for (guint i = 0; i < G_N_ELEMENTS(ADDRESSES); i++)
            for (const char *p = text; (p = strstr(p, ADDRESSES[i])); p++) {
                const char *value = p + strlen(ADDRESSES[i]);
                if (!g_str_has_prefix(value, "base}}") && !g_str_has_prefix(value, "#first}}/"))
                    g_error("%s: an address begins with a value: %.40s", name, p);
            }
        gboolean in_tag = FALSE, in_quotes = FALSE;
        for (const char *p = text; *p; p++) {
            if (g_str_has_prefix(p, "{{")) {
                gboolean control = strchr("#^/>!", p[2]) != NULL;
                if (in_tag && !in_quotes && !control)
                    g_error("%s: a value outside quotes: %.40s", name, p);
                p = strstr(p, "}}") + 1;
            } else if (*p == '"' && in_tag)
                in_quotes = !in_quotes;
            else if (*p == '<' && !in_quotes)
                in_tag = TRUE;
            else if (*p == '>' && !in_quotes)
                in_tag = FALSE;
        }
    }
}

static void test_charts(void)
{
    g_autoptr(cJSON) activity = load("activity");
    g_autofree char *bars = sv_chart_activity(cJSON_GetObjectItem(activity, "months"), SV_LANG_RU);
    g_assert_nonnull(strstr(bars, "<rect class=\"us\""));
    g_assert_nonnull(strstr(bars, "апр"));
    g_autofree char *tone = sv_chart_tone(cJSON_GetObjectItem(activity, "months"), SV_LANG_RU);
    g_assert_nonnull(strstr(tone, "class=\"curve\""));
    g_autoptr(cJSON) odd = parse("[{\"month\":\"<b>\",\"us\":1e300},{\"month\":\"2026-99\",\"us\":-5},7,{"
                                 "\"month\":\"2026-01\",\"us\":-5}]");
    g_assert_null(sv_chart_activity(odd, SV_LANG_RU));
    g_assert_null(sv_chart_tone(odd, SV_LANG_RU));
    g_assert_null(sv_chart_activity(NULL, SV_LANG_RU));
}

static void test_tasks_view(void)
{
    g_autoptr(cJSON) tasks = load("tasks");
    SvView view = {SV_LANG_RU, sv_day_from_civil(2026, 3, 18), 0};
    sv_view_tasks(&view, tasks);
    g_assert_cmpint(cJSON_GetArraySize(cJSON_GetObjectItem(tasks, "groups")), ==, 2);
    g_assert_cmpint(cJSON_GetArraySize(cJSON_GetObjectItem(tasks, "closed")), ==, 2);
    g_assert_cmpfloat(sv_json_number(tasks, "n_late", 0), ==, 1);
    const cJSON *first = cJSON_GetArrayItem(
        cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(tasks, "groups"), 0), "tasks"), 0);
    g_assert_cmpfloat(sv_json_number(first, "late", 0), ==, 3);
    g_assert_true(g_str_has_prefix(sv_json_string(tasks, "copy"),
        "- Прислать смету на вентиляцию цеха 3. (Павел Дронов, до 15 марта 2026)\n"));
}

static void test_search_pieces(void)
{
    g_autoptr(cJSON) search = load("search");
    SvView view = {SV_LANG_RU, sv_day_from_civil(2026, 3, 18), 0};
    sv_view_search(&view, search);
    const cJSON *pieces =
        cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(search, "hits"), 0), "pieces");
    g_assert_cmpint(cJSON_GetArraySize(pieces), ==, 3);
    g_assert_cmpstr(sv_json_string(cJSON_GetArrayItem(pieces, 1), "piece"), ==, "договор");
    g_autoptr(cJSON) odd =
        parse("{\"hits\":[{\"source\":{\"quote\":\"да\"},\"words\":[[-1,2],[3,1],[1,2],[0,99],5,[]]},4]}");
    sv_view_search(&view, odd);
}

static void test_files(void)
{
    const char *type = NULL;
    GBytes *bytes = sv_site_file("htmx.js", &type);
    g_assert_nonnull(bytes);
    g_assert_cmpuint(g_bytes_get_size(bytes), >, 10000);
    g_assert_null(sv_site_file("../app.css", &type));
    g_assert_null(strstr(SV_SITE_POLICY, "unsafe"));
    g_assert_cmpuint(strlen(sv_site_version()), ==, 12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/pages", test_pages);
    g_test_add_func("/web/hostile", test_hostile);
    g_test_add_func("/web/without-documents", test_without_documents);
    g_test_add_func("/web/words", test_words);
    g_test_add_func("/web/plurals", test_plurals);
    g_test_add_func("/web/template-places", test_template_places);
    g_test_add_func("/web/charts", test_charts);
    g_test_add_func("/web/tasks", test_tasks_view);
    g_test_add_func("/web/search", test_search_pieces);
    g_test_add_func("/web/files", test_files);
    return g_test_run();
}
