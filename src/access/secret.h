/* Random tokens and their digests. Inside the folder. */
#pragma once
#include <glib.h>

#define SV_SECRET_LEN 43u    /* 32 random bytes as base64url */
#define SV_SECRET_DIGEST 32u

/* A new one, NUL-terminated. */
void sv_secret_make(char out[SV_SECRET_LEN + 1]);
/* BLAKE2b of a token. FALSE: it does not look like a token with this prefix, and is known to nobody. */
gboolean sv_secret_digest(const char *token, const char *prefix, guint8 out[SV_SECRET_DIGEST]);
