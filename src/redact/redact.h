/* The only door from raw to masked text.
 *
 * Personal and payment data are replaced by a placeholder in the history's language («[паспорт]», "[card
 * number]"); privileged talk is left out whole, with the thread it belongs to; sentences that give orders to
 * a reading machine are marked. Business phones, e-mail and office addresses of the card's people stay. */
#pragma once
#include "message.h"

typedef enum {
    SV_PII_PASSPORT, SV_PII_NATIONAL_ID /* ИИН SSN NI */, SV_PII_TAX_ID /* ИНН of a person */,
    SV_PII_CARD, SV_PII_ACCOUNT /* bank account, IBAN */, SV_PII_ADDRESS /* home */, SV_PII_HEALTH,
    SV_PII_BIRTH, SV_PII_SECRET /* passwords, codes */, SV_PII_PHONE /* private */, SV_PII_SNILS,
    SV_PII_DOCUMENT /* driving licence and the like */, SV_PII_N
} SvPiiKind;

typedef struct {
    SvSpan span; /* in the raw text */
    SvPiiKind kind;
} SvPii;

/* Masks every message's own text and subject, decides what is privileged, marks orders. After it `own` and
 * `subject` are of no more use to anybody. Returns nothing: it cannot fail, in doubt it masks. */
void sv_redact_history(SvHistory *history);

/* What would be masked in one text (for `inspect mask` and tests); SvPii, in order, not overlapping.
 * `history` (may be NULL) supplies the people whose business data stay. */
GArray *sv_redact_find(const SvHistory *history, const char *text, gsize len);
/* The text with placeholders; `language` "ru" or "en". *n_masked may be NULL. */
SvMasked sv_redact_text(const SvHistory *history, SvRaw raw, const char *language, guint *n_masked);
/* Sentences that give orders to a reading machine; SvSpan. */
GArray *sv_redact_find_orders(const char *text, gsize len);
/* Is it talk with lawyers or marked confidential? */
gboolean sv_redact_is_privileged(const char *subject, const char *text, gsize len);
/* "passport", "card" … for inspect. */
const char *sv_pii_name(SvPiiKind kind);
