/* svodka serve: the server, in the foreground, until it is told to stop.
 *
 * Opens in order: options (command line over ini file over defaults), database, what an interrupted erasure
 * left, models and formats, the record of deeds, the desk, the guard, workers, the listener; closes in the
 * opposite order. Where there is no account yet it prints a code that the page asks for before it makes the
 * first one, so that nobody who finds the page first can take the server. Under systemd it says when it is
 * ready and when it stops (a datagram, no library). */
#include "route.h"
#include "web.h"
#include "account.h"
#include "cli.h"
#include "cli_store.h"
#include "erase.h"
#include <glib-unix.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_BODY (64u << 20)
#define CODE_LEN 12u
#define CACHE_MIB 64

typedef struct {
    char *config, *db, *listen, *data, *formats, *title, *as_of;
    gboolean secure, trust_proxy;
    int threads, cache_mib;
} Options;

static void options_clear(Options *o)
{
    g_free(o->config);
    g_free(o->db);
    g_free(o->listen);
    g_free(o->data);
    g_free(o->formats);
    g_free(o->title);
    g_free(o->as_of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* ── options ── */

static gboolean parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config,
            "Settings (default: svodka.ini when it is there)", "FILE"},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &o->db, "Database (default: svodka.db here)", "FILE"},
        {"listen", 'l', 0, G_OPTION_ARG_STRING, &o->listen, "Where to listen (default: 127.0.0.1:8080)",
            "ADDRESS:PORT"},
        {"formats", 0, 0, G_OPTION_ARG_FILENAME, &o->formats, "Folder with formats of your own", "DIR"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &o->data, "Where the data files are", "DIR"},
        {"as-of", 0, 0, G_OPTION_ARG_STRING, &o->as_of, "Begin at this moment (histories of the past)",
            "TIME"},
        {NULL},
    };
    g_autoptr(GOptionContext) context =
        sv_cli_options(NULL, "Serves cards, summaries and reports to those who may see them.",
            "The ini file has a section [server] with db, listen, data, formats, title, secure\n"
            "(cookies over TLS only), trust_proxy (believe X-Forwarded-For of a proxy on this\n"
            "machine), threads, cache_mib. Options of the command line win.\n\n"
            "Examples:\n"
            "  svodka serve\n"
            "  svodka serve --db /var/lib/svodka/svodka.db --listen 127.0.0.1:9000\n",
            entries);
    return sv_cli_parse(context, &argc, &argv, error);
}

static void take_setting(GKeyFile *ini, const char *name, char **to)
{
    if (!*to)
        *to = g_key_file_get_string(ini, "server", name, NULL);
}

static gboolean load_config(Options *o, GError **error)
{
    g_autoptr(GKeyFile) ini = g_key_file_new();
    g_autoptr(GError) wrong = NULL;
    const char *path = o->config ? o->config : "svodka.ini";
    if (o->config || g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        if (!g_key_file_load_from_file(ini, path, G_KEY_FILE_NONE, &wrong)) {
            g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "%s: %s", path, wrong->message);
            return FALSE;
        }
    }
    take_setting(ini, "db", &o->db);
    take_setting(ini, "listen", &o->listen);
    take_setting(ini, "data", &o->data);
    take_setting(ini, "formats", &o->formats);
    take_setting(ini, "title", &o->title);
    o->secure = g_key_file_get_boolean(ini, "server", "secure", NULL);
    o->trust_proxy = g_key_file_get_boolean(ini, "server", "trust_proxy", NULL);
    o->threads = CLAMP(g_key_file_get_integer(ini, "server", "threads", NULL), 0, 1024);
    int cache = g_key_file_get_integer(ini, "server", "cache_mib", NULL);
    o->cache_mib = cache > 0 ? MIN(cache, 1 << 20) : CACHE_MIB;
    return TRUE;
}

/* "127.0.0.1:8080", "[::1]:8080", ":8080", "8080" */
static gboolean parse_listen(const char *text, char **address, guint *port, GError **error)
{
    const char *colon = strrchr(text, ':');
    gint64 n;
    *address = colon && colon > text ? g_strndup(text, (gsize)(colon - text)) : g_strdup("127.0.0.1");
    if (**address == '[')
        g_strdelimit(*address, "[]", ' ');
    g_strstrip(*address);
    if (g_ascii_string_to_signed(colon ? colon + 1 : text, 10, 0, 65535, &n, NULL)) {
        *port = (guint)n;
        return TRUE;
    }
    g_set_error(error, SV_ERROR, SV_ERROR_USAGE, "--listen “%s” is no address; write 127.0.0.1:8080", text);
    return FALSE;
}

/* ── what runs ── */

typedef struct {
    SvApp app;
    GMainLoop *loop;
    char *address; /* as it is printed */
} Server;

/* Seconds between --as-of and the start; set once, before anything runs. */
static gint64 clock_shift;

static gint64 shown_clock(void)
{
    return g_get_real_time() / G_USEC_PER_SEC + clock_shift;
}

static gboolean set_clock(const char *as_of, GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    SvTime begin;
    if (!as_of)
        return TRUE;
    if (!sv_time_parse(as_of, zone, &begin)) {
        g_set_error(
            error, SV_ERROR, SV_ERROR_USAGE, "--as-of “%s” is no time; write 2025-12-08T09:00", as_of);
        return FALSE;
    }
    clock_shift = begin.unix_s - g_get_real_time() / G_USEC_PER_SEC;
    return TRUE;
}

static gboolean run_read(gint64 client, gpointer data, GError **error)
{
    const SvApp *app = data;
    return sv_desk_read(app->desk, client, error);
}

static gboolean run_scrub(gint64 unused, gpointer data, GError **error)
{
    const SvApp *app = data;
    return sv_erase_finish(app->pool, NULL, error);
}

static const SvJobKind kinds[] = {{"read", run_read}, {"scrub", run_scrub}, {NULL, NULL}};

static SvAnswer *answer(SvHttpRequest *request, gpointer data)
{
    static const SvRoute *const tables[] = {sv_api_routes, sv_web_routes, NULL};
    return sv_dispatch(data, tables, request);
}

/* What readers cannot be served without. FALSE leaves what was opened for close_all(). */
static gboolean open_store(SvApp *app, const Options *o, GError **error)
{
    g_autofree char *data = sv_cli_data_dir(o->data, error);
    if (!data || !(app->pool = sv_cli_open_store(o->db, FALSE, error)) ||
        !(app->engine = sv_cli_open_engine(data, sv_pool_where(app->pool), NULL, error)) ||
        !(app->formats = sv_formats_open(o->formats, error)) || !sv_erase_finish(app->pool, NULL, error) ||
        !(app->audit = sv_audit_open(app->pool, error)))
        return FALSE;
    app->guard = sv_guard_new(app->pool);
    app->desk = sv_desk_open(app->pool, app->engine, app->formats, (gsize)o->cache_mib << 20);
    app->workers = sv_workers_new(app->pool, kinds, app, MAX(1, g_get_num_processors() / 2));
    return TRUE;
}

static gboolean open_http(Server *server, const Options *o, GError **error)
{
    SvApp *app = &server->app;
    g_autofree char *address = NULL;
    guint port;
    if (!parse_listen(o->listen ? o->listen : "127.0.0.1:8080", &address, &port, error))
        return FALSE;
    SvHttpOptions options = {.address = address,
        .port = port,
        .threads = (guint)o->threads,
        .max_body = MAX_BODY,
        .trust_proxy = o->trust_proxy};
    app->http = sv_http_open(&options, answer, app, error);
    if (!app->http)
        return FALSE;
    server->address = g_strdup_printf(
        strchr(address, ':') ? "http://[%s]:%u/" : "http://%s:%u/", address, sv_http_port(app->http));
    return TRUE;
}

static void close_all(Server *server)
{
    SvApp *app = &server->app;
    g_clear_pointer(&app->http, sv_http_close);
    sv_trials_close();
    g_clear_pointer(&app->workers, sv_workers_free);
    g_clear_pointer(&app->guard, sv_guard_free);
    g_clear_pointer(&app->desk, sv_desk_close);
    g_clear_pointer(&app->audit, sv_audit_close);
    g_clear_pointer(&app->pool, sv_pool_close);
    g_clear_pointer(&app->formats, sv_formats_close);
    g_clear_pointer(&app->engine, sv_engine_close);
    g_clear_pointer(&app->first_code, g_free);
    g_clear_pointer(&server->loop, g_main_loop_unref);
    g_clear_pointer(&server->address, g_free);
}

/* ── the first account ── */

/* Letters and figures that cannot be taken for each other, in groups of four. */
static char *make_code(void)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    GString *code = g_string_new(NULL);
    for (guint i = 0; i < CODE_LEN; i++) {
        if (i && i % 4 == 0)
            g_string_append_c(code, '-');
        g_string_append_c(code, letters[randombytes_uniform(sizeof letters - 1)]);
    }
    return g_string_free(code, FALSE);
}

static gboolean prepare_first(SvApp *app, GError **error)
{
    SvDb *db = sv_pool_read(app->pool, error);
    gint64 accounts = db ? sv_accounts_count(db, error) : -1;
    sv_pool_read_done(app->pool, db);
    if (accounts == 0)
        app->first_code = make_code();
    return accounts >= 0;
}

static void say_hello(const Server *server)
{
    g_print("Svodka listens on %s\n", server->address);
    if (server->app.first_code)
        g_print(
            "There is no account yet. Open the page and make the first administrator with this code: %s\n",
            server->app.first_code);
    fflush(stdout);
}

/* ── signals, systemd ── */

static void notify(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, strlen(path));
    if (*path == '@')
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t len = (socklen_t)(G_STRUCT_OFFSET(struct sockaddr_un, sun_path) + strlen(path));
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to, len) < 0)
        g_warning("systemd could not be told: %s", g_strerror(errno));
    close(fd);
}

static gboolean stop(gpointer data)
{
    g_main_loop_quit(((Server *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean serve(const Options *o, GError **error)
{
    Server server = {.app = {.now = shown_clock,
                         .started = shown_clock(),
                         .secure = o->secure,
                         .title = o->title,
                         .error_page = sv_page_error}};
    gboolean open = open_store(&server.app, o, error) && prepare_first(&server.app, error) &&
                    open_http(&server, o, error);
    if (open) {
        server.loop = g_main_loop_new(NULL, FALSE);
        g_unix_signal_add(SIGTERM, stop, &server);
        g_unix_signal_add(SIGINT, stop, &server);
        say_hello(&server);
        notify("READY=1");
        g_main_loop_run(server.loop);
        notify("STOPPING=1");
    }
    close_all(&server);
    return open;
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_options(&options, argc, argv, &error) || !load_config(&options, &error) ||
        !set_clock(options.as_of, &error) || !serve(&options, &error))
        return sv_cli_fail("serve", error);
    return 0;
}

const SvCommand sv_command_serve = {"serve", "cards, summaries and reports in the browser", run};
