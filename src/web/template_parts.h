/* What the compiler of templates gives to the one that fills them. */
#pragma once
#include "template.h"

typedef enum {
    SV_NODE_TEXT,
    SV_NODE_VALUE,
    SV_NODE_MARKUP,
    SV_NODE_OPEN,   /* of a section: `other` is its end */
    SV_NODE_ABSENT, /* of an inverted section */
    SV_NODE_END,    /* `other` is its beginning */
    SV_NODE_PART,
    SV_NODE_WORD,
    SV_NODE_COUNTED,
    SV_NODE_WITH,
    SV_NODE_DATE,
    SV_NODE_FULL_DATE,
    SV_NODE_MOMENT,
    SV_NODE_AGO,
    SV_NODE_CLOCK,
    SV_NODE_ISO,
    SV_NODE_URL,
} SvNodeKind;

typedef enum { SV_TEST_HOLDS, SV_TEST_ONCE, SV_TEST_IS } SvNodeTest;

typedef struct {
    SvNodeKind kind;
    SvNodeTest test;  /* of sections */
    const char *key;  /* text, name of a part or of a word */
    gsize len;        /* of text */
    const char *name; /* of a value, NULL when there is none */
    const char *word; /* what x=word compares with */
    guint other;
    guint line;
} SvNode;

typedef struct {
    char *name;
    char *text;    /* the nodes' texts point into it */
    GArray *nodes; /* SvNode */
} SvTemplate;

const SvTemplate *sv_templates_find(const SvTemplates *templates, const char *name);
