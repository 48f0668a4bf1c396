/* Errors: one domain for the whole program, and one table that says what each code means outside.
 *
 * Every function that can fail takes a GError ** as its last argument and leaves its outputs untouched on
 * failure. A message names the file, the place and the remedy; it never holds a client's text. */
#pragma once
#include <glib.h>

#define SV_ERROR (sv_error_quark())

typedef enum {
    SV_ERROR_BUG,       /* broken invariant of ours */
    SV_ERROR_USAGE,     /* wrong options or arguments */
    SV_ERROR_PARTIAL,   /* some of the input could not be read; the rest was */
    SV_ERROR_INPUT,     /* malformed input: nothing in it could be read */
    SV_ERROR_NOT_FOUND, /* no such file, client, message */
    SV_ERROR_LIMIT,     /* input larger than a limit of base/sv_limits.h */
    SV_ERROR_IO,        /* the operating system refused to read or write */
    SV_ERROR_SETUP,     /* a data file of ours is missing or damaged: `make setup` */
    SV_ERROR_FORBIDDEN, /* the reader may not */
    SV_ERROR_CONFLICT,  /* somebody else changed it */
    SV_ERROR_BUSY,      /* try again later */
    SV_ERROR_UPSTREAM,  /* another system failed */
    SV_ERROR_UNKNOWN_OUTCOME, /* it may or may not have happened */
    SV_ERROR_N
} SvErrorCode;

typedef struct {
    const char *name;   /* stable identifier for machines */
    int exit_code;      /* of the command line */
    int http_status;    /* of the API */
    gboolean retry;     /* may the same call succeed later? */
    const char *help;   /* one line for docs and --help */
} SvErrorInfo;

GQuark sv_error_quark(void);

/* What a code means outside. Never NULL. */
const SvErrorInfo *sv_error_info(SvErrorCode code);

/* Exit code for an error of any domain (1 for foreign ones, 0 for NULL). */
int sv_error_exit_code(const GError *error);
