/* A quick checksum against damage of files of ours (not against malice). */
#pragma once
#include <glib.h>

/* Of any bytes; four lanes of multiply and fold, so that a processor works on them side by side. */
guint64 sv_checksum(const void *bytes, gsize len);
