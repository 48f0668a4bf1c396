/* Archives, unpacked into memory by libarchive with limits of our own.
 *
 * Only formats that are told by their first bytes are opened, and only filters built into the library (none
 * that starts a program). Unpacked bytes are counted as they come: a file stops at SV_MAX_FILE, an archive at
 * SV_MAX_ARCHIVE_BYTES or at SV_MAX_ARCHIVE_RATIO times its packed size, all archives together at the
 * caller's budget. Paths are cleaned of control characters and of "..", which is harmless anyway: nothing is
 * written.
 *
 * Keeps true: no file leaves half unpacked. Does not: open archives inside; paths.c does, with a depth. */
#include "unpack.h"
#include "charset.h"
#include "sv_limits.h"
#include "utf8.h"
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#define BLOCK 65536

typedef struct {
    SvUnpack *unpack;
    struct archive *archive;
    const char *name;
    SvReport *report;
    gsize packed, made; /* bytes of this archive */
    guint taken;
} Run;

gboolean sv_unpack_is_archive(const char *bytes, gsize len)
{
    static const struct {
        const char *magic;
        gsize n, at;
    } magics[] = {{"PK\3\4", 4, 0}, {"PK\5\6", 4, 0}, {"\x1f\x8b\x08", 3, 0}, {"BZh", 3, 0},
        {"\xFD"
         "7zXZ",
            5, 0},
        {"\x28\xB5\x2F\xFD", 4, 0}, {"7z\xBC\xAF\x27\x1C", 6, 0}, {"ustar", 5, 257}};
    for (guint i = 0; i < G_N_ELEMENTS(magics); i++)
        if (len >= magics[i].at + magics[i].n &&
            memcmp(bytes + magics[i].at, magics[i].magic, magics[i].n) == 0)
            return TRUE;
    return FALSE;
}

static void report(Run *r, SvErrorCode code, const char *entry, const char *reason, const char *remedy)
{
    g_autofree char *file = entry ? g_strdup_printf("%s/%s", r->name, entry) : g_strdup(r->name);
    sv_report_add(r->report, code, file, NULL, reason, remedy);
}

static struct archive *open_archive(const char *bytes, gsize len)
{
    struct archive *a = archive_read_new();
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_empty(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (memcmp(bytes, "PK", 2) != 0 && memcmp(bytes, "7z", 2) != 0)
        archive_read_support_format_raw(a);
    if (archive_read_open_memory(a, bytes, len) == ARCHIVE_OK)
        return a;
    archive_read_free(a);
    return NULL;
}

/* The path inside, as it may be shown: UTF-8, "/" as divider, no control characters, no empty, "." or ".."
 * part. */
static char *entry_name(const Run *r, struct archive_entry *entry)
{
    const char *raw = archive_entry_pathname_utf8(entry);
    if (!raw)
        raw = archive_entry_pathname(entry);
    gsize len = raw ? strlen(raw) : 0;
    gboolean alone = archive_format(r->archive) == ARCHIVE_FORMAT_RAW;
    /* Old Russian packers write names in the DOS charset. */
    g_autofree char *name = g_utf8_validate(raw ? raw : "", (gssize)len, NULL)
                                ? sv_utf8_clean(raw ? raw : "", len)
                                : sv_charset_to_utf8(raw, len, "cp866");
    if (alone) {
        const char *slash = strrchr(r->name, '/'), *dot = strrchr(r->name, '.');
        const char *base = slash ? slash + 1 : r->name;
        return dot && dot > base ? g_strndup(base, (gsize)(dot - base)) : g_strdup(base);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit_set(name, "/\\", (int)SV_MAX_DEPTH * 2);
    for (char **part = parts; *part; part++) {
        for (char *c = *part; *c; c++)
            if ((guchar)*c < 0x20 || *c == 0x7F)
                *c = '?';
        if (!**part || strcmp(*part, ".") == 0 || strcmp(*part, "..") == 0)
            continue;
        g_string_append_printf(out, "%s%s", out->len ? "/" : "", *part);
    }
    if (out->len > 1024)
        g_string_truncate(out, sv_utf8_floor(out->str, 1024));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The reason to stop unpacking this archive, or NULL. */
static const char *over_limit(const Run *r)
{
    gsize seen = MAX(r->made, (gsize)MAX(archive_filter_bytes(r->archive, 0), 0));
    if (r->made > r->unpack->budget)
        return "the archives unpack to more than may be read; the rest was left out";
    if (seen > SV_MAX_ARCHIVE_BYTES)
        return "the archive unpacks to more than 1 GiB; the rest was left out";
    if (seen > (1u << 20) && seen / SV_MAX_ARCHIVE_RATIO > r->packed)
        return "the archive unpacks to more than 200 times its size; the rest was left out";
    return NULL;
}

typedef enum { GOT, SKIPPED, STOP } Got;

static Got read_entry(Run *r, const char *name, GBytes **out)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    guint8 block[BLOCK];
    for (;;) {
        la_ssize_t n = archive_read_data(r->archive, block, sizeof block);
        if (n == 0)
            break;
        if (n < 0) {
            report(r, SV_ERROR_INPUT, name, "the file cannot be unpacked",
                "Pack the archive again, or give the folder");
            return n == ARCHIVE_FATAL ? STOP : SKIPPED;
        }
        r->made += (gsize)n;
        const char *limit = over_limit(r);
        if (limit) {
            report(r, SV_ERROR_LIMIT, NULL, limit, "Unpack it and give the folder");
            return STOP;
        }
        if (all->len + (gsize)n > SV_MAX_FILE) {
            report(r, SV_ERROR_LIMIT, name, "the file is larger than 512 MiB", NULL);
            return SKIPPED;
        }
        g_byte_array_append(all, block, (guint)n);
    }
    *out = g_byte_array_free_to_bytes(g_steal_pointer(&all));
    return GOT;
}

static gboolean take_entry(Run *r, struct archive_entry *entry)
{
    g_autofree char *name = entry_name(r, entry);
    if (archive_entry_filetype(entry) != AE_IFREG || !*name || !r->unpack->want(name, r->unpack->data))
        return TRUE;
    if (archive_entry_is_data_encrypted(entry) > 0) {
        report(r, SV_ERROR_INPUT, name, "the file is protected by a password",
            "Unpack the archive and give the folder");
        return TRUE;
    }
    GBytes *bytes = NULL;
    Got got = read_entry(r, name, &bytes);
    if (got != GOT)
        return got == SKIPPED;
    r->taken++;
    return r->unpack->take(name, bytes, r->unpack->data);
}

static void take_entries(Run *r)
{
    struct archive_entry *entry;
    for (;;) {
        int status = archive_read_next_header(r->archive, &entry);
        if (status == ARCHIVE_EOF)
            return;
        if (status == ARCHIVE_RETRY || status == ARCHIVE_FAILED || status == ARCHIVE_FATAL) {
            report(r, r->taken ? SV_ERROR_PARTIAL : SV_ERROR_INPUT, NULL,
                "the archive is damaged; what stands before was read",
                "Pack the archive again, or give the folder");
            return;
        }
        if (r->unpack->files == 0) {
            report(r, SV_ERROR_LIMIT, NULL, "the archives hold too many files; the rest was left out", NULL);
            return;
        }
        r->unpack->files--;
        const char *limit = over_limit(r);
        if (limit) {
            report(r, SV_ERROR_LIMIT, NULL, limit, "Unpack it and give the folder");
            return;
        }
        if (!take_entry(r, entry))
            return;
    }
}

gboolean sv_unpack_run(SvUnpack *unpack, const char *bytes, gsize len, const char *name, SvReport *out)
{
    Run r = {.unpack = unpack, .name = name, .report = out, .packed = len};
    /* The library converts names to the thread's locale; in "C" every Russian name would be lost. */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = (locale_t)0;
    if (utf8)
        before = uselocale(utf8);
    r.archive = len >= 4 ? open_archive(bytes, len) : NULL;
    if (r.archive) {
        take_entries(&r);
        archive_read_free(r.archive);
    } else {
        report(
            &r, SV_ERROR_INPUT, NULL, "the archive is damaged", "Pack the archive again, or give the folder");
    }
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    unpack->budget -= MIN(unpack->budget, r.made);
    return r.taken > 0;
}
