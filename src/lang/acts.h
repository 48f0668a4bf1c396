/* What a sentence does: the recogniser of acts.
 *
 * The door behind which the recogniser may change. Today: one-vs-rest linear models over hashed character and
 * word n-grams with channel and side, trained by tools/train_acts with LIBLINEAR into one mapped file. */
#pragma once
#include <glib.h>

typedef enum {
    SV_ACT_PROMISE,
    SV_ACT_PROMISE_IF,
    SV_ACT_PROMISE_THIRD,
    SV_ACT_REQUEST,
    SV_ACT_QUESTION,
    SV_ACT_OFFER,
    SV_ACT_AGREEMENT,
    SV_ACT_ACCEPT,
    SV_ACT_REFUSAL,
    SV_ACT_DEFERRAL,
    SV_ACT_MOVED,
    SV_ACT_DONE,
    SV_ACT_COMPLAINT,
    SV_ACT_RESOLUTION,
    SV_ACT_OBJECTION,
    SV_ACT_COMPETITOR,
    SV_ACT_DECIDER,
    SV_ACT_PERSONNEL,
    SV_ACT_EVENT,
    SV_ACT_BUDGET,
    SV_ACT_DEADLINE,
    SV_ACT_PREFERENCE,
    SV_ACT_NEED,
    SV_ACT_PURCHASE,
    SV_ACT_PRAISE,
    SV_ACT_HINT,
    SV_ACT_STATUS,
    SV_ACT_PERSONAL,
    SV_ACT_NONE,
    SV_ACT_N
} SvAct;

typedef enum { SV_TALK_EMAIL, SV_TALK_CHAT, SV_TALK_CALL, SV_TALK_NOTE } SvTalk;
typedef enum { SV_WRITER_US, SV_WRITER_CLIENT, SV_WRITER_UNKNOWN } SvWriter;

typedef struct {
    const char *text; /* one sentence, masked */
    gsize len;
    SvTalk talk;
    SvWriter writer;
    const char
        *before; /* the sentence before it: in letters and notes of the same message, in chats and calls also
                  * the last one of the message or turn before, whoever said it; NULL when there is none */
    gsize before_len;
} SvActsInput;

typedef struct {
    float p[SV_ACT_N]; /* calibrated probability of each act */
    float worth;       /* probability that a summary needs it (weight ≥ 2 of eval/facts) */
    float interest;    /* probability that it has any lasting interest (weight ≥ 1) */
} SvActs;

typedef struct SvActsModel SvActsModel;
/* SV_ERROR_SETUP when the file is missing, cut, impossible or of another version. Damage that leaves the sizes
 * right is for sv_acts_check to find; it cannot make reading go astray. */
SvActsModel *sv_acts_open(const char *path, GError **error);
/* Reads the whole file: SV_ERROR_SETUP when its checksum is wrong. */
gboolean sv_acts_check(const SvActsModel *model, GError **error);
void sv_acts_close(SvActsModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvActsModel, sv_acts_close)
/* Allocates nothing; reads at most SV_ACT_LETTERS_MAX characters of the sentence. Safe from many threads. */
void sv_acts_read(const SvActsModel *model, const SvActsInput *input, SvActs *out);
/* Probability from which an act counts as recognised (set inside the training part for best micro-F1). */
float sv_acts_threshold(const SvActsModel *model, SvAct act);
/* "promise" … ; and back (-1). */
const char *sv_act_name(SvAct act);
int sv_act_find(const char *name);
