/* Papers: a summary, a report and an edited text in every form; hostile text in each of them.
 *
 * DOCX is unpacked by libarchive and each part read by libxml2; of a PDF the pages are counted and, where
 * pdftotext is installed, its text is read. */
#include "deliver.h"
#include "error.h"
#include <glib/gstdio.h>
#include <archive.h>
#include <archive_entry.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#define DOCX_TEXT "//*[local-name()='t']"

static cJSON *read_fixture(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests/fixtures/deliver", name, NULL),
                    *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize len = 0;
    g_file_get_contents(path, &text, &len, &error);
    g_assert_no_error(error);
    cJSON *document = sv_json_parse(text, len, &error);
    g_assert_no_error(error);
    return document;
}

/* ── a part of a DOCX ── */

static char *part_of(GBytes *docx, const char *name)
{
    gsize len;
    const void *data = g_bytes_get_data(docx, &len);
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    char *text = NULL;
    archive_read_support_format_zip(archive);
    g_assert_cmpint(archive_read_open_memory(archive, data, len), ==, ARCHIVE_OK);
    while (!text && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        if (strcmp(archive_entry_pathname(entry), name) != 0)
            continue;
        gsize size = (gsize)archive_entry_size(entry);
        text = g_malloc0(size + 1);
        g_assert_cmpint(archive_read_data(archive, text, size), ==, (la_ssize_t)size);
    }
    archive_read_free(archive);
    return text;
}

static xmlDocPtr parse_part(GBytes *docx, const char *name)
{
    g_autofree char *text = part_of(docx, name);
    g_assert_nonnull(text);
    xmlDocPtr xml = xmlReadMemory(text, (int)strlen(text), name, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
    g_assert_nonnull(xml);
    return xml;
}

/* The nodes of a path, their text joined by line breaks. */
static char *texts_of(xmlDocPtr xml, const char *path, int *n)
{
    xmlXPathContextPtr context = xmlXPathNewContext(xml);
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)path, context);
    GString *out = g_string_new(NULL);
    *n = found->nodesetval ? found->nodesetval->nodeNr : 0;
    for (int i = 0; i < *n; i++) {
        xmlChar *text = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
        g_string_append_printf(out, "%s\n", (const char *)text);
        xmlFree(text);
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return g_string_free(out, FALSE);
}

/* The text of a DOCX, a paragraph a line; every part is well-formed. */
static char *docx_text(GBytes *docx)
{
    static const char *const parts[] = {"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels",
        "word/styles.xml", "word/footer.xml", "word/document.xml"};
    char *text = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        xmlDocPtr xml = parse_part(docx, parts[i]);
        int n = 0;
        g_free(text);
        text = texts_of(xml, "//*[local-name()='p']", &n);
        xmlFreeDoc(xml);
    }
    return text;
}

static int count_in_docx(GBytes *docx, const char *path)
{
    xmlDocPtr xml = parse_part(docx, "word/document.xml");
    int n = 0;
    g_autofree char *text = texts_of(xml, path, &n);
    xmlFreeDoc(xml);
    return n;
}

/* ── a PDF ── */

static guint count_bytes(GBytes *bytes, const char *what)
{
    gsize len, size = strlen(what);
    const char *data = g_bytes_get_data(bytes, &len), *end = data + len;
    guint n = 0;
    while ((data = memmem(data, (gsize)(end - data), what, size))) {
        data += size;
        n++;
    }
    return n;
}

static guint count_pages(GBytes *pdf)
{
    gsize len;
    const char *data = g_bytes_get_data(pdf, &len);
    g_assert_cmpuint(len, >, 64);
    g_assert_cmpint(strncmp(data, "%PDF-1.", 7), ==, 0);
    g_assert_nonnull(memmem(data + len - 16, 16, "%%EOF", 5));
    return count_bytes(pdf, "/Type /Page %");
}

/* What pdftotext reads, spaces made one; NULL when it is not installed. */
static char *pdf_text(GBytes *pdf)
{
    g_autofree char *program = g_find_program_in_path("pdftotext"), *path = NULL, *raw = NULL;
    gsize len;
    const char *data = g_bytes_get_data(pdf, &len);
    if (!program)
        return NULL;
    int fd = g_file_open_tmp("svodka-XXXXXX.pdf", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, data, (gssize)len, NULL));
    const char *const argv[] = {program, "-enc", "UTF-8", path, "-", NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, &raw, NULL, NULL, NULL));
    g_remove(path);
    g_auto(GStrv) words = g_strsplit_set(raw, " \n\t\f", -1);
    return g_strjoinv(" ", words);
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("“%s” is not in:\n%s", part, text);
}

static void assert_holds_not(const char *text, const char *part)
{
    if (strstr(text, part))
        g_error("“%s” is in:\n%s", part, text);
}

/* ── cases ── */

/* What is told, in any form. */
static const char *const told[] = {"ТОО «Берёзка»", "Сводка на 8 декабря 2025, 09:00", "Текущий статус",
    "Ждём решения комитета до 20 декабря.", "Отправить договор", "до 5 декабря", "Алексей Ким",
    "просрочена на 3 дня", "отмечено: сделано (Анна Ли)", "15 ноября", "Отправили предложение", "Источники",
    "Письмо, 15 ноября, Мария Козлова", "«ответим до 20 декабря»", "„цена «под ключ» устроит“",
    "Звонок, 1 марта 2024, автор неизвестен",
    "Прочитано 731 сообщение (до 7 декабря 2025), скрыто 12, замаскировано 7, исключено 3"};

/* A number does not part from what it counts: a space that does not break stands between them. */
static char *with_plain_spaces(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\u00A0", -1);
    return g_strjoinv(" ", parts);
}

static void test_markdown(void)
{
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    g_autofree char *text = sv_deliver_markdown(document, NULL);
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests/fixtures/deliver", "summary.ru.md", NULL);
    g_autofree char *wanted = NULL;
    if (g_strcmp0(g_getenv("SVODKA_GOLDEN"), "write") == 0)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_true(g_file_get_contents(path, &wanted, NULL, NULL));
    g_assert_cmpstr(text, ==, wanted);
    g_autofree char *plain = with_plain_spaces(text);
    for (guint i = 0; i < G_N_ELEMENTS(told); i++)
        assert_holds(plain, told[i]);
    g_autofree char *titled = sv_deliver_markdown(document, "Обзор");
    g_assert_true(g_str_has_prefix(titled, "# Обзор\n\n*ТОО «Берёзка». Сводка на"));
}

static void test_docx(void)
{
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) docx = sv_deliver_docx(document, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *raw = docx_text(docx), *text = with_plain_spaces(raw);
    for (guint i = 0; i < G_N_ELEMENTS(told); i++)
        assert_holds(text, told[i]);
    /* each reference leads to a bookmark, each quote of a message has one number */
    g_assert_cmpint(count_in_docx(docx, "//*[local-name()='bookmarkStart']"), ==, 4);
    g_assert_cmpint(count_in_docx(docx, "//*[local-name()='hyperlink']"), ==, 6);
    assert_holds(text, "☑Позвонить в понедельник — ");
}

static void test_pdf(void)
{
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = sv_deliver_pdf(document, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(pdf), ==, 1);
    g_assert_cmpuint(count_bytes(pdf, "/Subtype /Link"), ==, 6);
    g_autofree char *raw = pdf_text(pdf);
    if (!raw) {
        g_test_message("pdftotext is not installed: only pages and links are checked");
        return;
    }
    g_autofree char *text = with_plain_spaces(raw);
    assert_holds(text, "Ждём решения комитета до 20 декабря.");
    assert_holds(text, "Письмо, 15 ноября, Мария Козлова");
    assert_holds(text, "1 / 1");
}

static void test_report(void)
{
    g_autoptr(cJSON) document = read_fixture("report.json");
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sv_deliver_markdown(document, NULL);
    assert_holds(text, "# Отчёт по клиентам\n\n*На 8 декабря 2025, 09:00*");
    assert_holds(
        text, "## ТОО «Берёзка»\n\nведёт Анна Ли, последнее сообщение 7 декабря, 2 просроченные задачи");
    assert_holds(text, "\nЖдём решения комитета.[^1] Просят рассрочку.[^2]\n");
    assert_holds(text, "## Клиент без имени\n");
    assert_holds(text, "[^2]: WhatsApp, 2 декабря, Мария Козлова: «можно в рассрочку?»");
    g_autoptr(GBytes) pdf = sv_deliver_pdf(document, "Главные клиенты", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(pdf), ==, 1);
    g_autoptr(GBytes) docx = sv_deliver_docx(document, "Главные клиенты", &error);
    g_assert_no_error(error);
    g_autofree char *words = docx_text(docx);
    assert_holds(words, "Главные клиенты\n");
}

static void test_english(void)
{
    g_autoptr(cJSON) document = cJSON_Parse(
        "{\"client\":null,\"format\":\"tasks\",\"language\":\"en\",\"as_of\":\"2025-12-08T09:00:00+05:00\","
        "\"sections\":[],\"tasks\":[],\"timeline\":[],\"coverage\":{\"read\":1,\"hidden\":0,\"newest\":null}"
        "}");
    g_autofree char *text = sv_deliver_markdown(document, NULL);
    g_assert_cmpstr(text, ==,
        "# Unnamed client\n\n*As of 8 December 2025, 09:00*\n\n## Tasks\n\nNo open tasks.\n\n1\u00A0message "
        "read.\n");
}

static void test_no_document(void)
{
    static const char *const wrong[] = {"{}", "[]", "1", "null", "{\"sections\":7}", "{\"clients\":\"x\"}"};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(cJSON) document = cJSON_Parse(wrong[i]);
        g_assert_null(sv_deliver_docx(document, NULL, &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
        g_clear_error(&error);
        g_assert_null(sv_deliver_pdf(document, NULL, &error));
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    }
}

/* Lists that hold what they should not; nothing of it stops the rest. */
static void test_odd_document(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) document = cJSON_Parse("{\"client\":7,\"language\":[],\"as_of\":\"soon\",\"sections\":["
                                            "null,1,{\"title\":{},\"statements\":[3,{},"
                                            "{\"text\":\"Осталось.\",\"sources\":[1,{},{\"quote\":\"да\"}]}]}"
                                            "],\"tasks\":[null,{\"text\":\"Т\",\"mark\":1,"
                                            "\"due\":\"2025-13-77\",\"side\":5,\"state\":\"odd\"}],"
                                            "\"timeline\":[{}],\"coverage\":{\"read\":-5,\"hidden\":1e300}}");
    g_autofree char *text = sv_deliver_markdown(document, NULL);
    assert_holds(text, "- Осталось.[^1]\n");
    assert_holds(text, "[^1]: автор неизвестен: «да»");
    assert_holds(text, "- [ ] Т\n");
    g_autoptr(GBytes) pdf = sv_deliver_pdf(document, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(pdf), ==, 1);
}

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "</w:t></w:r><w:r><w:instrText>INCLUDETEXT</w:instrText>",
    "]]>&amp;&#0;&bogus;<!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "<span size='200000'>markup</span>",
    "\x01\x02\x1b[31m\x7f\xc2\x85",
    "\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80",
    "\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbf",
    "\xe2\x80\xaegnp.exe\xe2\x81\xa6\xe2\x80\x8f",
    "![x](http://evil.example/a.png) [^1] `code` **b** $x$ www.evil.example",
    "# заголовок\n- пункт\r\n1. номер\t\v\f",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a",
    "🙂👨‍👩‍👧‍👦 אבג العربية 漢字 қазақша",
};

static cJSON *hostile_document(const char *words)
{
    cJSON *document = read_fixture("summary.ru.json");
    cJSON *section = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "sections"), 0);
    cJSON *statement = cJSON_GetArrayItem(cJSON_GetObjectItem(section, "statements"), 0);
    cJSON *source = cJSON_GetArrayItem(cJSON_GetObjectItem(statement, "sources"), 0);
    cJSON *task = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "tasks"), 0);
    cJSON_ReplaceItemInObject(document, "client", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(section, "title", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(statement, "text", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(source, "quote", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(source, "author", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(task, "text", cJSON_CreateString(words));
    cJSON_ReplaceItemInObject(task, "assignee", cJSON_CreateString(words));
    return document;
}

static void test_hostile(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(cJSON) document = hostile_document(hostile[i]);
        g_autoptr(GBytes) docx = sv_deliver_docx(document, hostile[i], &error);
        g_assert_no_error(error);
        g_autofree char *text = docx_text(docx);
        assert_holds_not(text, "INCLUDETEXT\n\n");
        g_assert_cmpint(count_in_docx(docx, "//*[local-name()='instrText' or local-name()='script']"), ==, 0);
        g_autoptr(GBytes) pdf = sv_deliver_pdf(document, hostile[i], &error);
        g_assert_no_error(error);
        g_assert_cmpuint(count_pages(pdf), >=, 1);
        g_assert_cmpuint(count_bytes(pdf, "/JavaScript"), ==, 0);
        g_autofree char *markdown = sv_deliver_markdown(document, hostile[i]);
        g_assert_true(g_utf8_validate(markdown, -1, NULL));
        assert_holds_not(markdown, "<script>");
        assert_holds_not(markdown, "![x](");
        assert_holds_not(markdown, "\n- пункт");
        assert_holds_not(markdown, "\x1b");
        assert_holds_not(markdown, "\xe2\x80\xae");
        g_autoptr(GBytes) csv = sv_deliver_tasks_csv(document, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(count_bytes(csv, ",\"=") + count_bytes(csv, "\n\"="), ==, 0);
    }
}

static void test_csv(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    g_autoptr(GBytes) csv = sv_deliver_tasks_csv(document, &error);
    gsize len;
    const char *data = g_bytes_get_data(csv, &len);
    g_autofree char *text = g_strndup(data, len);
    g_assert_true(g_str_has_prefix(text, "\xEF\xBB\xBF\"Задача\",\"Чья\",\"Кто\",\"Срок\","));
    assert_holds(
        text, "\r\n\"Отправить договор.\",\"Наши\",\"Алексей Ким\",\"2025-12-05\",\"просрочена\",\"\",");
    assert_holds(text, "\"цена «под ключ» устроит\"\r\n");
    g_assert_cmpuint(count_bytes(csv, "\r\n"), ==, 4);
}

/* The same bytes at any hour, in any zone. */
static void test_same_bytes(void)
{
    static const char *const zones[] = {"UTC", "Asia/Almaty", "America/Los_Angeles"};
    g_autoptr(GBytes) first_docx = NULL, first_pdf = NULL;
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_setenv("TZ", zones[i], TRUE);
        tzset();
        GBytes *docx = sv_deliver_docx(document, NULL, NULL), *pdf = sv_deliver_pdf(document, NULL, NULL);
        if (first_docx) {
            g_assert_true(g_bytes_equal(first_docx, docx));
            g_assert_true(g_bytes_equal(first_pdf, pdf));
            g_bytes_unref(docx);
            g_bytes_unref(pdf);
        } else {
            first_docx = docx;
            first_pdf = pdf;
        }
    }
    g_unsetenv("TZ");
    tzset();
}

static const char edited[] =
    "# Обзор: ТОО «Берёзка»\nза квартал\n\n## Главное\n- Купили 10 серверов\n* Ждут скидку <b>\n"
    "1. Позвонить\n2) Отправить\n- [ ] Открыто\n- [x] Закрыто\n### Люди\nПервый абзац\nВторой абзац\n"
    "2025. год как год\n#не заголовок\n-не пункт\n[ссылка](http://evil.example)\n";

static void test_edited(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *markdown = sv_deliver_markdown_edited(edited, "Не видно", &error);
    g_assert_cmpstr(markdown, ==,
        "# Обзор: ТОО «Берёзка»\n\nза квартал\n\n## Главное\n\n- Купили 10 серверов\n- Ждут скидку "
        "\\<b\\>\n1. Позвонить\n"
        "2. Отправить\n- [ ] Открыто\n- [x] Закрыто\n\n### Люди\n\nПервый абзац\n\nВторой абзац\n\n2025\\. "
        "год как год\n\n"
        "\\#не заголовок\n\n\\-не пункт\n\n\\[ссылка\\](http\\://evil.example)\n");
    g_autoptr(GBytes) docx = sv_deliver_docx_edited(edited, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *text = docx_text(docx);
    assert_holds(text, "Обзор: ТОО «Берёзка»\nза квартал\nГлавное\n•Купили 10");
    assert_holds(text, "1.Позвонить\n2.Отправить\n☐Открыто\n☑Закрыто\nЛюди\nПервый абзац\nВторой абзац\n");
    assert_holds(text, "Ждут скидку <b>\n");
    g_autoptr(GBytes) pdf = sv_deliver_pdf_edited(edited, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(pdf), ==, 1);
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(GBytes) odd_docx = sv_deliver_docx_edited(hostile[i], hostile[i], &error);
        g_autoptr(GBytes) odd_pdf = sv_deliver_pdf_edited(hostile[i], hostile[i], &error);
        g_assert_no_error(error);
        g_autofree char *odd = docx_text(odd_docx);
        g_assert_cmpuint(count_pages(odd_pdf), ==, 1);
    }
    g_autoptr(GBytes) empty = sv_deliver_pdf_edited("", NULL, &error);
    g_assert_cmpuint(count_pages(empty), ==, 1);
}

/* A long text goes over pages; one word as long as a text is broken; over the limit is refused whole. */
static void test_long(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) words = g_string_new(NULL), word = g_string_new(NULL);
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(words, "слово%u ", i);
    for (guint i = 0; i < 100000; i++)
        g_string_append(word, "ъ");
    g_autoptr(GBytes) pages = sv_deliver_pdf_edited(words->str, "Длинно", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(pages), >, 30);
    g_autofree char *text = pdf_text(pages);
    if (text) {
        assert_holds(text, "слово0 слово1 ");
        assert_holds(text, " слово19999 ");
    }
    g_autoptr(GBytes) one = sv_deliver_pdf_edited(word->str, "Слово", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_pages(one), >, 10);
    g_autofree char *huge = g_strnfill((2u << 20), 'a'), *lines = g_malloc0(60001);
    for (guint i = 0; i < 30000; i++)
        memcpy(lines + 2 * i, "a\n", 2);
    g_assert_null(sv_deliver_pdf_edited(huge, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_null(sv_deliver_docx_edited(lines, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
    g_clear_error(&error);
    g_autoptr(cJSON) document = hostile_document(huge);
    g_assert_null(sv_deliver_docx(document, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
}

static gpointer make_papers(gpointer data)
{
    for (guint i = 0; i < 10; i++)
        g_bytes_unref(sv_deliver_pdf(data, NULL, NULL));
    return NULL;
}

static void test_threads(void)
{
    GThread *threads[4];
    g_autoptr(cJSON) document = read_fixture("summary.ru.json");
    g_autoptr(GBytes) before = sv_deliver_pdf(document, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("paper", make_papers, document);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_autoptr(GBytes) after = sv_deliver_pdf(document, NULL, NULL);
    g_assert_true(g_bytes_equal(before, after));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/deliver/markdown", test_markdown);
    g_test_add_func("/deliver/docx", test_docx);
    g_test_add_func("/deliver/pdf", test_pdf);
    g_test_add_func("/deliver/report", test_report);
    g_test_add_func("/deliver/english", test_english);
    g_test_add_func("/deliver/no-document", test_no_document);
    g_test_add_func("/deliver/odd-document", test_odd_document);
    g_test_add_func("/deliver/hostile", test_hostile);
    g_test_add_func("/deliver/csv", test_csv);
    g_test_add_func("/deliver/same-bytes", test_same_bytes);
    g_test_add_func("/deliver/edited", test_edited);
    g_test_add_func("/deliver/long", test_long);
    g_test_add_func("/deliver/threads", test_threads);
    return g_test_run();
}
