/* Kept messages: nothing of what the source filled is lost, nothing damaged is believed. */
#include "error.h"
#include "pack.h"
#include <math.h>
#include <string.h>

/* A message with every field that a source may fill. */
static SvMessage *full(void)
{
    SvMessage *m = sv_message_new(SV_CHANNEL_CALL);
    m->id = g_strdup("call:1");
    m->at = (SvTime){1741000000, 5 * 3600};
    m->flags = SV_MESSAGE_OUTGOING | SV_MESSAGE_CUT;
    m->from->name = g_strdup("Алексей");
    g_ptr_array_add(m->to, sv_address_new("Мария", "+77010000001"));
    g_ptr_array_add(m->to, sv_address_new(NULL, NULL));
    ((SvAddress *)m->to->pdata[1])->side = SV_SIDE_CLIENT;
    g_ptr_array_add(m->cc, sv_address_new("", "a@b.kz"));
    m->subject = g_strdup("Звонок");
    m->in_reply_to = g_strdup("x");
    g_ptr_array_add(m->references, g_strdup("r1"));
    g_ptr_array_add(m->references, g_strdup("r2"));
    m->conversation = g_strdup("telegram:4");
    m->body = sv_raw_new("Алло.\nДа.\n", -1);
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    SvTurn turns[] = {{{0, 9}, 0, 0.5}, {{10, 15}, -1, -1}};
    g_array_append_vals(m->turns, turns, 2);
    m->deal = g_new0(SvDealChange, 1);
    m->deal->deal_id = g_strdup("d1");
    m->deal->title = g_strdup("Насосы");
    m->deal->stage = g_strdup("КП");
    m->deal->currency = g_strdup("");
    m->deal->reason = g_strdup("");
    m->deal->amount_text = g_strdup("");
    m->deal->amount = NAN;
    g_ptr_array_add(m->attachments, g_strdup("смета.pdf"));
    m->duration_s = 61.5;
    m->file = g_strdup("calls/1.json");
    m->place = g_strdup("line 3");
    return m;
}

static void test_round(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = full();
    gsize said, len;
    g_autoptr(GBytes) bytes = sv_message_pack(m, &said);
    const void *data = g_bytes_get_data(bytes, &len);
    g_assert_cmpuint(said, <, len);
    g_autoptr(SvMessage) n = sv_message_unpack(data, len, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(n->id, ==, m->id);
    g_assert_cmpint(n->channel, ==, m->channel);
    g_assert_cmpint(n->at.unix_s, ==, m->at.unix_s);
    g_assert_cmpint(n->at.offset_s, ==, m->at.offset_s);
    g_assert_cmpuint(n->flags, ==, m->flags);
    g_assert_cmpstr(n->from->name, ==, "Алексей");
    g_assert_null(n->from->address);
    g_assert_cmpuint(n->to->len, ==, 2);
    g_assert_cmpint(((SvAddress *)n->to->pdata[1])->side, ==, SV_SIDE_CLIENT);
    g_assert_cmpstr(((SvAddress *)n->cc->pdata[0])->name, ==, "");
    g_assert_cmpstr(n->subject, ==, m->subject);
    g_assert_cmpstr(n->in_reply_to, ==, m->in_reply_to);
    g_assert_cmpuint(n->references->len, ==, 2);
    g_assert_cmpstr(n->references->pdata[1], ==, "r2");
    g_assert_cmpstr(n->conversation, ==, m->conversation);
    g_assert_cmpmem(n->body.bytes, n->body.len, m->body.bytes, m->body.len);
    g_assert_cmpuint(n->turns->len, ==, 2);
    g_assert_cmpint(g_array_index(n->turns, SvTurn, 1).speaker, ==, -1);
    g_assert_cmpstr(n->deal->title, ==, "Насосы");
    g_assert_true(isnan(n->deal->amount));
    g_assert_cmpstr(n->attachments->pdata[0], ==, "смета.pdf");
    g_assert_cmpfloat(n->duration_s, ==, 61.5);
    g_assert_cmpstr(n->file, ==, m->file);
    g_assert_cmpstr(n->place, ==, m->place);
    g_assert_cmpint(n->author, ==, -1);
    g_autoptr(GBytes) again = sv_message_pack(n, NULL);
    g_assert_true(g_bytes_equal(bytes, again));
}

static void test_same_words_elsewhere(void)
{
    g_autoptr(SvMessage) a = full(), b = full();
    g_free(b->file);
    b->file = g_strdup("another/place/with/a/longer/name.json");
    gsize x, y;
    g_autoptr(GBytes) p = sv_message_pack(a, &x), q = sv_message_pack(b, &y);
    g_assert_cmpmem(g_bytes_get_data(p, NULL), x, g_bytes_get_data(q, NULL), y);
    g_assert_false(g_bytes_equal(p, q));
}

static void test_empty(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_EMAIL);
    m->id = g_strdup("");
    g_autoptr(GBytes) bytes = sv_message_pack(m, NULL);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    g_autoptr(SvMessage) n = sv_message_unpack(data, len, &error);
    g_assert_no_error(error);
    g_assert_null(n->turns);
    g_assert_null(n->deal);
    g_assert_null(n->subject);
    g_assert_cmpuint(n->body.len, ==, 0);
}

static void test_damage(void)
{
    g_autoptr(SvMessage) m = full();
    g_autoptr(GBytes) bytes = sv_message_pack(m, NULL);
    gsize len;
    const guint8 *data = g_bytes_get_data(bytes, &len);
    g_autofree guint8 *copy = g_memdup2(data, len);
    for (gsize i = 0; i < len; i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(sv_message_unpack(copy, i, &error)); /* cut off */
        g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
        copy[i] ^= 0x40;
        g_assert_null(sv_message_unpack(copy, len, NULL));
        copy[i] ^= 0x40;
    }
    g_assert_null(sv_message_unpack("", 0, NULL));
}

static void test_damaged_history(void)
{
    g_autoptr(SvHistory) h = sv_history_new();
    g_ptr_array_add(h->people, sv_person_new("c1", "Мария", SV_SIDE_CLIENT));
    h->zone = g_time_zone_new_identifier("Asia/Almaty");
    SvMessage *m = full();
    m->thread = g_strdup("t");
    m->text = (SvMasked){g_strdup("Алло.\nДа.\n"), strlen("Алло.\nДа.\n")};
    m->author = 0;
    g_ptr_array_add(h->messages, m);
    g_autoptr(GByteArray) out = g_byte_array_new();
    sv_history_pack_masked(h, out);
    gsize used = 0;
    g_autoptr(SvHistory) back = sv_history_unpack_masked(out->data, out->len, &used, NULL);
    g_assert_nonnull(back);
    g_assert_cmpuint(used, ==, out->len);
    g_assert_cmpstr(g_time_zone_get_identifier(back->zone), ==, "Asia/Almaty");
    for (guint i = 0; i < out->len; i++) {
        g_assert_null(sv_history_unpack_masked(out->data, i, &used, NULL));
        out->data[i] ^= 4;
        g_assert_null(sv_history_unpack_masked(out->data, out->len, &used, NULL));
        out->data[i] ^= 4;
    }
    m->author = 1; /* nobody */
    g_byte_array_set_size(out, 0);
    sv_history_pack_masked(h, out);
    g_assert_null(sv_history_unpack_masked(out->data, out->len, &used, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/pack/round", test_round);
    g_test_add_func("/message/pack/same-words-elsewhere", test_same_words_elsewhere);
    g_test_add_func("/message/pack/empty", test_empty);
    g_test_add_func("/message/pack/damage", test_damage);
    g_test_add_func("/message/pack/damaged-history", test_damaged_history);
    return g_test_run();
}
