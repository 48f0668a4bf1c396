/* Every limit that a parser or a buffer keeps, in one place. Sizes are bytes unless the name says else.
 *
 * The figures follow facts of other mail and archive readers: MIME depth and parts as MIME-tools' defaults,
 * addresses and header bytes as Dovecot's after its denial-of-service fixes. */
#pragma once

#define SV_MAX_FILE (512u << 20)          /* one input file */
#define SV_MAX_FILES 200000u              /* files below all PATHs */
#define SV_MAX_DEPTH 32u                  /* folders inside folders */
#define SV_MAX_ARCHIVE_DEPTH 2u           /* archives inside archives */
#define SV_MAX_ARCHIVE_BYTES (1u << 30)   /* unpacked bytes of one archive */
#define SV_MAX_ARCHIVE_RATIO 200u         /* unpacked : packed, above 1 MiB */
#define SV_MAX_MESSAGES 500000u           /* messages of one client */
#define SV_MAX_MESSAGE_TEXT (1u << 20)    /* text of one message; the rest is cut and reported */
#define SV_MAX_MIME_DEPTH 64u
#define SV_MAX_MIME_PARTS 1000u
#define SV_MAX_HEADERS (256u << 10)       /* header block of one letter */
#define SV_MAX_ADDRESSES 1000u            /* addresses of one header */
#define SV_MAX_JSON_DEPTH 64u
#define SV_MAX_LINE (1u << 20)            /* one line of a text format */
#define SV_MAX_FIELDS 256u                /* columns of a table row */
#define SV_MAX_SENTENCES 20000u           /* sentences of one message */
#define SV_MAX_PROBLEMS 200u              /* problems kept with text; the rest are counted */
