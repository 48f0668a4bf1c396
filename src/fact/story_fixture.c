/* Histories for tests: see story_fixture.h. What a source would fill is filled here; the rest comes from the
 * same doors as in the program (history.h, redact.h). A line that cannot be read stops the test. */
#include "story_fixture.h"
#include "history.h"
#include "redact.h"
#include <string.h>

static const struct {
    const char *key, *name, *email, *phone, *latin;
    SvSide side;
} cast[] = {
    {"us", "Алексей Ким", "kim@nasha.test", "+77010000001", "Alexey Kim", SV_SIDE_US},
    {"us2", "Олег Титов", "titov@nasha.test", "+77010000002", "Oleg Titov", SV_SIDE_US},
    {"client", "Мария Козлова", "kozlova@zavod.test", "+77020000001", "Maria Kozlova", SV_SIDE_CLIENT},
    {"client2", "Павел Юдин", "yudin@zavod.test", "+77020000002", "Pavel Yudin", SV_SIDE_CLIENT},
};

SvTime sv_story_time(const char *text)
{
    SvTime t;
    g_autoptr(GTimeZone) zone = sv_zone_parse("+05:00");
    if (!sv_time_parse(text, zone, &t))
        g_error("no moment: %s", text);
    return t;
}

char *sv_story_data(const char *name)
{
    return g_build_filename(g_getenv("SVODKA_DATA"), name, NULL);
}

static void add_people(SvHistory *h)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cast); i++) {
        g_autofree char *id = g_strdup_printf("c%" G_GSIZE_FORMAT, i + 1);
        SvPerson *p = sv_person_new(id, cast[i].name, cast[i].side);
        p->in_card = TRUE;
        g_ptr_array_add(p->emails, g_strdup(cast[i].email));
        g_ptr_array_add(p->phones, g_strdup(cast[i].phone));
        g_ptr_array_add(p->aliases, g_strdup(cast[i].latin));
        g_ptr_array_add(h->people, p);
    }
}

static gsize find_cast(const char *key, gsize len)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cast); i++)
        if (strlen(cast[i].key) == len && strncmp(cast[i].key, key, len) == 0)
            return i;
    g_error("nobody called %.*s", (int)len, key);
}

static void add_turn(SvMessage *m, gsize who)
{
    SvAddress *speaker = sv_address_new(cast[who].name, cast[who].phone);
    SvTurn turn = {{0, (guint32)m->body.len}, 0, 0};
    speaker->side = cast[who].side;
    g_ptr_array_add(m->to, speaker);
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    g_array_append_val(m->turns, turn);
}

static SvMessage *read_line(const char *line, guint number)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    const char *colon = g_strv_length(words) == 3 ? strstr(words[2], ": ") : NULL;
    int channel = colon ? sv_channel_find(words[1]) : -1;
    if (channel < 0)
        g_error("no line of a story: %s", line);
    gsize who = find_cast(words[2], (gsize)(colon - words[2]));
    g_autofree char *text = g_strcompress(colon + 2);
    SvMessage *m = sv_message_new((SvChannel)channel);
    m->id = g_strdup_printf("line-%u", number);
    m->at = sv_story_time(words[0]);
    m->body = sv_raw_new(text, -1);
    m->conversation = g_strdup(words[1]);
    sv_address_free(m->from);
    m->from = sv_address_new(cast[who].name, channel == SV_CHANNEL_EMAIL ? cast[who].email : cast[who].phone);
    if (channel == SV_CHANNEL_EMAIL) {
        m->subject = g_strdup("Re: Проект");
        g_ptr_array_add(m->to, sv_address_new(NULL, cast[cast[who].side == SV_SIDE_US ? 2 : 0].email));
    }
    if (channel == SV_CHANNEL_CALL)
        add_turn(m, who);
    return m;
}

SvHistory *sv_story_read(const char *text, guint shuffle)
{
    SvHistory *h = sv_history_new();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    h->has_card = TRUE;
    h->client_name = g_strdup("ООО «Завод»");
    add_people(h);
    for (guint i = 0; lines[i]; i++)
        if (*g_strstrip(lines[i]) && lines[i][0] != '#')
            g_ptr_array_add(h->messages, read_line(lines[i], i));
    g_autoptr(GRand) dice = g_rand_new_with_seed(shuffle);
    for (guint i = h->messages->len; shuffle && i > 1; i--) {
        guint k = (guint)g_rand_int_range(dice, 0, (gint32)i);
        gpointer kept = h->messages->pdata[i - 1];
        h->messages->pdata[i - 1] = h->messages->pdata[k];
        h->messages->pdata[k] = kept;
    }
    g_autoptr(SvReport) report = sv_report_new();
    sv_history_finish(h, report);
    sv_redact_history(h);
    return h;
}

int sv_story_find(const SvFacts *facts, const char *part)
{
    for (guint i = 0; i < facts->facts->len; i++) {
        const SvFact *f = sv_facts_get(facts, i);
        const SvMessage *m = g_ptr_array_index(facts->history->messages, f->message);
        if (g_strstr_len(m->text.bytes + f->span.from, (gssize)(f->span.to - f->span.from), part))
            return (int)i;
    }
    return -1;
}
