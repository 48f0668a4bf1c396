/* What the resources share: bodies in, documents out. Inside the folder. */
#pragma once
#include "json.h"
#include "route.h"

/* A JSON document (newly allocated text, taken; NULL: *error is set already) as a private answer. */
SvAnswer *sv_reply_json(int status, char *json);
/* Prints and frees. */
SvAnswer *sv_reply_document(int status, cJSON *document);
SvAnswer *sv_reply_nothing(void); /* 204 */
/* The body as JSON; SV_ERROR_INPUT. Text is checked to be UTF-8 first. */
cJSON *sv_call_body(const SvCall *call, GError **error);
/* The same; it must be an object. */
cJSON *sv_call_object(const SvCall *call, GError **error);
/* A string member of at most `most` characters; NULL and no error when it is absent or null. */
gboolean sv_call_text(const cJSON *object, const char *name, gsize most, const char **out, GError **error);
/* An id: an integer above 0; 0 for null; `otherwise` when it is absent. */
gboolean sv_call_id(const cJSON *object, const char *name, gint64 otherwise, gint64 *out, GError **error);
gint64 sv_call_number(const SvCall *call, const char *name, gint64 otherwise);
gboolean sv_call_truth(const SvCall *call, const char *name);
/* The parameter of the path as an id; SV_ERROR_NOT_FOUND. */
gboolean sv_call_path_id(const SvCall *call, guint n, const char *what, gint64 *out, GError **error);
/* For the audit; shown text must never be a customer's. */
void sv_call_note(SvCall *call, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Runs in one write transaction. */
typedef gboolean (*SvChange)(SvDb *db, SvCall *call, gpointer data, GError **error);
gboolean sv_call_write(SvCall *call, SvChange change, gpointer data, GError **error);
/* A problem document of a status that no error code has (401, 405). */
SvAnswer *sv_problem_of(
    int status, const char *name, const char *title, const char *detail, const char *instance);
/* The media types of problems and documents. */
#define SV_TYPE_JSON "application/json"
#define SV_TYPE_PROBLEM "application/problem+json"
