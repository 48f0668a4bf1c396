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
    g_assert_true(sv_message_put(db, client, m, nth, labels, &what, id, &error));
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
    g_assert_cmpint(put_note(f, c, "n1", "2025-03-01", "Трубы привезут в мае"), ==, SV_PUT_CHANGED);
    g_autoptr(SvHistory) h = load(f, c, "");
    g_assert_cmpuint(h->messages->len, ==, 2);
    const SvMessage *m = h->messages->pdata[0];
    g_assert_cmpstr(m->body.bytes, ==, "Трубы привезут в мае");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_message_delete(db, c, "n1", &error));
    g_assert_false(sv_message_delete(db, c, "n1", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    sv_pool_write_done(f->pool, db, TRUE, NULL);
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

static void test_refused(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = sv_store_fixture_note("a", "2025-03-01", "текст");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_false(sv_message_put(db, 12345, m, 0, NULL, NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_clear_pointer(&m->id, g_free);
    g_assert_false(sv_message_put(db, 1, m, 0, NULL, NULL, NULL, &error));
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
        {"/store/message/parts", test_parts}, {"/store/message/labels", test_labels}, {"/store/message/refused", test_refused}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, F, NULL, sv_store_fixture_set_up, tests[i].run, sv_store_fixture_tear_down);
    g_test_add_func("/store/labels", test_label_sets);
    return g_test_run();
}
