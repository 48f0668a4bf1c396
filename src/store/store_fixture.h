/* A store in a temporary folder, for the tests of this folder and of those that stand on it. */
#pragma once
#include "client_store.h"
#include "message_store.h"

typedef struct {
    char *dir, *file;
    SvPool *pool;
} SvStoreFixture;

/* Opens an empty store. */
void sv_store_fixture_set_up(SvStoreFixture *fixture, gconstpointer data);
void sv_store_fixture_tear_down(SvStoreFixture *fixture, gconstpointer data);
/* A note of "us" with a key and a text. */
SvMessage *sv_store_fixture_note(const char *id, const char *at, const char *text);
