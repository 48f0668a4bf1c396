/* Files out of archives in memory: zip, tar (also compressed), 7z, and single compressed files. */
#pragma once
#include "report.h"

typedef struct {
    /* Is the content of this file wanted? Asked by its name before anything is unpacked. */
    gboolean (*want)(const char *name, gpointer data);
    /* Takes a file; the bytes are the callee's. FALSE stops. */
    gboolean (*take)(const char *name, GBytes *bytes, gpointer data);
    gpointer data;
    gsize budget; /* unpacked bytes that may still be made, over all archives; goes down */
    guint files;  /* entries that may still be seen, over all archives; goes down */
} SvUnpack;

/* Does it begin like an archive? */
gboolean sv_unpack_is_archive(const char *bytes, gsize len);
/* Gives every wanted regular file to `take`, under its cleaned path inside the archive. Nothing is written.
 * What cannot be unpacked is reported under `name`. FALSE when nothing could. */
gboolean sv_unpack_run(SvUnpack *unpack, const char *bytes, gsize len, const char *name, SvReport *report);
