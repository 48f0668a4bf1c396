/* Tests of the audit: the chain finds every tampering; an entry that was added is there once, whatever kills
 * the program; a journal that was torn or damaged gives what is whole. */
#include "access_fixture.h"
#include "audit.h"
#include "audit_frame.h"
#include "error.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void add(SvAudit *audit, gint64 account, gint64 client, const char *action, const char *detail)
{
    g_autoptr(GError) error = NULL;
    SvDeed deed = {account, client, action, detail, "10.0.0.1", 200};
    sv_audit_add(audit, &deed, &error);
    g_assert_no_error(error);
}

static gint64 verify(SvPlace *p, const char *known, char **head)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;
    SvDb *db = sv_pool_read(p->pool, &error);
    sv_audit_verify(db, known, &n, head, &error);
    g_assert_no_error(error);
    sv_pool_read_done(p->pool, db);
    return n;
}

static char *journal_path(SvPlace *p, int which)
{
    return g_strconcat(p->file, which ? "-audit2" : "-audit", NULL);
}

static void test_frames(void)
{
    g_autofree char *long_text = g_strnfill(500, 'x');
    g_autoptr(GString) russian = g_string_new("y");
    for (int i = 0; i < 200; i++)
        g_string_append(russian, "ю");
    const SvDeed deeds[] = {
        {1, 2, "summary.read", "brief ru", "10.0.0.1", 200},
        {0, 0, "", NULL, NULL, 0},
        {G_MAXINT64, -1, long_text, russian->str, long_text, -5},
        {3, 4, "a\nb", "bad\xff", "\x7f", 404},
    };
    for (guint i = 0; i < G_N_ELEMENTS(deeds); i++) {
        guint8 frame[SV_AUDIT_FRAME_MOST];
        gsize used = 0, len = sv_audit_frame_put(frame, 7, 8, &deeds[i]);
        SvAuditEntry entry;
        g_assert_true(sv_audit_frame_get(frame, len, &used, &entry));
        g_assert_cmpuint(used, ==, len);
        g_assert_cmpint(entry.number, ==, 7);
        g_assert_cmpint(entry.account, ==, deeds[i].account);
        g_assert_cmpint(entry.status, ==, deeds[i].status);
        g_assert_true(g_utf8_validate(entry.detail, -1, NULL));
        for (gsize cut = 0; cut < len; cut++)
            g_assert_false(sv_audit_frame_get(frame, cut, &used, &entry));
        for (gsize at = 0; at < len; at++) {
            frame[at] ^= 0x10;
            g_assert_false(sv_audit_frame_get(frame, len, &used, &entry));
            frame[at] ^= 0x10;
        }
    }
}

static void test_chain(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *empty = NULL, *head = NULL, *later = NULL;
    gint64 anna = sv_place_account(p, "anna", SV_ROLE_MANAGER, NULL);
    g_assert_cmpint(verify(p, NULL, &empty), ==, 0);
    g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
    g_assert_no_error(error);
    add(audit, anna, 5, "summary.read", "brief ru");
    add(audit, 0, 0, "login.denied", NULL);
    g_assert_true(sv_audit_flush(audit, &error));
    g_assert_cmpint(verify(p, empty, &head), ==, 2);
    add(audit, anna, 6, "summary.read", "brief \"ru\"\\");
    g_assert_true(sv_audit_flush(audit, &error));
    g_assert_cmpint(verify(p, head, &later), ==, 3);
    g_assert_cmpstr(head, !=, later);
    SvDb *db = sv_pool_read(p->pool, &error);
    g_assert_false(sv_audit_verify(db, "abc", NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_INPUT);
    g_clear_error(&error);
    g_autoptr(GString) all = g_string_new(NULL), one = g_string_new(NULL), none = g_string_new(NULL);
    g_assert_true(sv_audit_export(db, 0, 0, 0, all, &error));
    g_assert_true(sv_audit_export(db, 0, 0, 6, one, &error));
    g_assert_true(sv_audit_export(db, 0, 1000, 0, none, &error));
    g_assert_nonnull(strstr(all->str, "\"login\":\"anna\",\"action\":\"summary.read\",\"client\":5,\"detail\":\"brief ru\""));
    g_assert_nonnull(strstr(all->str, later));
    g_assert_cmpuint(g_strrstr(one->str, "\n") - one->str, ==, one->len - 1);
    g_assert_nonnull(strstr(one->str, "brief \\\"ru\\\"\\\\"));
    g_assert_null(strstr(one->str, "\"client\":5"));
    g_assert_cmpuint(none->len, ==, 0);
    sv_pool_read_done(p->pool, db);
}

/* ── tampering ── */

#define ENTRIES 40

static const char *const columns[] = {"at", "account_id", "action", "client_id", "detail", "address", "status",
    "previous", "hash", "seq"};

static void flip_column(GString *sql, GRand *rand, int i)
{
    const char *column = columns[g_rand_int_range(rand, 0, G_N_ELEMENTS(columns))];
    static const char *const values[] = {"ifnull(%s,0)+1", "-1-ifnull(%s,0)", "ifnull(%s,0)+0.5", "%s||'x'", "''",
        "%s||char(0)||'x'", "' '||%s", "0", "X'00'", "randomblob(32)", "nullif(%s,%s)", "ifnull(%s,0)*1000003+7"};
    g_autofree char *value = NULL;
    const char *pattern = values[g_rand_int_range(rand, 0, G_N_ELEMENTS(values))];
    g_auto(GStrv) parts = g_strsplit(pattern, "%s", -1);
    value = g_strjoinv(column, parts);
    g_string_printf(sql, "UPDATE OR IGNORE audit SET %s=%s WHERE seq=%d", column, value, i);
}

static void tamper(GString *sql, GRand *rand)
{
    int i = g_rand_int_range(rand, 1, ENTRIES + 1), j = g_rand_int_range(rand, 1, ENTRIES + 1);
    j = j == i ? i % ENTRIES + 1 : j;
    switch (g_rand_int_range(rand, 0, 9)) {
    case 0:
        g_string_printf(sql, "DELETE FROM audit WHERE seq=%d", i);
        break;
    case 1: /* and the rest moved up */
        g_string_printf(sql, "DELETE FROM audit WHERE seq=%d; UPDATE audit SET seq=-seq WHERE seq>%d;"
            "UPDATE audit SET seq=-seq-1 WHERE seq<0", i, i);
        break;
    case 2: /* a copy put in, the rest moved down */
        g_string_printf(sql, "UPDATE audit SET seq=-seq WHERE seq>%d; INSERT INTO audit SELECT %d,at,account_id,"
            "action,client_id,detail,address,status,previous,hash FROM audit WHERE seq=%d;"
            "UPDATE audit SET seq=1-seq WHERE seq<0", i, i + 1, i);
        break;
    case 3: /* places changed */
        g_string_printf(sql, "UPDATE audit SET seq=-1 WHERE seq=%d; UPDATE audit SET seq=%d WHERE seq=%d;"
            "UPDATE audit SET seq=%d WHERE seq=-1", i, i, j, j);
        break;
    case 4: /* cut off at the end: against the known head */
        g_string_printf(sql, "DELETE FROM audit WHERE seq>=%d", i);
        break;
    case 5: /* cut off at the beginning */
        g_string_printf(sql, "DELETE FROM audit WHERE seq<=%d", i);
        break;
    case 6: /* what is said of one is said of another */
        g_string_printf(sql, "UPDATE audit SET detail=(SELECT detail FROM audit WHERE seq=%d) WHERE seq=%d", j, i);
        break;
    default:
        flip_column(sql, rand, i);
    }
}

/* Does the table say anything else than before? A tampering that changed nothing need not be found. */
static char *picture(SvDb *db)
{
    g_autoptr(GString) all = g_string_new(NULL);
    SvSql *sql = sv_db_sql(db,
        "SELECT quote(seq)||','||quote(at)||','||quote(account_id)||','||quote(CAST(action AS BLOB))||','"
        "||quote(client_id)||','||quote(CAST(detail AS BLOB))||','||quote(CAST(address AS BLOB))||','"
        "||quote(status)||','||quote(CAST(previous AS BLOB))||','||quote(CAST(hash AS BLOB)) FROM audit"
        " ORDER BY seq", NULL);
    while (sv_sql_next(sql, NULL) > 0)
        g_string_append(all, sv_sql_get_text(sql, 0));
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static void fill_from(SvPlace *p, int first)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
    for (int i = first; i <= ENTRIES; i++) {
        g_autofree char *detail = g_strdup_printf("brief %d", i);
        add(audit, i % 3, i % 4, "summary.read", detail);
    }
}

static void fill(SvPlace *p)
{
    fill_from(p, 1);
}

static void test_tampering(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *head = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(2026);
    g_autoptr(GString) sql = g_string_new(NULL);
    fill(p);
    g_assert_cmpint(verify(p, NULL, &head), ==, ENTRIES);
    SvDb *db = sv_pool_write(p->pool, &error);
    g_autofree char *before = picture(db);
    int tried = 0, same = 0;
    for (int i = 0; i < 10000; i++) {
        g_assert_true(sv_db_script(db, "SAVEPOINT t", &error));
        tamper(sql, rand);
        if (sv_db_script(db, sql->str, NULL)) { /* what the table itself refuses is no tampering */
            g_autofree char *after = picture(db);
            gboolean found = !sv_audit_verify(db, head, NULL, NULL, &error);
            if (!found && strcmp(before, after) != 0)
                g_error("not found: %s", sql->str);
            g_assert_true(!found || error->code == SV_ERROR_CONFLICT);
            tried += found;
            same += !found;
            g_clear_error(&error);
        }
        g_assert_true(sv_db_script(db, "ROLLBACK TO t; RELEASE t", &error));
    }
    g_test_message("%d tamperings found, %d changed nothing", tried, same);
    g_assert_cmpint(tried, >, 8000);
    g_assert_true(sv_audit_verify(db, head, NULL, NULL, &error));
    sv_pool_write_done(p->pool, db, FALSE, NULL);
}

/* All of it written anew, each hash right: only the head noted outside tells. */
static void test_rewrite(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *head = NULL, *forged = NULL;
    fill(p);
    verify(p, NULL, &head);
    sv_place_do(p, "DELETE FROM audit");
    fill_from(p, 2);
    SvDb *db = sv_pool_read(p->pool, &error);
    g_assert_true(sv_audit_verify(db, NULL, NULL, &forged, &error));
    g_assert_false(sv_audit_verify(db, head, NULL, NULL, &error));
    g_assert_error(error, SV_ERROR, SV_ERROR_CONFLICT);
    sv_pool_read_done(p->pool, db);
}

/* ── crashes ── */

/* A child that adds until it is killed; *acked counts what was told to be added. */
static void run_child(const char *file, gint *acked)
{
    g_autoptr(SvPool) pool = sv_pool_open(file, NULL);
    g_autoptr(SvAudit) audit = pool ? sv_audit_open(pool, NULL) : NULL;
    for (int i = 1; audit; i++) {
        g_autofree char *detail = g_strdup_printf("%d", i + g_atomic_int_get(acked + 1));
        SvDeed deed = {1, 2, "crash", detail, NULL, 200};
        if (!sv_audit_add(audit, &deed, NULL))
            break;
        g_atomic_int_set(acked, i);
        if (i % 5 == 0)
            g_usleep(100);
    }
    _exit(1);
}

static void test_kill(SvPlace *p, gconstpointer data)
{
    gint *acked = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_clear_pointer(&p->pool, sv_pool_close); /* nothing open across fork */
    gint64 rounds = g_test_slow() ? 1000 : 25, sum = 0, extra = 0;
    g_autofree char *head = NULL;
    for (gint64 round = 0; round < rounds; round++) {
        g_atomic_int_set(acked, 0);
        g_atomic_int_set(acked + 1, (gint)(sum + extra));
        pid_t child = fork();
        if (child == 0)
            run_child(p->file, acked);
        for (int wait = 0; g_atomic_int_get(acked) == 0 && wait < 100000; wait++)
            g_usleep(100);
        g_usleep((gulong)g_test_rand_int_range(0, 260000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        sum += g_atomic_int_get(acked);
        p->pool = sv_pool_open(p->file, NULL);
        sv_audit_close(sv_audit_open(p->pool, NULL));
        g_clear_pointer(&head, g_free);
        gint64 n = verify(p, NULL, &head);
        extra = n - sum; /* at most one a round was written and not yet told */
        g_assert_cmpint(extra, >=, 0);
        g_assert_cmpint(extra, <=, round + 1);
        g_assert_cmpint(sv_place_ask(p, "SELECT count(*)=count(DISTINCT detail) FROM audit"), ==, 1);
        g_clear_pointer(&p->pool, sv_pool_close);
    }
    g_test_message("%d kills, %d entries, %d of them not told", (int)rounds, (int)(sum + extra), (int)extra);
    munmap(acked, 4096);
    p->pool = sv_pool_open(p->file, NULL);
}

/* The program ends between the commit and the emptying of the journal: nothing is doubled. */
static void test_not_doubled(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes[2] = {NULL, NULL};
    gsize len[2];
    {
        g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
        add(audit, 1, 1, "a", "first");
        add(audit, 1, 1, "a", "second");
        for (int i = 0; i < 2; i++) {
            g_autofree char *path = journal_path(p, i);
            g_assert_true(g_file_get_contents(path, &bytes[i], &len[i], NULL));
        }
        g_assert_cmpuint(len[0] + len[1], >, 0);
    }
    for (int i = 0; i < 2; i++) {
        g_autofree char *path = journal_path(p, i);
        g_assert_true(g_file_set_contents(path, bytes[i], (gssize)len[i], NULL));
    }
    g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
    g_assert_no_error(error);
    g_assert_cmpint(verify(p, NULL, NULL), ==, 2);
    add(audit, 1, 1, "a", "third");
    g_assert_true(sv_audit_flush(audit, &error));
    g_assert_cmpint(verify(p, NULL, NULL), ==, 3);
    g_free(g_steal_pointer(&bytes[0]));
    g_free(g_steal_pointer(&bytes[1]));
}

static void write_journal(SvPlace *p, int which, const guint8 *bytes, gsize len)
{
    g_autofree char *path = journal_path(p, which);
    g_assert_true(g_file_set_contents(path, (const char *)bytes, (gssize)len, NULL));
}

static void test_torn(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) one = g_byte_array_new(), two = g_byte_array_new();
    guint8 frame[SV_AUDIT_FRAME_MOST];
    for (int i = 1; i <= 6; i++) { /* 4 … 6 are older than 1 … 3 by number: order is told by it */
        g_autofree char *detail = g_strdup_printf("n%d", i);
        SvDeed deed = {1, 1, "torn", detail, NULL, 0};
        gsize len = sv_audit_frame_put(frame, i <= 3 ? 10 + i : i, 1000, &deed);
        g_byte_array_append(i <= 3 ? one : two, frame, (guint)(i == 3 ? len - 5 : len)); /* 3 is torn */
    }
    write_journal(p, 0, one->data, one->len);
    write_journal(p, 1, two->data, two->len);
    sv_audit_close(sv_audit_open(p->pool, &error));
    g_assert_no_error(error);
    g_assert_cmpint(verify(p, NULL, NULL), ==, 5);
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit WHERE (seq,detail) IN"
        " (VALUES(1,'n4'),(2,'n5'),(3,'n6'),(4,'n1'),(5,'n2'))"), ==, 5);
    g_byte_array_set_size(one, 0);
    for (int i = 0; i < 3; i++) {
        SvDeed deed = {1, 1, "harm", "x", NULL, 0};
        gsize len = sv_audit_frame_put(frame, 20 + i, 1000, &deed);
        frame[30] ^= i == 1; /* the middle one of three */
        g_byte_array_append(one, frame, (guint)len);
    }
    write_journal(p, 0, one->data, one->len);
    sv_audit_close(sv_audit_open(p->pool, &error));
    g_assert_no_error(error);
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit WHERE action='harm'"), ==, 2);
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit WHERE action='audit.damaged'"), ==, 1);
    verify(p, NULL, NULL);
}

/* Any bytes for a journal: it opens, and the chain holds. */
static void test_any_journal(SvPlace *p, gconstpointer data)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int round = 0; round < 60; round++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        guint8 frame[SV_AUDIT_FRAME_MOST];
        int n = g_rand_int_range(rand, 0, 20);
        for (int i = 0; i < n; i++) {
            SvDeed deed = {1, 1, "any", "x", NULL, 0};
            gsize len = sv_audit_frame_put(frame, round * 100 + i + 1, 1000, &deed);
            g_byte_array_append(bytes, frame, (guint)len);
        }
        for (guint i = 0; i < bytes->len / 50; i++)
            bytes->data[g_rand_int_range(rand, 0, (gint32)bytes->len)] = (guint8)g_rand_int_range(rand, 0, 256);
        write_journal(p, round % 2, bytes->data, bytes->len ? (gsize)g_rand_int_range(rand, 0, (gint32)bytes->len) : 0);
        g_autoptr(GError) error = NULL;
        sv_audit_close(sv_audit_open(p->pool, &error));
        g_assert_no_error(error);
    }
    verify(p, NULL, NULL);
}

/* ── together ── */

static gpointer add_many(gpointer data)
{
    for (int i = 0; i < 5000; i++)
        add(data, 1, i, "many", "x");
    return NULL;
}

static void test_threads(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SvAudit *audit = sv_audit_open(p->pool, &error);
    GThread *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("add", add_many, audit);
    g_assert_true(sv_audit_flush(audit, &error));
    for (int i = 0; i < 4; i++)
        g_thread_join(threads[i]);
    sv_audit_close(audit);
    g_assert_cmpint(verify(p, NULL, NULL), ==, 20000);
    for (int i = 0; i < 2; i++) {
        g_autofree char *path = journal_path(p, i);
        GStatBuf info;
        g_assert_cmpint(g_stat(path, &info), ==, 0);
        g_assert_cmpint(info.st_size, ==, 0);
        g_assert_cmpint(info.st_mode & 0777, ==, 0600);
    }
}

/* Within a second, without being asked. */
static void test_moves_by_itself(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
    for (int k = 1; k <= 2; k++) {
        add(audit, 1, 1, "alone", NULL);
        for (int i = 0; i < 100 && sv_place_ask(p, "SELECT count(*) FROM audit") < k; i++)
            g_usleep(50000);
        g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit"), ==, k);
    }
}

/* A second one, as another process would: straight into the chain, in between. */
static void test_beside(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvAudit) server = sv_audit_open(p->pool, &error);
    g_autoptr(SvAudit) command = sv_audit_open(p->pool, &error);
    SvDeed deed = {0, 0, "user.add", "anna", NULL, 0};
    for (int i = 0; i < 5; i++) {
        add(server, 1, i, "from.server", NULL);
        add(command, 1, i, "from.command", NULL);
        g_assert_true(sv_audit_note(p->pool, &deed, &error));
        if (i % 2)
            g_assert_true(sv_audit_flush(server, &error));
    }
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit WHERE action='from.command'"), ==, 5);
    g_assert_true(sv_audit_flush(server, &error));
    g_assert_cmpint(verify(p, NULL, NULL), ==, 15);
}

/* The disk takes a piece of a frame and refuses the rest: adding fails, and what was added before and
 * afterwards is there. */
static void test_no_room(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    struct rlimit before, small;
    SvAudit *audit = sv_audit_open(p->pool, &error);
    SvDeed deed = {1, 1, "refused", NULL, NULL, 0};
    add(audit, 1, 1, "before", NULL);
    g_assert_true(sv_audit_flush(audit, &error));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 50;
    setrlimit(RLIMIT_FSIZE, &small);
    gboolean added = sv_audit_add(audit, &deed, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(added);
    g_assert_error(error, SV_ERROR, SV_ERROR_IO);
    add(audit, 1, 1, "after", NULL);
    sv_audit_close(audit);
    g_assert_cmpint(verify(p, NULL, NULL), ==, 2);
    g_assert_cmpint(sv_place_ask(p, "SELECT count(*) FROM audit WHERE action IN ('refused','audit.damaged')"), ==, 0);
}

static void test_speed(SvPlace *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SvAudit) audit = sv_audit_open(p->pool, &error);
    const int n = 50000;
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < n; i++)
        add(audit, 1, i % 1000 + 1, "summary.read", "brief ru");
    gint64 added = g_get_monotonic_time();
    g_assert_true(sv_audit_flush(audit, &error));
    gint64 flushed = g_get_monotonic_time();
    g_assert_cmpint(verify(p, NULL, NULL), ==, n);
    gint64 verified = g_get_monotonic_time();
    g_test_message("%.2f us to add, %.2f us with the chain, %.2f us to verify", (double)(added - start) / n,
        (double)(flushed - start) / n, (double)(verified - flushed) / n);
    g_assert_cmpfloat((double)(added - start) / n, <, 200);
}

#define PLACE(path, run) g_test_add(path, SvPlace, NULL, sv_place_set_up, run, sv_place_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/frames", test_frames);
    PLACE("/audit/kill", test_kill); /* first: it forks, and no thread runs yet */
    PLACE("/audit/chain", test_chain);
    PLACE("/audit/tampering", test_tampering);
    PLACE("/audit/rewrite", test_rewrite);
    PLACE("/audit/not_doubled", test_not_doubled);
    PLACE("/audit/torn", test_torn);
    PLACE("/audit/any_journal", test_any_journal);
    PLACE("/audit/threads", test_threads);
    PLACE("/audit/moves_by_itself", test_moves_by_itself);
    PLACE("/audit/beside", test_beside);
    PLACE("/audit/no_room", test_no_room);
    PLACE("/audit/speed", test_speed);
    return g_test_run();
}
