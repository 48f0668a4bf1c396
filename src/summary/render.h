/* A summary as text for people and programs. All return newly allocated UTF-8. */
#pragma once
#include "summary.h"

/* For the terminal: `width` columns, sources as numbered notes at the end, ANSI colours when `colour`. */
char *sv_render_text(const SvSummary *summary, const SvHistory *history, int width, gboolean colour);
char *sv_render_markdown(const SvSummary *summary, const SvHistory *history);
/* Adds text to Markdown as one line that nothing reads as markup. */
void sv_markdown_add_text(GString *out, const char *text);
/* Several summaries (SvSummary *) of the same history one after another, with one set of notes. */
char *sv_render_text_all(GPtrArray *summaries, const SvHistory *history, int width, gboolean colour);
char *sv_render_markdown_all(GPtrArray *summaries, const SvHistory *history);
/* One self-contained page of one or several summaries of the same history (tabs); a click on a source opens
 * the masked original with the quote marked; print style; no external request, no script from outside. */
char *sv_render_html(GPtrArray *summaries, const SvHistory *history);
/* schema/summary.schema.json */
char *sv_render_json(const SvSummary *summary, const SvHistory *history);
