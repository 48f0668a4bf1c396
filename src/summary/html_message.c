/* A masked message as a piece of HTML: see html_message.h.
 *
 * Shows masked text only, and of people their names only: addresses stay inside. Each block of text is one
 * element of class "t" with one text node, so that a quote can be found in it byte for byte. */
#include "html_message.h"
#include "html.h"
#include "notes.h"
#include "words.h"
#include <string.h>

#define MAX_RECIPIENTS 12

static void add_row(GString *out, SvLang lang, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append(out, "<dt>");
    sv_html_add(out, sv_word(lang, key));
    g_string_append(out, "</dt><dd>");
    sv_html_add(out, value);
    g_string_append(out, "</dd>");
}

static void add_names(GString *names, const GPtrArray *addresses, const char *author, guint *n)
{
    for (guint i = 0; addresses && i < addresses->len; i++) {
        const SvAddress *address = addresses->pdata[i];
        if (!address->name || !*address->name || g_strcmp0(address->name, author) == 0)
            continue;
        if (++*n <= MAX_RECIPIENTS)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", address->name);
    }
}

static void add_head(GString *out, const SvHistory *history, const SvMessage *message, SvLang lang)
{
    const char *author = sv_words_author(history, message);
    g_autoptr(GString) names = g_string_new(NULL);
    guint n = 0;
    add_names(names, message->to, author, &n);
    add_names(names, message->cc, author, &n);
    if (n > MAX_RECIPIENTS)
        g_string_append_printf(names, " +%u", n - MAX_RECIPIENTS);
    g_autofree char *at = sv_words_moment(lang, message->at, SV_DAY_NONE);
    if (message->title.bytes && message->title.len) {
        g_string_append(out, "<h2 class=\"text\">");
        sv_html_add_len(out, message->title.bytes, message->title.len);
        g_string_append(out, "</h2>");
    }
    g_string_append(out, "<dl>");
    add_row(out, lang, "page.from", author ? author : sv_word(lang, "none.author"));
    add_row(out, lang, "page.to", names->str);
    add_row(out, lang, "page.date", at);
    add_row(out, lang, "page.channel", sv_words_channel(lang, message->channel));
    g_string_append(out, "</dl>");
}

static void add_turns(GString *out, const SvHistory *history, const SvMessage *message, SvLang lang)
{
    int before = -2;
    for (guint i = 0; i < message->turns->len; i++) {
        const SvTurn *turn = &g_array_index(message->turns, SvTurn, i);
        g_string_append(out, turn->speaker == before ? "<div>" : "<div class=\"turn\">");
        if (turn->speaker != before) {
            const SvPerson *person = sv_history_person(history, turn->speaker);
            g_string_append(out, "<span class=\"who\">");
            sv_html_add(out, person && person->name ? person->name : sv_word(lang, "none.author"));
            g_string_append(out, "</span>");
        }
        before = turn->speaker;
        g_string_append(out, "<div class=\"t\">");
        sv_html_add_len(out, message->text.bytes + turn->span.from, turn->span.to - turn->span.from);
        g_string_append(out, "</div></div>");
    }
}

void sv_html_add_message(GString *out, const SvHistory *history, guint index, SvLang lang)
{
    const SvMessage *message = history->messages->pdata[index];
    g_string_append_printf(out, "<article class=\"original\" id=\"m%u\">", index);
    add_head(out, history, message, lang);
    g_string_append(out, "<div class=\"body\">");
    if (sv_notes_has_turns(message)) {
        add_turns(out, history, message, lang);
    } else if (message->text.len) {
        g_string_append(out, "<div class=\"t\">");
        sv_html_add_len(out, message->text.bytes, message->text.len);
        g_string_append(out, "</div>");
    } else {
        g_string_append_printf(out, "<p class=\"remark\">%s</p>", sv_word(lang, "page.empty"));
    }
    if (message->n_masked)
        g_string_append_printf(out, "<p class=\"remark\">%s</p>", sv_word(lang, "page.masked"));
    g_string_append(out, "</div></article>\n");
}
