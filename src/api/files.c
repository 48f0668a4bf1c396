/* Uploaded files as a history, in memory: archives are unpacked within the limits of base/sv_limits.h, the
 * kind of each file is found by its content. Nothing is written. */
#include "resources.h"
#include "error.h"
#include "sv_limits.h"
#include "walk.h"
#include <string.h>

typedef struct {
    GPtrArray *leaves;
    GPtrArray *inner; /* SvLeaf: archives inside archives */
    guint depth;
} Taking;

static void leaf_free(gpointer p)
{
    SvLeaf *leaf = p;
    g_free(leaf->name);
    g_clear_pointer(&leaf->bytes, g_bytes_unref);
    g_free(leaf);
}

static gboolean want_any(const char *name, gpointer data)
{
    return TRUE;
}

static gboolean begins_like_object(GBytes *bytes)
{
    gsize len;
    const char *p = g_bytes_get_data(bytes, &len);
    for (const char *end = p + len; p && p < end; p++)
        if (!strchr(" \t\r\n\xEF\xBB\xBF", *p))
            return *p == '{';
    return FALSE;
}

static gboolean take_bytes(const char *name, GBytes *bytes, gpointer data)
{
    Taking *taking = data;
    gsize len;
    const char *start = g_bytes_get_data(bytes, &len);
    SvLeaf *leaf = g_new0(SvLeaf, 1);
    leaf->name = g_strdup(name);
    leaf->bytes = bytes;
    leaf->json = begins_like_object(bytes);
    leaf->order = taking->leaves->len;
    gboolean archive = len && taking->depth < SV_MAX_ARCHIVE_DEPTH && sv_unpack_is_archive(start, len);
    g_ptr_array_add(archive ? taking->inner : taking->leaves, leaf);
    return taking->leaves->len + taking->inner->len < SV_MAX_FILES;
}

/* Archives, and archives in them, until none is left or the depth is reached. */
static void unpack_all(Taking *taking, SvReport *report)
{
    SvUnpack unpack = {.want = want_any,
        .take = take_bytes,
        .data = taking,
        .budget = SV_MAX_ARCHIVE_BYTES / 4,
        .files = SV_MAX_FILES};
    for (taking->depth = 1; taking->depth <= SV_MAX_ARCHIVE_DEPTH && taking->inner->len; taking->depth++) {
        g_autoptr(GPtrArray) now = taking->inner;
        taking->inner = g_ptr_array_new_with_free_func(leaf_free);
        for (guint i = 0; i < now->len; i++) {
            const SvLeaf *leaf = now->pdata[i];
            gsize len;
            const char *start = g_bytes_get_data(leaf->bytes, &len);
            sv_unpack_run(&unpack, start, len, leaf->name, report);
        }
    }
}

gboolean sv_files_read(const SvCall *call, SvHistory *history, SvReport *report, GError **error)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new_with_free_func(leaf_free);
    Taking taking = {leaves, g_ptr_array_new_with_free_func(leaf_free), 0};
    const char *name, *bytes;
    gsize len;
    guint n = 0;
    for (; sv_request_file(call->request, n, &name, &bytes, &len); n++)
        if (len)
            take_bytes(name && *name ? name : "file", g_bytes_new_static(bytes, len), &taking);
    unpack_all(&taking, report);
    guint read = leaves->len ? sv_walk_read(leaves, NULL, history, report) : 0;
    g_ptr_array_unref(taking.inner);
    if (read)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
        n ? "none of the files could be read as letters, chats, calls, notes or deals"
          : "send files in a multipart form");
    return FALSE;
}
