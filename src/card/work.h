/* What the files of the desk share. Inside the folder. */
#pragma once
#include "documents.h"
#include "json.h"
#include "views.h"

struct SvDesk {
    SvPool *pool;
    const SvEngine *engine;
    const SvFormats *formats;
    SvViews *views;
    SvDocuments *documents;
};

/* One client as one reader may know it; and its digest of the day of asking. */
typedef struct {
    char *audience;
    SvView *view;
    const SvDigest *digest;
} SvOpened;
void sv_opened_clear(SvOpened *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvOpened, sv_opened_clear)

/* The only way to a client's history: asks for the right, works out the audience, finds the view. */
gboolean sv_desk_open_client(SvDesk *desk, const SvAsk *ask, gboolean fresh, SvOpened *out, GError **error);
/* The same, for a client that is not the ask's. */
gboolean sv_desk_open_other(
    SvDesk *desk, const SvAsk *ask, gint64 client, gboolean fresh, SvOpened *out, GError **error);

/* JSON helpers besides those of json.h: moments, {"id","name"}. */
void sv_json_add_moment(cJSON *object, const char *name, const SvTime *at);
/* Unix seconds in a zone; 0 is null. */
void sv_json_add_unix(cJSON *object, const char *name, gint64 at, GTimeZone *zone);
void sv_json_add_client(cJSON *object, const char *name, const SvClient *client);
/* Prints and frees. */
char *sv_json_done(cJSON *document);
/* A source of one message and quote, as in a summary. */
cJSON *sv_desk_source_json(const SvHistory *history, guint message, const char *quote);
/* What changed since a moment, as the `changes` of sv_desk_since(); *messages: how many are newer. */
cJSON *sv_desk_changes_json(
    const SvOpened *opened, const char *language, gint64 since, guint most, guint *messages);
/* The reader's visit before this one; 0 when there was none. */
gboolean sv_desk_visited(const SvAsk *ask, gint64 *since, GError **error);
