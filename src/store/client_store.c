/* Clients and their cards: see client_store.h.
 *
 * The card is kept as the CRM gave it; what is looked up by (phones) is taken out of it into a table that can
 * be rebuilt. Keeps true: a revision grows whenever something of the client changes, and only then. */
#include "client_store.h"
#include "card_phones.h"
#include "error.h"
#include "utf8.h"
#include "json.h"
#include "source.h"
#include <string.h>

#define COLUMNS "SELECT id,external,name,card,owner_id,team_id,revision,created FROM client "

void sv_client_free(SvClient *client)
{
    if (!client)
        return;
    g_free(client->external);
    g_free(client->name);
    g_free(client->card);
    g_free(client);
}

static SvClient *take_client(SvSql *sql, GError **error)
{
    int got = sv_sql_next(sql, error);
    if (got < 0)
        return NULL;
    if (!got) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such client");
        return NULL;
    }
    SvClient *c = g_new0(SvClient, 1);
    c->id = sv_sql_get_int(sql, 0);
    c->external = g_strdup(sv_sql_get_text(sql, 1));
    c->name = g_strdup(sv_sql_get_text(sql, 2));
    c->card = g_strdup(sv_sql_get_text(sql, 3));
    c->owner = sv_sql_get_int(sql, 4);
    c->team = sv_sql_get_int(sql, 5);
    c->revision = sv_sql_get_int(sql, 6);
    c->created = sv_sql_get_int(sql, 7);
    sv_sql_done(sql);
    return c;
}

SvClient *sv_client_get(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db, COLUMNS "WHERE id=?", error);
    sv_sql_int(sql, 1, id);
    return take_client(sql, error);
}

SvClient *sv_client_find(SvDb *db, const char *external, GError **error)
{
    SvSql *sql = sv_db_sql(db, COLUMNS "WHERE external=?", error);
    sv_sql_text(sql, 1, external);
    return take_client(sql, error);
}

/* ---- writing ---- */

static gboolean index_phones(SvDb *db, gint64 client, const cJSON *card, gboolean fresh, GError **error)
{
    if (!fresh) {
        SvSql *old = sv_db_sql(db, "DELETE FROM phone WHERE client_id=?", error);
        sv_sql_int(old, 1, client);
        if (!sv_sql_run(old, error))
            return FALSE;
    }
    g_autoptr(GPtrArray) keys = sv_card_phones(card);
    for (guint i = 0; i < keys->len; i++) {
        SvSql *sql = sv_db_sql(db, "INSERT OR IGNORE INTO phone(number,client_id) VALUES(?,?)", error);
        sv_sql_text(sql, 1, keys->pdata[i]);
        sv_sql_int(sql, 2, client);
        if (!sv_sql_run(sql, error))
            return FALSE;
    }
    return TRUE;
}

/* The card as JSON; NULL without an error when none is given. */
static cJSON *parse_card(const char *card, GError **error)
{
    if (!card)
        return NULL;
    g_autoptr(cJSON) doc = sv_json_parse(card, strlen(card), error);
    if (doc && !cJSON_IsObject(doc)) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the card is no JSON object");
        return NULL;
    }
    return g_steal_pointer(&doc);
}

static gboolean insert_client(
    SvDb *db, const char *external, const char *name, const char *card, gint64 *id, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO client(external,name,card,created,name_key) "
        "VALUES(?,coalesce(?,''),coalesce(?,'{}'),?,coalesce(?,'')) "
        "ON CONFLICT(external) DO NOTHING RETURNING id",
        error);
    sv_sql_text(sql, 1, external);
    sv_sql_text(sql, 2, name);
    sv_sql_text(sql, 3, card);
    sv_sql_int(sql, 4, g_get_real_time() / G_USEC_PER_SEC);
    g_autofree char *key = name ? sv_utf8_fold(name, -1) : NULL;
    sv_sql_text(sql, 5, key);
    return sv_sql_get_one(sql, 0, id, error);
}

static gboolean update_client(SvDb *db, gint64 id, const char *name, const char *card, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "UPDATE client SET name=coalesce(?2,name), card=coalesce(?3,card), name_key=coalesce(?4,name_key), "
        "revision=revision+1 "
        "WHERE id=?1 AND (name IS NOT coalesce(?2,name) OR card IS NOT coalesce(?3,card))",
        error);
    sv_sql_int(sql, 1, id);
    sv_sql_text(sql, 2, name);
    sv_sql_text(sql, 3, card);
    g_autofree char *key = name ? sv_utf8_fold(name, -1) : NULL;
    sv_sql_text(sql, 4, key);
    return sv_sql_run(sql, error);
}

gboolean sv_client_put(
    SvDb *db, const char *external, const char *name, const char *card, gint64 *id, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autoptr(cJSON) doc = parse_card(card, &wrong);
    if (wrong || !external || !*external) {
        if (!wrong)
            g_set_error(&wrong, SV_ERROR, SV_ERROR_INPUT, "a client needs a key");
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    gint64 found = 0;
    if (!insert_client(db, external, name, card, &found, error))
        return FALSE;
    gboolean fresh = found != 0, changed = fresh;
    if (!fresh) {
        SvSql *sql = sv_db_sql(db, "SELECT id FROM client WHERE external=?", error);
        sv_sql_text(sql, 1, external);
        if (!sv_sql_get_one(sql, 0, &found, error) || !update_client(db, found, name, card, error))
            return FALSE;
        changed = sv_db_changes(db) > 0;
    }
    if (doc && changed && !index_phones(db, found, doc, fresh, error))
        return FALSE;
    *id = found;
    return TRUE;
}

static gboolean must_change(SvDb *db, GError **error)
{
    if (sv_db_changes(db) > 0)
        return TRUE;
    g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such client");
    return FALSE;
}

/* What was looked up of rights before is old now. */
static gboolean touch_rights(SvDb *db, GError **error)
{
    return sv_sql_run(sv_db_sql(db, "UPDATE clock SET rights=rights+1", error), error);
}

gboolean sv_client_assign(SvDb *db, gint64 id, gint64 owner, gint64 team, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "UPDATE client SET owner_id=CASE ?2 WHEN -1 THEN owner_id ELSE nullif(?2,0) END, "
        "team_id=CASE ?3 WHEN -1 THEN team_id ELSE nullif(?3,0) END WHERE id=?1",
        error);
    sv_sql_int(sql, 1, id);
    sv_sql_int(sql, 2, owner);
    sv_sql_int(sql, 3, team);
    return sv_sql_run(sql, error) && must_change(db, error) && touch_rights(db, error);
}

gboolean sv_client_set_reader(SvDb *db, gint64 id, gint64 account, gboolean may, GError **error)
{
    SvSql *sql =
        may ? sv_db_sql(db,
                  "INSERT INTO client_reader(client_id,account_id) VALUES(?,?) ON CONFLICT DO NOTHING", error)
            : sv_db_sql(db, "DELETE FROM client_reader WHERE client_id=? AND account_id=?", error);
    sv_sql_int(sql, 1, id);
    sv_sql_int(sql, 2, account);
    return sv_sql_run(sql, error) && touch_rights(db, error);
}

gboolean sv_client_touch(SvDb *db, gint64 id, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "UPDATE client SET revision=revision+1, newest=coalesce((SELECT max(at) FROM message WHERE "
        "client_id=?1 AND "
        "labels=''),0) WHERE id=?1",
        error);
    sv_sql_int(sql, 1, id);
    return sv_sql_run(sql, error) && must_change(db, error);
}

/* ---- reading ---- */

void sv_client_load_card(const SvClient *client, SvHistory *history, SvReport *report)
{
    g_autoptr(SvReport) own = report ? NULL : sv_report_new();
    g_autoptr(GError) wrong = NULL;
    SvInput input = {.name = "card", .bytes = client->card, .len = strlen(client->card), .folder = ""};
    gboolean empty = strcmp(client->card, "{}") == 0;
    if (!empty && !sv_source_card.read(&input, history, report ? report : own, &wrong) && report)
        sv_report_add(report, SV_ERROR_PARTIAL, "card", NULL, wrong->message, NULL);
    if (!history->client_name && *client->name)
        history->client_name = g_strdup(client->name);
}

GArray *sv_clients_by_phone(SvDb *db, const char *number, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autofree char *key = sv_phone_key(number);
    if (!key)
        return g_steal_pointer(&ids);
    SvSql *sql = sv_db_sql(db,
        "SELECT p.client_id FROM phone p JOIN client c ON c.id=p.client_id WHERE p.number=? "
        "ORDER BY c.newest DESC, c.id",
        error);
    sv_sql_text(sql, 1, key);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_array_append_val(ids, id);
    }
    return got < 0 ? NULL : g_steal_pointer(&ids);
}

gint64 sv_clients_count(SvDb *db, GError **error)
{
    gint64 n = 0;
    return sv_sql_get_one(sv_db_sql(db, "SELECT count(*) FROM client", error), 0, &n, error) ? n : -1;
}

/* Cards are read a client at a time: the index is written while they are walked over. */
gboolean sv_clients_index_phones(SvDb *db, GError **error)
{
    if (!sv_sql_run(sv_db_sql(db, "DELETE FROM phone", error), error))
        return FALSE;
    for (gint64 id = 0;;) {
        SvSql *sql = sv_db_sql(db, "SELECT id,card FROM client WHERE id>? ORDER BY id LIMIT 1", error);
        sv_sql_int(sql, 1, id);
        int got = sv_sql_next(sql, error);
        if (got <= 0)
            return got == 0;
        id = sv_sql_get_int(sql, 0);
        const char *card = sv_sql_get_text(sql, 1);
        g_autoptr(cJSON) doc = card ? sv_json_parse(card, strlen(card), NULL) : NULL;
        sv_sql_done(sql);
        if (doc && !index_phones(db, id, doc, TRUE, error))
            return FALSE;
    }
}
