/* What the tests of this folder share: a database in a folder of its own, rows put straight into tables. */
#pragma once
#include "access.h"

typedef struct {
    char *dir, *file;
    SvPool *pool;
} SvPlace;

void sv_place_set_up(SvPlace *place, gconstpointer data);
void sv_place_tear_down(SvPlace *place, gconstpointer data);
/* Runs SQL in a transaction of its own. */
void sv_place_do(SvPlace *place, const char *format, ...) G_GNUC_PRINTF(2, 3);
gint64 sv_place_ask(SvPlace *place, const char *sql);
/* An account with the password "сосна-утюг-7 лун". */
gint64 sv_place_account(SvPlace *place, const char *login, SvRole role, const char *team);
#define SV_PLACE_PASSWORD "сосна-утюг-7 лун"
