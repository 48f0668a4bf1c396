/* Tests of erasure. A scanner of bytes looks into every file of the folder (database, log, shared memory,
 * journal, list of erasures) for what must be gone: a marker as written, in lower case, in base64, and the
 * words that the text is found by. Random worlds, each with its seed; interrupted erasures; restored backups;
 * readers in the way. */
#include "erase.h"
#include "erased.h"
#include "error.h"
#include "job.h"
#include "store_fixture.h"
#include <glib/gstdio.h>
#include <string.h>

#define F SvStoreFixture
#define SEEDS 20
#define MOST_SINGLE                                                                                          \
    5 /* erased one by one, each with a scrub; others are deleted and left to the last scrub */

static const char marker[] = "Zirkonium-KANAREIKA-7719";
static const char marker_low[] = "zirkonium-kanareika-7719";

/* ---- the scanner ---- */

static void add_needle(GPtrArray *needles, const char *text)
{
    g_ptr_array_add(needles, g_strdup(text));
    g_autofree char *low = g_utf8_strdown(text, -1);
    g_ptr_array_add(needles, g_strdup(low));
    for (guint shift = 0; shift < 3; shift++) { /* base64 of the text at any place of a longer one */
        g_autofree char *padded = g_strconcat(shift > 0 ? "x" : "", shift > 1 ? "x" : "", text, NULL);
        gsize len = strlen(padded) / 3 * 3;
        char *base64 = g_base64_encode((const guchar *)padded, len);
        g_ptr_array_add(needles, g_strdup(base64 + (shift ? 4 : 0)));
        g_free(base64);
    }
}

/* The files that hold one of the needles; "" when none does. */
static char *scan(const char *folder, const GPtrArray *needles)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GString *found = g_string_new(NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize len = 0;
        if (!g_str_has_prefix(name, "t.db") || !g_file_get_contents(path, &bytes, &len, NULL))
            continue;
        for (guint i = 0; i < needles->len; i++)
            if (memmem(bytes, len, needles->pdata[i], strlen(needles->pdata[i])))
                g_string_append_printf(found, "%s: %s\n", name, (char *)needles->pdata[i]);
    }
    return g_string_free(found, FALSE);
}

static void assert_gone(F *f, const char *text)
{
    g_autoptr(GPtrArray) needles = g_ptr_array_new_with_free_func(g_free);
    add_needle(needles, text);
    g_autofree char *found = scan(f->dir, needles);
    g_assert_cmpstr(found, ==, "");
}

static void assert_there(F *f, const char *text)
{
    g_autoptr(GPtrArray) needles = g_ptr_array_new_with_free_func(g_free);
    add_needle(needles, text);
    g_autofree char *found = scan(f->dir, needles);
    g_assert_cmpstr(found, !=, "");
}

/* ---- a world ---- */

static gint64 add_client(F *f, const char *key, const char *card)
{
    g_autoptr(GError) error = NULL;
    gint64 id = 0;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_client_put(db, key, NULL, card, &id, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
    return id;
}

static void put(F *f, gint64 client, const SvMessage *m)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(f->pool, &error);
    sv_message_put(db, client, m, 0, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sv_client_touch(db, client, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
}

static void put_note(F *f, gint64 client, const char *id, const char *text)
{
    g_autoptr(SvMessage) m = sv_store_fixture_note(id, "2025-03-01", text);
    put(f, client, m);
}

static void put_letter(
    F *f, gint64 client, const char *id, const char *from, const char *to, const char *cc, const char *text)
{
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_EMAIL);
    m->id = g_strdup(id);
    g_assert_true(sv_time_parse("2025-03-02T10:00", NULL, &m->at));
    m->from->address = g_strdup(from);
    g_ptr_array_add(m->to, sv_address_new(NULL, to));
    if (cc)
        g_ptr_array_add(m->cc, sv_address_new(NULL, cc));
    m->subject = g_strdup("Поставка");
    m->body = sv_raw_new(text, -1);
    put(f, client, m);
}

static void script(F *f, const char *text)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(f->pool, &error);
    sv_db_script(db, text, &error);
    g_assert_no_error(error);
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
}

static gint64 number(F *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;
    SvDb *db = sv_pool_read(f->pool, &error);
    sv_sql_get_one(sv_db_sql(db, sql, &error), -1, &n, &error);
    g_assert_no_error(error);
    sv_pool_read_done(f->pool, db);
    return n;
}

/* A readers' world around a message: feedback, marks, a view. */
static void surround(F *f, gint64 client, const char *external)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("view of %s", marker);
    SvDb *db = sv_pool_write(f->pool, &error);
    SvSql *sql = sv_db_sql(db,
        "INSERT INTO feedback(client_id,kind,format,message_id,quote,comment,at) "
        "SELECT ?1,'wrong','brief',id,?3,?3,5 FROM message WHERE client_id=?1 AND external=?2",
        &error);
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, external);
    sv_sql_text(sql, 3, marker);
    g_assert_true(sv_sql_run(sql, &error));
    sql = sv_db_sql(db, "INSERT INTO task_mark(client_id,task,state,at) VALUES(?,?,'done',1)", &error);
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, external);
    g_assert_true(sv_sql_run(sql, &error));
    sql = sv_db_sql(db,
        "INSERT INTO view(client_id,audience,stamp,body) VALUES(?,'',x'00',?) ON CONFLICT DO NOTHING",
        &error);
    sv_sql_int(sql, 1, client);
    sv_sql_text(sql, 2, text);
    g_assert_true(sv_sql_run(sql, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
}

static void check_sound(F *f)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_assert_true(sv_db_check(db, &error));
    sv_pool_read_done(f->pool, db);
}

/* ---- tests ---- */

static void test_message(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1", "{\"name\":\"ТОО Пример\"}");
    g_autofree char *text = g_strdup_printf("Пришлите буровые установки, код %s", marker);
    put_note(f, c, "n1", text);
    put_note(f, c, "n2", "Обычная заметка про щебень");
    surround(f, c, "n1");
    assert_there(f, marker);
    SvErased out = {0};
    g_assert_true(sv_erase_message(f->pool, c, "n1", &out, &error));
    g_assert_no_error(error);
    g_assert_cmpint(out.messages, ==, 1);
    g_assert_cmpint(out.feedback, ==, 1);
    g_assert_cmpint(out.views, ==, 1);
    assert_gone(f, marker);
    assert_gone(f, "буровой");
    assert_gone(f, "буровые");
    g_assert_cmpint(number(f, "SELECT count(*) FROM message"), ==, 1);
    g_assert_cmpint(number(f, "SELECT count(*) FROM task_mark"), ==, 0);
    g_assert_cmpint(number(f, "SELECT count(*) FROM job WHERE kind='read'"), ==, 1);
    g_assert_cmpint(number(f, "SELECT count(*) FROM job WHERE kind='scrub'"), ==, 0);
    g_assert_false(sv_erase_message(f->pool, c, "n1", &out, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    check_sound(f);
}

static void test_client(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *card = g_strdup_printf(
        "{\"name\":\"%s\",\"contacts\":[{\"name\":\"Ян\",\"phone\":\"+77017219999\"}]}", marker);
    gint64 c = add_client(f, marker_low, card), other = add_client(f, "k2", NULL);
    put_note(f, c, "n1", marker);
    put_note(f, other, "n1", "Щебень привезут завтра");
    surround(f, c, "n1");
    gint64 rights = number(f, "SELECT rights FROM clock");
    SvErased out = {0};
    g_assert_true(sv_erase_client(f->pool, c, &out, &error));
    g_assert_no_error(error);
    g_assert_cmpint(out.clients, ==, 1);
    g_assert_cmpint(out.messages, ==, 1);
    assert_gone(f, marker);
    assert_gone(f, "7017219999");
    assert_there(f, "Щебень привезут");
    g_assert_cmpint(number(f, "SELECT rights FROM clock"), >, rights);
    g_assert_cmpint(number(f, "SELECT count(*) FROM client"), ==, 1);
    g_assert_cmpint(number(f, "SELECT count(*) FROM phone"), ==, 0);
    g_assert_false(sv_erase_client(f->pool, c, &out, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
}

static const char person_card[] =
    "{\"name\":\"ТОО Пример\",\"language\":\"ru\",\"contacts\":["
    "{\"id\":\"c1\",\"name\":\"Жанна Орлова\",\"email\":\"orlova@example.kz\"},"
    "{\"id\":\"c2\",\"name\":\"Пётр Синицын\",\"email\":\"sinitsyn@example.kz\"}],"
    "\"managers\":[{\"id\":\"m1\",\"name\":\"Алексей Ким\",\"email\":\"kim@our.example\"}]}";

static gint64 person_world(F *f)
{
    gint64 c = add_client(f, "k1", person_card);
    put_letter(f, c, "a", "orlova@example.kz", "kim@our.example", NULL, "Мандарины-Альфа нужны к пятнице.");
    put_letter(f, c, "b", "kim@our.example", "orlova@example.kz", NULL, "Мандарины-Бета отправим.");
    put_letter(
        f, c, "d", "kim@our.example", "orlova@example.kz", "sinitsyn@example.kz", "Мандарины-Гамма всем.");
    put_letter(f, c, "e", "sinitsyn@example.kz", "kim@our.example", NULL, "Мандарины-Дельта мои.");
    put_letter(
        f, c, "g", "kim@our.example", "orlova@example.kz", "boss@our.example", "Мандарины-Эпсилон ей.");
    script(f, "INSERT INTO feedback(client_id,kind,format,comment,at) VALUES(1,'useful','brief','спросите "
              "Жанна Орлова',7);"
              "INSERT INTO feedback(client_id,kind,format,comment,at) VALUES(1,'useful','brief','хорошо',8)");
    return c;
}

static void check_person_gone(F *f)
{
    assert_gone(f, "Мандарины-Альфа");
    assert_gone(f, "Мандарины-Бета");
    assert_gone(f, "Мандарины-Эпсилон");
    assert_gone(f, "Жанна Орлова");
    assert_there(f, "Мандарины-Гамма"); /* another one has it too */
    assert_there(f, "Мандарины-Дельта");
    assert_there(f, "Пётр Синицын");
    g_assert_cmpint(number(f, "SELECT count(*) FROM feedback"), ==, 1);
}

static void test_person(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = person_world(f);
    guint n = 0;
    SvDb *db = sv_pool_read(f->pool, &error);
    g_autofree char *name = sv_erase_find_person(db, c, "ORLOVA@example.kz", &n, &error);
    sv_pool_read_done(f->pool, db);
    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, "Жанна Орлова");
    g_assert_cmpuint(n, ==, 3);
    SvErased out = {0};
    g_assert_true(sv_erase_person(f->pool, c, "Орлова Жанна", &out, &error));
    g_assert_no_error(error);
    g_assert_cmpint(out.messages, ==, 3);
    g_assert_cmpint(out.feedback, ==, 1);
    check_person_gone(f);
    g_assert_false(sv_erase_person(f->pool, c, "nobody@example.kz", &out, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
}

/* The list of erasures makes the same go from a backup that was taken before. */
static void restore(F *f, const char *copy)
{
    g_autoptr(GError) error = NULL;
    sv_pool_close(f->pool);
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (guint i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autofree char *file = g_strconcat(f->file, tails[i], NULL);
        g_unlink(file);
    }
    g_autofree char *bytes = NULL;
    gsize len;
    g_assert_true(g_file_get_contents(copy, &bytes, &len, &error));
    g_assert_true(g_file_set_contents(f->file, bytes, (gssize)len, &error));
    f->pool = sv_pool_open(f->file, &error);
    g_assert_no_error(error);
}

static void test_restored(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = g_build_filename(f->dir, "copy.db", NULL);
    gint64 c = person_world(f), second = add_client(f, marker, NULL);
    put_note(f, second, "n", marker);
    put_note(f, c, "gone", "Лиловый слон");
    g_assert_true(sv_pool_backup(f->pool, copy, &error));
    g_assert_true(sv_erase_person(f->pool, c, "orlova@example.kz", NULL, &error));
    g_assert_true(sv_erase_client(f->pool, second, NULL, &error));
    g_assert_true(sv_erase_message(f->pool, c, "gone", NULL, &error));
    put_note(f, c, "gone", "Синий слон, пришёл после"); /* imported again: is not to go */
    g_autofree char *later = g_build_filename(f->dir, "later.db", NULL);
    g_assert_true(sv_pool_backup(f->pool, later, &error));

    restore(f, copy);
    assert_there(f, "Лиловый слон");
    SvErased out = {0};
    g_assert_true(sv_erase_finish(f->pool, &out, &error));
    g_assert_no_error(error);
    g_assert_cmpint(out.clients, ==, 1);
    g_assert_cmpint(out.messages, ==, 5);
    g_assert_cmpint(out.feedback, ==, 1);
    check_person_gone(f);
    assert_gone(f, marker);
    assert_gone(f, "Лиловый слон");
    memset(&out, 0, sizeof out);
    g_assert_true(sv_erase_finish(f->pool, &out, &error)); /* once */
    g_assert_cmpint(out.clients + out.messages + out.feedback, ==, 0);

    restore(f, later);
    g_assert_true(sv_erase_finish(f->pool, &out, &error));
    g_assert_cmpint(out.messages, ==, 0);
    assert_there(f, "Синий слон");
    check_sound(f);
}

/* The file was written and nothing else: the erasure is completed; its last line was cut off: it is not. */
static void test_cut_off(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *list = sv_erased_path(f->file);
    gint64 c = add_client(f, "k1", NULL);
    put_note(f, c, "n1", marker);
    put_note(f, c, "n2", "Остаётся");
    SvDb *db = sv_pool_write(f->pool, &error);
    g_autoptr(SvErasedNote) note = sv_erased_note_new(db, &error);
    sv_erased_note_add(note, SV_ERASED_MESSAGE, "k1", "note n1");
    g_assert_true(sv_erased_note_keep(note, &error));
    sv_pool_write_done(f->pool, db, FALSE, &error); /* as a crash would */
    g_autofree char *text = NULL;
    gsize len;
    g_assert_true(g_file_get_contents(list, &text, &len, &error));
    g_assert_true(g_file_set_contents(list, text, (gssize)len - 1, &error));
    SvErased out = {0};
    g_assert_true(sv_erase_finish(f->pool, &out, &error));
    g_assert_cmpint(out.messages, ==, 0);
    g_assert_true(g_file_set_contents(list, text, (gssize)len, &error));
    g_assert_true(sv_erase_finish(f->pool, &out, &error));
    g_assert_no_error(error);
    g_assert_cmpint(out.messages, ==, 1);
    assert_gone(f, marker);
    assert_there(f, "Остаётся");
    /* a line in the middle that makes no sense must not be taken for nothing */
    text[3] = 'z';
    g_autofree char *broken = g_strconcat(text, text, NULL);
    g_assert_true(g_file_set_contents(list, broken, -1, &error));
    g_assert_false(sv_erase_finish(f->pool, &out, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_false(sv_erase_message(f->pool, c, "n2", &out, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_assert_cmpint(number(f, "SELECT count(*) FROM message"), ==, 1);
    /* a list that got lost comes back from the table */
    g_unlink(list);
    g_clear_error(&error);
    g_assert_true(sv_erase_finish(f->pool, &out, &error));
    g_assert_true(g_file_test(list, G_FILE_TEST_EXISTS));
}

/* Somebody reads and the log cannot be emptied: the caller is told, and the job does it later. */
static void test_reader(F *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gint64 c = add_client(f, "k1", NULL);
    put_note(f, c, "n1", marker);
    g_autoptr(SvDb) reader = sv_db_open(f->file, TRUE, &error);
    g_assert_true(sv_db_begin(reader, FALSE, &error));
    gint64 n;
    g_assert_true(sv_sql_get_one(sv_db_sql(reader, "SELECT count(*) FROM message", &error), 0, &n, &error));
    SvDb *db = sv_pool_write(f->pool, &error);
    sv_pool_write_done(f->pool, db, FALSE, NULL);
    g_assert_true(sv_db_script(db, "PRAGMA busy_timeout=50", &error)); /* else ten seconds */
    g_assert_false(sv_erase_message(f->pool, c, "n1", NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_BUSY);
    g_clear_error(&error);
    g_assert_cmpint(number(f, "SELECT count(*) FROM message"), ==, 0);
    g_assert_cmpint(number(f, "SELECT count(*) FROM job WHERE kind='scrub'"), ==, 1);
    sv_db_rollback(reader);
    g_assert_true(sv_erase_finish(f->pool, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(number(f, "SELECT count(*) FROM job WHERE kind='scrub'"), ==, 0);
    assert_gone(f, marker);
}

/* As the outside system deletes: without a scrub. */
static void delete_message(F *f, gint64 client, const char *external)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(f->pool, &error);
    g_assert_true(sv_message_delete(db, client, external, &error));
    g_assert_true(sv_pool_write_done(f->pool, db, TRUE, &error));
}

/* One random world: many messages, some of them marked, edited, erased one by one or with their client. */
static guint random_world(F *f, guint32 seed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    gint64 clients[4];
    g_autoptr(GString) text = g_string_new(NULL);
    guint marked = 0;
    for (guint i = 0; i < 4; i++) {
        g_autofree char *key = g_strdup_printf("k%u-%u", seed, i);
        clients[i] = add_client(f, key, NULL);
    }
    guint n = (guint)g_rand_int_range(rand, 60, 160), doomed = (guint)g_rand_int_range(rand, 0, 4);
    g_autoptr(GPtrArray) single = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++) {
        guint c = (guint)g_rand_int_range(rand, 0, 4);
        gboolean mark = c == doomed || g_rand_int_range(rand, 0, 4) == 0;
        guint copies = (guint)g_rand_int_range(rand, 1, g_rand_int_range(rand, 0, 10) == 0 ? 400 : 4);
        g_autofree char *id = g_strdup_printf("m%u", i);
        g_string_assign(text, "");
        for (guint k = 0; k < copies; k++)
            g_string_append_printf(
                text, "Слово %u и ещё %u. %s\n", g_rand_int(rand) % 5000, k, mark ? marker : "");
        put_note(f, clients[c], id, text->str);
        if (g_rand_int_range(rand, 0, 5) == 0) { /* an edit leaves the old text behind, if anything does */
            g_string_append(text, " исправлено");
            put_note(f, clients[c], id, text->str);
        }
        marked += mark;
        if (mark && c != doomed)
            g_ptr_array_add(single, g_strdup_printf("%u %s", c, id));
    }
    for (guint i = 0; i < single->len; i++) {
        const char *one = single->pdata[i];
        gint64 client = clients[*one - '0'];
        if (i < MOST_SINGLE)
            g_assert_true(sv_erase_message(f->pool, client, one + 2, NULL, &error));
        else
            delete_message(f, client, one + 2);
        g_assert_no_error(error);
    }
    g_assert_true(sv_erase_client(f->pool, clients[doomed], NULL, &error));
    return marked;
}

static void test_random(F *f, gconstpointer data)
{
    guint marked = 0;
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        marked += random_world(f, seed);
        assert_gone(f, marker);
    }
    check_sound(f);
    g_test_message(
        "%d random worlds, seeds 1 to %d, %u marked messages erased: 0 with residue", SEEDS, SEEDS, marked);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*run)(F *, gconstpointer);
    } tests[] = {{"/erase/message", test_message}, {"/erase/client", test_client},
        {"/erase/person", test_person}, {"/erase/restored", test_restored}, {"/erase/cut-off", test_cut_off},
        {"/erase/reader", test_reader}, {"/erase/random", test_random}};
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, F, NULL, sv_store_fixture_set_up, tests[i].run, sv_store_fixture_tear_down);
    return g_test_run();
}
