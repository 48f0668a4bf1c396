/* Masking over the labelled histories of eval/cases: nothing forbidden survives, what is privileged is left
 * out and little else, orders to a machine are marked. The histories are built from the case files as a
 * source would. */
#include "redact.h"
#include "json.h"
#include <locale.h>
#include <string.h>

typedef struct {
    SvHistory *history;
    GHashTable *by_id; /* event id → SvMessage */
    cJSON *json;
} Case;

static int person_index(const Case *c, const char *id)
{
    for (guint i = 0; i < c->history->people->len; i++)
        if (g_strcmp0(((SvPerson *)g_ptr_array_index(c->history->people, i))->id, id) == 0)
            return (int)i;
    return -1;
}

static void add_people(Case *c)
{
    cJSON *p;
    cJSON_ArrayForEach(p, sv_json_array(c->json, "people"))
    {
        SvPerson *person = sv_person_new(
            sv_json_string(p, "id"), sv_json_string(p, "name"), sv_side_find(sv_json_string(p, "side")));
        person->in_card = TRUE;
        if (sv_json_string(p, "email"))
            g_ptr_array_add(person->emails, g_strdup(sv_json_string(p, "email")));
        if (sv_json_string(p, "phone"))
            g_ptr_array_add(person->phones, g_strdup(sv_json_string(p, "phone")));
        g_ptr_array_add(c->history->people, person);
    }
}

static void add_turns(SvMessage *m, const cJSON *turns, GString *body)
{
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    cJSON *t;
    cJSON_ArrayForEach(t, turns)
    {
        SvTurn turn = {.span = {(guint32)body->len, 0}, .speaker = -1, .start_s = -1};
        g_string_append(body, cJSON_GetArrayItem(t, 1)->valuestring);
        turn.span.to = (guint32)body->len;
        g_string_append_c(body, '\n');
        g_array_append_val(m->turns, turn);
    }
}

static void add_event(Case *c, const cJSON *e)
{
    int channel = sv_channel_find(sv_json_string(e, "ch"));
    g_assert_cmpint(channel, >=, 0);
    SvMessage *m = sv_message_new((SvChannel)channel);
    m->id = g_strdup(sv_json_string(e, "id"));
    m->author = person_index(c, sv_json_string(e, "from"));
    const char *lists[] = {"to", "cc"};
    for (guint k = 0; k < 2; k++) {
        cJSON *id;
        cJSON_ArrayForEach(id, sv_json_array(e, lists[k]))
        {
            const SvPerson *p = sv_history_person(c->history, person_index(c, id->valuestring));
            if (p)
                g_ptr_array_add(k ? m->cc : m->to,
                    sv_address_new(p->name, p->emails->len ? g_ptr_array_index(p->emails, 0) : NULL));
        }
    }
    m->subject = g_strdup(sv_json_string(e, "subject"));
    m->thread = g_strdup(sv_json_string(e, "thread") ? sv_json_string(e, "thread") : m->id);
    g_autoptr(GString) body = g_string_new(sv_json_string(e, "body"));
    if (sv_json_array(e, "turns"))
        add_turns(m, sv_json_array(e, "turns"), body);
    m->own = sv_raw_new(body->str, (gssize)body->len);
    g_ptr_array_add(c->history->messages, m);
    g_hash_table_insert(c->by_id, m->id, m);
}

static void check_forbidden(const Case *c)
{
    cJSON *f;
    cJSON_ArrayForEach(f, sv_json_array(sv_json_object(c->json, "gold"), "forbidden"))
    {
        g_autofree char *low = g_utf8_strdown(f->valuestring, -1);
        for (guint i = 0; i < c->history->messages->len; i++) {
            const SvMessage *m = g_ptr_array_index(c->history->messages, i);
            g_autofree char *text = g_utf8_strdown(m->text.bytes, -1);
            g_autofree char *title = g_utf8_strdown(m->title.bytes ? m->title.bytes : "", -1);
            if (strstr(text, low) || strstr(title, low)) {
                g_test_message("%s: %s survives", m->id, f->valuestring);
                g_test_fail();
            }
        }
    }
}

static void check_privileged(const Case *c)
{
    g_autoptr(GHashTable) gold = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON *p;
    cJSON_ArrayForEach(p, sv_json_array(sv_json_object(c->json, "gold"), "privileged"))
        g_hash_table_add(gold, p->valuestring);
    guint others = 0;
    for (guint i = 0; i < c->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(c->history->messages, i);
        gboolean want = g_hash_table_contains(gold, m->id);
        if (want && !m->excluded) {
            g_test_message("%s is privileged and was not left out", m->id);
            g_test_fail();
        }
        if (!want && m->excluded)
            g_test_message("%s was left out", m->id);
        others += !want && m->excluded;
    }
    g_assert_cmpuint(others, <=, 1);
}

/* The words that the order would smuggle in stand only in marked sentences. */
static void check_orders(const Case *c)
{
    cJSON *order;
    cJSON_ArrayForEach(order, sv_json_array(sv_json_object(c->json, "gold"), "injection"))
    {
        const SvMessage *m = g_hash_table_lookup(c->by_id, sv_json_string(order, "in"));
        g_autofree char *rest = g_strdup(m->text.bytes);
        for (guint i = 0; i < m->orders->len; i++) {
            SvSpan s = g_array_index(m->orders, SvSpan, i);
            memset(rest + s.from, '_', s.to - s.from);
        }
        cJSON *token;
        cJSON_ArrayForEach(token, sv_json_array(order, "tokens")) if (g_regex_match_simple(token->valuestring,
                                                                          rest, G_REGEX_CASELESS, 0))
        {
            g_test_message(
                "%s: «%s» stands outside the marked sentences: %s", m->id, token->valuestring, rest);
            g_test_fail();
        }
    }
    guint marked = 0;
    for (guint i = 0; i < c->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(c->history->messages, i);
        if (m->orders->len)
            g_test_message("%s: %u sentences marked", m->id, m->orders->len);
        marked += m->orders->len > 0;
    }
    g_assert_cmpuint(marked, <=, 3);
}

static void check_turns(const Case *c)
{
    for (guint i = 0; i < c->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(c->history->messages, i);
        for (guint k = 0; m->turns && k < m->turns->len; k++) {
            SvSpan s = g_array_index(m->turns, SvTurn, k).span;
            g_assert_cmpuint(s.to, <=, m->text.len);
            g_assert_true(s.from == 0 || m->text.bytes[s.from - 1] == '\n');
            g_assert_true(m->text.bytes[s.to] == '\n');
        }
    }
}

static void test_case(gconstpointer path)
{
    g_autofree char *text = NULL;
    gsize len;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_get_contents(path, &text, &len, &error));
    Case c = {.history = sv_history_new(), .by_id = g_hash_table_new(g_str_hash, g_str_equal)};
    c.json = sv_json_parse(text, len, &error);
    g_assert_no_error(error);
    c.history->language = g_strdup(sv_json_string(c.json, "lang"));
    add_people(&c);
    cJSON *e;
    cJSON_ArrayForEach(e, sv_json_array(c.json, "events")) add_event(&c, e);
    sv_redact_history(c.history);
    check_forbidden(&c);
    check_privileged(&c);
    check_orders(&c);
    check_turns(&c);
    guint masked = 0;
    for (guint i = 0; i < c.history->messages->len; i++)
        masked += ((SvMessage *)g_ptr_array_index(c.history->messages, i))->n_masked;
    g_test_message("%u masked", masked);
    if (g_getenv("SHOW_MASKED"))
        for (guint i = 0; i < c.history->messages->len; i++) {
            const SvMessage *m = g_ptr_array_index(c.history->messages, i);
            if (m->n_masked)
                g_test_message("%s %u: %s | %s", m->id, m->n_masked, m->title.bytes ? m->title.bytes : "",
                    m->text.bytes);
        }
    g_hash_table_unref(c.by_id);
    cJSON_Delete(c.json);
    sv_history_free(c.history);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    const char *root = g_getenv("SVODKA_SOURCE") ? g_getenv("SVODKA_SOURCE") : ".";
    const char *folders[] = {"eval/cases"};
    for (guint f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_autofree char *folder = g_build_filename(root, folders[f], NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        if (!dir)
            continue;
        for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
            if (!g_str_has_suffix(name, ".json"))
                continue;
            g_autofree char *test = g_strdup_printf("/redact/cases/%s", name);
            g_test_add_data_func_full(test, g_build_filename(folder, name, NULL), test_case, g_free);
        }
    }
    return g_test_run();
}
