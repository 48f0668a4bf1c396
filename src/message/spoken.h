/* What a single message says, without its history: for the index of words. */
#pragma once
#include "message.h"

/* Own text of a letter and what it passes on, a chat line without the messenger's marks, a call's or note's
 * text, stage and reason of a deal: without quotes, signatures and disclaimers. Newly allocated, raw. */
SvRaw sv_message_spoken(const SvMessage *message);
