/* The choke point: see access.h. The rule who may open which client stands here twice, once as a question
 * about one client and once as a list; a test holds them against each other.
 *
 * How lists are quick: every part of the rule (own, given, of the team, of the team's people) is a list that
 * an index holds in order, cut at the page's end before they are merged. */
#include "access.h"
#include "error.h"
#include "labels.h"
#include "message_store.h"
#include "utf8.h"
#include <string.h>

#define MOST_IN_LIST 1000000u

gboolean sv_access_is_admin(const SvWho *who)
{
    return who && who->role == SV_ROLE_ADMIN && (who->scopes & SV_SCOPE_ADMIN) != 0;
}

gboolean sv_access_may_write(const SvWho *who)
{
    return who && (who->scopes & SV_SCOPE_WRITE) != 0;
}

static gboolean sees_all(const SvWho *who)
{
    return who->role == SV_ROLE_SUPPORT || who->role == SV_ROLE_DIRECTOR || who->role == SV_ROLE_ADMIN;
}

/* The team whose clients the reader opens; 0 none. */
static gint64 heads_team(const SvWho *who)
{
    return who->role == SV_ROLE_HEAD ? who->team : 0;
}

/* ── one client ── */

gboolean sv_access_open(SvDb *db, const SvWho *who, gint64 client, gint64 *revision, GError **error)
{
    gint64 found = 0;
    SvSql *sql = sv_db_sql(db,
        "SELECT c.revision FROM client c WHERE c.id=?1 AND (?2 OR c.owner_id=?3"
        " OR (?4<>0 AND (c.team_id=?4"
        "  OR EXISTS(SELECT 1 FROM account a WHERE a.id=c.owner_id AND a.team_id=?4)))"
        " OR EXISTS(SELECT 1 FROM client_reader r WHERE r.client_id=c.id AND r.account_id=?3))",
        error);
    sv_sql_int(sql, 1, client);
    sv_sql_int(sql, 2, sees_all(who) ? 1 : 0);
    sv_sql_int(sql, 3, who->account);
    sv_sql_int(sql, 4, heads_team(who));
    if (!sv_sql_get_one(sql, 0, &found, error))
        return FALSE;
    if (!found)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such client");
    else
        *revision = found;
    return found != 0;
}

gboolean sv_access_may_open_at(SvDb *db, const SvWho *who, gint64 client, gint64 *revision, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "SELECT ?2 OR c.owner_id=?3"
        " OR (?4<>0 AND (c.team_id=?4 OR EXISTS(SELECT 1 FROM account a WHERE a.id=c.owner_id AND "
        "a.team_id=?4)))"
        " OR EXISTS(SELECT 1 FROM client_reader r WHERE r.client_id=c.id AND r.account_id=?3), c.revision"
        " FROM client c WHERE c.id=?1",
        error);
    sv_sql_int(sql, 1, client);
    sv_sql_int(sql, 2, sees_all(who) ? 1 : 0);
    sv_sql_int(sql, 3, who->account);
    sv_sql_int(sql, 4, heads_team(who));
    int got = sv_sql_next(sql, error);
    gboolean may = got > 0 && sv_sql_get_int(sql, 0) != 0;
    if (may)
        *revision = sv_sql_get_int(sql, 1);
    sv_sql_done(sql);
    if (got >= 0 && !may)
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such client");
    return may;
}

gboolean sv_access_may_open(SvDb *db, const SvWho *who, gint64 client, GError **error)
{
    gint64 revision;
    return sv_access_may_open_at(db, who, client, &revision, error);
}

SvClient *sv_access_client(SvDb *db, const SvWho *who, gint64 client, GError **error)
{
    return sv_access_may_open(db, who, client, error) ? sv_client_get(db, client, error) : NULL;
}

/* ── labels ── */

gboolean sv_access_covers(const char *audience, const char *labels)
{
    return sv_labels_cover(audience, labels);
}

char *sv_access_audience(SvDb *db, const SvWho *who, gint64 client, GError **error)
{
    if (!who->labels || !*who->labels)
        return g_strdup("");
    g_autofree char *occurring = sv_messages_labels(db, client, error);
    return occurring ? sv_labels_common(who->labels, occurring) : NULL;
}

/* ── lists ── */

#define NAMED " AND (?3 IS NULL OR instr(name_key,?3)>0)"
#define NEWEST " ORDER BY newest DESC, id DESC"
#define CUT NEWEST " LIMIT ?1"

static const char all_clients[] = "SELECT id FROM client WHERE 1" NAMED NEWEST " LIMIT ?1-?2 OFFSET ?2";
static const char own_clients[] =
    "SELECT id FROM ("
    " SELECT * FROM (SELECT id,newest FROM client WHERE owner_id=?4" NAMED CUT ")"
    " UNION"
    " SELECT * FROM (SELECT id,newest FROM client WHERE id IN"
    "  (SELECT client_id FROM client_reader WHERE account_id=?4)" NAMED CUT ")"
    ")" NEWEST " LIMIT ?1-?2 OFFSET ?2";
static const char team_clients[] =
    "SELECT id FROM ("
    " SELECT * FROM (SELECT id,newest FROM client WHERE owner_id=?4" NAMED CUT ")"
    " UNION"
    " SELECT * FROM (SELECT id,newest FROM client WHERE id IN"
    "  (SELECT client_id FROM client_reader WHERE account_id=?4)" NAMED CUT ")"
    " UNION"
    " SELECT * FROM (SELECT id,newest FROM client WHERE team_id=?5" NAMED CUT ")"
    " UNION"
    " SELECT * FROM (SELECT id,newest FROM client WHERE owner_id IN"
    "  (SELECT id FROM account WHERE team_id=?5)" NAMED CUT ")"
    ")" NEWEST " LIMIT ?1-?2 OFFSET ?2";

GArray *sv_access_clients(
    SvDb *db, const SvWho *who, const char *find, guint offset, guint most, GError **error)
{
    gint64 team = heads_team(who);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autofree char *clean = find ? sv_utf8_clean(find, strlen(find)) : NULL;
    g_autofree char *key = clean && *g_strstrip(clean) ? sv_utf8_fold(clean, -1) : NULL;
    SvSql *sql = sv_db_sql(db, sees_all(who) ? all_clients : team ? team_clients : own_clients, error);
    offset = MIN(offset, MOST_IN_LIST);
    most = MIN(most, MOST_IN_LIST);
    sv_sql_int(sql, 1, (gint64)offset + most);
    sv_sql_int(sql, 2, offset);
    sv_sql_text(sql, 3, key);
    if (!sees_all(who))
        sv_sql_int(sql, 4, who->account);
    if (!sees_all(who) && team)
        sv_sql_int(sql, 5, team);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        g_array_append_val(ids, id);
    }
    return got < 0 ? NULL : g_steal_pointer(&ids);
}
