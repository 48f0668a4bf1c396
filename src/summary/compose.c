/* Engine, digest and the four formats: see compose.h.
 *
 * Every fact is scored once for every target (worth.h). A format then picks: the brief the few highest with
 * no two alike; the sections by the acts that a section is about; the timeline in order of time; the tasks
 * from the ledger's entries. Each statement passes the gates; one that fails is counted and its place goes to
 * the next. */
#include "compose.h"
#include "choose.h"
#include "error.h"
#include <string.h>

const char *const sv_formats[] = {"brief", "sections", "timeline", "tasks", NULL};

struct SvEngine {
    SvMorph *morph;
    SvActsModel *acts;
    SvWorth *worth;
};

struct SvDigest {
    const SvEngine *engine;
    const SvHistory *history;
    SvTime as_of;
    SvFacts *facts;
    SvLedger *ledger;
    SvChoosing *choosing;
};

SvEngine *sv_engine_open(const char *data_dir, GError **error)
{
    g_autofree char *morph = g_build_filename(data_dir, "morph.bin", NULL);
    g_autofree char *acts = g_build_filename(data_dir, "acts.bin", NULL);
    g_autofree char *worth = g_build_filename(data_dir, "worth.txt", NULL);
    g_autoptr(SvEngine) e = g_new0(SvEngine, 1);
    if (!(e->morph = sv_morph_open(morph, error)) || !(e->acts = sv_acts_open(acts, error)) ||
        !(e->worth = sv_worth_open(worth, error)))
        return NULL;
    return g_steal_pointer(&e);
}

void sv_engine_close(SvEngine *e)
{
    if (!e)
        return;
    sv_morph_close(e->morph);
    sv_acts_close(e->acts);
    sv_worth_close(e->worth);
    g_free(e);
}

const SvMorph *sv_engine_morph(const SvEngine *engine)
{
    return engine->morph;
}

const SvActsModel *sv_engine_acts(const SvEngine *engine)
{
    return engine->acts;
}

SvDigest *sv_digest_new(const SvEngine *engine, const SvHistory *history, SvTime as_of)
{
    SvDigest *d = g_new0(SvDigest, 1);
    SvReader reader = {engine->morph, engine->acts};
    d->engine = engine;
    d->history = history;
    d->as_of = as_of;
    d->facts = sv_facts_read(&reader, history, as_of);
    d->ledger = sv_ledger_new(d->facts, as_of);
    d->choosing = sv_choosing_new(d->ledger, engine->worth, engine->morph);
    return d;
}

void sv_digest_free(SvDigest *d)
{
    if (!d)
        return;
    sv_choosing_free(d->choosing);
    sv_ledger_free(d->ledger);
    sv_facts_free(d->facts);
    g_free(d);
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

SvSummary *sv_summary_make(const SvDigest *d, const char *format, SvLang language)
{
    static void (*const make[])(const SvChoosing *, const SvWording *, SvSummary *) = {
        sv_choose_brief, sv_choose_sections, sv_choose_timeline, sv_choose_tasks};
    SvWording wording = {d->ledger, d->engine->morph, language, sv_time_day(d->as_of)};
    for (int i = 0; sv_formats[i]; i++) {
        if (!g_str_equal(sv_formats[i], format))
            continue;
        SvSummary *s = sv_summary_new(format, language);
        s->client = g_strdup(d->history->client_name);
        s->as_of = d->as_of;
        s->engine = "embedded";
        s->has_card = d->history->has_card;
        s->sides_inferred = d->history->sides_inferred;
        count_coverage(d, &s->coverage);
        make[i](d->choosing, &wording, s);
        return s;
    }
    return NULL;
}
