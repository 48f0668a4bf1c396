/* What a database engine must do for db.h: the plug point. Inside the folder, and for tests that fail on
 * purpose. A statement embeds SvSql, a connection SvDb, as its first member. */
#pragma once
#include "db.h"

struct SvSql {
    SvDb *db;
    const char *text; /* the literal that it was made from */
};

struct SvDb {
    const SvDbDriver *driver;
    GHashTable *statements; /* const char * (by address) → SvSql */
    char *where;
    gboolean in_transaction;
};

struct SvDbDriver {
    const char *name;   /* "sqlite" */
    const char *derive; /* words of the engine in the derived schema */
    SvDb *(*open)(const char *where, gboolean must_exist, GError **error);
    void (*close)(SvDb *db); /* statements are freed before */
    SvSql *(*prepare)(SvDb *db, const char *sql, GError **error);
    void (*sql_free)(SvSql *sql);
    void (*clear)(SvSql *sql); /* reset, bindings cleared */
    void (*bind_int)(SvSql *sql, int i, gint64 value);
    void (*bind_real)(SvSql *sql, int i, double value);
    void (*bind_text)(SvSql *sql, int i, const char *text);
    void (*bind_blob)(SvSql *sql, int i, const void *bytes, gsize len);
    void (*bind_null)(SvSql *sql, int i);
    int (*next)(SvSql *sql, GError **error);
    void (*done)(SvSql *sql);
    gint64 (*get_int)(SvSql *sql, int column);
    double (*get_real)(SvSql *sql, int column);
    const char *(*get_text)(SvSql *sql, int column);
    const void *(*get_blob)(SvSql *sql, int column, gsize *len);
    gboolean (*is_null)(SvSql *sql, int column);
    gint64 (*changes)(SvDb *db);
    gboolean (*script)(SvDb *db, const char *script, GError **error);
    gboolean (*begin)(SvDb *db, gboolean write, GError **error);
    gboolean (*backup)(SvDb *db, const char *to, GError **error);
    gboolean (*restore)(const char *where, const char *from, GError **error);
    gboolean (*check)(SvDb *db, GError **error);
    gboolean (*scrub)(SvDb *db, GError **error);
    /* Memory that tells of every commit, valid while the connection is open; NULL when there is none. */
    gconstpointer (*signs)(SvDb *db);
    gboolean (*stamp)(gconstpointer signs, SvStamp *out);
};

extern const SvDbDriver sv_db_sqlite;
