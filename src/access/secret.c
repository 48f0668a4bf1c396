/* Random tokens and their digests: see secret.h. A token is random as a whole, so that a quick hash without a
 * salt is enough: who reads the table cannot find the token. */
#include "secret.h"
#include <sodium.h>
#include <string.h>

static void ready(void)
{
    static gsize once = 0;
    if (!g_once_init_enter(&once))
        return;
    if (sodium_init() < 0)
        g_error("the cryptographic library does not start");
    g_once_init_leave(&once, 1);
}

void sv_secret_make(char out[SV_SECRET_LEN + 1])
{
    guint8 bytes[32];
    ready();
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(
        out, SV_SECRET_LEN + 1, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

gboolean sv_secret_digest(const char *token, const char *prefix, guint8 out[SV_SECRET_DIGEST])
{
    gsize skip = strlen(prefix);
    if (!token || strncmp(token, prefix, skip) != 0 ||
        strnlen(token + skip, SV_SECRET_LEN + 1) != SV_SECRET_LEN)
        return FALSE;
    for (const char *p = token + skip; *p; p++)
        if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
            return FALSE;
    ready();
    crypto_generichash(out, SV_SECRET_DIGEST, (const guint8 *)token, skip + SV_SECRET_LEN, NULL, 0);
    return TRUE;
}
