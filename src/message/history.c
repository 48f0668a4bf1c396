/* From messages as received to a history: see history.h.
 *
 * First everything that an earlier run made is taken back, then messages are sorted by what they are (time,
 * channel, id, text), so that nothing below depends on the order in which they were added. A letter that
 * passes on another's text with words of its own becomes two messages with one id: its own, and the passed-on
 * content by its own writer. Calls are not cut, so their turns stay where they are. */
#include "history.h"
#include <string.h>
#include "work.h"

typedef struct {
    SvWork work;
    GPtrArray *cleaned; /* SvCleaned * or NULL, as messages */
} Finish;

/* ---- taking back ---- */

static void unmap_turns(SvHistory *h)
{
    g_autoptr(SvPeople) people = sv_people_new(h);
    for (guint i = 0; i < h->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        if (!m->thread || !m->turns)
            continue;
        for (guint t = 0; t < m->turns->len; t++) {
            SvTurn *turn = &g_array_index(m->turns, SvTurn, t);
            int person = turn->speaker;
            turn->speaker = -1;
            for (guint k = 0; k < m->to->len && person >= 0 && turn->speaker < 0; k++) {
                const SvAddress *a = g_ptr_array_index(m->to, k);
                if (sv_people_find(people, a->name, a->address) == person)
                    turn->speaker = (int)k;
            }
        }
    }
}

static void take_back(SvHistory *h)
{
    gboolean finished = FALSE;
    for (guint i = 0; i < h->messages->len && !finished; i++)
        finished = ((SvMessage *)g_ptr_array_index(h->messages, i))->thread != NULL;
    if (!finished)
        return;
    unmap_turns(h);
    for (guint i = h->messages->len; i-- > 0;) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        if (m->flags & SV_MESSAGE_FORWARD_PART) {
            g_ptr_array_remove_index(h->messages, i);
            continue;
        }
        if (m->channel == SV_CHANNEL_EMAIL && m->thread)
            m->flags &= ~(guint)SV_MESSAGE_FORWARDED;
        sv_raw_clear(&m->own);
        g_clear_pointer(&m->thread, g_free);
        m->author = m->reply_to = m->duplicate_of = m->forwarded_by = -1;
    }
    for (guint i = h->people->len; i-- > 0;)
        if (!((SvPerson *)g_ptr_array_index(h->people, i))->in_card)
            g_ptr_array_remove_index(h->people, i);
}

/* ---- zone ---- */

static gint32 usual_offset(const SvHistory *h)
{
    g_autoptr(GHashTable) votes = g_hash_table_new(NULL, NULL);
    guint best = 0;
    gint32 offset = 0;
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(h->messages, i);
        if (m->channel == SV_CHANNEL_EMAIL)
            g_hash_table_insert(votes, GINT_TO_POINTER(m->at.offset_s),
                GUINT_TO_POINTER(
                    GPOINTER_TO_UINT(g_hash_table_lookup(votes, GINT_TO_POINTER(m->at.offset_s))) + 1));
    }
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, votes);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        guint n = GPOINTER_TO_UINT(value);
        if (n > best || (n == best && GPOINTER_TO_INT(key) > offset)) {
            best = n;
            offset = GPOINTER_TO_INT(key);
        }
    }
    return offset;
}

/* Without a card, times that were written without a zone are taken as the zone most letters come from. */
static void infer_zone(SvHistory *h, SvReport *report)
{
    if (h->zone)
        return;
    gint32 offset = usual_offset(h);
    if (!offset || ABS(offset) > 18 * 3600)
        return;
    for (guint i = 0; i < h->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        gboolean local = m->channel == SV_CHANNEL_WHATSAPP || m->channel == SV_CHANNEL_NOTE ||
                         m->channel == SV_CHANNEL_DEAL;
        if (!local || m->at.offset_s)
            continue;
        m->at.unix_s -= offset;
        m->at.offset_s = offset;
    }
    h->zone = g_time_zone_new_offset(offset);
    h->zone_inferred = TRUE;
    if (report)
        sv_report_note(report, "times without a zone are taken as %c%02d:%02d, as in most letters",
            offset < 0 ? '-' : '+', ABS(offset) / 3600, ABS(offset) / 60 % 60);
}

/* ---- order ---- */

static int compare_raw(const SvRaw *a, const SvRaw *b)
{
    int c = memcmp(a->bytes ? a->bytes : "", b->bytes ? b->bytes : "", MIN(a->len, b->len));
    return c ? c : (a->len > b->len) - (a->len < b->len);
}

static int compare_messages(gconstpointer pa, gconstpointer pb)
{
    const SvMessage *a = *(const SvMessage *const *)pa, *b = *(const SvMessage *const *)pb;
    if (a->at.unix_s != b->at.unix_s)
        return a->at.unix_s < b->at.unix_s ? -1 : 1;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    /* lines of one chat export stand as they were said */
    if (a->channel == SV_CHANNEL_WHATSAPP && a->place && b->place && g_strcmp0(a->file, b->file) == 0) {
        gsize la = strlen(a->place), lb = strlen(b->place);
        int c = la != lb ? (la < lb ? -1 : 1) : strcmp(a->place, b->place);
        if (c)
            return c;
    }
    int c = g_strcmp0(a->id, b->id);
    if (!c)
        c = (int)(a->flags & SV_MESSAGE_FORWARD_PART) - (int)(b->flags & SV_MESSAGE_FORWARD_PART);
    if (!c)
        c = compare_raw(&a->body, &b->body);
    return c ? c : g_strcmp0(a->file, b->file);
}

/* ---- cleaning ---- */

static SvRaw trimmed(const SvRaw *raw)
{
    const char *s = raw->bytes ? raw->bytes : "";
    gsize n = raw->len;
    while (n && g_ascii_isspace(*s)) {
        s++;
        n--;
    }
    while (n && g_ascii_isspace(s[n - 1]))
        n--;
    return sv_raw_new(s, (gssize)n);
}

static SvRaw deal_text(const SvMessage *m)
{
    const SvDealChange *d = m->deal;
    if (!d)
        return trimmed(&m->body);
    const char *parts[] = {d->deal_id, d->title, d->stage, d->amount_text, d->currency, d->reason};
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!parts[i] || !*parts[i])
            continue;
        if (s->len)
            g_string_append_c(s, ' ');
        g_string_append(s, parts[i]);
    }
    SvRaw raw = {s->str, s->len};
    g_string_free(s, FALSE);
    return raw;
}

/* What passes on another's text with own words becomes a second message. */
static SvMessage *forward_part(const SvMessage *m, const SvCleaned *c)
{
    if (!c->forwarded || c->pure_forward)
        return NULL;
    g_autofree char *text = sv_cleaned_text(c, m->body.bytes, SV_PIECE_FORWARD);
    if (!*text)
        return NULL;
    SvMessage *part = sv_message_new(SV_CHANNEL_EMAIL);
    part->id = g_strdup(m->id);
    part->at = m->at;
    part->flags = (m->flags & (SV_MESSAGE_OUTGOING | SV_MESSAGE_INCOMING | SV_MESSAGE_CUT | SV_MESSAGE_BULK |
        SV_MESSAGE_AUTO)) | SV_MESSAGE_FORWARDED | SV_MESSAGE_FORWARD_PART;
    sv_address_free(part->from);
    part->from = sv_address_new(m->from->name, m->from->address);
    for (guint k = 0; k < 2; k++) {
        GPtrArray *from = k ? m->cc : m->to, *to = k ? part->cc : part->to;
        for (guint i = 0; i < from->len; i++) {
            const SvAddress *a = g_ptr_array_index(from, i);
            g_ptr_array_add(to, sv_address_new(a->name, a->address));
        }
    }
    part->subject = g_strdup(m->subject);
    part->in_reply_to = g_strdup(m->in_reply_to);
    for (guint i = 0; i < m->references->len; i++)
        g_ptr_array_add(part->references, g_strdup(g_ptr_array_index(m->references, i)));
    part->conversation = g_strdup(m->conversation);
    part->body = sv_raw_new(text, -1);
    part->own = sv_raw_new(text, -1);
    part->file = g_strdup(m->file);
    part->place = g_strdup(m->place);
    return part;
}

static void clean_email(Finish *f, SvMessage *m, SvPeople *card)
{
    const char *author = m->from->name;
    int known = sv_people_find(card, m->from->name, m->from->address);
    if (known >= 0 && (!author || !*author))
        author = sv_history_person(f->work.history, known)->name;
    gboolean reply, forward;
    g_free(sv_subject_bare(m->subject, &reply, &forward));
    SvCleanHint hint = forward ? SV_CLEAN_FORWARD : reply ? SV_CLEAN_REPLY : SV_CLEAN_PLAIN;
    const char *body = m->body.bytes ? m->body.bytes : "";
    SvCleaned *c = sv_clean_letter_hinted(body, m->body.len, author, hint);
    m->own = sv_raw_new(c->own, -1);
    if (c->pure_forward)
        m->flags |= SV_MESSAGE_FORWARDED;
    m->flags |= sv_clean_kind(m->subject, m->own.bytes, m->own.len);
    if (!reply && !forward && m->references->len == 0) {
        g_autofree char *footer = sv_cleaned_text(c, body, SV_PIECE_DISCLAIMER);
        m->flags |= sv_clean_kind(NULL, footer, strlen(footer)) & SV_MESSAGE_BULK;
    }
    g_ptr_array_add(f->cleaned, c);
}

static void clean_one(Finish *f, SvMessage *m, SvPeople *card)
{
    const char *body = m->body.bytes ? m->body.bytes : "";
    switch (m->channel) {
    case SV_CHANNEL_EMAIL:
        clean_email(f, m, card);
        return;
    case SV_CHANNEL_WHATSAPP:
    case SV_CHANNEL_TELEGRAM:
        m->own = sv_clean_chat(body, m->body.len, &m->flags);
        if (!m->from->address && !(m->flags & SV_MESSAGE_SYSTEM) &&
            sv_clean_is_system(m->own.bytes, m->own.len))
            m->flags |= SV_MESSAGE_SYSTEM;
        break;
    case SV_CHANNEL_CALL:
        m->own = sv_raw_new(body, (gssize)m->body.len);
        break;
    case SV_CHANNEL_DEAL:
        m->own = deal_text(m);
        break;
    default:
        m->own = trimmed(&m->body);
    }
    g_ptr_array_add(f->cleaned, NULL);
}

static void clean_all(Finish *f)
{
    SvHistory *h = f->work.history;
    g_autoptr(SvPeople) card = sv_people_new(h);
    guint n = h->messages->len;
    for (guint i = 0; i < n; i++)
        clean_one(f, g_ptr_array_index(h->messages, i), card);
    /* parts come right after their letters, so that cleaned results keep their places */
    GPtrArray *all = g_ptr_array_new_full(n, (GDestroyNotify)sv_message_free);
    GPtrArray *cleaned = g_ptr_array_new_with_free_func((GDestroyNotify)sv_cleaned_free);
    for (guint i = 0; i < n; i++) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        SvCleaned *c = g_ptr_array_index(f->cleaned, i);
        g_ptr_array_add(all, m);
        g_ptr_array_add(cleaned, c);
        SvMessage *part = c ? forward_part(m, c) : NULL;
        if (!part)
            continue;
        g_ptr_array_add(all, part);
        SvCleaned *copy = g_new0(SvCleaned, 1);
        copy->pieces = g_array_new(FALSE, FALSE, sizeof(SvPiece));
        copy->forwarded = g_steal_pointer(&c->forwarded);
        g_ptr_array_add(cleaned, copy);
    }
    g_ptr_array_set_free_func(h->messages, NULL);
    g_ptr_array_unref(h->messages);
    h->messages = all;
    g_ptr_array_set_free_func(f->cleaned, NULL);
    g_ptr_array_unref(f->cleaned);
    f->cleaned = cleaned;
}

/* ---- people ---- */

static void take_strong(SvPeople *people, const SvAddress *a)
{
    if (a && sv_people_is_strong(a->name, a->address))
        sv_people_take(people, a->name, a->address);
}

static void take_all_strong(Finish *f)
{
    const SvHistory *h = f->work.history;
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(h->messages, i);
        if (m->flags & SV_MESSAGE_SYSTEM)
            continue;
        take_strong(f->work.people, m->from);
        for (guint k = 0; k < m->to->len; k++)
            take_strong(f->work.people, g_ptr_array_index(m->to, k));
        for (guint k = 0; k < m->cc->len; k++)
            take_strong(f->work.people, g_ptr_array_index(m->cc, k));
    }
}

static int take_address(SvPeople *people, const SvAddress *a)
{
    return a ? sv_people_take(people, a->name, a->address) : -1;
}

static void set_author(Finish *f, SvMessage *m, const SvCleaned *c)
{
    SvPeople *people = f->work.people;
    gboolean system = (m->flags & SV_MESSAGE_SYSTEM) != 0;
    m->author = system ? -1 : take_address(people, m->from);
    if (!c || !c->forwarded || !(m->flags & SV_MESSAGE_FORWARDED))
        return;
    m->forwarded_by = m->author;
    /* a forward that does not say whose text it holds is nobody's, not the forwarder's */
    m->author = take_address(people, c->forwarded);
}

static void map_turns(SvWork *w, guint i)
{
    SvMessage *m = sv_work_message(w, i);
    if (m->channel != SV_CHANNEL_CALL || !m->turns)
        return;
    for (guint t = 0; t < m->turns->len; t++) {
        SvTurn *turn = &g_array_index(m->turns, SvTurn, t);
        gboolean known = turn->speaker >= 0 && (guint)turn->speaker < m->to->len;
        turn->speaker = known ? g_array_index(w->parts, int, w->part_from[i] + 1 + (guint)turn->speaker) : -1;
    }
}

static void take_people(Finish *f)
{
    SvWork *w = &f->work;
    take_all_strong(f);
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        w->part_from[i] = w->parts->len;
        set_author(f, m, g_ptr_array_index(f->cleaned, i));
        int first = m->forwarded_by >= 0 ? m->forwarded_by : m->author;
        g_array_append_val(w->parts, first);
        for (guint k = 0; k < m->to->len + m->cc->len; k++) {
            const SvAddress *a =
                k < m->to->len ? g_ptr_array_index(m->to, k) : g_ptr_array_index(m->cc, k - m->to->len);
            int person = take_address(w->people, a);
            g_array_append_val(w->parts, person);
        }
        w->part_from[i + 1] = w->parts->len;
        map_turns(w, i);
    }
}

/* What signatures tell of their writers, where it is the writer's own signature. */
static void harvest(Finish *f)
{
    SvWork *w = &f->work;
    for (guint i = 0; i < w->history->messages->len; i++) {
        const SvMessage *m = sv_work_message(w, i);
        SvCleaned *c = g_ptr_array_index(f->cleaned, i);
        gboolean own =
            c && m->author >= 0 && !(m->flags & (SV_MESSAGE_FORWARDED | SV_MESSAGE_BULK | SV_MESSAGE_AUTO));
        if (own)
            sv_people_harvest(w->people, m->author, c->signature_role, c->signature_phone);
        g_ptr_array_add(w->companies, own ? c->signature_company : NULL);
    }
}

static void hash_texts(SvWork *w)
{
    for (guint i = 0; i < w->history->messages->len; i++) {
        const SvMessage *m = sv_work_message(w, i);
        w->hash[i] = sv_text_hash(m->own.bytes ? m->own.bytes : "", m->own.len, &w->weight[i]);
    }
}

void sv_history_finish(SvHistory *h, SvReport *report)
{
    take_back(h);
    infer_zone(h, report);
    g_ptr_array_sort(h->messages, compare_messages);
    Finish f = {
        .work.history = h, .cleaned = g_ptr_array_new_with_free_func((GDestroyNotify)sv_cleaned_free)};
    clean_all(&f);
    SvWork *w = &f.work;
    guint n = h->messages->len;
    w->people = sv_people_new(h);
    w->parts = g_array_new(FALSE, FALSE, sizeof(int));
    w->part_from = g_new0(guint, n + 1);
    w->hash = g_new0(guint64, n + 1);
    w->weight = g_new0(guint32, n + 1);
    w->companies = g_ptr_array_new();
    take_people(&f);
    harvest(&f);
    hash_texts(w);
    sv_sides_infer(w);
    sv_threads_set(w);
    sv_duplicates_find(w);
    sv_names_infer(w);
    sv_people_free(w->people);
    g_array_unref(w->parts);
    g_free(w->part_from);
    g_free(w->hash);
    g_free(w->weight);
    g_ptr_array_unref(w->companies);
    g_ptr_array_unref(f.cleaned);
}
