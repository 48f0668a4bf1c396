/* The door from raw to masked text: see redact.h.
 *
 * A text is cut once (scan.c), every finder adds its hits, the hits are put in order and made disjoint, and
 * the text is written again with placeholders. A hit never holds a line break: a call keeps one line a turn,
 * and the spans of its turns are moved along.
 *
 * Privileged talk. A message that says itself that it is privileged is left out, whoever wrote it (a client's
 * letter from its lawyers sent to us by mistake too). Weaker evidence (a bare «конфиденциально», a lawyer's
 * name with advice) counts only where no client takes part: a client's threat with a lawyer is business. From
 * a privileged letter on, the letters of its thread are left out as long as everybody in them is of our side
 * or took part in the privileged one; when the client took part in it, it alone is left out, so that no
 * letter that the client has seen is lost.
 *
 * What it does not do: names stay (they are what a summary speaks of); business telephones, mail and office
 * addresses stay. */
#include "find.h"
#include <string.h>

static const struct {
    const char *name, *ru, *en;
} kinds[SV_PII_N] = {
    [SV_PII_PASSPORT] = {"passport", "[паспорт]", "[passport]"},
    [SV_PII_NATIONAL_ID] = {"national-id", "[ИИН]", "[ID number]"},
    [SV_PII_TAX_ID] = {"tax-id", "[ИНН]", "[tax number]"},
    [SV_PII_CARD] = {"card", "[карта]", "[card number]"},
    [SV_PII_ACCOUNT] = {"account", "[счёт]", "[account]"},
    [SV_PII_ADDRESS] = {"address", "[адрес]", "[address]"},
    [SV_PII_HEALTH] = {"health", "[здоровье]", "[health]"},
    [SV_PII_BIRTH] = {"birth", "[дата рождения]", "[date of birth]"},
    [SV_PII_SECRET] = {"secret", "[пароль]", "[password]"},
    [SV_PII_PHONE] = {"phone", "[телефон]", "[phone]"},
    [SV_PII_SNILS] = {"snils", "[СНИЛС]", "[pension number]"},
    [SV_PII_DOCUMENT] = {"document", "[документ]", "[document]"},
};

const char *sv_pii_name(SvPiiKind kind)
{
    return kind < SV_PII_N ? kinds[kind].name : "";
}

static gint by_place(gconstpointer a, gconstpointer b)
{
    const SvPii *x = a, *y = b;
    if (x->span.from != y->span.from)
        return x->span.from < y->span.from ? -1 : 1;
    return x->span.to > y->span.to ? -1 : x->span.to < y->span.to;
}

/* Adds a hit without its line breaks. */
static void add_lines(GArray *out, const char *text, SvPii hit)
{
    guint32 from = hit.span.from;
    for (guint32 i = from; i <= hit.span.to; i++) {
        if (i < hit.span.to && text[i] != '\n')
            continue;
        guint32 a = from, b = i;
        while (a < b && g_ascii_isspace(text[a]))
            a++;
        while (b > a && g_ascii_isspace(text[b - 1]))
            b--;
        if (b > a) {
            SvPii part = {{a, b}, hit.kind};
            g_array_append_val(out, part);
        }
        from = i + 1;
    }
}

/* Nothing but a comma or white space between two hits of one kind? */
static gboolean is_joined(const char *text, const SvPii *a, const SvPii *b)
{
    if (a->kind != b->kind)
        return FALSE;
    for (guint32 i = a->span.to; i < b->span.from; i++)
        if (text[i] != ' ' && text[i] != ',')
            return FALSE;
    return b->span.from - a->span.to <= 3;
}

/* In order, disjoint: what overlaps is one hit of the kind that begins first. */
static GArray *settle(GArray *hits, const char *text)
{
    g_array_sort(hits, by_place);
    GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(SvPii), hits->len);
    for (guint i = 0; i < hits->len;) {
        SvPii hit = g_array_index(hits, SvPii, i++);
        while (i < hits->len) {
            const SvPii *next = &g_array_index(hits, SvPii, i);
            if (next->span.from >= hit.span.to &&
                !((hit.kind == SV_PII_CARD || hit.kind == SV_PII_HEALTH) && is_joined(text, &hit, next)))
                break;
            hit.span.to = MAX(hit.span.to, next->span.to);
            i++;
        }
        add_lines(out, text, hit);
    }
    return out;
}

static GArray *find_in(const SvHistory *history, const SvScan *scan)
{
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SvPii));
    sv_find_numbers(scan, hits);
    sv_find_codes(scan, hits);
    sv_find_addresses(scan, hits);
    sv_find_health(scan, hits);
    sv_find_secrets(scan, hits);
    sv_find_phones(scan, history, hits);
    return settle(hits, scan->text);
}

GArray *sv_redact_find(const SvHistory *history, const char *text, gsize len)
{
    g_autoptr(SvScan) scan = sv_scan_new(text, len);
    return find_in(history, scan);
}

static SvMasked write_masked(const char *text, gsize len, const GArray *hits, const char *language)
{
    gboolean en = g_strcmp0(language, "en") == 0;
    GString *s = g_string_sized_new(len + 16);
    gsize at = 0;
    for (guint i = 0; i < hits->len; i++) {
        const SvPii *hit = &g_array_index(hits, SvPii, i);
        g_string_append_len(s, text + at, (gssize)(hit->span.from - at));
        g_string_append(s, en ? kinds[hit->kind].en : kinds[hit->kind].ru);
        at = hit->span.to;
    }
    g_string_append_len(s, text + at, (gssize)(len - at));
    SvMasked masked = {.len = s->len};
    masked.bytes = g_string_free(s, FALSE);
    return masked;
}

SvMasked sv_redact_text(const SvHistory *history, SvRaw raw, const char *language, guint *n_masked)
{
    const char *text = raw.bytes ? raw.bytes : "";
    g_autoptr(GArray) hits = sv_redact_find(history, text, raw.bytes ? raw.len : 0);
    if (n_masked)
        *n_masked = hits->len;
    return write_masked(text, raw.bytes ? raw.len : 0, hits, language);
}

/* Moves the spans of turns from the raw text to the masked one. Both turns and hits are in order. */
static void move_turns(GArray *turns, const GArray *hits, gsize raw_len, const char *language)
{
    gboolean en = g_strcmp0(language, "en") == 0;
    guint next = 0;
    gint64 shift = 0;
    for (guint i = 0; i < turns->len; i++) {
        SvTurn *turn = &g_array_index(turns, SvTurn, i);
        guint32 *ends[] = {&turn->span.from, &turn->span.to};
        for (guint k = 0; k < 2; k++) {
            guint32 at = MIN(*ends[k], (guint32)raw_len);
            while (next < hits->len && g_array_index(hits, SvPii, next).span.to <= at) {
                const SvPii *hit = &g_array_index(hits, SvPii, next++);
                shift += (gint64)strlen(en ? kinds[hit->kind].en : kinds[hit->kind].ru) -
                         (hit->span.to - hit->span.from);
            }
            gint64 moved = at;
            if (next < hits->len && g_array_index(hits, SvPii, next).span.from < at)
                moved = g_array_index(hits, SvPii, next).span.from;
            *ends[k] = (guint32)MAX(moved + shift, 0);
        }
    }
}

/* Masks a message whose own text was cut into `scan`. */
static void mask_message(const SvHistory *history, SvMessage *m, const SvScan *scan, const char *language)
{
    const char *text = scan->text;
    gsize len = m->own.bytes ? m->own.len : 0;
    g_autoptr(GArray) hits = find_in(history, scan);
    m->text = write_masked(text, len, hits, language);
    m->n_masked = hits->len;
    if (m->turns)
        move_turns(m->turns, hits, len, language);
    if (m->subject) {
        guint n = 0;
        SvRaw subject = {m->subject, strlen(m->subject)};
        m->title = sv_redact_text(history, subject, language, &n);
        m->n_masked += n;
    }
    char **fields[] = {m->deal ? &m->deal->title : NULL, m->deal ? &m->deal->reason : NULL};
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!fields[i] || !*fields[i])
            continue;
        SvRaw raw = {*fields[i], strlen(*fields[i])};
        SvMasked masked = sv_redact_text(history, raw, language, NULL);
        g_free(*fields[i]);
        *fields[i] = masked.bytes;
    }
    m->orders = hits->len ? sv_redact_find_orders(m->text.bytes, m->text.len) : sv_find_orders(scan);
}

/* Leaves the text of a message out; what stays is that there was one. */
static void exclude(SvMessage *m)
{
    m->excluded = TRUE;
    m->text = (SvMasked){g_strdup(""), 0};
    m->orders = g_array_new(FALSE, FALSE, sizeof(SvSpan));
    if (m->turns)
        g_array_set_size(m->turns, 0);
}

/* Keys of everybody in a message: "#7" of a known person, else the folded address or name. */
typedef struct {
    const SvHistory *history;
    GHashTable *people; /* address or name → index + 1 */
} Directory;

static void directory_init(Directory *d, const SvHistory *h)
{
    d->history = h;
    d->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < h->people->len; i++) {
        const SvPerson *p = g_ptr_array_index(h->people, i);
        GPtrArray *lists[] = {p->emails, p->phones, p->aliases};
        for (guint k = 0; k < G_N_ELEMENTS(lists); k++)
            for (guint j = 0; j < lists[k]->len; j++)
                g_hash_table_insert(
                    d->people, g_utf8_strdown(g_ptr_array_index(lists[k], j), -1), GUINT_TO_POINTER(i + 1));
        if (p->name)
            g_hash_table_insert(d->people, g_utf8_strdown(p->name, -1), GUINT_TO_POINTER(i + 1));
    }
}

/* The person behind an address; *key (newly allocated) names him also when he is unknown. */
static int find_person(const Directory *d, const SvAddress *a, char **key)
{
    const char *names[] = {a->address, a->name};
    for (guint i = 0; i < 2; i++) {
        if (!names[i])
            continue;
        g_autofree char *folded = g_utf8_strdown(names[i], -1);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(d->people, folded));
        if (index) {
            *key = g_strdup_printf("#%u", index - 1);
            return (int)index - 1;
        }
    }
    *key = g_utf8_strdown(a->address ? a->address : a->name ? a->name : "", -1);
    return -1;
}

typedef void (*EachPerson)(SvSide side, const char *key, gpointer data);

static void each_person(const Directory *d, const SvMessage *m, EachPerson each, gpointer data)
{
    if (m->author >= 0 && m->forwarded_by < 0) {
        g_autofree char *key = g_strdup_printf("#%d", m->author);
        each(sv_history_side(d->history, m->author), key, data);
    } else {
        g_autofree char *key = NULL;
        int index = find_person(d, m->from, &key);
        each(index >= 0 ? sv_history_side(d->history, index) : m->from->side, key, data);
    }
    GPtrArray *lists[] = {m->to, m->cc};
    for (guint k = 0; k < 2; k++)
        for (guint i = 0; i < lists[k]->len; i++) {
            const SvAddress *a = g_ptr_array_index(lists[k], i);
            g_autofree char *key = NULL;
            int index = find_person(d, a, &key);
            each(index >= 0 ? sv_history_side(d->history, index) : a->side, key, data);
        }
}

static void note_client(SvSide side, const char *key, gpointer data)
{
    *(gboolean *)data |= side == SV_SIDE_CLIENT;
}

static void note_member(SvSide side, const char *key, gpointer data)
{
    g_hash_table_add(data, g_strdup(key));
}

typedef struct {
    GHashTable *members;
    gboolean foreign;
} Company;

static void note_foreign(SvSide side, const char *key, gpointer data)
{
    Company *c = data;
    c->foreign |= side != SV_SIDE_US && !g_hash_table_contains(c->members, key);
}

/* A chat with the client has no addressees: whoever wrote, the client reads it. A note or a deal is ours
 * alone. */
static gboolean has_client(const Directory *d, const SvMessage *m)
{
    if (m->channel == SV_CHANNEL_NOTE || m->channel == SV_CHANNEL_DEAL)
        return FALSE;
    if (m->channel == SV_CHANNEL_WHATSAPP || m->channel == SV_CHANNEL_TELEGRAM)
        return TRUE;
    gboolean client = FALSE;
    each_person(d, m, note_client, &client);
    return client;
}

static gboolean says_privileged(const Directory *d, const SvMessage *m, const SvScan *scan)
{
    SvPrivilege p = sv_find_privilege(m->subject, scan);
    return p == SV_PRIVILEGE_MARKED || (p == SV_PRIVILEGE_ADVICE && !has_client(d, m));
}

static GHashTable *members_of(const Directory *d, const SvMessage *m)
{
    GHashTable *members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    each_person(d, m, note_member, members);
    return members;
}

/* Is a message left out? `threads` has who took part in a thread's first privileged letter; messages must
 * come in order of time. */
static gboolean is_left_out(const Directory *d, GHashTable *threads, const SvMessage *m, const SvScan *scan)
{
    gboolean letter = m->channel == SV_CHANNEL_EMAIL && m->thread;
    gboolean privileged = says_privileged(d, m, scan);
    GHashTable *members = letter ? g_hash_table_lookup(threads, m->thread) : NULL;
    if (!privileged && members) {
        Company c = {members, FALSE};
        each_person(d, m, note_foreign, &c);
        privileged = !c.foreign;
    }
    if (privileged && letter && !members && !has_client(d, m))
        g_hash_table_insert(threads, m->thread, members_of(d, m));
    return privileged;
}

void sv_redact_history(SvHistory *history)
{
    const char *language = history->language ? history->language : "ru";
    Directory d;
    directory_init(&d, history);
    g_autoptr(GHashTable) threads =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref);
    for (guint i = 0; i < history->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(history->messages, i);
        g_autoptr(SvScan) scan = sv_scan_new(m->own.bytes ? m->own.bytes : "", m->own.bytes ? m->own.len : 0);
        if (is_left_out(&d, threads, m, scan))
            exclude(m);
        else
            mask_message(history, m, scan, language);
    }
    g_hash_table_unref(d.people);
}
