/* What a digest is made of. Inside the folder. */
#pragma once
#include "choose.h"
#include "compose.h"

struct SvDigest {
    const SvEngine *engine;
    const SvHistory *history;
    SvTime as_of;
    SvFacts *own_facts; /* when they were read here; NULL when they are the caller's */
    const SvFacts *facts;
    SvLedger *ledger;
    SvChoosing *choosing;
};

/* How the digest's facts are worded in a language. */
SvWording sv_digest_wording(const SvDigest *digest, SvLang language);
