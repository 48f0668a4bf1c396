/* Tests of messages as tables: idempotence, edits, parts, labels, search, what must not be found. */
#include "error.h"
#include "labels.h"
#include "store_fixture.h"
#include <string.h>

typedef SvStoreFixture F;

static gint64 add_client(F *f, const char *external)
{
    g_autoptr(GError) error = NULL;
    gint64 id = 0;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_client_put(db, external, NULL, NULL, &id, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
    return id;
}

static SvPut put(F *f, gint64 client, const SvMessage *m, guint nth, const char *labels, gint64 *id)
{
    g_autoptr(GError) error = NULL;
    SvPut what = SV_PUT_SAME;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_message_put(db, f->indexer, client, m, nth, labels, &what, id, &error));
    if (what != SV_PUT_SAME)
        g_assert_true(sv_client_touch(db, client, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
    return what;
}

static SvPut put_note(F *f, gint64 client, const char *id, const char *at, const char *text)
{
    g_autoptr(SvMessage) m = sv_store_fixture_note(id, at, text);
    return put(f, client, m, 0, NULL, NULL);
}

/* Keys of what is found, parted by spaces. */
static char *found(F *f, gint64 client, const char *query)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_autoptr(GPtrArray) lemmas = sv_indexer_read(f->indexer, query, strlen(query));
    g_autoptr(GArray) ids = sv_messages_search(db, client, lemmas, 100, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) all = sv_messages_list(db, client, &error);
    GString *keys = g_string_new(NULL);
    for (guint i = 0; i < ids->len; i++)
        for (guint k = 0; k < all->len; k++) {
            const SvStored *s = all->pdata[k];
            if (s->id == g_array_index(ids, gint64, i))
                g_string_append_printf(keys, keys->len ? " %s" : "%s", s->external);
        }
    sv_pool_read_done(f->pool, db);
    return g_string_free(keys, FALSE);
}

static void assert_found(F *f, gint64 client, const char *query, const char *keys)
{
    g_autofree char *got = found(f, client, query);
    g_assert_cmpstr(got, ==, keys);
}

static SvHistory *load(F *f, gint64 client, const char *audience)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(f->pool, &error);
    SvHistory *h = sv_history_new();
    g_assert_true(sv_messages_load(db, client, audience, h, &error));
    g_assert_no_error(error);
    sv_pool_read_done(f->pool, db);
    return h;
}

static gint64 revision(F *f, gint64 client)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_autoptr(SvClient) c = sv_client_get(db, client, &error);
    sv_pool_read_done(f->pool, db);
    return c->revision;
}

static void test_idempotent(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1");
    g_assert_cmpint(put_note(f, c, "n1", "2025-03-01", "Счёт отправлен на завод"), ==, SV_PUT_ADDED);
    gint64 before = revision(f, c);
    g_assert_cmpint(put_note(f, c, "n1", "2025-03-01", "Счёт отправлен на завод"), ==, SV_PUT_SAME);
    g_assert_cmpint(revision(f, c), ==, before);
    g_autoptr(SvHistory) h = load(f, c, "");
    g_assert_cmpuint(h->messages->len, ==, 1);
    /* the same words out of another file are the same message */
    g_autoptr(SvMessage) moved = sv_store_fixture_note("n1", "2025-03-01", "Счёт отправлен на завод");
    moved->file = g_strdup("other.csv");
    g_assert_cmpint(put(f, c, moved, 0, NULL, NULL), ==, SV_PUT_SAME);
}

static void test_edit_and_delete(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1");
    put_note(f, c, "n1", "2025-03-01", "Насосы привезут в апреле");
    put_note(f, c, "n2", "2025-03-02", "Договор подписан");
    assert_found(f, c, "насос", "n1");
    g_assert_cmpint(put_note(f, c, "n1", "2025-03-01", "Трубы привезут в мае"), ==, SV_PUT_CHANGED);
    assert_found(f, c, "насос", "");
    assert_found(f, c, "труба", "n1");
    g_autoptr(SvHistory) h = load(f, c, "");
    g_assert_cmpuint(h->messages->len, ==, 2);
    const SvMessage *m = h->messages->pdata[0];
    g_assert_cmpstr(m->body.bytes, ==, "Трубы привезут в мае");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_message_delete(db, c, "n1", &error));
    g_assert_false(sv_message_delete(db, c, "n1", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    sv_pool_write_done(f->pool, db, TRUE, NULL);
    assert_found(f, c, "труба", "");
    assert_found(f, c, "договор", "n2");
}

static void test_revisions(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1");
    gint64 before = revision(f, c);
    put_note(f, c, "n1", "2025-03-01", "один");
    SvDb *db = sv_pool_read(f->pool, &error);
    g_autoptr(GPtrArray) all = sv_messages_list(db, c, &error);
    sv_pool_read_done(f->pool, db);
    /* a view made before knows that the message is newer than itself, one made now that it is not */
    g_assert_cmpint(((SvStored *)all->pdata[0])->revision, ==, before + 1);
    g_assert_cmpint(revision(f, c), ==, before + 1);
}

static void test_parts(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1"), ids[4];
    g_autoptr(SvMessage) a = sv_store_fixture_note("7", "2025-03-01", "заметка первая");
    g_autoptr(SvMessage) b = sv_store_fixture_note("7", "2025-03-02", "заметка вторая");
    g_autoptr(SvMessage) d = sv_store_fixture_note("7", "2025-03-03", "сделка");
    d->channel = SV_CHANNEL_DEAL;
    g_assert_cmpint(put(f, c, a, 0, NULL, &ids[0]), ==, SV_PUT_ADDED);
    g_assert_cmpint(put(f, c, d, 0, NULL, &ids[1]), ==, SV_PUT_ADDED); /* a row of another table */
    g_assert_cmpint(put(f, c, b, 1, NULL, &ids[2]), ==, SV_PUT_ADDED);
    g_assert_cmpint(put(f, c, b, 1, NULL, &ids[3]), ==, SV_PUT_SAME);
    g_assert_cmpint(ids[2], ==, ids[3]);
    g_assert_cmpint(put(f, c, d, 0, NULL, &ids[3]), ==, SV_PUT_SAME);
    g_assert_cmpint(ids[1], ==, ids[3]);
    g_autoptr(SvHistory) h = load(f, c, "");
    g_assert_cmpuint(h->messages->len, ==, 3);
}

static void test_labels(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1"), id;
    g_autoptr(SvMessage) a = sv_store_fixture_note("a", "2025-03-01", "всем");
    g_autoptr(SvMessage) b = sv_store_fixture_note("b", "2025-03-02", "немногим");
    put(f, c, a, 0, NULL, NULL);
    put(f, c, b, 0, " 3 17 ", &id);
    g_assert_cmpint(put(f, c, b, 0, NULL, NULL), ==, SV_PUT_SAME); /* labels stay as they are */
    static const struct {
        const char *audience;
        guint n;
    } cases[] = {
        {"", 1}, {" 3 ", 1}, {" 17 ", 1}, {" 3 17 ", 2}, {" 1 3 9 17 20 ", 2}, {" 31 7 ", 1}, {"3 17", 1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SvHistory) h = load(f, c, cases[i].audience);
        g_assert_cmpuint(h->messages->len, ==, cases[i].n);
    }
    SvDb *db = sv_pool_write(f->pool, &error);
    g_autoptr(GPtrArray) sets = sv_messages_label_sets(db, c, &error);
    g_assert_cmpuint(sets->len, ==, 2);
    g_assert_cmpstr(sets->pdata[1], ==, " 3 17 ");
    g_assert_true(sv_message_set_labels(db, c, id, "", &error));
    g_assert_false(sv_message_set_labels(db, c, id, " 5 4 ", NULL));
    g_assert_false(sv_message_set_labels(db, c + 1, id, "", NULL));
    sv_pool_write_done(f->pool, db, TRUE, NULL);
    g_autoptr(SvHistory) open = load(f, c, "");
    g_assert_cmpuint(open->messages->len, ==, 2);
}

static void test_label_sets(void)
{
    static const struct {
        const char *text;
        gboolean valid;
    } cases[] = {{"", TRUE}, {" 1 ", TRUE}, {" 1 2 ", TRUE}, {" ", FALSE}, {"1", FALSE}, {" 1", FALSE},
        {" 2 1 ", FALSE}, {" 1 1 ", FALSE}, {" 0 ", FALSE}, {" 01 ", FALSE}, {" 1  2 ", FALSE},
        {" -1 ", FALSE}, {" 1 2 \n", FALSE}, {" 99999999999999999999999 ", FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(sv_labels_valid(cases[i].text), ==, cases[i].valid);
    g_assert_false(sv_labels_valid(NULL));
    g_assert_true(sv_labels_cover(NULL, ""));
    g_assert_false(sv_labels_cover(NULL, " 1 "));
    g_assert_false(sv_labels_cover(" 1 ", "1")); /* what cannot be read hides */
    g_assert_false(sv_labels_cover(" 13 ", " 3 "));
    gint64 ids[] = {17, 3, 17, 0, 5};
    g_autofree char *set = sv_labels_format(ids, 5), *none = sv_labels_format(NULL, 0);
    g_assert_cmpstr(set, ==, " 3 5 17 ");
    g_assert_cmpstr(none, ==, "");
}

static void test_search(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1"), other = add_client(f, "k2");
    put_note(f, c, "a", "2025-03-01", "Обсудили поставку онлайн-касс для магазина в Астане");
    put_note(f, c, "b", "2025-03-05", "Кассы поставят в апреле, договор № D-1147 у юристов");
    put_note(f, c, "d", "2025-03-09", "The shipments were delayed; invoices follow");
    put_note(f, other, "z", "2025-03-09", "Кассы для другого клиента");
    assert_found(f, c, "касса", "b a");
    assert_found(f, c, "кассами магазинов", "a");
    assert_found(f, c, "о поставке касс", "a"); /* «поставят» is another word */
    assert_found(f, c, "D-1147", "b");
    assert_found(f, c, "shipment invoice", "d");
    assert_found(f, c, "магазин договор", "b a"); /* none has both: newest of equals first */
    assert_found(f, c, "касса договор астана апрель", "b a");
    assert_found(f, c, "для", "");
    assert_found(f, c, "", "");
    assert_found(f, c, "\" OR c_2 * NEAR(\" касса^ c_2", "b a");
    assert_found(f, other, "касса", "z");
}

static void test_hostile_words(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1");
    put_note(f, c, "a", "2025-03-01", "ᲐᲑᲒ 東京 ꙗблоко Ϳ x\xCC\x81y c_1 a\"b 😀");
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(text, "w%u-", i);
    put_note(f, c, "b", "2025-03-02", text->str);
    static const char *const queries[] = {"ᲐᲑᲒ", "東京", "ꙗблоко"};
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++)
        assert_found(f, c, queries[i], "a");
    /* words that the caller did not cut, and more of them than are looked at */
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_autoptr(GPtrArray) raw = g_ptr_array_new();
    for (guint i = 0; i < 1000; i++)
        g_ptr_array_add(raw, (gpointer)(i % 2 ? "a\"b) OR (c_1" : "\" * ^ - NOT"));
    g_autoptr(GArray) ids = sv_messages_search(db, c, raw, 10, &error);
    g_assert_no_error(error);
    g_assert_nonnull(ids);
    sv_pool_read_done(f->pool, db);
}

static void test_masked(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1");
    put_note(f, c, "a", "2025-03-01", "Оплата с карты 4276 3800 1234 5674, пришлите чек");
    put_note(f, c, "b", "2025-03-02",
        "КОНФИДЕНЦИАЛЬНО. ПРИВИЛЕГИРОВАНО. Адвокатская тайна: позиция по иску слаба, готовим мировое");
    assert_found(f, c, "4276", "");
    assert_found(f, c, "5674", "");
    assert_found(f, c, "чек", "a");
    assert_found(f, c, "мировой иск", "");
    g_autoptr(SvHistory) h =
        load(f, c, ""); /* the original is kept for those who read it with their own mask */
    g_assert_cmpuint(h->messages->len, ==, 2);
}

static void test_letter_words(F *f, gconstpointer data)
{
    gint64 c = add_client(f, "k1");
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_EMAIL);
    m->id = g_strdup("m1@example.kz");
    g_assert_true(sv_time_parse("2025-04-01T10:00+05:00", NULL, &m->at));
    m->subject = g_strdup("Re: Холодильники");
    m->body = sv_raw_new("Согласны, везите.\n\n> Предлагаем грузовик с прицепом\n> на понедельник\n", -1);
    put(f, c, m, 0, NULL, NULL);
    assert_found(f, c, "холодильник", "m1@example.kz");
    assert_found(f, c, "согласный везти", "m1@example.kz");
    assert_found(f, c, "прицеп", ""); /* the quote is another letter's */
}

static void test_rebuild(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1");
    put_note(f, c, "a", "2025-03-01", "Щебень привезли");
    g_assert_true(sv_store_rebuild(f->pool, f->indexer, NULL, NULL, &error));
    assert_found(f, c, "щебень", "a");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(
        sv_db_script(db, "DELETE FROM message_words; UPDATE meta SET value='old' WHERE key='words'", &error));
    sv_pool_write_done(f->pool, db, TRUE, &error);
    assert_found(f, c, "щебень", "");
    g_assert_true(sv_store_index(f->pool, f->indexer, NULL, NULL, &error));
    assert_found(f, c, "щебень", "a");
}

static void test_refused(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = sv_store_fixture_note("a", "2025-03-01", "текст");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_false(sv_message_put(db, f->indexer, 12345, m, 0, NULL, NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_clear_pointer(&m->id, g_free);
    g_assert_false(sv_message_put(db, f->indexer, 1, m, 0, NULL, NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_clear_error(&error);
    sv_pool_write_done(f->pool, db, FALSE, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(F *, gconstpointer);
    } tests[] = {{"/store/message/idempotent", test_idempotent},
        {"/store/message/edit-delete", test_edit_and_delete}, {"/store/message/revisions", test_revisions},
        {"/store/message/parts", test_parts}, {"/store/message/labels", test_labels},
        {"/store/message/search", test_search}, {"/store/message/hostile-words", test_hostile_words},
        {"/store/message/masked", test_masked}, {"/store/message/letter-words", test_letter_words},
        {"/store/message/rebuild", test_rebuild}, {"/store/message/refused", test_refused}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, F, NULL, sv_store_fixture_set_up, tests[i].run, sv_store_fixture_tear_down);
    g_test_add_func("/store/labels", test_label_sets);
    return g_test_run();
}
