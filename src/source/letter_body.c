/* The body of a letter: see letter_body.h.
 *
 * How it works: a letter of one part is decoded straight from its bytes. A plain letter of many parts is
 * split by letter_parts.c, any other by GMime, which keeps parts as ranges of our bytes, too; the tree is
 * walked with an own stack. In multipart/alternative the plain text is taken, unless it is empty or only says
 * "open in a browser". A letter inside a letter becomes a block of header lines as mail programs write them
 * above forwarded text, and its text.
 *
 * It keeps true: the walk is SV_MAX_MIME_DEPTH deep and SV_MAX_MIME_PARTS long at most; GMime itself is given
 * no more lines that may be boundaries than it can hold; attachments are never decoded. Calendar parts,
 * uuencoded blocks, encrypted parts and the returned letter of a delivery report are left out. */
#include "letter_body.h"
#include "charset.h"
#include "html_text.h"
#include "intake.h"
#include "letter_parts.h"
#include "letter_text.h"
#include "mail_header.h"
#include "sv_limits.h"
#include "utf8.h"
#include <gmime/gmime.h>
#include <string.h>

#define MAX_RAW_TEXT (24u << 20)                     /* bytes of one text part before decoding */
#define MAX_BOUNDARY_LINES (10u * SV_MAX_MIME_PARTS) /* lines that begin with "--" */

/* One part that holds no other: raw header values and bytes. */
typedef struct {
    SvLetterMime mime;
    const char *bytes;
    gsize len;
    gboolean inline_id; /* has a Content-ID: a picture of the text */
} Leaf;

/* A part of the letter, as one of the two splitters found it. */
typedef struct {
    const SvLetterPart *part; /* of a plain letter; NULL: see object */
    GMimeObject *object;      /* borrowed from GMime's tree */
} Node;

typedef struct {
    Node node;
    guint depth;
    gboolean mute; /* only its attachments count */
} Frame;

typedef struct {
    SvLetterBody *out;
    const GArray *parts; /* SvLetterPart; NULL: the nodes are GMime's */
    GArray *stack;       /* Frame */
    guint n_parts;
    Node ready; /* the part whose text is already made */
    char *ready_text;
} Walk;

static GMimeContentEncoding leaf_encoding(const Leaf *leaf)
{
    g_autofree char *name =
        sv_mail_header_token(leaf->mime.encoding ? leaf->mime.encoding : "", leaf->mime.encoding_len);
    GMimeContentEncoding encoding = g_mime_content_encoding_from_string(name);
    return encoding == GMIME_CONTENT_ENCODING_UUENCODE ? GMIME_CONTENT_ENCODING_8BIT : encoding;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10
        : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Quoted-printable that holds nothing but what the standard allows, as nearly every part does, in a third of
 * the time; FALSE at the first fault: GMime says what to make of it. */
static gboolean decode_quoted(const char *p, gsize len, char *out, gsize *n)
{
    char *o = out;
    for (const char *end = p + len; p < end;) {
        if (*p != '=') {
            *o++ = *p++;
            continue;
        }
        gsize left = (gsize)(end - p);
        int high = left > 2 ? hex_value(p[1]) : -1, low = left > 2 ? hex_value(p[2]) : -1;
        if (high >= 0 && low >= 0) {
            *o++ = (char)(high << 4 | low);
            p += 3;
        } else if (left > 1 && p[1] == '\n') {
            p += 2;
        } else if (left > 2 && p[1] == '\r' && p[2] == '\n') {
            p += 3;
        } else {
            return FALSE;
        }
    }
    *n = (gsize)(o - out);
    return TRUE;
}

/* The bytes of a part that is base64 or quoted-printable; newly allocated. */
static char *decode_part(const char *bytes, gsize *len, GMimeContentEncoding encoding)
{
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    char *decoded = g_malloc(g_mime_encoding_outlen(&state, *len) + 1);
    if (encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE || !decode_quoted(bytes, *len, decoded, len))
        *len = g_mime_encoding_step(&state, bytes, *len, decoded);
    return decoded;
}

/* The part as text in UTF-8 with LF; newly allocated. */
static char *leaf_text(const Leaf *leaf, gboolean html)
{
    const char *bytes = leaf->bytes;
    gsize len = MIN(leaf->len, MAX_RAW_TEXT);
    g_autofree char *decoded = NULL, *charset = NULL;
    GMimeContentEncoding encoding = leaf_encoding(leaf);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
        decoded = decode_part(bytes, &len, encoding);
        bytes = decoded;
    }
    if (leaf->mime.type)
        charset = sv_mail_header_param(leaf->mime.type, leaf->mime.type_len, "charset");
    if (html)
        return sv_html_to_text(bytes, len, charset);
    char *text = sv_charset_to_utf8(bytes, len, charset);
    sv_letter_text_lines(text);
    g_autofree char *format =
        leaf->mime.type ? sv_mail_header_param(leaf->mime.type, leaf->mime.type_len, "format") : NULL;
    if (!format || g_ascii_strcasecmp(format, "flowed") != 0)
        return text;
    g_autofree char *delsp = sv_mail_header_param(leaf->mime.type, leaf->mime.type_len, "delsp");
    char *flowed = sv_letter_text_unflow(text, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
    g_free(text);
    return flowed;
}

/* The file name that the part declares; NULL when there is none. */
static char *leaf_name(const Leaf *leaf)
{
    char *name = NULL;
    if (leaf->mime.disposition)
        name = sv_mail_header_param(leaf->mime.disposition, leaf->mime.disposition_len, "filename");
    if (!name && leaf->mime.type)
        name = sv_mail_header_param(leaf->mime.type, leaf->mime.type_len, "name");
    if (!name)
        return NULL;
    char *clean = sv_letter_text_file_name(name);
    g_free(name);
    return clean;
}

static void add_text(SvLetterBody *out, const char *text)
{
    if (!*text || out->text->len > SV_MAX_MESSAGE_TEXT)
        return;
    if (out->text->len > 0 && out->text->str[out->text->len - 1] != '\n')
        g_string_append_c(out->text, '\n');
    g_string_append(out->text, text);
}

static gboolean is_attachment(const Leaf *leaf)
{
    g_autofree char *disposition =
        leaf->mime.disposition ? sv_mail_header_token(leaf->mime.disposition, leaf->mime.disposition_len)
                               : NULL;
    return disposition && strcmp(disposition, "attachment") == 0;
}

static gboolean is_service_type(const char *type)
{
    return strcmp(type, "text/calendar") == 0 || strcmp(type, "application/ics") == 0 ||
           strcmp(type, "application/pgp-signature") == 0 || strcmp(type, "application/pgp-encrypted") == 0 ||
           g_str_has_suffix(type, "pkcs7-signature") || strcmp(type, "text/rfc822-headers") == 0 ||
           strcmp(type, "message/delivery-status") == 0 ||
           strcmp(type, "message/disposition-notification") == 0 || strcmp(type, "text/x-amp-html") == 0;
}

/* Takes a part's text, or its file name, or nothing. */
static void take_leaf(Walk *walk, const Leaf *leaf, Node node, gboolean mute)
{
    g_autofree char *type = sv_mail_header_token(leaf->mime.type ? leaf->mime.type : "", leaf->mime.type_len);
    if (is_service_type(type))
        return;
    if (g_str_has_suffix(type, "pkcs7-mime")) {
        walk->out->encrypted = TRUE;
        return;
    }
    gboolean html = strcmp(type, "text/html") == 0;
    gboolean text =
        html || !*type || strcmp(type, "text") == 0 || strcmp(type, "text/plain") == 0 || !strchr(type, '/');
    gboolean file = is_attachment(leaf);
    g_autofree char *name = leaf_name(leaf);
    if (name && text && walk->out->text->len > 0)
        file = TRUE;
    if (text && !file) {
        if (mute)
            return;
        gboolean ready = walk->ready_text && node.part == walk->ready.part &&
                         node.object == walk->ready.object;
        g_autofree char *made = ready ? g_steal_pointer(&walk->ready_text) : leaf_text(leaf, html);
        add_text(walk->out, made);
        return;
    }
    if (name && !(leaf->inline_id && !file && g_str_has_prefix(type, "image/")) &&
        walk->out->attachments->len < SV_MAX_MIME_PARTS)
        g_ptr_array_add(walk->out->attachments, g_steal_pointer(&name));
}

static const char *raw_header(GMimeObject *object, const char *name, gsize *len)
{
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
    *len = raw ? strlen(raw) : 0;
    return raw;
}

/* The bytes of a part are a range of the letter's. */
static gboolean node_leaf(Node node, Leaf *leaf)
{
    *leaf = (Leaf){0};
    if (node.part) {
        *leaf = (Leaf){node.part->mime, node.part->bytes, node.part->len, node.part->inline_id};
        return !node.part->multipart;
    }
    GMimeObject *object = node.object;
    if (!GMIME_IS_PART(object))
        return FALSE;
    gsize ignored;
    leaf->mime.type = raw_header(object, "Content-Type", &leaf->mime.type_len);
    leaf->mime.disposition = raw_header(object, "Content-Disposition", &leaf->mime.disposition_len);
    leaf->mime.encoding = raw_header(object, "Content-Transfer-Encoding", &leaf->mime.encoding_len);
    leaf->inline_id = raw_header(object, "Content-ID", &ignored) != NULL;
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    if (!stream || !GMIME_IS_STREAM_MEM(stream))
        return FALSE;
    GByteArray *all = GMIME_STREAM_MEM(stream)->buffer;
    gint64 from = stream->bound_start, to = stream->bound_end < 0 ? (gint64)all->len : stream->bound_end;
    from = CLAMP(from, 0, (gint64)all->len);
    to = CLAMP(to, from, (gint64)all->len);
    leaf->bytes = (const char *)all->data + from;
    leaf->len = (gsize)(to - from);
    return TRUE;
}

static void push(Walk *walk, Node node, guint depth, gboolean mute)
{
    if (!node.part && !node.object)
        return;
    if (depth > SV_MAX_MIME_DEPTH) {
        walk->out->too_deep = TRUE;
        return;
    }
    Frame frame = {node, depth, mute};
    g_array_append_val(walk->stack, frame);
}

static gboolean is_multipart(Node node)
{
    return node.part ? node.part->multipart : GMIME_IS_MULTIPART(node.object);
}

static int count_children(Node node)
{
    return node.part ? (int)node.part->n_children : g_mime_multipart_get_count(GMIME_MULTIPART(node.object));
}

static Node get_child(const Walk *walk, Node node, int i)
{
    if (node.part)
        return (Node){.part = sv_letter_parts_child(walk->parts, node.part, (guint)i)};
    return (Node){.object = g_mime_multipart_get_part(GMIME_MULTIPART(node.object), i)};
}

/* `type` is a whole type in lower case. */
static gboolean has_type(Node node, const char *type)
{
    if (node.part)
        return strcmp(node.part->type, type) == 0;
    GMimeContentType *content = g_mime_object_get_content_type(node.object);
    const char *slash = strchr(type, '/');
    char first[16];
    g_strlcpy(first, type, MIN(sizeof first, (gsize)(slash - type) + 1));
    return content && g_mime_content_type_is_type(content, first, slash + 1);
}

/* Which child of multipart/alternative is read; its text may be made on the way. */
static int choose(Walk *walk, Node multipart, int n)
{
    int plain = -1, rich = -1;
    for (int i = 0; i < n; i++) {
        Node child = get_child(walk, multipart, i);
        if (is_multipart(child) || has_type(child, "text/html"))
            rich = i;
        else if (plain < 0 && (child.part || GMIME_IS_PART(child.object)) && has_type(child, "text/plain"))
            plain = i;
    }
    if (plain < 0 || rich < 0)
        return plain >= 0 ? plain : rich >= 0 ? rich : 0;
    Node part = get_child(walk, multipart, plain);
    Leaf leaf;
    if (!node_leaf(part, &leaf))
        return rich;
    g_autofree char *text = leaf_text(&leaf, FALSE);
    if (sv_letter_text_is_stub(text))
        return rich;
    g_free(walk->ready_text);
    walk->ready = part;
    walk->ready_text = g_steal_pointer(&text);
    return plain;
}

static void walk_multipart(Walk *walk, const Frame *frame)
{
    int n = MIN(count_children(frame->node), (int)SV_MAX_MIME_PARTS + 1);
    gboolean report = has_type(frame->node, "multipart/report");
    int only = -1;
    if (has_type(frame->node, "multipart/encrypted")) {
        walk->out->encrypted = TRUE;
        return;
    }
    if (report) {
        walk->out->report = TRUE;
        only = 0;
        n = MIN(n, 1); /* the rest is for machines, and the returned letter is no new one */
    } else if (has_type(frame->node, "multipart/alternative") && !frame->mute) {
        only = choose(walk, frame->node, n);
    }
    for (int i = n; i-- > 0;)
        push(walk, get_child(walk, frame->node, i), frame->depth + 1,
            frame->mute || (only >= 0 && i != only));
}

static void add_line(GString *block, GMimeObject *message, const char *header)
{
    gsize len;
    const char *raw = raw_header(message, header, &len);
    if (!raw)
        return;
    g_autofree char *text = sv_mail_header_decode(raw, MIN(len, 4096u));
    g_string_append_printf(block, "%s: %s\n", header, text);
}

static void walk_message(Walk *walk, const Frame *frame)
{
    GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(frame->node.object));
    if (!message)
        return;
    if (!frame->mute) {
        g_autoptr(GString) block = g_string_new(walk->out->text->len > 0 ? "\n" : "");
        g_string_append(block, "---------- Forwarded message ---------\n");
        static const char *const headers[] = {"From", "Date", "Subject", "To", "Cc"};
        for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
            add_line(block, GMIME_OBJECT(message), headers[i]);
        g_string_append_c(block, '\n');
        add_text(walk->out, block->str);
    }
    Node content = {.object = g_mime_message_get_mime_part(message)};
    push(walk, content, frame->depth + 1, frame->mute);
}

static void walk_tree(Node root, const GArray *parts, SvLetterBody *out)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Frame));
    Walk walk = {.out = out, .parts = parts, .stack = stack};
    push(&walk, root, 0, FALSE);
    while (stack->len > 0) {
        Frame frame = g_array_index(stack, Frame, stack->len - 1);
        g_array_set_size(stack, stack->len - 1);
        if (++walk.n_parts > SV_MAX_MIME_PARTS) {
            out->too_many = TRUE;
            break;
        }
        Leaf leaf;
        if (is_multipart(frame.node))
            walk_multipart(&walk, &frame);
        else if (!frame.node.part && GMIME_IS_MESSAGE_PART(frame.node.object))
            walk_message(&walk, &frame);
        else if (node_leaf(frame.node, &leaf))
            take_leaf(&walk, &leaf, frame.node, frame.mute);
    }
    g_free(walk.ready_text);
}

/* GMime takes memory for every part: letters made to hold millions of them are cut before they reach it. */
static gsize bounded_length(const char *letter, gsize len, gboolean *cut)
{
    guint n = 0;
    const char *end = letter + len;
    for (const char *p = letter; p < end && (p = memchr(p, '\n', (gsize)(end - p))); p++) {
        if (end - p < 4 || p[1] != '-' || p[2] != '-' || ++n < MAX_BOUNDARY_LINES)
            continue;
        *cut = TRUE;
        return (gsize)(p - letter);
    }
    return len;
}

static GMimeObject *split(GByteArray *view)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        g_mime_init();
        g_once_init_leave(&once, 1);
    }
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), view);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeObject *root = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return root;
}

void sv_letter_body_read(
    const char *letter, gsize len, gsize body, const SvLetterMime *mime, SvLetterBody *out)
{
    g_autofree char *type = sv_mail_header_token(mime->type ? mime->type : "", mime->type_len);
    Leaf whole = {.mime = *mime, .bytes = letter + body, .len = len - body};
    if (!g_str_has_prefix(type, "multipart/") && !g_str_has_prefix(type, "message/")) {
        Walk walk = {.out = out};
        take_leaf(&walk, &whole, (Node){0}, FALSE);
        return;
    }
    g_autoptr(GArray) plain = sv_letter_parts_split(letter, len);
    if (plain) {
        walk_tree((Node){.part = &g_array_index(plain, SvLetterPart, 0)}, plain, out);
        return;
    }
    /* A view, not a copy: the streams of the tree only read it and do not own it. */
    GByteArray view = {(guint8 *)letter, (guint)bounded_length(letter, len, &out->too_many)};
    GMimeObject *root = split(&view);
    gboolean parts =
        root && (!GMIME_IS_MULTIPART(root) || g_mime_multipart_get_count(GMIME_MULTIPART(root)) > 0);
    if (parts)
        walk_tree((Node){.object = root}, NULL, out);
    if (root)
        g_object_unref(root);
    if (parts)
        return;
    /* Its boundary is nowhere: what stands there is read as it is. */
    g_autofree char *text = leaf_text(&(Leaf){.bytes = whole.bytes, .len = whole.len}, FALSE);
    add_text(out, text);
}
