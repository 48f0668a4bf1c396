/* A text as DOCX: the least package of Office Open XML (ECMA-376) that word processors open: types, relations, one
 * document with three styles. libarchive packs it. */
#include "paper.h"
#include "error.h"
#include "html.h"
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static const char TYPES[] = HEAD
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>";
static const char ROOT[] = HEAD
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
    "Target=\"word/document.xml\"/></Relationships>";
static const char PARTS[] = HEAD
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
static const char STYLES[] = HEAD
    "<w:styles xmlns:w=\"" W "\"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val=\"21\"/></w:rPr></w:rPrDefault>"
    "<w:pPrDefault><w:pPr><w:spacing w:after=\"100\"/></w:pPr></w:pPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:pPr><w:keepNext/>"
    "<w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"34\"/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:pPr><w:keepNext/>"
    "<w:spacing w:before=\"260\"/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"25\"/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Item\"><w:name w:val=\"Item\"/><w:pPr>"
    "<w:ind w:left=\"340\" w:hanging=\"240\"/></w:pPr></w:style></w:styles>";

static char *make_document(const char *text)
{
    static const char *const STYLE[] = {"Heading1", "Heading2", "Item", "Normal"};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(HEAD "<w:document xmlns:w=\"" W "\"><w:body>");
    for (guint i = 0; lines[i]; i++) {
        const char *words;
        if (!*lines[i])
            continue;
        SvPaperLine kind = sv_paper_line(lines[i], &words);
        g_string_append_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr><w:r><w:t xml:space=\"preserve\">%s",
            STYLE[kind], kind == SV_PAPER_ITEM ? "•\u00A0\u00A0" : "");
        sv_html_add(out, words);
        g_string_append(out, "</w:t></w:r></w:p>");
    }
    g_string_append(out, "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" "
                         "w:bottom=\"1134\" w:left=\"1134\" w:header=\"0\" w:footer=\"0\" w:gutter=\"0\"/></w:sectPr>"
                         "</w:body></w:document>");
    return g_string_free(out, FALSE);
}

static gboolean add_part(struct archive *archive, const char *name, const char *text)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)strlen(text));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    gboolean done = archive_write_header(archive, entry) == ARCHIVE_OK &&
                    archive_write_data(archive, text, strlen(text)) == (la_ssize_t)strlen(text);
    archive_entry_free(entry);
    return done;
}

char *sv_paper_docx(const char *title, const char *text, gsize *len, GError **error)
{
    g_autofree char *document = make_document(text);
    gsize room = strlen(document) + 64 * 1024, used = 0;
    g_autofree char *bytes = g_malloc(room);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    gboolean done = archive_write_open_memory(archive, bytes, room, &used) == ARCHIVE_OK &&
                    add_part(archive, "[Content_Types].xml", TYPES) && add_part(archive, "_rels/.rels", ROOT) &&
                    add_part(archive, "word/_rels/document.xml.rels", PARTS) &&
                    add_part(archive, "word/styles.xml", STYLES) && add_part(archive, "word/document.xml", document) &&
                    archive_write_close(archive) == ARCHIVE_OK;
    archive_write_free(archive);
    if (!done) {
        g_set_error(error, SV_ERROR, SV_ERROR_BUG, "the document could not be packed");
        return NULL;
    }
    *len = used;
    return g_steal_pointer(&bytes);
}
