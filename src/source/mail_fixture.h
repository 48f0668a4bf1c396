/* What the tests of mail readers share: fixtures, escapes, a message as text. */
#pragma once
#include "source.h"

/* Path of a fixture ("mail/plain.eml"), newly allocated. */
char *sv_fixture_path(const char *name);
/* The bytes of a fixture; the test fails when it is absent. */
GBytes *sv_fixture_load(const char *name);
/* "\n", "\r", "\t", "\\", "\xNN" become bytes; newly allocated, NUL-terminated. */
char *sv_fixture_unescape(const char *text, gsize *len);
/* Rows (GStrv) of a tab-separated table, without comments and empty lines. */
GPtrArray *sv_fixture_rows(const char *name);
/* Names of the files of a fixture folder that end with `suffix`, sorted, as "folder/name". */
GPtrArray *sv_fixture_list(const char *folder, const char *suffix);
/* All that a source fills in a message, as text for comparison. */
char *sv_fixture_message(const SvMessage *message);
/* Compares with the fixture; the test fails with both texts when they differ. */
void sv_fixture_compare(const char *name, const char *text);
