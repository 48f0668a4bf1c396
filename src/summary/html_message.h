/* A masked message as a piece of HTML. */
#pragma once
#include "summary.h"

/* Adds <article id="mINDEX">: header (from, to, date, channel, subject) and text, calls turn by turn. */
void sv_html_add_message(GString *out, const SvHistory *history, guint index, SvLang lang);
