/* Fuzz target: the whole way of a file, from its bytes to all formats of its summary.
 *
 * The source that is surest of the bytes reads them; bytes that no source knows become the words of a letter, a chat
 * message and a call, so that texts alone get to the end too. Messages before the moment go on: cleaned, masked, made
 * facts of and a ledger, chosen and rendered as text, Markdown, JSON and HTML. What comes out must be UTF-8. It needs
 * the data of a build in $SVODKA_DATA. */
#include "compose.h"
#include "history.h"
#include "redact.h"
#include "render.h"
#include "source.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const SvEngine *engine(void)
{
    static SvEngine *kept;
    if (kept)
        return kept;
    g_autoptr(GError) error = NULL;
    kept = sv_engine_open(g_getenv("SVODKA_DATA") ? g_getenv("SVODKA_DATA") : "build/data", &error);
    g_assert_no_error(error);
    return kept;
}

/* A sure source is asked only: a chat of one line is a text, and a text goes the shorter way. */
static gboolean read_file(SvHistory *history, SvReport *report, const uint8_t *data, size_t size)
{
    SvInput input = {.name = "2025-11-03_101520 file", .bytes = (const char *)data, .len = size, .folder = ""};
    const SvSource *source = sv_source_find(&input);
    return source && source->read(&input, history, report, NULL) && history->messages->len;
}

static void add_text(SvHistory *history, SvChannel channel, const char *text, gboolean ours)
{
    SvMessage *m = sv_message_new(channel);
    m->id = g_strdup_printf("%u", history->messages->len);
    m->at = (SvTime){1762336800 + 3600 * (gint64)history->messages->len, 18000};
    sv_address_free(m->from);
    m->from = sv_address_new(ours ? "Алексей Ким" : "Мария Козлова", ours ? "a.kim@us.example" : "m.kozlova@client.example");
    m->from->side = ours ? SV_SIDE_US : SV_SIDE_CLIENT;
    g_ptr_array_add(m->to, ours ? sv_address_new("Мария Козлова", NULL) : sv_address_new("Алексей Ким", NULL));
    m->body = sv_raw_new(text, -1);
    m->file = g_strdup("file");
    m->place = g_strdup("line 1");
    g_ptr_array_add(history->messages, m);
}

static void add_texts(SvHistory *history, const uint8_t *data, size_t size)
{
    g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    for (gsize i = 0; text[i]; i++)
        if (text[i] == '\r')
            text[i] = '\n';
    add_text(history, SV_CHANNEL_EMAIL, text, size & 1);
    add_text(history, SV_CHANNEL_WHATSAPP, text, !(size & 1));
    add_text(history, SV_CHANNEL_NOTE, text, TRUE);
}

static void take(char *rendered)
{
    g_assert_true(g_utf8_validate(rendered, -1, NULL));
    g_free(rendered);
}

static void render(const SvDigest *digest, const SvHistory *history, SvLang language)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)sv_summary_free);
    static SvFormats *formats;
    if (!formats)
        formats = sv_formats_open(NULL, NULL);
    for (const char *const *format = sv_formats_names(formats); *format; format++) {
        SvSummary *summary = sv_summary_make(digest, formats, *format, language, NULL);
        g_assert_nonnull(summary);
        take(sv_render_json(summary, history));
        g_ptr_array_add(all, summary);
    }
    take(sv_render_text_all(all, history, 60, TRUE));
    take(sv_render_markdown_all(all, history));
    take(sv_render_html(all, history));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(SvHistory) history = sv_history_new();
    g_autoptr(SvReport) report = sv_report_new();
    if (!read_file(history, report, data, size))
        add_texts(history, data, size);
    sv_history_finish(history, report);
    sv_redact_history(history);
    g_autoptr(SvDigest) digest = sv_digest_new(engine(), history, (SvTime){1765166400, 18000});
    render(digest, history, g_strcmp0(history->language, "en") == 0 ? SV_LANG_EN : SV_LANG_RU);
    return 0;
}
