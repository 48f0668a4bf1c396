/* From messages as received to a history that can be read: cleaning, people, sides, threads, duplicates. */
#pragma once
#include "message.h"
#include "report.h"

/* Fills the second half of every message (see message.h), sorts messages by time (ties: channel, id), joins
 * people across channels, infers sides, language and client name where the card does not say them. Idempotent
 * for the order in which messages were added: any order gives the same history, and so does a second call.
 *
 * A letter that passes on another's text with words of its own becomes two messages with one id: the letter
 * with its comment, and right after it the content by its own writer (FORWARDED | FORWARD_PART,
 * `forwarded_by` set). A letter that is nothing but a forward stays one message by the forwarded person. A
 * forward that does not say whose text it holds has author -1. */
void sv_history_finish(SvHistory *history, SvReport *report);
