/* What all pages share: a page is a model (JSON) and a template; the answer carries the policy of the site.
 */
#pragma once
#include "route.h"
#include "site.h"
#include "view.h"

typedef struct {
    SvCall *call;
    cJSON *model;
    SvView view;
    SvTemplateReader reading;
    const char *language; /* "ru" "en" of the reader */
} SvPage;

/* A page's model with what the frame needs. `name` is one of the navigation ("today" "clients" …), `title` a
 * key of words.tsv or text. */
SvPage *sv_page_new(SvCall *call, const char *name, const char *title);
void sv_page_free(SvPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvPage, sv_page_free)
/* Adds a document of the desk (taken; NULL: an error is set already) under a name; the added value, borrowed.
 */
cJSON *sv_page_add(SvPage *page, const char *name, char *json, GError **error);
void sv_page_string(SvPage *page, const char *name, const char *value);
void sv_page_number(SvPage *page, const char *name, double value);
void sv_page_true(SvPage *page, const char *name);
/* "base" of the client of the call: "/clients/7"; and whether the reader may write. */
void sv_page_client(SvPage *page);
/* The title of the browser's window, in place of the one given first. */
void sv_page_title(SvPage *page, const char *title);
/* Fills the template; takes the page. Pages are never kept by browsers or proxies. */
SvAnswer *sv_page_answer(SvPage *page, const char *template, int status, GError **error);
/* Is a piece of a page asked for (by htmx), not a whole one? */
gboolean sv_page_wants_part(const SvCall *call);
/* 303 to a path of ours; for pieces the browser is told to go there. */
SvAnswer *sv_page_go(const SvCall *call, const char *path);
/* The number of a query or field, `otherwise` when there is none, kept within least … most. */
gint64 sv_page_query_number(
    const SvCall *call, const char *name, gint64 otherwise, gint64 least, gint64 most);
gint64 sv_page_field_number(
    const SvCall *call, const char *name, gint64 otherwise, gint64 least, gint64 most);
/* A field, "" when absent. */
const char *sv_page_field(const SvCall *call, const char *name);
/* A path of ours that a form wants to go back to; `otherwise` when it is none. Borrowed. */
const char *sv_page_back(const char *path, const char *otherwise);
/* "ru" or "en": of the reader, else of his browser. */
const char *sv_page_language(const SvCall *call);
/* What a person sees of an error: for SvApp.error_page. */
SvAnswer *sv_page_error(gpointer call, const GError *error);

/* Fields of a form that change something, in one write transaction. */
typedef gboolean (*SvPageWrite)(SvDb *db, SvCall *call, GError **error);
gboolean sv_page_write(SvCall *call, SvPageWrite write, GError **error);
