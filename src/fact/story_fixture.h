/* Histories for tests, told in lines of text:
 *
 *   2025-11-03T10:00 email us: Мария, пришлю смету до 7 ноября.
 *   2025-11-03T12:00 whatsapp client: Спасибо!
 *
 * Moment (UTC+5), channel (email, whatsapp, call, note), who, text; "\n" in a text is a line break. People,
 * all of the card: us (Алексей Ким), us2 (Олег Титов), client (Мария Козлова), client2 (Павел Юдин). Messages
 * of a channel are one thread. Empty lines and lines that begin with # mean nothing. */
#pragma once
#include "fact.h"

/* Finished and masked. `shuffle` 0: messages are added as they stand, else in an order that the number
 * picks. */
SvHistory *sv_story_read(const char *lines, guint shuffle);
/* A moment of the stories' clock. */
SvTime sv_story_time(const char *text);
/* The folder's models: $SVODKA_DATA/NAME. Newly allocated. */
char *sv_story_data(const char *name);
/* The index of the first fact whose words hold `part`; -1. */
int sv_story_find(const SvFacts *facts, const char *part);
