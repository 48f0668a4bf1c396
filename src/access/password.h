/* Passwords: what makes a good one, and their hashes. Inside the folder. */
#pragma once
#include <glib.h>

typedef enum { SV_PASSWORD_WRONG, SV_PASSWORD_RIGHT, SV_PASSWORD_BUSY } SvPasswordVerdict;

/* SV_ERROR_INPUT when it is too short, too long, no text, or among what is guessed first. */
gboolean sv_password_check(const char *password, const char *login, const char *name, GError **error);
/* The hash as it is stored (Argon2id with its parameters and salt); new; NULL: no memory. Waits for its
 * turn. */
char *sv_password_hash(const char *password, GError **error);
/* `stored` NULL (nobody has this login) takes the same time as a wrong password. Busy: too many wait
 * already. */
SvPasswordVerdict sv_password_verify(const char *stored, const char *password);
