/* What one reader may know of a client: everything that leaves the store on its way to a person passes here.
 *
 * The audience of the reader (access.h) decides; a *view* is the client's history as one audience may know
 * it: only its messages, finished, masked and read (facts). Views and summaries are kept and shared by
 * readers of the same audience; they are made once even when many ask at the same time, and made anew exactly
 * when what they rest on has changed. Every function answers with a document: JSON text by a schema of
 * schema/, newly allocated.
 *
 * Nothing here depends on how facts are found, only on the doors fact.h, ledger.h, compose.h. */
#pragma once
#include "access.h"
#include "compose.h"
#include "formats.h"
#include "moment.h"

typedef struct SvDesk SvDesk;
/* Pool, engine and formats are borrowed. `cache_bytes`: of answers kept in memory (0: 64 MiB). */
SvDesk *sv_desk_open(SvPool *pool, const SvEngine *engine, const SvFormats *formats, gsize cache_bytes);
void sv_desk_close(SvDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvDesk, sv_desk_close)

/* Forgets all that is kept in memory of a client, and every document: after an erasure. */
void sv_desk_forget(SvDesk *desk, gint64 client);

/* Who asks about whom, at what moment. */
typedef struct {
    const SvWho *who;
    SvDb *db; /* the reader's connection */
    gint64 client;
    gint64 now; /* Unix seconds */
    /* The client's revision that sv_access_may_open_at() gave for this reader just now: what is kept in
     * memory for it is given without asking again. 0: the desk asks. */
    gint64 revision;
} SvAsk;

/* A kept document. Counted, immutable. */
typedef struct {
    gatomicrefcount count;
    char *json;
    gsize len;
    char etag[40];     /* "\"…\"" of the bytes */
    gpointer attached; /* for the caller that serves it: what it made of the document once */
    GDestroyNotify attached_free;
} SvDocument;
SvDocument *sv_document_ref(SvDocument *document);
void sv_document_unref(SvDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvDocument, sv_document_unref)

typedef struct {
    const char *format;
    const char *language; /* "ru" "en"; NULL: the client's */
    SvDay from, to;       /* a period (review); SV_DAY_NONE open */
} SvWanted;

/* A summary (schema/summary.schema.json). Tasks carry the readers' marks. The coverage line counts messages
 * that were accepted after the view was read (`pending`). SV_ERROR_NOT_FOUND: no such client for this reader,
 * or no such format. */
SvDocument *sv_desk_summary(SvDesk *desk, const SvAsk *ask, const SvWanted *wanted, GError **error);
/* Reads the client's messages for every audience that has a view, and for `""`: the job behind an import. */
gboolean sv_desk_read(SvDesk *desk, gint64 client, GError **error);

/* In all documents: moments are ISO 8601 with seconds and the offset of the client's time zone (of the
 * reader's machine where many clients meet), days "2025-11-15", what is unknown is null, lists are always
 * there, "client" and "owner" are {"id","name"}, SOURCES is a list of sources as in a summary, at least one.
 * A task of a summary also has "id" (for sv_desk_mark_task) and "mark": {"state","by": name,"at"} or null. */

/* {"id","external","name","language","timezone","owner": {…}|null,"team": name|null,
 *  "people":[{"id","name","role","side","emails":[…],"phones":[…],"messages": n,"last": moment}],
 *  "formats":[{"id","title"}],"proposed":"brief","last_visit": moment|null,"newest": moment|null,"messages":
 * n}. People who wrote most lately first; messages: those that the reader may open. */
char *sv_desk_card(SvDesk *desk, const SvAsk *ask, GError **error);
/* {"months":[{"month":"2025-11","us": n,"client": n,"third": n,"tone": −1…1|null}],
 *  "silence":{"now": days,"usual": days|null}}: at most 24 months, oldest first, none left out between. */
char *sv_desk_activity(SvDesk *desk, const SvAsk *ask, GError **error);
/* The original message, masked, with its thread's neighbours:
 * {"id","channel","at","author","side","to":[name],
 *  "subject","text","turns":[{"speaker","text"}],"attachments":[name],"excluded": bool,"masked": n,
 *  "before": {"id","at","author"}|null,"after": …}; `turns` only of calls. SV_ERROR_NOT_FOUND also when the
 * reader may not. */
char *sv_desk_source(SvDesk *desk, const SvAsk *ask, const char *external, GError **error);
/* A list of messages, newest first: {"messages":[{"id","channel","at","author","side","subject","excerpt"}],
 *  "next": n|null}. `before`: a "next" of an earlier call, 0 for the newest. */
char *sv_desk_messages(SvDesk *desk, const SvAsk *ask, gint64 before, guint most, GError **error);
/* {"query","hits":[{"source":{…as in a summary, quote is the sentence},"words":[[from,to],…]}],"total"}: by
 * the meaning of words (lemmas), in this audience only. Words: bytes of the quote. */
char *sv_desk_search(SvDesk *desk, const SvAsk *ask, const char *query, guint most, GError **error);
/* What changed since the reader's last visit: {"since": moment|null,"messages": n new
 * ones,"changes":[{"kind", "text","old","new","at","sources": SOURCES}]}; kind: new, done, overdue, moved,
 * cancelled, stage, amount, changed; old and new are short values ("12 декабря") or null. `note`: this is a
 * visit (a page was opened), so the next one counts from here. */
char *sv_desk_since(SvDesk *desk, const SvAsk *ask, const char *language, gboolean note, GError **error);
/* The popup by number or client; the readers' own clients today; the top clients on one page. `ask->client`
 * 0.
 * {"number","client": {…}|null,"person":{"name","role","side"}|null,"clients":[{"id","name"}] all that have
 * it, "summary": the popup of the first, as sv_desk_summary, |null}. */
char *sv_desk_by_phone(SvDesk *desk, const SvAsk *ask, const char *number, GError **error);
/* {"as_of","clients":[{"id","name","newest","messages": n new since the reader's last visit,"line": what
 * matters most|null,"overdue": n}], "changes":[{"client",…as in sv_desk_since}],"overdue":[{"client",…a
 * task}], "meetings":[{"client","at": moment,"day": if no time is known,"text","sources": SOURCES}]}. */
char *sv_desk_today(SvDesk *desk, const SvAsk *ask, const char *language, GError **error);
/* {"find","clients":[{"id","name","owner","team": name,"newest","messages": n}],"next": offset|null}. */
char *sv_desk_clients(
    SvDesk *desk, const SvAsk *ask, const char *find, guint offset, guint most, GError **error);
/* {"as_of","clients":[{"id","name","owner","newest","overdue": n,"statements":[…as in a summary]}]}: the
 * statements of a client make one paragraph. */
char *sv_desk_report(SvDesk *desk, const SvAsk *ask, guint top, const char *language, GError **error);

/* done, taken, dropped, open. `task`: its "id" in the document. */
gboolean sv_desk_mark_task(
    SvDesk *desk, const SvAsk *ask, const char *task, const char *state, GError **error);
/* kind: useful missing wrong. `message` (external id) and `quote` where they are needed; SV_ERROR_INPUT else.
 * What is missing is pinned: from then on a summary holds it or its coverage says why not. */
gboolean sv_desk_feedback(SvDesk *desk, const SvAsk *ask, const char *kind, const char *format,
    const char *message, const char *quote, const char *comment, GError **error);
