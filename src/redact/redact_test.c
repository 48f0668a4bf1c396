/* Masking by tables: tests/fixtures/redact/masked.tsv and kept.tsv; privilege and orders by privileged.tsv
 * and orders.tsv; check digits; what no input may do. */
#include "redact.h"
#include "checks.h"
#include "utf8.h"
#include <locale.h>
#include <string.h>
#include <time.h>

typedef void (*Line)(const char *kind, const char *text);

static void each_line(const char *name, Line check, guint least)
{
    g_autofree char *path = g_build_filename(
        g_getenv("SVODKA_SOURCE") ? g_getenv("SVODKA_SOURCE") : ".", "tests/fixtures/redact", name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0;
    for (guint i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        char *tab = strchr(lines[i], '\t');
        g_assert_nonnull(tab);
        *tab = 0;
        g_autofree char *value = g_strcompress(tab + 1); /* "\n" in a table is a line break */
        check(lines[i], value);
        n++;
    }
    g_assert_cmpuint(n, >=, least);
}

static char *show(const char *text)
{
    g_autoptr(GArray) hits = sv_redact_find(NULL, text, strlen(text));
    GString *s = g_string_new(NULL);
    guint32 at = 0;
    for (guint i = 0; i < hits->len; i++) {
        const SvPii *hit = &g_array_index(hits, SvPii, i);
        g_string_append_len(s, text + at, hit->span.from - at);
        g_string_append_printf(s, "{%s:%.*s}", sv_pii_name(hit->kind), (int)(hit->span.to - hit->span.from),
            text + hit->span.from);
        at = hit->span.to;
    }
    g_string_append(s, text + at);
    return g_string_free(s, FALSE);
}

/* The text of a table line without its {kind:…}. */
static char *plain(const char *marked)
{
    GString *s = g_string_new(NULL);
    for (const char *p = marked; *p; p++) {
        if (*p == '{')
            p = strchr(p, ':');
        else if (*p != '}')
            g_string_append_c(s, *p);
    }
    return g_string_free(s, FALSE);
}

static void check_line(const char *kind, const char *marked)
{
    g_autofree char *text = plain(marked);
    g_autofree char *got = show(text);
    if (strcmp(got, marked) == 0)
        return;
    g_test_message("%s: want %s", kind, marked);
    g_test_message("%s: have %s", kind, got);
    g_test_fail();
}

static void test_masked(void)
{
    each_line("masked.tsv", check_line, 150);
}

static void test_kept(void)
{
    each_line("kept.tsv", check_line, 100);
}

static void check_privilege(const char *kind, const char *text)
{
    gboolean want = strcmp(kind, "privileged") == 0, have = sv_redact_is_privileged(NULL, text, strlen(text));
    if (want != have) {
        g_test_message("%s: %s", kind, text);
        g_test_fail();
    }
}

static void test_privileged(void)
{
    each_line("privileged.tsv", check_privilege, 30);
    g_assert_true(sv_redact_is_privileged("КОНФИДЕНЦИАЛЬНО: спор", "Риск оцениваю в миллион.", 44));
    g_assert_false(sv_redact_is_privileged("Договор", "Юристы смотрят.", 27));
}

/* {…} around what must be marked; the number of marked characters outside must be none. */
static void check_orders(const char *kind, const char *marked)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint from = 0, to = 0;
    for (const char *p = marked; *p; p++) {
        if (*p == '{')
            from = (guint)text->len;
        else if (*p == '}')
            to = (guint)text->len;
        else
            g_string_append_c(text, *p);
    }
    g_autoptr(GArray) orders = sv_redact_find_orders(text->str, text->len);
    guint a = orders->len ? g_array_index(orders, SvSpan, 0).from : 0;
    guint b = orders->len ? g_array_index(orders, SvSpan, orders->len - 1).to : 0;
    if (a == from && b == to)
        return;
    g_test_message("%s: want %s, have %u…%u of %u…%u", kind, marked, a, b, from, to);
    g_test_fail();
}

static void test_orders(void)
{
    each_line("orders.tsv", check_orders, 30);
}

static void test_placeholders(void)
{
    guint n;
    SvRaw ru = {"ИИН 840617300415 домой", strlen("ИИН 840617300415 домой")};
    SvMasked m = sv_redact_text(NULL, ru, "ru", &n);
    g_assert_cmpstr(m.bytes, ==, "ИИН [ИИН] домой");
    g_assert_cmpuint(n, ==, 1);
    g_free(m.bytes);
    SvRaw en = {"she is diabetic", 15};
    m = sv_redact_text(NULL, en, "en", &n);
    g_assert_cmpstr(m.bytes, ==, "she is [health]");
    g_free(m.bytes);
    SvRaw none = {NULL, 0};
    m = sv_redact_text(NULL, none, "ru", &n);
    g_assert_cmpstr(m.bytes, ==, "");
    g_assert_cmpuint(n, ==, 0);
    g_free(m.bytes);
}

static void test_known_phone(void)
{
    g_autoptr(SvHistory) h = sv_history_new();
    SvPerson *p = sv_person_new("c1", "Анна", SV_SIDE_CLIENT);
    p->in_card = TRUE;
    g_ptr_array_add(p->phones, g_strdup("+79152223344"));
    g_ptr_array_add(h->people, p);
    const char *known = "мой личный номер 8 915 222-33-44", *other = "мой личный номер 8 915 222-33-45";
    g_autoptr(GArray) a = sv_redact_find(h, known, strlen(known));
    g_autoptr(GArray) b = sv_redact_find(h, other, strlen(other));
    g_assert_cmpuint(a->len, ==, 0);
    g_assert_cmpuint(b->len, ==, 1);
}

static void test_check_digits(void)
{
    g_assert_true(sv_check_luhn("4111111111111111", 16));
    g_assert_false(sv_check_luhn("4111111111111112", 16));
    g_assert_true(sv_check_iban("GB82WEST12345698765432", 22));
    g_assert_false(sv_check_iban("GB82WEST12345698765433", 22));
    g_assert_true(sv_check_snils("11223344595"));
    g_assert_false(sv_check_snils("11223344596"));
    g_assert_true(sv_check_inn12("500100732259"));
    g_assert_false(sv_check_inn12("500100732258"));
    g_assert_cmpuint(sv_iban_length("KZ"), ==, 20);
    g_assert_cmpuint(sv_iban_length("US"), ==, 0);
}

/* A masked text holds nothing more to mask. */
static void check_idempotent(const char *kind, const char *marked)
{
    g_autofree char *text = plain(marked);
    SvRaw raw = {text, strlen(text)};
    SvMasked once = sv_redact_text(NULL, raw, "ru", NULL);
    SvRaw again = {once.bytes, once.len};
    guint n;
    SvMasked twice = sv_redact_text(NULL, again, "ru", &n);
    if (n) {
        g_test_message("%s: %s → %s", kind, once.bytes, twice.bytes);
        g_test_fail();
    }
    g_free(once.bytes);
    g_free(twice.bytes);
}

static void test_idempotent(void)
{
    each_line("masked.tsv", check_idempotent, 150);
}

static double seconds_for(const char *piece, gsize size)
{
    g_autoptr(GString) s = g_string_new(NULL);
    while (s->len < size)
        g_string_append(s, piece);
    clock_t t = clock(); /* of this process: others may keep the machine busy */
    g_autoptr(GArray) hits = sv_redact_find(NULL, s->str, s->len);
    double took = (double)(clock() - t) / CLOCKS_PER_SEC;
    g_test_message(
        "%.1f ms per MB, %u hits: %.40s", took * 1e3 * (1 << 20) / (double)s->len, hits->len, piece);
    return took;
}

/* Cost bombs: twice the text costs at most about twice the time, whatever it holds. */
static void test_linear(void)
{
    static const char *const pieces[] = {
        "Добрый день! Прошу выслать договор на 10 серверов до пятницы, счёт 12 500 000 ₸ получили.\n",
        "1 ",
        "1-",
        "4400 ",
        "паспорт ",
        "карта 1 ",
        "ул. ",
        "кв. 5 ",
        "д. 5, ",
        "flat 3, ",
        "1 Avenue ",
        "карта ноль ",
        "пароль: ",
        "GB ",
        "KZ12 ",
        "рак ",
        "born ",
        "личный номер 1 ",
        "\xD0",
        "((((",
        "a\n",
        "ассистент ",
        "4111111111111111 09/27 ",
        "дата рождения 1 ",
    };
    seconds_for(pieces[0], 1 << 16);
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
        double one = seconds_for(pieces[i], 1 << 19), two = seconds_for(pieces[i], 1 << 20);
        g_assert_cmpfloat(two, <, 3.5 * one + 0.05);
    }
}

static void test_broken(void)
{
    g_autofree char *path = g_build_filename(
        g_getenv("SVODKA_SOURCE") ? g_getenv("SVODKA_SOURCE") : ".", "tests/fixtures/broken/redact", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_assert_nonnull(dir);
    guint n = 0;
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir), n++) {
        g_autofree char *file = g_build_filename(path, name, NULL), *data = NULL;
        gsize len;
        g_assert_true(g_file_get_contents(file, &data, &len, NULL));
        SvRaw raw = {data, len};
        SvMasked m = sv_redact_text(NULL, raw, "ru", NULL);
        g_autoptr(GArray) orders = sv_redact_find_orders(m.bytes, m.len);
        (void)sv_redact_is_privileged(data, data, len);
        g_assert_cmpuint(m.bytes[m.len], ==, 0);
        g_free(m.bytes);
    }
    g_assert_cmpuint(n, >=, 10);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/redact/masked", test_masked);
    g_test_add_func("/redact/kept", test_kept);
    g_test_add_func("/redact/privileged", test_privileged);
    g_test_add_func("/redact/orders", test_orders);
    g_test_add_func("/redact/placeholders", test_placeholders);
    g_test_add_func("/redact/known-phone", test_known_phone);
    g_test_add_func("/redact/check-digits", test_check_digits);
    g_test_add_func("/redact/idempotent", test_idempotent);
    g_test_add_func("/redact/linear", test_linear);
    g_test_add_func("/redact/broken", test_broken);
    return g_test_run();
}
