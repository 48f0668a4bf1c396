/* How many logins may fail: 10 in any 15 minutes. Inside the folder.
 *
 * The rule. A pair of address and name that has logged in within 30 days is an acquaintance: only its own
 * failures count against it. Everybody else is a stranger, and has two counts: of the address, and of the
 * name by all strangers together. So whoever guesses at a name gets 10 tries in 15 minutes from all his
 * addresses together, and its owner, at an address of his own, does not notice; a colleague's wrong
 * passwords do not keep an office behind one address from working. From a new address the owner waits until
 * the oldest of the 10 failures is 15 minutes old: a try that was refused does not count, so nobody is shut
 * out for ever. A success takes only its own try back, so an attacker with an account gains nothing by using
 * it.
 *
 * A try counts when it begins, so that many at once do not pass together. IPv6 addresses count by /64. Kept
 * in memory only: a new start forgets failures and acquaintances. Thread-safe, bounded. */
#pragma once
#include <glib.h>

typedef struct SvThrottle SvThrottle;
typedef struct {
    char *address, *login; /* as keys */
    gboolean acquainted;
    gint64 at;
} SvTry;
void sv_try_clear(SvTry *try);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SvTry, sv_try_clear)

SvThrottle *sv_throttle_new(void);
void sv_throttle_free(SvThrottle *throttle);
/* Counts a try; FALSE: there were too many, this one is not counted. `now`: any seconds that grow. */
gboolean sv_throttle_begin(
    SvThrottle *throttle, const char *address, const char *login, gint64 now, SvTry *try);
/* It did not fail: it is not counted; with `success` the pair is an acquaintance from now on. */
void sv_throttle_take_back(SvThrottle *throttle, const SvTry *try, gboolean success);
