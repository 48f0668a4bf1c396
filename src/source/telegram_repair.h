/* Telegram Desktop writes JSON that is not quite JSON; this makes it so. */
#pragma once
#include <glib.h>

/* Repairs control characters written "\xNN" or raw, unknown escapes, words without quotes and commas before a
 * closing bracket. NULL when there was nothing to repair (the input is fine as it is); else newly allocated,
 * and *repairs counts. */
GString *sv_telegram_repair(const char *json, gsize len, guint *repairs);
