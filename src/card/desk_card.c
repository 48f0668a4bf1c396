/* The card's head, its people, and what is drawn as charts: see desk.h. */
#include "work.h"
#include "error.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MONTHS_MOST 24
#define AWAY_DAYS 7 /* whoever was away for longer is shown the page, not the brief */

typedef struct {
    int person;
    guint messages;
    gint64 last;
} Met;

static int by_last(gconstpointer a, gconstpointer b)
{
    const Met *x = a, *y = b;
    if (x->last != y->last)
        return x->last < y->last ? 1 : -1;
    return x->person - y->person;
}

static void add_list(cJSON *object, const char *name, const GPtrArray *texts)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);
    for (guint i = 0; texts && i < texts->len; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(texts->pdata[i]));
}

static GArray *meet(const SvHistory *history)
{
    GArray *met = g_array_sized_new(FALSE, TRUE, sizeof(Met), history->people->len);
    g_array_set_size(met, history->people->len);
    for (guint i = 0; i < met->len; i++)
        g_array_index(met, Met, i).person = (int)i;
    for (guint i = 0; i < history->messages->len; i++) {
        const SvMessage *m = history->messages->pdata[i];
        if (m->author < 0 || (guint)m->author >= met->len || m->duplicate_of >= 0)
            continue;
        g_array_index(met, Met, m->author).messages++;
        g_array_index(met, Met, m->author).last = m->at.unix_s;
    }
    g_array_sort(met, by_last);
    return met;
}

/* Private phones and addresses of people who are not the card's stay out, as they do everywhere. */
static void add_people(cJSON *document, const SvHistory *history)
{
    g_autoptr(GArray) met = meet(history);
    cJSON *list = cJSON_AddArrayToObject(document, "people");
    for (guint i = 0; i < met->len; i++) {
        const Met *who = &g_array_index(met, Met, i);
        const SvPerson *p = history->people->pdata[who->person];
        if (!p->in_card && (!who->messages || !p->name))
            continue;
        cJSON *object = cJSON_CreateObject();
        sv_json_add(object, "id", p->id);
        sv_json_add(object, "name", p->name);
        sv_json_add(object, "role", p->role);
        sv_json_add(object, "side", p->side == SV_SIDE_UNKNOWN ? NULL : sv_side_name(p->side));
        add_list(object, "emails", p->in_card ? p->emails : NULL);
        add_list(object, "phones", p->in_card ? p->phones : NULL);
        cJSON_AddNumberToObject(object, "messages", who->messages);
        sv_json_add_unix(object, "last", who->last, history->zone);
        cJSON_AddItemToArray(list, object);
    }
}

static gboolean last_visit(const SvAsk *ask, gint64 *at, GError **error)
{
    SvSql *sql = sv_db_sql(ask->db, "SELECT last FROM visit WHERE account_id=? AND client_id=?", error);
    sv_sql_int(sql, 1, ask->who->account);
    sv_sql_int(sql, 2, ask->client);
    return sv_sql_get_one(sql, 0, at, error);
}

static gboolean add_owner(cJSON *document, const SvAsk *ask, const SvClient *client, GError **error)
{
    SvSql *sql = sv_db_sql(
        ask->db, "SELECT (SELECT name FROM account WHERE id=?), (SELECT name FROM team WHERE id=?)", error);
    sv_sql_int(sql, 1, client->owner);
    sv_sql_int(sql, 2, client->team);
    if (sv_sql_next(sql, error) <= 0)
        return FALSE;
    if (sv_sql_is_null(sql, 0))
        cJSON_AddNullToObject(document, "owner");
    else {
        cJSON *owner = cJSON_AddObjectToObject(document, "owner");
        cJSON_AddNumberToObject(owner, "id", (double)client->owner);
        sv_json_add(owner, "name", sv_sql_get_text(sql, 0));
    }
    sv_json_add(document, "team", sv_sql_get_text(sql, 1));
    sv_sql_done(sql);
    return TRUE;
}

static void add_formats(cJSON *document, const SvDesk *desk, const SvAsk *ask, gint64 visited)
{
    SvLang lang = g_strcmp0(ask->who->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU;
    cJSON *list = cJSON_AddArrayToObject(document, "formats");
    for (const char *const *name = sv_formats_names(desk->formats); *name; name++) {
        cJSON *object = cJSON_CreateObject();
        sv_json_add(object, "id", *name);
        sv_json_add(object, "title", sv_formats_title(desk->formats, *name, lang));
        cJSON_AddItemToArray(list, object);
    }
    gboolean away = visited && ask->now - visited > AWAY_DAYS * 86400;
    sv_json_add(document, "proposed",
        sv_formats_propose(desk->formats, ask->who->role == SV_ROLE_SUPPORT ? "call"
                                          : away                            ? "return"
                                                                            : "card"));
}

char *sv_desk_card(SvDesk *desk, const SvAsk *ask, GError **error)
{
    g_auto(SvOpened) opened = {0};
    gint64 visited = 0;
    if (!sv_desk_open_client(desk, ask, FALSE, &opened, error) || !last_visit(ask, &visited, error))
        return NULL;
    g_autoptr(SvClient) client = sv_client_get(ask->db, ask->client, error);
    if (!client)
        return NULL;
    const SvHistory *history = opened.view->reading->history;
    const SvMessage *newest =
        history->messages->len ? history->messages->pdata[history->messages->len - 1] : NULL;
    g_autoptr(cJSON) document = cJSON_CreateObject();
    const char *name = *client->name ? client->name : client->external;
    g_autofree char *zone = history->zone ? g_strdup(g_time_zone_get_identifier(history->zone)) : NULL;
    cJSON_AddNumberToObject(document, "id", (double)client->id);
    sv_json_add(document, "external", client->external);
    sv_json_add(document, "name", name);
    sv_json_add(document, "language", history->language);
    sv_json_add(document, "timezone", zone);
    if (!add_owner(document, ask, client, error))
        return NULL;
    add_people(document, history);
    add_formats(document, desk, ask, visited);
    sv_json_add_unix(document, "last_visit", visited, history->zone);
    sv_json_add_moment(document, "newest", newest ? &newest->at : NULL);
    cJSON_AddNumberToObject(document, "messages", opened.view->total - opened.view->hidden);
    return sv_json_done(g_steal_pointer(&document));
}

/* ── activity ── */

typedef struct {
    guint n[4]; /* by SvSide */
    double tone;
    guint said;
} Month;

/* Months since year 0. */
static int month_of(SvDay day)
{
    int y, m, d;
    sv_day_to_civil(day, &y, &m, &d);
    return y * 12 + m - 1;
}

/* What the client's side says of us: praise and agreement lift, complaint, objection and refusal lower. */
static double tone_of(const SvFact *f)
{
    static const struct {
        SvAct act;
        double weight;
    } scale[] = {{SV_ACT_PRAISE, 1}, {SV_ACT_AGREEMENT, 0.5}, {SV_ACT_ACCEPT, 0.5}, {SV_ACT_RESOLUTION, 0.5},
        {SV_ACT_COMPLAINT, -1}, {SV_ACT_REFUSAL, -0.7}, {SV_ACT_OBJECTION, -0.5}};
    double tone = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(scale); i++)
        if (sv_fact_has(f, scale[i].act))
            tone += scale[i].weight;
    return CLAMP(tone, -1, 1);
}

static void count_months(const SvKnowledge *r, Month *months, int first, int last, SvDay today)
{
    for (guint i = 0; i < r->history->messages->len; i++) {
        const SvMessage *m = r->history->messages->pdata[i];
        SvDay day = sv_time_day(m->at);
        int month = month_of(day);
        if (day <= today && month >= first && month <= last && m->duplicate_of < 0 &&
            m->channel != SV_CHANNEL_DEAL)
            months[month - first].n[sv_history_side(r->history, m->author)]++;
    }
    for (guint i = 0; i < r->facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(r->facts, i);
        const SvMessage *m = r->history->messages->pdata[f->message];
        int month = month_of(sv_time_day(m->at));
        double tone = f->side == SV_SIDE_CLIENT ? tone_of(f) : 0;
        if (tone != 0 && month >= first && month <= last) {
            months[month - first].tone += tone;
            months[month - first].said++;
        }
    }
}

static int by_number(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* Days since the client's side last wrote, and the median of the pauses before. */
static void add_silence(cJSON *document, const SvHistory *history, SvDay today)
{
    g_autoptr(GArray) pauses = g_array_new(FALSE, FALSE, sizeof(int));
    SvDay last = SV_DAY_NONE;
    for (guint i = 0; i < history->messages->len; i++) {
        const SvMessage *m = history->messages->pdata[i];
        SvDay day = sv_time_day(m->at);
        if (sv_history_side(history, m->author) != SV_SIDE_CLIENT || day > today)
            continue;
        int pause = last == SV_DAY_NONE ? 0 : day - last;
        if (pause > 0)
            g_array_append_val(pauses, pause);
        last = day;
    }
    g_array_sort(pauses, by_number);
    cJSON *silence = cJSON_AddObjectToObject(document, "silence");
    if (last == SV_DAY_NONE)
        cJSON_AddNullToObject(silence, "now");
    else
        cJSON_AddNumberToObject(silence, "now", today - last);
    if (pauses->len < 3)
        cJSON_AddNullToObject(silence, "usual");
    else
        cJSON_AddNumberToObject(silence, "usual", g_array_index(pauses, int, pauses->len / 2));
}

static void add_month(cJSON *list, int month, const Month *m)
{
    cJSON *object = cJSON_CreateObject();
    sv_json_add_taken(object, "month", g_strdup_printf("%04d-%02d", month / 12, month % 12 + 1));
    cJSON_AddNumberToObject(object, "us", m->n[SV_SIDE_US]);
    cJSON_AddNumberToObject(object, "client", m->n[SV_SIDE_CLIENT]);
    cJSON_AddNumberToObject(object, "third", m->n[SV_SIDE_THIRD]);
    if (m->said)
        cJSON_AddNumberToObject(object, "tone", round(m->tone / m->said * 100) / 100);
    else
        cJSON_AddNullToObject(object, "tone");
    cJSON_AddItemToArray(list, object);
}

char *sv_desk_activity(SvDesk *desk, const SvAsk *ask, GError **error)
{
    g_auto(SvOpened) opened = {0};
    if (!sv_desk_open_client(desk, ask, FALSE, &opened, error))
        return NULL;
    const SvKnowledge *r = opened.view->reading;
    SvDay today = sv_time_day(sv_time_from_unix(ask->now, r->history->zone));
    int last = month_of(today), first = last;
    for (guint i = 0; i < r->history->messages->len; i++)
        first = MIN(first, month_of(sv_time_day(((const SvMessage *)r->history->messages->pdata[i])->at)));
    first = MAX(first, last - MONTHS_MOST + 1);
    Month months[MONTHS_MOST] = {0};
    count_months(r, months, first, last, today);
    cJSON *document = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(document, "months");
    for (int month = first; month <= last; month++)
        add_month(list, month, &months[month - first]);
    add_silence(document, r->history, today);
    return sv_json_done(document);
}
