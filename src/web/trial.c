/* Trials: see trial.h.
 *
 * A thread a trial does what `svodka summarize` does, and says where it is. Names are random and long, and a
 * trial is given only to the account that began it.
 *
 * Keeps true: nothing is written to disk; what is older than SV_TRIAL_KEPT_S goes when anybody asks next; not
 * more than SV_TRIALS_MOST are held. A trial lives until its thread and every page that shows it are done. */
#include "trial.h"
#include "error.h"
#include "history.h"
#include "notes.h"
#include "redact.h"
#include "render.h"
#include "words.h"
#include <sodium.h>
#include <string.h>

struct SvTrial {
    gatomicrefcount count;
    char name[33];
    gint64 account, begun;
    guint files;
    gint at;    /* of STAGES; atomic */
    gint state; /* SvTrialState; atomic, set last */
    double seconds;
    const SvEngine *engine;
    const SvFormats *formats;
    SvLang language;
    SvHistory *raw, *history;
    SvReport *report;
    SvDigest *digest;
};

static const char *const STAGES[] = {"waiting", "joining", "masking", "finding", "writing"};

static GMutex lock;
static GCond ended;
static GHashTable *trials; /* name → SvTrial, counted; guarded, as is `running` */
static guint running;

void sv_trial_unref(SvTrial *trial)
{
    if (!g_atomic_ref_count_dec(&trial->count))
        return;
    g_clear_pointer(&trial->digest, sv_digest_free);
    sv_history_free(trial->history);
    sv_history_free(trial->raw);
    sv_report_free(trial->report);
    g_free(trial);
}

static void unref(gpointer trial)
{
    sv_trial_unref(trial);
}

static SvTrial *ref(SvTrial *trial)
{
    g_atomic_ref_count_inc(&trial->count);
    return trial;
}

/* With the lock held. */
static void drop_old(gint64 now)
{
    GHashTableIter iter;
    gpointer value;
    if (!trials)
        trials = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, unref);
    g_hash_table_iter_init(&iter, trials);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        SvTrial *trial = value;
        gboolean old = now - trial->begun > SV_TRIAL_KEPT_S || now < trial->begun - SV_TRIAL_KEPT_S;
        if (old && g_atomic_int_get(&trial->state) != SV_TRIAL_RUNNING)
            g_hash_table_iter_remove(&iter);
    }
}

static void work(SvTrial *trial)
{
    g_atomic_int_set(&trial->at, 1);
    sv_history_finish(trial->history, trial->report);
    g_atomic_int_set(&trial->at, 2);
    sv_redact_history(trial->history);
    g_atomic_int_set(&trial->at, 3);
    SvTime now = sv_time_from_unix(trial->begun, trial->history->zone);
    trial->digest = sv_digest_new(trial->engine, trial->history, now);
    g_atomic_int_set(&trial->at, 4);
    g_autofree char *first = sv_trial_summary(trial, sv_formats_propose(trial->formats, "card"), NULL);
}

static gpointer run(gpointer data)
{
    SvTrial *trial = data;
    gint64 before = g_get_monotonic_time();
    work(trial);
    trial->seconds = (double)(g_get_monotonic_time() - before) / G_USEC_PER_SEC;
    g_atomic_int_set(&trial->state, trial->history->messages->len ? SV_TRIAL_READY : SV_TRIAL_FAILED);
    sv_trial_unref(trial);
    g_mutex_lock(&lock);
    running--;
    g_cond_broadcast(&ended);
    g_mutex_unlock(&lock);
    return NULL;
}

static SvTrial *make(gint64 account, SvHistory *raw, SvHistory *history, SvReport *report, gint64 now)
{
    SvTrial *trial = g_new0(SvTrial, 1);
    guint8 random[16];
    g_atomic_ref_count_init(&trial->count);
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(trial->name, sizeof trial->name, random, sizeof random);
    trial->account = account;
    trial->begun = now;
    trial->raw = raw;
    trial->history = history;
    trial->report = report;
    return trial;
}

SvTrial *sv_trial_new(gint64 account, SvHistory *raw, SvHistory *history, SvReport *report, guint files,
    const SvEngine *engine, const SvFormats *formats, SvLang language, gint64 now, GError **error)
{
    SvTrial *trial = make(account, raw, history, report, now);
    trial->files = files;
    trial->engine = engine;
    trial->formats = formats;
    trial->language = language;
    g_mutex_lock(&lock);
    drop_old(now);
    gboolean free_place = running < SV_TRIALS_RUNNING && g_hash_table_size(trials) < SV_TRIALS_MOST;
    if (free_place) {
        running++;
        g_hash_table_insert(trials, trial->name, ref(trial));
    }
    g_mutex_unlock(&lock);
    if (!free_place) {
        sv_trial_unref(trial);
        g_set_error(error, SV_ERROR, SV_ERROR_BUSY, "other files are being read");
        return NULL;
    }
    g_thread_unref(g_thread_new("trial", run, ref(trial)));
    return trial;
}

SvTrial *sv_trial_find(const char *name, gint64 account, gint64 now)
{
    g_mutex_lock(&lock);
    drop_old(now);
    SvTrial *trial = g_hash_table_lookup(trials, name);
    trial = trial && trial->account == account ? ref(trial) : NULL;
    g_mutex_unlock(&lock);
    return trial;
}

void sv_trial_forget(SvTrial *trial)
{
    g_mutex_lock(&lock);
    if (trials && g_atomic_int_get(&trial->state) != SV_TRIAL_RUNNING)
        g_hash_table_remove(trials, trial->name);
    g_mutex_unlock(&lock);
}

void sv_trials_close(void)
{
    g_mutex_lock(&lock);
    while (running > 0)
        g_cond_wait(&ended, &lock);
    g_clear_pointer(&trials, g_hash_table_unref);
    g_mutex_unlock(&lock);
}

const char *sv_trial_name(const SvTrial *trial)
{
    return trial->name;
}

SvTrialState sv_trial_state(const SvTrial *trial, const char **stage, guint *percent)
{
    guint at = (guint)g_atomic_int_get(&trial->at);
    *stage = STAGES[at];
    *percent = at * 100 / G_N_ELEMENTS(STAGES);
    return (SvTrialState)g_atomic_int_get(&trial->state);
}

guint sv_trial_files(const SvTrial *trial)
{
    return trial->files;
}

const SvHistory *sv_trial_history(const SvTrial *trial)
{
    return trial->history;
}

const SvHistory *sv_trial_raw(const SvTrial *trial)
{
    return trial->raw;
}

const SvReport *sv_trial_report(const SvTrial *trial)
{
    return trial->report;
}

double sv_trial_seconds(const SvTrial *trial)
{
    return trial->seconds;
}

guint sv_trial_minutes_left(const SvTrial *trial, gint64 now)
{
    gint64 left = trial->begun + SV_TRIAL_KEPT_S - now;
    return left > 0 ? (guint)((left + 59) / 60) : 0;
}

char *sv_trial_summary(const SvTrial *trial, const char *format, GError **error)
{
    g_autoptr(SvSummary) summary =
        sv_summary_make(trial->digest, trial->formats, format, trial->language, NULL);
    if (!summary) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such format");
        return NULL;
    }
    summary->coverage.unread = trial->report->n_problems;
    return sv_render_json(summary, trial->history);
}

/* Texts of messages are not ended by NUL. */
static void add_text(cJSON *object, const char *name, const char *bytes, gsize len)
{
    g_autofree char *text = bytes ? g_strndup(bytes, len) : g_strdup("");
    cJSON_AddStringToObject(object, name, text);
}

static void add_turns(cJSON *object, const SvHistory *history, const SvMessage *message)
{
    cJSON *turns = cJSON_AddArrayToObject(object, "turns");
    for (guint i = 0; sv_notes_has_turns(message) && i < message->turns->len; i++) {
        const SvTurn *turn = &g_array_index(message->turns, SvTurn, i);
        const SvPerson *person = sv_history_person(history, turn->speaker);
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "speaker", person && person->name ? person->name : "");
        add_text(item, "text", message->text.bytes + turn->span.from, turn->span.to - turn->span.from);
        cJSON_AddItemToArray(turns, item);
    }
}

cJSON *sv_trial_source(const SvTrial *trial, const char *id)
{
    const SvMessage *message = NULL;
    for (guint i = 0; i < trial->history->messages->len && !message; i++) {
        const SvMessage *one = trial->history->messages->pdata[i];
        if (one->id && strcmp(one->id, id) == 0 && !one->excluded)
            message = one;
    }
    if (!message)
        return NULL;
    cJSON *source = cJSON_CreateObject(), *to = cJSON_AddArrayToObject(source, "to");
    const char *author = sv_words_author(trial->history, message);
    g_autofree char *at = sv_time_format(message->at);
    cJSON_AddStringToObject(source, "id", message->id);
    cJSON_AddStringToObject(source, "channel", sv_channel_name(message->channel));
    cJSON_AddStringToObject(source, "at", at);
    cJSON_AddStringToObject(source, "author", author ? author : "");
    for (guint i = 0; message->to && i < MIN(message->to->len, 12u); i++) {
        const SvAddress *address = message->to->pdata[i];
        if (address->name && *address->name && g_strcmp0(address->name, author) != 0)
            cJSON_AddItemToArray(to, cJSON_CreateString(address->name));
    }
    add_text(source, "subject", message->title.bytes, message->title.len);
    add_text(source, "text", message->text.bytes, message->text.len);
    add_turns(source, trial->history, message);
    cJSON_AddNumberToObject(source, "masked", message->n_masked);
    return source;
}
