/* The list of what was erased: hashes of outside keys with a key of the list, no text. Inside the folder.
 *
 * It stands in the table `erased`, written in the transaction that erases, and in the file WHERE-erased,
 * written (and synced) before that transaction commits. So an entry that is in the file alone is one that
 * this database has not been through: the erasure was cut off, or the database is an older backup. Each
 * erasure has entries of its own, so what was imported again after an erasure is not taken away by it. */
#pragma once
#include "db.h"

typedef enum {
    SV_ERASED_CLIENT,
    SV_ERASED_MESSAGE,
    SV_ERASED_PERSON,
    SV_ERASED_FEEDBACK,
    SV_ERASED_N
} SvErasedKind;

#define SV_ERASED_ID 16
#define SV_ERASED_KEY 32
#define SV_ERASED_HASH 16

typedef struct {
    SvErasedKind kind;
    guint8 id[SV_ERASED_ID], key[SV_ERASED_KEY], hash[SV_ERASED_HASH];
} SvErasedEntry;

/* "svodka.db" → "svodka.db-erased" */
char *sv_erased_path(const char *where);

/* Entries that are being made. */
typedef struct SvErasedNote SvErasedNote;
/* With the key of the file's last entry, else the table's, else a new one. */
SvErasedNote *sv_erased_note_new(SvDb *db, GError **error);
void sv_erased_note_free(SvErasedNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvErasedNote, sv_erased_note_free)
/* `client`: its outside key; `what`: of the kind; NULL none. The same twice is one entry. */
void sv_erased_note_add(SvErasedNote *note, SvErasedKind kind, const char *client, const char *what);
/* Writes them to the file, then to the table. In the transaction that erases. */
gboolean sv_erased_note_keep(SvErasedNote *note, GError **error);

/* Entries (SvErasedEntry) of a file that the database has not been through; empty when there is no file. */
GArray *sv_erased_pending(SvDb *db, const char *file, GError **error);
/* Entries to be looked up in. */
typedef struct SvErasedSet SvErasedSet;
SvErasedSet *sv_erased_set_new(const GArray *entries);
void sv_erased_set_free(SvErasedSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvErasedSet, sv_erased_set_free)
gboolean sv_erased_has(const SvErasedSet *set, SvErasedKind kind, const char *client, const char *what);
/* The database has been through them now. */
gboolean sv_erased_settle(SvDb *db, const GArray *entries, GError **error);
/* Takes entries of the table that the file lacks into the file (a restored database brings its own). */
gboolean sv_erased_complete_file(SvDb *db, const char *file, GError **error);
