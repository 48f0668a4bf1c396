/* Templates of pages: text with marks in double braces, filled from a JSON document.
 *
 *   {{name}} {{a.b}} {{.}}     a value, always escaped ({{@}}: number of the item in the innermost list, from
 * 1)
 *   {{{chart}}}                markup that C code made: only of a value that sv_template_markup() made
 *   {{#x}} … {{/x}}            for each item of a list; once, with its fields in reach, for anything else
 * that holds
 *   {{#x?}} … {{/x?}}          once when x holds (is not null, false, 0, "" or an empty list or object)
 *   {{#x=word}} … {{/x=word}}  once when x is that word
 *   {{^x}} … {{/x}}            once when x does not hold (x? and x=word too)
 *   {{>part}}                  another template in this place
 *   {{t key}} {{t key. x}}     a word of the interface (data/web/words.tsv); "key." with the value of x after
 * it
 *   {{n key x}}                the form that goes with the number x: "2 сообщения"
 *   {{w key x}}                a phrase, its {n} replaced by x
 *   {{date x}} {{fulldate x}} {{moment x}} {{ago x}} {{clock x}} {{iso x}}
 *                              a day or moment: "15 ноября", with the year, with the time, "вчера", "10:15",
 *                              as machines read it
 *   {{url x}}                  a value inside an address
 *   {{! … }}                   nothing
 *
 * A name is looked for in the innermost thing that is open, then in those around it. */
#pragma once
#include "json.h"
#include "language.h"
#include "moment.h"

#define SV_TEMPLATE_MAX (256u << 10)    /* bytes of one template */
#define SV_TEMPLATE_DEPTH 32u           /* sections and parts inside each other */
#define SV_TEMPLATE_OUT_MAX (32u << 20) /* bytes of a page */

typedef struct SvTemplates SvTemplates;

/* For whom a page is made. */
typedef struct {
    SvLang language;
    SvDay today;     /* its year is not named in dates */
    GTimeZone *zone; /* of moments given as numbers; NULL: UTC */
    gint64 now;      /* Unix seconds; what is "yesterday" is told in the moment's own zone; 0: by `today` */
} SvTemplateReader;

SvTemplates *sv_templates_new(void);
void sv_templates_free(SvTemplates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvTemplates, sv_templates_free)
/* Compiles a template; the text is copied. SV_ERROR_INPUT with name, line and remedy. */
gboolean sv_templates_add(
    SvTemplates *templates, const char *name, const char *text, gsize len, GError **error);
/* Every part that a template names is there? */
gboolean sv_templates_check(const SvTemplates *templates, GError **error);
/* Names (borrowed) of words of the interface that templates use; a word with a value after it ends with ".".
 * The list is new. For tests. */
GPtrArray *sv_templates_words(const SvTemplates *templates);
/* Fills a template, newly allocated. SV_ERROR_NOT_FOUND: no such template; SV_ERROR_LIMIT: too deep or too
 * long. From any thread. */
char *sv_templates_render(const SvTemplates *templates, const char *name, const cJSON *model,
    const SvTemplateReader *reading, gsize *len, GError **error);
/* A value that {{{ }}} gives as it stands. No document that was parsed holds one. */
cJSON *sv_template_markup(const char *markup);
/* Does a value hold, as sections see it? */
gboolean sv_template_holds(const cJSON *value);
