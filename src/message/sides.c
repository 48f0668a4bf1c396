/* Sides of people: see history.h and work.h.
 *
 * People of one company domain are one party; people without one (gmail.com, phones, handles) are parties of
 * their own. With a card a party is on the side of the card's people in it, and a foreign company is a third.
 * Without one, evidence says which party is "us": who writes notes and deals, who the sources say sent or got
 * a message, what sellers and buyers say; failing all, the owner of the mailbox is whoever takes part in most
 * letters. The client is the party that most of the rest is with. Those without a company then go to the side
 * that their conversations lack. Everything is counted over the whole history, so the order of messages does
 * not matter. */
#include "work.h"
#include <string.h>
#include "language.h"
#include "phrases.h"

typedef struct {
    const char *domain; /* NULL: a person without a company */
    int first;          /* a person of it */
    SvSide side;
    gint us;            /* evidence: above 0 us, below 0 the client */
    guint written, shared; /* messages written, messages taken part in */
    guint last_seen;    /* message + 1, so that a party counts once a message */
} Party;

typedef struct {
    SvWork *work;
    GArray *parties; /* Party */
    guint *of;       /* person → party */
} Sides;

static Party *party_of(Sides *s, int person)
{
    return &g_array_index(s->parties, Party, s->of[person]);
}

static const char *company_domain(const SvPerson *p)
{
    for (guint i = 0; i < p->emails->len; i++) {
        const char *d = sv_domain_of(g_ptr_array_index(p->emails, i));
        if (d && !sv_domain_is_public(d))
            return d;
    }
    return NULL;
}

static void make_parties(Sides *s)
{
    g_autoptr(GHashTable) domains = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *people = s->work->history->people;
    for (guint i = 0; i < people->len; i++) {
        const char *d = company_domain(g_ptr_array_index(people, i));
        guint known = d ? GPOINTER_TO_UINT(g_hash_table_lookup(domains, d)) : 0;
        if (!known) {
            Party party = {.domain = d, .first = (int)i};
            g_array_append_val(s->parties, party);
            known = s->parties->len;
            if (d)
                g_hash_table_insert(domains, (gpointer)d, GUINT_TO_POINTER(known));
        }
        s->of[i] = known - 1;
    }
}

/* The card's people place their company, unless the card has it on both sides. */
static gboolean place_by_card(Sides *s)
{
    gboolean us = FALSE, client = FALSE;
    const GPtrArray *people = s->work->history->people;
    for (guint i = 0; i < people->len; i++) {
        const SvPerson *p = g_ptr_array_index(people, i);
        if (!p->in_card || p->side == SV_SIDE_UNKNOWN)
            continue;
        us |= p->side == SV_SIDE_US;
        client |= p->side == SV_SIDE_CLIENT;
        Party *party = party_of(s, (int)i);
        if (party->side == SV_SIDE_UNKNOWN)
            party->side = p->side;
        else if (party->side != p->side)
            party->side = SV_SIDE_THIRD; /* settled person by person below */
    }
    return us && client;
}

/* ---- evidence ---- */

enum { SELLER, BUYER };

static gint seller_words(const SvMessage *m)
{
    static const SvPhrases *p;
    static const char *const classes[] = {"seller", "buyer", NULL};
    if (g_once_init_enter(&p))
        g_once_init_leave(&p, sv_phrases_load("seller.tsv", classes));
    if (!m->own.bytes || !m->own.len)
        return 0;
    g_autoptr(GString) f = g_string_new(NULL);
    sv_phrases_fold(m->own.bytes, MIN(m->own.len, 1500), f);
    gint n = sv_phrases_any(p, 1u << SELLER, f->str, f->len, NULL) >= 0;
    return n - (sv_phrases_any(p, 1u << BUYER, f->str, f->len, NULL) >= 0);
}

static void weigh_call(Sides *s, SvMessage *m, guint i)
{
    const guint *from = s->work->part_from;
    for (guint k = 0; k < m->to->len && from[i] + 1 + k < from[i + 1]; k++) {
        const SvAddress *a = g_ptr_array_index(m->to, k);
        int person = g_array_index(s->work->parts, int, from[i] + 1 + k);
        if (person < 0 || a->side == SV_SIDE_UNKNOWN)
            continue;
        Party *party = party_of(s, person);
        party->us += a->side == SV_SIDE_US ? 50 : a->side == SV_SIDE_CLIENT ? -50 : 0;
        if (a->side == SV_SIDE_THIRD && party->side == SV_SIDE_UNKNOWN)
            party->side = SV_SIDE_THIRD;
    }
}

static void weigh(Sides *s, gboolean words)
{
    const SvWork *w = s->work;
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        for (guint k = w->part_from[i]; k < w->part_from[i + 1]; k++) {
            int person = g_array_index(w->parts, int, k);
            Party *party = person >= 0 ? party_of(s, person) : NULL;
            if (!party || party->last_seen == i + 1)
                continue;
            party->last_seen = i + 1;
            party->shared++;
        }
        if (m->channel == SV_CHANNEL_CALL)
            weigh_call(s, m, i);
        if (m->author < 0 || (m->flags & (SV_MESSAGE_SYSTEM | SV_MESSAGE_FORWARDED)))
            continue;
        Party *party = party_of(s, m->author);
        party->written++;
        if (m->channel == SV_CHANNEL_NOTE || m->channel == SV_CHANNEL_DEAL)
            party->us += 5;
        party->us += m->flags & SV_MESSAGE_OUTGOING ? 3 : m->flags & SV_MESSAGE_INCOMING ? -3 : 0;
        if (words && !(m->flags & (SV_MESSAGE_BULK | SV_MESSAGE_AUTO)))
            party->us += seller_words(m);
    }
}

/* ---- choosing without a card ---- */

static int pick(
    Sides *s, gboolean (*better)(const Party *a, const Party *b), gboolean (*fits)(const Party *p))
{
    int best = -1;
    for (guint i = 0; i < s->parties->len; i++) {
        const Party *p = &g_array_index(s->parties, Party, i);
        if (p->side != SV_SIDE_UNKNOWN || !fits(p))
            continue;
        if (best < 0 || better(p, &g_array_index(s->parties, Party, best)))
            best = (int)i;
    }
    return best;
}

static gboolean more_us(const Party *a, const Party *b)
{
    return a->us != b->us ? a->us > b->us : a->shared > b->shared;
}

static gboolean more_shared(const Party *a, const Party *b)
{
    if ((a->domain != NULL) != (b->domain != NULL))
        return a->domain != NULL;
    return a->shared > b->shared;
}

static gboolean more_client(const Party *a, const Party *b)
{
    if ((a->us < -20) != (b->us < -20))
        return a->us < -20;
    return a->written != b->written ? a->written > b->written : a->shared > b->shared;
}

static gboolean says_us(const Party *p)
{
    return p->us > 0;
}

static gboolean not_client(const Party *p)
{
    return p->us >= 0 && p->shared > 0;
}

static gboolean took_part(const Party *p)
{
    return p->shared > 0;
}

static void choose(Sides *s)
{
    int us = pick(s, more_us, says_us);
    if (us < 0)
        us = pick(s, more_shared, not_client);
    if (us >= 0)
        g_array_index(s->parties, Party, us).side = SV_SIDE_US;
    int client = pick(s, more_client, took_part);
    if (client >= 0)
        g_array_index(s->parties, Party, client).side = SV_SIDE_CLIENT;
}

/* ---- the rest ---- */

static void place_rest(Sides *s)
{
    for (guint i = 0; i < s->parties->len; i++) {
        Party *p = &g_array_index(s->parties, Party, i);
        if (p->side != SV_SIDE_UNKNOWN)
            continue;
        if (p->us >= 5)
            p->side = SV_SIDE_US;
        else if (p->us <= -20)
            p->side = SV_SIDE_CLIENT;
        else if (p->domain)
            p->side = SV_SIDE_THIRD;
    }
}

static SvSide side_of(Sides *s, int person)
{
    const SvPerson *p = sv_work_person(s->work, person);
    return p->side != SV_SIDE_UNKNOWN ? p->side : party_of(s, person)->side;
}

/* People without a company: in each talk that has one side only, the others are the other side. */
static void place_by_talk(Sides *s)
{
    SvWork *w = s->work;
    guint n = w->history->people->len;
    g_autofree gint *votes = g_new0(gint, n + 1);
    for (guint i = 0; i < w->history->messages->len; i++) {
        gboolean us = FALSE, client = FALSE;
        for (guint k = w->part_from[i]; k < w->part_from[i + 1]; k++) {
            int person = g_array_index(w->parts, int, k);
            SvSide side = person >= 0 ? side_of(s, person) : SV_SIDE_UNKNOWN;
            us |= side == SV_SIDE_US;
            client |= side == SV_SIDE_CLIENT;
        }
        for (guint k = w->part_from[i]; k < w->part_from[i + 1] && us != client; k++) {
            int person = g_array_index(w->parts, int, k);
            if (person >= 0 && side_of(s, person) == SV_SIDE_UNKNOWN)
                votes[person] += us ? -1 : 1;
        }
    }
    for (guint i = 0; i < n; i++) {
        SvPerson *p = sv_work_person(w, (int)i);
        if (p->side == SV_SIDE_UNKNOWN && party_of(s, (int)i)->side == SV_SIDE_UNKNOWN && votes[i])
            p->side = votes[i] > 0 ? SV_SIDE_US : SV_SIDE_CLIENT;
    }
}

static void free_talk(gpointer data)
{
    g_array_unref(data);
}

/* The same over whole chats, whose messages name only their writer. */
static void place_by_chat(Sides *s)
{
    SvWork *w = s->work;
    g_autoptr(GHashTable) chats = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_talk);
    for (guint i = 0; i < w->history->messages->len; i++) {
        SvMessage *m = sv_work_message(w, i);
        gboolean chat = m->channel == SV_CHANNEL_WHATSAPP || m->channel == SV_CHANNEL_TELEGRAM;
        if (!chat || !m->conversation || m->author < 0 || (m->flags & SV_MESSAGE_FORWARDED))
            continue;
        GArray *talk = g_hash_table_lookup(chats, m->conversation);
        if (!talk) {
            talk = g_array_new(FALSE, FALSE, sizeof(int));
            g_hash_table_insert(chats, m->conversation, talk);
        }
        gboolean there = FALSE;
        for (guint k = 0; k < talk->len && k < 64; k++)
            there |= g_array_index(talk, int, k) == m->author;
        if (!there && talk->len < 64)
            g_array_append_val(talk, m->author);
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, chats);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const GArray *talk = value;
        gboolean us = FALSE, client = FALSE;
        for (guint k = 0; k < talk->len; k++) {
            SvSide side = party_of(s, g_array_index(talk, int, k))->side;
            us |= side == SV_SIDE_US;
            client |= side == SV_SIDE_CLIENT;
        }
        for (guint k = 0; k < talk->len && us != client; k++) {
            SvPerson *p = sv_work_person(w, g_array_index(talk, int, k));
            if (p->side == SV_SIDE_UNKNOWN &&
                party_of(s, g_array_index(talk, int, k))->side == SV_SIDE_UNKNOWN)
                p->side = us ? SV_SIDE_CLIENT : SV_SIDE_US;
        }
    }
}

void sv_sides_infer(SvWork *w)
{
    guint n = w->history->people->len;
    Sides s = {.work = w, .parties = g_array_new(FALSE, TRUE, sizeof(Party)), .of = g_new0(guint, n + 1)};
    make_parties(&s);
    gboolean card = place_by_card(&s);
    weigh(&s, !card);
    if (!card) {
        w->history->sides_inferred = TRUE;
        gboolean have_us = FALSE;
        for (guint i = 0; i < s.parties->len; i++)
            have_us |= g_array_index(s.parties, Party, i).side == SV_SIDE_US;
        if (have_us) {
            int client = pick(&s, more_client, took_part);
            if (client >= 0)
                g_array_index(s.parties, Party, client).side = SV_SIDE_CLIENT;
        } else {
            choose(&s);
        }
    } else {
        w->history->sides_inferred = FALSE;
    }
    place_rest(&s);
    place_by_chat(&s);
    place_by_talk(&s);
    for (guint i = 0; i < n; i++) {
        SvPerson *p = sv_work_person(w, (int)i);
        if (p->side == SV_SIDE_UNKNOWN)
            p->side = party_of(&s, (int)i)->side;
        /* known from what others passed on and from nothing else */
        if (p->side == SV_SIDE_UNKNOWN && !p->in_card && !party_of(&s, (int)i)->shared)
            p->side = SV_SIDE_THIRD;
    }
    g_array_unref(s.parties);
    g_free(s.of);
}

/* ---- name and language of the client ---- */

static void count(GHashTable *table, const char *name, guint n)
{
    if (!name || !*name)
        return;
    guint old = GPOINTER_TO_UINT(g_hash_table_lookup(table, name));
    g_hash_table_insert(table, (gpointer)name, GUINT_TO_POINTER(old + n));
}

static char *most_frequent(GHashTable *table)
{
    GHashTableIter iter;
    gpointer key, value;
    const char *best = NULL;
    guint n = 0;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        guint k = GPOINTER_TO_UINT(value);
        if (k > n || (k == n && best && strcmp(key, best) < 0)) {
            best = key;
            n = k;
        }
    }
    return g_strdup(best);
}

static char *client_name(const SvWork *w)
{
    g_autoptr(GHashTable) companies = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) domains = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < w->history->messages->len; i++) {
        const SvMessage *m = sv_work_message(w, i);
        if (m->author < 0 || sv_work_person(w, m->author)->side != SV_SIDE_CLIENT)
            continue;
        const SvPerson *p = sv_work_person(w, m->author);
        count(companies, g_ptr_array_index(w->companies, i), 1);
        count(domains, company_domain(p), 1);
        count(names, p->name, 1);
    }
    char *name = most_frequent(companies);
    if (!name)
        name = most_frequent(domains);
    return name ? name : most_frequent(names);
}

void sv_names_infer(SvWork *w)
{
    SvHistory *h = w->history;
    if (!h->client_name)
        h->client_name = client_name(w);
    if (h->language)
        return;
    gint64 ru = 0;
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = sv_work_message(w, i);
        gsize n = MIN(m->own.len, 2000);
        if (n)
            ru += (sv_lang_guess(m->own.bytes, n) == SV_LANG_RU ? 1 : -1) * (gint64)n;
    }
    h->language = g_strdup(ru >= 0 ? "ru" : "en");
}
