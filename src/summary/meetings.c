/* Meetings ahead: see meetings.h. A sentence tells of one when it names a meeting (data/summary/meetings.tsv,
 * lemmas) and a day that has not come, and no later message made it untrue. */
#include "meetings.h"
#include "compose_parts.h"
#include "gate.h"
#include "keys.h"
#include "table.h"
#include <gio/gio.h>
#include <string.h>

extern GResource *sv_summary_data_get_resource(void);

static void meeting_free(gpointer p)
{
    SvMeeting *m = p;
    g_free(m->text);
    g_ptr_array_unref(m->sources);
    g_free(m);
}

/* Keys of the words for a meeting; made once. */
static GHashTable *words(void)
{
    static gsize ready;
    static GHashTable *keys;
    if (g_once_init_enter(&ready)) {
        g_autoptr(GBytes) bytes =
            g_resource_lookup_data(sv_summary_data_get_resource(), "/svodka/summary/meetings.tsv", 0, NULL);
        g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        keys = g_hash_table_new(g_direct_hash, g_direct_equal);
        for (char **line = lines; *line; line++)
            if (**line && **line != '#')
                g_hash_table_add(keys, GUINT_TO_POINTER(sv_key_of(g_strstrip(*line))));
        g_once_init_leave(&ready, 1);
    }
    return keys;
}

static gboolean names_meeting(const SvFacts *facts, const SvFact *f)
{
    for (guint i = 0; i < f->n_keys; i++)
        if (g_hash_table_contains(
                words(), GUINT_TO_POINTER(g_array_index(facts->keys, guint32, f->key_from + i))))
            return TRUE;
    return FALSE;
}

static int by_day(gconstpointer a, gconstpointer b)
{
    const SvMeeting *x = *(SvMeeting *const *)a, *y = *(SvMeeting *const *)b;
    if (x->day != y->day)
        return (x->day > y->day) - (x->day < y->day);
    return strcmp(x->text, y->text);
}

GPtrArray *sv_summary_meetings(const SvDigest *d, int days)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(meeting_free);
    SvDay today = sv_time_day(d->as_of);
    SvLang lang = g_strcmp0(d->history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    SvWording wording = sv_digest_wording(d, lang);
    for (guint i = d->facts->facts->len; i-- > 0;) {
        const SvFact *f = sv_facts_get(d->facts, i);
        if (f->due == SV_DAY_NONE || f->due < today || f->due > today + days || f->is_deal ||
            d->ledger->superseded_by[i] >= 0 || sv_choosing_is_personal(d->choosing, i) ||
            !names_meeting(d->facts, f))
            continue;
        gboolean known = FALSE; /* the newest word on a day's meeting is enough */
        for (guint k = 0; k < out->len && !known; k++)
            known = ((SvMeeting *)out->pdata[k])->day == f->due;
        g_auto(SvWorded) said = known ? (SvWorded){0} : sv_word_facts(&wording, i, i, 200);
        if (!said.text || !sv_gate_check(d->history, said.text, said.quotes, said.days))
            continue;
        SvMeeting *m = g_new0(SvMeeting, 1);
        m->day = f->due;
        m->text = g_steal_pointer(&said.text);
        m->sources = g_steal_pointer(&said.quotes);
        g_ptr_array_add(out, m);
    }
    g_ptr_array_sort(out, by_day);
    return out;
}
