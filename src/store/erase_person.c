/* Erasure of one person among the people of a client: see erase.h.
 *
 * How it works: the client's history is read as for a summary, so that a person is one across mail, phones
 * and chats. His are the messages that he wrote, passed-on ones too, and those whose receivers, our side
 * apart, are he alone. Of the card go the entries that stand for him; feedback goes that names him or an
 * address of his.
 *
 * What it does not do: it leaves what others wrote of him, and his words where others quote them. */
#include "erase_rows.h"
#include "error.h"
#include "history.h"
#include "pack.h"
#include "people.h"
#include "utf8.h"
#include <string.h>

#define MIN_NAMED 5u /* bytes of a name that is looked for inside comments */

/* ---- the card ---- */

static char *fold(const char *text)
{
    return sv_utf8_fold(text, (gssize)strlen(text));
}

static void add_marks(const cJSON *value, const char *kind, GPtrArray *marks)
{
    const cJSON *one;
    if (cJSON_IsString(value)) {
        g_autofree char *key =
            strcmp(kind, "phone") == 0 ? sv_phone_key(value->valuestring) : fold(value->valuestring);
        if (key)
            g_ptr_array_add(marks, g_strdup_printf("%s %s", kind, key));
    }
    if (cJSON_IsArray(value))
        cJSON_ArrayForEach(one, value) if (cJSON_IsString(one)) add_marks(one, kind, marks);
}

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

GPtrArray *sv_erase_marks_of_person(const cJSON *person)
{
    GPtrArray *marks = g_ptr_array_new_with_free_func(g_free);
    add_marks(member(person, "email"), "email", marks);
    add_marks(member(person, "emails"), "email", marks);
    if (marks->len)
        return marks;
    g_autoptr(GPtrArray) rest = g_ptr_array_new_with_free_func(g_free);
    add_marks(member(person, "name"), "name", rest);
    add_marks(member(person, "phone"), "phone", rest);
    add_marks(member(person, "phones"), "phone", rest);
    g_ptr_array_add(rest, NULL);
    if (rest->len > 1)
        g_ptr_array_add(marks, g_strjoinv("|", (char **)rest->pdata));
    return marks;
}

char *sv_erase_from_card(const char *card, SvCardGone gone, gpointer data)
{
    g_autoptr(cJSON) doc = sv_json_parse(card, strlen(card), NULL);
    gboolean changed = FALSE;
    for (cJSON *list = doc ? doc->child : NULL; list; list = list->next) {
        for (cJSON *one = cJSON_IsArray(list) ? list->child : NULL, *next; one; one = next) {
            next = one->next;
            if (!cJSON_IsObject(one) || !gone(one, data))
                continue;
            cJSON_Delete(cJSON_DetachItemViaPointer(list, one));
            changed = TRUE;
        }
    }
    if (!changed)
        return NULL;
    char *text = cJSON_PrintUnformatted(doc), *own = g_strdup(text);
    cJSON_free(text);
    return own;
}

/* ---- the person ---- */

typedef struct {
    SvHistory *history;
    SvPeople *people;
    int person;
    GHashTable *rows; /* ids of rows that are to go, as text: borrowed from the messages */
} Found;

static void found_clear(Found *f)
{
    g_clear_pointer(&f->rows, g_hash_table_unref);
    g_clear_pointer(&f->people, sv_people_free);
    g_clear_pointer(&f->history, sv_history_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

/* Every message carries its row's id in the place of its file's name. */
static gboolean load(SvDb *db, gint64 client, SvHistory *history, GError **error)
{
    SvSql *sql = sv_db_sql(db, "SELECT id,body FROM message WHERE client_id=? ORDER BY at,id", error);
    sv_sql_int(sql, 1, client);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gsize len;
        const void *bytes = sv_sql_get_blob(sql, 1, &len);
        SvMessage *m = sv_message_unpack(bytes ? bytes : "", len, error);
        if (!m) {
            sv_sql_done(sql);
            return FALSE;
        }
        g_free(m->file);
        m->file = g_strdup_printf("%" G_GINT64_FORMAT, sv_sql_get_int(sql, 0));
        g_ptr_array_add(history->messages, m);
    }
    return got == 0;
}

/* Does the list hold him, and besides him only our side? *others when there is anybody else. */
static gboolean receives(const Found *f, const GPtrArray *list, gboolean *others)
{
    gboolean he = FALSE;
    for (guint i = 0; list && i < list->len; i++) {
        const SvAddress *a = list->pdata[i];
        int person = sv_people_find(f->people, a->name, a->address);
        if (person == f->person)
            he = TRUE;
        else if (a->side != SV_SIDE_US && sv_history_side(f->history, person) != SV_SIDE_US)
            *others = TRUE;
    }
    return he;
}

static gboolean is_his(const Found *f, const SvMessage *m)
{
    if (m->author == f->person)
        return TRUE;
    gboolean others = FALSE;
    gboolean he = receives(f, m->to, &others);
    he = receives(f, m->cc, &others) || he;
    return he && !others;
}

static gboolean is_address(const char *who)
{
    if (strchr(who, '@'))
        return TRUE;
    g_autofree char *phone = sv_phone_normalise(who);
    return phone != NULL;
}

static gboolean find(SvDb *db, const SvClient *client, const char *who, Found *f, GError **error)
{
    g_autoptr(SvReport) report = sv_report_new();
    f->history = sv_history_new();
    sv_client_load_card(client, f->history, report);
    if (!load(db, client->id, f->history, error))
        return FALSE;
    sv_history_finish(f->history, report);
    f->people = sv_people_new(f->history);
    gboolean address = is_address(who);
    f->person = sv_people_find(f->people, address ? NULL : who, address ? who : NULL);
    if (f->person < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND,
            "nobody of this client fits, or several people do; name an e-mail address or a phone");
        return FALSE;
    }
    f->rows = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < f->history->messages->len; i++) {
        const SvMessage *m = f->history->messages->pdata[i];
        if (m->file && is_his(f, m))
            g_hash_table_add(f->rows, m->file);
    }
    return TRUE;
}

char *sv_erase_find_person(SvDb *db, gint64 client, const char *who, guint *messages, GError **error)
{
    g_auto(Found) f = {0};
    g_autoptr(SvClient) c = sv_client_get(db, client, error);
    if (!c || !find(db, c, who, &f, error))
        return NULL;
    *messages = g_hash_table_size(f.rows);
    const SvPerson *p = sv_history_person(f.history, f.person);
    return g_strdup(p->name ? p->name : p->emails->len ? p->emails->pdata[0] : who);
}

/* ---- taking him away ---- */

typedef struct {
    const Found *found;
    GPtrArray *marks; /* of the entries that went */
} CardGone;

static const char *first_string(const cJSON *person, const char *one, const char *many)
{
    const cJSON *value = member(person, one), *list = member(person, many);
    if (!cJSON_IsString(value) && cJSON_IsArray(list))
        value = list->child;
    return cJSON_IsString(value) ? value->valuestring : NULL;
}

static gboolean card_gone(const cJSON *person, gpointer data)
{
    CardGone *c = data;
    const char *address = first_string(person, "email", "emails");
    if (!address)
        address = first_string(person, "phone", "phones");
    const char *name = first_string(person, "name", "names");
    if ((!name && !address) || sv_people_find(c->found->people, name, address) != c->found->person)
        return FALSE;
    g_autoptr(GPtrArray) marks = sv_erase_marks_of_person(person);
    for (guint i = 0; i < marks->len; i++)
        g_ptr_array_add(c->marks, g_strdup(marks->pdata[i]));
    return TRUE;
}

/* What he is called by, folded. */
static GPtrArray *names_of(const SvPerson *p)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const GPtrArray *lists[] = {p->emails, p->phones, p->aliases};
    if (p->name)
        g_ptr_array_add(names, fold(p->name));
    for (guint k = 0; k < G_N_ELEMENTS(lists); k++)
        for (guint i = 0; lists[k] && i < lists[k]->len; i++)
            g_ptr_array_add(names, fold(lists[k]->pdata[i]));
    return names;
}

static gboolean is_named(const GPtrArray *names, const char *text)
{
    g_autofree char *folded = fold(text ? text : "");
    for (guint i = 0; i < names->len; i++)
        if (strlen(names->pdata[i]) >= MIN_NAMED && strstr(folded, names->pdata[i]))
            return TRUE;
    return FALSE;
}

static gboolean erase_feedback(
    SvDb *db, const SvClient *client, const SvPerson *person, SvErasedNote *note, GArray *ids, GError **error)
{
    g_autoptr(GPtrArray) names = names_of(person);
    SvSql *sql =
        sv_db_sql(db, "SELECT id,at,account_id,quote,comment FROM feedback WHERE client_id=?", error);
    sv_sql_int(sql, 1, client->id);
    int got;
    while ((got = sv_sql_next(sql, error)) > 0) {
        gint64 id = sv_sql_get_int(sql, 0);
        if (!is_named(names, sv_sql_get_text(sql, 3)) && !is_named(names, sv_sql_get_text(sql, 4)))
            continue;
        g_autofree char *mark = sv_erase_mark_of_feedback(sv_sql_get_int(sql, 1), sv_sql_get_int(sql, 2));
        sv_erased_note_add(note, SV_ERASED_FEEDBACK, client->external, mark);
        g_array_append_val(ids, id);
    }
    return got == 0;
}

/* Rows that are to go, noted. */
static GPtrArray *note_rows(
    SvDb *db, const SvClient *client, const Found *f, SvErasedNote *note, GError **error)
{
    g_autoptr(GPtrArray) rows = sv_erase_list(db, client->id, NULL, error);
    for (guint i = rows ? rows->len : 0; i-- > 0;) {
        const SvEraseRow *row = rows->pdata[i];
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);
        if (!g_hash_table_contains(f->rows, id)) {
            g_ptr_array_remove_index_fast(rows, i);
            continue;
        }
        g_autofree char *mark = sv_erase_mark_of_message(row->external, row->channel);
        sv_erased_note_add(note, SV_ERASED_MESSAGE, client->external, mark);
    }
    return g_steal_pointer(&rows);
}

gboolean sv_erase_rows_of_person(
    SvDb *db, const SvClient *client, const char *who, SvErasedNote *note, SvErased *out, GError **error)
{
    g_auto(Found) f = {0};
    g_autoptr(GArray) feedback = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(g_free);
    if (!find(db, client, who, &f, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = note_rows(db, client, &f, note, error);
    CardGone gone = {&f, marks};
    g_autofree char *card = sv_erase_from_card(client->card, card_gone, &gone);
    for (guint i = 0; i < marks->len; i++)
        sv_erased_note_add(note, SV_ERASED_PERSON, client->external, marks->pdata[i]);
    const SvPerson *person = sv_history_person(f.history, f.person);
    if (!rows || !erase_feedback(db, client, person, note, feedback, error) ||
        !sv_erased_note_keep(note, error))
        return FALSE;
    for (guint i = 0; i < feedback->len; i++) {
        SvSql *sql = sv_db_sql(db, "DELETE FROM feedback WHERE id=?", error);
        sv_sql_int(sql, 1, g_array_index(feedback, gint64, i));
        if (!sv_sql_run(sql, error))
            return FALSE;
    }
    out->feedback += feedback->len;
    gint64 id;
    return sv_erase_rows(db, client->id, rows, out, error) &&
           (!card || sv_client_put(db, client->external, NULL, card, &id, error));
}
