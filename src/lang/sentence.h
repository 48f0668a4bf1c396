/* Sentences and words of a text. */
#pragma once
#include "span.h"

typedef enum {
    SV_STYLE_LETTER, /* punctuated; lists; a line break inside a paragraph is no end */
    SV_STYLE_CHAT,   /* a line break ends a sentence; full stops are rare */
    SV_STYLE_SPEECH, /* recognised speech: one turn, hardly any punctuation */
} SvStyle;

/* Adds SvSpan of each sentence (trimmed, not empty), in order, at most SV_MAX_SENTENCES. Knows abbreviations
 * (ул. г. т.е. тыс. Inc. e.g.), initials, numbers, lists, urls. */
void sv_sentences_split(const char *text, gsize len, SvStyle style, GArray *out);

typedef enum {
    SV_TOKEN_RUSSIAN,
    SV_TOKEN_LATIN,
    SV_TOKEN_NUMBER,
    SV_TOKEN_CODE /* D-101, e-mail, url */,
    SV_TOKEN_MARK
} SvTokenKind;
typedef struct {
    SvSpan span;
    SvTokenKind kind;
} SvToken;

/* Adds SvToken for every word, number and mark between from and to. A hyphened word is one token. */
void sv_tokens_split(const char *text, gsize from, gsize to, GArray *out);
