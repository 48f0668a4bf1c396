/* Numbered notes: which quote has which number on a page. */
#pragma once
#include "summary.h"

typedef struct {
    GPtrArray *quotes;   /* const SvQuote *, borrowed; note n stands at n - 1 */
    GHashTable *numbers; /* quote → number */
} SvNotes;

SvNotes *sv_notes_new(void);
void sv_notes_free(SvNotes *notes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvNotes, sv_notes_free)

/* The number of a quote, from 1. The same words of the same message keep one number. */
guint sv_notes_number(SvNotes *notes, const SvQuote *quote);

/* The message of a quote, or NULL when the history has no such message. */
const SvMessage *sv_notes_message(const SvHistory *history, const SvQuote *quote);

/* Who wrote the quoted words: of a call the one whose turn it is. NULL when unknown. Borrowed. */
const char *sv_notes_author(const SvHistory *history, const SvQuote *quote);

/* The quote between quotation marks of the language, other ones when it has such marks inside. Newly
 * allocated. */
char *sv_notes_quoted(const SvQuote *quote, SvLang lang);

/* "Письмо, 15 ноября, Мария Козлова"; newly allocated. `now` as in sv_words_day(). */
char *sv_notes_origin(const SvHistory *history, const SvQuote *quote, SvLang lang, SvDay now);

/* "до 20 декабря, Алексей Ким, просрочена на 3 дня": what is said of a task besides its text; "" when there
 * is nothing. Newly allocated. */
char *sv_notes_task_detail(const SvSummary *summary, const SvHistory *history, const SvTask *task);

/* The task's text, without its full stop when a detail follows. Newly allocated. */
char *sv_notes_task_text(const SvTask *task, gboolean detail_follows);

/* Are the call's turns pieces of its masked text, in order? */
gboolean sv_notes_has_turns(const SvMessage *message);

/* Has the summary this part, or is it the part that its format is about? */
gboolean sv_notes_shows_tasks(const SvSummary *summary);
gboolean sv_notes_shows_timeline(const SvSummary *summary);
