/* The walk over files, folders and archives.
 *
 * Without recursion: folders and archives go on a list of what is still to do. A file is sorted by the end of
 * its name (pictures and documents need no look) and by its first bytes: empty, an archive, binary, or text
 * that may hold messages. Links inside folders are not followed, pipes and devices not opened for reading.
 *
 * Keeps true: every limit of sv_limits.h holds over the whole walk; nothing is written. Does not: know any
 * format, or read more of a file on disk than its first bytes. */
#include "walk.h"
#include "intake.h"
#include "sv_limits.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD 512 /* bytes that tell text from the rest */

/* A folder or an archive that waits. */
typedef struct SvTodo {
    char *name, *path;
    GBytes *bytes; /* an archive out of an archive */
    gboolean archive;
    gboolean given;
    guint depth; /* folders above a folder, archives above an archive */
} Todo;

typedef SvWalk Walk;

static void leaf_free(gpointer data)
{
    SvLeaf *leaf = data;
    g_free(leaf->name);
    g_free(leaf->path);
    g_clear_pointer(&leaf->bytes, g_bytes_unref);
    g_free(leaf);
}

static void todo_free(gpointer data)
{
    Todo *todo = data;
    g_free(todo->name);
    g_free(todo->path);
    g_clear_pointer(&todo->bytes, g_bytes_unref);
    g_free(todo);
}

/* ---- what a name and the first bytes tell ---- */

static char **attachment_row(const char *name)
{
    const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
    if (!dot || (slash && slash > dot))
        return NULL;
    const GPtrArray *rows = sv_intake_rows("/svodka/source/attachments.tsv");
    for (guint i = 0; i < rows->len; i++) {
        char **row = g_ptr_array_index(rows, i);
        if (g_strv_length(row) >= 2 && g_ascii_strcasecmp(dot + 1, row[1]) == 0)
            return row;
    }
    return NULL;
}

static gboolean is_media(const char *name)
{
    char **row = attachment_row(name);
    return row && strcmp(row[0], "media") == 0;
}

const char *sv_walk_remedy(const char *name)
{
    char **row = attachment_row(name);
    return row && strcmp(row[0], "foreign") == 0 ? row[2] : NULL;
}

static gboolean is_hidden(const char *part)
{
    return *part == '.' || strncmp(part, "__MACOSX", 8) == 0;
}

/* NULs mean no text, but for UTF-16, where every second byte may be one. */
static gboolean is_binary(const char *head, gsize n)
{
    gsize nul = 0, control = 0, odd = 0;
    if (n >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        nul += head[i] == 0;
        odd += head[i] == 0 && i % 2;
        control += (guchar)head[i] < 9 || ((guchar)head[i] > 13 && (guchar)head[i] < 32 && head[i] != 0x1B);
    }
    if (nul > n / 8 && (odd == nul || odd == 0))
        return FALSE;
    return nul > 4 || control > n / 10 + 4;
}

static gboolean is_json(const char *head, gsize n)
{
    gsize i = n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < n && g_ascii_isspace(head[i]))
        i++;
    return i < n && head[i] == '{';
}

/* ---- reading from disk ---- */

static gboolean fail_io(GError **error, const char *path, int code)
{
    g_set_error(error, SV_ERROR, code == ENOENT ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, "%s", g_strerror(code));
    return FALSE;
}

static int open_file(const char *path, gboolean given, struct stat *st, GError **error)
{
    /* Not blocking: a pipe put in the place of a file must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (given ? 0 : O_NOFOLLOW));
    if (fd < 0) {
        fail_io(error, path, errno);
        return -1;
    }
    const char *reason = NULL;
    if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))
        reason = "it is no regular file";
    else if (st->st_size > (off_t)SV_MAX_FILE)
        reason = "the file is larger than 512 MiB";
    if (!reason)
        return fd;
    g_set_error(error, SV_ERROR, S_ISREG(st->st_mode) ? SV_ERROR_LIMIT : SV_ERROR_INPUT, "%s", reason);
    close(fd);
    return -1;
}

static gboolean read_fully(int fd, char *to, gsize want, gsize *got)
{
    *got = 0;
    while (*got < want) {
        ssize_t n = read(fd, to + *got, want - *got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        if (n == 0)
            break;
        *got += (gsize)n;
    }
    return TRUE;
}

GBytes *sv_walk_load(const char *path, gboolean given, GError **error)
{
    struct stat st;
    int fd = open_file(path, given, &st, error);
    if (fd < 0)
        return NULL;
    char *all = g_malloc((gsize)st.st_size + 1);
    gsize got;
    gboolean ok = read_fully(fd, all, (gsize)st.st_size, &got);
    int code = errno;
    close(fd);
    if (ok)
        return g_bytes_new_take(all, got);
    g_free(all);
    fail_io(error, path, code);
    return NULL;
}

/* ---- the walk ---- */

static void add_leaf(
    Walk *w, const char *name, const char *path, GBytes *bytes, gboolean given, gboolean json)
{
    SvLeaf *leaf = g_new0(SvLeaf, 1);
    leaf->name = g_strdup(name);
    leaf->path = g_strdup(path);
    leaf->bytes = bytes;
    leaf->given = given;
    leaf->json = json;
    leaf->order = w->leaves->len;
    g_ptr_array_add(w->leaves, leaf);
}

static Todo *add_todo(Walk *w, const char *name, const char *path, GBytes *bytes, guint depth)
{
    Todo *todo = g_new0(Todo, 1);
    todo->name = g_strdup(name);
    todo->path = g_strdup(path);
    todo->bytes = bytes;
    todo->depth = depth;
    g_ptr_array_add(w->todo, todo);
    return todo;
}

static gboolean count_file(Walk *w, const char *name)
{
    if (w->n_files < SV_MAX_FILES) {
        w->n_files++;
        return TRUE;
    }
    if (!w->full)
        sv_report_add(w->report, SV_ERROR_LIMIT, name, NULL,
            "too many files; this one and the rest were left out", "Give fewer folders");
    w->full = TRUE;
    return FALSE;
}

/* The same file reached by two PATHs is read once. */
static gboolean is_new(Walk *w, const struct stat *st)
{
    return g_hash_table_add(w->inodes, g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                           (guint64)st->st_dev, (guint64)st->st_ino));
}

/* Sorts one file by its first bytes. `bytes` (out of an archive) is taken. */
static void sort_file(Walk *w, const char *name, const char *path, GBytes *bytes, const char *head, gsize n,
    gboolean given, guint depth)
{
    g_autoptr(GBytes) owned = bytes;
    gboolean foreign = sv_walk_remedy(name) != NULL;
    if (n == 0 && given)
        sv_report_add(w->report, SV_ERROR_INPUT, name, NULL, "the file is empty", "Export it again");
    else if (n == 0)
        w->n_empty++;
    else if (!foreign && sv_unpack_is_archive(head, n) && depth > SV_MAX_ARCHIVE_DEPTH)
        sv_report_add(w->report, SV_ERROR_LIMIT, name, NULL, "archives are nested too deeply",
            "Unpack it and give the folder");
    else if (!foreign && sv_unpack_is_archive(head, n)) {
        Todo *todo = add_todo(w, name, path, g_steal_pointer(&owned), depth);
        todo->archive = TRUE;
        todo->given = given;
    } else if (!foreign && is_binary(head, n))
        w->n_media++;
    else
        add_leaf(w, name, path, g_steal_pointer(&owned), given, is_json(head, n));
}

static void see_file(Walk *w, const char *name, const char *path, gboolean given)
{
    struct stat st;
    g_autoptr(GError) error = NULL;
    if (!count_file(w, name))
        return;
    if (is_media(name)) {
        w->n_media++;
        return;
    }
    int fd = open_file(path, given, &st, &error);
    if (fd < 0) {
        sv_report_add(
            w->report, (SvErrorCode)error->code, name, NULL, error->message, "Check the file and its rights");
        return;
    }
    char head[HEAD];
    gsize n;
    gboolean ok = read_fully(fd, head, sizeof head, &n);
    int code = errno;
    close(fd);
    if (!ok)
        sv_report_add(w->report, SV_ERROR_IO, name, NULL, g_strerror(code), "Check the disk");
    else if (is_new(w, &st))
        sort_file(w, name, path, NULL, head, n, given, 0);
}

/* A hidden folder of a Maildir (".Sent") holds letters. */
static gboolean is_mail_folder(const char *path)
{
    g_autofree char *cur = g_build_filename(path, "cur", NULL);
    struct stat st;
    return lstat(cur, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *shown_name(const char *folder, const char *entry)
{
    g_autofree char *utf8 = g_utf8_validate(entry, -1, NULL) ? g_strdup(entry) : g_utf8_make_valid(entry, -1);
    return g_str_has_suffix(folder, "/") ? g_strconcat(folder, utf8, NULL)
                                         : g_strconcat(folder, "/", utf8, NULL);
}

static void see_entry(Walk *w, const Todo *folder, const char *entry)
{
    g_autofree char *path = g_build_filename(folder->path, entry, NULL);
    g_autofree char *name = shown_name(folder->name, entry);
    struct stat st;
    if (lstat(path, &st) != 0) {
        sv_report_add(w->report, SV_ERROR_IO, name, NULL, g_strerror(errno), NULL);
        return;
    }
    gboolean is_folder = S_ISDIR(st.st_mode);
    if (is_hidden(entry) && !(is_folder && is_mail_folder(path)))
        w->n_hidden++;
    else if (S_ISLNK(st.st_mode))
        w->n_links++;
    else if (is_folder && folder->depth >= SV_MAX_DEPTH)
        sv_report_add(w->report, SV_ERROR_LIMIT, name, NULL, "folders are nested too deeply", NULL);
    else if (is_folder)
        add_todo(w, name, path, NULL, folder->depth + 1);
    else if (S_ISREG(st.st_mode))
        see_file(w, name, path, FALSE);
    else
        w->n_hidden++;
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void see_folder(Walk *w, const Todo *folder)
{
    DIR *dir = opendir(folder->path);
    if (!dir) {
        sv_report_add(
            w->report, SV_ERROR_IO, folder->name, NULL, g_strerror(errno), "Check the rights of the folder");
        return;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const struct dirent *entry;
    while ((entry = readdir(dir)) && names->len <= SV_MAX_FILES)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            g_ptr_array_add(names, g_strdup(entry->d_name));
    closedir(dir);
    g_ptr_array_sort(names, by_text);
    for (guint i = 0; i < names->len && !w->full; i++)
        see_entry(w, folder, g_ptr_array_index(names, i));
}

/* ---- archives ---- */

static gboolean want_entry(const char *name, gpointer data)
{
    Walk *w = data;
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    for (char **part = parts; *part; part++)
        if (is_hidden(*part) && !(part[1] && (strcmp(part[1], "cur") == 0 || strcmp(part[1], "new") == 0))) {
            w->n_hidden++;
            return FALSE;
        }
    if (!is_media(name))
        return TRUE;
    w->n_media++;
    return FALSE;
}

static gboolean take_entry(const char *name, GBytes *bytes, gpointer data)
{
    Walk *w = data;
    g_autofree char *full = g_strdup_printf("%s/%s", w->archive->name, name);
    if (!count_file(w, full)) {
        g_bytes_unref(bytes);
        return FALSE;
    }
    gsize n;
    const char *p = g_bytes_get_data(bytes, &n);
    sort_file(w, full, NULL, bytes, p, MIN(n, HEAD), FALSE, w->archive->depth + 1);
    return TRUE;
}

/* Word and Excel files are zips too, whatever they are called. */
static gboolean is_office(const char *bytes, gsize len)
{
    return len > 64 && memcmp(bytes, "PK", 2) == 0 &&
           (g_strstr_len(bytes + 30, 30, "[Content_Types]") ||
               g_strstr_len(bytes + 30, 30, "mimetypeapplication"));
}

static void see_archive(Walk *w, const Todo *archive)
{
    gsize len;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) all =
        archive->bytes ? g_bytes_ref(archive->bytes) : sv_walk_load(archive->path, archive->given, &error);
    if (!all) {
        sv_report_add(w->report, (SvErrorCode)error->code, archive->name, NULL, error->message,
            "Check the file and its rights");
        return;
    }
    const char *bytes = g_bytes_get_data(all, &len);
    if (is_office(bytes, len)) {
        w->n_media++;
        return;
    }
    w->archive = archive;
    sv_unpack_run(&w->unpack, bytes, len, archive->name, w->report);
    w->archive = NULL;
}

void sv_walk_add(SvWalk *w, const char *path)
{
    struct stat st;
    g_autofree char *name = g_utf8_make_valid(path, -1);
    if (stat(path, &st) != 0) {
        sv_report_add(w->report, errno == ENOENT ? SV_ERROR_NOT_FOUND : SV_ERROR_IO, name, NULL,
            g_strerror(errno), "Check the path");
        return;
    }
    if (S_ISDIR(st.st_mode))
        add_todo(w, name, path, NULL, 0);
    else
        see_file(w, name, path, TRUE);
}

void sv_walk_run(SvWalk *w)
{
    while (w->todo->len && !w->full) {
        g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func(todo_free);
        g_ptr_array_add(one, g_ptr_array_steal_index(w->todo, w->todo->len - 1));
        const Todo *todo = g_ptr_array_index(one, 0);
        if (todo->archive)
            see_archive(w, todo);
        else
            see_folder(w, todo);
    }
}

SvWalk *sv_walk_new(SvReport *report)
{
    Walk *w = g_new0(Walk, 1);
    w->report = report;
    w->leaves = g_ptr_array_new_with_free_func(leaf_free);
    w->todo = g_ptr_array_new_with_free_func(todo_free);
    w->inodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    w->unpack = (SvUnpack){.want = want_entry,
        .take = take_entry,
        .data = w,
        .budget = (gsize)2 * SV_MAX_ARCHIVE_BYTES,
        .files = SV_MAX_FILES};
    return w;
}

void sv_walk_free(SvWalk *w)
{
    if (!w)
        return;
    g_ptr_array_unref(w->leaves);
    g_ptr_array_unref(w->todo);
    g_hash_table_unref(w->inodes);
    g_free(w);
}
