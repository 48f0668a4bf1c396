/* Passwords: see password.h and account.h.
 *
 * How it works: Argon2id of libsodium, 3 passes over 64 MiB (0.2 s on one core; facts/reliability.md §4). At
 * most two run at a time, so that many logins at once cannot take the memory; a few wait for their turn, and
 * the rest are told to come again rather than hold the threads that answer other readers. Text is brought to
 * one form (NFC) before, so that й typed as one character or as two is the same.
 *
 * What is guessed first is refused by rules over data/access/passwords.tsv: a common word dressed up with
 * digits and signs, a row of keys, the login or the name, hardly any different characters, a date. */
#include "password.h"
#include "account.h"
#include "error.h"
#include "table.h"
#include "utf8.h"
#include <sodium.h>
#include <string.h>

#define SHORTEST 8
#define LONGEST 256
#define LONGEST_BYTES (LONGEST * 4u)
#define DIGITS_ENOUGH 12
#define DIFFERENT_ENOUGH 4u
#define AT_ONCE 2u
#define MAY_WAIT 8u
#define SHORTEST_NAME 3u

extern GResource *sv_access_data_get_resource(void);

static struct {
    GMutex mutex;
    GCond free;
    guint running, waiting;
    guint passes;
    gsize bytes;
} turns = {.passes = 3, .bytes = 64u << 20};

typedef struct {
    GHashTable *words;
    GPtrArray *rows;
} Guesses;

void sv_password_cost(guint passes, gsize bytes)
{
    g_mutex_lock(&turns.mutex);
    turns.passes = MAX(passes, (guint)crypto_pwhash_argon2id_OPSLIMIT_MIN);
    turns.bytes = MAX(bytes, (gsize)crypto_pwhash_argon2id_MEMLIMIT_MIN);
    g_mutex_unlock(&turns.mutex);
}

static void add_guess(const SvTableRow *row, gpointer data)
{
    Guesses *guesses = data;
    if (strcmp(row->field[0], "word") == 0)
        g_hash_table_add(guesses->words, g_strdup(row->field[1]));
    else
        g_ptr_array_add(guesses->rows, g_strdup(row->field[1]));
}

static const Guesses *guesses_get(void)
{
    static Guesses guesses;
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        guesses.words = g_hash_table_new(g_str_hash, g_str_equal);
        guesses.rows = g_ptr_array_new();
        sv_table_visit(sv_access_data_get_resource(), "/access/passwords.tsv", add_guess, &guesses);
        g_once_init_leave(&once, 1);
    }
    return &guesses;
}

/* ── what is guessed first ── */

/* The word inside "12P@ssw0rd!": folded, digits and signs at both ends off, digits inside as letters. */
static char *bare_word(const char *folded)
{
    static const char from[] = "0134578@$!", to[] = "oieastbasi";
    const char *start = folded, *end = folded + strlen(folded);
    while (start < end && !g_unichar_isalpha(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    while (end > start && !g_unichar_isalpha(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    char *word = g_strndup(start, (gsize)(end - start));
    for (char *p = word; *p; p++) {
        const char *found = strchr(from, *p);
        if (found)
            *p = to[found - from];
    }
    return word;
}

static gboolean is_common(const Guesses *guesses, const char *word)
{
    if (g_hash_table_contains(guesses->words, word))
        return TRUE;
    gsize half = strlen(word) / 2;
    if (half == 0 || strlen(word) % 2 || memcmp(word, word + half, half) != 0)
        return FALSE;
    g_autofree char *once = g_strndup(word, half);
    return g_hash_table_contains(guesses->words, once);
}

static gboolean is_row(const Guesses *guesses, const char *folded)
{
    g_autofree char *back = g_utf8_strreverse(folded, -1);
    for (guint i = 0; i < guesses->rows->len; i++)
        if (strstr(guesses->rows->pdata[i], folded) || strstr(guesses->rows->pdata[i], back))
            return TRUE;
    return FALSE;
}

static gboolean is_of_person(const char *word, const char *folded, const char *text)
{
    if (!text)
        return FALSE;
    g_autofree char *key = sv_utf8_fold(text, -1);
    if (g_utf8_strlen(key, -1) >= SHORTEST_NAME && (strcmp(folded, key) == 0 || strcmp(word, key) == 0))
        return TRUE;
    g_auto(GStrv) parts = g_strsplit_set(key, " .-_@", -1);
    for (char **part = parts; *part; part++)
        if (g_utf8_strlen(*part, -1) >= SHORTEST_NAME && strcmp(word, *part) == 0)
            return TRUE;
    return FALSE;
}

static guint different(const char *text)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        g_hash_table_add(seen, GUINT_TO_POINTER(g_utf8_get_char(p)));
    return g_hash_table_size(seen);
}

static const char *weakness(const char *password, const char *login, const char *name)
{
    const Guesses *guesses = guesses_get();
    g_autofree char *folded = sv_utf8_fold(password, -1);
    g_autofree char *word = bare_word(folded);
    if (different(folded) < DIFFERENT_ENOUGH)
        return "it has hardly any different characters";
    if (strspn(password, "0123456789.-/ ") == strlen(password) && strlen(password) < DIGITS_ENOUGH)
        return "a date or a number is guessed at once";
    if (is_row(guesses, folded))
        return "it is a row of keys or digits";
    if (*word && is_common(guesses, word))
        return "it is a common word with some digits or signs";
    if (is_of_person(word, folded, login) || is_of_person(word, folded, name))
        return "it is the login or the name";
    return NULL;
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the password is refused: %s; choose a longer one, such as "
        "four words that have nothing to do with one another", why);
    return FALSE;
}

gboolean sv_password_check(const char *password, const char *login, const char *name, GError **error)
{
    if (!password || strlen(password) > LONGEST_BYTES || !g_utf8_validate(password, -1, NULL))
        return refuse(error, "it is no text or too long");
    for (const char *p = password; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return refuse(error, "it has a control character");
    glong n = g_utf8_strlen(password, -1);
    if (n < SHORTEST)
        return refuse(error, "it has fewer than 8 characters");
    if (n > LONGEST)
        return refuse(error, "it has more than 256 characters");
    const char *why = weakness(password, login, name);
    return why ? refuse(error, why) : TRUE;
}

/* ── hashes ── */

static gboolean take_turn(gboolean patient)
{
    g_mutex_lock(&turns.mutex);
    gboolean mine = turns.running < AT_ONCE || patient || turns.waiting < MAY_WAIT;
    if (mine) {
        turns.waiting++;
        while (turns.running >= AT_ONCE)
            g_cond_wait(&turns.free, &turns.mutex);
        turns.waiting--;
        turns.running++;
    }
    g_mutex_unlock(&turns.mutex);
    return mine;
}

static void end_turn(void)
{
    g_mutex_lock(&turns.mutex);
    turns.running--;
    g_cond_signal(&turns.free);
    g_mutex_unlock(&turns.mutex);
}

static void cost(guint *passes, gsize *bytes)
{
    g_mutex_lock(&turns.mutex);
    *passes = turns.passes;
    *bytes = turns.bytes;
    g_mutex_unlock(&turns.mutex);
}

char *sv_password_hash(const char *password, GError **error)
{
    g_autofree char *text = g_utf8_normalize(password, -1, G_NORMALIZE_NFC);
    char stored[crypto_pwhash_STRBYTES];
    guint passes;
    gsize bytes;
    if (!text || sodium_init() < 0) {
        g_set_error(error, SV_ERROR, SV_ERROR_INPUT, "the password is no text");
        return NULL;
    }
    cost(&passes, &bytes);
    take_turn(TRUE);
    gboolean made = crypto_pwhash_str_alg(
        stored, text, strlen(text), passes, bytes, crypto_pwhash_ALG_ARGON2ID13) == 0;
    end_turn();
    sodium_memzero(text, strlen(text));
    if (made)
        return g_strdup(stored);
    g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "there is not enough memory to hash a password");
    return NULL;
}

/* A well-formed hash that no password has, of the cost that new ones have. */
static char *nobody(void)
{
    guint passes;
    gsize bytes;
    cost(&passes, &bytes);
    return g_strdup_printf("$argon2id$v=19$m=%" G_GSIZE_FORMAT
                           ",t=%u,p=1$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        bytes >> 10, passes);
}

SvPasswordVerdict sv_password_verify(const char *stored, const char *password)
{
    if (!password || strlen(password) > LONGEST_BYTES || sodium_init() < 0)
        return SV_PASSWORD_WRONG;
    g_autofree char *text = g_utf8_normalize(password, -1, G_NORMALIZE_NFC);
    if (!text)
        return SV_PASSWORD_WRONG;
    g_autofree char *against = stored ? g_strdup(stored) : nobody();
    if (!take_turn(FALSE))
        return SV_PASSWORD_BUSY;
    gboolean right = crypto_pwhash_str_verify(against, text, strlen(text)) == 0;
    end_turn();
    sodium_memzero(text, strlen(text));
    return right && stored ? SV_PASSWORD_RIGHT : SV_PASSWORD_WRONG;
}
