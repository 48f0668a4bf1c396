/* A labelled case as a history: see case_history.h. Events become messages directly, without export files:
 * what the sources and the cleaning do is not what is learned here. */
#include "case_history.h"
#include "error.h"
#include <math.h>
#include <string.h>

static cJSON *load_json(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize len;
    return g_file_get_contents(path, &text, &len, error) ? sv_json_parse(text, len, error) : NULL;
}

static const cJSON *person_of(const cJSON *people, const char *id)
{
    const cJSON *p;
    cJSON_ArrayForEach(p, people) if (g_strcmp0(sv_json_string(p, "id"), id) == 0) return p;
    return NULL;
}

static SvAddress *address_of(const cJSON *people, const char *id, gboolean mail)
{
    const cJSON *p = person_of(people, id);
    SvAddress *a =
        sv_address_new(p ? sv_json_string(p, "name") : id, p && mail ? sv_json_string(p, "email") : NULL);
    a->side = p ? sv_side_find(sv_json_string(p, "side")) : SV_SIDE_UNKNOWN;
    return a;
}

static void add_person(SvHistory *h, const cJSON *p)
{
    SvSide side = sv_side_find(sv_json_string(p, "side"));
    const char *id = sv_json_string(p, "id"), *name = sv_json_string(p, "name"),
               *email = sv_json_string(p, "email"), *phone = sv_json_string(p, "phone");
    if ((side != SV_SIDE_US && side != SV_SIDE_CLIENT) || !id || !name)
        return;
    SvPerson *person = sv_person_new(id, name, side);
    person->role = g_strdup(sv_json_string(p, "role"));
    person->in_card = TRUE;
    if (email)
        g_ptr_array_add(person->emails, g_utf8_strdown(email, -1));
    if (phone)
        g_ptr_array_add(person->phones, g_strdup(phone));
    g_ptr_array_add(h->people, person);
}

/* A call's turns as one body, a line each. */
static void set_turns(SvMessage *m, const cJSON *people, const cJSON *turns)
{
    g_autoptr(GString) body = g_string_new(NULL);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    const cJSON *t;
    m->turns = g_array_new(FALSE, TRUE, sizeof(SvTurn));
    cJSON_ArrayForEach(t, turns)
    {
        const cJSON *who = cJSON_GetArrayItem(t, 0), *said = cJSON_GetArrayItem(t, 1);
        if (!cJSON_IsString(who) || !cJSON_IsString(said))
            continue;
        guint at = 0;
        while (at < ids->len && !g_str_equal(g_ptr_array_index(ids, at), who->valuestring))
            at++;
        if (at == ids->len) {
            g_ptr_array_add(ids, who->valuestring);
            g_ptr_array_add(m->to, address_of(people, who->valuestring, FALSE));
        }
        SvTurn turn = {{(guint32)body->len, 0}, (int)at, -1};
        g_string_append(body, said->valuestring);
        turn.span.to = (guint32)body->len;
        g_string_append_c(body, '\n');
        g_array_append_val(m->turns, turn);
    }
    m->body = sv_raw_new(body->str, body->len ? (gssize)body->len - 1 : 0);
}

static void set_deal(SvMessage *m, const cJSON *e)
{
    const cJSON *amount = cJSON_GetObjectItemCaseSensitive(e, "amount");
    const char *keys[] = {"deal", "title", "stage", "cur", "reason"};
    m->deal = g_new0(SvDealChange, 1);
    char **fields[] = {
        &m->deal->deal_id, &m->deal->title, &m->deal->stage, &m->deal->currency, &m->deal->reason};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *v = sv_json_string(e, keys[i]);
        *fields[i] = g_strdup(v ? v : "");
    }
    m->deal->amount = cJSON_IsNumber(amount) ? amount->valuedouble : NAN;
    m->deal->amount_text =
        cJSON_IsNumber(amount) ? g_strdup_printf("%.15g", amount->valuedouble) : g_strdup("");
    m->body = sv_raw_new("", 0);
}

static SvMessage *message_of(const cJSON *e, const cJSON *people, GTimeZone *zone)
{
    int channel = sv_channel_find(sv_json_string(e, "ch"));
    if (channel < 0)
        return NULL;
    SvMessage *m = sv_message_new((SvChannel)channel);
    m->id = g_strdup(sv_json_string(e, "id"));
    sv_time_parse(sv_json_string(e, "at"), zone, &m->at);
    sv_address_free(m->from);
    m->from = address_of(people, sv_json_string(e, "from"), channel == SV_CHANNEL_EMAIL);
    m->subject = g_strdup(sv_json_string(e, "subject"));
    m->conversation =
        g_strdup(channel == SV_CHANNEL_EMAIL ? sv_json_string(e, "thread") : sv_channel_name(channel));
    const cJSON *to;
    cJSON_ArrayForEach(to, sv_json_array(e, "to")) if (cJSON_IsString(to) && channel != SV_CHANNEL_CALL)
        g_ptr_array_add(m->to, address_of(people, to->valuestring, channel == SV_CHANNEL_EMAIL));
    if (channel == SV_CHANNEL_CALL)
        set_turns(m, people, sv_json_array(e, "turns"));
    else if (channel == SV_CHANNEL_DEAL)
        set_deal(m, e);
    else
        m->body = sv_raw_new(sv_json_string(e, "body") ? sv_json_string(e, "body") : "", -1);
    return m;
}

/* Letters of a thread answer the one before. */
static void set_references(SvHistory *h)
{
    g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < h->messages->len; i++) {
        SvMessage *m = g_ptr_array_index(h->messages, i);
        if (m->channel != SV_CHANNEL_EMAIL || !m->conversation)
            continue;
        m->in_reply_to = g_strdup(g_hash_table_lookup(last, m->conversation));
        g_hash_table_insert(last, m->conversation, m->id);
    }
}

cJSON *sv_case_json(const char *source, const char *name, GError **error)
{
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    g_autofree char *path = g_build_filename(source, "eval", "cases", file, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_free(path);
        path = g_build_filename(source, "eval", "train", file, NULL);
    }
    return load_json(path, error);
}

SvHistory *sv_case_load(const char *source, const char *name, SvTime *now, GError **error)
{
    g_autoptr(cJSON) c = sv_case_json(source, name, error);
    if (!c)
        return NULL;
    SvHistory *h = sv_history_new();
    h->has_card = TRUE;
    h->client_name = g_strdup(sv_json_string(sv_json_object(c, "client"), "name"));
    h->language = g_strdup(sv_json_string(c, "lang"));
    h->zone = sv_zone_parse(sv_json_string(c, "tz"));
    sv_time_parse(sv_json_string(c, "now"), h->zone, now);
    const cJSON *people = sv_json_array(c, "people"), *x;
    cJSON_ArrayForEach(x, people) add_person(h, x);
    cJSON_ArrayForEach(x, sv_json_array(c, "events"))
    {
        SvMessage *m = message_of(x, people, h->zone);
        if (m)
            g_ptr_array_add(h->messages, m);
    }
    set_references(h);
    return h;
}

cJSON *sv_case_facts(const char *source, const char *name, GError **error)
{
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    g_autofree char *path = g_build_filename(source, "eval", "facts", file, NULL);
    return load_json(path, error);
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **sv_case_names(const char *source, GError **error)
{
    g_autofree char *path = g_build_filename(source, "eval", "facts", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    if (!dir)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    const char *file;
    while ((file = g_dir_read_name(dir)))
        if (g_str_has_suffix(file, ".json"))
            g_ptr_array_add(names, g_strndup(file, strlen(file) - 5));
    g_ptr_array_sort(names, by_text);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}
