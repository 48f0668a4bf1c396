/* What the sources of chats, calls, tables and cards share: text in, problems out, ids, phones, small JSON.
 */
#pragma once
#include "json.h"
#include "source.h"

/* The whole input as valid UTF-8 with LF line ends and without a byte order mark; newly allocated. */
char *sv_intake_text(const SvInput *input, gsize *len);
/* The same of its first `max` bytes, for probes. */
char *sv_intake_prefix(const SvInput *input, gsize max, gsize *len);

/* Sets an error "NAME: PLACE: REASON. REMEDY." and returns FALSE. `place` and `remedy` may be NULL. */
gboolean sv_intake_fail(GError **error, SvErrorCode code, const SvInput *input, const char *place,
    const char *reason, const char *remedy);
/* Reports a problem of one line (0: of the whole file). */
void sv_intake_problem(SvReport *report, SvErrorCode code, const SvInput *input, guint line,
    const char *reason, const char *remedy);

/* Gives the message its body, cut at SV_MAX_MESSAGE_TEXT (then flagged and reported). */
void sv_intake_body(SvMessage *message, const char *text, gsize len, const SvInput *input, SvReport *report);
/* Sets file and place ("line 12", or NULL for line 0). */
void sv_intake_place(SvMessage *message, const SvInput *input, guint line);
/* Takes the message into the history; FALSE when SV_MAX_MESSAGES are there (the message is freed, a problem
 * is reported once a file by the caller's stopping). */
gboolean sv_intake_add(SvHistory *history, SvMessage *message, const SvInput *input, SvReport *report);

/* Counts how often a key was seen before; for the ordinal of equal messages. `seen` is made by
 * sv_intake_seen_new() and freed with g_hash_table_unref(). */
GHashTable *sv_intake_seen_new(void);
/* "PREFIX:" and 20 hexadecimal digits of the SHA-256 of the parts (NULL at the end of the array) and of the
 * ordinal of this combination; newly allocated. */
char *sv_intake_id(GHashTable *seen, const char *prefix, const char *const *parts);

/* A phone number in E.164 where it can be told ("8 (701) 721-44-08" → "+77017214408"), digits else; NULL when
 * the text is no phone number. Newly allocated. */
char *sv_intake_phone(const char *text);
/* Fills an address from one field: an e-mail, a phone, "Name <a@b>" or a name. */
SvAddress *sv_intake_address(const char *text);

/* The moment that stands in a file name: 2025-11-03_101520, 20251103-1015, 2025.11.03 10-15-20. */
gboolean sv_intake_name_time(const char *name, GTimeZone *zone, SvTime *out);
/* File name without folders and without its last extension; newly allocated. */
char *sv_intake_stem(const char *name);

/* Which of the keys (NULL at the end, at most 32) stand at the top of the JSON object, as bits. Looks at the
 * first MiB; tolerates what is no JSON. 0 when the input does not begin with "{". */
guint sv_intake_keys(const SvInput *input, const char *const *keys);
/* Parses a document no deeper than SV_MAX_JSON_DEPTH; errors name the file. */
cJSON *sv_intake_json(const SvInput *input, GError **error);

/* Rows (GStrv) of a tab-separated data file built into the program; "#" begins a comment. Kept for ever. */
const GPtrArray *sv_intake_rows(const char *resource);
