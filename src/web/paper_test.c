/* A text as Markdown, DOCX, PDF: what must be in it, what must not, what is refused. */
#include "error.h"
#include "paper.h"
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static const char TEXT[] = "# ТОО «Ветер»\nОбзор: I квартал\n## Покупки\n- Вентиляция <цеха> & *фильтры*\n- Ещё одна\n\n## Пусто";

static void test_markdown(void)
{
    g_autoptr(GError) error = NULL;
    const char *type = NULL;
    gsize len = 0;
    g_autofree char *out = sv_paper_make("md", "Обзор", TEXT, &len, &type, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(out, ==,
        "# ТОО «Ветер»\n\nОбзор: I квартал\n\n## Покупки\n\n- Вентиляция \\<цеха\\> & \\*фильтры\\*\n- Ещё одна\n\n## Пусто\n");
    g_assert_cmpuint(strlen(out), ==, len);
}

static char *part_of(const char *bytes, gsize len, const char *name)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    char *found = NULL;
    archive_read_support_format_zip(archive);
    g_assert_cmpint(archive_read_open_memory(archive, bytes, len), ==, ARCHIVE_OK);
    while (!found && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        if (strcmp(archive_entry_pathname(entry), name) != 0)
            continue;
        found = g_malloc0(1 << 20);
        g_assert_cmpint(archive_read_data(archive, found, (1 << 20) - 1), >, 0);
    }
    archive_read_free(archive);
    return found;
}

static void test_docx(void)
{
    g_autoptr(GError) error = NULL;
    const char *type = NULL;
    gsize len = 0;
    g_autofree char *out = sv_paper_make("docx", "Обзор", TEXT, &len, &type, &error);
    g_assert_no_error(error);
    g_autofree char *document = part_of(out, len, "word/document.xml");
    g_autofree char *types = part_of(out, len, "[Content_Types].xml");
    g_assert_nonnull(types);
    g_assert_nonnull(strstr(document, "Вентиляция &lt;цеха&gt; &amp; *фильтры*"));
    g_assert_nonnull(strstr(document, "<w:pStyle w:val=\"Heading1\"/>"));
    g_assert_null(strstr(document, "<цеха>"));
}

static void test_pdf(void)
{
    g_autoptr(GError) error = NULL;
    const char *type = NULL;
    gsize len = 0;
    g_autofree char *out = sv_paper_make("pdf", "Обзор", TEXT, &len, &type, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(len, >, 1000);
    g_assert_true(g_str_has_prefix(out, "%PDF-"));
    g_assert_cmpstr(type, ==, "application/pdf");
    g_autoptr(GString) longer = g_string_new(NULL);
    for (guint i = 0; i < 400; i++)
        g_string_append(longer, "- Строка, которая занимает место на странице и переносится, когда она длиннее её ширины, вот так.\n");
    gsize more = 0;
    g_autofree char *pages = sv_paper_make("pdf", "Обзор", longer->str, &more, &type, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(more, >, len);
}

static void test_refused(void)
{
    g_autoptr(GError) error = NULL;
    const char *type = NULL;
    gsize len = 0;
    g_assert_null(sv_paper_make("exe", "", "x", &len, &type, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_clear_error(&error);
    g_autofree char *large = g_strnfill(SV_PAPER_MAX + 1, 'x');
    g_assert_null(sv_paper_make("md", "", large, &len, &type, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_LIMIT);
    g_clear_error(&error);
    static const char *const ODD[] = {"", "\n\n", "#", "- ", "\xFF\xFE\x80", "\x01\x02\x1B[0m", "\xEF\xBF\xBE", "# \n## \n- \n"};
    static const char *const KINDS[] = {"md", "docx", "pdf"};
    for (guint i = 0; i < G_N_ELEMENTS(ODD); i++)
        for (guint k = 0; k < G_N_ELEMENTS(KINDS); k++) {
            g_autofree char *out = sv_paper_make(KINDS[k], "\xFF", ODD[i], &len, &type, &error);
            g_assert_no_error(error);
            g_assert_nonnull(out);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paper/markdown", test_markdown);
    g_test_add_func("/paper/docx", test_docx);
    g_test_add_func("/paper/pdf", test_pdf);
    g_test_add_func("/paper/refused", test_refused);
    return g_test_run();
}
