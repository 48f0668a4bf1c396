/* The morphology file: opening, checking, and reading its tables.
 *
 * Opening checks magic, version, size and that each section lies inside the file, and touches no page but the
 * first; everything found through the tables later is bounded again where it is used, so a file that is
 * damaged or made to deceive can only give wrong words. sv_morph_check reads the whole file for its
 * checksum. */
#include "checksum.h"
#include "morph_parts.h"
#include <string.h>
#include "error.h"

static gboolean damaged(GError **error, const char *name, const char *reason)
{
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: %s. Run `make setup` and build again.", name, reason);
    return FALSE;
}

static gboolean check_header(
    const guint8 *data, gsize size, SvBlobHeader *h, const char *name, GError **error)
{
    if (size < sizeof *h)
        return damaged(error, name, "the dictionary is cut off");
    memcpy(h, data, sizeof *h);
    if (memcmp(h->magic, SV_BLOB_MAGIC, sizeof h->magic) != 0)
        return damaged(error, name, "this is no dictionary of ours");
    if (h->version != SV_BLOB_VERSION || h->n_sections != SV_SEC_N)
        return damaged(error, name, "the dictionary is of another version");
    if (h->size != size)
        return damaged(error, name, "the dictionary is cut off or has bytes left over");
    for (guint i = 0; i < SV_SEC_N; i++)
        if (h->section[i].at < sizeof *h || h->section[i].at > size || h->section[i].at % 8 ||
            h->section[i].size > size - h->section[i].at)
            return damaged(error, name, "the dictionary names a place outside itself");
    return TRUE;
}

typedef struct {
    const guint8 *data;
    const SvBlobHeader *header;
} Blob;

/* Start of a section and how many items of `width` bytes it has. */
static const void *section(const Blob *b, guint which, gsize width, guint32 *n)
{
    *n = (guint32)MIN(b->header->section[which].size / width, G_MAXUINT32);
    return b->data + b->header->section[which].at;
}

static SvDawg graph(const Blob *b, guint which)
{
    SvDawg d;
    d.unit = section(b, which, 4, &d.n);
    return d;
}

static SvLists lists(const Blob *b, guint index, guint data)
{
    SvLists l;
    guint32 n;
    l.slots = section(b, index, 8, &n);
    l.mask = n - 1;
    if (n == 0 || (n & (n - 1)))
        l.slots = NULL;
    l.lists = section(b, data, 2, &l.n_lists);
    return l;
}

static void attach(SvMorph *m, const Blob *b)
{
    m->words = graph(b, SV_SEC_WORD_UNITS);
    m->word_lists = lists(b, SV_SEC_WORD_INDEX, SV_SEC_WORD_LISTS);
    for (guint i = 0; i < SV_BLOB_PREFIXES; i++) {
        m->guess[i] = graph(b, SV_SEC_GUESS0_UNITS + i);
        m->guess_lists[i] = lists(b, SV_SEC_GUESS0_INDEX + i, SV_SEC_GUESS_LISTS);
    }
    m->scores = lists(b, SV_SEC_SCORE_INDEX, SV_SEC_SCORE_LISTS);
    m->overlay = lists(b, SV_SEC_OVERLAY_INDEX, SV_SEC_OVERLAY_LISTS);
    m->paradigms = section(b, SV_SEC_PARADIGMS, 4, &m->n_paradigms);
    m->n_paradigms = MAX(m->n_paradigms, 1) - 1;
    m->forms = section(b, SV_SEC_FORMS, sizeof(SvForm), &m->n_forms);
    m->suffixes = section(b, SV_SEC_SUFFIXES, 4, &m->n_suffixes);
    m->n_suffixes = MAX(m->n_suffixes, 1) - 1;
    m->suffix_bytes = section(b, SV_SEC_SUFFIX_BYTES, 1, &m->n_suffix_bytes);
    m->tags = section(b, SV_SEC_TAGS, 8, &m->n_tags);
}

SvMorph *sv_morph_open_bytes(const guint8 *data, gsize size, const char *name, GError **error)
{
    SvBlobHeader header;
    if (!check_header(data, size, &header, name, error))
        return NULL;
    static gint opened;
    SvMorph *m = g_new0(SvMorph, 1);
    m->number = (guint64)(guint)g_atomic_int_add(&opened, 1) + 1;
    attach(m, &(Blob){data, &header});
    m->name = g_strdup(name);
    m->data = data;
    m->size = size;
    if (m->words.n && m->guess[0].n && m->guess[1].n && m->guess[2].n && m->n_paradigms && m->n_tags)
        return m;
    damaged(error, name, "the dictionary is empty");
    sv_morph_close(m);
    return NULL;
}

SvMorph *sv_morph_open(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GMappedFile *file = g_mapped_file_new(path, FALSE, &cause);
    if (!file) {
        damaged(error, path, cause->message);
        return NULL;
    }
    SvMorph *m = sv_morph_open_bytes(
        (const guint8 *)g_mapped_file_get_contents(file), g_mapped_file_get_length(file), path, error);
    if (!m) {
        g_mapped_file_unref(file);
        return NULL;
    }
    m->file = file;
    return m;
}

gboolean sv_morph_check(const SvMorph *m, GError **error)
{
    SvBlobHeader h;
    memcpy(&h, m->data, sizeof h);
    if (sv_checksum(m->data + sizeof h, m->size - sizeof h) != h.checksum)
        return damaged(error, m->name, "the dictionary is damaged (its checksum differs)");
    return TRUE;
}

void sv_morph_close(SvMorph *m)
{
    if (!m)
        return;
    if (m->file)
        g_mapped_file_unref(m->file);
    g_free(m->name);
    g_free(m);
}

const guint16 *sv_lists_find(const SvLists *l, guint32 key, guint32 value, guint width, guint *n)
{
    if (!l->slots)
        return NULL;
    guint32 at = sv_blob_slot(key) & l->mask;
    for (guint32 tries = 0; tries <= l->mask; tries++, at = (at + 1) & l->mask) {
        const guint32 *slot = l->slots + 2 * (gsize)at;
        if (slot[0] == 0)
            return NULL;
        if (slot[0] != value)
            continue;
        if (slot[1] >= l->n_lists)
            return NULL;
        *n = l->lists[slot[1]];
        if ((gsize)*n * width > l->n_lists - slot[1] - 1)
            return NULL;
        return l->lists + slot[1] + 1;
    }
    return NULL;
}

guint sv_morph_n_forms(const SvMorph *m, guint paradigm)
{
    if (paradigm >= m->n_paradigms)
        return 0;
    guint32 first = m->paradigms[paradigm], end = m->paradigms[paradigm + 1];
    return first <= end && end <= m->n_forms ? end - first : 0;
}

const SvForm *sv_morph_form(const SvMorph *m, guint paradigm, guint form)
{
    return form < sv_morph_n_forms(m, paradigm) ? m->forms + m->paradigms[paradigm] + form : NULL;
}

SvGram sv_morph_tag(const SvMorph *m, const SvForm *form)
{
    return form->tag < m->n_tags ? m->tags[form->tag] : 0;
}

const char *sv_morph_suffix(const SvMorph *m, const SvForm *form, gsize *len)
{
    *len = 0;
    if (form->suffix >= m->n_suffixes)
        return "";
    guint32 from = m->suffixes[form->suffix], to = m->suffixes[form->suffix + 1];
    if (from > to || to > m->n_suffix_bytes)
        return "";
    *len = to - from;
    return m->suffix_bytes + from;
}

gboolean sv_morph_stem(
    const SvMorph *m, const SvForm *form, const char *spelling, gsize len, gsize *from, gsize *to)
{
    gsize tail;
    const char *suffix = sv_morph_suffix(m, form, &tail);
    const char *prefix = form->prefix < SV_BLOB_PREFIXES ? sv_blob_prefix[form->prefix] : "";
    gsize head = strlen(prefix);
    if (head + tail > len || memcmp(spelling, prefix, head) != 0 ||
        memcmp(spelling + len - tail, suffix, tail) != 0)
        return FALSE;
    *from = head;
    *to = len - tail;
    return TRUE;
}

gboolean sv_morph_spell(
    const SvMorph *m, const SvForm *form, const char *stem, gsize len, char *buf, gsize size)
{
    gsize tail;
    const char *suffix = sv_morph_suffix(m, form, &tail);
    const char *prefix = form->prefix < SV_BLOB_PREFIXES ? sv_blob_prefix[form->prefix] : "";
    gsize head = strlen(prefix);
    if (head + len + tail >= size)
        return FALSE;
    memcpy(buf, prefix, head);
    memcpy(buf + head, stem, len);
    memcpy(buf + head + len, suffix, tail);
    buf[head + len + tail] = 0;
    return TRUE;
}
