/* Formats as data: which sections, of what, in what order, how long. data/formats/NAME.ini are compiled in; a
 * folder of the administrator's own adds to them and takes the place of those with the same name.
 *
 *   [format]                          [section risks]
 *   title.ru = Передача дел           target = risks          (what the chooser scores: worth.h)
 *   title.en = Handover               acts = complaint risk   (only sentences that do one of these; all else)
 *   sections = status people risks    most = 9
 *   for = card meeting                length = 280            (characters of a statement)
 *                                     current = true          (only what is still true)
 *                                     show = statements       (or deals people tasks timeline activity style)
 */
#pragma once
#include "summary.h"

typedef struct SvFormats SvFormats;
/* `own` (a folder; NULL) is read after what is compiled in. A wrong file: SV_ERROR_INPUT with file, line,
 * remedy. */
SvFormats *sv_formats_open(const char *own, GError **error);
void sv_formats_close(SvFormats *formats);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvFormats, sv_formats_close)
/* Names in the order to be shown, NULL at the end; borrowed. */
const char *const *sv_formats_names(const SvFormats *formats);
gboolean sv_formats_has(const SvFormats *formats, const char *name);
const char *sv_formats_title(const SvFormats *formats, const char *name, SvLang language);
/* A digest of the format's rules: another text, another digest. 16 hexadecimal digits, borrowed. */
const char *sv_formats_digest(const SvFormats *formats, const char *name);
/* What the format chooses by: bits 1 << SvWorthTarget (worth.h); 0 when there is no such format. */
guint sv_formats_targets(const SvFormats *formats, const char *name);
/* Is the format for an occasion? */
gboolean sv_formats_suits(const SvFormats *formats, const char *name, const char *occasion);
/* The format for an occasion ("card" "call" "meeting" "handover" "report" …); never NULL. */
const char *sv_formats_propose(const SvFormats *formats, const char *occasion);
