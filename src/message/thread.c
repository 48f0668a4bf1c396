/* Threads: see history.h.
 *
 * Letters are joined by what they refer to (References, then In-Reply-To), also over letters that are not
 * here: two answers to one lost letter are one thread. A letter that refers to nothing known joins the latest
 * letter of the same bare subject that shares a person with it, at most thirty days back. A chat's
 * conversation is one thread, a deal's changes are one, a call or a note stands alone. The name of a thread
 * is that of its first message, so it does not depend on the order in which messages came. */
#include "work.h"
#include <string.h>
#include "phrases.h"

#define SUBJECT_DAYS 30
#define SUBJECT_LOOK 8   /* letters of one subject that are looked at */
#define PARTS_LOOK 40    /* people of a letter that are compared */

typedef struct {
    guint *up;
    guint n, size;
} Sets;

static guint set_find(Sets *s, guint i)
{
    while (s->up[i] != i)
        i = s->up[i] = s->up[s->up[i]];
    return i;
}

/* The smaller number stays the head, so a head that is a message is the earliest one. */
static void set_join(Sets *s, guint a, guint b)
{
    a = set_find(s, a);
    b = set_find(s, b);
    if (a != b)
        s->up[MAX(a, b)] = MIN(a, b);
}

static guint set_add(Sets *s)
{
    if (s->n == s->size) {
        s->size = s->size * 2 + 16;
        s->up = g_renew(guint, s->up, s->size);
    }
    s->up[s->n] = s->n;
    return s->n++;
}

static const char *const reply_marks[] = {"re", "на", "ответ", "отв", "aw", "antw", "sv", "жауап"};
static const char *const forward_marks[] = {"fwd", "fw", "пересл", "переслано", "wg", "пер", "fs"};

/* Bytes of a mark with its colon at the start: "re:", "re[2]:", "fwd :". 0 when there is none. */
static gsize mark_at(const char *s, const char *const *marks, guint n)
{
    for (guint i = 0; i < n; i++) {
        gsize k = strlen(marks[i]);
        if (strncmp(s, marks[i], k) != 0)
            continue;
        if (s[k] == '[' || s[k] == '(')
            while (s[k] && s[k] != ':' && k < 24)
                k++;
        while (s[k] == ' ')
            k++;
        if (s[k] == ':')
            return k + 1;
    }
    return 0;
}

char *sv_subject_bare(const char *subject, gboolean *reply, gboolean *forward)
{
    gboolean is_reply = FALSE, is_forward = FALSE;
    g_autoptr(GString) f = g_string_new(NULL);
    if (subject)
        sv_phrases_fold(subject, MIN(strlen(subject), 1000), f);
    const char *s = f->str;
    for (gsize k = 1; k;) {
        s += strspn(s, " \t\n");
        k = mark_at(s, reply_marks, G_N_ELEMENTS(reply_marks));
        if (k)
            is_reply |= !is_forward;
        else if ((k = mark_at(s, forward_marks, G_N_ELEMENTS(forward_marks))))
            is_forward |= !is_reply;
        s += k;
    }
    if (reply)
        *reply = is_reply;
    if (forward)
        *forward = is_forward;
    GString *out = g_string_new(NULL);
    for (; *s; s++)
        if (!strchr(" \t\n", *s) || (out->len && out->str[out->len - 1] != ' '))
            g_string_append_c(out, strchr(" \t\n", *s) ? ' ' : *s);
    while (out->len && strchr(" .", out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

static gboolean share_person(const SvWork *w, guint a, guint b)
{
    guint to_a = MIN(w->part_from[a + 1], w->part_from[a] + PARTS_LOOK);
    guint to_b = MIN(w->part_from[b + 1], w->part_from[b] + PARTS_LOOK);
    for (guint i = w->part_from[a]; i < to_a; i++)
        for (guint j = w->part_from[b]; j < to_b; j++)
            if (g_array_index(w->parts, int, i) >= 0 &&
                g_array_index(w->parts, int, i) == g_array_index(w->parts, int, j))
                return TRUE;
    return FALSE;
}

static guint node_of(GHashTable *ids, Sets *sets, const char *id)
{
    gpointer known = g_hash_table_lookup(ids, id);
    if (known)
        return GPOINTER_TO_UINT(known) - 1;
    guint node = set_add(sets);
    g_hash_table_insert(ids, (gpointer)id, GUINT_TO_POINTER(node + 1));
    return node;
}

/* Joins a letter with what it refers to; TRUE when it refers to anything. */
static gboolean join_references(const SvMessage *m, guint i, GHashTable *ids, Sets *sets)
{
    gboolean any = FALSE;
    for (guint k = 0; k < m->references->len; k++) {
        const char *id = g_ptr_array_index(m->references, k);
        if (!*id)
            continue;
        set_join(sets, i, node_of(ids, sets, id));
        any = TRUE;
    }
    if (m->in_reply_to && *m->in_reply_to) {
        set_join(sets, i, node_of(ids, sets, m->in_reply_to));
        any = TRUE;
    }
    return any;
}

static void join_subject(const SvWork *w, guint i, gboolean refers, GHashTable *subjects, Sets *sets)
{
    const SvMessage *m = sv_work_message(w, i);
    char *bare = sv_subject_bare(m->subject, NULL, NULL);
    if (strlen(bare) < 3) {
        g_free(bare);
        return;
    }
    GArray *list = g_hash_table_lookup(subjects, bare);
    if (!list) {
        list = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(subjects, g_strdup(bare), list);
    }
    g_free(bare);
    for (guint k = 0; k < list->len && k < SUBJECT_LOOK && !refers; k++) {
        guint j = g_array_index(list, guint, list->len - 1 - k);
        if (m->at.unix_s - sv_work_message(w, j)->at.unix_s > (gint64)SUBJECT_DAYS * 86400)
            break;
        if (share_person(w, i, j)) {
            set_join(sets, i, j);
            break;
        }
    }
    g_array_append_val(list, i);
}

static void free_array(gpointer data)
{
    g_array_unref(data);
}

static char *thread_name(const SvWork *w, guint i, Sets *sets)
{
    const SvMessage *m = sv_work_message(w, i);
    const char *channel = sv_channel_name(m->channel);
    if (m->channel == SV_CHANNEL_EMAIL) {
        const SvMessage *first = sv_work_message(w, set_find(sets, i));
        return g_strdup_printf("%s:%s", channel, first->id ? first->id : "");
    }
    if (m->channel == SV_CHANNEL_DEAL && m->deal && m->deal->deal_id && *m->deal->deal_id)
        return g_strdup_printf("%s:%s", channel, m->deal->deal_id);
    if (m->channel == SV_CHANNEL_WHATSAPP || m->channel == SV_CHANNEL_TELEGRAM)
        return g_strdup_printf("%s:%s", channel, m->conversation ? m->conversation : "");
    return g_strdup_printf("%s:%s", channel, m->id ? m->id : "");
}

static void set_reply(SvMessage *m, guint i, GHashTable *ids, guint n)
{
    const char *wanted[] = {m->in_reply_to,
        m->references->len ? g_ptr_array_index(m->references, m->references->len - 1) : NULL};
    for (guint k = 0; k < 2 && m->reply_to < 0; k++) {
        guint j = wanted[k] ? GPOINTER_TO_UINT(g_hash_table_lookup(ids, wanted[k])) : 0;
        if (j && j - 1 < n && j - 1 != i)
            m->reply_to = (int)(j - 1);
    }
}

void sv_threads_set(SvWork *w)
{
    guint n = w->history->messages->len;
    Sets sets = {g_new(guint, n + 16), 0, n + 16};
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_array);
    for (guint i = 0; i < n; i++) {
        const SvMessage *m = sv_work_message(w, i);
        set_add(&sets);
        if (!m->id)
            continue;
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(ids, m->id));
        if (!first)
            g_hash_table_insert(ids, m->id, GUINT_TO_POINTER(i + 1));
        else
            set_join(&sets, i, first - 1);
    }
    for (guint i = 0; i < n; i++) {
        SvMessage *m = sv_work_message(w, i);
        m->reply_to = -1;
        set_reply(m, i, ids, n);
        if (m->channel != SV_CHANNEL_EMAIL)
            continue;
        gboolean refers = join_references(m, i, ids, &sets);
        join_subject(w, i, refers, subjects, &sets);
    }
    for (guint i = 0; i < n; i++) {
        SvMessage *m = sv_work_message(w, i);
        g_free(m->thread);
        m->thread = thread_name(w, i, &sets);
    }
    g_free(sets.up);
}
