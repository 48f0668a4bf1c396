/* Sources: foreign formats become messages. One file a format, each one `const struct SvSource`.
 *
 * A source knows its format and nothing else. It is found by content, never by name: every source looks at
 * the bytes and says how sure it is. What it cannot read it reports with file, place, reason and remedy, and
 * reads on. No source recurses on input or trusts a length.
 *
 * Sources name addresses, not people; only the card makes people. Two conventions:
 *  - a forwarded chat message (SV_MESSAGE_FORWARDED on a chat channel) has in `from` the person it comes from
 *    (name NULL when the messenger hides him) and in `cc`, alone, who passed it on;
 *  - a call without words (SV_MESSAGE_NO_TRANSCRIPT) has an empty body and, when it was missed or busy, a
 *    duration of 0. */
#pragma once
#include "message.h"
#include "report.h"

typedef struct {
    const char *name;   /* as the user sees it: path, or "a.zip/b.txt" */
    const char *bytes;  /* not NUL-terminated */
    gsize len;
    const char *folder; /* name of the folder it lies in, for Maildir and chat exports; may be "" */
    const char *mapping; /* key file text that maps other table headers (sources/table.c); NULL */
} SvInput;

typedef struct SvSource {
    const char *
        name; /* "mbox", "eml", "whatsapp", "telegram", "transcript", "subtitles", "notes", "deals", "card" */
    int surest; /* the most that probe ever says */
    /* How sure it is that it can read this input: 0 not mine … 100 certain. Looks at a bounded prefix. */
    int (*probe)(const SvInput *input);
    /* Adds messages (or the card) to the history. FALSE with an error when nothing could be read; problems of
     * parts go to the report. */
    gboolean (*read)(const SvInput *input, SvHistory *history, SvReport *report, GError **error);
} SvSource;

extern const SvSource sv_source_mbox, sv_source_eml, sv_source_whatsapp, sv_source_telegram,
    sv_source_transcript, sv_source_subtitles, sv_source_table, sv_source_card;

/* All sources, NULL at the end. */
extern const SvSource *const sv_sources[];

/* The source that is surest about the input; NULL when none is. */
const SvSource *sv_source_find(const SvInput *input);

/* Reads files, folders and archives in any mix into the history: finds each kind by content, reads the card
 * first so that its zone is known, passes over pictures and other attachments silently (counted in a note).
 * `mapping` may be NULL. FALSE when nothing at all could be read. */
gboolean sv_source_read_paths(const char *const *paths, const char *card_path, const char *mapping,
    SvHistory *history, SvReport *report, GError **error);
