/* Which files below some paths may hold messages. */
#pragma once
#include "source.h"
#include "unpack.h"

/* A file that may hold messages. */
typedef struct {
    char *name;     /* as shown: "in/a.zip/b.txt" */
    char *path;     /* on disk; NULL for a file out of an archive */
    GBytes *bytes;  /* out of an archive; NULL else */
    gboolean given; /* named by the user: a link is followed then */
    gboolean json;  /* begins like an object */
    gboolean done;
    guint order;            /* in which it was found */
    const SvSource *source; /* once it is known */
} SvLeaf;

typedef struct {
    SvReport *report;
    GPtrArray *leaves;                                  /* SvLeaf * */
    guint n_files, n_media, n_hidden, n_links, n_empty; /* seen in all; passed over */
    /* private */
    GPtrArray *todo;
    GHashTable *inodes;
    SvUnpack unpack;
    const struct SvTodo *archive; /* the one being unpacked */
    gboolean full;
} SvWalk;

SvWalk *sv_walk_new(SvReport *report);
void sv_walk_free(SvWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvWalk, sv_walk_free)

/* Adds a path of the user; what is wrong with it is reported. */
void sv_walk_add(SvWalk *walk, const char *path);
/* Walks until nothing is left to do. */
void sv_walk_run(SvWalk *walk);
/* Reads files that a walk found (SvLeaf *, some or all of them) into the history, the card first; they are put in
 * order of names. Returns how many could be read; the problems of the others are reported. */
guint sv_walk_read(GPtrArray *leaves, const char *mapping, SvHistory *history, SvReport *report);
/* A whole regular file, at most SV_MAX_FILE; `given`: the last part of the path may be a link. */
GBytes *sv_walk_load(const char *path, gboolean given, GError **error);
/* What to do with a file of a known foreign format ("mail.pst"); NULL when it is none. */
const char *sv_walk_remedy(const char *name);
