/* Documents over many clients: today, the list, the report, the popup by number. See desk.h.
 *
 * Each client is opened through the same door as alone, so no list can tell what a card would not. */
#include "work.h"
#include "error.h"
#include "wording.h"
#include "gate.h"
#include "meetings.h"
#include <string.h>

#define TODAY_CLIENTS 30
#define TODAY_ITEMS 40
#define CHANGES_EACH 5
#define REPORT_MOST 50
#define LIST_MOST 100
#define REPORT_LOOKED 400 /* clients among which the largest are looked for */

/* The document of a format for one of the clients. */
static cJSON *format_of(
    SvDesk *desk, const SvAsk *ask, gint64 client, const char *format, const char *language)
{
    SvAsk one = *ask;
    SvWanted wanted = {format, language, SV_DAY_NONE, SV_DAY_NONE};
    one.client = client;
    one.revision = 0;
    g_autoptr(SvDocument) document = sv_desk_summary(desk, &one, &wanted, NULL);
    return document ? cJSON_Parse(document->json) : NULL;
}

static const cJSON *first_statements(const cJSON *document)
{
    return sv_json_array(cJSON_GetArrayItem(sv_json_array(document, "sections"), 0), "statements");
}

static guint count_overdue(const cJSON *tasks)
{
    guint n = 0;
    const cJSON *task;
    cJSON_ArrayForEach(task, tasks) n += g_strcmp0(sv_json_string(task, "state"), "overdue") == 0;
    return n;
}

/* A copy of an object with "client" in front of its fields. */
static void add_with_client(cJSON *list, const cJSON *object, const SvClient *client)
{
    if (cJSON_GetArraySize(list) >= TODAY_ITEMS)
        return;
    cJSON *copy = cJSON_CreateObject();
    sv_json_add_client(copy, "client", client);
    const cJSON *field;
    cJSON_ArrayForEach(field, object) cJSON_AddItemToObject(copy, field->string, cJSON_Duplicate(field, 1));
    cJSON_AddItemToArray(list, copy);
}

static void add_newest(cJSON *object, const SvHistory *history)
{
    const SvMessage *newest =
        history->messages->len ? history->messages->pdata[history->messages->len - 1] : NULL;
    sv_json_add_moment(object, "newest", newest ? &newest->at : NULL);
}

/* ── today ── */

typedef struct {
    cJSON *clients, *changes, *overdue, *meetings;
} Today;

static void add_meetings(const SvOpened *opened, const SvClient *client, Today *today)
{
    const SvHistory *history = opened->view->reading->history;
    g_autoptr(GPtrArray) ahead = sv_summary_meetings(opened->digest, MEETINGS_DAYS);
    for (guint i = 0; i < ahead->len && cJSON_GetArraySize(today->meetings) < TODAY_ITEMS; i++) {
        const SvMeeting *m = ahead->pdata[i];
        cJSON *object = cJSON_CreateObject();
        sv_json_add_client(object, "client", client);
        sv_json_add_taken(object, "at", NULL);
        sv_json_add_taken(object, "day", sv_day_format(m->day));
        sv_json_add(object, "text", m->text);
        cJSON *sources = cJSON_AddArrayToObject(object, "sources");
        for (guint k = 0; k < m->sources->len; k++) {
            const SvQuote *q = m->sources->pdata[k];
            cJSON_AddItemToArray(sources, sv_desk_source_json(history, q->message, q->quote));
        }
        cJSON_AddItemToArray(today->meetings, object);
    }
}

static gboolean add_today(SvDesk *desk, const SvAsk *ask, gint64 client, const char *language, Today *today)
{
    g_auto(SvOpened) opened = {0};
    SvAsk one = *ask;
    gint64 since = 0;
    guint messages = 0;
    one.client = client;
    one.revision = 0;
    if (!sv_desk_open_client(desk, &one, FALSE, &opened, NULL) || !sv_desk_visited(&one, &since, NULL))
        return FALSE;
    g_autoptr(SvClient) who = sv_client_get(ask->db, client, NULL);
    if (!who)
        return FALSE;
    g_autoptr(cJSON) tasks = format_of(desk, ask, client, "tasks", language);
    g_autoptr(cJSON) popup = format_of(desk, ask, client, "popup", language);
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "id", (double)client);
    sv_json_add(line, "name", *who->name ? who->name : who->external);
    add_newest(line, opened.view->reading->history);
    g_autoptr(cJSON) changes =
        since ? sv_desk_changes_json(&opened, language, since, CHANGES_EACH, &messages) : cJSON_CreateArray();
    cJSON_AddNumberToObject(line, "messages", messages);
    sv_json_add(line, "line", sv_json_string(cJSON_GetArrayItem(first_statements(popup), 0), "text"));
    cJSON_AddNumberToObject(line, "overdue", count_overdue(sv_json_array(tasks, "tasks")));
    cJSON_AddItemToArray(today->clients, line);
    const cJSON *item;
    cJSON_ArrayForEach(item, changes) add_with_client(today->changes, item, who);
    cJSON_ArrayForEach(
        item, sv_json_array(tasks, "tasks")) if (g_strcmp0(sv_json_string(item, "state"), "overdue") == 0)
        add_with_client(today->overdue, item, who);
    add_meetings(&opened, who, today);
    return TRUE;
}

static int by_day(gconstpointer a, gconstpointer b)
{
    return strcmp(sv_json_string(*(cJSON *const *)a, "day"), sv_json_string(*(cJSON *const *)b, "day"));
}

/* Meetings of all clients in order of days. */
static cJSON *sorted(cJSON *list)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    cJSON *out = cJSON_CreateArray();
    while (cJSON_GetArraySize(list))
        g_ptr_array_add(items, cJSON_DetachItemFromArray(list, 0));
    g_ptr_array_sort(items, by_day);
    for (guint i = 0; i < items->len; i++)
        cJSON_AddItemToArray(out, items->pdata[i]);
    cJSON_Delete(list);
    return out;
}

/* Of those who see all clients, their own come first: a director has "his" clients too. */
static GArray *own_clients(const SvAsk *ask, GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    SvSql *sql =
        sv_db_sql(ask->db, "SELECT id FROM client WHERE owner_id=? ORDER BY newest DESC LIMIT ?", error);
    int got;
    sv_sql_int(sql, 1, ask->who->account);
    sv_sql_int(sql, 2, TODAY_CLIENTS);
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_array_append_val(ids, id);
    }
    if (got < 0)
        g_clear_pointer(&ids, g_array_unref);
    return ids;
}

char *sv_desk_today(SvDesk *desk, const SvAsk *ask, const char *language, GError **error)
{
    g_autoptr(GArray) ids = own_clients(ask, error);
    if (ids && !ids->len) {
        g_array_unref(ids);
        ids = sv_access_clients(ask->db, ask->who, NULL, 0, TODAY_CLIENTS, error);
    }
    if (!ids)
        return NULL;
    Today today = {cJSON_CreateArray(), cJSON_CreateArray(), cJSON_CreateArray(), cJSON_CreateArray()};
    for (guint i = 0; i < ids->len; i++)
        add_today(desk, ask, g_array_index(ids, gint64, i), language, &today);
    cJSON *document = cJSON_CreateObject();
    sv_json_add_unix(document, "as_of", ask->now, NULL);
    cJSON_AddItemToObject(document, "clients", today.clients);
    cJSON_AddItemToObject(document, "changes", today.changes);
    cJSON_AddItemToObject(document, "overdue", today.overdue);
    cJSON_AddItemToObject(document, "meetings", sorted(today.meetings));
    return sv_json_done(document);
}

/* ── the list ── */

/* Owner's and team's name, and what the reader may open of the messages: by sets of labels, without a view.
 */
static gboolean add_line(cJSON *list, const SvAsk *ask, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(ask->db,
        "SELECT c.name, c.external, a.id, a.name, t.name FROM client c LEFT JOIN account a ON "
        "a.id=c.owner_id LEFT JOIN "
        "team t ON t.id=c.team_id WHERE c.id=?",
        error);
    sv_sql_int(sql, 1, id);
    if (sv_sql_next(sql, error) <= 0)
        return FALSE;
    cJSON *line = cJSON_CreateObject();
    const char *name = sv_sql_get_text(sql, 0);
    cJSON_AddItemToArray(list, line);
    cJSON_AddNumberToObject(line, "id", (double)id);
    sv_json_add(line, "name", name && *name ? name : sv_sql_get_text(sql, 1));
    if (sv_sql_is_null(sql, 2))
        cJSON_AddNullToObject(line, "owner");
    else {
        cJSON *owner = cJSON_AddObjectToObject(line, "owner");
        cJSON_AddNumberToObject(owner, "id", (double)sv_sql_get_int(sql, 2));
        sv_json_add(owner, "name", sv_sql_get_text(sql, 3));
    }
    sv_json_add(line, "team", sv_sql_get_text(sql, 4));
    sv_sql_done(sql);
    SvSql *counts = sv_db_sql(
        ask->db, "SELECT labels, count(*), max(at) FROM message WHERE client_id=? GROUP BY labels", error);
    gint64 messages = 0, newest = 0;
    int got;
    sv_sql_int(counts, 1, id);
    while ((got = sv_sql_next(counts, error)) > 0) {
        if (!sv_access_covers(ask->who->labels, sv_sql_get_text(counts, 0)))
            continue;
        messages += sv_sql_get_int(counts, 1);
        newest = MAX(newest, sv_sql_get_int(counts, 2));
    }
    sv_json_add_unix(line, "newest", newest, NULL);
    cJSON_AddNumberToObject(line, "messages", (double)messages);
    return got == 0;
}

char *sv_desk_clients(
    SvDesk *desk, const SvAsk *ask, const char *find, guint offset, guint most, GError **error)
{
    guint n = CLAMP(most, 1, LIST_MOST);
    g_autoptr(GArray) ids =
        sv_access_clients(ask->db, ask->who, find && *find ? find : NULL, offset, n + 1, error);
    if (!ids)
        return NULL;
    g_autoptr(cJSON) document = cJSON_CreateObject();
    sv_json_add(document, "find", find && *find ? find : NULL);
    cJSON *list = cJSON_AddArrayToObject(document, "clients");
    for (guint i = 0; i < MIN(ids->len, n); i++)
        if (!add_line(list, ask, g_array_index(ids, gint64, i), error))
            return NULL;
    if (ids->len > n)
        cJSON_AddNumberToObject(document, "next", offset + n);
    else
        cJSON_AddNullToObject(document, "next");
    return sv_json_done(g_steal_pointer(&document));
}

/* ── the report ── */

typedef struct {
    gint64 client;
    double amount;
    guint place; /* by the newest message */
} Large;

static int by_amount(gconstpointer a, gconstpointer b)
{
    const Large *x = a, *y = b;
    if (x->amount != y->amount)
        return x->amount < y->amount ? 1 : -1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The largest open deals first: as the view of those without labels has them, so that nobody learns more. */
static GArray *largest(const SvAsk *ask, GError **error)
{
    g_autoptr(GArray) ids = sv_access_clients(ask->db, ask->who, NULL, 0, REPORT_LOOKED, error);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Large));
    for (guint i = 0; ids && i < ids->len; i++) {
        Large one = {g_array_index(ids, gint64, i), 0, i};
        SvSql *sql = sv_db_sql(ask->db, "SELECT amount FROM view WHERE client_id=? AND audience=''", error);
        sv_sql_int(sql, 1, one.client);
        if (sv_sql_next(sql, NULL) > 0)
            one.amount = sv_sql_get_real(sql, 0);
        sv_sql_done(sql);
        g_array_append_val(all, one);
    }
    g_array_sort(all, by_amount);
    if (!ids)
        g_clear_pointer(&all, g_array_unref);
    return all;
}

static gboolean add_paragraph(
    SvDesk *desk, const SvAsk *ask, cJSON *list, gint64 client, const char *language)
{
    g_auto(SvOpened) opened = {0};
    g_autoptr(cJSON) report = NULL, tasks = NULL;
    if (!sv_desk_open_other(desk, ask, client, FALSE, &opened, NULL) ||
        !(report = format_of(desk, ask, client, "report", language)) ||
        !(tasks = format_of(desk, ask, client, "tasks", language)))
        return FALSE;
    cJSON *lines = cJSON_CreateArray(); /* owner as in the list */
    if (!add_line(lines, ask, client, NULL)) {
        cJSON_Delete(lines);
        return FALSE;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(list, object);
    cJSON_AddNumberToObject(object, "id", (double)client);
    sv_json_add(object, "name", sv_json_string(cJSON_GetArrayItem(lines, 0), "name"));
    cJSON_AddItemToObject(object, "owner", cJSON_DetachItemFromObject(cJSON_GetArrayItem(lines, 0), "owner"));
    add_newest(object, opened.view->reading->history);
    cJSON_AddNumberToObject(object, "overdue", count_overdue(sv_json_array(tasks, "tasks")));
    cJSON_AddItemToObject(object, "statements", cJSON_Duplicate(first_statements(report), 1));
    cJSON_Delete(lines);
    return TRUE;
}

char *sv_desk_report(SvDesk *desk, const SvAsk *ask, guint top, const char *language, GError **error)
{
    g_autoptr(GArray) all = largest(ask, error);
    if (!all)
        return NULL;
    cJSON *document = cJSON_CreateObject();
    sv_json_add_unix(document, "as_of", ask->now, NULL);
    cJSON *list = cJSON_AddArrayToObject(document, "clients");
    for (guint i = 0; i < all->len && (guint)cJSON_GetArraySize(list) < CLAMP(top, 1, REPORT_MOST); i++)
        add_paragraph(desk, ask, list, g_array_index(all, Large, i).client, language);
    return sv_json_done(document);
}

/* ── the phone rings ── */

/* The person of the client's card who has the number. */
static void add_person(cJSON *document, const SvHistory *history, const char *key)
{
    for (guint i = 0; i < history->people->len; i++) {
        const SvPerson *p = history->people->pdata[i];
        for (guint k = 0; p->in_card && k < p->phones->len; k++) {
            g_autofree char *its = sv_phone_key(p->phones->pdata[k]);
            if (g_strcmp0(its, key) != 0)
                continue;
            cJSON *object = cJSON_AddObjectToObject(document, "person");
            sv_json_add(object, "name", p->name);
            sv_json_add(object, "role", p->role);
            sv_json_add(object, "side", p->side == SV_SIDE_UNKNOWN ? NULL : sv_side_name(p->side));
            return;
        }
    }
    cJSON_AddNullToObject(document, "person");
}

static GArray *readable(const SvAsk *ask, const GArray *ids)
{
    GArray *mine = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        g_autoptr(SvClient) client = sv_access_client(ask->db, ask->who, id, NULL);
        if (client)
            g_array_append_val(mine, id);
    }
    return mine;
}

char *sv_desk_by_phone(SvDesk *desk, const SvAsk *ask, const char *number, GError **error)
{
    g_autofree char *key = sv_phone_key(number);
    if (!key) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "that is no phone number");
        return NULL;
    }
    g_autoptr(GArray) ids = sv_clients_by_phone(ask->db, number, error);
    if (!ids)
        return NULL;
    g_autoptr(GArray) mine = readable(ask, ids);
    g_autoptr(cJSON) document = cJSON_CreateObject();
    sv_json_add(document, "number", number);
    g_auto(SvOpened) opened = {0};
    if (mine->len && !sv_desk_open_other(desk, ask, g_array_index(mine, gint64, 0), FALSE, &opened, error))
        return NULL;
    if (mine->len) {
        g_autoptr(SvClient) client = sv_client_get(ask->db, g_array_index(mine, gint64, 0), error);
        if (!client)
            return NULL;
        sv_json_add_client(document, "client", client);
        add_person(document, opened.view->reading->history, key);
    } else {
        cJSON_AddNullToObject(document, "client");
        cJSON_AddNullToObject(document, "person");
    }
    cJSON *list = cJSON_AddArrayToObject(document, "clients");
    for (guint i = 0; i < mine->len; i++)
        if (!add_line(list, ask, g_array_index(mine, gint64, i), error))
            return NULL;
    cJSON *summary = mine->len ? format_of(desk, ask, g_array_index(mine, gint64, 0), "popup", NULL) : NULL;
    cJSON_AddItemToObject(document, "summary", summary ? summary : cJSON_CreateNull());
    return sv_json_done(g_steal_pointer(&document));
}
