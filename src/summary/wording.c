/* Words for chosen facts: see wording.h.
 *
 * A statement is cut out of its message, never invented: the span is chosen first, then greeting and address
 * are cut off in front, fillers of speech inside, and dates are explained in brackets. The quote is the
 * longest piece of the span without a placeholder.
 *
 * It keeps true: the text holds no number that is not in the message or in `days`. It does not check itself:
 * gate.c does. */
#include "wording.h"
#include "phrase.h"
#include "utf8.h"
#include "words.h"
#include <string.h>

void sv_worded_clear(SvWorded *w)
{
    g_clear_pointer(&w->text, g_free);
    g_clear_pointer(&w->quotes, g_ptr_array_unref);
    g_clear_pointer(&w->days, g_array_unref);
}

static SvWorded worded_new(void)
{
    return (SvWorded){NULL, sv_quotes_new(), g_array_new(FALSE, FALSE, sizeof(SvDay))};
}

static const SvMessage *message_of(const SvWording *w, const SvFact *f)
{
    return g_ptr_array_index(w->ledger->facts->history->messages, f->message);
}

/* The longest piece of a span without a placeholder or a line break of a list, trimmed. */
static SvSpan quotable(const char *text, SvSpan s)
{
    SvSpan best = {s.from, s.from};
    guint32 start = s.from;
    for (guint32 i = s.from; i <= s.to; i++) {
        if (i < s.to && text[i] != '[' && text[i] != ']')
            continue;
        gboolean inside = i < s.to && text[i] == ']';
        if (!inside && i - start > best.to - best.from)
            best = (SvSpan){start, i};
        start = i + 1;
    }
    while (best.from < best.to && g_ascii_isspace(text[best.from]))
        best.from++;
    while (best.to > best.from && g_ascii_isspace(text[best.to - 1]))
        best.to--;
    return best;
}

static void add_quote(SvWorded *out, const SvMessage *m, guint message, SvSpan span)
{
    SvSpan q = quotable(m->text.bytes, span);
    if (q.to > q.from)
        sv_quotes_add(out->quotes, message, m->text.bytes + q.from, q.to - q.from);
}

/* The facts' sentences, with the one before when they could not stand alone and the limit allows. */
static SvSpan widen(const SvWording *w, guint first, guint last, guint limit)
{
    const SvFacts *facts = w->ledger->facts;
    const SvFact *f = sv_facts_get(facts, first);
    const char *text = message_of(w, f)->text.bytes;
    SvSpan s = {f->span.from, sv_facts_get(facts, last)->span.to};
    glong chars = g_utf8_strlen(text + s.from, (gssize)(s.to - s.from));
    for (guint back = 1; back <= 2 && first >= back; back++) {
        const SvFact *b = sv_facts_get(facts, first - back);
        if (b->message != f->message || b->speaker != f->speaker || b->span.to > s.from)
            break;
        gboolean leans = sv_phrase_leans(text + s.from, s.to - s.from);
        gboolean line_end = memchr(text + b->span.to, '\n', s.from - b->span.to) != NULL;
        if (!leans && (chars > 60 || line_end))
            break;
        if (sv_phrase_is_greeting(text + b->span.from, b->span.to - b->span.from))
            break;
        glong more = g_utf8_strlen(text + b->span.from, (gssize)(s.from - b->span.from));
        if (chars + more > (glong)limit)
            break;
        s.from = b->span.from;
        chars += more;
    }
    return s;
}

/* Is the date better understood with its day in brackets? Not an hour of the same day, not what is vague. */
static gboolean needs_day(const SvDateMention *d, SvDay written)
{
    gboolean hour_only = d->minute >= 0 && d->from == written && d->to == written;
    return d->relative && d->grain <= SV_GRAIN_WEEK && d->role != SV_DATE_REPEATED && !d->vague && !hour_only;
}

/* Appends the span's text with relative dates explained: «в пятницу (12 декабря)». */
static void append_dated(const SvWording *w, guint fact, SvSpan s, GString *out, GArray *days)
{
    const SvFacts *facts = w->ledger->facts;
    guint message = sv_facts_get(facts, fact)->message;
    const SvMessage *m = g_ptr_array_index(facts->history->messages, message);
    const char *text = m->text.bytes;
    guint32 at = s.from;
    while (fact > 0 && sv_facts_get(facts, fact - 1)->message == message &&
           sv_facts_get(facts, fact - 1)->span.from >= s.from)
        fact--;
    for (; fact < facts->facts->len && sv_facts_get(facts, fact)->message == message; fact++) {
        const SvFact *p = sv_facts_get(facts, fact);
        if (p->span.from >= s.to)
            break;
        for (guint k = 0; k < p->n_dates; k++) {
            const SvDateMention *d = &g_array_index(facts->dates, SvDateMention, p->date_from + k);
            if (!needs_day(d, sv_time_day(m->at)) || d->span.from < at || d->span.to > s.to)
                continue;
            g_autofree char *day = sv_words_day(w->language, d->to, w->today);
            g_string_append_len(out, text + at, (gssize)(d->span.to - at));
            at = d->span.to;
            const char *rest = text + at;
            gboolean said =
                strstr(out->str, day) || (rest[0] == ' ' && (rest[1] == '(' || g_ascii_isdigit(rest[1])));
            if (said)
                continue;
            g_string_append_printf(out, " (%s)", day);
            g_array_append_val(days, d->to);
        }
    }
    g_string_append_len(out, text + at, (gssize)(s.to - at));
}

/* «Мария Козлова: » for what others wrote; notes and deals speak for themselves. */
static void append_speaker(const SvWording *w, const SvFact *f, GString *out)
{
    const SvPerson *p = sv_history_person(w->ledger->facts->history, f->speaker);
    if (message_of(w, f)->channel != SV_CHANNEL_NOTE && p && p->name)
        g_string_append_printf(out, "%s: ", p->name);
}

SvWorded sv_word_facts(const SvWording *w, guint first, guint last, guint limit)
{
    const SvFacts *facts = w->ledger->facts;
    const SvFact *f = sv_facts_get(facts, first);
    if (f->is_deal)
        return sv_word_deal(w, first);
    const SvMessage *m = message_of(w, f);
    SvWorded out = worded_new();
    SvSpan s = widen(w, first, last, limit);
    g_autoptr(GString) body = g_string_new(NULL);
    append_dated(w, first, s, body, out.days);
    g_autofree char *clean = sv_phrase_clean(body->str, facts->history, m->channel == SV_CHANNEL_CALL, limit);
    if (!*clean) {
        sv_worded_clear(&out);
        return worded_new();
    }
    g_autoptr(GString) text = g_string_new(NULL);
    append_speaker(w, f, text);
    g_string_append(text, clean);
    out.text = g_strdup(text->str);
    add_quote(&out, m, f->message, s);
    return out;
}

SvWorded sv_word_task(const SvWording *w, const SvEntry *entry, guint telling)
{
    const SvFacts *facts = w->ledger->facts;
    SvWorded out = sv_word_facts(w, telling, telling, 160);
    if (!out.text)
        return out;
    const SvFact *f = sv_facts_get(facts, telling);
    const SvPerson *p = sv_history_person(facts->history, f->speaker);
    const char *bare = out.text;
    g_autofree char *prefix = p && p->name ? g_strdup_printf("%s: ", p->name) : NULL;
    if (prefix && g_str_has_prefix(bare, prefix))
        bare += strlen(prefix);
    char *task = sv_phrase_to_infinitive(w->morph, bare);
    g_free(out.text);
    out.text = task;
    for (guint i = entry->facts->len; i-- > 0 && out.quotes->len < 4;) {
        const SvFact *other = sv_facts_get(facts, g_array_index(entry->facts, guint, i));
        if (other != f)
            add_quote(&out, message_of(w, other), other->message, other->span);
    }
    if (entry->closed_by >= 0) {
        const SvFact *c = sv_facts_get(facts, (guint)entry->closed_by);
        add_quote(&out, message_of(w, c), c->message, c->span);
    }
    if (entry->due != SV_DAY_NONE) {
        SvDay due = entry->due;
        g_array_append_val(out.days, due);
    }
    return out;
}

SvWorded sv_word_deal(const SvWording *w, guint fact)
{
    const SvFact *f = sv_facts_get(w->ledger->facts, fact);
    const SvMessage *m = message_of(w, f);
    const SvDealChange *d = m->deal;
    SvWorded out = worded_new();
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *lower = d->stage && *d->stage ? g_utf8_strdown(d->stage, -1) : g_strdup("");
    const char *open = w->language == SV_LANG_RU ? "«" : "“", *shut = w->language == SV_LANG_RU ? "»" : "”";
    if (strstr(d->title, open) || !*d->title)
        g_string_append_printf(text, "%s %s: %s", sv_words_channel(w->language, SV_CHANNEL_DEAL),
            *d->title ? d->title : d->deal_id, lower);
    else
        g_string_append_printf(text, "%s %s%s%s: %s", sv_words_channel(w->language, SV_CHANNEL_DEAL), open,
            d->title, shut, lower);
    if (f->amount > 0) {
        g_autofree char *sum = sv_amount_format(f->amount, d->currency, w->language);
        g_string_append_printf(text, ", %s", sum);
    }
    if (*d->reason) {
        g_string_append_printf(text, " (%s)", d->reason);
    }
    g_autofree char *day = sv_words_day(w->language, sv_time_day(m->at), w->today);
    g_string_append_printf(text, ", %s.", day);
    SvDay at = sv_time_day(m->at);
    g_array_append_val(out.days, at);
    out.text = g_strdup(text->str);
    add_quote(&out, m, f->message, f->span);
    return out;
}
