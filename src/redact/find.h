/* The finders of this folder: each adds SvPii to `out`, in any order, overlaps allowed. */
#pragma once
#include "redact.h"
#include "scan.h"

void sv_find_numbers(const SvScan *scan, GArray *out); /* digits.c: numbers with and without labels */
void sv_find_codes(const SvScan *scan, GArray *out); /* codes.c: numbers with letters in them, spelled out */
void sv_find_addresses(const SvScan *scan, GArray *out);          /* address.c */
void sv_find_health(const SvScan *scan, GArray *out);             /* health.c */
void sv_find_secrets(const SvScan *scan, GArray *out); /* secret.c: passwords, codes, birth dates */
/* secret.c: telephones labelled private that are no telephone of `history`'s people. */
void sv_find_phones(const SvScan *scan, const SvHistory *history, GArray *out);

/* orders.c: SvSpan of the sentences that give orders to a reading machine, newly allocated. */
GArray *sv_find_orders(const SvScan *scan);

/* How strongly a text says that it is privileged. */
typedef enum {
    SV_PRIVILEGE_NONE,
    SV_PRIVILEGE_ADVICE, /* a lawyer's advice about a dispute, or a mark «конфиденциально», without the word
                            privilege */
    SV_PRIVILEGE_MARKED, /* says itself that it is privileged or not for the file */
} SvPrivilege;
SvPrivilege sv_find_privilege(const char *subject, const SvScan *scan);

/* Adds the span of words a … b (both included) as one hit. */
static inline void sv_pii_add(const SvScan *scan, GArray *out, guint a, guint b, SvPiiKind kind)
{
    /* ends are those of words: never inside a character */
    SvPii hit = {{scan->words[a].from, scan->words[b].to}, kind};
    g_array_append_val(out, hit);
}

/* Digits of word i into d (room for `room`), letters that look like digits read as such when at least one
 * real digit stands beside them; 0 when it is no group of digits. */
guint sv_digits_of(const SvScan *scan, guint i, char *d, guint room);
/* The next group of digits that may belong to the same number as word i; 0 when there is none. */
guint sv_digits_next(const SvScan *scan, guint i);
