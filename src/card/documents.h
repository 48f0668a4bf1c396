/* Documents kept in memory, the ones used longest ago forgotten first. Inside the folder. */
#pragma once
#include "desk.h"

typedef struct SvDocuments SvDocuments;
SvDocuments *sv_documents_new(gsize bytes);
void sv_documents_free(SvDocuments *documents);
/* A reference, or NULL. */
SvDocument *sv_documents_find(SvDocuments *documents, const char *key);
/* Waits while another thread makes the same document; then finds it, or says (NULL) that the caller is to
 * make it and must call sv_documents_made(), whatever comes of it. */
SvDocument *sv_documents_claim(SvDocuments *documents, const char *key);
/* Keeps the document (NULL: it could not be made) under the key that was claimed. */
void sv_documents_made(SvDocuments *documents, const char *key, SvDocument *document);
/* Forgets all. */
void sv_documents_drop(SvDocuments *documents);
/* Takes the text. */
SvDocument *sv_document_new(char *json);
