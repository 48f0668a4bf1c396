/* A paper as DOCX: the least package of Office Open XML (ECMA-376) that word processors open without a
 * complaint.
 *
 * Parts that never change are text below; the document is written block by block, a style a kind. A reference
 * is a link to the bookmark of its note. libarchive packs the parts without times, so that the same paper
 * gives the same bytes whatever the clock and the zone.
 *
 * Keeps true: text of the paper stands only in w:t; markup characters are escaped,
 * and what XML does not allow was left out by paper.c. */
#include "paper.h"
#include "error.h"
#include "html.h"
#include "words.h"
#include <archive.h>
#include <archive_entry.h>

#define W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static const char types[] = HEAD
    "<Types xmlns=\"" PACKAGE "content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE "styles+xml\"/>"
    "<Override PartName=\"/word/footer.xml\" ContentType=\"" TYPE "footer+xml\"/></Types>";
static const char root[] = HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">"
                                "<Relationship Id=\"r1\" Type=\"" R
                                "/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
static const char relations[] =
    HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">"
         "<Relationship Id=\"r1\" Type=\"" R "/styles\" Target=\"styles.xml\"/>"
         "<Relationship Id=\"r2\" Type=\"" R "/footer\" Target=\"footer.xml\"/></Relationships>";
static const char footer[] = HEAD "<w:ftr xmlns:w=\"" W "\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>"
                                  "<w:r><w:rPr><w:color w:val=\"666666\"/><w:sz "
                                  "w:val=\"16\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/></w:r>"
                                  "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>"
                                  "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:ftr>";

#define STYLE(id, name, paragraph, run)                                                                      \
    "<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name                               \
    "\"/><w:basedOn w:val=\"Normal\"/>"                                                                      \
    "<w:qFormat/><w:pPr>" paragraph "</w:pPr><w:rPr>" run "</w:rPr></w:style>"
#define KEEP "<w:keepNext/><w:keepLines/>"
#define HANG(left, hanging) "<w:ind w:left=\"" left "\" w:hanging=\"" hanging "\"/>"

static const char styles[] = HEAD
    "<w:styles xmlns:w=\"" W "\"><w:docDefaults><w:rPrDefault><w:rPr>"
    "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\" w:eastAsia=\"Arial\"/>"
    "<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    "<w:spacing w:after=\"90\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
    "w:val=\"Normal\"/></w:style>" STYLE(
        "Title", "Title", KEEP "<w:spacing w:after=\"60\"/>", "<w:b/><w:sz w:val=\"36\"/>")
        STYLE("Subtitle", "Subtitle", "<w:spacing w:after=\"200\"/>", "<w:color w:val=\"666666\"/>")
            STYLE("Heading1", "heading 1",
                KEEP "<w:spacing w:before=\"300\" w:after=\"100\"/><w:outlineLvl w:val=\"0\"/>",
                "<w:b/><w:sz w:val=\"26\"/>") STYLE("Heading2", "heading 2",
                KEEP "<w:spacing w:before=\"180\" w:after=\"60\"/><w:outlineLvl w:val=\"1\"/>",
                "<w:b/><w:color w:val=\"444444\"/>")
                STYLE("Remark", "Remark", "", "<w:color w:val=\"666666\"/><w:sz w:val=\"18\"/>")
                    STYLE("Item", "Item", HANG("340", "340"), "")
                        STYLE("Note", "Note", HANG("480", "480"), "<w:sz w:val=\"18\"/>") "</w:styles>";

static void add_text(GString *out, const char *properties, const char *text)
{
    g_string_append_printf(out, "<w:r>%s<w:t xml:space=\"preserve\">", properties);
    sv_html_add(out, text);
    g_string_append(out, "</w:t></w:r>");
}

static void add_run(GString *out, const SvRun *run, gboolean follows_ref)
{
    static const char *const properties[] = {
        [SV_RUN_PLAIN] = "",
        [SV_RUN_LEAD] = "<w:rPr><w:b/></w:rPr>",
        [SV_RUN_DETAIL] = "<w:rPr><w:i/></w:rPr>",
        [SV_RUN_LATE] = "<w:rPr><w:b/></w:rPr>",
        [SV_RUN_QUOTE] = "",
        [SV_RUN_REF] = "<w:rPr><w:color w:val=\"3A5F8A\"/><w:vertAlign w:val=\"superscript\"/></w:rPr>",
    };
    if (run->kind == SV_RUN_REF) {
        if (follows_ref)
            add_text(out, properties[SV_RUN_REF], ", ");
        g_string_append_printf(out, "<w:hyperlink w:anchor=\"source%u\" w:history=\"1\">", run->number);
        add_text(out, properties[SV_RUN_REF], run->text);
        g_string_append(out, "</w:hyperlink>");
        return;
    }
    g_autofree char *unbroken = run->kind == SV_RUN_QUOTE ? NULL : sv_words_unbroken(run->text);
    add_text(out, properties[run->kind], unbroken ? unbroken : run->text);
}

/* What stands before a hanging paragraph, and the tab behind it. */
static void add_mark(GString *out, const SvBlock *block)
{
    static const char *const marks[SV_BLOCK_N] = {
        [SV_BLOCK_ITEM] = "•", [SV_BLOCK_TASK] = "☐", [SV_BLOCK_TASK_CLOSED] = "☑"};
    if (marks[block->kind])
        g_string_append_printf(out, "<w:r><w:t>%s</w:t><w:tab/></w:r>", marks[block->kind]);
    else if (block->kind == SV_BLOCK_NUMBERED)
        g_string_append_printf(out, "<w:r><w:t>%u.</w:t><w:tab/></w:r>", block->number);
    else if (block->kind == SV_BLOCK_NOTE)
        g_string_append_printf(out,
            "<w:bookmarkStart w:id=\"%u\" w:name=\"source%u\"/><w:r><w:t>%u.</w:t><w:tab/></w:r>"
            "<w:bookmarkEnd w:id=\"%u\"/>",
            block->number, block->number, block->number, block->number);
}

static void add_block(GString *out, const SvBlock *block)
{
    static const char *const names[SV_BLOCK_N] = {
        [SV_BLOCK_HEADING] = "Heading1",
        [SV_BLOCK_SUBHEADING] = "Heading2",
        [SV_BLOCK_PARAGRAPH] = "Normal",
        [SV_BLOCK_REMARK] = "Remark",
        [SV_BLOCK_ITEM] = "Item",
        [SV_BLOCK_TASK] = "Item",
        [SV_BLOCK_TASK_CLOSED] = "Item",
        [SV_BLOCK_NUMBERED] = "Item",
        [SV_BLOCK_NOTE] = "Note",
    };
    SvRunKind before = SV_RUN_PLAIN;
    g_string_append_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", names[block->kind]);
    add_mark(out, block);
    for (guint i = 0; i < block->runs->len; i++) {
        const SvRun *run = block->runs->pdata[i];
        add_run(out, run, before == SV_RUN_REF);
        before = run->kind;
    }
    g_string_append(out, "</w:p>");
}

static void add_line(GString *out, const char *style, const char *text)
{
    if (!*text)
        return;
    g_string_append_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
    add_text(out, "", text);
    g_string_append(out, "</w:p>");
}

static char *make_document(const SvPaper *paper)
{
    GString *out = g_string_sized_new(paper->bytes * 2 + 4096);
    g_string_append(out, HEAD "<w:document xmlns:w=\"" W "\" xmlns:r=\"" R "\"><w:body>");
    add_line(out, "Title", paper->title);
    add_line(out, "Subtitle", paper->subtitle);
    for (guint i = 0; i < paper->blocks->len; i++) {
        const SvBlock *block = paper->blocks->pdata[i];
        if (block->runs->len)
            add_block(out, block);
    }
    g_string_append(out,
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"r2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
        "<w:pgMar w:top=\"1247\" w:right=\"1247\" w:bottom=\"1247\" w:left=\"1247\" w:header=\"600\" "
        "w:footer=\"600\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>");
    return g_string_free(out, FALSE);
}

static gboolean add_part(struct archive *archive, const char *name, const char *text)
{
    struct archive_entry *entry = archive_entry_new();
    gsize len = strlen(text);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    gboolean done = archive_write_header(archive, entry) == ARCHIVE_OK &&
                    archive_write_data(archive, text, len) == (la_ssize_t)len;
    archive_entry_free(entry);
    return done;
}

static la_ssize_t take_bytes(struct archive *archive, void *out, const void *bytes, size_t len)
{
    g_byte_array_append(out, bytes, (guint)len);
    return (la_ssize_t)len;
}

GBytes *sv_paper_docx(const SvPaper *paper, GError **error)
{
    g_autofree char *document = make_document(paper);
    GByteArray *bytes = g_byte_array_new();
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_set_bytes_in_last_block(archive, 1);
    gboolean done =
        archive_write_open(archive, bytes, NULL, take_bytes, NULL) == ARCHIVE_OK &&
        add_part(archive, "[Content_Types].xml", types) && add_part(archive, "_rels/.rels", root) &&
        add_part(archive, "word/document.xml", document) &&
        add_part(archive, "word/_rels/document.xml.rels", relations) &&
        add_part(archive, "word/styles.xml", styles) && add_part(archive, "word/footer.xml", footer) &&
        archive_write_close(archive) == ARCHIVE_OK;
    archive_write_free(archive);
    if (done)
        return g_byte_array_free_to_bytes(bytes);
    g_byte_array_unref(bytes);
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "the document could not be packed");
    return NULL;
}
