/* The chained table of the audit: see audit.h and audit_chain.h.
 *
 * How it works: an entry's hash is BLAKE2b over the hash before it and all its fields, each with its length
 * or of fixed size, so that no two different entries have the same bytes. The first entry follows 32 zeros
 * and has number 1; numbers have no gaps. The highest number of a journal entry that was taken in stands in
 * the table meta, written in the same transaction, so that a crash between the commit and the emptying of
 * the journal doubles nothing.
 *
 * What it does not do: against one who may write the whole table it holds only together with a head that was
 * noted elsewhere. */
#include "audit_chain.h"
#include "audit_frame.h"
#include "error.h"
#include "json.h"
#include "moment.h"
#include <sodium.h>
#include <string.h>

#define HASH 32u

/* A row, texts with their lengths: one that was tampered with may hold a NUL. */
typedef struct {
    gint64 seq, number[4]; /* at, account, client, status */
    const void *text[3];   /* action, detail, address */
    gsize len[3];
    const void *previous, *hash;
    gsize previous_len, hash_len;
} Row;

static void add_number(crypto_generichash_state *state, gint64 value)
{
    guint64 little = GUINT64_TO_LE((guint64)value);
    crypto_generichash_update(state, (const guint8 *)&little, sizeof little);
}

static void hash_row(const Row *row, const guint8 previous[HASH], guint8 out[HASH])
{
    static const char domain[16] = "svodka audit 1";
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH);
    crypto_generichash_update(&state, (const guint8 *)domain, sizeof domain);
    crypto_generichash_update(&state, previous, HASH);
    add_number(&state, row->seq);
    for (guint i = 0; i < G_N_ELEMENTS(row->number); i++)
        add_number(&state, row->number[i]);
    for (guint i = 0; i < G_N_ELEMENTS(row->text); i++) {
        add_number(&state, (gint64)row->len[i]);
        crypto_generichash_update(&state, row->text[i], row->len[i]);
    }
    crypto_generichash_final(&state, out, HASH);
}

/* ── writing ── */

gboolean sv_audit_chain_number(SvDb *db, gint64 *number, GError **error)
{
    return sv_sql_get_one(sv_db_sql(db,
        "SELECT CAST(value AS INTEGER) FROM meta WHERE key='audit_journal'", error), 0, number, error);
}

static gboolean set_number(SvDb *db, gint64 number, GError **error)
{
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO meta(key,value) VALUES('audit_journal',?)"
        " ON CONFLICT(key) DO UPDATE SET value=excluded.value", error);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    sv_sql_text(sql, 1, text);
    return sv_sql_run(sql, error);
}

static gboolean read_tail(SvDb *db, gint64 *seq, guint8 hash[HASH], GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT seq,hash FROM audit ORDER BY seq DESC LIMIT 1", error);
    int got = sv_sql_next(sql, error);
    *seq = 0;
    memset(hash, 0, HASH);
    if (got <= 0)
        return got == 0;
    gsize len;
    const void *last = sv_sql_get_blob(sql, 1, &len);
    *seq = sv_sql_get_int(sql, 0);
    if (last)
        memcpy(hash, last, MIN(len, HASH));
    sv_sql_done(sql);
    return TRUE;
}

static void bind_id(SvSql *sql, int parameter, gint64 id)
{
    if (id)
        sv_sql_int(sql, parameter, id);
}

/* `hash` holds that of the entry before, then that of this one. */
static gboolean insert(SvDb *db, const SvAuditEntry *entry, gint64 seq, guint8 hash[HASH], GError **error)
{
    guint8 previous[HASH];
    memcpy(previous, hash, HASH);
    Row row = {
        .seq = seq,
        .number = {entry->at, entry->account, entry->client, entry->status},
        .text = {entry->action, entry->detail, entry->address},
        .len = {strlen(entry->action), strlen(entry->detail), strlen(entry->address)},
    };
    hash_row(&row, previous, hash);
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO audit(seq,at,account_id,action,client_id,detail,address,status,previous,hash)"
        " VALUES(?,?,?,?,?,?,?,?,?,?)", error);
    sv_sql_int(sql, 1, seq);
    sv_sql_int(sql, 2, entry->at);
    bind_id(sql, 3, entry->account);
    sv_sql_text(sql, 4, entry->action);
    bind_id(sql, 5, entry->client);
    sv_sql_text(sql, 6, entry->detail);
    sv_sql_text(sql, 7, entry->address);
    sv_sql_int(sql, 8, entry->status);
    sv_sql_blob(sql, 9, previous, HASH);
    sv_sql_blob(sql, 10, hash, HASH);
    return sv_sql_run(sql, error);
}

gboolean sv_audit_chain_add(SvDb *db, const guint8 *frames, gsize len, GError **error)
{
    gint64 seq, taken = 0, highest;
    guint8 hash[HASH];
    gsize at = 0, skipped = 0;
    SvAuditEntry entry;
    if (!read_tail(db, &seq, hash, error) || !sv_audit_chain_number(db, &taken, error))
        return FALSE;
    highest = taken;
    while (sv_audit_frame_next(frames, len, &at, &skipped, &entry)) {
        if (entry.number && entry.number <= highest)
            continue;
        if (!insert(db, &entry, ++seq, hash, error))
            return FALSE;
        highest = MAX(highest, entry.number);
    }
    return highest == taken || set_number(db, highest, error);
}

/* ── reading ── */

#define COLUMNS "seq,at,account_id,client_id,status,action,detail,address,previous,hash"

static void read_row(SvSql *sql, Row *row)
{
    row->seq = sv_sql_get_int(sql, 0);
    for (guint i = 0; i < G_N_ELEMENTS(row->number); i++)
        row->number[i] = sv_sql_get_int(sql, 1 + (int)i);
    for (guint i = 0; i < G_N_ELEMENTS(row->text); i++)
        row->text[i] = sv_sql_get_blob(sql, 5 + (int)i, &row->len[i]);
    row->previous = sv_sql_get_blob(sql, 8, &row->previous_len);
    row->hash = sv_sql_get_blob(sql, 9, &row->hash_len);
}

/* Numbers are whole numbers (SQLite lets a column hold "200x" and reads it as 200), and "none" is written as
 * null only: no two tables say the same. */
static gboolean is_canonical(SvSql *sql, const Row *row)
{
    for (guint i = 0; i < G_N_ELEMENTS(row->number); i++) {
        gboolean is_id = i == 1 || i == 2, is_null = sv_sql_is_null(sql, 1 + (int)i);
        char plain[24];
        gsize len = 0,
              plain_len = (gsize)g_snprintf(plain, sizeof plain, "%" G_GINT64_FORMAT, row->number[i]);
        const void *written = sv_sql_get_blob(sql, 1 + (int)i, &len);
        if (is_null ? !is_id : len != plain_len || memcmp(written, plain, len) != 0)
            return FALSE;
        if (is_id && !is_null && row->number[i] == 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean holds(SvSql *sql, const Row *row, gint64 seq, guint8 hash[HASH])
{
    guint8 previous[HASH];
    memcpy(previous, hash, HASH);
    if (row->seq != seq || row->previous_len != HASH || row->hash_len != HASH || !is_canonical(sql, row))
        return FALSE;
    hash_row(row, previous, hash);
    return memcmp(row->previous, previous, HASH) == 0 && memcmp(row->hash, hash, HASH) == 0;
}

static gboolean parse_head(const char *hex, guint8 out[HASH])
{
    gsize len = 0;
    return hex && strlen(hex) == 2 * HASH &&
        sodium_hex2bin(out, HASH, hex, 2 * HASH, NULL, &len, NULL) == 0 && len == HASH;
}

static char *format_hash(const guint8 hash[HASH])
{
    char *hex = g_malloc(2 * HASH + 1);
    return sodium_bin2hex(hex, 2 * HASH + 1, hash, HASH);
}

gboolean sv_audit_verify(SvDb *db, const char *known_head, gint64 *entries, char **head, GError **error)
{
    guint8 hash[HASH] = {0}, known[HASH];
    gint64 seq = 0;
    if (known_head && !parse_head(known_head, known)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_INPUT, "a head is 64 hexadecimal digits, as `audit verify` prints it");
        return FALSE;
    }
    gboolean met = !known_head || memcmp(known, hash, HASH) == 0;
    SvSql *sql = sv_db_sql(db, "SELECT " COLUMNS " FROM audit ORDER BY seq", error);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        Row row;
        read_row(sql, &row);
        if (!holds(sql, &row, ++seq, hash)) {
            sv_sql_done(sql);
            g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT, "entry %" G_GINT64_FORMAT
                " of the audit does not hold: it, or one beside it, was changed, added or taken out", seq);
            return FALSE;
        }
        met = met || memcmp(known, hash, HASH) == 0;
    }
    if (got < 0)
        return FALSE;
    if (!met) {
        g_set_error(error, SV_ERROR, SV_ERROR_CONFLICT,
            "the audit holds in itself, but the known head is not in"
            " it: entries at its end were cut off, or all of it was written anew");
        return FALSE;
    }
    if (entries)
        *entries = seq;
    if (head)
        *head = format_hash(hash);
    return TRUE;
}

static void add_text(cJSON *line, const char *name, const void *bytes, gsize len)
{
    g_autofree char *text = g_utf8_make_valid(bytes ? bytes : "", (gssize)len);
    if (*text)
        cJSON_AddStringToObject(line, name, text);
}

static void export_row(SvSql *sql, GString *out)
{
    Row row = {0};
    read_row(sql, &row);
    g_autoptr(cJSON) line = cJSON_CreateObject();
    g_autofree char *at = sv_time_format(sv_time_from_unix(row.number[0], NULL));
    cJSON_AddNumberToObject(line, "seq", (double)row.seq);
    cJSON_AddStringToObject(line, "at", at);
    if (row.number[1])
        cJSON_AddNumberToObject(line, "account", (double)row.number[1]);
    if (!sv_sql_is_null(sql, 10))
        cJSON_AddStringToObject(line, "login", sv_sql_get_text(sql, 10));
    add_text(line, "action", row.text[0], row.len[0]);
    if (row.number[2])
        cJSON_AddNumberToObject(line, "client", (double)row.number[2]);
    add_text(line, "detail", row.text[1], row.len[1]);
    add_text(line, "address", row.text[2], row.len[2]);
    if (row.number[3])
        cJSON_AddNumberToObject(line, "status", (double)row.number[3]);
    if (row.hash && row.hash_len == HASH) {
        g_autofree char *hex = format_hash(row.hash);
        cJSON_AddStringToObject(line, "hash", hex);
    }
    char *text = cJSON_PrintUnformatted(line);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    cJSON_free(text);
}

#define EXPORT "SELECT x.seq,x.at,x.account_id,x.client_id,x.status,x.action,x.detail,x.address,x.previous," \
    "x.hash,a.login FROM audit x LEFT JOIN account a ON a.id=x.account_id WHERE x.at>=?1 AND x.at<?2"

gboolean sv_audit_export(SvDb *db, gint64 since, gint64 until, gint64 client, GString *out, GError **error)
{
    SvSql *sql = client ? sv_db_sql(db, EXPORT " AND x.client_id=?3 ORDER BY x.seq", error)
                        : sv_db_sql(db, EXPORT " ORDER BY x.seq", error);
    sv_sql_int(sql, 1, since);
    sv_sql_int(sql, 2, until ? until : G_MAXINT64);
    if (client)
        sv_sql_int(sql, 3, client);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0)
        export_row(sql, out);
    return got == 0;
}
