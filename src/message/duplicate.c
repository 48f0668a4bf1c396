/* Messages that are there twice: see history.h.
 *
 * The same id with the same text; a letter that came under two ids at one time from one person; the content
 * of a forward that is here as a letter too; a chat exported twice. Chat exports have no ids, and two exports
 * may differ by a constant (another phone's zone, minutes without seconds): the shift that most of their rare
 * lines agree on is found first, then lines pair by author, text, shifted minute and their number within it,
 * so that "ok" said twice in one minute stays twice. The same id with different text stays twice: ids are not
 * unique in the wild. The better copy stays: edited before first version, whole before cut, more text, then
 * the earlier one. */
#include "work.h"
#include <string.h>

#define MIN_WEIGHT 24      /* letters' bytes below which equal texts mean nothing */
#define COPY_SECONDS 300   /* copies of one letter under two ids lie at most so far apart */
#define MAX_FILES 64       /* chat exports that are aligned with each other */

guint64 sv_text_hash(const char *text, gsize len, guint32 *weight)
{
    guint64 h = 14695981039346656037ull;
    guint32 n = 0;
    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];
        if (c < 0x80) {
            if (!g_ascii_isalnum((gchar)c))
                continue;
            c = (guchar)g_ascii_tolower((gchar)c);
        } else if (c == 0xC2 && i + 1 < len) { /* no-break space, guillemets */
            i++;
            continue;
        } else if (c == 0xE2 && i + 2 < len) { /* dashes, quotes, zero-width marks */
            i += 2;
            continue;
        }
        h = (h ^ c) * 1099511628211ull;
        n++;
    }
    *weight = n;
    return h;
}

static gboolean is_live(const SvMessage *m)
{
    return m->duplicate_of < 0;
}

/* Is b better to keep than a? a is the earlier one. */
static gboolean is_better(const SvMessage *a, const SvMessage *b)
{
    gboolean part_a = (a->flags & SV_MESSAGE_FORWARDED) != 0, part_b = (b->flags & SV_MESSAGE_FORWARDED) != 0;
    if (part_a != part_b)
        return part_a;
    if ((a->flags ^ b->flags) & SV_MESSAGE_CUT)
        return (a->flags & SV_MESSAGE_CUT) != 0;
    if ((a->flags ^ b->flags) & SV_MESSAGE_EDITED)
        return (b->flags & SV_MESSAGE_EDITED) != 0;
    if ((a->flags ^ b->flags) & (SV_MESSAGE_MEDIA | SV_MESSAGE_DELETED))
        return (a->flags & (SV_MESSAGE_MEDIA | SV_MESSAGE_DELETED)) != 0;
    if (a->attachments->len != b->attachments->len)
        return b->attachments->len > a->attachments->len;
    return b->own.len > a->own.len;
}

/* One of the two goes; returns the index of the one that stays. */
static guint merge(SvWork *w, guint a, guint b)
{
    SvMessage *x = sv_work_message(w, a), *y = sv_work_message(w, b);
    if (is_better(x, y)) {
        x->duplicate_of = (int)b;
        return b;
    }
    y->duplicate_of = (int)a;
    return a;
}

/* Chains end at the message that stays. */
static void settle(SvWork *w)
{
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        guint guard = 0;
        while (m->duplicate_of >= 0 && guard++ < 64) {
            int next = sv_work_message(w, (guint)m->duplicate_of)->duplicate_of;
            if (next < 0)
                break;
            m->duplicate_of = next;
        }
    }
}

static gboolean same_text(const SvWork *w, guint a, guint b)
{
    const SvMessage *x = sv_work_message(w, a), *y = sv_work_message(w, b);
    if (w->weight[a] != w->weight[b] || w->hash[a] != w->hash[b])
        return FALSE;
    if (x->channel != SV_CHANNEL_DEAL)
        return TRUE;
    return x->at.unix_s == y->at.unix_s;
}

/* The same id. A messenger's id is unique, so another text is another version; a letter's is not. */
static void find_same_ids(SvWork *w)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        if (!m->id || !*m->id || (m->flags & SV_MESSAGE_FORWARD_PART))
            continue;
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(ids, m->id));
        if (!first) {
            g_hash_table_insert(ids, m->id, GUINT_TO_POINTER(i + 1));
            continue;
        }
        guint j = first - 1;
        const SvMessage *other = sv_work_message(w, j);
        if (other->channel != m->channel)
            continue;
        if (m->channel == SV_CHANNEL_TELEGRAM || same_text(w, i, j))
            g_hash_table_insert(ids, m->id, GUINT_TO_POINTER(merge(w, j, i) + 1));
    }
}

static gboolean is_letter(const SvMessage *m)
{
    return m->channel == SV_CHANNEL_EMAIL;
}

/* Equal texts of letters: copies under two ids, and forwards of what is here as a letter. */
static void find_same_letters(SvWork *w)
{
    g_autoptr(GHashTable) texts = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        if (!is_letter(m) || !is_live(m) || w->weight[i] < MIN_WEIGHT)
            continue;
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(texts, &w->hash[i]));
        guint j = first ? first - 1 : 0;
        const SvMessage *other = first ? sv_work_message(w, j) : NULL;
        gboolean forward = other && ((m->flags ^ other->flags) & SV_MESSAGE_FORWARDED) != 0;
        gboolean both = other && (m->flags & other->flags & SV_MESSAGE_FORWARDED);
        gboolean copy = other && m->author == other->author && m->author >= 0 &&
            ABS(m->at.unix_s - other->at.unix_s) <= COPY_SECONDS;
        if (first && w->weight[j] == w->weight[i] && (forward || both || copy))
            j = merge(w, j, i);
        else
            j = i;
        g_hash_table_insert(texts, &w->hash[j], GUINT_TO_POINTER(j + 1));
    }
}

/* ---- chats exported twice ---- */

typedef struct {
    gint64 minute;
    guint64 hash;
    int author;
    guint channel, ordinal;
} Key;

static guint key_hash(gconstpointer p)
{
    const Key *k = p;
    guint64 h = k->hash ^ ((guint64)k->minute * 0x9E3779B97F4A7C15ull) ^ ((guint64)(guint)k->author << 40) ^
        ((guint64)k->channel << 20) ^ k->ordinal;
    return (guint)(h ^ h >> 32);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
    const Key *x = a, *y = b;
    return x->minute == y->minute && x->hash == y->hash && x->author == y->author &&
           x->channel == y->channel && x->ordinal == y->ordinal;
}

static gint64 minute_of(gint64 unix_s)
{
    return unix_s >= 0 ? unix_s / 60 : (unix_s - 59) / 60;
}

static gboolean is_export(const SvMessage *m)
{
    return m->channel == SV_CHANNEL_WHATSAPP && is_live(m) && m->file;
}

/* Numbers of the lines of one export, all of one file; returns them grouped: file → GArray of guint. */
static GPtrArray *files_of(SvWork *w)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        if (!is_export(m))
            continue;
        GArray *list = g_hash_table_lookup(by_name, m->file);
        if (!list) {
            if (files->len == MAX_FILES)
                continue;
            list = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(by_name, m->file, list);
            g_ptr_array_add(files, list);
        }
        g_array_append_val(list, i);
    }
    return files;
}

/* Rare lines by text and author: key with minute 0 → index + 1, or 0 when the line is not unique. */
static void add_anchor(SvWork *w, guint i, GHashTable *anchors)
{
    const SvMessage *m = sv_work_message(w, i);
    if (w->weight[i] < MIN_WEIGHT)
        return;
    Key *k = g_new0(Key, 1);
    *k = (Key){0, w->hash[i], m->author, m->channel, 0};
    gpointer old;
    if (g_hash_table_lookup_extended(anchors, k, NULL, &old))
        g_hash_table_replace(anchors, k, GUINT_TO_POINTER(0));
    else
        g_hash_table_insert(anchors, k, GUINT_TO_POINTER(i + 1));
}

/* The shift in minutes that most rare lines of a file agree on against those already read; 0 when too few
 * do. */
static gint64 find_shift(SvWork *w, const GArray *file, GHashTable *anchors)
{
    g_autoptr(GHashTable) votes = g_hash_table_new(NULL, NULL);
    guint best = 0, all = 0;
    gint64 shift = 0;
    for (guint k = 0; k < file->len; k++) {
        guint i = g_array_index(file, guint, k);
        const SvMessage *m = sv_work_message(w, i);
        Key key = {0, w->hash[i], m->author, m->channel, 0};
        guint j = w->weight[i] < MIN_WEIGHT ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(anchors, &key));
        if (!j)
            continue;
        gint64 d = minute_of(sv_work_message(w, j - 1)->at.unix_s) - minute_of(m->at.unix_s);
        if (ABS(d) > 26 * 60)
            continue;
        all++;
        gpointer slot = GINT_TO_POINTER((gint)d);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(votes, slot)) + 1;
        g_hash_table_insert(votes, slot, GUINT_TO_POINTER(n));
        if (n > best || (n == best && ABS(d) < ABS(shift))) {
            best = n;
            shift = d;
        }
    }
    return best >= 3 && best * 2 > all ? shift : 0;
}

/* Pairs the lines of one export with those already read, then adds what is new. */
static void pair_file(SvWork *w, const GArray *file, gint64 shift, GHashTable *lines)
{
    g_autoptr(GHashTable) count = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    g_autoptr(GArray) fresh = g_array_new(FALSE, FALSE, sizeof(Key));
    g_autoptr(GArray) fresh_at = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint k = 0; k < file->len; k++) {
        guint i = g_array_index(file, guint, k);
        const SvMessage *m = sv_work_message(w, i);
        Key key = {minute_of(m->at.unix_s) + shift, w->hash[i], m->author, m->channel, 0};
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(count, &key));
        Key *counted = g_new(Key, 1);
        *counted = key;
        g_hash_table_replace(count, counted, GUINT_TO_POINTER(n + 1));
        key.ordinal = n;
        guint j = GPOINTER_TO_UINT(g_hash_table_lookup(lines, &key));
        if (j && w->weight[i])
            merge(w, j - 1, i);
        else {
            g_array_append_val(fresh, key);
            g_array_append_val(fresh_at, i);
        }
    }
    for (guint k = 0; k < fresh->len; k++) {
        Key *key = g_new(Key, 1);
        *key = g_array_index(fresh, Key, k);
        g_hash_table_insert(lines, key, GUINT_TO_POINTER(g_array_index(fresh_at, guint, k) + 1));
    }
}

static void find_same_exports(SvWork *w)
{
    g_autoptr(GPtrArray) files = files_of(w);
    if (files->len < 2)
        return;
    g_autoptr(GHashTable) lines = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    g_autoptr(GHashTable) anchors = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    for (guint f = 0; f < files->len; f++) {
        const GArray *file = g_ptr_array_index(files, f);
        pair_file(w, file, f ? find_shift(w, file, anchors) : 0, lines);
        for (guint k = 0; k < file->len; k++)
            if (is_live(sv_work_message(w, g_array_index(file, guint, k))))
                add_anchor(w, g_array_index(file, guint, k), anchors);
    }
}

void sv_duplicates_find(SvWork *w)
{
    for (guint i = 0; i < w->history->messages->len; i++)
        sv_work_message(w, i)->duplicate_of = -1;
    find_same_ids(w);
    find_same_letters(w);
    find_same_exports(w);
    settle(w);
}
