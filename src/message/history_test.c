/* Histories finished: people, sides, threads, duplicates, forwards; any order gives the same. */
#include <math.h>
#include <string.h>
#include "history.h"

#define DAY 86400

static SvMessage *add(SvHistory *h, SvChannel channel, const char *id, gint64 at, const char *name,
    const char *address, const char *body)
{
    SvMessage *m = sv_message_new(channel);
    m->id = g_strdup(id);
    m->at = (SvTime){1760000000 + at, 5 * 3600};
    sv_address_free(m->from);
    m->from = sv_address_new(name, address);
    m->body = sv_raw_new(body, -1);
    g_ptr_array_add(h->messages, m);
    return m;
}

static SvMessage *letter(SvHistory *h, const char *id, gint64 at, const char *from, const char *to,
    const char *subject, const char *body)
{
    const char *lt = strchr(from, '<');
    g_autofree char *name = lt ? g_strndup(from, (gsize)(lt - from)) : NULL;
    g_autofree char *address = lt ? g_strndup(lt + 1, strlen(lt) - 2) : g_strdup(from);
    SvMessage *m = add(h, SV_CHANNEL_EMAIL, id, at, name ? g_strstrip(name) : NULL, address, body);
    m->subject = g_strdup(subject);
    g_ptr_array_add(m->to, sv_address_new(NULL, to));
    return m;
}

static SvMessage *find(const SvHistory *h, const char *id)
{
    for (guint i = 0; i < h->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        if (g_strcmp0(m->id, id) == 0)
            return m;
    }
    g_error("no message %s", id);
}

static const char *author(const SvHistory *h, const char *id)
{
    const SvPerson *p = sv_history_person(h, find(h, id)->author);
    return p ? p->id : "";
}

static SvSide side(const SvHistory *h, const char *id)
{
    return sv_history_side(h, find(h, id)->author);
}

static SvHistory *with_card(void)
{
    SvHistory *h = sv_history_new();
    h->has_card = TRUE;
    h->client_name = g_strdup("ООО «Лунный лес»");
    h->language = g_strdup("ru");
    SvPerson *c = sv_person_new("c1", "Анна Юдина", SV_SIDE_CLIENT),
             *m = sv_person_new("m1", "Олег Титов", SV_SIDE_US);
    g_ptr_array_add(c->emails, g_strdup("a.yudina@lunnyles.ru"));
    g_ptr_array_add(c->phones, g_strdup("8 912 000-11-44"));
    g_ptr_array_add(m->emails, g_strdup("o.titov@parus-stroy.ru"));
    c->in_card = m->in_card = TRUE;
    g_ptr_array_add(h->people, c);
    g_ptr_array_add(h->people, m);
    return h;
}

static void test_one_person(void)
{
    g_autoptr(SvHistory) h = with_card();
    letter(h, "e1", 0, "Анна Юдина <A.Yudina@lunnyles.ru>", "o.titov@parus-stroy.ru", "смета",
        "Смету жду.\n\nАнна Юдина\nглавный бухгалтер");
    add(h, SV_CHANNEL_WHATSAPP, "w1", 100, "Юдина Анна", NULL, "Смету вижу");
    add(h, SV_CHANNEL_WHATSAPP, "w2", 200, NULL, "+7 912 0001144", "Жду");
    add(h, SV_CHANNEL_TELEGRAM, "t1", 300, "Anna Yudina", "user77", "Ok");
    add(h, SV_CHANNEL_TELEGRAM, "t2", 400, NULL, "user77", "Ok");
    add(h, SV_CHANNEL_NOTE, "n1", 500, "Титов О.", NULL, "  Звонил, ждут смету.  ");
    letter(h, "e2", 600, "Пётр Ладный <p@ladny-law.ru>", "o.titov@parus-stroy.ru", "иск", "Иск подан.");
    letter(h, "e3", 700, "Вера Мост <v.most@lunnyles.ru>", "o.titov@parus-stroy.ru", "пропуск",
        "Нужен пропуск.");
    sv_history_finish(h, NULL);
    static const char *const hers[] = {"e1", "w1", "w2", "t1", "t2"};
    for (guint i = 0; i < G_N_ELEMENTS(hers); i++)
        g_assert_cmpstr(author(h, hers[i]), ==, "c1");
    g_assert_cmpstr(author(h, "n1"), ==, "m1");
    g_assert_cmpstr(find(h, "n1")->own.bytes, ==, "Звонил, ждут смету.");
    g_assert_cmpint(side(h, "e2"), ==, SV_SIDE_THIRD);
    g_assert_cmpint(side(h, "e3"), ==, SV_SIDE_CLIENT);
    const SvPerson *anna = g_ptr_array_index(h->people, 0);
    g_assert_cmpstr(anna->role, ==, "главный бухгалтер");
    g_assert_cmpstr(g_ptr_array_index(anna->phones, 0), ==, "+79120001144");
    g_assert_false(h->sides_inferred);
}

static void test_without_card(void)
{
    g_autoptr(SvHistory) h = sv_history_new();
    letter(h, "e1", 0, "Nora Whitfield <nora@whitfield.example>", "ivan@petrov-tools.example", "Order",
        "Please send us the price list.\n\nKind regards,\nNora Whitfield\nBuyer\nWhitfield & Sons Ltd");
    letter(h, "e2", DAY, "Ivan Petrov <ivan@petrov-tools.example>", "nora@whitfield.example", "Re: Order",
        "Our quote is attached.");
    letter(h, "e3", 2 * DAY, "Carl Dray <carl@dray-lines.example>", "ivan@petrov-tools.example", "Pickup",
        "Truck at nine.");
    add(h, SV_CHANNEL_NOTE, "n1", 3 * DAY, "Ivan Petrov", NULL, "Nora wants twelve.");
    add(h, SV_CHANNEL_WHATSAPP, "w1", 4 * DAY, "Bob", NULL, "Gate is open")->conversation =
        g_strdup("whatsapp:x");
    add(h, SV_CHANNEL_WHATSAPP, "w2", 4 * DAY + 60, "Ivan Petrov", NULL, "Thanks")->conversation =
        g_strdup("whatsapp:x");
    sv_history_finish(h, NULL);
    g_assert_true(h->sides_inferred);
    g_assert_cmpint(side(h, "e1"), ==, SV_SIDE_CLIENT);
    g_assert_cmpint(side(h, "e2"), ==, SV_SIDE_US);
    g_assert_cmpint(side(h, "e3"), ==, SV_SIDE_THIRD);
    g_assert_cmpint(side(h, "n1"), ==, SV_SIDE_US);
    g_assert_cmpint(side(h, "w1"), ==, SV_SIDE_CLIENT);
    g_assert_cmpstr(h->client_name, ==, "Whitfield & Sons Ltd");
    g_assert_cmpstr(h->language, ==, "en");
}

static void test_threads(void)
{
    g_autoptr(SvHistory) h = with_card();
    const char *a = "a.yudina@lunnyles.ru", *o = "o.titov@parus-stroy.ru";
    letter(h, "e1", 0, a, o, "Смета", "Жду смету на бетон.");
    SvMessage *m = letter(h, "e2", DAY, o, a, "Re: Смета", "Отправил.");
    m->in_reply_to = g_strdup("e1");
    letter(h, "e3", 2 * DAY, a, o, "RE[2]: смета", "Получила.");
    letter(h, "e4", 50 * DAY, a, o, "смета", "Новая смета?");
    letter(h, "e5", 3 * DAY, "x@dray-lines.ru", "y@dray-lines.ru", "Смета", "Чужая.");
    g_ptr_array_add(letter(h, "e6", 4 * DAY, a, o, "Акты", "Раз.")->references, g_strdup("lost"));
    g_ptr_array_add(letter(h, "e7", 5 * DAY, o, a, "Другое", "Два.")->references, g_strdup("lost"));
    for (guint i = 0; i < 2; i++)
        add(h, SV_CHANNEL_WHATSAPP, i ? "w2" : "w1", i, "Анна Юдина", NULL, "Ок")->conversation =
            g_strdup("whatsapp:y");
    sv_history_finish(h, NULL);
    const char *t = find(h, "e1")->thread;
    g_assert_cmpstr(find(h, "e2")->thread, ==, t);
    g_assert_cmpstr(find(h, "e3")->thread, ==, t);
    g_assert_cmpstr(find(h, "e4")->thread, !=, t);
    g_assert_cmpstr(find(h, "e5")->thread, !=, t);
    g_assert_cmpstr(find(h, "e6")->thread, ==, find(h, "e7")->thread);
    g_assert_cmpstr(find(h, "w1")->thread, ==, find(h, "w2")->thread);
    const SvMessage *answered = g_ptr_array_index(h->messages, (guint)find(h, "e2")->reply_to);
    g_assert_cmpstr(answered->id, ==, "e1");
}

static guint count_live(const SvHistory *h)
{
    guint n = 0;
    for (guint i = 0; i < h->messages->len; i++)
        n += ((SvMessage *)g_ptr_array_index(h->messages, i))->duplicate_of < 0;
    return n;
}

static void add_chat(SvHistory *h, const char *file, const char *name, gint64 at, const char *text)
{
    static guint n;
    g_autofree char *id = g_strdup_printf("%s:%u", file, ++n);
    SvMessage *m = add(h, SV_CHANNEL_WHATSAPP, id, at, name, NULL, text);
    m->file = g_strdup(file);
    m->conversation = g_strdup_printf("whatsapp:%s", file);
}

static void test_duplicates(void)
{
    g_autoptr(SvHistory) h = with_card();
    const char *a = "a.yudina@lunnyles.ru", *o = "o.titov@parus-stroy.ru";
    const char *long_text = "Отгрузку переносим на среду, машина одна.";
    letter(h, "e1", 0, a, o, "отгрузка", long_text);
    letter(h, "e1", 0, a, o, "отгрузка", "Отгрузку переносим на среду,\nмашина одна.");
    letter(h, "e1", 5, a, o, "квота", "Квота 80 процентов, это совсем другое письмо.");
    letter(h, "sent-e1", 20, a, o, "отгрузка", long_text);
    letter(h, "f1", DAY, o, "boss@parus-stroy.ru", "Fwd: отгрузка",
        "Для сведения.\n\n---------- Forwarded message ---------\nОт: Анна Юдина "
        "<a.yudina@lunnyles.ru>\nДата: 1 мая\nТема: отгрузка\n\n"
        "Отгрузку переносим на среду, машина одна.");
    for (gint64 shift = 0; shift <= 120; shift += 120) {
        const char *file = shift ? "b.txt" : "a.txt";
        add_chat(h, file, "Анна Юдина", 2 * DAY + shift * 60, "Пропуск на машину готов, заезжайте");
        add_chat(h, file, "Олег Титов", 2 * DAY + shift * 60 + 60, "Водитель будет в девять утра");
        add_chat(h, file, "Анна Юдина", 2 * DAY + shift * 60 + 120, "Ворота со стороны Лесной улицы");
        add_chat(h, file, "Анна Юдина", 2 * DAY + shift * 60 + 130, "ок");
        add_chat(h, file, "Анна Юдина", 2 * DAY + shift * 60 + 140, "ок");
    }
    sv_history_finish(h, NULL);
    /* e1, the other e1, the comment of f1, five lines of chat */
    g_assert_cmpuint(h->messages->len, ==, 16);
    g_assert_cmpuint(count_live(h), ==, 8);
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(h->messages, i);
        if (m->duplicate_of >= 0)
            g_assert_cmpint(
                ((SvMessage *)g_ptr_array_index(h->messages, (guint)m->duplicate_of))->duplicate_of, ==, -1);
        if (m->flags & SV_MESSAGE_FORWARD_PART) {
            g_assert_cmpstr(sv_history_person(h, m->author)->id, ==, "c1");
            g_assert_cmpstr(sv_history_person(h, m->forwarded_by)->id, ==, "m1");
        }
    }
}

static SvMessage *add_call(SvHistory *h)
{
    SvMessage *m = add(h, SV_CHANNEL_CALL, "call1", 3 * DAY, "Олег Титов", NULL, "Алло\nДа, слушаю");
    SvAddress *a = sv_address_new("Анна Юдина", "+79120001144"), *b = sv_address_new("Олег Титов", NULL);
    g_ptr_array_add(m->to, a);
    g_ptr_array_add(m->to, b);
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    SvTurn turns[] = {{{0, 8}, 1, 0}, {{9, 28}, 0, 2}, {{28, 28}, 9, 2}};
    g_array_append_vals(m->turns, turns, 3);
    return m;
}

static void test_call_and_deal(void)
{
    g_autoptr(SvHistory) h = with_card();
    add_call(h);
    SvMessage *d = add(h, SV_CHANNEL_DEAL, "d1", 0, "Олег Титов", NULL, "x");
    d->deal = g_new0(SvDealChange, 1);
    *d->deal = (SvDealChange){g_strdup("D-7"), g_strdup("Бетон М300"), g_strdup("Счёт"), g_strdup("RUB"),
        g_strdup(""), 1200000, g_strdup("1 200 000,00")};
    for (guint again = 0; again < 3; again++) {
        sv_history_finish(h, NULL);
        const SvMessage *call = find(h, "call1");
        g_assert_cmpint(g_array_index(call->turns, SvTurn, 0).speaker, ==, 1);
        g_assert_cmpint(g_array_index(call->turns, SvTurn, 1).speaker, ==, 0);
        g_assert_cmpint(g_array_index(call->turns, SvTurn, 2).speaker, ==, -1);
        g_assert_cmpstr(call->own.bytes, ==, call->body.bytes);
        g_assert_cmpstr(find(h, "d1")->own.bytes, ==, "D-7 Бетон М300 Счёт 1 200 000,00 RUB");
        g_assert_cmpstr(find(h, "d1")->thread, ==, "deal:D-7");
    }
}

/* Everything that finish decides, as text. */
static char *digest(const SvHistory *h)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < h->people->len; i++) {
        const SvPerson *p = g_ptr_array_index(h->people, i);
        g_string_append_printf(s, "%s %s %d %s\n", p->id, p->name, p->side, p->role ? p->role : "");
    }
    for (guint i = 0; i < h->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(h->messages, i);
        g_string_append_printf(s, "%s %d %s %d %d %d %u %s\n", m->id, m->author, m->thread, m->reply_to,
            m->duplicate_of, m->forwarded_by, m->flags, m->own.bytes);
    }
    g_string_append_printf(s, "%s %s\n", h->client_name, h->language);
    return g_string_free(s, FALSE);
}

static void fill(SvHistory *h)
{
    const char *a = "Анна Юдина <a.yudina@lunnyles.ru>", *o = "o.titov@parus-stroy.ru";
    letter(h, "e1", 0, a, o, "смета", "Жду смету.\n\nАнна Юдина\nбухгалтер ООО «Лунный лес»");
    letter(h, "e2", DAY, "Олег <o.titov@parus-stroy.ru>", "a.yudina@lunnyles.ru", "Re: смета", "Отправил.");
    letter(h, "e3", DAY, "Вера <v@lunnyles.ru>", o, "Fwd: x",
        "См.\n\n---------- Forwarded message ---------\nОт: Семён Дронов\n\nПечь встала, сроки сдвинулись.");
    add(h, SV_CHANNEL_WHATSAPP, "w1", DAY, "Юдина А.", NULL, "Ок")->conversation = g_strdup("whatsapp:c");
    add(h, SV_CHANNEL_NOTE, "n1", 2 * DAY, "Олег Титов", NULL, "Ждут.");
    letter(h, "e1", 0, a, o, "смета", "Жду смету.\n\nАнна Юдина");
    add(h, SV_CHANNEL_TELEGRAM, "t1", 3 * DAY, "Oleg Titov", "user5", "Еду")->conversation =
        g_strdup("telegram:1");
    add_call(h);
}

static void test_any_order(void)
{
    g_autofree char *first = NULL;
    for (guint round = 0; round < 30; round++) {
        g_autoptr(SvHistory) h = sv_history_new();
        fill(h);
        for (guint i = h->messages->len; i-- > 1;) {
            guint j = (guint)g_test_rand_int_range(0, (gint)i + 1);
            gpointer t = h->messages->pdata[i];
            h->messages->pdata[i] = h->messages->pdata[j];
            h->messages->pdata[j] = t;
        }
        sv_history_finish(h, NULL);
        g_autofree char *got = digest(h);
        if (!first)
            first = g_strdup(got);
        g_assert_cmpstr(got, ==, first);
        sv_history_finish(h, NULL);
        g_autofree char *again = digest(h);
        g_assert_cmpstr(again, ==, first);
    }
}

static void test_empty(void)
{
    g_autoptr(SvHistory) h = sv_history_new();
    sv_history_finish(h, NULL);
    g_assert_cmpuint(h->messages->len, ==, 0);
    SvMessage *m = sv_message_new(SV_CHANNEL_EMAIL);
    g_ptr_array_add(h->messages, m);
    sv_history_finish(h, NULL);
    g_assert_cmpint(m->author, ==, -1);
    g_assert_nonnull(m->thread);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/one-person", test_one_person);
    g_test_add_func("/history/without-card", test_without_card);
    g_test_add_func("/history/threads", test_threads);
    g_test_add_func("/history/duplicates", test_duplicates);
    g_test_add_func("/history/call-and-deal", test_call_and_deal);
    g_test_add_func("/history/any-order", test_any_order);
    g_test_add_func("/history/empty", test_empty);
    return g_test_run();
}
