/* A made-up client, what a reader says of its summaries, and what is learned from it. Needs the models of
 * $SVODKA_DATA and the program $SVODKA_FIT. */
#include "desk.h"
#include "folder_fixture.h"
#include "error.h"
#include "feedback_cases.h"
#include "json.h"
#include "labels.h"
#include "message_store.h"
#include "relearn.h"
#include <locale.h>
#include <string.h>

static SvEngine *engine;
static SvFormats *formats;

typedef struct {
    char *dir;
    SvPool *pool;
    SvDesk *desk;
    SvDb *db;
    gint64 client, manager, lawyer;
} World;

static const char card[] =
    "{\"name\":\"ТОО «Пекарня "
    "Берёзка»\",\"language\":\"ru\",\"timezone\":\"Asia/Almaty\",\"contacts\":[{\"id\":\"c1\","
    "\"name\":\"Асель "
    "Нурланова\",\"role\":\"управляющая\",\"email\":\"asel@berezka.kz\"}],\"managers\":[{\"id\":\"m1\","
    "\"name\":\"Павел Рогов\",\"email\":\"rogov@us.kz\"}]}";

#define MISSED "В четверг у них приёмка товара, машину принимают только до обеда"
#define WRONG "Оплату двух печей проведём до 14 ноября"
#define SECRET "Юрист просит не упоминать спор с арендодателем"

static const struct {
    const char *id, *at, *from, *text;
    gboolean legal;
} said[] = {
    {"b1", "2025-10-02T10:00:00+05:00", "asel@berezka.kz",
        "Здравствуйте! Нам нужны две печи для второго цеха, бюджет 8 600 000 тенге.", FALSE},
    {"b2", "2025-10-03T11:00:00+05:00", "rogov@us.kz",
        "Асель, пришлю предложение по печам до 10 октября. " MISSED ".", FALSE},
    {"b3", "2025-10-09T12:00:00+05:00", "rogov@us.kz",
        "Отправил предложение: две печи, 8 450 000 тенге с доставкой.", FALSE},
    {"b4", "2025-10-20T09:30:00+05:00", "asel@berezka.kz", "Согласны на ваши условия. " WRONG ".", FALSE},
    {"b5", "2025-10-21T09:30:00+05:00", "rogov@us.kz",
        "Спасибо! Договор подготовлю к пятнице, монтаж начнём 1 декабря.", FALSE},
    {"s1", "2025-10-22T09:30:00+05:00", "asel@berezka.kz", SECRET ".", TRUE},
};

static void put(SvDb *db, const World *w, guint i, const char *labels)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvMessage) m = sv_message_new(SV_CHANNEL_EMAIL);
    gboolean ours = strcmp(said[i].from, "rogov@us.kz") == 0;
    m->id = g_strdup(said[i].id);
    g_assert_true(sv_time_parse(said[i].at, NULL, &m->at));
    sv_address_free(m->from);
    m->from = sv_address_new(NULL, said[i].from);
    g_ptr_array_add(m->to, sv_address_new(NULL, ours ? "asel@berezka.kz" : "rogov@us.kz"));
    m->subject = g_strdup("Печи");
    sv_raw_clear(&m->body);
    m->body = sv_raw_new(said[i].text, -1);
    sv_message_put(db, w->client, m, 0, labels, NULL, NULL, &error);
    g_assert_no_error(error);
}

static void setup(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    w->dir = g_dir_make_tmp("svodka-relearn-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(w->dir, "t.db", NULL);
    w->pool = sv_pool_open(file, &error);
    g_assert_no_error(error);
    SvDb *db = sv_pool_write(w->pool, &error);
    g_assert_true(sv_account_add(
        db, "olga", "Ольга", SV_ROLE_MANAGER, NULL, "a long pass phrase 1", &w->manager, &error));
    g_assert_true(sv_account_add(
        db, "igor", "Игорь", SV_ROLE_MANAGER, NULL, "a long pass phrase 2", &w->lawyer, &error));
    gint64 label = sv_label_put(db, "legal", &error);
    g_assert_true(sv_label_hold(db, label, w->lawyer, 0, TRUE, &error));
    g_assert_true(sv_client_put(db, "berezka", "ТОО «Пекарня Берёзка»", card, &w->client, &error));
    g_assert_true(sv_client_assign(db, w->client, w->manager, 0, &error));
    g_assert_true(sv_client_set_reader(db, w->client, w->lawyer, TRUE, &error));
    g_autofree char *labels = sv_labels_format(&label, 1);
    for (guint i = 0; i < G_N_ELEMENTS(said); i++)
        put(db, w, i, said[i].legal ? labels : NULL);
    g_assert_true(sv_client_touch(db, w->client, &error));
    g_assert_true(sv_pool_write_done(w->pool, db, TRUE, &error));
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

static void say(World *w, gint64 account, const char *kind, const char *format, const char *message,
    const char *quote, const char *comment)
{
    g_autoptr(GError) error = NULL;
    SvTime now;
    g_assert_true(sv_time_parse("2025-10-25T09:00:00+05:00", NULL, &now));
    g_autoptr(SvWho) who = sv_who_of_account(w->db, account, &error);
    SvAsk ask = {.who = who, .db = w->db, .client = w->client, .now = now.unix_s};
    g_assert_true(sv_desk_feedback(w->desk, &ask, kind, format, message, quote, comment, &error));
    g_assert_no_error(error);
}

static SvSayings sayings(World *w)
{
    return (SvSayings){w->pool, engine, formats, FALSE, {.not_dismissed = TRUE}};
}

static SvRelearn how(double tolerance)
{
    return (SvRelearn){g_getenv("SVODKA_DATA"), NULL, g_getenv("SVODKA_FIT"), tolerance};
}

static void test_rows(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    say(w, w->manager, "missing", "brief", "b2", MISSED, "важно для доставки");
    say(w, w->manager, "useful", "sections", NULL, NULL, NULL);
    SvFeedbackFilter filter = {.kind = "missing"};
    g_autoptr(GPtrArray) some = sv_feedback_list(w->db, &filter, 10, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(some->len, ==, 1);
    const SvFeedback *f = some->pdata[0];
    g_assert_cmpstr(f->client_key, ==, "berezka");
    g_assert_cmpstr(f->by, ==, "olga");
    g_assert_cmpstr(f->external, ==, "b2");
    g_assert_cmpstr(f->quote, ==, MISSED);
    g_assert_cmpstr(f->state, ==, "new");
    filter = (SvFeedbackFilter){.state = "dismissed"};
    g_autoptr(GPtrArray) none = sv_feedback_list(w->db, &filter, 10, &error);
    g_assert_cmpuint(none->len, ==, 0);
    filter = (SvFeedbackFilter){.client = w->client, .not_dismissed = TRUE};
    g_autoptr(GPtrArray) all = sv_feedback_list(w->db, &filter, 10, &error);
    g_assert_cmpuint(all->len, ==, 2);
    filter = (SvFeedbackFilter){.kind = "lovely"};
    g_assert_null(sv_feedback_list(w->db, &filter, 10, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
}

/* A line of JSON a sentence, in the form of eval/facts; what rests on labels only when it is asked for. */
static void test_cases(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) lines = g_string_new(NULL);
    SvSaidCounts counts;
    say(w, w->manager, "missing", "brief", "b2", MISSED, "карта 4276 3801 2345 6789 у Асель");
    say(w, w->manager, "wrong", "sections", "b4", WRONG, NULL);
    say(w, w->lawyer, "missing", "sections", "s1", SECRET, NULL);
    SvSayings s = sayings(w);
    g_assert_true(sv_feedback_cases(&s, lines, &counts, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(counts.reports, ==, 3);
    g_assert_cmpuint(counts.hidden, ==, 1);
    g_assert_null(strstr(lines->str, "арендодател"));
    g_assert_null(strstr(lines->str, "4276 3801"));
    g_auto(GStrv) split = g_strsplit(lines->str, "\n", 0);
    g_assert_cmpuint(g_strv_length(split), ==, 3); /* two lines and the end */
    g_autoptr(cJSON) missing = cJSON_Parse(split[0]);
    g_autoptr(cJSON) wrong = cJSON_Parse(split[1]);
    g_assert_nonnull(strstr(sv_json_string(missing, "quote"), "только до обеда"));
    g_assert_cmpstr(sv_json_string(missing, "channel"), ==, "email");
    g_assert_cmpstr(sv_json_string(missing, "side"), ==, "us");
    g_assert_cmpfloat(sv_json_number(missing, "weight", -1), ==, 3);
    g_assert_cmpstr(sv_json_string(wrong, "kind"), ==, "wrong");
    g_assert_cmpstr(sv_json_string(wrong, "due"), ==, "2025-11-14");
    g_assert_cmpfloat(sv_json_number(wrong, "weight", -1), ==, 0);
    s.all_labels = TRUE;
    g_string_truncate(lines, 0);
    g_assert_true(sv_feedback_cases(&s, lines, &counts, &error));
    g_assert_cmpuint(counts.hidden, ==, 0);
    g_assert_nonnull(strstr(lines->str, "арендодател"));
}

/* What was missing is worth more, what was wrong less, and the labelled cases are told as well as before. */
static void test_learn(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_auto(SvRelearned) r = {0};
    SvSaidCounts counts;
    say(w, w->manager, "missing", "brief", "b2", MISSED, NULL);
    say(w, w->manager, "wrong", "brief", "b4", WRONG, NULL);
    say(w, w->manager, "useful", "sections", NULL, NULL, NULL);
    SvSayings s = sayings(w);
    g_autoptr(SvLessons) lessons = sv_feedback_lessons(&s, &counts, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(lessons->lessons->len, >, 2);
    SvRelearn with = how(SV_RELEARN_TOLERANCE);
    g_assert_true(sv_relearn(&with, lessons, &r, &error));
    g_assert_no_error(error);
    g_test_message(
        "times %u: missing %.4f to %.4f, wrong %.4f to %.4f; precision %.4f to %.4f, loss %.4f to %.4f",
        r.times, r.before.said.missing, r.after.said.missing, r.before.said.wrong, r.after.said.wrong,
        r.before.labelled.precision, r.after.labelled.precision, r.before.labelled.loss,
        r.after.labelled.loss);
    g_assert_cmpuint(r.times, >, 0);
    g_assert_nonnull(r.worth);
    g_assert_cmpuint(r.before.said.n_missing, ==, 1);
    g_assert_cmpuint(r.before.said.n_wrong, ==, 1);
    g_assert_cmpfloat(r.after.said.missing, >, r.before.said.missing * 1.2);
    g_assert_cmpfloat(r.after.said.wrong, <, r.before.said.wrong);
    g_assert_cmpuint(r.before.labelled.n, >, 1000);
    g_assert_cmpfloat(r.after.labelled.precision, >=, r.before.labelled.precision - SV_RELEARN_TOLERANCE);
    g_assert_cmpfloat(r.after.labelled.loss, <=, r.before.labelled.loss + SV_RELEARN_TOLERANCE);
    g_assert_cmpfloat(r.after.held_out.precision, >=, r.before.held_out.precision - SV_RELEARN_TOLERANCE);
    /* an engine takes the new weights, and what was read before need not be read again for them */
    g_autofree char *path = g_build_filename(w->dir, "t.db-worth.txt", NULL);
    g_assert_true(g_file_set_contents(path, r.worth, -1, &error));
    g_autoptr(SvEngine) other = sv_engine_open_with(g_getenv("SVODKA_DATA"), path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sv_engine_digest(other), ==, sv_engine_digest(engine));
    /* of another version of the program they are not taken */
    *strrchr(r.worth, '\n') = 0;
    r.worth[strlen(r.worth) - 1] ^= 1;
    g_assert_true(g_file_set_contents(path, r.worth, -1, &error));
    g_assert_null(sv_engine_open_with(g_getenv("SVODKA_DATA"), path, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

/* Without reports the shipped weights come out again; with a tolerance that nothing can meet, none do. */
static void test_nothing_worse(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvLessons) none = sv_lessons_new();
    g_autofree char *path = g_build_filename(g_getenv("SVODKA_DATA"), "worth.txt", NULL), *shipped = NULL;
    SvRelearn with = how(0);
    {
        g_auto(SvRelearned) r = {0};
        g_assert_true(sv_relearn(&with, none, &r, &error));
        g_assert_no_error(error);
        g_assert_true(g_file_get_contents(path, &shipped, NULL, NULL));
        g_assert_true(g_str_has_prefix(r.worth, shipped)); /* and the line that says what it is based on */
    }
    with.tolerance = -0.5;
    g_auto(SvRelearned) r = {0};
    g_assert_true(sv_relearn(&with, none, &r, &error));
    g_assert_cmpuint(r.times, ==, 0);
    g_assert_null(r.worth);
    with.fit_program = "/nowhere/svodka-fit";
    g_assert_false(sv_relearn(&with, none, &r, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_SETUP);
}

/* What is said of a labelled message changes no lesson: the weights are everybody's. */
static void test_labels_teach_nothing(World *w, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SvSaidCounts counts;
    say(w, w->manager, "missing", "brief", "b2", MISSED, NULL);
    SvSayings s = sayings(w);
    g_autoptr(SvLessons) before = sv_feedback_lessons(&s, &counts, &error);
    say(w, w->lawyer, "missing", "brief", "s1", SECRET, NULL);
    g_autoptr(SvLessons) after = sv_feedback_lessons(&s, &counts, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(counts.hidden, ==, 1);
    g_assert_cmpmem(before->lessons->data, before->lessons->len * sizeof(SvLesson), after->lessons->data,
        after->lessons->len * sizeof(SvLesson));
    g_assert_cmpmem(before->features->data, before->features->len * sizeof(float), after->features->data,
        after->features->len * sizeof(float));
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    setlocale(LC_CTYPE, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    sv_password_cost(1, 8 << 10);
    engine = sv_engine_open(g_getenv("SVODKA_DATA"), &error);
    formats = engine ? sv_formats_open(NULL, &error) : NULL;
    g_assert_no_error(error);
    static const struct {
        const char *name;
        void (*run)(World *, gconstpointer);
    } tests[] = {{"rows", test_rows}, {"cases", test_cases}, {"learn", test_learn},
        {"nothing_worse", test_nothing_worse}, {"labels_teach_nothing", test_labels_teach_nothing}};
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/relearn/", tests[i].name, NULL);
        g_test_add(path, World, NULL, setup, tests[i].run, teardown);
    }
    int status = g_test_run();
    sv_formats_close(formats);
    sv_engine_close(engine);
    return status;
}
