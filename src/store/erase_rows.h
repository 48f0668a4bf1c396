/* Taking rows away, each with all that hangs on it. Inside the folder. All of it in a write transaction. */
#pragma once
#include "client_store.h"
#include "erase.h"
#include "erased.h"
#include "json.h"

/* A message that is to go. */
typedef struct {
    gint64 id;
    char *external, *channel;
} SvEraseRow;
void sv_erase_row_free(gpointer row);

/* What the list of erasures says of a message: its key and channel. Newly allocated. */
char *sv_erase_mark_of_message(const char *external, const char *channel);
/* Of a reader's feedback: when, by whom. */
char *sv_erase_mark_of_feedback(gint64 at, gint64 account);

/* SvEraseRow of a client's messages; with `external` only those of the key. */
GPtrArray *sv_erase_list(SvDb *db, gint64 client, const char *external, GError **error);
/* The client and all that is his. */
gboolean sv_erase_rows_of_client(SvDb *db, gint64 client, SvErased *out, GError **error);
/* Messages with feedback on them and marks of tasks that rest on them. */
gboolean sv_erase_rows(SvDb *db, gint64 client, const GPtrArray *rows, SvErased *out, GError **error);
/* After any of it: what was made of the client's messages goes, and is asked for anew. */
gboolean sv_erase_changed(SvDb *db, gint64 client, SvErased *out, GError **error);
/* The job that scrubs. */
gboolean sv_erase_ask_scrub(SvDb *db, GError **error);

/* erase_person.c: the card without those for whom `gone` says so; NULL when nobody is. Newly allocated. */
typedef gboolean (*SvCardGone)(const cJSON *person, gpointer data);
char *sv_erase_from_card(const char *card, SvCardGone gone, gpointer data);
/* Marks (char *) of a person in the card: "email …" each, without an e-mail "name …|phone …". */
GPtrArray *sv_erase_marks_of_person(const cJSON *person);
/* Everything of sv_erase_person() but the transaction. */
gboolean sv_erase_rows_of_person(
    SvDb *db, const SvClient *client, const char *who, SvErasedNote *note, SvErased *out, GError **error);
