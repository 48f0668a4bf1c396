/* From messages as received to a history that can be read: cleaning, people, sides, threads, duplicates. */
#pragma once
#include "message.h"
#include "report.h"

/* Fills the second half of every message (see message.h), sorts messages by time (ties: channel, id), joins
 * people across channels, infers sides, language and client name where the card does not say them. Idempotent
 * for the order in which messages were added: any order gives the same history. */
void sv_history_finish(SvHistory *history, SvReport *report);
