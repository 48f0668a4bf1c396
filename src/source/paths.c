/* Files, folders and archives in any mix become a history.
 *
 * walk.h collects the files that may hold messages. Then the card is read, so that times without a zone have
 * one; then every other file in the order of names, each by the source that is surest about its content.
 *
 * Keeps true: the same files give the same order whatever the order of PATHs; a file that cannot be read is
 * reported and the others are read. Does not: decide by names what a file is. */
#include "intake.h"
#include "walk.h"
#include <string.h>

typedef struct {
    const char *mapping;
    SvHistory *history;
    SvReport *report;
    gboolean card_given; /* it stands for any other that lies among the files */
    guint n_read;
} Reading;

/* The name of the folder a file lies in; of a Maildir that above cur and new; of an archive its stem. */
static char *folder_of(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    guint n = g_strv_length(parts);
    if (n < 2)
        return g_strdup("");
    guint i = n - 2;
    if (i > 0 && (strcmp(parts[i], "cur") == 0 || strcmp(parts[i], "new") == 0))
        i--;
    if (strcmp(parts[i], ".") == 0 || strcmp(parts[i], "..") == 0)
        return g_strdup("");
    char *folder = g_strdup(parts[i]);
    static const char *const endings[] = {
        ".zip", ".tar.gz", ".tgz", ".tar", ".7z", ".tar.bz2", ".tar.xz", NULL};
    for (const char *const *e = endings; *e; e++)
        if (g_str_has_suffix(folder, *e)) {
            folder[strlen(folder) - strlen(*e)] = 0;
            break;
        }
    return folder;
}

static void report_error(Reading *r, const char *name, const GError *error)
{
    gsize n = strlen(name);
    const char *reason = error->message;
    if (strncmp(reason, name, n) == 0 && strncmp(reason + n, ": ", 2) == 0)
        reason += n + 2;
    SvErrorCode code = error->domain == SV_ERROR ? (SvErrorCode)error->code : SV_ERROR_INPUT;
    sv_report_add(r->report, code, name, NULL, reason, NULL);
}

static GBytes *leaf_bytes(const SvLeaf *leaf, GError **error)
{
    return leaf->bytes ? g_bytes_ref(leaf->bytes) : sv_walk_load(leaf->path, leaf->given, error);
}

static void read_leaf(Reading *r, SvLeaf *leaf, gboolean only_card)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = leaf_bytes(leaf, &error);
    if (!bytes) {
        report_error(r, leaf->name, error);
        leaf->done = TRUE;
        return;
    }
    g_autofree char *folder = folder_of(leaf->name);
    SvInput input = {.name = leaf->name, .folder = folder, .mapping = r->mapping};
    input.bytes = g_bytes_get_data(bytes, &input.len);
    if (!leaf->source)
        leaf->source = sv_source_find(&input);
    if (only_card && leaf->source != &sv_source_card)
        return;
    leaf->done = TRUE;
    g_clear_pointer(&leaf->bytes, g_bytes_unref);
    if (leaf->source == &sv_source_card && r->card_given)
        return;
    if (!leaf->source) {
        const char *remedy = sv_walk_remedy(leaf->name);
        sv_report_add(r->report, SV_ERROR_INPUT, leaf->name, NULL, "not a known format",
            remedy ? remedy
                   : "Give letters (mbox, eml), an export of WhatsApp or Telegram, a transcript of a call, a "
                     "table of notes or deals");
        return;
    }
    if (leaf->source->read(&input, r->history, r->report, &error))
        r->n_read++;
    else
        report_error(r, leaf->name, error);
}

static gboolean read_card(Reading *r, const char *path, GError **error)
{
    g_autofree char *name = g_utf8_make_valid(path, -1);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = sv_walk_load(path, TRUE, &cause);
    if (!bytes) {
        g_set_error(
            error, cause->domain, cause->code, "%s: %s. Check the path of the card", name, cause->message);
        return FALSE;
    }
    SvInput input = {.name = name, .folder = ""};
    input.bytes = g_bytes_get_data(bytes, &input.len);
    return sv_source_card.read(&input, r->history, r->report, error);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    const SvLeaf *x = *(const SvLeaf *const *)a, *y = *(const SvLeaf *const *)b;
    int c = strcmp(x->name, y->name);
    return c ? c : x->order < y->order ? -1 : 1;
}

static void read_all(Reading *r, GPtrArray *leaves)
{
    g_ptr_array_sort(leaves, by_name);
    for (guint i = 0; i < leaves->len; i++) {
        SvLeaf *leaf = g_ptr_array_index(leaves, i);
        if (leaf->json)
            read_leaf(r, leaf, TRUE);
    }
    for (guint i = 0; i < leaves->len; i++) {
        SvLeaf *leaf = g_ptr_array_index(leaves, i);
        if (!leaf->done)
            read_leaf(r, leaf, FALSE);
    }
}

guint sv_walk_read(GPtrArray *leaves, const char *mapping, SvHistory *history, SvReport *report)
{
    Reading reading = {.mapping = mapping, .history = history, .report = report};
    read_all(&reading, leaves);
    return reading.n_read;
}

static void add_notes(const SvWalk *w)
{
    if (w->n_media)
        sv_report_note(
            w->report, "%u pictures, documents and other attachments were passed over", w->n_media);
    if (w->n_hidden)
        sv_report_note(w->report, "%u hidden files were passed over", w->n_hidden);
    if (w->n_links)
        sv_report_note(w->report, "%u links were not followed", w->n_links);
    if (w->n_empty)
        sv_report_note(w->report, "%u empty files were passed over", w->n_empty);
}

static gboolean fail_nothing(const char *const *paths, const SvReport *report, guint before, GError **error)
{
    const SvProblem *first =
        report->problems->len > before ? g_ptr_array_index(report->problems, before) : NULL;
    if (!first) {
        guint more = g_strv_length((char **)paths);
        g_autofree char *name = more ? g_utf8_make_valid(paths[0], -1) : g_strdup("");
        g_autofree char *rest = more > 1 ? g_strdup_printf(" (nor in %u more)", more - 1) : g_strdup("");
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT,
            "%s: no file with messages was found there%s. Give letters, chats, transcripts or tables", name,
            rest);
        return FALSE;
    }
    g_autofree char *text = sv_problem_format(first);
    guint more = report->n_problems - before - 1;
    g_autofree char *rest = more ? g_strdup_printf(" (and %u more)", more) : g_strdup("");
    SvErrorCode code = first->code == SV_ERROR_PARTIAL ? SV_ERROR_INPUT : first->code;
    g_set_error(error, SV_ERROR, (int)code, "nothing could be read: %s%s", text, rest);
    return FALSE;
}

gboolean sv_source_read_paths(const char *const *paths, const char *card_path, const char *mapping,
    SvHistory *history, SvReport *report, GError **error)
{
    guint before = report->problems->len;
    Reading reading = {
        .mapping = mapping, .history = history, .report = report, .card_given = card_path != NULL};
    if (card_path && !read_card(&reading, card_path, error))
        return FALSE;
    g_autoptr(SvWalk) walk = sv_walk_new(report);
    for (const char *const *path = paths; *path; path++)
        sv_walk_add(walk, *path);
    sv_walk_run(walk);
    read_all(&reading, walk->leaves);
    add_notes(walk);
    return reading.n_read > 0 || fail_nothing(paths, report, before, error);
}
