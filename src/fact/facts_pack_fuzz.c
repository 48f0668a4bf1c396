/* Kept facts out of any bytes: what is accepted fits its history. */
#include <stdint.h>
#include "facts_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static SvHistory *make_history(void)
{
    SvHistory *h = sv_history_new();
    g_ptr_array_add(h->people, sv_person_new("c1", "Maria", SV_SIDE_CLIENT));
    for (guint i = 0; i < 3; i++) {
        SvMessage *m = sv_message_new(SV_CHANNEL_EMAIL);
        m->text = (SvMasked){g_strdup("We will send the quote by Friday for 100 USD."), 45};
        g_ptr_array_add(h->messages, m);
    }
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static SvHistory *history;
    if (!history)
        history = make_history();
    g_autoptr(SvFacts) facts = sv_facts_unpack(history, data, size, NULL);
    for (guint i = 0; facts && i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        g_assert_cmpuint(f->span.to, <=, 45);
        g_assert_cmpuint(f->key_from + f->n_keys, <=, facts->keys->len);
        g_assert_cmpuint(f->date_from + f->n_dates, <=, facts->dates->len);
        g_assert_cmpuint(f->amount_from + f->n_amounts, <=, facts->amounts->len);
        sv_facts_similarity(facts, i, 0);
    }
    return 0;
}
