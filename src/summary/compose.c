/* Engine, digest and the four formats: see compose.h.
 *
 * Every fact is scored once for every target (worth.h). A format then picks: the brief the few highest with
 * no two alike; the sections by the acts that a section is about; the timeline in order of time; the tasks
 * from the ledger's entries. Each statement passes the gates; one that fails is counted and its place goes to
 * the next. */
#include "compose_parts.h"
#include "error.h"
#include <stdio.h>
#include <string.h>

struct SvEngine {
    SvMorph *morph;
    SvActsModel *acts;
    SvWorth *worth;
    char *digest;
};

/* The heads of the models hold checksums of what follows them. */
static char *digest_of(const char *const *files)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    char head[4096];
    g_checksum_update(sum, (const guchar *)SV_VERSION, -1);
    for (; *files; files++) {
        FILE *file = fopen(*files, "rb");
        gsize n = file ? fread(head, 1, sizeof head, file) : 0;
        g_checksum_update(sum, (const guchar *)head, (gssize)n);
        if (file)
            fclose(file);
    }
    return g_strdup(g_checksum_get_string(sum));
}

SvEngine *sv_engine_open(const char *data_dir, GError **error)
{
    return sv_engine_open_with(data_dir, NULL, error);
}

SvEngine *sv_engine_open_with(const char *data_dir, const char *worth_path, GError **error)
{
    g_autofree char *morph = g_build_filename(data_dir, "morph.bin", NULL);
    g_autofree char *acts = g_build_filename(data_dir, "acts.bin", NULL);
    g_autofree char *worth = g_build_filename(data_dir, "worth.txt", NULL);
    if (worth_path && !sv_worth_is_based(worth_path, worth)) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP,
            "%s: no weights learned with this version of the program. Run svodka feedback learn again",
            worth_path);
        return NULL;
    }
    g_autoptr(SvEngine) e = g_new0(SvEngine, 1);
    if (!(e->morph = sv_morph_open(morph, error)) || !(e->acts = sv_acts_open(acts, error)) ||
        !(e->worth = sv_worth_open(worth_path ? worth_path : worth, error)))
        return NULL;
    const char *const files[] = {morph, acts, NULL};
    e->digest = digest_of(files);
    return g_steal_pointer(&e);
}

gboolean sv_engine_check(const SvEngine *engine, GError **error)
{
    return sv_morph_check(engine->morph, error) && sv_acts_check(engine->acts, error);
}

void sv_engine_close(SvEngine *e)
{
    if (!e)
        return;
    sv_morph_close(e->morph);
    sv_acts_close(e->acts);
    sv_worth_close(e->worth);
    g_free(e->digest);
    g_free(e);
}

const char *sv_engine_digest(const SvEngine *engine)
{
    return engine->digest;
}

const SvMorph *sv_engine_morph(const SvEngine *engine)
{
    return engine->morph;
}

const SvActsModel *sv_engine_acts(const SvEngine *engine)
{
    return engine->acts;
}

const SvWorth *sv_engine_worth(const SvEngine *engine)
{
    return engine->worth;
}

SvDigest *sv_digest_of(const SvEngine *engine, const SvHistory *history, const SvFacts *facts, SvTime as_of)
{
    SvDigest *d = g_new0(SvDigest, 1);
    d->engine = engine;
    d->history = history;
    d->as_of = as_of;
    d->facts = facts;
    d->ledger = sv_ledger_new(facts, as_of);
    d->choosing = sv_choosing_new(d->ledger, engine->worth, engine->morph);
    return d;
}

SvDigest *sv_digest_new(const SvEngine *engine, const SvHistory *history, SvTime as_of)
{
    SvReader reader = {engine->morph, engine->acts};
    SvFacts *facts = sv_facts_read(&reader, history, as_of);
    SvDigest *d = sv_digest_of(engine, history, facts, as_of);
    d->own_facts = facts;
    return d;
}

void sv_digest_free(SvDigest *d)
{
    if (!d)
        return;
    sv_choosing_free(d->choosing);
    sv_ledger_free(d->ledger);
    sv_facts_free(d->own_facts);
    g_free(d);
}

SvWording sv_digest_wording(const SvDigest *d, SvLang language)
{
    return (SvWording){d->ledger, d->engine->morph, language, sv_time_day(d->as_of)};
}

const SvFacts *sv_digest_facts(const SvDigest *digest)
{
    return digest->facts;
}

const SvLedger *sv_digest_ledger(const SvDigest *digest)
{
    return digest->ledger;
}

/* What was read, what was not, and why. */
static void count_coverage(const SvDigest *d, SvCoverage *c)
{
    for (guint i = 0; i < d->history->messages->len; i++) {
        const SvMessage *m = g_ptr_array_index(d->history->messages, i);
        if (m->at.unix_s > d->as_of.unix_s)
            continue;
        if (m->excluded)
            c->excluded++;
        else if (m->duplicate_of >= 0)
            c->duplicates++;
        else if (m->flags & SV_MESSAGE_NO_TRANSCRIPT)
            c->calls_without_transcript++;
        else if (!sv_facts_is_read(m, d->as_of))
            c->passed_over++;
        else
            c->read++;
        c->masked += m->excluded ? 0 : m->n_masked;
        if (!c->has_newest || m->at.unix_s > c->newest.unix_s)
            c->newest = m->at;
        c->has_newest = TRUE;
    }
}

SvSummary *sv_summary_make(
    const SvDigest *d, const SvFormats *formats, const char *format, SvLang language, const SvWish *wish)
{
    static const SvWish none = {SV_DAY_NONE, SV_DAY_NONE, NULL};
    const SvFormatRules *rules = sv_formats_rules(formats, format);
    SvWording wording = sv_digest_wording(d, language);
    if (!rules)
        return NULL;
    SvSummary *s = sv_summary_new(format, language);
    s->client = g_strdup(d->history->client_name);
    s->as_of = d->as_of;
    s->engine = "embedded";
    s->has_card = d->history->has_card;
    s->sides_inferred = d->history->sides_inferred;
    count_coverage(d, &s->coverage);
    sv_choose_format(d->choosing, &wording, rules, wish ? wish : &none, s);
    return s;
}
