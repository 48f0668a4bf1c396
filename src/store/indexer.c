/* Words of messages: see indexer.h.
 *
 * A text is cut into tokens, each token becomes its key (the lemma of a Russian word, the stem of an English
 * one, the folded text of numbers and codes), each key is cut into terms: runs of letters and digits. A term
 * with letters that the index's tokenizer may not know as such stands as a hash, so that every term is one
 * word there. Terms of one letter, the words of data/store/stop.txt and endless ones are left out.
 *
 * Keeps true: query and message are cut alike; only masked text is read; nothing of privileged talk. */
#include "indexer.h"
#include "checksum.h"
#include "fold.h"
#include "redact.h"
#include "sentence.h"
#include "spoken.h"
#include "table.h"
#include "utf8.h"
#include <string.h>

#define MAX_TERM 64u   /* bytes; what is longer is no word */
#define MAX_TOKEN 120u /* bytes of a token that has a key */
#define KEY_SIZE 512u

extern GResource *sv_store_data_get_resource(void);

struct SvIndexer {
    SvMorph *own;
    const SvMorph *morph;
};

/* The terms of one text: in order, each once. */
typedef struct {
    GHashTable *seen; /* borrowed from `terms` */
    GPtrArray *terms; /* char * */
} Terms;

static void add_stop(const SvTableRow *row, gpointer user)
{
    g_hash_table_add(user, g_strdup(row->field[0]));
}

static GHashTable *stop_words(void)
{
    static GHashTable *words;
    if (g_once_init_enter(&words)) {
        GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
        sv_table_visit(sv_store_data_get_resource(), "/svodka/store/stop.txt", add_stop, table);
        g_once_init_leave(&words, table);
    }
    return words;
}

SvIndexer *sv_indexer_new(const SvMorph *morph)
{
    SvIndexer *w = g_new0(SvIndexer, 1);
    w->morph = morph;
    return w;
}

SvIndexer *sv_indexer_open(const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "morph.bin", NULL);
    SvMorph *morph = sv_morph_open(path, error);
    if (!morph)
        return NULL;
    SvIndexer *w = sv_indexer_new(morph);
    w->own = morph;
    return w;
}

void sv_indexer_free(SvIndexer *w)
{
    if (!w)
        return;
    sv_morph_close(w->own);
    g_free(w);
}

/* ---- terms ---- */

/* Does every version of the tokenizer take the character for a letter or digit? */
static gboolean is_plain(gunichar c)
{
    return c < 0x80 || (c >= 0xC0 && c < 0x250) || (c >= 0x384 && c < 0x528);
}

static void add_term(Terms *t, const char *term, gsize len, guint chars, gboolean plain)
{
    char buf[MAX_TERM + 1];
    if (len > MAX_TERM || (chars < 2 && !g_ascii_isdigit(*term)))
        return;
    if (plain) {
        memcpy(buf, term, len);
        buf[len] = 0;
    } else {
        g_snprintf(buf, sizeof buf, "x%016" G_GINT64_MODIFIER "x", sv_checksum(term, len));
    }
    if (g_hash_table_contains(t->seen, buf) || g_hash_table_contains(stop_words(), buf))
        return;
    char *own = g_strdup(buf);
    g_ptr_array_add(t->terms, own);
    g_hash_table_add(t->seen, own);
}

/* Cuts a folded key into terms. */
static void add_key(Terms *t, const char *key)
{
    const char *end = key + strlen(key), *from = key;
    guint chars = 0;
    gboolean plain = TRUE;
    for (const char *p = key; p < end;) {
        guint n;
        gunichar c = sv_utf8_get(p, end, &n);
        if (c < 0x80 ? g_ascii_isalnum((gchar)c) : g_unichar_isalnum(c)) {
            chars++;
            plain = plain && is_plain(c);
        } else {
            if (chars)
                add_term(t, from, (gsize)(p - from), chars, plain);
            from = p + n;
            chars = 0;
            plain = TRUE;
        }
        p += n;
    }
    if (chars)
        add_term(t, from, (gsize)(end - from), chars, plain);
}

static void add_token(const SvIndexer *w, Terms *t, const char *word, gsize len, SvTokenKind kind)
{
    char key[KEY_SIZE];
    if (len > MAX_TOKEN)
        return;
    if (kind == SV_TOKEN_RUSSIAN || kind == SV_TOKEN_LATIN)
        sv_morph_key(w->morph, word, len, key, sizeof key);
    else if (!sv_fold_into(word, len, key, sizeof key))
        return;
    add_key(t, key);
}

static void terms_init(Terms *t)
{
    t->seen = g_hash_table_new(g_str_hash, g_str_equal);
    t->terms = g_ptr_array_new_with_free_func(g_free);
}

static GPtrArray *terms_take(Terms *t)
{
    g_hash_table_unref(t->seen);
    return t->terms;
}

static void add_text(const SvIndexer *w, Terms *t, const char *text, gsize len)
{
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(SvToken));
    sv_tokens_split(text, 0, len, tokens);
    for (guint i = 0; i < tokens->len; i++) {
        const SvToken *token = &g_array_index(tokens, SvToken, i);
        if (token->kind != SV_TOKEN_MARK)
            add_token(w, t, text + token->span.from, token->span.to - token->span.from, token->kind);
    }
}

GPtrArray *sv_indexer_read(const SvIndexer *w, const char *text, gsize len)
{
    Terms t;
    terms_init(&t);
    add_text(w, &t, text, len);
    return terms_take(&t);
}

GPtrArray *sv_indexer_cut(const char *lemmas)
{
    Terms t;
    terms_init(&t);
    add_key(&t, lemmas);
    return terms_take(&t);
}

/* ---- messages ---- */

char *sv_indexer_terms(const SvIndexer *w, const SvMessage *m)
{
    SvRaw spoken = sv_message_spoken(m);
    SvMasked text = sv_redact_unprivileged(m->subject, spoken, "ru");
    sv_raw_clear(&spoken);
    if (!text.bytes)
        return g_strdup("");
    Terms t;
    terms_init(&t);
    if (m->subject) {
        SvMasked title = sv_redact_text(NULL, (SvRaw){m->subject, strlen(m->subject)}, "ru", NULL);
        add_text(w, &t, title.bytes, title.len);
        g_free(title.bytes);
    }
    add_text(w, &t, text.bytes, text.len);
    g_free(text.bytes);
    g_autoptr(GPtrArray) terms = terms_take(&t);
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < terms->len; i++) {
        if (i)
            g_string_append_c(all, ' ');
        g_string_append(all, terms->pdata[i]);
    }
    return g_string_free(all, FALSE);
}
