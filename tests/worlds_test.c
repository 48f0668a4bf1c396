/* Non-interference: what a reader may not see changes nothing of what he gets, not a byte, on any route.
 *
 * Random worlds of people, teams, labels, clients and messages are built twice from one seed. A reader walks every
 * GET route of the route tables (a new route is walked without a word here) in both, so that all caches are warm;
 * then, in the second world only, messages that he may not see are rewritten: other words, writers, times and
 * subjects, canaries among them. He walks every route again, and every status, header and byte must be the same.
 * Messages that are hidden from him and are added or taken away may change one thing: the number of hidden ones.
 *
 * WORLDS=10000 for the long run; SEED=… repeats one. */
#include "message_store.h"
#include "folder_fixture.h"
#include "labels.h"
#include "route.h"
#include "web.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1762318800 /* 2025-11-05 */
#define PEOPLE 6
#define CLIENTS 2
#define LABELS 3
#define MESSAGES 12
#define CANARY "канарейка7251"

static const SvRoute *const tables[] = {sv_api_routes, sv_web_routes, NULL};
static SvEngine *engine;
static SvFormats *formats;

typedef struct {
    char *dir;
    SvApp app;
    gint64 account[PEOPLE], client[CLIENTS], label[LABELS];
    char *token[PEOPLE];   /* of the API */
    char *session[PEOPLE];
} World;

typedef struct {
    char *id, *labels;
    SvChannel channel;
    guint client;
} Said;

static gint64 now(void)
{
    return NOW;
}

/* ── what people write ── */

static const char *const things[] = {"насосы", "серверы", "договор", "аванс", "отчёт", "поставку", "лицензии", "кабель"};
static const char *const writers[] = {"maria@client.kz", "anna@us.kz", "oleg@client.kz", "kim@us.kz"};

static char *sentence(GRand *r)
{
    static const char *const forms[] = {"Пришлю %s до %d ноября.", "Нам нужны %s, бюджет %d 000 000 тенге утверждён.",
        "Просим скидку на %s, %d процентов.", "По %s всё согласовано, оплата %d ноября.",
        "Переносим %s на %d ноября, директор в отпуске.", "Конкурент предложил %s на %d процентов дешевле.",
        "Жалуемся: %s пришли с опозданием на %d дней.", "Спасибо, %s получили %d ноября, претензий нет."};
    const char *form = forms[g_rand_int_range(r, 0, G_N_ELEMENTS(forms))];
    const char *thing = things[g_rand_int_range(r, 0, G_N_ELEMENTS(things))];
    int n = g_rand_int_range(r, 6, 28);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return g_strdup_printf(form, thing, n);
#pragma GCC diagnostic pop
}

static SvMessage *random_message(GRand *r, const char *id, gboolean canary)
{
    SvMessage *m = sv_message_new(g_rand_int_range(r, 0, 4) ? SV_CHANNEL_EMAIL : SV_CHANNEL_NOTE);
    const char *from = writers[g_rand_int_range(r, 0, G_N_ELEMENTS(writers))];
    const char *to = writers[g_rand_int_range(r, 0, G_N_ELEMENTS(writers))];
    g_autofree char *a = sentence(r), *b = sentence(r);
    g_autofree char *text = g_strdup_printf("Добрый день!\n%s %s\n%s\n--\nМария Петрова\nфинансовый директор\n+7 701 %07d", a, b,
        canary ? "Между нами: " CANARY " уходит в январе, завод продаётся." : "",
        g_rand_int_range(r, 1000000, 9999999));
    m->id = g_strdup(id);
    m->at = (SvTime){NOW - g_rand_int_range(r, 3600, 90 * 86400), 18000};
    sv_address_free(m->from);
    m->from = sv_address_new(NULL, from);
    g_ptr_array_add(m->to, sv_address_new(NULL, to));
    m->subject = g_strdup_printf("%s %s", things[g_rand_int_range(r, 0, G_N_ELEMENTS(things))], canary ? CANARY : "");
    sv_raw_clear(&m->body);
    m->body = sv_raw_new(text, -1);
    return m;
}

/* ── a world ── */

static void put(World *w, guint client, const SvMessage *m, const char *labels)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_write(w->app.pool, &error);
    sv_message_put(db, w->client[client], m, 0, labels, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sv_client_touch(db, w->client[client], &error));
    g_assert_true(sv_pool_write_done(w->app.pool, db, TRUE, &error));
}

static void add_people(World *w, GRand *r, SvDb *db)
{
    static const SvRole roles[PEOPLE] = {
        SV_ROLE_MANAGER, SV_ROLE_MANAGER, SV_ROLE_SUPPORT, SV_ROLE_HEAD, SV_ROLE_DIRECTOR, SV_ROLE_ADMIN};
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < LABELS; i++) {
        g_autofree char *name = g_strdup_printf("label%d", i);
        w->label[i] = sv_label_put(db, name, &error);
    }
    for (int i = 0; i < PEOPLE; i++) {
        g_autofree char *login = g_strdup_printf("user%d", i);
        sv_account_add(db, login, login, roles[i], i < 4 ? "first" : NULL, "correct horse battery", &w->account[i], &error);
        g_assert_no_error(error);
        for (int k = 0; k < LABELS; k++)
            if (g_rand_int_range(r, 0, 3) == 0)
                sv_label_hold(db, w->label[k], w->account[i], 0, TRUE, &error);
        w->token[i] = sv_token_new(db, w->account[i], "test",
            SV_SCOPE_READ | SV_SCOPE_WRITE | (roles[i] == SV_ROLE_ADMIN ? SV_SCOPE_ADMIN : 0), 0, &error);
        g_assert_no_error(error);
    }
}

static void add_clients(World *w, GRand *r, SvDb *db)
{
    static const char card[] =
        "{\"name\":\"ТОО «Насос»\",\"language\":\"ru\",\"timezone\":\"Asia/Almaty\",\"contacts\":[{\"id\":\"c1\",\"name\":"
        "\"Мария Козлова\",\"email\":\"maria@client.kz\",\"phone\":\"+77017214408\"}],\"managers\":[{\"id\":\"m1\",\"name\":"
        "\"Анна Ким\",\"email\":\"anna@us.kz\"}]}";
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < CLIENTS; i++) {
        g_autofree char *key = g_strdup_printf("client%d", i);
        sv_client_put(db, key, key, g_rand_boolean(r) ? card : NULL, &w->client[i], &error);
        sv_client_assign(db, w->client[i], w->account[g_rand_int_range(r, 0, PEOPLE)], 0, &error);
        if (g_rand_boolean(r))
            sv_client_set_reader(db, w->client[i], w->account[g_rand_int_range(r, 0, PEOPLE)], TRUE, &error);
        g_assert_no_error(error);
    }
}

static char *random_labels(World *w, GRand *r)
{
    gint64 ids[LABELS];
    guint n = 0;
    for (int k = 0; k < LABELS; k++)
        if (g_rand_int_range(r, 0, 4) == 0)
            ids[n++] = w->label[k];
    return sv_labels_format(ids, n);
}

static void said_free(gpointer p)
{
    Said *s = p;
    g_free(s->id);
    g_free(s->labels);
    g_free(s);
}

static GPtrArray *build(World *w, guint32 seed)
{
    g_autoptr(GRand) r = g_rand_new_with_seed(seed);
    g_autoptr(GError) error = NULL;
    GPtrArray *all = g_ptr_array_new_with_free_func(said_free);
    *w = (World){0};
    w->dir = g_dir_make_tmp("svodka-world-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(w->dir, "w.db", NULL);
    w->app.pool = sv_pool_open(file, &error);
    g_assert_no_error(error);
    SvDb *db = sv_pool_write(w->app.pool, &error);
    add_people(w, r, db);
    add_clients(w, r, db);
    g_assert_true(sv_pool_write_done(w->app.pool, db, TRUE, &error));
    for (guint c = 0; c < CLIENTS; c++)
        for (guint i = 0; i < MESSAGES; i++) {
            Said *s = g_new0(Said, 1);
            s->id = g_strdup_printf("m%u-%u@mail", c, i);
            s->labels = random_labels(w, r);
            s->client = c;
            g_autoptr(SvMessage) m = random_message(r, s->id, *s->labels);
            s->channel = m->channel;
            put(w, c, m, s->labels);
            g_ptr_array_add(all, s);
        }
    w->app.engine = engine;
    w->app.formats = formats;
    w->app.guard = sv_guard_new(w->app.pool);
    w->app.audit = sv_audit_open(w->app.pool, &error);
    g_assert_no_error(error);
    w->app.desk = sv_desk_open(w->app.pool, engine, formats, 4 << 20);
    w->app.started = NOW;
    w->app.now = now;
    for (int i = 0; i < PEOPLE; i++) {
        g_autofree char *login = g_strdup_printf("user%d", i);
        w->session[i] = sv_guard_login(w->app.guard, login, "correct horse battery", "127.0.0.1", "test", &error);
        g_assert_no_error(error);
    }
    return all;
}

static void demolish(World *w)
{
    sv_desk_close(w->app.desk);
    sv_audit_close(w->app.audit);
    sv_guard_free(w->app.guard);
    sv_pool_close(w->app.pool);
    sv_folder_remove(w->dir);
    g_free(w->dir);
    for (int i = 0; i < PEOPLE; i++) {
        g_free(w->token[i]);
        g_free(w->session[i]);
    }
}

/* ── walking all routes ── */

/* Routes that tell the administrator of the machine itself: the record of deeds with its hashes, counters, files. */
static gboolean is_of_machine(const SvRoute *route)
{
    static const char *const starts[] = {"/api/v1/audit", "/metrics", "/healthz", "/admin/audit", "/admin/health"};
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        if (g_str_has_prefix(route->path, starts[i]))
            return TRUE;
    return FALSE;
}

/* What a parameter of a path may be; NULL at the end. */
static GPtrArray *values(const World *w, const GPtrArray *all, const char *name)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    if (strcmp(name, "client") == 0)
        for (int i = 0; i < CLIENTS; i++)
            g_ptr_array_add(out, g_strdup_printf("%" G_GINT64_FORMAT, w->client[i]));
    else if (strcmp(name, "format") == 0)
        for (const char *const *f = sv_formats_names(formats); *f; f++)
            g_ptr_array_add(out, g_strdup(*f));
    else if (strcmp(name, "message") == 0)
        for (guint i = 0; i < all->len; i += 3)
            g_ptr_array_add(out, g_uri_escape_string(((Said *)all->pdata[i])->id, NULL, FALSE));
    else if (strcmp(name, "number") == 0)
        g_ptr_array_add(out, g_strdup("+77017214408"));
    else
        g_ptr_array_add(out, g_strdup("1"));
    return out;
}

/* All paths of a template with its parameters filled in, and the queries that routes know. */
static void fill(const World *w, const GPtrArray *all, const char *path, GPtrArray *out)
{
    const char *open = strchr(path, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close) {
        g_ptr_array_add(out, g_strdup(path));
        return;
    }
    g_autofree char *name = g_strndup(open + 1, (gsize)(close - open) - 1);
    g_autoptr(GPtrArray) choices = values(w, all, name);
    for (guint i = 0; i < choices->len; i++) {
        g_autofree char *one =
            g_strdup_printf("%.*s%s%s", (int)(open - path), path, (char *)choices->pdata[i], close + 1);
        fill(w, all, one, out);
    }
}

static const char *query_for(const SvRoute *route)
{
    if (!route->query)
        return "";
    if (strstr(route->query, "q:") || strstr(route->query, "q?:"))
        return "?q=" CANARY "%20%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80";
    if (strstr(route->query, "find"))
        return "?find=client";
    if (strstr(route->query, "message"))
        return "?message=m0-0%40mail";
    return "";
}

/* Session secrets are random: they are blotted out. */
static void blot(GString *text, const char *secret)
{
    if (secret && *secret)
        g_string_replace(text, secret, "SECRET", 0);
}

static char *csrf_of(World *w, guint reader)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(w->app.pool, &error);
    g_autoptr(SvWho) who = sv_guard_session(w->app.guard, db, w->session[reader]);
    sv_pool_read_done(w->app.pool, db);
    return g_strdup(who ? who->csrf : "");
}

static void visit(World *w, guint reader, const SvRoute *route, const char *url, const char *csrf, GString *out)
{
    gboolean page = route->flags & SV_ROUTE_PAGE || !g_str_has_prefix(route->path, "/api/");
    g_autofree char *secret = page ? g_strconcat("svodka_session=", w->session[reader], NULL)
                                   : g_strconcat("Bearer ", w->token[reader], NULL);
    const char *headers[] = {page ? "Cookie" : "Authorization", secret, NULL};
    SvHttpRequest *request = sv_request_make("GET", url, headers, NULL, 0);
    if (!request)
        return;
    g_autoptr(SvAnswer) answer = sv_dispatch(&w->app, tables, request);
    gsize len;
    const char *bytes = sv_answer_bytes(answer, &len), *etag = sv_answer_get_header(answer, "ETag");
    g_autoptr(GString) body = g_string_new_len(bytes, (gssize)len);
    blot(body, csrf);
    blot(body, w->session[reader]);
    g_string_append_printf(out, "== %s %d %s\n", url, sv_answer_status(answer), etag && !page ? etag : "");
    g_string_append_len(out, body->str, (gssize)body->len);
    g_string_append_c(out, '\n');
    sv_request_free(request);
}

static char *walk(World *w, const GPtrArray *all, guint reader, gboolean pages)
{
    GString *out = g_string_new(NULL);
    g_autofree char *csrf = csrf_of(w, reader);
    for (SvRoutes table = tables; *table; table++)
        for (const SvRoute *route = *table; route->method; route++) {
            gboolean page = !g_str_has_prefix(route->path, "/api/");
            if (strcmp(route->method, "GET") != 0 || is_of_machine(route) || (page && !pages))
                continue;
            g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
            fill(w, all, route->path, urls);
            for (guint i = 0; i < urls->len; i++) {
                g_autofree char *url = g_strconcat(urls->pdata[i], query_for(route), NULL);
                visit(w, reader, route, url, csrf, out);
            }
        }
    return g_string_free(out, FALSE);
}

/* ── the test ── */

static gboolean sees(World *w, guint reader, const Said *s)
{
    g_autoptr(GError) error = NULL;
    SvDb *db = sv_pool_read(w->app.pool, &error);
    g_autoptr(SvWho) who = sv_who_of_account(db, w->account[reader], &error);
    gboolean may = sv_access_may_open(db, who, w->client[s->client], NULL) && sv_access_covers(who->labels, s->labels);
    sv_pool_read_done(w->app.pool, db);
    return may;
}

/* One of those that were rewritten; NULL when none was. */
static const Said *rewrite_hidden(World *w, const GPtrArray *all, guint reader, guint32 seed)
{
    g_autoptr(GRand) r = g_rand_new_with_seed(seed ^ 0x5eed);
    const Said *last = NULL;
    for (guint i = 0; i < all->len; i++) {
        const Said *s = all->pdata[i];
        if (sees(w, reader, s) || !*s->labels)
            continue; /* whole clients that he may not open come with the labelled ones */
        g_autoptr(SvMessage) m = random_message(r, s->id, TRUE);
        m->channel = s->channel; /* under another channel it would be another message */
        put(w, s->client, m, s->labels);
        last = s;
    }
    return last;
}

static void assert_same(const char *a, const char *b, guint32 seed, guint reader)
{
    if (strcmp(a, b) == 0)
        return;
    gsize i = 0, line = 0;
    for (; a[i] == b[i]; i++)
        if (a[i] == '\n' && a[i + 1] == '=')
            line = i + 1;
    g_test_message("seed %u, reader %u: %.*s\nfirst  …%.200s\nsecond …%.200s", seed, reader,
        (int)strcspn(a + line, "\n"), a + line, a + (i > 80 ? i - 80 : 0), b + (i > 80 ? i - 80 : 0));
    g_test_fail();
}

/* "hidden":  3 → "hidden": N */
static char *without_counts(const char *text)
{
    g_autoptr(GRegex) counts = g_regex_new("\"hidden\":\\s*\\d+|\"W?/?[0-9a-f]{32}\"", 0, 0, NULL);
    return g_regex_replace_literal(counts, text, -1, 0, "N", 0, NULL);
}

static gboolean one_world(guint32 seed)
{
    World a, b;
    g_autoptr(GPtrArray) all = build(&a, seed), same = build(&b, seed);
    guint reader = seed % PEOPLE;
    g_autofree char *warm_a = walk(&a, all, reader, TRUE), *warm_b = walk(&b, same, reader, TRUE);
    assert_same(warm_a, warm_b, seed, reader);
    const Said *hidden = rewrite_hidden(&b, same, reader, seed);
    g_autofree char *after_a = walk(&a, all, reader, TRUE), *after_b = walk(&b, same, reader, TRUE);
    assert_same(after_a, after_b, seed, reader);
    if (hidden) { /* one more of them changes their number and nothing else; pages say it in words */
        g_autoptr(GRand) r = g_rand_new_with_seed(seed);
        g_autoptr(SvMessage) m = random_message(r, "more@mail", TRUE);
        put(&b, hidden->client, m, hidden->labels);
        g_autofree char *less = walk(&a, all, reader, FALSE), *more = walk(&b, same, reader, FALSE);
        g_autofree char *plain_less = without_counts(less), *plain_more = without_counts(more);
        assert_same(plain_less, plain_more, seed, reader);
    }
    demolish(&a);
    demolish(&b);
    return !g_test_failed();
}

static void test_worlds(void)
{
    const char *one = g_getenv("SEED"), *many = g_getenv("WORLDS");
    guint worlds = many ? (guint)atoi(many) : 200, done = 0;
    if (one) {
        one_world((guint32)atoi(one));
        return;
    }
    for (guint32 seed = 1; seed <= worlds && one_world(seed); seed++)
        done++;
    g_test_message("%u random worlds, %u without a difference", worlds, done);
    g_assert_cmpuint(done, ==, worlds);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    engine = sv_engine_open(g_getenv("SVODKA_DATA"), &error);
    g_assert_no_error(error);
    formats = sv_formats_open(NULL, &error);
    g_assert_no_error(error);
    sv_password_cost(1, 8 << 10);
    if (!g_getenv("TMPDIR") && g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
        g_setenv("TMPDIR", "/dev/shm", TRUE); /* thousands of databases, none of which need survive */
    g_test_add_func("/worlds/non_interference", test_worlds);
    int status = g_test_run();
    sv_formats_close(formats);
    sv_engine_close(engine);
    return status;
}
