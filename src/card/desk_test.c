/* The desk with a small world: rights, views, invalidation, marks, pins, search. Needs the models of
 * $SVODKA_DATA. */
#include "desk.h"
#include "folder_fixture.h"
#include "error.h"
#include "json.h"
#include "message_store.h"
#include <locale.h>
#include <string.h>

static SvEngine *engine;
static SvFormats *formats;

typedef struct {
    char *dir;
    SvPool *pool;
    SvDesk *desk;
    SvDb *db;
    gint64 client, manager, lawyer, stranger, label;
} World;

static const char card[] =
    "{\"name\":\"ТОО "
    "«Насос»\",\"language\":\"ru\",\"timezone\":\"Asia/Almaty\",\"contacts\":[{\"id\":\"c1\",\"name\":"
    "\"Мария "
    "Козлова\",\"role\":\"директор\",\"email\":\"maria@nasos.kz\",\"phone\":\"+77017214408\"}],\"managers\":["
    "{\"id\":\"m1\",\"name\":\"Алексей Ким\",\"email\":\"kim@us.kz\"}]}";

static const struct {
    const char *id, *at, *from, *text;
    gboolean legal;
} said[] = {
    {"a1", "2025-10-06T10:00:00+05:00", "maria@nasos.kz",
        "Добрый день! Рассматриваем замену насосов в котельной, бюджет 12 500 000 тенге утверждён.", FALSE},
    {"a2", "2025-10-08T10:00:00+05:00", "kim@us.kz",
        "Мария, пришлю коммерческое предложение на насосы до 15 октября.", FALSE},
    {"a3", "2025-10-27T10:00:00+05:00", "kim@us.kz",
        "Скидку 5 процентов на насосы согласовали. Подготовим договор до 31 октября.", FALSE},
    {"a4", "2025-10-30T10:00:00+05:00", "kim@us.kz", "Договор задерживается, пришлю его до 10 ноября.",
        FALSE},
    {"x1", "2025-10-31T10:00:00+05:00", "maria@nasos.kz",
        "Между нами: акционеры продают завод в феврале, переговоры идут с канарейкой.", TRUE},
};

static SvMessage *letter(const char *id, const char *at, const char *from, const char *text)
{
    SvMessage *m = sv_message_new(SV_CHANNEL_EMAIL);
    m->id = g_strdup(id);
    g_assert_true(sv_time_parse(at, NULL, &m->at));
    sv_address_free(m->from);
    m->from = sv_address_new(NULL, from);
    g_ptr_array_add(
        m->to, sv_address_new(NULL, strcmp(from, "kim@us.kz") == 0 ? "maria@nasos.kz" : "kim@us.kz"));
    m->subject = g_strdup("Насосы");
    sv_raw_clear(&m->body);
    m->body = sv_raw_new(text, -1);
    return m;
}

static void put(
    World *w, const char *id, const char *at, const char *from, const char *text, const char *labels)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = letter(id, at, from, text);
    SvDb *db = sv_pool_write(w->pool, &error);
    sv_message_put(db, w->client, m, 0, labels, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sv_client_touch(db, w->client, &error));
    g_assert_true(sv_pool_write_done(w->pool, db, TRUE, &error));
}

static void setup(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    w->dir = g_dir_make_tmp("svodka-desk-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(w->dir, "t.db", NULL);
    w->pool = sv_pool_open(file, &error);
    g_assert_no_error(error);
    SvDb *db = sv_pool_write(w->pool, &error);
    g_assert_true(sv_account_add(
        db, "anna", "Анна", SV_ROLE_MANAGER, NULL, "a long pass phrase 1", &w->manager, &error));
    g_assert_true(
        sv_account_add(db, "lev", "Лев", SV_ROLE_MANAGER, NULL, "a long pass phrase 2", &w->lawyer, &error));
    g_assert_true(sv_account_add(
        db, "oleg", "Олег", SV_ROLE_MANAGER, NULL, "a long pass phrase 3", &w->stranger, &error));
    g_assert_no_error(error);
    w->label = sv_label_put(db, "legal", &error);
    g_assert_true(sv_label_hold(db, w->label, w->lawyer, 0, TRUE, &error));
    g_assert_true(sv_client_put(db, "nasos", "ТОО «Насос»", card, &w->client, &error));
    g_assert_true(sv_client_assign(db, w->client, w->manager, 0, &error));
    g_assert_true(sv_client_set_reader(db, w->client, w->lawyer, TRUE, &error));
    g_assert_true(sv_pool_write_done(w->pool, db, TRUE, &error));
    g_autofree char *labels = g_strdup_printf(" %" G_GINT64_FORMAT " ", w->label);
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
        put(w, said[i].id, said[i].at, said[i].from, said[i].text, said[i].legal ? labels : NULL);
    w->desk = sv_desk_open(w->pool, engine, formats, 0);
    w->db = sv_pool_read(w->pool, &error);
    g_assert_no_error(error);
}

static void teardown(World *w, gconstpointer data)
{
    sv_pool_read_done(w->pool, w->db);
    sv_desk_close(w->desk);
    sv_pool_close(w->pool);
    sv_folder_remove(w->dir);
    g_free(w->dir);
}

static gint64 moment(const char *text)
{
    SvTime t;
    g_assert_true(sv_time_parse(text, NULL, &t));
    return t.unix_s;
}

static SvAsk ask_as(World *w, gint64 account)
{
    g_autoptr(GError) error = NULL;
    SvWho *who = sv_who_of_account(w->db, account, &error);
    g_assert_no_error(error);
    return (SvAsk){.who = who, .db = w->db, .client = w->client, .now = moment("2025-11-05T09:00:00+05:00")};
}

static char *summary(World *w, gint64 account, const char *format)
{
    g_autoptr(GError) error = NULL;
    SvAsk ask = ask_as(w, account);
    SvWanted wanted = {format, NULL, SV_DAY_NONE, SV_DAY_NONE};
    g_autoptr(SvDocument) d = sv_desk_summary(w->desk, &ask, &wanted, &error);
    g_assert_no_error(error);
    sv_who_unref((SvWho *)ask.who);
    return g_strdup(d->json);
}

static void test_rights(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *mine = summary(w, w->manager, "sections"), *his = summary(w, w->lawyer, "sections");
    g_assert_null(strstr(mine, "канарейк"));
    g_assert_nonnull(strstr(his, "канарейк"));
    g_assert_nonnull(strstr(mine, "\"hidden\":\t1"));
    g_assert_nonnull(strstr(his, "\"hidden\":\t0"));
    SvAsk ask = ask_as(w, w->stranger);
    SvWanted wanted = {"brief", NULL, SV_DAY_NONE, SV_DAY_NONE};
    g_assert_null(sv_desk_summary(w->desk, &ask, &wanted, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_null(sv_desk_card(w->desk, &ask, &error));
    g_clear_error(&error);
    sv_who_unref((SvWho *)ask.who);
    ask = ask_as(w, w->manager);
    g_assert_null(sv_desk_source(w->desk, &ask, "x1", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autofree char *hits = sv_desk_search(w->desk, &ask, "канарейка", 10, &error);
    g_assert_nonnull(strstr(hits, "\"total\":0"));
    g_autofree char *list = sv_desk_messages(w->desk, &ask, 0, 50, &error);
    g_assert_null(strstr(list, "x1"));
    sv_who_unref((SvWho *)ask.who);
}

/* What the manager gets does not change by a byte when only the hidden message does. */
static void test_non_interference(World *w, gconstpointer data)
{
    static const char *const names[] = {"brief", "sections", "timeline", "tasks", "handover", "status"};
    g_autofree char *labels = g_strdup_printf(" %" G_GINT64_FORMAT " ", w->label);
    g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(before, summary(w, w->manager, names[i]));
    put(w, "x1", "2025-11-04T18:00:00+05:00", "maria@nasos.kz",
        "Мария Козлова теперь не директор, договор отменяем, насосы берём у других.", labels);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *after = summary(w, w->manager, names[i]);
        g_assert_cmpstr(before->pdata[i], ==, after);
    }
    g_autofree char *his = summary(w, w->lawyer, "timeline");
    g_assert_nonnull(strstr(his, "отменяем"));
    g_assert_null(strstr(his, "канарейк"));
}

static void test_pending(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = summary(w, w->manager, "timeline");
    g_assert_nonnull(strstr(before, "\"pending\":\t0"));
    put(w, "a5", "2025-11-04T12:00:00+05:00", "maria@nasos.kz",
        "Оплату аванса сделаем до 20 ноября после подписания договора.", NULL);
    g_autofree char *waiting = summary(w, w->manager, "timeline");
    g_assert_nonnull(strstr(waiting, "\"pending\":\t1"));
    g_assert_null(strstr(waiting, "20 ноября"));
    SvAsk ask = ask_as(w, w->manager);
    g_assert_true(sv_desk_read(w->desk, w->client, &error));
    g_autofree char *after = summary(w, w->manager, "timeline");
    g_assert_nonnull(strstr(after, "20 ноября"));
    g_assert_nonnull(strstr(after, "\"pending\":\t0"));
    /* what was taken away is gone at once */
    SvDb *db = sv_pool_write(w->pool, &error);
    g_assert_true(sv_message_delete(db, w->client, "a5", &error));
    g_assert_true(sv_client_touch(db, w->client, &error));
    g_assert_true(sv_pool_write_done(w->pool, db, TRUE, &error));
    g_autofree char *gone = summary(w, w->manager, "timeline");
    g_assert_null(strstr(gone, "20 ноября"));
    sv_who_unref((SvWho *)ask.who);
}

/* A new desk over the same file gives the same bytes: what is kept is what was made. */
static void test_kept(World *w, gconstpointer data)
{
    g_autofree char *before = summary(w, w->lawyer, "handover");
    sv_desk_close(w->desk);
    w->desk = sv_desk_open(w->pool, engine, formats, 0);
    g_autofree char *after = summary(w, w->lawyer, "handover");
    g_assert_cmpstr(before, ==, after);
    sv_desk_close(w->desk);
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(w->pool, &error);
    g_assert_true(sv_db_script(db, "UPDATE view SET body=substr(body,1,length(body)-3)", &error));
    g_assert_true(sv_pool_write_done(w->pool, db, TRUE, &error));
    w->desk = sv_desk_open(w->pool, engine, formats, 0);
    g_autofree char *mended = summary(w, w->lawyer, "handover");
    g_assert_cmpstr(before, ==, mended);
}

static void test_marks_and_pins(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *tasks = summary(w, w->manager, "tasks");
    g_autoptr(cJSON) json = cJSON_Parse(tasks);
    const cJSON *first = cJSON_GetArrayItem(sv_json_array(json, "tasks"), 0);
    g_assert_nonnull(first);
    SvAsk ask = ask_as(w, w->manager);
    g_assert_true(sv_desk_mark_task(w->desk, &ask, sv_json_string(first, "id"), "taken", &error));
    g_assert_no_error(error);
    g_autofree char *marked = summary(w, w->manager, "tasks");
    g_assert_nonnull(strstr(marked, "\"taken\""));
    g_assert_nonnull(strstr(marked, "Анна"));
    g_assert_false(sv_desk_mark_task(w->desk, &ask, "0000000000000000", "done", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(sv_desk_mark_task(w->desk, &ask, sv_json_string(first, "id"), "eaten", &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_clear_error(&error);
    /* a hidden message can't be pinned by who does not see it, nor does another's pin show it */
    g_assert_false(sv_desk_feedback(w->desk, &ask, "missing", "brief", "x1", NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(sv_desk_feedback(
        w->desk, &ask, "missing", "popup", "a1", "бюджет 12 500 000 тенге", "важно", &error));
    g_assert_no_error(error);
    g_autofree char *popup = summary(w, w->manager, "popup");
    g_assert_nonnull(strstr(popup, "\"pinned\""));
    g_assert_nonnull(strstr(popup, "12 500 000"));
    sv_who_unref((SvWho *)ask.who);
}

static void test_search_and_source(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SvAsk ask = ask_as(w, w->manager);
    g_autofree char *hits = sv_desk_search(w->desk, &ask, "договором", 10, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(hits, "Договор задерживается"));
    g_autofree char *source = sv_desk_source(w->desk, &ask, "a4", &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(source, "Алексей Ким"));
    g_autofree char *since = sv_desk_since(w->desk, &ask, "ru", TRUE, &error);
    g_assert_nonnull(strstr(since, "\"since\":null"));
    ask.now = moment("2025-11-06T09:00:00+05:00");
    put(w, "a6", "2025-11-05T12:00:00+05:00", "maria@nasos.kz",
        "Замену насосов переносим, ждём ваш договор до 25 ноября.", NULL);
    g_assert_true(sv_desk_read(w->desk, w->client, &error));
    g_autofree char *later = sv_desk_since(w->desk, &ask, "ru", TRUE, &error);
    g_assert_nonnull(strstr(later, "\"messages\":1"));
    g_assert_nonnull(strstr(later, "\"a6\""));
    g_autofree char *card_json = sv_desk_card(w->desk, &ask, &error),
                    *activity = sv_desk_activity(w->desk, &ask, &error),
                    *today = sv_desk_today(w->desk, &ask, "ru", &error),
                    *report = sv_desk_report(w->desk, &ask, 10, "ru", &error),
                    *clients = sv_desk_clients(w->desk, &ask, "насос", 0, 10, &error),
                    *phone = sv_desk_by_phone(w->desk, &ask, "8 (701) 721-44-08", &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(card_json, "Мария Козлова"));
    g_assert_nonnull(strstr(activity, "\"2025-11\""));
    g_assert_nonnull(strstr(today, "Насос"));
    g_assert_nonnull(strstr(report, "Насос"));
    g_assert_nonnull(strstr(clients, "Насос"));
    g_assert_nonnull(strstr(phone, "Мария Козлова"));
    sv_who_unref((SvWho *)ask.who);
}

static gpointer ask_once(gpointer data)
{
    World *w = data;
    g_autoptr(GError) error = NULL;
    World own = *w;
    own.db = sv_pool_read(w->pool, &error);
    char *got = summary(&own, w->manager, "brief");
    sv_pool_read_done(w->pool, own.db);
    return got;
}

static void test_many_at_once(World *w, gconstpointer data)
{
    GThread *threads[12];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("ask", ask_once, w);
    g_autofree char *first = g_thread_join(threads[0]);
    for (gsize i = 1; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *other = g_thread_join(threads[i]);
        g_assert_cmpstr(first, ==, other);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    engine = sv_engine_open(g_getenv("SVODKA_DATA"), &error);
    g_assert_no_error(error);
    formats = sv_formats_open(NULL, &error);
    sv_password_cost(1, 8 << 10);
    static const struct {
        const char *name;
        void (*run)(World *, gconstpointer);
    } tests[] = {{"rights", test_rights}, {"non_interference", test_non_interference},
        {"pending", test_pending}, {"kept", test_kept}, {"marks_and_pins", test_marks_and_pins},
        {"search_and_source", test_search_and_source}, {"many_at_once", test_many_at_once}};
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/desk/", tests[i].name, NULL);
        g_test_add(path, World, NULL, setup, tests[i].run, teardown);
    }
    int status = g_test_run();
    sv_formats_close(formats);
    sv_engine_close(engine);
    return status;
}
