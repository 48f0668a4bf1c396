/* The common message, the client it belongs to, and the people in it.
 *
 * A source fills the first half of SvMessage; `history.h` fills the second half (cleaning, people, threads,
 * duplicates); redact/ makes the masked text that everything after it reads. Raw and masked text are
 * different types: only redact/ turns one into the other. */
#pragma once
#include <glib.h>
#include "span.h"
#include "moment.h"

typedef enum {
    SV_CHANNEL_EMAIL,
    SV_CHANNEL_WHATSAPP,
    SV_CHANNEL_TELEGRAM,
    SV_CHANNEL_CALL,
    SV_CHANNEL_NOTE,
    SV_CHANNEL_DEAL,
    SV_CHANNEL_N
} SvChannel;

typedef enum { SV_SIDE_UNKNOWN, SV_SIDE_US, SV_SIDE_CLIENT, SV_SIDE_THIRD } SvSide;

/* Text as it was written, with everything that must be masked still in it. */
typedef struct {
    char *bytes;
    gsize len;
} SvRaw;

/* Text that may be read by fact/, a model, a cache or a person. Made by redact/ only. */
typedef struct {
    char *bytes;
    gsize len;
} SvMasked;

/* Somebody as a source names him. */
typedef struct {
    char *name;    /* "Мария Козлова"; NULL when unknown */
    char *address; /* e-mail, phone or chat handle ("user123"); NULL when unknown */
    SvSide side;   /* when the source itself says it (call transcripts), else unknown */
} SvAddress;

typedef struct {
    char *id;           /* "c1" of the card or "p3" of our own count; unique in a history */
    char *name;         /* fullest form seen, nominative */
    char *role;         /* from the card or a signature; NULL when unknown */
    SvSide side;
    GPtrArray *emails;  /* char *, lower case */
    GPtrArray *phones;  /* char *, E.164 where it can be told: "+77017214408" */
    GPtrArray *aliases; /* char *: other names and handles */
    gboolean in_card;
} SvPerson;

/* One turn of a call: a piece of the message's body. */
typedef struct {
    SvSpan span;     /* in `body`; after history_finish in `own` too (calls are not cut) */
    int speaker;     /* index into SvMessage.to (participants), -1 unknown; after history_finish in people */
    double start_s;  /* seconds from the start of the call; -1 when unknown */
} SvTurn;

typedef struct {
    char *deal_id, *title, *stage, *currency, *reason; /* "" when absent */
    double amount;                                     /* NAN when absent */
    char *amount_text;                                 /* as it stands in the table */
} SvDealChange;

typedef enum {
    SV_MESSAGE_SYSTEM = 1 << 0, /* written by the messenger, not by a person */
    SV_MESSAGE_AUTO = 1 << 1,   /* auto-reply, delivery report */
    SV_MESSAGE_BULK = 1 << 2,   /* newsletter, mailing list */
    SV_MESSAGE_MEDIA = 1 << 3,  /* only a picture, voice or file placeholder */
    SV_MESSAGE_DELETED = 1 << 4,
    SV_MESSAGE_EDITED = 1 << 5,
    SV_MESSAGE_NO_TRANSCRIPT = 1 << 6, /* a call of which no words are known */
    SV_MESSAGE_FORWARDED = 1 << 7,     /* content is somebody else's */
    SV_MESSAGE_CUT = 1 << 8,           /* longer than SV_MAX_MESSAGE_TEXT */
    SV_MESSAGE_OUTGOING = 1 << 9,      /* the source says that our side sent it */
    SV_MESSAGE_INCOMING = 1 << 10,
    SV_MESSAGE_FORWARD_PART =
        1 << 11, /* content of a forward, apart from the letter with the same id that carries it */
} SvMessageFlags;

typedef struct {
    /* filled by the source */
    char *id;              /* stable key: Message-ID without <>, "telegram:4242:17", transcript or row id */
    SvChannel channel;
    SvTime at;
    guint flags;           /* SvMessageFlags */
    SvAddress *from;       /* never NULL; its fields may be */
    GPtrArray *to, *cc;    /* SvAddress *; for calls `to` holds all participants */
    char *subject;         /* decoded; NULL when there is none */
    char *in_reply_to;     /* id of the message it answers; NULL */
    GPtrArray *references; /* char * ids, oldest first */
    char *conversation;    /* chat or mailbox key that groups messages; NULL */
    SvRaw body;            /* as received: UTF-8, LF, HTML already text with quotes as "> " lines */
    GArray *turns;         /* SvTurn; NULL but for calls */
    SvDealChange *deal;    /* NULL but for deals */
    GPtrArray *attachments; /* char * file names */
    double duration_s;     /* calls; -1 when unknown */
    char *file, *place;    /* where it came from, for errors and doctor */

    /* filled by sv_history_finish() */
    int author;        /* index into people, -1 unknown */
    SvRaw own;         /* own text: no quotes, signatures, disclaimers */
    char *thread;      /* same string, same thread; never NULL after finish */
    int reply_to;      /* index of the answered message, -1 */
    int duplicate_of;  /* index of the message that stays, -1 */
    int forwarded_by;  /* index into people of who passed it on, -1; `author` is then the forwarded person */

    /* filled by redact */
    SvMasked text;     /* masked `own` */
    SvMasked title;    /* masked subject; bytes NULL when there is none */
    guint n_masked;    /* masked spans in text and title */
    gboolean excluded; /* privileged: text and title are empty */
    GArray *orders;    /* SvSpan in text: sentences that give orders to a reading machine */
} SvMessage;

typedef struct {
    char *client_name;     /* from the card or inferred; NULL when unknown */
    char *language;        /* "ru" or "en"; from the card or inferred by finish */
    GTimeZone *zone;       /* for times written without one; NULL: UTC */
    gboolean has_card;
    char *card;            /* the card as it was read, JSON; NULL. Raw: for the store alone */
    gboolean sides_inferred;
    gboolean zone_inferred;
    GPtrArray *people;     /* SvPerson * */
    GPtrArray *messages;   /* SvMessage *, in order of time after finish */
} SvHistory;

SvHistory *sv_history_new(void);
void sv_history_free(SvHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvHistory, sv_history_free)

SvMessage *sv_message_new(SvChannel channel);
void sv_message_free(SvMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvMessage, sv_message_free)

SvAddress *sv_address_new(const char *name, const char *address);
void sv_address_free(SvAddress *address);
SvPerson *sv_person_new(const char *id, const char *name, SvSide side);
void sv_person_free(SvPerson *person);

/* Copies text into a raw text; len < 0: up to NUL. */
SvRaw sv_raw_new(const char *text, gssize len);
void sv_raw_clear(SvRaw *raw);

/* "email whatsapp telegram call note deal"; and back (-1 when unknown). */
const char *sv_channel_name(SvChannel channel);
int sv_channel_find(const char *name);
/* "us client third", "" for unknown. */
const char *sv_side_name(SvSide side);
SvSide sv_side_find(const char *name);

/* The person of an index, or NULL for -1. */
const SvPerson *sv_history_person(const SvHistory *history, int index);
/* The side of an author index; unknown for -1. */
SvSide sv_history_side(const SvHistory *history, int index);
