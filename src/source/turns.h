/* A call in the making: participants, turns, body. Shared by transcripts and subtitles. */
#pragma once
#include "intake.h"

typedef struct {
    SvMessage *message;
    GString *body;
    GHashTable *speakers; /* label → index into message->to, plus one */
    double last_end;
    const SvInput *input;
} SvCall;

SvCall *sv_call_new(const SvInput *input);
void sv_call_free(SvCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvCall, sv_call_free)

/* Adds a participant under the label that turns use for him; takes the address. Returns its index, -1 when
 * there are too many. */
int sv_call_participant(SvCall *call, const char *label, SvAddress *address);
/* The participant of a label; an unknown label becomes a participant: by name, or nameless when the label is
 * one that recognisers make up ("A", "SPEAKER_01"), with a side when it is a role ("agent", "клиент"). -1 for
 * NULL and "". */
int sv_call_speaker(SvCall *call, const char *label);
/* Adds what was said. With `join` a piece that goes on with an unfinished sentence of the same speaker less
 * than three seconds later joins his turn. Times are seconds, -1 when unknown. */
void sv_call_turn(SvCall *call, int speaker, double start, double end, const char *text, gboolean join);
/* Fills body, duration, sender and flags; `direction` is "in", "out" or NULL. Without a turn the call is one
 * without transcript. The message is the caller's. */
SvMessage *sv_call_finish(SvCall *call, const char *direction, SvReport *report);
/* Did a phone-call recogniser make up this label, or is it a role? "none", "us", "client"; NULL: a name. */
const char *sv_call_label_kind(const char *label);
