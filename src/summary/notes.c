/* Numbered notes and what all renderers say in the same words: see notes.h.
 *
 * Numbers are given in the order in which sources are met, so that a reader meets 1 before 2. Quotes are
 * borrowed from the summaries, which must outlive the notes. */
#include "notes.h"
#include "words.h"
#include <string.h>

static guint quote_hash(gconstpointer data)
{
    const SvQuote *quote = data;
    return quote->message * 2654435761u ^ g_str_hash(quote->quote);
}

static gboolean quote_equal(gconstpointer a, gconstpointer b)
{
    const SvQuote *x = a, *y = b;
    return x->message == y->message && strcmp(x->quote, y->quote) == 0;
}

SvNotes *sv_notes_new(void)
{
    SvNotes *notes = g_new0(SvNotes, 1);
    notes->quotes = g_ptr_array_new();
    notes->numbers = g_hash_table_new(quote_hash, quote_equal);
    return notes;
}

void sv_notes_free(SvNotes *notes)
{
    if (!notes)
        return;
    g_ptr_array_unref(notes->quotes);
    g_hash_table_unref(notes->numbers);
    g_free(notes);
}

guint sv_notes_number(SvNotes *notes, const SvQuote *quote)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(notes->numbers, quote));
    if (number)
        return number;
    g_ptr_array_add(notes->quotes, (gpointer)quote);
    g_hash_table_insert(notes->numbers, (gpointer)quote, GUINT_TO_POINTER(notes->quotes->len));
    return notes->quotes->len;
}

const SvMessage *sv_notes_message(const SvHistory *history, const SvQuote *quote)
{
    return quote->message < history->messages->len ? history->messages->pdata[quote->message] : NULL;
}

static gboolean starts_character(const SvMessage *message, gsize at)
{
    return at >= message->text.len || ((guchar)message->text.bytes[at] & 0xC0) != 0x80;
}

gboolean sv_notes_has_turns(const SvMessage *message)
{
    if (!message->turns || !message->turns->len)
        return FALSE;
    gsize at = 0;
    for (guint i = 0; i < message->turns->len; i++) {
        SvSpan span = g_array_index(message->turns, SvTurn, i).span;
        if (span.from < at || span.to < span.from || span.to > message->text.len ||
            !starts_character(message, span.from) || !starts_character(message, span.to))
            return FALSE;
        at = span.to;
    }
    return TRUE;
}

const char *sv_notes_author(const SvHistory *history, const SvQuote *quote)
{
    const SvMessage *message = sv_notes_message(history, quote);
    if (!message)
        return NULL;
    gsize len = strlen(quote->quote);
    const char *at = len && sv_notes_has_turns(message)
        ? memmem(message->text.bytes, message->text.len, quote->quote, len) : NULL;
    for (guint i = 0; at && i < message->turns->len; i++) {
        const SvTurn *turn = &g_array_index(message->turns, SvTurn, i);
        gsize offset = (gsize)(at - message->text.bytes);
        const SvPerson *person = sv_history_person(history, turn->speaker);
        if (offset >= turn->span.from && offset < turn->span.to)
            return person ? person->name : NULL;
    }
    return sv_words_author(history, message);
}

char *sv_notes_quoted(const SvQuote *quote, SvLang lang)
{
    const char *text = quote->quote;
    if (lang == SV_LANG_RU)
        return strstr(text, "«") || strstr(text, "»") ? g_strconcat("„", text, "“", NULL)
                                                      : g_strconcat("«", text, "»", NULL);
    return strstr(text, "“") || strstr(text, "”") ? g_strconcat("‘", text, "’", NULL)
                                                  : g_strconcat("“", text, "”", NULL);
}

char *sv_notes_origin(const SvHistory *history, const SvQuote *quote, SvLang lang, SvDay now)
{
    const SvMessage *message = sv_notes_message(history, quote);
    if (!message)
        return g_strdup(sv_word(lang, "none.author"));
    g_autofree char *day = sv_words_day(lang, sv_time_day(message->at), now);
    const char *author = sv_notes_author(history, quote);
    return author ? g_strdup_printf("%s, %s, %s", sv_words_channel(lang, message->channel), day, author)
                  : g_strdup_printf("%s, %s", sv_words_channel(lang, message->channel), day);
}

static void add_detail(GString *out, const char *detail)
{
    g_string_append_printf(out, "%s%s", out->len ? ", " : "", detail);
}

char *sv_notes_task_detail(const SvSummary *summary, const SvHistory *history, const SvTask *task)
{
    SvLang lang = summary->language;
    SvDay today = sv_time_day(summary->as_of);
    GString *out = g_string_new(NULL);
    if (task->due != SV_DAY_NONE) {
        g_autofree char *day = sv_words_day(lang, task->due, today);
        g_autofree char *due = sv_word_with(lang, "task.due", day);
        add_detail(out, due);
    }
    const SvPerson *person = sv_history_person(history, task->assignee);
    if (person && person->name)
        add_detail(out, person->name);
    if (task->state == SV_TASK_OVERDUE && task->due != SV_DAY_NONE && task->due < today) {
        g_autofree char *late = sv_words_counted(lang, "task.late", (guint)(today - task->due));
        add_detail(out, late);
    } else if (task->state != SV_TASK_OPEN) {
        add_detail(out, sv_words_state(lang, task->state));
    }
    return g_string_free(out, FALSE);
}

char *sv_notes_task_text(const SvTask *task, gboolean detail_follows)
{
    gsize len = strlen(task->text);
    gboolean stop = detail_follows && len > 1 && task->text[len - 1] == '.' && task->text[len - 2] != '.';
    return g_strndup(task->text, stop ? len - 1 : len);
}

gboolean sv_notes_shows_tasks(const SvSummary *summary)
{
    return summary->tasks->len > 0 || g_strcmp0(summary->format, "tasks") == 0;
}

gboolean sv_notes_shows_timeline(const SvSummary *summary)
{
    return summary->timeline->len > 0 || g_strcmp0(summary->format, "timeline") == 0;
}
